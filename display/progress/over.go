package progress

import (
	"iter"
	"strings"
)

// integer is any integer, as range takes them.
type integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}

// Over ranges over the integers from 0 to n-1 and shows how far the loop is; what follows n labels the bar.
// However the loop is left, the bar stays as it then is.
//
//	for i := range progress.Over(n) {
//		simulate(i)
//	}
func Over[Int integer](n Int, label ...string) iter.Seq[Int] {
	return func(yield func(Int) bool) {
		p := New(int(n), strings.Join(label, " "))
		defer p.Done()
		for i := Int(0); i < n; i++ {
			if !yield(i) {
				return
			}
			p.Add(1)
		}
	}
}

// Each is Over for a slice, whose indices and elements it gives.
//
//	for i, f := range progress.Each(files, "convert") {
//		convert(i, f)
//	}
func Each[E any](xs []E, label ...string) iter.Seq2[int, E] {
	return func(yield func(int, E) bool) {
		p := New(len(xs), strings.Join(label, " "))
		defer p.Done()
		for i, x := range xs {
			if !yield(i, x) {
				return
			}
			p.Add(1)
		}
	}
}

// Map is Over for a map.
func Map[K comparable, V any](m map[K]V, label ...string) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		p := New(len(m), strings.Join(label, " "))
		defer p.Done()
		for k, v := range m {
			if !yield(k, v) {
				return
			}
			p.Add(1)
		}
	}
}

// Seq is Over for what a function gives, of which n are expected; 0 when nobody knows.
func Seq[E any](seq iter.Seq[E], n int, label ...string) iter.Seq[E] {
	return func(yield func(E) bool) {
		p := New(n, strings.Join(label, " "))
		defer p.Done()
		for x := range seq {
			if !yield(x) {
				return
			}
			p.Add(1)
		}
	}
}
