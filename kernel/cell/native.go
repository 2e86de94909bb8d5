package cell

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// Mode says how the functions of a cell are to run.
type Mode uint8

const (
	// Usual interprets what the cell declares; functions of earlier cells that are emitted again are
	// built again if they were.
	Usual Mode = iota
	// AsNative has the functions of the cell built by the Go toolchain.
	AsNative
	// Interpreted interprets everything: there is no toolchain.
	Interpreted
)

// Native is what the Go toolchain has to build before a program can run.
type Native struct {
	// Source is a file of package main. Its variable NativeTable maps names to functions. Under the empty name it has
	// one that takes what shall be called with the panic of a goroutine.
	Source string
	// Imports are the paths of the packages that Source imports.
	Imports []string
	// Cells are the cells that the functions come from; line directives in Source number them.
	Cells []string
	// Funcs gives for variables of Program.Source the name of the function that they are to hold.
	Funcs map[string]string
}

// NativeTable is the variable that a Native's functions are found in.
const NativeTable = "GofiveFunctions"

// CheckAs is Check with a choice of how the functions of the cell shall run.
func (s *Session) CheckAs(mode Mode, name, code string) (*Program, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.checkAs(mode, name, code)
}

// Hot gives what there is to build of a function, which tracebacks call by this name and cell. The error
// says why it cannot be.
func (s *Session) Hot(f Func) (*Native, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.hot(f)
	if err != nil {
		return nil, err
	}
	return c.build, nil
}

// Adopt gives the program that makes a hot function, and those that call it, native from the next cell
// on. It must run before that cell is checked.
func (s *Session) Adopt(f Func) (*Program, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	c, err := s.hot(f)
	if err != nil {
		return nil, err
	}
	return s.accept(c)
}

// hot checks a function again, as a native one.
func (s *Session) hot(f Func) (*check, error) {
	e := s.names[strings.NewReplacer("(*", "", ")", "").Replace(f.Name)]
	switch {
	case e == nil || e.unit == nil || e.cell != f.Cell:
		return nil, fmt.Errorf("%s (%s) has been declared again", f.Name, f.Cell)
	case e.unit.native:
		return nil, fmt.Errorf("%s (%s) is native already", f.Name, f.Cell)
	}
	native, u := *e, *e.unit
	u.native = true
	native.unit = &u
	s.seq++
	again := append([]*entity{&native}, s.dependents(map[string]bool{e.name: true})...)
	c, err := s.attempt(Usual, f.Name+" as native code", "", again)
	if err != nil {
		return nil, err
	}
	if c.build == nil || c.build.Funcs[version(strings.ReplaceAll(e.name, ".", "_"), s.seq)] == "" {
		return nil, fmt.Errorf("%s", strings.TrimSuffix(strings.Join(c.notes, "; "), staysInterpreted))
	}
	return c, nil
}

// staysInterpreted ends the note on a function of an earlier cell that cannot be built.
const staysInterpreted = "; it is interpreted from now on"

// markNative decides which units are to be built. A %%native cell holds nothing but what can be.
func (c *check) markNative(mode Mode) error {
	for _, u := range c.units {
		if c.owner[u] != nil {
			u.native = u.native && mode != Interpreted
			continue
		}
		if mode != AsNative {
			continue
		}
		switch d := u.firstDecl().(type) {
		case nil:
			if n := u.node(); n != nil {
				return c.fail(n.Pos(), "%%%%native takes declarations only: statements belong in another cell")
			}
		case *ast.GenDecl:
			if d.Tok == token.VAR {
				return c.fail(d.Pos(), "%%%%native takes no variables: declare them in another cell and pass them to the functions")
			}
		case *ast.FuncDecl:
			u.native = true
		}
	}
	return nil
}

// native makes what the toolchain has to build, and takes the bodies of the functions to be built from
// the check: the interpreter never sees them.
func (c *check) native() error {
	built, err := c.nativeUnits()
	if err != nil || len(built) == 0 {
		return err
	}
	c.build = c.nativeSource(built)
	for _, u := range built {
		u.firstDecl().(*ast.FuncDecl).Body.List = []ast.Stmt{&ast.ForStmt{Body: &ast.BlockStmt{}}}
	}
	if c.run(); len(c.errs) > 0 {
		return c.report()
	}
	return nil
}

// nativeUnits gives the functions to be built. One of an earlier cell that can no longer be built is
// interpreted, with a note; one of a %%native cell that cannot is an error.
func (c *check) nativeUnits() ([]*unit, error) {
	var built []*unit
	var generic []string
	for _, u := range c.units {
		d, ok := u.firstDecl().(*ast.FuncDecl)
		if !ok || !u.native {
			continue
		}
		name := cmp.Or(methodKey(u), d.Name.Name)
		u.native = false
		if isGeneric(d) {
			generic = append(generic, name)
		} else if why := c.notNative(u, d); why != "" && c.owner[u] == nil {
			return nil, c.fail(d.Name.Pos(), "%s %s", name, why)
		} else if why != "" {
			c.notes = append(c.notes, name+" "+why+staysInterpreted)
		} else if why := c.noDoor(u, d); why != "" {
			c.notes = append(c.notes, name+" "+why+"; cells that call it have it interpreted")
		} else {
			u.native = true
			built = append(built, u)
		}
	}
	if len(generic) > 0 {
		c.notes = append(c.notes, "generic functions are native only where native functions call them: "+strings.Join(generic, ", "))
	}
	return built, nil
}

