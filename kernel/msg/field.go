package msg

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// FieldError says which field of a request is wrong and what may stand there.
type FieldError struct {
	Field string
	Want  string
}

// Error reads as what the client has to change.
func (e *FieldError) Error() string { return fmt.Sprintf("field %q: want %s", e.Field, e.Want) }

// need says whether a field may be left out.
type need bool

const (
	must need = true
	may  need = false
)

// fields reads the fields of one JSON object and keeps the first error, so that a Parse function
// is a list of its fields. A field that may be left out may also be null.
type fields struct {
	raw map[string]json.RawMessage
	err error
}

// parseFields splits raw into its fields; raw must be an object.
func parseFields(raw []byte) (*fields, error) {
	f := &fields{}
	if err := json.Unmarshal(raw, &f.raw); err != nil || f.raw == nil {
		return nil, errors.New("not a JSON object")
	}
	return f, nil
}

// contentFields is parseFields for the content of a message, where a failure is kept.
func contentFields(content json.RawMessage) *fields {
	f, err := parseFields(object(content))
	if err != nil {
		return &fields{err: &FieldError{"content", "an object"}}
	}
	return f
}

// take gives the field name, nil when it is left out.
func (f *fields) take(name string, n need, want string) json.RawMessage {
	v := f.raw[name]
	if v != nil && !bytes.Equal(v, []byte("null")) {
		return v
	}
	if n == must {
		f.fail(name, want)
	}
	return nil
}

// fail keeps the first error.
func (f *fields) fail(name, want string) {
	if f.err == nil {
		f.err = &FieldError{name, want}
	}
}

// text reads a string. What JSON can say and UTF-8 cannot stays in it as bytes that are not
// UTF-8: the checker of a cell finds them there, with line and column.
func (f *fields) text(name string, n need) string {
	v := f.take(name, n, "a string")
	if v == nil {
		return ""
	}
	if v[0] != '"' {
		f.fail(name, "a string")
		return ""
	}
	return unquote(v)
}

// flag reads a boolean; missing is the default.
func (f *fields) flag(name string, missing bool) bool {
	switch v := f.take(name, may, "true or false"); string(v) {
	case "":
		return missing
	case "true":
		return true
	case "false":
		return false
	default:
		f.fail(name, "true or false")
		return missing
	}
}

// number reads an integer; missing is the default.
func (f *fields) number(name string, missing int) int {
	v := f.take(name, may, "an integer")
	if v == nil {
		return missing
	}
	var n float64
	if err := json.Unmarshal(v, &n); err != nil || n != float64(int(n)) {
		f.fail(name, "an integer")
		return missing
	}
	return int(n)
}

// choice reads a string that is one of want.
func (f *fields) choice(name string, want ...string) string {
	quoted := `"` + strings.Join(want, `", "`) + `"`
	v := f.take(name, must, quoted)
	for _, w := range want {
		if string(v) == `"`+w+`"` {
			return w
		}
	}
	f.fail(name, "one of "+quoted)
	return ""
}

// texts reads an object whose values are strings.
func (f *fields) texts(name string) map[string]string {
	v := f.take(name, may, "an object of strings")
	if v == nil {
		return nil
	}
	var m map[string]string
	if err := json.Unmarshal(v, &m); err != nil {
		f.fail(name, "an object of strings")
	}
	return m
}

// unquote reads the JSON string quoted, which is valid JSON. It differs from encoding/json in what
// is not UTF-8: raw bytes stay as they are, and half a surrogate pair becomes the three bytes that
// UTF-8 would have for it if it were allowed.
func unquote(quoted []byte) string {
	in := quoted[1 : len(quoted)-1]
	if bytes.IndexByte(in, '\\') < 0 {
		return string(in)
	}
	out := make([]byte, 0, len(in))
	for len(in) > 0 {
		if in[0] != '\\' {
			out, in = append(out, in[0]), in[1:]
			continue
		}
		if in[1] != 'u' {
			out, in = append(out, escapes[in[1]]), in[2:]
			continue
		}
		r, n := unquoteRune(in)
		out, in = appendRune(out, r), in[n:]
	}
	return string(out)
}

// escapes maps the letter after a backslash to what it stands for.
var escapes = [256]byte{'"': '"', '\\': '\\', '/': '/', 'b': '\b', 'f': '\f', 'n': '\n', 'r': '\r', 't': '\t'}

// unquoteRune reads \uXXXX, or two of them that are a surrogate pair, and tells how long it was.
func unquoteRune(in []byte) (rune, int) {
	r := hex4(in)
	if utf16.IsSurrogate(r) && len(in) >= 12 && in[6] == '\\' && in[7] == 'u' {
		if pair := utf16.DecodeRune(r, hex4(in[6:])); pair != utf8.RuneError {
			return pair, 12
		}
	}
	return r, 6
}

// hex4 reads the digits of \uXXXX.
func hex4(in []byte) rune {
	var r rune
	for _, c := range in[2:6] {
		switch {
		case c >= 'a':
			c = c - 'a' + 10
		case c >= 'A':
			c = c - 'A' + 10
		default:
			c -= '0'
		}
		r = r<<4 | rune(c)
	}
	return r
}

// appendRune is utf8.AppendRune that also writes surrogates.
func appendRune(out []byte, r rune) []byte {
	if utf16.IsSurrogate(r) {
		return append(out, 0xE0|byte(r>>12), 0x80|byte(r>>6)&0x3F, 0x80|byte(r)&0x3F)
	}
	return utf8.AppendRune(out, r)
}
