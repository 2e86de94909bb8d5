package h5view

import (
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"unicode/utf16"

	"gofive/display"
	"gofive/display/table"
	"gofive/h5"
)

// matlab is MATLAB's MAT-file 7.3. Its arrays run along their first axis fastest, so HDF5 has their
// axes turned around; texts are numbers of UTF-16, cells are references into a group of their own.
// MathWorks describes it nowhere.
type matlab struct{}

// matHeader is what the 512 bytes before the HDF5 file begin with.
const matHeader = "MATLAB 7.3 MAT-file"

func (matlab) detect(s *site) string {
	marked := false
	for _, e := range s.members() {
		_, ok := e.Info.Attributes.Get("MATLAB_class")
		marked = marked || ok
	}
	if !marked {
		return ""
	}
	if f, err := os.Open(s.root.Filename()); err == nil {
		defer f.Close()
		begin := make([]byte, len(matHeader))
		if _, err := io.ReadFull(f, begin); err == nil && string(begin) == matHeader {
			return "MATLAB 7.3"
		}
	}
	return "MATLAB variables"
}

func (matlab) role(n *node) (string, bool) {
	if n.entry.Name == "#refs#" || n.entry.Name == "#subsystem#" {
		return "internal", !n.top()
	}
	role := markText(n.attributes(), "MATLAB_class")
	if markIs(n.attributes(), "MATLAB_empty", "1") {
		return "empty " + strings.TrimPrefix(role, "canonical empty"), false
	}
	if _, ok := n.attributes().Get("MATLAB_sparse"); ok {
		return "sparse " + role, false
	}
	if role == "" || n.entry.Kind != h5.KindDataset {
		return role, false
	}
	size := slices.Clone(n.entry.Info.Shape)
	slices.Reverse(size)
	return role + " " + strings.ReplaceAll(strings.Trim(shapeText(size), "()"), " ", ""), false
}

func (matlab) quiet(_ *node, name string) bool {
	return strings.HasPrefix(name, "MATLAB_") || name == "H5PATH"
}

func (c matlab) show(o h5.Object, x *exhibit) error {
	switch o := o.(type) {
	case *h5.Dataset:
		return c.variable(o, x)
	case folder:
		attrs, err := o.Attrs()
		if err != nil {
			return err
		}
		if rows, ok := markNumber(attrs, "MATLAB_sparse"); ok {
			return c.sparse(o, int(rows), x)
		}
		if markText(attrs, "MATLAB_class") == "struct" {
			return c.fields(o, x)
		}
	}
	return nil
}

// variable shows a variable as MATLAB does.
func (c matlab) variable(d *h5.Dataset, x *exhibit) error {
	attrs, err := d.Attrs()
	if err != nil {
		return err
	}
	class := markText(attrs, "MATLAB_class")
	switch {
	case markIs(attrs, "MATLAB_empty", "1"):
		x.lines("", c.summary(d))
		x.replaced = true
	case class == "char" && len(d.Shape()) == 2:
		texts, err := c.texts(d)
		if err != nil {
			return err
		}
		x.lines("as text", strings.Join(texts, "\n"))
		x.replaced = true
	case class == "cell":
		return c.cells(d, x)
	case class == "logical" || numeric(d.Datatype()):
		return c.turned(d, class == "logical", x)
	}
	return nil
}

// texts gives the rows of a character array.
func (matlab) texts(d *h5.Dataset) ([]string, error) {
	shape := d.Shape()
	if len(shape) != 2 || d.Len() > maxCharacters {
		return nil, fmt.Errorf("its text has shape %s", shapeText(shape))
	}
	a, err := d.Slice()
	if err != nil {
		return nil, err
	}
	units, err := a.Int64s()
	if err != nil {
		return nil, err
	}
	rows := make([]string, shape[1])
	for i := range rows {
		letters := make([]uint16, shape[0])
		for j := range letters {
			letters[j] = uint16(units[j*shape[1]+i])
		}
		rows[i] = string(utf16.Decode(letters))
	}
	return rows, nil
}

// turned shows a matrix with the axes that it has in MATLAB.
func (matlab) turned(d *h5.Dataset, logical bool, x *exhibit) error {
	info, err := d.Info()
	if err != nil || len(info.Shape) != 2 || showable(info) != nil {
		return err
	}
	t := transposed{onDisk{d, info, meaning{}}, logical}
	if info.Shape[1] == 1 && info.Shape[0] > 1 { // a row is read more easily as a column
		return nil
	}
	x.table(fmt.Sprintf("as MATLAB shows it, %s × %s", display.Count(info.Shape[1]), display.Count(info.Shape[0])), table.Grid(t))
	x.replaced = true
	return nil
}

// transposed is a dataset of two axes with the axes changed over, as table.Array.
type transposed struct {
	onDisk
	logical bool
}

