// Package plots draws figures that need no setting up: lines, steps, points, bands, histograms of one and
// two axes, bars, boxes, pictures and contours of two-dimensional arrays, with ticks, sizes and colours
// chosen for reading on a page.
//
// There is only one type here, Figure. Of draws whatever it is given in the way that fits; Line, Scatter,
// Histogram, Heat and the others begin a figure with one thing, the methods of the same names add to it,
// and the rest of its methods dress it and return it, so that calls chain:
//
//	plots.Line(wave, flux).Title("plate 3655 fiber 30").Labels("wavelength [Å]", "flux")
//	plots.Of(coadd.Table().Cumsum(), plots.LogY())
//
// Values may be slices of any numbers, or anything with a method Float64s() ([]float64, error), as
// arrays read from HDF5 have. NaN and infinities are gaps. What holds more points than a picture has
// dots is reduced to the least and greatest value of each column of dots, so that no spike is lost.
//
// A figure shows itself as PNG and, where that can say it, as Vega-Lite, which front ends that know it
// draw themselves: the wheel zooms, the mouse pans, a point tells its values.
//
// A mistake, such as x and y of different lengths, does not panic: the figure then shows the message
// instead of a picture, and Err returns it.
package plots

import (
	"errors"
	"fmt"

	"gonum.org/v1/plot"
)

// Figure is one picture with axes, or a grid of such. Its methods change it and return it.
type Figure struct {
	title         string
	width, height int // pixels of a page
	layers        []placed
	x, y, second  scaling
	above         *above   // a second x axis, nil for none
	twin          bool     // what is added now goes to the second y axis
	look          look     // of pictures
	notes         []string // what is not shown, written below
	picked        []string // the columns of a table that are wanted
	xColumn       *string
	cells         []*Figure // of a grid, which has no layers
	columns       int
	errs          []error // what is wrong; the rest is drawn
}

// placed is a layer in a figure.
type placed struct {
	layer
	name   string // "" for none
	second bool   // drawn against the second y axis
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

// scaling is what is said about one axis.
type scaling struct {
	label  string
	limits *limits
	log    bool
}

// limits are the ends of an axis.
type limits struct{ from, to float64 }

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

// Labels sets what is written at the axes; after Twin, y is the second one.
func (f *Figure) Labels(x, y string) *Figure {
	f.x.label, f.vertical().label = x, y
	return f
}

// Name names what was added last. Names are shown in a legend.
func (f *Figure) Name(text string) *Figure {
	if n := len(f.layers); n > 0 {
		f.layers[n-1].name = text
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
	f.x.limits = f.between("x", from, to)
	return f
}

// YRange sets which part of the y axis is shown, after Twin of the second one. Without it all values are.
func (f *Figure) YRange(from, to float64) *Figure {
	f.vertical().limits = f.between("y", from, to)
	return f
}

func (f *Figure) between(axis string, from, to float64) *limits {
	if !finite(to-from) || from >= to {
		f.fail(fmt.Errorf("plots: range of %s from %g to %g: the first must be the smaller and both finite", axis, from, to))
		return nil
	}
	return &limits{from, to}
}

// LogX makes the x axis logarithmic; values that are not positive become gaps.
func (f *Figure) LogX() *Figure {
	f.x.log = true
	return f
}

// LogY makes the y axis logarithmic, after Twin the second one; values that are not positive become gaps.
func (f *Figure) LogY() *Figure {
	f.vertical().log = true
	return f
}

// vertical is the y axis that is spoken of now.
func (f *Figure) vertical() *scaling { return f.scaling(f.twin) }

// Err returns what is wrong with the figure, or nil. What is right of it is drawn all the same.
func (f *Figure) Err() error {
	if wrong := f.mistakes(); len(wrong) > 0 {
		return wrong[0] // the first is the one to mend
	}
	for _, cell := range f.cells {
		if err := cell.Err(); err != nil {
			return err
		}
	}
	if f.cells != nil {
		return nil
	}
	_, err := f.frame()
	return err
}

// fail keeps an error.
func (f *Figure) fail(err error) *Figure {
	f.errs = append(f.errs, err)
	return f
}

// add appends a layer, or keeps the reason why there is none.
func (f *Figure) add(l layer, err error) *Figure {
	if err == nil && f.cells != nil {
		err = errors.New("plots: a grid holds figures: add to one of them")
	}
	if err != nil {
		return f.fail(err)
	}
	f.layers = append(f.layers, placed{layer: l, second: f.twin})
	return f
}

// note keeps what the reader must know about what is not shown.
func (f *Figure) note(format string, values ...any) *Figure {
	f.notes = append(f.notes, fmt.Sprintf(format, values...))
	return f
}

var errNothing = errors.New("plots: there is nothing to draw: all values are NaN, infinite or outside of a logarithmic axis")
