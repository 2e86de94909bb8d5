package h5

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"gofive/h5/internal/libhdf5"
)

// smallDisk is a folder with room for n bytes.
func smallDisk(t *testing.T, n string) string {
	t.Helper()
	dir := t.TempDir()
	if err := syscall.Mount("gofive", dir, "tmpfs", 0, "size="+n); err != nil {
		t.Skipf("SKIPPED: a small tmpfs cannot be mounted here: %v", err)
	}
	t.Cleanup(func() {
		if err := syscall.Unmount(dir, syscall.MNT_DETACH); err != nil {
			t.Error(err)
		}
	})
	return dir
}

// TestDiskFull fills a disk while writing: the error says so, the file can be closed, what was flushed
// before is in it, and the session goes on.
func TestDiskFull(t *testing.T) {
	for name, opts := range map[string][]Option{
		"contiguous": nil,
		"chunked":    {DatasetCreate{Chunks: Shape{10_000}}},
		"early":      {DatasetCreate{AllocTime: AllocEarly}},
	} {
		t.Run(name, func(t *testing.T) {
			dir := smallDisk(t, "1m")
			path := filepath.Join(dir, "x.h5")
			f, err := Create(path)
			must(t, err)
			must(t, f.Set("kept", []int32{1, 2, 3}))
			must(t, f.Flush())
			d, err := f.CreateDataset("big", Float64, Shape{1_000_000}, opts...)
			if err == nil {
				err = d.Write(make([]float64, 1_000_000))
			}
			if err == nil {
				err = f.Flush()
			}
			check(t, err, syscall.ENOSPC, "x.h5")
			if err := f.Close(); err != nil { // what could not be written may come up again
				check(t, err, syscall.ENOSPC, "close file", "(HDF5: file write failed: No space left on device)")
			}
			g, err := Open(path)
			must(t, err)
			defer g.Close()
			kept, err := g.Dataset("kept")
			must(t, err)
			got, err := Read[int32](kept)
			must(t, err)
			same(t, got, "[1 2 3]")
		})
	}
}

// TestDiskFullAtTheEnd leaves a file that cannot be written to CloseAll, which has to get through.
func TestDiskFullAtTheEnd(t *testing.T) {
	path := filepath.Join(smallDisk(t, "1m"), "x.h5")
	f, err := Create(path)
	must(t, err)
	must(t, f.Set("kept", 1))
	must(t, f.Flush())
	d, err := f.CreateDataset("big", Float64, Shape{1_000_000}, DatasetCreate{Chunks: Shape{10_000}})
	must(t, err)
	must(t, d.Write(1.5)) // into the chunk cache
	check(t, CloseAll(), syscall.ENOSPC, "close all files", "the disk is full")
	must(t, CloseAll())
	f, err = Open(path)
	must(t, err)
	defer f.Close()
	has, err := f.Has("kept")
	must(t, err)
	same(t, has, "true")
}

// TestDiskFullAndForgotten drops a dataset, of which HDF5 holds what does not fit on the disk, before its
// file is closed. What is lost is told, and ids that the library has freed are not used again.
func TestDiskFullAndForgotten(t *testing.T) {
	const alone = "H5_TEST_ALONE" // what it leaves in the library is not for other tests
	if os.Getenv(alone) == "" {
		self, err := os.Executable()
		must(t, err)
		cmd := exec.Command(self, "-test.run", "^"+t.Name()+"$", "-test.v")
		cmd.Env = append(os.Environ(), alone+"=1")
		out, err := cmd.CombinedOutput()
		switch {
		case bytes.Contains(out, []byte("SKIPPED")):
			t.Skipf("%s", out)
		case err != nil || !bytes.Contains(out, []byte("--- PASS: "+t.Name())):
			t.Errorf("%v\n%s", err, out)
		}
		return
	}
	dir := smallDisk(t, "1m")
	path := filepath.Join(dir, "x.h5")
	f, err := Create(path)
	must(t, err)
	must(t, f.Set("kept", []int32{1, 2, 3}))
	must(t, f.Flush())
	d, err := f.CreateDataset("big", Float64, Shape{1_000_000}, DatasetCreate{Chunks: Shape{10_000}})
	must(t, err)
	must(t, d.Write(make([]float64, 1_000_000)))
	libhdf5.Abandon(libhdf5.NewLease(d.h.id)) // as the garbage collector does
	d.h.cleanup.Stop()
	_, err = f.Keys()
	must(t, err)
	check(t, FlushAll(), syscall.ENOSPC, "the disk is full")
	if err := f.Close(); err != nil {
		check(t, err, syscall.ENOSPC)
	}
	g, err := Open(path)
	must(t, err)
	kept, err := g.Dataset("kept")
	must(t, err)
	got, err := Read[int32](kept)
	must(t, err)
	same(t, got, "[1 2 3]")
	must(t, kept.Close())
	must(t, g.Close())
	if err := CloseAll(); err != nil {
		check(t, err, syscall.ENOSPC)
	}
	h, err := Create(filepath.Join(t.TempDir(), "y.h5"))
	must(t, err)
	must(t, h.Set("x", 1))
	must(t, h.Close())
}
