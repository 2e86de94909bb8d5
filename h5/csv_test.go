package h5

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func ExampleDecodeCSV() {
	t, _ := DecodeCSV(strings.NewReader("PLATE,FLUX,CLASS\n3655,1.5,STAR\n3586,,GALAXY\n"))
	for _, c := range t.Columns() {
		fmt.Println(c.Name(), c.Datatype(), c.Raw())
	}
	// Output:
	// PLATE int64 [3655 3586]
	// FLUX float64 [1.5 NaN]
	// CLASS string [STAR GALAXY]
}

func TestCSVTypes(t *testing.T) {
	for _, c := range []struct{ name, fields, want string }{
		{"integers", "1|-2| 3", "int64 [1 -2 3]"},
		{"large integers", "1|18446744073709551615", "uint64 [1 18446744073709551615]"},
		{"larger ones", "1|18446744073709551616", "string [1 18446744073709551616]"},
		{"large and negative", "-1|18446744073709551615", "string [-1 18446744073709551615]"},
		{"integers with gaps", "1||3", "float64 [1 NaN 3]"},
		{"names with gaps", "9007199254740993||3", "string [9007199254740993  3]"},
		{"floats", "1|2.5|1e3|NA|-inf", "float64 [1 2.5 1000 NaN -Inf]"},
		{"no float", "1.5|1e999", "string [1.5 1e999]"},
		{"Go's numbers", "0x10|1_000", "string [0x10 1_000]"},
		{"truth", "true|False|TRUE", "bool [true false true]"},
		{"truth with gaps", "true||false", "string [true  false]"},
		{"texts", "a|NA|", "string [a NA ]"},
		{"quoted", `"a,b"|"say ""x"""|"two` + "\n" + `lines"`, "string [a,b say \"x\" two\nlines]"},
		{"nothing", `""|""`, "float64 [NaN NaN]"},
		{"a word late", strings.Repeat("7|", 100_000) + "seven", "string"},
	} {
		// A second column: a line with one empty field would be an empty line, which is none.
		tab, err := DecodeCSV(strings.NewReader("X,Y\r\n" + strings.ReplaceAll(c.fields, "|", ",\r\n") + ",\r\n"))
		must(t, err)
		x := tab.Columns()[0]
		if got := fmt.Sprint(x.Datatype(), " ", x.Raw()); got != c.want && (c.name != "a word late" || !strings.HasPrefix(got, c.want) || !strings.HasSuffix(got, "7 seven]")) {
			t.Errorf("%s:\ngot  %.200s\nwant %s", c.name, got, c.want)
		}
	}
}

func TestCSVLayout(t *testing.T) {
	tab, err := DecodeCSV(strings.NewReader("\uFEFFA,,A,A.1\n1,2\n\n3,4,5,6\n"))
	must(t, err)
	same(t, strings.Join(tab.Names(), "|"), "A|Unnamed: 1|A.1|A.1.1")
	same(t, column(t, tab, nil, "A.1"), "[NaN 5]")
	empty, err := DecodeCSV(strings.NewReader("A,B"))
	must(t, err)
	same(t, fmt.Sprint(empty.NumRows(), empty.Names()), "0 [A B]")
	_, err = DecodeCSV(strings.NewReader(""))
	check(t, err, ErrShape, "it is empty")
	_, err = DecodeCSV(strings.NewReader("A,B\n1,2\n1,2,3\n"))
	check(t, err, ErrShape, "line 3 has 3 fields")
	_, err = DecodeCSV(strings.NewReader("A\n\"1\n2\n"))
	check(t, err, ErrDamaged, "row that begins in line 2")
	dir := t.TempDir()
	_, err = ReadCSV(filepath.Join(dir, "none.csv"))
	check(t, err, fs.ErrNotExist, "read a CSV file", "none.csv")
	_, err = ReadCSV(dir)
	check(t, err, ErrLibrary, "is a directory")
	err = tab.WriteCSV(filepath.Join(dir, "no", "x.csv"))
	check(t, err, fs.ErrNotExist, "write a CSV file")
	path := filepath.Join(dir, "kept.csv")
	must(t, os.WriteFile(path, []byte("kept"), 0o644))
	check(t, stars(t).WriteCSV(path), ErrType, "BANDS", "Select the other columns")
	kept, err := os.ReadFile(path)
	must(t, err)
	same(t, string(kept), "kept")
	check(t, tab.EncodeCSV(fullDisk{}), ErrLibrary, "disk is full")
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errors.New("disk is full") }

