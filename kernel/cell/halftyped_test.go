package cell_test

import (
	"runtime/debug"
	"testing"

	"gofive/kernel/cell"
	"gofive/kernel/cell/exports"
)

// halfTyped is code with much of Go in it.
const halfTyped = "import m \"math\"\n" +
	"type P[T any] struct { X, Y T; next *P[T] }\n" +
	"func (p *P[T]) Sum(f func(T) int, xs ...T) (n int, err error) {\n\tdefer func() { _ = recover() }()\n" +
	"outer:\n\tfor i, x := range xs { if i > 3 { continue outer }; switch y := any(x).(type) { case int, string: n += f(x); default: _ = y } }\n\treturn\n}\n" +
	"p, q := &P[int]{X: 1, Y: 2}, map[string][]P[float64]{\"a\": {{X: 1.5}}}\n" +
	"go func(c chan<- int) { select { case c <- 1: case <-time.After(3): } }(make(chan int))\n" +
	"f := h5.Open(\"a/b.h5\").Dataset(`c/d`).Field(\"e\") // \"é\n" +
	"if v, ok := q[\"a\"]; ok && len(v) > int(m.Pi) { fmt.Println(v[0].X, 'x', p.next.Sum(func(i int) int { return i * 2 }, 1, 2)) }\n" +
	"p.Sum, f"

// Completion, inspection and the check take any text: beginnings of one, and one that lacks a
// character.
func TestHalfTyped(t *testing.T) {
	s := completing(t)
	try := func(code string, at int) {
		defer func() {
			if r := recover(); r != nil {
				t.Fatalf("panic: %v\n%s\ncursor %d of\n%s", r, debug.Stack(), at, code)
			}
		}()
		c := s.Complete(code, at)
		if c.Start < 0 || c.Start > at || c.End < at || c.End > len(code) {
			t.Fatalf("completion replaces %d:%d around %d of\n%s", c.Start, c.End, at, code)
		}
		s.Inspect(code, at, 1)
		cell.IsComplete(code)
	}
	const step = 7 // every place takes long
	for i := 0; i < len(halfTyped); i += step {
		try(halfTyped[:i], i)
		try(halfTyped[:i]+halfTyped[i+1:], i)
	}
	fresh := cell.NewSession(exports.Library())
	for i := 0; i < len(halfTyped); i += step {
		for _, code := range []string{halfTyped[:i], halfTyped[:i] + halfTyped[i+1:]} {
			_, err := fresh.Check("In[1]", code)
			if d, ok := err.(*cell.Diagnostics); ok {
				for _, e := range d.List {
					if e.Line < 1 || e.Col < 1 || e.Msg == "" {
						t.Fatalf("%+v of\n%s", e, code)
					}
				}
				if len(d.Traceback()) == 0 {
					t.Fatalf("no error is told of\n%s", code)
				}
			} else if err != nil {
				t.Fatalf("%T %v of\n%s", err, err, code)
			}
		}
	}
}
