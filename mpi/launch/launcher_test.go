package launch

import (
	"context"
	"maps"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestFlavourOf(t *testing.T) {
	tests := []struct {
		text string
		want flavour
	}{
		{"mpirun (Open MPI) 4.1.4\n", openMPI},
		{"HYDRA build details:\n    Version:   4.0.2\n", mpich},
		{"gofive-engine with HDF5 1.10.8 and MPICH 4.0.2\n", mpich},
		{"gofive-engine with HDF5 1.10.8 and Open MPI v4.1.4\n", openMPI},
		{"gofive-engine with HDF5 1.10.8\n", ""},
	}
	for _, tt := range tests {
		if got := flavourOf(tt.text); got != tt.want {
			t.Errorf("%q: got %q, want %q", tt.text, got, tt.want)
		}
	}
}

// commands makes programs of the given names, which are shell scripts, the only ones besides the shell's.
func commands(t *testing.T, scripts map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range scripts {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("#!/bin/sh\n"+text), 0o755); err != nil {
			t.Fatal(err)
		}
	}
	t.Setenv("PATH", dir)
	return dir
}

// TestMatchMpirun: of several launchers and engines those of one library go together.
func TestMatchMpirun(t *testing.T) {
	open, hydra := "echo 'mpirun (Open MPI) 4.1.4'", "echo 'HYDRA build details:'"
	dir := commands(t, map[string]string{
		"mpirun": open, "mpiexec.hydra": hydra,
		"e-open": "echo 'engine with Open MPI v4'", "e-mpich": "echo 'engine with MPICH 4'", "e-broken": "echo no library; exit 1",
	})
	engine := func(name string) string { return filepath.Join(dir, name) }
	tests := []struct {
		engines          []string
		launcher, engine string
		err              string
	}{
		{[]string{"e-open", "e-mpich"}, "mpirun", "e-open", ""},
		{[]string{"e-mpich", "e-open"}, "mpiexec.hydra", "e-mpich", ""},
		{[]string{"e-broken", "e-open"}, "mpirun", "e-open", ""},
		{[]string{"e-broken"}, "", "", "no library"},
		{nil, "", "", "no engine with MPI"},
	}
	for _, tt := range tests {
		var engines []string
		for _, name := range tt.engines {
			engines = append(engines, engine(name))
		}
		launcher, found, err := matchMpirun(context.Background(), engines)
		if launcher != tt.launcher || tt.engine != "" && found != engine(tt.engine) || (err == nil) != (tt.err == "") || err != nil && !strings.Contains(err.Error(), tt.err) {
			t.Errorf("%v: got %s, %s, %v; want %s, %s, %q", tt.engines, launcher, found, err, tt.launcher, tt.engine, tt.err)
		}
	}
	os.Remove(engine("mpiexec.hydra"))
	if _, _, err := matchMpirun(context.Background(), []string{engine("e-mpich")}); err == nil || !strings.Contains(err.Error(), "has MPICH, and there is no mpirun or mpiexec of that") {
		t.Errorf("no launcher: %v", err)
	}
}

func TestDefaultLauncher(t *testing.T) {
	dir := commands(t, map[string]string{"mpirun": "echo 'mpirun (Open MPI) 4'", "e": "echo 'Open MPI'", "srun": ""})
	tests := []struct {
		job     string
		engines []string
		want    Launcher
	}{
		{"", nil, Local},
		{"", []string{filepath.Join(dir, "e")}, Mpirun},
		{"17", []string{filepath.Join(dir, "e")}, Srun},
		{"17", nil, Local},
	}
	for _, tt := range tests {
		t.Setenv("SLURM_JOB_ID", tt.job)
		config := Config{MPIEngine: tt.engines}
		if _, err := chooseLauncher(context.Background(), &config); err != nil || config.Launcher != tt.want {
			t.Errorf("job %q, engines %v: got %s, %v, want %s", tt.job, tt.engines, config.Launcher, err, tt.want)
		}
	}
}

