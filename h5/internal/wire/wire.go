// Package wire is how tables cross between a process that has HDF5 and gofive-arrow, which knows Arrow and
// Parquet: a line of JSON that names the columns, then the values of each, in the machine's byte order.
package wire

import (
	"bufio"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
)

// Table is rows of named columns.
type Table struct {
	Rows    int
	Columns []Column
}

// Column is the values of one column.
type Column struct {
	Name  string
	Data  any    // []int8 to []int64, []uint8 to []uint64, []float32, []float64, []bool or []string
	Width int    // how many values a row has; 0 when each row is one value
	Null  []bool // the rows without a value; nil when all have one
}

// header is a Table without the values.
type header struct {
	Rows    int
	Columns []columnHeader
}

type columnHeader struct {
	Name    string
	Type    string
	Width   int
	HasNull bool
	Bytes   int // of the texts
}

// Write writes a table.
func Write(w io.Writer, t *Table) error {
	out := bufio.NewWriterSize(w, 1<<20)
	h := header{Rows: t.Rows}
	for _, c := range t.Columns {
		h.Columns = append(h.Columns, c.header())
	}
	if err := json.NewEncoder(out).Encode(h); err != nil {
		return err
	}
	for _, c := range t.Columns {
		if err := c.write(out); err != nil {
			return err
		}
	}
	return out.Flush()
}

func (c *Column) header() columnHeader {
	h := columnHeader{Name: c.Name, Type: fmt.Sprintf("%T", c.Data), Width: c.Width, HasNull: c.Null != nil}
	if texts, ok := c.Data.([]string); ok {
		for _, s := range texts {
			h.Bytes += len(s)
		}
	}
	return h
}

func (c *Column) write(out *bufio.Writer) error {
	if c.Null != nil {
		if err := binary.Write(out, binary.NativeEndian, c.Null); err != nil {
			return err
		}
	}
	texts, ok := c.Data.([]string)
	if !ok {
		return binary.Write(out, binary.NativeEndian, c.Data)
	}
	lengths := make([]uint64, len(texts))
	for i, s := range texts {
		lengths[i] = uint64(len(s))
	}
	if err := binary.Write(out, binary.NativeEndian, lengths); err != nil {
		return err
	}
	for _, s := range texts {
		if _, err := out.WriteString(s); err != nil {
			return err
		}
	}
	return nil
}

// Read reads what Write wrote.
func Read(r io.Reader) (*Table, error) {
	in := bufio.NewReaderSize(r, 1<<20)
	line, err := in.ReadBytes('\n')
	if err != nil {
		return nil, err
	}
	var h header
	if err := json.Unmarshal(line, &h); err != nil {
		return nil, err
	}
	t := &Table{Rows: h.Rows}
	for _, c := range h.Columns {
		column, err := c.read(in, h.Rows)
		if err != nil {
			return nil, fmt.Errorf("column %q: %w", c.Name, err)
		}
		t.Columns = append(t.Columns, column)
	}
	return t, nil
}

// slices makes the values of n elements, by the type that a header names.
var slices = map[string]func(n int) any{
	"[]int8": of[int8], "[]int16": of[int16], "[]int32": of[int32], "[]int64": of[int64],
	"[]uint8": of[uint8], "[]uint16": of[uint16], "[]uint32": of[uint32], "[]uint64": of[uint64],
	"[]float32": of[float32], "[]float64": of[float64], "[]bool": of[bool], "[]string": of[string],
}

func of[T any](n int) any { return make([]T, n) }

func (h columnHeader) read(in io.Reader, rows int) (Column, error) {
	c := Column{Name: h.Name, Width: h.Width}
	if h.HasNull {
		c.Null = make([]bool, rows)
		if err := binary.Read(in, binary.NativeEndian, c.Null); err != nil {
			return c, err
		}
	}
	newSlice := slices[h.Type]
	if newSlice == nil {
		return c, fmt.Errorf("values of type %s", h.Type)
	}
	c.Data = newSlice(rows * max(1, h.Width))
	texts, ok := c.Data.([]string)
	if !ok {
		return c, binary.Read(in, binary.NativeEndian, c.Data)
	}
	return c, readTexts(in, texts, h.Bytes)
}

// readTexts reads texts, all of which share one piece of memory.
func readTexts(in io.Reader, texts []string, size int) error {
	lengths, all := make([]uint64, len(texts)), make([]byte, size)
	if err := binary.Read(in, binary.NativeEndian, lengths); err != nil {
		return err
	}
	if _, err := io.ReadFull(in, all); err != nil {
		return err
	}
	rest := string(all)
	for i, n := range lengths {
		if n > uint64(len(rest)) {
			return fmt.Errorf("text %d ends beyond all texts", i)
		}
		texts[i], rest = rest[:n], rest[n:]
	}
	return nil
}

// How gofive-arrow ends when it could not do what it was asked to; what it says on standard error tells
// more.
const (
	Failed      = 1
	Missing     = 3 // there is no such column
	Unsupported = 4 // there is such a column, of a type that tables do not have
)
