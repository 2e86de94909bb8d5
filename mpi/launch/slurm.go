package launch

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"text/template"
	"time"
)

const (
	// queueFirst and queueLast are the pauses between two looks at Slurm's queue.
	queueFirst, queueLast = 500 * time.Millisecond, 5 * time.Second
	// slurmPort is a port of nodes; it is only used to ask for the way to them.
	slurmPort = "6818"
)

// srun starts ranks in the allocation that the kernel runs in, or asks for one.
type srun struct{}

func (srun) interfaces(ctx context.Context, config Config) ([]string, error) {
	ips, err := listenOr(config, func() ([]string, error) { return slurmInterfaces(ctx) })
	if err != nil {
		return nil, noLauncher(ctx, config, err)
	}
	return ips, nil
}

// slurmInterfaces gives the address by which this computer's own node is known inside an allocation, else the
// addresses that lead to nodes.
func slurmInterfaces(ctx context.Context) ([]string, error) {
	names := ""
	if os.Getenv("SLURM_JOB_ID") != "" {
		names = os.Getenv("SLURM_JOB_NODELIST")
	}
	var text string
	var err error
	if names != "" {
		text, err = probe(ctx, "sinfo", "-h", "-N", "-n", names, "-o", "%o")
	} else {
		text, err = probe(ctx, "sinfo", "-h", "-N", "-o", "%o")
	}
	if err != nil {
		return nil, fmt.Errorf("find the way to the nodes: %w", err)
	}
	return routes(strings.Fields(text))
}

// routes gives the addresses of this computer on the ways to others. Its own address may be among
// them; loopback counts only when there is nothing else.
func routes(hosts []string) ([]string, error) {
	var ips, loops []string
	for _, host := range slices.Compact(hosts) {
		ip, err := routeTo(net.JoinHostPort(host, slurmPort))
		if err != nil {
			continue // a node without a name is down, perhaps
		}
		if net.ParseIP(ip).IsLoopback() {
			loops = append(loops, ip)
		} else {
			ips = append(ips, ip)
		}
	}
	if len(ips) == 0 {
		ips = loops
	}
	slices.Sort(ips)
	if ips = slices.Compact(ips); len(ips) == 0 {
		return nil, errors.New("there is no way to the nodes of Slurm; --listen names the address of this computer")
	}
	return ips, nil
}

func (srun) start(ctx context.Context, config Config, dir directory) (job, error) {
	args, err := srunArgs(ctx, &config, dir)
	if err != nil {
		return nil, noLauncher(ctx, config, err)
	}
	cmd := exec.Command("srun", args...)
	cmd.Env = stepEnv(without(os.Environ(), "SLURM_NTASKS", "SLURM_TASKS_PER_NODE", "SLURM_NPROCS", "SLURM_STEP", "PMI_", "PMIX_", "PMI2_"))
	p, err := startProcesses(dir, "", cmd)
	if err != nil {
		return nil, err
	}
	j := &srunJob{processes: p, name: jobName(dir.id())}
	if os.Getenv("SLURM_JOB_ID") == "" {
		j.queue = watchQueue("srun is submitted", "-n", j.name)
	}
	return j, nil
}

// envFence names the way in which Slurm's PMIx plugin lets nodes wait for each other.
const envFence = "SLURM_PMIX_FENCE"

// stepEnv is the environment of srun. By itself the plugin (of Slurm 22.05) lets ranks out of MPI_Init while others are
// still in it, and their first message crashes Open MPI there; its ring waits for all.
func stepEnv(env []string) []string {
	fence := envFence + "=" + cmp.Or(os.Getenv(envFence), "ring")
	return append(mpiEnv(without(env, envFence)), fence)
}

// srunJob is a srun, which is a step of an allocation or brings a job of its own.
type srunJob struct {
	*processes
	name  string
	queue *slurmJob // nil in an allocation
}

func (j *srunJob) state() (string, bool) {
	if j.queue == nil {
		return j.processes.state()
	}
	return j.queue.state()
}

func (j *srunJob) kill() {
	cancelNamed(j.name)
	j.processes.kill()
	if j.queue != nil {
		j.queue.unwatch()
	}
}

// jobName is what jobs and steps of a cluster are called.
func jobName(id string) string { return "gofive-" + id }

