package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"path"
	"slices"
	"strconv"
	"strings"
)

// runtimePath is the package of the engine that lowered code calls.
const runtimePath = "gofive/kernel/interp"

// The names that lowered code uses for the run it is part of and for the runtime package.
const (
	runParam  = mark + "run"
	rtPackage = mark + "rt"
)

// lowering turns one checked cell into source. It changes the units' trees.
type lowering struct {
	*check
	names    map[types.Object]string  // versions of top-level objects
	aliases  map[string]string        // import path -> name in the source
	funcs    map[string]Func          // Program.Funcs
	shown    map[*ast.FuncDecl]string // what messages call copies of functions
	helpers  []string                 // functions made for this cell
	recurse  map[string]bool          // names of functions that may call themselves
	temps    int
	contexts []*funcContext  // the functions around, the innermost last
	made     strings.Builder // declarations of instances of generic types
	emitted  map[string]bool // keys of those
}

// lower gives the Program of a cell that passed its checks.
func (c *check) lower() (*Program, error) {
	p := &Program{Name: c.name, Notes: c.notes}
	if len(c.units) == 0 {
		return p, nil
	}
	l := &lowering{
		check: c, names: map[types.Object]string{}, funcs: map[string]Func{}, shown: map[*ast.FuncDecl]string{},
		aliases: map[string]string{runtimePath: rtPackage}, emitted: map[string]bool{},
	}
	for obj, e := range c.known {
		l.names[obj] = e.version
	}
	for _, e := range c.entities {
		if e.obj != nil {
			l.names[e.obj] = e.version
		}
	}
	l.recurse = l.recursive()
	entry := l.entry()
	decls := l.declarations()
	if l.refused != nil {
		return nil, l.refused
	}
	p.Source = l.imports() + l.made.String() + decls + strings.Join(l.helpers, "\n") + entry
	p.Entry = entryName(c.session.seq)
	p.Funcs = l.funcs
	return p, nil
}

// imports gives the head of the source.
func (l *lowering) imports() string {
	var b strings.Builder
	b.WriteString("package main\n\n")
	for _, p := range slices.Sorted(maps.Keys(l.aliases)) {
		fmt.Fprintf(&b, "import %s%d %q\n", l.aliases[p], l.session.seq, p)
	}
	return b.String()
}

// alias gives the name of a package in the source. yaegi keeps imports from one cell to the next,
// so the name is this cell's own.
func (l *lowering) alias(p string) string {
	if _, ok := l.aliases[p]; !ok {
		name := mark + strings.NewReplacer("-", "_", ".", "_").Replace(path.Base(p)) + "_"
		for slices.Contains(slices.Collect(maps.Values(l.aliases)), name) {
			name += "x_"
		}
		l.aliases[p] = name
	}
	return l.aliases[p] + strconv.Itoa(l.session.seq)
}

// rt names a function of the runtime package.
func (l *lowering) rt(name string) string { return l.alias(runtimePath) + "." + name }

// temp gives a name that nothing else has.
func (l *lowering) temp() string {
	l.temps++
	return fmt.Sprintf("%st%d", mark, l.temps)
}

// declarations gives the types, variables and functions of the cell.
func (l *lowering) declarations() string {
	var b strings.Builder
	for _, e := range l.entities {
		if !e.isVar() {
			continue
		}
		if old := l.session.names[e.name]; old == nil || old.version != e.version {
			fmt.Fprintf(&b, "var %s %s\n", e.version, l.typeString(e.obj.Type(), at(e.obj.Pos())))
		}
	}
	for _, u := range l.units {
		for _, d := range u.decls {
			switch d := d.(type) {
			case *ast.GenDecl:
				if d.Tok == token.TYPE {
					l.types(&b, d)
				}
			case *ast.FuncDecl:
				if !isGeneric(d) {
					b.WriteString(source(l.function(d)) + "\n")
				}
			}
		}
	}
	return b.String()
}

// types writes the declarations of types that are not generic: of those only instances are.
func (l *lowering) types(b *strings.Builder, d *ast.GenDecl) {
	d.Specs = slices.DeleteFunc(d.Specs, func(s ast.Spec) bool { return s.(*ast.TypeSpec).TypeParams != nil })
	if len(d.Specs) > 0 {
		b.WriteString(source(l.rewrite(d)) + "\n")
	}
}

