package value

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// Directives prepares the operands of a printf call for what package fmt decides without asking a
// Formatter: %T becomes the name of the type, and %p gets the pointer itself.
func (ts *Types) Directives(format string, values []any) (string, []any) {
	if !strings.Contains(format, "T") && !strings.Contains(format, "p") {
		return format, values
	}
	var out strings.Builder
	changed := append([]any(nil), values...)
	next := 0
	for i := 0; i < len(format); {
		if format[i] != '%' {
			out.WriteByte(format[i])
			i++
			continue
		}
		end, arg := directive(format, i, &next)
		text := format[i:end]
		verb, size := utf8.DecodeLastRuneInString(text)
		if b, ok := operand(ts, changed, arg); ok {
			switch verb {
			case 'T':
				changed[arg] = b.typ.Name
				text = strings.ReplaceAll(text[:len(text)-size], "#", "") + "s"
			case 'p':
				changed[arg] = b.val
			}
		}
		out.WriteString(text)
		i = end
	}
	return out.String(), changed
}

// operand gives the Box at a place in the list.
func operand(ts *Types, values []any, i int) (Box, bool) {
	if i < 0 || i >= len(values) {
		return Box{}, false
	}
	return ts.Open(values[i])
}

// directive finds the end of the directive that begins at i, and the place of its operand, -1 for
// none; next is the operand that follows, and moves on.
func directive(format string, i int, next *int) (end, arg int) {
	i++
	for i < len(format) {
		switch c := format[i]; {
		case strings.IndexByte("+-# 0123456789.", c) >= 0:
			i++
		case c == '*':
			*next++
			i++
		case c == '[':
			n, width := 0, strings.IndexByte(format[i:], ']')
			if _, err := fmt.Sscanf(format[i:], "[%d]", &n); err != nil || width < 0 {
				return i + 1, -1
			}
			*next = n - 1
			i += width + 1
		case c == '%':
			return i + 1, -1
		default:
			_, size := utf8.DecodeRuneInString(format[i:])
			*next++
			return i + size, *next - 1
		}
	}
	return i, -1
}

// Sprintf, and the others of the family, are those of package fmt for operands in Boxes.
func (ts *Types) Sprintf(format string, values ...any) string {
	format, values = ts.Directives(format, values)
	return fmt.Sprintf(format, values...)
}

// Errorf is fmt.Errorf.
func (ts *Types) Errorf(format string, values ...any) error {
	format, values = ts.Directives(format, values)
	return fmt.Errorf(format, values...)
}
