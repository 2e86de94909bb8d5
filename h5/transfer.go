package h5

import (
	"fmt"
	"math"
	"os"
	"runtime"
	"strings"
	"unsafe"

	"gofive/h5/internal/libhdf5"
)

// DatasetTransfer says how data move between memory and a file that several ranks have open; package
// h5mpi has those that are mostly used.
type DatasetTransfer struct {
	Mode TransferMode
	// RequireCollective makes it an error when the HDF5 library could not write or read together after all.
	// The data are then moved all the same.
	RequireCollective bool
}

// TransferMode is whether ranks wait for each other to move data.
type TransferMode uint8

// The modes.
const (
	TransferDefault     TransferMode = iota
	TransferIndependent              // each rank by itself: the default
	TransferCollective               // all ranks at once, each with its part, which may be nothing
)

// With gives the same dataset with another way of moving data:
//
//	ds.With(h5mpi.Collective).Write(row, mpi.Rank())
//
// It is for Write, WriteField, Slice, Field, Table and ReadInto; in a file of one process it changes nothing.
func (d *Dataset) With(opts ...DatasetTransfer) *Dataset {
	out := &Dataset{d.object, d.d, d.how}
	for _, o := range opts {
		merge(&out.how, o)
	}
	return out
}

// collective reports whether all ranks make the call to move data.
func (d *Dataset) collective() bool {
	return d.h.file.ranks != nil && d.how.Mode == TransferCollective
}

// mpio reports whether the library then moves them together.
func (d *Dataset) mpio() bool { return d.collective() && d.h.file.mpio }

// mostTogether is how many bytes a rank moves in one call: all that MPI libraries count in 32 bits.
const mostTogether = 1 << 30

// parts cuts a selection into what moves in one call each. Of a rank that selects nothing there are none.
func (t *transfer) parts() []libhdf5.Places {
	s, n := t.sel, t.sel.read().Len()
	switch {
	case n == 0:
		return nil
	case s.elements:
		return []libhdf5.Places{{Selection: pointsOf(s.shape, s.axes[0].inFile()), N: n}}
	case s.lists() && s.scattered(&t.d.d.info):
		return []libhdf5.Places{{Selection: pointsOf(s.shape, s.places()), N: n}}
	case s.lists():
		return []libhdf5.Places{{Runs: s.runs(), N: n}}
	}
	var out []libhdf5.Places
	cut := transfer{d: t.d, mem: t.mem, sel: s, watch: newWatch(t.op, t.d.path, math.MaxInt)}
	_ = cut.pieces(s.hyperslab(), mostTogether, func(sel libhdf5.Selection, n int) error { // which does not fail
		out = append(out, libhdf5.Places{Selection: sel, N: n})
		return nil
	})
	return out
}

// agreed waits until all ranks are about to move data of the dataset, and gives the number of calls that it
// takes. verb is "read" or "write".
func (d *Dataset) agreed(op, verb string, parts int, failed error) (calls int, done func(), err error) {
	c := Call{What: fmt.Sprintf("%s %q together", verb, d.path), Failed: failed, Weight: parts}
	calls, done, err = agree(d.h.file.ranks, c)
	return calls, done, because(op, d.path, d.h.file.path, err)
}

// absent tells the other ranks, who want to read or write together, that this one cannot, or, without an
// error, that it does so for itself.
func (d *Dataset) absent(op, verb string, err error) error {
	if !d.collective() || d.h.isClosed() {
		return err
	}
	_, done, err := d.agreed(op, verb, 0, err)
	done()
	return err
}

// inTurn makes the calls of a collective transfer, those of this rank's parts and as many as the others
// need more.
func (t *transfer) inTurn(parts []libhdf5.Places, calls int, move func(p libhdf5.Places, at int) (libhdf5.Together, error)) error {
	at := 0
	var how libhdf5.Together
	for i := range calls {
		var p libhdf5.Places
		if i < len(parts) {
			p = parts[i]
		}
		one, err := move(p, at)
		if err != nil {
			return t.failed(err)
		}
		how.Local, how.Global = how.Local|one.Local, how.Global|one.Global
		at += p.N
		t.watch.moved(p.N)
	}
	return t.fellBack(how)
}

