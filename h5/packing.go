package h5

import (
	"fmt"
	"math"
	"reflect"
)

// Packing says how the stored numbers of a dataset are meant, as the CF conventions write it into attributes
// (https://cfconventions.org, sections 2.5.1 and 8.1): stored × Scale + Offset, and no value where the stored
// number is one of Fills.
type Packing struct {
	Scale, Offset float64   // scale_factor and add_offset; 1 and 0 without
	Fills         []float64 // _FillValue, missing_value and the fill value of the dataset; without 0, which may be a value too, and NaN
}

// mostMarks is how many numbers an attribute may have to be looked at for what it says of its dataset.
const mostMarks = 4096

// Packing reads the attributes that say how the numbers are meant. One that cannot be read says nothing.
func (d *Dataset) Packing() (Packing, error) {
	p := Packing{Scale: 1}
	attrs, err := d.Attrs()
	if err != nil {
		return p, err
	}
	if x := attrs.numbers("scale_factor"); len(x) == 1 {
		p.Scale = x[0]
	}
	if x := attrs.numbers("add_offset"); len(x) == 1 {
		p.Offset = x[0]
	}
	fills := append(attrs.numbers("_FillValue"), attrs.numbers("missing_value")...)
	if v, err := d.FillValue(); err == nil {
		fills = append(fills, numberOf(v)...)
	}
	for _, x := range fills {
		if x != 0 && x == x {
			p.Fills = append(p.Fills, x)
		}
	}
	return p, nil
}

// Scaled reads a selection as Slice does, as float64 and as the numbers are meant: stored × scale_factor +
// add_offset, and NaN where the stored number says that there is no value; see Packing. Without such
// attributes it gives what is stored. Elements that are no integers or floats are an error.
//
//	t := f.Dataset("temperature").Scaled("0, :, :") // in the unit of the attribute units
func (d *Dataset) Scaled(sel ...any) (*Array, error) {
	const op = "read dataset scaled"
	p, err := d.Packing()
	if err != nil {
		return nil, err
	}
	refuse := func(kind error, reason, hint string) (*Array, error) {
		return nil, &Error{Op: op, Name: d.path, File: d.h.file.path, Kind: kind, Reason: reason, Hint: hint}
	}
	if !d.Datatype().isNumber() {
		return refuse(ErrType, fmt.Sprintf("the elements are of type %v", d.Datatype()), "only numbers have a scale; read it with Slice")
	}
	if !p.Defined() {
		return refuse(ErrRange, fmt.Sprintf("scale_factor %v and add_offset %v give no numbers", p.Scale, p.Offset), "Slice reads the numbers as they are stored")
	}
	a, err := d.read(op, nil, sel)
	if err != nil {
		return nil, err
	}
	x, err := numbers[float64](a, "float64")
	if err != nil {
		return nil, err
	}
	_, single := a.data.([]float32)
	out := makeSlice[float64](len(x))
	for i, v := range x {
		out[i] = p.Value(v, single)
	}
	return a.mapped(Float64, out), nil
}

// Defined reports whether the attributes give numbers: with a scale_factor of 0 or NaN they do not.
func (p Packing) Defined() bool {
	return p.Scale != 0 && !math.IsNaN(p.Scale) && !math.IsInf(p.Scale, 0) && !math.IsNaN(p.Offset) && !math.IsInf(p.Offset, 0)
}

// Value is what a stored number means, NaN for no value. single says that it is stored as float32, whose fill
// values are attributes of double precision now and then.
func (p Packing) Value(stored float64, single bool) float64 {
	for _, f := range p.Fills {
		if stored == f || single && float32(stored) == float32(f) {
			return math.NaN()
		}
	}
	return stored*p.Scale + p.Offset
}

// isNumber reports whether elements are integers or floats.
func (t *Datatype) isNumber() bool { return t.Kind() == TypeInt || t.Kind() == TypeFloat }

// numbers gives the numbers of a small attribute, nil when it has none.
func (as Attributes) numbers(name string) []float64 {
	a, ok := as.Get(name)
	if !ok || a.err != nil || a.shape == nil || a.shape.Len() > mostMarks {
		return nil
	}
	v, err := a.Array()
	if err != nil {
		return nil
	}
	x, err := v.Float64s()
	if err != nil {
		return nil
	}
	return x
}

// numberOf gives a single number of Go, none where v is something else.
func numberOf(v any) []float64 {
	r := reflect.ValueOf(v)
	switch {
	case r.CanFloat():
		return []float64{r.Float()}
	case r.CanInt():
		return []float64{float64(r.Int())}
	case r.CanUint():
		return []float64{float64(r.Uint())}
	}
	return nil
}
