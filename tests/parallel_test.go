package tests

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// job is a way to start ranks, and the engine that they are.
type job struct{ name, launcher, engine string }

// jobs are processes without MPI and, where there is one, each MPI library.
func jobs(t *testing.T, w *workspace) []job {
	t.Helper()
	list := []job{{"local", "local", ""}}
	for _, flavour := range []string{"openmpi", "mpich"} {
		list = append(list, job{flavour, "mpirun", mpiEngine(t, w, flavour)})
	}
	return list
}

var mpiEngines struct {
	sync.Mutex
	built map[string]error
}

// mpiEngine builds the engine for an MPI library.
func mpiEngine(t *testing.T, w *workspace, flavour string) string {
	t.Helper()
	launcher := map[string]string{"openmpi": "mpirun.openmpi", "mpich": "mpiexec.mpich"}[flavour]
	if _, err := exec.LookPath(launcher); err != nil {
		missing(t, launcher, "make setup FOR=test")
	}
	bin := filepath.Dir(w.gofive)
	mpiEngines.Lock()
	defer mpiEngines.Unlock()
	err, done := mpiEngines.built[flavour]
	if !done {
		_, said, failed := command(t, repoRoot(t), append(os.Environ(), "MPI="+flavour), "install/make/build-mpi.sh", bin)
		if err = failed; err != nil {
			err = fmt.Errorf("%w: %s", err, said)
		}
		if mpiEngines.built == nil {
			mpiEngines.built = map[string]error{}
		}
		mpiEngines.built[flavour] = err
	}
	if err != nil {
		t.Fatalf("build the engine for %s: %v", flavour, err)
	}
	return filepath.Join(bin, "gofive-engine-mpi-"+flavour)
}

// startCluster starts a kernel with a cluster of n ranks.
func (j job) startCluster(t *testing.T, w *workspace, n int, env ...string) *kernel {
	t.Helper()
	k := startKernel(t, w, append(env, "GOFIVE_ENGINE_MPI="+j.engine), nil)
	o := k.run(fmt.Sprintf("%%cluster start -n %d --launcher %s", n, j.launcher))
	if want := fmt.Sprintf("%d rank", n); o.Status != "ok" || !strings.Contains(o.Stdout, want) {
		t.Fatalf("start: %s %s\n%s", o.Status, o.Traceback, o.Stdout)
	}
	k.run("%pxconfig --no-stream") // so that the order of output is that of ranks
	return k
}

// apart gives what each rank says in the output of ranks, whose lines begin with their ranks, as in "[0,2-3] text".
// Equal lines come as one only when ranks say them at about the same time, which nobody can promise while a cell runs.
func apart(output string) string {
	said := map[int]string{}
	for line := range strings.Lines(output) {
		ranks, text, ok := strings.Cut(line, "] ")
		ranks, marked := strings.CutPrefix(ranks, "[")
		if !ok || !marked {
			continue // the kernel's own words
		}
		for span := range strings.SplitSeq(ranks, ",") {
			var first, last int
			if n, _ := fmt.Sscanf(span, "%d-%d", &first, &last); n == 1 {
				last = first
			}
			for r := first; r <= last; r++ {
				said[r] += text
			}
		}
	}
	return fmt.Sprint(said) // in the order of ranks
}

// onJobs runs a test for each way to start ranks.
func onJobs(t *testing.T, test func(t *testing.T, w *workspace, j job)) {
	w := newWorkspace(t)
	for _, j := range jobs(t, w) {
		t.Run(j.name, func(t *testing.T) { test(t, w, j) })
	}
}

