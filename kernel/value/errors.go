package value

import (
	"errors"
	"reflect"
)

// ErrorsAs is errors.As for a target in an interpreted variable: target points to a value of the type
// of that number, which may be an interface of a cell.
func (ts *Types) ErrorsAs(err error, target any, id int) bool {
	t := ts.get(id)
	return ts.search(err, func(e error) bool {
		if t.Kind == "interface" {
			if !ts.Implements(e, id) {
				return false
			}
			reflect.ValueOf(target).Elem().Set(reflect.ValueOf(e))
			return true
		}
		if v, ok := ts.Val(e, id); ok {
			reflect.ValueOf(target).Elem().Set(reflect.ValueOf(v))
			return true
		}
		as, ok := e.(interface{ As(any) bool })
		return ok && as.As(ts.pointerTo(id, target))
	})
}

// pointerTo boxes a pointer to a value of a type, if the notebook has a type for such pointers.
func (ts *Types) pointerTo(id int, pointer any) any {
	ts.mu.RLock()
	defer ts.mu.RUnlock()
	for _, t := range ts.types {
		if t.Kind == "pointer" && t.Cell == "" && t.elem != nil && t.elem.ID == id {
			return t.box(pointer)
		}
	}
	return pointer
}

// ErrorsAsInterface is errors.As for a target that is a compiled interface.
func (ts *Types) ErrorsAsInterface(err error, target any, path, name string) bool {
	return ts.search(err, func(e error) bool {
		v, ok := ts.As(e, path, name)
		if ok {
			reflect.ValueOf(target).Elem().Set(reflect.ValueOf(v))
			return true
		}
		as, ok := e.(interface{ As(any) bool })
		return ok && as.As(target)
	})
}

// search walks an error and what it wraps, depth first, until found says so.
func (ts *Types) search(err error, found func(error) bool) bool {
	for err != nil {
		if found(err) {
			return true
		}
		if joined, ok := err.(interface{ Unwrap() []error }); ok {
			for _, e := range joined.Unwrap() {
				if ts.search(e, found) {
					return true
				}
			}
			return false
		}
		err = errors.Unwrap(err)
	}
	return false
}
