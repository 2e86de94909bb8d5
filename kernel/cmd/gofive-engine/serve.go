package main

import (
	"os"

	"golang.org/x/sys/unix"

	"gofive/kernel/engine"
	"gofive/kernel/interp"
	"gofive/kernel/symbols"
)

// kernelFD is the descriptor of the socket to the kernel (engine.Process passes it).
const kernelFD = 3

// serve runs cells until the kernel says that it is enough, or is gone.
func serve([]string) error {
	unix.CloseOnExec(kernelFD)
	server := engine.NewServer(os.NewFile(kernelFD, "kernel"))
	it, err := interp.New(interp.Options{
		Table: symbols.Table,
		Emit:  server.Emit,
	})
	if err != nil {
		return err
	}
	server.Flush = flush
	return server.Serve(it)
}
