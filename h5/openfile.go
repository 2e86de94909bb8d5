package h5

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"unicode/utf8"

	"gofive/h5/internal/libhdf5"
)

// lookAtFile finds the plain reasons why a file cannot be opened, before HDF5 is asked.
func lookAtFile(op, path, mode string) error {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		e := &Error{Op: op, File: path, Kind: fs.ErrNotExist, Reason: "no such file", Errno: syscall.ENOENT}
		e.Hint = missingFileHint(path)
		return e
	case errors.Is(err, fs.ErrPermission):
		return &Error{Op: op, File: path, Kind: fs.ErrPermission, Reason: "permission denied on a directory of the path", Errno: syscall.EACCES}
	case err != nil:
		return &Error{Op: op, File: path, Kind: ErrLibrary, Reason: err.Error()}
	case info.IsDir():
		return &Error{Op: op, File: path, Kind: ErrNotHDF5, Reason: "it is a directory", Errno: syscall.EISDIR, Hint: directoryHint(path)}
	case info.Mode()&(fs.ModeNamedPipe|fs.ModeSocket) != 0:
		return &Error{Op: op, File: path, Kind: ErrNotHDF5, Reason: "it is a pipe or socket", Hint: "HDF5 has to jump about in a file: write it to one first"}
	case info.Mode().IsRegular() && info.Size() == 0:
		return &Error{Op: op, File: path, Kind: ErrNotHDF5, Reason: "the file is empty (0 bytes)",
			Hint: "its writer may have been stopped before it wrote anything; write it again"}
	}
	return readable(op, path, mode)
}

// Recover makes a file usable whose writer was stopped before it closed it, where HDF5 says that it is
// "already open for write". What the writer had flushed is there. A writer that is still at work looks
// the same and would lose: be sure that there is none.
func Recover(path string) error {
	const op = "recover file"
	if err := lookAtFile(op, path, "r+"); err != nil {
		return err
	}
	id, err := libhdf5.OpenFile(path, libhdf5.Opening{Mode: libhdf5.ReadWrite, Access: []libhdf5.Property{libhdf5.Set("clear_status_flags", 1)}})
	if err != nil {
		return explainOpen(op, path, libhdf5.ReadWrite, err)
	}
	return newFile(id, path, true).Close()
}

// readable asks for the access that the mode needs.
func readable(op, path, mode string) error {
	want, verb := uint32(4), "read"
	if mode != "r" {
		want, verb = 6, "write"
	}
	if err := syscall.Access(path, want); err == syscall.EACCES || err == syscall.EROFS {
		return &Error{Op: op, File: path, Kind: fs.ErrPermission, Reason: "no permission to " + verb + " it", Errno: syscall.EACCES,
			Hint: "ask its owner, or chmod it: it is " + permissions(path)}
	}
	return nil
}

// permissions gives "-rw-r-----" and the owner's number.
func permissions(path string) string {
	info, err := os.Stat(path)
	if err != nil {
		return "out of reach"
	}
	text := info.Mode().String()
	if sys, ok := info.Sys().(*syscall.Stat_t); ok {
		text += fmt.Sprintf(" of user %d", sys.Uid)
	}
	return text
}

