package interp

import (
	"reflect"
	"unsafe"
)

// unsafePackage is package unsafe of cells; lowered code calls what it converts and works out.
func unsafePackage() map[string]reflect.Value {
	return map[string]reflect.Value{"Pointer": reflect.ValueOf((*unsafe.Pointer)(nil))}
}

// unsafePointer converts a pointer or an address.
func unsafePointer(v any) unsafe.Pointer {
	r := reflect.ValueOf(v)
	if r.Kind() == reflect.Pointer {
		return r.UnsafePointer()
	}
	return *(*unsafe.Pointer)(unsafe.Pointer(&[]uintptr{uintptr(r.Uint())}[0]))
}

// unsafeAs gives p as a pointer of the type of target, which is nil.
func unsafeAs(p unsafe.Pointer, target any) any {
	return reflect.NewAt(reflect.TypeOf(target).Elem(), p).Interface()
}

func unsafeAddress(p unsafe.Pointer) uintptr { return uintptr(p) }

func unsafeAdd(p unsafe.Pointer, n any) unsafe.Pointer { return unsafe.Add(p, integer(n)) }

func unsafeString(p *byte, n any) string { return unsafe.String(p, integer(n)) }

func unsafeStringData(s string) *byte { return unsafe.StringData(s) }

// unsafeSlice gives the slice of n elements that begins where pointer points to.
func unsafeSlice(pointer, n any) any {
	r := reflect.ValueOf(pointer)
	if r.IsNil() {
		return reflect.Zero(reflect.SliceOf(r.Type().Elem())).Interface()
	}
	array := reflect.NewAt(reflect.ArrayOf(integer(n), r.Type().Elem()), r.UnsafePointer())
	return array.Elem().Slice(0, integer(n)).Interface()
}

// unsafeSliceData gives a pointer to the first element of a slice.
func unsafeSliceData(slice any) any {
	r := reflect.ValueOf(slice)
	return reflect.NewAt(r.Type().Elem(), r.UnsafePointer()).Interface()
}

// integer gives a number of any integer type.
func integer(n any) int {
	if r := reflect.ValueOf(n); r.CanInt() {
		return int(r.Int())
	}
	return int(reflect.ValueOf(n).Uint())
}
