package plots

import (
	"strings"
	"testing"

	"gonum.org/v1/plot/vg"
)

// TestStripColumns: of a strip that reaches far beyond the picture only the columns within it are made, with the
// heights that they have of the whole strip.
func TestStripColumns(t *testing.T) {
	var s strip
	for i := range 2 * maxCorners {
		x := vg.Length(i-maxCorners) * 1000 * columnWidth
		s.lo, s.hi = append(s.lo, vg.Point{X: x, Y: vg.Length(i)}), append(s.hi, vg.Point{X: x, Y: vg.Length(i + 1)})
	}
	whole := s.columns(columnAt(s.lo[0].X), columnAt(s.lo[len(s.lo)-1].X))
	part := s.columns(-10, 1009)
	if want := 2 * 1020; len(part.lo) != want || len(part.hi) != want {
		t.Fatalf("got %d and %d points, want %d", len(part.lo), len(part.hi), want)
	}
	skipped := 2 * (-10 - columnAt(s.lo[0].X))
	for i := range part.lo {
		if part.lo[i] != whole.lo[skipped+i] || part.hi[i] != whole.hi[skipped+i] {
			t.Fatalf("point %d is %v, %v, of the whole strip %v, %v", i, part.lo[i], part.hi[i], whole.lo[skipped+i], whole.hi[skipped+i])
		}
	}
	for _, beside := range []strip{s.columns(1_000_000, 1_001_000), s.columns(-1_001_000, -1_000_000)} {
		if len(beside.lo) != 0 {
			t.Errorf("beside the strip there are %d points", len(beside.lo))
		}
	}
}

// TestRangeBesideValues: axes without anything on them say so, and where the values are.
func TestRangeBesideValues(t *testing.T) {
	three := []float64{1, 2, 3}
	for name, test := range map[string]struct {
		f    *Figure
		want string // "" for none
	}{
		"line":       {Line(three).XRange(1000, 1001), "nothing lies between x = 1000 and 1001: x goes from 0 to 2"},
		"scatter":    {Scatter(three, three).XRange(-5, -4), "nothing lies between x = -5 and -4: x goes from 1 to 3"},
		"two":        {Line(three).Band(three, three, three).Marks([]int{1000}).XRange(1000, 1001), "nothing lies between x = 1000 and 1001: x goes from 0 to 3"},
		"one within": {Line(three).Line([]int{1000, 1001}, []int{1, 2}).XRange(1000, 1001), ""},
		"no points":  {Line(three).XRange(0.4, 0.6), ""}, // the line goes through it
		"no range":   {Line(three), ""},
		"long":       {Line(places(1_000_000)).XRange(999_990, 999_995), ""}, // of the whole only the middles of stretches are known,
	} {
		said := test.f.String()
		if n := strings.Count(said, "nothing lies"); test.want == "" && n > 0 || test.want != "" && (n != 1 || !strings.Contains(said, test.want)) {
			t.Errorf("%s: got %s, want %q", name, said, test.want)
		}
		if _, err := test.f.PNG(); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}
