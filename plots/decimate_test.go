package plots

import (
	"math"
	"math/rand"
	"reflect"
	"testing"

	"gonum.org/v1/plot/vg"
)

// points makes points of pairs of coordinates, x in columns.
func points(xy ...float64) []vg.Point {
	var out []vg.Point
	for i := 0; i < len(xy); i += 2 {
		out = append(out, vg.Point{X: vg.Length(xy[i]) * columnWidth, Y: vg.Length(xy[i+1])})
	}
	return out
}

func reduce(in []vg.Point) []vg.Point {
	var r run
	for _, p := range in {
		r.add(p)
	}
	return r.finish()
}

func TestRun(t *testing.T) {
	for name, test := range map[string]struct{ in, want []vg.Point }{
		"none":             {nil, nil},
		"one":              {points(0, 5), points(0, 5)},
		"apart":            {points(0, 1, 1, 2, 2, 0), points(0, 1, 1, 2, 2, 0)},
		"low before high":  {points(0, 1, 0.1, -3, 0.2, 2, 0.3, 9, 0.4, 4), points(0, 1, 0.1, -3, 0.3, 9, 0.4, 4)},
		"high before low":  {points(0, 1, 0.1, 9, 0.2, 2, 0.3, -3, 0.4, 4), points(0, 1, 0.1, 9, 0.3, -3, 0.4, 4)},
		"extremes at ends": {points(0, 9, 0.1, 5, 0.2, 6, 0.3, 1), points(0, 9, 0.3, 1)},
		"flat":             {points(0, 1, 0.1, 1, 0.2, 1, 1, 1), points(0, 1, 0.2, 1, 1, 1)},
		"back to a column": {points(0, 1, 1, 2, 0.5, 3), points(0, 1, 1, 2, 0.5, 3)},
		"below the origin": {points(-0.5, 1, 0.5, 2), points(-0.5, 1, 0.5, 2)},
		"two full columns": {points(0, 0, 0.2, 5, 0.4, 1, 0.6, 2, 1, 0, 1.2, -5, 1.4, 1, 1.6, 2),
			points(0, 0, 0.2, 5, 0.6, 2, 1, 0, 1.2, -5, 1.6, 2)},
	} {
		if got := reduce(test.in); !reflect.DeepEqual(got, test.want) {
			t.Errorf("%s:\n got %v\nwant %v", name, got, test.want)
		}
	}
}

// A spike of one sample among two million must be seen, and the picture must stay small.
func TestRunKeepsSpikes(t *testing.T) {
	const n, width = 2_000_000, 1000
	random := rand.New(rand.NewSource(1))
	var r run
	for i := range n {
		y := random.Float64()
		if i == 1_234_567 {
			y = 100
		}
		r.add(vg.Point{X: vg.Length(i) * width * columnWidth / n, Y: vg.Length(y)})
	}
	highest := vg.Length(math.Inf(-1))
	got := r.finish()
	for _, p := range got {
		highest = max(highest, p.Y)
	}
	if highest != 100 {
		t.Errorf("the spike of 100 is drawn as %v", highest)
	}
	if len(got) > 4*(width+1) {
		t.Errorf("%d points remain, want 4 a column of %d", len(got), width)
	}
}

// Pieces must cover every segment, and each joint must be inside of one of them.
func TestPieces(t *testing.T) {
	for _, n := range []int{1, 2, pieceLength - 1, pieceLength, pieceLength + 1, 5*pieceLength + 3} {
		var line []vg.Point
		for i := range n {
			line = append(line, vg.Point{X: vg.Length(i)})
		}
		inside := map[vg.Length]bool{}
		for _, piece := range pieces(line) {
			if len(piece) > pieceLength || len(piece) < min(2, n) {
				t.Errorf("%d points: a piece of %d", n, len(piece))
			}
			for i := 1; i < len(piece)-1; i++ {
				inside[piece[i].X] = true
			}
		}
		if want := max(0, n-2); len(inside) != want {
			t.Errorf("%d points: %d joints lie inside a piece, want %d", n, len(inside), want)
		}
	}
}
