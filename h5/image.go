package h5

import (
	"runtime"

	"gofive/h5/internal/libhdf5"
)

// OpenBytes opens the bytes of a file, such as one that came over the network, for reading. The
// library takes a copy; name stands for the file in messages.
func OpenBytes(name string, image []byte) (*File, error) {
	const op = "open file"
	if len(image) == 0 {
		return nil, &Error{Op: op, File: name, Kind: ErrNotHDF5, Reason: "there are no bytes"}
	}
	core, err := Core{}.property()
	if err != nil {
		return nil, err
	}
	id, err := libhdf5.OpenFile(name, libhdf5.Opening{Access: []libhdf5.Property{core}, Image: image})
	if err != nil {
		e := failed(op, "", name, err)
		if e.Kind == ErrNotHDF5 {
			e.Hint = "the bytes " + whatBegins(image)
		}
		return nil, e
	}
	return newFile(id, name, false), nil
}

// Image gives the file as bytes: what a file on disk would hold, or holds. It may be opened with
// OpenBytes, or written to disk.
func (f *File) Image() ([]byte, error) {
	const op = "take the image of file"
	id, err := f.useFor(op, "")
	if err != nil {
		return nil, err
	}
	defer runtime.KeepAlive(f.h.file)
	n, err := libhdf5.ImageSize(id)
	if err != nil {
		return nil, failed(op, "", f.h.file.path, err)
	}
	if err := checkMemory(Shape{n}, 1); err != nil {
		return nil, because(op, "", f.h.file.path, err)
	}
	image := make([]byte, n)
	if err := libhdf5.Image(id, image); err != nil {
		return nil, failed(op, "", f.h.file.path, err)
	}
	return image, nil
}
