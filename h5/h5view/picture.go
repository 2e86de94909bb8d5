package h5view

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/png"

	"gofive/h5"
)

// picture is the HDF5 Image and Palette Specification, with the Table specification beside it: datasets
// say with CLASS what they are. See https://support.hdfgroup.org/documentation/hdf5/latest/_h5_i_m_u_g.html.
type picture struct{}

func (picture) detect(s *site) string {
	for _, e := range s.members() {
		if c := markText(e.Info.Attributes, "CLASS"); c == "IMAGE" || c == "PALETTE" {
			return "HDF5 images"
		}
	}
	return ""
}

func (picture) role(n *node) (string, bool) {
	switch markText(n.attributes(), "CLASS") {
	case "IMAGE":
		return "image", false
	case "PALETTE":
		return "palette", false
	}
	return "", false
}

func (c picture) quiet(n *node, name string) bool {
	role, _ := c.role(n)
	return role != "" && (name == "CLASS" || name == "IMAGE_VERSION" || name == "PAL_VERSION")
}

// maxPixels is how many pixels of a picture are drawn.
const maxPixels = 4 << 20

func (c picture) show(o h5.Object, x *exhibit) error {
	d, ok := o.(*h5.Dataset)
	if !ok {
		return nil
	}
	attrs, err := d.Attrs()
	if err != nil || markText(attrs, "CLASS") != "IMAGE" {
		return err
	}
	shape := d.Shape()
	if len(shape) < 2 || d.Len() > maxPixels || d.Len() == 0 || d.Datatype().Size() != 1 {
		return fmt.Errorf("an image of %s %s is not drawn", shapeText(shape), typeText(d.Datatype()))
	}
	a, err := d.Slice()
	if err != nil {
		return err
	}
	values, err := a.Int64s()
	if err != nil {
		return err
	}
	img, err := c.draw(d, attrs, values)
	if err != nil {
		return err
	}
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		return err
	}
	size := img.Bounds().Size()
	x.caption(fmt.Sprintf("image of %d × %d pixels", size.X, size.Y))
	x.page.Open("p").PNG(b.Bytes(), d.Path()).Close()
	return nil
}

// draw makes the picture: true colours by pixels or by planes, or numbers with or without a palette.
func (c picture) draw(d *h5.Dataset, attrs h5.Attributes, values []int64) (image.Image, error) {
	shape := d.Shape()
	byPlane := markText(attrs, "INTERLACE_MODE") == "INTERLACE_PLANE"
	if len(shape) == 3 && byPlane && shape[0] == 3 {
		n := shape[1] * shape[2]
		return fill(shape[2], shape[1], func(i int) color.Color { return rgb(values[i], values[n+i], values[2*n+i]) }), nil
	}
	if len(shape) == 3 && shape[2] == 3 {
		return fill(shape[1], shape[0], func(i int) color.Color { return rgb(values[3*i], values[3*i+1], values[3*i+2]) }), nil
	}
	if len(shape) != 2 {
		return nil, errors.New("its shape is not one of an image")
	}
	colours := c.palette(attrs)
	white := markText(attrs, "IMAGE_SUBCLASS") == "IMAGE_GRAYSCALE" && markIs(attrs, "IMAGE_WHITE_IS_ZERO", "1")
	return fill(shape[1], shape[0], func(i int) color.Color {
		v := values[i] & 0xff
		switch {
		case int(v) < len(colours):
			return colours[v]
		case white:
			v = 255 - v
		}
		return color.Gray{Y: uint8(v)}
	}), nil
}

func fill(width, height int, at func(i int) color.Color) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, width, height))
	for i := range width * height {
		img.Set(i%width, i/width, at(i))
	}
	return img
}

func rgb(r, g, b int64) color.Color { return color.NRGBA{uint8(r), uint8(g), uint8(b), 0xff} }

// palette reads the first palette that an image refers to, nil when there is none.
func (picture) palette(attrs h5.Attributes) []color.Color {
	a := mark(attrs, "PALETTE")
	if a == nil {
		return nil
	}
	refs, err := a.Array()
	if err != nil {
		return nil
	}
	list, ok := refs.Raw().([]h5.Reference)
	if !ok || len(list) == 0 {
		return nil
	}
	o, err := list[0].Open()
	if err != nil {
		return nil
	}
	defer o.Close()
	d, ok := o.(*h5.Dataset)
	if !ok || len(d.Shape()) != 2 || d.Shape()[1] != 3 || d.Len() > 3*65536 {
		return nil
	}
	table, err := d.Slice()
	if err != nil {
		return nil
	}
	v, err := table.Int64s()
	if err != nil {
		return nil
	}
	var out []color.Color
	for ; len(v) >= 3; v = v[3:] {
		out = append(out, rgb(v[0], v[1], v[2]))
	}
	return out
}
