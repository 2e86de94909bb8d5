package history

import (
	"context"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"gofive/kernel/msg"
)

// start serves a Store until the test ends.
func start(t *testing.T, path string) *Store {
	t.Helper()
	s := New(path, func(trouble string) { t.Log(trouble) })
	go s.Run()
	t.Cleanup(func() {
		select {
		case <-s.done:
		default:
			<-s.Close()
		}
	})
	return s
}

// add adds cells, counting from 1, and waits until they are written.
func add(s *Store, inputs ...string) {
	for i, input := range inputs {
		s.Add(Cell{Line: i + 1, Input: input})
	}
	for len(s.waiting()) > 0 {
		time.Sleep(time.Millisecond)
	}
}

func find(t *testing.T, s *Store, q msg.HistoryRequest) string {
	t.Helper()
	cells, err := s.Find(t.Context(), q)
	if err != nil {
		t.Fatal(err)
	}
	var list []string
	for _, c := range cells {
		text := fmt.Sprintf("%d/%d %s", c.Session, c.Line, c.Input)
		if c.Output != nil {
			text += "=" + *c.Output
		}
		list = append(list, text)
	}
	return strings.Join(list, ", ")
}

func all(n int) msg.HistoryRequest { return msg.HistoryRequest{Access: "tail", N: n} }

// TestFind asks three sessions, the last of which has two cells that are not written yet.
func TestFind(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "history.sqlite")
	add(start(t, path), "a := 1", "b := 2", "b")
	add(start(t, path), "a := 1", "c [\n")
	s := start(t, path)
	add(s, "b", "α")
	lock(t, path)
	two := "2"
	s.Add(Cell{Line: 2, Input: "α", Output: &two})
	s.Add(Cell{Line: 3, Input: "a := 1"})
	for _, test := range []struct {
		name string
		q    msg.HistoryRequest
		want string
	}{
		{"tail", all(4), "2/2 c [\n, 3/1 b, 3/2 α=2, 3/3 a := 1"},
		{"tail of all", all(0), "1/1 a := 1, 1/2 b := 2, 1/3 b, 2/1 a := 1, 2/2 c [\n, 3/1 b, 3/2 α=2, 3/3 a := 1"},
		{"this session", msg.HistoryRequest{Access: "range"}, "3/1 b, 3/2 α=2, 3/3 a := 1"},
		{"this session by number", msg.HistoryRequest{Access: "range", Session: 3, Start: 2, Stop: 3}, "3/2 α=2"},
		{"the one before", msg.HistoryRequest{Access: "range", Session: -1}, "2/1 a := 1, 2/2 c [\n"},
		{"two before", msg.HistoryRequest{Access: "range", Session: -2, Start: 2}, "1/2 b := 2, 1/3 b"},
		{"before the first", msg.HistoryRequest{Access: "range", Session: -3}, ""},
		{"the first by number", msg.HistoryRequest{Access: "range", Session: 1, Stop: 2}, "1/1 a := 1"},
		{"search", msg.HistoryRequest{Access: "search", Pattern: "b*"}, "1/2 b := 2, 1/3 b, 3/1 b"},
		{"the last of a search", msg.HistoryRequest{Access: "search", Pattern: "b*", N: 2}, "1/3 b, 3/1 b"},
		{"unique", msg.HistoryRequest{Access: "search", Pattern: "[ab]*", Unique: true}, "1/2 b := 2, 3/1 b, 3/3 a := 1"},
		{"the last that are unique", msg.HistoryRequest{Access: "search", Pattern: "[ab]*", Unique: true, N: 2}, "3/1 b, 3/3 a := 1"},
		{"class that is not", msg.HistoryRequest{Access: "search", Pattern: "[^ab]"}, "3/2 α=2"},
		{"over line breaks", msg.HistoryRequest{Access: "search", Pattern: "*[[]*"}, "2/2 c [\n"},
		{"all of the text", msg.HistoryRequest{Access: "search", Pattern: "a"}, ""},
		{"no pattern", msg.HistoryRequest{Access: "search", N: 1}, "3/3 a := 1"},
		{"odd class", msg.HistoryRequest{Access: "search", Pattern: "[z-a"}, ""},
		{"not UTF-8", msg.HistoryRequest{Access: "search", Pattern: "\xff*"}, ""},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := find(t, s, test.q); got != test.want {
				t.Errorf("got %q, want %q", got, test.want)
			}
		})
	}
}

