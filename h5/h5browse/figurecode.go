package h5browse

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"gofive/h5"
)

// lineFigure draws lines over X, with the errors of the first one; without any named, the one of a dataset.
func (s *script) lineFigure(d *h5.Dataset, whole series) (string, error) {
	r := s.call.request
	all := r.Series
	if len(all) == 0 {
		all = []series{whole}
	}
	kind := map[string]string{"line": "Line", "points": "Scatter"}[r.Show]
	s.declare(d) // first, for it is what is shown
	var calls []string
	for i, of := range all {
		of.Component = cmp.Or(of.Component, components[0])
		y, err := s.dataset(d, of.Path)
		if err != nil {
			return "", err
		}
		x, err := s.across(y, of.Sel)
		if err != nil {
			return "", err
		}
		values := s.values(y, of)
		if i == 0 && r.Errors != nil {
			var band string
			if band, values, err = s.band(y, of, x); err != nil {
				return "", err
			}
			calls = append(calls, band)
		}
		line := kind + "(" + arguments(x, values) + ")"
		if len(all) > 1 {
			line += called("Name", of.Label)
		}
		calls = append(calls, line)
	}
	return "plots." + chain(calls, r.Look.line(r.X != nil)), nil
}

// dataset opens another dataset of the file, or takes the one at hand.
func (s *script) dataset(at *h5.Dataset, path string) (*h5.Dataset, error) {
	if path == "" || path == at.Path() {
		return at, nil
	}
	o, err := at.File().Get(path)
	if err != nil {
		return nil, err
	}
	d, ok := o.(*h5.Dataset)
	if !ok {
		defer drop(o)
		return nil, &failure{Kind: "bad-request", Message: "what is drawn is no dataset", Path: o.Path()}
	}
	s.open = append(s.open, d)
	return d, nil
}

// across is X of a line: another dataset, the places of a part, or "" where the line begins at 0.
func (s *script) across(y *h5.Dataset, sel string) (string, error) {
	r := s.call.request
	if r.X != nil {
		x, err := s.dataset(y, r.X.Path)
		if err != nil {
			return "", err
		}
		return s.values(x, series{Field: r.X.Field, Sel: along(x, y, sel)}), nil
	}
	if len(r.Look.Range) == 2 {
		return "plots.Linspace(" + float(r.Look.Range[0]) + ", " + float(r.Look.Range[1]) + ")", nil
	}
	return "", nil
}

// band draws what lies between a line less and with its errors, and gives the variable that holds the line.
func (s *script) band(d *h5.Dataset, of series, x string) (call, y string, err error) {
	r := s.call.request
	errors, err := s.dataset(d, r.Errors.Path)
	if err != nil {
		return "", "", err
	}
	line := s.read(d, of)
	spread := s.read(errors, series{Field: r.Errors.Field, Sel: along(errors, d, of.Sel)})
	y = s.variable("y")
	e := s.variable("e")
	s.add(y + " := " + line)
	s.add(e + " := " + spread)
	return "Band(" + arguments(x, y+".Sub("+e+")", y+".Add("+e+")") + ")", y, nil
}

// along is the selection of a dataset at the places of a line of another: of one with as many axes the same, of one
// with a single axis the part of the axis that is drawn.
func along(of, y *h5.Dataset, sel string) string {
	if len(of.Shape()) == len(y.Shape()) {
		return sel
	}
	for part := range strings.SplitSeq(sel, ",") {
		if strings.Contains(part, ":") {
			return strings.TrimSpace(part)
		}
	}
	return ""
}

// imageFigure paints a dataset of which two axes are left.
func (s *script) imageFigure(d *h5.Dataset, of series) string {
	l := s.call.request.Look
	values := s.read(d, of)
	if l.Turned {
		values += ".Transpose()"
	}
	return "plots." + chain([]string{"Image(" + values + ")"}, l.image())
}

// line is what dresses lines. Where they begin is told by X, unless that is a dataset.
func (l look) line(x bool) (calls []string) {
	if l.LogX {
		calls = append(calls, "LogX()")
	}
	if l.LogY {
		calls = append(calls, "LogY()")
	}
	if x && len(l.Range) == 2 {
		calls = append(calls, "XRange("+float(l.Range[0])+", "+float(l.Range[1])+")")
	}
	return append(calls, l.labels()...)
}

// image is what dresses pictures.
func (l look) image() (calls []string) {
	if l.Colours != "" {
		calls = append(calls, "Colours("+strconv.Quote(l.Colours)+")")
	}
	if len(l.Percentile) == 2 {
		calls = append(calls, "Percentile("+float(l.Percentile[0])+", "+float(l.Percentile[1])+")")
	}
	if l.Log {
		calls = append(calls, "Log()")
	}
	return append(calls, l.labels()...)
}

func (l look) labels() []string {
	if len(l.Labels) != 2 {
		return nil
	}
	return []string{fmt.Sprintf("Labels(%q, %q)", l.Labels[0], l.Labels[1])}
}

// chain calls methods one after the other; several things that are drawn have a line each.
func chain(drawn, dress []string) string {
	if len(drawn) == 1 {
		return strings.Join(slices.Concat(drawn, dress), ".")
	}
	if len(dress) > 0 {
		drawn = append(drawn, strings.Join(dress, "."))
	}
	return strings.Join(drawn, ".\n\t")
}

// float writes a number as Go does, whole ones that are exact with all their digits.
func float(x float64) string {
	if x == math.Trunc(x) && math.Abs(x) < 1<<53 {
		return strconv.FormatFloat(x, 'f', 0, 64)
	}
	return strconv.FormatFloat(x, 'g', -1, 64)
}
