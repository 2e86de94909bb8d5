package kernel_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"gofive/kernel"
	"gofive/kernel/kerneltest"
	"gofive/kernel/msg"
)

func TestHistory(t *testing.T) {
	s := kerneltest.Start(t, nil)
	for _, code := range []string{"print a", "result 2", "print b", "print a", "print [\n"} {
		s.Execute(code)
	}
	for _, change := range []func(*msg.ExecuteRequest){
		func(r *msg.ExecuteRequest) { r.Silent = true },
		func(r *msg.ExecuteRequest) { r.StoreHistory = false },
		func(r *msg.ExecuteRequest) { r.Code = " \n" },
	} {
		request := kerneltest.Code("print not kept")
		change(&request)
		s.Do(kernel.Shell, "execute_request", request)
	}
	for _, test := range []struct{ name, content, want string }{
		{"tail", `{"hist_access_type":"tail","n":2}`, `[[1 4 print a] [1 5 print [\n]]`},
		{"tail of all", `{"hist_access_type":"tail","n":99}`, `[[1 1 print a] [1 2 result 2] [1 3 print b] [1 4 print a] [1 5 print [\n]]`},
		{"range", `{"hist_access_type":"range","start":2,"stop":4,"raw":true}`, `[[1 2 result 2] [1 3 print b]]`},
		{"range to the end", `{"hist_access_type":"range","session":1,"start":5}`, `[[1 5 print [\n]]`},
		{"range of the session before", `{"hist_access_type":"range","session":-1,"start":1}`, `[]`},
		{"search", `{"hist_access_type":"search","pattern":"*nt ?"}`, `[[1 1 print a] [1 3 print b] [1 4 print a]]`},
		{"search unique", `{"hist_access_type":"search","pattern":"print ?","unique":true}`, `[[1 3 print b] [1 4 print a]]`},
		{"search class", `{"hist_access_type":"search","pattern":"print [^a-]","n":1}`, `[[1 3 print b]]`},
		{"search all of it", `{"hist_access_type":"search","pattern":"print"}`, `[]`},
		{"search odd class", `{"hist_access_type":"search","pattern":"print [z-a]"}`, `[]`},
		{"search what is not UTF-8", `{"hist_access_type":"search","pattern":"\ud800*"}`, `[]`},
		{"search over line breaks", `{"hist_access_type":"search","pattern":"*[[]*"}`, `[[1 5 print [\n]]`},
		{"output", `{"hist_access_type":"range","start":1,"stop":3,"output":true}`, `[[1 1 [print a <nil>]] [1 2 [result 2 2]]]`},
	} {
		t.Run(test.name, func(t *testing.T) {
			x := s.Do(kernel.Shell, "history_request", rawJSON(test.content))
			if got := strings.ReplaceAll(fmt.Sprint(x.Get("history")), "\n", `\n`); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
}

// TestHistoryOfAllSessions restarts a kernel, runs another beside it, and loses its engine.
func TestHistoryOfAllSessions(t *testing.T) {
	file := filepath.Join(t.TempDir(), "history.sqlite")
	first := startWireWith(t, "tcp", "hmac-sha256", "k", file)
	c := first.client("c")
	c.Execute("print a")
	c.Execute("result 2")
	c.Do(kernel.Control, "shutdown_request", msg.ShutdownRequest{})
	<-first.done

	second := startWireWith(t, "ipc", "hmac-sha256", "k", file).client("c")
	beside := startWireWith(t, "tcp", "hmac-sha256", "k", file).client("c")
	second.Execute("print b")
	second.Execute("die")
	history := func(c *kerneltest.Client, content string) string {
		return fmt.Sprint(c.Do(kernel.Shell, "history_request", rawJSON(content)).Get("history"))
	}
	history(second, `{"hist_access_type":"tail","n":1}`) // it has its number before the one beside it
	beside.Execute("print c")
	second.Execute("print d")
	for _, test := range []struct {
		name    string
		c       *kerneltest.Client
		content string
		want    string
	}{
		{"this session", second, `{"hist_access_type":"range"}`, "[[2 1 print b] [2 2 die] [2 3 print d]]"},
		{"the one before", second, `{"hist_access_type":"range","session":-1,"start":1,"stop":2}`, "[[1 1 print a]]"},
		{"the one before, of the other", beside, `{"hist_access_type":"range","session":-2,"output":true}`, "[[1 1 [print a <nil>]] [1 2 [result 2 2]]]"},
		{"the one before that", second, `{"hist_access_type":"range","session":-2}`, "[]"},
		{"by its number", beside, `{"hist_access_type":"range","session":1,"start":2}`, "[[1 2 result 2]]"},
		{"tail", beside, `{"hist_access_type":"tail","n":1}`, "[[3 1 print c]]"},
		{"search", second, `{"hist_access_type":"search","pattern":"print [ab]"}`, "[[1 1 print a] [2 1 print b]]"},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := history(test.c, test.content); got != test.want {
				t.Errorf("got %s, want %s", got, test.want)
			}
		})
	}
	for code, want := range map[string]string{
		"%history":            "print b\ndie\nprint d\n",
		"%history -n":         "1: print b\n2: die\n3: print d\n",
		"%history -n -g nt ?": "1/1: print a\n2/1: print b\n2/3: print d\n3/1: print c\n",
		"%history -g e?lt":    "",
	} {
		request := kerneltest.Code(code)
		request.StoreHistory = false
		if got := second.Do(kernel.Shell, "execute_request", request).Text("stdout"); got != want {
			t.Errorf("%s: got %q, want %q", code, got, want)
		}
	}
	if x := second.Execute("%history 3"); x.Get("ename") != "magic" || !strings.Contains(x.Get("evalue").(string), `"3" is neither`) {
		t.Errorf("%%history 3: %v, want that it takes no 3", x.Get("evalue"))
	}
}

// TestHistoryThatCannotBeKept goes on, and says so where somebody looks for it.
func TestHistoryThatCannotBeKept(t *testing.T) {
	file := filepath.Join(t.TempDir(), "history.sqlite")
	if err := os.WriteFile(file, []byte(strings.Repeat("no database ", 1000)), 0o600); err != nil {
		t.Fatal(err)
	}
	w := startWireWith(t, "tcp", "hmac-sha256", "k", file)
	c := w.client("c")
	for range 3 {
		c.Execute("print a")
	}
	x := c.Execute("%history -n")
	if got, want := x.Text("stdout"), "1: print a\n2: print a\n3: print a\n4: %history -n\n"; got != want {
		t.Errorf("stdout %q, want %q", got, want)
	}
	if got := x.Text("stderr"); !strings.Contains(got, "file is not a database") || !strings.Contains(got, "move it away") {
		t.Errorf("stderr %q, want why nothing is kept", got)
	}
	if got := strings.Count(w.log.String(), "history:"); got != 1 {
		t.Errorf("the log has %d notes, want one:\n%s", got, w.log)
	}
}
