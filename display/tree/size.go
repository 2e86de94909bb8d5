package tree

import (
	"fmt"
	"math"
	"strings"

	"gofive/display"
)

// sizeText says how much the node takes. Of the root a note does.
func (b *branch) sizeText() string {
	switch {
	case b.Size <= 0:
		return ""
	case b.AtLeast:
		return "≥ " + display.Size(b.Size)
	}
	return display.Size(b.Size)
}

// share is the part of whole that the node takes, 0 to 1.
func (b *branch) share(whole int64) float64 {
	if whole <= 0 {
		return 0
	}
	return min(1, max(0, float64(b.Size)/float64(whole)))
}

// percent is a share in words.
func percent(share float64) string {
	switch p := share * 100; {
	case p == 0:
		return "0 %"
	case p < 1:
		return "under 1 %"
	default:
		return fmt.Sprintf("%.0f %%", p)
	}
}

// barWidth is the columns of a whole bar.
const barWidth = 8

// bar draws a share in eighths of a column, padded to barWidth.
func bar(share float64) string {
	eighths := int(math.Round(share * barWidth * 8))
	s := strings.Repeat("█", eighths/8)
	if rest := eighths % 8; rest > 0 {
		s += string([]rune(" ▏▎▍▌▋▊▉")[rest])
	}
	return s + strings.Repeat(" ", barWidth-(eighths+7)/8)
}
