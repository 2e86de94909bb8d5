package fits

import (
	"bytes"
	"compress/gzip"
	"errors"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"
)

// make writes files with what ours does not write: scaled numbers, bits, missing values, long arrays.
const makeForeign = `
import sys, warnings
import numpy as np
from astropy.io import fits
warnings.simplefilter("ignore")
folder = sys.argv[1]
rng = np.random.default_rng(7)
hdus = [fits.PrimaryHDU()]
for dtype in ["u1", "i2", "i4", "i8", "f4", "f8", "u2", "u4", "u8", "i1"]:
    kind = np.dtype(dtype)
    if kind.kind == "f":
        data = rng.normal(size=(3, 4, 5)).astype(kind)
        data[0, 0, 0] = np.nan
    else:
        info = np.iinfo(kind)
        data = rng.integers(info.min, info.max, size=(3, 4, 5), dtype=kind, endpoint=True)
    hdus.append(fits.ImageHDU(data, name="IMAGE_" + dtype))
n = 7
columns = [
    fits.Column("bits", "11X", array=rng.integers(0, 2, size=(n, 11)).astype(bool)),
    fits.Column("flags", "3L", array=rng.integers(0, 2, size=(n, 3)).astype(bool)),
    fits.Column("scaled", "I", array=np.arange(n)),
    fits.Column("text", "8A", array=np.array(["abc", "", "12345678", " lead", "x", "y", "z"])),
    fits.Column("grid", "6E", dim="(3,2)", array=rng.normal(size=(n, 2, 3))),
    fits.Column("vary", "PJ()", array=np.array([np.arange(k, dtype="i4") for k in range(n)], dtype=object)),
    fits.Column("far", "QD()", array=np.array([np.arange(k, dtype="f8") for k in range(n)], dtype=object)),
    fits.Column("u2", "I", bzero=32768, array=np.arange(n, dtype="u2") + 40000),
    fits.Column("u8", "K", bzero=9223372036854775808, array=np.arange(n, dtype="u8") + 2**63),
    fits.Column("c", "C", array=(np.arange(n) * (1 + 2j)).astype("c8")),
]
table = fits.BinTableHDU.from_columns(columns, name="ALL")
table.header["LONG"] = "word " * 40
table.header["HIERARCH ESO TEL ALT"] = 45.5
table.header["NOTHING"] = None
table.header["HISTORY"] = "made for a test"
hdus.append(table)
fits.HDUList(hdus).writeto(folder + "/all.fits")
fits.setval(folder + "/all.fits", "TSCAL3", value=0.5, ext=("ALL", 1))
fits.setval(folder + "/all.fits", "TZERO3", value=10.0, ext=("ALL", 1))
`

func TestForeignFiles(t *testing.T) {
	folder := t.TempDir()
	python(t, makeForeign, folder)
	path := filepath.Join(folder, "all.fits")
	if _, columns := compare(t, []string{path}); columns < 20 {
		t.Errorf("%d columns were compared", columns)
	}
}

// TestScaled checks what becomes of stored numbers, by the arithmetic of the standard.
func TestScaled(t *testing.T) {
	for _, tt := range []struct {
		name   string
		cards  Header
		stored any
		want   any
	}{
		{"plain", nil, []int16{1, -1}, []int16{1, -1}},
		{"blank", Header{{"BLANK", int64(-1), ""}}, []int16{1, -1}, []int16{1, -1}}, // nothing says that it is a float
		{"scaled", Header{{"BSCALE", 0.5, ""}, {"BZERO", 10.0, ""}, {"BLANK", int64(-1), ""}}, []int16{4, -1}, []float64{12, math.NaN()}},
		{"offset", Header{{"BZERO", int64(32768), ""}}, []int16{-32768, 0}, []uint16{0, 32768}},
		{"offset as a float", Header{{"BZERO", 2147483648.0, ""}}, []int32{0, -1}, []uint32{1 << 31, 1<<31 - 1}},
		{"2^63", Header{{"BZERO", uint64(1 << 63), ""}}, []int64{-1, 5}, []uint64{1<<63 - 1, 1<<63 + 5}},
		{"float", Header{{"BSCALE", 2.0, ""}}, []float32{1.5}, []float32{3}},
	} {
		n := map[reflect.Kind]number{reflect.Int16: int16Number, reflect.Int32: int32Number, reflect.Int64: int64Number,
			reflect.Float32: float32Number}[reflect.TypeOf(tt.stored).Elem().Kind()]
		s, err := newScaling(tt.cards, n, "BSCALE", "BZERO", "BLANK")
		must(t, err)
		var b strings.Builder
		put(&b, tt.stored)
		if got := s.values(n, []byte(b.String()), reflect.ValueOf(tt.stored).Len()); !equal(got, tt.want) {
			t.Errorf("%s: got %v, want %v", tt.name, got, tt.want)
		}
		if got := s.typeName(n); got != reflect.TypeOf(tt.want).Elem().String() {
			t.Errorf("%s: the type is %s", tt.name, got)
		}
	}
}

