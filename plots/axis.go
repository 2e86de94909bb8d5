package plots

import (
	"math"
	"strconv"
	"strings"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"

	"gofive/display"
)

// isLog reports whether an axis is logarithmic.
func isLog(a plot.Axis) bool {
	_, log := a.Scale.(plot.LogScale)
	return log
}

// widen gives the ends of an axis for values from lo to hi: a little more than them by the part
// margin, and some width even for a single value.
func widen(lo, hi, margin float64, log bool) limits {
	if log {
		l := widen(math.Log10(lo), math.Log10(hi), margin, false)
		return limits{math.Pow(10, l.from), math.Pow(10, l.to)}
	}
	if lo == hi {
		d := max(math.Abs(lo)*0.1, 0.5)
		if lo != 0 && math.Abs(lo) < 1e-3 {
			d = math.Abs(lo) * 0.5
		}
		return limits{lo - d, hi + d}
	}
	d := (hi - lo) * margin
	if !finite(d) {
		d = 0
	}
	return limits{lo - d, hi + d}
}

// ticks places marks at round numbers, about count labelled ones, with unlabelled ones between them.
type ticks struct {
	count int
	whole bool // whole numbers only, as rows and columns have
}

// Ticks implements plot.Ticker.
func (t ticks) Ticks(lo, hi float64) []plot.Tick {
	step, parts := roundStep((hi - lo) / float64(t.count))
	if t.whole && step <= 1 {
		step, parts = 1, 1
	}
	var out []plot.Tick
	minor := step / float64(parts)
	first, last := math.Ceil(lo/minor-1e-9), math.Floor(hi/minor+1e-9)
	if !finite(first) || !finite(last) || last-first > 1000 {
		return []plot.Tick{{Value: lo, Label: label(lo, hi-lo)}, {Value: hi, Label: label(hi, hi-lo)}}
	}
	for k := 0.0; k <= last-first; k++ { // first may be so large that adding 1 to it changes nothing
		i := first + k
		tick := plot.Tick{Value: i * minor}
		if math.Mod(i, float64(parts)) == 0 {
			tick.Label = label(i/float64(parts)*step, step)
		}
		out = append(out, tick)
	}
	return out
}

// roundStep gives the round number nearest to rough and into how many parts it divides well.
func roundStep(rough float64) (step float64, parts int) {
	unit := math.Pow(10, math.Floor(math.Log10(rough)))
	switch r := rough / unit; {
	case r < 1.5:
		return unit, 5
	case r < 3:
		return 2 * unit, 4
	case r < 7:
		return 5 * unit, 5
	}
	return 10 * unit, 5
}

// label writes x with as many decimals as a step between labels needs.
func label(x, step float64) string {
	size := max(math.Abs(x), step)
	decimals := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	if size >= 1e6 || step < 1e-5 {
		if x == 0 {
			return "0"
		}
		exponent := int(math.Floor(math.Log10(size)))
		decimals = max(0, exponent-int(math.Floor(math.Log10(step)+1e-9)))
		return power(x, min(decimals, 15))
	}
	s := strconv.FormatFloat(x, 'f', decimals, 64)
	if x == 0 || s == "-0" {
		s = strconv.FormatFloat(0, 'f', decimals, 64)
	}
	return minus(s)
}

// power writes x with an exponent, as in 2.5e−17. Superscripts would read better, but the font has
// no superscript minus.
func power(x float64, decimals int) string {
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(x, 'e', decimals, 64), "e")
	n, _ := strconv.Atoi(exponent)
	return minus(mantissa) + "e" + minus(strconv.Itoa(n))
}

// minus gives a number its typographic sign, which is as wide as a digit.
func minus(s string) string {
	if s[0] == '-' {
		return "−" + s[1:]
	}
	return s
}

// logTicks labels powers of ten, or round numbers where the axis spans less than two of them.
type logTicks struct{ count int }

// Ticks implements plot.Ticker.
func (t logTicks) Ticks(lo, hi float64) []plot.Tick {
	from, to := math.Floor(math.Log10(lo)), math.Ceil(math.Log10(hi))
	if math.Log10(hi)-math.Log10(lo) < 1.5 {
		return positive(ticks{count: t.count}.Ticks(lo, hi))
	}
	every := max(1, math.Ceil((to-from)/float64(t.count+2)))
	var out []plot.Tick
	for e := from; e <= to; e++ {
		tick := plot.Tick{Value: math.Pow(10, e)}
		if math.Mod(e, every) == 0 {
			tick.Label = powerLabel(int(e))
		}
		out = append(out, tick)
		for k := 2.0; k < 10 && every == 1; k++ {
			out = append(out, plot.Tick{Value: k * math.Pow(10, e)})
		}
	}
	return out
}

// powerLabel writes 10 to the power e, plainly where that is short.
func powerLabel(e int) string {
	if e >= -3 && e <= 5 {
		return strconv.FormatFloat(math.Pow(10, float64(e)), 'f', max(0, -e), 64)
	}
	return "1e" + minus(strconv.Itoa(e))
}

// positive drops ticks that a logarithmic axis cannot place.
func positive(in []plot.Tick) []plot.Tick {
	var out []plot.Tick
	for _, t := range in {
		if t.Value > 0 {
			out = append(out, t)
		}
	}
	return out
}

// labelled is an axis of names at 0, 1, 2 ..., each no wider than room.
func labelled(names []string, room vg.Length, style draw.TextStyle) plot.ConstantTicks {
	var out plot.ConstantTicks
	for i, name := range names {
		out = append(out, plot.Tick{Value: float64(i), Label: shortened(style, display.Visible(name), room-vg.Points(4))})
	}
	return out
}

// crowded reports whether labels of a horizontal axis of some length touch one another.
func crowded(a *plot.Axis, length vg.Length) bool {
	end := vg.Length(math.Inf(-1))
	for _, t := range a.Tick.Marker.Ticks(a.Min, a.Max) {
		if t.IsMinor() || t.Value < a.Min || t.Value > a.Max {
			continue
		}
		half := a.Tick.Label.Width(t.Label) / 2
		at := vg.Length(a.Norm(t.Value)) * length
		if at-half < end+vg.Points(6) {
			return true
		}
		end = at + half
	}
	return false
}
