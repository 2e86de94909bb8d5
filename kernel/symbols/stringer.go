package symbols

import "fmt"

// formatStringer formats a value of a cell's type that has a String method: the verbs for which fmt
// asks Stringers get its text, the others the value itself.
func formatStringer(s fmt.State, verb rune, value any, text func() string) {
	asks := verb == 's' || verb == 'q' || verb == 'x' || verb == 'X' || verb == 'v' && !s.Flag('#')
	if asks && text != nil {
		value = text()
	}
	fmt.Fprintf(s, fmt.FormatString(s, verb), value)
}
