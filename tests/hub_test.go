package tests

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// TestHubInSlurm logs in to a JupyterHub whose servers are jobs of Slurm. The kernel there starts ranks in the job of
// its server, over both nodes, and they go with it.
func TestHubInSlurm(t *testing.T) {
	for _, name := range []string{"/usr/bin/jupyterhub", "configurable-http-proxy"} {
		if _, err := exec.LookPath(name); err != nil && os.Getenv("GOFIVE_SLURM") != "" {
			missing(t, name, "make setup FOR=test")
		}
	}
	slurmUp(t, 3)
	w := newWorkspace(t)
	clusters := t.TempDir()
	address := startHub(t, w, "GOFIVE_ENGINE_MPI="+mpiEngine(t, w, "openmpi"), "GOFIVE_CLUSTERS="+clusters)
	cells := [][2]string{
		{"%cluster start -n 4", `4 ranks by srun on 2 nodes`},
		{"%pxconfig --no-stream", ``}, // so that equal output of ranks is one, whenever they say it
		{"%%px\nhost, _ := os.Hostname()\nfmt.Println(host)", `(?s)\[0-1\] gonode1\n.*\[2-3\] gonode2\n`},
		{"%px mpi.Allreduce(1, mpi.Sum)", `\[0-3\] 4\n`},
		{"%px no", `undefined: no`},
	}
	args := []string{python(t, "requests", "tornado"), filepath.Join(repoRoot(t), "tests", "slurm", "hub.py"), address}
	for _, c := range cells {
		args = append(args, c[0])
	}
	out, said, err := command(t, t.TempDir(), os.Environ(), args...)
	if err != nil {
		t.Fatalf("hub.py: %v\n%s\n%s", err, said, out)
	}
	answers := json.NewDecoder(strings.NewReader(out))
	for _, c := range cells {
		var o struct{ Status, Text string }
		if err := answers.Decode(&o); err != nil {
			t.Fatal(err)
		}
		if !regexp.MustCompile(c[1]).MatchString(o.Text) {
			t.Errorf("%s\ngot %s %s\nwant %s", c[0], o.Status, o.Text, c[1])
		}
	}
	queueEmpties(t)
	list, _, err := command(t, t.TempDir(), append(w.env(t), "GOFIVE_CLUSTERS="+clusters), w.gofive, "cluster", "list")
	if err != nil || list != "no cluster runs\n" {
		t.Errorf("behind the server's job: %v\n%s", err, list)
	}
}

// startHub starts a JupyterHub for the Slurm that is up, and gives its address.
func startHub(t *testing.T, w *workspace, env ...string) string {
	t.Helper()
	dir := t.TempDir()
	ports := strings.Trim(fmt.Sprint(freePorts(t, 3)), "[]")
	// Debian's own Python and modules of Node, whatever else is installed.
	env = append(env, "GOFIVE_HUB_PORTS="+ports, "SLURM_CONF="+os.Getenv("SLURM_CONF"), "PATH=/usr/bin:/usr/sbin:/bin",
		"NODE_PATH=/usr/share/nodejs:/usr/lib/nodejs", "CONFIGPROXY_AUTH_TOKEN=test", "PYTHONNOUSERSITE=1")
	log, err := os.Create(filepath.Join(dir, "hub.log"))
	if err != nil {
		t.Fatal(err)
	}
	defer log.Close()
	cmd := exec.Command("/usr/bin/jupyterhub", "-f", filepath.Join(repoRoot(t), "tests", "slurm", "jupyterhub_config.py"))
	cmd.Dir, cmd.Env, cmd.Stdout, cmd.Stderr = dir, w.env(t, env...), log, log
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Signal(syscall.SIGTERM)
		stuck := time.AfterFunc(20*time.Second, func() { syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) })
		defer stuck.Stop()
		cmd.Wait()
		if t.Failed() {
			for _, name := range []string{"hub.log", "server.log"} {
				text, _ := os.ReadFile(filepath.Join(dir, name))
				t.Logf("the end of %s:\n%s", name, text[max(0, len(text)-4000):])
			}
		}
	})
	return "http://127.0.0.1:" + strings.Fields(ports)[0]
}
