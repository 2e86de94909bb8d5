package h5

import (
	"runtime"
	"unsafe"

	"gofive/h5/internal/libhdf5"
)

// Reference points to an object of a file, or to a region of a dataset. The zero Reference points
// nowhere.
type Reference struct {
	bytes  [12]byte // 8 of an object's, 12 of a region's
	region bool
	file   *fileState
}

func newReference(t *libhdf5.Type, p unsafe.Pointer, f *fileState) Reference {
	r := Reference{region: t.Region, file: f}
	copy(r.bytes[:], unsafe.Slice((*byte)(p), min(t.Size, len(r.bytes))))
	return r
}

// IsNil reports whether the reference points nowhere.
func (r Reference) IsNil() bool { return r.bytes == [12]byte{} || r.file == nil }

// IsRegion reports whether it is a reference to a part of a dataset.
func (r Reference) IsRegion() bool { return r.region }

// Path gives the path of what it points to.
func (r Reference) Path() (string, error) {
	const op = "follow a reference"
	if r.IsNil() {
		return "", &Error{Op: op, Kind: ErrNotFound, Reason: "it points nowhere"}
	}
	if err := r.file.check(op, ""); err != nil {
		return "", err
	}
	defer runtime.KeepAlive(r.file)
	path, err := libhdf5.ReferencePath(r.file.id, r.region, r.bytes[:])
	if err != nil {
		return "", failed(op, "", r.file.path, err)
	}
	return path, nil
}

// Open opens what it points to; for a region the whole dataset.
func (r Reference) Open() (Object, error) {
	path, err := r.Path()
	if err != nil {
		return nil, err
	}
	id, kind, err := libhdf5.OpenReference(r.file.id, r.region, r.bytes[:])
	if err != nil {
		return nil, failed("follow a reference", path, r.file.path, err)
	}
	return newObject(r.file, id, kind, path)
}

// String gives "→ /path", with "region of" for a region.
func (r Reference) String() string {
	if r.IsNil() {
		return "→ nothing"
	}
	path, err := r.Path()
	switch {
	case err != nil:
		return "→ ?"
	case r.region:
		return "→ region of " + path
	}
	return "→ " + path
}
