package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"path/filepath"
	"time"

	"gofive/display"
	"gofive/h5"
	"gofive/h5/h5view"
	"gofive/kernel/interp"
	"gofive/kernel/symbols"
	"gofive/mpi"
	"gofive/mpi/px"
	"gofive/mpi/worker"
	"gofive/shell"
)

// build is the version of gofive that this executable belongs to, as gofive's own; the build sets it.
var build = "0.1"

// errRank is what cells get of a rank that want what only the notebook has.
var errRank = errors.New("ranks have no front end: ask, and show widgets, in a cell without %%px, and give ranks the values by px.Push")

// rankHost is px.Host of a rank, which knows its cluster and has no kernel to ask for more.
func rankHost(dir string) func(method string, args []byte) ([]byte, error) {
	return func(method string, _ []byte) ([]byte, error) {
		if method != "cluster" {
			return nil, errRank
		}
		return json.Marshal(px.Cluster{ID: filepath.Base(dir), Dir: dir, Ranks: mpi.Size()})
	}
}

// rank runs parallel cells as one rank of the job that started it, until its cluster is stopped.
func rank(args []string) error {
	flags := flag.NewFlagSet("gofive-engine rank", flag.ExitOnError)
	dir := flags.String("cluster", "", "`folder` of the cluster")
	_ = flags.Parse(args) // exits by itself
	w, err := worker.New()
	if err != nil {
		return err
	}
	it, err := interp.New(interp.Options{
		Table:      symbols.Table,
		Viewers:    []display.Viewer{h5view.View},
		Emit:       w.Emit,
		Stdout:     w.Stdout(),
		Stderr:     w.Stderr(),
		Names:      h5view.Names,
		Follow:     h5view.Follow,
		NoFrontEnd: errRank,
		Interrupt:  func() { h5.Interrupt(); shell.Interrupt() },
	})
	if err != nil {
		return err
	}
	px.Host = rankHost(*dir)
	w.Flush, w.Ended, w.Line = flush, flushFiles, it.Line
	h5.OnLong(func(what string, elements int, begun time.Time) h5.Meter { return it.Progress(elements, what, begun) })
	closeOnSignal()
	err = w.Serve(context.Background(), *dir, it, build)
	// Files of all ranks are closed by messages between them.
	return leave(err)
}
