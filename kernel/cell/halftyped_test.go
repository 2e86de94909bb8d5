package cell_test

import (
	"go/scanner"
	"go/token"
	"math/rand"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
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
		sound(t, code, func() {
			c := s.Complete(code, at)
			if c.Start < 0 || c.Start > at || c.End < at || c.End > len(code) {
				t.Fatalf("completion replaces %d:%d around %d of\n%s", c.Start, c.End, at, code)
			}
			s.Inspect(code, at, 1)
			cell.IsComplete(code)
		})
	}
	const step = 13 // every place takes long
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

// Notebooks in which tokens have been taken out, doubled or put in from elsewhere are refused or
// run, but never make the check panic. What is found becomes a case of its own.
func TestMutatedCells(t *testing.T) {
	files, err := filepath.Glob("../../../shared/cells/*.cells")
	if err != nil || len(files) == 0 {
		t.Skip("SKIPPED: ../shared/cells is not there")
	}
	var notebooks []string
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		notebooks = append(notebooks, string(text))
	}
	const seed, rounds = 1, 600
	r := rand.New(rand.NewSource(seed))
	for range rounds {
		s := cell.NewSession(exports.Library())
		for _, code := range strings.Split(notebooks[r.Intn(len(notebooks))], "\n---\n") {
			mutant := mutate(r, mutate(r, code, code), notebooks[r.Intn(len(notebooks))])
			sound(t, mutant, func() {
				at := r.Intn(len(mutant) + 1)
				s.Complete(mutant, at)
				s.Inspect(mutant, at, 1)
				_, _ = s.Check("In[1]", mutant) // most are refused
			})
			_, _ = s.Check("In[2]", code) // as it stands, unless the mutant changed what it needs
		}
	}
}

// sound runs f, which must not panic over code.
func sound(t *testing.T, code string, f func()) {
	defer func() {
		if r := recover(); r != nil {
			t.Fatalf("panic: %v\n%s\nover\n%s", r, debug.Stack(), code)
		}
	}()
	f()
}

// mutate takes a token out of code, or puts one of other in its place or before it.
func mutate(r *rand.Rand, code, other string) string {
	places, others := tokens(code), tokens(other)
	if len(places) == 0 || len(others) == 0 {
		return code
	}
	p, o := places[r.Intn(len(places))], others[r.Intn(len(others))]
	switch r.Intn(3) {
	case 0:
		return code[:p.start] + code[p.end:]
	case 1:
		return code[:p.start] + other[o.start:o.end] + code[p.end:]
	}
	return code[:p.start] + other[o.start:o.end] + " " + code[p.start:]
}

type span struct{ start, end int }

// tokens gives where the tokens of a text are.
func tokens(text string) []span {
	file := token.NewFileSet().AddFile("", -1, len(text))
	var s scanner.Scanner
	s.Init(file, []byte(text), func(token.Position, string) {}, 0)
	var list []span
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return list
		}
		if lit == "" {
			lit = tok.String()
		}
		if lit != "\n" {
			start := file.Offset(pos)
			list = append(list, span{start, min(start+len(lit), len(text))})
		}
	}
}
