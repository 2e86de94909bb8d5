package plots

import (
	"fmt"
	"image/color"
	"math"
	"slices"
)

// look is how the values of a picture become colours.
type look struct {
	colours   string
	log       bool
	low, high float64 // percentiles that get the end colours; both 0 stands for all values
}

// Log gives each power of ten of a picture as many colours as the next; what is not positive has none.
func (f *Figure) Log() *Figure {
	f.look.log = true
	return f
}

// Percentile gives the end colours of a picture to what lies below and above two percentiles of the
// values, as in Percentile(1, 99), so that a few bright cells do not darken all others.
func (f *Figure) Percentile(low, high float64) *Figure {
	if !(0 <= low && low < high && high <= 100) {
		return f.fail(fmt.Errorf("plots: Percentile %g to %g: give two numbers from 0 to 100, the smaller first", low, high))
	}
	f.look.low, f.look.high = low, high
	return f
}

// colourSteps is how many colours a picture has; one more stands for what has none.
const colourSteps = 255

// shades is a scale of colours from one value to another.
type shades struct {
	low, high float64
	log       bool
	table     []color.NRGBA
}

// shades finds the scale for values. It is not ok when none of them has a colour.
func (l look) shades(values []float64) (s shades, ok bool) {
	s = shades{math.Inf(1), math.Inf(-1), l.log, colourTable(l.colours, colourSteps)}
	if l.low != 0 || l.high != 0 {
		s.low, s.high = percentiles(values, l)
	} else {
		for _, v := range values {
			if drawable(v, l.log) {
				s.low, s.high = min(s.low, v), max(s.high, v)
			}
		}
	}
	if l.colours == diverging && !l.log && s.low <= s.high {
		s.high = max(math.Abs(s.low), math.Abs(s.high))
		s.low = -s.high
	}
	return s, s.low <= s.high
}

// maxSorted is how many values percentiles are taken of; of more, every second or third or so on.
const maxSorted = 1 << 20

func percentiles(values []float64, l look) (low, high float64) {
	var some []float64
	for i := 0; i < len(values); i += 1 + len(values)/maxSorted {
		if drawable(values[i], l.log) {
			some = append(some, values[i])
		}
	}
	if len(some) == 0 {
		return math.Inf(1), math.Inf(-1)
	}
	slices.Sort(some)
	return quantile(some, l.low/100), quantile(some, l.high/100)
}

// quantile is the value below which the part q of sorted values lies, as numpy counts it.
func quantile(sorted []float64, q float64) float64 {
	at := q * float64(len(sorted)-1)
	i := min(int(at), len(sorted)-1)
	j := min(i+1, len(sorted)-1)
	return sorted[i] + (at-float64(i))*(sorted[j]-sorted[i])
}

// part gives where v lies between low and high, 0 to 1.
func (s shades) part(v float64) float64 {
	low, high := s.low, s.high
	if s.log {
		v, low, high = math.Log10(v), math.Log10(low), math.Log10(high)
	}
	if low == high {
		return 0.5
	}
	return min(max((v-low)/(high-low), 0), 1)
}

// index is the number of the colour of v, colourSteps for none.
func (s shades) index(v float64) uint8 {
	if !drawable(v, s.log) {
		return colourSteps
	}
	return uint8(math.Round(s.part(v) * (colourSteps - 1)))
}

// at is the colour of v.
func (s shades) at(v float64) color.NRGBA { return s.table[min(s.index(v), colourSteps-1)] }
