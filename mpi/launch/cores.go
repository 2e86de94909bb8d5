package launch

import (
	"fmt"
	"os"
	"strconv"
	"strings"
)

// allowedCores gives the cores that the process may use, as the system writes them: "0-3,8". It is ""
// where that is not known.
func allowedCores() string {
	text, _ := os.ReadFile("/proc/self/status")
	for line := range strings.Lines(string(text)) {
		if list, found := strings.CutPrefix(line, "Cpus_allowed_list:"); found {
			return strings.TrimSpace(list)
		}
	}
	return ""
}

// coreSet reads a list of cores.
func coreSet(list string) Set {
	var set Set
	for _, part := range strings.Split(list, ",") {
		first, last, isRange := strings.Cut(part, "-")
		a, err := strconv.Atoi(first)
		b := a
		if isRange && err == nil {
			b, err = strconv.Atoi(last)
		}
		if err == nil && a <= b {
			set = set.Union(Set{{a, b}})
		}
	}
	return set
}

// judgeCores says what is wrong with where the ranks of a node may run; "" for nothing.
func judgeCores(host string, ranks int, allowed Set, online int) string {
	cores := allowed.Len()
	switch {
	case cores == 0 || ranks <= cores:
		return ""
	case cores == 1 && online > 1:
		return fmt.Sprintf("all %d ranks on %s are bound to one core of %d; --args \"--bind-to none\" frees them", ranks, host, online)
	}
	return fmt.Sprintf("%d ranks share %d cores on %s: they yield while they wait, and timings mean nothing", ranks, cores, host)
}

// cores adds up where the ranks of a node may run, and gives a warning when the last of them has said so.
func (l *leader) cores(list string) string {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.bound++
	l.allowed = l.allowed.Union(coreSet(list))
	if l.bound != l.self.LocalSize {
		return ""
	}
	online, _ := os.ReadFile("/sys/devices/system/cpu/online")
	return judgeCores(l.self.Host, l.bound, l.allowed, coreSet(strings.TrimSpace(string(online))).Len())
}
