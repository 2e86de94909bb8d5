package libhdf5

import (
	"regexp"
	"strconv"
	"strings"
	"syscall"
)

// Frame is one step of the library's error stack.
type Frame struct {
	Func, Desc   string
	Major, Minor string
}

// Error is why a call failed, in the library's words.
type Error struct {
	Frames []Frame // innermost first, at least one
	Cause  error   // what the reader of a file said, see OpenReader; mostly nil
}

// Error gives the innermost reason.
func (e *Error) Error() string { return e.Frames[0].Desc }

// Minor reports whether a frame has that minor code, such as "Object not found".
func (e *Error) Minor(text string) bool {
	for _, f := range e.Frames {
		if f.Minor == text {
			return true
		}
	}
	return false
}

// Says reports whether a frame's description holds text.
func (e *Error) Says(text string) bool {
	for _, f := range e.Frames {
		if strings.Contains(f.Desc, text) {
			return true
		}
	}
	return false
}

var errnoText = regexp.MustCompile(`errno = (\d+)`)

// Errno is the system's error number behind the failure, 0 if there is none. The library has it in
// the description only.
func (e *Error) Errno() syscall.Errno {
	for _, f := range e.Frames {
		if m := errnoText.FindStringSubmatch(f.Desc); m != nil {
			n, _ := strconv.Atoi(m[1])
			return syscall.Errno(n)
		}
	}
	return 0
}

// frames reads an error stack. It is never empty.
func (r *reader) frames() []Frame {
	n := r.count(32)
	out := make([]Frame, 0, n+1)
	for range n {
		out = append(out, Frame{Func: r.str(), Desc: r.str(), Major: r.str(), Minor: r.str()})
	}
	if len(out) == 0 {
		out = append(out, Frame{Desc: "the HDF5 library gave no reason"})
	}
	return out
}
