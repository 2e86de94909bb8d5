package abi

import "unsafe"

// Fold joins n elements of kind k: acc[i] = op(acc[i], x[i]). It reports whether op works for k. It is
// for few elements and for ranks without MPI; large reductions are the library's.
func Fold(op Op, k Kind, acc, x unsafe.Pointer, n int) bool {
	if !op.Works(k) {
		return false
	}
	switch k {
	case Bool:
		logical(op, acc, x, n)
	case Int8:
		integers[int8](op, acc, x, n)
	case Int16:
		integers[int16](op, acc, x, n)
	case Int32:
		integers[int32](op, acc, x, n)
	case Int64:
		integers[int64](op, acc, x, n)
	case Byte, Uint8:
		integers[uint8](op, acc, x, n)
	case Uint16:
		integers[uint16](op, acc, x, n)
	case Uint32:
		integers[uint32](op, acc, x, n)
	case Uint64:
		integers[uint64](op, acc, x, n)
	case Float32:
		ordered[float32](op, acc, x, n)
	case Float64:
		ordered[float64](op, acc, x, n)
	case Complex64:
		numbers[complex64](op, acc, x, n)
	case Complex128:
		numbers[complex128](op, acc, x, n)
	}
	return true
}

type integer interface {
	int8 | int16 | int32 | int64 | uint8 | uint16 | uint32 | uint64
}

type order interface{ integer | float32 | float64 }

type number interface{ order | complex64 | complex128 }

func pair[T any](acc, x unsafe.Pointer, n int) (a, b []T) {
	return unsafe.Slice((*T)(acc), n), unsafe.Slice((*T)(x), n)
}

func join[T any](a, b []T, f func(a, b T) T) {
	for i := range a {
		a[i] = f(a[i], b[i])
	}
}

func numbers[T number](op Op, acc, x unsafe.Pointer, n int) {
	a, b := pair[T](acc, x, n)
	if op == Sum {
		join(a, b, func(a, b T) T { return a + b })
		return
	}
	join(a, b, func(a, b T) T { return a * b })
}

func ordered[T order](op Op, acc, x unsafe.Pointer, n int) {
	a, b := pair[T](acc, x, n)
	switch op {
	case Max:
		join(a, b, func(a, b T) T { return max(a, b) })
	case Min:
		join(a, b, func(a, b T) T { return min(a, b) })
	default:
		numbers[T](op, acc, x, n)
	}
}

func integers[T integer](op Op, acc, x unsafe.Pointer, n int) {
	a, b := pair[T](acc, x, n)
	switch op {
	case BitAnd:
		join(a, b, func(a, b T) T { return a & b })
	case BitOr:
		join(a, b, func(a, b T) T { return a | b })
	case BitXor:
		join(a, b, func(a, b T) T { return a ^ b })
	case LogicalAnd:
		join(a, b, func(a, b T) T { return truth[T](a != 0 && b != 0) })
	case LogicalOr:
		join(a, b, func(a, b T) T { return truth[T](a != 0 || b != 0) })
	case LogicalXor:
		join(a, b, func(a, b T) T { return truth[T]((a != 0) != (b != 0)) })
	default:
		ordered[T](op, acc, x, n)
	}
}

// truth is C's: 1 or 0.
func truth[T integer](b bool) T {
	if b {
		return 1
	}
	return 0
}

func logical(op Op, acc, x unsafe.Pointer, n int) {
	a, b := pair[bool](acc, x, n)
	switch op {
	case LogicalAnd:
		join(a, b, func(a, b bool) bool { return a && b })
	case LogicalOr:
		join(a, b, func(a, b bool) bool { return a || b })
	case LogicalXor:
		join(a, b, func(a, b bool) bool { return a != b })
	}
}
