package h5

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strconv"
	"strings"
	"testing"

	"gofive/h5/internal/libhdf5"
)

// shared is where the test data stand; tests that need them skip without.
const shared = "../../shared/data"

func sharedFiles(t *testing.T, folders ...string) []string {
	t.Helper()
	var files []string
	for _, folder := range folders {
		filepath.WalkDir(filepath.Join(shared, folder), func(path string, e fs.DirEntry, err error) error {
			if err == nil && e.Type().IsRegular() && !strings.HasSuffix(path, ".md") {
				files = append(files, path)
			}
			return nil
		})
	}
	if len(files) == 0 {
		t.Skipf("SKIPPED: no test data in %s", shared)
	}
	return files
}

// reference is what h5py reads, as testdata/values.py prints it.
type reference struct {
	File, Path, Kind, Error string
	Keys                    []string
	Value                   referenceValue
	Attrs                   map[string]referenceValue
}

type referenceValue struct {
	Error, Text, Sha string
	Shape            *[]int
}

// h5pyValues runs h5py over all files in one process.
func h5pyValues(t *testing.T, files []string) []reference {
	t.Helper()
	const python = "/usr/bin/python3"
	if err := exec.Command(python, "-c", "import h5py").Run(); err != nil {
		t.Skipf("SKIPPED: %s has no h5py to compare with", python)
	}
	out, err := exec.Command(python, append([]string{"testdata/values.py"}, files...)...).Output()
	if err != nil {
		t.Fatalf("h5py ended early: %v", err)
	}
	var found []reference
	lines := bufio.NewScanner(bytes.NewReader(out))
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var r reference
		if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
			t.Fatal(err)
		}
		found = append(found, r)
	}
	return found
}

// TestValuesOfH5py reads every object, value and attribute of the shared valid files, and compares
// with h5py wherever h5py can read it. Where it cannot, ours is a value or an *Error.
func TestValuesOfH5py(t *testing.T) {
	if testing.Short() {
		t.Skip("SKIPPED: reading all shared files with h5py takes 20 s")
	}
	compared, beyond := 0, 0
	files := map[string]*File{}
	for _, want := range h5pyValues(t, sharedFiles(t, "h5boss", "hdf5/valid")) {
		if want.Error != "" {
			t.Errorf("%s: h5py does not open it: %s", want.File, want.Error)
			continue
		}
		f := files[want.File]
		if f == nil {
			var err error
			if f, err = Open(want.File); err != nil {
				t.Errorf("%v; h5py opens it", err)
				continue
			}
			defer f.Close()
			files[want.File] = f
		}
		c, b := compareObject(t, f, want)
		compared, beyond = compared+c, beyond+b
	}
	t.Logf("%d values as in h5py, %d that h5py cannot read", compared, beyond)
	if compared < 4000 {
		t.Errorf("only %d values were compared", compared)
	}
}

func compareObject(t *testing.T, f *File, want reference) (compared, beyond int) {
	t.Helper()
	where := filepath.Base(want.File) + ":" + want.Path
	o, err := f.Get(want.Path)
	if err != nil {
		t.Errorf("%s: %v", where, err)
		return
	}
	defer o.Close()
	if o.Kind().String() != want.Kind {
		t.Errorf("%s: is a %v, want %s", where, o.Kind(), want.Kind)
	}
	if g, ok := o.(*Group); ok {
		if keys, err := g.Keys(); err != nil || fmt.Sprint(keys) != fmt.Sprint(want.Keys) {
			t.Errorf("%s: keys %v %v, want %v", where, keys, err, want.Keys)
		}
	}
	attrs, err := o.Attrs()
	if err != nil || len(attrs) != len(want.Attrs) {
		t.Errorf("%s: %d attributes %v, want %d", where, len(attrs), err, len(want.Attrs))
	}
	check := func(what string, a *Array, err error, shape Shape, want referenceValue) {
		compared++
		if want.Error != "" {
			beyond++
			compared--
		}
		compareValue(t, what, a, err, shape, want)
	}
	for _, a := range attrs {
		arr, err := a.Array()
		check(where+" @"+a.Name(), arr, err, a.Shape(), want.Attrs[a.Name()])
	}
	if d, ok := o.(*Dataset); ok {
		var sel []any
		if d.Len() > 200_000 {
			sel = []any{Range(0, 1)} // one dataset has gigabytes of fill value
		}
		arr, err := d.Slice(sel...)
		check(where, arr, err, d.Shape(), want.Value)
	}
	return compared, beyond
}

// h5pyDiffers are the values that h5py 3.7 reads otherwise, and why ours are right.
var h5pyDiffers = map[string]string{
	"vlunicode_endian.h5:/vlunicode_big":              "it does not swap the bytes of lists; h5dump does",
	"attr_datatypes.hdf5:/ @vlen_uint64":              "it does not swap the bytes of lists; h5dump does",
	"opaque_datasets_earliest.hdf5:/opaque_2d_string": "it takes a tag of its own for numpy's strings",
}

