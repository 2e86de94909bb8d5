package fits

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"os"
	"reflect"
	"slices"
	"strings"
)

// Writer writes a file, one HDU behind the other. Nothing is there under its path before Close.
type Writer struct {
	path string
	file *os.File
	out  *bufio.Writer
	at   int64
	err  error
}

// Create begins a file. A file of that name is replaced by Close, and not before.
func Create(path string) (*Writer, error) {
	f, err := os.CreateTemp(dirOf(path), ".fits-*")
	if err != nil {
		return nil, at("create", path, "", err)
	}
	return &Writer{path: path, file: f, out: bufio.NewWriterSize(f, 1<<20)}, nil
}

func dirOf(path string) string {
	if i := strings.LastIndexByte(path, '/'); i >= 0 {
		return path[:i+1]
	}
	return "."
}

// Close ends the file and puts it in its place. After an error, of Close or before, there is no file.
func (w *Writer) Close() error {
	if w.file == nil {
		return nil
	}
	err := cmp.Or(w.err, w.out.Flush())
	err = cmp.Or(err, w.file.Chmod(0o644))
	err = cmp.Or(err, w.file.Close())
	if err == nil {
		err = os.Rename(w.file.Name(), w.path)
	}
	if err != nil {
		os.Remove(w.file.Name())
	}
	w.file = nil
	return at("write", w.path, "", err)
}

// Image adds an image: values is a slice of numbers, shape its axes with the one that varies slowest
// first, as HDU.Shape has it. Without values it is an HDU that only has a header. Cards that describe the
// layout are ours to write; those among header are left out.
func (w *Writer) Image(header Header, shape []int, values any) error {
	h := Header{{"SIMPLE", true, ""}}
	if w.at > 0 {
		h = Header{{"XTENSION", "IMAGE", ""}}
	}
	k, n, err := numbersOf(values)
	if want, _ := product(shape); err == nil && want != n {
		err = fault(ErrType, "%d values for a shape of %v", n, shape)
	}
	if err != nil {
		return w.fail("write image", err)
	}
	h = append(h, Card{"BITPIX", int64(k.bits), ""}, Card{"NAXIS", int64(len(shape)), ""})
	for i := range shape {
		h = append(h, Card{fmt.Sprintf("NAXIS%d", i+1), int64(shape[len(shape)-1-i]), ""})
	}
	if w.at > 0 {
		h = append(h, Card{"PCOUNT", int64(0), ""}, Card{"GCOUNT", int64(1), ""})
	} else {
		h = append(h, Card{"EXTEND", true, ""})
	}
	if k.zero != nil {
		h = append(h, Card{"BSCALE", int64(1), ""}, Card{"BZERO", k.zero, ""})
	}
	w.header(append(h, header.WithoutLayout()...))
	w.data(func() { k.put(w.out, values) }, int64(n)*int64(k.size))
	return w.fail("write image", w.err)
}

// Field is a column to write.
type Field struct {
	Name, Unit string
	// Values is a slice of numbers, bools or strings, or of slices of numbers of any length each.
	Values any
	Shape  []int // of the element of a row, as Column.Shape has it; empty for a single value
}

// Table adds a table. All fields have the same number of rows.
func (w *Writer) Table(header Header, fields ...Field) error {
	if w.at == 0 {
		if err := w.Image(nil, nil, nil); err != nil {
			return err
		}
	}
	columns, rows, err := layFields(fields)
	if err != nil {
		return w.fail("write table", err)
	}
	stride, heap := 0, int64(0)
	for _, c := range columns {
		stride += c.size
		heap += c.heap
	}
	h := Header{{"XTENSION", "BINTABLE", ""}, {"BITPIX", int64(8), ""}, {"NAXIS", int64(2), ""}, {"NAXIS1", int64(stride), ""},
		{"NAXIS2", int64(rows), ""}, {"PCOUNT", heap, ""}, {"GCOUNT", int64(1), ""}, {"TFIELDS", int64(len(columns)), ""}}
	for i, c := range columns {
		h = append(h, c.cards(i+1)...)
	}
	w.header(append(h, header.WithoutLayout()...))
	w.data(func() { w.rows(columns, rows) }, int64(stride)*int64(rows)+heap)
	return w.fail("write table", w.err)
}

