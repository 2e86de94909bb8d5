// Package engine is the protocol between the kernel and the process that runs user code, and the
// kernel's side of it: start an engine, watch it, interrupt it, and replace it when it dies.
//
// There are only a few types here: a Program goes in, Events and at last perhaps a Failure come
// out, and an Engine is whatever turns the one into the others. Process is the real Engine, a
// gofive-engine in a process of its own; package kerneltest has one in memory.
package engine

import "context"

// Engine runs programs. One that can also be asked about variables is an Asker.
type Engine interface {
	// Run executes p and returns when it has ended and the Handler has seen every event it caused
	// so far; nil means success. Several programs may run at once. A dead engine fails the run
	// with FailureEngine and is replaced by a new one before the next run begins. The end of ctx
	// is the order to kill the engine; to end a program and keep its variables, Interrupt.
	Run(ctx context.Context, p *Program) *Failure
	// Interrupt ends the program of one run with FailureInterrupted, variables kept; others run on. It
	// returns at once. An interrupt that comes before its program is lost.
	Interrupt(run int64)
	// Answer replies to the Input event numbered request; ok false says that none will come.
	Answer(request int64, text string, ok bool)
	// Close lets the engine close its files and ends it; after ctx it is killed.
	Close(ctx context.Context) error
}

// Mortal is an Engine whose processes are numbered. Life is the number of the present one, or of the next
// when there is none. It changes after the Handler has seen that a process is lost.
type Mortal interface {
	Life() int64
}

// Measured is an Engine whose process can be looked at: its number, 0 for none, and the bytes that it holds.
type Measured interface {
	Measure() (pid int, rss int64)
}

// Restarter is an Engine that can be replaced by a new one, which has run nothing. Restart returns when
// the old one has closed its files, or was killed because ctx was done.
type Restarter interface {
	Restart(ctx context.Context)
}
