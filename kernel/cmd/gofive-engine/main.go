// Command gofive-engine is the process that runs user code and links HDF5. The kernel starts it as
// "gofive-engine serve"; gofive hands it the commands that need HDF5.
package main

import (
	"errors"
	"fmt"
	"os"

	"gofive/h5"
	"gofive/h5/boss"
	"gofive/h5/h5view"
	"gofive/mpi"
)

// commands are what the executable can do, by the first argument.
var commands = map[string]func(args []string) error{
	"serve":   serve,
	"rank":    rank,
	"run":     run,
	"version": version,
	"ls":      func(args []string) error { return h5view.Ls(os.Stdout, args) },
	"sample":  func(args []string) error { return boss.SampleMain(os.Stdout, args) },
	"boss":    bossCommand,
}

func main() {
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "gofive-engine is started by gofive; run gofive help")
		os.Exit(2)
	}
	mpi.Host()
	err := commands[os.Args[1]](os.Args[2:])
	// Go's exit runs nothing of C, and HDF5 would not write what it holds back.
	var status exitStatus
	if errors.As(err, &status) {
		err = nil
	}
	err = errors.Join(say(err), say(h5.CloseAll()))
	if status != 0 {
		os.Exit(int(status))
	}
	if err != nil {
		if errors.Is(err, boss.ErrIncomplete) {
			os.Exit(3)
		}
		os.Exit(1)
	}
}

// version prints which HDF5 library the engine has, and which MPI if any, and fails when HDF5 is the wrong one.
func version([]string) error {
	v, err := h5.Version()
	if err != nil {
		return err
	}
	if m := mpi.Version(); m != "" {
		fmt.Printf("gofive-engine with HDF5 %s and %s\n", v, m)
		return nil
	}
	fmt.Println("gofive-engine with HDF5", v)
	return nil
}
