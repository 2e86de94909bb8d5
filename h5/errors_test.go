package h5

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// sample makes the file that the tests of errors look into.
func sample(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "sample.h5")
	f, err := Create(path)
	must(t, err)
	defer f.Close()
	type row struct {
		WAVE, FLUX float32
	}
	must(t, f.Set("3655/55240/30/coadd", make([]row, 50)))
	must(t, f.Set("energy", [][]float64{{1, 2, 3}, {4, 5, 6}}))
	must(t, f.SetAttr("instrument", "BOSS"))
	must(t, f.Softlink("broken", "/nowhere"))
	must(t, f.ExternalLink("away", "other.h5", "/x"))
	_, err = f.CreateGroup("empty")
	must(t, err)
	return path
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// check looks at an error's kind and text.
func check(t *testing.T, err error, kind error, parts ...string) {
	t.Helper()
	var e *Error
	if !errors.As(err, &e) || !errors.Is(err, kind) {
		t.Errorf("got %T %v, want an *Error of kind %q", err, err, kind)
		return
	}
	for _, p := range append(parts, "h5: ") {
		if !strings.Contains(err.Error(), p) {
			t.Errorf("got  %v\nwant %q in it", err, p)
		}
	}
}

func TestErrorsOfFiles(t *testing.T) {
	dir := t.TempDir()
	write := func(name, content string) string {
		path := filepath.Join(dir, name)
		must(t, os.WriteFile(path, []byte(content), 0o644))
		return path
	}
	whole, err := os.ReadFile(sample(t))
	must(t, err)
	good := write("plate-3655.h5", string(whole))
	pipe := filepath.Join(dir, "pipe")
	must(t, syscall.Mkfifo(pipe, 0o600))
	cases := []struct {
		name, path, mode string
		kind             error
		want             []string
	}{
		{"missing", filepath.Join(dir, "plate-3656.h5"), "r", fs.ErrNotExist, []string{"no such file", `did you mean "plate-3655.h5"`}},
		{"missing directory", filepath.Join(dir, "gone", "x.h5"), "r", fs.ErrNotExist, []string{"no such file", "is not there either"}},
		{"directory", dir, "r", ErrNotHDF5, []string{"it is a directory", "plate-3655.h5"}},
		{"pipe", pipe, "r", ErrNotHDF5, []string{"it is a pipe or socket"}},
		{"text", write("notes.txt", "wavelength flux\n3600 1.0\n"), "r", ErrNotHDF5, []string{"not an HDF5 file", `text file that begins "wavelength flux"`}},
		{"FITS", write("spec.fits", "SIMPLE  =                    T"), "r", ErrNotHDF5, []string{"is a FITS file"}},
		{"web page", write("download.h5", "<!DOCTYPE html><html>"), "r", ErrNotHDF5, []string{"is a web page"}},
		{"bytes", write("noise.h5", "\x00\x01\x02\xff\xfe\x80\x81\x82\x83"), "r", ErrNotHDF5, []string{"not an HDF5 file", "begins with"}},
		{"empty", write("empty.h5", ""), "r", ErrNotHDF5, []string{"the file is empty (0 bytes)"}},
		{"truncated", write("short.h5", string(whole[:len(whole)/2])), "r", ErrTruncated,
			[]string{fmt.Sprintf("%d bytes are there, %d are expected", len(whole)/2, len(whole))}},
		{"exclusive", good, "x", ErrExists, []string{"exists already"}},
		{"create in missing directory", filepath.Join(dir, "gone", "x.h5"), "w", fs.ErrNotExist, []string{"its directory does not exist"}},
		{"unknown mode", good, "rw", ErrType, []string{`unknown mode "rw"`, `"r+"`}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f, err := OpenFile(c.path, c.mode)
			if err == nil {
				f.Close()
				t.Fatal("it opens")
			}
			check(t, err, c.kind, append(c.want, filepath.Base(c.path))...)
		})
	}
}

