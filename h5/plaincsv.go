package h5

import (
	"bytes"
	"fmt"
	"math"
	"runtime"
	"strconv"
	"strings"
	"sync"
	"unsafe"
)

// Files without quotes are read in a way of their own: lines and fields are where line ends and commas are,
// so that parts of the file are read side by side, and a field is parsed where it stands.

// csvKind is a type that a column may have, in the order in which they are tried.
type csvKind int

const (
	csvInt csvKind = iota
	csvUint
	csvFloat
	csvBool
	csvText
)

// plainColumn is a column while its fields are parsed: of a kind that all fields before have.
type plainColumn struct {
	name string
	kind csvKind
	done bool
	data any // a slice of the kind
	// Of floats: all are whole numbers, or missing; and float64 has lost digits of one.
	whole, lost bool
}

// plainPart is some lines of the file.
type plainPart struct {
	text     string
	from     int // the number of its first row, and of its first line in the file
	line     int
	rows     int
	failed   []bool // the columns that have a field of another kind
	fraction []bool // columns of floats: a field is not whole
	lost     []bool
	err      error
}

// guessRows is how many rows the first guess of a column's kind is made of.
const guessRows = 100

// decodePlainCSV reads a file that has no quotes.
func decodePlainCSV(data []byte) (*Table, error) {
	text := unsafe.String(unsafe.SliceData(data), len(data)) // nobody changes data any more
	head, rest, line := cutHeader(text)
	if head == "" {
		return nil, noHeader()
	}
	var columns []*plainColumn
	for _, c := range newCSVColumns(strings.Split(head, ",")) {
		columns = append(columns, &plainColumn{name: c.name})
	}
	parts := splitParts(rest, line)
	rows := 0
	for _, p := range parts {
		p.from = rows
		rows += p.rows
	}
	if len(parts) > 0 {
		first := &plainPart{text: firstLines(parts[0].text, guessRows), line: parts[0].line}
		first.rows = countRows(first.text)
		if err := parseParts(columns, []*plainPart{first}, first.rows); err != nil {
			return nil, err
		}
	}
	for _, c := range columns {
		c.done = false
	}
	if err := parseParts(columns, parts, rows); err != nil {
		return nil, err
	}
	t := &Table{rows: rows}
	for _, c := range columns {
		t.columns = append(t.columns, &Column{c.name, c.array(rows)})
	}
	return t, nil
}

// cutHeader gives the first line that is not empty, what follows it, and the line with which that begins.
func cutHeader(text string) (head, rest string, line int) {
	for line = 1; head == "" && text != ""; line++ {
		head, text, _ = strings.Cut(text, "\n")
		head = strings.TrimSuffix(head, "\r")
	}
	return head, text, line
}

// splitParts cuts the text between lines, for all processors.
func splitParts(text string, line int) []*plainPart {
	const least = 1 << 20
	n := max(1, min(4*runtime.GOMAXPROCS(0), len(text)/least))
	var out []*plainPart
	for size := len(text)/n + 1; text != ""; {
		end := min(size, len(text))
		if more := strings.IndexByte(text[end:], '\n'); more >= 0 {
			end += more + 1
		} else {
			end = len(text)
		}
		out = append(out, &plainPart{text: text[:end]})
		text = text[end:]
	}
	inParallel(out, func(p *plainPart) { p.rows = countRows(p.text) })
	for _, p := range out {
		p.line = line
		line += strings.Count(p.text, "\n")
	}
	return out
}

// inParallel calls f for each part, as many at a time as there are processors.
func inParallel(parts []*plainPart, f func(p *plainPart)) {
	var all sync.WaitGroup
	free := make(chan struct{}, runtime.GOMAXPROCS(0))
	for _, p := range parts {
		free <- struct{}{}
		all.Go(func() {
			f(p)
			<-free
		})
	}
	all.Wait()
}

// eachLine calls f for each line that is not empty, until it gives false.
func eachLine(text string, f func(line string) bool) {
	for text != "" {
		var line string
		line, text, _ = strings.Cut(text, "\n")
		if line = strings.TrimSuffix(line, "\r"); line != "" && !f(line) {
			return
		}
	}
}

func countRows(text string) (n int) {
	eachLine(text, func(string) bool { n++; return true })
	return n
}

// firstLines gives the first n lines that are not empty.
func firstLines(text string, n int) string {
	at := 0
	for ; n > 0 && at < len(text); n-- {
		end := strings.IndexByte(text[at:], '\n')
		if end < 0 {
			return text
		}
		at += end + 1
	}
	return text[:at]
}