// readTogether fills a, through fill, with the parts of a collective read.
func (t *transfer) readTogether(a *Array, fill filler) error {
	parts, size := t.parts(), t.mem.typ.MemorySize
	var p unsafe.Pointer
	var side []byte
	if n := t.sel.read().Len(); n > 0 && isDirect(t.mem.typ) && a != nil {
		p = a.memory()
	} else if n > 0 {
		side = make([]byte, n*size)
		p = unsafe.Pointer(unsafe.SliceData(side))
	}
	calls, done, err := t.d.agreed(t.op, "read", len(parts), nil)
	defer done()
	if err != nil {
		return err
	}
	err = t.inTurn(parts, calls, func(q libhdf5.Places, at int) (libhdf5.Together, error) {
		return libhdf5.ReadTogether(t.d.h.id, t.mem.id, q, unsafe.Add(p, at*size))
	})
	if side != nil && err == nil {
		fill(p, len(side)/size, size)
	}
	runtime.KeepAlive(a)
	return err
}

// writeAmong writes this rank's part in a file of several.
func (w *writing) writeAmong(s *selection) error {
	err := w.e.checkReferences(w.d.h.file)
	if err == nil {
		err = w.refused()
	}
	switch {
	case err != nil:
		return w.d.absent(w.op, "write", because(w.op, w.d.path, w.d.h.file.path, err))
	case w.d.mpio():
		return w.writeTogether(s)
	}
	if err := w.d.absent(w.op, "write", nil); err != nil {
		return err
	}
	return w.run(s)
}

// writeTogether is for MPI-IO.
func (w *writing) writeTogether(s *selection) error {
	t := transfer{d: w.d, op: w.op, mem: &memoryType{typ: w.e.mem}, sel: s, watch: w.watch}
	defer w.watch.end()
	parts, data := t.parts(), w.e.data()
	if n := s.read().Len(); n > 0 {
		data.Bytes = w.next(n)
	}
	calls, done, err := w.d.agreed(w.op, "write", len(parts), nil)
	defer done()
	if err != nil {
		return err
	}
	defer runtime.KeepAlive(w)
	return t.inTurn(parts, calls, func(p libhdf5.Places, at int) (libhdf5.Together, error) {
		part := data
		part.Bytes = unsafe.Add(data.Bytes, at*w.e.mem.Size)
		return libhdf5.WriteTogether(w.d.h.id, p, part)
	})
}

const noPointersHint = "store texts as fixed strings, and lists in a longer dataset with an index"

// fallBacks are the reasons why the library does not move data collectively, by their bits in
// H5D_mpio_no_collective_cause_t, each with what to do about it.
var fallBacks = []struct {
	bit       uint32
	why, cure string
}{
	{0x01, "a rank asked for an independent transfer", "use With(h5mpi.Collective) on all of them"},
	{0x02, "elements are converted between memory and file", "write all fields of a row at once, or make one dataset for each field"},
	{0x04, "the data are transformed on their way", "leave the data transform out"},
	{0x08, "HDF5_MPI_OPT_TYPES in the environment forbids MPI's derived datatypes", "unset it"},
	{0x10, "the dataset is a single value", "let one rank write it"},
	{0x20, "the dataset is neither in one piece nor in chunks", "create it without Compact, External and Virtual"},
	{0x40, "this HDF5 library does not write compressed chunks collectively", "create the dataset without filters"},
	{0x80, "some rank could not find out", "look for another error of that rank"},
	{0x100, "the selection is not of a kind that this HDF5 library moves collectively", "select a block with a range an axis"},
}

// fellBack tells, once for each dataset, why a transfer was not collective after all.
func (t *transfer) fellBack(how libhdf5.Together) error {
	if how.Local|how.Global == 0 {
		return nil
	}
	why, cure := reasons(how.Local | how.Global)
	if t.d.how.RequireCollective {
		return &Error{Op: t.op, Name: t.d.path, File: t.d.h.file.path, Kind: ErrRanks, Reason: "the data were moved by each rank for itself: " + why, Hint: cure}
	}
	t.d.d.mu.Lock()
	defer t.d.d.mu.Unlock()
	if !t.d.d.fellBack {
		t.d.d.fellBack = true
		fmt.Fprintf(os.Stderr, "h5: %s %s: not collective, each rank moved its data for itself, which can be many times slower: %s. To have it collective, %s.\n",
			t.op, printable(t.d.path), why, cure)
	}
	return nil
}

func reasons(causes uint32) (why, cure string) {
	var whys, cures []string
	for _, f := range fallBacks {
		if causes&f.bit != 0 {
			whys, cures = append(whys, f.why), append(cures, f.cure)
			causes &^= f.bit
		}
	}
	if causes != 0 {
		whys, cures = append(whys, fmt.Sprintf("of cause %#x, which is new", causes)), append(cures, "see H5Pget_mpio_no_collective_cause")
	}
	return strings.Join(whys, ", and "), strings.Join(cures, ", and ")
}
