package h5

import (
	"os"

	"gofive/h5/internal/libhdf5"
)

// Ranks of one computer without MPI open a file each for itself, and do alike what changes more than data:
// the library then writes the same bytes to the same places on each, as it does in MPI-IO too. What has to
// be seen to is that no rank is more than one call ahead of the others, that the library keeps nothing back
// in which another rank's data would be written over, and that all space is taken by calls that all make.

// openAlike makes the settings to open a file so.
func openAlike(path, mode string, how *libhdf5.Opening, ranks Ranks) error {
	how.Access = append(how.Access,
		libhdf5.Set("sieve_buf_size", 0),
		libhdf5.Set("cache", 1, 0, 0.0),
		libhdf5.Set("mdc_evictions", 0),
		libhdf5.Set("file_locking", 0, 0))
	_, missing := os.Stat(path)
	switch {
	case how.Mode == libhdf5.Exclusive && missing == nil:
		return &Error{Kind: ErrExists, Reason: "the file exists already", Hint: `"w" would empty it, "r+" opens it for writing`}
	case how.Mode == libhdf5.Exclusive, mode == "a" && missing != nil:
		how.Mode = libhdf5.Truncate // all make it, at the same time
	case how.Mode == libhdf5.ReadWrite:
		how.Access = append(how.Access, libhdf5.Set("clear_status_flags", 1)) // set by the first that opens it
	}
	_, err := ranks.Agree(Call{What: "look for the file"}) // before one of them makes it
	return err
}

// errVariable is for strings and lists whose bytes lie elsewhere in the file: HDF5 does not write these in parallel.
var errVariable error = &Error{Kind: ErrType, Reason: "elements of variable length cannot be written by several ranks", Hint: noPointersHint}

// refused says what several ranks cannot write, each its own part.
func (w *writing) refused() error {
	d, info := w.d, &w.d.d.info
	kind := &Error{Kind: ErrType}
	switch {
	case w.e.mem.HasPointers():
		return errVariable
	case len(info.Filters) > 0 && !d.mpio():
		kind.Reason, kind.Hint = "several ranks can write compressed chunks only together", "write with ds.With(h5mpi.Collective).Write(...) on all ranks"
		if !d.h.file.mpio {
			kind.Reason, kind.Hint = "ranks without MPI cannot write compressed chunks", "create the dataset without filters, or start the ranks with MPI"
		}
	case !d.h.file.mpio && !d.hasSpace():
		kind.Reason, kind.Hint = "ranks without MPI can only write what has all its space in the file", "create the dataset on these ranks, or with AllocTime: h5.AllocEarly, and not Compact"
	default:
		return nil
	}
	return kind
}

// hasSpace reports whether all elements have their place in the file.
func (d *Dataset) hasSpace() bool {
	layout := d.d.info.Layout
	if layout != Contiguous && layout != Chunked {
		return layout == External
	}
	info, err := d.Info()
	if err != nil {
		return false
	}
	n, ok := info.Shape.bytes(info.Datatype.Size())
	return ok && info.Storage >= int64(n)
}