func TestParallelCells(t *testing.T) {
	onJobs(t, func(t *testing.T, w *workspace, j job) {
		j.startCluster(t, w, 4).steps([]step{
			{code: "%%px -t 0\nmpi.Rank()", out: "[0] 0\n"},
			{code: "%%px\nfmt.Println(\"ready\")", out: "[0-3] ready\n"},
			{code: "%%px\nr := mpi.Rank()\nr", out: "[0] 0\n[1] 1\n[2] 2\n[3] 3\n"},
			{code: "%px r % 2", out: "[0,2] 0\n[1,3] 1\n"},
			{code: "%%px\ntotal := mpi.Allreduce(r, mpi.Sum)\ntotal", out: "[0-3] 6\n"},
			{code: "%%px --targets 0,2-3\nx := r * 10", out: ""},
			{code: "%px x", out: "[0-1] 0\n[2] 20\n[3] 30\n"},
			{code: "%%px -t 1\nx++"},
			{code: "%%px\nx++"},
			{code: "%%px -t 2-3\nx++"},
			{code: "%px x", out: "[0] 1\n[1] 2\n[2] 22\n[3] 32\n"},
			{code: "x", fails: "undefined: x"},
			{code: "%%px\nnosuch()", fails: "undefined: nosuch"},
			{code: "%%px -t 9\nr", fails: "there is no rank 9; the ranks are 0 to 3"},
			{code: "%%px -t 1\n[]int{1}[r+3]", fails: "[1] \x1b[31mpanic: runtime error: index out of range [4] with length 1"},
			{code: "%%px\nif r > 1 { panic(fmt.Sprint(\"odd \", r%2)) }", fails: "[2] \x1b[31mpanic: odd 0"},
			{code: "%px shell.Run(\"echo of a child\")", out: "[0-3] of a child\n"},
			{code: "%autopx", out: "cells run on the ranks"},
			{code: "y := r + 1\ny", out: "[0] 1\n[1] 2\n[2] 3\n[3] 4\n"},
			{code: "%autopx", out: "cells run here"},
			{code: "%%px --local\nmpi.Size() > 0", out: "[0-3] true\n", value: "true"},
			{code: "%%px --noblock -o later\ntime.Sleep(50 * time.Millisecond)\nfmt.Println(\"late\", r/2)"},
			{code: "later.Wait()", out: "[0-1] late 0\n[2-3] late 1\n"},
			{code: "%pxresult --rank 2", out: "[2-3] late 1\n"},
			{code: "%%px --stream\nfor i := range 2 { fmt.Println(i) }", said: "[0-3] 0\n[0-3] 1\n"},
			{code: "%%px\nfmt.Fprintln(os.Stderr, \"warned\")", err: "[0-3] warned\n"},
			{code: "%%px\nfmt.Fprint(os.Stderr, \"\\r1 of 2\\x1b[K\")\ntime.Sleep(20 * time.Millisecond)\nfmt.Fprint(os.Stderr, \"\\r2 of 2\\x1b[K\\n\")", err: "[0-3] 2 of 2\n"},
			{code: "%cluster status", out: "[0-3] idle\n"},
			{code: "%cluster status now", fails: "%cluster status takes nothing behind it, not \"now\""},
			{code: "%cluster restart nosuch", fails: "this notebook holds no cluster nosuch; %cluster list shows all"},
			{code: "%cluster attach nosuch", fails: "there is no such cluster: nosuch; %cluster list shows those that there are"},
			{code: "%autopx nosuch", fails: "%autopx takes flags of %%px: not \"nosuch\""},
			{code: "%pxresult --rank 4", fails: "there is no rank 4; the ranks are 0 to 3"},
			{code: "%cluster stop", out: "has ended"},
			{code: "%px r", fails: "no cluster runs; %cluster start -n 4 starts one"},
		})
	})
}

