package launch

import (
	"fmt"
	"strings"
	"testing"
	"time"
)

func TestPrograms(t *testing.T) {
	tests := []struct{ name, program, want string }{
		{"nothing", "all nothing", ""},
		{"equal text is one", "all print ok", "[0-3] out ok"},
		{"text of its own", "all print r%r\nall print end",
			"[0] out r0\n[1] out r1\n[2] out r2\n[3] out r3\n[0-3] out end"},
		{"lines in pieces", "all write a\nall write b\nall print c\nall print d", "[0-3] out abc\n[0-3] out d"},
		{"no end of line", "all write a", "[0-3] out a"},
		{"two streams", "all print a\nall complain b\nall print c", "[0-3] out a\n[0-3] err b\n[0-3] out c"},
		{"equal lines of one rank", "all print tick\nall print tick\n2 print tick", "[0-3] out tick\n[0-3] out tick\n[2] out tick"},
		{"an event between text", "all write a\nall note x\nall print b", "[0-3] out a\n[0-3] other x\n[0-3] out b"},
	}
	for _, nodes := range []int{1, 2} {
		c := startLocal(t, 4, nodes)
		run := int64(0)
		for _, tt := range tests {
			want := strings.Split(tt.want, "\n")
			for tries := 1; ; tries++ {
				run++
				tr := &transcript{}
				o := must(t, c, script(run, tt.program), tr.show)
				if apart(tr.lines) != apart(want) || !o.OK() {
					t.Errorf("%s on %d nodes:\ngot\n%s\nwant\n%s\noutcome %+v", tt.name, nodes, tr, tt.want, o)
				} else if sortedBlocks(tr.lines) == sortedBlocks(want) {
					break
				}
				if tries == mostTries {
					t.Errorf("%s on %d nodes: equal text never met:\n%s", tt.name, nodes, tr)
					break
				}
			}
		}
	}
}

// mostTries is how often equal text may come apart, where a rank got no processor for longer than a leader waits.
const mostTries = 10

// apart gives what each of four ranks has said, of each kind. Where a rank stood still a line may have come in two.
func apart(lines []string) string {
	said := map[string]string{}
	for _, line := range lines {
		set, text, ok := strings.Cut(line, "] ")
		kind, text, _ := strings.Cut(text, " ")
		for rank := range 4 {
			if ok && coreSet(set[1:]).Has(rank) {
				said[fmt.Sprint(rank, " ", kind)] += text
			}
		}
	}
	return fmt.Sprint(said)
}

// sortedBlocks puts lines of single ranks, which come in any order, in that of ranks.
func sortedBlocks(lines []string) string {
	lines = append([]string(nil), lines...)
	for i := range lines {
		for j := i; j > 0 && len(lines[j]) > 2 && lines[j][2] == ']' && len(lines[j-1]) > 2 && lines[j-1][2] == ']' && lines[j][1] < lines[j-1][1]; j-- {
			lines[j], lines[j-1] = lines[j-1], lines[j]
		}
	}
	return strings.Join(lines, "\n")
}

// TestFirstOutput: the first output of a run waits as long for equal output as that of the first run, however
// little ago the run before it was sent.
func TestFirstOutput(t *testing.T) {
	for height := range 3 {
		o := newOutbox(func([]group) {}, height, 1)
		o.flush()
		o.expect(2, All(4))
		if got := o.wait(); got != o.first {
			t.Errorf("height %d: the first output waits %v, want %v", height, got, o.first)
		}
	}
}

func TestFailures(t *testing.T) {
	c := startLocal(t, 4, 2)
	o := must(t, c, script(1, "1 fail one\n-1 fail other"), nil)
	if len(o.Failures) != 2 || o.Failures[0].Ranks.Len()+o.Failures[1].Ranks.Len() != 4 || o.NeedsRestart {
		t.Errorf("got %+v, want one of rank 1 and one of ranks [0,2-3]", o)
	}
	o = must(t, c, Program{ID: 2, Payload: []byte("all fail x"), Targets: Ranks(1, 3)}, nil)
	if len(o.Failures) != 1 || o.Failures[0].Ranks.String() != "[1,3]" {
		t.Errorf("got %+v, want one of ranks [1,3]", o)
	}
	if o = must(t, c, script(3, "all print ok"), nil); !o.OK() {
		t.Errorf("after failures: %+v", o)
	}
}

// TestRoundTrip prints how long an empty program takes.
func TestRoundTrip(t *testing.T) {
	c := startLocal(t, 4, 1)
	const n = 200
	began := time.Now()
	for i := range n {
		must(t, c, script(int64(i+1), "all nothing"), nil)
	}
	t.Logf("%v a program on 4 ranks", time.Since(began)/n)
}
