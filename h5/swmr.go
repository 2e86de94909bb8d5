package h5

import (
	"errors"
	"runtime"
	"slices"

	"gofive/h5/internal/libhdf5"
)

// StartSWMR lets other processes read the file while this one goes on writing (single writer,
// multiple readers). The file is in the Latest format, and its groups, datasets and attributes have
// been made: from now on datasets are written and appended to only. Readers open it with
// FileAccess{SWMR: true}, see what was flushed, and go on when the writer is killed.
func (f *File) StartSWMR() error {
	const op = "start SWMR"
	if _, err := f.change(op, ""); err != nil {
		return err
	}
	defer runtime.KeepAlive(f.h.file)
	if err := libhdf5.StartSWMR(f.h.id); err != nil {
		e := failed(op, "", f.h.file.path, err)
		var lib *libhdf5.Error
		if errors.As(err, &lib) && (lib.Says("superblock version") || lib.Says("file superblock")) {
			e.Kind, e.Reason, e.Hint = ErrType, "the file is in an older format", "make it with h5.FileAccess{Libver: h5.Latest}"
		}
		return e
	}
	return nil
}

// Flush writes out what HDF5 holds in memory of the dataset: readers of a SWMR file see it then.
func (d *Dataset) Flush() error {
	const op = "flush dataset"
	id, err := d.use(op)
	if err != nil {
		return err
	}
	defer runtime.KeepAlive(d.h)
	if err := libhdf5.FlushDataset(id); err != nil {
		return d.failed(op, d.path, err)
	}
	return nil
}

// Refresh looks at the file again: at the shape, and at data that another process has flushed.
func (d *Dataset) Refresh() error {
	const op = "refresh dataset"
	id, err := d.use(op)
	if err != nil {
		return err
	}
	defer runtime.KeepAlive(d.h)
	if err := libhdf5.Refresh(id); err != nil {
		return d.failed(op, d.path, err)
	}
	shape, err := libhdf5.Shape(id)
	if err != nil {
		return d.failed(op, d.path, err)
	}
	d.d.mu.Lock()
	d.d.info.Shape = slices.Clone(newShape(shape))
	d.d.mu.Unlock()
	return nil
}