// missingFileHint names what is near in the nearest directory that exists.
func missingFileHint(path string) string {
	dir, base := filepath.Split(filepath.Clean(path))
	if dir == "" {
		dir = "."
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Sprintf("the directory %q is not there either", filepath.Clean(dir))
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if near := nearest(base, names); len(near) > 0 {
		return "did you mean " + quoted(near, " or ") + "?"
	}
	if h5 := hdf5Names(names); len(h5) > 0 {
		return "HDF5 files there: " + someOf(h5)
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		abs = dir
	}
	return fmt.Sprintf("there is no HDF5 file in %q", abs)
}

func directoryHint(path string) string {
	entries, _ := os.ReadDir(path)
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	if h5 := hdf5Names(names); len(h5) > 0 {
		return "HDF5 files in it: " + someOf(h5)
	}
	return "open a file"
}

var hdf5Suffix = regexp.MustCompile(`(?i)\.(h5|hdf5|hdf|he5|nc|nc4|nxs|h5ad|mat|nwb|fast5)$`)

func hdf5Names(names []string) []string {
	var out []string
	for _, n := range names {
		if hdf5Suffix.MatchString(n) {
			out = append(out, n)
		}
	}
	return out
}

// explainOpen makes the library's refusal clear by looking at the file itself.
func explainOpen(op, path string, mode libhdf5.Mode, err error) error {
	e := failed(op, "", path, err)
	var lib *libhdf5.Error
	if !errors.As(err, &lib) {
		e.Op, e.File = "load the HDF5 library", ""
		return e
	}
	switch {
	case e.Kind == ErrNotHDF5:
		e.Reason, e.Hint = "not an HDF5 file", "it "+whatItIs(path)
	case e.Kind == ErrTruncated:
		e.explainTruncated(lib)
	case e.Kind == ErrLocked:
		e.Hint = lockHint(path, mode, e.Errno)
	case lib.Says("already open for write") || lib.Says("file is already open for read-only") || lib.Says("already open for read-only"):
		e.explainAlreadyOpen(lib)
	case lib.Says("unable to truncate a file which is already open"), lib.Says("file is already open"):
		e.Kind, e.Reason, e.Hint = ErrLocked, "it is open in this session", "close it first: f.Close()"
	case lib.Says("file exists") || e.Errno == syscall.EEXIST:
		e.Kind, e.Reason, e.Hint = ErrExists, "the file exists already", `"w" would empty it, "r+" opens it for writing`
	case e.Kind == ErrLibrary && e.Errno == 0 && mode <= libhdf5.ReadWrite:
		e.Kind, e.Reason = ErrDamaged, "the file is damaged: "+e.Reason
		e.Hint = "copy it again; if its writer was stopped before it closed the file, what it wrote is lost"
	case errors.Is(e.Kind, fs.ErrNotExist) && mode >= libhdf5.Truncate:
		e.Reason, e.Hint = "its directory does not exist", missingFileHint(filepath.Dir(path))
	}
	return e
}

func lockHint(path string, mode libhdf5.Mode, errno syscall.Errno) string {
	if errno != syscall.EAGAIN {
		return "the file system refuses locks; open it with h5.FileAccess{Locking: h5.LockBestEffort}, or set HDF5_USE_FILE_LOCKING=FALSE before the kernel starts"
	}
	who := "another process"
	if holders := lockHolders(path); len(holders) > 0 {
		who = strings.Join(holders, ", ")
	}
	how := " has it open"
	if mode == libhdf5.ReadOnly {
		how = " has it open for writing"
	}
	return who + how + "; close it there, or open it with h5.FileAccess{Locking: h5.LockOff} if you are sure that nobody writes"
}

func (e *Error) explainAlreadyOpen(lib *libhdf5.Error) {
	e.Kind = ErrLocked
	if lib.Says("read-only") {
		e.Reason, e.Hint = "it is already open read-only in this session", "close the other variable's file first"
		return
	}
	e.Reason = "it is marked as open for writing"
	e.Hint = "its writer is still at work or was stopped before it closed the file; if you are sure that nobody writes, h5.Recover(path) clears the mark"
}

var truncatedText = regexp.MustCompile(`eof = (\d+).*base_addr = (\d+).*stored_eof = (\d+)`)

func (e *Error) explainTruncated(lib *libhdf5.Error) {
	e.Hint = "copy or download it again; if its writer was stopped, the end was never written"
	for _, f := range lib.Frames {
		if m := truncatedText.FindStringSubmatch(f.Desc); m != nil {
			e.Reason = fmt.Sprintf("the file is truncated: %s bytes are there, %s are expected", m[1], m[3])
			return
		}
	}
}

// signatures are the first bytes of files that people take for HDF5.
var signatures = []struct{ begins, what string }{
	{"\x89HDF\r\n\x1a\n", "begins like an HDF5 file but is damaged right after; copy or download it again"},
	{"\x0e\x03\x13\x01", "is an HDF4 file; h4toh5 converts it"},
	{"CDF\x01", "is a netCDF-3 file; nccopy -k nc4 converts it"},
	{"CDF\x02", "is a netCDF-3 file; nccopy -k nc4 converts it"},
	{"SIMPLE  =", "is a FITS file"},
	{"\x1f\x8b", "is compressed with gzip; gunzip it first"},
	{"PK\x03\x04", "is a zip archive; unzip it first"},
	{"BZh", "is compressed with bzip2; bunzip2 it first"},
	{"\xfd7zXZ", "is compressed with xz; unxz it first"},
	{"\x93NUMPY", "is a numpy .npy file"},
	{"version https://git-lfs", "is a git-lfs pointer; git lfs pull fetches the file"},
	{"<!DOCTYPE", "is a web page: the download went wrong"},
	{"<html", "is a web page: the download went wrong"},
}

func whatItIs(path string) string {
	f, err := os.Open(path)
	if err != nil {
		return "cannot be read"
	}
	defer f.Close()
	head := make([]byte, 512)
	n, _ := io.ReadFull(f, head)
	return whatBegins(head[:n])
}

// whatBegins says what a file is that begins so.
func whatBegins(head []byte) string {
	head = head[:min(len(head), 512)]
	for _, s := range signatures {
		if bytes.HasPrefix(head, []byte(s.begins)) {
			return s.what
		}
	}
	if isText(head) {
		line, _, _ := bytes.Cut(head, []byte("\n"))
		return fmt.Sprintf("is a text file that begins %.40q", line)
	}
	return fmt.Sprintf("begins with %q", head[:min(len(head), 8)])
}

func isText(b []byte) bool {
	for len(b) > 0 && len(b) < utf8.UTFMax && !utf8.FullRune(b) {
		return true
	}
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if r == utf8.RuneError && size == 1 && len(b) >= utf8.UTFMax {
			return false
		}
		if r < ' ' && r != '\n' && r != '\r' && r != '\t' {
			return false
		}
		b = b[size:]
	}
	return true
}