// TestRankData moves values between the notebook and its ranks.
func TestRankData(t *testing.T) {
	onJobs(t, func(t *testing.T, w *workspace, j job) {
		j.startCluster(t, w, 3).steps([]step{
			{code: "xs := make([]float64, 1_000_003)\nfor i := range xs { xs[i] = float64(i) }\npx.Push(\"xs\", xs)"},
			{code: "%px len(xs), xs[1_000_002]", out: "[0-2] 1000003 1.000002e+06"},
			{code: "px.Push(\"m\", map[string][]int{\"a\": {1, 2}})"},
			{code: "%px m", out: "[0-2] map[a:[1 2]]"},
			{code: "px.Scatter(\"part\", []int32{1, 2, 3, 4, 5, 6, 7})"},
			{code: "%px part", out: "[0] [1 2 3]\n[1] [4 5]\n[2] [6 7]\n"},
			{code: "%px mine := make([]int32, mpi.Rank()); for i := range mine { mine[i] = int32(mpi.Rank()) }"},
			{code: "px.Gather[int32](\"mine\")", value: "[1 2 2]"},
			{code: "px.Pull[[]int32](1, \"part\")", value: "[4 5]"},
			{code: "px.Pull[string](1, \"part\")", fails: "the value is a []int32, not a string"},
			{code: "px.Pull[int](0, \"nosuch\")", fails: "undefined: nosuch"},
			{code: "px.Push(\"f\", func() {})", fails: "func() cannot travel"},
			{code: "px.Push(\"c\", make(chan int))", fails: "chan int cannot travel"},
			{code: "px.Scatter(\"n\", 3)", fails: "a int has none"},
			{code: "px.Push(\"not a name\", 3)", fails: "is no name of a variable"},
			{code: "px.Push(\"none\", []float64{})"},
			{code: "%px len(none)", out: "[0-2] 0\n"},
			{code: "%%px\nfunc fit(x int) (float64, error) {\n\tif x < 0 { return 0, fmt.Errorf(\"%d is negative\", x) }\n\treturn math.Sqrt(float64(x)), nil\n}"},
			{code: "px.Map[float64](\"fit\", []int{1, 4, 9, 16, 25}, px.Chunk(2))", value: "[1 2 3 4 5]"},
			{code: "px.Map[float64](\"fit\", []int{1, -4})", fails: "input 1 on rank"},
			{code: "px.Map[float64](\"fit\", []int{})", value: "[]"},
			{code: "px.Map[string](\"fit\", []int{1})", fails: "map fit: fit gives float64, and px.Map is asked for string"},
			{code: "px.Map[float64](\"fit\", []string{\"a\"})", fails: "map fit: fit takes int, and the inputs are string"},
			{code: "%%px\nfunc third(x int) int {\n\tif x == 3 { panic(\"three!\") }\n\treturn x\n}"},
			{code: "px.Map[int](\"third\", []int{1, 2, 3, 4})", fails: "map third: input 2 on rank"},
			{code: "px.Push(\"when\", time.Unix(7, 0).UTC())"},
			{code: "%px when.Unix()", out: "[0-2] 7\n"},
			{code: "px.Pull[time.Time](1, \"when\")", value: "1970-01-01 00:00:07 +0000 UTC"},
			{code: "type P struct{ X float64 }\ntype Celsius float64"},
			{code: "px.Push(\"p\", P{1})", fails: "a value of a type that a cell declares cannot travel"},
			{code: "px.Push(\"c\", Celsius(1))", fails: "a value of a type that a cell declares cannot travel"},
			{code: "px.Run(\"fmt.Println(len(xs))\", \"1\")", out: "[1] 1000003\n"},
			{code: "px.Ranks()", value: "3"},
			{code: "%px px.Ranks()", out: "[0-2] 3\n"},
		})
	})
}

