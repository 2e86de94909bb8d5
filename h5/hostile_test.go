package h5

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// tamper replaces a number, wherever it stands in a file in as many bytes, by another.
func tamper[T uint32 | uint64](t *testing.T, path string, from, to T) {
	t.Helper()
	raw, err := os.ReadFile(path)
	must(t, err)
	code := func(v T) []byte {
		if v, ok := any(v).(uint32); ok {
			return binary.LittleEndian.AppendUint32(nil, v)
		}
		return binary.LittleEndian.AppendUint64(nil, uint64(v))
	}
	if !bytes.Contains(raw, code(from)) {
		t.Fatalf("%d does not stand in %s", from, path)
	}
	must(t, os.WriteFile(path, bytes.ReplaceAll(raw, code(from), code(to)), 0o600))
}

// hostile makes a file, lies in it, and opens it again.
func hostile[T uint32 | uint64](t *testing.T, from, to T, make func(f *File) error) *File {
	t.Helper()
	path := filepath.Join(t.TempDir(), "hostile.h5")
	f, err := Create(path)
	must(t, err)
	must(t, make(f))
	must(t, f.Close())
	tamper(t, path, from, to)
	f, err = Open(path)
	must(t, err)
	t.Cleanup(func() { f.Close() })
	return f
}

// checkHostile expects that a lie about sizes is taken for one, or for damage: newer libraries find more
// of them out themselves.
func checkHostile(t *testing.T, err error, parts ...string) {
	t.Helper()
	kind := ErrTooLarge
	if errors.Is(err, ErrDamaged) {
		kind = ErrDamaged
	}
	check(t, err, kind, parts...)
}

// TestHostileSizes opens files that claim sizes which no memory holds: each is refused before
// anything is allocated for it, and listed all the same.
func TestHostileSizes(t *testing.T) {
	extent := func(f *File) error { return f.Set("x", make([]int8, 12345)) }
	chunk := func(f *File) error {
		_, err := f.CreateDataset("x", ArrayOf(Float64, 1000), Shape{12345}, DatasetCreate{Chunks: Shape{54321}, MaxShape: Shape{Unlimited}})
		return err
	}
	array := func(f *File) error {
		_, err := f.CreateDataset("x", ArrayOf(ArrayOf(Float64, 12345), 12345), Shape{0}, DatasetCreate{Chunks: Shape{1}})
		return err
	}
	for name, f := range map[string]*File{
		"2^60 elements":               hostile[uint64](t, 12345, 1<<60, extent),
		"2^63 elements":               hostile[uint64](t, 12345, 1<<63, extent),
		"2^64-2 elements":             hostile[uint64](t, 12345, math.MaxUint64-1, extent),
		"a chunk of 31 TB":            hostile[uint32](t, 54321, math.MaxUint32, chunk),
		"an element of 2^67 bytes":    hostile[uint32](t, 12345, math.MaxUint32, array),
		"an element that wraps to 8B": hostile[uint32](t, 12345, 1<<31+1, array),
	} {
		t.Run(name, func(t *testing.T) {
			d, err := f.Dataset("x") // libhdf5 refuses some already here
			if err == nil {
				_, err = d.Slice()
			}
			checkHostile(t, err, "hostile.h5")
			l, err := f.List(ListOptions{Attributes: true})
			must(t, err)
			if fmt.Sprint(l) == "" || l.Entries[0].Path != "/x" {
				t.Errorf("it is listed as %v", l)
			}
		})
	}
}

// TestHostileAttributes does the same to attributes, of which libhdf5 finds out some lies itself.
func TestHostileAttributes(t *testing.T) {
	numbers := func(f *File) error { return f.SetAttr("x", make([]float64, 1234)) }
	for name, extent := range map[string]uint64{
		"2^60 elements":           1 << 60,
		"2^63 elements":           1 << 63,
		"bytes that wrap to none": 1 << 61,
	} {
		t.Run(name, func(t *testing.T) {
			f := hostile(t, 1234, extent, numbers)
			_, err := f.Attr("x")
			checkHostile(t, err, `read attribute "x"`, "damaged")
			all, err := f.Attrs()
			if err == nil {
				_, err = all[0].Array()
			}
			checkHostile(t, err, "damaged")
		})
	}
}

// TestErrorsOfHugeTexts looks at errors about texts that are longer than any message.
func TestErrorsOfHugeTexts(t *testing.T) {
	f, err := Create(filepath.Join(t.TempDir(), "x.h5"))
	must(t, err)
	defer f.Close()
	d, err := f.CreateDataset("d", FixedString(8), Shape{1})
	must(t, err)
	for _, text := range []string{strings.Repeat("long", 1<<20), strings.Repeat("ä", 1<<20)} {
		_, err := NewArray([]string{text + "\x00"})
		check(t, err, ErrType, "which holds a zero byte")
		too := d.Write([]string{text})
		check(t, too, ErrType, "bytes")
		if n := max(len(err.Error()), len(too.Error())); n > 1000 {
			t.Errorf("an error of %d bytes", n)
		}
	}
}
