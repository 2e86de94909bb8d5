package h5

import (
	"fmt"
	"math"
	"reflect"
	"strings"
	"testing"

	"gofive/h5/internal/libhdf5"
)

type inner struct {
	X, Y float32
}

type every struct {
	ID      int32  `h5:"id"`
	Name    string `h5:"NAME,len=8"`
	Note    string // of variable length
	Ok      bool   `h5:"ok"`
	Z       complex64
	At      inner
	Grid    [2][3]int16
	List    []float64
	Words   []string
	Ignored int `h5:"-"`
}

// written are values as a cell stores them, with the type and shape they get in the file.
var written = []struct {
	name  string
	value any
	typ   string
	shape Shape
}{
	{"int", 42, "int64", Shape{}},
	{"int8", []int8{-128, 0, 127}, "int8", Shape{3}},
	{"int16", []int16{-32768, 32767}, "int16", Shape{2}},
	{"int32", [][]int32{{1, 2, 3}, {4, 5, 6}}, "int32", Shape{2, 3}},
	{"int64", []int64{math.MinInt64, math.MaxInt64}, "int64", Shape{2}},
	{"uint8", []uint8{0, 255}, "uint8", Shape{2}},
	{"uint16", [3]uint16{1, 2, 65535}, "uint16", Shape{3}},
	{"uint32", []uint32{math.MaxUint32}, "uint32", Shape{1}},
	{"uint64", []uint64{math.MaxUint64}, "uint64", Shape{1}},
	{"float32", []float32{1.5, float32(math.Inf(1)), float32(math.NaN())}, "float32", Shape{3}},
	{"float64", [][][]float64{{{1e300}, {-0.0}}}, "float64", Shape{1, 2, 1}},
	{"complex64", []complex64{1 + 2i}, "complex64", Shape{1}},
	{"complex128", complex(1, -2), "complex128", Shape{}},
	{"bool", []bool{true, false}, "bool", Shape{2}},
	{"string", "Ångström", "string", Shape{}},
	{"strings", []string{"a", "", "日本"}, "string", Shape{3}},
	{"lists", [][]int32{{1}, {}, {2, 3}}, "[]int32", Shape{3}},
	{"word lists", [][]string{{"a", "b"}, {"c"}}, "[]string", Shape{2}},
	{"empty", []float64{}, "float64", Shape{0}},
	{"struct", inner{1, 2}, "{X float32, Y float32}", Shape{}},
	{"structs", []every{
		{ID: 1, Name: "one", Note: "first", Ok: true, Z: 1i, At: inner{1, 2}, Grid: [2][3]int16{{1, 2, 3}, {4, 5, 6}}, List: []float64{1, 2}, Words: []string{"x"}},
		{ID: 2, Name: "eight888", Note: "", List: nil, Words: []string{}},
	}, "{id int32, NAME string[8], Note string, ok bool, Z complex64, At {X float32, Y float32}, Grid [2][3]int16, List []float64, Words []string}", Shape{2}},
}

// TestRoundTrip stores each value, as a dataset and as an attribute, and reads it back.
func TestRoundTrip(t *testing.T) {
	f := scratch(t)
	for _, w := range written {
		t.Run(w.name, func(t *testing.T) {
			must(t, f.Set(w.name, w.value))
			d, err := f.Dataset(w.name)
			must(t, err)
			if d.Datatype().String() != w.typ || fmt.Sprint(d.Shape()) != fmt.Sprint(w.shape) {
				t.Errorf("stored as %v %v, want %v %v", d.Datatype(), d.Shape(), w.typ, w.shape)
			}
			back := reflect.New(reflect.TypeOf(w.value))
			must(t, d.ReadInto(back.Interface()))
			same(t, back.Elem().Interface(), w.value)

			must(t, f.SetAttr(w.name, w.value))
			back = reflect.New(reflect.TypeOf(w.value))
			must(t, ReadAttr(f, w.name, back.Interface()))
			same(t, back.Elem().Interface(), w.value)
		})
	}
}

