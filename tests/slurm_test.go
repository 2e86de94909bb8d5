package tests

import (
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

// TestSlurm runs cells on the ranks of real jobs, over three nodes that are namespaces of this computer.
// It makes network devices, and so wants GOFIVE_SLURM=1 and root.
func TestSlurm(t *testing.T) {
	slurmUp(t, 3)
	w := newWorkspace(t)
	for _, flavour := range []string{"openmpi", "mpich"} {
		engine := mpiEngine(t, w, flavour)
		for _, launcher := range []string{"sbatch", "srun"} {
			t.Run(flavour+"/"+launcher, func(t *testing.T) {
				k := startKernel(t, w, []string{"GOFIVE_ENGINE_MPI=" + engine, "GOFIVE_CLUSTERS=" + t.TempDir(), "SLURM_CONF=" + os.Getenv("SLURM_CONF")}, nil)
				slurmStory(t, k, launcher)
			})
		}
	}
}

// TestSlurmLateRank has a rank take 2 s longer than the others in MPI_Init, as one does on a busy node: they
// must not send to it before it can take messages.
func TestSlurmLateRank(t *testing.T) {
	slurmUp(t, 3)
	w := newWorkspace(t)
	engine, late := mpiEngine(t, w, "openmpi"), filepath.Join(t.TempDir(), "late.so")
	_, said, err := command(t, repoRoot(t), os.Environ(), "cc", "-shared", "-fPIC", "-o", late, "tests/slurm/late.c")
	if err != nil {
		t.Fatalf("build what holds up a rank: %v\n%s", err, said)
	}
	// Rank 4 is alone on its node.
	k := startKernel(t, w, []string{"GOFIVE_ENGINE_MPI=" + engine, "GOFIVE_CLUSTERS=" + t.TempDir(),
		"SLURM_CONF=" + os.Getenv("SLURM_CONF"), "LD_PRELOAD=" + late, "GOFIVE_TEST_LATE=4"}, nil)
	if o := k.run("%cluster start -n 6 --nodes 3 --launcher srun"); o.Status != "ok" {
		t.Fatalf("start: %s", plainText(o.Traceback))
	}
	k.steps([]step{{code: "%px mpi.Allreduce(1, mpi.Sum)", said: "[0-5] 6\n"}})
}

// nodeLimit is how long a node may be silent before its ranks count as lost (three heartbeats), and the cell that
// waits for them has been interrupted after its grace of a second; some seconds are for a busy computer.
const nodeLimit = 15*time.Second + time.Second + 10*time.Second

// TestSlurmNodeLost cuts the network of a node, and stops the process that leads one, in the middle of a cell. The cell
// ends with the names of ranks and node, and a restart brings them back.
func TestSlurmNodeLost(t *testing.T) {
	slurmUp(t, 3)
	w := newWorkspace(t)
	k := startKernel(t, w, []string{"GOFIVE_ENGINE_MPI=" + mpiEngine(t, w, "openmpi"), "GOFIVE_CLUSTERS=" + t.TempDir(), "SLURM_CONF=" + os.Getenv("SLURM_CONF")}, nil)
	if o := k.run("%cluster start -n 6 --nodes 3 --launcher srun"); o.Status != "ok" {
		t.Fatalf("start: %s", plainText(o.Traceback))
	}
	k.send("%cluster start -n 9 --nodes 3 --launcher srun") // there is no room for it
	k.until("waits: Resources")
	k.interrupt()
	if o := k.wait(); !strings.Contains(o.Value, "waits: Resources") {
		t.Errorf("a start that waited was broken off: %s", o.Value)
	}
	for _, fault := range []struct {
		rank      int
		node      string
		cut, mend func(pid int) error
	}{
		{5, "gonode3", func(int) error { return ipLink("gove3", "down") }, func(int) error { return ipLink("gove3", "up") }},
		{4, "gonode2", func(pid int) error { return syscall.Kill(pid, syscall.SIGSTOP) }, func(int) error { return nil }},
	} {
		pid := 0
		fmt.Sscanf(k.run(fmt.Sprintf("%%%%px -t %d\nfmt.Println(os.Getpid())", fault.rank)).Stdout, "[%d] %d", new(int), &pid)
		k.send("%%px --grace 1\nfmt.Println(\"it runs\")\nfor { mpi.Barrier(); time.Sleep(10 * time.Millisecond) }")
		k.until("it runs")
		begun := time.Now()
		if err := fault.cut(pid); err != nil {
			t.Fatalf("%s: process %d: %v", fault.node, pid, err)
		}
		o := k.wait()
		if err := fault.mend(pid); err != nil {
			t.Fatal(err)
		}
		want := fmt.Sprintf("[%d] the node %s does not answer\n", fault.rank, fault.node)
		if took := time.Since(begun); o.Status == "ok" || !strings.Contains(o.Stderr, want) || took > nodeLimit {
			t.Errorf("%s: after %v got %s\n%s\n%s, want %s", fault.node, took, o.Status, o.Stderr, plainText(o.Traceback), want)
		}
		if o := k.run("%cluster restart"); o.Status != "ok" {
			t.Fatalf("%s: restart: %s", fault.node, plainText(o.Traceback))
		}
		k.steps([]step{{code: "%px mpi.Allreduce(1, mpi.Sum)", said: "[0-5] 6\n"}})
	}
}

// ipLink takes the network of a node down or up.
func ipLink(device, state string) error {
	return exec.Command("ip", "link", "set", device, state).Run()
}

// slurmStory starts a cluster, deadlocks it, loses a rank of it and ends it.
func slurmStory(t *testing.T, k *kernel, launcher string) {
	show := func(code, want string) outcome {
		t.Helper()
		o := k.run(code)
		all := o.Stdout + o.Stderr + plainText(o.Traceback)
		if found, err := regexp.MatchString(want, all); !found || err != nil {
			t.Fatalf("%s\ngot %s\n%s\nwant %s", code, o.Status, all, want)
		}
		return o
	}
	show("%cluster start -n 6 --nodes 3 --launcher "+launcher, `6 ranks by `+launcher+`.* on 3 nodes`)
	show("%pxconfig --no-stream", "") // so that equal output of ranks is one, whenever they say it
	show("%%px\nimport (\n\t\"gofive/mpi\"\n\t\"os\"\n)\nhost, _ := os.Hostname()\nfmt.Println(host)", `\] gonode3\n`)
	show("%%px\nkept := 42\nfmt.Println(kept)", `\[0-5\] 42`)

	k.send("%%px\nif mpi.World.Rank() > 0 { mpi.World.Barrier() }")
	time.Sleep(time.Second) // rank 0 has ended, the others wait
	began := time.Now()
	k.interrupt()
	if o := k.wait(); o.Name != "interrupted" {
		t.Fatalf("a deadlock that was interrupted: %s %s", o.Name, plainText(o.Traceback))
	}
	t.Logf("a deadlock of 6 ranks on 3 nodes ended %v after the interrupt", time.Since(began).Round(time.Millisecond))
	show("%px kept", `\[0-5\] 42`)
	show("%%px --grace 0.5\nif mpi.World.Rank() == 5 { none := 0; fmt.Println(1 / none) }\nmpi.World.Barrier()",
		`\[5\] panic: runtime error: integer divide by zero`)
	show("%px kept", `\[0-5\] 42`)

	show("%%px --grace 0.5\nif mpi.World.Rank() == 5 { p, _ := os.FindProcess(os.Getpid()); p.Kill() }\nmpi.World.Barrier()", `\[5\] died`)
	show("%px kept", `needs a restart`)
	show("%cluster restart", `6 ranks again`)
	show("%px 1 + 1", `\[0-5\] 2`)
	show("%cluster stop", `has ended`)
	queueEmpties(t)
}

// queueEmpties waits until Slurm has no jobs.
func queueEmpties(t *testing.T) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(200 * time.Millisecond) {
		left, err := exec.Command("squeue", "-h", "-o", "%i %j %T").CombinedOutput()
		if err == nil && len(left) == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("after the stop the queue has %s, %v", left, err)
		}
	}
}

