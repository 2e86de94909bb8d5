package plots

import (
	"encoding/json"
	"strings"
	"testing"
)

// TestAnnotations checks that marks and shades move no axis, are said to front ends, and refuse what does not fit.
func TestAnnotations(t *testing.T) {
	f := Line([]float64{1, 2, 3}, []float64{1, 4, 9}).Marks([]float64{2, 50}, "here", "far <b>").Shade([]float64{1.5}, []float64{1.7}, "NODATA").
		Above("twice", 2)
	s, err := f.frame()
	if err != nil {
		t.Fatal(err)
	}
	if s.X.Max != 3 {
		t.Errorf("the axis goes to %g", s.X.Max)
	}
	svg, err := f.SVG()
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{">here<", ">twice<", ">6.0<"} {
		if !strings.Contains(svg, want) {
			t.Errorf("no %q in the picture", want)
		}
	}
	if strings.Contains(svg, "far") {
		t.Error("a mark outside of the axis is drawn")
	}
	var spec struct{ Layer []struct{ Mark any } }
	if err := json.Unmarshal(f.vega(), &spec); err != nil || len(spec.Layer) != 4 {
		t.Errorf("%d layers of Vega-Lite, want shades, line, marks and their names; %v", len(spec.Layer), err)
	}
	if said := f.String(); !strings.Contains(said, "2 marks") || strings.Contains(said, "nothing of") {
		t.Error(said)
	}
	for want, f := range map[string]*Figure{
		"2 places and 1 names":               Line([]int{1, 2}).Marks([]int{1, 2}, "a"),
		"from has 1 values, to 2":            Line([]int{1, 2}).Shade([]int{1}, []int{1, 2}),
		"a factor of -1 makes no axis":       Line([]int{1, 2}).Above("x", -1),
		"all values are NaN, infinite or ou": (&Figure{width: 300, height: 300}).Marks([]int{1, 2}),
	} {
		if err := f.Err(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
}
