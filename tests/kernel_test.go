package tests

import (
	"bytes"
	"encoding/json"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"
)

// kernel is a real kernel held by the real Jupyter client, which driver.py is.
type kernel struct {
	t   *testing.T
	pid int
	in  io.WriteCloser
	out *json.Decoder

	last string // the cell sent last, for messages
}

// outcome is what one cell did: what it published and how it ended.
type outcome struct {
	Status    string           // "ok" or "error"
	Name      string           `json:"ename"`
	Value     string           `json:"evalue"`
	Traceback string           // lines, with ANSI colours
	Stdout    string           //
	Stderr    string           //
	Result    map[string]any   // MIME bundle of execute_result
	Displays  []map[string]any // MIME bundles of display_data
	Updates   []map[string]any // MIME bundles of update_display_data
	Comms     []commMessage    // what was said over comms
	Order     []string         // message types on iopub, as they came
	Count     int              //
	Failed    string           // the driver's own trouble
}

// memory is what each process of a kernel may take: a damaged file can ask for all there is.
const memory = 8_000_000_000

// startKernel starts a kernel in a new folder of its own that holds the files, which are linked to
// by their names there.
func startKernel(t *testing.T, w *workspace, env []string, files map[string]string) *kernel {
	t.Helper()
	dir := t.TempDir()
	for name, target := range files {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	cmd := exec.Command(python(t, "jupyter_client"), filepath.Join(repoRoot(t), "tests", "driver.py"))
	cmd.Env = w.env(t, env...)
	var errs lockedBuffer
	cmd.Stderr = &errs
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		in.Close()
		stuck := time.AfterFunc(30*time.Second, func() { cmd.Process.Kill() })
		defer stuck.Stop()
		if err := cmd.Wait(); err != nil {
			t.Errorf("driver.py: %v", err)
		}
		if t.Failed() {
			t.Logf("what kernel and driver wrote to stderr:\n%s", errs.String())
		}
	})
	k := &kernel{t: t, in: in, out: json.NewDecoder(out)}
	var started struct {
		Pid    int
		Failed string
	}
	k.ask(new(struct{}), map[string]any{"do": "limit", "bytes": memory})
	k.ask(&started, map[string]any{"do": "start", "kernel": "gofive", "cwd": dir})
	if started.Failed != "" {
		t.Fatalf("start the kernel: %s", started.Failed)
	}
	k.pid = started.Pid
	return k
}

// ask sends one line to the driver and decodes its answer.
func (k *kernel) ask(answer any, line map[string]any) {
	k.t.Helper()
	text, err := json.Marshal(line)
	if err != nil {
		k.t.Fatal(err)
	}
	if _, err := k.in.Write(append(text, '\n')); err != nil {
		k.t.Fatalf("driver.py: %v", err)
	}
	if err := k.out.Decode(answer); err != nil {
		k.t.Fatalf("driver.py: %v", err)
	}
}

// send starts a cell; wait gives its outcome.
func (k *kernel) send(code string) {
	k.t.Helper()
	k.last = code
	k.ask(new(struct{}), map[string]any{"do": "send", "code": code})
}

// begin starts a cell and returns when it runs: what an interrupt finds earlier is a request.
func (k *kernel) begin(code string) {
	k.t.Helper()
	k.send("fmt.Println(\"it runs\")\n" + code)
	k.until("it runs")
}

// until waits until the cell that was sent last has printed or shown a text.
func (k *kernel) until(text string) {
	k.t.Helper()
	k.untilOf("", text)
}

// untilOf is until for what a message over a comm causes.
func (k *kernel) untilOf(id, text string) {
	k.t.Helper()
	var done struct{ Failed string }
	k.ask(&done, map[string]any{"do": "until", "id": id, "text": text, "timeout": 120})
	if done.Failed != "" {
		k.t.Fatalf("%s: %q is not printed by\n%s", done.Failed, text, k.last)
	}
}

// late waits until the cell that was sent last has printed a text, a part of which it had printed when it ended.
func (k *kernel) late(printed, text string) string {
	k.t.Helper()
	for !strings.Contains(printed, text) {
		var more struct{ Text, Failed string }
		k.ask(&more, map[string]any{"do": "late", "timeout": 60})
		if more.Failed != "" {
			k.t.Fatalf("%s: %q is not printed, only %q, by\n%s", more.Failed, text, printed, k.last)
		}
		printed += more.Text
	}
	return printed
}

// wait allows two minutes, which only a hanging kernel takes.
func (k *kernel) wait() outcome {
	k.t.Helper()
	var o outcome
	k.ask(&o, map[string]any{"do": "wait", "timeout": 120})
	if o.Failed != "" {
		k.t.Fatalf("%s after the cell\n%s", o.Failed, k.last)
	}
	return o
}

func (k *kernel) run(code string) outcome {
	k.t.Helper()
	k.send(code)
	return k.wait()
}

// runOrInterrupt is run for a cell that may be stuck in C code: after limit seconds it is interrupted,
// as a person would do.
func (k *kernel) runOrInterrupt(code string, limit int) (o outcome, interrupted bool) {
	k.t.Helper()
	k.send(code)
	k.ask(&o, map[string]any{"do": "wait", "timeout": limit})
	if o.Failed == "" {
		return o, false
	}
	k.interrupt()
	return k.wait(), true
}

// mustRun runs a cell that has to succeed and whose value has to be shown as want.
func (k *kernel) mustRun(code, want string) {
	k.t.Helper()
	o := k.run(code)
	if got := o.text(); o.Status != "ok" || got != want {
		k.t.Fatalf("cell %q: got %s %q %s, want %q", code, o.Status, got, o.Traceback, want)
	}
}

// interrupt interrupts as the kernelspec says, by message, and waits for the reply.
func (k *kernel) interrupt() {
	k.t.Helper()
	var done struct{ Failed string }
	k.ask(&done, map[string]any{"do": "interrupt"})
	if done.Failed != "" {
		k.t.Fatalf("interrupt: %s", done.Failed)
	}
}

// engines are the process ids of the kernel's engines.
func (k *kernel) engines() []int {
	k.t.Helper()
	return enginesOf(k.t, k.pid)
}

// enginesOf are the process ids of the engines of a kernel process.
func enginesOf(t *testing.T, kernel int) []int {
	t.Helper()
	var pids []int
	stats, err := filepath.Glob("/proc/[0-9]*/stat")
	if err != nil {
		t.Fatal(err)
	}
	for _, stat := range stats {
		text, err := os.ReadFile(stat)
		if err != nil {
			continue // it ended meanwhile
		}
		// pid (name) state parent ...; the name may hold blanks and brackets.
		_, rest, _ := strings.Cut(string(text[bytes.LastIndexByte(text, ')')+1:]), " ")
		fields := strings.Fields(rest)
		if len(fields) > 1 && fields[0] != "Z" && fields[1] == strconv.Itoa(kernel) && bytes.Contains(text, []byte("(gofive-engine)")) {
			pid, err := strconv.Atoi(filepath.Base(filepath.Dir(stat)))
			if err != nil {
				t.Fatal(err)
			}
			pids = append(pids, pid)
		}
	}
	return pids
}

// text is the plain form of the cell's value, "" when it showed none.
func (o outcome) text() string {
	s, _ := o.Result["text/plain"].(string)
	return s
}

// lockedBuffer takes what a process writes while a test reads it.
type lockedBuffer struct {
	mu  sync.Mutex
	buf bytes.Buffer
}

func (b *lockedBuffer) Write(p []byte) (int, error) {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.Write(p)
}

func (b *lockedBuffer) String() string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.buf.String()
}
