package fits

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"sync/atomic"
)

// File is an open FITS file. Its methods, and those of its HDUs, may be called from several goroutines.
type File struct {
	path   string
	from   io.ReaderAt
	size   int64
	closer io.Closer // nil for what was unpacked, and for New
	hdus   []*HDU
	closed atomic.Bool
}

// maxUnpacked is what a file may take in memory that was packed with gzip.
const maxUnpacked = 4 << 30

// Open opens a file for reading, also one that gzip has packed. All headers are read: that is a few
// blocks an HDU. What is wrong with a later HDU stands in its Err.
func Open(path string) (*File, error) {
	f, err := os.Open(path)
	if err != nil {
		var e *os.PathError
		if errors.As(err, &e) {
			err = e.Err
		}
		return nil, &Error{Op: "open", File: path, Kind: err, Reason: err.Error()}
	}
	out, err := open(path, f)
	if err != nil {
		f.Close()
		return nil, at("open", path, "", err)
	}
	return out, nil
}

func open(path string, f *os.File) (*File, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return nil, fault(ErrNotFITS, "it is a directory")
	}
	var magic [2]byte
	if n, _ := f.ReadAt(magic[:], 0); n == 2 && magic == [2]byte{0x1f, 0x8b} {
		content, err := unpack(f)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		return newFile(path, bytes.NewReader(content), int64(len(content)), nil)
	}
	return newFile(path, f, info.Size(), f)
}

// unpack gives what gzip has packed.
func unpack(r io.Reader) ([]byte, error) {
	z, err := gzip.NewReader(r)
	if err != nil {
		return nil, fault(ErrDamaged, "gzip: %v", err)
	}
	content, err := io.ReadAll(io.LimitReader(z, maxUnpacked+1))
	if len(content) > maxUnpacked {
		e := fault(ErrTooLarge, "it takes more than %d GB unpacked", maxUnpacked>>30)
		e.Hint = "gunzip it first"
		return nil, e
	}
	if err != nil {
		return nil, fault(ErrDamaged, "gzip, after %d bytes: %v", len(content), err)
	}
	return content, nil
}

// New reads a file of size bytes from r, which must stay usable; name stands for it in messages.
func New(name string, r io.ReaderAt, size int64) (*File, error) {
	f, err := newFile(name, r, size, nil)
	return f, at("open", name, "", err)
}

func newFile(path string, r io.ReaderAt, size int64, c io.Closer) (*File, error) {
	f := &File{path: path, from: r, size: size, closer: c}
	head := make([]byte, 30)
	if n, err := r.ReadAt(head, 0); n < len(head) && err != nil && err != io.EOF {
		return nil, err
	}
	if size == 0 {
		return nil, fault(ErrNotFITS, "it is empty")
	}
	if !bytes.HasPrefix(head, []byte("SIMPLE  =")) {
		return nil, fault(ErrNotFITS, "it begins with %.12q, and no FITS file does", head)
	}
	for at := int64(0); at < size; {
		h := f.readHDU(at)
		if len(f.hdus) == 0 && h.Err != nil && len(h.Header) == 0 {
			return nil, h.Err
		}
		if h.trailing {
			break
		}
		f.hdus = append(f.hdus, h)
		if h.end <= at {
			break
		}
		at = h.end
	}
	return f, nil
}

// Close closes the file. Closing twice is harmless.
func (f *File) Close() error {
	if f.closed.Swap(true) || f.closer == nil {
		return nil
	}
	return f.closer.Close()
}

// Path is what the file was opened by.
func (f *File) Path() string { return f.path }

// Size is the length of the file in bytes, unpacked.
func (f *File) Size() int64 { return f.size }

// HDUs are the parts of the file: the primary one first, then its extensions.
func (f *File) HDUs() []*HDU { return f.hdus }

// HDU gives one part, by its number from 0 on, or by its EXTNAME in any case. That of a number or name
// which is not there is empty, and its Err and all its methods say so.
func (f *File) HDU(which any) *HDU {
	switch w := which.(type) {
	case int:
		if w >= 0 && w < len(f.hdus) {
			return f.hdus[w]
		}
		return f.none(fmt.Sprintf("HDU %d", w), fmt.Sprintf("there is no HDU %d, but 0 to %d", w, len(f.hdus)-1))
	case string:
		for _, h := range f.hdus {
			if strings.EqualFold(h.Name(), w) {
				return h
			}
		}
		return f.none(fmt.Sprintf("HDU %q", w), "there is no such HDU; there are "+f.names())
	}
	return f.none("HDU", fmt.Sprintf("an HDU has a number or a name, not a %T", which))
}

// none is an HDU that is not there.
func (f *File) none(label, reason string) *HDU {
	return &HDU{file: f, label: label, Err: &Error{Op: "look for " + label, File: f.path, Kind: ErrNotFound, Reason: reason}}
}

func (f *File) names() string {
	var out []string
	for _, h := range f.hdus {
		name := fmt.Sprint(h.Index)
		if h.Name() != "" {
			name += " " + h.Name()
		}
		out = append(out, name)
	}
	return strings.Join(out, ", ")
}

// read fills b from a place in the file.
func (f *File) read(b []byte, at int64) error {
	if f.closed.Load() {
		return fault(ErrClosed, "the file is closed")
	}
	n, err := f.from.ReadAt(b, at)
	if n == len(b) {
		return nil
	}
	if err == nil || err == io.EOF {
		return fault(ErrTruncated, "bytes %d to %d are wanted, the file ends at %d", at, at+int64(len(b)), f.size)
	}
	return err
}

// String gives an HDU a line.
func (f *File) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "FITS file %q\n", f.path)
	for _, h := range f.hdus {
		fmt.Fprintf(&b, "  %v\n", h)
	}
	return b.String()
}
