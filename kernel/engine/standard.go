package engine

import (
	"os"

	"golang.org/x/sys/unix"
)

// standard is the standard output or error of an engine. Cells have it as os.Stdout, which they may close or
// set to another file; what the engine itself writes goes through a descriptor of its own.
type standard struct {
	shown **os.File // what cells see
	first *os.File  // what that was: here, because a file that nobody holds is closed
	own   *os.File
	fd    int
}

// newStandard keeps a descriptor beside one that cells see.
func newStandard(shown **os.File, fd int) *standard {
	st := &standard{shown: shown, first: *shown, own: *shown, fd: fd}
	if own, err := unix.FcntlInt(uintptr(fd), unix.F_DUPFD_CLOEXEC, 0); err == nil {
		st.own = os.NewFile(uintptr(own), (*shown).Name())
	}
	return st
}

// empty reports whether all that was written has been read.
func (st *standard) empty() bool { return isEmpty(st.own) }

// mend gives the next cell a file that can be written to, where an earlier one has closed its own.
func (st *standard) mend() {
	if *st.shown != nil {
		if _, err := (*st.shown).Stat(); err == nil {
			return
		}
	}
	if _, err := st.first.Stat(); err != nil {
		if unix.Dup3(int(st.own.Fd()), st.fd, 0) != nil {
			return
		}
		st.first = os.NewFile(uintptr(st.fd), st.own.Name())
	}
	*st.shown = st.first
}
