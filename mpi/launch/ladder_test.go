package launch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"
)

// begin runs a program in the background.
func begin(c *Cluster, p Program) (*transcript, <-chan *Outcome) {
	tr, done := &transcript{}, make(chan *Outcome, 1)
	go func() {
		o, err := c.Run(context.Background(), p, tr.show)
		if err != nil {
			tr.show(Output{Kind: Note, Payload: []byte(err.Error())})
		}
		done <- o
	}()
	return tr, done
}

// await gives the outcome of a program that must end in d.
func await(t *testing.T, done <-chan *Outcome, d time.Duration, tr *transcript) *Outcome {
	t.Helper()
	o := awaitAny(t, done, d, tr)
	if o == nil {
		t.Fatalf("the program has no outcome; it has shown:\n%s", tr)
	}
	return o
}

// awaitAny is await for a program that may be lost with its cluster or its kernel: then there is no outcome.
func awaitAny(t *testing.T, done <-chan *Outcome, d time.Duration, tr *transcript) *Outcome {
	t.Helper()
	select {
	case o := <-done:
		return o
	case <-time.After(d):
		t.Fatalf("the program has not ended in %v; it has shown:\n%s", d, tr)
		return nil
	}
}

// interrupt interrupts a program until it has ended: the first time may come before the program.
func interrupt(t *testing.T, c *Cluster, id int64, done <-chan *Outcome, tr *transcript) *Outcome {
	t.Helper()
	for end := time.Now().Add(10 * time.Second); len(done) == 0 && time.Now().Before(end); time.Sleep(time.Millisecond) {
		c.Interrupt(id)
	}
	return await(t, done, time.Second, tr)
}

// TestTurn: who waits for a program that never ends is told which, stops waiting when interrupted, and can free
// the ranks.
func TestTurn(t *testing.T) {
	c := startLocal(t, 2, 1)
	if _, err := c.InterruptRunning(context.Background()); !errors.Is(err, ErrIdle) {
		t.Errorf("nothing runs, and an interrupt of it gives %v", err)
	}
	must(t, c, script(1, "all set kept"), nil)
	endless := script(2, "all print begun\nall barrier")
	endless.Name = "In[2]"
	tr, done := begin(c, endless)
	tr.findAll(t, 2, "out begun")

	waits := script(3, "all get")
	waits.ProgressAfter = 10 * time.Millisecond
	ctx, cancel := context.WithCancel(context.Background())
	told := &transcript{}
	_, err := c.Run(ctx, waits, func(o Output) { // which never returns when it is not told
		told.show(o)
		if strings.Contains(told.String(), "waits for its turn: the ranks run In[2]") {
			cancel()
		}
	})
	if !errors.Is(err, ErrBusy) || !strings.Contains(err.Error(), "waited for In[2]") || strings.Contains(err.Error(), "context") {
		t.Errorf("an interrupt of what waits gives %v", err)
	}
	if name, err := c.InterruptRunning(context.Background()); name != "In[2]" || err != nil {
		t.Errorf("interrupted %q, %v", name, err)
	}
	if o := await(t, done, 10*time.Second, tr); !o.Interrupted || o.NeedsRestart {
		t.Errorf("got %+v", o)
	}
	told = &transcript{}
	if o := must(t, c, waits, told.show); !o.OK() {
		t.Errorf("the next program: %+v", o)
	}
	told.findAll(t, 2, "out kept 1") // in a communicator anew
}

func TestInterruptKeepsVariables(t *testing.T) {
	for _, nodes := range []int{1, 2} {
		c := startLocal(t, 4, nodes)
		must(t, c, script(1, "all set kept"), nil)
		for _, what := range []string{"all barrier", "all loop", "1 loop\n-1 barrier", "all sleep 1h"} {
			tr, done := begin(c, script(2, "all print begun\n"+what))
			tr.findAll(t, 4, "out begun")
			asked := time.Now()
			c.Interrupt(2)
			o := await(t, done, 10*time.Second, tr)
			if !o.Interrupted || o.NeedsRestart || len(o.Failures) != 1 || o.Failures[0].Ranks.String() != "[0-3]" {
				t.Errorf("%s: got %+v, want one failure of [0-3], interrupted", what, o)
			}
			t.Logf("%q on %d nodes: the ranks are back after %v", what, nodes, time.Since(asked))
		}
		tr := &transcript{}
		must(t, c, script(3, "all get"), tr.show)
		if want := []string{"[0-3] out kept 4"}; apart(tr.lines) != apart(want) {
			t.Errorf("got %q, want the variable, and 4 new communicators", tr)
		}
	}
}