// rows writes all rows, then the heap.
func (w *Writer) rows(columns []*field, rows int) {
	encoded, heaps := make([][]byte, len(columns)), make([][]byte, len(columns))
	for i, c := range columns {
		encoded[i], heaps[i] = c.encode()
	}
	for r := range rows {
		for i, c := range columns {
			w.out.Write(encoded[i][r*c.size : (r+1)*c.size])
		}
	}
	for _, heap := range heaps {
		w.out.Write(heap)
	}
}

// fail keeps the first error.
func (w *Writer) fail(op string, err error) error {
	if err != nil && w.err == nil {
		w.err = at(op, w.path, "", err)
	}
	return w.err
}

// layout are the cards that say where the data are; a number may stand behind them.
var layout = []string{"SIMPLE", "XTENSION", "BITPIX", "NAXIS", "PCOUNT", "GCOUNT", "BSCALE", "BZERO", "BLANK", "END", "TFIELDS",
	"TTYPE", "TFORM", "TUNIT", "TDIM", "TSCAL", "TZERO", "TNULL", "TDISP", "THEAP", "CHECKSUM", "DATASUM", "EXTEND"}

// WithoutLayout gives the cards that tell more than where and how the data lie, as NAXIS1 and TFORM1 do, and
// more than nothing, as empty comments do.
func (h Header) WithoutLayout() Header {
	return slices.DeleteFunc(slices.Clone(h), func(c Card) bool {
		return slices.Contains(layout, strings.TrimRight(c.Key, "0123456789")) || c.isText() && strings.Trim(c.Comment, " *-=") == ""
	})
}

func (w *Writer) header(h Header) {
	n, _ := w.out.WriteString(h.lines())
	w.at += int64(n)
	w.fill(' ')
}

// fill ends a block.
func (w *Writer) fill(with byte) {
	if rest := w.at % blockSize; rest > 0 {
		n, _ := w.out.WriteString(strings.Repeat(string(rune(with)), int(blockSize-rest)))
		w.at += int64(n)
	}
}

// data writes n bytes by put.
func (w *Writer) data(put func(), n int64) {
	put()
	w.at += n
	w.fill(0)
	w.err = cmp.Or(w.err, w.out.Flush())
}

// lines gives the header as it stands in a file.
func (h Header) lines() string {
	var b strings.Builder
	for _, c := range h {
		for _, line := range c.lines() {
			fmt.Fprintf(&b, "%-80.80s", line)
		}
	}
	fmt.Fprintf(&b, "%-80s", "END")
	return b.String()
}

// lines gives a card as one or more lines of 80 characters.
func (c Card) lines() []string {
	if c.isText() {
		return split(fmt.Sprintf("%-8s", c.Key), ascii(c.Comment))
	}
	key := fmt.Sprintf("%-8s= ", c.Key)
	if len(c.Key) > 8 || strings.Contains(c.Key, " ") {
		key = "HIERARCH " + c.Key + " = "
	}
	comment := ""
	if c.Comment != "" {
		comment = " / " + ascii(c.Comment)
	}
	s, ok := c.Value.(string)
	if !ok {
		return []string{fmt.Sprintf("%s%20s%s", key, c.valueText(), comment)}
	}
	if value := quote(ascii(s)); len(key)+len(value) <= cardSize {
		return []string{fmt.Sprintf("%s%-20s%s", key, value, comment)}
	}
	return continued(key, ascii(s), comment)
}