// cancelNamed ends the jobs and steps of the name; a srun that is killed leaves its job.
func cancelNamed(name string) {
	ctx := context.Background()
	for _, kind := range [][]string{nil, {"-s"}} {
		args := append(kind, "-h", "--me", "-o", "%i|%j")
		out, _ := probe(ctx, "squeue", args...) // without a queue there is nothing to end
		for line := range strings.Lines(out) {
			if id, found := strings.CutSuffix(strings.TrimSpace(line), "|"+name); found {
				cancelJob(id)
			}
		}
	}
}

// srunArgs are the arguments of srun. A rank that dies must not take the others with it: they can
// still say where they are.
func srunArgs(ctx context.Context, config *Config, dir directory) ([]string, error) {
	engine, pmi, err := chooseEngine(ctx, *config)
	if err != nil {
		return nil, err
	}
	args := []string{"--overlap", "--mpi=" + pmi, "-K0", "--job-name=" + jobName(dir.id()), "-n", strconv.Itoa(config.Ranks)}
	if config.Nodes > 0 {
		args = append(args, "-N", strconv.Itoa(config.Nodes))
	}
	if os.Getenv("SLURM_JOB_ID") == "" || config.Launcher == Sbatch {
		args = append(args, "--export=ALL")
	}
	if config.Launcher == Srun {
		args = append(append(args, resources(*config)...), config.Args...)
	}
	return append(append(args, engine), rankArgs(dir)...), nil
}

// resources are the options of Slurm that say what a job may take.
func resources(config Config) []string {
	var args []string
	if config.Time > 0 {
		args = append(args, fmt.Sprintf("--time=%d:%02d", config.Time/time.Minute, config.Time%time.Minute/time.Second))
	}
	if config.Partition != "" {
		args = append(args, "--partition="+config.Partition)
	}
	if config.Account != "" {
		args = append(args, "--account="+config.Account)
	}
	return args
}

// chooseEngine gives an engine and the --mpi under which its library finds its ranks. With the wrong
// one, MPICH's ranks are silently alone.
func chooseEngine(ctx context.Context, config Config) (engine, pmi string, err error) {
	list, err := probe(ctx, "srun", "--mpi=list")
	if err != nil {
		return "", "", err
	}
	var faults []error
	for _, engine := range config.MPIEngine {
		f, err := engineFlavour(ctx, engine)
		if err == nil {
			if pmi, err = pmiOf(f, list); err == nil {
				return engine, pmi, nil
			}
		}
		faults = append(faults, err)
	}
	return "", "", errors.Join(faults...)
}

// pmiOf chooses among the plugins that srun lists.
func pmiOf(f flavour, list string) (string, error) {
	want := "pmix"
	if f == mpich {
		want = "pmi2"
	}
	if slices.Contains(strings.Fields(strings.ReplaceAll(list, ",", " ")), want) {
		return want, nil
	}
	return "", fmt.Errorf("%s needs srun --mpi=%s, and Slurm has only: %s", f, want, strings.Join(strings.Fields(list), " "))
}

// sbatch starts ranks as a job of Slurm.
type sbatch struct{ srun }

// batchScript is the job script; a file of the user may take its place.
const batchScript = `#!/bin/sh
#SBATCH --job-name={{.Name}}
#SBATCH --ntasks={{.Ranks}}
{{- if .Nodes}}
#SBATCH --nodes={{.Nodes}}
{{- end}}
#SBATCH --output="{{.Log}}"
#SBATCH --open-mode=append
#SBATCH --no-requeue
exec srun {{.Srun}}
`

// scriptData is what the template of a job script may use.
type scriptData struct {
	Name         string
	Ranks, Nodes int
	Log          string
	Srun         string // the arguments of srun, quoted for the shell
}

// scriptFile is the user's own template.
func scriptFile() string {
	folder, err := os.UserConfigDir()
	if err != nil {
		return ""
	}
	return filepath.Join(folder, "gofive", "sbatch.tmpl")
}

// writeScript fills in the template.
func writeScript(config Config, dir directory, srun []string) (string, error) {
	text, name := batchScript, "sbatch"
	if own, err := os.ReadFile(scriptFile()); err == nil {
		text, name = string(own), scriptFile()
	}
	t, err := template.New(name).Parse(text)
	if err != nil {
		return "", err
	}
	quoted := make([]string, len(srun))
	for i, arg := range srun {
		quoted[i] = "'" + strings.ReplaceAll(arg, "'", `'\''`) + "'"
	}
	var b bytes.Buffer
	if err := t.Execute(&b, scriptData{jobName(dir.id()), config.Ranks, config.Nodes, dir.log(), strings.Join(quoted, " ")}); err != nil {
		return "", err
	}
	path := dir.file("job.sh")
	return path, os.WriteFile(path, b.Bytes(), 0o700)
}

