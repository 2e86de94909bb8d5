package launch

import (
	"context"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"
)

// TestRankLimit: a rank sends 64 KiB of text, and says where the rest is.
func TestRankLimit(t *testing.T) {
	c := startLocal(t, 2, 1)
	var text [2]int
	var notes []string
	o := must(t, c, script(1, "1 much 100000\n0 print ok"), func(o Output) {
		for r := range o.Ranks.Each() {
			if o.Kind == Stdout {
				text[r] += len(o.Payload)
			} else {
				notes = append(notes, string(o.Payload))
			}
		}
	})
	if !o.OK() || text != [2]int{3, rankTextLimit} || len(notes) != 1 {
		t.Fatalf("got %d bytes, notes %q, %+v", text, notes, o)
	}
	_, file, _ := strings.Cut(notes[0], "n0:")
	file, _, _ = strings.Cut(file, " ")
	info, err := os.Stat(file)
	if err != nil || info.Size() != 100000/64*64-rankTextLimit || info.Mode().Perm() != 0o600 {
		t.Errorf("%q: %v, %v", notes[0], info, err)
	}
	c.Stop(context.Background())
	for end := time.Now().Add(5 * time.Second); ; time.Sleep(5 * time.Millisecond) {
		if _, err := os.Stat(file); err != nil {
			break
		}
		if time.Now().After(end) {
			t.Fatalf("%s is there after the stop", file)
		}
	}
}

// TestLateOutput: what goroutines print after the end of their program is shown as that program's, also while another
// runs, within the same limit.
func TestLateOutput(t *testing.T) {
	c := startLocal(t, 4, 2)
	late := make(chan Output, 100)
	must(t, c, script(1, "-3 later 1 late\n3 later 2000 "+strings.Repeat("x", 63)), func(o Output) { late <- o })
	o := must(t, c, script(2, "all sleep 500ms\nall print second"), func(o Output) {
		if o.Kind == Stdout && string(o.Payload) != "second\n" {
			t.Errorf("the second program shows %q", o.Payload)
		}
	})
	if !o.OK() {
		t.Fatalf("the second program: %+v", o)
	}
	flood, notes := 0, ""
	var said Set
	for limit := time.After(5 * time.Second); notes == "" || said.Len() < 3; {
		select {
		case o := <-late:
			switch {
			case o.Kind == Note:
				notes += string(o.Payload)
			case o.Payload[0] == 'x':
				flood += len(o.Payload)
			default:
				said = said.Union(o.Ranks)
			}
		case <-limit:
			t.Fatalf("after its end the first shows lines of %v and %d bytes, and says %q", said, flood, notes)
		}
	}
	if said.String() != "[0-2]" || flood != rankTextLimit || !strings.Contains(notes, "until the cluster stops") {
		t.Errorf("after its end the first shows lines of %v, %d bytes, and says %q", said, flood, notes)
	}
}

// TestProgramLimit: all ranks together send 1 MiB of text; the rest is in a file that is named once.
func TestProgramLimit(t *testing.T) {
	const ranks = 24
	c := startLocal(t, ranks, 2)
	text, shown, notes := 0, 0, ""
	o := must(t, c, script(1, "all much 60000"), func(o Output) {
		if o.Kind == Stdout {
			text += len(o.Payload)
			shown += strings.Count(string(o.Payload), "\n")
		} else {
			notes += string(o.Payload)
		}
	})
	if !o.OK() || text > textLimit || text < textLimit*9/10 || strings.Count(notes, "the rest is in") != 1 {
		t.Fatalf("got %d bytes, notes %q, %+v", text, notes, o)
	}
	rest, err := os.ReadFile(c.dir.overflow(1))
	lines := strings.Count(string(rest), "\n")
	if want := ranks * (60000 / 64); err != nil || lines+shown != want {
		t.Errorf("%d lines in the file and %d shown, want %d: %v", lines, shown, want, err)
	}
}

// TestLargeEvents: events of many megabytes from many ranks at once fit into frames; what is too large is told.
func TestLargeEvents(t *testing.T) {
	c := startLocal(t, 12, 2)
	shown, notes := 0, ""
	o := must(t, c, script(1, "-3 picture 7000000\n3 picture 20000000"), func(o Output) {
		if o.Kind == Note {
			notes += string(o.Payload) + "\n"
		} else {
			shown += len(o.Payload) * o.Ranks.Len()
		}
	})
	if !o.OK() || shown != 2*7000000 || !strings.Contains(notes, "an output of 20 MB is not shown") || !strings.Contains(notes, "the rest is in") {
		t.Errorf("got %d bytes and %+v\n%s", shown, o, notes)
	}
	if _, err := c.Run(context.Background(), Program{Payload: make([]byte, programLimit+1)}, nil); err == nil {
		t.Error("a program that is too long is taken")
	}
	if o := must(t, c, script(2, "all print ok"), nil); !o.OK() {
		t.Errorf("the next program: %+v", o)
	}
}

// TestFlood: a rank that prints without end does not keep others from being heard, nor an interrupt.
func TestFlood(t *testing.T) {
	c := startLocal(t, 2, 1)
	tr, done := begin(c, script(1, strings.Repeat("1 much 6400\n", 2000)+"1 loop\n0 barrier"))
	tr.find(t, "[1] out 1x")
	places := c.Status(context.Background())
	if len(places) == 0 || places[0].Silent {
		t.Errorf("got %v", places)
	}
	c.Interrupt(1)
	if o := await(t, done, 10*time.Second, tr); !o.Interrupted || o.NeedsRestart {
		t.Errorf("got %+v", o)
	}
}

func TestCores(t *testing.T) {
	tests := []struct {
		ranks, online int
		allowed, want string
	}{
		{4, 8, "0-7", ""},
		{4, 8, "0", "all 4 ranks on h are bound to one core of 8"},
		{4, 1, "0", "4 ranks share 1 cores on h"},
		{4, 2, "0-1", "4 ranks share 2 cores on h"},
		{1, 8, "3", ""},
		{4, 8, "", ""},
	}
	for _, tt := range tests {
		got := judgeCores("h", tt.ranks, coreSet(tt.allowed), tt.online)
		if (got == "") != (tt.want == "") || !strings.HasPrefix(got, tt.want) {
			t.Errorf("%d ranks on %q: got %q, want %q", tt.ranks, tt.allowed, got, tt.want)
		}
	}
	c := startLocal(t, 40, 1)
	if w := fmt.Sprint(c.Warnings()); !strings.Contains(w, "40 ranks share") && !strings.Contains(w, "bound to one core") {
		t.Errorf("got %s, want a warning about cores", w)
	}
}
