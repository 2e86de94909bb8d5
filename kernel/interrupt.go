package kernel

import (
	"context"
	"sync"
	"time"

	"gofive/kernel/engine"
	"gofive/kernel/msg"
)

// insistEvery is how often an engine is told that a program is to end, until it does. The first
// time may come before the program has reached it.
const insistEvery = 200 * time.Millisecond

// Interrupt ends the cells that run, in all shells, and aborts those that wait; variables are kept.
// Without a running cell it does nothing.
func (k *Kernel) Interrupt() { k.shells.each((*lane).interrupt) }

// interruptRequest answers interrupt_request.
func (k *Kernel) interruptRequest(*request) (any, error) {
	k.Interrupt()
	return msg.Reply{Status: msg.StatusOK}, nil
}

// interruptWhen interrupts a run that e is about to begin when ctx is done. The function that it
// returns is called when the program has ended; after it no interrupt is on its way.
func interruptWhen(ctx context.Context, e engine.Engine, run int64) (ended func()) {
	var mu sync.Mutex // held while an interrupt is on its way
	over := make(chan struct{})
	stop := context.AfterFunc(ctx, func() {
		again := time.NewTicker(insistEvery)
		defer again.Stop()
		for {
			interruptUnless(over, &mu, func() { e.Interrupt(run) })
			select {
			case <-over:
				return
			case <-again.C:
			}
		}
	})
	return func() {
		stop()
		mu.Lock()
		defer mu.Unlock()
		close(over)
	}
}

// interruptUnless interrupts unless over is closed.
func interruptUnless(over <-chan struct{}, mu *sync.Mutex, interrupt func()) {
	mu.Lock()
	defer mu.Unlock()
	select {
	case <-over:
	default:
		interrupt()
	}
}
