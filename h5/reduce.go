package h5

import (
	"fmt"
	"math"
	"unsafe"

	"gofive/h5/internal/libhdf5"
)

// Sum adds all elements, of the dataset or of a selection; of none it is 0. Like Mean, Std, Min, Max and
// Histogram it reads in pieces and holds one at a time, so that the dataset may be larger than memory;
// only lists of places and single elements are read at once. All of them count in float64, and a NaN
// among the elements makes the result NaN, as in numpy.
func (d *Dataset) Sum(sel ...any) (float64, error) {
	m, err := d.moments("sum", sel)
	return m.sum + m.lost, err
}

// Mean is the average of all elements, NaN of none.
func (d *Dataset) Mean(sel ...any) (float64, error) {
	m, err := d.moments("average", sel)
	return m.mean, err
}

// Std is the standard deviation of all elements, divided by their number as in numpy, NaN of none.
func (d *Dataset) Std(sel ...any) (float64, error) {
	m, err := d.moments("find the deviation of", sel)
	return math.Sqrt(m.squares / float64(m.n)), err
}

// Min is the least element; of no elements there is none, which is an error.
func (d *Dataset) Min(sel ...any) (float64, error) {
	m, err := d.extremes("find the least of", sel)
	return m.least, err
}

// Max is the greatest element; of no elements there is none, which is an error.
func (d *Dataset) Max(sel ...any) (float64, error) {
	m, err := d.extremes("find the greatest of", sel)
	return m.greatest, err
}

// Histogram counts the elements in bins of equal width from lo to hi; hi itself is in the last one. What
// lies outside and NaN is not counted. With lo and hi both 0 the bins go from the least element to the
// greatest, which takes one more reading; where these are equal, from half below to half above.
func (d *Dataset) Histogram(bins int, lo, hi float64, sel ...any) ([]int, error) {
	const op = "count"
	if lo == 0 && hi == 0 {
		m, err := d.finite(op, sel)
		if err != nil {
			return nil, err
		}
		if lo, hi = m.least, m.greatest; lo == hi {
			lo, hi = lo-0.5, hi+0.5
		}
	}
	h, err := newHistogram(bins, lo, hi)
	if err != nil {
		return nil, because(op, d.path, d.h.file.path, err)
	}
	return h.bins, d.eachPiece(op, sel, h.count)
}

// histogram counts numbers in bins of equal width.
type histogram struct {
	lo, hi, perBin float64
	bins           []int
}

func newHistogram(bins int, lo, hi float64) (*histogram, error) {
	perBin := float64(bins) / (hi - lo)
	if bins < 1 || !(perBin > 0) || math.IsInf(perBin, 0) { // of no width, endless, or too narrow to be divided
		return nil, &Error{Kind: ErrRange, Reason: fmt.Sprintf("%d bins from %v to %v", bins, lo, hi)}
	}
	return &histogram{lo, hi, perBin, make([]int, bins)}, nil
}

func (h *histogram) count(x []float64) {
	for _, v := range x {
		if v >= h.lo && v <= h.hi {
			h.bins[min(int((v-h.lo)*h.perBin), len(h.bins)-1)]++
		}
	}
}

// finite is the extremes, which must be there and be finite.
func (d *Dataset) finite(op string, sel []any) (moments, error) {
	m, err := d.extremes(op, sel)
	if err == nil && (math.IsNaN(m.least) || math.IsInf(m.greatest-m.least, 0)) {
		err = &Error{Op: op, Name: d.path, File: d.h.file.path, Kind: ErrRange, Reason: fmt.Sprintf("its elements go from %v to %v", m.least, m.greatest),
			Hint: "say the range of the bins"}
	}
	return m, err
}

func (d *Dataset) extremes(op string, sel []any) (moments, error) {
	m, err := d.moments(op, sel)
	if err == nil && m.n == 0 {
		err = &Error{Op: op, Name: d.path, File: d.h.file.path, Kind: ErrRange, Reason: "there are no elements"}
	}
	return m, err
}

// moments are what one pass over numbers finds out.
type moments struct {
	n               int
	sum, lost       float64 // lost is what rounding took from sum
	mean, squares   float64 // squares of the distances from the mean
	least, greatest float64
}

