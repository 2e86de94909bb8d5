package fits

import (
	"bytes"
	"crypto/md5"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// python runs a program with astropy, or skips.
func python(t *testing.T, program string, args ...string) []byte {
	t.Helper()
	const interpreter = "/usr/bin/python3"
	if err := exec.Command(interpreter, "-c", "import astropy.io.fits").Run(); err != nil {
		if os.Getenv("GOFIVE_REQUIRE_ALL") != "" {
			t.Fatal("astropy is not there: the set-up should have installed python3-astropy")
		}
		t.Skip("SKIPPED: no astropy to compare with (apt install python3-astropy)")
	}
	cmd := exec.Command(interpreter, append([]string{"-c", program}, args...)...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("python: %v\n%s", err, stderr.String())
	}
	return out
}

// describe prints a line of JSON for every card and column of a file, as astropy has it.
const describe = `
import sys, json, hashlib, warnings
import numpy as np
from astropy.io import fits
warnings.simplefilter("ignore")

def values(a):
    a = np.asarray(a)
    if a.dtype.kind in "SU":
        return "text", a.shape, hashlib.md5("\0".join(str(s).rstrip(" ") for s in a.ravel()).encode()).hexdigest()
    if a.dtype.kind == "O":
        parts = [values(x)[2] for x in a]
        return "arrays", (len(parts),), hashlib.md5("".join(parts).encode()).hexdigest()
    kind = a.dtype.newbyteorder("<") if a.dtype.byteorder != "|" else a.dtype
    a = np.ascontiguousarray(a.astype(kind))
    if a.dtype.kind in "fc":
        a[np.isnan(a)] = 0
    return a.dtype.name, a.shape, hashlib.md5(a.tobytes()).hexdigest()

def scalar(v):
    if isinstance(v, fits.card.Undefined): return "None"
    if isinstance(v, (bool, np.bool_)): return "T" if v else "F"
    if isinstance(v, float): return "%.15g" % v
    return str(v)

for path in sys.argv[1:]:
    with fits.open(path, memmap=False) as f:
        for i, hdu in enumerate(f):
            cards = [[c.keyword, scalar(c.value)] for c in hdu.header.cards if c.keyword not in ("COMMENT", "HISTORY", "")]
            print(json.dumps({"file": path, "hdu": i, "cards": cards}))
            if isinstance(hdu, fits.BinTableHDU):
                for c in hdu.columns:
                    kind, shape, sum = values(hdu.data[c.name])
                    print(json.dumps({"file": path, "hdu": i, "column": c.name, "unit": c.unit or "", "kind": kind, "shape": list(shape), "sum": sum}))
            elif hdu.data is not None:
                kind, shape, sum = values(hdu.data)
                print(json.dumps({"file": path, "hdu": i, "column": "", "kind": kind, "shape": list(shape), "sum": sum}))
`

// said is such a line.
type said struct {
	File, Column, Unit, Kind, Sum string
	HDU                           int
	Shape                         []int
	Cards                         [][2]string
}

// compare reads files as astropy did, and counts what was compared.
func compare(t *testing.T, paths []string) (cards, columns int) {
	t.Helper()
	files := map[string]*File{}
	decoder := json.NewDecoder(bytes.NewReader(python(t, describe, paths...)))
	for decoder.More() {
		var s said
		if err := decoder.Decode(&s); err != nil {
			t.Fatal(err)
		}
		if files[s.File] == nil {
			f, err := Open(s.File)
			if err != nil {
				t.Fatal(err)
			}
			defer f.Close()
			files[s.File] = f
		}
		h := files[s.File].HDU(s.HDU)
		where := fmt.Sprintf("%s HDU %d %s", filepath.Base(s.File), s.HDU, s.Column)
		if h.Err != nil {
			t.Errorf("%s: %v", where, h.Err)
		}
		if s.Cards != nil {
			cards += compareCards(t, where, h.Header, s.Cards)
			continue
		}
		columns++
		compareValues(t, where, h, s)
	}
	return cards, columns
}

func compareCards(t *testing.T, where string, h Header, want [][2]string) (n int) {
	t.Helper()
	var got [][2]string
	for _, c := range h {
		if c.Key == "COMMENT" || c.Key == "HISTORY" || c.Key == "" {
			continue
		}
		v := fmt.Sprint(c.Value)
		switch x := c.Value.(type) {
		case nil:
			v = "None"
		case bool:
			v = map[bool]string{true: "T", false: "F"}[x]
		case float64:
			v = fmt.Sprintf("%.15g", x)
		}
		got = append(got, [2]string{c.Key, v})
	}
	for i := range want {
		if i >= len(got) || got[i] != want[i] {
			t.Errorf("%s: card %d: got %q, astropy has %q", where, i, got[min(i, len(got)-1)], want[i])
			return n
		}
		n++
	}
	if len(got) != len(want) {
		t.Errorf("%s: %d cards, astropy has %d", where, len(got), len(want))
	}
	return n
}

// compareValues compares kind, shape and the sum of the bytes.
func compareValues(t *testing.T, where string, h *HDU, s said) {
	t.Helper()
	var got any
	var err error
	shape := h.Shape()
	if s.Column != "" {
		c := h.Column(s.Column)
		got, err = c.Values()
		shape = append([]int{c.Rows()}, c.Shape...)
		if c.Unit != s.Unit {
			t.Errorf("%s: unit %q, astropy has %q", where, c.Unit, s.Unit)
		}
	} else {
		got, err = h.Values()
	}
	if err != nil {
		t.Errorf("%s: %v", where, err)
		return
	}
	kind, sum := checksum(got)
	if bytes, ok := got.([]int8); ok && s.Kind == "float64" { // astropy 5.2 has no signed bytes in tables
		float, _ := asFloat64s(bytes)
		kind, sum = checksum(float)
	}
	if kind == s.Kind && sum == s.Sum && reflect.DeepEqual(shape, s.Shape) {
		return
	}
	t.Errorf("%s: %s %v %s, astropy has %s %v %s", where, kind, shape, sum, s.Kind, s.Shape, s.Sum)
}

// checksum does what values does in Python.
func checksum(v any) (kind, sum string) {
	switch v := v.(type) {
	case []string:
		return "text", md5Text(strings.Join(v, "\x00"))
	case []bool, []int8, []uint8, []int16, []uint16, []int32, []uint32, []int64, []uint64:
		return reflect.TypeOf(v).Elem().Name(), md5Values(v)
	case []float32:
		return "float32", md5Values(clean(v))
	case []float64:
		return "float64", md5Values(clean(v))
	case []complex64:
		return "complex64", md5Values(v)
	case []complex128:
		return "complex128", md5Values(v)
	}
	var all strings.Builder
	r := reflect.ValueOf(v)
	for i := range r.Len() {
		_, part := checksum(r.Index(i).Interface())
		all.WriteString(part)
	}
	return "arrays", md5Text(all.String())
}

func md5Text(s string) string { return fmt.Sprintf("%x", md5.Sum([]byte(s))) }

func md5Values(v any) string {
	var b bytes.Buffer
	binary.Write(&b, binary.LittleEndian, v)
	return fmt.Sprintf("%x", md5.Sum(b.Bytes()))
}

func clean[T float32 | float64](v []T) []T {
	for i, x := range v {
		if math.IsNaN(float64(x)) {
			v[i] = 0
		}
	}
	return v
}

// TestRealSpectra compares every card and column of real spectra and of a catalog with what astropy reads.
func TestRealSpectra(t *testing.T) {
	paths, err := filepath.Glob("../../../shared/data/boss/*.fits")
	if err != nil || len(paths) == 0 {
		t.Skip("SKIPPED: no spectra in ../shared/data/boss")
	}
	cards, columns := compare(t, paths)
	t.Logf("%d files, %d cards, %d columns and images are as astropy reads them", len(paths), cards, columns)
	if len(paths) < 15 || cards < 5000 || columns < 1000 {
		t.Errorf("only %d files, %d cards and %d columns were compared", len(paths), cards, columns)
	}
}
