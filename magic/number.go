package magic

import (
	"strconv"
	"time"

	"gofive/display"
)

// duration is a time with three digits that count.
func duration(d time.Duration) string { return nanoseconds(float64(d)) }

// nanoseconds is a time in the unit that suits it.
func nanoseconds(ns float64) string {
	for _, u := range []struct {
		from float64
		name string
	}{{1e9, "s"}, {1e6, "ms"}, {1e3, "µs"}} {
		if ns >= u.from {
			return digits(ns/u.from) + " " + u.name
		}
	}
	return digits(ns) + " ns"
}

// digits writes a number below 1,000 with three digits, a larger one without fraction.
func digits(x float64) string {
	switch {
	case x >= 100:
		return strconv.FormatFloat(x, 'f', 0, 64)
	case x >= 10:
		return strconv.FormatFloat(x, 'f', 1, 64)
	}
	return strconv.FormatFloat(x, 'f', 2, 64)
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return display.Count(n) + " " + what + "s"
}