// TestNoLauncher: where a launcher does not work the error names those that do.
func TestNoLauncher(t *testing.T) {
	t.Setenv("SLURM_JOB_ID", "")
	libraries := map[string]string{"mpirun": "echo 'mpirun (Open MPI) 4'", "open": "echo 'Open MPI'", "mpich": "echo MPICH"}
	slurm := func(sinfo string) map[string]string {
		all := maps.Clone(libraries)
		all["srun"], all["sbatch"], all["sinfo"] = "exit 1", "", sinfo
		return all
	}
	dead := "echo no controller; exit 1"
	tests := []struct {
		launcher Launcher
		engine   string
		commands map[string]string
		want     []string
	}{
		{Srun, "open", libraries, []string{"start ranks with srun: there is no srun in the PATH; this computer has --launcher local, mpirun"}},
		{Sbatch, "mpich", libraries, []string{"start ranks with sbatch: there is no sbatch in the PATH; this computer has --launcher local"}},
		{Srun, "open", slurm(dead), []string{"start ranks with srun: ", "no controller", "; this computer has --launcher local, mpirun"}},
		{Sbatch, "mpich", slurm("echo localhost"), []string{"start ranks with sbatch: srun --mpi=list: ", "; this computer has --launcher local"}},
		{Mpirun, "mpich", slurm(dead), []string{"start ranks with mpirun: ", "no mpirun or mpiexec of that; this computer has --launcher local"}},
		{Mpirun, "mpich", slurm(""), []string{"no mpirun or mpiexec of that; this computer has --launcher local, srun, sbatch"}},
	}
	for _, tt := range tests {
		dir := commands(t, tt.commands)
		_, err := Start(context.Background(), Config{Ranks: 2, Launcher: tt.launcher, MPIEngine: []string{filepath.Join(dir, tt.engine)}})
		if err == nil || !strings.HasSuffix(err.Error(), tt.want[len(tt.want)-1]) {
			t.Errorf("%s: got %v, want %s at its end", tt.launcher, err, tt.want[len(tt.want)-1])
			continue
		}
		for _, want := range tt.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: got %v, want %s", tt.launcher, err, want)
			}
		}
	}
}

// TestListen: what cannot be listened at is named with the addresses that there are.
func TestListen(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	for address, want := range map[string]string{
		"192.0.2.1":           "; --listen takes an address of this computer: 127.0.0.1", // of RFC 5737: nobody has it
		taken.Addr().String(): "; --listen without a port takes one that is free",
	} {
		if err := (&hub{}).listen([]string{address}); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: got %v, want %s", address, err, want)
		}
	}
}

func TestSrunArgs(t *testing.T) {
	dir := commands(t, map[string]string{"srun": "echo 'MPI plugin types are...\n\tpmix\n\tpmi2\n\tnone'", "open": "echo Open MPI", "mpich": "echo MPICH"})
	t.Setenv("SLURM_JOB_ID", "")
	tests := []struct{ engine, want string }{
		{"open", "--overlap --mpi=pmix -K0 --job-name=gofive-c -n 6 -N 3 --export=ALL --time=90:30 --partition=p --account=a --exclusive"},
		{"mpich", "--overlap --mpi=pmi2 -K0"},
	}
	config := Config{Ranks: 6, Nodes: 3, Launcher: Srun, Time: 90*time.Minute + 30*time.Second, Partition: "p", Account: "a", Args: []string{"--exclusive"}}
	for _, tt := range tests {
		config.MPIEngine = []string{filepath.Join(dir, tt.engine)}
		args, err := srunArgs(context.Background(), &config, directory("/x/c"))
		text := strings.Join(args, " ")
		if err != nil || !strings.HasPrefix(text, tt.want) || !strings.HasSuffix(text, config.MPIEngine[0]+" rank --cluster /x/c") {
			t.Errorf("%s: got %s, %v, want %s", tt.engine, text, err, tt.want)
		}
	}
	if _, err := pmiOf(mpich, "pmix none"); err == nil {
		t.Error("MPICH without pmi2 is started")
	}
}

