package h5mpi

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
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
		must(t, boss.SampleFITS(filepath.Join(dir, "fits"), boss.SampleFITSOptions{Plates: 2, Fibers: []int{1, 2, 3, 4, 5}}))
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
			if id.Fiber < 5 {
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

// TestBoss has ranks write files of spectra together.
func TestBoss(t *testing.T) {
	files, query, dir := bossFiles(t)
	t.Run("subset", func(t *testing.T) { subsetTogether(t, files, query, dir) })
	t.Run("forms", func(t *testing.T) { formsTogether(t, files, query, dir) })
	t.Run("reductions", func(t *testing.T) { reductionsTogether(t, files[0], dir) })
	t.Run("commands", func(t *testing.T) { commandsTogether(t, files, dir) })
	t.Run("resume", func(t *testing.T) { resumeTogether(t, files, query, dir) })
	t.Run("go on", func(t *testing.T) { goOnTogether(t, files, query, dir) })
}

// subsetTogether compares a file of ranks with that of one process.
func subsetTogether(t *testing.T, files []string, query, dir string) {
	ctx := context.Background()
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

// formsTogether does the same in the other layout, and compressed. What is interrupted on the way is begun again.
func formsTogether(t *testing.T, files []string, query, dir string) {
	ctx := context.Background()
	frames := filepath.Join(dir, "frames")
	if mpi.Rank() == 0 {
		must(t, boss.SampleFITS(frames, boss.SampleFITSOptions{Plates: 1, Fibers: []int{1, 2, 3, 501}, Exposures: 1}))
	}
	must(t, mpi.Barrier())
	works := map[string]func(ctx context.Context, out string, o boss.Options) (*boss.Result, error){
		"subset": func(ctx context.Context, out string, o boss.Options) (*boss.Result, error) {
			return boss.Subset(ctx, files, query, out, o)
		},
		"convert": func(ctx context.Context, out string, o boss.Options) (*boss.Result, error) {
			return boss.Convert(ctx, []string{filepath.Join(frames, "plates")}, out, o)
		},
	}
	for _, name := range []string{"subset", "convert"} {
		for _, form := range []boss.Options{{Layout: boss.V2}, {Layout: boss.V2, Gzip: 1}, {Layout: boss.V1, Gzip: 1}} {
			out := filepath.Join(dir, fmt.Sprintf("%s-%v-%d", name, form.Layout, form.Gzip))
			if mpi.Rank() == 0 {
				_, err := works[name](ctx, out+"-serial.h5", form)
				must(t, err)
			}
			must(t, mpi.Barrier())
			form.Ranks, form.Access = mpi.World, MPIO(mpi.World)
			for asked := int64(20); mpi.Size() > 1; asked += 20 {
				last := &fuse{Context: ctx}
				if last.left.Store(1 << 40); mpi.Rank() == mpi.Size()-1 {
					last.left.Store(asked)
				}
				if _, err := works[name](last, out+".h5", form); err == nil {
					break
				} else if !strings.Contains(err.Error(), context.Canceled.Error()) {
					t.Fatalf("rank %d, %s asked %d times: %v", mpi.Rank(), name, asked, err)
				}
			}
			if mpi.Size() == 1 {
				_, err := works[name](ctx, out+".h5", form)
				must(t, err)
			}
			if mpi.Rank() == 0 {
				sameObjects(t, out+".h5", out+"-serial.h5")
			}
		}
	}
}

// reductionsTogether stacks fibers that have columns in different types, as those of different reductions may, and compares with what
// one process makes of them. That no type has the values of all is an error on all ranks.
func reductionsTogether(t *testing.T, from, dir string) {
	ctx := context.Background()
	mixed := filepath.Join(dir, "mixed.h5")
	if mpi.Rank() == 0 {
		text, err := os.ReadFile(from)
		must(t, err)
		must(t, os.WriteFile(mixed, text, 0o644))
		retype(t, mixed, "3655/55240/3", "OR_MASK", uint32(1<<31))
		retype(t, mixed, "3655/55240/5", "AND_MASK", int64(1<<62+1))
		retype(t, mixed, "3656/55241/1", "OR_MASK", int64(-1<<40))
		retype(t, mixed, "3656/55241/4", "FLUX", 1e300)
	}
	must(t, mpi.Barrier())
	for _, form := range []boss.Options{{Layout: boss.V2}, {Layout: boss.V2, Gzip: 1}, {Layout: boss.V1}} {
		out := filepath.Join(dir, fmt.Sprintf("mixed-%v-%d", form.Layout, form.Gzip))
		if mpi.Rank() == 0 {
			_, err := boss.Subset(ctx, []string{mixed}, "", out+"-serial.h5", form)
			must(t, err)
		}
		form.Ranks, form.Access = mpi.World, MPIO(mpi.World)
		_, err := boss.Subset(ctx, []string{mixed}, "", out+".h5", form)
		must(t, err)
		if mpi.Rank() != 0 {
			continue
		}
		sameObjects(t, out+".h5", out+"-serial.h5")
		if form.Layout == boss.V2 {
			arrayTypes(t, out+".h5", map[string]*h5.Datatype{"3655/55240/coadds/or_mask": h5.Int64, "3655/55240/coadds/and_mask": h5.Int64,
				"3656/55241/coadds/or_mask": h5.Int64, "3656/55241/coadds/flux": h5.Float64, "3656/55241/coadds/and_mask": h5.Int32})
		}
	}
	if mpi.Rank() == 0 {
		retype(t, mixed, "3655/55240/4", "AND_MASK", uint64(1<<63))
	}
	must(t, mpi.Barrier())
	_, err := boss.Subset(ctx, []string{mixed}, "", filepath.Join(dir, "unfit.h5"),
		boss.Options{Layout: boss.V2, Ranks: mpi.World, Access: MPIO(mpi.World)})
	// Which of two fibers that do not fit is named, is whichever a rank has met later.
	for _, says := range []string{"fiber 3655-55240-", "its column AND_MASK is ", "uint64", "layout v1"} {
		if err == nil || !strings.Contains(err.Error(), says) || strings.Contains(err.Error(), "again") {
			t.Errorf("masks without a type for all: %v, want %q", err, says)
		}
	}
	must(t, mpi.Barrier())
}

// arrayTypes compares the types of arrays; their byte order does not count.
func arrayTypes(t *testing.T, path string, want map[string]*h5.Datatype) {
	t.Helper()
	f, err := h5.Open(path)
	must(t, err)
	defer f.Close()
	for name, typ := range want {
		d, err := f.Dataset(name)
		must(t, err)
		if !d.Datatype().LittleEndian().Equal(typ.LittleEndian()) {
			t.Errorf("%s of %s is %v, want %v", name, path, d.Datatype(), typ)
		}
		must(t, d.Close())
	}
}

// retype gives a column of a fiber's spectrum another type, and its first value.
func retype[T int64 | uint32 | uint64 | float64](t *testing.T, path, fiber, column string, first T) {
	t.Helper()
	f, err := h5.OpenFile(path, "r+")
	must(t, err)
	d, err := f.Dataset(fiber + "/coadd")
	must(t, err)
	table, err := d.Table()
	must(t, err)
	was, err := table.Column(column)
	must(t, err)
	var values []T
	must(t, was.ReadInto(&values))
	values[0] = first
	table, err = table.With(column, values)
	must(t, err)
	cards, err := d.Attrs()
	must(t, err)
	texts := make([]any, len(cards))
	for i, c := range cards {
		texts[i], err = c.Value()
		must(t, err)
	}
	must(t, errors.Join(d.Close(), f.Delete(fiber+"/coadd"), f.Set(fiber+"/coadd", table)))
	d, err = f.Dataset(fiber + "/coadd")
	must(t, err)
	for i, c := range cards {
		must(t, d.SetAttr(c.Name(), texts[i]))
	}
	must(t, errors.Join(d.Close(), f.Close()))
}

// resumeTogether interrupts one of the ranks before it has begun, and goes on.
func resumeTogether(t *testing.T, files []string, query, dir string) {
	several(t)
	serial, together := filepath.Join(dir, "serial.h5"), filepath.Join(dir, "resumed.h5")
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
		sameObjects(t, together, serial)
	}
}

// fuse is a context that ends when it was asked so often whether it has.
type fuse struct {
	context.Context
	left atomic.Int64
}

func (f *fuse) Err() error {
	if f.left.Add(-1) < 0 {
		return context.Canceled
	}
	return nil
}

// goOnTogether interrupts one of the ranks later and later, in all that they do, and has the next run go on.
func goOnTogether(t *testing.T, files []string, query, dir string) {
	several(t)
	serial, together := filepath.Join(dir, "serial.h5"), filepath.Join(dir, "later.h5")
	interrupted := 0
	for asked := int64(0); ; asked++ {
		ctx := &fuse{Context: context.Background()}
		ctx.left.Store(1 << 40)
		if mpi.Rank() == mpi.Size()-1 {
			ctx.left.Store(asked)
		}
		_, err := boss.Subset(ctx, files, query, together, boss.Options{Ranks: mpi.World, Access: MPIO(mpi.World)})
		if err == nil {
			break
		}
		if interrupted++; !strings.Contains(err.Error(), context.Canceled.Error()) {
			t.Fatalf("rank %d, asked %d times: %v", mpi.Rank(), asked, err)
		}
	}
	if interrupted < 3 {
		t.Errorf("interrupted %d times", interrupted)
	}
	if mpi.Rank() == 0 {
		sameObjects(t, together, serial)
	}
}

// commandsTogether does the same for the other commands.
func commandsTogether(t *testing.T, files []string, dir string) {
	ctx := context.Background()
	spectra := filepath.Join(dir, "fits", "spectra")
	commands := map[string]func(out string, o boss.Options) (*boss.Result, error){
		"convert": func(out string, o boss.Options) (*boss.Result, error) {
			return boss.Convert(ctx, []string{spectra}, out, o)
		},
		"add": func(out string, o boss.Options) (*boss.Result, error) {
			return boss.Add(ctx, out, []string{spectra, files[1]}, "", o)
		},
		"update": func(out string, o boss.Options) (*boss.Result, error) {
			return boss.Update(ctx, out, files, "FIBERID > 1", o)
		},
		"remove": func(out string, o boss.Options) (*boss.Result, error) {
			return boss.Remove(ctx, out, "FIBERID == 3", o)
		},
	}
	for _, name := range []string{"convert", "add", "update", "remove"} {
		serial, together := filepath.Join(dir, name+"-serial.h5"), filepath.Join(dir, name+"-ranks.h5")
		if mpi.Rank() == 0 {
			if name != "convert" {
				text, err := os.ReadFile(files[0])
				must(t, err)
				must(t, errors.Join(os.WriteFile(serial, text, 0o644), os.WriteFile(together, text, 0o644)))
			}
			_, err := commands[name](serial, boss.Options{})
			must(t, err)
		}
		must(t, mpi.Barrier())
		_, err := commands[name](together, boss.Options{Ranks: mpi.World, Access: MPIO(mpi.World)})
		must(t, err)
		if mpi.Rank() == 0 {
			sameObjects(t, together, serial)
		}
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
	text += fmt.Sprintln(d.Datatype(), d.Shape(), d.Chunks(), d.Filters())
	if len(d.FieldNames()) == 0 {
		values, err := d.Slice()
		if err != nil {
			return "", err
		}
		return text + fmt.Sprintln(values.Raw()), nil
	}
	for _, name := range d.FieldNames() {
		values, err := d.Field(name)
		if err != nil {
			return "", err
		}
		text += fmt.Sprintln(name, values.Raw())
	}
	return text, nil
}
