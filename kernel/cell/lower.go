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

	"golang.org/x/tools/go/types/typeutil"

	"gofive/kernel/pure"
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
	passing  []string                 // names of what only this source mentions
	recurse  map[string]bool          // names of functions that may call themselves
	temps    int
	contexts []*funcContext        // the functions around, the innermost last
	decls    string                // variables and functions of the cell
	made     strings.Builder       // declarations of types
	structs  []madeType            // those of structs
	emitted  map[string]bool       // keys of the former
	locals   map[types.Object]bool // those

	results    []*types.Tuple                        // of the functions around, for the first pass
	methods    map[*types.TypeName]map[string]string // functions of the methods that this cell declares
	helped     map[string]string                     // helpers that conversions and assertions share
	newTypes   typeutil.Map                          // types that the engine has to learn -> number
	typeDefs   []*typeDef
	called     map[string]bool         // methods that the unit at hand calls, as their entities are named
	registered []string                // calls that tell the engine of methods
	unlabelled map[*ast.BlockStmt]bool // blocks that stand for one statement

	prepared  map[*ast.BlockStmt]prepared // bodies of functions
	inlines   map[string]*inlinable       // by lowered name: functions of the cell whose calls can be replaced
	pure      map[string]purity           // by lowered name: functions of the cell that only compute
	pureFuncs []pure.Func                 // for the engine
	pureDecls map[*ast.FuncDecl]string    // their names
	orders    map[*ast.CallExpr]order     // calls that sort by a literal which only computes
	short     map[*ast.BlockStmt]bool     // bodies of loops that need no poll
	counters  map[*ast.BlockStmt]bool     // bodies of loops over integers that count in their own variable
	ordered   map[*ast.BlockStmt]ast.Expr // bodies of functions that sort.Slice calls -> the slice
	tests     *guards                     // of the top level
	hidden    bool                        // len or cap means something else in the cell
}

// lower gives the Program of a cell that passed its checks, and the lowering, which knows what the
// session has to remember of it.
func (c *check) lower() (*Program, *lowering, error) {
	p := &Program{Name: c.name, Native: c.build, Notes: c.notes}
	l := &lowering{
		check: c, names: map[types.Object]string{}, funcs: map[string]Func{}, shown: map[*ast.FuncDecl]string{},
		aliases: map[string]string{runtimePath: rtPackage}, emitted: map[string]bool{},
		locals: map[types.Object]bool{}, methods: map[*types.TypeName]map[string]string{}, helped: map[string]string{}, unlabelled: map[*ast.BlockStmt]bool{},
		prepared: map[*ast.BlockStmt]prepared{}, short: map[*ast.BlockStmt]bool{}, counters: map[*ast.BlockStmt]bool{}, ordered: map[*ast.BlockStmt]ast.Expr{}, orders: map[*ast.CallExpr]order{},
	}
	if len(c.units) == 0 {
		return p, l, nil
	}
	if c.first != nil {
		maps.Copy(l.aliases, c.first.aliases)
		l.made.WriteString(c.first.made.String())
		l.structs, l.decls = c.first.structs, c.first.decls
	}
	for obj, e := range c.known {
		l.names[obj] = e.version
	}
	for _, e := range c.entities {
		if e.obj != nil && !e.method {
			l.names[e.obj] = e.version
		}
	}
	l.recurse = l.recursive()
	c.extend()
	l.hidden = l.hides("len") || l.hides("cap")
	l.nameMethods()
	l.findInlinable()
	l.findPure()
	if c.first != nil {
		l.pureFuncs = append(c.first.pureFuncs, l.pureFuncs...)
	}
	body := l.body()
	l.decls += l.declarations()
	l.redefineMethods()
	entry := l.entry(body)
	if l.refused != nil {
		c.retract()
		return nil, nil, l.refused
	}
	p.Source = l.decls + strings.Join(l.helpers, "\n") + entry
	if p.Ring = l.ring(); p.Ring != nil {
		p.Types, p.Source = l.imports()+l.made.String(), "package main\n\n"+p.Source
	} else {
		p.Source = l.imports() + l.made.String() + p.Source
	}
	p.Entry = entryName(c.session.seq)
	p.Funcs = l.funcs
	p.Forget = append(l.passing, p.Entry)
	p.Notes = l.notes
	if l.passes() {
		c.session.recall(c.code, p)
	}
	return p, l, nil
}

// imports gives the head of the source.
func (l *lowering) imports() string {
	var b strings.Builder
	b.WriteString("package main\n\n")
	for _, p := range slices.Sorted(maps.Keys(l.aliases)) {
		fmt.Fprintf(&b, "import %s %q\n", l.alias(p), p)
		l.passing = append(l.passing, l.alias(p))
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

// declarations gives the variables and functions of the cell; what it makes of types stands in made.
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
		l.called = map[string]bool{}
		for _, d := range u.decls {
			switch d := d.(type) {
			case *ast.GenDecl:
				if d.Tok == token.TYPE {
					l.types(d)
				}
			case *ast.FuncDecl:
				if u.native {
					l.nativeFunction(&b, d)
				} else if !isGeneric(d) && d.Name.Name != "_" {
					b.WriteString(source(l.function(d)) + "\n")
				}
			}
		}
		l.noteCalls(u)
	}
	l.called = nil
	return b.String()
}