// TestRankFailure has one rank fail while the others wait for it: it is told at once who waits where,
// and after the grace all go on, with their variables.
func TestRankFailure(t *testing.T) {
	onJobs(t, func(t *testing.T, w *workspace, j job) {
		k := j.startCluster(t, w, 4)
		k.steps([]step{{code: "%px kept := 7 + mpi.Rank()"}})
		o := k.run("%%px --stream --grace 1\nif mpi.Rank() == 1 {\n\tvar none []int\n\tfmt.Println(none[3])\n}\nmpi.Allreduce(1, mpi.Sum)")
		for _, want := range []string{"[1] runtime error: index out of range [3] with length 0, line 4", "[0,2-3] wait in MPI_Allreduce, line 6\n"} {
			if !strings.Contains(o.Stderr, want) { // one line, or two where a rank comes to its call late
				t.Errorf("told meanwhile: %q, want %q", o.Stderr, want)
			}
		}
		if o.Name != "panic" || !strings.Contains(o.Traceback, "[0,2-3] interrupted, line 6") {
			t.Errorf("got %s\n%s", o.Name, o.Traceback)
		}
		k.steps([]step{
			{code: "%px kept", out: "[0] 7\n[1] 8\n[2] 9\n[3] 10\n"},
			{code: "%px mpi.Allreduce(kept, mpi.Max)", out: "[0-3] 10\n"},
		})
	})
}

// TestRankLeaves has a rank end its cell while the others wait for it, in MPI and in what HDF5 does together.
func TestRankLeaves(t *testing.T) {
	onJobs(t, func(t *testing.T, w *workspace, j job) {
		k := j.startCluster(t, w, 4)
		leave := func(call, where string) {
			t.Helper()
			o := k.run("%%px --grace 1\nif mpi.Rank() != 2 {\n\t" + call + "\n}")
			for _, want := range []string{"ranks 0-1,3 in " + where + ", line 3, for ", ", in vain: rank 2 ended the program without that call"} {
				if !strings.Contains(o.Stderr, want) {
					t.Errorf("%s: told %q, want %q", call, o.Stderr, want)
				}
			}
			if o.Name != "interrupted" || !strings.Contains(o.Value, "[0-1,3] the cell was interrupted; variables keep what they had") {
				t.Errorf("%s: got %s %q", call, o.Name, o.Value)
			}
		}
		leave("mpi.Barrier()", "MPI_Barrier")
		leave("mpi.Allreduce(1, mpi.Sum)", "MPI_Allreduce")
		if j.launcher != "local" {
			k.steps([]step{{code: "%px f := h5.Create(\"out.h5\", h5mpi.MPIO(mpi.World))"}})
			leave("f.CreateGroup(\"g\")", "MPI_Allreduce(on file \"out.h5\")")
		}
		k.steps([]step{{code: "%px mpi.Allreduce(1, mpi.Sum)", out: "[0-3] 4\n"}})
	})
}

// TestRankInterrupt frees ranks from calls that never end, again and again.
func TestRankInterrupt(t *testing.T) {
	calls := []string{
		"mpi.Barrier()", "mpi.Recv[int](1, 7)", "mpi.Allreduce(make([]float64, 1<<20), mpi.Sum)",
		"mpi.Bcast(make([]byte, 10<<20), 1)", "mpi.Gather(mpi.Rank(), 1)", "mpi.Send(make([]byte, 10<<20), 1, 3)",
	}
	onJobs(t, func(t *testing.T, w *workspace, j job) {
		k := j.startCluster(t, w, 4)
		k.steps([]step{{code: "%px kept := 7 + mpi.Rank()"}})
		for _, call := range calls {
			k.send("%%px --stream\nfmt.Println(\"it runs\")\nif mpi.Rank() != 1 {\n\t" + call + "\n}\nif mpi.Rank() == 1 { for { } }")
			k.until("it runs")
			time.Sleep(50 * time.Millisecond) // mostly ranks are in the call by then; an earlier interrupt ends the cell too
			k.interrupt()
			if o := k.wait(); o.Name != "interrupted" || !strings.Contains(o.Value, "variables keep what they had") {
				t.Errorf("%s: got %s %q\n%s", call, o.Name, o.Value, o.Traceback)
			}
			k.steps([]step{{code: "%px mpi.Allreduce(kept, mpi.Sum)", out: "[0-3] 34\n"}})
		}
	})
}

