package launch

import (
	"context"
	"errors"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
	"time"
)

func attachTo(t *testing.T, id string) *Cluster {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	c, err := Attach(ctx, id)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { c.Stop(context.Background()) })
	return c
}

// TestAttach: a kernel leaves, another comes and finds the variables and the running program, whose
// output it sees from the beginning.
func TestAttach(t *testing.T) {
	first := startLocal(t, 4, 2)
	id := first.Info().ID
	must(t, first, script(1, "all set kept"), nil)
	file, open := gate(t)
	tr, left := begin(first, script(2, "all print begun\nall until "+file+"\nall print ended"))
	tr.findAll(t, 4, "out begun")
	first.Close()

	second := attachTo(t, id)
	if running, ok := second.Running(); !ok || running != 2 {
		t.Errorf("Running gives %d, %v; want 2", running, ok)
	}
	open()
	tr = &transcript{}
	o, err := second.Follow(context.Background(), tr.show)
	if err != nil || !o.OK() {
		t.Fatalf("follow: %+v, %v", o, err)
	}
	tr.findAll(t, 4, "out begun")
	tr.findAll(t, 4, "out ended")
	tr = &transcript{}
	must(t, second, script(1, "all get"), tr.show)
	if want := []string{"[0-3] out kept 0"}; apart(tr.lines) != apart(want) {
		t.Errorf("got %q, want the variable", tr)
	}
	if o := awaitAny(t, left, 10*time.Second, tr); o != nil {
		t.Errorf("the run of the first kernel gives %+v", o)
	}
	if second.Info().Nodes != 2 || len(second.Nodes()) != 2 {
		t.Errorf("got %+v on %v, want 2 nodes", second.Info(), second.Nodes())
	}
}

// TestAttachToDeadlock: what a kernel has left waiting does not stand in the way of the next for ever.
func TestAttachToDeadlock(t *testing.T) {
	first := startLocal(t, 2, 1)
	tr, _ := begin(first, script(1, "all print begun\nall barrier"))
	tr.findAll(t, 2, "out begun")
	first.Close()
	second := attachTo(t, first.Info().ID)
	tr, done := begin(second, script(1, "all loop"))
	if o := interrupt(t, second, 1, done, tr); !o.Interrupted || o.NeedsRestart {
		t.Errorf("got %+v", o)
	}
	if o := must(t, second, script(2, "all nothing"), nil); !o.OK() {
		t.Errorf("the next program: %+v", o)
	}
}

// TestTakeOver: two kernels cannot hold one cluster, and the first is told who has it.
func TestTakeOver(t *testing.T) {
	first := startLocal(t, 2, 1)
	second := attachTo(t, first.Info().ID)
	select {
	case <-first.Lost():
	case <-time.After(5 * time.Second):
		t.Fatal("the first kernel was not told")
	}
	if err := first.Err(); !errors.Is(err, ErrTaken) || !strings.Contains(err.Error(), "process ") {
		t.Errorf("got %v, want %v and the process that has it", err, ErrTaken)
	}
	if _, err := first.Run(context.Background(), script(1, "all nothing"), nil); !errors.Is(err, ErrTaken) {
		t.Errorf("a program of the first: %v", err)
	}
	first.Stop(context.Background())
	if o := must(t, second, script(1, "all nothing"), nil); !o.OK() {
		t.Errorf("the loser's stop has hit the winner: %+v", o)
	}
}

// TestStoppedByAnother: who stops the cluster of another kernel has taken it for that moment alone, and the first can
// start its ranks anew.
func TestStoppedByAnother(t *testing.T) {
	first := startLocal(t, 2, 1)
	if err := StopID(context.Background(), first.Info().ID); err != nil {
		t.Fatal(err)
	}
	select {
	case <-first.Lost():
	case <-time.After(5 * time.Second):
		t.Fatal("the first kernel was not told")
	}
	_, err := first.Run(context.Background(), script(1, "all nothing"), nil)
	for what, err := range map[string]error{"the cluster": first.Err(), "a program": err} {
		if !errors.Is(err, ErrLost) || errors.Is(err, ErrTaken) || !strings.Contains(err.Error(), "it was stopped by process ") {
			t.Errorf("%s: got %v, want %v and who has stopped it", what, err, ErrLost)
		}
	}
	if err := first.Restart(context.Background()); err != nil {
		t.Fatalf("restart: %v", err)
	}
	if o := must(t, first, script(2, "all nothing"), nil); !o.OK() {
		t.Errorf("after the restart: %+v", o)
	}
}

