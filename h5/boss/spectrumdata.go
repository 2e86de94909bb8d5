package boss

import (
	"errors"
	"fmt"
	"hash"
	"hash/crc32"
	"io"
	"math"
	"reflect"
	"slices"
	"strings"
	"unsafe"

	"gofive/h5"
)

// fiberData is all that a file holds of one fiber but its rows in catalogs.
type fiberData struct {
	coadd  *h5.Table
	cards  []card
	frames []frameData
}

type frameData struct {
	id    frameID
	table *h5.Table
	cards []card
}

// readFiber reads all of a fiber.
func readFiber(s source, id FiberID) (*fiberData, error) {
	var out fiberData
	var err error
	if in, ok := s.(*h5File); ok {
		out.coadd, out.cards, err = in.whole(id)
	} else if out.coadd, err = s.coadd(id); err == nil {
		out.cards, err = s.attrs(id)
	}
	if err != nil {
		return nil, err
	}
	frames, err := s.frames(id)
	if err != nil {
		return nil, err
	}
	for _, f := range frames {
		t, cards, err := s.frame(id, f)
		if errors.Is(err, errLeftOut) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("exposure %v: %w", f, err)
		}
		out.frames = append(out.frames, frameData{f, t, cards})
	}
	return &out, nil
}

// bytes is about how much room a fiber takes.
func (d *fiberData) bytes() int64 {
	n := size(d.coadd)
	for _, f := range d.frames {
		n += size(f.table)
	}
	return n
}

func size(t *h5.Table) int64 { return int64(t.NumRows()) * int64(t.Array().Datatype().Size()) }

// allMasked reports whether no pixel of the spectrum counts.
func (d *fiberData) allMasked() bool {
	c, err := d.coadd.Column("IVAR")
	if err != nil {
		return false
	}
	ivar, err := c.Float32s()
	return err == nil && !slices.ContainsFunc(ivar, func(x float32) bool { return x > 0 })
}

// checksum is of all values and header cards, whatever the format they came from. FITS keeps wavelengths as rounded
// logarithms: by those they are compared where FITS is one side.
type checksum uint32

var castagnoli = crc32.MakeTable(crc32.Castagnoli)

// sum gives the checksum of a fiber.
func (d *fiberData) sum(byLogarithm bool) checksum {
	h := crc32.New(castagnoli)
	sumTable(h, d.coadd, byLogarithm)
	sumCards(h, d.cards)
	for _, f := range d.frames {
		fmt.Fprintln(h, f.id)
		sumTable(h, f.table, byLogarithm)
		sumCards(h, f.cards)
	}
	return checksum(h.Sum32())
}

// as gives a fiber as a file of layout v2 that has o has it: a column has the type that serves all fibers, and is zero for those
// that do not have it. What does not fit stays as it is.
func (d *fiberData) as(o *fiberData) *fiberData {
	out := &fiberData{tableAs(d.coadd, o.coadd), d.cards, slices.Clone(d.frames)}
	for i := range min(len(d.frames), len(o.frames)) {
		out.frames[i].table = tableAs(d.frames[i].table, o.frames[i].table)
	}
	return out
}

func tableAs(t, o *h5.Table) *h5.Table {
	columns := o.Columns()
	if t.NumRows() != o.NumRows() || len(union(o.Names(), t.Names())) > len(columns) {
		return t
	}
	var args []any
	for _, like := range columns {
		values, err := columnAs(t, like)
		if err != nil {
			return t
		}
		args = append(args, like.Name(), values)
	}
	as, err := h5.NewTable(args...)
	if err != nil {
		return t
	}
	return as
}