// TestRankBackground frees the ranks from a cell that is not waited for and never ends. What waits for it says so, and
// an interrupt of that ends the waiting alone.
func TestRankBackground(t *testing.T) {
	onJobs(t, func(t *testing.T, w *workspace, j job) {
		k := j.startCluster(t, w, 2)
		k.steps([]step{
			{code: "%cluster interrupt", out: "the ranks run nothing"},
			{code: "%px kept := 7 + mpi.Rank()"},
		})
		const deadlock = "%%px --noblock -o res\nmpi.Recv[int](0, 3)"
		const where = "[0-1] wait in MPI_Recv"
		k.run(deadlock)
		for _, c := range []struct{ code, told, fails string }{
			{"%pxresult", where, "runs on; %cluster interrupt"},
			{"res.Wait()", where + "(from 0, tag 3), line 2; interrupt this cell, and then %cluster interrupt ends that one", ""},
			{"%px 1", "waits for its turn: the ranks run In[", "waited for In["},
			{"px.Pull[int](1, \"kept\")", "waits for its turn: the ranks run In[", ""},
			{"px.Push(\"x\", 3)", "waits for its turn: the ranks run In[", ""},
		} {
			k.send(c.code)
			k.until(c.told)
			k.interrupt()
			o := k.wait()
			if o.Status == "ok" || !strings.Contains(o.Traceback, c.fails) || strings.Contains(o.Traceback, "context canceled") {
				t.Errorf("%s, interrupted: got %s %q\n%s", c.code, o.Name, o.Value, o.Traceback)
			}
		}
		k.steps([]step{
			{code: "%cluster interrupt", out: " is interrupted: " + where},
			{code: "res.Wait()", fails: "the cell was interrupted; variables keep what they had"},
			{code: "%px mpi.Allreduce(kept, mpi.Sum)", out: "[0-1] 15\n"},
			{code: deadlock},
			{code: "%%px --noblock -o behind\nkept++"},
			{code: "behind.Interrupt()"},
			{code: "behind.Wait()", fails: "what was to run waited for In["},
			{code: "res.Interrupt()"},
			{code: "res.Wait()", fails: "the cell was interrupted; variables keep what they had"},
			{code: "res.Interrupt()"}, // of what has ended
			{code: "%px mpi.Allreduce(kept, mpi.Sum)", out: "[0-1] 15\n"},
		})
	})
}

// TestClusterTaken: a cluster that another stops, or takes, is told apart, and what is advised works.
func TestClusterTaken(t *testing.T) {
	w := newWorkspace(t)
	clusters := "GOFIVE_CLUSTERS=" + t.TempDir()
	k := startKernel(t, w, []string{clusters}, nil)
	other := startKernel(t, w, []string{clusters}, nil)
	k.steps([]step{{code: "%cluster start -n 2 --launcher local --name shared", out: "cluster shared"}})
	other.steps([]step{{code: "%cluster attach shared", out: "cluster shared"}})
	until := func(fails string) {
		t.Helper()
		o := k.run("%px 1")
		for end := time.Now().Add(10 * time.Second); o.Status == "ok" && time.Now().Before(end); o = k.run("%px 1") {
			time.Sleep(50 * time.Millisecond) // the news is on its way
		}
		if !strings.Contains(o.Value, fails) {
			t.Errorf("got %q, want %q", o.Value, fails)
		}
	}
	until("%cluster attach shared takes it back")
	k.steps([]step{
		{code: "%cluster restart", fails: "%cluster attach shared takes it back"},
		{code: "%cluster attach shared", out: "cluster shared"},
		{code: "%px 1", out: "[0-1] 1\n"},
	})
	if _, said, err := command(t, t.TempDir(), append(w.env(t), clusters), w.gofive, "cluster", "stop", "shared"); err != nil {
		t.Fatalf("stop: %v\n%s", err, said)
	}
	until("it was stopped by process ")
	k.steps([]step{{code: "%px 1", fails: "%cluster restart starts the ranks anew"}, {code: "%cluster restart", out: "2 ranks again"}, {code: "%px 1", out: "[0-1] 1\n"}})
}

