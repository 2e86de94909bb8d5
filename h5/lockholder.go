package h5

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"strings"
	"syscall"
)

// lockHolders names the processes of this machine that hold a lock on a file, as "python3 (process
// 123)". Those of other machines, and of other users' containers, cannot be seen.
func lockHolders(path string) []string {
	var st syscall.Stat_t
	if syscall.Stat(path, &st) != nil {
		return nil
	}
	f, err := os.Open("/proc/locks")
	if err != nil {
		return nil
	}
	defer f.Close()
	var out []string
	for lines := bufio.NewScanner(f); lines.Scan(); {
		// 1: FLOCK  ADVISORY  WRITE 708 08:01:131 0 EOF
		fields := strings.Fields(lines.Text())
		if len(fields) < 6 || fields[1] == "->" || !isInode(fields[5], &st) {
			continue
		}
		if pid, err := strconv.Atoi(fields[4]); err == nil && pid > 0 && pid != os.Getpid() {
			out = append(out, describeProcess(pid))
		}
	}
	return out
}

// isInode reports whether "08:01:131", a device and an inode, is the file's. The device is that of the
// file system, which stat does not give on overlays and subvolumes: the inode alone decides.
func isInode(text string, st *syscall.Stat_t) bool {
	parts := strings.Split(text, ":")
	return len(parts) == 3 && parts[2] == strconv.FormatUint(st.Ino, 10)
}

func describeProcess(pid int) string {
	name, err := os.ReadFile(fmt.Sprintf("/proc/%d/comm", pid))
	if err != nil {
		return fmt.Sprintf("process %d", pid)
	}
	return fmt.Sprintf("%s (process %d)", strings.TrimSpace(string(name)), pid)
}
