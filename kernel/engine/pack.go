package engine

import (
	"encoding/binary"
	"errors"
)

// What goes between the kernel and ranks is packed by hand: each cell passes it once for every rank, and a format
// that describes itself takes ten times as long to read.

// packing is the first byte of what is packed. It changes with what follows, so that ranks which an older kernel has
// started do not misread it.
const packing = 1

var errPacked = errors.New("it was written by another build of gofive: %cluster restart starts ranks of this one")

func packText[T ~string | ~[]byte](b []byte, s T) []byte {
	return append(binary.AppendUvarint(b, uint64(len(s))), s...)
}

func packTexts(b []byte, list []string) []byte {
	b = binary.AppendUvarint(b, uint64(len(list)))
	for _, s := range list {
		b = packText(b, s)
	}
	return b
}

func packNumber(b []byte, n int) []byte { return binary.AppendUvarint(b, uint64(n)) }

func packBool(b []byte, yes bool) []byte {
	if yes {
		return append(b, 1)
	}
	return append(b, 0)
}

// packed takes apart what was packed. After the first fault it gives zero values, and failed is true.
type packed struct {
	b      []byte
	failed bool
}

func unpack(b []byte) *packed {
	p := &packed{b: b}
	p.failed = p.number() != packing
	return p
}

func (p *packed) number() int {
	v, n := binary.Uvarint(p.b)
	if n <= 0 || v > 1<<40 {
		p.b, p.failed = nil, true
		return 0
	}
	p.b = p.b[n:]
	return int(v)
}

// count is a number of things that take a byte each at least.
func (p *packed) count() int {
	n := p.number()
	if n > len(p.b) {
		p.b, p.failed = nil, true
		return 0
	}
	return n
}

// bytes gives what stays part of the whole, nil when it is empty.
func (p *packed) bytes() []byte {
	n := p.count()
	if n == 0 {
		return nil
	}
	part := p.b[:n:n]
	p.b = p.b[n:]
	return part
}

func (p *packed) text() string { return string(p.bytes()) }

func (p *packed) texts() []string {
	n := p.count()
	if n == 0 {
		return nil
	}
	list := make([]string, n)
	for i := range list {
		list[i] = p.text()
	}
	return list
}

func (p *packed) yes() bool { return p.number() != 0 }

// end is the error of the whole.
func (p *packed) end() error {
	if p.failed || len(p.b) > 0 {
		return errPacked
	}
	return nil
}
