package plots

import (
	"fmt"
	"image/color"
	"maps"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/plot/palette/moreland"
)

// colourMaps are the colours of pictures. Their lightness rises evenly, so that equal steps look equal
// and a print in grey still reads; the diverging one is lightest in its middle, which is 0.
//
// The stops are the published colours of viridis and magma (van der Walt and Smith 2015, public domain)
// and cividis (Nuñez, Anderton and Renslow 2018) at 17 even steps; between them colours are mixed.
var colourMaps = map[string]func(t float64) color.NRGBA{
	"viridis": stops(0x440154, 0x48186a, 0x472d7b, 0x424086, 0x3b528b, 0x33638d, 0x2c728e, 0x26828e, 0x21918c,
		0x1fa088, 0x28ae80, 0x3fbc73, 0x5ec962, 0x84d44b, 0xaddc30, 0xd8e219, 0xfde725),
	"magma": stops(0x000004, 0x0a0822, 0x1d1147, 0x36106b, 0x51127c, 0x6a1c81, 0x832681, 0x9c2e7f, 0xb73779,
		0xd0416f, 0xe75263, 0xf56b5c, 0xfc8961, 0xfea772, 0xfec488, 0xfde2a3, 0xfcfdbf),
	"cividis": stops(0x002051, 0x012b65, 0x11366c, 0x26426e, 0x3c4d6e, 0x51586e, 0x62646f, 0x727071, 0x7f7c75,
		0x8c8877, 0x9a9478, 0xa9a177, 0xbbaf71, 0xcebd68, 0xe2cb5c, 0xf3da4f, 0xfdea45),
	"grey":    stops(0x000000, 0xffffff),
	diverging: blueRed(),
}

const diverging = "diverging"

// stops mixes between colours at even steps.
func stops(rgb ...uint32) func(t float64) color.NRGBA {
	return func(t float64) color.NRGBA {
		at := t * float64(len(rgb)-1)
		i := min(int(at), len(rgb)-2)
		mix := func(shift int) uint8 {
			a, b := float64(rgb[i]>>shift&0xff), float64(rgb[i+1]>>shift&0xff)
			return uint8(math.Round(a + (at-float64(i))*(b-a)))
		}
		return color.NRGBA{mix(16), mix(8), mix(0), 0xff}
	}
}

// blueRed is the diverging map of Moreland 2009.
func blueRed() func(t float64) color.NRGBA {
	m := moreland.SmoothBlueRed()
	m.SetMin(0)
	m.SetMax(1)
	return func(t float64) color.NRGBA {
		c, err := m.At(t)
		if err != nil {
			return color.NRGBA{0xdd, 0xdd, 0xdd, 0xff}
		}
		return color.NRGBAModel.Convert(c).(color.NRGBA)
	}
}

// colourTable gives a map as so many colours.
func colourTable(name string, n int) []color.NRGBA {
	at := colourMaps[name]
	if at == nil {
		at = colourMaps["viridis"]
	}
	out := make([]color.NRGBA, n)
	for i := range out {
		out[i] = at(float64(i) / float64(n-1))
	}
	return out
}

// Colours chooses the colours of pictures and contours: "viridis", "magma", "cividis", "grey" or
// "diverging", which has its middle at 0. Without it they are viridis.
func (f *Figure) Colours(name string) *Figure {
	if colourMaps[name] == nil {
		names := slices.Sorted(maps.Keys(colourMaps))
		return f.fail(fmt.Errorf("plots: Colours: there is no %q; there are %s", name, strings.Join(names, ", ")))
	}
	f.look.colours = name
	return f
}