// TestRankDeath kills a rank: it is told, no cell hangs, and a restart brings the ranks back with the cells that
// are marked for it.
func TestRankDeath(t *testing.T) {
	onJobs(t, func(t *testing.T, w *workspace, j job) {
		k := j.startCluster(t, w, 4)
		k.steps([]step{{code: "%%px --init\ninitial := 3"}})
		begun := time.Now()
		o := k.run("%%px --grace 0.5\nif mpi.Rank() == 2 { syscallKill() }\nmpi.Barrier()")
		if o.Status == "ok" || !strings.Contains(o.Traceback, "undefined: syscallKill") {
			t.Fatalf("got %s %s", o.Status, o.Traceback)
		}
		o = k.run("%%px --grace 0.5\nif mpi.Rank() == 2 { shell.Run(fmt.Sprint(\"kill -9 \", os.Getpid())) }\nmpi.Barrier()")
		// What fails the cell is the death or, when mpirun was faster with the end of its job, that.
		if o.Status == "ok" || !strings.Contains(o.Stderr, "[2] the process has ended") || !strings.Contains(o.Traceback, "%cluster restart") {
			t.Errorf("got %s %s\n%s", o.Status, o.Traceback, o.Stderr)
		}
		if took := time.Since(begun); took > 30*time.Second {
			t.Errorf("the death of a rank is told after %v", took)
		}
		if o = k.run("%px 1"); o.Status == "ok" {
			t.Error("a cell runs on a cluster with a dead rank")
		}
		k.steps([]step{
			{code: "%cluster restart", out: "4 ranks again"},
			{code: "%px initial", out: "[0-3] 3\n"},
			{code: "%px mpi.Allreduce(initial, mpi.Sum)", out: "[0-3] 12\n"},
		})
	})
}

// TestSessionsApart: each mpirun of Open MPI has a folder of its own for its session, which ends with the cluster.
// In the one that they would share, one that ends takes away what another is about to use.
func TestSessionsApart(t *testing.T) {
	w := newWorkspace(t)
	j := job{"openmpi", "mpirun", mpiEngine(t, w, "openmpi")}
	var folders []string
	for range 2 {
		k := j.startCluster(t, w, 2)
		o := k.run("%%px\nos.Getenv(\"OMPI_MCA_orte_tmpdir_base\")")
		folder, found := strings.CutPrefix(strings.TrimSpace(o.Stdout), "[0-1] ")
		if sessions, err := filepath.Glob(filepath.Join(folder, "ompi.*")); !found || err != nil || len(sessions) != 1 {
			t.Fatalf("the session is not in the folder %q: %q %v\n%s", o.Stdout, sessions, err, o.Traceback)
		}
		if slices.Contains(folders, folder) {
			t.Errorf("two clusters have their sessions in %s", folder)
		}
		folders = append(folders, folder)
		defer func() {
			k.run("%cluster stop")
			if _, err := os.Stat(folder); !errors.Is(err, os.ErrNotExist) {
				t.Errorf("%s is left behind: %v", folder, err)
			}
		}()
	}
}

