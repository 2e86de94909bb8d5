package h5

import (
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
)

// TestPlainReads reads contiguous datasets of a file that is only read, past the library, and by the
// library while the file can be written.
func TestPlainReads(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "plain.h5")
	f, err := Create(path, FileCreate{UserBlock: 1024})
	must(t, err)
	numbers := make([]int64, 3*700*500)
	for i := range numbers {
		numbers[i] = int64(i % 30000)
	}
	types := []*Datatype{Float64, Int16, Int32.BigEndian(), Uint64, Complex64, ArrayOf(Float32, 1), Float16}
	for i, typ := range types {
		d, err := f.CreateDataset(fmt.Sprint(i), typ, Shape{3, 700, 500})
		must(t, err)
		must(t, d.Write(numbers))
	}
	_, err = f.CreateDataset("empty", Float64, Shape{10})
	must(t, err)
	other, err := Create(filepath.Join(folder, "other.h5"))
	must(t, err)
	must(t, other.Set("numbers", numbers))
	must(t, other.Close())
	must(t, f.ExternalLink("far", "other.h5", "/numbers"))
	selections := [][]any{nil, {1}, {"1:3"}, {2, "10:20"}, {2, 699, "3:"}, {"0, 5:7, 5:7"}, {"::2"}, {0, "::2", 1}, {":0"}, {"0:1, 699:, 499"}}
	readAll := func(f *File) (texts []string) {
		for i := range types {
			d := must1(t)(f.Dataset(fmt.Sprint(i)))
			for _, sel := range selections {
				a, err := d.Slice(sel...)
				must(t, err)
				texts = append(texts, fmt.Sprint(a, sum(t, a)))
			}
		}
		for _, name := range []string{"empty", "far"} {
			a, err := must1(t)(f.Dataset(name)).Slice("3:9")
			must(t, err)
			texts = append(texts, a.String())
		}
		return texts
	}
	want := readAll(f)

	// Open for writing here, what is read is what was written, flushed or not.
	must(t, must1(t)(f.Dataset("0")).Write(-5, 0, 0, 0))
	again, err := Open(path)
	must(t, err)
	first, err := ReadOne[float64](must1(t)(again.Dataset("0")), 0, 0, 0)
	must(t, err)
	same(t, fmt.Sprint(first), "-5")
	must(t, must1(t)(f.Dataset("0")).Write(0, 0, 0, 0))
	must(t, again.Close())
	must(t, f.Close())

	f, err = Open(path)
	must(t, err)
	for i, got := range readAll(f) {
		same(t, got, want[i])
	}
	d := must1(t)(f.Dataset("0"))
	for name, plain := range map[string]bool{"0": true, "2": false, "empty": false, "far": false} {
		x := must1(t)(f.Dataset(name))
		_, err := x.Slice("0")
		must(t, err)
		if (x.d.plainAt.file != nil) != plain {
			t.Errorf("%s: read past the library is %v", name, !plain)
		}
	}
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for {
				if _, err := d.Slice(0, 5); err != nil {
					check(t, err, ErrClosed)
					return
				}
			}
		})
	}
	must(t, f.Close())
	readers.Wait()
}

func sum(t *testing.T, a *Array) complex128 {
	t.Helper()
	x, err := a.Complex128s()
	must(t, err)
	total := 0i
	for _, v := range x {
		total += v
	}
	return total
}

// TestPlainTruncated reads data that the file has lost since it was opened.
func TestPlainTruncated(t *testing.T) {
	path := filepath.Join(t.TempDir(), "short.h5")
	f, err := Create(path)
	must(t, err)
	must(t, f.Set("x", make([]float64, 100000)))
	must(t, f.Close())
	f, err = Open(path)
	must(t, err)
	defer f.Close()
	must(t, os.Truncate(path, 5000))
	_, err = must1(t)(f.Dataset("x")).Slice()
	check(t, err, ErrTruncated, `read dataset "/x"`, "the file ends before these data do")
}

// BenchmarkSmallReads reads 100 numbers of a contiguous dataset.
func BenchmarkSmallReads(b *testing.B) {
	f := benchFile(b, func(f *File) error { return f.Set("x", make([]float64, 1_000_000)) })
	d, err := f.Dataset("x")
	if err != nil {
		b.Fatal(err)
	}
	part := make([]float64, 100)
	b.ReportAllocs()
	for i := 0; b.Loop(); i++ {
		lo := i * 4999 % 999_900
		if err := d.ReadInto(&part, Range(lo, lo+100)); err != nil {
			b.Fatal(err)
		}
	}
}