// TestLostConnection: the ranks find the same kernel again, and nothing of a run is lost or doubled.
func TestLostConnection(t *testing.T) {
	c := startLocal(t, 4, 2)
	tr, done := begin(c, script(1, strings.Repeat("all print x\nall sleep 30ms\n", 10)))
	for range 4 {
		time.Sleep(60 * time.Millisecond)
		c.hub.mu.Lock()
		if c.hub.link != nil {
			c.hub.link.close()
		}
		c.hub.mu.Unlock()
	}
	o := await(t, done, 10*time.Second, tr)
	n := 0
	for _, line := range tr.lines {
		set, _, _ := strings.Cut(line, "]")
		n += coreSet(set[1:]).Len()
	}
	if !o.OK() || n != 40 {
		t.Errorf("got %d lines of ranks, want 40; %+v\n%s", n, o, tr)
	}
}

// TestIdle: ranks go when there has been neither a kernel nor a program for a while, and not before.
func TestIdle(t *testing.T) {
	const idle = 400 * time.Millisecond
	c := startLocal(t, 4, 2, func(c *Config) { c.Idle = idle })
	pids, dir := c.conn.Launchers, c.dir
	stay := func(while string) {
		t.Helper()
		time.Sleep(2 * idle)
		for _, p := range pids {
			if !p.alive() {
				t.Fatalf("a rank has gone while %s", while)
			}
		}
	}
	must(t, c, script(1, "all nothing"), nil)
	stay("a kernel was there")
	file, open := gate(t)
	tr, done := begin(c, script(2, "all print begun\nall until "+file))
	tr.findAll(t, 4, "out begun")
	c.Close()
	awaitAny(t, done, 10*time.Second, tr)
	stay("a program ran")
	open()
	noneAlive(t, pids, 10*time.Second)
	if _, err := os.Stat(string(dir)); err == nil {
		t.Error("the directory is still there")
	}
}

// TestIdleBegins: a short idle time does not begin before there was a kernel, which may take its time at the start.
func TestIdleBegins(t *testing.T) {
	r := newRoot("", connection{Idle: time.Second}, &leader{})
	ago := func(d time.Duration) bool {
		r.since = time.Now().Add(-d)
		return r.expired()
	}
	if ago(registerTime/2) || !ago(2*registerTime) {
		t.Errorf("ranks that no kernel has called do not wait for %v", registerTime)
	}
	r.epoch = 1
	if ago(0) || !ago(registerTime/2) {
		t.Error("ranks that a kernel has left do not wait for their idle time")
	}
}

func TestList(t *testing.T) {
	c := startLocal(t, 2, 1, func(c *Config) { c.Name = "listed" })
	if all, err := List(); err != nil || !slices.ContainsFunc(all, func(i Info) bool { return i.ID == "listed" && i.State == "idle" && i.Kernel != "" }) {
		t.Errorf("a cluster that has just become ready: %+v, %v", all, err)
	}
	find := func(want func(Info) bool) Info {
		t.Helper()
		for end := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) {
			all, err := List()
			if err != nil {
				t.Fatal(err)
			}
			for _, i := range all {
				if i.ID == "listed" && want(i) {
					return i
				}
			}
			if time.Now().After(end) {
				t.Fatalf("got %+v", all)
			}
		}
	}
	i := find(func(i Info) bool { return i.State == "idle" && i.Kernel != "" })
	if i.Ranks != 2 || i.Nodes != 1 || i.Launcher != Local || i.IdleLeft != 0 {
		t.Errorf("got %+v", i)
	}
	tr, done := begin(c, script(7, "all sleep 1h"))
	find(func(i Info) bool { return i.State == "running" && i.Program == 7 })
	c.Interrupt(7)
	await(t, done, 10*time.Second, tr)
	c.Close()
	i = find(func(i Info) bool { return i.Kernel == "" && i.State == "idle" })
	if i.IdleLeft <= 29*time.Minute || i.IdleLeft > 30*time.Minute {
		t.Errorf("%v are left of the half hour", i.IdleLeft)
	}
	for _, p := range c.conn.Launchers {
		p.kill()
	}
	find(func(i Info) bool { return i.State == "unreachable" })
	if err := StopID(context.Background(), "listed"); err != nil {
		t.Error(err)
	}
	if _, err := Attach(context.Background(), "listed"); !errors.Is(err, ErrUnknown) {
		t.Errorf("got %v, want %v", err, ErrUnknown)
	}
}

