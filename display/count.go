package display

import "strconv"

// Count writes n with commas between thousands.
func Count(n int) string {
	s := strconv.Itoa(n)
	first := 1 // no comma before the first digit
	if n < 0 {
		first = 2
	}
	for i := len(s) - 3; i >= first; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}

// Size writes a number of bytes as people read it, in steps of 1,000: "148 KB", "1.7 MB".
func Size(n int64) string {
	if n < 1000 {
		return strconv.FormatInt(n, 10) + " B"
	}
	x := float64(n)
	for _, unit := range []string{"KB", "MB", "GB", "TB", "PB"} {
		x /= 1000
		if x < 9.95 {
			return strconv.FormatFloat(x, 'f', 1, 64) + " " + unit
		}
		if x < 999.5 {
			return strconv.FormatFloat(x, 'f', 0, 64) + " " + unit
		}
	}
	return strconv.FormatFloat(x/1000, 'g', 4, 64) + " EB"
}
