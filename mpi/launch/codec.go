package launch

import (
	"encoding/binary"
	"errors"
)

var errMalformed = errors.New("a message is malformed")

// reader takes a message apart. After the first fault it gives zero values only, and err says so.
type reader struct {
	b   []byte
	err error
}

func (r *reader) fail() {
	r.b, r.err = nil, errMalformed
}

func (r *reader) byte() byte {
	if len(r.b) == 0 {
		r.fail()
		return 0
	}
	b := r.b[0]
	r.b = r.b[1:]
	return b
}

func (r *reader) uint() uint64 {
	v, n := binary.Uvarint(r.b)
	if n <= 0 {
		r.fail()
		return 0
	}
	r.b = r.b[n:]
	return v
}

// count reads a number of things that take at least one byte each.
func (r *reader) count() int {
	n := r.uint()
	if n > uint64(len(r.b)) {
		r.fail()
		return 0
	}
	return int(n)
}

// bytes reads a length and that many bytes, which stay part of the message.
func (r *reader) bytes() []byte {
	n := r.count()
	p := r.b[:n:n]
	r.b = r.b[n:]
	return p
}

func (r *reader) string() string { return string(r.bytes()) }

func (r *reader) set() Set {
	n := r.count()
	if n == 0 {
		return nil
	}
	s := make(Set, n)
	at := uint64(0)
	for i := range s {
		first := at + r.uint()
		last := first + r.uint()
		if last < first || last > 1<<31 {
			r.fail()
		}
		if r.err != nil {
			return nil
		}
		s[i] = Span{int(first), int(last)}
		at = last
	}
	return s
}

func appendBytes[T []byte | string](b []byte, p T) []byte {
	b = binary.AppendUvarint(b, uint64(len(p)))
	return append(b, p...)
}

// appendSet writes how far each span begins behind the one before, and how long it is.
func appendSet(b []byte, s Set) []byte {
	b = binary.AppendUvarint(b, uint64(len(s)))
	at := 0
	for _, span := range s {
		b = binary.AppendUvarint(b, uint64(span.First-at))
		b = binary.AppendUvarint(b, uint64(span.Last-span.First))
		at = span.Last
	}
	return b
}
