package kernel_test

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gofive/kernel"
	"gofive/kernel/engine"
	"gofive/kernel/kerneltest"
	"gofive/kernel/msg"
)

// requestTests are requests that run no cell, and what their reply holds.
var requestTests = []struct {
	name    string
	ch      kernel.Channel
	kind    string
	content string
	want    map[string]any // fields of the reply, printed; nil: no reply
}{
	{"kernel info", kernel.Shell, "kernel_info_request", `{}`, map[string]any{"status": "ok", "protocol_version": "5.5", "implementation": "gofive", "debugger": false}},
	{"kernel info on control", kernel.Control, "kernel_info_request", `{}`, map[string]any{"status": "ok"}},
	{"connect", kernel.Shell, "connect_request", `{}`, map[string]any{"shell_port": 0}},
	{"complete", kernel.Shell, "complete_request", `{"code":"pr","cursor_pos":2}`, map[string]any{"matches": "[print]", "cursor_start": 0, "cursor_end": 2}},
	{"complete behind an emoji", kernel.Shell, "complete_request", `{"code":"😀漢 pr x","cursor_pos":5}`, map[string]any{"matches": "[print]", "cursor_start": 3, "cursor_end": 5}},
	{"complete outside", kernel.Shell, "complete_request", `{"code":"pr","cursor_pos":99}`, map[string]any{"matches": "[print]", "cursor_end": 2}},
	{"complete before", kernel.Shell, "complete_request", `{"code":"pr","cursor_pos":-7}`, map[string]any{"matches": "[print result]", "cursor_end": 0}},
	{"complete at the end", kernel.Shell, "complete_request", `{"code":"re"}`, map[string]any{"matches": "[result]", "cursor_end": 2}},
	{"complete nothing", kernel.Shell, "complete_request", `{"code":"zz","cursor_pos":2}`, map[string]any{"matches": "[]", "metadata": "map[_jupyter_types_experimental:[]]"}},
	{"complete names", kernel.Shell, "complete_request", `{"code":"names v"}`, map[string]any{"matches": `[alpha beta\"]`, "cursor_start": 6, "cursor_end": 7}},
	{"complete names that do not come", kernel.Shell, "complete_request", `{"code":"names slow"}`, map[string]any{"matches": "[]", "status": "ok"}},
	{"complete files without the engine", kernel.Shell, "complete_request", `{"code":"path ask."}`, map[string]any{"matches": "[ask.go]"}},
	{"inspect a value", kernel.Shell, "inspect_request", `{"code":"value v"}`, map[string]any{"found": true, "data": "map[text/markdown:```go\nvar v\n```\n\n```\nvalue of v\n```\n text/plain:var v\n\nvalue of v\n]"}},
	{"inspect a value that does not come", kernel.Shell, "inspect_request", `{"code":"value slow"}`, map[string]any{"found": true, "data": "map[text/markdown:```go\nvar slow\n```\n text/plain:var slow\n]"}},
	{"complete without code", kernel.Shell, "complete_request", `{}`, map[string]any{"ename": "bad request", "evalue": `field "code": want a string`}},
	{"inspect", kernel.Shell, "inspect_request", `{"code":"print","cursor_pos":2}`, map[string]any{"found": true, "data": "map[text/markdown:```go\nfunc print(text)\n```\n\nprint writes to stdout\n text/plain:func print(text)\n\nprint writes to stdout\n]"}},
	{"inspect nothing", kernel.Shell, "inspect_request", `{"code":"zz","cursor_pos":2,"detail_level":1}`, map[string]any{"found": false, "data": "map[]"}},
	{"inspect wrong level", kernel.Shell, "inspect_request", `{"code":"zz","cursor_pos":2,"detail_level":"a"}`, map[string]any{"ename": "bad request", "evalue": `field "detail_level": want an integer`}},
	{"inspect level 2", kernel.Shell, "inspect_request", `{"code":"zz","detail_level":2}`, map[string]any{"evalue": `field "detail_level": want 0 or 1`}},
	{"is complete", kernel.Shell, "is_complete_request", `{"code":"x := 1"}`, map[string]any{"status": "complete"}},
	{"is complete of a number", kernel.Shell, "is_complete_request", `{"code":1}`, map[string]any{"status": "error", "ename": "bad request"}},
	{"complete a magic", kernel.Shell, "complete_request", `{"code":"x\n%sa","cursor_pos":5}`, map[string]any{"matches": "[%save]", "cursor_start": 2, "cursor_end": 5}},
	{"complete magics of a cell", kernel.Shell, "complete_request", `{"code":"%%na"}`, map[string]any{"matches": "[%%native]", "cursor_start": 0, "cursor_end": 4}},
	{"complete behind a magic", kernel.Shell, "complete_request", `{"code":"%timeit pr"}`, map[string]any{"matches": "[print]", "cursor_start": 8, "cursor_end": 10}},
	{"complete a file", kernel.Shell, "complete_request", `{"code":"!cat magic_tim"}`, map[string]any{"matches": "[magic_time.go]", "cursor_start": 5, "cursor_end": 14}},
	{"complete below a magic", kernel.Shell, "complete_request", `{"code":"%%native\npr"}`, map[string]any{"matches": "[print]", "cursor_start": 9, "cursor_end": 11}},
	{"inspect a magic", kernel.Shell, "inspect_request", `{"code":"%lsmagic","cursor_pos":2}`, map[string]any{"found": true, "data": "map[text/plain:%lsmagic\n\nlist what begins with %\n\nIt stands in a line of its own.\n]"}},
	{"is complete of a cell magic alone", kernel.Shell, "is_complete_request", `{"code":"%%native"}`, map[string]any{"status": "incomplete"}},
	{"is complete below a cell magic", kernel.Shell, "is_complete_request", `{"code":"%%native\nfunc f() {}"}`, map[string]any{"status": "incomplete"}},
	{"is complete of a cell magic that ends", kernel.Shell, "is_complete_request", `{"code":"%%native\nfunc f() {}\n"}`, map[string]any{"status": "complete"}},
	{"is complete of text", kernel.Shell, "is_complete_request", `{"code":"%%bash\necho a"}`, map[string]any{"status": "incomplete"}},
	{"is complete of text that ends", kernel.Shell, "is_complete_request", `{"code":"%%bash\necho a\n"}`, map[string]any{"status": "complete"}},
	{"is complete of a magic", kernel.Shell, "is_complete_request", `{"code":"%save x.go"}`, map[string]any{"status": "complete"}},
	{"comm info", kernel.Shell, "comm_info_request", `{}`, map[string]any{"comms": "map[]"}},
	{"history", kernel.Shell, "history_request", `{"hist_access_type":"tail","n":3}`, map[string]any{"history": "[]"}},
	{"history of no kind", kernel.Shell, "history_request", `{"hist_access_type":"all"}`, map[string]any{"ename": "bad request", "evalue": `field "hist_access_type": want one of "tail", "range", "search"`}},
	{"interrupt of nothing", kernel.Control, "interrupt_request", `{}`, map[string]any{"status": "ok"}},
	{"debugger", kernel.Control, "debug_request", `{"seq":3,"type":"request","command":"attach"}`, map[string]any{"success": false, "request_seq": 3}},
	{"debug info", kernel.Control, "debug_request", `{"seq":1,"type":"request","command":"debugInfo"}`, map[string]any{"success": true, "body": "map[isStarted:false]"}},
	{"unknown", kernel.Shell, "make_coffee_request", `{}`, nil},
	{"unknown on control", kernel.Control, "make_coffee_request", `{}`, nil},
	{"interrupt on shell", kernel.Shell, "interrupt_request", `{}`, nil},
	{"comm_close", kernel.Shell, "comm_close", `{"comm_id":"c"}`, nil},
	{"comm_open without id", kernel.Shell, "comm_open", `{}`, nil},
	{"execute without code", kernel.Shell, "execute_request", `{"silent":false}`, map[string]any{"ename": "bad request", "evalue": `field "code": want a string`, "execution_count": 0}},
	{"execute with a wrong flag", kernel.Shell, "execute_request", `{"code":"print a","silent":"yes"}`, map[string]any{"evalue": `field "silent": want true or false`}},
	{"execute with wrong expressions", kernel.Shell, "execute_request", `{"code":"print a","user_expressions":[1]}`, map[string]any{"evalue": `field "user_expressions": want an object of strings`}},
	{"execute with defaults", kernel.Shell, "execute_request", `{"code":"print a","allow_stdin":null}`, map[string]any{"status": "ok", "execution_count": 1}},
}

