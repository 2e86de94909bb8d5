package kernel

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
)

const (
	// outputLimit is how many bytes one cell shows, if %output says nothing else. A notebook that
	// holds more is slow to open, and a browser that has to show more stalls.
	outputLimit = 100 << 20
	// tailKept is how much of what did not fit is shown at the end of the cell.
	tailKept = 64 << 10
	// overflowMost is the size of a file at which it takes no more: a loop that prints for a night
	// must not fill a disk.
	overflowMost = 8 << 30
	// overflowsKept is how many files stay; the oldest go.
	overflowsKept = 20
)

var errOverflowFull = errors.New("it takes 8.6 GB at most")

// overflow takes what a cell prints beyond its limit.
type overflow struct {
	path   string
	file   *os.File // nil when it is closed
	bytes  int64    // all that came
	failed error    // why not all of it is in the file
	tail   []byte   // the last of it, and perhaps more than tailKept
}

// newOverflow makes the file for a cell in the user's cache folder.
func newOverflow() *overflow {
	o := &overflow{}
	o.failed = o.create()
	return o
}

func (o *overflow) create() error {
	base, err := os.UserCacheDir()
	if err != nil {
		return err
	}
	dir := filepath.Join(base, "gofive", "output")
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return err
	}
	removeOldest(dir, overflowsKept-1)
	if o.file, err = os.CreateTemp(dir, "cell-*.txt"); err != nil {
		return err
	}
	o.path = o.file.Name()
	return nil
}

// removeOldest leaves the newest files of a folder.
func removeOldest(dir string, keep int) {
	files, err := os.ReadDir(dir)
	if err != nil {
		return // then there will be one more
	}
	age := func(f os.DirEntry) int64 {
		info, err := f.Info()
		if err != nil {
			return 0
		}
		return info.ModTime().UnixNano()
	}
	slices.SortFunc(files, func(a, b os.DirEntry) int { return cmp.Compare(age(b), age(a)) })
	for _, f := range files[min(keep, len(files)):] {
		_ = os.Remove(filepath.Join(dir, f.Name())) // of a kernel that cannot remove it
	}
}

// write takes text. After close it opens the file for this text alone.
func (o *overflow) write(text []byte) {
	o.bytes += int64(len(text))
	o.tail = append(o.tail, text[max(0, len(text)-tailKept):]...)
	if len(o.tail) > 4*tailKept {
		o.tail = append(o.tail[:0], o.tail[len(o.tail)-tailKept:]...)
	}
	switch {
	case o.failed != nil:
	case o.bytes > overflowMost:
		o.failed = errOverflowFull
	case o.file != nil:
		_, o.failed = o.file.Write(text)
	default:
		o.failed = appendFile(o.path, text)
	}
}

func appendFile(path string, text []byte) error {
	f, err := os.OpenFile(path, os.O_APPEND|os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	return errors.Join(err, f.Close())
}

// close ends the cell and gives the last of what was written, from the beginning of a line where
// there is one.
func (o *overflow) close() []byte {
	if o.file != nil {
		o.failed = cmp.Or(o.failed, o.file.Close())
		o.file = nil
	}
	tail := o.tail[max(0, len(o.tail)-tailKept):]
	o.tail = nil
	if i := slices.Index(tail, '\n'); i >= 0 && i < len(tail)-1 && o.bytes > int64(len(tail)) {
		tail = tail[i+1:]
	}
	return tail
}

// where says where the text is.
func (o *overflow) where() string {
	switch {
	case o.path == "":
		return fmt.Sprintf("nowhere (%v)", o.failed)
	case o.failed != nil:
		return fmt.Sprintf("in %s, but not all of it (%v)", o.path, o.failed)
	}
	return "in " + o.path
}
