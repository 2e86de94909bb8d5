package h5

import (
	"fmt"
	"image"
	"testing"
)

// TestPicture makes datasets as the Image and Palette Specification says and looks at one pixel of each.
func TestPicture(t *testing.T) {
	f := scratch(t)
	must(t, f.Set("palette", [][]uint8{{9, 9, 9}, {10, 20, 30}}))
	colours, err := f.Dataset("palette")
	must(t, err)
	palette, err := colours.Ref()
	must(t, err)
	for _, test := range []struct {
		name  string
		v     any
		attrs map[string]any
		want  string // size and the colours of the pixel at 1, 0
	}{
		{"no image", [][]uint8{{1, 2}}, nil, "<nil>"},
		{"pixel", [][][]uint8{{{1, 2, 3}, {4, 5, 6}}}, map[string]any{attrClass: classImage, attrSubclass: "IMAGE_TRUECOLOR", attrInterlace: "INTERLACE_PIXEL"}, "(2,1) {4 5 6 255}"},
		{"line", [][][]uint8{{{1, 4}, {2, 5}, {3, 6}}}, map[string]any{attrClass: classImage, attrSubclass: "IMAGE_TRUECOLOR", attrInterlace: "INTERLACE_LINE"}, "(2,1) {4 5 6 255}"},
		{"plane", [][][]uint8{{{1, 4}}, {{2, 5}}, {{3, 6}}}, map[string]any{attrClass: classImage, attrSubclass: "IMAGE_TRUECOLOR", attrInterlace: "INTERLACE_PLANE"}, "(2,1) {4 5 6 255}"},
		{"indexed", [][]uint8{{0, 1}}, map[string]any{attrClass: classImage, attrSubclass: "IMAGE_INDEXED", attrPalette: []Reference{palette}}, "(2,1) {10 20 30 255}"},
		{"beyond", [][]uint8{{0, 7}}, map[string]any{attrClass: classImage, attrSubclass: "IMAGE_INDEXED", attrPalette: []Reference{palette}}, "(2,1) {0 0 0 0}"},
		{"grey", [][]int16{{0, 50, 200}}, map[string]any{attrClass: classImage, attrSubclass: "IMAGE_GRAYSCALE", attrRange: []int16{0, 100}}, "(3,1) {128}"},
		{"white is zero", [][]int16{{0, 100}}, map[string]any{attrClass: classImage, attrWhiteZero: uint8(1)}, "(2,1) {0}"},
		{"four planes", [][][]uint8{{{1, 2, 3, 4}}}, map[string]any{attrClass: classImage}, "<nil>"},
	} {
		must(t, f.Set(test.name, test.v))
		d, err := f.Dataset(test.name)
		must(t, err)
		for name, v := range test.attrs {
			must(t, d.SetAttr(name, v))
		}
		img, err := d.Picture()
		must(t, err)
		if got := sayPixel(img); got != test.want {
			t.Errorf("%s: got %s, want %s", test.name, got, test.want)
		}
	}
}

func sayPixel(img image.Image) string {
	if img == nil {
		return "<nil>"
	}
	return fmt.Sprint(img.Bounds().Size(), " ", img.At(1, 0))
}