// TestBatchScript runs the script with a srun that prints its arguments, which have blanks and quotes.
func TestBatchScript(t *testing.T) {
	t.Setenv("XDG_CONFIG_HOME", t.TempDir())
	dir := directory(filepath.Join(t.TempDir(), "it's here", "c"))
	if err := os.MkdirAll(string(dir), 0o700); err != nil {
		t.Fatal(err)
	}
	args := []string{"-n", "4", "/with blank/engine", "rank", "--cluster", string(dir), "$HOME"}
	path, err := writeScript(Config{Ranks: 4, Nodes: 2}, dir, args)
	if err != nil {
		t.Fatal(err)
	}
	text, _ := os.ReadFile(path)
	for _, want := range []string{"--job-name=gofive-c\n", "it's here/c/launcher.log\"\n", "--ntasks=4\n", "--nodes=2\n"} {
		if !strings.Contains(string(text), want) {
			t.Errorf("the script has no %q:\n%s", want, text)
		}
	}
	shell, err := exec.LookPath("sh")
	if err != nil {
		t.Fatal(err)
	}
	commands(t, map[string]string{"srun": `printf '%s\n' "$@"`})
	out, err := exec.Command(shell, path).Output()
	if got := strings.Split(strings.TrimSpace(string(out)), "\n"); err != nil || !slices.Equal(got, args) {
		t.Errorf("srun gets %q, %v, want %q", got, err, args)
	}
	own := filepath.Join(os.Getenv("XDG_CONFIG_HOME"), "gofive", "sbatch.tmpl")
	os.MkdirAll(filepath.Dir(own), 0o700)
	os.WriteFile(own, []byte("#!/bin/sh\nmodule load mpi\nsrun {{.Srun}}\n"), 0o600)
	path, err = writeScript(Config{Ranks: 4}, dir, []string{"-n", "4"})
	if text, _ := os.ReadFile(path); err != nil || string(text) != "#!/bin/sh\nmodule load mpi\nsrun '-n' '4'\n" {
		t.Errorf("the user's template: got %q, %v", text, err)
	}
}

// TestQueue follows a job by what squeue prints.
func TestQueue(t *testing.T) {
	j := &slurmJob{text: "submitted"}
	steps := []struct {
		line    string
		goes    bool
		text    string
		running bool
	}{
		{"", true, "submitted", false}, // not there yet
		{"PENDING|Resources|2030-01-01T10:00:00|7", true, "the job 7 waits: Resources, to start at 2030-01-01T10:00:00", false},
		{"PENDING|Priority|N/A|7", true, "the job 7 waits: Priority", false},
		{"RUNNING|None|2030-01-01T10:00:00|7", true, "", true},
		{"COMPLETING|None|2030-01-01T10:00:00|7", true, "", true},
		{"", false, "", true},
	}
	for _, s := range steps {
		goes := j.learn(s.line)
		text, running := j.state()
		if goes != s.goes || running != s.running || s.text != "" && text != s.text {
			t.Errorf("%q: got %v, %q, running %v; want %v, %q, %v", s.line, goes, text, running, s.goes, s.text, s.running)
		}
	}
	if j.learn("FAILED|NonZeroExitCode|2030-01-01T10:00:00|7"); j.err() == nil || !strings.Contains(j.err().Error(), "the job 7 is FAILED: NonZeroExitCode") {
		t.Errorf("a failed job: %v", j.err())
	}
}

// TestRoutes: addresses are never all of the computer's.
func TestRoutes(t *testing.T) {
	ips, err := routes([]string{"127.0.0.1", "127.0.0.1"})
	if err != nil || !slices.Equal(ips, []string{"127.0.0.1"}) {
		t.Errorf("got %v, %v", ips, err)
	}
	if _, err := routes(nil); err == nil {
		t.Error("no nodes have a way")
	}
}

// TestOtherOwner: ranks whose directory a restart has given to others go, and leave it alone.
func TestOtherOwner(t *testing.T) {
	c := startLocal(t, 2, 1)
	pids := c.conn.Launchers
	other := c.conn
	other.Key = make([]byte, keySize)
	if err := c.dir.writeConnection(other); err != nil {
		t.Fatal(err)
	}
	noneAlive(t, pids, 10*time.Second)
	if kept, err := c.dir.readConnection(); err != nil || !slices.Equal(kept.Key, other.Key) {
		t.Errorf("the directory of the others: %v", err)
	}
}