// isGeneric reports whether a function has type parameters, or belongs to a type that has.
func isGeneric(d *ast.FuncDecl) bool {
	return d.Type.TypeParams != nil || d.Recv != nil && len(d.Recv.List) == 1 && len(receiverParams(d.Recv.List[0].Type)) > 0
}

// at is a position as a node.
func at(pos token.Pos) ast.Node { return &ast.Ident{NamePos: pos} }

// typeInstance gives the lowered name of an instance of a generic type, and declares it the first
// time it is met.
func (l *lowering) typeInstance(n *types.TypeName, args *types.TypeList) string {
	x := l.lookup(l.key(n, args))
	if x == nil {
		l.refuse(at(n.Pos()), "%s cannot be used with these type arguments in a cell yet", n.Name())
		return n.Name()
	}
	if l.session.instances[x.key] == nil && !l.emitted[x.key] {
		l.emitted[x.key] = true
		t, err := types.Instantiate(nil, n.Type(), slices.Collect(args.Types()), false)
		if err == nil {
			text := l.typeString(t.Underlying(), at(n.Pos()))
			fmt.Fprintf(&l.made, "type %s %s\n", x.name, text)
		}
	}
	return x.name
}

// asInstance makes a method again of the copy of one, and reports whether d is a copy at all.
func (l *lowering) asInstance(d *ast.FuncDecl) bool {
	for _, x := range l.instances {
		if x.unit == nil || x.unit.firstDecl() != ast.Decl(d) {
			continue
		}
		l.shown[d] = x.shown
		if x.method != "" {
			d.Recv = &ast.FieldList{List: d.Type.Params.List[:1]}
			d.Type.Params = &ast.FieldList{List: d.Type.Params.List[1:]}
			d.Name = ast.NewIdent(x.method)
		}
		return true
	}
	return false
}

// function lowers a function or method.
func (l *lowering) function(d *ast.FuncDecl) ast.Node {
	recursive := l.asInstance(d) || l.recurse[d.Name.Name]
	if receiver(d) != "" {
		recursive = true // what a method may call is not known by names
	}
	if d.Body != nil && recursive {
		d.Body.List = append([]ast.Stmt{l.poll()}, d.Body.List...)
	}
	l.rewrite(d)
	if d.Recv == nil && d.Name.Name == "init" {
		d.Name.Name = initName(l.session.seq, d.Pos())
	}
	return d
}

// shownName gives what messages call a declared function, "" for one of a package.
func (l *lowering) shownName(d *ast.FuncDecl) string {
	if u := l.unitAt(d.Pos()); u != nil && u.source != nil {
		return ""
	}
	if shown := l.shown[d]; shown != "" {
		return shown
	}
	base := receiver(d)
	switch {
	case base == "":
		return d.Name.Name
	case isStar(d.Recv.List[0].Type):
		return "(*" + base + ")." + d.Name.Name
	}
	return base + "." + d.Name.Name
}

func isStar(e ast.Expr) bool {
	_, ok := ast.Unparen(e).(*ast.StarExpr)
	return ok
}

// initName is what an init function is called in the source: a cell may have several.
func initName(seq int, pos token.Pos) string { return fmt.Sprintf("%sinit%d_%d", mark, seq, pos) }

// recursive finds the functions that may, by way of the names they mention, call themselves.
func (l *lowering) recursive() map[string]bool {
	uses := map[string][]string{}
	for _, e := range l.session.names {
		uses[e.name] = e.uses
	}
	for _, e := range l.entities {
		uses[e.name] = e.uses
	}
	found := map[string]bool{}
	for _, e := range l.entities {
		seen := map[string]bool{}
		todo := slices.Clone(e.uses)
		for len(todo) > 0 {
			name := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			if !seen[name] {
				seen[name] = true
				todo = append(todo, uses[name]...)
			}
		}
		if seen[e.name] {
			found[e.name] = true
		}
	}
	return found
}

