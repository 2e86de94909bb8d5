package launch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
)

// mpirun starts ranks on this computer with the launcher of the engine's MPI library.
type mpirun struct{}

// mpirunNames are the names of the launcher, the usual ones first; distributions with several MPI
// libraries add which it is.
var mpirunNames = []string{"mpirun", "mpiexec", "mpirun.openmpi", "mpiexec.openmpi", "mpiexec.hydra", "mpirun.mpich", "mpiexec.mpich"}

// matchMpirun finds a launcher and an engine of one flavour.
func matchMpirun(ctx context.Context, engines []string) (path, engine string, err error) {
	if len(engines) == 0 {
		return "", "", errors.New("there is no engine with MPI")
	}
	var wait sync.WaitGroup
	launchers := make([]flavour, len(mpirunNames))
	for i, name := range mpirunNames {
		if _, err := exec.LookPath(name); err == nil {
			wait.Go(func() {
				text, _ := probe(ctx, name, "--version") // a launcher that cannot say what it is fits nothing
				launchers[i] = flavourOf(text)
			})
		}
	}
	flavours, faults := make([]flavour, len(engines)), make([]error, len(engines))
	for i, engine := range engines {
		wait.Go(func() { flavours[i], faults[i] = engineFlavour(ctx, engine) })
	}
	wait.Wait()
	for i, engine := range engines {
		for j, name := range mpirunNames {
			if flavours[i] != "" && launchers[j] == flavours[i] {
				return name, engine, nil
			}
		}
	}
	for i, engine := range engines {
		if faults[i] == nil {
			faults[i] = fmt.Errorf("%s has %s, and there is no mpirun or mpiexec of that", engine, flavours[i])
		}
	}
	return "", "", errors.Join(faults...)
}

func (mpirun) interfaces(ctx context.Context, config Config) ([]string, error) {
	return listenOr(config, func() ([]string, error) { return nil, nil })
}

func (mpirun) start(ctx context.Context, config Config, dir directory) (job, error) {
	path, engine, err := matchMpirun(ctx, config.MPIEngine)
	if err != nil {
		return nil, noLauncher(ctx, config, err)
	}
	text, _ := probe(ctx, path, "--version")
	flavour := flavourOf(text)
	args, env, folder := mpirunArgs(flavour, config), mpirunEnv(config), ""
	if flavour != openMPI {
		args = append(args, "/bin/sh", "-c", lastMoment, "sh")
	} else if folder, env, err = sessionDir(config, env); err != nil {
		return nil, err
	}
	cmd := exec.Command(path, append(append(args, engine), rankArgs(dir)...)...)
	cmd.Env = mpiEnv(env)
	return startProcesses(dir, folder, cmd)
}

// envSessions name, for Open MPI up to 4 and from 5 on, the folder in which mpirun makes that of its session.
var envSessions = []string{"OMPI_MCA_orte_tmpdir_base", "PRTE_MCA_prte_tmpdir_base"}

// sessionDir makes a folder for the session of an mpirun of Open MPI, unless the environment names one or other
// computers need it too. By itself a user's mpiruns share one, which each removes when it seems empty: another
// that was about to make its own there fails.
func sessionDir(config Config, env []string) (string, []string, error) {
	if config.Nodes > 1 || slices.ContainsFunc(envSessions, func(name string) bool { return os.Getenv(name) != "" }) {
		return "", env, nil
	}
	folder, err := nodeDir()
	if err != nil {
		return "", nil, err
	}
	for _, name := range envSessions {
		env = append(env, name+"="+folder)
	}
	return folder, env, nil
}

// lastMoment runs a rank as a program of the shell that ends a second later than a rank that fails: MPICH's
// launcher kills all ranks when the first has ended, before one of them could tell which it was. That it may let
// the others live (-disable-auto-cleanup) holds in about half of the cases (4.0.2).
const lastMoment = `"$@"; status=$?; [ $status = 0 ] || sleep 1; exit $status`

// mpirunArgs are the arguments of the launcher. One that binds ranks to cores would bind the threads that
// answer for them too.
func mpirunArgs(f flavour, config Config) []string {
	args := []string{"-n", strconv.Itoa(config.Ranks)}
	if f == openMPI {
		args = append(args, "--bind-to", "none")
		if config.Ranks > runtime.NumCPU() {
			args = append(args, "--oversubscribe")
		}
	} else if !strings.Contains(strings.Join(config.Args, " "), "-bind-to") {
		args = append(args, "-bind-to", "none")
	}
	return append(args, config.Args...)
}

// mpirunEnv is the environment of the launcher. On one node it must not see that it is in a job of
// Slurm, of which it would take the number of ranks.
func mpirunEnv(config Config) []string {
	env := os.Environ()
	if config.Nodes <= 1 {
		env = outsideJob()
	}
	if os.Getuid() == 0 {
		// The kernel is root's already, and in a container often has to be.
		env = append(env, "OMPI_ALLOW_RUN_AS_ROOT=1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM=1")
	}
	if config.Ranks > runtime.NumCPU() {
		env = append(env, "OMPI_MCA_mpi_yield_when_idle=1")
	}
	return env
}