func (t transposed) Shape() []int { return []int{t.info.Shape[1], t.info.Shape[0]} }

func (t transposed) Block(start, count []int) ([]any, error) {
	cells, err := t.onDisk.Block([]int{start[1], start[0]}, []int{count[1], count[0]})
	if err != nil {
		return nil, err
	}
	out := make([]any, 0, len(cells))
	for i := range count[0] {
		for j := range count[1] {
			v := cells[j*count[0]+i]
			if n, ok := integer(v); ok && t.logical {
				v = n != 0
			}
			out = append(out, v)
		}
	}
	return out, nil
}

// Type names the type as MATLAB means it.
func (t transposed) Type() string {
	if t.logical {
		return "bool"
	}
	return t.onDisk.Type()
}

// Sample gives nothing: histograms are of single axes.
func (t transposed) Sample() ([]float64, string) { return nil, "" }

// mostCells is how many cells or fields are followed.
const mostCells = 200

// cells lists what the cells of a cell array hold.
func (c matlab) cells(d *h5.Dataset, x *exhibit) error {
	if d.Len() > maxLine {
		return nil
	}
	a, err := d.Slice()
	if err != nil {
		return err
	}
	refs, ok := a.Raw().([]h5.Reference)
	if !ok {
		return errors.New("its cells are no references")
	}
	var out listed
	for i, r := range refs[:min(len(refs), mostCells)] {
		o, err := r.Open()
		if err != nil {
			out.add(fmt.Sprintf("{%d}", i+1), "", problem(err))
			continue
		}
		out.add(fmt.Sprintf("{%d}", i+1), c.class(o), c.summary(o))
		o.Close()
	}
	x.replaced = true
	return out.show(fmt.Sprintf("cell array of %s", display.Count(len(refs))), x)
}

// fields lists what the fields of a struct hold.
func (c matlab) fields(g folder, x *exhibit) error {
	names, err := g.Keys()
	if err != nil {
		return err
	}
	var out listed
	for _, name := range names[:min(len(names), mostCells)] {
		o, err := g.Get(name)
		if err != nil {
			out.add(name, "", problem(err))
			continue
		}
		out.add(name, c.class(o), c.summary(o))
		o.Close()
	}
	return out.show("struct with "+plural(len(names), "field"), x)
}

// listed is a table of names, classes and values.
type listed struct{ names, classes, values []string }

func (l *listed) add(name, class, value string) {
	l.names, l.classes, l.values = append(l.names, name), append(l.classes, class), append(l.values, value)
}

func (l *listed) show(caption string, x *exhibit) error {
	var c columns
	c.add("name", l.names)
	c.add("class", l.classes)
	c.add("value", l.values)
	return c.show(caption, x)
}

func (matlab) class(o h5.Object) string {
	attrs, err := o.Attrs()
	if err != nil {
		return ""
	}
	return markText(attrs, "MATLAB_class")
}

// summary says in a few words what an object holds.
func (c matlab) summary(o h5.Object) string {
	d, ok := o.(*h5.Dataset)
	if !ok {
		return o.Kind().String()
	}
	attrs, _ := d.Attrs()
	shape := d.Shape()
	if markIs(attrs, "MATLAB_empty", "1") {
		return c.emptyText(d)
	}
	if markText(attrs, "MATLAB_class") == "char" {
		if texts, err := c.texts(d); err == nil {
			return strings.Join(texts, " | ")
		}
	}
	size := slices.Clone(shape)
	slices.Reverse(size)
	if d.Len() > 12 || d.Datatype().Kind() == h5.TypeReference {
		return strings.Trim(shapeText(size), "()")
	}
	a, err := d.Slice()
	if err != nil {
		return problem(err)
	}
	if d.Len() == 1 {
		v, _ := a.At(make([]int, len(shape))...)
		return display.Value(cell(v, d.Datatype()))
	}
	return strings.Trim(shapeText(size), "()") + ": " + arrayText(a)
}

// emptyText says which size an empty array has: that is its only content.
func (matlab) emptyText(d *h5.Dataset) string {
	a, err := d.Slice()
	if err != nil {
		return "empty"
	}
	n, err := a.Int64s()
	if err != nil || len(n) > 8 {
		return "empty"
	}
	return "empty " + strings.ReplaceAll(strings.Trim(fmt.Sprint(n), "[]"), " ", " × ")
}

// sparse says what a sparse matrix holds.
func (c matlab) sparse(g folder, rows int, x *exhibit) error {
	size := func(name string) int {
		d, err := g.Dataset(name)
		if err != nil {
			return 0
		}
		defer d.Close()
		return d.Len()
	}
	columns, stored := max(0, size("jc")-1), size("data")
	x.note(fmt.Sprintf("sparse matrix of %s × %s, %s stored: data, their rows ir, and where columns begin jc",
		display.Count(rows), display.Count(columns), plural(stored, "element")))
	return nil
}
