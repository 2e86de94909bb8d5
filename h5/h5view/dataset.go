package h5view

import (
	"errors"
	"fmt"

	"gofive/display"
	"gofive/display/table"
	"gofive/display/tree"
	"gofive/h5"
)

// viewDataset shows what a dataset is, and its first and last rows.
func viewDataset(d *h5.Dataset, found []found) display.Bundle {
	root := newRoot(d)
	root.look.found = found
	x := newExhibit(tree.New(root, tree.Options{Attrs: 4, Width: textWidth}))
	x.replacePage(tree.New(root, tree.Options{Attrs: 200}))
	x.conventions(d, found)
	if !x.replaced {
		x.values(d)
	}
	b := x.bundle()
	b.Data[display.HDF5] = metadata(d, nil)
	return b
}

// values adds what is in the dataset.
func (x *exhibit) values(d *h5.Dataset) {
	info, err := d.Info()
	if err == nil {
		err = showable(info)
	}
	if err != nil {
		x.problem(err)
		return
	}
	shape := info.Shape
	if shape == nil {
		return
	}
	if len(shape) == 0 && d.Datatype().Kind() == h5.TypeString {
		x.words(d)
		return
	}
	source := table.Grid(onDisk{d, info, meaningOf(d)})
	if len(shape) <= 1 && d.Datatype().Kind() == h5.TypeCompound {
		source = ofRows(d, info)
	}
	x.table("", source)
}

// What a look at a dataset may cost, in bytes: the elements that are shown, and the chunks that the
// library must unpack for them.
const (
	maxShown = 16 << 20
	maxChunk = 512 << 20
)

// showable refuses datasets of which even a few rows are too large to look at.
func showable(info h5.ObjectInfo) error {
	element := typeSize(info.Datatype)
	if element > maxShown/400 {
		return fmt.Errorf("each element takes %s and none is shown; read one with Slice", display.Size(int64(element)))
	}
	if info.Layout == h5.Chunked && len(info.Filters) > 0 {
		chunk := int64(element)
		for _, n := range info.Chunks {
			chunk *= int64(n)
		}
		if chunk > maxChunk {
			return fmt.Errorf("a chunk takes %s, too much to unpack for a first look; read rows with Slice", display.Size(chunk))
		}
	}
	return nil
}

// maxWords is how many bytes of a text are shown.
const maxWords = 4000

// words adds a single string, which may be a whole document.
func (x *exhibit) words(d *h5.Dataset) {
	a, err := d.Slice()
	if err != nil {
		x.problem(err)
		return
	}
	s, _ := a.Value().(string)
	x.lines("", s)
}

// onDisk is a dataset as table.Array: only the blocks that are shown are read.
type onDisk struct {
	d    *h5.Dataset
	info h5.ObjectInfo
	meaning
}

func (o onDisk) Shape() []int { return o.info.Shape }
func (o onDisk) Type() string { return headType(o.info.Datatype) }
func (o onDisk) Unit() string { return o.unit }

func (o onDisk) Block(start, count []int) ([]any, error) {
	selection := make([]any, len(start))
	for k := range start {
		selection[k] = h5.Range(start[k], start[k]+count[k])
	}
	a, err := o.d.Slice(selection...)
	if err != nil {
		return nil, errors.New(advice(err))
	}
	return block(a, make([]int, len(count)), count, o.meaning)
}

// Sample gives the first numbers of a dataset along one axis.
func (o onDisk) Sample() ([]float64, string) {
	s := sheet{rows: o.info.Shape.Len(), sampled: sampleSize(o.info), columns: []leaf{{typ: o.info.Datatype, meaning: o.meaning}}}
	s.read = func(_ []int, lo, hi, step int) ([]*h5.Array, error) {
		a, err := o.d.Slice(h5.Range(lo, hi, step))
		return []*h5.Array{a}, err
	}
	return firstSample(s, "values")
}