func TestErrorsInsideFiles(t *testing.T) {
	path := sample(t)
	f, err := Open(path)
	must(t, err)
	defer f.Close()
	coadd, err := f.Dataset("3655/55240/30/coadd")
	must(t, err)
	energy, err := f.Dataset("energy")
	must(t, err)
	get := func(p string) func() error { return func() error { _, err := f.Get(p); return err } }
	slice := func(d *Dataset, sel ...any) func() error {
		return func() error { _, err := d.Slice(sel...); return err }
	}
	cases := []struct {
		name string
		do   func() error
		kind error
		want []string
	}{
		{"first part", get("3656/55240"), ErrNotFound, []string{`there is no "3656" in /`, `did you mean "3655"?`}},
		{"middle part", get("3655/55241/30/coadd"), ErrNotFound, []string{`"3655/55241/30/coadd"`, `there is no "55241" in /3655`, `"55240"`}},
		{"last part", get("/3655/55240/30/coad"), ErrNotFound, []string{`no "coad" in /3655/55240/30`, `did you mean "coadd"?`}},
		{"in a dataset", get("energy/x"), ErrNotFound, []string{"/energy is a dataset and holds nothing by name"}},
		{"in an empty group", get("empty/x"), ErrNotFound, []string{"/empty is an empty group"}},
		{"broken link", get("broken"), ErrNotFound, []string{`/broken is a soft link to "/nowhere"`}},
		{"missing external file", get("away"), ErrNotFound, []string{`"/x" in file "other.h5"`}},
		{"empty name", get(""), ErrNotFound, []string{"must not be empty"}},
		{"zero byte", get("a\x00b"), ErrNotFound, []string{"zero byte"}},
		{"group as dataset", func() error { _, err := f.Dataset("3655"); return err }, ErrType, []string{"it is a group", `it holds "55240"`}},
		{"dataset as group", func() error { _, err := f.Group("energy"); return err }, ErrType, []string{"it is a dataset"}},
		{"index", slice(coadd, 50), ErrRange, []string{"50 is outside axis 0 of length 50", "0 to 49"}},
		{"negative index", slice(energy, 0, -4), ErrRange, []string{"-4 is outside axis 1 of length 3"}},
		{"interval", slice(coadd, "40:60"), ErrRange, []string{"60 is outside axis 0 of length 50", "leave a bound out"}},
		{"too many axes", slice(coadd, "1, 2"), ErrRange, []string{"2 axes selected of 1"}},
		{"mask", slice(coadd, []bool{true}), ErrShape, []string{"a mask of 1 values for axis 0 of length 50"}},
		{"words", slice(coadd, "first"), ErrRange, []string{`selection "first"`, "as numpy does"}},
		{"step 0", slice(coadd, "::0"), ErrRange, []string{"step of 0"}},
		{"a float", slice(coadd, 1.5), ErrRange, []string{"float64"}},
		{"field", func() error { _, err := coadd.Field("WAFE"); return err }, ErrNotFound, []string{`"WAFE"`, "/3655/55240/30/coadd has no such field", `did you mean "WAVE"?`}},
		{"field of numbers", func() error { _, err := energy.Field("WAVE"); return err }, ErrType, []string{"float64, without fields"}},
		{"table of numbers", func() error { _, err := energy.Table(); return err }, ErrType, []string{"float64 have no columns"}},
		{"attribute", func() error { _, err := f.Attr("instrumnt"); return err }, ErrNotFound, []string{"/ has no such attribute", `did you mean "instrument"?`}},
		{"attribute of none", func() error { _, err := energy.Attr("units"); return err }, ErrNotFound, []string{"/energy has no attributes"}},
		{"write", func() error { return energy.Write(1.0) }, ErrReadOnly, []string{"read-only", `h5.OpenFile(path, "r+")`}},
		{"write attribute", func() error { return energy.SetAttr("a", 1) }, ErrReadOnly, []string{"read-only"}},
		{"store", func() error { return f.Set("new", 1) }, ErrReadOnly, []string{`"new"`, "read-only"}},
		{"delete", func() error { return f.Delete("energy") }, ErrReadOnly, []string{"read-only"}},
		{"narrow", func() error { var v []int; return energy.ReadInto(&v, 1) }, nil, nil},
		{"loss", func() error { var v []uint8; return coadd.ReadInto(&v) }, ErrType, []string{"slice of structs"}},
		{"scalar", func() error { _, err := ReadOne[float64](energy); return err }, ErrShape, []string{"6 elements do not go into one float64"}},
		{"no pointer", func() error { return energy.ReadInto([]float64{}) }, ErrType, []string{"&v"}},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			err := c.do()
			if c.kind == nil {
				must(t, err)
				return
			}
			check(t, err, c.kind, append(c.want, path)...)
		})
	}
}

