package h5

import (
	"image"
	"image/color"
	"math"
)

// The attributes of the HDF5 Image and Palette Specification.
const (
	classImage    = "IMAGE"
	attrSubclass  = "IMAGE_SUBCLASS"
	attrInterlace = "INTERLACE_MODE"
	attrPalette   = "PALETTE"
	attrRange     = "IMAGE_MINMAXRANGE"
	attrWhiteZero = "IMAGE_WHITE_IS_ZERO"
)

// Picture is the dataset as a picture in its own colours, if the HDF5 Image and Palette Specification says
// that it is one: of colours, with the planes in any order, or of the entries of a palette, or of greys.
// It is nil for other datasets.
func (d *Dataset) Picture() (image.Image, error) {
	class, err := d.attrText(attrClass)
	if err != nil || class != classImage {
		return nil, err
	}
	subclass, err := d.attrText(attrSubclass)
	if err != nil {
		return nil, err
	}
	a, err := d.Slice()
	if err != nil {
		return nil, err
	}
	values, err := a.Float64s()
	if err != nil {
		return nil, err
	}
	if len(a.shape) == 3 {
		return d.truecolour(a.shape, values)
	}
	if len(a.shape) != 2 || len(values) == 0 {
		return nil, nil
	}
	if subclass == "IMAGE_INDEXED" {
		colours, err := d.palette()
		if err != nil {
			return nil, err
		}
		if colours != nil {
			return indexed(a.shape, values, colours), nil
		}
	}
	return d.greys(a.shape, values)
}

// attrText is the text of an attribute, "" for none.
func (d *Dataset) attrText(name string) (string, error) {
	yes, err := d.HasAttr(name)
	if err != nil || !yes {
		return "", err
	}
	a, err := d.Attr(name)
	if err != nil {
		return "", err
	}
	text, err := a.Text()
	if err != nil { // it is there and no text, so it says nothing that we know
		return "", nil
	}
	return text, nil
}

// truecolour puts three planes together: a pixel's colours stand beside one another, or those of a line,
// or each plane is a whole.
func (d *Dataset) truecolour(shape Shape, values []float64) (image.Image, error) {
	mode, err := d.attrText(attrInterlace)
	if err != nil {
		return nil, err
	}
	rows, cols, planes := shape[0], shape[1], shape[2]
	pixel, line, plane := planes, planes*cols, 1
	switch mode {
	case "INTERLACE_LINE":
		rows, planes, cols = shape[0], shape[1], shape[2]
		pixel, line, plane = 1, planes*cols, cols
	case "INTERLACE_PLANE":
		planes, rows, cols = shape[0], shape[1], shape[2]
		pixel, line, plane = 1, cols, rows*cols
	}
	if planes != 3 || rows*cols == 0 {
		return nil, nil
	}
	img := image.NewNRGBA(image.Rect(0, 0, cols, rows))
	for r := range rows {
		for c := range cols {
			at := r*line + c*pixel
			img.SetNRGBA(c, r, color.NRGBA{level(values[at]), level(values[at+plane]), level(values[at+2*plane]), 0xff})
		}
	}
	return img, nil
}

func level(v float64) uint8 { return uint8(math.Round(min(max(v, 0), 255))) }

// palette reads the first palette that the image refers to, nil if it has none of three colours.
func (d *Dataset) palette() ([]color.NRGBA, error) {
	refs, err := attrOr(d, attrPalette, []Reference(nil))
	if err != nil || len(refs) == 0 {
		return nil, err
	}
	o, err := refs[0].Open()
	if err != nil {
		return nil, err
	}
	defer o.Close()
	p, ok := o.(*Dataset)
	if !ok {
		return nil, nil
	}
	a, err := p.Slice()
	if err != nil {
		return nil, err
	}
	values, err := a.Float64s()
	if err != nil || len(a.shape) != 2 || a.shape[1] != 3 {
		return nil, err
	}
	out := make([]color.NRGBA, a.shape[0])
	for i := range out {
		out[i] = color.NRGBA{level(values[3*i]), level(values[3*i+1]), level(values[3*i+2]), 0xff}
	}
	return out, nil
}

// indexed gives each place the entry of the palette; what has none is clear.
func indexed(shape Shape, values []float64, colours []color.NRGBA) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, shape[1], shape[0]))
	for i, v := range values {
		if v >= 0 && int(v) < len(colours) {
			img.SetNRGBA(i%shape[1], i/shape[1], colours[int(v)])
		}
	}
	return img
}

// greys goes from black at the least value to white at the greatest, or as the attributes say.
func (d *Dataset) greys(shape Shape, values []float64) (image.Image, error) {
	ends, err := attrOr(d, attrRange, []float64(nil))
	if err != nil || len(ends) != 2 {
		ends = []float64{math.Inf(1), math.Inf(-1)}
		for _, v := range values {
			if !math.IsInf(v, 0) && v == v {
				ends[0], ends[1] = min(ends[0], v), max(ends[1], v)
			}
		}
	}
	white, err := attrOr(d, attrWhiteZero, 0)
	if err != nil {
		white = 0
	}
	img := image.NewGray(image.Rect(0, 0, shape[1], shape[0]))
	for i, v := range values {
		part := (v - ends[0]) / (ends[1] - ends[0])
		if white != 0 {
			part = 1 - part
		}
		if part == part {
			img.Pix[i] = level(255 * part)
		}
	}
	return img, nil
}
