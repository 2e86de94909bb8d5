package display

import (
	"iter"
	"strings"
)

// Track ranges over the elements of a slice and shows how far the loop is; what follows the slice labels
// the bar. However the loop is left, the bar stays as it then is.
//
//	for f := range display.Track(files, "convert") {
//		convert(f)
//	}
func Track[E any](xs []E, label ...string) iter.Seq[E] {
	return func(yield func(E) bool) {
		p := Progress(len(xs), strings.Join(label, " "))
		defer p.Done()
		for _, x := range xs {
			if !yield(x) {
				return
			}
			p.Add(1)
		}
	}
}

// integer is any integer, as range takes them.
type integer interface {
	~int | ~int8 | ~int16 | ~int32 | ~int64 | ~uint | ~uint8 | ~uint16 | ~uint32 | ~uint64 | ~uintptr
}

// TrackN is Track for the integers from 0 to n-1.
func TrackN[Int integer](n Int, label ...string) iter.Seq[Int] {
	return func(yield func(Int) bool) {
		p := Progress(int(n), strings.Join(label, " "))
		defer p.Done()
		for i := Int(0); i < n; i++ {
			if !yield(i) {
				return
			}
			p.Add(1)
		}
	}
}

// TrackMap is Track for a map.
func TrackMap[K comparable, V any](m map[K]V, label ...string) iter.Seq2[K, V] {
	return func(yield func(K, V) bool) {
		p := Progress(len(m), strings.Join(label, " "))
		defer p.Done()
		for k, v := range m {
			if !yield(k, v) {
				return
			}
			p.Add(1)
		}
	}
}

// TrackSeq is Track for what a function gives, of which n are expected; 0 when nobody knows.
func TrackSeq[E any](seq iter.Seq[E], n int, label ...string) iter.Seq[E] {
	return func(yield func(E) bool) {
		p := Progress(n, strings.Join(label, " "))
		defer p.Done()
		for x := range seq {
			if !yield(x) {
				return
			}
			p.Add(1)
		}
	}
}
