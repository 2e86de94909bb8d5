package h5browse

import (
	"go/token"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"gofive/h5"
)

// script is a cell of Go that is being written.
type script struct {
	call  *call
	file  string // the variable that holds the file
	lines []string
	names map[string]string // the variables of objects, by their paths
	taken map[string]bool   // variables
	open  []*h5.Dataset     // besides the one that is shown
}

// codeFor gives the lines of a cell that open an object and read what the request says is shown of it.
func codeFor(l *call, o h5.Object) ([]string, error) {
	s := &script{call: l, file: l.variable(o.File()), names: map[string]string{}, taken: map[string]bool{}}
	if s.file == "" {
		s.file = "f"
		s.add("f := h5.Open(" + strconv.Quote(pathOf(o.File())) + ")")
	}
	if _, ok := o.(*h5.File); ok {
		return append(s.lines, s.file), nil
	}
	if r := l.request; r.Show == "spectrum" {
		return spectrumCode(pathOf(o.File()), o.Path(), r.Spectrum)
	}
	d, ok := o.(*h5.Dataset)
	if !ok {
		return append(s.lines, s.declare(o)), nil
	}
	defer s.close()
	shown, err := s.shown(d)
	return append(s.lines, shown), err
}

// pathOf is the place of a file on disk.
func pathOf(f *h5.File) string { return strings.TrimPrefix(f.Filename(), "path:") }

func (s *script) close() {
	for _, d := range s.open {
		drop(d)
	}
}

func (s *script) add(line string) { s.lines = append(s.lines, line) }

// declare opens an object, unless that is done, and gives the variable that holds it.
func (s *script) declare(o h5.Object) string {
	if name := s.names[o.Path()]; name != "" {
		return name
	}
	name := s.variable(variableFor(o.Path()))
	method := map[h5.Kind]string{h5.KindDataset: "Dataset", h5.KindGroup: "Group", h5.KindDatatype: "NamedType"}[o.Kind()]
	s.add(name + " := " + s.file + "." + method + "(" + strconv.Quote(o.Path()) + ")")
	s.names[o.Path()] = name
	return name
}

// variable gives a name that is not taken: this one, or with a number behind it.
func (s *script) variable(base string) string {
	name := base
	for n := 2; name == s.file || s.taken[name]; n++ {
		name = base + strconv.Itoa(n)
	}
	s.taken[name] = true
	return name
}

// shown is the line that shows a dataset, in the numbers that are seen.
func (s *script) shown(d *h5.Dataset) (string, error) {
	r := s.call.request
	whole := series{Field: r.Field, Sel: r.Sel, Component: r.Component}
	switch {
	case r.Show == "line" || r.Show == "points":
		return s.lineFigure(d, whole)
	case r.Show == "image":
		return s.imageFigure(d, whole), nil
	case r.Show == "picture":
		return "plots.Of(" + s.declare(d) + ")", nil
	case r.Filter != "" || r.Sort != "":
		return s.declare(d) + ".Table()" + called("Query", r.Filter) + called("Sort", r.Sort), nil
	}
	read, name := s.read(d, whole), s.declare(d)
	if r.Show == "table" && read == name+".Slice()" {
		return name, nil
	}
	return read, nil
}

// read is what reads the numbers of a dataset that are seen.
func (s *script) read(d *h5.Dataset, of series) string {
	return s.declare(d) + "." + s.method(d, of.Field) + "(" + arguments(quoted(of.Field), quoted(selection(of.Sel))) + ")" + componentMethod(d, of)
}

// values is what a figure draws: a part of the dataset, which is read piece by piece, where its numbers are as they
// are stored.
func (s *script) values(d *h5.Dataset, of series) string {
	if s.method(d, of.Field) == "Scaled" || componentMethod(d, of) != "" {
		return s.read(d, of)
	}
	return s.declare(d) + ".Part(" + arguments(columnsOf(of.Field), quoted(selection(of.Sel))) + ")"
}

// method is the one that reads what is seen of a dataset.
func (s *script) method(d *h5.Dataset, field string) string {
	if field != "" {
		return "Field"
	}
	if seen, err := s.call.lens(d, ""); err == nil && !seen.plain() {
		return "Scaled"
	}
	return "Slice"
}

// componentMethod is what gives the component that is seen of complex numbers, "" for others.
func componentMethod(d *h5.Dataset, of series) string {
	if t := typeOf(d, of.Field); t != nil && t.Kind() == h5.TypeComplex {
		return componentMethods[of.Component]
	}
	return ""
}

// componentMethods are what gives the components of an array of complex numbers.
var componentMethods = map[string]string{"amplitude": ".Abs()", "phase": ".Phase()", "real": ".Real()", "imaginary": ".Imag()"}

// arguments are those of a call; what is not given is "".
func arguments(args ...string) string {
	return strings.Join(slices.DeleteFunc(args, func(a string) bool { return a == "" }), ", ")
}

func columnsOf(field string) string {
	if field == "" {
		return ""
	}
	return "h5.Columns(" + quoted(field) + ")"
}

// selection is what a call needs of a selection: nothing of that of everything.
func selection(sel string) string {
	if strings.Trim(sel, ":, ") == "" {
		return ""
	}
	return sel
}

// called is a method called with a text, "" for none.
func called(method, text string) string {
	if text == "" {
		return ""
	}
	return "." + method + "(" + strconv.Quote(text) + ")"
}

// quoted is a text of Go, "" for none.
func quoted(text string) string {
	if text == "" {
		return ""
	}
	return strconv.Quote(text)
}

// variable is the first of the notebook's variables that hold a file, "" for none.
func (l *call) variable(f *h5.File) string {
	if names := l.comm.browser.holders()[f.ID()]; len(names) > 0 {
		return names[0]
	}
	return ""
}

// variableFor makes a name of Go for an object.
func variableFor(path string) string {
	base := path[strings.LastIndexByte(path, '/')+1:]
	name := strings.Map(func(r rune) rune {
		if r == '_' || r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return -1
	}, base)
	name = strings.ToLower(strings.TrimLeft(name, "_0123456789"))
	if name == "" || len(name) > 40 || !token.IsIdentifier(name) || predeclared[name] {
		return "d"
	}
	return name
}

// predeclared are names that a cell had better not hide.
var predeclared = map[string]bool{"h5": true, "boss": true, "plots": true, "mpi": true, "display": true, "len": true, "string": true, "int": true, "error": true,
	"fmt": true, "math": true, "time": true, "min": true, "max": true, "new": true, "make": true, "copy": true, "nil": true, "true": true, "false": true}
