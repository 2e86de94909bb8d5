package plots

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"slices"

	"gonum.org/v1/plot"
	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
)

// RGB draws a picture in its own colours, its first row at the top: an image.Image, or an array of shape
// (rows, columns, 3), with a fourth plane for opacity if there is one. Numbers go from 0 to 255, or from 0
// to 1 when none is larger.
func RGB(values any) *Figure { return newFigure().RGB(values) }

// RGB adds a picture in its own colours.
func (f *Figure) RGB(values any) *Figure {
	p, err := newPhoto(values)
	return f.add(p, err)
}

// photo is a picture in its own colours.
type photo struct{ image.Image }

func newPhoto(v any) (*photo, error) {
	if img, ok := v.(image.Image); ok && !isNil(v) {
		if img.Bounds().Empty() {
			return nil, fmt.Errorf("plots: RGB: the image has no pixels")
		}
		return &photo{img}, nil
	}
	b, err := blockOf("RGB", "values", v)
	if err != nil {
		return nil, err
	}
	if !isRGB(b.shape) || len(b.values) == 0 {
		return nil, fmt.Errorf("plots: RGB: the array has shape %v; give rows, columns and 3 or 4 colours", b.shape)
	}
	return &photo{b.image()}, nil
}

// isRGB reports whether an array of some shape can be a picture in colours.
func isRGB(shape []int) bool { return len(shape) == 3 && (shape[2] == 3 || shape[2] == 4) }

// image makes pixels of an array of rows, columns and colours.
func (b block) image() image.Image {
	rows, cols, depth := b.shape[0], b.shape[1], b.shape[2]
	scale := 1.0
	if slices.Max(b.values) <= 1 {
		scale = 255
	}
	level := func(v float64) uint8 { return uint8(math.Round(min(max(v*scale, 0), 255))) }
	img := image.NewNRGBA(image.Rect(0, 0, cols, rows))
	for i := range rows * cols {
		v := b.values[i*depth : (i+1)*depth]
		c := color.NRGBA{level(v[0]), level(v[1]), level(v[2]), 0xff}
		if depth == 4 {
			c.A = level(v[3])
		}
		img.SetNRGBA(i%cols, i/cols, c)
	}
	return img
}

func (p *photo) bounds(logX, logY bool) box {
	size := p.Bounds().Size()
	return edgeBox([]float64{-0.5, float64(size.X) - 0.5}, []float64{-0.5, float64(size.Y) - 0.5}, logX, logY)
}

func (p *photo) describe() string {
	size := p.Bounds().Size()
	return fmt.Sprintf("picture of %d x %d pixels", size.X, size.Y)
}

// Plot draws what of the picture lies within the area.
func (p *photo) Plot(c draw.Canvas, pl *plot.Plot) {
	toX, toY := pl.Transforms(&c)
	size := p.Bounds().Size()
	x, y := spots(counted(size.X), toX), spots(counted(size.Y), toY)
	frame := vg.Rectangle{
		Min: vg.Point{X: max(c.Min.X, x[0]), Y: max(c.Min.Y, y[size.Y])},
		Max: vg.Point{X: min(c.Max.X, x[size.X]), Y: min(c.Max.Y, y[0])},
	}
	width, height := dots(frame.Size().X), dots(frame.Size().Y)
	if width < 1 || height < 1 {
		return
	}
	columns := cover(x, frame.Min.X, frame.Size().X/vg.Length(width), width)
	rows := cover(y, frame.Max.Y, -frame.Size().Y/vg.Length(height), height)
	c.DrawImage(frame, p.pixels(rows, columns))
}

// pixels gives the picture of dots that lie on pixels of it: their mean, with light added as it is
// stored.
func (p *photo) pixels(rows, columns []cells) image.Image {
	img := image.NewNRGBA(image.Rect(0, 0, len(columns), len(rows)))
	paint(rows, columns, p.mean, func(x, y int, c color.Color) { img.Set(x, y, c) })
	return img
}

func (p *photo) mean(r, c cells) color.Color {
	origin := p.Bounds().Min
	if r.to-r.from == 1 && c.to-c.from == 1 {
		return p.At(origin.X+c.from, origin.Y+r.from)
	}
	var sum [4]uint64
	for y := r.from; y < r.to; y++ {
		for x := c.from; x < c.to; x++ {
			red, green, blue, alpha := p.At(origin.X+x, origin.Y+y).RGBA()
			sum[0], sum[1], sum[2], sum[3] = sum[0]+uint64(red), sum[1]+uint64(green), sum[2]+uint64(blue), sum[3]+uint64(alpha)
		}
	}
	n := uint64((r.to - r.from) * (c.to - c.from))
	return color.RGBA64{uint16(sum[0] / n), uint16(sum[1] / n), uint16(sum[2] / n), uint16(sum[3] / n)}
}