// TestFailureWhileOthersWait: the failure shows at once with where the others are; after the grace they
// are interrupted.
func TestFailureWhileOthersWait(t *testing.T) {
	c := startLocal(t, 4, 2)
	p := script(1, "1 fail divide by zero\n-1 barrier")
	p.Grace = 400 * time.Millisecond
	for least := time.Hour; least > 200*time.Millisecond; p.ID++ {
		if p.ID > mostTries {
			t.Fatalf("of %d times the failure was shown after %v at best, and 0.2 s are promised", mostTries, least)
		}
		began := time.Now()
		tr, done := begin(c, p)
		o := await(t, done, 10*time.Second, tr)
		least = min(least, tr.find(t, "[1] failed divide by zero").Sub(began))
		failed := strings.Index(tr.String(), "[1] failed divide by zero")
		waiting := strings.Index(tr.String(), "state ranks 0,2-3 in MPI_Barrier, line 2")
		ended := strings.Index(tr.String(), "failed interrupted")
		if failed > waiting || waiting < 0 || waiting > ended {
			t.Errorf("want the failure, where the others wait, and then their end; got\n%s", tr)
		}
		if len(o.Failures) != 2 || !o.Interrupted || o.NeedsRestart {
			t.Errorf("got %+v, want the failure and that of the interrupt", o)
		}
	}
	if o := must(t, c, script(p.ID, "all nothing"), nil); !o.OK() {
		t.Errorf("the next program: %+v", o)
	}
}

// TestFailureWhileOthersCompute: others that do not wait are left alone.
func TestFailureWhileOthersCompute(t *testing.T) {
	c := startLocal(t, 2, 1)
	p := script(1, "1 fail x\n0 sleep 600ms\n0 print done")
	p.Grace = 100 * time.Millisecond
	tr := &transcript{}
	if o := must(t, c, p, tr.show); o.Interrupted || len(o.Failures) != 1 {
		t.Errorf("got %+v, want the one failure and no interrupt:\n%s", o, tr)
	}
	tr.find(t, "[0] out done")
}

func TestStateLines(t *testing.T) {
	c := startLocal(t, 4, 1)
	p := script(1, "1 barrier\n0 sleep 100ms")
	p.ProgressAfter, p.Grace = 10*time.Millisecond, 300*time.Millisecond
	tr, done := begin(c, p)
	tr.match(t, "state 3 of 4 done; rank 1 in MPI_Barrier, line 1, for [1-9][0-9]* s")
	c.Interrupt(1)
	await(t, done, 10*time.Second, tr)

	p.ID, p.Payload, p.Grace = 2, []byte("1 barrier\n-1 barrier"), time.Second
	tr, done = begin(c, p)
	tr.find(t, "state deadlock? ")
	if text := tr.String(); !strings.Contains(text, "rank 1 in MPI_Barrier, line 1") || !strings.Contains(text, "ranks 0,2-3 in MPI_Barrier, line 2") {
		t.Errorf("got\n%s", text)
	}
	c.Interrupt(2)
	await(t, done, 10*time.Second, tr)
}

func TestStuckRank(t *testing.T) {
	c := startLocal(t, 3, 1)
	c.stuck = 3 * time.Second // the ranks are asked where they are after 1 s
	tr, done := begin(c, script(1, "1 deaf 1h\n-1 barrier"))
	o := interrupt(t, c, 1, done, tr)
	if !o.NeedsRestart || len(o.Stuck) != 1 || o.Stuck[0].String() != "rank 1 at H5Dwrite, line 1" {
		t.Errorf("got %+v, want rank 1 stuck in H5Dwrite", o)
	}
	if _, err := c.Run(context.Background(), script(2, "all nothing"), nil); !errors.Is(err, ErrNeedsRestart) {
		t.Errorf("the next program: got %v, want %v", err, ErrNeedsRestart)
	}
	if err := c.Restart(context.Background()); err != nil {
		t.Fatal(err)
	}
	if o := must(t, c, script(3, "all nothing"), nil); !o.OK() {
		t.Errorf("after the restart: %+v", o)
	}
}

func TestManyInterrupts(t *testing.T) {
	c := startLocal(t, 4, 2)
	for i := range int64(200) {
		tr, done := begin(c, script(i+1, "all barrier"))
		if i%2 == 0 {
			time.Sleep(time.Duration(i%10) * 200 * time.Microsecond)
		}
		if o := interrupt(t, c, i+1, done, tr); !o.Interrupted || o.NeedsRestart {
			t.Fatalf("interrupt %d: %+v", i+1, o)
		}
	}
	tr := &transcript{}
	must(t, c, script(201, "all get"), tr.show)
	if want := []string{"[0-3] out  200"}; apart(tr.lines) != apart(want) {
		t.Errorf("got %q, want 200 new communicators", tr)
	}
}

func TestKilledRanks(t *testing.T) {
	tests := []struct {
		name    string
		victims []int
		dead    string
	}{
		{"a rank", []int{1}, "[1]"},
		{"a rank of another node", []int{3}, "[3]"},
		{"a leader", []int{2}, "[2-3]"},
	}
	for _, tt := range tests {
		c := startLocal(t, 4, 2)
		p := script(1, fmt.Sprintf("all print begun\n%d sleep 50ms\n%d die\nall barrier", tt.victims[0], tt.victims[0]))
		p.Grace = 200 * time.Millisecond
		tr, done := begin(c, p)
		o := await(t, done, 10*time.Second, tr)
		if o.Dead.String() != tt.dead || !o.NeedsRestart {
			t.Errorf("%s: got dead %v, needs a restart %v, want %s:\n%s", tt.name, o.Dead, o.NeedsRestart, tt.dead, tr)
		}
		if _, err := c.Run(context.Background(), script(2, "all nothing"), nil); !errors.Is(err, ErrNeedsRestart) {
			t.Errorf("%s: the next program: %v", tt.name, err)
		}
	}
}

