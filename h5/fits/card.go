package fits

import (
	"fmt"
	"math/big"
	"strconv"
	"strings"
)

// Card is one line of a header, or several that continue one text.
type Card struct {
	Key string // in upper case; "COMMENT", "HISTORY" and "" have text and no value
	// Value is a string, bool, int64, uint64 for what is larger than an int64, float64 or complex128;
	// nil for a card without a value, and for COMMENT, HISTORY and blank ones, whose text is the Comment.
	Value   any
	Comment string
}

// String gives the card as a person writes it: KEY = value / comment.
func (c Card) String() string {
	switch {
	case c.isText():
		return strings.TrimSpace(c.Key + " " + c.Comment)
	case c.Comment == "":
		return c.Key + " = " + c.valueText()
	}
	return c.Key + " = " + c.valueText() + " / " + c.Comment
}

func (c Card) isText() bool { return c.Key == "COMMENT" || c.Key == "HISTORY" || c.Key == "" }

// valueText is the value as a header holds it.
func (c Card) valueText() string {
	switch v := c.Value.(type) {
	case nil:
		return ""
	case string:
		return quote(v)
	case bool:
		return map[bool]string{true: "T", false: "F"}[v]
	case float64:
		return floatText(v)
	case complex128:
		return "(" + floatText(real(v)) + ", " + floatText(imag(v)) + ")"
	}
	return fmt.Sprint(c.Value)
}

// floatText has a point or an exponent, so that it is read as a float again.
func floatText(v float64) string {
	s := strings.ToUpper(strconv.FormatFloat(v, 'g', -1, 64))
	if !strings.ContainsAny(s, ".EN") {
		s += ".0"
	}
	return s
}

// quote gives a text in quotes, at least eight characters of it (section 4.2.1.1).
func quote(s string) string {
	return "'" + fmt.Sprintf("%-8s", strings.ReplaceAll(s, "'", "''")) + "'"
}

// parseCard reads one line of 80 characters.
func parseCard(line string) Card {
	key := strings.ToUpper(strings.TrimRight(line[:8], " "))
	rest := line[8:]
	if key == "HIERARCH" { // a convention of ESO: HIERARCH several words = value
		if name, value, ok := strings.Cut(rest, "="); ok {
			v, comment := parseValue(value)
			return Card{strings.ToUpper(strings.TrimSpace(name)), v, comment}
		}
	}
	if key == "CONTINUE" {
		v, comment := parseValue(rest)
		return Card{key, v, comment}
	}
	if key == "COMMENT" || key == "HISTORY" || key == "" || !strings.HasPrefix(rest, "=") {
		return Card{Key: key, Comment: strings.TrimRight(rest, " ")}
	}
	v, comment := parseValue(rest[1:])
	return Card{key, v, comment}
}

// parseValue reads a value and the comment behind a slash. What is no value stays as text, for a header
// that somebody wrote by hand is still worth reading.
func parseValue(s string) (any, string) {
	s = strings.TrimLeft(s, " ")
	if strings.HasPrefix(s, "'") {
		text, rest := parseQuoted(s[1:])
		return text, commentOf(rest)
	}
	if strings.HasPrefix(s, "(") {
		if text, rest, ok := strings.Cut(s[1:], ")"); ok {
			re, im, _ := strings.Cut(text, ",")
			if a, b, ok := floats(re, im); ok {
				return complex(a, b), commentOf(rest)
			}
		}
	}
	text, comment, _ := strings.Cut(s, "/")
	return parseScalar(strings.TrimSpace(text)), strings.TrimSpace(comment)
}

func commentOf(rest string) string {
	_, comment, _ := strings.Cut(rest, "/")
	return strings.TrimSpace(comment)
}

// parseQuoted reads a text up to its closing quote; two quotes are one. Blanks at its end mean nothing,
// one at its beginning does.
func parseQuoted(s string) (text, rest string) {
	var b strings.Builder
	for {
		before, after, closed := strings.Cut(s, "'")
		b.WriteString(before)
		if !closed || !strings.HasPrefix(after, "'") {
			return strings.TrimRight(b.String(), " "), after
		}
		b.WriteByte('\'')
		s = after[1:]
	}
}

func parseScalar(s string) any {
	switch s {
	case "":
		return nil
	case "T":
		return true
	case "F":
		return false
	}
	if n, err := strconv.ParseInt(s, 10, 64); err == nil {
		return n
	}
	if n, err := strconv.ParseUint(strings.TrimPrefix(s, "+"), 10, 64); err == nil {
		return n
	}
	if f, _, ok := floats(s, "0"); ok {
		return f
	}
	return s
}

// floats reads two numbers, whose exponents may stand behind a D.
func floats(a, b string) (x, y float64, ok bool) {
	x, errX := parseFloat(a)
	y, errY := parseFloat(b)
	return x, y, errX == nil && errY == nil
}

func parseFloat(s string) (float64, error) {
	s = strings.TrimSpace(s)
	if strings.Trim(s, "+-0123456789.eEdD") != "" { // strconv takes more: inf, 0x1p-2, 1_000
		return 0, strconv.ErrSyntax
	}
	return strconv.ParseFloat(strings.NewReplacer("D", "E", "d", "e").Replace(s), 64)
}

// exact gives a number of a header without loss, for TZERO = 9223372036854775808 and the like.
func exact(v any) (*big.Rat, bool) {
	switch v := v.(type) {
	case int64:
		return new(big.Rat).SetInt64(v), true
	case uint64:
		return new(big.Rat).SetInt(new(big.Int).SetUint64(v)), true
	case float64:
		r := new(big.Rat).SetFloat64(v)
		return r, r != nil
	}
	return nil, false
}
