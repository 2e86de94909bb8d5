package h5

import (
	"slices"
	"unsafe"
)

// spread says which element of a value goes to each place of a selection, in the order of the file:
// on each axis the places are taken from the value in another order, or from one place again and again.
type spread struct {
	shape  Shape   // of what is written
	stride []int   // from one place of an axis to the next in the value, 0 where it is repeated
	back   [][]int // for each place of an axis its place in the value, nil when they are in order
}

// stridesFor says how a value of a shape fills another: the strides in it for each axis. It is false
// when it does not.
func stridesFor(value, want Shape) ([]int, bool) {
	none := len(value) == len(want) && value.Len() == 0 && want.Len() == 0 // [][]float64{} does not say how long its rows would be
	if none || slices.Equal(value, want) || len(value) == 1 && value[0] == want.Len() || slices.Equal(squeezed(value), squeezed(want)) {
		value = want
	}
	for len(value) > len(want) && value[0] == 1 {
		value = value[1:]
	}
	if len(value) > len(want) {
		return nil, false
	}
	out, stride, ahead := make([]int, len(want)), 1, len(want)-len(value)
	for i := len(value) - 1; i >= 0; i-- {
		switch value[i] {
		case want[ahead+i]:
			out[ahead+i] = stride
		case 1:
		default:
			return nil, false
		}
		stride *= value[i]
	}
	return out, true
}

// squeezed leaves out axes of length 1.
func squeezed(s Shape) Shape {
	return slices.DeleteFunc(slices.Clone(s), func(n int) bool { return n == 1 })
}

// newSpread gives nil when the elements stand as they are written. Of a place that is asked for twice
// the last value counts.
func newSpread(s *selection, strides []int) *spread {
	p := &spread{shape: s.read(), stride: make([]int, len(s.axes)), back: make([][]int, len(s.axes))}
	moved, plain, kept := false, 1, len(strides)
	for i := len(s.axes) - 1; i >= 0; i-- {
		a := s.axes[i]
		if !a.drop {
			kept--
			p.stride[i] = strides[kept]
			moved = moved || strides[kept] != plain && a.length() > 1
			plain *= a.length()
		}
		if a.order != nil {
			moved, p.back[i] = true, make([]int, a.count)
			for k, at := range a.order {
				p.back[i][at] = k
			}
		}
	}
	if !moved {
		return nil
	}
	return p
}

// constant reports whether all places take the same element.
func (p *spread) constant() bool {
	return !slices.ContainsFunc(p.stride, func(n int) bool { return n != 0 })
}

// gather copies elements of size bytes to dst: those of the places from at on.
func (p *spread) gather(dst []byte, src unsafe.Pointer, size, at int) {
	if len(p.shape) == 0 {
		copy(dst, unsafe.Slice((*byte)(src), size))
		return
	}
	last := len(p.shape) - 1
	index := make([]int, len(p.shape))
	for i := last; i >= 0; i-- {
		index[i] = at % p.shape[i]
		at /= p.shape[i]
	}
	for len(dst) > 0 {
		row := 0
		for i := range last {
			row += p.place(i, index[i])
		}
		n := min(len(dst)/size, p.shape[last]-index[last])
		p.row(dst[:n*size], unsafe.Add(src, row*size), size, index[last])
		dst = dst[n*size:]
		index[last] += n
		for i := last; i > 0 && index[i] == p.shape[i]; i-- {
			index[i] = 0
			index[i-1]++
		}
	}
}

// place is how far a place of an axis is from the axis's beginning in the value.
func (p *spread) place(axis, at int) int {
	if p.back[axis] != nil {
		at = p.back[axis][at]
	}
	return at * p.stride[axis]
}

// row copies places of the last axis, from one on.
func (p *spread) row(dst []byte, src unsafe.Pointer, size, from int) {
	last := len(p.shape) - 1
	switch {
	case p.stride[last] == 0:
		n := copy(dst, unsafe.Slice((*byte)(src), size))
		for n < len(dst) {
			n += copy(dst[n:], dst[:n])
		}
	case p.back[last] == nil && p.stride[last] == 1:
		copy(dst, unsafe.Slice((*byte)(unsafe.Add(src, from*size)), len(dst)))
	default:
		for k := 0; k*size < len(dst); k++ {
			copy(dst[k*size:], unsafe.Slice((*byte)(unsafe.Add(src, p.place(last, from+k)*size)), size))
		}
	}
}
