package value

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Directives prepares the operands of a printf call for what package fmt decides without asking a
// Formatter: %T becomes the name of the type, and %p gets the pointer itself.
func (ts *Types) Directives(format string, values []any) (string, []any) {
	if !strings.Contains(format, "T") && !strings.Contains(format, "p") {
		return format, operands(values)
	}
	var out strings.Builder
	changed := slices.Clone(values)
	next, moved := 0, false
	for i := 0; i < len(format); {
		if format[i] != '%' {
			out.WriteByte(format[i])
			i++
			continue
		}
		end, arg := directive(format, i, &next)
		text := format[i:end]
		verb, size := utf8.DecodeLastRuneInString(text)
		flags := text[:len(text)-size]
		b, isBox := operand(ts, values, arg)
		switch {
		case isBox && (verb == 'T' || verb == 'p'):
			moved = true
			changed = append(changed, b.val)
			if verb == 'T' {
				changed[len(changed)-1] = b.typ.Name
				flags, verb = strings.ReplaceAll(flags, "#", ""), 's'
			}
			flags, _, _ = strings.Cut(flags, "[")
			text = fmt.Sprintf("%s[%d]%c", flags, len(changed), verb)
		case arg >= 0 && arg < len(values) && verb != 'T' && verb != 'p':
			changed[arg] = operands(values[arg : arg+1])[0]
			fallthrough
		default:
			if moved && arg >= 0 && !strings.ContainsAny(text, "[*") {
				text = fmt.Sprintf("%s[%d]%c", flags, arg+1, verb)
			}
		}
		out.WriteString(text)
		i = end
	}
	return out.String(), changed
}

// reflectedType is what cells know the type of a Reflected as.
var reflectedType = &Type{Name: "reflect.Value"}

// operand gives the Box at a place in the list; what stands in for a type of package reflect counts as one.
func operand(ts *Types, values []any, i int) (Box, bool) {
	if i < 0 || i >= len(values) {
		return Box{}, false
	}
	if r, ok := values[i].(Reflected); ok {
		return Box{reflectedType, r}, true
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
