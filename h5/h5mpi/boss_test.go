package h5mpi

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gofive/h5"
	"gofive/h5/boss"
	"gofive/mpi"
)

// bossFiles has rank 0 make two files of fibers, some of them in both, and a list of what is wanted that names one twice and one that is
// nowhere.
func bossFiles(t *testing.T) (files []string, query, dir string) {
	t.Helper()
	dir = sharedPath(t, "")
	files = []string{filepath.Join(dir, "a.h5"), filepath.Join(dir, "b.h5")}
	query = filepath.Join(dir, "wanted.pmf")
	if mpi.Rank() == 0 {
		ctx := context.Background()
		must(t, boss.SampleFITS(filepath.Join(dir, "fits"), boss.SampleFITSOptions{Plates: 2, Fibers: []int{1, 2, 3, 4, 5, 6, 7}}))
		_, err := boss.Convert(ctx, []string{filepath.Join(dir, "fits", "spectra")}, files[0], boss.Options{})
		must(t, err)
		_, err = boss.Subset(ctx, files[:1], "FIBERID < 4", files[1], boss.Options{})
		must(t, err)
		_, err = boss.Remove(ctx, files[0], "FIBERID == 2", boss.Options{})
		must(t, err)
		list := "plates mjds fibers\n"
		set, err := boss.Query(dir, "")
		must(t, err)
		for _, id := range set.IDs() {
			if id.Fiber < 7 {
				list += strings.Join(strings.Fields(strings.NewReplacer("-", " ").Replace(id.String())), " ") + "\n"
			}
		}
		lines := strings.Split(list, "\n")
		list += lines[1] + "\n3655 55240 999\n"
		must(t, os.WriteFile(query, []byte(list), 0o644))
	}
	must(t, mpi.Barrier())
	return files, query, dir
}

// TestBossSubset has ranks write one file together, and compares it with that of one process.
func TestBossSubset(t *testing.T) {
	ctx := context.Background()
	files, query, dir := bossFiles(t)
	serial, together := filepath.Join(dir, "serial.h5"), filepath.Join(dir, "together.h5")
	var want boss.Result
	if mpi.Rank() == 0 {
		r, err := boss.Subset(ctx, files, query, serial, boss.Options{})
		must(t, err)
		want = *r
	}
	must(t, mpi.Bcast(&want, 0))
	got, err := boss.Subset(ctx, files, query, together, boss.Options{Ranks: mpi.World, Access: MPIO(mpi.World)})
	must(t, err)
	if got.Fibers != want.Fibers || got.Equal != want.Equal || got.Nights != want.Nights || !slices.Equal(got.Problems, want.Problems) {
		t.Errorf("rank %d got %v, want %v", mpi.Rank(), got, &want)
	}
	if len(got.Problems) != 2 || want.Equal == 0 {
		t.Errorf("want one fiber listed twice, one that is nowhere, and some that are in both files: %v", got)
	}
	if mpi.Rank() == 0 {
		sameObjects(t, together, serial)
		if left, _ := filepath.Glob(together + ".*"); len(left) > 0 {
			t.Errorf("%q are left", left)
		}
	}
}

// TestBossResumes interrupts the ranks, and goes on.
func TestBossResumes(t *testing.T) {
	several(t)
	files, query, dir := bossFiles(t)
	serial, together := filepath.Join(dir, "serial.h5"), filepath.Join(dir, "together.h5")
	ctx, cancel := context.WithCancel(context.Background())
	if mpi.Rank() == 1 {
		cancel()
	}
	defer cancel()
	how := boss.Options{Ranks: mpi.World, Access: MPIO(mpi.World)}
	_, err := boss.Subset(ctx, files, query, together, how)
	if mpi.Rank() == 1 && !errors.Is(err, context.Canceled) || mpi.Rank() != 1 && (err == nil || !strings.Contains(err.Error(), "rank 1: ")) {
		t.Errorf("rank %d: %v", mpi.Rank(), err)
	}
	got, err := boss.Subset(context.Background(), files, query, together, how)
	must(t, err)
	if got.Resumed == 0 {
		t.Errorf("%v, and parts of the other ranks were there", got)
	}
	if mpi.Rank() == 0 {
		_, err := boss.Subset(context.Background(), files, query, serial, boss.Options{})
		must(t, err)
		sameObjects(t, together, serial)
	}
}

// sameObjects compares all that is in two files: objects, types, attributes and values.
func sameObjects(t *testing.T, got, want string) {
	t.Helper()
	a, b := objects(t, got), objects(t, want)
	if len(a) != len(b) {
		t.Errorf("%s has %d objects, want %d", got, len(a), len(b))
	}
	for path, text := range b {
		if a[path] != text {
			t.Errorf("%s: %q, want %q", path, a[path], text)
		}
	}
}

// objects gives a text of each object, by its path.
func objects(t *testing.T, path string) map[string]string {
	t.Helper()
	f, err := h5.Open(path)
	must(t, err)
	defer f.Close()
	out := map[string]string{}
	must(t, f.Walk(func(e h5.Entry) error {
		o, err := f.Get(e.Path)
		if err != nil {
			return err
		}
		defer o.Close()
		text, err := described(o)
		out[e.Path] = text
		return err
	}))
	return out
}

// described gives the attributes, types and values of an object.
func described(o h5.Object) (string, error) {
	attrs, err := o.Attrs()
	if err != nil {
		return "", err
	}
	text := ""
	for _, a := range attrs {
		v, err := a.Value()
		if err != nil {
			return "", err
		}
		text += fmt.Sprintln(a.Name(), a.Datatype(), v)
	}
	d, ok := o.(*h5.Dataset)
	if !ok {
		return text, nil
	}
	text += fmt.Sprintln(d.Datatype(), d.Shape())
	for _, name := range d.FieldNames() {
		values, err := d.Field(name)
		if err != nil {
			return "", err
		}
		text += fmt.Sprintln(name, values.Raw())
	}
	return text, nil
}
