package h5view

import (
	"math"
	"strings"
	"testing"

	"gofive/h5"
)

// TestOddTables shows what is at the edge of what a table can be.
func TestOddTables(t *testing.T) {
	nan, inf := math.NaN(), math.Inf(1)
	many := func(x float64) []float64 {
		out := make([]float64, 30)
		for i := range out {
			out[i] = x
		}
		return out
	}
	for _, test := range []struct {
		name string
		args []any
		want []string // stand in the text
		not  []string
	}{
		{"nothing", nil, []string{"0 rows × 0 columns"}, nil},
		{"no rows", []any{"x", []float64{}, "s", []string{}}, []string{"float64", "0 rows × 2 columns"}, []string{"histogram"}},
		{"all NaN", []any{"x", many(nan)}, []string{"NaN: 30 of 30 in x"}, []string{"histogram"}},
		{"infinite", []any{"x", many(inf), "y", many(-inf)}, []string{"+Inf", "-Inf"}, []string{"histogram"}},
		{"one value", []any{"x", many(3)}, []string{"3.0"}, []string{"histogram"}},
		{"huge text", []any{"s", []string{strings.Repeat("ä\x01", 5<<20)}}, []string{`ä\x01ä\x01`, "…"}, []string{"\x01"}},
		{"odd names", []any{"<b>\x1b[31m", []int{1}, "", []int{2}, strings.Repeat("long", 100), []int{3}}, []string{`<b>\x1b[31m`, "longlong", "…"}, []string{"\x1b"}},
		{"arrays in rows", []any{"x", [][]float64{{1, nan}, {2, 3}}}, []string{"(2) float64", "[1 NaN]"}, nil},
		{"the same name twice", []any{"x", []int{1}, "x", []int{2}}, []string{"0      1      2"}, nil},
	} {
		table, err := h5.NewTable(test.args...)
		if err != nil {
			t.Fatal(err)
		}
		text, html := view(t, table)
		for _, want := range test.want {
			if !strings.Contains(text, want) {
				t.Errorf("%s: %q is not in\n%s", test.name, want, text)
			}
		}
		for _, not := range test.not {
			if strings.Contains(text, not) || strings.Contains(html, not) {
				t.Errorf("%s: %q is in\n%s", test.name, not, text)
			}
		}
		if len(html) > 20_000 {
			t.Errorf("%s: HTML of %d bytes", test.name, len(html))
		}
	}
}
