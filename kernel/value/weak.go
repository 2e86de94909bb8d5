package value

import (
	"reflect"
	"unique"
	"unsafe"
	"weak"
)

// UniqueHandle is unique.Handle[T] for the interpreter.
type UniqueHandle struct{ h unique.Handle[any] }

// UniqueMake is unique.Make.
func UniqueMake(v any) UniqueHandle { return UniqueHandle{unique.Make(v)} }

// Value gives the value.
func (h UniqueHandle) Value() any {
	if h == (UniqueHandle{}) {
		panic(runtimeError("invalid memory address or nil pointer dereference")) // as the zero Handle
	}
	return h.h.Value()
}

// WeakPointer is weak.Pointer[T] for the interpreter.
type WeakPointer struct {
	to  weak.Pointer[byte]
	typ reflect.Type // of the pointer
}

// WeakMake is weak.Make.
func WeakMake(pointer any) WeakPointer {
	v := reflect.ValueOf(pointer)
	return WeakPointer{weak.Make((*byte)(v.UnsafePointer())), v.Type()}
}

// Value gives the pointer, nil when nothing else refers to what it points at.
func (w WeakPointer) Value() any {
	p := w.to.Value()
	if p == nil {
		return nil
	}
	return reflect.NewAt(w.typ.Elem(), unsafe.Pointer(p)).Interface()
}
