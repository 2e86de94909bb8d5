package h5

import (
	"fmt"
	"runtime"
	"slices"
	"testing"
	"time"
)

// batchRows are the first numbers of all rows that a reader gives, and the sizes of its batches.
func batchRows(t *testing.T, b *BatchReader) (rows, sizes []int) {
	t.Helper()
	left := b.Len()
	for b.Next() {
		x, y := b.Arrays()[0], b.Arrays()[1]
		numbers, err := x.Ints()
		must(t, err)
		names, err := y.Strings()
		must(t, err)
		for i, name := range names {
			if row := numbers[2*i]; name != fmt.Sprint(row) || numbers[2*i+1] != -row {
				t.Fatalf("row %v beside %q", numbers[2*i:2*i+2], name)
			}
			rows = append(rows, numbers[2*i])
		}
		sizes = append(sizes, len(names))
	}
	must(t, b.Err())
	if left != len(sizes) || b.Len() != 0 || b.Arrays() != nil {
		t.Errorf("%d batches were to come, %d came", left, len(sizes))
	}
	return rows, sizes
}

func TestBatches(t *testing.T) {
	f := scratch(t)
	numbers, names := make([][2]int32, 103), make([]string, 103)
	for i := range numbers {
		numbers[i], names[i] = [2]int32{int32(i), int32(-i)}, fmt.Sprint(i)
	}
	must(t, f.Set("x", numbers))
	must(t, f.Set("y", names))
	must(t, f.Set("short", []int{1, 2}))
	must(t, f.Set("one", 1))
	x, y := must1(t)(f.Dataset("x")), must1(t)(f.Dataset("y"))

	rows, sizes := batchRows(t, Batches(Batch{Size: 40}, x, y))
	if fmt.Sprint(sizes) != "[40 40 23]" || !slices.IsSorted(rows) || len(rows) != 103 {
		t.Errorf("batches of %v rows: %v", sizes, rows)
	}
	_, sizes = batchRows(t, Batches(Batch{}, x, y))
	same(t, fmt.Sprint(sizes), "[32 32 32 7]")

	first, _ := batchRows(t, Batches(Batch{Size: 10, Shuffle: true, Seed: 7}, x, y))
	again, _ := batchRows(t, Batches(Batch{Size: 25, Shuffle: true, Seed: 7}, x, y))
	other, _ := batchRows(t, Batches(Batch{Size: 10, Shuffle: true, Seed: 8}, x, y))
	if !slices.Equal(first, again) || slices.Equal(first, other) || slices.IsSorted(first) {
		t.Errorf("seeds 7, 7 and 8:\n%v\n%v\n%v", first, again, other)
	}
	for _, shuffle := range []bool{false, true} {
		var all []int
		for rank := range 4 {
			rows, sizes := batchRows(t, Batches(Batch{Size: 10, Shuffle: shuffle, Seed: 7, Rank: rank, Ranks: 4}, x, y))
			same(t, fmt.Sprint(sizes), "[10 10 5]")
			all = append(all, rows...)
		}
		slices.Sort(all)
		if len(slices.Compact(all)) != 100 {
			t.Errorf("4 ranks get %v", all)
		}
	}
	for _, c := range []struct {
		b    *BatchReader
		kind error
		want string
	}{
		{Batches(Batch{}), ErrShape, "there is no dataset"},
		{Batches(Batch{}, x, must1(t)(f.Dataset("short"))), ErrShape, "it has 2 rows, and /x has 103"},
		{Batches(Batch{}, must1(t)(f.Dataset("one"))), ErrShape, "its shape () has no rows"},
		{Batches(Batch{Rank: 2, Ranks: 2}, x), ErrRange, "rank 2 of 2"},
		{Batches(Batch{Size: -1}, x), ErrRange, "size -1"},
		{Batches(Batch{}, x, nil), ErrNotFound, "dataset 1 is nil"},
	} {
		if c.b.Next() {
			t.Error("a batch was read:", c.want)
		}
		check(t, c.b.Err(), c.kind, c.want)
	}
	b := Batches(Batch{Size: 50}, x)
	b.Next()
	must(t, f.Close())
	if b.Next() {
		t.Error("a batch of a closed file")
	}
	check(t, b.Err(), ErrClosed)
}

// TestBatchRows reads the same rows in each way, in random order and with some of them twice.
func TestBatchRows(t *testing.T) {
	f := scratch(t)
	numbers := make([][]float32, 5000)
	for i := range numbers {
		numbers[i] = []float32{float32(i), float32(-i), 0.5}
	}
	must(t, f.Set("x", numbers))
	packed, err := f.CreateDataset("packed", Float32, Shape{5000, 3}, DatasetCreate{Chunks: Shape{100, 3}, Gzip: 1})
	must(t, err)
	must(t, packed.Write(numbers))
	must(t, f.Close())
	f, err = Open(f.Filename())
	must(t, err)
	defer f.Close()
	places := []int{4999, 0, 17, 17, 2500, 1}
	for _, name := range []string{"x", "packed"} {
		d := must1(t)(f.Dataset(name))
		s, mem, err := d.resolve(batchOp, nil, nil)
		must(t, err)
		whole, err := d.Slice()
		must(t, err)
		readers := []rowReader{&wholeRows{whole}, &libraryRows{d}}
		if p := d.plain(mem); p != nil {
			readers = append(readers, &plainRows{d: d, plain: p, mem: mem, inner: s.read()[1:], size: 12})
		} else if name == "x" {
			t.Error("x is not plain")
		}
		for _, r := range readers {
			a, err := r.rows(0, len(places), places)
			must(t, err)
			x, err := a.Float64s()
			must(t, err)
			for i, p := range places {
				if want := []float64{float64(p), float64(-p), 0.5}; !slices.Equal(x[3*i:3*i+3], want) {
					t.Errorf("%s by %T: row %d is %v, want %v", name, r, p, x[3*i:3*i+3], want)
				}
			}
		}
	}
}

// TestBatchesBehind leaves readers before their end: what reads ahead for them ends too.
func TestBatchesBehind(t *testing.T) {
	f := scratch(t)
	must(t, f.Set("x", make([]int32, 100_000)))
	x := must1(t)(f.Dataset("x"))
	before := runtime.NumGoroutine()
	for range 20 {
		b := Batches(Batch{Size: 10, Shuffle: true}, x)
		if !b.Next() {
			t.Fatal(b.Err())
		}
	}
	waitForGoroutines(t, before+1)
}

// waitForGoroutines collects garbage until there are at most so many goroutines.
func waitForGoroutines(t *testing.T, most int) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); runtime.NumGoroutine() > most; time.Sleep(time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("%d goroutines, and there should be %d", runtime.NumGoroutine(), most)
		}
		runtime.GC()
	}
}
