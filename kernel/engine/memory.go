package engine

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
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

// Memory gives what the machine, or the control groups that the process is in, have in all and have
// left. Where neither tells there is no end to it.
func Memory() (total, free int64) {
	total, free = math.MaxInt64, math.MaxInt64
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		if kb, ok := numberAfter(string(text), "MemTotal:"); ok {
			total = kb << 10
		}
		if kb, ok := numberAfter(string(text), "MemAvailable:"); ok {
			free = kb << 10
		}
	}
	for _, g := range memoryGroups() {
		limit, used, ok := g.read()
		if ok && limit < total {
			total = limit
		}
		if ok {
			free = min(free, max(0, limit-used))
		}
	}
	return total, free
}

// memoryGroup is a control group: its folder, and how its version names things.
type memoryGroup struct{ folder, limit, used, idle string }

// read gives the limit of a group and how much of it is taken; pages of files that nobody has used for
// a while are not, because they make room by themselves.
func (g memoryGroup) read() (limit, used int64, ok bool) {
	limit, ok = numberIn(filepath.Join(g.folder, g.limit))
	if !ok {
		return 0, 0, false
	}
	if used, ok = numberIn(filepath.Join(g.folder, g.used)); !ok {
		return 0, 0, false
	}
	if text, err := os.ReadFile(filepath.Join(g.folder, "memory.stat")); err == nil {
		idle, _ := numberAfter("\n"+string(text), "\n"+g.idle+" ")
		used -= idle
	}
	return limit, used, true
}

// memoryGroups are the groups that this process is in, from its own to the outermost: a batch system sets
// its limit on one of those. In a container the names that the process knows its groups by may be those
// of the host; then there is only the outermost.
func memoryGroups() (groups []memoryGroup) {
	text, _ := os.ReadFile("/proc/self/cgroup")
	for line := range strings.Lines(string(text)) {
		fields := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(fields) < 3 || fields[1] != "" && fields[1] != "memory" {
			continue
		}
		g := memoryGroup{"/sys/fs/cgroup", "memory.max", "memory.current", "inactive_file"}
		if fields[1] == "memory" {
			g = memoryGroup{"/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"}
		}
		root := g.folder
		for path := filepath.Clean("/" + fields[2]); ; path = filepath.Dir(path) {
			g.folder = root + path
			groups = append(groups, g)
			if path == "/" {
				break
			}
		}
	}
	return groups
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

// numberAfter finds the number that stands behind a word.
func numberAfter(text, word string) (int64, bool) {
	_, rest, _ := strings.Cut(text, word)
	rest, _, _ = strings.Cut(rest, "\n")
	fields := strings.Fields(rest)
	if len(fields) == 0 {
		return 0, false
	}
	n, err := strconv.ParseInt(fields[0], 10, 64)
	return n, err == nil
}
