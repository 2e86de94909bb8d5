package plots

import (
	"fmt"
	"math"
	"testing"
)

// BenchmarkLine draws lines as notebooks do, in both forms. They go up and down as often as they can,
// which is the hardest to draw.
func BenchmarkLine(b *testing.B) {
	for _, n := range []int{1000, 4600, 2_000_000} {
		y := make([]float32, n)
		for i := range y {
			y[i] = float32(math.Sin(float64(i)))
		}
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				if data := Line(y).MimeBundle(); len(data) != 3 {
					b.Fatal(data)
				}
			}
		})
	}
}
