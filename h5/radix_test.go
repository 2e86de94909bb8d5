package h5

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestSortByKeys compares with a sort that compares.
func TestSortByKeys(t *testing.T) {
	r := rand.New(rand.NewPCG(51, 52))
	special := []float64{0, math.Copysign(0, -1), math.NaN(), -math.NaN(), math.Inf(1), math.Inf(-1), math.MaxFloat64, -math.MaxFloat64, 5e-324, -5e-324}
	for _, n := range []int{0, 1, 100, radixAbove + 7, 3 * manyValues} {
		floats, ints, bytes := make([]float64, n), make([]int64, n), make([]uint8, n)
		for i := range n {
			if floats[i] = r.NormFloat64() * math.Pow10(r.IntN(600)-300); r.IntN(5) == 0 {
				floats[i] = special[r.IntN(len(special))]
			}
			ints[i], bytes[i] = int64(r.Uint64()), uint8(r.Uint32())
		}
		small := make([]float32, n)
		for i, x := range floats {
			small[i] = float32(x)
		}
		for _, falling := range []bool{false, true} {
			comparePlaces(t, floats, falling)
			comparePlaces(t, small, falling)
			comparePlaces(t, ints, falling)
			comparePlaces(t, bytes, falling)
		}
		compareNumbering(t, floats)
		compareNumbering(t, small)
		compareNumbering(t, ints)
	}
}

func comparePlaces[T number](t *testing.T, s []T, falling bool) {
	t.Helper()
	got, want := vectorOf(s).places(0, len(s), falling), placesInOrder(s, 0, len(s), falling)
	if !slices.Equal(got, want) {
		t.Errorf("%d of %T, falling %v: in another order", len(s), s, falling)
	}
}

func compareNumbering[T number](t *testing.T, s []T) {
	t.Helper()
	got, want := vectorOf(s).numbering(), numberAny(s)
	if !slices.Equal(got.of, want.of) || !slices.Equal(got.first, want.first) {
		t.Errorf("%d of %T: numbered otherwise", len(s), s)
	}
}
