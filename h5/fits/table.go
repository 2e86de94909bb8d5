package fits

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"reflect"
	"strings"
)

// Columns are the columns of a table, in their order.
func (h *HDU) Columns() ([]*Column, error) {
	if err := h.want(Table, "read columns"); err != nil {
		return nil, err
	}
	columns, err := h.columns()
	return columns, atHDU(h, "read columns", err)
}

// Column gives a column by its name, in any case. That of a name which is not there is empty, and its
// methods say so.
func (h *HDU) Column(name string) *Column {
	columns, err := h.Columns()
	if err != nil {
		return &Column{Name: name, Err: err, hdu: h}
	}
	var names []string
	for _, c := range columns {
		if strings.EqualFold(c.Name, name) {
			return c
		}
		names = append(names, c.Name)
	}
	e := fault(ErrNotFound, "the table has no such column")
	e.Hint = "there are " + strings.Join(names[:min(len(names), 40)], ", ")
	return &Column{Name: name, Err: atHDU(h, "look for column "+name, e), hdu: h}
}

// Read gives rows from (included) to to (excluded), as a slice of TypeName's type: count elements a row,
// one row behind the other, where Shape is not empty. Strings lose the blanks at their end. Arrays of
// variable length come as a slice of slices.
func (c *Column) Read(from, to int) (any, error) {
	op := "read column " + c.Name
	if c.Err != nil {
		return nil, at(op, c.hdu.file.path, c.hdu.label, c.Err)
	}
	if from < 0 || to < from || to > c.hdu.rows {
		return nil, atHDU(c.hdu, op, fault(ErrRange, "rows %d to %d of %d", from, to, c.hdu.rows))
	}
	v, err := c.read(from, to)
	return v, atHDU(c.hdu, op, err)
}

func (c *Column) read(from, to int) (any, error) {
	n := to - from
	size := c.size()
	if int64(n)*int64(size) > maxRead {
		return nil, fault(ErrTooLarge, "%d bytes at once", int64(n)*int64(size))
	}
	packed := make([]byte, 0, n*size)
	// Rows are read in pieces, of which only the column is kept.
	step := max(1, (4<<20)/max(c.hdu.stride, 1))
	for r := from; r < to; r += step {
		k := min(step, to-r)
		b, err := c.hdu.bytes(int64(r)*int64(c.hdu.stride), int64(k)*int64(c.hdu.stride))
		if err != nil {
			return nil, err
		}
		for i := range k {
			row := b[i*c.hdu.stride:]
			packed = append(packed, row[c.offset:c.offset+size]...)
		}
	}
	return c.decode(packed, n)
}

// size is how many bytes of a row the column takes.
func (c *Column) size() int {
	switch {
	case c.array == 'P':
		return 8 * c.repeat
	case c.array == 'Q':
		return 16 * c.repeat
	case c.code == 'X':
		return (c.repeat + 7) / 8
	}
	return c.repeat * c.number.size
}

// decode makes values of the bytes of n rows.
func (c *Column) decode(b []byte, n int) (any, error) {
	switch {
	case c.array != 0:
		return c.arrays(b, n)
	case c.code == 'A':
		return c.strings(b, n), nil
	case c.code == 'X':
		return c.bits(b, n), nil
	}
	return c.values(c.number, b, n*c.repeat), nil
}

func (c *Column) strings(b []byte, n int) []string {
	per := c.count()
	out := make([]string, 0, n*per)
	for range n {
		for i := range per {
			out = append(out, text(b[i*c.width:min((i+1)*c.width, c.repeat)]))
		}
		b = b[c.repeat:]
	}
	return out
}

// text is what a field of characters holds: up to a NUL, without blanks at its end (section 7.3.3.1).
func text(b []byte) string {
	if i := bytes.IndexByte(b, 0); i >= 0 {
		b = b[:i]
	}
	return string(bytes.TrimRight(b, " "))
}

// bits gives the bits of an X column, the highest of a byte first.
func (c *Column) bits(b []byte, n int) []bool {
	size := (c.repeat + 7) / 8
	out := make([]bool, 0, n*c.repeat)
	for range n {
		for i := range c.repeat {
			out = append(out, b[i/8]&(0x80>>(i%8)) != 0)
		}
		b = b[size:]
	}
	return out
}

// arrays follows descriptors, a count and a place in the heap each (section 7.3.5), and gives a slice of
// slices, or of texts.
func (c *Column) arrays(b []byte, n int) (any, error) {
	element := reflect.TypeFor[string]()
	if c.code != 'A' {
		element = reflect.TypeOf(c.values(c.number, nil, 0))
	}
	out := reflect.MakeSlice(reflect.SliceOf(element), n, n)
	for i := range n {
		count, place := c.descriptor(b, i)
		if count < 0 || count > maxRead || place < 0 {
			return nil, fault(ErrDamaged, "row %d: %d elements at byte %d of the heap", i, count, place)
		}
		data, err := c.hdu.bytes(c.hdu.heap+place, count*int64(c.number.size))
		if err != nil {
			return nil, fmt.Errorf("row %d: %w", i, err)
		}
		if c.code == 'A' {
			out.Index(i).SetString(text(data))
			continue
		}
		out.Index(i).Set(reflect.ValueOf(c.values(c.number, data, int(count))))
	}
	return out.Interface(), nil
}

func (c *Column) descriptor(b []byte, i int) (count, place int64) {
	switch {
	case c.repeat == 0:
		return 0, 0
	case c.array == 'P':
		return int64(int32(binary.BigEndian.Uint32(b[8*i:]))), int64(int32(binary.BigEndian.Uint32(b[8*i+4:])))
	}
	return int64(binary.BigEndian.Uint64(b[16*i:])), int64(binary.BigEndian.Uint64(b[16*i+8:]))
}

// Values gives all rows; see Read.
func (c *Column) Values() (any, error) { return c.Read(0, c.Rows()) }

// Float64s gives all rows as float64; see Read.
func (c *Column) Float64s() ([]float64, error) {
	v, err := c.Values()
	if err != nil {
		return nil, err
	}
	out, ok := asFloat64s(v)
	if !ok {
		return nil, atHDU(c.hdu, "read column "+c.Name, fault(ErrType, "%s are no numbers", c.TypeName()))
	}
	return out, nil
}

// Strings gives all rows of a column of text.
func (c *Column) Strings() ([]string, error) {
	v, err := c.Values()
	if err != nil {
		return nil, err
	}
	out, ok := v.([]string)
	if !ok {
		return nil, atHDU(c.hdu, "read column "+c.Name, fault(ErrType, "%s is no text", c.TypeName()))
	}
	return out, nil
}

// String says what the column is.
func (c *Column) String() string {
	text := c.Name + " " + c.TypeName()
	if len(c.Shape) > 0 {
		text += fmt.Sprint(c.Shape)
	}
	if c.Unit != "" {
		text += " [" + c.Unit + "]"
	}
	return text
}
