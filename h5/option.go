package h5

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"gofive/h5/internal/libhdf5"
)

// Option is a choice that a call takes: a FileAccess, a DatasetCreate, or a PropertyList of one of
// them. Several of a kind are merged; a later field that is not zero wins.
type Option interface {
	option()
	// PropertyList gives the same choices, to which any property of the HDF5 library can be added.
	PropertyList() *PropertyList
}

func (FileAccess) option()    {}
func (FileCreate) option()    {}
func (GroupCreate) option()   {}
func (DatasetCreate) option() {}
func (DatasetAccess) option() {}
func (CopyObject) option()    {}
func (*PropertyList) option() {}

// PropertyList gives the choices as a list to which any property can be added.
func (a FileAccess) PropertyList() *PropertyList { return &PropertyList{base: a} }

// PropertyList gives the choices as a list to which any property can be added.
func (c FileCreate) PropertyList() *PropertyList { return &PropertyList{base: c} }

// PropertyList gives the choices as a list to which any property can be added.
func (c GroupCreate) PropertyList() *PropertyList { return &PropertyList{base: c} }

// PropertyList gives the choices as a list to which any property can be added.
func (c DatasetCreate) PropertyList() *PropertyList { return &PropertyList{base: c} }

// PropertyList gives the choices as a list to which any property can be added.
func (a DatasetAccess) PropertyList() *PropertyList { return &PropertyList{base: a} }

// PropertyList gives the choices as a list to which any property can be added.
func (c CopyObject) PropertyList() *PropertyList { return &PropertyList{base: c} }

// PropertyList is the list itself.
func (p *PropertyList) PropertyList() *PropertyList { return p }

// PropertyList is an Option with properties of the HDF5 library that it has no field for:
//
//	h5.Create("x.h5", h5.FileAccess{}.PropertyList().Set("alignment", 1<<16, 1<<20))
type PropertyList struct {
	base  Option
	extra []libhdf5.Property
}

// Set adds a property: the name of the library's function without "H5Pset_" and what it takes behind
// the list, or the name of a registered property and its number. Names and values are looked at when
// the list is used. Set returns the list.
func (p *PropertyList) Set(name string, values ...any) *PropertyList {
	p.extra = append(p.extra, libhdf5.Set(name, plain(values)...))
	return p
}

// plain turns numbers of all kinds, truth values and typed constants into int and float64.
func plain(values []any) []any {
	out := slices.Clone(values)
	for i, v := range out {
		switch r := reflect.ValueOf(v); {
		case r.CanInt():
			out[i] = int(r.Int())
		case r.CanUint():
			out[i] = int(r.Uint())
		case r.CanFloat():
			out[i] = r.Float()
		case r.Kind() == reflect.Bool:
			out[i] = truth(r.Bool())
		case r.Kind() == reflect.String:
			out[i] = r.String()
		}
	}
	return out
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

// choices is what the options of a call come to.
type choices struct {
	fileAccess    FileAccess
	fileCreate    FileCreate
	groupCreate   GroupCreate
	datasetCreate DatasetCreate
	datasetAccess DatasetAccess
	copyObject    CopyObject
	extra         map[string][]libhdf5.Property // by the name of the type that they were added to
}

// choose merges options. A call that takes none of a kind names those that it takes.
func choose(op, name string, opts []Option, takes ...Option) (choices, error) {
	c := choices{extra: map[string][]libhdf5.Property{}}
	for _, o := range opts {
		var extra []libhdf5.Property
		if list, ok := o.(*PropertyList); ok && list != nil {
			o, extra = list.base, list.extra
		}
		kind := fmt.Sprintf("%T", o)
		if !slices.ContainsFunc(takes, func(t Option) bool { return fmt.Sprintf("%T", t) == kind }) {
			return c, wrongOption(op, name, kind, takes)
		}
		for _, p := range extra {
			if err := p.Check(); err != nil {
				return c, &Error{Op: op, Name: name, Kind: ErrType, Reason: "property list: " + err.Error(), Hint: propertyHint(p.Name)}
			}
		}
		c.extra[kind] = append(c.extra[kind], extra...)
		c.add(o)
	}
	return c, nil
}

func (c *choices) add(o Option) {
	switch o := o.(type) {
	case FileAccess:
		merge(&c.fileAccess, o)
	case FileCreate:
		merge(&c.fileCreate, o)
	case GroupCreate:
		merge(&c.groupCreate, o)
	case DatasetCreate:
		merge(&c.datasetCreate, o)
	case DatasetAccess:
		merge(&c.datasetAccess, o)
	case CopyObject:
		merge(&c.copyObject, o)
	}
}

// merge sets the fields of dst that src says something about.
func merge[T any](dst *T, src T) {
	d, s := reflect.ValueOf(dst).Elem(), reflect.ValueOf(src)
	for i := range s.NumField() {
		if !s.Field(i).IsZero() {
			d.Field(i).Set(s.Field(i))
		}
	}
}

// with puts what an expert added to options of o's type behind what its fields come to.
func (c *choices) with(o Option, own []libhdf5.Property) []libhdf5.Property {
	return append(own, c.extra[fmt.Sprintf("%T", o)]...)
}

func wrongOption(op, name, kind string, takes []Option) error {
	var want []string
	for _, t := range takes {
		want = append(want, fmt.Sprintf("%T", t))
	}
	return &Error{Op: op, Name: name, Kind: ErrType, Reason: kind + " is no option of this call", Hint: "give " + strings.Join(want, " or ")}
}

// propertyHint names the property that was meant, where one is near.
func propertyHint(name string) string {
	names := libhdf5.PropertyNames()
	if slices.Contains(names, name) {
		return "values are those of H5Pset_" + name + " behind the list"
	}
	if near := nearest(name, names); len(near) > 0 {
		return "did you mean " + quoted(near, " or ") + "?"
	}
	return "names are those of the library's functions without H5Pset_"
}
