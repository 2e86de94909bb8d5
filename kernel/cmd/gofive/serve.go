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
	"gofive/mpi/launch"
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
		Cluster:     clusterConfig,
		NewFrontEnd: func() kernel.FrontEnd { return cell.NewSession(exports.Library()) },
		History:     history.Path(),
		Version:     version,
	})
}

// clusterConfig says which executables the ranks of a cluster run.
func clusterConfig() (launch.Config, error) {
	path, err := engine.Find()
	if err != nil {
		return launch.Config{}, err
	}
	return launch.Config{Engine: path, MPIEngine: engine.FindMPI(path), Build: version}, nil
}

// startEngine starts the engine that stands beside gofive. When there is none the first cell says so.
func startEngine(h engine.Handler) engine.Engine {
	path, err := engine.Find()
	if err != nil {
		return engine.Missing(err)
	}
	return engine.Start(path, h)
}
