package main

import (
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"gofive/display"
	"gofive/h5"
	"gofive/h5/h5browse"
	"gofive/h5/h5view"
	"gofive/kernel/engine"
	"gofive/kernel/interp"
	"gofive/kernel/symbols"
	"gofive/mpi/px"
	"gofive/shell"
)

// serve runs cells until the kernel says that it is enough, or is gone.
func serve([]string) error {
	conn, err := kernelSocket()
	if err != nil {
		return err
	}
	limit, err := engine.MemoryLimit()
	if err != nil {
		return err
	}
	if limit > 0 {
		debug.SetMemoryLimit(limit / 10 * 8)
	}
	server := engine.NewServer(conn)
	var browser *h5browse.Browser // set before the first question
	it, err := interp.New(interp.Options{
		Table:     symbols.Table,
		Viewers:   []display.Viewer{h5view.View},
		Emit:      server.Emit,
		Stdout:    server.Stdout(),
		Stderr:    server.Stderr(),
		MaxHeap:   uint64(limit / 10 * 9), // then a cell is ended; beyond the limit it is the engine
		Names:     h5view.Names,
		Follow:    h5view.Follow,
		Interrupt: func() { h5.Interrupt(); shell.Interrupt() },
		Comm:      func(run int64, m *engine.CommMessage) bool { return deliver(browser, run, m) },
	})
	if err != nil {
		return err
	}
	px.Host = it.Call
	browser = browse(server, it.Pointers)
	server.Flush, server.Ended = flush, func() { flushFiles(); browser.Changed() }
	h5.OnLong(func(what string, elements int, begun time.Time) h5.Meter {
		if !it.Labelled() {
			return nil // it is read for a front end, which is told in its own way
		}
		return it.Progress(elements, what, begun)
	})
	closeOnSignal()
	return server.Serve(it)
}

// closeOnSignal closes files before a signal ends the process, as the end of the kernel does.
func closeOnSignal() {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGHUP)
	go func() {
		<-signals
		_ = h5.CloseAll() // there is nobody left to tell
		os.Exit(1)
	}()
}
