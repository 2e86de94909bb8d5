package launch

import (
	"fmt"
	"os"
	"strings"
	"syscall"
)

// thisProcess describes a process of this computer, so that it is not taken for a later one.
func thisProcess(number int) pid {
	host, _ := os.Hostname()
	return pid{Host: host, PID: number, Birth: birth(number)}
}

// birth is when a process began, as /proc tells it; "" when there is no such process.
func birth(number int) string {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", number))
	if err != nil {
		return ""
	}
	// The name of the program, in brackets, may hold spaces; field 22 is the 20th behind it.
	_, rest, _ := strings.Cut(string(text[strings.LastIndexByte(string(text), ')')+1:]), " ")
	fields := strings.Fields(rest)
	if len(fields) < 20 || fields[0] == "Z" {
		return ""
	}
	return fields[19]
}

// here reports whether the process is one of this computer.
func (p pid) here() bool {
	host, _ := os.Hostname()
	return p.Host == host
}

// alive reports whether the process is of this computer and lives.
func (p pid) alive() bool {
	return p.here() && p.Birth != "" && birth(p.PID) == p.Birth
}

// kill ends the process, and the group that it leads.
func (p pid) kill() {
	if p.alive() {
		_ = syscall.Kill(-p.PID, syscall.SIGKILL) // it may lead none
		_ = syscall.Kill(p.PID, syscall.SIGKILL)
	}
}