func TestGzip(t *testing.T) {
	path, _, cube := written(t)
	content, err := os.ReadFile(path)
	must(t, err)
	packed := path + ".gz"
	out, err := os.Create(packed)
	must(t, err)
	z := gzip.NewWriter(out)
	z.Write(content)
	must(t, z.Close())
	must(t, out.Close())
	f, err := Open(packed)
	must(t, err)
	if got, err := f.HDU("CUBE").Values(); err != nil || !reflect.DeepEqual(got, cube) {
		t.Errorf("got %v, %v", got, err)
	}
	must(t, os.Truncate(packed, 200))
	if _, err := Open(packed); !errors.Is(err, ErrDamaged) {
		t.Errorf("a truncated one: %v", err)
	}
}

// header makes a file of a primary HDU without data and one with those cards, and n bytes of data.
func headerFile(t *testing.T, n int, cards ...string) *File {
	t.Helper()
	var b strings.Builder
	block := func(lines ...string) {
		for _, l := range lines {
			b.WriteString(l + strings.Repeat(" ", 80-len(l)))
		}
		b.WriteString(strings.Repeat(" ", (2880-b.Len()%2880)%2880))
	}
	block("SIMPLE  = T", "BITPIX  = 8", "NAXIS   = 0", "END")
	block(append(cards, "END")...)
	b.WriteString(strings.Repeat("\x00", n))
	f, err := New("hostile", strings.NewReader(b.String()), int64(b.Len()))
	must(t, err)
	return f
}

// TestHostileHeaders opens headers that lie: nothing is allocated for what is not there, the HDU says what
// is wrong, and the primary one is as it was.
func TestHostileHeaders(t *testing.T) {
	table := []string{"XTENSION= 'BINTABLE'", "BITPIX  = 8", "NAXIS   = 2"}
	with := func(begin []string, more ...string) []string { return append(append([]string{}, begin...), more...) }
	for name, tt := range map[string]struct {
		cards []string
		kind  error
		says  string
	}{
		"huge image":    {[]string{"XTENSION= 'IMAGE'", "BITPIX  = -64", "NAXIS   = 2", "NAXIS1  = 1000000000", "NAXIS2  = 1000000"}, ErrTruncated, "8000000000000000 bytes"},
		"overflow":      {[]string{"XTENSION= 'IMAGE'", "BITPIX  = 8", "NAXIS   = 2", "NAXIS1  = 9223372036854775807", "NAXIS2  = 4"}, ErrDamaged, "make no size"},
		"negative axis": {[]string{"XTENSION= 'IMAGE'", "BITPIX  = 8", "NAXIS   = 1", "NAXIS1  = -5"}, ErrDamaged, "NAXIS1 is -5"},
		"many axes":     {[]string{"XTENSION= 'IMAGE'", "BITPIX  = 8", "NAXIS   = 1000000000"}, ErrDamaged, "NAXIS is 1000000000"},
		"no BITPIX":     {[]string{"XTENSION= 'IMAGE'", "NAXIS   = 1", "NAXIS1  = 5"}, ErrNotFound, "no BITPIX"},
		"BITPIX 7":      {[]string{"XTENSION= 'IMAGE'", "BITPIX  = 7", "NAXIS   = 0"}, ErrDamaged, "BITPIX is 7"},
		"PCOUNT":        {with(table, "NAXIS1  = 1", "NAXIS2  = 1", "PCOUNT  = 9000000000000000000", "TFIELDS = 1", "TFORM1  = 'B'"), ErrDamaged, "make no size"},
		"no bytes":      {with(table, "NAXIS1  = 0", "NAXIS2  = 9000000000000000000", "TFIELDS = 1", "TFORM1  = '0E'"), ErrDamaged, "without a byte"},
		"kind":          {[]string{"XTENSION= 'WONDER'", "BITPIX  = 8", "NAXIS   = 0"}, ErrUnsupported, "WONDER"},
		"text for axis": {[]string{"XTENSION= 'IMAGE'", "BITPIX  = 8", "NAXIS   = 1", "NAXIS1  = 'five'"}, ErrType, "no whole number"},
	} {
		f := headerFile(t, 2880, tt.cards...)
		h := f.HDU(1)
		if !errors.Is(h.Err, tt.kind) || !strings.Contains(h.Err.Error(), tt.says) {
			t.Errorf("%s: %v, want %q", name, h.Err, tt.says)
		}
		if _, err := h.Values(); err == nil {
			t.Errorf("%s: it was read", name)
		}
		if f.HDU(0).Err != nil {
			t.Errorf("%s: the primary HDU: %v", name, f.HDU(0).Err)
		}
	}
	for name, tt := range map[string]struct {
		cards []string
		says  string
	}{
		"beyond the row": {with(table, "NAXIS1  = 4", "NAXIS2  = 2", "TFIELDS = 1", "TFORM1  = '1000000000000E'", "TTYPE1  = 'x'"), "of a row of 4"},
		"two columns":    {with(table, "NAXIS1  = 4", "NAXIS2  = 2", "TFIELDS = 2", "TFORM1  = 'E'", "TTYPE1  = 'a'", "TFORM2  = 'E'", "TTYPE2  = 'x'"), "ends at byte 8 of a row of 4"},
		"letter":         {with(table, "NAXIS1  = 4", "NAXIS2  = 2", "TFIELDS = 1", "TFORM1  = 'Z'", "TTYPE1  = 'x'"), `TFORM is "Z"`},
		"no TFORM":       {with(table, "NAXIS1  = 4", "NAXIS2  = 2", "TFIELDS = 1", "TTYPE1  = 'x'"), `TFORM is ""`},
		"fields":         {with(table, "NAXIS1  = 4", "NAXIS2  = 2", "TFIELDS = 5000"), "TFIELDS is 5000"},
		"zero":           {with(table, "NAXIS1  = 4", "NAXIS2  = 2", "TFIELDS = 1", "TFORM1  = 'J'", "TTYPE1  = 'x'", "TZERO1  = 'much'"), "TZERO1 is"},
		"no such":        {with(table, "NAXIS1  = 4", "NAXIS2  = 2", "TFIELDS = 1", "TFORM1  = 'J'", "TTYPE1  = 'flux'"), "there are flux"},
	} {
		c := headerFile(t, 2880, tt.cards...).HDU(1).Column("x")
		if _, err := c.Values(); err == nil || !strings.Contains(err.Error(), tt.says) {
			t.Errorf("%s: %v, want %q", name, err, tt.says)
		}
	}
}

