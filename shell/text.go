package shell

import (
	"fmt"
	"reflect"
	"strings"
)

// Text joins the parts of a command: strings as they are, the elements of slices with blanks between
// them, all else as fmt.Print writes it.
func Text(parts ...any) string {
	var b strings.Builder
	for _, p := range parts {
		v := reflect.ValueOf(p)
		if v.Kind() != reflect.Slice || v.Type().Elem().Kind() == reflect.Uint8 {
			fmt.Fprintf(&b, "%s", text(p))
			continue
		}
		for i := range v.Len() {
			if i > 0 {
				b.WriteByte(' ')
			}
			b.WriteString(text(v.Index(i).Interface()))
		}
	}
	return b.String()
}

// text is one part.
func text(p any) string {
	if raw, ok := p.([]byte); ok {
		return string(raw)
	}
	return fmt.Sprint(p)
}