func (sbatch) start(ctx context.Context, config Config, dir directory) (job, error) {
	args, err := srunArgs(ctx, &config, dir)
	if err != nil {
		return nil, noLauncher(ctx, config, err)
	}
	path, err := writeScript(config, dir, args)
	if err != nil {
		return nil, fmt.Errorf("start ranks with sbatch: %w", err)
	}
	cmd := exec.CommandContext(ctx, "sbatch", slices.Concat([]string{"--parsable"}, resources(config), config.Args, []string{path})...)
	cmd.Env = stepEnv(outsideJob())
	var complaints bytes.Buffer
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		return nil, fmt.Errorf("sbatch: %w: %s", err, strings.TrimSpace(complaints.String()))
	}
	id, _, _ := strings.Cut(strings.TrimSpace(string(out)), ";")
	j := watchQueue("the job "+id+" is submitted", "-j", id)
	j.id = id
	return j, nil
}

// outsideJob is the environment without that of a job of Slurm; where Slurm's configuration is belongs to
// no job.
func outsideJob() []string {
	env := without(os.Environ(), "SLURM_", "PMI_", "PMIX_", "PMI2_")
	if conf := os.Getenv("SLURM_CONF"); conf != "" {
		env = append(env, "SLURM_CONF="+conf)
	}
	return env
}

// slurmJob is a job in Slurm's queue.
type slurmJob struct {
	id   string
	gone chan struct{}
	stop chan struct{}
	once sync.Once

	mu      sync.Mutex
	text    string
	seen    bool // in the queue
	running bool
	failed  error
}

// watchQueue follows the job that squeue finds by the given arguments.
func watchQueue(text string, which ...string) *slurmJob {
	j := &slurmJob{text: text, gone: make(chan struct{}), stop: make(chan struct{})}
	go j.poll(which)
	return j
}

// poll looks at the queue until the job has left it.
func (j *slurmJob) poll(which []string) {
	defer close(j.gone)
	args := append([]string{"-h", "-o", "%T|%r|%S|%i"}, which...)
	for pause := queueFirst; ; pause = min(pause*5/4, queueLast) {
		out, err := probe(context.Background(), "squeue", args...)
		if err == nil || strings.Contains(out, "Invalid job id") {
			if !j.learn(strings.TrimSpace(out)) {
				return
			}
		}
		select {
		case <-time.After(pause):
		case <-j.stop:
			return
		}
	}
}

// learn notes what the queue says; false when the job is at its end.
func (j *slurmJob) learn(line string) bool {
	j.mu.Lock()
	defer j.mu.Unlock()
	fields := strings.Split(line, "|")
	if len(fields) < 4 {
		j.failed = errors.New("the job has left Slurm's queue")
		return !j.seen // it may not be there yet
	}
	j.seen = true
	switch id := fields[3]; {
	case fields[0] == "PENDING" || fields[0] == "CONFIGURING":
		j.text = fmt.Sprintf("the job %s waits: %s", id, fields[1])
		if start := fields[2]; start != "N/A" && start != "" {
			j.text += ", to start at " + start
		}
		return true
	case fields[0] == "RUNNING":
		j.running = true
		return true
	case fields[0] == "COMPLETING":
		return true
	}
	j.failed = fmt.Errorf("the job %s is %s: %s", fields[3], fields[0], fields[1])
	return false
}

func (j *slurmJob) identity() (string, []pid, string) { return j.id, nil, "" }

func (j *slurmJob) state() (string, bool) {
	j.mu.Lock()
	defer j.mu.Unlock()
	return j.text, j.running
}

func (j *slurmJob) ended() <-chan struct{} { return j.gone }

func (j *slurmJob) err() error {
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.failed == nil {
		return errors.New("the job was cancelled")
	}
	return j.failed
}

func (j *slurmJob) kill() {
	cancelJob(j.id)
	j.unwatch()
}

// unwatch ends the looks at the queue.
func (j *slurmJob) unwatch() { j.once.Do(func() { close(j.stop) }) }

// cancelJob ends a job of Slurm, whether it runs or waits.
func cancelJob(id string) {
	_, _ = probe(context.Background(), "scancel", id) // one that is gone needs none
}