// newerRefuses are the values that a library newer than h5py's does not read, and why.
var newerRefuses = map[string]string{
	"var-length-strings-reused.hdf5:/a0": "HDF5 1.14 wants a global heap of 4096 bytes or more, as the format says; this file has a smaller one",
}

func compareValue(t *testing.T, what string, a *Array, err error, shape Shape, want referenceValue) {
	t.Helper()
	if want.Error != "" {
		if _, ours := err.(*Error); err != nil && !ours {
			t.Errorf("%s: %T %v, want a value or an *Error", what, err, err)
		}
		return
	}
	why, known := h5pyDiffers[what]
	if why, known := newerRefuses[what]; known && err != nil {
		t.Logf("%s is not read: %s", what, why)
		return
	}
	if err != nil {
		t.Errorf("%s: %v; h5py reads %.60s", what, err, want.Text)
		return
	}
	if (want.Shape == nil) != (shape == nil) || want.Shape != nil && fmt.Sprint([]int(shape)) != fmt.Sprint(*want.Shape) {
		t.Errorf("%s: shape %v, want %v", what, shape, want.Shape)
		return
	}
	got := canonical(a)
	sum := sha256.Sum256([]byte(got))
	if same := want.Shape == nil || hex.EncodeToString(sum[:]) == want.Sha; known == same && known {
		t.Errorf("%s: is the same now; it was not, because %s", what, why)
	} else if !same && !known {
		t.Errorf("%s, %v: got\n %.200s, want\n %.200s", what, a.typ, got, want.Text)
	}
}

// canonical is a text that testdata/values.py makes of the same values.
func canonical(a *Array) string {
	var out []string
	appendCanonical(&out, a)
	return strings.Join(out, " ")
}

func appendCanonical(out *[]string, a *Array) {
	for i := range a.Len() {
		if a.fields == nil {
			appendElement(out, a.typ.t, reflect.ValueOf(a.data).Index(i).Interface())
			continue
		}
		*out = append(*out, "{")
		for _, f := range a.fields {
			part := f.part(i, len(a.shape))
			if len(part.shape) > 0 {
				*out = append(*out, "[")
			}
			appendCanonical(out, part)
			if len(part.shape) > 0 {
				*out = append(*out, "]")
			}
		}
		*out = append(*out, "}")
	}
}

func appendElement(out *[]string, typ *libhdf5.Type, v any) {
	switch x := v.(type) {
	case bool:
		*out = append(*out, strconv.Itoa(flag(x)))
	case float32:
		*out = append(*out, floatText(float64(x)))
	case float64:
		*out = append(*out, floatText(x))
	case complex64:
		*out = append(*out, floatText(float64(real(x)))+floatText(float64(imag(x))))
	case complex128:
		*out = append(*out, floatText(real(x))+floatText(imag(x)))
	case string:
		text, _, _ := strings.Cut(x, "\x00")
		*out = append(*out, "s"+hex.EncodeToString([]byte(strings.TrimRight(text, " "))))
	case []byte:
		if typ.Class == libhdf5.Vlen {
			appendList(out, typ.Base, v)
			return
		}
		*out = append(*out, "o"+hex.EncodeToString(x))
	case Reference:
		*out = append(*out, "r"+strconv.Itoa(flag(x.bytes != [12]byte{})))
	case *Array:
		*out = append(*out, "[")
		appendCanonical(out, x)
		*out = append(*out, "]")
	default:
		appendList(out, typ.Base, v)
	}
}

func appendList(out *[]string, typ *libhdf5.Type, v any) {
	rv := reflect.ValueOf(v)
	if rv.Kind() != reflect.Slice {
		*out = append(*out, fmt.Sprint(v))
		return
	}
	*out = append(*out, "[")
	for i := range rv.Len() {
		appendElement(out, typ, rv.Index(i).Interface())
	}
	*out = append(*out, "]")
}

func floatText(x float64) string {
	if math.IsNaN(x) {
		return "nan"
	}
	return hex.EncodeToString(binary.BigEndian.AppendUint64(nil, math.Float64bits(x)))
}

// TestMain lets the test binary be the child process of tests that need one.
func TestMain(m *testing.M) {
	if child := children[os.Getenv("H5_TEST_CHILD")]; child != nil {
		child(os.Args[1:])
		os.Exit(0)
	}
	code := m.Run()
	if helperDir != "" {
		os.RemoveAll(helperDir)
	}
	if err := CloseAll(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 1
	}
	os.Exit(code)
}

// children are the things a child process does, by the value of H5_TEST_CHILD.
var children = map[string]func(args []string){}
