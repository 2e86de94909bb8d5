package h5browse

import (
	"go/token"
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
	if o.Kind() != h5.KindDataset {
		return append(lines, name)
	}
	return append(lines, shown(name, l.request))
}

// shown is the line that shows a dataset.
func shown(name string, r *request) string {
	var args []string
	if r.Sel != "" {
		args = append(args, strconv.Quote(r.Sel))
	}
	switch r.Show {
	case "line", "image":
		if r.Field != "" {
			args = append([]string{"h5.Columns(" + strconv.Quote(r.Field) + ")"}, args...)
		}
		what := map[string]string{"line": "plots.Line", "image": "plots.Image"}[r.Show]
		if r.Show == "line" {
			return what + "(" + name + ".Part(" + strings.Join(args, ", ") + "))"
		}
		if r.Field != "" {
			return what + "(" + name + ".Field(" + strings.Join(append([]string{strconv.Quote(r.Field)}, args[1:]...), ", ") + "))"
		}
		return what + "(" + name + ".Slice(" + strings.Join(args, ", ") + "))"
	case "table":
		if r.Field == "" && r.Sel == "" {
			return name
		}
	}
	if r.Field != "" {
		return name + ".Field(" + strings.Join(append([]string{strconv.Quote(r.Field)}, args...), ", ") + ")"
	}
	return name + ".Slice(" + strings.Join(args, ", ") + ")"
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
