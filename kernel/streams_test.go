package kernel_test

import (
	"encoding/json"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"gofive/kernel"
	"gofive/kernel/engine"
	"gofive/kernel/kerneltest"
)

// TestStreamsAreJoined counts messages: the first write at once, the others together.
func TestStreamsAreJoined(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := kerneltest.Start(t, nil)
		x := s.Execute("lines 10000")
		if n := strings.Count(x.Types(), "stream"); n < 2 || n > 10 {
			t.Errorf("10,000 lines in %d messages, want 2 to 10", n)
		}
		if got := strings.Count(x.Text("stdout"), "\n"); got != 10000 {
			t.Errorf("%d lines, want 10,000", got)
		}
	})
}

// TestStreamTimes looks at when text leaves while a cell runs.
func TestStreamTimes(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := kerneltest.Start(t, nil)
		id := s.Send(kernel.Shell, "execute_request", kerneltest.Code("hold"))
		s.NextType("execute_input", id)
		synctest.Wait() // until the engine has the cell: text that comes before belongs to none
		began := time.Now()
		write := func(text string) {
			s.Engine.Emit(engine.Event{Kind: engine.Stream, Run: 1, Stream: "stdout", Text: []byte(text)})
		}
		expect := func(text string, after time.Duration) {
			t.Helper()
			got := kerneltest.Content(s.NextType("stream", id).Message)["text"]
			if got != text || time.Since(began) != after {
				t.Errorf("%.20q after %v, want %.20q after %v", got, time.Since(began), text, after)
			}
		}
		write("a")
		expect("a", 0)
		write("b")
		write("c")
		expect("bc", 20*time.Millisecond)
		full := strings.Repeat("x", 64<<10)
		write(full)
		expect(full, 20*time.Millisecond)
		s.Engine.Release()
		s.Wait(id)
	})
}

func TestStreamMessagesAreBounded(t *testing.T) {
	s := kerneltest.Start(t, nil)
	id := s.Send(kernel.Shell, "execute_request", kerneltest.Code("hold"))
	s.Engine.AwaitRan(1)
	text := strings.Repeat("€", 1<<20)
	s.Engine.Emit(engine.Event{Kind: engine.Stream, Run: 1, Stream: "stdout", Text: []byte(text)})
	s.Engine.Release()
	x := s.Wait(id)
	if x.Text("stdout") != text {
		t.Error("3 MiB of text changed on the way")
	}
	for _, m := range x.Published {
		var stream struct{ Text string }
		if json.Unmarshal(m.Content, &stream); len(stream.Text) > 1<<20 {
			t.Errorf("a message of %d bytes, want 1 MiB at most", len(stream.Text))
		}
	}
}

// TestAlternatingStreams keeps the number of messages small when stdout and stderr alternate.
func TestAlternatingStreams(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		s := kerneltest.Start(t, nil)
		x := s.Execute(strings.Repeat("print o\neprint e\n", 1000))
		if n := strings.Count(x.Types(), "stream"); n > 20 {
			t.Errorf("2,000 alternating lines in %d messages, want 20 at most", n)
		}
		if len(x.Text("stdout")) != 2000 || len(x.Text("stderr")) != 2000 {
			t.Error("text was lost")
		}
	})
}
