package fits

import (
	"errors"
	"math"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// long is a text of more than two lines.
var long = strings.TrimSpace(strings.Repeat("a long text, 67 & more; ", 9))

// written is a file with every kind of values, and what is in it.
func written(t *testing.T) (path string, fields []Field, cube []uint16) {
	t.Helper()
	path = filepath.Join(t.TempDir(), "x.fits")
	w, err := Create(path)
	must(t, err)
	must(t, w.Image(Header{{"OBJECT", "it's", "a 'name'"}, {"NAXIS1", int64(7), "ours to write"}, {"LONGTEXT", long, "a comment"},
		{"EXPTIME", 900.5, "seconds"}, {"BIG", uint64(1 << 63), ""}, {"GOOD", true, ""}, {"COMMENT", nil, "it is ours"},
		{"ESO DET NAME", "a detector", ""}, {"TINY", 1e-30, ""}, {"WHOLE", 3.0, ""}}, nil, nil))
	for i := range 24 {
		cube = append(cube, uint16(i*2500))
	}
	must(t, w.Image(Header{{"EXTNAME", "CUBE", ""}}, []int{2, 3, 4}, cube))
	fields = []Field{
		{"u8", "", []uint8{1, 255, 0}, nil}, {"i8", "", []int8{-128, 0, 127}, nil},
		{"i16", "", []int16{-32768, 0, 32767}, nil}, {"u16", "", []uint16{0, 1, 65535}, nil},
		{"i32", "", []int32{math.MinInt32, 0, math.MaxInt32}, nil}, {"u32", "", []uint32{0, 1, math.MaxUint32}, nil},
		{"i64", "", []int64{math.MinInt64, 0, math.MaxInt64}, nil}, {"u64", "", []uint64{0, 1 << 63, math.MaxUint64}, nil},
		{"f4", "Angstrom", []float32{1.5, float32(math.Inf(1)), -0}, nil}, {"f8", "", []float64{math.Pi, math.NaN(), 1e300}, nil},
		{"c8", "", []complex64{1 + 2i, 0, -1i}, nil}, {"c16", "", []complex128{1 + 2i, 0, -1i}, nil},
		{"flag", "", []bool{true, false, true}, nil}, {"name", "", []string{"a", "", "a longer one"}, nil},
		{"five", "", []float32{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15}, []int{5}},
		{"grid", "", []int16{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18}, []int{2, 3}},
		{"words", "", []string{"a", "bc", "d", "", "e", "fgh"}, []int{2}},
		{"some", "", [][]float64{{1, 2}, {}, {3}}, nil},
	}
	must(t, w.Table(Header{{"EXTNAME", "ALL", ""}}, fields...))
	must(t, w.Table(Header{{"EXTNAME", "NONE", ""}}, Field{"x", "", []float32{}, nil}))
	must(t, w.Close())
	return path, fields, cube
}

// TestWriteAndRead reads what was written.
func TestWriteAndRead(t *testing.T) {
	path, fields, cube := written(t)
	f, err := Open(path)
	must(t, err)
	defer f.Close()
	if n := len(f.HDUs()); n != 4 {
		t.Fatalf("%d HDUs:\n%v", n, f)
	}
	for key, want := range map[string]any{"OBJECT": "it's", "longtext": long, "EXPTIME": 900.5, "BIG": uint64(1 << 63),
		"GOOD": true, "NAXIS1": nil, "ESO DET NAME": "a detector", "TINY": 1e-30, "WHOLE": 3.0} {
		if got := f.HDU(0).Header.Value(key); got != want {
			t.Errorf("%s is %#v, want %#v", key, got, want)
		}
	}
	h := f.HDU("cube")
	if got, err := h.Values(); err != nil || !reflect.DeepEqual(got, cube) || !reflect.DeepEqual(h.Shape(), []int{2, 3, 4}) {
		t.Errorf("%v: %v, %v", h, got, err)
	}
	if part, err := h.Read(4, 2); err != nil || !reflect.DeepEqual(part, cube[4:6]) {
		t.Errorf("a part is %v, %v", part, err)
	}
	for _, want := range fields {
		c := f.HDU("ALL").Column(strings.ToUpper(want.Name))
		got, err := c.Values()
		if err != nil || !equal(got, want.Values) || len(c.Shape) != len(want.Shape) || c.Unit != want.Unit {
			t.Errorf("%v: got %v %v, want %v %v; %v", c, got, c.Shape, want.Values, want.Shape, err)
		}
	}
	some, err := f.HDU("ALL").Column("i32").Read(1, 3)
	if err != nil || !reflect.DeepEqual(some, []int32{0, math.MaxInt32}) {
		t.Errorf("two rows are %v, %v", some, err)
	}
	if none, err := f.HDU("NONE").Column("x").Values(); err != nil || !reflect.DeepEqual(none, []float32{}) {
		t.Errorf("no rows are %#v, %v", none, err)
	}
}

// equal is DeepEqual with NaN equal to itself.
func equal(a, b any) bool {
	x, ok := a.([]float64)
	y, ok2 := b.([]float64)
	if !ok || !ok2 || len(x) != len(y) {
		return reflect.DeepEqual(a, b)
	}
	for i := range x {
		if x[i] != y[i] && !(math.IsNaN(x[i]) && math.IsNaN(y[i])) {
			return false
		}
	}
	return true
}

// TestAstropyReadsWhatWeWrite lets astropy read every value, and compares.
func TestAstropyReadsWhatWeWrite(t *testing.T) {
	path, fields, _ := written(t)
	cards, columns := compare(t, []string{path})
	if cards < 80 || columns < len(fields)+2 {
		t.Errorf("%d cards and %d columns were compared", cards, columns)
	}
	out := python(t, `
import sys
from astropy.io import fits
with fits.open(sys.argv[1]) as f:
    f.verify("exception")
    print(f[0].header["LONGTEXT"] == sys.argv[2], f["ALL"].data["five"].shape, f["ALL"].data["words"].shape)
`, path, long)
	if got := strings.TrimSpace(string(out)); got != "True (3, 5) (3, 2)" {
		t.Errorf("astropy says %s", got)
	}
}

// TestBeyondAstropy writes and reads what astropy 5.2 does not read back itself: long texts with quotes, and
// arrays of variable length of unsigned numbers.
func TestBeyondAstropy(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.fits")
	quotes := strings.TrimSpace(strings.Repeat("it's a 'long' text; ", 20))
	ids := [][]uint64{{1 << 63}, {5, 6}, {}}
	w, err := Create(path)
	must(t, err)
	must(t, w.Table(Header{{"QUOTES", quotes, ""}}, Field{"ids", "", ids, nil}))
	must(t, w.Close())
	f, err := Open(path)
	must(t, err)
	defer f.Close()
	if got := f.HDU(1).Header.Text("QUOTES"); got != quotes {
		t.Errorf("got  %q\nwant %q", got, quotes)
	}
	if got, err := f.HDU(1).Column("ids").Values(); err != nil || !reflect.DeepEqual(got, ids) {
		t.Errorf("got %v, %v", got, err)
	}
}

// TestWriteNothingBad checks that what cannot be written leaves no file, and the old one as it was.
func TestWriteNothingBad(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x.fits")
	must(t, os.WriteFile(path, []byte("old"), 0o644))
	for name, write := range map[string]func(*Writer) error{
		"rows": func(w *Writer) error {
			return w.Table(nil, Field{"a", "", []int16{1}, nil}, Field{"b", "", []int16{1, 2}, nil})
		},
		"shape":   func(w *Writer) error { return w.Image(nil, []int{3}, []int16{1}) },
		"type":    func(w *Writer) error { return w.Image(nil, []int{1}, []string{"a"}) },
		"element": func(w *Writer) error { return w.Table(nil, Field{"a", "", []int16{1, 2, 3}, []int{2}}) },
	} {
		w, err := Create(path)
		must(t, err)
		if err := write(w); !errors.Is(err, ErrType) {
			t.Errorf("%s: %v", name, err)
		}
		if err := w.Close(); !errors.Is(err, ErrType) {
			t.Errorf("%s: Close gives %v", name, err)
		}
	}
	files, _ := os.ReadDir(filepath.Dir(path))
	if b, _ := os.ReadFile(path); string(b) != "old" || len(files) != 1 {
		t.Errorf("the old file is %q, and there are %v", b, files)
	}
	if _, err := Create(filepath.Join(t.TempDir(), "none", "x.fits")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("a folder that is not there: %v", err)
	}
}
