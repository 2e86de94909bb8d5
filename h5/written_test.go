package h5

import (
	"fmt"
	"path/filepath"
	"testing"
)

// Each way to change what a dataset holds is told, with the places that it may have changed.
func TestOnWrite(t *testing.T) {
	f, err := Create(filepath.Join(t.TempDir(), "w.h5"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	d, err := f.CreateDataset("x", Float32, Shape{100, 8}, DatasetCreate{Chunks: Shape{10, 8}, MaxShape: Shape{Unlimited, 8}})
	if err != nil {
		t.Fatal(err)
	}
	for name, v := range map[string]any{"rows": make([]struct{ A, B int }, 5), "gone": 1} {
		if err := f.Set(name, v); err != nil {
			t.Fatal(err)
		}
	}
	rows, err := f.Dataset("rows")
	if err != nil {
		t.Fatal(err)
	}
	var heard []Written
	stop := OnWrite(func(w Written) { heard = append(heard, w) })
	defer stop()
	tests := []struct {
		name string
		do   func() error
		of   *Dataset // nil for the whole file
		want string   // the axes; "" for nothing told
	}{
		{"rows", func() error { return d.Write(1, "3:5") }, d, "[{3 5 1} {0 8 1}]"},
		{"steps", func() error { return d.Write(1, "3:20:4, 2") }, d, "[{3 20 1} {2 3 1}]"},
		{"list", func() error { return d.Write(1, []int{40, 7}, ":") }, d, "[{7 41 1} {0 8 1}]"},
		{"points", func() error { return d.Write([]float32{1, 2}, Points{{1, 1}, {90, 2}}) }, d, "[]"},
		{"whole", func() error { return d.Write(7) }, d, "[{0 100 1} {0 8 1}]"},
		{"field", func() error { return rows.WriteField("B", []int{1, 2}, "1:3") }, rows, "[{1 3 1}]"},
		{"refused", func() error { d.Write("text"); return nil }, d, ""},
		{"append", func() error { return d.Append(make([]float32, 8)) }, d, "[{100 101 1} {0 8 1}]"},
		{"grow", func() error { return d.Resize(200, 8) }, d, ""},
		{"cut", func() error { return d.Resize(50, 8) }, d, "[]"},
		{"delete", func() error { return f.Delete("gone") }, nil, "[]"},
		{"attribute", func() error { return d.SetAttr("unit", "Jy") }, d, ""},
	}
	for _, tt := range tests {
		heard = nil
		if err := tt.do(); err != nil {
			t.Fatalf("%s: %v", tt.name, err)
		}
		if tt.want == "" {
			if len(heard) > 0 {
				t.Errorf("%s: told %v", tt.name, heard)
			}
			continue
		}
		if len(heard) != 1 || fmt.Sprint(heard[0].Axes) != tt.want {
			t.Errorf("%s: told %v, want %s", tt.name, heard, tt.want)
			continue
		}
		info, _ := d.Info()
		address := int64(0)
		if tt.of != nil {
			of, _ := tt.of.Info()
			address = of.Address
		}
		if heard[0].FileNo != info.FileNo || heard[0].Address != address {
			t.Errorf("%s: told of %v", tt.name, heard[0])
		}
	}
	heard = nil
	Locked(func() {})
	if len(heard) != 1 || heard[0].FileNo != 0 {
		t.Errorf("compiled code that calls the library by itself: %v", heard)
	}
	stop()
	heard = nil
	if err := d.Write(1); err != nil || len(heard) > 0 {
		t.Errorf("after its end: %v, %v", heard, err)
	}
}

// A file that is open twice is one file to those who hear of writes.
func TestOnWriteByAnotherHandle(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.h5")
	f, err := Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := f.Set("x", []float64{1, 2}); err != nil {
		t.Fatal(err)
	}
	again, err := OpenFile(path, "r+")
	if err != nil {
		t.Skip("this library opens a file once: ", err)
	}
	defer again.Close()
	mine, err := f.Dataset("x")
	if err != nil {
		t.Fatal(err)
	}
	theirs, err := again.Dataset("x")
	if err != nil {
		t.Fatal(err)
	}
	var heard []Written
	defer OnWrite(func(w Written) { heard = append(heard, w) })()
	if err := theirs.Write(3.0, 0); err != nil {
		t.Fatal(err)
	}
	info, _ := mine.Info()
	if len(heard) != 1 || heard[0].FileNo != info.FileNo || heard[0].Address != info.Address {
		t.Errorf("told %v of %d:%d", heard, info.FileNo, info.Address)
	}
}
