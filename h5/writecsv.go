package h5

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// WriteCSV writes the table to a file as comma-separated values, a file of that name is replaced. Columns
// hold single numbers, texts or truth values. As by pandas, the first line has the names, NaN is an empty
// field, and a number of a column of floats has a point or an exponent, by which ReadCSV knows the column.
func (t *Table) WriteCSV(path string) error {
	const op = "write a CSV file"
	columns, err := t.csvColumns(op)
	if err != nil {
		return because(op, "", path, err)
	}
	f, err := os.Create(path)
	if err != nil {
		return fileFailed(op, path, err)
	}
	err = t.writeCSV(f, columns)
	if closed := f.Close(); err == nil {
		err = closed
	}
	if err != nil {
		return fileFailed(op, path, err)
	}
	return nil
}

// EncodeCSV is WriteCSV to a writer.
func (t *Table) EncodeCSV(w io.Writer) error {
	const op = "write CSV"
	columns, err := t.csvColumns(op)
	if err != nil {
		return err
	}
	if err := t.writeCSV(w, columns); err != nil {
		return fileFailed(op, "", err)
	}
	return nil
}

// fileFailed says what the system said of a file.
func fileFailed(op, path string, err error) error {
	e := &Error{Op: op, File: path, Kind: ErrLibrary, Reason: err.Error()}
	var reason *fs.PathError
	if errors.As(err, &reason) {
		e.Reason = reason.Err.Error()
	}
	errors.As(err, &e.Errno)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e.Kind, e.Hint = fs.ErrNotExist, missingFileHint(path)
	case errors.Is(err, fs.ErrPermission):
		e.Kind = fs.ErrPermission
	case e.Errno == syscall.EISDIR:
		e.Hint = "name a file in it"
	}
	return e
}

// csvField appends the value of a row as a field.
type csvField func(b []byte, row int) []byte

func (t *Table) csvColumns(op string) ([]csvField, error) {
	var out []csvField
	for _, c := range t.columns {
		field := c.csvField()
		if field == nil {
			return nil, &Error{Op: op, Name: c.name, Kind: ErrType, Reason: fmt.Sprintf("a field cannot hold %v", c.elementType()), Hint: "Select the other columns"}
		}
		out = append(out, field)
	}
	return out, nil
}

func (t *Table) writeCSV(w io.Writer, columns []csvField) error {
	out := bufio.NewWriterSize(w, 1<<20)
	var line []byte
	for i, name := range t.Names() {
		line = appendText(comma(line, i), name)
	}
	if _, err := out.Write(endLine(line)); err != nil {
		return err
	}
	for row := range t.rows {
		line = line[:0]
		for i, field := range columns {
			line = field(comma(line, i), row)
		}
		if _, err := out.Write(endLine(line)); err != nil {
			return err
		}
	}
	return out.Flush()
}

func comma(line []byte, i int) []byte {
	if i > 0 {
		return append(line, ',')
	}
	return line
}

// endLine ends a line. One empty field is quoted: an empty line would be no row at all.
func endLine(line []byte) []byte {
	if len(line) == 0 {
		line = append(line, `""`...)
	}
	return append(line, '\n')
}

func (c *Column) csvField() csvField {
	v := vectorOf(c.data)
	if v == nil || len(c.shape) != 1 {
		return nil
	}
	return v.field()
}

// appendFloat gives the fewest digits that tell the number from all others.
func appendFloat(b []byte, x float64, bits int) []byte {
	size := math.Abs(x)
	switch {
	case x != x:
		return b
	case math.IsInf(x, 0):
		return append(b, strings.ToLower(strings.TrimPrefix(strconv.FormatFloat(x, 'g', -1, bits), "+"))...)
	case size != 0 && (size < 1e-4 || size >= 1e16):
		return strconv.AppendFloat(b, x, 'e', -1, bits)
	}
	b = strconv.AppendFloat(b, x, 'f', -1, bits)
	if x == math.Trunc(x) {
		b = append(b, ".0"...)
	}
	return b
}

func appendText(b []byte, s string) []byte {
	if !strings.ContainsAny(s, "\",\r\n") {
		return append(b, s...)
	}
	b = append(b, '"')
	b = append(b, strings.ReplaceAll(s, `"`, `""`)...)
	return append(b, '"')
}
