package display

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"
	"time"
)

// maxElements is how many elements of a nested list Value shows before it leaves some out.
const maxElements = 6

// Value gives any value as one short line: numbers in their shortest exact form, strings as they are with
// what acts made Visible, bytes in hexadecimal, lists and structs with a few of their elements. The
// caller cuts it to its room with Short.
func Value(v any) string {
	if s, ok := v.(string); ok {
		return Visible(s)
	}
	return nested(v, 0)
}

// nested is Value inside a list or struct, where strings are quoted.
func nested(v any, depth int) string {
	switch x := v.(type) {
	case nil:
		return "-"
	case string:
		return `"` + Visible(x) + `"`
	case []byte:
		return hexadecimal(x)
	case time.Time:
		return x.Format(time.RFC3339Nano)
	case fmt.Stringer:
		return Visible(attempt(x.String))
	}
	r := reflect.ValueOf(v)
	switch r.Kind() {
	case reflect.Float32, reflect.Float64:
		return float(r.Float(), r.Type().Bits(), depth)
	case reflect.Slice, reflect.Array, reflect.Struct:
		if depth > 2 {
			return "…"
		}
		if r.Kind() == reflect.Struct {
			return fields(r, depth)
		}
		return list(r, depth)
	}
	return Visible(fmt.Sprint(v))
}

// float gives the shortest text that is exact, inside lists no more than five digits of it.
func float(x float64, bits, depth int) string {
	s := strconv.FormatFloat(x, 'g', -1, bits)
	if short := strconv.FormatFloat(x, 'g', 5, bits); depth > 0 && len(short) < len(s) {
		return short
	}
	return s
}

// list gives a few elements of a slice or array, the first ones and the last.
func list(r reflect.Value, depth int) string {
	var parts []string
	for i := 0; i < r.Len(); i++ {
		if r.Len() > maxElements && i == maxElements-2 {
			parts = append(parts, "…")
			i = r.Len() - 1
		}
		parts = append(parts, nested(element(r.Index(i)), depth+1))
	}
	return "[" + strings.Join(parts, " ") + "]"
}

// fields gives the fields of a struct as {Name: value, ...}.
func fields(r reflect.Value, depth int) string {
	var parts []string
	for i := range min(r.NumField(), maxElements) {
		parts = append(parts, r.Type().Field(i).Name+": "+nested(element(r.Field(i)), depth+1))
	}
	if r.NumField() > maxElements {
		parts = append(parts, "…")
	}
	return "{" + strings.Join(parts, ", ") + "}"
}

// element gives what r holds; a field that reflection may not hand out is shown as its type.
func element(r reflect.Value) any {
	if !r.CanInterface() {
		return r.Type().String()
	}
	return r.Interface()
}

// hexadecimal gives the first bytes of b.
func hexadecimal(b []byte) string {
	const most = 16
	if len(b) > most {
		return fmt.Sprintf("%x… (%d bytes)", b[:most], len(b))
	}
	return fmt.Sprintf("%x", b)
}
