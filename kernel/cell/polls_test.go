package cell_test

import (
	"strings"
	"testing"

	"gofive/kernel/cell"
	"gofive/kernel/cell/exports"
)

// A loop polls unless it is certain to end soon.
func TestLoopsPoll(t *testing.T) {
	for code, polls := range map[string]int{
		"for {}": 1, "for i := 0; i < n; i++ { s += i }": 1, "for range x { s++ }": 1, "for i := range n { s += i }": 1,
		"for i := 0; i < 1000; i++ { s += i }": 0, "for range 100 { s++ }": 0, "for i := range a { s += a[i] }": 0,
		"for i := 0; i < 1000; i++ { i = 0 }": 1, "for i := 0; i < 1000; i++ { f() }": 1, "for i := 0; i < 1000000000; i++ { s++ }": 1,
		"for i := 0; i < 1000; i++ { for j := 0; j < 1000; j++ { s++ } }": 1, "for range 10 { for range 10 { s++ } }": 0,
		"for range 10 { for { s++ } }": 2, "for range 10 { s = int(math.Sqrt(float64(s))) }": 0, "for range 10 { time.Sleep(1) }": 1,
		"for range 10 { <-c }": 1,
	} {
		s := cell.NewSession(exports.Library())
		p, err := s.Check("In[1]", "n, s := 1, 0\nx := []int{}\nvar a [5]int\nfunc f() {}\nc := make(chan int)\n"+code)
		if err != nil {
			t.Fatalf("%s: %v", code, err)
		}
		if got := strings.Count(p.Source, "Halt("); got != polls {
			t.Errorf("%s: %d polls, want %d\n%s", code, got, polls, p.Source)
		}
	}
}
