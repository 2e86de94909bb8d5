package fits

import (
	"fmt"
	"strconv"
	"strings"
)

// Column is a column of a table.
type Column struct {
	Name   string
	Unit   string // TUNIT
	Format string // TFORM, such as "5E"
	// Shape is that of the element of a row, the axis that varies slowest first; empty for a single value.
	// For arrays of variable length it is empty too.
	Shape []int
	// Null is what stands for no value in a column of integers, nil when nothing does.
	Null *int64
	Err  error // why it cannot be read, nil for most

	hdu    *HDU
	offset int // in the row
	repeat int // elements a row, before strings are made of them
	code   byte
	array  byte // P or Q when code is that of the elements of arrays of variable length, else 0
	width  int  // characters of a string
	number number
	scaling
}

// codes are the letters of TFORM with their numbers (section 7.3.1); those of arrays are their
// descriptors.
var codes = map[byte]number{'L': logicalNumber, 'X': bytesNumber, 'B': bytesNumber, 'I': int16Number, 'J': int32Number,
	'K': int64Number, 'A': bytesNumber, 'E': float32Number, 'D': float64Number, 'C': complex64Num, 'M': complex128Num}

// readColumns reads the cards of a table's columns.
func (h *HDU) readColumns() ([]*Column, error) {
	n, err := h.Header.Int("TFIELDS")
	if err != nil {
		return nil, err
	}
	if n < 0 || n > 999 {
		return nil, fault(ErrDamaged, "TFIELDS is %d", n)
	}
	columns, offset := make([]*Column, n), 0
	for i := range columns {
		c, size := h.readColumn(i+1, offset)
		if offset += size; c.Err == nil && offset > h.stride {
			c.Err = fault(ErrDamaged, "it ends at byte %d of a row of %d", offset, h.stride)
		}
		columns[i] = c
	}
	return columns, nil
}

// readColumn reads the i-th column, and gives how many bytes of a row it takes.
func (h *HDU) readColumn(i, offset int) (*Column, int) {
	card := func(key string) string { return strings.TrimSpace(h.Header.Text(fmt.Sprintf("%s%d", key, i))) }
	c := &Column{Name: card("TTYPE"), Unit: card("TUNIT"), Format: card("TFORM"), hdu: h, offset: offset}
	if c.Name == "" {
		c.Name = fmt.Sprintf("col%d", i)
	}
	size, err := c.parseFormat()
	if err == nil {
		c.scaling, err = newScaling(h.Header, c.number, fmt.Sprintf("TSCAL%d", i), fmt.Sprintf("TZERO%d", i), fmt.Sprintf("TNULL%d", i))
		c.Null = c.null
	}
	if err == nil {
		c.Shape, err = c.shape(card("TDIM"))
	}
	if err != nil {
		c.Err = err
	}
	return c, size
}

// parseFormat reads TFORM: a repeat count, a letter and what only some letters have behind them.
func (c *Column) parseFormat() (size int, err error) {
	digits := len(c.Format) - len(strings.TrimLeft(c.Format, "0123456789"))
	c.repeat = 1
	if digits > 0 {
		if c.repeat, err = strconv.Atoi(c.Format[:digits]); err != nil || c.repeat > 1<<40 {
			return 0, fault(ErrDamaged, "its TFORM is %q", c.Format)
		}
	}
	rest := c.Format[digits:]
	if rest == "" {
		return 0, fault(ErrDamaged, "its TFORM is %q", c.Format)
	}
	c.code, rest = rest[0], rest[1:]
	if c.code == 'P' || c.code == 'Q' {
		return c.parseArray(rest)
	}
	n, ok := codes[c.code]
	if !ok {
		return 0, fault(ErrDamaged, "its TFORM is %q", c.Format)
	}
	c.number = n
	if c.code == 'A' {
		if c.width, err = strconv.Atoi(rest); err != nil || c.width < 1 || c.width > c.repeat {
			c.width = c.repeat
		}
	}
	if c.code == 'X' {
		return (c.repeat + 7) / 8, nil
	}
	return c.repeat * n.size, nil
}

// parseArray reads what stands behind P or Q: the letter of the elements.
func (c *Column) parseArray(rest string) (size int, err error) {
	size = map[byte]int{'P': 8, 'Q': 16}[c.code] * c.repeat
	if rest == "" || c.repeat > 1 {
		return size, fault(ErrDamaged, "its TFORM is %q", c.Format)
	}
	n, ok := codes[rest[0]]
	if !ok || rest[0] == 'X' {
		return size, fault(ErrUnsupported, "arrays of variable length of %q are not read", rest[0])
	}
	c.array, c.code, c.number = c.code, rest[0], n
	return size, nil
}

// shape gives the shape of an element from TDIM, whose first axis varies fastest; that of strings is their
// width.
func (c *Column) shape(tdim string) ([]int, error) {
	if c.array != 0 {
		return nil, nil
	}
	dims, ok := parseDims(tdim)
	n, fits := product(dims)
	if ok && (!fits || n > c.repeat || c.code != 'A' && n != c.repeat) {
		ok = false // some programs write dimensions that are wrong: the repeat count is right
	}
	if c.code == 'A' {
		if ok {
			c.width, dims = dims[0], dims[1:]
		} else if dims = nil; c.width > 0 && c.repeat/c.width > 1 {
			dims = []int{c.repeat / c.width}
		}
	} else if !ok {
		if dims = nil; c.repeat != 1 {
			dims = []int{c.repeat}
		}
	}
	var shape []int
	for i := len(dims) - 1; i >= 0; i-- {
		shape = append(shape, dims[i])
	}
	return shape, nil
}

// parseDims reads "(5,3)".
func parseDims(s string) (dims []int, ok bool) {
	s = strings.TrimSpace(s)
	if !strings.HasPrefix(s, "(") || !strings.HasSuffix(s, ")") {
		return nil, false
	}
	for _, d := range strings.Split(s[1:len(s)-1], ",") {
		n, err := strconv.Atoi(strings.TrimSpace(d))
		if err != nil || n < 0 {
			return nil, false
		}
		dims = append(dims, n)
	}
	return dims, true
}

// count is the number of elements of a row, strings counted as one.
func (c *Column) count() int {
	n := 1
	for _, d := range c.Shape {
		n *= d
	}
	return n
}

// TypeName is the Go type of an element, such as "float32"; "[]float32" for arrays of variable length.
func (c *Column) TypeName() string {
	name := c.typeName(c.number)
	switch {
	case c.code == 'A':
		name = "string"
	case c.code == 'X':
		name = "bool"
	}
	if c.array != 0 && c.code != 'A' {
		return "[]" + name
	}
	return name
}

// Rows is the number of rows of the column's table.
func (c *Column) Rows() int {
	if c.hdu == nil {
		return 0
	}
	return c.hdu.rows
}
