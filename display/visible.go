package display

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Visible gives s with every character that would act instead of show written out: control
// characters, line breaks, the direction marks that reorder what follows, joiners and other
// characters without a shape, and bytes that are no UTF-8. Names and strings out of files pass
// through it before they meet a terminal or a page. Text without such characters comes back as it is.
func Visible(s string) string { return visible(s, acts) }

// VisibleLines is Visible for text of several lines: line breaks and tabs stay.
func VisibleLines(s string) string {
	return visible(s, func(r rune) bool { return r != '\n' && r != '\t' && acts(r) })
}

func visible(s string, hidden func(rune) bool) string {
	if utf8.ValidString(s) && strings.IndexFunc(s, hidden) < 0 {
		return s
	}
	var b strings.Builder
	for i, r := range s {
		if r == utf8.RuneError && !strings.HasPrefix(s[i:], string(utf8.RuneError)) {
			fmt.Fprintf(&b, `\x%02x`, s[i])
		} else if hidden(r) {
			b.WriteString(escaped(r))
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// acts reports whether r does something else than to show a glyph or a space. Categories Cc and Cf
// are the control and format characters (the bidirectional ones are Cf), Zl and Zp the two line
// separators, Co and Cs private and surrogate code points.
func acts(r rune) bool {
	return unicode.In(r, unicode.Cc, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Co, unicode.Cs)
}

// escaped writes r as Go's string literals do.
func escaped(r rune) string {
	switch r {
	case '\n':
		return `\n`
	case '\r':
		return `\r`
	case '\t':
		return `\t`
	}
	if r < 0x80 {
		return fmt.Sprintf(`\x%02x`, r)
	}
	if r < 0x10000 {
		return fmt.Sprintf(`\u%04x`, r)
	}
	return fmt.Sprintf(`\U%08x`, r)
}

// Short gives at most max characters of s, the last of them … when something was cut, all visible.
func Short(s string, max int) string {
	if len(s) > 8*max { // a character has at most 4 bytes, and s may be a megabyte
		s = s[:8*max]
	}
	shown := Visible(s)
	if utf8.RuneCountInString(shown) <= max {
		return shown
	}
	return string([]rune(shown)[:max-1]) + "…"
}
