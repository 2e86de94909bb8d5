package h5

import (
	"archive/zip"
	"bytes"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// readerOf gives the bytes of a file with one contiguous and one packed dataset, and what is in them.
func readerOf(t *testing.T) ([]byte, []float64) {
	t.Helper()
	want := make([]float64, 200_000)
	for i := range want {
		want[i] = float64(i % 1000)
	}
	path := filepath.Join(t.TempDir(), "x.h5")
	f, err := Create(path)
	must(t, err)
	must(t, f.Set("a/x", want))
	_, err = f.CreateDataset("a/packed", Float64, Shape{len(want)}, DatasetCreate{Chunks: Shape{10_000}, Gzip: 4, Shuffle: true})
	must(t, err)
	d, err := f.Dataset("a/packed")
	must(t, err)
	must(t, d.Write(want))
	must(t, f.Close())
	content, err := os.ReadFile(path)
	must(t, err)
	return content, want
}

// TestReaderAt reads a file that is a member of an archive.
func TestReaderAt(t *testing.T) {
	content, want := readerOf(t)
	var archive bytes.Buffer
	w := zip.NewWriter(&archive)
	member, err := w.CreateHeader(&zip.FileHeader{Name: "run/x.h5", Method: zip.Store})
	must(t, err)
	_, err = member.Write(content)
	must(t, err)
	must(t, w.Close())
	z, err := zip.NewReader(bytes.NewReader(archive.Bytes()), int64(archive.Len()))
	must(t, err)
	offset, err := z.File[0].DataOffset()
	must(t, err)
	f, err := OpenReaderAt("run/x.h5", io.NewSectionReader(bytes.NewReader(archive.Bytes()), offset, int64(len(content))), int64(len(content)))
	must(t, err)
	defer f.Close()
	for _, name := range []string{"a/x", "a/packed"} {
		d, err := f.Dataset(name)
		must(t, err)
		got, err := Read[float64](d)
		must(t, err)
		if !slices.Equal(got, want) {
			t.Errorf("%s: what was written is not what is read", name)
		}
		some, err := Read[float64](d, "[5, 100000, 199999]")
		must(t, err)
		same(t, some, "[5 0 999]")
	}
	check(t, f.Set("y", 1), ErrReadOnly, "run/x.h5")
	st, err := f.Stat()
	must(t, err)
	same(t, st.Driver, "reader")
	other, err := OpenReaderAt("run/x.h5", bytes.NewReader(content), int64(len(content)))
	must(t, err) // two of one name are two files
	must(t, other.Close())
	_, err = f.Keys()
	must(t, err)
}

// counting counts how often it is asked.
type counting struct {
	io.ReaderAt
	calls int
}

func (c *counting) ReadAt(b []byte, at int64) (int, error) {
	c.calls++
	return c.ReaderAt.ReadAt(b, at)
}

func TestReaderAtIsAskedSeldom(t *testing.T) {
	content, _ := readerOf(t)
	c := &counting{ReaderAt: bytes.NewReader(content)}
	f, err := OpenReaderAt("x.h5", c, int64(len(content)))
	must(t, err)
	defer f.Close()
	must(t, f.Walk(func(Entry) error { return nil }))
	if c.calls > 5 {
		t.Errorf("a walk asked %d times", c.calls)
	}
}

// failing fails from some byte on.
type failing struct {
	io.ReaderAt
	from  int64
	panic bool
}

var errDown = errors.New("the server is down")

func (f *failing) ReadAt(b []byte, at int64) (int, error) {
	if at+int64(len(b)) <= f.from {
		return f.ReaderAt.ReadAt(b, at)
	}
	if f.panic {
		panic("no such range")
	}
	return 0, errDown
}

// reentrant uses the library to read.
type reentrant struct {
	failing
	other *File
}

func (r *reentrant) ReadAt(b []byte, at int64) (int, error) {
	if _, err := r.other.Keys(); err != nil {
		return 0, err
	}
	return r.failing.ReadAt(b, at)
}

func TestReaderAtThatFails(t *testing.T) {
	content, want := readerOf(t)
	size := int64(len(content))
	_, err := OpenReaderAt("x.h5", &failing{}, size)
	check(t, err, errDown, `h5: open file "x.h5"`)
	_, err = OpenReaderAt("x.h5", &failing{panic: true}, size)
	if err == nil || !strings.Contains(err.Error(), "the reader of the file panicked: no such range") {
		t.Errorf("a panic became %v", err)
	}
	_, err = OpenReaderAt("x.h5", bytes.NewReader([]byte("SIMPLE  =  T")), 12)
	check(t, err, ErrNotHDF5, "is a FITS file")
	_, err = OpenReaderAt("x.h5", bytes.NewReader(content), 2*size) // fewer bytes than it says
	must(t, err)                                                    // the library does not look at the end
	_, err = OpenReaderAt("x.h5", bytes.NewReader(content), size-100_000)
	check(t, err, ErrTruncated, "truncated")
	_, err = OpenReaderAt("x.h5", nil, 0)
	check(t, err, ErrNotHDF5, "there is nothing to read")

	other, err := OpenReaderAt("x.h5", bytes.NewReader(content), size)
	must(t, err)
	_, err = OpenReaderAt("x.h5", &reentrant{failing{ReaderAt: bytes.NewReader(content), from: size}, other}, size)
	check(t, err, ErrLibrary, "the reader of a file must not use HDF5 itself")
	must(t, other.Close())

	half := &failing{ReaderAt: bytes.NewReader(content), from: size}
	f, err := OpenReaderAt("x.h5", half, size)
	must(t, err)
	d, err := f.Dataset("a/x")
	must(t, err)
	half.from = 1000
	_, err = d.Slice()
	check(t, err, errDown, "a/x")
	half.from = size // it is up again
	got, err := Read[float64](d)
	must(t, err)
	if !slices.Equal(got, want) {
		t.Error("what was written is not what is read")
	}
	must(t, f.Close())
	must(t, f.Close())
}
