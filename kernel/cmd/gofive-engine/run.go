package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync/atomic"
	"time"

	"gofive/display"
	"gofive/h5/h5view"
	"gofive/kernel/engine"
	"gofive/kernel/interp"
	"gofive/kernel/symbols"
	"gofive/mpi"
)

// run executes lowered cells, as one of so many ranks, and prints what they show as text. The first cell that
// fails ends all ranks.
func run(args []string) error {
	flags := flag.NewFlagSet("gofive-engine run", flag.ExitOnError)
	ranks := flags.Int("ranks", 1, "how many there shall be")
	_ = flags.Parse(args)    // exits by itself
	var running atomic.Int64 // counts the cells from 1
	programs, err := readPrograms(flags.Arg(0))
	if err != nil {
		return err
	}
	if err := checkSize(*ranks); err != nil {
		return err
	}
	it, err := interp.New(interp.Options{
		Table: symbols.Table, Viewers: []display.Viewer{h5view.View}, Emit: printEvent,
		Stdout: os.Stdout, Stderr: os.Stderr, Names: h5view.Names, Follow: h5view.Follow,
	})
	if err != nil {
		return err
	}
	closeOnSignal()
	mpi.At = func() int { return it.Line(running.Load()) }
	if *ranks > 1 && mpi.Rank() < tellers {
		go tellWaits(waitTold, func(c mpi.Call, span time.Duration) {
			place := "behind the last cell"
			if i := running.Load(); i > 0 {
				place = programs[i-1].Program.Name
			}
			fmt.Fprintf(os.Stderr, "gofive run: rank %d has waited for %v in %v, %s\n", mpi.Rank(), span, c, place)
		})
	}
	if mpi.Rank() == 0 && *ranks > 1 && !slices.ContainsFunc(programs, beyondFirst) {
		fmt.Fprintf(os.Stderr, "gofive run: no cell begins with %%%%px, so all of them run on rank 0 alone, as the other cells of a notebook do\n")
	}
	for i, s := range programs {
		p := s.For(mpi.Rank())
		p.Run = int64(i + 1)
		running.Store(p.Run)
		if f := it.Run(p); f != nil {
			return ended(f)
		}
		flush()
	}
	running.Store(0)
	return leave(nil)
}

// beyondFirst reports whether a cell runs on more ranks than the first.
func beyondFirst(s *engine.Share) bool {
	return !slices.Equal(s.Targets, [][2]int{{0, 0}})
}

// checkSize finds a launcher of another MPI than ours: each rank is then alone.
func checkSize(ranks int) error {
	if n := mpi.Size(); n != ranks {
		return fmt.Errorf("the launcher was asked for %d ranks, and MPI (%s) sees %d: the launcher belongs to another MPI library than this engine; with Slurm, MPICH wants srun --mpi=pmi2 and Open MPI srun --mpi=pmix", ranks, mpi.Version(), n)
	}
	return nil
}

// exitStatus is the status with which a cell has ended the program by os.Exit.
type exitStatus int

func (s exitStatus) Error() string { return fmt.Sprintf("os.Exit(%d)", int(s)) }

// ended says why a cell failed, and ends the others: they may wait for this rank for ever. A cell that has called
// os.Exit(0) has not failed.
func ended(f *engine.Failure) error {
	flush()
	if f.Name == engine.FailureExit {
		status := exitStatus(f.Code)
		if status == 0 {
			return leave(nil)
		}
		if mpi.Size() == 1 {
			return status
		}
		f.Traceback[0] = status.Error()
	}
	text := strings.Join(f.Traceback, "\n")
	if mpi.Size() > 1 {
		fmt.Fprintf(os.Stderr, "rank %d: %s\n", mpi.Rank(), text)
		mpi.Abort(max(f.Code, 1))
	}
	return fmt.Errorf("%s", text)
}

// readPrograms reads the file that gofive run has written for this process, and removes it.
func readPrograms(path string) (programs []*engine.Share, err error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	_ = os.Remove(path) // a left-over does no harm
	err = json.Unmarshal(text, &programs)
	return programs, err
}

// printEvent prints what a cell shows.
func printEvent(e engine.Event) {
	switch e.Kind {
	case engine.Stream:
		out := os.Stdout
		if e.Stream == "stderr" {
			out = os.Stderr
		}
		_, _ = out.Write(e.Text)
	case engine.Display, engine.Result:
		var bundle map[string]any
		if json.Unmarshal(e.Data, &bundle) == nil {
			if text, ok := bundle[display.TextPlain].(string); ok {
				fmt.Println(text)
			}
		}
	}
}