// plainText is a traceback without its colours.
func plainText(traceback string) string {
	return regexp.MustCompile("\x1b\\[[0-9;]*m").ReplaceAllString(traceback, "")
}

// slurmUp starts a Slurm of n nodes and lets clients find it until the test ends.
func slurmUp(t *testing.T, n int) {
	t.Helper()
	if os.Getenv("GOFIVE_SLURM") == "" {
		t.Skip("SKIPPED: it makes network devices; GOFIVE_SLURM=1 as root lets it")
	}
	for _, name := range []string{"slurmctld", "slurmd", "srun", "munged", "ip"} {
		if _, err := exec.LookPath(name); err != nil {
			missing(t, name, "apt install slurmctld slurmd slurm-client munge iproute2")
		}
	}
	dir, err := os.MkdirTemp("", "slurm-") // the names of sockets in it have to be short
	if err != nil {
		t.Fatal(err)
	}
	scripts := filepath.Join(repoRoot(t), "tests", "slurm")
	t.Cleanup(func() {
		if out, err := exec.Command(filepath.Join(scripts, "down.sh"), dir).CombinedOutput(); err != nil {
			t.Errorf("end Slurm: %v\n%s", err, out)
		}
		os.RemoveAll(dir)
	})
	if out, err := exec.Command(filepath.Join(scripts, "up.sh"), dir, string(rune('0'+n))).CombinedOutput(); err != nil {
		t.Fatalf("start Slurm: %v\n%s", err, out)
	}
	t.Setenv("SLURM_CONF", filepath.Join(dir, "slurm.conf"))
}