// columnAs gives the column of a table that has the name of like, as a slice of the type of that. That a value does not fit is an error.
func columnAs(t *h5.Table, like *h5.Column) (*h5.Array, error) {
	typ := reflect.TypeOf(like.Raw())
	values := reflect.New(typ)
	if c, err := t.Column(like.Name()); err != nil {
		values.Elem().Set(reflect.MakeSlice(typ, like.Len(), like.Len()))
	} else if err := c.ReadInto(values.Interface()); err != nil {
		return nil, err
	}
	a, err := h5.NewArray(values.Elem().Interface())
	if err != nil {
		return nil, err
	}
	return a.Reshape(like.Shape()...)
}

func sumTable(h hash.Hash32, t *h5.Table, byLogarithm bool) {
	for _, c := range t.Columns() {
		io.WriteString(h, c.Name())
		if waves, ok := c.Raw().([]float32); ok && byLogarithm && c.Name() == "WAVE" {
			sumValues(h, logarithms(waves))
			continue
		}
		sumValues(h, c.Raw())
	}
}

func logarithms(waves []float32) []float32 {
	out := make([]float32, len(waves))
	for i, w := range waves {
		out[i] = logarithm(w)
	}
	return out
}

// valuesSum is the checksum of a slice.
func valuesSum(values any) checksum {
	h := crc32.New(castagnoli)
	sumValues(h, values)
	return checksum(h.Sum32())
}

// sumValues adds the bytes of a slice.
func sumValues(h hash.Hash32, values any) {
	v := reflect.ValueOf(values)
	switch v.Type().Elem().Kind() {
	case reflect.Bool, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64,
		reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128:
		n := v.Len() * int(v.Type().Elem().Size())
		h.Write(unsafe.Slice((*byte)(v.UnsafePointer()), n))
	default:
		for i := range v.Len() {
			fmt.Fprintf(h, "%v\x00", v.Index(i))
		}
	}
}

// sumCards adds what cards say, in the order of their names. Those that only say where data lie in a FITS file do not
// count: another file has others.
func sumCards(h hash.Hash32, cards []card) {
	lines := make([]string, 0, len(cards))
	for _, c := range cards {
		if !c.isLayout() {
			lines = append(lines, c.name+"="+cardText(c.value))
		}
	}
	slices.Sort(lines)
	for _, line := range lines {
		io.WriteString(h, line+"\n")
	}
}

// cardText is the same for a number whatever its type.
func cardText(v any) string {
	if f, ok := v.(float64); ok && f == math.Trunc(f) && math.Abs(f) < 1e15 {
		return fmt.Sprint(int64(f))
	}
	if s, ok := v.(string); ok {
		return strings.TrimRight(s, " ")
	}
	return fmt.Sprint(v)
}

// differences names what two fibers do not have alike.
func (d *fiberData) differences(o *fiberData) (out []string) {
	if d.sum(false) == o.sum(false) {
		return nil
	}
	for _, name := range union(d.coadd.Names(), o.coadd.Names()) {
		if columnSum(d.coadd, name) != columnSum(o.coadd, name) {
			out = append(out, name)
		}
	}
	if (&fiberData{coadd: &h5.Table{}, cards: d.cards}).sum(false) != (&fiberData{coadd: &h5.Table{}, cards: o.cards}).sum(false) {
		out = append(out, "header cards")
	}
	if (&fiberData{coadd: &h5.Table{}, frames: d.frames}).sum(false) != (&fiberData{coadd: &h5.Table{}, frames: o.frames}).sum(false) {
		out = append(out, "exposures")
	}
	return out
}

func union(a, b []string) []string {
	out := slices.Clone(a)
	for _, name := range b {
		if !slices.Contains(out, name) {
			out = append(out, name)
		}
	}
	return out
}

func columnSum(t *h5.Table, name string) uint32 {
	h := crc32.New(castagnoli)
	if one, err := t.Select(name); err == nil {
		sumTable(h, one, false)
	}
	return h.Sum32()
}

// sum gives the checksum of a catalog.
func (r *rows) sum() checksum {
	h := crc32.New(castagnoli)
	for _, c := range r.columns {
		io.WriteString(h, c.name)
		sumValues(h, c.values.Raw())
	}
	return checksum(h.Sum32())
}