func TestCSVWritten(t *testing.T) {
	tab, err := NewTable("i", []int8{-1, 2}, "u", []uint64{0, math.MaxUint64}, "f", []float32{0.1, 2}, "d", []float64{1e300, math.Inf(-1)},
		"b", []bool{true, false}, "a \"text\", long", []string{"x\ny", `1" by 2"`})
	must(t, err)
	var b bytes.Buffer
	must(t, tab.EncodeCSV(&b))
	same(t, b.String(), `i,u,f,d,b,"a ""text"", long"
-1,0,0.1,1e+300,true,"x
y"
2,18446744073709551615,2.0,-inf,false,"1"" by 2"""
`)
	one, err := NewTable("x", []float64{math.NaN(), 2})
	must(t, err)
	b.Reset()
	must(t, one.EncodeCSV(&b))
	same(t, b.String(), "x\n\"\"\n2.0\n")
	back, err := DecodeCSV(&b)
	same(t, column(t, back, err, "x"), "[NaN 2]")
}

// TestPlainCSVAsQuoted reads random files without quotes in both ways that there are.
func TestPlainCSVAsQuoted(t *testing.T) {
	r := rand.New(rand.NewPCG(13, 14))
	words := []string{"1", "-2", "18446744073709551615", "9007199254740993", "1.5", "1e3", "NA", "", "true", "False", " 7", "x", "0x10", "ä", "+3", "-"}
	for range 2000 {
		var b strings.Builder
		b.WriteString([]string{"", "\n", "\r\n"}[r.IntN(3)] + "a,b,a\n")
		some := words[r.IntN(len(words)):]
		for range r.IntN(120) {
			for i := range 1 + r.IntN(3) + r.IntN(40)/39 {
				b.WriteString([]string{"", ","}[min(i, 1)] + some[r.IntN(min(3, len(some)))])
			}
			b.WriteString([]string{"\n", "\r\n", "\n\n", "\r\n"}[r.IntN(4)])
		}
		text := strings.TrimSuffix(b.String(), "\n")
		plain, err1 := decodePlainCSV([]byte(text))
		quoted, err2 := decodeQuotedCSV([]byte(text))
		if fmt.Sprint(err1) != fmt.Sprint(err2) {
			t.Fatalf("%q:\n%v\n%v", text, err1, err2)
		}
		if err1 != nil {
			continue
		}
		for i, c := range plain.columns {
			if want := quoted.columns[i]; c.name != want.name || fmt.Sprint(c.typ, c.shape, c.data) != fmt.Sprint(want.typ, want.shape, want.data) {
				t.Fatalf("%q, column %s: got %v %v, want %v %v", text, c.name, c.typ, c.data, want.typ, want.data)
			}
		}
	}
}

// TestCSVAsPandas lets pandas read our file, and reads the one that pandas writes.
func TestCSVAsPandas(t *testing.T) {
	r := rand.New(rand.NewPCG(9, 10))
	dir := t.TempDir()
	ours, theirs, image := filepath.Join(dir, "ours.csv"), filepath.Join(dir, "theirs.csv"), filepath.Join(dir, "x.h5")
	tab := randomTable(t, r, 500)
	must(t, tab.WriteCSV(ours))
	f, err := Create(image)
	must(t, err)
	must(t, f.Set("t", tab))
	must(t, f.Close())
	same(t, pandas(t, framesForPandas+`
want = frame("t")
got = pd.read_csv(sys.argv[2], float_precision="round_trip").fillna({"text": ""})
for c in want:
    w = want[c].to_numpy(); g = got[c].to_numpy()
    kinds = {"i": "i", "u": "iu", "f": "f", "b": "b", "O": "O"}[w.dtype.kind]
    if w.dtype == "f4": g = g.astype("f4")
    if g.dtype.kind not in kinds or not (list(g) == list(w) or w.dtype.kind == "f" and np.array_equal(g, w, equal_nan=True)): print(c, g.dtype, w.dtype, g[:9], w[:9])
want.to_csv(sys.argv[3], index=False)
print("compared")`, image, ours, theirs), "compared")
	for _, path := range []string{ours, theirs} {
		back, err := ReadCSV(path)
		must(t, err)
		same(t, back.Names(), tab.Names())
		for i, c := range back.Columns() {
			want := tab.columns[i].Array
			if x, ok := want.data.([]float32); ok {
				x32, _, _ := convert[float32](c.data, false)
				same(t, fmt.Sprint(c.Name(), x32), fmt.Sprint(c.Name(), x))
				continue
			}
			same(t, fmt.Sprint(c.Name(), c.Raw()), fmt.Sprint(c.Name(), want.Raw()))
		}
	}
}

// FuzzCSV looks for files that end in a panic, or are read otherwise without quotes.
func FuzzCSV(f *testing.F) {
	for _, text := range []string{"a,b\n1,2\n", "a\n\"x\"\n", "\n\na,a\r\n1e5,\n,NA\n", "a\n9007199254740993\n\n1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		tab, err := DecodeCSV(strings.NewReader(text))
		if err != nil || strings.Contains(text, `"`) {
			return
		}
		want, err := decodeQuotedCSV([]byte(strings.TrimPrefix(text, "\uFEFF")))
		if err != nil || fmt.Sprint(tab.Array()) != fmt.Sprint(want.Array()) {
			t.Errorf("%q: got\n%v\nwant\n%v, %v", text, tab, want, err)
		}
	})
}
