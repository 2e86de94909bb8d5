package boss

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"gofive/h5"
)

// small is a conversion in parts of a night.
func small(t *testing.T, sources, out string, o Options) *work {
	t.Helper()
	files, err := inputs([]string{sources})
	if err != nil {
		t.Fatal(err)
	}
	w := &work{op: "convert", out: out, opts: o, result: Result{Did: "converted"}, partFibers: 1}
	w.listing(files, nil)
	return w
}

// A disk that is full in the middle of a conversion, or while fibers are copied as they are, leaves what is complete, and the next
// run goes on with it.
func TestDiskFullAndResume(t *testing.T) {
	// A part takes 2 MB; while layout v2 is written, twice as much; a mega more must be free to copy a fiber as it is.
	for name, test := range map[string]struct {
		room   string
		layout Layout
		copied bool
	}{"v1": {"3m", V1, false}, "v2": {"5m", V2, false}, "copied": {"4m", V1, true}} {
		t.Run(name, func(t *testing.T) {
			dir, disk, o := survey(t), t.TempDir(), Options{Layout: test.layout}
			spectra := filepath.Join(dir, "spectra")
			sources := spectra
			if test.copied {
				sources = filepath.Join(dir, "packed.h5")
				r, err := Convert(context.Background(), []string{spectra}, sources, o)
				fine(t, r, err)
			}
			if err := syscall.Mount("gofive", disk, "tmpfs", 0, "size="+test.room); err != nil {
				t.Skipf("SKIPPED: a small tmpfs cannot be mounted here: %v", err)
			}
			t.Cleanup(func() { syscall.Unmount(disk, syscall.MNT_DETACH) })
			out := filepath.Join(disk, "out.h5")
			_, err := small(t, sources, out, o).run(context.Background())
			if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "the same command again goes on with it") {
				t.Fatalf("on a full disk: %v", err)
			}
			if _, err := os.Stat(out); err == nil {
				t.Error("there is an output all the same")
			}
			if err := syscall.Mount("", disk, "", syscall.MS_REMOUNT, "size=100m"); err != nil {
				t.Fatal(err)
			}
			r, err := small(t, sources, out, o).run(context.Background())
			fine(t, r, err)
			if r.Resumed != 5 || r.Fibers != 10 {
				t.Errorf("%v; want 5 fibers of the first run", r)
			}
			for _, fiber := range []int{2, 734} {
				equalFibers(t, out, spec(dir, 3655, fiber), false)
				equalFibers(t, out, spec(dir, 3656, fiber), false)
			}
			if left, _ := filepath.Glob(filepath.Join(disk, "*")); len(left) != 1 {
				t.Errorf("%q is left beside the output", left)
			}
		})
	}
}

// What an interrupted run kept is not taken for other work, nor for inputs that have changed.
func TestInterrupted(t *testing.T) {
	dir := survey(t)
	sources, out := filepath.Join(dir, "spectra"), filepath.Join(dir, "out.h5")
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := small(t, sources, out, Options{Layout: V1}).run(ctx); !errors.Is(err, context.Canceled) {
		t.Fatal(err)
	}
	if _, err := os.Stat(out); err == nil {
		t.Error("there is an output of a run that was interrupted")
	}
	rewrite(t, spec(dir, 3655, 30), func(d *fiberData, all, lines *rows) (*rows, *rows) { return all, lines })
	r, err := small(t, sources, out, Options{Layout: V1}).run(context.Background())
	fine(t, r, err)
	if r.Resumed != 0 || r.Fibers != 10 {
		t.Errorf("%v", r)
	}
}

// What is not what was read from the input does not become an output, whether it was written or copied as it was.
func TestVerifyFindsDamage(t *testing.T) {
	dir := survey(t)
	packed := filepath.Join(dir, "packed.h5")
	if _, err := Convert(context.Background(), []string{filepath.Join(dir, "spectra", "3655")}, packed, Options{}); err != nil {
		t.Fatal(err)
	}
	for name, source := range map[string]string{"written": filepath.Join(dir, "spectra", "3655"), "copied": packed} {
		t.Run(name, func(t *testing.T) {
			checkDamageFound(t, small(t, source, filepath.Join(dir, name+".h5"), Options{Layout: V1}))
		})
	}
}

func checkDamageFound(t *testing.T, w *work) {
	ctx := context.Background()
	w.sort()
	s, err := openStore(w)
	if err != nil {
		t.Fatal(err)
	}
	parts, err := w.writeParts(ctx, s)
	if err == nil {
		err = w.takeParts(s, parts)
	}
	if err != nil {
		t.Fatal(err)
	}
	if err := verify(ctx, s.path(0), s.sums, w.isInput); err != nil {
		t.Fatal(err)
	}
	for path, says := range map[string]string{"3655/55240/30/coadd": "fiber 3655-55240-0030: what is in", "3655/55240/zbest": "3655/55240/zbest: what is in"} {
		field := map[bool]string{true: "SKY", false: "Z"}[strings.HasSuffix(path, "coadd")]
		var was *h5.Array
		changeDataset(t, s.path(0), path, func(d *h5.Dataset) (err error) {
			if was, err = d.Field(field); err != nil {
				return err
			}
			return d.WriteField(field, float32(3), 1)
		})
		if err := verify(ctx, s.path(0), s.sums, w.isInput); !errors.Is(err, errDiffers) || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v, want %q", path, err, says)
		}
		changeDataset(t, s.path(0), path, func(d *h5.Dataset) error { return d.WriteField(field, was.Raw()) })
	}
	const coadd = "3655/55240/30/coadd"
	var was any
	changeDataset(t, s.path(0), coadd, func(d *h5.Dataset) (err error) {
		was, err = h5.AttrAs[string](d, "PLUGFILE")
		return errors.Join(err, d.SetAttr("PLUGFILE", "another"))
	})
	if err := verify(ctx, s.path(0), s.sums, w.isInput); !errors.Is(err, errDiffers) {
		t.Errorf("a changed header card: %v", err)
	}
	// Written once more it lies elsewhere in the file, and means the same.
	changeDataset(t, s.path(0), coadd, func(d *h5.Dataset) error { return errors.Join(d.DeleteAttr("PLUGFILE"), d.SetAttr("PLUGFILE", was)) })
	if err := verify(ctx, s.path(0), s.sums, w.isInput); err != nil {
		t.Errorf("a header card in another place: %v", err)
	}
}