// TestLostWork has ranks die of work: what they were given is done by others, and why one crashed is told. Work goes
// to whoever asks for it, so the others wait with theirs until rank 2 has some.
func TestLostWork(t *testing.T) {
	w := newWorkspace(t)
	k := startKernel(t, w, nil, nil)
	k.run("%cluster start -n 3 --launcher local")
	k.steps([]step{{code: fmt.Sprintf(`%%%%px
dying := %q
func slow(x int) int {
	if mpi.Rank() == 2 {
		os.WriteFile(dying, nil, 0o600)
		shell.Run(fmt.Sprint("kill -SEGV ", os.Getpid()))
		time.Sleep(time.Minute)
	}
	for {
		if _, err := os.Stat(dying); err == nil { return x * x }
		time.Sleep(10 * time.Millisecond)
	}
}`, filepath.Join(t.TempDir(), "dying"))}})
	o := k.run("px.Map[int](\"slow\", []int{1, 2, 3, 4, 5, 6, 7, 8})")
	if want := "[1 4 9 16 25 36 49 64]"; o.text() != want {
		t.Errorf("got %s %s, want %s", o.text(), o.Traceback, want)
	}
	if want := "[2] the process has ended: SIGSEGV: segmentation violation"; !strings.Contains(o.Stderr, want) {
		t.Errorf("told %q, want %q", o.Stderr, want)
	}
}

// TestRankLateOutput has goroutines of a cell print when the next cell runs: it is shown with their own cell.
func TestRankLateOutput(t *testing.T) {
	onJobs(t, func(t *testing.T, w *workspace, j job) {
		k := j.startCluster(t, w, 2)
		k.steps([]step{{code: "%%px --stream\ngo func() { time.Sleep(600 * time.Millisecond); fmt.Println(\"late\") }()"}})
		var o struct {
			outcome
			Late string
		}
		k.ask(&o, map[string]any{"do": "behind", "code": "%px fmt.Println(\"second\"); time.Sleep(1500 * time.Millisecond)", "timeout": 120})
		if o.Stdout != "[0-1] second\n" || apart(o.Late) != apart("[0-1] late\n") {
			t.Errorf("the first cell prints %q late, the second %q; %s", o.Late, o.Stdout, o.Failed)
		}
	})
}

// TestRankFrontEnd asks on ranks for what only the notebook has: a clear error, and nothing that hangs.
func TestRankFrontEnd(t *testing.T) {
	w := newWorkspace(t)
	job{"local", "local", ""}.startCluster(t, w, 2).steps([]step{
		{code: "%%px\nvar s string\n_, err := fmt.Scan(&s)\nfmt.Println(err)", out: "[0-1] ranks have no front end: ask, and show widgets, in a cell without %%px"},
		{code: "%%px\n_, err := io.ReadAll(os.Stdin)\nfmt.Println(err)", out: "[0-1] ranks have no front end"},
		{code: "%%px\n_, err := display.Input(\"name? \")\nfmt.Println(err)", out: "[0-1] ranks have no front end"},
		{code: "%%px\nwidget.Interact(func(x float64) {}, widget.Slider(\"x\", 0, 1))", fails: "ranks have no front end"},
		{code: "%px widget.OpenComm(\"x\", nil)", fails: "ranks have no front end"},
		{code: "%px px.Push(\"x\", 3)", fails: "ranks have no front end"},
		{code: "%%px\n%%native\nfunc f() int { return 3 }\nf()", out: "[0-1] 3\n", err: "native: %%native is for cells of the notebook; on ranks the functions are interpreted\n"},
		{code: "%px 1 + 1", out: "[0-1] 2\n"},
	})
}

