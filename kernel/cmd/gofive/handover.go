package main

import (
	"context"
	"os"
	"strconv"
	"syscall"

	"gofive/install"
	"gofive/kernel/engine"
)

func installKernel(args []string) error { return install.Run(args, os.Stdout, os.Stderr) }

func uninstall(args []string) error { return install.RunRemove(args, os.Stdout, os.Stderr) }

func doctor([]string) error { return install.Doctor(context.Background(), os.Stdout) }

// bossOnRanks becomes the engine, and where mpirun or srun has started several, one with their MPI: they share the work.
func bossOnRanks([]string) error {
	ranks, flavour := launched("SLURM_STEP_NUM_TASKS")
	if ranks < 2 {
		return inEngine(nil)
	}
	path, err := mpiEngine(flavour)
	if err != nil {
		return err
	}
	args := append([]string{path, "boss", "--ranks", strconv.Itoa(ranks)}, os.Args[2:]...)
	return syscall.Exec(path, args, os.Environ())
}

// inEngine becomes the engine, with the same arguments: what needs HDF5 is done there.
func inEngine([]string) error {
	path, err := engine.Find()
	if err != nil {
		return err
	}
	return syscall.Exec(path, append([]string{path}, os.Args[1:]...), os.Environ())
}