// TestWhatIsNoFITS opens other things.
func TestWhatIsNoFITS(t *testing.T) {
	folder := t.TempDir()
	path, _, _ := written(t)
	content, err := os.ReadFile(path)
	must(t, err)
	for name, tt := range map[string]struct {
		content string
		kind    error
	}{
		"empty":      {"", ErrNotFITS},
		"text":       {"hello\n", ErrNotFITS},
		"short":      {string(content[:1000]), ErrTruncated},
		"noend":      {"SIMPLE  =                    T" + strings.Repeat(" ", 50) + strings.Repeat(" ", 17<<20), ErrDamaged},
		"bad header": {strings.Replace(string(content), "BITPIX", "BIT\x01IX", 1), ErrDamaged},
	} {
		p := filepath.Join(folder, name)
		must(t, os.WriteFile(p, []byte(tt.content), 0o644))
		f, err := Open(p)
		if err == nil {
			err = f.HDU(0).Err
		}
		if !errors.Is(err, tt.kind) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := Open(folder); !errors.Is(err, ErrNotFITS) {
		t.Errorf("a folder: %v", err)
	}
	if _, err := Open(filepath.Join(folder, "none")); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("nothing: %v", err)
	}
	// Cut anywhere: what is there is read, the rest is an error, and nothing panics.
	for _, n := range []int{2880, 4000, 5760, 6000, 8640, 11520, 12000, len(content) - 2880, len(content) - 1} {
		f, err := New("cut", strings.NewReader(string(content[:n])), int64(n))
		must(t, err)
		bad := 0
		for _, h := range f.HDUs() {
			if h.Err != nil {
				bad++
			}
		}
		if bad > 1 {
			t.Errorf("cut at %d: %v", n, f)
		}
	}
	f, err := Open(path)
	must(t, err)
	must(t, f.Close())
	must(t, f.Close())
	if _, err := f.HDU("CUBE").Values(); !errors.Is(err, ErrClosed) {
		t.Errorf("a closed file: %v", err)
	}
	for _, which := range []any{9, "wonder", 1.5} {
		if h := f.HDU(which); !errors.Is(h.Err, ErrNotFound) || h.Column("x").Err == nil {
			t.Errorf("HDU %v: %v", which, h.Err)
		}
	}
}

// TestMutants reads everything of files of which some bytes are wrong: errors are what is wanted, a panic or a
// hang is not.
func TestMutants(t *testing.T) {
	path, _, _ := written(t)
	content, err := os.ReadFile(path)
	must(t, err)
	r := rand.New(rand.NewPCG(1, 2))
	const wrong = "0123456789-' T=\x00\xffABDEIJKLMPQX(),."
	read := 0
	for range 20_000 {
		b := slices.Clone(content)
		for range 1 + r.IntN(8) {
			b[r.IntN(len(b))] = wrong[r.IntN(len(wrong))]
		}
		f, err := New("mutant", bytes.NewReader(b), int64(len(b)))
		if err != nil {
			continue
		}
		_ = f.String()
		for _, h := range f.HDUs() {
			h.Values()
			columns, _ := h.Columns()
			for _, c := range columns {
				if _, err := c.Values(); err == nil {
					read++
				}
			}
		}
	}
	if read < 20_000 {
		t.Errorf("only %d columns were read: nearly all files are refused", read)
	}
}
