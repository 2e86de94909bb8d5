package h5

import (
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"testing"
)

// benchFile makes a file once for a benchmark.
func benchFile(b *testing.B, fill func(f *File) error) *File {
	b.Helper()
	path := filepath.Join(b.TempDir(), "bench.h5")
	f, err := Create(path)
	if err == nil {
		err = fill(f)
	}
	if err == nil {
		err = f.Close()
	}
	if err == nil {
		f, err = Open(path)
	}
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { f.Close() })
	b.ResetTimer()
	return f
}

// BenchmarkList1000 describes 1,000 datasets of one group with their attributes, from opening the
// file to closing it.
func BenchmarkList1000(b *testing.B) {
	f := benchFile(b, func(f *File) error {
		for i := range 1000 {
			name := fmt.Sprintf("spec%04d", i)
			if err := f.Set(name, []float64{1, 2, 3}); err != nil {
				return err
			}
			d, err := f.Dataset(name)
			if err != nil {
				return err
			}
			if err := d.SetAttr("fiber", i); err != nil {
				return err
			}
			if err := d.SetAttr("units", "1e-17 erg/s/cm²/Å"); err != nil {
				return err
			}
			d.Close()
		}
		return nil
	})
	path := f.Filename()
	f.Close()
	for b.Loop() {
		f, err := Open(path)
		if err != nil {
			b.Fatal(err)
		}
		l, err := f.List(ListOptions{Order: Natural, Attributes: true})
		if err != nil || len(l.Entries) != 1000 || len(l.Entries[999].Info.Attributes) != 2 {
			b.Fatal(len(l.Entries), err)
		}
		f.Close()
	}
}

// BenchmarkKeys100000 lists the names of 100,000 links, and a page of 100 of them described.
func BenchmarkKeys100000(b *testing.B) {
	f := benchFile(b, func(f *File) error {
		g, err := f.CreateGroup("big")
		if err != nil {
			return err
		}
		if err := f.Set("target", 1.0); err != nil {
			return err
		}
		for i := range 100_000 {
			if err := g.Softlink(fmt.Sprintf("link%06d", i), "/target"); err != nil {
				return err
			}
		}
		return nil
	})
	g, err := f.Group("big")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("names", func(b *testing.B) {
		for b.Loop() {
			if keys, err := g.Keys(); err != nil || len(keys) != 100_000 {
				b.Fatal(len(keys), err)
			}
		}
	})
	b.Run("page", func(b *testing.B) {
		for b.Loop() {
			l, err := g.List(ListOptions{Offset: 500, Limit: 100, Order: Natural, Attributes: true})
			if err != nil || l.Total != 100_000 || len(l.Entries) != 100 {
				b.Fatal(l, err)
			}
		}
	})
}

const manyFloats = 50_000_000