func TestErrorsOfClosedThings(t *testing.T) {
	f, err := Open(sample(t))
	must(t, err)
	d, err := f.Dataset("energy")
	must(t, err)
	g, err := f.Group("3655")
	must(t, err)
	must(t, g.Close())
	must(t, g.Close())
	_, err = g.Keys()
	check(t, err, ErrClosed, "/3655", "get it from the file again")
	_, err = g.Dataset("x")
	check(t, err, ErrClosed, `open dataset "x" in`, "/3655 is closed", "get it from the file again")
	must(t, f.Close())
	must(t, f.Close())
	for name, do := range map[string]func() error{
		"keys":    func() error { _, err := f.Keys(); return err },
		"dataset": func() error { _, err := f.Dataset("energy"); return err },
		"slice":   func() error { _, err := d.Slice(); return err },
		"attrs":   func() error { _, err := d.Attrs(); return err },
		"flush":   func() error { return f.Flush() },
		"write":   func() error { return d.Write(1) },
	} {
		t.Run(name, func(t *testing.T) { check(t, do(), ErrClosed, "the file is closed", "open it again") })
	}
	for want, do := range map[string]func() error{ // what it was about, and not the root group
		`create dataset "new" in`:  func() error { _, err := f.CreateDataset("new", Int8, Shape{1}); return err },
		`create group "new" in`:    func() error { _, err := f.CreateGroup("new"); return err },
		`store "new" in`:           func() error { return f.Set("new", 1) },
		`open dataset "energy" in`: func() error { _, err := f.Dataset("energy"); return err },
		`open dataset "other" in`:  func() error { _, err := f.Dataset("other", DatasetAccess{VirtualGap: 1}); return err },
		`look for "energy" in`:     func() error { _, err := f.Has("energy"); return err },
		`write attribute "a" in`:   func() error { return f.SetAttr("a", 1) },
		`read attribute "a" in`:    func() error { _, err := f.Attr("a"); return err },
		`flush file "`:             f.Flush,
	} {
		check(t, do(), ErrClosed, want)
	}
	for _, v := range []fmt.Stringer{f, d, g} {
		if !strings.HasSuffix(v.String(), "(closed)") {
			t.Errorf("%v does not say that it is closed", v)
		}
	}
	if d.ID() != -1 {
		t.Errorf("a closed dataset has the id %d", d.ID())
	}
}

func TestErrorsOfWriting(t *testing.T) {
	path := sample(t)
	f, err := OpenFile(path, "r+")
	must(t, err)
	defer f.Close()
	energy, err := f.Dataset("energy")
	must(t, err)
	small, err := f.CreateDataset("small", Uint8, Shape{3})
	must(t, err)
	null, err := f.CreateDataset("null", Float64, Null)
	must(t, err)
	coadd, err := f.Dataset("3655/55240/30/coadd")
	must(t, err)
	create := func(s Shape, c DatasetCreate) error {
		_, err := f.CreateDataset("new", Float64, s, c)
		return err
	}
	cases := []struct {
		name string
		err  error
		kind error
		want string
	}{
		{"wrong shape", energy.Write([]float64{1, 2}), ErrShape, "a value of shape (2) for a selection of shape (2, 3)"},
		{"too large a number", small.Write([]int{1, 2, 300}), ErrType, "300 (int) does not fit elements of type uint8"},
		{"negative", small.Write(-1), ErrType, "-1 (int) does not fit elements of type uint8"},
		{"fraction", small.Write(1.5), ErrType, "1.5 (float64) does not fit elements of type uint8"},
		{"null", null.Write(1), ErrShape, "a null dataspace, which holds nothing"},
		{"large attribute", f.SetAttr("large", make([]float64, 10000)), ErrTooLarge, "at most 64 KB"},
		{"text", energy.Write("x"), ErrType, "does not fit elements of type float64"},
		{"exists", f.Set("energy", 1), ErrExists, "there is something of that name already"},
		{"nil", f.Set("nil", nil), ErrType, "nil cannot be stored"},
		{"function", f.Set("func", func() {}), ErrType, "cannot be stored"},
		{"ragged", f.Set("cube", [][][]int{{{1}, {2}}, {{3}}}), ErrShape, "slices of 2 and of 1 elements"},
		{"missing member", coadd.Write([]struct{ WAVE float32 }{{1}}, "0:1"), ErrType, `no field for member "FLUX"`},
		{"unknown field", coadd.WriteField("WAFE", 1), ErrNotFound, `did you mean "WAVE"?`},
		{"chunks", create(Shape{3}, DatasetCreate{Chunks: Shape{1, 1}}), ErrShape, "chunks (1, 1) for shape (3)"},
		{"gzip", create(Shape{3}, DatasetCreate{Gzip: 11}), ErrRange, "gzip level 11"},
		{"scalar in chunks", create(Shape{}, DatasetCreate{Gzip: 1}), ErrShape, "a single value cannot be"},
		{"resize", energy.Resize(3, 3), ErrShape, "stored in one piece"},
		{"delete nothing", f.Delete("nothing"), ErrNotFound, `no "nothing" in /`},
		{"option", func() error { _, err := Open(path, DatasetCreate{}); return err }(), ErrType, "give h5.FileAccess"},
		{"empty again", func() error { _, err := Create(path); return err }(), ErrLocked, "it is open in this session"},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) { check(t, c.err, c.kind, c.want) })
	}
	var before [2][3]float64
	must(t, energy.ReadInto(&before))
	if before != [2][3]float64{{1, 2, 3}, {4, 5, 6}} {
		t.Errorf("a failed write changed the data: %v", before)
	}
}

