package kernel_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"

	"gofive/kernel"
	"gofive/kernel/engine"
	"gofive/kernel/kerneltest"
	"gofive/kernel/msg"
)

// newSubshell creates one and gives its id.
func newSubshell(c *kerneltest.Client) string {
	return fmt.Sprint(c.Do(kernel.Control, "create_subshell_request", struct{}{}).Get("subshell_id"))
}

// sendIn sends a request for a subshell.
func sendIn(c *kerneltest.Client, subshell, kind string, content any) string {
	h := c.Header(kind)
	h.Raw = rawHeader(h, fmt.Sprintf(`,"subshell_id":%q`, subshell))
	return c.SendMessage(kernel.Shell, &msg.Message{Header: h, Content: msg.MustMarshal(content)})
}

// TestSubshellBesideACell has a cell that runs long in the main shell while cells of a subshell answer.
func TestSubshellBesideACell(t *testing.T) {
	onWire(t, func(t *testing.T, w *wire) {
		c := w.client("c")
		sub := newSubshell(c)
		long := c.Send(kernel.Shell, "execute_request", kerneltest.Code("print begin\nhold\nprint end"))
		c.NextType("stream", long)
		for i := range 3 {
			x := c.Wait(sendIn(c, sub, "execute_request", kerneltest.Code("print beside\nresult 2")))
			if x.Text("stdout") != "beside\n" || x.Types() != "busy execute_input stream execute_result idle" {
				t.Errorf("in the subshell: %q, %s", x.Text("stdout"), x.Types())
			}
			if got := x.Get("execution_count"); got != float64(i+2) {
				t.Errorf("execution count %v, want %d", got, i+2)
			}
			if !strings.Contains(string(x.Reply.Parent.Raw), sub) {
				t.Errorf("parent %s, want the subshell in it", x.Reply.Parent.Raw)
			}
			if got := c.Wait(sendIn(c, sub, "complete_request", msg.CompleteRequest{Code: "pr", Cursor: 2})).Get("status"); got != "ok" {
				t.Errorf("completion in the subshell: %v, want ok", got)
			}
		}
		// What comes without a run is of C code, and goes to the main shell.
		w.engine.Emit(engine.Event{Kind: engine.Stream, Stream: "stdout", Text: []byte("from C\n")})
		w.engine.Release()
		x := c.Wait(long)
		if got := x.Text("stdout"); got != "from C\nend\n" {
			t.Errorf("the long cell shows %q after its beginning, want what C code and it wrote", got)
		}
		for _, p := range w.engine.Ran() {
			if p.Beside != strings.Contains(p.Code, "beside") {
				t.Errorf("program %q: beside the main shell %v", p.Code, p.Beside)
			}
		}
	})
}

// TestSubshellLife creates, lists and deletes.
func TestSubshellLife(t *testing.T) {
	s := kerneltest.Start(t, nil)
	list := func() string {
		return fmt.Sprint(s.Do(kernel.Control, "list_subshell_request", struct{}{}).Get("subshell_id"))
	}
	if got := list(); got != "[]" {
		t.Errorf("at first: %s, want none", got)
	}
	a, b := newSubshell(s.Client), newSubshell(s.Client)
	if got := list(); !strings.Contains(got, a) || !strings.Contains(got, b) || a == b {
		t.Errorf("list %s, want %s and %s", got, a, b)
	}
	remove := func(id string) *kerneltest.Exchange {
		return s.Do(kernel.Control, "delete_subshell_request", map[string]string{"subshell_id": id})
	}
	if got := remove(a).Get("status"); got != "ok" {
		t.Errorf("delete: %v, want ok", got)
	}
	if got := list(); got != "["+b+"]" {
		t.Errorf("after deleting: %s, want %s", got, b)
	}
	want := `field "subshell_id": want null or one of ` + b
	for _, id := range []string{a, "", "nothing"} {
		if x := remove(id); x.Get("ename") != "bad request" || x.Get("evalue") != want {
			t.Errorf("delete %q: %v, want %s", id, x.Get("evalue"), want)
		}
	}
	for _, kind := range []string{"execute_request", "is_complete_request"} {
		x := s.Wait(sendIn(s.Client, a, kind, kerneltest.Code("print a")))
		if x.Get("evalue") != want || x.Types() != "busy idle" {
			t.Errorf("%s: %v, %s, want %s", kind, x.Get("evalue"), x.Types(), want)
		}
	}
	if got := s.Wait(sendIn(s.Client, b, "execute_request", kerneltest.Code("print b"))).Text("stdout"); got != "b\n" {
		t.Errorf("the other subshell prints %q, want b", got)
	}
}

