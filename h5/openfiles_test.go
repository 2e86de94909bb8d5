package h5

import (
	"context"
	"errors"
	"path/filepath"
	"slices"
	"testing"
)

// names gives the paths of the open files that lie in dir.
func openIn(dir string) (names []string) {
	for _, f := range OpenFiles() {
		if filepath.Dir(f.Filename()) == dir {
			names = append(names, filepath.Base(f.Filename()))
		}
	}
	return names
}

func TestOpenFiles(t *testing.T) {
	dir := t.TempDir()
	calls := 0
	OnFiles(func() { calls++ })
	defer OnFiles(nil)
	a, err := Create(filepath.Join(dir, "a.h5"))
	if err != nil {
		t.Fatal(err)
	}
	b, err := Create(filepath.Join(dir, "b.h5"))
	if err != nil {
		t.Fatal(err)
	}
	if got := openIn(dir); !slices.Equal(got, []string{"a.h5", "b.h5"}) {
		t.Errorf("open: %q", got)
	}
	a.Close()
	if got := openIn(dir); !slices.Equal(got, []string{"b.h5"}) {
		t.Errorf("after Close: %q", got)
	}
	b.Close()
	if calls != 4 {
		t.Errorf("heard of %d changes, want 4", calls)
	}
}

func TestPartPieces(t *testing.T) {
	f, err := Create(filepath.Join(t.TempDir(), "x.h5"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	n := 300_000
	x := make([]float32, n)
	for i := range x {
		x[i] = float32(i)
	}
	d, err := f.CreateDataset("x", Float32, Shape{n}, DatasetCreate{Chunks: Shape{1000}, Gzip: 1})
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Write(x); err != nil {
		t.Fatal(err)
	}
	sum, next := 0.0, 0
	type part struct {
		at, n int
		sum   float64
	}
	err = d.Part("1000:").Pieces(t.Context(), func(x *Array, at int) any {
		s, _ := x.Sum()
		v, _ := s.Float64()
		return part{at, x.Len(), v}
	}, func(v any) {
		p := v.(part)
		if p.at != next {
			t.Errorf("piece at %d, want %d", p.at, next)
		}
		next, sum = p.at+p.n, sum+p.sum
	})
	if want := float64(n)*float64(n-1)/2 - 1000*999/2; err != nil || sum != want || next != n-1000 {
		t.Errorf("sum %v of %d, want %v; %v", sum, next, want, err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := d.Part().Pieces(ctx, func(*Array, int) any { return nil }, func(any) {}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: %v", err)
	}
}

func TestPartAxes(t *testing.T) {
	f, err := Create(filepath.Join(t.TempDir(), "x.h5"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d, err := f.CreateDataset("x", Int8, Shape{4, 10})
	if err != nil {
		t.Fatal(err)
	}
	for sel, want := range map[string][]Interval{
		"":          {{0, 4, 1}, {0, 10, 1}},
		"2":         {{2, 3, 0}, {0, 10, 1}},
		"-1, 1:9:3": {{3, 4, 0}, {1, 10, 3}},
	} {
		if got, err := d.Part(sel).Axes(); err != nil || !slices.Equal(got, want) {
			t.Errorf("%q: %v, %v, want %v", sel, got, err, want)
		}
	}
	for _, sel := range []string{"[1,3]", "9", "::-1"} {
		if got, err := d.Part(sel).Axes(); err == nil {
			t.Errorf("%q: %v without an error", sel, got)
		}
	}
}

func TestListNames(t *testing.T) {
	f, err := Create(filepath.Join(t.TempDir(), "x.h5"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for _, n := range []string{"a", "b", "c"} {
		if err := f.Set(n, 1); err != nil {
			t.Fatal(err)
		}
	}
	l, err := f.List(ListOptions{Names: []string{"c", "gone", "a"}, Limit: 2})
	if err != nil || l.Total != 3 || len(l.Entries) != 2 || l.Entries[0].Name != "c" || !l.Entries[0].IsDataset() || l.Entries[1].Err == nil {
		t.Errorf("%v, %v", l, err)
	}
}
