package h5

import (
	"fmt"
	"reflect"
	"slices"

	"gofive/h5/internal/libhdf5"
)

// source is a Go value seen as elements in a shape: the innermost slices, one behind the other.
type source struct {
	shape Shape
	elem  reflect.Type
	runs  []reflect.Value // slices of elem
	typ   *libhdf5.Type   // of an element in the file
}

// newSource takes slices and arrays of a value apart into axes. A target type, of elements in the
// file, says where to stop: its lists and opaque values are slices in Go too. Without one, slices of
// different lengths become lists.
func newSource(v reflect.Value, target *libhdf5.Type) (*source, error) {
	for v.Kind() == reflect.Pointer || v.Kind() == reflect.Interface {
		v = v.Elem()
	}
	if !v.IsValid() {
		return nil, &Error{Kind: ErrType, Reason: "nil cannot be stored"}
	}
	s := &source{shape: Shape{}}
	depth := nesting(v.Type())
	if target != nil {
		depth = max(0, depth-leafNesting(target))
	} else if ragged(v, depth) {
		depth--
	}
	if err := s.descend(v, depth); err != nil {
		return nil, err
	}
	if target != nil {
		s.typ = target
		return s, nil
	}
	t, err := typeOf(s.elem, fieldTag{})
	if err != nil {
		return nil, err
	}
	s.typ = t.t
	if s.elem == referenceType {
		s.typ = s.referenceType()
	}
	return s, nil
}

// referenceType is that of regions when the first reference that points somewhere is one.
func (s *source) referenceType() *libhdf5.Type {
	for _, run := range s.runs {
		for _, r := range run.Convert(reflect.TypeFor[[]Reference]()).Interface().([]Reference) {
			if r.region {
				return RegionReference.t
			}
			if !r.IsNil() {
				return ObjectReference.t
			}
		}
	}
	return ObjectReference.t
}

// nesting is how many slices and arrays are around a type's innermost elements.
func nesting(t reflect.Type) int {
	n := 0
	for t.Kind() == reflect.Slice || t.Kind() == reflect.Array {
		t = t.Elem()
		n++
	}
	return n
}

// leafNesting is how many of them belong to one element of a type.
func leafNesting(t *libhdf5.Type) int {
	switch t.Class {
	case libhdf5.Vlen:
		return 1 + leafNesting(t.Base)
	case libhdf5.Opaque:
		return 1
	case libhdf5.Array:
		return leafNesting(t.Base)
	}
	return 0
}

// ragged reports whether the innermost of several levels of slices differ in length.
func ragged(v reflect.Value, depth int) bool {
	if depth < 2 || v.Kind() != reflect.Slice {
		return false
	}
	if depth > 2 {
		return slices.ContainsFunc(slices.Collect(elements(v)), func(e reflect.Value) bool { return ragged(e, depth-1) })
	}
	for i := 1; i < v.Len(); i++ {
		if v.Index(i).Len() != v.Index(0).Len() {
			return true
		}
	}
	return false
}

func elements(v reflect.Value) func(yield func(reflect.Value) bool) {
	return func(yield func(reflect.Value) bool) {
		for i := range v.Len() {
			if !yield(v.Index(i)) {
				return
			}
		}
	}
}

// descend takes depth levels of slices apart.
func (s *source) descend(v reflect.Value, depth int) error {
	if depth == 0 {
		one := reflect.MakeSlice(reflect.SliceOf(v.Type()), 1, 1)
		one.Index(0).Set(v)
		s.elem, s.runs = v.Type(), []reflect.Value{one}
		return nil
	}
	return s.level(v, depth, 0)
}

func (s *source) level(v reflect.Value, depth, axis int) error {
	if axis == len(s.shape) {
		s.shape = append(s.shape, v.Len())
	}
	if v.Len() != s.shape[axis] {
		return &Error{Kind: ErrShape, Reason: fmt.Sprintf("slices of %d and of %d elements on axis %d", s.shape[axis], v.Len(), axis),
			Hint: "all must be of one length"}
	}
	if depth == 1 {
		s.elem = v.Type().Elem()
		s.runs = append(s.runs, asSlice(v))
		return nil
	}
	if v.Len() == 0 {
		for t := v.Type().Elem(); depth > 1; depth-- {
			n := 0
			if t.Kind() == reflect.Array {
				n = t.Len()
			}
			s.shape = append(s.shape, n)
			s.elem, t = t.Elem(), t.Elem()
		}
		return nil
	}
	for e := range elements(v) {
		if err := s.level(e, depth-1, axis+1); err != nil {
			return err
		}
	}
	return nil
}

// asSlice gives an array as a slice; one that has no address is copied.
func asSlice(v reflect.Value) reflect.Value {
	if v.Kind() == reflect.Slice {
		return v
	}
	if v.CanAddr() {
		return v.Slice(0, v.Len())
	}
	out := reflect.MakeSlice(reflect.SliceOf(v.Type().Elem()), v.Len(), v.Len())
	reflect.Copy(out, v)
	return out
}

// array decodes what the value is stored as.
func (s *source) array() (*Array, error) {
	if s.elem == referenceType { // which know their files, and their bytes do not
		out := []Reference{}
		for _, run := range s.runs {
			out = append(out, run.Convert(reflect.TypeFor[[]Reference]()).Interface().([]Reference)...)
		}
		return &Array{typ: &Datatype{s.typ}, shape: s.shape, data: out}, nil
	}
	e, err := s.encode()
	if err != nil {
		return nil, err
	}
	a, fill := newArray(e.mem, s.shape, nil)
	if n := s.shape.Len(); n > 0 {
		e.relocate()
		fill(e.bytes, n, e.mem.Size)
	}
	return a, nil
}