// lock keeps others from writing until the function that it returns is called, or the test ends.
func lock(t *testing.T, path string) (unlock func()) {
	t.Helper()
	other := &table{path: path}
	if err := other.open(); err != nil {
		t.Fatal(err)
	}
	if err := other.run("BEGIN IMMEDIATE"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(other.close)
	return other.close
}

// TestLocked writes later what could not be written.
func TestLocked(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.sqlite")
	add(start(t, path), "before")
	unlock := lock(t, path)
	s := start(t, path)
	s.Add(Cell{Line: 1, Input: "a"})
	if got, want := find(t, s, all(2)), "1/1 before, 0/1 a"; got != want {
		t.Errorf("locked: got %q, want %q", got, want)
	}
	unlock()
	add(s)
	if got, want := find(t, start(t, path), all(2)), "1/1 before, 2/1 a"; got != want || s.Trouble() != "" {
		t.Errorf("unlocked: got %q and trouble %q, want %q", got, s.Trouble(), want)
	}
}

// TestUnusable has files that cannot be written. The session is found all the same.
func TestUnusable(t *testing.T) {
	for _, test := range []struct {
		name  string
		spoil func(t *testing.T, path string) error
		want  string // in the trouble
	}{
		{"no database", func(t *testing.T, path string) error {
			return os.WriteFile(path, []byte(strings.Repeat("no database ", 1000)), 0o600)
		}, "file is not a database"},
		{"damaged", func(t *testing.T, path string) error {
			text, err := os.ReadFile(path)
			if err != nil {
				return err
			}
			for i := 100; i < len(text); i++ { // behind the header
				text[i] = 0xA5
			}
			return os.WriteFile(path, text, 0o600)
		}, "malformed"},
		{"a folder", func(t *testing.T, path string) error {
			os.Remove(path)
			return os.Mkdir(path, 0o700)
		}, "unable to open database file"},
		{"below a file", func(t *testing.T, path string) error {
			os.RemoveAll(filepath.Dir(path))
			return os.WriteFile(filepath.Dir(path), nil, 0o600)
		}, "not a directory"},
		{"another table", func(t *testing.T, path string) error {
			other := &table{path: path}
			defer other.close()
			if err := other.open(); err != nil {
				return err
			}
			if err := other.run("DROP TABLE main.cells"); err != nil {
				return err
			}
			return other.run("CREATE TABLE main.cells (x)")
		}, "no such column"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "gofive", "history.sqlite")
			first := start(t, path)
			add(first, "old")
			<-first.Close()
			if err := test.spoil(t, path); err != nil {
				t.Fatal(err)
			}
			told := make(chan string, 10)
			s := New(path, func(trouble string) { told <- trouble })
			go s.Run()
			defer func() { <-s.Close() }()
			s.Add(Cell{Line: 1, Input: "a"})
			if trouble := <-told; !strings.Contains(trouble, test.want) || s.Trouble() != trouble {
				t.Errorf("trouble %q, want %q in it", trouble, test.want)
			}
			s.Add(Cell{Line: 2, Input: "b"})
			if got, want := find(t, s, all(9)), "0/1 a, 0/2 b"; got != want {
				t.Errorf("got %q, want %q", got, want)
			}
			if got, want := find(t, s, msg.HistoryRequest{Access: "range", Start: 2}), "0/2 b"; got != want {
				t.Errorf("range: got %q, want %q", got, want)
			}
		})
	}
}

// TestFullDisk has one that takes a few pages.
func TestFullDisk(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.sqlite")
	table := &table{path: path}
	defer table.close()
	if err := table.write([]Cell{{Line: 1, Input: "a"}}); err != nil {
		t.Fatal(err)
	}
	large := []Cell{{Line: 2, Input: strings.Repeat("b", 1<<20)}}
	table.run("PRAGMA max_page_count = 4")
	if err := table.write(large); !is(err, diskFull) {
		t.Fatalf("error %v, want that the disk is full", err)
	}
	if got := table.find(all(9), large); len(got) != 2 || got[0].Session != 1 || got[1].Session != 1 {
		t.Errorf("full: %d cells, want the written one and the one that waits, of one session", len(got))
	}
	table.run("PRAGMA max_page_count = 4000")
	if err := table.write(large); err != nil {
		t.Errorf("with room again: %v", err)
	}
}

