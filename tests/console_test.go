package tests

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// console is a jupyter console in a terminal of tmux, which has a server of its own.
type console struct {
	t      *testing.T
	socket string
	env    []string
}

// startConsole starts a jupyter console of our kernel in dir and waits for its first prompt.
func startConsole(t *testing.T, dir string, env []string, options ...string) *console {
	t.Helper()
	py := python(t, "jupyter_console")
	if _, err := exec.LookPath("tmux"); err != nil {
		missing(t, "tmux", "apt install tmux")
	}
	c := &console{t, filepath.Join(t.TempDir(), "tmux"), append(env, "LC_ALL=C.UTF-8", "TERM=xterm-256color")}
	t.Cleanup(func() { c.tmux("kill-server") })
	// When the kernel has once taken longer to say whether a cell is complete the console never asks again.
	options = append(options, "--ZMQTerminalInteractiveShell.kernel_is_complete_timeout=60")
	run := fmt.Sprintf("'%s' '%s' --kernel gofive %s", py, filepath.Join(repoRoot(t), "tests", "console.py"), strings.Join(options, " "))
	c.tmux("-f", os.DevNull, "new-session", "-d", "-x", "100", "-y", "150", "-c", dir, run)
	c.await("", "In [1]:")
	return c
}

func (c *console) tmux(args ...string) string {
	c.t.Helper()
	cmd := exec.Command("tmux", append([]string{"-u", "-S", c.socket}, args...)...)
	cmd.Env = c.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		c.t.Errorf("tmux %s: %v\n%s", args, err, out)
	}
	return string(out)
}

// press types keys as tmux names them; line types a text and Enter.
func (c *console) press(keys ...string) { c.tmux(append([]string{"send-keys"}, keys...)...) }

func (c *console) line(text string) {
	c.tmux("send-keys", "-l", text, ";", "send-keys", "Enter")
}

// screen is what the terminal shows; with colours each change of them is an escape sequence.
func (c *console) screen(colours bool) string {
	if colours {
		return c.tmux("capture-pane", "-p", "-e")
	}
	return c.tmux("capture-pane", "-p")
}

// await waits until the screen shows a text and its last line is the prompt, any for "". It rests then: the console fails when
// more from the terminal reaches it while it asks the kernel, and the terminal shows no ^C while its mode changes for a cell.
func (c *console) await(text, prompt string) {
	c.t.Helper()
	for deadline := time.Now().Add(2 * time.Minute); ; time.Sleep(50 * time.Millisecond) {
		seen := strings.TrimSpace(c.screen(false))
		last := seen[strings.LastIndexByte(seen, '\n')+1:]
		if strings.Contains(seen, text) && (prompt == "" || last == prompt) {
			time.Sleep(700 * time.Millisecond)
			return
		}
		if time.Now().After(deadline) {
			c.t.Fatalf("the console never shows %q and %q:\n%s", text, prompt, seen)
		}
	}
}

// TestConsole types cells into a real jupyter console.
func TestConsole(t *testing.T) {
	w := newWorkspace(t)
	c := startConsole(t, filepath.Dir(w.sample), w.env(t))
	const more = "   ...:"
	for _, step := range []struct{ line, shows, prompt string }{
		{"func add(a, b int) int {", "", more},
		{"return a + b // it's", "   ...:     return a + b // it's\n", more},
		{"}", "", "In [2]:"},
		{"add(20,", "", more},
		{"22)", "Out[2]: 42\n", "In [3]:"},
		{"%%time", "", more},
		{"x := add(1, 2)", "   ...: x := add(1, 2)\n", more},
		{"y := x * 7", "   ...: y := x * 7\n", more},
		{"", "", "In [4]:"},
		{"y", "Out[4]: 21\n", "In [5]:"},
		{"%%bash", "", more},
		{"echo it\\'s bash", "", more},
		{"", "\nit's bash\n", "In [6]:"},
		{"!echo `echo shell` /*/nowhere", "\nshell /*/nowhere\n", "In [7]:"},
		{`h5.Open("sample.h5")`, "└── 3655/", "In [8]:"},
		{`fmt.Println("printed", x)`, "\nprinted 3\n", "In [9]:"},
		{"nothing", "undefined: nothing", "In [10]:"},
	} {
		c.line(step.line)
		c.await(step.shows, step.prompt)
	}
	for _, step := range []struct{ typed, becomes string }{
		{"%lsma", "%lsmagic"},
		{"strings.EqualF", "strings.EqualFold"},
	} {
		c.tmux("send-keys", "-l", step.typed)
		c.press("Tab")
		c.await("", "In [10]: "+step.becomes)
		c.press("C-c")
		c.await("", "In [10]:")
	}
	if plain := c.screen(false); strings.Contains(plain, "^I") {
		t.Errorf("a tab is on the screen:\n%s", plain)
	}
	coloured := regexp.MustCompile(`\x1b\[[\d;]*m(func|return)\x1b\[`)
	if seen := coloured.FindAllString(c.screen(true), -1); len(seen) != 2 {
		t.Errorf("words of Go in colours: %q, want func and return in\n%s", seen, c.screen(true))
	}
}

// TestConsoleInterrupt types Ctrl-C while a cell runs. prompt_toolkit before 3.0.42 takes the console's handler of
// SIGINT away, so with it only the simple prompt passes Ctrl-C on; the kernel, in a session of its own, never gets it
// from the terminal.
func TestConsoleInterrupt(t *testing.T) {
	w := newWorkspace(t)
	dir, env := filepath.Dir(w.sample), w.env(t)
	t.Run("simple prompt", func(t *testing.T) {
		c := startConsole(t, dir, env, "--simple-prompt")
		c.line(`x := 7; fmt.Println("started"); for { }`)
		c.await("\nstarted", "started")
		c.press("C-c")
		c.await("interrupted", "In [2]:")
		c.line("x")
		c.await("Out[2]: 7", "In [3]:")
	})
	t.Run("any prompt", func(t *testing.T) {
		c := startConsole(t, dir, env)
		ends := filepath.Join(dir, "ends")
		c.line(`x := 7; fmt.Println("started"); for _, err := os.Stat("ends"); err != nil; _, err = os.Stat("ends") { }`)
		c.await("\nstarted", "started")
		c.press("C-c")
		c.await("started\n^C", "") // the console may show a prompt at once and ask the kernel behind it
		if err := os.WriteFile(ends, nil, 0o600); err != nil {
			t.Fatal(err)
		}
		defer os.Remove(ends)
		c.await("started\n^C", "In [2]:")
		c.line("x")
		c.await("Out[2]: 7", "") // the console's own count goes wrong with an interrupt that it does not pass on
	})
}
