package display

import (
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"
	"unicode/utf8"
)

type celsius float64

func (c celsius) String() string { return fmt.Sprintf("%.1f°C", float64(c)) }

type point struct {
	X, Y int
	name string
	next *point
}

type loud []int

func (loud) String() string { return "loud" }

func upTo(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return s
}

func mapTo[V any](n int, v V) map[int]V {
	m := map[int]V{}
	for i := range n {
		m[i] = v
	}
	return m
}

// samples are values of every kind that fmt knows.
var samples = []any{
	nil, true, 7, uint8(7), 1e6, float32(0.1), 2 + 3i, "text", celsius(3), errors.New("broken"), time.Second,
	[]byte("ab"), []int(nil), []string{"a", ""}, [2]bool{true}, upTo(maxList), []celsius{1, 2}, loud(upTo(5000)),
	map[string]int{"b": 2, "a": 1}, map[string]int(nil), mapTo(maxMap, 1), map[any]int{nil: 0, 2: 1, 1: 2},
	map[[2]int]bool{{1, 2}: true, {1, 1}: false}, map[celsius]int{2: 1, 1: 2}, map[bool]int{true: 1, false: 0},
	map[float64]int{2: 1, -1: 0}, map[complex128]int{2: 1, 1 + 1i: 0}, map[uint8]int{2: 1, 1: 0},
	point{1, 2, "p", nil}, &point{1, 2, "p", &point{}}, &[]int{1}, &map[int]int{1: 2}, (*point)(nil),
	[]any{nil, 1, "a", []any{}, celsius(2), &point{}}, struct{ t celsius }{3}, struct{ T celsius }{3},
	[]error{errors.New("x"), nil}, []*int{nil}, struct{ F func() }{}, []time.Time{time.Unix(0, 0)},
	map[point]string{{X: 2}: "b", {X: 1, name: "z"}: "a"}, strings.Repeat("x", maxText),
}

func TestTextIsThatOfFmt(t *testing.T) {
	for _, v := range samples {
		if got, want := text(v), fmt.Sprint(v); got != want {
			t.Errorf("text of %T:\n got %.200q\nwant %.200q", v, got, want)
		}
	}
}

// TestPrinter holds the printer of large values to fmt on small ones.
func TestPrinter(t *testing.T) {
	for _, v := range samples {
		var p printer
		p.print(reflect.ValueOf([]any{v}))
		if got, want := p.b.String(), fmt.Sprint([]any{v}); got != want && len(want) <= maxText {
			t.Errorf("%T:\n got %.200q\nwant %.200q", v, got, want)
		}
	}
}

func TestTextOfLargeValues(t *testing.T) {
	ends := func(n int) string {
		all := fmt.Sprint(upTo(n))
		words := strings.Fields(strings.Trim(all, "[]"))
		return "[" + strings.Join(words[:100], " ") + " ... " + strings.Join(words[n-100:], " ") + "] (" + Count(n) + " elements)"
	}
	head := strings.TrimSuffix(fmt.Sprint(mapTo(200, "v")), "]")
	itself := []any{nil}
	itself[0] = itself
	array := [1001]int(upTo(1001))
	for _, tt := range []struct {
		name string
		v    any
		want string // all of it, or with … what stands at either end
	}{
		{"slice", upTo(1001), ends(1001)},
		{"array", array, ends(1001)},
		{"pointer to a slice", &array, "&" + ends(1001)},
		{"nested", [][]int{{1}, upTo(2000)}, "[[1] " + ends(2000) + "]"},
		{"in a struct that hides it", struct{ hidden []int }{upTo(1500)}, "{" + ends(1500) + "}"},
		{"in an interface", map[string]any{"a": upTo(1001), "b": nil}, "map[a:" + ends(1001) + " b:<nil>]"},
		{"methods", make([]celsius, 1001), "[0.0°C 0.0°C … 0.0°C] (1,001 elements)"},
		{"map", mapTo(1001, "v"), head + " ...] (the first 200 of 1,001 entries)"},
		{"hidden map", struct{ m map[int]string }{mapTo(1001, "v")}, "{" + head + " ...] (the first 200 of 1,001 entries)}"},
		{"string", strings.Repeat("x", maxText+1), strings.Repeat("x", maxText) +
			" ...\n(the first 65,536 of 65,537 bytes; fmt.Println prints all of it)"},
		{"string cut in a rune", "x" + strings.Repeat("日", maxText), "x日…日 ...\n(the first 65,536 of 196,609 bytes; fmt.Println prints all of it)"},
		{"error", errors.New(strings.Repeat("e", 1<<20)), "ee…e ...\n(the first 65,536 of 1,048,576 bytes; fmt.Println prints all of it)"},
		{"strings", []string{strings.Repeat("日", 1<<20), "b"}, "[日…日 ...\n(the first 65,536 bytes of a []string of 2 elements; fmt.Println prints all of it)"},
		{"matrix", make([][900]int, 900), "[[0 0 … ...\n(the first 65,536 bytes of a [][900]int of 900 elements; fmt.Println prints all of it)"},
		{"contains itself", itself, "[[[…[ ...\n(the first 65,536 bytes of a []interface {} of 1 elements; fmt.Println prints all of it)"},
	} {
		got := text(tt.v)
		first, last, parts := strings.Cut(tt.want, "…")
		if got != tt.want && !(parts && strings.HasPrefix(got, first) && strings.HasSuffix(got, last)) {
			t.Errorf("%s:\n got %.80q ... %q\nwant %.80q ... %q", tt.name, got, tail(got), tt.want, tail(tt.want))
		}
		if len(got) > maxText+200 || !utf8.ValidString(got) {
			t.Errorf("%s: %d bytes, valid UTF-8: %v", tt.name, len(got), utf8.ValidString(got))
		}
	}
}

func tail(s string) string { return s[max(0, len(s)-120):] }

func TestRenderIsBounded(t *testing.T) {
	s, _ := Render(make([]float64, 5_000_000)).Data[TextPlain].(string)
	if !strings.HasSuffix(s, "] (5,000,000 elements)") || len(s) > 1000 {
		t.Errorf("%d bytes, ending in %q", len(s), tail(s))
	}
}

func BenchmarkTextOfLargeValues(b *testing.B) {
	for name, v := range map[string]any{
		"slice":  make([]float64, 20_000_000),
		"map":    mapTo(1_000_000, 1.5),
		"matrix": make([][900]float64, 900),
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				text(v)
			}
		})
	}
}
