package main

import (
	"context"
	"os"
	"syscall"

	"gofive/install"
	"gofive/kernel/engine"
)

func installKernel(args []string) error { return install.Run(args, os.Stdout, os.Stderr) }

func uninstall(args []string) error { return install.RunRemove(args, os.Stdout, os.Stderr) }

func doctor([]string) error { return install.Doctor(context.Background(), os.Stdout) }

// inEngine becomes the engine, with the same arguments: what needs HDF5 is done there.
func inEngine([]string) error {
	path, err := engine.Find()
	if err != nil {
		return err
	}
	return syscall.Exec(path, append([]string{path}, os.Args[1:]...), os.Environ())
}
