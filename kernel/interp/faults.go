package interp

import (
	"reflect"

	"gofive/kernel/engine"
)

// What lowered code has found to be out of bounds is done once more here, on things of the same
// length, so that the error is the runtime's own. Elements without a size take no memory.

// fault begins the trace of a fault on a line and has it happen.
func (it *Interp) fault(line int, do func()) {
	it.traces.begin(line)
	do()
}

// index fails for an index into n elements.
func (it *Interp) index(i any, n, line int) bool {
	it.fault(line, func() {
		all := make([]struct{}, n)
		if v := reflect.ValueOf(i); v.CanUint() {
			_ = all[v.Uint()]
		} else {
			_ = all[v.Int()]
		}
	})
	return false
}

// at gives an index into n elements, or fails.
func (it *Interp) at(i any, n, line int) int {
	v := reflect.ValueOf(i)
	var at int
	if v.CanUint() {
		at = int(min(v.Uint(), uint64(n)))
	} else {
		at = int(v.Int())
	}
	if at < 0 || at >= n {
		it.index(i, n, line)
	}
	return at
}

// slice fails for s[lo:hi] or s[lo:], of a slice with n elements of room in the first case and n
// elements in the second.
func (it *Interp) slice(lo, hi, _ any, n, line int) bool {
	it.fault(line, func() {
		all := make([]struct{}, n)
		switch low, high := bound(lo), bound(hi); {
		case hi == nil:
			_ = all[low:]
		case lo == nil:
			_ = all[:high]
		default:
			_ = all[low:high]
		}
	})
	return false
}

// sliceFixed fails for s[lo:hi] of a string or an array.
func (it *Interp) sliceFixed(lo, hi, _ any, n, line int) bool {
	it.fault(line, func() {
		all := string(make([]byte, n))
		if low, high := bound(lo), bound(hi); lo == nil {
			_ = all[:high]
		} else {
			_ = all[low:high]
		}
	})
	return false
}

// slice3 fails for s[lo:hi:max].
func (it *Interp) slice3(lo, hi, max any, n, line int) bool {
	it.fault(line, func() { _ = make([]struct{}, n)[bound(lo):bound(hi):bound(max)] })
	return false
}

// bound gives a bound of a slice as an int; what is larger than any int is out of range as well.
func bound(b any) int {
	v := reflect.ValueOf(b)
	switch {
	case b == nil:
		return 0
	case v.CanUint():
		return int(min(v.Uint(), 1<<63-1))
	}
	return int(v.Int())
}

// shift fails for a negative count.
func (it *Interp) shift(count, line int) bool {
	it.fault(line, func() { _ = 1 << count })
	return false
}

// shifted gives the count of a shift, or fails.
func (it *Interp) shifted(count, line int) int {
	if count < 0 {
		it.shift(count, line)
	}
	return count
}

// nilReceiver fails for a method that has been inlined, and was called with nil.
func (it *Interp) nilReceiver(name, cell string, at, line int) bool {
	t := it.traces.begin(line)
	t.frames = []frame{{Func: engine.Func{Name: name, Cell: cell, Line: at}, times: 1}}
	panic(nilDereference)
}
