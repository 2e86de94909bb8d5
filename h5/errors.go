package h5

import (
	"errors"
	"fmt"
	"io/fs"
	"regexp"
	"strings"
	"syscall"

	"gofive/h5/internal/libhdf5"
)

// The kinds of errors, for errors.Is. fs.ErrNotExist and fs.ErrPermission are found too.
var (
	ErrNotFound    = errors.New("object not found")
	ErrExists      = errors.New("already exists")
	ErrLocked      = errors.New("file is locked")
	ErrClosed      = errors.New("closed")
	ErrReadOnly    = errors.New("read-only")
	ErrNotHDF5     = errors.New("not an HDF5 file")
	ErrDamaged     = errors.New("file is damaged")
	ErrTruncated   = errors.New("file is truncated")
	ErrFilter      = errors.New("filter not available")
	ErrType        = errors.New("types do not fit")
	ErrShape       = errors.New("shapes do not fit")
	ErrRange       = errors.New("out of range")
	ErrTooLarge    = errors.New("too large")
	ErrInterrupted = errors.New("interrupted")
	ErrRanks       = errors.New("ranks do not agree")
	ErrLibrary     = errors.New("HDF5 library")
)

// Frame is one step of the HDF5 library's own explanation.
type Frame struct {
	Func, Description string
	Major, Minor      string
}

// systemText is what HDF5 says of a failed system call: time, file, descriptor, addresses and sizes.
var systemText = regexp.MustCompile(`(?s)^([^:]*): time = .*error message = '([^']*)'`)

// brief is the description without what only a developer of HDF5 wants.
func (f Frame) brief() string {
	if m := systemText.FindStringSubmatch(f.Description); m != nil {
		return m[1] + ": " + m[2]
	}
	return f.Description
}

// Error says what was tried, on what, and why it failed.
type Error struct {
	Op     string // such as "open dataset"
	Name   string // what it was tried on: a path in the file, a field, an attribute; may be empty
	File   string // the file's path, empty when none is concerned
	Kind   error  // one of the kinds above, or what the reader of OpenReaderAt ended with
	Reason string // why, in our words
	Hint   string // what to try next, may be empty
	Errno  syscall.Errno
	Stack  []Frame // the library's explanation, innermost first; nil when it was not asked
}

// Error gives one line.
func (e *Error) Error() string {
	var b strings.Builder
	b.WriteString("h5: " + e.Op)
	if e.Name != "" {
		fmt.Fprintf(&b, " %q", e.Name)
	}
	if e.File != "" {
		where := " in "
		if e.Name == "" {
			where = " "
		}
		fmt.Fprintf(&b, "%s%q", where, e.File)
	}
	b.WriteString(": " + e.Reason)
	if e.Hint != "" {
		b.WriteString("; " + e.Hint)
	}
	if len(e.Stack) > 0 && !strings.Contains(e.Reason, e.Stack[0].Description) {
		b.WriteString(" (HDF5: " + e.Stack[0].brief() + ")")
	}
	return b.String()
}

// Interrupted reports whether Interrupt ended it.
func (e *Error) Interrupted() bool { return e.Kind == ErrInterrupted }

// Unwrap gives the kind and the system's error.
func (e *Error) Unwrap() []error {
	out := []error{e.Kind}
	if e.Errno != 0 {
		out = append(out, e.Errno)
	}
	return out
}

// Explain gives the library's whole explanation, one step a line, innermost first.
func (e *Error) Explain() string {
	lines := make([]string, len(e.Stack))
	for i, f := range e.Stack {
		lines[i] = fmt.Sprintf("%s: %s (%s, %s)", f.Func, f.Description, f.Major, f.Minor)
	}
	return strings.Join(lines, "\n")
}

// failed makes an Error of what the library said. Callers that know more replace Reason and Hint.
func failed(op, name, file string, err error) *Error {
	e := &Error{Op: op, Name: name, File: file, Kind: ErrLibrary, Reason: err.Error()}
	var lib *libhdf5.Error
	if errors.As(err, &lib) {
		for _, f := range lib.Frames {
			e.Stack = append(e.Stack, Frame{f.Func, f.Desc, f.Major, f.Minor})
		}
		e.Errno = lib.Errno()
		e.classify(lib)
		if lib.Cause != nil {
			e.Kind, e.Reason, e.Hint = lib.Cause, lib.Cause.Error(), ""
		}
	}
	return e
}