// TestSubshellQueues has a cell running and one waiting in the main shell and in a subshell, and looks
// at what happens to the four.
func TestSubshellQueues(t *testing.T) {
	for _, test := range []struct {
		name   string
		first  string // in the subshell
		happen func(s *kerneltest.System, sub string)
		want   string // main running, main waiting, subshell running, subshell waiting
	}{
		{"the subshell is deleted", "hold", func(s *kerneltest.System, sub string) {
			s.Do(kernel.Control, "delete_subshell_request", map[string]string{"subshell_id": sub})
			s.Engine.Release()
			s.Engine.Release()
		}, "ok ok ok aborted"},
		{"an interrupt", "hold", func(s *kerneltest.System, sub string) {
			s.Do(kernel.Control, "interrupt_request", struct{}{})
		}, "error aborted error aborted"},
		{"a deleted one is interrupted", "hold", func(s *kerneltest.System, sub string) {
			s.Do(kernel.Control, "delete_subshell_request", map[string]string{"subshell_id": sub})
			s.Do(kernel.Control, "interrupt_request", struct{}{})
		}, "error aborted error aborted"},
		{"the cell of the subshell fails", "hold\nerror no", func(s *kerneltest.System, sub string) {
			s.Engine.Release()
			s.Engine.Release()
		}, "ok ok error aborted"},
		{"shutdown", "hold", func(s *kerneltest.System, sub string) {
			s.Do(kernel.Control, "shutdown_request", msg.ShutdownRequest{})
		}, "error aborted error aborted"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := kerneltest.Start(t, nil)
			sub := newSubshell(s.Client)
			ids := []string{
				s.Send(kernel.Shell, "execute_request", kerneltest.Code("hold")),
				s.Send(kernel.Shell, "execute_request", kerneltest.Code("print waiting")),
				sendIn(s.Client, sub, "execute_request", kerneltest.Code(test.first)),
				sendIn(s.Client, sub, "execute_request", kerneltest.Code("print waiting")),
			}
			s.NextType("execute_input", ids[0])
			s.NextType("execute_input", ids[2])
			s.Do(kernel.Shell, "kernel_info_request", struct{}{}) // so that all have been seen
			test.happen(s, sub)
			var got []string
			for _, id := range ids {
				got = append(got, fmt.Sprint(s.Wait(id).Get("status")))
			}
			if strings.Join(got, " ") != test.want {
				t.Errorf("got %v, want %s", got, test.want)
			}
		})
	}
}

// TestExpressionOverTime has a user expression that takes too long, by the bubble's clock: it ends, and
// nothing beside it.
func TestExpressionOverTime(t *testing.T) { synctest.Test(t, testExpressionOverTime) }

func testExpressionOverTime(t *testing.T) {
	s := kerneltest.Start(t, nil)
	beside := sendIn(s.Client, newSubshell(s.Client), "execute_request", kerneltest.Code("hold"))
	s.NextType("execute_input", beside)
	asked := kerneltest.Code("print a")
	asked.UserExpressions = map[string]string{"x": "wait"}
	values := s.Do(kernel.Shell, "execute_request", asked).Get("user_expressions").(map[string]any)
	if x := values["x"].(map[string]any); x["ename"] != engine.FailureInterrupted {
		t.Errorf("the expression gives %v, want %s", x, engine.FailureInterrupted)
	}
	s.Engine.Release()
	if got := s.Wait(beside).Get("status"); got != "ok" {
		t.Errorf("the cell beside it ends as %v, want ok", got)
	}
}
