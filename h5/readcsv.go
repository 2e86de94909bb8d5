package h5

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"os"
	"runtime"
	"strconv"
	"strings"
	"sync"
)

// ReadCSV reads a file of comma-separated values, the names of the columns in its first line. A column
// is of the first type that holds each of its fields: int64, uint64, float64, bool, string. Empty fields,
// NaN, NA, N/A and null are NaN in a column of numbers; such words among texts stay as they are, and so
// do integers whose digits float64 would lose. A line that is too short ends in empty fields, one that is
// too long is an error; a line end inside of quotes is read as "\n". As by pandas, columns without a name
// are called "Unnamed: 0", and a second "A" is "A.1".
func ReadCSV(path string) (*Table, error) {
	const op = "read a CSV file"
	f, err := os.Open(path)
	if err != nil {
		return nil, fileFailed(op, path, err)
	}
	defer f.Close()
	size := 0
	if info, err := f.Stat(); err == nil {
		const times = 4 // the file, and the values
		size = int(info.Size())
		if err := checkMemory(Shape{size}, times); err != nil {
			return nil, because(op, "", path, err)
		}
	}
	t, err := decodeCSV(f, size)
	if err != nil {
		e := *err.(*Error)
		e.Op, e.File = op, path
		return nil, &e
	}
	return t, nil
}

// DecodeCSV is ReadCSV from a reader.
func DecodeCSV(r io.Reader) (*Table, error) { return decodeCSV(r, 0) }

// decodeCSV reads all of r, which has about so many bytes.
func decodeCSV(r io.Reader, size int) (*Table, error) {
	var all bytes.Buffer
	all.Grow(size + bytes.MinRead)
	if _, err := all.ReadFrom(r); err != nil {
		return nil, csvBroken(err)
	}
	data := bytes.TrimPrefix(all.Bytes(), []byte("\uFEFF")) // with which some programs begin UTF-8 files
	decode := decodePlainCSV
	if hasQuotes(data) {
		decode = decodeQuotedCSV
	}
	t, err := decode(data)
	if err != nil {
		return nil, csvBroken(err)
	}
	return t, nil
}

// decodeQuotedCSV reads a file in which fields may be quoted.
func decodeQuotedCSV(data []byte) (*Table, error) {
	columns, err := readFields(bytes.NewReader(data))
	if err != nil {
		return nil, err
	}
	t := &Table{rows: len(columns[0].ends), columns: make([]*Column, len(columns))}
	var all sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for i, c := range columns {
		free <- struct{}{}
		all.Go(func() {
			t.columns[i] = &Column{c.name, c.array()}
			<-free
		})
	}
	all.Wait()
	return t, nil
}

func csvBroken(err error) error {
	const op = "read CSV"
	var where *csv.ParseError
	var ours *Error
	switch {
	case errors.As(err, &ours):
		return because(op, "", "", err)
	case errors.As(err, &where):
		e := &Error{Op: op, Kind: ErrDamaged, Reason: fmt.Sprintf("line %d: %v", where.Line, where.Err)}
		if where.StartLine != where.Line {
			e.Reason = fmt.Sprintf("line %d, of a row that begins in line %d: %v", where.Line, where.StartLine, where.Err)
		}
		return e
	}
	return fileFailed(op, "", err)
}

// csvColumn is the fields of a column as texts, until all are known.
type csvColumn struct {
	name string
	text strings.Builder
	ends []int // where each field ends in text
}

func readFields(r io.Reader) ([]*csvColumn, error) {
	lines := csv.NewReader(r)
	lines.FieldsPerRecord, lines.ReuseRecord = -1, true
	header, err := lines.Read()
	if err == io.EOF {
		return nil, noHeader()
	}
	if err != nil {
		return nil, err
	}
	columns := newCSVColumns(header)
	stop := interrupted()
	for {
		fields, err := lines.Read()
		switch {
		case err == io.EOF:
			return columns, nil
		case err != nil:
			return nil, err
		case stop():
			return nil, &Error{Kind: ErrInterrupted, Reason: "interrupted"}
		case len(fields) > len(columns):
			line, _ := lines.FieldPos(0)
			return nil, &Error{Kind: ErrShape, Reason: fmt.Sprintf("line %d has %d fields, and there are %d columns", line, len(fields), len(columns))}
		}
		for i, c := range columns {
			if i < len(fields) {
				c.text.WriteString(fields[i])
			}
			c.ends = append(c.ends, c.text.Len())
		}
	}
}

// newCSVColumns names the columns, each differently.
func newCSVColumns(header []string) []*csvColumn {
	var out []*csvColumn
	taken := map[string]bool{}
	for i, name := range header {
		if name == "" {
			name = "Unnamed: " + strconv.Itoa(i)
		}
		unique := name
		for k := 1; taken[unique]; k++ {
			unique = name + "." + strconv.Itoa(k)
		}
		taken[unique] = true
		out = append(out, &csvColumn{name: strings.Clone(unique)})
	}
	return out
}

// array gives the fields the first type that holds all of them.
func (c *csvColumn) array() *Array {
	shape := Shape{len(c.ends)}
	if len(c.ends) > 0 {
		if x, ok := parseFields(c, parseInt); ok {
			return &Array{typ: Int64, shape: shape, data: x}
		}
		if x, ok := parseFields(c, parseUint); ok {
			return &Array{typ: Uint64, shape: shape, data: x}
		}
		if x, ok := c.floats(); ok {
			return &Array{typ: Float64, shape: shape, data: x}
		}
		if x, ok := parseFields(c, parseBool); ok {
			return &Array{typ: Bool, shape: shape, data: x}
		}
	}
	texts, _ := parseFields(c, func(s string) (string, bool) { return s, true })
	return &Array{typ: String, shape: shape, data: texts}
}

// parseFields stops at the first field that is no T.
func parseFields[T any](c *csvColumn, parse func(s string) (T, bool)) ([]T, bool) {
	text, start := c.text.String(), 0
	var out []T
	for i, end := range c.ends {
		x, ok := parse(text[start:end])
		if !ok {
			return nil, false
		}
		if i == 0 {
			out = makeSlice[T](len(c.ends))
		}
		out[i], start = x, end
	}
	return out, true
}

func parseInt(s string) (int64, bool) {
	x, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64)
	return x, err == nil
}

func parseUint(s string) (uint64, bool) {
	x, err := strconv.ParseUint(strings.TrimSpace(s), 10, 64)
	return x, err == nil
}

func parseBool(s string) (yes, ok bool) {
	switch s {
	case "true", "True", "TRUE":
		return true, true
	case "false", "False", "FALSE":
		return false, true
	}
	return false, false
}

// floats takes a column of integers with gaps only when none of them loses digits: they may be names of
// things rather than measures.
func (c *csvColumn) floats() ([]float64, bool) {
	whole, lost := true, false
	x, ok := parseFields(c, func(s string) (float64, bool) {
		v, isWhole, loses, ok := parseFloat(s)
		whole, lost = whole && isWhole, lost || loses
		return v, ok
	})
	return x, ok && !(whole && lost)
}

func losesDigits(integer string) bool {
	const exact = 1 << 53
	v, err := strconv.ParseInt(integer, 10, 64)
	return err != nil || (v > exact || v < -exact) && int64(float64(v)) != v
}

func isMissing(s string) bool {
	switch s {
	case "", "NaN", "nan", "-NaN", "-nan", "NA", "N/A", "n/a", "#N/A", "<NA>", "null", "NULL":
		return true
	}
	return false
}
