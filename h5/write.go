package h5

import (
	"fmt"
	"math"
	"reflect"
	"runtime"
	"slices"
	"unsafe"

	"gofive/h5/internal/libhdf5"
)

// Write writes v into a selection, without one into the whole dataset: a value of the selection's
// shape, a slice of all its elements in C order, or one element for all. Numbers must fit the type of
// the dataset; a float may be rounded to a shorter one.
func (d *Dataset) Write(v any, sel ...any) error {
	return d.write("write dataset", v, d.Datatype().t, sel)
}

// WriteField writes one member of a compound and leaves the others as they are.
func (d *Dataset) WriteField(name string, v any, sel ...any) error {
	const op = "write field"
	for _, m := range d.Datatype().t.Members {
		if m.Name == name {
			t := &libhdf5.Type{Class: libhdf5.Compound, Size: m.Type.Size, Members: []libhdf5.Member{{Name: name, Type: m.Type}}}
			return d.write(op, v, t, sel)
		}
	}
	return noField(op, name, d.h.file.path, d.Datatype())
}

func (d *Dataset) write(op string, v any, t *libhdf5.Type, sel []any) error {
	if _, err := d.change(op, d.path); err != nil {
		return err
	}
	defer runtime.KeepAlive(d.h)
	shape, err := d.shapeNow(op)
	if err != nil {
		return err
	}
	if err := d.checkChunks(); err != nil {
		return because(op, d.path, d.h.file.path, err)
	}
	s, err := newSelection(shape, sel)
	if err != nil {
		return because(op, d.path, d.h.file.path, err)
	}
	e, err := d.encodeFor(op, v, t, s)
	if err != nil {
		return because(op, d.path, d.h.file.path, err)
	}
	defer runtime.KeepAlive(e)
	w := writing{d: d, op: op, e: e, stop: interrupted()}
	return w.run(s)
}

// encodeFor encodes v for a selection: in the order of the file, and one element for all repeated.
func (d *Dataset) encodeFor(op string, v any, t *libhdf5.Type, s *selection) (*encoded, error) {
	e, err := encodeValue(op, v, t)
	if err != nil {
		return nil, err
	}
	want := s.result()
	switch {
	case want == nil && e.shape != nil:
		return nil, &Error{Kind: ErrShape, Reason: "it has a null dataspace, which holds nothing"}
	case slices.Equal(e.shape, want), len(e.shape) == 1 && e.shape[0] == want.Len(), slices.Equal(squeezed(e.shape), squeezed(want)):
	case e.shape.Len() == 1 && len(squeezed(e.shape)) == 0 && len(e.shape) == 0:
		if len(e.slots) > 0 { // all in one piece
			if err := checkMemory(want, e.mem.Size); err != nil {
				return nil, err
			}
		}
		return e.repeated(want), nil
	default:
		return nil, &Error{Kind: ErrShape, Reason: fmt.Sprintf("a value of shape %v for a selection of shape %v", e.shape, want),
			Hint: "nothing was written"}
	}
	if !s.reorders() {
		return e, nil
	}
	a, err := NewArray(v)
	if err != nil {
		return nil, err
	}
	return encodeArray(a.reshaped(s.asked(), len(a.shape)).unarranged(s), t)
}

// encodeValue is encodeAs, but a single field is encoded by its own type.
func encodeValue(op string, v any, t *libhdf5.Type) (*encoded, error) {
	if op != "write field" {
		return encodeAs(v, t)
	}
	e, err := encodeAs(v, t.Members[0].Type)
	if err != nil {
		return nil, err
	}
	e.mem = &libhdf5.Type{Class: libhdf5.Compound, Size: e.mem.Size, MemorySize: e.mem.Size,
		Members: []libhdf5.Member{{Name: t.Members[0].Name, Type: e.mem}}}
	return e, nil
}

// squeezed leaves out axes of length 1.
func squeezed(s Shape) Shape {
	out := Shape{}
	for _, n := range s {
		if n != 1 {
			out = append(out, n)
		}
	}
	return out
}

// asked is the shape in the order that was asked for, with the dropped axes.
func (s *selection) asked() Shape {
	out := Shape{}
	for _, a := range s.axes {
		out = append(out, a.length())
	}
	return out
}

// unarranged puts an array that is in the order asked for into that of the file. Of a place that is
// asked for twice the last value counts.
func (a *Array) unarranged(s *selection) *Array {
	for i, ax := range s.axes {
		if ax.order == nil {
			continue
		}
		back := make([]int, ax.count)
		for k, at := range ax.order {
			back[at] = k
		}
		a = a.take(i, back)
	}
	return a
}

