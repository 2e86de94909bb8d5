package launch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"
)

// launcher starts jobs.
type launcher interface {
	// interfaces gives the addresses of this computer that ranks shall dial, none for a unix socket.
	interfaces(ctx context.Context, config Config) ([]string, error)
	// start starts ranks that find their cluster in dir.
	start(ctx context.Context, config Config, dir directory) (job, error)
}

// job is what a launcher has started.
type job interface {
	// identity is what a later kernel needs in order to end the job: Slurm's id, processes, and a folder
	// that goes with them.
	identity() (id string, processes []pid, folder string)
	// state is what the job waits for, and whether it runs.
	state() (text string, running bool)
	// ended is closed when the job is gone; err then says how it ended.
	ended() <-chan struct{}
	err() error
	// kill ends the job.
	kill()
}

// launcherOf gives the launcher that a config names.
func launcherOf(config Config) (launcher, error) {
	switch config.Launcher {
	case Local:
		return local{}, nil
	case Mpirun:
		return &mpirun{}, nil
	case Srun:
		return &srun{}, nil
	case Sbatch:
		return &sbatch{}, nil
	}
	return nil, fmt.Errorf("there is no launcher %q: local, mpirun, srun, sbatch", config.Launcher)
}

// chooseLauncher gives the launcher of a config, and completes it where it leaves the choice.
func chooseLauncher(ctx context.Context, config *Config) (launcher, error) {
	if config.Launcher == "" {
		config.Launcher = Local
		if _, err := exec.LookPath("srun"); err == nil && os.Getenv("SLURM_JOB_ID") != "" && len(config.MPIEngine) > 0 {
			config.Launcher = Srun
		} else if _, _, err := matchMpirun(ctx, config.MPIEngine); err == nil {
			config.Launcher = Mpirun
		}
	}
	if config.Launcher != Local && len(config.MPIEngine) == 0 {
		return nil, fmt.Errorf("the launcher %s needs an engine with MPI, and there is none; make build-mpi builds it, and --launcher local needs none",
			config.Launcher)
	}
	if _, err := exec.LookPath(string(config.Launcher)); err != nil && (config.Launcher == Srun || config.Launcher == Sbatch) {
		return nil, noLauncher(ctx, *config, fmt.Errorf("there is no %s in the PATH", config.Launcher))
	}
	return launcherOf(*config)
}

// noLauncher says why the launcher of a config cannot start ranks, and which others could.
func noLauncher(ctx context.Context, config Config, why error) error {
	others := []string{string(Local)}
	if _, _, err := matchMpirun(ctx, config.MPIEngine); err == nil {
		others = append(others, string(Mpirun))
	}
	if config.Launcher == Mpirun {
		if _, err := probe(ctx, "sinfo", "-h"); err == nil {
			others = append(others, string(Srun), string(Sbatch))
		}
	}
	return fmt.Errorf("start ranks with %s: %w; this computer has --launcher %s", config.Launcher, why, strings.Join(others, ", "))
}

// listenOr gives the address that the user has chosen, else that of other.
func listenOr(config Config, other func() ([]string, error)) ([]string, error) {
	if config.Listen != "" {
		return []string{config.Listen}, nil
	}
	return other()
}

// processes is a job that consists of processes of this computer. The first is the one without which
// the others cannot go on.
type processes struct {
	commands []*exec.Cmd
	pids     []pid
	folder   string        // to be removed with the job, "" for none
	gone     chan struct{} // closed when the first has ended
	all      sync.WaitGroup
	failed   error
}

// startProcesses starts commands that write to the cluster's log. They live on without this process. The folder
// is removed when they cannot be started.
func startProcesses(dir directory, folder string, commands ...*exec.Cmd) (*processes, error) {
	p := &processes{folder: folder, gone: make(chan struct{})}
	log, err := os.OpenFile(dir.log(), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if err != nil {
		p.kill()
		return nil, err
	}
	defer log.Close()
	for _, cmd := range commands {
		cmd.Stdout, cmd.Stderr = log, log
		cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
		if err := cmd.Start(); err != nil {
			p.kill()
			return nil, fmt.Errorf("start ranks: %w", err)
		}
		p.commands = append(p.commands, cmd)
		p.pids = append(p.pids, thisProcess(cmd.Process.Pid))
	}
	for i, cmd := range p.commands {
		p.all.Go(func() { p.wait(i, cmd) })
	}
	return p, nil
}

func (p *processes) wait(i int, cmd *exec.Cmd) {
	err := cmd.Wait()
	if i > 0 {
		return
	}
	if err == nil {
		err = errors.New("exit status 0")
	}
	p.failed = fmt.Errorf("%s has ended: %w", cmd.Args[0], err)
	close(p.gone)
}

func (p *processes) identity() (string, []pid, string) { return "", p.pids, p.folder }
func (p *processes) state() (string, bool)             { return "", true }
func (p *processes) ended() <-chan struct{}            { return p.gone }
func (p *processes) err() error                        { return p.failed }

// lingerTime is how long other ranks may take to clean up when the first has ended.
const lingerTime = 300 * time.Millisecond

func (p *processes) kill() {
	select {
	case <-p.gone:
		p.linger()
	default:
	}
	for _, one := range p.pids {
		one.kill()
	}
	if p.folder != "" {
		os.RemoveAll(p.folder)
	}
}

// linger waits a little until all have ended.
func (p *processes) linger() {
	done := make(chan struct{})
	go func() {
		p.all.Wait()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(lingerTime):
	}
}

// mpiEnv is the environment of ranks with MPI. UCX, below MPICH, must leave signals to Go.
func mpiEnv(env []string) []string {
	return append(env, "UCX_ERROR_SIGNALS=", "UCX_DEBUG_SIGNO=0")
}

// without gives an environment without the variables of the given prefixes.
func without(env []string, prefixes ...string) []string {
	var kept []string
next:
	for _, v := range env {
		for _, p := range prefixes {
			if strings.HasPrefix(v, p) {
				continue next
			}
		}
		kept = append(kept, v)
	}
	return kept
}

// probeTime is how long a command that only tells something may take.
const probeTime = 10 * time.Second

// probe gives what a command prints.
func probe(ctx context.Context, name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, probeTime)
	defer cancel()
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.WaitDelay = time.Second
	out, err := cmd.CombinedOutput()
	if err != nil {
		return string(out), fmt.Errorf("%s %s: %w: %s", name, strings.Join(args, " "), err, strings.TrimSpace(string(out)))
	}
	return string(out), nil
}

// flavour is a family of MPI libraries that start alike.
type flavour string

const (
	openMPI flavour = "Open MPI"
	mpich   flavour = "MPICH"
)

// flavourOf finds the flavour in what a launcher or an engine says of itself.
func flavourOf(text string) flavour {
	switch low := strings.ToLower(text); {
	case strings.Contains(low, "open mpi") || strings.Contains(low, "openrte"):
		return openMPI
	case strings.Contains(low, "mpich") || strings.Contains(low, "hydra") || strings.Contains(low, "intel(r) mpi"):
		return mpich
	}
	return ""
}

// engineFlavour asks an engine for its MPI library.
func engineFlavour(ctx context.Context, engine string) (flavour, error) {
	text, err := probe(ctx, engine, "version")
	if err != nil {
		return "", err
	}
	f := flavourOf(text)
	if f == "" {
		return "", fmt.Errorf("%s has no MPI library that is known: %s", engine, strings.TrimSpace(text))
	}
	return f, nil
}

// rankArgs are the arguments with which an engine becomes a rank.
func rankArgs(dir directory) []string { return []string{"rank", "--cluster", string(dir)} }
