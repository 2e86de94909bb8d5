package kernel_test

import (
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gofive/kernel"
	"gofive/kernel/engine"
	"gofive/kernel/kerneltest"
	"gofive/kernel/msg"
)

// cellTests are single cells and what a front end gets for them.
var cellTests = []struct {
	name   string
	change func(*msg.ExecuteRequest)
	code   string
	types  string // of what is published
	stdout string
	status string
	ename  string
	count  float64 // execution count of the reply
}{
	{name: "print", code: "print hello", types: "busy execute_input stream idle", stdout: "hello\n", status: "ok", count: 1},
	{name: "result", code: "result 2", types: "busy execute_input execute_result idle", status: "ok", count: 1},
	{name: "streams keep their order", code: "print a\neprint b\nprint c", types: "busy execute_input stream stream stream idle", stdout: "a\nc\n", status: "ok", count: 1},
	{name: "display", code: "show d one\nupdate d two\nclear", types: "busy execute_input display_data update_display_data clear_output idle", status: "ok", count: 1},
	{name: "text before display", code: "print a\nprint b\nshow d x", types: "busy execute_input stream stream display_data idle", stdout: "a\nb\n", status: "ok", count: 1},
	{name: "error", code: "print a\nerror no", types: "busy execute_input stream error idle", stdout: "a\n", status: "error", ename: "error", count: 1},
	{name: "compile error", code: "print a\nundefined x", types: "busy execute_input error idle", status: "error", ename: "compile error", count: 1},
	{name: "bug", code: "bug oops", types: "busy execute_input error idle", status: "error", ename: "kernel bug", count: 1},
	{name: "note", code: "note said first\nprint a", types: "busy execute_input stream stream idle", stdout: "a\n", status: "ok", count: 1},
	{name: "empty", code: " \n", types: "busy execute_input idle", status: "ok", count: 0},
	{name: "silent", code: "print a\nresult 2", change: func(r *msg.ExecuteRequest) { r.Silent = true },
		types: "busy stream idle", stdout: "a\n", status: "ok", count: 0},
	{name: "silent error", code: "eprint a\nerror no", change: func(r *msg.ExecuteRequest) { r.Silent = true },
		types: "busy stream error idle", status: "error", ename: "error", count: 0},
	{name: "expressions of a failing cell", code: "error no", change: func(r *msg.ExecuteRequest) { r.UserExpressions = map[string]string{"a": "print no"} },
		types: "busy execute_input error idle", status: "error", ename: "error", count: 1},
	{name: "not stored", code: "result 2", change: func(r *msg.ExecuteRequest) { r.StoreHistory = false },
		types: "busy execute_input execute_result idle", status: "ok", count: 0},
	{name: "no stdin", code: "ask name", change: func(r *msg.ExecuteRequest) { r.AllowStdin = false },
		types: "busy execute_input error idle", status: "error", ename: "error", count: 1},
	{name: "not UTF-8", code: "print a\nprint \xff", types: "busy execute_input error idle", status: "error", ename: "compile error", count: 1},
	{name: "NUL", code: "print \x00", types: "busy execute_input error idle", status: "error", ename: "compile error", count: 1},
	{name: "split rune", code: `write a\xe2\x82` + "\n" + `write \xacb\xff` + "\n" + `write \xe2`,
		types: "busy execute_input stream stream stream idle", stdout: "a€b\uFFFD\uFFFD", status: "ok", count: 1},
}

func TestCell(t *testing.T) {
	for _, test := range cellTests {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := kerneltest.Start(t, nil)
				request := kerneltest.Code(test.code)
				if test.change != nil {
					test.change(&request)
				}
				x := s.Do(kernel.Shell, "execute_request", rawCode(request))
				if got := x.Types(); got != test.types {
					t.Errorf("published %s, want %s", got, test.types)
				}
				if got := x.Text("stdout"); got != test.stdout {
					t.Errorf("stdout %q, want %q", got, test.stdout)
				}
				if got := x.Get("status"); got != test.status {
					t.Errorf("status %v, want %s", got, test.status)
				}
				if got, _ := x.Get("ename").(string); got != test.ename {
					t.Errorf("ename %q, want %q", got, test.ename)
				}
				if got := x.Get("execution_count"); got != test.count {
					t.Errorf("execution count %v, want %v", got, test.count)
				}
			})
		})
	}
}

