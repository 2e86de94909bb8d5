package main

import (
	"context"
	"flag"

	"gofive/kernel"
	"gofive/kernel/cell"
	"gofive/kernel/cell/exports"
	"gofive/kernel/engine"
	"gofive/kernel/history"
	"gofive/kernel/internal/zmq"
	"gofive/kernel/native"
)

// serve is gofive kernel: it joins sockets, front end and engine.
func serve(args []string) error {
	flags := flag.NewFlagSet("gofive kernel", flag.ExitOnError)
	file := flags.String("f", "", "connection `file` that Jupyter wrote")
	_ = flags.Parse(args) // exits by itself
	conn, err := kernel.ReadConnection(*file)
	if err != nil {
		return unusable{err}
	}
	channels, err := zmq.Listen(conn)
	if err != nil {
		return unusable{err}
	}
	return kernel.Run(context.Background(), kernel.Options{
		Channels:    channels,
		Connection:  conn,
		FrontEnd:    cell.NewSession(exports.Library()),
		StartEngine: startEngine,
		Native:      native.New(engine.Find),
		History:     history.Path(),
		Version:     version,
	})
}

// startEngine starts the engine that stands beside gofive. When there is none the first cell says so.
func startEngine(h engine.Handler) engine.Engine {
	path, err := engine.Find()
	if err != nil {
		return engine.Missing(err)
	}
	return engine.Start(path, h)
}
