package h5

import (
	"fmt"
	"io/fs"
	"math"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"sync"
	"testing"
	"time"

	"gofive/h5/internal/wire"
)

// helperDir is where buildHelper leaves gofive-arrow, until TestMain removes it.
var helperDir string

var buildHelper = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "gofive-arrow-")
	if err != nil {
		return "", err
	}
	helperDir = dir
	path := filepath.Join(dir, arrowHelper)
	build := exec.Command("go", "build", "-o", path, "./cmd/gofive-arrow")
	build.Env = append(os.Environ(), "CGO_ENABLED=0") // as install/make/build.sh does, whatever HDF5 the tests link
	out, err := build.CombinedOutput()
	if err != nil {
		err = fmt.Errorf("%w\n%s", err, out)
	}
	return path, err
})

// withHelper builds gofive-arrow, and says where it is.
func withHelper(t *testing.T) {
	t.Helper()
	if testing.Short() {
		t.Skip("SKIPPED: builds gofive-arrow")
	}
	path, err := buildHelper()
	must(t, err)
	t.Setenv(ArrowEnv, path)
}

// formats are the kinds of files with their functions.
var formats = []struct {
	name  string
	write func(t *Table, path string) error
	read  func(path string, columns ...string) (*Table, error)
}{
	{"arrow", (*Table).WriteArrow, ReadArrow},
	{"parquet", (*Table).WriteParquet, ReadParquet},
}

// TestArrowRoundTrip writes random tables with columns of every type and reads them back.
func TestArrowRoundTrip(t *testing.T) {
	withHelper(t)
	r := rand.New(rand.NewPCG(11, 12))
	for _, rows := range []int{0, 1, 1000} {
		tab := randomTable(t, r, rows)
		bands := make([][2]float32, rows)
		for i := range bands {
			bands[i] = [2]float32{r.Float32(), float32(math.Inf(-1))}
		}
		tab, err := tab.With("bands", bands)
		must(t, err)
		for _, f := range formats {
			path := filepath.Join(t.TempDir(), "x."+f.name)
			must(t, f.write(tab, path))
			back, err := f.read(path)
			must(t, err)
			same(t, back.Names(), tab.Names())
			for i, c := range back.Columns() {
				want := tab.columns[i]
				if fmt.Sprint(c.Raw()) != fmt.Sprint(want.Raw()) || !reflect.DeepEqual(c.shape, want.shape) || c.Datatype().Kind() != want.Datatype().Kind() {
					t.Errorf("%s, %d rows, column %s: got %v %v, want %v %v", f.name, rows, c.Name(), c.Datatype(), c.shape, want.Datatype(), want.shape)
				}
			}
			if rows == 0 {
				continue
			}
			some, err := f.read(path, "bands", tab.Names()[0])
			must(t, err)
			same(t, some.Names(), fmt.Sprint([]string{"bands", tab.Names()[0]}))
			_, err = f.read(path, "nothing")
			check(t, err, ErrNotFound, "nothing")
		}
	}
}

// TestArrowOfFields writes what Arrow has no columns of, or has in another form.
func TestArrowOfFields(t *testing.T) {
	withHelper(t)
	type star struct {
		Pos  struct{ RA, Dec float64 }
		Name string
	}
	rows := []star{{Name: "Σ, \"a\""}, {Name: ""}}
	rows[0].Pos.RA = 1.5
	a, err := NewArray(rows)
	must(t, err)
	tab, err := a.Table()
	must(t, err)
	class := &Array{typ: Enum(map[string]int{"STAR": 1, "QSO": 2}), shape: Shape{2}, data: []int32{2, 1}}
	tab, err = tab.With("CLASS", class)
	must(t, err)
	for _, f := range formats {
		path := filepath.Join(t.TempDir(), "x")
		must(t, f.write(tab, path))
		back, err := f.read(path)
		must(t, err)
		same(t, back.Names(), "[Pos.RA Pos.Dec Name CLASS]")
		same(t, column(t, back, nil, "Pos.RA"), "[1.5 0]")
		same(t, column(t, back, nil, "Name"), "[Σ, \"a\" ]")
		same(t, column(t, back, nil, "CLASS"), "[QSO STAR]")
		bad, err := tab.With("Z", []complex128{1, 2})
		must(t, err)
		check(t, f.write(bad, filepath.Join(t.TempDir(), "y")), ErrType, "Z", "complex128")
	}
}

// TestArrowMistakes gives files that are not there, or are something else.
func TestArrowMistakes(t *testing.T) {
	withHelper(t)
	dir := t.TempDir()
	text := filepath.Join(dir, "x.txt")
	must(t, os.WriteFile(text, []byte("PAR1 is how such a file begins, and this is none"), 0o600))
	for _, f := range formats {
		_, err := f.read(filepath.Join(dir, "none"))
		check(t, err, fs.ErrNotExist, "none")
		_, err = f.read(dir)
		check(t, err, ErrLibrary, "directory")
		_, err = f.read(text)
		check(t, err, ErrDamaged, "x.txt")
		check(t, f.write(stars(t), filepath.Join(dir, "no", "x")), fs.ErrNotExist, "no")
	}
	t.Setenv(ArrowEnv, filepath.Join(dir, "no-helper"))
	_, err := ReadArrow(text)
	check(t, err, ErrLibrary, "no-helper")
}

// TestHelperMisbehaves has programs in the place of gofive-arrow.
func TestHelperMisbehaves(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "x")
	must(t, os.WriteFile(file, nil, 0o600))
	helper := func(shell string) {
		path := filepath.Join(dir, "helper")
		must(t, os.WriteFile(path, []byte("#!/bin/sh\n"+shell+"\n"), 0o700))
		t.Setenv(ArrowEnv, path)
	}
	helper("exit 0")
	_, err := ReadArrow(file)
	check(t, err, ErrLibrary, "sent no table")
	helper("echo one; echo 'panic: two' >&2; exit 2")
	_, err = ReadArrow(file)
	check(t, err, ErrDamaged, "panic: two")
	helper("echo late >&2; exit 1")
	check(t, stars(t).WriteParquet(file), ErrDamaged, "late")
	helper(`: >"$0.runs"; exec sleep 60`)
	go func() {
		for {
			if _, err := os.Stat(filepath.Join(dir, "helper.runs")); err == nil {
				break
			}
			time.Sleep(time.Millisecond)
		}
		Interrupt()
	}()
	_, err = ReadParquet(file)
	check(t, err, ErrInterrupted, "interrupted")
}

// TestWhatHasNoValue looks at the columns that say where a file has no values.
func TestWhatHasNoValue(t *testing.T) {
	got := newTableOf(&wire.Table{Rows: 2, Columns: []wire.Column{
		{Name: "n", Data: []int32{1, 0}, Null: []bool{false, true}}, {Name: "x", Data: []float64{1, math.NaN()}}, {Name: "n_null", Data: []bool{true, true}}}})
	same(t, got.Names(), "[n x n_null n_null.1]")
	same(t, column(t, got, nil, "n"), "[1 0]")
	same(t, column(t, got, nil, "n_null.1"), "[false true]")
}