// notNative says why a function cannot be built, "" when it can.
func (c *check) notNative(u *unit, d *ast.FuncDecl) string {
	if d.Name.Name == "init" && d.Recv == nil {
		return "runs with its cell and cannot be native"
	}
	a := c.assembly()
	w := c.editor(u)
	a.need(w.all())
	own := w.fragment()
	for _, f := range slices.Concat([]*fragment{own}, a.parts) {
		if why := c.reaches(f); why != "" {
			return why + byWayOf(f, own, a.parts)
		}
	}
	return ""
}

// noDoor says why cells cannot call a native function, "" when they can. Other native functions can.
func (c *check) noDoor(u *unit, d *ast.FuncDecl) string {
	a := c.assembly()
	a.need(c.editor(u).all())
	sig := c.declared(d).Signature()
	return cmp.Or(c.cannotCross(sig), c.hidesType(sig, a))
}

// reaches says what a declaration touches that native code cannot, "" when nothing.
func (c *check) reaches(f *fragment) string {
	if f.variable {
		name, _, _ := splitToken(f.declares[0])
		return "uses the variable " + name + " of the notebook, which native code cannot see"
	}
	for _, text := range f.all() {
		for path, names := range endsProcess {
			i := slices.Index(c.session.imported, path)
			for _, name := range names {
				if i >= 0 && strings.Contains(text, fmt.Sprintf("%si%d.%s", mark, i, name)) {
					return fmt.Sprintf("uses %s.%s, which acts on the cell and not on native code", path, strings.TrimSuffix(name, "("))
				}
			}
		}
	}
	return ""
}

// byWayOf names what stands between a function and what it must not reach, or says what to do instead.
func byWayOf(f, own *fragment, parts []*fragment) string {
	switch {
	case f == own:
		return ""
	case f.variable && own.mentions(f):
		return ": pass it as a parameter"
	}
	for _, p := range parts {
		if p == f && !f.variable || p != f && p.mentions(f) {
			name, _, _ := splitToken(p.declares[0])
			return ", by way of " + name
		}
	}
	return ""
}

// mentions reports whether the text of f, or of its methods, names what g declares.
func (f *fragment) mentions(g *fragment) bool {
	return slices.ContainsFunc(f.all(), func(text string) bool {
		return slices.ContainsFunc(mentioned.FindAllString(text, -1), func(v string) bool { return slices.Contains(g.declares, v) })
	})
}

// endsProcess are functions that the engine replaces for interpreted code. In native code they would
// end the engine, or reach nobody.
var endsProcess = map[string][]string{
	"os":             {"Exit("},
	"log":            {"Fatal(", "Fatalf(", "Fatalln("},
	"gofive/display": {""}, "gofive/display/progress": {""},
}

// all gives the texts of a fragment.
func (f *fragment) all() []string {
	texts := []string{f.text}
	for _, m := range f.methods {
		texts = append(texts, m.text)
	}
	return texts
}

// cannotCross says why values of a type cannot pass between interpreted and native code, "" when they
// can: both have the same layout for everything but the interfaces of a notebook.
func (c *check) cannotCross(t types.Type) string {
	why := ""
	walkLayout(t, map[types.Type]bool{}, func(t types.Type) {
		i, ok := t.Underlying().(*types.Interface)
		if !ok {
			return
		}
		n, named := types.Unalias(t).(*types.Named)
		library := named && (n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != "main")
		if !library && (named || !i.Empty()) {
			why = "has " + c.messageType(t) + " in its signature, an interface of the notebook, which does not pass into native code"
		}
	})
	return why
}

// messageType writes a type for a message.
func (c *check) messageType(t types.Type) string {
	return types.TypeString(t, func(p *types.Package) string {
		if p.Path() == "main" {
			return ""
		}
		return p.Name()
	})
}

// walkLayout visits t and what its values are made of, inside the named types of the notebook too.
func walkLayout(t types.Type, seen map[types.Type]bool, visit func(types.Type)) {
	walkTypes(t, seen, func(t types.Type) {
		visit(t)
		if n, ok := t.(*types.Named); ok && n.Obj().Pkg() != nil && n.Obj().Pkg().Path() == "main" {
			if _, iface := n.Underlying().(*types.Interface); !iface {
				walkLayout(n.Underlying(), seen, visit)
			}
		}
	})
}

