package value

import (
	"fmt"
	"reflect"
	"strings"
)

// PanicText words the value of a panic as Go's runtime does when nobody recovers it. Where that prints
// an address, of a struct say, what is there is printed.
func PanicText(v any) (text string) {
	defer func() {
		if r := recover(); r != nil {
			text = fmt.Sprintf("panic while printing panic value: type %T", r)
		}
	}()
	b, isBox := v.(boxed)
	switch e := v.(type) {
	case nil:
		return "nil"
	case error:
		return indented(e.Error())
	case fmt.Stringer:
		return indented(e.String())
	case string:
		return indented(e)
	}
	if isBox && b.unbox().has("String", "func() string") {
		return indented(call[string](b.unbox(), "String"))
	}
	return ofType(v)
}

// ofType prints a value with its type, which plain ones do not need.
func ofType(v any) string {
	name, rv := reflect.TypeOf(v).String(), reflect.ValueOf(v)
	if b, ok := v.(boxed); ok {
		name, rv = b.unbox().typ.Name, reflect.ValueOf(b.unbox().val)
	}
	plain, isPlain := Printed(v)
	switch {
	case !isPlain:
		return "(" + name + ") " + indented(fmt.Sprintf("%+v", v))
	case name == rv.Kind().String():
		return plain
	case rv.Kind() == reflect.String:
		return name + `("` + indented(plain) + `")`
	case rv.CanComplex():
		return name + plain // in parentheses
	}
	return name + "(" + plain + ")"
}

// Printed writes a boolean, a number or a string as the builtin print does, whose type may have a method
// that says otherwise, and reports whether v is one.
func Printed(v any) (string, bool) {
	if b, ok := v.(boxed); ok {
		v = b.unbox().val
	}
	switch rv := reflect.ValueOf(v); rv.Kind() {
	case reflect.Bool:
		return fmt.Sprint(rv.Bool()), true
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return fmt.Sprint(rv.Int()), true
	case reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr:
		return fmt.Sprint(rv.Uint()), true
	case reflect.Float32:
		return fmt.Sprint(float32(rv.Float())), true
	case reflect.Float64:
		return fmt.Sprint(rv.Float()), true
	case reflect.Complex64:
		return fmt.Sprint(complex64(rv.Complex())), true
	case reflect.Complex128:
		return fmt.Sprint(rv.Complex()), true
	case reflect.String:
		return rv.String(), true
	}
	return "", false
}

// indented has the lines behind the first begin with a tab.
func indented(text string) string { return strings.ReplaceAll(text, "\n", "\n\t") }
