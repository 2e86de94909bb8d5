package h5

import "slices"

// blockLen is how many numbers blocks gives at once: few enough to stay in the processor's nearest cache,
// and for errors of rounding to stay small when they are added up before they are joined.
const blockLen = 2048

// blocks gives the elements in C order as float64s, a few at a time; they are the callee's to read only, and
// until it returns. It gives nothing of what is not numbers.
func (a *Array) blocks(use func(x []float64)) {
	switch s := a.data.(type) {
	case []float64:
		blocksOf(s, use)
	case []float32:
		blocksOf(s, use)
	case []int8:
		blocksOf(s, use)
	case []int16:
		blocksOf(s, use)
	case []int32:
		blocksOf(s, use)
	case []int64:
		blocksOf(s, use)
	case []uint8:
		blocksOf(s, use)
	case []uint16:
		blocksOf(s, use)
	case []uint32:
		blocksOf(s, use)
	case []uint64:
		blocksOf(s, use)
	case []bool:
		truthBlocks(s, use)
	}
}

// areNumbers is nil for elements that blocks gives.
func (a *Array) areNumbers() error {
	switch a.data.(type) {
	case []float64, []float32, []int8, []int16, []int32, []int64, []uint8, []uint16, []uint32, []uint64, []bool:
		return nil
	}
	return a.notA("numbers")
}

func blocksOf[T number](s []T, use func(x []float64)) {
	if x, ok := any(s).([]float64); ok {
		for part := range slices.Chunk(x, blockLen) {
			use(part)
		}
		return
	}
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
