package h5

import (
	"fmt"
	"math"
	"runtime"
	"unsafe"

	"gofive/h5/internal/libhdf5"
)

// Write writes v into a selection, without one into the whole dataset: a value of the selection's
// shape, a slice of all its elements in C order, or a value that is repeated to that shape as numpy
// does, such as one element for all or one row for all rows. Of a place that is selected twice the
// last value counts. Numbers must fit the type of the dataset; a float may be rounded to a shorter one.
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
	w, s, err := d.newWriting(op, v, t, sel)
	if err != nil {
		return d.absent(op, "write", because(op, d.path, d.h.file.path, err))
	}
	defer runtime.KeepAlive(w.e)
	defer d.written(s)
	if d.h.file.ranks != nil {
		return w.writeAmong(s)
	}
	return w.run(s)
}

// newWriting gets ready to write v into a selection.
func (d *Dataset) newWriting(op string, v any, t *libhdf5.Type, sel []any) (*writing, *selection, error) {
	shape, err := d.shapeNow(op)
	if err != nil {
		return nil, nil, err
	}
	if err := d.checkChunks(); err != nil {
		return nil, nil, err
	}
	s, err := newSelection(shape, sel)
	if err != nil {
		return nil, nil, err
	}
	e, spread, err := d.encodeFor(op, v, t, s)
	if err != nil {
		return nil, nil, err
	}
	return &writing{d: d, op: op, e: e, spread: spread, watch: newWatch(op, d.path, s.read().Len())}, s, nil
}

// encodeFor encodes v and finds out where of a selection its elements go.
func (d *Dataset) encodeFor(op string, v any, t *libhdf5.Type, s *selection) (*encoded, *spread, error) {
	e, err := encodeValue(op, v, t)
	if err != nil {
		return nil, nil, err
	}
	want := s.result()
	if want == nil && e.shape != nil {
		return nil, nil, &Error{Kind: ErrShape, Reason: "it has a null dataspace, which holds nothing"}
	}
	strides, ok := stridesFor(e.shape, want)
	if !ok {
		return nil, nil, &Error{Kind: ErrShape, Reason: fmt.Sprintf("a value of shape %v for a selection of shape %v", e.shape, want),
			Hint: "nothing was written"}
	}
	return e, newSpread(s, strides), nil
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

// writing is one write of encoded elements.
type writing struct {
	d      *Dataset
	op     string
	e      *encoded
	spread *spread // nil when the elements go one by one into the selection
	buf    []byte  // what spread has made
	at     int     // elements written, in the order of the file
	watch  *watch
}

func (w *writing) run(s *selection) error {
	if s.read().Len() == 0 {
		return nil
	}
	if err := w.e.checkReferences(w.d.h.file); err != nil {
		return because(w.op, w.d.path, w.d.h.file.path, err)
	}
	if w.spread != nil {
		w.e.relocate()
	}
	t := transfer{d: w.d, op: w.op, mem: &memoryType{typ: w.e.mem}, sel: s, watch: w.watch}
	defer w.watch.end()
	piece := pieceBytes
	if len(w.e.slots) > 0 {
		piece = math.MaxInt // what is to be relocated goes in one call
	}
	switch {
	case s.elements:
		return w.explain(w.elements(&t, s.axes[0].inFile(), piece))
	case !s.lists():
		if c := w.packing(&t, s.hyperslab()); c != nil {
			defer runtime.KeepAlive(w)
			return t.failed(c.write(s.hyperslab(), w.e.bytes))
		}
		return w.explain(t.pieces(s.hyperslab(), piece, w.put))
	case s.scattered(&w.d.d.info):
		return w.explain(w.elements(&t, s.places(), piece))
	}
	return t.failed(w.runs(s))
}

const (
	longRun  = 32   // so many elements side by side are written as a hyperslab, and not as points
	mostRuns = 1000 // of which libhdf5 makes one selection in good time
)

// numRuns is the number of combinations of the runs of all axes, and that of the stretches they are in
// the file.
func (s *selection) numRuns() (runs, stretches int) {
	runs, stretches = 1, 1
	for i, a := range s.axes {
		inAxis := len(a.runs()) / 3
		runs *= inAxis
		if a.places == nil && a.step > 1 {
			inAxis = a.count
		}
		if a.places != nil || a.step > 1 {
			stretches = s.read()[:i].Len() * inAxis
		}
	}
	return runs, stretches
}

// scattered reports whether a selection with lists is written element by element: where its runs are
// many and short, or chunks would be inflated for each of too many.
func (s *selection) scattered(info *ObjectInfo) bool {
	if checkCountable(s.shape) != nil {
		return false
	}
	runs, stretches := s.numRuns()
	return stretches > mostRuns && s.read().Len()/stretches < longRun || runs > mostRuns && s.inflatedAgain(s.listed(), info)
}

// runs writes all combinations of the runs of all axes.
func (w *writing) runs(s *selection) error {
	data, n := w.e.data(), s.read().Len()
	if w.spread != nil {
		if err := checkMemory(s.read(), w.e.mem.Size); err != nil {
			return err
		}
		data.Bytes = w.next(n)
	}
	defer runtime.KeepAlive(w)
	return libhdf5.WriteRuns(w.d.h.id, s.runs(), s.inflatedAgain(s.listed(), &w.d.d.info), data)
}

// elements writes single elements of the dataset, given by their places in C order.
func (w *writing) elements(t *transfer, places []int, piece int) error {
	shape, points := t.sel.shape, 0
	flush := func() error {
		if points == 0 {
			return nil
		}
		err := t.failed(w.put(pointsOf(shape, places[:points]), points))
		places, points = places[points:], 0
		return err
	}
	for points < len(places) {
		n := running(places[points:])
		if n < longRun && points < mostPoints {
			points += n
			continue
		}
		if err := flush(); err != nil {
			return err
		}
		if n < longRun {
			continue
		}
		err := eachBox(shape, places[0], n, func(h *libhdf5.Hyperslab) error { return t.pieces(h, piece, w.put) })
		if err != nil {
			return err
		}
		places = places[n:]
	}
	return flush()
}

// put writes the next n elements.
func (w *writing) put(sel libhdf5.Selection, n int) error {
	data := w.e.data()
	data.Bytes = w.next(n)
	err := libhdf5.Write(w.d.h.id, sel, n, data)
	w.e.slots = nil // relocated now
	if err == nil {
		w.at += n
	}
	return err
}

// next is where the next n elements stand.
func (w *writing) next(n int) unsafe.Pointer {
	size := w.e.mem.Size
	if w.spread == nil {
		return unsafe.Add(w.e.bytes, w.at*size)
	}
	if w.spread.constant() && len(w.buf) >= n*size {
		return unsafe.Pointer(unsafe.SliceData(w.buf))
	}
	if len(w.buf) < n*size {
		w.buf = make([]byte, n*size)
	}
	w.spread.gather(w.buf[:n*size], w.e.bytes, size, w.at)
	return unsafe.Pointer(unsafe.SliceData(w.buf))
}

// explain says how much is in the file when a write did not come to its end.
func (w *writing) explain(err error) error {
	e, ok := err.(*Error)
	if !ok || w.at == 0 {
		return err
	}
	e.Reason += fmt.Sprintf("; the first %d elements of the selection are written", w.at)
	return e
}
