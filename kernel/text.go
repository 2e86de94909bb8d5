package kernel

import (
	"strings"
	"unicode/utf8"

	"gofive/kernel/cell"
)

// badText says, in the compiler's words, where code is no text: bytes that are not UTF-8, which is
// also what half a surrogate pair in JSON becomes, and NUL. It gives nil when there is none.
func badText(name, code string) *cell.Diagnostics {
	line, start := 1, 0
	for i, r := range code {
		what := ""
		switch {
		case r == '\n':
			line, start = line+1, i+1
		case r == 0:
			what = "invalid NUL character"
		case r == utf8.RuneError && !strings.HasPrefix(code[i:], "\uFFFD"):
			what = "invalid UTF-8 encoding"
		}
		if what != "" {
			list := []cell.Diagnostic{{Line: line, Col: i - start + 1, Msg: what}}
			return &cell.Diagnostics{Cell: name, Code: code, List: list}
		}
	}
	return nil
}