// noteCalls makes the methods that a unit calls names that it mentions: it is emitted again when one of
// them is.
func (l *lowering) noteCalls(u *unit) {
	for _, e := range l.entities {
		if e.unit == u {
			e.uses = append(e.uses, slices.Sorted(maps.Keys(l.called))...)
		}
	}
}

// types makes the declarations of types that are not generic: of those only instances are. Interfaces
// and aliases need none, they are written out where they are used.
func (l *lowering) types(d *ast.GenDecl) {
	for _, s := range d.Specs {
		spec := s.(*ast.TypeSpec)
		obj, ok := l.info.Defs[spec.Name].(*types.TypeName)
		if !ok || spec.TypeParams != nil || obj.IsAlias() || isInterface(obj.Type()) || containsItself(obj.Type()) || obj.Name() == "_" {
			continue
		}
		if name, known := l.names[obj]; known && !l.locals[obj] {
			l.makeType(name, obj.Type(), l.typeString(l.typeOf(spec.Type), spec))
		} else {
			l.cellType(obj, nil) // of the copy of a function
		}
	}
}

// nameMethods gives the methods of the cell's types the names of their functions.
func (l *lowering) nameMethods() {
	for _, u := range l.units {
		for _, d := range u.decls {
			f, ok := d.(*ast.FuncDecl)
			if !ok || f.Recv == nil || isGeneric(f) {
				continue
			}
			if x := l.extensions[f]; x != nil {
				l.nameMethod(x.typ.Obj(), x.name)
			} else if m := l.declared(f); m != nil && receiverType(m) != nil {
				l.nameMethod(receiverType(m).Obj(), m.Name())
			}
		}
	}
}

func (l *lowering) nameMethod(t *types.TypeName, method string) {
	if l.methods[t] == nil {
		l.methods[t] = map[string]string{}
	}
	l.methods[t][method] = version(t.Name()+"_"+method, l.session.seq)
}

// redefineMethods tells the engine of methods of types that it knows already.
func (l *lowering) redefineMethods() {
	for t, methods := range l.methods {
		id, known := l.session.table.ids.At(t.Type()).(int)
		if !known {
			continue
		}
		for m := range t.Type().(*types.Named).Methods() {
			if methods[m.Name()] != "" {
				l.registerMethod(id, t.Type().(*types.Named), m)
			}
		}
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
			l.makeType(x.name, t, text)
		}
	}
	return x.name
}

// asInstance names the copy of a generic function or method in messages.
func (l *lowering) asInstance(d *ast.FuncDecl) {
	for _, x := range l.instances {
		if x.unit != nil && x.unit.firstDecl() == ast.Decl(d) {
			l.shown[d] = x.shown
		}
	}
}

// function lowers a function, or a method to a function that takes the receiver first.
func (l *lowering) function(d *ast.FuncDecl) ast.Node {
	l.asInstance(d)
	lowered := ""
	if d.Recv != nil {
		lowered = l.methodFuncOf(d)
	} else if d.Name.Name == "init" {
		lowered = initName(l.session.seq, d.Pos())
	}
	l.rewrite(d)
	out := &ast.FuncDecl{Name: d.Name, Type: d.Type, Body: d.Body} // the unit keeps what it declares
	if lowered != "" {
		out.Name = ast.NewIdent(lowered)
	}
	if d.Recv != nil {
		params := &ast.FieldList{List: append(receiverParam(d), d.Type.Params.List...)}
		out.Type = &ast.FuncType{Params: params, Results: d.Type.Results}
	}
	return out
}

// methodFuncOf gives the function that a declared method becomes.
func (l *lowering) methodFuncOf(d *ast.FuncDecl) string {
	if x := l.extensions[d]; x != nil {
		return l.methods[x.typ.Obj()][x.name]
	}
	return l.methodFunc(l.declared(d))
}

// receiverParam gives the receiver as a parameter, which has a name as the others do.
func receiverParam(d *ast.FuncDecl) []*ast.Field {
	f := d.Recv.List[0]
	params := d.Type.Params.List
	if len(f.Names) == 0 && (len(params) == 0 || len(params[0].Names) > 0) {
		f.Names = []*ast.Ident{ast.NewIdent("_")}
	}
	if len(f.Names) > 0 && len(params) > 0 && len(params[0].Names) == 0 {
		for _, p := range params {
			p.Names = []*ast.Ident{ast.NewIdent("_")}
		}
	}
	return []*ast.Field{f}
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

// entry gives the function that runs the cell: what the engine has to know, and then the body.
func (l *lowering) entry(body string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "\nfunc %s(%s *%s) {\n%s\n", entryName(l.session.seq), runParam, l.rt("Run"), noFunction)
	fmt.Fprintf(&b, "%s := 0\n%s.At(&%s)\n", lineVar, runParam, lineVar)
	b.WriteString(l.definePure() + l.definitions() + body + "}\n")
	return b.String()
}

