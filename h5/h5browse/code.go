package h5browse

import (
	"go/token"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"gofive/h5"
)

// codeFor gives the lines of a cell that open an object and read what the request says is shown of it.
func codeFor(l *call, o h5.Object) []string {
	var lines []string
	file := l.variable(o.File())
	if file == "" {
		file = "f"
		lines = append(lines, "f := h5.Open("+strconv.Quote(strings.TrimPrefix(o.File().Filename(), "path:"))+")")
	}
	if _, ok := o.(*h5.File); ok {
		return append(lines, file)
	}
	name := variableFor(o.Path(), file)
	method := map[h5.Kind]string{h5.KindDataset: "Dataset", h5.KindGroup: "Group", h5.KindDatatype: "NamedType"}[o.Kind()]
	lines = append(lines, name+" := "+file+"."+method+"("+strconv.Quote(o.Path())+")")
	if d, ok := o.(*h5.Dataset); ok {
		return append(lines, l.shown(name, d))
	}
	return append(lines, name)
}

// shown is the line that shows a dataset, in the numbers that are seen.
func (l *call) shown(name string, d *h5.Dataset) string {
	r := l.request
	method, component := l.method(d), ""
	if t := typeOf(d, r.Field); t != nil && t.Kind() == h5.TypeComplex {
		component = componentMethods[r.Component]
	}
	read := name + "." + method + "(" + arguments(quoted(r.Field), quoted(r.Sel)) + ")" + component
	switch {
	case r.Show == "line" && method != "Scaled" && component == "":
		return "plots.Line(" + name + ".Part(" + arguments(columnsOf(r.Field), quoted(r.Sel)) + "))"
	case r.Show == "line":
		return "plots.Line(" + read + ")"
	case r.Show == "image":
		return "plots.Image(" + read + ")"
	case r.Show == "table" && read == name+".Slice()":
		return name
	}
	return read
}

// method is the one that reads what is seen of a dataset.
func (l *call) method(d *h5.Dataset) string {
	if l.request.Field != "" {
		return "Field"
	}
	if seen, err := l.lens(d, ""); err == nil && !seen.plain() {
		return "Scaled"
	}
	return "Slice"
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
func variableFor(path, taken string) string {
	base := path[strings.LastIndexByte(path, '/')+1:]
	name := strings.Map(func(r rune) rune {
		if r == '_' || r < unicode.MaxASCII && (unicode.IsLetter(r) || unicode.IsDigit(r)) {
			return r
		}
		return -1
	}, base)
	name = strings.ToLower(strings.TrimLeft(name, "_0123456789"))
	switch {
	case name == "" || len(name) > 40 || !token.IsIdentifier(name) || predeclared[name]:
		name = "d"
	}
	if name == taken {
		name += "2"
	}
	return name
}

// predeclared are names that a cell had better not hide.
var predeclared = map[string]bool{"h5": true, "plots": true, "mpi": true, "display": true, "len": true, "string": true, "int": true, "error": true,
	"fmt": true, "math": true, "time": true, "min": true, "max": true, "new": true, "make": true, "copy": true, "nil": true, "true": true, "false": true}
