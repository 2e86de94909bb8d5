package plots

import (
	"fmt"
	"strings"
)

// labelledAxes, scaledAxes, measured and located are what a dataset may say about itself. What it cannot
// say just now is left out.
type (
	labelledAxes interface{ AxisLabels() ([]string, error) }
	scaledAxes   interface {
		AxisValues(axis int) ([]float64, error)
	}
	measured interface{ Unit() (string, error) }
	located  interface{ Path() string }
)

// describe writes what v says about itself where the user has written nothing.
func (f *Figure) describe(v any) {
	if p, ok := v.(located); ok && f.title == "" {
		f.title = p.Path()
	}
	shape := shapeOf(v)
	if a, ok := v.(labelledAxes); ok && len(shape) > 0 {
		labels, err := a.AxisLabels()
		if err == nil && len(labels) == len(shape) {
			f.labelAxes(labels)
		}
	}
	if m, ok := v.(measured); ok && len(shape) < 2 && f.y.label == "" {
		if unit, err := m.Unit(); err == nil && unit != "" {
			f.y.label = lastName(f.title) + " [" + unit + "]"
		}
	}
}

// labelAxes writes the labels of the last axes: of one that of x, of more those of x and y.
func (f *Figure) labelAxes(labels []string) {
	n := len(labels)
	if f.x.label == "" {
		f.x.label = labels[n-1]
	}
	if n > 1 && f.y.label == "" {
		f.y.label = labels[n-2]
	}
}

// lastName is the last name of a path.
func lastName(path string) string { return path[strings.LastIndexByte(path, '/')+1:] }

// scaleOf gives the values that an axis of v stands for, nil if it has none of its length, or more than are
// worth having in memory.
func scaleOf(v any, axis int) []float64 {
	s, ok := v.(scaledAxes)
	if !ok || shapeOf(v)[axis] > maxCellsRead {
		return nil
	}
	values, err := s.AxisValues(axis)
	if err != nil || len(values) != shapeOf(v)[axis] {
		return nil
	}
	return values
}

// elementType reports whether the type of the elements of an array or a dataset is written so.
func elementType(v any, begins string) bool {
	t, has, err := callOne(v, "Datatype")
	return has && err == nil && !isNil(t) && strings.HasPrefix(strings.TrimPrefix(fmt.Sprint(t), "big-endian "), begins)
}