func (d *Dataset) moments(op string, sel []any) (moments, error) {
	all := moments{mean: math.NaN(), least: math.NaN(), greatest: math.NaN()}
	const block = 4096 // what is added up before it is joined: the errors of rounding stay small
	err := d.eachPiece(op, sel, func(x []float64) {
		for len(x) > 0 {
			n := min(block, len(x))
			all = all.join(momentsOf(x[:n]))
			x = x[n:]
		}
	})
	return all, err
}

// momentsOf goes through a few numbers, at least one.
func momentsOf(x []float64) moments {
	m := moments{n: len(x), least: x[0], greatest: x[0]}
	for _, v := range x {
		m.sum += v
		m.least, m.greatest = min(m.least, v), max(m.greatest, v)
	}
	m.mean = m.sum / float64(m.n)
	for _, v := range x {
		m.squares += (v - m.mean) * (v - m.mean)
	}
	return m
}

// join puts two together; the squares by the formula of Chan, Golub and LeVeque, the sums by that of
// Neumaier.
func (m moments) join(o moments) moments {
	if m.n == 0 {
		return o
	}
	out := moments{n: m.n + o.n, least: min(m.least, o.least), greatest: max(m.greatest, o.greatest)}
	out.sum = m.sum + o.sum
	if !math.IsInf(out.sum, 0) {
		if math.Abs(m.sum) >= math.Abs(o.sum) {
			out.lost = m.sum - out.sum + o.sum
		} else {
			out.lost = o.sum - out.sum + m.sum
		}
		out.lost += m.lost + o.lost
	}
	away := o.mean - m.mean
	share := float64(o.n) / float64(out.n)
	out.mean = (out.sum + out.lost) / float64(out.n)
	out.squares = m.squares + o.squares + away*away*float64(m.n)*share
	return out
}

// reduceBytes is how much is read at once to be reduced.
const reduceBytes = 4 << 20

// eachPiece gives the elements of a selection as numbers, piece by piece.
func (d *Dataset) eachPiece(op string, sel []any, use func(x []float64)) error {
	s, mem, err := d.resolve(op, nil, sel)
	if err != nil {
		return err
	}
	if none, _ := newArray(mem.typ, Shape{0}, nil); none.asNumbers(func([]float64) {}) != nil {
		return &Error{Op: op, Name: d.path, File: d.h.file.path, Kind: ErrType, Reason: fmt.Sprintf("the elements are of type %v", d.Datatype()),
			Hint: "only numbers can be reduced; of rows read one field with Field"}
	}
	if s.elements || s.lists() || s.reorders() || s.read().Len() == 0 {
		a, err := d.read(op, nil, sel)
		if err != nil {
			return err
		}
		return because(op, d.path, d.h.file.path, a.asNumbers(use))
	}
	t := transfer{d: d, op: op, mem: mem, sel: s, watch: newWatch(op, d.path, s.read().Len())}
	defer t.watch.end()
	t.chunks = t.unpacking(s.hyperslab())
	return t.pieces(s.hyperslab(), t.reducedAtOnce(), t.piece(use))
}

// reducedAtOnce are the bytes of a piece: with chunks more, so that these are read whole.
func (t *transfer) reducedAtOnce() int {
	if t.d.d.info.Layout == Chunked {
		return t.wholeChunks(sideChunked)
	}
	return reduceBytes
}

// piece reads pieces and gives their numbers to use. Its memory is used again.
func (t *transfer) piece(use func(x []float64)) sink {
	aside, _ := t.aside()
	size := t.mem.typ.MemorySize
	var a *Array
	return func(sel libhdf5.Selection, n int) error {
		if isDirect(t.mem.typ) {
			if a == nil || a.shape[0] != n {
				a, _ = newArray(t.mem.typ, Shape{n}, t.d.h.file)
			}
			if err := t.get(sel, n, a.memory()); err != nil {
				return err
			}
			return a.asNumbers(use)
		}
		a, fill := newArray(t.mem.typ, Shape{n}, t.d.h.file)
		if err := aside(sel, n, func(p unsafe.Pointer) { fill(p, n, size) }); err != nil {
			return err
		}
		return a.asNumbers(use)
	}
}

func (a *Array) asNumbers(use func(x []float64)) error {
	x, err := numbers[float64](a, "float64")
	if err == nil {
		use(x)
	}
	return err
}