// entry gives the function that runs the cell: init functions, then statements and variables in the
// order of the text.
func (l *lowering) entry() string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nfunc %s(%s *%s) {\n%s\n", entryName(l.session.seq), runParam, l.rt("Run"), noFunction)
	fmt.Fprintf(&b, "%s := 0\n%s.At(&%s)\n", lineVar, runParam, lineVar)
	for _, u := range l.units {
		for _, d := range u.decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "init" && f.Recv == nil {
				fmt.Fprintf(&b, "%s()\n", initName(l.session.seq, f.Pos()))
			}
		}
	}
	l.enter(&funcContext{top: true}, l.topLevel())
	if d := l.context().defers; d != "" {
		fmt.Fprintf(&b, "%s := %s\n%s.Run(func() {\n%s\n", d, l.newDefers(l.context()), d, noFunction)
	}
	if l.isFile() {
		l.initialise(&b)
	}
	for _, u := range l.units {
		if l.owner[u] == nil {
			l.unit(&b, u)
		}
	}
	if l.callsMain() {
		fmt.Fprintf(&b, "%s()\n", l.names[l.pkg.Scope().Lookup("main")])
	}
	if l.context().defers != "" {
		b.WriteString("})\n")
	}
	l.contexts = nil
	b.WriteString("}\n")
	return b.String()
}

// isFile reports whether the cell is what a Go file could be, but for a value at its end: then its
// variables are initialised in the order of their dependencies.
func (c *check) isFile() bool {
	return !slices.ContainsFunc(c.units, func(u *unit) bool { return c.owner[u] == nil && len(u.stmts) > 0 })
}

// initialise writes the initialisation of the variables of a file, and takes their values from the
// declarations, which then have nothing left to run.
func (l *lowering) initialise(b *strings.Builder) {
	specs := map[ast.Expr]*ast.ValueSpec{}
	for _, u := range l.units {
		for _, d := range u.decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR && l.owner[u] == nil {
				for _, s := range g.Specs {
					for _, v := range s.(*ast.ValueSpec).Values {
						specs[v] = s.(*ast.ValueSpec)
					}
				}
			}
		}
	}
	for _, u := range l.units { // those without a value are zero before any other is computed
		for _, d := range u.decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR && l.owner[u] == nil {
				for _, s := range g.Specs {
					if spec := s.(*ast.ValueSpec); len(spec.Values) == 0 {
						l.variable(b, spec)
					}
				}
				u.decls = slices.DeleteFunc(u.decls, func(o ast.Decl) bool { return o == d })
			}
		}
	}
	for _, init := range l.info.InitOrder {
		spec := specs[init.Rhs]
		if spec == nil {
			continue
		}
		one := &ast.ValueSpec{Values: []ast.Expr{init.Rhs}}
		for _, v := range init.Lhs {
			i := slices.IndexFunc(spec.Names, func(id *ast.Ident) bool {
				return l.info.Defs[id] == types.Object(v) || id.Name == "_" && v.Name() == "_"
			})
			one.Names = append(one.Names, spec.Names[i])
		}
		l.variable(b, one)
	}
}

// topLevel gives all statements of the cell.
func (l *lowering) topLevel() *ast.BlockStmt {
	b := &ast.BlockStmt{}
	for _, u := range l.units {
		b.List = append(b.List, u.stmts...)
	}
	return b
}

// callsMain reports whether the cell is a program: with a package clause main runs after the rest.
func (c *check) callsMain() bool {
	return c.decls["main"] != nil && c.isProgram()
}

// unit writes what a unit does when the cell runs.
func (l *lowering) unit(b *strings.Builder, u *unit) {
	for _, d := range u.decls {
		if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
			for _, spec := range g.Specs {
				l.variable(b, spec.(*ast.ValueSpec))
			}
		}
	}
	for _, s := range u.stmts {
		l.reach(b, s)
		if a, ok := s.(*ast.AssignStmt); ok && l.define[a] != nil {
			a.Tok = token.ASSIGN
		}
		for _, s := range l.statements(s) {
			b.WriteString(source(s) + "\n")
		}
	}
	if len(u.shown) > 0 {
		l.reach(b, u.shown[0])
		l.show(b, u)
	}
}

// reach writes down the line that the cell has reached.
func (l *lowering) reach(b *strings.Builder, n ast.Node) {
	b.WriteString(source(markLine(l.line(n))) + "\n")
}

func (l *lowering) line(n ast.Node) int { return l.fset.Position(n.Pos()).Line }

