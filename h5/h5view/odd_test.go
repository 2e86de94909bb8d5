package h5view

import (
	"fmt"
	"testing"

	"gofive/h5"
)

// odd are values of shapes and types that no convention means.
var odd = []any{h5.Null, []float64{}, "text", [][][]int32{{{1}, {2}}}, [][]string{{"a", "b"}}, []struct{ A, B float32 }{{1, 2}}, []float64{-1e300, 1e300, 0}, uint64(1 << 63), []h5.Reference{{}}}

// TestOddContent changes one object or attribute of an example after the other into something else. Whatever a
// file looks like, it is shown.
func TestOddContent(t *testing.T) {
	n, changed := 0, 0
	for _, e := range examples {
		places := placesOf(makeExample(t, e.fill))
		for _, p := range places {
			n++
			f := makeExample(t, e.fill)
			v := odd[n%len(odd)]
			if err := p.replace(f, v); err != nil {
				continue // not every value can be an attribute
			}
			changed++
			t.Run(fmt.Sprintf("%s/%s@%s=%T", e.name, p.path, p.attr, v), func(t *testing.T) {
				view(t, f)
				if o, err := f.Get(p.path); err == nil {
					view(t, o)
				}
			})
			f.Close()
		}
	}
	if changed < n*3/4 {
		t.Errorf("%d of %d places were changed", changed, n)
	}
}

// place is an attribute, or a dataset when attr is "".
type place struct{ path, attr string }

func placesOf(f *h5.File) []place {
	out := attrPlaces(f)
	f.Walk(func(e h5.Entry) error {
		if e.Kind == h5.KindDataset {
			out = append(out, place{e.Path, ""})
		}
		if o, err := f.Get(e.Path); err == nil {
			out = append(out, attrPlaces(o)...)
			o.Close()
		}
		return nil
	})
	return out
}

func attrPlaces(o h5.Object) []place {
	attrs, _ := o.Attrs()
	var out []place
	for _, name := range attrs.Names() {
		out = append(out, place{o.Path(), name})
	}
	return out
}

// replace puts v at the place; a dataset keeps its attributes.
func (p place) replace(f *h5.File, v any) error {
	o, err := f.Get(p.path)
	if err != nil {
		return err
	}
	if p.attr != "" {
		if err := o.DeleteAttr(p.attr); err != nil {
			return err
		}
		return o.SetAttr(p.attr, v)
	}
	attrs, err := o.Attrs()
	if err != nil {
		return err
	}
	if err := f.Delete(p.path); err != nil {
		return err
	}
	if err := f.Set(p.path, v); err != nil {
		return err
	}
	changed, err := f.Get(p.path)
	if err != nil {
		return err
	}
	for _, a := range attrs {
		if old, err := a.Value(); err == nil {
			changed.SetAttr(a.Name(), old)
		}
	}
	return nil
}