// broken are those of requestTests that the specification does not allow.
var broken = map[string]bool{
	"complete before": true, "complete without code": true, "inspect wrong level": true, "inspect level 2": true,
	"is complete of a number": true, "history of no kind": true, "unknown": true, "unknown on control": true,
	"interrupt on shell": true, "comm_close": true, "comm_open without id": true, "execute without code": true,
	"execute with a wrong flag": true, "execute with wrong expressions": true, "execute with defaults": true,
}

// sendRequest sends one of requestTests.
func sendRequest(c *kerneltest.Client, i int) string {
	test := requestTests[i]
	if broken[test.name] {
		return c.SendMessage(test.ch, &msg.Message{Header: c.Header(test.kind), Content: []byte(test.content)})
	}
	return c.Send(test.ch, test.kind, rawJSON(test.content))
}

func TestRequests(t *testing.T) {
	for i, test := range requestTests {
		t.Run(test.name, func(t *testing.T) {
			s := kerneltest.Start(t, nil)
			id := sendRequest(s.Client, i)
			if test.want == nil {
				s.UntilIdle(id)
				s.Do(test.ch, "kernel_info_request", struct{}{})
				s.Quiet(id)
				return
			}
			x := s.Wait(id)
			for field, want := range test.want {
				if got := fmt.Sprint(x.Get(field)); got != fmt.Sprint(want) {
					t.Errorf("%s is %s, want %v", field, got, want)
				}
			}
		})
	}
}