// variable writes the initialisation of declared variables; without values they become zero, also
// when the cell runs again.
func (l *lowering) variable(b *strings.Builder, spec *ast.ValueSpec) {
	l.reach(b, spec)
	if len(spec.Values) == 0 {
		for _, id := range spec.Names {
			if obj := l.info.Defs[id]; obj != nil && id.Name != "_" {
				t := l.temp()
				fmt.Fprintf(b, "var %s %s\n%s = %s\n", t, l.typeString(obj.Type(), id), l.names[obj], t)
			}
		}
		return
	}
	set := &ast.AssignStmt{Tok: token.ASSIGN, Rhs: spec.Values}
	for _, id := range spec.Names {
		set.Lhs = append(set.Lhs, id)
	}
	for _, s := range l.statements(set) {
		b.WriteString(source(s) + "\n")
	}
}

// show writes the display of the cell's value. A trailing error is no value: nil is not shown,
// another fails the cell.
func (l *lowering) show(b *strings.Builder, u *unit) {
	call, isCall := u.shown[0].(*ast.CallExpr)
	if len(u.shown) > 1 || !isCall {
		if !u.quiet {
			l.showValues(b, u.shown)
			return
		}
		for _, v := range u.shown {
			fmt.Fprintf(b, "_ = %s\n", source(l.rewrite(v)))
		}
		return
	}
	if l.info.Types[call].IsVoid() || l.prints(call) {
		for _, s := range l.statements(&ast.ExprStmt{X: call}) {
			b.WriteString(source(s) + "\n")
		}
		return
	}
	t := l.info.Types[call].Type
	tuple, several := t.(*types.Tuple)
	switch {
	case u.quiet:
		for _, s := range l.statements(&ast.ExprStmt{X: call}) {
			b.WriteString(source(s) + "\n")
		}
	case isError(t):
		fmt.Fprintf(b, "if err := %s; err != nil { %s(err, %d) }\n", source(l.rewrite(call)), l.rt("Fail"), l.line(call))
	case !several:
		l.showValues(b, u.shown)
	default:
		n := tuple.Len()
		var shown ast.Expr = call
		if isError(tuple.At(n - 1).Type()) {
			n--
			shown = ast.NewIdent(l.takeFunc(tuple, n, call) + "(" + source(l.rewrite(call)) + ")")
		} else {
			shown = ast.NewIdent(source(l.rewrite(call)))
		}
		temps := make([]string, n)
		for i := range temps {
			temps[i] = l.temp()
		}
		list := strings.Join(temps, ", ")
		fmt.Fprintf(b, "%s := %s\n%s(%s, %s)\n", list, source(shown), l.rt("Show"), runParam, list)
	}
}

func (l *lowering) showValues(b *strings.Builder, values []ast.Expr) {
	args := []string{runParam}
	for _, v := range values {
		args = append(args, source(l.rewrite(v)))
	}
	fmt.Fprintf(b, "%s(%s)\n", l.rt("Show"), strings.Join(args, ", "))
}

// prints reports whether a call is one of the fmt.Print family, whose results nobody wants to see.
func (c *check) prints(call *ast.CallExpr) bool {
	sel, ok := call.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	f, ok := c.info.Uses[sel.Sel].(*types.Func)
	return ok && f.Pkg() != nil && f.Pkg().Path() == "fmt" &&
		(strings.HasPrefix(f.Name(), "Print") || strings.HasPrefix(f.Name(), "Fprint"))
}

func isError(t types.Type) bool {
	return types.Identical(t, types.Universe.Lookup("error").Type())
}

// takeFunc makes the function that stands around a call whose error is taken care of: it passes the
// first n results on or fails the cell at the line of the call.
func (l *lowering) takeFunc(results *types.Tuple, n int, call ast.Node) string {
	name := fmt.Sprintf("%stake%d_%d", mark, l.session.seq, len(l.helpers)+1)
	var params, values, kinds []string
	for i := range n {
		t := l.typeString(results.At(i).Type(), call)
		v := fmt.Sprintf("v%d", i)
		params, values, kinds = append(params, v+" "+t), append(values, v), append(kinds, t)
	}
	l.helpers = append(l.helpers, fmt.Sprintf("func %s(%s, err error) (%s) {\n"+noFunction+"\nif err != nil { %s(err, %d) }\nreturn %s\n}\n",
		name, strings.Join(params, ", "), strings.Join(kinds, ", "), l.rt("Fail"), l.line(call), strings.Join(values, ", ")))
	return name
}