// repeated is one element as often as shape needs it, up to a piece: that is written again and again.
func (e *encoded) repeated(shape Shape) *encoded {
	n := shape.Len()
	if most := max(1, pieceBytes/e.mem.Size); len(e.slots) == 0 {
		n = min(n, most)
	}
	size := e.mem.Size
	one := unsafe.Slice((*byte)(e.bytes), size)
	out := *e
	buf := make([]byte, 0, n*size)
	for range n {
		buf = append(buf, one...)
	}
	// What the elements point to stays behind them, and is shared.
	shift := len(buf) - size
	if len(e.slots) > 0 {
		buf = append(buf, e.keep.([]byte)[size:]...)
		out.slots = sharedSlots(buf, e.slots, n, size, shift)
	}
	out.bytes, out.keep, out.shape = unsafe.Pointer(unsafe.SliceData(buf)), buf, shape
	return &out
}

func sharedSlots(buf []byte, slots []int64, n, size, shift int) []int64 {
	var out []int64
	add := func(at int64) {
		p := (*uintptr)(unsafe.Pointer(&buf[at]))
		*p += uintptr(shift)
		out = append(out, at)
	}
	for _, s := range slots {
		if s >= int64(size) {
			add(s + int64(shift))
			continue
		}
		for i := range n {
			add(s + int64(i*size))
		}
	}
	return out
}

// writing is one write of encoded elements.
type writing struct {
	d    *Dataset
	op   string
	e    *encoded
	at   int // bytes written of e
	done int // elements written
	stop func() bool
}

func (w *writing) run(s *selection) error {
	if s.read().Len() == 0 {
		return nil
	}
	t := transfer{d: w.d, op: w.op, mem: &memoryType{typ: w.e.mem}, sel: s, stop: w.stop}
	piece := pieceBytes
	if len(w.e.slots) > 0 {
		piece = math.MaxInt // what is to be relocated goes in one call
	}
	if s.listed() < 0 {
		return w.explain(t.pieces(s.hyperslab(), piece, w.put))
	}
	repeated := w.holds() < s.read().Len()*w.e.mem.Size
	return w.explain(s.eachRun(func(h *libhdf5.Hyperslab, at []int) error {
		if repeated {
			return t.pieces(h, piece, w.put)
		}
		return t.pieces(h, math.MaxInt, func(h *libhdf5.Hyperslab, n int) error {
			return w.write(h, n, w.e.bytes, &libhdf5.Block{Shape: s.read(), At: at})
		})
	}))
}

// eachRun calls f for each combination of runs of the listed axes, with the place that it has in
// memory.
func (s *selection) eachRun(f func(h *libhdf5.Hyperslab, at []int) error) error {
	h, at := s.hyperslab(), make([]int, len(s.axes))
	var axis func(i int) error
	axis = func(i int) error {
		if i == len(s.axes) {
			return f(h, at)
		}
		if s.axes[i].places == nil {
			return axis(i + 1)
		}
		at[i] = 0
		runs := s.axes[i].runs()
		for k := 0; k < len(runs); k += 2 {
			h.Start[i], h.Count[i] = runs[k], runs[k+1]
			if err := axis(i + 1); err != nil {
				return err
			}
			at[i] += runs[k+1]
		}
		return nil
	}
	return axis(0)
}

// put writes the next n elements, or the same again when those of one piece are repeated.
func (w *writing) put(h *libhdf5.Hyperslab, n int) error {
	p := w.e.bytes
	if size := n * w.e.mem.Size; w.holds() >= w.at+size {
		p = unsafe.Add(p, w.at)
		w.at += size
	}
	return w.write(h, n, p, nil)
}

func (w *writing) write(h *libhdf5.Hyperslab, n int, p unsafe.Pointer, b *libhdf5.Block) error {
	data := w.e.data()
	data.Bytes = p
	err := libhdf5.Write(w.d.h.id, h, n, data, b)
	w.e.slots = nil // relocated now
	if err == nil {
		w.done += n
	}
	return err
}

// holds is how many bytes there are to write; fewer than asked for when one piece is repeated.
func (w *writing) holds() int {
	v := reflect.ValueOf(w.e.keep)
	return v.Len() * int(v.Type().Elem().Size())
}

// explain says how much is in the file when a write did not come to its end.
func (w *writing) explain(err error) error {
	e, ok := err.(*Error)
	if !ok || w.done == 0 {
		return err
	}
	e.Reason += fmt.Sprintf("; the first %d elements of the selection are written", w.done)
	return e
}
