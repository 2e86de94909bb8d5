package kernel_test

import (
	"testing"

	"gofive/kernel"
	"gofive/kernel/engine"
	"gofive/kernel/kerneltest"
	"gofive/kernel/msg"
)

// TestInput answers a prompt in the ways that front ends do.
func TestInput(t *testing.T) {
	for _, test := range []struct {
		name   string
		parent func(request msg.Header) msg.Header
		before string // an input_reply that nobody waits for
	}{
		{"naming the request", func(h msg.Header) msg.Header { return h }, ""},
		{"without parent", func(h msg.Header) msg.Header { return msg.Header{} }, ""},
		{"after a stale one", func(h msg.Header) msg.Header { return h }, "another"},
	} {
		t.Run(test.name, func(t *testing.T) {
			s := kerneltest.Start(t, nil)
			id := s.Send(kernel.Shell, "execute_request", kerneltest.Code("password word?"))
			a := s.NextType("input_request", id)
			if c := kerneltest.Content(a.Message); c["prompt"] != "word?" || c["password"] != true {
				t.Errorf("asked %v, want word? as a password", c)
			}
			if test.before != "" {
				answer(s, msg.Header{ID: test.before, Raw: []byte(`{"msg_id":"another","msg_type":"input_request"}`)}, "wrong")
			}
			answer(s, test.parent(a.Header), "right")
			if got := s.Wait(id).Text("stdout"); got != "answer: right\n" {
				t.Errorf("stdout %q, want the answer", got)
			}
		})
	}
}

// answer sends an input_reply.
func answer(s *kerneltest.System, parent msg.Header, value string) {
	s.SendMessage(kernel.Stdin, &msg.Message{
		Header: s.Header("input_reply"), Parent: parent, Content: msg.MustMarshal(msg.InputReply{Value: value}),
	})
}

func TestInputGoesToTheClientThatAsked(t *testing.T) {
	s := kerneltest.Start(t, nil)
	other := kerneltest.NewClient(t, s.Channels.Connect("other"), s.Conn)
	id := s.Send(kernel.Shell, "execute_request", kerneltest.Code("ask name"))
	s.NextType("input_request", id)
	// The other client's reply without parent is not for this prompt.
	other.SendMessage(kernel.Stdin, &msg.Message{Header: other.Header("input_reply"), Content: []byte(`{"value":"mine"}`)})
	other.Do(kernel.Shell, "kernel_info_request", struct{}{})
	s.SendMessage(kernel.Stdin, &msg.Message{Header: s.Header("input_reply"), Content: []byte(`{"value":"yours"}`)})
	if got := s.Wait(id).Text("stdout"); got != "answer: yours\n" {
		t.Errorf("stdout %q, want yours", got)
	}
}

func TestInterruptWithdrawsThePrompt(t *testing.T) {
	s := kerneltest.Start(t, nil)
	first := s.Send(kernel.Shell, "execute_request", kerneltest.Code("ask one"))
	s.NextType("input_request", first)
	s.Do(kernel.Control, "interrupt_request", struct{}{})
	if got := s.Wait(first).Get("ename"); got != engine.FailureInterrupted {
		t.Errorf("ename %v, want interrupted", got)
	}
	second := s.Send(kernel.Shell, "execute_request", kerneltest.Code("ask two"))
	s.NextType("input_request", second)
	s.SendMessage(kernel.Stdin, &msg.Message{Header: s.Header("input_reply"), Content: []byte(`{"value":"two"}`)})
	if got := s.Wait(second).Text("stdout"); got != "answer: two\n" {
		t.Errorf("stdout %q, want the answer to the second prompt", got)
	}
}

func TestInputWithoutClient(t *testing.T) {
	s := kerneltest.Start(t, nil)
	other := kerneltest.NewClient(t, s.Channels.Connect("other"), s.Conn)
	id := other.Send(kernel.Shell, "execute_request", kerneltest.Code("hold\nask name"))
	s.NextType("execute_input", id)
	s.Channels.Disconnect("other")
	s.Engine.Release()
	var failed bool
	for _, m := range s.UntilIdle(id) {
		failed = failed || m.Header.Type == "error"
	}
	if !failed {
		t.Error("a question that nobody can answer did not fail the cell")
	}
}
