package cell

import (
	"cmp"
	"fmt"
	"go/format"
	"go/types"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// ExportHead is how every exported program begins.
const ExportHead = "// This program was made by gofive from the cells of a notebook.\n\n"

// Export gives the named cells, in the order they were checked, as one Go program that prints what
// the cells show. Where the notebook declares a name several times, what the program needs of it
// keeps its meaning under a name of its own, but that interfaces call the last of several methods, which
// the program says; functions, types and constants that the cells run no more are in the program as they
// are now.
func (s *Session) Export(cells []string) (string, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	a := s.assembly()
	var bodies []*cellBody
	for _, b := range s.bodies {
		if slices.Contains(cells, b.cell) {
			bodies = append(bodies, b)
			a.need(strings.Join(b.text, "\n"))
		}
	}
	for _, name := range slices.Sorted(maps.Keys(s.names)) {
		if e := s.names[name]; s.texts[e.version] != nil && !e.isVar() {
			a.need(e.version)
		}
	}
	var main strings.Builder
	for _, b := range bodies {
		b.write(&main)
	}
	text, err := format.Source([]byte(ExportHead + a.source() + "\nfunc main() {" + a.named(main.String()) + "}\n" + a.helpers()))
	if err != nil {
		return "", fmt.Errorf("write the cells as a program: %w", err)
	}
	return string(text), nil
}

// write writes what a cell runs as a part of main.
func (b *cellBody) write(out *strings.Builder) {
	if len(b.text) == 0 {
		return
	}
	text := strings.Join(b.text, "\n") + "\n"
	if b.wrap {
		text = "func() {\n" + text + "}()\n"
	}
	fmt.Fprintf(out, "\n// %s\n%s", b.cell, text)
}

// assembly is a Go file that is being put together from fragments.
type assembly struct {
	session *Session
	texts   func(version string) *fragment
	line    func(f *fragment) string // stands before a declaration
	found   map[string]bool          // versions, packages and helpers that the file mentions
	parts   []*fragment
	older   []*fragment     // methods that others of their type have replaced
	words   map[string]bool // all that stands in its texts and is no version
	names   map[string]string
}

func (s *Session) assembly() *assembly {
	return &assembly{
		session: s, found: map[string]bool{}, words: map[string]bool{},
		texts: func(v string) *fragment { return s.texts[v] },
		line:  func(*fragment) string { return "" },
	}
}

var words = regexp.MustCompile(`[\pL_][\pL\pN_]*`)

// need takes in what a text mentions, and what that mentions.
func (a *assembly) need(text string) {
	for _, w := range words.FindAllString(text, -1) {
		if !strings.Contains(w, mark) {
			a.words[w] = true
		}
	}
	for _, v := range mentioned.FindAllString(text, -1) {
		if a.found[v] {
			continue
		}
		a.found[v] = true
		f := a.texts(v)
		if f == nil || slices.Contains(a.parts, f) {
			continue
		}
		if f.of != "" {
			a.needMethod(f)
			continue
		}
		a.parts = append(a.parts, f)
		a.need(f.text)
		for _, m := range f.methods {
			a.need(m.text)
		}
	}
}

// splitToken takes a version, package, helper or method apart.
func splitToken(v string) (name, kind string, number int) {
	name, rest, _ := strings.Cut(v, mark)
	digits := strings.TrimLeft(rest, "ihm")
	number, _ = strconv.Atoi(digits) // it matched mentioned
	return name, strings.TrimSuffix(rest, digits), number
}

// name gives everything that the file mentions the name it has there: the one it had in its cell,
// with a number behind it when that is another's.
func (a *assembly) name() {
	a.names = map[string]string{}
	taken := map[string]bool{"main": true, "init": true, "_": true}
	found := slices.SortedFunc(maps.Keys(a.found), func(v, w string) int {
		_, vKind, vn := splitToken(v)
		_, wKind, wn := splitToken(w)
		return cmp.Or(cmp.Compare(vKind, wKind), vn-wn, cmp.Compare(v, w))
	})
	for _, v := range found {
		base, kind, _ := splitToken(v)
		if kind == "m" {
			a.names[v] = a.methodName(v, base)
			continue
		}
		name := base
		for n := 2; taken[name] || name != base && a.words[name] || a.words[name] && types.Universe.Lookup(name) != nil; n++ {
			name = base + strconv.Itoa(n)
		}
		taken[name] = true
		a.names[v] = name
	}
}

// named writes a text with names in the place of versions.
func (a *assembly) named(text string) string {
	return mentioned.ReplaceAllStringFunc(text, func(v string) string { return a.names[v] })
}

// source gives the file: imports, then the declarations in the order of the notebook.
func (a *assembly) source() string {
	a.name()
	var b strings.Builder
	b.WriteString("package main\n\n")
	b.WriteString(a.imports())
	a.sort()
	if slices.ContainsFunc(a.parts, func(f *fragment) bool { return f.variable }) {
		b.WriteString("\nvar (\n")
		for _, f := range a.parts {
			if f.variable {
				b.WriteString(a.named(strings.TrimPrefix(f.text, "var ")) + "\n")
			}
		}
		b.WriteString(")\n")
	}
	for _, f := range a.parts {
		if !f.variable {
			for _, f := range append([]*fragment{f}, a.methodsOf(f)...) {
				b.WriteString("\n" + f.comment + a.line(f) + a.named(f.text) + "\n")
			}
		}
	}
	return b.String()
}

// sort puts the declarations in the order in which cells made them.
func (a *assembly) sort() {
	slices.SortStableFunc(a.parts, func(f, g *fragment) int {
		_, _, fn := splitToken(f.declares[0])
		_, _, gn := splitToken(g.declares[0])
		return cmp.Or(fn-gn, f.line-g.line, f.col-g.col, cmp.Compare(f.declares[0], g.declares[0]))
	})
}

// packages gives the import paths of the file by the names it has for them.
func (a *assembly) packages() map[string]string {
	paths := map[string]string{}
	for v := range a.found {
		if _, kind, n := splitToken(v); kind == "i" {
			paths[a.names[v]] = a.session.imported[n]
		}
	}
	return paths
}

func (a *assembly) imports() string {
	paths := a.packages()
	if len(paths) == 0 {
		return ""
	}
	var lines []string
	for name, path := range paths {
		line := strconv.Quote(path)
		if p, err := a.session.lib.Import(path); err != nil || p.Name() != name {
			line = name + " " + line
		}
		lines = append(lines, line)
	}
	slices.SortFunc(lines, func(l, m string) int { return cmp.Compare(l[strings.Index(l, `"`):], m[strings.Index(m, `"`):]) })
	return "import (\n" + strings.Join(lines, "\n") + "\n)\n"
}

// helpers gives the functions that take care of errors. They panic, as a cell does that nobody takes
// an error in: deferred calls run, which close files.
func (a *assembly) helpers() string {
	var b strings.Builder
	for _, v := range slices.Sorted(maps.Keys(a.found)) {
		_, kind, n := splitToken(v)
		if kind != "h" {
			continue
		}
		var params, kinds, values []string
		for i := range n {
			t, value := string(rune('A'+i)), string(rune('a'+i))
			params, kinds, values = append(params, value+" "+t), append(kinds, t), append(values, value)
		}
		typeParams, results := "", ""
		if n > 0 {
			typeParams, results = "["+strings.Join(kinds, ", ")+" any]", " ("+strings.Join(kinds, ", ")+")"
		}
		fmt.Fprintf(&b, "\n// %s panics with err unless it is nil.\nfunc %s%s(%s)%s {\nif err != nil {\npanic(err)\n}\n",
			a.names[v], a.names[v], typeParams, strings.Join(append(params, "err error"), ", "), results)
		if n > 0 {
			b.WriteString("return " + strings.Join(values, ", ") + "\n")
		}
		b.WriteString("}\n")
	}
	return b.String()
}