// TestBesideARunningCell asks for everything that must not wait, while a cell runs for ever.
func TestBesideARunningCell(t *testing.T) {
	s := kerneltest.Start(t, nil)
	running := s.Send(kernel.Shell, "execute_request", kerneltest.Code("wait"))
	s.NextType("execute_input", running)
	for i, test := range requestTests {
		if test.kind == "execute_request" || test.kind == "interrupt_request" {
			continue
		}
		id := sendRequest(s.Client, i)
		if test.want != nil {
			s.Wait(id)
		} else {
			s.UntilIdle(id)
		}
		again := s.NextType("status", running)
		for kerneltest.State(again.Message) != msg.Busy {
			again = s.NextType("status", running)
		}
	}
	s.Do(kernel.Control, "interrupt_request", struct{}{})
	if x := s.Wait(running); x.Get("ename") != engine.FailureInterrupted {
		t.Errorf("the cell ended with %v, want interrupted", x.Get("ename"))
	}
}

// TestLastStatus is what a server believes: after all requests are done, idle.
func TestLastStatus(t *testing.T) {
	s := kerneltest.Start(t, nil)
	running := s.Send(kernel.Shell, "execute_request", kerneltest.Code("hold"))
	s.NextType("execute_input", running)
	s.Do(kernel.Shell, "kernel_info_request", struct{}{})
	s.NextType("status", running) // the first busy
	again := s.NextType("status", running)
	if kerneltest.State(again.Message) != msg.Busy {
		t.Errorf("after the idle of another request the cell says %s, want busy", again.Content)
	}
	s.Engine.Release()
	x := s.Wait(running)
	if got := x.Types(); got != "idle" {
		t.Errorf("at its end the cell publishes %s, want idle", got)
	}
}

