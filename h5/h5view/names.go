package h5view

import (
	"slices"
	"strings"
	"time"

	"gofive/h5"
)

// askPatience is how long a question about names waits for the HDF5 library, which may be reading.
const askPatience = 100 * time.Millisecond

// Names gives what the string argument of a method of v could be when it begins with text, and the
// kind of each: objects by the part of their path behind the last slash, attributes, fields. Groups
// end in a slash, for there is more in them.
func Names(v any, method, text string) (names, kinds []string) {
	switch {
	case method == "Field" || method == "WriteField" || method == "Column" || method == "Select":
		return begun(fields(v), text, "field")
	case h5.Busy(askPatience):
		return nil, nil
	case strings.HasSuffix(method, "Attr"):
		return begun(attributeNames(v), text, "attribute")
	}
	return paths(v, method, text)
}

// Follow gives what a method that only looks leads to, nil for other methods and when there is
// nothing.
func Follow(v any, method, arg string) any {
	g, ok := v.(interface {
		Get(path string) (h5.Object, error)
	})
	if !ok || !slices.Contains([]string{"Get", "Group", "Dataset", "NamedType"}, method) || h5.Busy(askPatience) {
		return nil
	}
	o, err := g.Get(arg)
	if err != nil {
		return nil
	}
	return o
}

// begun keeps the names that begin with text.
func begun(all []string, text, kind string) (names, kinds []string) {
	for _, n := range all {
		if strings.HasPrefix(n, text) {
			names, kinds = append(names, n), append(kinds, kind)
		}
	}
	return names, kinds
}

// fields gives the names of the columns of a value, in their order.
func fields(v any) []string {
	switch x := v.(type) {
	case *h5.Dataset:
		return x.FieldNames()
	case *h5.Table:
		return x.Names()
	case *h5.Array:
		if t, err := x.Table(); err == nil {
			return t.Names()
		}
	}
	return nil
}

func attributeNames(v any) []string {
	o, ok := v.(h5.Object)
	if !ok {
		return nil
	}
	attrs, err := o.Attrs()
	if err != nil {
		return nil
	}
	return attrs.Names()
}

// wanted are the methods that open one kind of object. Other kinds are left out, but for groups, which
// lead on to more.
var wanted = map[string]h5.Kind{"Group": h5.KindGroup, "Dataset": h5.KindDataset, "NamedType": h5.KindDatatype}

// mostNames is how many members of a group are opened to find out their kind.
const mostNames = 1000

// paths gives the members of the group that a path begins with.
func paths(v any, method, text string) (names, kinds []string) {
	cut := strings.LastIndexByte(text, '/') + 1
	if cut > 0 {
		v = Follow(v, "Get", text[:cut])
	}
	g, ok := v.(interface {
		Keys(order ...h5.Order) ([]string, error)
		Get(path string) (h5.Object, error)
	})
	if !ok {
		return nil, nil
	}
	keys, err := g.Keys()
	if err != nil {
		return nil, nil
	}
	keys = slices.DeleteFunc(keys, func(k string) bool { return !strings.HasPrefix(k, text[cut:]) })
	h5.SortNatural(keys)
	want, one := wanted[method]
	for _, name := range keys[:min(len(keys), mostNames)] {
		kind := h5.KindUnknown
		if o, err := g.Get(name); err == nil { // a link may lead nowhere
			kind = o.Kind()
			o.Close()
		}
		if one && kind != want && kind != h5.KindGroup {
			continue
		}
		if kind == h5.KindGroup {
			name += "/"
		}
		names, kinds = append(names, name), append(kinds, kind.String())
	}
	return names, kinds
}
