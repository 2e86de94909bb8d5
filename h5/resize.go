package h5

import (
	"fmt"
	"runtime"
	"slices"
	"unsafe"

	"gofive/h5/internal/libhdf5"
)

// FillValue is what elements are that were never written, in the plainest Go; nil where that is not
// defined.
func (d *Dataset) FillValue() (any, error) {
	const op = "read the fill value of"
	id, err := d.use(op)
	if err != nil {
		return nil, err
	}
	defer runtime.KeepAlive(d.h)
	mem, err := d.wholeType(id)
	if err != nil {
		return nil, d.failed(op, d.path, err)
	}
	var value any
	err = libhdf5.FillValue(id, mem.id, func(p unsafe.Pointer) {
		a, fill := newArray(mem.typ, Shape{}, d.h.file)
		fill(p, 1, mem.typ.MemorySize)
		value = a.Value()
	})
	if err != nil {
		return nil, d.failed(op, d.path, err)
	}
	return value, nil
}

// Resize changes the length of each axis, up to the maximum shape. What is cut off is lost.
func (d *Dataset) Resize(shape ...int) error {
	const op = "resize dataset"
	id, err := d.change(op, d.path)
	if err != nil {
		return err
	}
	defer runtime.KeepAlive(d.h)
	done, err := d.together(op, d.path, because(op, d.path, d.h.file.path, d.checkResize(shape)), shape)
	defer done()
	if err != nil {
		return err
	}
	defer d.cut(d.Shape(), shape)
	if err := libhdf5.Resize(id, shape); err != nil {
		return d.failed(op, d.path, err)
	}
	return nil
}

// cut tells of a resizing that has taken places away: what comes there again is not what it was.
func (d *Dataset) cut(before Shape, after []int) {
	for i, n := range before {
		if after[i] < n {
			d.written(nil)
			return
		}
	}
}

func (d *Dataset) checkResize(shape []int) error {
	const growing = "create it with h5.DatasetCreate{MaxShape: ...}, where h5.Unlimited has no end"
	most := d.d.info.MaxShape
	switch layout := d.d.info.Layout; {
	case len(shape) != len(most):
		return &Error{Kind: ErrShape, Reason: fmt.Sprintf("%d lengths for shape %v", len(shape), d.Shape())}
	case layout != Chunked && layout != External && layout != Virtual:
		return &Error{Kind: ErrShape, Reason: "it is stored in one piece, and only chunks can become more", Hint: growing}
	}
	for i, n := range shape {
		if n < 0 || most[i] != Unlimited && n > most[i] {
			return &Error{Kind: ErrShape, Reason: fmt.Sprintf("length %d of axis %d, its maximum is %v", n, i, most), Hint: growing}
		}
	}
	return nil
}

// Append makes an axis longer, the first one unless it is named, and writes v there: as many axes as
// the dataset, or one less for a single row. When it cannot be written, the dataset is as long as before.
func (d *Dataset) Append(v any, axis ...int) error {
	const op = "append to dataset"
	e, err := encodeAs(v, d.Datatype().t)
	if err != nil {
		return because(op, d.path, d.h.file.path, err)
	}
	shape, k, err := d.appendable(e.shape, axis)
	if err != nil {
		return because(op, d.path, d.h.file.path, err)
	}
	rows, longer := 1, slices.Clone(shape)
	if len(e.shape) == len(shape) {
		rows = e.shape[k]
	}
	longer[k] += rows
	if err := d.Resize(longer...); err != nil {
		return because(op, d.path, d.h.file.path, err)
	}
	sel := slices.Repeat([]any{":"}, k)
	if err := d.Write(v, append(sel, Range(shape[k], longer[k]))...); err != nil {
		if back := d.Resize(shape...); back != nil {
			return back
		}
		return err
	}
	return nil
}

// appendable gives the shape of the dataset, and the axis along which a value fits to its end.
func (d *Dataset) appendable(value Shape, axis []int) (Shape, int, error) {
	shape, k := d.Shape(), 0
	if len(axis) > 0 {
		k = axis[0]
	}
	if len(axis) > 1 || k < -len(shape) || k >= len(shape) {
		return nil, 0, &Error{Kind: ErrShape, Reason: fmt.Sprintf("no axis %v in shape %v", axis, shape)}
	}
	k = fromEnd(k, len(shape))
	row := slices.Delete(slices.Clone(shape), k, k+1)
	got := slices.Clone(value)
	if len(value) == len(shape) {
		got = slices.Delete(got, k, k+1)
	}
	if !slices.Equal(got, row) {
		return nil, 0, &Error{Kind: ErrShape, Reason: fmt.Sprintf("a value of shape %v for rows of shape %v", value, row), Hint: "nothing was written"}
	}
	return shape, k, nil
}
