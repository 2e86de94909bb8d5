package install

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"math"
)

// box is a rectangle with rounded corners, in units of a picture of 64 x 64.
type box struct {
	x, y, w, h, r float64
	fill          color.NRGBA
}

var (
	deep  = color.NRGBA{0x0b, 0x4f, 0x6c, 0xff}
	sky   = color.NRGBA{0x7f, 0xd8, 0xe8, 0xff}
	paper = color.NRGBA{0xff, 0xff, 0xff, 0xff}
	amber = color.NRGBA{0xff, 0xb7, 0x03, 0xff}
)

// logo is a tree whose leaves are rows of a table, one cell of it picked out. The PNG and the SVG
// are both drawn from it.
var logo = []box{
	{0, 0, 64, 64, 12, deep},
	{9, 8, 18, 9, 3, sky},       // the root
	{13, 17, 4, 37, 1, sky},     // its stem
	{16, 25, 9, 4, 1, sky},      // three branches
	{16, 37.5, 9, 4, 1, sky},    //
	{16, 50, 9, 4, 1, sky},      //
	{25, 23, 30, 8, 2, paper},   // a leaf
	{25, 35.5, 30, 8, 2, paper}, // a leaf, and its cell
	{36, 35.5, 9, 8, 1, amber},  //
	{25, 48, 30, 8, 2, paper},   // a leaf
}

// logoSVG is the logo as a picture of any size.
func logoSVG() []byte {
	var b bytes.Buffer
	b.WriteString(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64" role="img" aria-label="gofive">` + "\n")
	for _, s := range logo {
		fmt.Fprintf(&b, `  <rect x="%g" y="%g" width="%g" height="%g" rx="%g" fill="#%02x%02x%02x"/>`+"\n",
			s.x, s.y, s.w, s.h, s.r, s.fill.R, s.fill.G, s.fill.B)
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// logoPNG is the logo as a picture of size x size pixels.
func logoPNG(size int) ([]byte, error) {
	img := image.NewNRGBA(image.Rect(0, 0, size, size))
	for y := range size {
		for x := range size {
			img.SetNRGBA(x, y, logoPixel(x, y, float64(size)/64))
		}
	}
	var b bytes.Buffer
	err := png.Encode(&b, img)
	return b.Bytes(), err
}

// logoPixel is the mean of 8 x 8 samples of one pixel, scale pixels a unit.
func logoPixel(x, y int, scale float64) color.NRGBA {
	const n = 8
	var r, g, b, a int
	for i := range n * n {
		ux := (float64(x) + (float64(i%n)+0.5)/n) / scale
		uy := (float64(y) + (float64(i/n)+0.5)/n) / scale
		c := logoAt(ux, uy)
		if c.A != 0 {
			r, g, b, a = r+int(c.R), g+int(c.G), b+int(c.B), a+1
		}
	}
	if a == 0 {
		return color.NRGBA{}
	}
	return color.NRGBA{uint8(r / a), uint8(g / a), uint8(b / a), uint8(a * 255 / (n * n))}
}

// logoAt is the colour of the topmost box at a point.
func logoAt(x, y float64) color.NRGBA {
	for i := len(logo) - 1; i >= 0; i-- {
		if logo[i].holds(x, y) {
			return logo[i].fill
		}
	}
	return color.NRGBA{}
}

func (s box) holds(x, y float64) bool {
	dx := math.Max(math.Max(s.x+s.r-x, x-(s.x+s.w-s.r)), 0)
	dy := math.Max(math.Max(s.y+s.r-y, y-(s.y+s.h-s.r)), 0)
	return dx*dx+dy*dy <= s.r*s.r
}