func TestInterruptAbortsTheQueue(t *testing.T) {
	for _, how := range []string{"message", "signal"} {
		t.Run(how, func(t *testing.T) {
			s := kerneltest.Start(t, nil)
			running := s.Send(kernel.Shell, "execute_request", kerneltest.Code("wait"))
			queued := s.Send(kernel.Shell, "execute_request", kerneltest.Code("print a"))
			s.NextType("execute_input", running)
			s.Do(kernel.Shell, "kernel_info_request", struct{}{}) // so that the second one has been seen
			if how == "message" {
				s.Do(kernel.Control, "interrupt_request", struct{}{})
			} else {
				s.Kernel.Interrupt()
			}
			if got := s.Wait(running).Get("ename"); got != engine.FailureInterrupted {
				t.Errorf("ename %v, want interrupted", got)
			}
			x := s.Wait(queued)
			if got := x.Get("status"); got != "aborted" || x.Types() != "busy idle" {
				t.Errorf("the queued cell: %v, %s, want aborted, busy idle", got, x.Types())
			}
			if got := s.Execute("print b").Get("status"); got != "ok" {
				t.Errorf("the next cell: %v, want ok", got)
			}
		})
	}
}

func TestInterruptBeforeTheEngineIsUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		up := make(chan struct{})
		s := kerneltest.Start(t, func(o *kernel.Options) {
			start := o.StartEngine
			o.StartEngine = func(h engine.Handler) engine.Engine { <-up; return start(h) }
		})
		if got := s.Do(kernel.Shell, "kernel_info_request", struct{}{}).Get("status"); got != "ok" {
			t.Errorf("kernel_info: %v, want ok", got)
		}
		id := s.Send(kernel.Shell, "execute_request", kerneltest.Code("print a"))
		s.NextType("execute_input", id)
		synctest.Wait()
		s.Do(kernel.Control, "interrupt_request", struct{}{})
		if got := s.Wait(id).Get("ename"); got != engine.FailureInterrupted {
			t.Errorf("ename %v, want interrupted", got)
		}
		close(up)
		if got := s.Execute("print b").Get("status"); got != "ok" {
			t.Errorf("the next cell: %v, want ok", got)
		}
	})
}

func TestUnknownComm(t *testing.T) {
	for _, test := range []struct{ kind, content string }{
		{"comm_open", `{"comm_id":"unknown","target_name":"nothing","data":{}}`},
		{"comm_msg", `{"comm_id":"unknown","data":{}}`},
	} {
		s := kerneltest.Start(t, nil)
		id := s.Send(kernel.Shell, test.kind, rawJSON(test.content))
		x := kerneltest.Exchange{Published: s.UntilIdle(id)}
		if got := x.Types(); got != "busy comm_close idle" {
			t.Errorf("%s: published %s, want comm_close", test.kind, got)
		}
		if got := kerneltest.Content(x.Published[1])["comm_id"]; got != "unknown" {
			t.Errorf("%s: closed %v, want unknown", test.kind, got)
		}
	}
}

func TestUnknownSubshell(t *testing.T) {
	s := kerneltest.Start(t, nil)
	h := s.Header("kernel_info_request")
	h.Raw = rawHeader(h, `,"subshell_id":"s1"`)
	x := s.Wait(s.SendMessage(kernel.Shell, &msg.Message{Header: h}))
	if got := x.Get("ename"); got != "bad request" {
		t.Errorf("ename %v, want bad request", got)
	}
	h = s.Header("kernel_info_request")
	h.Raw = rawHeader(h, `,"subshell_id":null`)
	if got := s.Wait(s.SendMessage(kernel.Shell, &msg.Message{Header: h})).Get("status"); got != "ok" {
		t.Errorf("null subshell: %v, want ok", got)
	}
}

// rawHeader adds keys to a header.
func rawHeader(h msg.Header, keys string) []byte {
	plain := strings.TrimSuffix(string(msg.MustMarshal(h)), "}")
	return []byte(plain + keys + "}")
}

