package engine

import (
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"

	"gofive/display"
	"gofive/memory"
)

// A machine without memory kills processes as it likes, or stands still. So the kernel watches what its
// engine takes, and kills it, or the child of it that has taken most, while there is still some left. The
// engine itself ends a cell that fills the heap before it comes to that; here is what it cannot see, or
// not in time: stacks of goroutines, C libraries, child processes, and code that does not stop.

const (
	// reservePart of all memory, and not more than reserveMost, is what an engine may not touch.
	reservePart = 20
	reserveMost = 512 << 20
	// guiltyPart of all memory is what an engine has to hold before the lack of it is its fault.
	guiltyPart = 8
	// fillRate is how fast memory can be filled, bytes a second: while much is left it is looked at seldom.
	fillRate             = 4 << 30
	lookSoon, lookSeldom = 20 * time.Millisecond, time.Second
	// oomScore makes the engine, and not the kernel, what the system kills when it comes to that.
	oomScore = "800"
)

// guard watches the memory of the engine until it is gone.
func (l *life) guard() {
	_ = os.WriteFile(l.proc("oom_score_adj"), []byte(oomScore), 0) // without /proc the system knows no score
	for pause := time.Duration(0); ; {
		select {
		case <-l.gone:
			return
		case <-time.After(pause):
		}
		left := l.memoryLeft()
		pause = max(lookSoon, min(lookSeldom, time.Duration(float64(left)/fillRate*float64(time.Second))))
	}
}

// proc names a file that tells of the engine.
func (l *life) proc(file string) string {
	return filepath.Join("/proc", strconv.Itoa(l.cmd.Process.Pid), file)
}

// memoryLeft gives how much the engine may still take. When that is nothing, something is killed.
func (l *life) memoryLeft() int64 {
	total, free := memory.Machine()
	left := free - min(total/reservePart, reserveMost)
	limit, held := l.owner.memory, int64(0)
	var family []int
	if limit > 0 || left <= 0 {
		family = familyOf(l.cmd.Process.Pid)
		for _, pid := range family {
			held += resident(pid)
		}
	}
	switch {
	case limit > 0 && held > limit:
		l.starve(family, fmt.Sprintf("%s allows %s", limitVariable, display.Size(limit)))
	case left <= 0 && held > total/guiltyPart:
		l.starve(family, fmt.Sprintf("of the machine's memory %s were left", display.Size(free)))
	case left <= 0: // others hold it
		return math.MaxInt64
	}
	if limit > 0 {
		left = min(left, limit-held)
	}
	return left
}

// starve kills the process of the family that holds most.
func (l *life) starve(family []int, why string) {
	most, held := 0, int64(-1)
	for _, pid := range family {
		if r := resident(pid); r > held {
			most, held = pid, r
		}
	}
	if most == l.cmd.Process.Pid {
		text := fmt.Sprintf("the engine (process %d) held %s of memory and was killed: %s", most, display.Size(held), why)
		l.starved.CompareAndSwap(nil, &text)
		l.kill()
		return
	}
	name, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(most), "comm"))
	if syscall.Kill(most, syscall.SIGKILL) == nil {
		l.owner.written("stderr", fmt.Appendf(nil, "\ngofive: process %d (%s), which the cell started, held %s of memory and was killed: %s\n",
			most, strings.TrimSpace(string(name)), display.Size(held), why))
	}
}

// familyOf gives a process and all below it.
func familyOf(pid int) []int {
	family := []int{pid}
	for i := 0; i < len(family); i++ {
		threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", family[i]))
		for _, t := range threads {
			text, _ := os.ReadFile(t) // the thread may have ended meanwhile
			for _, field := range strings.Fields(string(text)) {
				if child, err := strconv.Atoi(field); err == nil {
					family = append(family, child)
				}
			}
		}
	}
	return family
}

// resident gives how much memory a process holds, in bytes.
func resident(pid int) int64 {
	text, _ := os.ReadFile(filepath.Join("/proc", strconv.Itoa(pid), "statm"))
	fields := strings.Fields(string(text))
	if len(fields) < 2 {
		return 0 // it has ended meanwhile
	}
	pages, _ := strconv.ParseInt(fields[1], 10, 64)
	return pages * int64(os.Getpagesize())
}
