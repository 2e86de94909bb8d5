package h5browse

import (
	"context"
	"errors"
	"math"
	"slices"

	"gofive/h5"
)

// Percentiles of so many numbers are exact; of more they are read from a fine histogram.
const (
	mostExact = 1 << 21
	fineBins  = 4096
)

// percents are the percentiles that are told.
var percents = []struct {
	name string
	p    float64
}{{"1", 1}, {"5", 5}, {"25", 25}, {"50", 50}, {"75", 75}, {"95", 95}, {"99", 99}}

// moments are what is known of numbers after one reading, NaN and infinities left out.
type moments struct {
	n, nan   int
	lo, hi   float64
	mean, m2 float64
	kept     []float64
	err      error
}

func (m moments) join(o moments) moments {
	if o.n == 0 {
		m.nan += o.nan
		return m
	}
	n := float64(m.n + o.n)
	delta := o.mean - m.mean
	return moments{m.n + o.n, m.nan + o.nan, min(m.lo, o.lo), max(m.hi, o.hi), m.mean + delta*float64(o.n)/n,
		m.m2 + o.m2 + delta*delta*float64(m.n)*float64(o.n)/n, append(m.kept, o.kept...), errors.Join(m.err, o.err)}
}

// momentsOf goes through a piece twice, which keeps the deviation right where the mean is large beside it.
func momentsOf(a *h5.Array, seen lens, keep bool) moments {
	m := moments{lo: math.Inf(1), hi: math.Inf(-1)}
	x, err := seen.numbers(a)
	if err != nil {
		return moments{err: err}
	}
	sum := 0.0
	for i := range x.len() {
		v := x.at(i)
		switch {
		case v != v:
			m.nan++
			continue
		case math.IsInf(v, 0):
			continue
		}
		m.n++
		sum += v
		m.lo, m.hi = min(m.lo, v), max(m.hi, v)
		if keep {
			m.kept = append(m.kept, v)
		}
	}
	if m.n > 0 {
		m.mean = sum / float64(m.n)
	}
	for i := range x.len() {
		if d := x.at(i) - m.mean; d == d && !math.IsInf(d, 0) {
			m.m2 += d * d
		}
	}
	return m
}

// stats describes the numbers of a selection.
func stats(ctx context.Context, l *call) (answer, error) {
	r := l.request
	d, err := l.dataset()
	if err != nil {
		return answer{}, err
	}
	defer d.Close()
	seen, err := l.lens(d, r.Field)
	if err == nil {
		err = oneByOne(d, r.Field)
	}
	if err != nil {
		return answer{}, err
	}
	sel := []any{r.Sel}
	if r.Field != "" {
		sel = append(sel, h5.Columns(r.Field))
	}
	part := d.Part(sel...)
	total := part.Len()
	keep := total <= mostExact
	passes := 2
	if keep {
		passes = 1
	}
	m, done, progress := moments{lo: math.Inf(1), hi: math.Inf(-1)}, 0, l.progress(passes*total)
	err = part.Pieces(ctx, func(a *h5.Array, _ int) any { return momentsOf(a, seen, keep) }, func(v any) {
		o := v.(moments)
		m = m.join(o)
		done += o.n + o.nan
		progress(done)
	})
	if err = errors.Join(err, m.err); err != nil {
		return answer{}, err
	}
	fields := map[string]any{"count": m.n, "nan": m.nan, "exact": keep}
	if m.n == 0 {
		return answer{fields: fields}, nil
	}
	fields["min"], fields["max"], fields["mean"] = finite(m.lo), finite(m.hi), finite(m.mean)
	fields["std"] = finite(math.Sqrt(m.m2 / float64(m.n)))
	fine := histogram{lo: m.lo, hi: m.hi, counts: make([]int, fineBins)}
	usual := histogram{lo: m.lo, hi: m.hi, counts: make([]int, within(r.Bins, 64, 1, mostBins))}
	if keep {
		slices.Sort(m.kept)
		fields["percentiles"] = percentiles(func(p float64) float64 { return sorted(m.kept, p) })
		usual.add(listOf[float64](m.kept))
	} else {
		if err := count(ctx, part, seen, &fine, &usual, func(n int) { progress(done + n) }); err != nil {
			return answer{}, err
		}
		fields["percentiles"] = percentiles(fine.percentile)
	}
	fields["histogram"] = map[string]any{"edges": usual.edges(), "counts": usual.counts}
	return answer{fields: fields}, nil
}

// count reads a part once more into histograms.
func count(ctx context.Context, part *h5.Part, seen lens, a, b *histogram, progress func(int)) error {
	done := 0
	return part.Pieces(ctx, func(x *h5.Array, _ int) any {
		p, q := a.empty(), b.empty()
		n, err := seen.numbers(x)
		if err == nil {
			p.add(n)
			q.add(n)
		}
		return [2]*histogram{p, q}
	}, func(v any) {
		got := v.([2]*histogram)
		a.join(got[0])
		b.join(got[1])
		done += got[0].seen
		progress(done)
	})
}

func percentiles(of func(p float64) float64) map[string]any {
	out := map[string]any{}
	for _, p := range percents {
		out[p.name] = finite(of(p.p))
	}
	return out
}

// sorted is a percentile of numbers in rising order, between two of them in proportion.
func sorted(x []float64, p float64) float64 {
	at := p / 100 * float64(len(x)-1)
	i := int(at)
	if i+1 >= len(x) {
		return x[len(x)-1]
	}
	return x[i] + (x[i+1]-x[i])*(at-float64(i))
}

// histogram counts numbers in bins of equal width.
type histogram struct {
	lo, hi float64
	counts []int
	seen   int
}

func (h *histogram) empty() *histogram {
	return &histogram{lo: h.lo, hi: h.hi, counts: make([]int, len(h.counts))}
}

func (h *histogram) add(x numbers1) {
	n := len(h.counts)
	scale := float64(n) / (h.hi - h.lo)
	for i := range x.len() {
		v := x.at(i)
		if !(v >= h.lo && v <= h.hi) {
			continue
		}
		k := 0
		if h.hi > h.lo {
			k = min(max(int((v-h.lo)*scale), 0), n-1)
		}
		h.counts[k]++
	}
	h.seen += x.len()
}

func (h *histogram) join(o *histogram) {
	for i, c := range o.counts {
		h.counts[i] += c
	}
	h.seen += o.seen
}

func (h *histogram) edges() []any {
	out := make([]any, len(h.counts)+1)
	for i := range out {
		out[i] = finite(h.lo + (h.hi-h.lo)*float64(i)/float64(len(h.counts)))
	}
	return out
}

// percentile is read from the counts, in proportion within a bin.
func (h *histogram) percentile(p float64) float64 {
	total := 0
	for _, c := range h.counts {
		total += c
	}
	left := p / 100 * float64(total)
	width := (h.hi - h.lo) / float64(len(h.counts))
	for i, c := range h.counts {
		if left <= float64(c) && c > 0 {
			return h.lo + width*(float64(i)+left/float64(c))
		}
		left -= float64(c)
	}
	return h.hi
}