func TestShutdown(t *testing.T) {
	for _, test := range []struct {
		name    string
		ch      kernel.Channel
		running bool
	}{
		{"idle", kernel.Control, false}, {"on shell", kernel.Shell, false}, {"while a cell runs", kernel.Control, true},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := kerneltest.Start(t, nil)
			var running, queued string
			if test.running {
				running = s.Send(kernel.Shell, "execute_request", kerneltest.Code("wait"))
				queued = s.Send(kernel.Shell, "execute_request", kerneltest.Code("print a"))
				s.NextType("execute_input", running)
				s.Do(kernel.Shell, "kernel_info_request", struct{}{})
			}
			x := s.Do(test.ch, "shutdown_request", msg.ShutdownRequest{Restart: true})
			if x.Get("restart") != true || x.Get("status") != "ok" {
				t.Errorf("reply %s, want ok and restart", x.Reply.Content)
			}
			if test.running {
				if got := s.Wait(running).Get("ename"); got != engine.FailureInterrupted {
					t.Errorf("the running cell: %v, want interrupted", got)
				}
				if got := s.Wait(queued).Get("status"); got != "aborted" {
					t.Errorf("the queued cell: %v, want aborted", got)
				}
			}
			<-s.Done
			if !s.Engine.Closed() {
				t.Error("the engine was not closed")
			}
		})
	}
}

// TestInterruptAndShutdown come in one burst, which is how jupyter_client ends a kernel.
func TestInterruptAndShutdown(t *testing.T) {
	s := kerneltest.Start(t, nil)
	running := s.Send(kernel.Shell, "execute_request", kerneltest.Code("wait"))
	s.NextType("execute_input", running)
	interrupt := s.Send(kernel.Control, "interrupt_request", struct{}{})
	shutdown := s.Send(kernel.Control, "shutdown_request", msg.ShutdownRequest{})
	for id, want := range map[string]string{interrupt: "ok", shutdown: "ok", running: "error"} {
		if got := s.Wait(id).Get("status"); got != want {
			t.Errorf("%s: %v, want %s", id, got, want)
		}
	}
	<-s.Done
}

// TestMalformed sends what is no message on every channel. Between any two of them the log's second
// passes, on the bubble's clock.
func TestMalformed(t *testing.T) { synctest.Test(t, testMalformed) }

func testMalformed(t *testing.T) {
	s := kerneltest.Start(t, nil)
	good := func() [][]byte {
		return s.Encode(&msg.Message{Header: s.Header("kernel_info_request")})
	}
	once := good()
	s.SendFrames(kernel.Shell, once)
	signed := func(header, content string) [][]byte {
		return s.Encode(&msg.Message{Header: msg.Header{Raw: []byte(header)}, Content: []byte(content)})
	}
	for _, test := range []struct {
		name   string
		frames [][]byte
		log    string
	}{
		{"nothing", nil, "no <IDS|MSG> delimiter"},
		{"noise", [][]byte{{0, 1, 2}, {}, []byte("noise")}, "no <IDS|MSG> delimiter"},
		{"too few frames", good()[:4], "too few frames"},
		{"bad signature", append(append([][]byte{}, good()[:3]...), []byte("{}"), []byte("{}"), []byte(`{"a":1}`)), "wrong signature"},
		{"replay", once, "signature seen before"},
		{"header no object", signed(`[1]`, `{}`), "header: not a JSON object"},
		{"header no JSON", signed(`{"a":`, `{}`), "header: not JSON"},
		{"header without type", signed(`{"msg_id":"x"}`, `{}`), `field "msg_type": want a string`},
		{"header without id", signed(`{"msg_type":"x"}`, `{}`), `field "msg_id": want a string`},
		{"header not UTF-8", signed("{\"msg_id\":\"\xff\",\"msg_type\":\"x\"}", `{}`), "header: not UTF-8"},
		{"content no object", signed(`{"msg_id":"x","msg_type":"y"}`, `"text"`), "content: not a JSON object"},
		{"content too deep", signed(`{"msg_id":"x","msg_type":"y"}`, `{"a":`+strings.Repeat("[", 600)+strings.Repeat("]", 600)+`}`), "content: nested over 512 deep"},
	} {
		for _, ch := range []kernel.Channel{kernel.Shell, kernel.Control, kernel.Stdin} {
			s.SendFrames(ch, test.frames)
		}
		synctest.Wait()
		s.Do(kernel.Shell, "kernel_info_request", struct{}{})
		s.Do(kernel.Control, "kernel_info_request", struct{}{})
		if !strings.Contains(s.Log.String(), test.log) {
			t.Errorf("%s: log %q, want %q in it", test.name, s.Log, test.log)
		}
		time.Sleep(2 * time.Second)
	}
}
