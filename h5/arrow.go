package h5

import (
	"fmt"
	"os"
	"slices"
	"strconv"

	"gofive/h5/internal/wire"
)

// WriteParquet writes the table to a Parquet file, compressed with snappy; a file of that name is replaced.
// Columns hold numbers, texts, truth values, or equally many of these in each row; enums go by name, members
// of compounds in columns of their own. The work is done by the program gofive-arrow.
func (t *Table) WriteParquet(path string) error { return t.writeArrow("Parquet", path) }

// WriteArrow writes the table to an Arrow IPC file, which pandas calls feather; see WriteParquet.
func (t *Table) WriteArrow(path string) error { return t.writeArrow("Arrow", path) }

// ReadParquet reads a Parquet file: all columns, or those that are named, of which alone anything is read
// then. What has no value is NaN in a column of floats; in others it is 0, "" or false, and a column of
// truth values, NAME_null, says where. Times are nanoseconds as int64, decimals float64, categories their
// texts. Fields of a struct become columns NAME.FIELD, lists of one length rows of a column of two axes;
// lists of different lengths, maps and unions are an error. The work is done by the program gofive-arrow.
func ReadParquet(path string, columns ...string) (*Table, error) {
	return readArrow("Parquet", path, columns)
}

// ReadArrow reads an Arrow IPC file or stream; see ReadParquet.
func ReadArrow(path string, columns ...string) (*Table, error) {
	return readArrow("Arrow", path, columns)
}

func (t *Table) writeArrow(format, path string) error {
	op := "write " + article(format) + " file"
	out, stop := &wire.Table{Rows: t.rows}, interrupted()
	for _, c := range t.columns {
		if err := c.toWire(op, c.name, out); err != nil {
			return because(op, "", path, err)
		}
	}
	w, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE, 0o666) // not emptied before all is known to go well
	if err != nil {
		return fileFailed(op, path, err)
	}
	w.Close()
	return because(op, "", path, writeByHelper(format, path, out, stop))
}

func readArrow(format, path string, columns []string) (*Table, error) {
	op := "read " + article(format) + " file"
	f, err := os.Open(path)
	if err != nil {
		return nil, fileFailed(op, path, err)
	}
	info, err := f.Stat()
	f.Close()
	if err == nil && info.IsDir() {
		return nil, &Error{Op: op, File: path, Kind: ErrLibrary, Reason: "it is a directory", Hint: "name a file in it"}
	}
	in, err := readByHelper(format, path, columns)
	if err != nil {
		return nil, because(op, "", path, err)
	}
	return newTableOf(in), nil
}

// newTableOf puts the columns that say where there are no values behind all others.
func newTableOf(in *wire.Table) *Table {
	t := &Table{rows: in.Rows}
	for _, c := range in.Columns {
		t.columns = append(t.columns, &Column{c.Name, fromWire(c, in.Rows)})
	}
	for _, c := range in.Columns {
		if c.Null != nil {
			t.columns = append(t.columns, &Column{unusedName(c.Name+"_null", t.Names()), &Array{typ: Bool, shape: Shape{in.Rows}, data: c.Null}})
		}
	}
	return t
}

func article(format string) string {
	if format == "Arrow" {
		return "an " + format
	}
	return "a " + format
}

// unusedName adds a number to a name that is taken.
func unusedName(name string, taken []string) string {
	unique := name
	for i := 1; slices.Contains(taken, unique); i++ {
		unique = name + "." + strconv.Itoa(i)
	}
	return unique
}

// toWire adds the columns that a column is in Arrow.
func (c *Column) toWire(op, name string, out *wire.Table) error {
	if c.fields != nil {
		for i, m := range c.typ.Names() {
			if err := (&Column{m, c.fields[i]}).toWire(op, name+"."+m, out); err != nil {
				return err
			}
		}
		return nil
	}
	data := c.data
	switch {
	case c.typ.Kind() == TypeEnum:
		data, _ = c.Strings() // it has no fields
	case vectorOf(data) == nil:
		return &Error{Op: op, Name: name, Kind: ErrType, Reason: fmt.Sprintf("Arrow has no columns of %v", c.elementType()), Hint: "Select the other columns"}
	}
	w := wire.Column{Name: name, Data: data}
	if len(c.shape) > 1 {
		if w.Width = c.shape[1:].Len(); w.Width == 0 {
			return &Error{Op: op, Name: name, Kind: ErrShape, Reason: fmt.Sprintf("its rows are empty, of shape %v", c.shape[1:])}
		}
	}
	out.Columns = append(out.Columns, w)
	return nil
}

func fromWire(c wire.Column, rows int) *Array {
	a := &Array{shape: Shape{rows}, data: c.Data}
	if c.Width > 0 {
		a.shape = Shape{rows, c.Width}
	}
	switch c.Data.(type) {
	case []string:
		a.typ = String
	case []bool:
		a.typ = Bool
	default:
		a.typ = a.number()
	}
	return a
}
