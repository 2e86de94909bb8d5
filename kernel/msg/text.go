package msg

import "unicode/utf8"

const hexDigits = "0123456789abcdef"

// appendString appends text as a string of JSON: what encoding/json makes of it, without a copy in
// between. What is no UTF-8 becomes U+FFFD.
func appendString(out, text []byte) []byte {
	out = append(out, '"')
	for len(text) > 0 {
		n := plain(text)
		out = append(out, text[:n]...)
		if text = text[n:]; len(text) > 0 {
			out, n = appendSpecial(out, text)
			text = text[n:]
		}
	}
	return append(out, '"')
}

// plain counts the bytes before the first that has to be looked at.
func plain(text []byte) int {
	for i, b := range text {
		if b < ' ' || b == '"' || b == '\\' || b >= utf8.RuneSelf {
			return i
		}
	}
	return len(text)
}

// appendSpecial appends the first rune of text, and gives its length there.
func appendSpecial(out, text []byte) ([]byte, int) {
	switch b := text[0]; {
	case b == '"' || b == '\\':
		return append(out, '\\', b), 1
	case b == '\n':
		return append(out, '\\', 'n'), 1
	case b == '\r':
		return append(out, '\\', 'r'), 1
	case b == '\t':
		return append(out, '\\', 't'), 1
	case b < ' ':
		return append(out, '\\', 'u', '0', '0', hexDigits[b>>4], hexDigits[b&15]), 1
	}
	r, n := utf8.DecodeRune(text)
	return utf8.AppendRune(out, r), n
}
