package cell

import (
	"fmt"
	"go/scanner"
	"go/token"
	"strings"
)

// lexical gives the characters and literals of a cell that do not scan, in the compiler's words, and
// for characters that look like others what to type instead. Directives that no cell can obey are
// refused here too.
func lexical(code string) []Diagnostic {
	file := token.NewFileSet().AddFile("", -1, len(code))
	whole := piece{text: code, line: 1, col: 1}
	var list []Diagnostic
	var s scanner.Scanner
	s.Init(file, []byte(code), func(pos token.Position, msg string) {
		list = append(list, whole.diagnostic(literal(code, pos.Offset, msg)))
	}, scanner.ScanComments)
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			return list
		}
		for _, directive := range []string{"//go:embed", "//go:linkname"} {
			if tok == token.COMMENT && strings.HasPrefix(lit+" ", directive+" ") {
				list = append(list, whole.diagnostic(file.Offset(pos), directive+" is not possible in a cell: it is for the compiler of files"))
			}
		}
	}
}

// literal words what the scanner says of a character or a literal, and where the compiler sees it.
func literal(code string, at int, msg string) (int, string) {
	line, _, _ := strings.Cut(code[at:], "\n")
	r := firstRune(code[at:])
	switch {
	case strings.HasPrefix(msg, "illegal character"), strings.HasPrefix(msg, "curly quotation mark"), strings.HasPrefix(msg, "illegal byte order mark"):
		return at, invalid(r)
	case msg == "string literal not terminated":
		return at + len(line), "newline in string"
	case msg == "raw string literal not terminated":
		return at, "string not terminated"
	case msg == "rune literal not terminated":
		return at + len(line), "newline in rune literal"
	case msg == "illegal rune literal" && strings.HasPrefix(line, "''"):
		return at + 1, "empty rune literal or unescaped '"
	case msg == "illegal rune literal":
		return at, "more than one character in rune literal (a string stands in double quotes)"
	case msg == "unknown escape sequence":
		return at, "unknown escape"
	case msg == "illegal UTF-8 encoding":
		return at, "invalid UTF-8 encoding"
	}
	return at, msg
}

func firstRune(s string) rune {
	for _, r := range s {
		return r
	}
	return 0
}

// invalid words a character that Go has no use for.
func invalid(r rune) string {
	msg := fmt.Sprintf("invalid character %#U", r)
	if r >= 0x80 {
		msg += " in identifier"
	}
	if l, ok := lookalikes[r]; ok {
		msg += fmt.Sprintf(" (%s: type %s instead)", l.what, l.instead)
	} else if r == '#' {
		msg += " (a comment begins with //)"
	}
	return msg
}

// lookalikes are characters that get into code from web pages, documents and other keyboards.
var lookalikes = map[rune]struct{ what, instead string }{
	'\u00a0': {"a no-break space", "a space"},
	'\u202f': {"a narrow no-break space", "a space"},
	'\u2007': {"a figure space", "a space"},
	'\u2009': {"a thin space", "a space"},
	'\u3000': {"a wide space", "a space"},
	'\u200b': {"a zero-width space", "nothing"},
	'\u200c': {"an invisible joiner", "nothing"},
	'\u200d': {"an invisible joiner", "nothing"},
	'\u2060': {"an invisible joiner", "nothing"},
	'\ufeff': {"a byte order mark", "nothing"},
	'\u00ad': {"a soft hyphen", "nothing"},
	'“':      {"a curly quote", `"`},
	'”':      {"a curly quote", `"`},
	'„':      {"a low quote", `"`},
	'«':      {"an angle quote", `"`},
	'»':      {"an angle quote", `"`},
	'‘':      {"a curly quote", "'"},
	'’':      {"a curly quote", "'"},
	'′':      {"a prime", "'"},
	'´':      {"an accent", "'"},
	'–':      {"a dash", "-"},
	'—':      {"a dash", "-"},
	'−':      {"a minus sign", "-"},
	'‐':      {"a hyphen", "-"},
	'×':      {"a multiplication sign", "*"},
	'·':      {"a middle dot", "*"},
	'÷':      {"a division sign", "/"},
	'≠':      {"a mathematical sign", "!="},
	'≤':      {"a mathematical sign", "<="},
	'≥':      {"a mathematical sign", ">="},
	'…':      {"an ellipsis", "..."},
	'，':      {"a wide comma", ","},
	'、':      {"an ideographic comma", ","},
	'；':      {"a wide semicolon", ";"},
	'：':      {"a wide colon", ":"},
	'（':      {"a wide bracket", "("},
	'）':      {"a wide bracket", ")"},
	'［':      {"a wide bracket", "["},
	'］':      {"a wide bracket", "]"},
	'｛':      {"a wide bracket", "{"},
	'｝':      {"a wide bracket", "}"},
	'＝':      {"a wide sign", "="},
	'＋':      {"a wide sign", "+"},
	'－':      {"a wide sign", "-"},
	'＊':      {"a wide sign", "*"},
	'．':      {"a wide full stop", "."},
	'。':      {"an ideographic full stop", "."},
	'！':      {"a wide sign", "!"},
	'＂':      {"a wide quote", `"`},
	'＇':      {"a wide quote", "'"},
}
