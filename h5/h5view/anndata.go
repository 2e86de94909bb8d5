package h5view

import (
	"fmt"
	"slices"
	"strings"

	"gofive/h5"
)

// anndata is AnnData: observations, variables, and a matrix of them, dense or sparse, with whatever
// belongs to either. See https://anndata.readthedocs.io/en/latest/fileformat-prose.html.
type anndata struct{}

func (anndata) detect(s *site) string {
	version := markText(s.attrs, "encoding-version")
	if markText(s.attrs, "encoding-type") == "anndata" {
		return joined(" ", "AnnData", version)
	}
	if s.links <= maxKeys && s.has("X", "obs", "var") { // before 0.8 the root had no mark
		return "AnnData"
	}
	return ""
}

// parts are the groups of an AnnData object and what is in them.
var parts = map[string]string{"/obs": "observations", "/var": "variables", "/X": "matrix", "/layers": "further matrices",
	"/obsm": "of observations", "/varm": "of variables", "/obsp": "pairs of observations", "/varp": "pairs of variables", "/uns": "unstructured"}

func (anndata) role(n *node) (string, bool) {
	kind := markText(n.attributes(), "encoding-type")
	switch kind {
	case "string-array", "array", "dict", "string", "numeric-scalar", "anndata", "raw":
		kind = ""
	case "dataframe":
		kind = "data frame"
	case "csr_matrix", "csc_matrix":
		shape := markNumbers(n.attributes(), "shape")
		kind = strings.TrimSuffix(kind, "_matrix") + " matrix"
		if len(shape) == 2 {
			kind += fmt.Sprintf(" %g × %g", shape[0], shape[1])
		}
	}
	return joined(", ", parts[n.entry.Path], kind), n.entry.Name == "__categories" && !n.top()
}

func (anndata) quiet(n *node, name string) bool {
	return strings.HasPrefix(name, "encoding-") || name == "column-order" || name == "_index" ||
		name == "shape" && n.entry.Kind == h5.KindGroup || name == "categories"
}

func (c anndata) show(o h5.Object, x *exhibit) error {
	g, ok := o.(folder)
	if !ok {
		return nil
	}
	if _, file := o.(*h5.File); file {
		for _, name := range []string{"obs", "var"} {
			if err := c.part(g, name, x); err != nil {
				return err
			}
		}
		return nil
	}
	return c.frame(g, g.Path(), x)
}

// part shows a frame of the root. Very old files have it as rows of a compound.
func (c anndata) part(g folder, name string, x *exhibit) error {
	o, err := g.Get(name)
	if err != nil {
		return err
	}
	defer o.Close()
	switch o := o.(type) {
	case *h5.Group:
		return c.frame(o, name+", "+parts["/"+name], x)
	case *h5.Dataset:
		x.caption(name + ", " + parts["/"+name])
		x.values(o)
	}
	return nil
}

// frame shows a group that is a data frame, by its attributes column-order and _index.
func (c anndata) frame(g folder, caption string, x *exhibit) error {
	attrs, err := g.Attrs()
	if err != nil {
		return err
	}
	if markText(attrs, "encoding-type") != "dataframe" {
		return nil
	}
	var out columns
	names := markTexts(attrs, "column-order")
	for _, name := range slices.Concat([]string{markText(attrs, "_index")}, names[:min(len(names), mostColumns)]) {
		if name == "" {
			continue
		}
		values, err := c.column(g, name)
		if err != nil {
			return fmt.Errorf("column %q: %s", name, problem(err))
		}
		out.add(name, values)
	}
	return out.show(caption, x)
}

// column reads a column. Categories are shown by their names, masked values as nothing.
func (c anndata) column(g folder, name string) (any, error) {
	o, err := g.Get(name)
	if err != nil {
		return nil, err
	}
	defer o.Close()
	if group, ok := o.(*h5.Group); ok {
		if ok, err := group.Has("categories"); err == nil && ok {
			return c.categories(group, "codes", "categories")
		}
		return head(group, "values")
	}
	attrs, _ := o.Attrs()
	if _, ok := attrs.Get("categories"); ok { // until 0.7 the names lay beside, by reference
		return c.categories(g, name, "__categories/"+name)
	}
	return head(g, name)
}

// categories gives the names that codes stand for, "" for none.
func (anndata) categories(g folder, codes, names string) (any, error) {
	a, err := head(g, codes)
	if err != nil {
		return nil, err
	}
	of, err := head(g, names)
	if err != nil {
		return nil, err
	}
	n, err := a.Int64s()
	if err != nil {
		return nil, err
	}
	all := printed(of)
	out := make([]string, len(n))
	for i, k := range n {
		if k >= 0 && k < int64(len(all)) {
			out[i] = all[k]
		}
	}
	return out, nil
}