// continued spreads a long text over several lines.
func continued(key, s, comment string) (lines []string) {
	begin := key
	for {
		n := cardSize - len(begin) - len("'&'")
		part, quotes := s, 0
		for i := range s {
			if s[i] == '\'' {
				quotes++
			}
			if i+1+quotes > n {
				part = s[:i]
				break
			}
		}
		s = s[len(part):]
		if s == "" {
			return append(lines, begin+quote(part)+comment)
		}
		lines = append(lines, begin+"'"+strings.ReplaceAll(part, "'", "''")+"&'")
		begin = "CONTINUE  "
	}
}

// split spreads a text over lines that begin alike.
func split(begin, s string) (lines []string) {
	n := cardSize - len(begin)
	for len(s) > n {
		lines, s = append(lines, begin+s[:n]), s[n:]
	}
	return append(lines, begin+s)
}

// ascii replaces what no header may hold (section 4.1.2.3).
func ascii(s string) string {
	return strings.Map(func(r rune) rune {
		if r < ' ' || r > '~' {
			return '?'
		}
		return r
	}, s)
}

// kind is how values of a Go type are stored.
type kind struct {
	bits int // BITPIX
	code byte
	size int
	zero any // BZERO or TZERO, nil for none
	put  func(w io.Writer, values any)
}

// kinds are those of the elements of slices. Unsigned numbers are stored as signed ones, half their range
// lower.
var kinds = map[reflect.Kind]kind{
	reflect.Uint8:      {8, 'B', 1, nil, put},
	reflect.Int8:       {8, 'B', 1, int64(-1 << 7), moved(1)},
	reflect.Int16:      {16, 'I', 2, nil, put},
	reflect.Uint16:     {16, 'I', 2, int64(1 << 15), moved(2)},
	reflect.Int32:      {32, 'J', 4, nil, put},
	reflect.Uint32:     {32, 'J', 4, int64(1 << 31), moved(4)},
	reflect.Int64:      {64, 'K', 8, nil, put},
	reflect.Uint64:     {64, 'K', 8, uint64(1 << 63), moved(8)},
	reflect.Float32:    {-32, 'E', 4, nil, put},
	reflect.Float64:    {-64, 'D', 8, nil, put},
	reflect.Complex64:  {0, 'C', 8, nil, put},
	reflect.Complex128: {0, 'M', 16, nil, put},
	reflect.Bool:       {0, 'L', 1, nil, putBools},
	reflect.Int:        {64, 'K', 8, nil, func(w io.Writer, v any) { put(w, int64s(v)) }},
}

func put(w io.Writer, values any) { binary.Write(w, binary.BigEndian, values) }

// moved stores numbers with their highest bit turned.
func moved(size int) func(io.Writer, any) {
	return func(w io.Writer, values any) {
		var b bytes.Buffer
		put(&b, values)
		for i := 0; i < b.Len(); i += size {
			b.Bytes()[i] ^= 0x80
		}
		w.Write(b.Bytes())
	}
}

func putBools(w io.Writer, values any) {
	b := make([]byte, reflect.ValueOf(values).Len())
	for i := range b {
		b[i] = "FT"[btoi(reflect.ValueOf(values).Index(i).Bool())]
	}
	w.Write(b)
}

func btoi(b bool) int {
	if b {
		return 1
	}
	return 0
}

func int64s(v any) []int64 {
	out := make([]int64, reflect.ValueOf(v).Len())
	for i := range out {
		out[i] = reflect.ValueOf(v).Index(i).Int()
	}
	return out
}

// numbersOf gives the kind and the number of an image's values.
func numbersOf(values any) (kind, int, error) {
	if values == nil {
		return kind{bits: 8, size: 1, put: func(io.Writer, any) {}}, 0, nil
	}
	r := reflect.ValueOf(values)
	if r.Kind() != reflect.Slice {
		return kind{}, 0, fault(ErrType, "a %T is no slice", values)
	}
	k, ok := kinds[r.Type().Elem().Kind()]
	if !ok || k.bits == 0 {
		return kind{}, 0, fault(ErrType, "an image cannot hold a %T", values)
	}
	return k, r.Len(), nil
}

// maxArray is how many bytes of arrays of variable length a table takes: descriptors are 32 bits.
const maxArray = math.MaxInt32