// same compares as text: NaN is NaN, and a nil list an empty one.
func same(t *testing.T, got, want any) {
	t.Helper()
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("got  %v\nwant %v", got, want)
	}
}

// TestH5pyReadsOurs writes values and types of all kinds and lets h5py say what it reads.
func TestH5pyReadsOurs(t *testing.T) {
	f := scratch(t)
	for _, w := range written {
		must(t, f.Set(w.name, w.value))
		must(t, f.SetAttr(w.name, w.value))
	}
	for _, typ := range []*Datatype{Int8, Int16, Int32, Int64, Uint8, Uint16, Uint32, Uint64, Float16, Float32, Float64,
		Enum(map[string]int{"RED": 1, "BLUE": 2}), Complex64, FixedASCII(4), FixedString(5)} {
		for i, typ := range []*Datatype{typ.LittleEndian(), typ.BigEndian()} {
			d, err := f.CreateDataset(fmt.Sprintf("types/%v %d", typ, i), typ, Shape{2, 3}, DatasetCreate{Gzip: 4, Shuffle: true, Fletcher32: true})
			must(t, err)
			value := any([]int{1, 2, 1, 2, 1, 2})
			if typ.Kind() == TypeString {
				value = []string{"a", "bc", "", "d", "e", "f"}
			}
			must(t, d.Write(value))
		}
	}
	d, err := f.CreateDataset("null", Float64, Null)
	must(t, err)
	must(t, d.SetAttr("null", &Array{typ: Float64}))
	must(t, f.Commit("committed", Compound(Member{"a", Int32})))
	must(t, f.Flush())
	must(t, f.Close())
	compared := 0
	for _, want := range h5pyValues(t, []string{f.Filename()}) {
		if want.Error != "" || want.Value.Error != "" {
			t.Errorf("%s: h5py: %s %s", want.Path, want.Error, want.Value.Error)
		}
		for name, a := range want.Attrs {
			if a.Error != "" {
				t.Errorf("%s @%s: h5py: %s", want.Path, name, a.Error)
			}
		}
		ours, err := Open(f.Filename())
		must(t, err)
		n, _ := compareObject(t, ours, want)
		compared += n
		must(t, ours.Close())
	}
	if compared < 60 {
		t.Errorf("only %d values compared", compared)
	}
}

func TestReadIntoConverts(t *testing.T) {
	f := scratch(t)
	must(t, f.Set("ints", []int64{1, 2, 300}))
	must(t, f.Set("floats", []float64{1, 2.5}))
	must(t, f.Set("grid", [][]int32{{1, 2}, {3, 4}}))
	must(t, f.Set("big", []int64{1<<53 + 1}))
	d, err := f.CreateDataset("enum", Enum(map[string]int{"RED": 1, "BLUE": 2}), Shape{3})
	must(t, err)
	must(t, d.Write([]string{"BLUE", "RED", "BLUE"}))
	type Celsius float32
	cases := []struct {
		path string
		dst  any
		want string // its value, or the error
		kind error
	}{
		{"ints", new([]float64), "[1 2 300]", nil},
		{"ints", new([]int16), "[1 2 300]", nil},
		{"ints", new([]uint8), "300, element 2 of type int64, does not fit uint8 without loss", ErrType},
		{"floats", new([]Celsius), "[1 2.5]", nil},
		{"floats", new([]int), "2.5, element 1 of type float64, does not fit int without loss", ErrType},
		{"floats", new([2]float64), "[1 2.5]", nil},
		{"floats", new([3]float64), "does not fit", ErrShape},
		{"floats", new(any), "[1 2.5]", nil},
		{"floats", new([]any), "[1 2.5]", nil},
		{"floats", new([]complex128), "[(1+0i) (2.5+0i)]", nil},
		{"floats", new([]string), "read it into a []float64", ErrType},
		{"big", new([]float64), "9007199254740993, element 0 of type int64, does not fit float64 without loss", ErrType},
		{"grid", new([]int32), "[1 2 3 4]", nil},
		{"grid", new([][]int8), "[[1 2] [3 4]]", nil},
		{"grid", new([2][2]uint64), "[[1 2] [3 4]]", nil},
		{"grid", new([2][]int), "[[1 2] [3 4]]", nil},
		{"grid", new([][][]int), "does not fit", ErrShape},
		{"enum", new([]int), "[2 1 2]", nil},
		{"enum", new([]string), "[BLUE RED BLUE]", nil},
		{"enum", new(*Array), "enum int32 {RED=1, BLUE=2} (3) [BLUE RED BLUE]", nil},
	}
	for _, c := range cases {
		t.Run(fmt.Sprintf("%s into %T", c.path, c.dst), func(t *testing.T) {
			d, err := f.Dataset(c.path)
			must(t, err)
			err = d.ReadInto(c.dst)
			got := fmt.Sprint(reflect.ValueOf(c.dst).Elem().Interface())
			if err != nil {
				got = err.Error()
				check(t, err, c.kind)
			}
			if !strings.Contains(got, c.want) {
				t.Errorf("got %s, want %s", got, c.want)
			}
		})
	}
}