// TestRankFlood has a rank print 1 GB while the kernel stands still for some seconds: it shows 64 KiB of it, says
// where the rest is, and the next cell runs.
func TestRankFlood(t *testing.T) {
	w := newWorkspace(t)
	k := job{"local", "local", ""}.startCluster(t, w, 2)
	k.send("%%px --stream\nfmt.Println(\"it runs\")\nif mpi.Rank() == 1 {\n\tline := []byte(strings.Repeat(\"x\", 1023) + \"\\n\")\n\tfor range 1 << 20 { os.Stdout.Write(line) }\n}")
	k.until("it runs")
	if err := syscall.Kill(k.pid, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	time.Sleep(3 * time.Second)
	if err := syscall.Kill(k.pid, syscall.SIGCONT); err != nil {
		t.Fatal(err)
	}
	o := k.wait()
	if shown := strings.Count(o.Stdout, "[1] x"); o.Status != "ok" || shown > 64 || shown < 60 || !strings.Contains(o.Stderr, "a rank prints at most 64 KiB in one cell; 1.1 GB more are in ") {
		t.Errorf("%s: %d lines are shown, and %q", o.Status, shown, o.Stderr)
	}
	k.steps([]step{{code: "%px 1 + 1", out: "[0-1] 2\n"}})
}

// TestTwoClusters goes from one cluster to another and back; the shutdown of the kernel ends both.
func TestTwoClusters(t *testing.T) {
	w := newWorkspace(t)
	clusters := "GOFIVE_CLUSTERS=" + t.TempDir()
	t.Run("kernel", func(t *testing.T) {
		startKernel(t, w, []string{clusters}, nil).steps([]step{
			{code: "%cluster start -n 1 --launcher local --name one", out: "cluster one: 1 rank by local"},
			{code: "%px kept := 5"},
			{code: "%cluster start -n 2 --launcher local --name two", out: "cluster one goes on; %cluster attach one runs cells there again"},
			{code: "%px kept", fails: "undefined: kept"},
			{code: "%cluster attach one", out: "cluster one: 1 rank"},
			{code: "%px kept", out: "[0] 5\n"},
			{code: "%cluster list", out: "two"},
			{code: "%cluster start -n 2 --launcher local --name two", fails: "two"},
		})
	})
	if list, _, err := command(t, t.TempDir(), append(w.env(t), clusters), w.gofive, "cluster", "list"); err != nil || list != "no cluster runs\n" {
		t.Errorf("behind the kernel: %v\n%s", err, list)
	}
}

// TestClusterOutlivesKernel kills a kernel; the next takes its cluster, with the variables of the ranks.
func TestClusterOutlivesKernel(t *testing.T) {
	onJobs(t, func(t *testing.T, w *workspace, j job) {
		clusters := "GOFIVE_CLUSTERS=" + t.TempDir()
		k := j.startCluster(t, w, 2, clusters)
		k.steps([]step{{code: "%px x := []int{os.Getpid()}"}, {code: "%%px\ntype T struct{ A int }\nv := T{3}\nmpi.Barrier()"}})
		gate := filepath.Join(t.TempDir(), "gate")
		k.send(fmt.Sprintf("%%%%px --stream\nfmt.Println(\"begun\")\nfor {\n\tif _, err := os.Stat(%q); err == nil { break }\n\ttime.Sleep(10 * time.Millisecond)\n}\nfmt.Println(\"ended\")", gate))
		k.until("begun")
		if err := syscall.Kill(k.pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
		next := startKernel(t, w, []string{clusters, "GOFIVE_ENGINE_MPI=" + j.engine}, nil)
		list := next.run("%cluster list").Stdout
		id := ""
		for _, line := range strings.Split(list, "\n") {
			if fields := strings.Fields(line); len(fields) > 2 && fields[1] == j.launcher {
				id = fields[0]
			}
		}
		if id == "" {
			t.Fatalf("the list has no cluster:\n%s", list)
		}
		next.send("%cluster attach " + id)
		next.until("begun")
		if err := os.WriteFile(gate, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		if o := next.wait(); o.Status != "ok" || apart(o.Stdout) != apart("[0-1] begun\n[0-1] ended\n") || o.Stderr != "" {
			t.Fatalf("attach: %s\n%s\n%s%s", o.Status, o.Stdout, o.Stderr, o.Traceback)
		}
		next.steps([]step{
			{code: "%px mpi.Allreduce(1, mpi.Sum)", said: "[0-1] 2\n"},
			{code: "%px x", fails: "undefined: x"},
			{code: "%px x := \"another\"", out: ""},
			{code: "%%px\ntype T struct{ B string }\nv := T{x}\nv", said: "[0-1] {another}\n"},
			{code: "%cluster stop", out: "has ended"},
			{code: "%cluster list", out: "no cluster runs"},
		})
	})
}
