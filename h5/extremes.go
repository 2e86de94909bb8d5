package h5

import (
	"fmt"
	"math"
)

// Extremes cuts the elements into so many stretches of equal length, in C order, and gives the least and the
// greatest of each: what a line of many more points than a picture has dots looks like. NaN does not count; a
// stretch of nothing else gives NaN. Of fewer elements than pieces each is a stretch.
func (d *Dataset) Extremes(pieces int, sel ...any) (lo, hi []float64, err error) {
	return d.Part().Extremes(pieces, sel...)
}

// Extremes is Dataset.Extremes of the part, or of a selection from it.
func (p *Part) Extremes(pieces int, sel ...any) (lo, hi []float64, err error) {
	const op = "find the extremes of"
	p, _, err = p.bounded(op, sel)
	if err != nil {
		return nil, nil, err
	}
	t, err := p.transfer(op)
	if err != nil {
		return nil, nil, err
	}
	all, err := newStretches(t.sel.read().Len()*t.width(), pieces)
	if err != nil {
		return nil, nil, because(op, p.d.path, p.d.h.file.path, err)
	}
	err = inPieces(op, []*Part{p}, func(x []*Array, at int) *stretches { return all.of(x[0], at) }, all.join)
	lo, hi = all.ends()
	return lo, hi, err
}

// Extremes is Dataset.Extremes of an array.
func (a *Array) Extremes(pieces int, sel ...any) (lo, hi []float64, err error) {
	const op = "find the extremes of"
	if len(sel) > 0 {
		if a, err = a.Slice(sel...); err != nil {
			return nil, nil, err
		}
	}
	if err = a.areNumbers(); err != nil {
		return nil, nil, because(op, "", "", err)
	}
	all, err := newStretches(a.Len(), pieces)
	if err != nil {
		return nil, nil, because(op, "", "", err)
	}
	all.join(all.of(a, 0))
	lo, hi = all.ends()
	return lo, hi, nil
}

// stretches are the reaches of some of the equal stretches that n numbers are cut into.
type stretches struct {
	n, pieces int
	first     int // of those in reach
	reach     []reach
}

func newStretches(n, pieces int) (*stretches, error) {
	if pieces < 1 {
		return nil, &Error{Kind: ErrRange, Reason: fmt.Sprintf("%d pieces", pieces), Hint: "take as many as a picture has columns of dots"}
	}
	s := &stretches{n: n, pieces: min(n, pieces)}
	s.reach = make([]reach, s.pieces)
	for i := range s.reach {
		s.reach[i] = nowhere()
	}
	return s, nil
}

// begin is where a stretch begins.
func (s *stretches) begin(i int) int {
	whole, rest := s.n/s.pieces, s.n%s.pieces
	return i*whole + i*rest/s.pieces
}

// at is the stretch that a number is in.
func (s *stretches) at(place int) int {
	i := int(float64(place) / float64(s.n) * float64(s.pieces)) // or one beside it
	for s.begin(i) > place {
		i--
	}
	for s.begin(i+1) <= place {
		i++
	}
	return i
}

// of finds the reaches of the numbers of an array, of which the first is at a place of all.
func (s *stretches) of(a *Array, at int) *stretches {
	out := &stretches{n: s.n, pieces: s.pieces}
	if a.Len() == 0 {
		return out
	}
	out.first = s.at(at)
	c := cutter{s: s, i: out.first, at: at, now: nowhere()}
	a.blocks(func(x []float64) { out.reach = cut(&c, x, out.reach) }, func(x []float32) { out.reach = cut(&c, x, out.reach) })
	if c.now.n > 0 {
		out.reach = append(out.reach, c.now)
	}
	return out
}

// cutter is on its way through numbers.
type cutter struct {
	s   *stretches
	i   int   // the stretch it is in
	at  int   // the next number
	now reach // of the stretch so far
}

// cut goes on, and appends the reaches of the stretches that are done.
func cut[T anyFloat](c *cutter, x []T, done []reach) []reach {
	for c.i < c.s.pieces {
		end := c.s.begin(c.i + 1)
		if c.at+len(x) < end {
			break
		}
		done = append(done, with(c.now, x[:end-c.at]))
		x = x[end-c.at:]
		c.i, c.at, c.now = c.i+1, end, nowhere()
	}
	c.now = with(c.now, x)
	c.at += len(x)
	return done
}

// join puts what of finds to the rest.
func (s *stretches) join(o *stretches) {
	for i, r := range o.reach {
		s.reach[o.first+i] = s.reach[o.first+i].join(r)
	}
}

// ends are the least and greatest of each stretch.
func (s *stretches) ends() (lo, hi []float64) {
	lo, hi = make([]float64, s.pieces), make([]float64, s.pieces)
	for i, r := range s.reach {
		lo[i], hi[i] = r.lo, r.hi
		if r.lo > r.hi {
			lo[i], hi[i] = math.NaN(), math.NaN()
		}
	}
	return lo, hi
}
