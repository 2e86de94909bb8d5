package table

import (
	"fmt"
	"math"
	"strings"

	"gofive/display"
)

// bins is how many bars a histogram has.
const bins = 8

// heights are the bars of a bin with nothing in it, and of quarters of the fullest bin.
var heights = [...]string{"▁", "▂", "▃", "▅", "▇"}

// histograms gives the bars of each column of a span. Where all rows are shown there are none: the
// numbers say more.
func (t *Table) histograms(s Source, cols Span) []string {
	out := make([]string, cols.Len())
	sampled, ok := s.(Sampled)
	if !ok || t.rowGap < 0 {
		return out
	}
	numbers, of := sampled.Sample(cols)
	for j, x := range numbers {
		t.noteNaN(s.Column(cols.From+j).Name, x)
		if out[j] = bars(x); out[j] != "" {
			t.bars = of
		}
	}
	return out
}

// noteNaN remembers how many of the numbers of a column are none.
func (t *Table) noteNaN(column string, x []float64) {
	n := 0
	for _, v := range x {
		if math.IsNaN(v) {
			n++
		}
	}
	if n > 0 {
		t.nans = append(t.nans, fmt.Sprintf("%s of %s in %s", display.Count(n), display.Count(len(x)), display.Short(column, maxHead)))
	}
}

// bars draws the histogram of the finite ones of x; nothing when they are not two different numbers.
func bars(x []float64) string {
	lo, hi := math.Inf(1), math.Inf(-1)
	for _, v := range x {
		if isFinite(v) {
			lo, hi = min(lo, v), max(hi, v)
		}
	}
	width := hi/bins - lo/bins // hi-lo may be infinite
	if !(width > 0) {
		return ""
	}
	var counts [bins]int
	most := 0
	for _, v := range x {
		if isFinite(v) {
			i := min(bins-1, int((v/bins-lo/bins)/width*bins))
			counts[i]++
			most = max(most, counts[i])
		}
	}
	var b strings.Builder
	for _, n := range counts {
		b.WriteString(heights[(n*(len(heights)-1)+most-1)/most])
	}
	return b.String()
}

func isFinite(v float64) bool { return v-v == 0 }