// BenchmarkRead400MB reads 400 MB of contiguous float64 into memory of its own each time.
func BenchmarkRead400MB(b *testing.B) {
	f := benchFile(b, func(f *File) error {
		x := make([]float64, manyFloats)
		for i := range x {
			x[i] = float64(i)
		}
		return f.Set("x", x)
	})
	d, err := f.Dataset("x")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("new", func(b *testing.B) {
		b.SetBytes(8 * manyFloats)
		for b.Loop() {
			if x, err := Read[float64](d); err != nil || x[manyFloats-1] != manyFloats-1 {
				b.Fatal(err)
			}
		}
	})
	b.Run("reused", func(b *testing.B) {
		b.SetBytes(8 * manyFloats)
		var x []float64
		for b.Loop() {
			if err := d.ReadInto(&x); err != nil || x[manyFloats-1] != manyFloats-1 {
				b.Fatal(err)
			}
		}
	})
	b.Run("small", func(b *testing.B) { // 100 values at a time
		for i := 0; b.Loop(); i++ {
			at := i % 1000 * 1000
			if x, err := Read[float64](d, Range(at, at+100)); err != nil || x[0] != float64(at) {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkField reads one float64 field of 2,000,000 rows of five.
func BenchmarkField(b *testing.B) {
	const rows = 2_000_000
	f := benchFile(b, func(f *File) error {
		t := Compound(Member{"A", Float64}, Member{"B", Float64}, Member{"C", Float64}, Member{"D", Float64}, Member{"E", Float64})
		d, err := f.CreateDataset("t", t, Shape{rows})
		if err != nil {
			return err
		}
		x := make([]float64, rows)
		for i := range x {
			x[i] = float64(i)
		}
		return d.WriteField("C", x)
	})
	d, err := f.Dataset("t")
	if err != nil {
		b.Fatal(err)
	}
	b.Run("field", func(b *testing.B) {
		for b.Loop() {
			a, err := d.Field("C")
			if err != nil || a.Raw().([]float64)[rows-1] != rows-1 {
				b.Fatal(err)
			}
		}
	})
	b.Run("table", func(b *testing.B) {
		for b.Loop() {
			if t, err := d.Table(); err != nil || t.NumRows() != rows {
				b.Fatal(err)
			}
		}
	})
	b.Run("structs", func(b *testing.B) {
		type row struct{ A, B, C, D, E float64 }
		for b.Loop() {
			if r, err := Read[row](d); err != nil || r[rows-1].C != rows-1 {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkGroupBy groups ten million rows by keys that lie close together, and by keys that do not.
func BenchmarkGroupBy(b *testing.B) {
	const rows = 10_000_000
	near, wide, x := make([]int32, rows), make([]int64, rows), make([]float64, rows)
	for i := range rows {
		near[i], x[i] = int32(i*7919%1000), float64(i*104729%1_000_003)
		wide[i] = int64(near[i]) * 1e12
	}
	t, err := NewTable("near", near, "wide", wide, "x", x)
	if err != nil {
		b.Fatal(err)
	}
	for _, key := range []string{"near", "wide"} {
		for _, how := range []string{"mean", "std", "max", "median"} {
			b.Run(key+"/"+how, func(b *testing.B) {
				for b.Loop() {
					g, err := t.GroupBy(key)
					if err != nil {
						b.Fatal(err)
					}
					if _, err := g.Agg("x", how); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}

// BenchmarkTables puts 10,000,000 rows in order and in groups by keys of which hardly two are alike.
func BenchmarkTables(b *testing.B) {
	const rows = 10_000_000
	r := rand.New(rand.NewPCG(1, 2))
	keys, x := make([]int64, rows), make([]float64, rows)
	for i := range keys {
		keys[i], x[i] = int64(r.Uint64()), r.NormFloat64()
	}
	t, err := NewTable("key", keys, "x", x)
	if err != nil {
		b.Fatal(err)
	}
	for name, do := range map[string]func() (*Table, error){
		"sort":  func() (*Table, error) { return t.Sort("key") },
		"query": func() (*Table, error) { return t.Query("x > 3 || key & 0xfff == 7") },
		"group": func() (*Table, error) {
			g, err := t.GroupBy("key")
			if err != nil {
				return nil, err
			}
			return g.Mean()
		},
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if _, err := do(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// BenchmarkReadCSV reads 1,000,000 rows of numbers and words.
func BenchmarkReadCSV(b *testing.B) {
	const rows = 1_000_000
	r := rand.New(rand.NewPCG(3, 4))
	whole, parts, words := make([]int32, rows), make([]float64, rows), make([]string, rows)
	for i := range whole {
		whole[i], parts[i], words[i] = r.Int32N(10_000), r.NormFloat64(), []string{"STAR", "QSO", "GALAXY"}[i%3]
	}
	t, err := NewTable("whole", whole, "part", parts, "word", words)
	if err != nil {
		b.Fatal(err)
	}
	path := filepath.Join(b.TempDir(), "x.csv")
	if err := t.WriteCSV(path); err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		if _, err := ReadCSV(path); err != nil {
			b.Fatal(err)
		}
	}
}
