package plots

import "testing"

// TestFine: a small part of a long line shows all points that lie in it.
func TestFine(t *testing.T) {
	const n = 1_000_000
	y, x, turned := make([]float64, n), make([]float64, n), make([]float64, n)
	short := make([]float32, n)
	for i := range y {
		y[i], short[i], x[i], turned[i] = float64(i%10), float32(i%10), float64(i)/1000, float64(n-i)
	}
	for _, test := range []struct {
		name     string
		f        *Figure
		from, to float64
		points   int
		want     box
	}{
		{"numbers", Line(y), 500_000, 500_020, 23, box{500_000, 500_020, 0, 9}},
		{"float32", Step(short), 10, 14, 7, box{10, 14, 0, 4}},
		{"over x", Line(x, y), 1, 1.004, 7, box{1, 1.004, 0, 4}},
		{"evenly", Line(Linspace(0, 999_999), y), 7, 8, 4, box{7, 8, 7, 8}},
		{"at the end", Line(y), 999_998, 2_000_000, 3, box{999_998, 999_999, 8, 9}},
		{"turned", Line(turned, y), 500, 600, 2 * stretches, box{}},
		{"large part", Line(y), 0, 900_000, 2 * stretches, box{}},
		{"still long", Line(y), 0, 220_000, 2 * stretches, box{}},
	} {
		l := test.f.layers[0].layer.(*line)
		px, _ := l.part(test.from, test.to)
		if test.name == "still long" && (px[0] > 100 || px[len(px)-1] > 220_010 || px[len(px)-1] < 219_900) {
			t.Errorf("%s: goes from %v to %v", test.name, px[0], px[len(px)-1])
		}
		if len(px) != test.points {
			t.Errorf("%s: %d points, want %d", test.name, len(px), test.points)
		}
		if got := test.f.XRange(test.from, test.to).area(false); test.want != (box{}) && got != test.want {
			t.Errorf("%s: shows %v, want %v", test.name, got, test.want)
		}
	}
	if f := Line(y, turned[:n]); f.Err() != nil { // a curve that goes forth and back
		t.Error(f.Err())
	}
}