// TestKilledKernel starts a cluster in a process that is killed, and takes the cluster.
func TestKilledKernel(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(self, "-test.run=TestKernelProcess$")
	cmd.Env = append(os.Environ(), "GOFIVE_TEST_KERNEL=killed")
	if err := cmd.Run(); err == nil || !strings.Contains(err.Error(), "killed") {
		t.Fatalf("the first kernel: %v", err)
	}
	c := attachTo(t, "killed")
	tr := &transcript{}
	if o := must(t, c, script(9, "all get"), tr.show); !o.OK() || apart(tr.lines) != apart([]string{"[0-3] out kept 0"}) {
		t.Errorf("got %+v\n%s", o, tr)
	}
	pids := c.conn.Launchers
	c.Stop(context.Background())
	noneAlive(t, pids, 5*time.Second)
}

// TestKernelProcess is the kernel of TestKilledKernel.
func TestKernelProcess(t *testing.T) {
	name := os.Getenv("GOFIVE_TEST_KERNEL")
	if name == "" {
		t.Skip("runs in a process of another test")
	}
	c, err := tryLocal(t, 4, 1, func(c *Config) { c.Name = name })
	if err != nil {
		t.Fatal(err)
	}
	must(t, c, script(1, "all set kept"), nil)
	thisProcess(os.Getpid()).kill()
	select {}
}

// TestWrongJob: ranks of a wrong job that come one after the other are all counted, and then it is said at once.
func TestWrongJob(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		h := newHub(nil, 3, 1, 0)
		begun, come := time.Now(), func() { h.welcome(nil, &join{size: 1}) }
		come()
		time.AfterFunc(strangerTime*3/4, come)
		time.AfterFunc(strangerTime*6/4, come)
		err := h.strange(t.Context(), Config{})
		if took := time.Since(begun); took != strangerTime*6/4 || !strings.Contains(err.Error(), "3 singletons: each of 3 ranks") {
			t.Errorf("got %v after %v", err, took)
		}
	})
}

func TestStartChecks(t *testing.T) {
	tests := []struct{ name, variable, value, want string }{
		{"singletons", "GOFIVE_TEST_ALONE", "1", "3 singletons: each of 3 ranks is alone instead of one of 3"},
		{"two builds", "GOFIVE_TEST_ODD", "odd", `"odd" on n0, ranks [1]`},
	}
	for _, tt := range tests {
		t.Setenv(tt.variable, tt.value)
		c, err := tryLocal(t, 3, 1)
		os.Unsetenv(tt.variable)
		if err == nil {
			c.Stop(context.Background())
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: got %v, want %q", tt.name, err, tt.want)
		}
	}
	if _, err := tryLocal(t, 3, 1, func(c *Config) { c.Engine = "/bin/false" }); err == nil || !strings.Contains(err.Error(), "exit status 1") {
		t.Errorf("a failing engine: %v", err)
	}
	if _, err := tryLocal(t, 3, 1, func(c *Config) { c.Engine = "/missing" }); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("no engine: %v", err)
	}
	if _, err := tryLocal(t, 3, 1, func(c *Config) { c.Launcher = Srun }); err == nil || !strings.Contains(err.Error(), "needs an engine with MPI") {
		t.Errorf("srun without an engine: %v", err)
	}
	for _, name := range []string{"a/b", "..", "a b", "-n"} {
		if _, err := tryLocal(t, 1, 1, func(c *Config) { c.Name = name }); err == nil || !strings.Contains(err.Error(), "cannot be called") {
			t.Errorf("the name %q: %v", name, err)
		}
		if _, err := Attach(context.Background(), name); !errors.Is(err, ErrUnknown) {
			t.Errorf("attach to %q: %v", name, err)
		}
	}
	root, _ := clustersRoot()
	if left, _ := os.ReadDir(root); len(left) > 0 {
		t.Errorf("failed starts have left %v", left)
	}
}