// TestStructsOfCells reads into struct types as yaegi makes them: without a name, lower-case fields
// exported as X and the name.
func TestStructsOfCells(t *testing.T) {
	f := scratch(t)
	must(t, f.Set("rows", []struct {
		WAVE, FLUX float32
		Low        int32
	}{{3600, 1.5, 1}, {3601, 2.5, 2}}))
	d, err := f.Dataset("rows")
	must(t, err)
	var cell []struct {
		Wave float64
		Xlow int     // the cell's field low
		Flux float32 `h5:"FLUX"`
	}
	must(t, d.ReadInto(&cell))
	same(t, cell, "[{3600 0 1.5} {3601 0 2.5}]")
	var embedded []struct {
		Base struct{ Wave, Flux float64 }
		Low  int64
	}
	must(t, d.ReadInto(&embedded, "1:"))
	same(t, embedded, "[{{3601 2.5} 2}]")
	var two []struct{ Wave, WAve float64 }
	check(t, d.ReadInto(&two), ErrType, `two fields of the struct fit member "WAVE"`)
	var none []struct{ Other int }
	check(t, d.ReadInto(&none), ErrType, "no field of", "fits a member of")
	var bad []struct {
		A int `h5:"WAVE,long"`
	}
	check(t, d.ReadInto(&bad), ErrType, "has the tag")
	typ, err := TypeOf(cell)
	must(t, err)
	same(t, typ, "{Wave float64, FLUX float32}")
}

func TestWriteFieldsAndAppend(t *testing.T) {
	f := scratch(t)
	typ := Compound(Member{"A", Int32.BigEndian()}, Member{"B", Float64}, Member{"S", String})
	d, err := f.CreateDataset("rows", typ, Shape{2}, DatasetCreate{MaxShape: Shape{Unlimited}})
	must(t, err)
	type row struct {
		A int
		B float64
		S string
	}
	must(t, d.Write([]row{{1, 1.5, "one"}, {2, 2.5, "two"}}))
	must(t, d.WriteField("B", []float64{10, 20}))
	must(t, d.WriteField("A", 7, 1))
	must(t, d.WriteField("S", "both"))
	must(t, d.Append([]row{{3, 3.5, "three"}}))
	got, err := Read[row](d)
	must(t, err)
	same(t, got, "[{1 10 both} {7 20 both} {3 3.5 three}]")
	tab, err := d.Table(Columns("S", "A"), "::-1")
	must(t, err)
	same(t, tab.Names(), "[S A]")
	same(t, tab.Cell(0, 0), "three")
	must(t, f.Set("copy", tab))
	back, err := f.Dataset("copy")
	must(t, err)
	same(t, back.Datatype(), "{S string, A "+"big-endian int32}")
	text := tab.String()
	if !strings.Contains(text, "three") || !strings.Contains(text, "(3 rows, 2 columns)") {
		t.Errorf("the table prints as\n%s", text)
	}
	x, err := NewTable("X", []float64{1, 2}, "N", []string{"a", "b"})
	must(t, err)
	must(t, f.Set("made", x))
	_, err = NewTable("X", []float64{1, 2}, "N", []string{"a"})
	check(t, err, ErrShape, "a column of shape (1) in a table of 2 rows")
	must(t, d.Resize(1))
	same(t, d.Shape(), "(1)")
}