// body gives what the cell does: init functions, then statements and variables in the order of the
// text.
func (l *lowering) body() string {
	var b strings.Builder
	l.enter(&funcContext{top: true}, l.prepareTop())
	if d := l.context().defers; d != "" {
		fmt.Fprintf(&b, "%s := %s\n%s.Run(func() {\n%s\n", d, l.newDefers(l.context()), d, noFunction)
	}
	if l.isFile() { // then variables have their values before init runs
		l.initialise(&b)
	}
	l.callInits(&b)
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
	return b.String()
}

// callInits writes the calls of the init functions of the cell.
func (l *lowering) callInits(b *strings.Builder) {
	for _, u := range l.units {
		for _, d := range u.decls {
			if f, ok := d.(*ast.FuncDecl); ok && f.Name.Name == "init" && f.Recv == nil {
				name := initName(l.session.seq, f.Pos())
				l.passing = append(l.passing, name)
				fmt.Fprintf(b, "%s()\n", name)
			}
		}
	}
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
		l.write(b, s)
	}
	if len(u.shown) > 0 {
		l.reach(b, u.shown[0])
		l.show(b, u)
	}
}

// write writes a statement at the top of the cell, with its tests.
func (l *lowering) write(b *strings.Builder, s ast.Stmt) {
	list := []ast.Stmt{s}
	l.headers(&list)
	l.tests.list(&list)
	for _, s := range list {
		for _, s := range l.statements(s) {
			b.WriteString(source(s) + "\n")
		}
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
	l.write(b, set)
}

// show writes the display of the cell's value. A trailing error is no value: nil is not shown,
// another fails the cell.
func (l *lowering) show(b *strings.Builder, u *unit) {
	call, isCall := u.shown[0].(*ast.CallExpr)
	if !isCall || !l.info.Types[call].IsVoid() && !l.prints(call) && !u.quiet {
		for _, s := range append(l.takeReceives(&ast.ReturnStmt{Results: u.shown}), l.tests.values(u.shown)...) {
			for _, s := range l.statements(s) {
				b.WriteString(source(s) + "\n")
			}
		}
		call, isCall = u.shown[0].(*ast.CallExpr)
	}
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
		l.write(b, &ast.ExprStmt{X: call})
		return
	}
	t := l.info.Types[call].Type
	tuple, several := t.(*types.Tuple)
	switch {
	case u.quiet:
		l.write(b, &ast.ExprStmt{X: call})
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
		temps, values := make([]string, n), make([]string, n)
		for i := range temps {
			v := ast.NewIdent(l.temp())
			l.setType(v, tuple.At(i).Type())
			temps[i], values[i] = v.Name, source(l.convert(v, types.Universe.Lookup("any").Type()))
		}
		fmt.Fprintf(b, "%s := %s\n%s(%s, %s)\n", strings.Join(temps, ", "), source(shown), l.rt("Show"), runParam, strings.Join(values, ", "))
	}
}

func (l *lowering) showValues(b *strings.Builder, values []ast.Expr) {
	args := []string{runParam}
	for _, v := range values {
		args = append(args, l.shownValue(v))
	}
	fmt.Fprintf(b, "%s(%s)\n", l.rt("Show"), strings.Join(args, ", "))
}

// shownValue lowers a value that becomes an interface to be shown.
func (l *lowering) shownValue(v ast.Expr) string {
	l.noteReplaced(v)
	arg := &ast.CallExpr{Fun: ast.NewIdent(mark + "shown"), Args: []ast.Expr{v}}
	l.represent(arg)
	return source(l.lowered(l.convert(arg.Args[0], types.Universe.Lookup("any").Type())))
}

// noteReplaced says of a shown value that its type is no longer what the name of the type means.
func (l *lowering) noteReplaced(v ast.Expr) {
	walkNamed(l.typeOf(v), map[types.Type]bool{}, func(n *types.Named) {
		obj := n.Obj()
		e := l.session.names[obj.Name()]
		if obj.Pkg() == nil || obj.Pkg().Path() != "main" || l.names[obj] != "" && l.session.types[obj] == "" || e == nil || e.obj == types.Object(obj) {
			return
		}
		if origin := l.session.origins[obj.Pkg().Name()+"."+obj.Name()]; origin != "" {
			l.notes = append(l.notes, fmt.Sprintf("this is a %s from %s; %s is another type since %s", obj.Name(), origin, obj.Name(), e.cell))
		}
	})
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
	l.passing = append(l.passing, name)
	l.helpers = append(l.helpers, fmt.Sprintf("func %s(%s, err error) (%s) {\n"+noFunction+"\nif err != nil { %s(err, %d) }\nreturn %s\n}\n",
		name, strings.Join(params, ", "), strings.Join(kinds, ", "), l.rt("Fail"), l.line(call), strings.Join(values, ", ")))
	return name
}
