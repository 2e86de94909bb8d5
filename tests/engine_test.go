package tests

import (
	"bytes"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"syscall"
	"testing"
)

// TestEngineCrash kills the engine in the middle of a cell, as a damaged file may do.
func TestEngineCrash(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	k.mustRun("x := 20\nx + 1", "21")
	before := k.engines()
	if len(before) != 1 {
		t.Fatalf("engines of kernel %d: got %v, want one", k.pid, before)
	}

	k.send(`fmt.Println("in the cell"); for { time.Sleep(time.Millisecond) }`)
	k.until("in the cell") // killing an idle engine is another story
	if err := syscall.Kill(before[0], syscall.SIGSEGV); err != nil {
		t.Fatal(err)
	}
	o := k.wait()
	if o.Status != "error" || o.Name != "engine" {
		t.Errorf("the cell: got %s %s: %s, want an error named engine", o.Status, o.Name, o.Value)
	}
	if !strings.Contains(o.Stdout, "in the cell") {
		t.Errorf("what the cell printed before is gone: %q", o.Stdout)
	}
	said := o.Value + "\n" + o.Traceback
	for _, want := range []string{"segmentation", "variables"} {
		if !strings.Contains(strings.ToLower(said), want) {
			t.Errorf("the message does not say %q:\n%s", want, said)
		}
	}

	k.mustRun("1+1", "2")
	if after := k.engines(); len(after) != 1 || after[0] == before[0] {
		t.Errorf("engines: before %v, after %v, want one new one", before, after)
	}
	if o := k.run("x"); o.Status != "error" {
		t.Errorf("x outlived its engine: %s", o.text())
	}
	k.mustRun("x := 3\nx", "3")
	if err := syscall.Kill(k.pid, 0); err != nil {
		t.Errorf("kernel process %d: %v", k.pid, err)
	}
}

// TestEngineDiesIdle kills the engine between two cells.
func TestEngineDiesIdle(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	k.mustRun("1+1", "2")
	for _, pid := range k.engines() {
		if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
			t.Fatal(err)
		}
	}
	for try := 0; k.run("2+2").text() != "4"; try++ {
		if try == 3 {
			t.Fatal("no cell works after the engine was killed between cells")
		}
	}
}

// TestInterrupt ends cells that would not end, by message, and finds the variables as they were.
func TestInterrupt(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	k.mustRun("n := 41\nn", "41")
	pids := k.engines()
	for _, code := range []string{
		"for {}",
		"for { n++ }",
		"<-make(chan int)",
		"func spin() { for {} }\nspin()",
		"time.Sleep(time.Hour)",
		"select {}",
	} {
		k.begin(code)
		k.interrupt()
		if o := k.wait(); o.Status != "error" || o.Name != "interrupted" {
			t.Errorf("%q: got %s %s: %s, want an error named interrupted", code, o.Status, o.Name, o.Value)
		}
	}
	k.mustRun("n >= 41", "true")
	if after := k.engines(); !slices.Equal(pids, after) {
		t.Errorf("engines: before %v, after %v, want the same", pids, after)
	}
}

// TestServedWhileRunning asks for completion while a cell runs.
func TestServedWhileRunning(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	k.mustRun("1+1", "2")
	k.begin("for {}")
	var got struct {
		Matches []string
		Failed  string
	}
	k.ask(&got, map[string]any{"do": "complete", "code": "strings.HasPr", "timeout": 20})
	if !slices.ContainsFunc(got.Matches, func(m string) bool { return strings.HasSuffix(m, "HasPrefix") }) {
		t.Errorf("completion beside a running cell: got %v %s", got.Matches, got.Failed)
	}
	k.interrupt()
}

// TestNoLibrary starts the kernel with engines that cannot run: it starts, and a cell says what to do.
func TestNoLibrary(t *testing.T) {
	w := newWorkspace(t)
	tests := []struct {
		name, engine string
		want         []string
	}{
		{"engine absent", filepath.Join(t.TempDir(), "gofive-engine"), []string{"gofive-engine", "gofive doctor"}},
		{"libhdf5 absent", withoutLibrary(t, w.gofive+"-engine"), []string{"libhdf5", "gofive doctor"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			k := startKernel(t, w, []string{"GOFIVE_ENGINE=" + tt.engine}, nil)
			for range 2 { // the second is no worse
				o := k.run("1+1")
				if o.Status != "error" || o.Name != "engine" {
					t.Fatalf("got %s %s: %s, want an error named engine", o.Status, o.Name, o.Value)
				}
				for _, want := range tt.want {
					if !strings.Contains(o.Value+"\n"+o.Traceback, want) {
						t.Errorf("the message does not say %q:\n%s\n%s", want, o.Value, o.Traceback)
					}
				}
			}
		})
	}
}

// withoutLibrary copies an engine and renames the libhdf5 it asks the loader for to one that no
// machine has.
func withoutLibrary(t *testing.T, engine string) string {
	t.Helper()
	data, err := os.ReadFile(engine)
	if err != nil {
		t.Fatal(err)
	}
	changed := regexp.MustCompile(`(\x00libhdf5\w*)\.so`).ReplaceAll(data, []byte("$1.no"))
	if bytes.Equal(changed, data) {
		t.Fatal("the engine asks for no libhdf5")
	}
	path := filepath.Join(t.TempDir(), "gofive-engine")
	if err := os.WriteFile(path, changed, 0o755); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestStdoutOfCells sets and closes os.Stdout, which is the engine's own file: a case of the cells' would close
// that of this test.
func TestStdoutOfCells(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	k.steps([]step{
		{code: "old := os.Stdout\nr, w, _ := os.Pipe()\nos.Stdout = w\nfmt.Print(\"caught \")\nfmt.Fprintln(os.Stdout, \"too\")\nos.Stdout = old\nw.Close()\n" +
			"text, _ := io.ReadAll(r)\nfmt.Println(\"seen\")\nstring(text)", value: "caught too\n", out: "seen\n"},
		{code: "r, w, _ = os.Pipe()\nos.Stdout = w"},
		{code: "fmt.Print(\"caught in a later cell\")"},
		{code: "os.Stdout = old\nw.Close()\ntext, _ = io.ReadAll(r)\nstring(text)", value: "caught in a later cell"},
		{code: "os.Stdout.Close()"},
		{code: "fmt.Println(\"again\")", out: "again\n"},
		{code: "os.Stdout = nil"},
		{code: "fmt.Println(\"and again\")", out: "and again\n"},
		{code: "os.Stderr.Close()"},
		{code: "println(\"told\")", err: "told\n"},
	})
}
