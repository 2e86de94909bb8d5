package h5view

import (
	"fmt"
	"io"
	"testing"

	"gofive/h5"
)

// thousand makes a file of 1,000 objects with 1,900 attributes.
func thousand(f *h5.File) error {
	var e firstError
	for g := range 50 {
		for d := range 19 {
			path := fmt.Sprintf("g%d/d%d", g, d)
			e.note(nil, f.Set(path, []float64{1, 2, 3}))
			o, err := f.Get(path)
			if e.note(nil, err); e.err != nil {
				return e.err
			}
			e.note(nil, o.SetAttr("units", "K"))
			e.note(nil, o.SetAttr("scale", 1.5))
			o.Close()
		}
	}
	return e.err
}

func BenchmarkLs(b *testing.B) {
	f := newFile(b, thousand)
	f.Close()
	for name, args := range map[string][]string{"text": {"-r"}, "json": {"-r", "--json"}} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				if err := Ls(io.Discard, append(args, f.Filename())); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkViewHugeGroup(b *testing.B) {
	f := newFile(b, func(f *h5.File) error {
		var e firstError
		for i := range 100_000 {
			e.note(f.CreateGroup(fmt.Sprint("g", i)))
		}
		return e.err
	})
	for b.Loop() {
		if _, ok := View(f); !ok {
			b.Fatal("not viewed")
		}
	}
}
