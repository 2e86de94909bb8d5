package engine

import (
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
)

// limitVariable is the environment variable that says how much memory an engine and what it starts may
// take; without it that is what the machine has.
const limitVariable = "GOFIVE_MEMORY"

// MemoryLimit is what the environment allows an engine, 0 when it says nothing.
func MemoryLimit() (int64, error) {
	text := os.Getenv(limitVariable)
	if text == "" {
		return 0, nil
	}
	n, ok := ParseSize(text)
	if !ok || n == 0 {
		return 0, fmt.Errorf("%s is %q: it should be a size, such as 500MB or 4GB", limitVariable, text)
	}
	return n, nil
}

// ParseSize reads a number of bytes: 500, 20KB, 4GB.
func ParseSize(text string) (int64, bool) {
	digits := strings.TrimRight(text, "KMGTB")
	unit, known := map[string]int64{"": 1, "B": 1, "KB": 1e3, "MB": 1e6, "GB": 1e9, "TB": 1e12}[text[len(digits):]]
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n < 0 || !known || n > math.MaxInt64/unit {
		return 0, false
	}
	return n * unit, true
}