// hidesType says that a value of a type of the notebook could pass in an interface, "" when none can:
// cells have it in a box there, native code has a copy of the type, and neither knows the other's.
func (c *check) hidesType(sig *types.Signature, a *assembly) string {
	why := ""
	walkLayout(sig, map[types.Type]bool{}, func(t types.Type) {
		i, ok := t.Underlying().(*types.Interface)
		if !ok || why != "" {
			return
		}
		for _, n := range c.typesOf(a) {
			if types.Implements(n, i) || types.Implements(types.NewPointer(n), i) {
				why = fmt.Sprintf("has %s in its signature, in which a %s does not pass into native code", c.messageType(t), n.Obj().Name())
			}
		}
	})
	return why
}

// typesOf gives the types of the notebook that a file declares.
func (c *check) typesOf(a *assembly) []*types.Named {
	var found []*types.Named
	add := func(obj types.Object, version string) {
		if n, ok := obj.Type().(*types.Named); ok && a.found[version] && n.TypeParams() == nil {
			found = append(found, n)
		}
	}
	for _, e := range c.entities {
		if t, ok := e.obj.(*types.TypeName); ok {
			add(t, e.version)
		}
	}
	for t, version := range c.session.types {
		add(t, version)
	}
	slices.SortFunc(found, func(m, n *types.Named) int { return strings.Compare(m.Obj().Name(), n.Obj().Name()) })
	return found
}

// assembly is an empty file for fragments of the cell and of those before it.
func (c *check) assembly() *assembly {
	a := c.session.assembly()
	a.texts = func(v string) *fragment {
		if f := c.texts[v]; f != nil {
			return f
		}
		return c.session.texts[v]
	}
	return a
}

// nativeSource puts together the file that holds the functions to be built.
func (c *check) nativeSource(built []*unit) *Native {
	a := c.assembly()
	for _, u := range built {
		a.need(c.editor(u).all())
		a.need(c.versionOf(u.firstDecl().(*ast.FuncDecl).Name.Name)) // "" for a method, which its type brings
	}
	a.need(nativeGuard + setGuard + " int len min") // what has these names gets others
	n := &Native{Funcs: map[string]string{}}
	a.line = func(f *fragment) string { return n.line(f) }
	var b strings.Builder
	b.WriteString(c.harden(a.source() + "\n/*line gofive.go:1:1*/\n" + a.helpers()))
	n.Imports = slices.Sorted(maps.Values(a.packages()))
	fmt.Fprintf(&b, "\nvar %s = map[string]any{\n", NativeTable)
	for _, u := range built {
		d := u.firstDecl().(*ast.FuncDecl)
		variable, expr := c.nativeVar(d), c.versionOf(d.Name.Name)
		if base := receiver(d); base != "" {
			expr = c.versionOf(base) + "." + d.Name.Name
			if isStar(d.Recv.List[0].Type) {
				expr = "(*" + c.versionOf(base) + ")." + d.Name.Name
			}
		}
		expr = a.named(expr)
		n.Funcs[variable] = expr
		fmt.Fprintf(&b, "%q: %s,\n", expr, expr)
	}
	b.WriteString(setGuard + "}\n\nfunc main() {}\n" + nativeGuard)
	n.Source = b.String()
	return n
}

// line gives the line directive of a declaration. It numbers the cells: the same functions in another
// cell are the same file.
func (n *Native) line(f *fragment) string {
	i := slices.Index(n.Cells, f.cell)
	if i < 0 {
		i = len(n.Cells)
		n.Cells = append(n.Cells, f.cell)
	}
	return fmt.Sprintf("/*line cell%d:%d:%d*/", i, f.line, f.col)
}

// nativeVar is the variable of the lowered source that holds a native function: it has the name that
// an interpreted one would have.
func (c *check) nativeVar(d *ast.FuncDecl) string {
	if base := receiver(d); base != "" {
		return version(base+"_"+d.Name.Name, c.session.seq)
	}
	return c.versionOf(d.Name.Name)
}

// nativeFunction declares the variable that the engine puts a built function in. That of a method takes
// the receiver first. The function has a copy of all methods of the types that it uses, and so is built
// again when one of them changes.
func (l *lowering) nativeFunction(b *strings.Builder, d *ast.FuncDecl) {
	a := l.assembly()
	a.need(cmp.Or(l.versionOf(receiver(d)), l.versionOf(d.Name.Name)))
	for _, f := range a.parts {
		for _, m := range f.methods {
			name, _, _ := splitToken(f.declares[0])
			l.called[name+"."+m.method] = true
		}
	}
	sig := l.declared(d).Signature()
	params := slices.Collect(sig.Params().Variables())
	if sig.Recv() != nil {
		params = slices.Insert(params, 0, sig.Recv())
	}
	whole := types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), sig.Results(), sig.Variadic())
	fmt.Fprintf(b, "var %s %s\n", l.nativeVar(d), l.typeString(whole, d))
}