func TestNoPermission(t *testing.T) {
	if os.Getuid() != 0 {
		path := sample(t)
		must(t, os.Chmod(path, 0))
		_, err := Open(path)
		check(t, err, fs.ErrPermission, "no permission to read")
		return
	}
	path := filepath.Join(openDir(t), "secret.h5")
	must(t, os.Rename(sample(t), path))
	must(t, os.Chmod(path, 0o200))
	out, err := child(t, "permission", path).CombinedOutput()
	if err != nil || !strings.Contains(string(out), "no permission to read") || !strings.Contains(string(out), "true") {
		t.Errorf("child: %v\n%s", err, out)
	}
}

// openDir is a temporary directory that every user can enter.
func openDir(t *testing.T) string {
	dir, err := os.MkdirTemp("", "h5-test-")
	must(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	must(t, os.Chmod(dir, 0o777))
	return dir
}

// child is this test binary as another process, doing one of the things in children.
func child(t *testing.T, what string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	must(t, err)
	cmd := exec.Command(self, args...)
	cmd.Env = append(os.Environ(), "H5_TEST_CHILD="+what)
	return cmd
}

func init() {
	children["permission"] = func(args []string) {
		if err := syscall.Setuid(65534); err != nil {
			fmt.Println(err)
			return
		}
		_, err := Open(args[0])
		fmt.Println(err, errors.Is(err, fs.ErrPermission))
	}
	children["lock"] = func(args []string) {
		f, err := OpenFile(args[0], "r+")
		fmt.Println("open", err)
		io.Copy(io.Discard, os.Stdin)
		if err == nil {
			f.Close()
		}
	}
}

func TestLockedByAnotherProcess(t *testing.T) {
	path := sample(t)
	cmd := child(t, "lock", path)
	in, err := cmd.StdinPipe()
	must(t, err)
	out, err := cmd.StdoutPipe()
	must(t, err)
	must(t, cmd.Start())
	line, err := bufio.NewReader(out).ReadString('\n')
	if err != nil || line != "open <nil>\n" {
		t.Fatalf("child: %q %v", line, err)
	}
	_, err = Open(path)
	check(t, err, ErrLocked, "the file is locked", fmt.Sprintf("(process %d) has it open for writing", cmd.Process.Pid), "h5.FileAccess{Locking: h5.LockOff}")
	careless, err := Open(path, FileAccess{Locking: LockOff})
	must(t, err)
	must(t, careless.Close())
	in.Close()
	must(t, cmd.Wait())
	f, err := Open(path)
	must(t, err)
	must(t, f.Close())
}

func TestOpenReadOnlyAlready(t *testing.T) {
	path := sample(t)
	f, err := Open(path)
	must(t, err)
	defer f.Close()
	_, err = OpenFile(path, "r+")
	check(t, err, ErrLocked, "already open read-only in this session", "close the other")
	again, err := Open(path)
	must(t, err)
	must(t, again.Close())
	if _, err := f.Keys(); err != nil {
		t.Errorf("closing one of two of the same file closed both: %v", err)
	}
}

func TestRecover(t *testing.T) {
	left := filepath.Join(shared, "hdf5/corrupt/jamesmudd+jhdf/test_byteshuffle_compressed_datasets_latest.hdf5")
	content, err := os.ReadFile(left)
	if err != nil {
		t.Skipf("SKIPPED: %s is not there", left)
	}
	path := filepath.Join(t.TempDir(), "left.h5")
	must(t, os.WriteFile(path, content, 0o644))
	_, err = Open(path)
	check(t, err, ErrLocked, "marked as open for writing", "h5.Recover(path)")
	must(t, Recover(path))
	f, err := Open(path)
	must(t, err)
	must(t, f.Close())
	check(t, Recover(path+".gone"), fs.ErrNotExist, "recover file", "no such file")
}

// TestDescriptorsAreNotInherited checks that a child of ours does not keep a file locked.
func TestDescriptorsAreNotInherited(t *testing.T) {
	path := sample(t)
	f, err := OpenFile(path, "r+")
	must(t, err)
	sleeper := exec.Command("sleep", "60")
	must(t, sleeper.Start())
	defer func() { sleeper.Process.Kill(); sleeper.Wait() }()
	must(t, f.Close())
	links, err := filepath.Glob(fmt.Sprintf("/proc/%d/fd/*", sleeper.Process.Pid))
	must(t, err)
	for _, l := range links {
		if target, _ := os.Readlink(l); target == path {
			t.Errorf("the child has %s open", target)
		}
	}
}

func TestErrorsExplain(t *testing.T) {
	f, err := Open(sample(t))
	must(t, err)
	defer f.Close()
	_, err = f.Get("broken")
	var e *Error
	if !errors.As(err, &e) || len(e.Stack) == 0 || !strings.Contains(e.Explain(), "H5") {
		t.Errorf("%v has no explanation of the library", err)
	}
}
