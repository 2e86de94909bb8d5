package h5browse

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"gofive/h5"
)

// lens is how elements are seen as numbers: of complex ones a component, and packed ones as they are meant.
type lens struct {
	component string // amplitude, phase, real or imaginary
	h5.Packing
}

var components = []string{"amplitude", "phase", "real", "imaginary"}

// lens gives how a request wants the numbers of a dataset seen.
func (l *call) lens(d *h5.Dataset, field string) (lens, error) {
	n := lens{cmp.Or(l.request.Component, components[0]), h5.Packing{Scale: 1}}
	if !slices.Contains(components, n.component) {
		return n, badRequest("component is amplitude, phase, real or imaginary, not %q", cutText(n.component, 100))
	}
	if l.request.Scaled {
		n.Packing = packingOf(d, field)
	}
	if !n.Defined() {
		return n, &failure{Kind: "unsupported", Message: fmt.Sprintf("scale_factor %v and add_offset %v give no numbers", n.Scale, n.Offset), Path: d.Path(), Hint: "look at the numbers as they are stored"}
	}
	return n, nil
}

// packingOf says how the numbers of a dataset are meant. Attributes say it of integers and floats, not of fields
// of rows.
func packingOf(d *h5.Dataset, field string) h5.Packing {
	if t := d.Datatype(); field == "" && t != nil && (t.Kind() == h5.TypeInt || t.Kind() == h5.TypeFloat) {
		p, _ := d.Packing() // what cannot be read is shown as it is stored
		return p
	}
	return h5.Packing{Scale: 1}
}

// oneByOne refuses elements that are several numbers each.
func oneByOne(d *h5.Dataset, field string) error {
	if t := typeOf(d, field); t != nil && t.Kind() == h5.TypeArray {
		return &failure{Kind: "unsupported", Message: "the elements are of type " + cutText(t.String(), mostText/4), Path: d.Path(), Hint: "slice gives them as text"}
	}
	return nil
}

// typeOf is the type of a dataset's elements, or of a field of theirs; nil where there is none of that name.
func typeOf(d *h5.Dataset, field string) *h5.Datatype {
	if field == "" {
		return d.Datatype()
	}
	for _, m := range d.Datatype().Members() {
		if m.Name == field {
			return m.Type
		}
	}
	return nil
}

// plain reports whether numbers are as they are stored.
func (n lens) plain() bool { return !n.packed() && len(n.Fills) == 0 }

// packed reports whether stored numbers are others than those that are meant.
func (n lens) packed() bool { return n.Scale != 1 || n.Offset != 0 }

// key tells lenses apart.
func (n lens) key() string { return fmt.Sprint(n) }

// numbers gives the elements of an array as they are seen, without a copy where that is as they are.
func (n lens) numbers(a *h5.Array) (numbers1, error) {
	switch x := a.Raw().(type) {
	case []complex64:
		return componentOf(n.component, x), nil
	case []complex128:
		return componentOf(n.component, x), nil
	}
	x, err := numbersIn(a)
	if err != nil || n.plain() {
		return x, err
	}
	_, single := a.Raw().([]float32)
	out := make(listOf[float64], x.len())
	for i := range out {
		out[i] = n.Value(x.at(i), single)
	}
	return out, nil
}

// float64s is numbers for who needs them all.
func (n lens) float64s(a *h5.Array) ([]float64, error) {
	x, err := n.numbers(a)
	if err != nil {
		return nil, err
	}
	if same, ok := x.(listOf[float64]); ok {
		return same, nil
	}
	out := make([]float64, x.len())
	for i := range out {
		out[i] = x.at(i)
	}
	return out, nil
}

// componentOf gives a real number for each complex one.
func componentOf[T complex64 | complex128](component string, x []T) listOf[float64] {
	of := map[string]func(re, im float64) float64{
		"amplitude": math.Hypot,
		"phase":     func(re, im float64) float64 { return math.Atan2(im, re) },
		"real":      func(re, _ float64) float64 { return re },
		"imaginary": func(_, im float64) float64 { return im },
	}[component]
	out := make(listOf[float64], len(x))
	for i, v := range x {
		c := complex128(v)
		out[i] = of(real(c), imag(c))
	}
	return out
}
