package main

import (
	"encoding/json"
	"flag"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"

	"gofive/kernel"
	"gofive/kernel/cell"
	"gofive/kernel/cell/exports"
	"gofive/kernel/engine"
)

// runCells is gofive run: the cells of a notebook or a file, without Jupyter. With --mpi each process that
// mpirun or srun has started is one rank.
func runCells(args []string) error {
	flags := flag.NewFlagSet("gofive run", flag.ExitOnError)
	mpi := flags.Bool("mpi", false, "this process is a rank that mpirun or srun has started")
	flags.Usage = func() {
		fmt.Fprintln(os.Stderr, "usage: gofive run [--mpi] notebook.ipynb|cells.go\n       srun -n 64 gofive run --mpi notebook.ipynb")
		flags.PrintDefaults()
	}
	_ = flags.Parse(args) // exits by itself
	if flags.NArg() != 1 {
		flags.Usage()
		return unusable{fmt.Errorf("run: want one notebook or file of cells")}
	}
	path, ranks, err := batchEngine(*mpi)
	if err != nil {
		return err
	}
	file := flags.Arg(0)
	f, err := os.Open(file)
	if err != nil {
		return unusable{err}
	}
	defer f.Close()
	cells, err := kernel.ReadCells(file, f)
	if err != nil {
		return unusable{fmt.Errorf("%s: %w", file, err)}
	}
	programs, err := kernel.Batch(cell.NewSession(exports.Library()), cells, ranks)
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return become(path, programs, ranks)
}

// become hands the programs to the engine in a file, which the engine removes, and becomes the engine.
func become(path string, programs []*engine.Share, ranks int) error {
	f, err := os.CreateTemp("", "gofive-run-")
	if err != nil {
		return err
	}
	if err := json.NewEncoder(f).Encode(programs); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	return syscall.Exec(path, []string{path, "run", "--ranks", strconv.Itoa(ranks), f.Name()}, os.Environ())
}

// batchEngine gives the engine of a batch run and the number of its ranks.
func batchEngine(mpi bool) (path string, ranks int, err error) {
	if !mpi {
		path, err = engine.Find()
		return path, 1, err
	}
	ranks, flavour := launched("SLURM_NTASKS")
	if ranks < 1 {
		return "", 0, unusable{fmt.Errorf("run --mpi: no launcher has started this process; try mpirun -n 4 gofive run --mpi, or srun")}
	}
	path, err = mpiEngine(flavour)
	return path, ranks, err
}

// launched gives the number of ranks that a launcher has put into the environment, 0 without one, and its MPI. Slurm's
// variable is SLURM_NTASKS, which a batch script has too, or SLURM_STEP_NUM_TASKS, which only srun sets.
func launched(slurm string) (ranks int, flavour string) {
	for _, by := range []struct{ size, flavour string }{
		{"OMPI_COMM_WORLD_SIZE", "openmpi"}, {"PMI_SIZE", "mpich"}, {slurm, slurmFlavour()},
	} {
		if ranks, _ = strconv.Atoi(os.Getenv(by.size)); ranks > 0 {
			return ranks, by.flavour
		}
	}
	return 0, ""
}

// mpiEngine gives the engine of an MPI library; where there is none of it, that of another, which will say so.
func mpiEngine(flavour string) (string, error) {
	path, err := engine.Find()
	if err != nil {
		return "", err
	}
	engines := engine.FindMPI(path)
	if len(engines) == 0 {
		return "", fmt.Errorf("there is no engine for MPI beside %s: run make build-mpi, or point %s at one", path, engine.EnvMPIPath)
	}
	for _, e := range engines {
		if strings.HasSuffix(e, flavour) {
			return e, nil
		}
	}
	return engines[0], nil
}

// slurmFlavour is the MPI library that fits what srun offers: PMIx is Open MPI's, PMI-2 MPICH's.
func slurmFlavour() string {
	for _, v := range os.Environ() {
		if strings.HasPrefix(v, "PMIX_") {
			return "openmpi"
		}
	}
	return "mpich"
}
