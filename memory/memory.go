// Package memory tells how much memory there is for this process, before something large is made: Go cannot
// recover from running out of it.
package memory

import (
	"math"
	"os"
	"strconv"
	"strings"
)

// Machine gives the bytes that the machine, or the control groups that the process is in, have in all and have
// left. Where neither tells, as outside Linux, there is no end to them: math.MaxInt64.
func Machine() (total, free int64) { return machine("") }

// machine reads /proc and /sys below a folder.
func machine(root string) (total, free int64) {
	total, free = math.MaxInt64, math.MaxInt64
	if text, err := os.ReadFile(root + "/proc/meminfo"); err == nil {
		if kb, ok := numberAfter(string(text), "MemTotal:"); ok {
			total = kb << 10
		}
		if kb, ok := numberAfter(string(text), "MemAvailable:"); ok {
			free = kb << 10
		}
	}
	for _, g := range groups(root) {
		if limit, used, ok := g.read(); ok {
			total, free = min(total, limit), min(free, max(0, limit-used))
		}
	}
	return total, free
}

// numberIn reads a file that holds a number; "max" is none.
func numberIn(file string) (int64, bool) {
	text, err := os.ReadFile(file)
	if err != nil {
		return 0, false
	}
	n, err := strconv.ParseInt(strings.TrimSpace(string(text)), 10, 64)
	return n, err == nil
}

// numberAfter finds the number that stands behind a word at the beginning of a line.
func numberAfter(text, word string) (int64, bool) {
	for line := range strings.Lines(text) {
		if fields := strings.Fields(line); len(fields) > 1 && fields[0] == word {
			n, err := strconv.ParseInt(fields[1], 10, 64)
			return n, err == nil
		}
	}
	return 0, false
}