func TestFillAndFilters(t *testing.T) {
	f := scratch(t)
	d, err := f.CreateDataset("x", Float32, Shape{10, 10}, DatasetCreate{Fill: -1, Chunks: Shape{5, 5}}, DatasetCreate{Gzip: 6, Shuffle: true, Fletcher32: true})
	must(t, err)
	must(t, d.Write(3, "0, :2"))
	a, err := d.Slice(":2, :3")
	must(t, err)
	same(t, a, "float32 (2, 3) [[3 3 -1] [-1 -1 -1]]")
	same(t, d.Filters(), "[shuffle gzip(6) fletcher32]")
	same(t, d.Chunks(), "(5, 5)")
	same(t, d, "dataset /x  (10, 10)  float32  chunks (5, 5)  shuffle  gzip(6)  fletcher32")
}

// TestReadIntoOwnMemory reads into slices that have room: their memory is used, and none beyond it.
func TestReadIntoOwnMemory(t *testing.T) {
	f := scratch(t)
	pair := &libhdf5.Type{Class: libhdf5.Array, Size: 4, Dims: []int{2}, Base: Int16.t}
	pairs := &Datatype{&libhdf5.Type{Class: libhdf5.Array, Size: 12, Dims: []int{3}, Base: pair}}
	d, err := f.CreateDataset("pairs", pairs, Shape{2})
	must(t, err)
	must(t, d.Write([]int16{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12}))
	for size, want := range map[int]string{4: "[1 2 3 4 5 6 7 8 9 10 11 12]", 12: "[1 2 3 4 5 6 7 8 9 10 11 12]", 20: "[1 2 3 4 5 6 7 8 9 10 11 12]"} {
		v := make([]int16, size)
		before := &v[0]
		must(t, d.ReadInto(&v))
		same(t, v, want)
		if (&v[0] == before) != (size >= 12) {
			t.Errorf("room for %d: the memory was used: %v", size, &v[0] == before)
		}
	}
	a, err := d.Slice(1)
	must(t, err)
	same(t, a, "int16 (3, 2) [[7 8] [9 10] [11 12]]")
}

// An embedded type of a cell is a member of the name that the cell gave it.
func TestEmbeddedTypeOfACell(t *testing.T) {
	type rowOfCell struct {
		Rowˑ80 struct{ X float64 }
		Extra  int64
	}
	f := scratch(t)
	must(t, f.Set("emb", []rowOfCell{{struct{ X float64 }{1}, 5}}))
	d, err := f.Dataset("emb")
	must(t, err)
	if got := fmt.Sprint(d.FieldNames()); got != "[Row Extra]" {
		t.Errorf("members %s, want [Row Extra]", got)
	}
	var back []rowOfCell
	must(t, d.ReadInto(&back))
	if len(back) != 1 || back[0].Rowˑ80.X != 1 || back[0].Extra != 5 {
		t.Errorf("read back %v", back)
	}
}

// A number that an integer cannot hold is an error and not another number.
func TestIntegersRefuseWhatDoesNotFit(t *testing.T) {
	for _, tt := range []struct {
		data any
		want string // "" is an error
	}{
		{[]float64{1.9, -1.9, 0.5, -0.5, 1e15}, "[1 -1 0 0 1000000000000000]"},
		{[]float64{1, math.NaN()}, ""},
		{[]float64{1e300}, ""},
		{[]float64{-1e19}, ""},
		{[]float32{float32(math.Inf(1))}, ""},
		{[]uint64{3}, "[3]"},
		{[]uint64{1 << 63}, ""},
		{[]int8{-3}, "[-3]"},
	} {
		a, err := NewArray(tt.data)
		must(t, err)
		got, err := a.Ints()
		if (err != nil) != (tt.want == "") || err == nil && fmt.Sprint(got) != tt.want {
			t.Errorf("%v: %v, %v; want %q", tt.data, got, err, tt.want)
		}
	}
}
