package tree

import (
	"strings"
	"unicode"

	"gofive/display"
)

// wide are the blocks of characters that take two columns of a terminal: those of East Asian scripts,
// and pictures.
var wide = &unicode.RangeTable{
	R16: []unicode.Range16{{Lo: 0x1100, Hi: 0x115f, Stride: 1}, {Lo: 0x2e80, Hi: 0xa4cf, Stride: 1}, {Lo: 0xac00, Hi: 0xd7a3, Stride: 1},
		{Lo: 0xf900, Hi: 0xfaff, Stride: 1}, {Lo: 0xfe30, Hi: 0xfe6f, Stride: 1}, {Lo: 0xff00, Hi: 0xff60, Stride: 1}, {Lo: 0xffe0, Hi: 0xffe6, Stride: 1}},
	R32: []unicode.Range32{{Lo: 0x1f300, Hi: 0x1faff, Stride: 1}, {Lo: 0x20000, Hi: 0x3fffd, Stride: 1}},
}

// columns is how many columns of a terminal s takes.
func columns(s string) int {
	n := 0
	for _, r := range s {
		n += runeColumns(r)
	}
	return n
}

func runeColumns(r rune) int {
	switch {
	case r < 0x300:
		return 1
	case unicode.In(r, unicode.Mn, unicode.Me):
		return 0
	case unicode.Is(wide, r):
		return 2
	}
	return 1
}

// cut makes s visible and gives as much of it as fits into max columns, the last of them … when
// something is missing.
func cut(s string, max int) string {
	s = display.Short(s, max)
	if columns(s) <= max {
		return s
	}
	n := 0
	for i, r := range s {
		if n += runeColumns(r); n > max-1 {
			return s[:i] + "…"
		}
	}
	return s
}

// pad gives blanks that fill s up to n columns.
func pad(s string, n int) string { return strings.Repeat(" ", max(0, n-columns(s))) }
