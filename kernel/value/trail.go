package value

import (
	"encoding/json"
	"reflect"
	"unsafe"
)

// trail is the way from the value that is written to one in it: the pointers, maps and slices that have been
// followed, the last one first.
type trail struct {
	up    *trail
	at    unsafe.Pointer
	len   int // of a slice
	depth int
}

// farEnough is how long a trail is before cycles are looked for, as in encoding/json.
const farEnough = 1000

// to gives the trail to what v refers to, and the error of encoding/json when it comes by there again; t is the
// type of v, nil for a compiled one.
func (tr *trail) to(t *Type, v reflect.Value) (*trail, error) {
	next := &trail{up: tr}
	switch v.Kind() {
	case reflect.Slice:
		next.at, next.len = v.UnsafePointer(), v.Len()
	case reflect.Pointer, reflect.Map:
		next.at = v.UnsafePointer()
	default:
		return tr, nil
	}
	if tr == nil {
		return next, nil
	}
	next.depth = tr.depth + 1
	for ; next.depth > farEnough && tr != nil; tr = tr.up {
		if tr.at == next.at && tr.len == next.len {
			return nil, &json.UnsupportedValueError{Value: v, Str: "encountered a cycle via " + shownType(t, v.Type()).String()}
		}
	}
	return next, nil
}
