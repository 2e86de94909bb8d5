package memory

import (
	"os"
	"path/filepath"
	"strings"
)

// group is a control group: its folder, and how its version names things.
type group struct {
	folder, limit, used string
	cache               []string // what memory.stat calls the cached pages of files
}

// read gives the limit of a group and how much of it is taken. Cached pages of files are not, for they make room by
// themselves: all but a little of what a job has read from its files stays in its group, up to the limit. (The
// kernel's MemAvailable counts so too, for the machine; see cgroup-v2.rst and v1/memory.rst.)
func (g group) read() (limit, used int64, ok bool) {
	limit, ok = numberIn(filepath.Join(g.folder, g.limit))
	if !ok {
		return 0, 0, false
	}
	if used, ok = numberIn(filepath.Join(g.folder, g.used)); !ok {
		return 0, 0, false
	}
	if text, err := os.ReadFile(filepath.Join(g.folder, "memory.stat")); err == nil {
		for _, name := range g.cache {
			pages, _ := numberAfter(string(text), name)
			used -= pages
		}
	}
	return limit, used, true
}

// groups are the groups that this process is in, from its own to the outermost: a batch system sets its limit on one
// of those. In a container the names that the process knows its groups by may be those of the host; then there is
// only the outermost.
func groups(root string) (all []group) {
	text, _ := os.ReadFile(root + "/proc/self/cgroup")
	for line := range strings.Lines(string(text)) {
		fields := strings.SplitN(strings.TrimSpace(line), ":", 3)
		if len(fields) < 3 || fields[1] != "" && fields[1] != "memory" {
			continue
		}
		g := group{"/sys/fs/cgroup", "memory.max", "memory.current", []string{"inactive_file", "active_file"}}
		if fields[1] == "memory" {
			g = group{"/sys/fs/cgroup/memory", "memory.limit_in_bytes", "memory.usage_in_bytes", []string{"total_inactive_file", "total_active_file"}}
		}
		top := root + g.folder
		for path := filepath.Clean("/" + fields[2]); ; path = filepath.Dir(path) {
			g.folder = top + path
			all = append(all, g)
			if path == "/" {
				break
			}
		}
	}
	return all
}
