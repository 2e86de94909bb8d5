package h5

import (
	"fmt"
	"runtime"
	"slices"
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

// Ref gives a reference to the object, to be stored in its file.
func (o *object) Ref() (Reference, error) {
	const op = "refer to"
	id, err := o.use(op)
	if err != nil {
		return Reference{}, err
	}
	defer runtime.KeepAlive(o.h)
	ref, err := libhdf5.MakeReference(id)
	if err != nil {
		return Reference{}, o.failed(op, o.path, err)
	}
	out := Reference{file: o.h.file}
	copy(out.bytes[:], ref)
	return out, nil
}

// Ref gives a reference to the dataset, or with a selection to that region of it, which is kept in the
// file. A region knows no order but that of Points.
func (d *Dataset) Ref(sel ...any) (Reference, error) {
	const op = "refer to a region of"
	if len(sel) == 0 {
		return d.object.Ref()
	}
	id, err := d.change(op, d.path)
	if err != nil {
		return Reference{}, err
	}
	defer runtime.KeepAlive(d.h)
	shape, err := d.shapeNow(op)
	if err != nil {
		return Reference{}, err
	}
	s, err := newSelection(shape, sel)
	if err != nil {
		return Reference{}, because(op, d.path, d.h.file.path, err)
	}
	slabs, points := s.region()
	ref, err := libhdf5.MakeRegion(id, len(shape), slabs, points)
	if err != nil {
		return Reference{}, d.failed(op, d.path, err)
	}
	out := Reference{region: true, file: d.h.file}
	copy(out.bytes[:], ref)
	return out, nil
}

// region is the selection as a union of hyperslabs, or as points.
func (s *selection) region() ([]*libhdf5.Hyperslab, *libhdf5.Points) {
	if s.elements {
		return nil, pointsOf(s.shape, s.axes[0].asked())
	}
	if s.read().Len() == 0 {
		return nil, nil
	}
	slabs := []*libhdf5.Hyperslab{s.hyperslab()}
	for i, a := range s.axes {
		if a.places == nil {
			continue
		}
		var next []*libhdf5.Hyperslab
		for _, h := range slabs {
			runs := a.runs()
			for k := 0; k < len(runs); k += 3 {
				part := h.Part(i, 0, runs[k+2])
				part.Start[i] = runs[k]
				next = append(next, part)
			}
		}
		slabs = next
	}
	return slabs, nil
}

// Read reads what it points to: the region, or without one the whole dataset. A region that is no
// regular part of each axis comes in one axis.
func (r Reference) Read() (*Array, error) {
	o, err := r.Open()
	if err != nil {
		return nil, err
	}
	defer o.Close()
	d, ok := o.(*Dataset)
	switch {
	case !ok:
		return nil, &Error{Op: "read through a reference", Name: o.Path(), File: r.file.path, Kind: ErrType,
			Reason: fmt.Sprintf("it points to a %v", o.Kind()), Hint: "take Open"}
	case r.region:
		return d.Slice(r)
	}
	return d.Slice()
}

// selection is what a region selects of a dataset of a shape.
func (r Reference) selection(shape Shape) (*selection, error) {
	if !r.region || r.IsNil() {
		return nil, &Error{Kind: ErrType, Reason: "a reference that points to no region selects nothing"}
	}
	if err := r.file.check("follow a reference", ""); err != nil {
		return nil, err
	}
	defer runtime.KeepAlive(r.file)
	region, err := libhdf5.ReadRegion(r.file.id, r.bytes[:])
	if err != nil {
		return nil, failed("follow a reference", "", r.file.path, err)
	}
	n, numbers := region.Rank, region.Numbers
	switch region.Kind {
	case libhdf5.RegionAll:
		return newSelection(shape, nil)
	case libhdf5.RegionSlab:
		return slabSelection(shape, Hyperslab{numbers[:n], numbers[n : 2*n], numbers[2*n : 3*n], numbers[3*n:]})
	case libhdf5.RegionBlocks:
		return blockSelection(shape, n, numbers)
	}
	return pointSelection(shape, slices.Collect(slices.Chunk(numbers, max(n, 1))))
}

// blockSelection selects blocks, each given by its first and last corner: as places of each axis where
// the blocks are all combinations of those.
func blockSelection(shape Shape, rank int, corners []int) (*selection, error) {
	var blocks union
	axes, combinations := make([][]int, rank), 1
	for c := range slices.Chunk(corners, 2*rank) {
		h := Hyperslab{Start: c[:rank], Count: make([]int, rank)}
		for i := range rank {
			h.Count[i] = c[rank+i] - c[i] + 1
			for p := c[i]; p <= c[rank+i]; p++ {
				axes[i] = append(axes[i], p)
			}
		}
		blocks = append(blocks, h)
	}
	sel := make([]any, rank)
	for i := range axes {
		slices.Sort(axes[i])
		axes[i] = slices.Compact(axes[i])
		sel[i] = axes[i]
		combinations *= len(axes[i])
	}
	s, err := unionSelection(shape, blocks)
	if err == nil && s.axes[0].count == combinations {
		return newSelection(shape, sel)
	}
	return s, err
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