// signs tells kinds of errors by what the library says in some frame; the first that fits counts.
// The texts are those of libhdf5 1.10 to 1.14.
var signs = []struct {
	says   string
	kind   error
	reason string
	hint   string
}{
	{"unable to lock file", ErrLocked, "the file is locked", "another process has it open; close it there"},
	{"file signature not found", ErrNotHDF5, "not an HDF5 file", ""},
	{"unable to locate file signature", ErrNotHDF5, "not an HDF5 file", ""},
	{"truncated file", ErrTruncated, "the file is truncated", ""},
	{"is not registered", ErrFilter, "a filter of this dataset is not installed", ""},
	{"no write intent", ErrReadOnly, "the file is open read-only", openForWriting},
	{"no write access", ErrReadOnly, "the file is open read-only", openForWriting},
	{"creation order not tracked", ErrType, "the group does not keep the order in which its members were made", "it is kept for groups made with h5.GroupCreate{TrackOrder: true}"},
	{"name already exists", ErrExists, "there is something of that name already", "delete it first, or choose another name"},
	{"no appropriate function for conversion path", ErrType, "HDF5 cannot convert between the two types", ""},
	{"object header message is too large", ErrTooLarge, "an attribute takes at most 64 KB in this file format",
		"store it as a dataset, or create the file with h5.FileAccess{Libver: h5.Latest}"},
	{"an element takes more than 1 TB", ErrTooLarge, "one element takes more than 1 TB of memory", "the file may be damaged"},
	{"data size exceeds buffer size", ErrTooLarge, "it claims more data than there are", "the file is damaged"},
	{"data size exceeds addressable range", ErrTooLarge, "it claims more data than memory has addresses", "the file is damaged"},
	{"invalid dataset size", ErrTooLarge, "it claims more data than there can be", "the file is damaged"},
	{"ran off end of input buffer", ErrDamaged, "its description ends too early", "the file is damaged"},
	{"unable to get dataspace size", ErrTooLarge, "it claims more elements than 64 bits can count", "the file is damaged"},
	{"unable to get the next power of 2", ErrTooLarge, "it claims more elements than HDF5 can count", "the file is damaged"},
	{"chunk size must be < 4GB", ErrTooLarge, "its chunks take more than the 4 GB that HDF5 allows", "give smaller chunks; if it is in a file already, the file is damaged"},
	{"the description needs more than 1 GB", ErrTooLarge, "its description takes more than 1 GB of memory", "the file may be damaged"},
	{"memory allocation failed", ErrTooLarge, "there is not the memory that it takes", "select a part; if it should be small, the file may be damaged"},
	{"out of memory", ErrTooLarge, "there is not the memory that it takes", "select a part; if it should be small, the file may be damaged"},
	{"independent write with filters", ErrType, "several ranks can write compressed chunks only together", "write with ds.With(h5mpi.Collective).Write(...) on all ranks"},
	{"does not support writing VL", ErrType, "elements of variable length cannot be written by several ranks", noPointersHint},
	{"No space left on device", ErrLibrary, "the disk is full", "make room, then write again; what was flushed before is in the file"},
}

const openForWriting = `open it with h5.OpenFile(path, "r+") to change it`

func (e *Error) classify(lib *libhdf5.Error) {
	for _, s := range signs {
		if lib.Says(s.says) || lib.Minor(s.says) {
			e.Kind, e.Reason, e.Hint = s.kind, s.reason, s.hint
			return
		}
	}
	// The outer frames say "object not found" of a damaged object too.
	if inner := lib.Frames[0].Desc; strings.Contains(inner, "doesn't exist") || strings.Contains(inner, "not found") {
		e.Kind, e.Reason = ErrNotFound, "object not found"
		return
	}
	switch e.Errno {
	case syscall.ENOENT:
		e.Kind, e.Reason = fs.ErrNotExist, "no such file"
	case syscall.EACCES, syscall.EPERM:
		e.Kind, e.Reason = fs.ErrPermission, "permission denied"
	case 0:
	default:
		e.Reason = e.Errno.Error()
	}
}

// because completes an error from inside the package, which knows why but not what was being done.
func because(op, name, file string, err error) error {
	var e *Error
	if !errors.As(err, &e) {
		return err
	}
	out := *e
	if out.Op == "" {
		out.Op = op
	}
	if out.Name == "" {
		out.Name = name
	}
	if out.File == "" {
		out.File = file
	}
	return &out
}