// TestKernelsShare has eight processes write at once, half of which are killed.
func TestKernelsShare(t *testing.T) {
	path := filepath.Join(t.TempDir(), "history.sqlite")
	const writers = 8
	var running []*exec.Cmd
	for range writers {
		cmd := exec.Command(os.Args[0], "-test.run=^TestWriter$")
		cmd.Env = append(os.Environ(), "GOFIVE_HISTORY_WRITER="+path)
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		running = append(running, cmd)
	}
	reader := start(t, path)
	for i, cmd := range running {
		if i%2 == 0 {
			for !strings.Contains(find(t, reader, all(0)), fmt.Sprintf("/1 %d", cmd.Process.Pid)) {
				time.Sleep(time.Millisecond)
			}
			cmd.Process.Kill()
			cmd.Wait()
			continue
		}
		if err := cmd.Wait(); err != nil {
			t.Error(err)
		}
	}
	cells, err := reader.Find(t.Context(), all(0))
	if err != nil {
		t.Fatal(err)
	}
	lines, inputs := map[int]int{}, map[int]string{}
	for _, c := range cells {
		lines[c.Session]++
		if inputs[c.Session] == "" {
			inputs[c.Session] = c.Input
		}
		if c.Line != lines[c.Session] || c.Input != inputs[c.Session] {
			t.Errorf("session %d of process %s has line %d of process %s after %d lines", c.Session, inputs[c.Session], c.Line, c.Input, lines[c.Session]-1)
		}
	}
	if len(lines) != writers {
		t.Errorf("%d sessions, want %d", len(lines), writers)
	}
	for i, cmd := range running {
		for session, input := range inputs {
			if i%2 == 1 && input == fmt.Sprint(cmd.Process.Pid) && lines[session] != written {
				t.Errorf("process %s has %d cells, want %d", input, lines[session], written)
			}
		}
	}
}

// written is how many cells a process of TestKernelsShare writes.
const written = 20

// TestWriter is such a process: its cells hold its number.
func TestWriter(t *testing.T) {
	path := os.Getenv("GOFIVE_HISTORY_WRITER")
	if path == "" {
		t.Skip("SKIP: it is part of TestKernelsShare")
	}
	table := &table{path: path}
	defer table.close()
	for line := 1; line <= written; {
		err := table.write([]Cell{{Line: line, Input: fmt.Sprint(os.Getpid())}})
		switch {
		case err == nil:
			line++
		case !isBusy(err):
			t.Fatal(err)
		}
	}
}

// TestPath reads the environment as Jupyter does.
func TestPath(t *testing.T) {
	for _, test := range []struct{ jupyter, xdg, home, want string }{
		{"/j", "/x", "/h", "/j/gofive/history.sqlite"},
		{"", "/x", "/h", "/x/gofive/history.sqlite"},
		{"", "", "/h", "/h/.local/share/gofive/history.sqlite"},
		{"", "", "", ""},
	} {
		t.Setenv("JUPYTER_DATA_DIR", test.jupyter)
		t.Setenv("XDG_DATA_HOME", test.xdg)
		t.Setenv("HOME", test.home)
		if got := Path(); got != test.want {
			t.Errorf("%+v: got %q", test, got)
		}
	}
}

// TestOnlyItsUserReads looks at the file and its folder.
func TestOnlyItsUserReads(t *testing.T) {
	path := filepath.Join(t.TempDir(), "gofive", "history.sqlite")
	add(start(t, path), "secret")
	for name, want := range map[string]os.FileMode{path: 0o600, filepath.Dir(path): 0o700} {
		info, err := os.Stat(name)
		if err != nil {
			t.Fatal(err)
		}
		if got := info.Mode().Perm(); got != want {
			t.Errorf("%s has mode %v, want %v", filepath.Base(name), got, want)
		}
	}
}

// TestFileSystemAway has nobody who serves the Store, as when a file system never answers.
func TestFileSystemAway(t *testing.T) {
	s := New("/away/history.sqlite", func(string) {})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := s.Find(ctx, all(1)); err == nil || !strings.Contains(err.Error(), "/away/history.sqlite does not answer") {
		t.Errorf("error %v, want what does not answer", err)
	}
}
