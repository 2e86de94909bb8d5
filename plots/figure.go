// Package plots draws figures that need no setting up: lines, points, histograms and pictures of
// two-dimensional arrays, with ticks, sizes and colours chosen for reading on a page.
//
// There is only one type here, Figure. Line, Scatter, Histogram and Image begin one, its methods of
// the same names add to it, and the rest of its methods dress it and return it, so that calls chain:
//
//	plots.Line(wave, flux).Title("plate 3655 fiber 30").Labels("wavelength [Å]", "flux")
//
// Values may be slices of any numbers, or anything with a method Float64s() ([]float64, error), as
// arrays read from HDF5 have. NaN and infinities are gaps. What holds more points than a picture has
// dots is reduced to the least and greatest value of each column of dots, so that no spike is lost.
//
// A mistake, such as x and y of different lengths, does not panic: the figure then shows the message
// instead of a picture, and Err returns it.
package plots

import (
	"errors"
	"fmt"

	"gonum.org/v1/plot"
)

// Figure is one picture with axes. Its methods change it and return it.
type Figure struct {
	title          string
	xLabel, yLabel string
	width, height  int // pixels of a page
	layers         []layer
	names          []string // of the layers, "" for those without
	xLimits        *limits
	yLimits        *limits
	logX, logY     bool
	err            error
}

// layer is one set of values and the way in which it is drawn.
type layer interface {
	plot.Plotter
	// bounds gives the smallest box that holds all that is drawn; it is empty when nothing is. With
	// logX or logY only positive values of that axis are drawn.
	bounds(logX, logY bool) box
	// describe says in a few words what is drawn, without its name.
	describe() string
}

// The size of a figure in pixels of a page, unless Size says otherwise.
const (
	defaultWidth  = 800
	defaultHeight = 450
	maxPixels     = 4000
)

func newFigure() *Figure { return &Figure{width: defaultWidth, height: defaultHeight} }

// Title sets the line above the picture.
func (f *Figure) Title(text string) *Figure {
	f.title = text
	return f
}

// Labels sets what is written at the axes.
func (f *Figure) Labels(x, y string) *Figure {
	f.xLabel, f.yLabel = x, y
	return f
}

// Name names what was added last. Names are shown in a legend.
func (f *Figure) Name(text string) *Figure {
	if n := len(f.names); n > 0 {
		f.names[n-1] = text
	}
	return f
}

// Size sets the width and height of the whole picture in pixels of a page.
func (f *Figure) Size(width, height int) *Figure {
	if width < 100 || height < 100 || width > maxPixels || height > maxPixels {
		return f.fail(fmt.Errorf("plots: size %d x %d: width and height must lie between 100 and %d pixels", width, height, maxPixels))
	}
	f.width, f.height = width, height
	return f
}

// XRange sets which part of the x axis is shown. Without it all values are.
func (f *Figure) XRange(from, to float64) *Figure {
	f.xLimits = f.limits("x", from, to)
	return f
}

// YRange sets which part of the y axis is shown. Without it all values are.
func (f *Figure) YRange(from, to float64) *Figure {
	f.yLimits = f.limits("y", from, to)
	return f
}

// limits are the ends of an axis.
type limits struct{ from, to float64 }

func (f *Figure) limits(axis string, from, to float64) *limits {
	if !finite(to-from) || from >= to {
		f.fail(fmt.Errorf("plots: range of %s from %g to %g: the first must be the smaller and both finite", axis, from, to))
		return nil
	}
	return &limits{from, to}
}

// LogX makes the x axis logarithmic; values that are not positive become gaps.
func (f *Figure) LogX() *Figure {
	f.logX = true
	return f
}

// LogY makes the y axis logarithmic; values that are not positive become gaps.
func (f *Figure) LogY() *Figure {
	f.logY = true
	return f
}

// Err returns what is wrong with the figure, or nil: then it can be drawn.
func (f *Figure) Err() error {
	if f.err != nil {
		return f.err
	}
	_, err := f.frame()
	return err
}

// fail keeps the first error, which is the one to mend.
func (f *Figure) fail(err error) *Figure {
	if f.err == nil {
		f.err = err
	}
	return f
}

// add appends a layer, or keeps the reason why there is none.
func (f *Figure) add(l layer, err error) *Figure {
	if err != nil {
		return f.fail(err)
	}
	f.layers = append(f.layers, l)
	f.names = append(f.names, "")
	return f
}

var errNothing = errors.New("plots: there is nothing to draw: all values are NaN, infinite or outside of a logarithmic axis")