// rawCode writes a request whose code may be no UTF-8, which json.Marshal would mend.
func rawCode(r msg.ExecuteRequest) any {
	code := r.Code
	r.Code = "@"
	return rawJSON(strings.Replace(string(msg.MustMarshal(r)), "@", strings.NewReplacer("\n", `\n`, "\x00", `\u0000`, `\`, `\\`).Replace(code), 1))
}

// rawJSON is written as it is.
type rawJSON []byte

func (r rawJSON) MarshalJSON() ([]byte, error) { return r, nil }

func TestCompileErrorShowsTheLine(t *testing.T) {
	s := kerneltest.Start(t, nil)
	x := s.Execute("print a\nundefined x\nundefined y")
	if got, want := x.Get("evalue"), "In[1]:2:11: undefined: x (and 1 more)"; got != want {
		t.Errorf("evalue %q, want %q", got, want)
	}
	traceback := x.Get("traceback").([]any)
	for i, want := range []string{
		"\x1b[31mIn[1]:2:11: undefined: x\x1b[0m", "    undefined x", "              ^",
		"\x1b[31mIn[1]:3:11: undefined: y\x1b[0m", "    undefined y", "              ^",
	} {
		if got := traceback[i]; got != want {
			t.Errorf("line %d of the traceback %q, want %q", i+1, got, want)
		}
	}
}

func TestParentIsTheRequest(t *testing.T) {
	s := kerneltest.Start(t, nil)
	h := s.Header("execute_request")
	h.Raw = append(msg.MustMarshal(h)[:len(msg.MustMarshal(h))-1], `,"extra":{"kept":[1]}}`...)
	x := s.Wait(s.SendMessage(kernel.Shell, &msg.Message{Header: h, Content: msg.MustMarshal(kerneltest.Code("print a"))}))
	for _, m := range append(x.Published, x.Reply) {
		if string(m.Parent.Raw) != string(h.Raw) {
			t.Errorf("parent of %s is %s, want %s", m.Header.Type, m.Parent.Raw, h.Raw)
		}
	}
}

func TestCountsAndNames(t *testing.T) {
	s := kerneltest.Start(t, nil)
	s.Execute("print a")
	silent := kerneltest.Code("print b")
	silent.Silent = true
	s.Do(kernel.Shell, "execute_request", silent)
	s.Execute("undefined x")
	if got := s.Execute("print c").Get("execution_count"); got != 3.0 {
		t.Errorf("execution count %v, want 3", got)
	}
	var names []string
	for _, p := range s.Engine.Ran() {
		names = append(names, p.Name)
	}
	if got, want := strings.Join(names, " "), "In[1] Aside[1] In[3]"; got != want {
		t.Errorf("cells %s, want %s", got, want)
	}
}

// TestUserExpressions has one among them that does not end by itself; the bubble's clock makes its
// second a short one.
func TestUserExpressions(t *testing.T) { synctest.Test(t, testUserExpressions) }

func testUserExpressions(t *testing.T) {
	s := kerneltest.Start(t, nil)
	request := kerneltest.Code("print a")
	request.UserExpressions = map[string]string{
		"fine": "print p\nresult 7", "wrong": "undefined q", "failing": "error no", "slow": "wait", "nothing": "print z", "buggy": "bug oops",
	}
	x := s.Do(kernel.Shell, "execute_request", request)
	values := x.Get("user_expressions").(map[string]any)
	for key, want := range map[string][2]any{
		"fine": {"ok", nil}, "nothing": {"ok", nil}, "wrong": {"error", "compile error"},
		"failing": {"error", "error"}, "slow": {"error", "interrupted"}, "buggy": {"error", "kernel bug"},
	} {
		got := values[key].(map[string]any)
		if got["status"] != want[0] || got["ename"] != want[1] {
			t.Errorf("%s: %v, want status %v and ename %v", key, got, want[0], want[1])
		}
	}
	if data := values["fine"].(map[string]any)["data"].(map[string]any)["text/plain"]; data != "7" {
		t.Errorf("fine is %v, want 7", data)
	}
	if strings.Contains(x.Types(), "execute_result") {
		t.Error("the value of an expression was published")
	}
}

// TestStopOnError sends cells as "Run All" does, the later ones within the hold.
func TestStopOnError(t *testing.T) {
	for _, test := range []struct {
		name   string
		change func(*msg.ExecuteRequest)
		first  string
		want   string // statuses of the three cells behind
	}{
		{"error", func(*msg.ExecuteRequest) {}, "error no", "aborted aborted ok"},
		{"compile error", func(*msg.ExecuteRequest) {}, "undefined x", "aborted aborted ok"},
		{"go on", func(r *msg.ExecuteRequest) { r.StopOnError = false }, "error no", "ok ok ok"},
		{"silent", func(r *msg.ExecuteRequest) { r.Silent = true }, "error no", "ok ok ok"},
		{"engine gone", func(r *msg.ExecuteRequest) { r.StopOnError = false }, "die", "aborted aborted ok"},
	} {
		t.Run(test.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				s := kerneltest.Start(t, nil)
				request := kerneltest.Code(test.first)
				test.change(&request)
				began := time.Now()
				first := s.Send(kernel.Shell, "execute_request", request)
				ids := []string{s.Send(kernel.Shell, "execute_request", kerneltest.Code("print 1"))}
				time.Sleep(20 * time.Millisecond)
				ids = append(ids, s.Send(kernel.Shell, "execute_request", kerneltest.Code("print 2")))
				s.Wait(first)
				if waited := time.Since(began); test.want != "ok ok ok" && waited != 25*time.Millisecond {
					t.Errorf("the failing cell was answered after %v, want 25ms", waited)
				}
				ids = append(ids, s.Send(kernel.Shell, "execute_request", kerneltest.Code("print 3")))
				var got []string
				for _, id := range ids {
					got = append(got, s.Wait(id).Get("status").(string))
				}
				if strings.Join(got, " ") != test.want {
					t.Errorf("the cells behind: %v, want %s", got, test.want)
				}
			})
		})
	}
}

func TestEngineLostWhileACellRuns(t *testing.T) {
	s := kerneltest.Start(t, nil)
	s.Execute("print a")
	x := s.Execute("die")
	if got := x.Get("ename"); got != engine.FailureEngine {
		t.Errorf("ename %v, want engine", got)
	}
	if got := strings.Join(s.FrontEnd.LostIn(), " "); got != "In[2]" {
		t.Errorf("front end told of %q, want In[2]", got)
	}
	if x.Text("stderr") != "" {
		t.Errorf("told twice: %q", x.Text("stderr"))
	}
	if got := s.Execute("print b").Get("execution_count"); got != 3.0 {
		t.Errorf("execution count %v after the loss, want 3", got)
	}
}

func TestEngineLostBetweenCells(t *testing.T) {
	s := kerneltest.Start(t, nil)
	id := s.Send(kernel.Shell, "execute_request", kerneltest.Code("print a"))
	s.Wait(id)
	s.Engine.Emit(engine.Event{Kind: engine.Lost, Text: []byte("killed")})
	a := s.NextType("stream", id)
	if got := kerneltest.Content(a.Message); got["name"] != "stderr" || !strings.HasPrefix(got["text"].(string), "gofive: killed. All variables") {
		t.Errorf("the last cell shows %v, want on stderr why the engine is gone and what is lost", got)
	}
	if got := strings.Join(s.FrontEnd.LostIn(), " "); got != "In[1]" {
		t.Errorf("front end told of %q, want In[1]", got)
	}
}

func TestLateOutputGoesToItsCell(t *testing.T) {
	s := kerneltest.Start(t, nil)
	first := s.Send(kernel.Shell, "execute_request", kerneltest.Code("print a"))
	s.Wait(first)
	second := s.Send(kernel.Shell, "execute_request", kerneltest.Code("hold"))
	s.Engine.AwaitRan(2)
	run := s.Engine.Ran()[0].Run
	s.Engine.Emit(engine.Event{Kind: engine.Stream, Run: run, Stream: "stdout", Text: []byte("late")})
	if got := kerneltest.Content(s.NextType("stream", first).Message)["text"]; got != "late" {
		t.Errorf("the first cell shows %q, want late", got)
	}
	s.Engine.Emit(engine.Event{Kind: engine.Stream, Stream: "stdout", Text: []byte("from C")})
	if got := kerneltest.Content(s.NextType("stream", second).Message)["text"]; got != "from C" {
		t.Errorf("the running cell shows %q, want from C", got)
	}
	s.Engine.Release()
	s.Wait(second)
}