// parseParts parses the columns that are not done; those with a field of another kind once more, as the next
// kind, until each has one that fits.
func parseParts(columns []*plainColumn, parts []*plainPart, rows int) error {
	stop := interrupted()
	for open := true; open; {
		for _, c := range columns {
			c.begin(rows)
		}
		inParallel(parts, func(p *plainPart) { p.parse(columns, stop) })
		open = false
		for i, c := range columns {
			c.whole, c.lost = true, false
			failed := false
			for _, p := range parts {
				if p.err != nil {
					return p.err
				}
				failed = failed || p.failed[i]
				c.whole, c.lost = c.whole && !p.fraction[i], c.lost || p.lost[i]
			}
			switch {
			case c.done:
			case failed || c.kind == csvFloat && c.whole && c.lost:
				c.kind++
				open = true
			default:
				c.done = true
			}
		}
		if stop() {
			return &Error{Kind: ErrInterrupted, Reason: "interrupted"}
		}
	}
	return nil
}

// begin makes room for the values of a column that is not done.
func (c *plainColumn) begin(rows int) {
	if c.done {
		return
	}
	switch c.kind {
	case csvInt:
		c.data = makeSlice[int64](rows)
	case csvUint:
		c.data = makeSlice[uint64](rows)
	case csvFloat:
		c.data = makeSlice[float64](rows)
	case csvBool:
		c.data = makeSlice[bool](rows)
	default:
		c.data = makeSlice[string](rows)
	}
}

func (p *plainPart) parse(columns []*plainColumn, stop func() bool) {
	p.failed, p.fraction, p.lost = make([]bool, len(columns)), make([]bool, len(columns)), make([]bool, len(columns))
	row := p.from
	eachLine(p.text, func(line string) bool {
		whole := line
		for i, c := range columns {
			field := line
			if end := strings.IndexByte(line, ','); end >= 0 {
				field, line = line[:end], line[end+1:]
				if i == len(columns)-1 {
					p.err = p.tooLong(whole, len(columns))
					return false
				}
			} else {
				line = ""
			}
			if !c.done && !p.failed[i] {
				p.failed[i] = !p.set(c, i, row, field)
			}
		}
		row++
		return row%4096 != 0 || !stop()
	})
}

// tooLong says which line has more fields than there are columns.
func (p *plainPart) tooLong(line string, columns int) error {
	at := strings.Index(p.text, line)
	return &Error{Kind: ErrShape, Reason: fmt.Sprintf("line %d has %d fields, and there are %d columns",
		p.line+strings.Count(p.text[:at], "\n"), strings.Count(line, ",")+1, columns)}
}

// set parses a field; it is false when that is of another kind.
func (p *plainPart) set(c *plainColumn, i, row int, field string) (ok bool) {
	switch data := c.data.(type) {
	case []int64:
		data[row], ok = parseInt(field)
	case []uint64:
		data[row], ok = parseUint(field)
	case []float64:
		var whole, lost bool
		data[row], whole, lost, ok = parseFloat(field)
		p.fraction[i], p.lost[i] = p.fraction[i] || !whole, p.lost[i] || lost
	case []bool:
		data[row], ok = parseBool(field)
	case []string:
		data[row], ok = field, true
	}
	return ok
}

// array gives the column. Texts get memory of their own: the whole file would stay with them.
func (c *plainColumn) array(rows int) *Array {
	out := &Array{shape: Shape{rows}, data: c.data}
	texts, isText := c.data.([]string)
	switch {
	case rows == 0:
		out.typ, out.data = String, []string{}
	case isText:
		out.typ, out.data = String, ownMemory(texts)
	case c.kind == csvBool:
		out.typ = Bool
	default:
		out.typ = out.number()
	}
	return out
}

// ownMemory moves texts into one new piece of memory.
func ownMemory(texts []string) []string {
	size := 0
	for _, s := range texts {
		size += len(s)
	}
	var b strings.Builder
	b.Grow(size)
	for _, s := range texts {
		b.WriteString(s)
	}
	all := b.String()
	for i, s := range texts {
		texts[i], all = all[:len(s)], all[len(s):]
	}
	return texts
}

// parseFloat reads a number, and says whether it is whole or missing, and whether float64 loses digits of it.
func parseFloat(s string) (v float64, whole, lost, ok bool) {
	s = strings.TrimSpace(s)
	if isMissing(s) {
		return math.NaN(), true, false, true
	}
	if whole = isDigits(s); whole {
		lost = losesDigits(s)
	}
	v, err := strconv.ParseFloat(s, 64)
	return v, whole, lost, err == nil && (whole || !isGos(s))
}

// isGos reports whether a number is written as only Go writes it.
func isGos(s string) bool {
	for i := range len(s) {
		if c := s[i]; c == 'x' || c == 'X' || c == '_' {
			return true
		}
	}
	return false
}

func isDigits(s string) bool {
	for i := range len(s) {
		if c := s[i]; (c < '0' || c > '9') && c != '+' && c != '-' {
			return false
		}
	}
	return true
}

func noHeader() error {
	return &Error{Kind: ErrShape, Reason: "it is empty, and its first line should have names"}
}

// hasQuotes reports whether fields may be quoted, so that commas and line ends do not always separate.
func hasQuotes(data []byte) bool { return bytes.IndexByte(data, '"') >= 0 }
