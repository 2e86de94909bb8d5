package h5

import "slices"

// blockLen is how many numbers are converted or added up at once: few enough to stay in the processor's nearest
// cache, and for errors of rounding to stay small before sums are joined.
const blockLen = 2048

// anyFloat is a type of numbers that are reduced as they are.
type anyFloat interface{ float32 | float64 }

// blocks gives the elements in C order, a few at a time: float32s to narrow, and all others as float64s to
// wide. They are the callee's to read only, and until it returns. Of what is not numbers it gives nothing.
func (a *Array) blocks(wide func(x []float64), narrow func(x []float32)) {
	switch s := a.data.(type) {
	case []float64:
		for part := range slices.Chunk(s, blockLen) {
			wide(part)
		}
	case []float32:
		for part := range slices.Chunk(s, blockLen) {
			narrow(part)
		}
	case []int8:
		widen(s, wide)
	case []int16:
		widen(s, wide)
	case []int32:
		widen(s, wide)
	case []int64:
		widen(s, wide)
	case []uint8:
		widen(s, wide)
	case []uint16:
		widen(s, wide)
	case []uint32:
		widen(s, wide)
	case []uint64:
		widen(s, wide)
	case []bool:
		truthBlocks(s, wide)
	}
}

// areNumbers is nil for elements that blocks gives.
func (a *Array) areNumbers() error {
	if _, truth := a.data.([]bool); truth || numericOf(a.data) != nil {
		return nil
	}
	return a.notA("numbers")
}

func (a *Array) areComplex() bool {
	switch a.data.(type) {
	case []complex64, []complex128:
		return true
	}
	return false
}

func widen[T number](s []T, use func(x []float64)) {
	var x [blockLen]float64
	for part := range slices.Chunk(s, blockLen) {
		for i, v := range part {
			x[i] = float64(v)
		}
		use(x[:len(part)])
	}
}

func truthBlocks(s []bool, use func(x []float64)) {
	var x [blockLen]float64
	for part := range slices.Chunk(s, blockLen) {
		for i, yes := range part {
			x[i] = 0
			if yes {
				x[i] = 1
			}
		}
		use(x[:len(part)])
	}
}
