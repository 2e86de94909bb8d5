package display

import (
	"crypto/rand"
	"fmt"
	"os"
)

// Handle stands for values that are shown: Update puts others in their place.
type Handle struct {
	sink Sink
	ids  []string
}

// Show displays each value. In a notebook each becomes an output of the cell that called Show; in a
// compiled program, which has no page, its text goes to standard output, a line of its own.
//
//	h := display.Show("working")
//	h.Update("done")
func Show(vs ...any) *Handle { return ShowIn(printed{}, vs...) }

// ShowIn is Show for a Sink.
func ShowIn(s Sink, vs ...any) *Handle {
	h := &Handle{sink: s}
	for _, v := range vs {
		id := rand.Text()
		h.ids = append(h.ids, id)
		s.Display(v, id)
	}
	return h
}

// Update shows values in the place of those that Show was called with, as many as these were. It may be
// called in any cell and any goroutine; what does not go on a page a compiled program prints again.
func (h *Handle) Update(vs ...any) {
	if len(vs) != len(h.ids) {
		panic(fmt.Sprintf("display: update with %d values where %d are shown; give one for each", len(vs), len(h.ids)))
	}
	for i, v := range vs {
		h.sink.Update(v, h.ids[i])
	}
}

// Clear removes what the cell has shown so far; with wait not before the next thing is shown, which
// then takes its place without flicker. A compiled program cannot take back what it wrote, and there
// Clear does nothing.
func Clear(wait bool) {}

// printed is the Sink of a compiled program: it prints the text of values.
type printed struct{}

func (printed) Display(v any, _ string) {
	b := Render(v)
	for _, t := range b.Trouble {
		fmt.Fprintln(os.Stderr, t)
	}
	fmt.Println(b.Data[TextPlain])
}

func (p printed) Update(v any, id string) { p.Display(v, id) }