func TestKilledRoot(t *testing.T) {
	c := startLocal(t, 4, 2)
	pids := c.conn.Launchers
	_, err := c.Run(context.Background(), script(1, "0 die\nall barrier"), nil)
	if !errors.Is(err, ErrLost) || !strings.Contains(err.Error(), "killed") {
		t.Errorf("got %v, want %v, killed", err, ErrLost)
	}
	select {
	case <-c.Lost():
	default:
		t.Error("Lost is not closed")
	}
	noneAlive(t, pids, 10*time.Second)
}

// noneAlive waits until processes are gone.
func noneAlive(t *testing.T, pids []pid, d time.Duration) {
	t.Helper()
	for end := time.Now().Add(d); ; time.Sleep(5 * time.Millisecond) {
		n := 0
		for _, p := range pids {
			if p.alive() {
				n++
			}
		}
		if n == 0 {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("%d of %d ranks are alive after %v", n, len(pids), d)
		}
	}
}

// halt stops a process and waits until it stands still: until the one thread that takes the signal gets a processor the
// others go on.
func halt(t *testing.T, process int) {
	t.Helper()
	if err := syscall.Kill(process, syscall.SIGSTOP); err != nil {
		t.Fatal(err)
	}
	for end := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/stat", process))
		moving := slices.ContainsFunc(threads, func(file string) bool {
			text, err := os.ReadFile(file)
			return err == nil && !strings.Contains(string(text), ") T ")
		})
		if len(threads) > 0 && !moving {
			return
		}
		if time.Now().After(end) {
			t.Fatalf("the process %d has %d threads and does not stand still", process, len(threads))
		}
	}
}

// TestHaltedRank stops a rank that does not lead: it is silent and not dead, and goes on.
func TestHaltedRank(t *testing.T) {
	c := startLocal(t, 3, 1)
	victim := c.conn.Launchers[1].PID
	halt(t, victim)
	p := script(1, "all print ok")
	p.ProgressAfter = 50 * time.Millisecond
	tr, done := begin(c, p)
	tr.find(t, "state 2 of 3 done; rank 1 without an answer")
	syscall.Kill(victim, syscall.SIGCONT)
	if o := await(t, done, 10*time.Second, tr); !o.OK() {
		t.Errorf("got %+v", o)
	}
}

// TestHaltedLeader stops the leader of a node: its heartbeats are missed.
func TestHaltedLeader(t *testing.T) {
	c := startLocal(t, 4, 2, func(c *Config) { c.beat = 200 * time.Millisecond })
	p := script(1, "all barrier")
	p.Grace = 200 * time.Millisecond
	tr, done := begin(c, p)
	halt(t, c.conn.Launchers[2].PID)
	o := await(t, done, 10*time.Second, tr)
	if o.Dead.String() != "[2-3]" {
		t.Errorf("got dead %v, want [2-3]", o.Dead)
	}
	tr.find(t, "the node n1 does not answer")
}

func TestStop(t *testing.T) {
	c := startLocal(t, 4, 2)
	_, done := begin(c, script(1, "all barrier"))
	time.Sleep(20 * time.Millisecond)
	pids, dir := c.conn.Launchers, c.dir
	if err := c.Stop(context.Background()); err != nil {
		t.Fatal(err)
	}
	if err := c.Stop(context.Background()); err != nil {
		t.Errorf("the second stop: %v", err)
	}
	noneAlive(t, pids, 5*time.Second)
	awaitAny(t, done, 10*time.Second, &transcript{})
	if _, err := dir.readConnection(); err == nil {
		t.Error("the directory is still there")
	}
	if _, err := c.Run(context.Background(), script(2, ""), nil); !errors.Is(err, ErrLost) {
		t.Errorf("a program after the stop: %v", err)
	}
}

// TestRestartEndsProgram restarts ranks that run a program which would not end.
func TestRestartEndsProgram(t *testing.T) {
	for _, what := range []string{"all sleep 1h", "1 barrier"} {
		c := startLocal(t, 2, 1)
		tr, done := begin(c, script(1, "all print begun\n"+what))
		tr.findAll(t, 2, "out begun")
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		if err := c.Restart(ctx); err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		cancel()
		if awaitAny(t, done, 10*time.Second, tr); !strings.Contains(tr.String(), "the cluster is gone: it was restarted") {
			t.Errorf("%s: the program shows %s", what, tr)
		}
		must(t, c, script(2, "all print new"), tr.show)
	}
}
