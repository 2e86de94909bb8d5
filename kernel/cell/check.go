package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
	"sync"
)

// check is one attempt to check a cell: its text, alone or with pieces of earlier cells that must
// be emitted again.
type check struct {
	session *Session
	name    string
	code    string
	fset    *token.FileSet
	units   []*unit // of the cell, then of the entities emitted again
	owner   map[*unit]*entity

	pkg        *types.Package
	info       *types.Info
	known      map[types.Object]*entity // objects of earlier cells
	errs       []types.Error
	decls      map[string]*unit                 // top-level names that the cell declares, and where
	vars       map[string]bool                  // those of decls that are variables
	define     map[*ast.AssignStmt][]*ast.Ident // names that a top-level := makes new
	packages   map[string]string                // package names in scope -> import path
	explicit   map[string]string                // those that the cell imports itself
	dots       []string
	show       *ast.CallExpr                // holds what the cell shows
	entities   []*entity                    // what the cell declares
	instances  []*instance                  // of generic functions and types, made for this cell
	older      map[string]*types.TypeName   // types of which the name has been taken by another
	extensions map[*ast.FuncDecl]*extension // methods for types of earlier cells
	renewed    map[string][]string          // generic types that are new, with the methods that make them so
	hoists     int                          // types moved out of functions
	hoisted    map[*ast.Ident]bool          // their names
	first      *lowering                    // of the types of the cell, when they were checked before it
	undo       []func()                     // takes them back
	refused    *Diagnostics                 // what the interpreter cannot do yet
	failed     map[*entity]string
	own        map[string]bool // types and methods to emit again that stand in the cell itself
	notes      []string
	lenient    bool                 // errors need not be taken inside functions either: a probe wants types
	texts      map[string]*fragment // what the cell declares, as plain Go, by version
	body       *cellBody            // what it runs
	build      *Native              // what the Go toolchain has to build of it, nil for nothing
}

// showHelper takes what the cell shows.
const showHelper = mark + "show"

// takeHelpers stand around calls whose error is taken care of, by the number of other results.
var takeHelpers = []string{1: mark + "take", 2: mark + "take2", 3: mark + "take3"}

// attempt checks the cell together with entities to emit again. When it fails only because of
// those, failed tells which.
func (s *Session) attempt(mode Mode, name, code string, again []*entity) (*check, error) {
	c := &check{
		session: s, name: name, code: code, fset: token.NewFileSet(),
		owner: map[*unit]*entity{}, failed: map[*entity]string{}, own: map[string]bool{},
	}
	units, faults := parseCell(c.fset, name, code)
	if len(faults) > 0 {
		for i, d := range faults {
			faults[i] = c.overKeys(d)
			faults[i].Msg += didYouMean(c.nearFault(d))
		}
		return c, c.diagnostics(faults)
	}
	c.units = units
	for _, e := range again {
		if slices.ContainsFunc(units, func(u *unit) bool { return typeName(u) == e.name || e.method && methodKey(u) == e.name }) {
			c.own[e.name] = true // the text is here: what is wrong with it is the cell's own fault
			continue
		}
		if err := c.bring(e); err != nil {
			return c, err
		}
	}
	if err := c.markNative(mode); err != nil {
		return c, err
	}
	if err := c.collect(); err != nil {
		return c, err
	}
	return c, c.types()
}

// diagnostics are the errors of the cell.
func (c *check) diagnostics(list []Diagnostic) *Diagnostics {
	return newDiagnostics(c.name, c.code, list)
}

// fail is a Diagnostics of one error at a position.
func (c *check) fail(pos token.Pos, format string, args ...any) *Diagnostics {
	p := c.fset.Position(pos)
	return c.diagnostics([]Diagnostic{{Line: p.Line, Col: p.Column, Msg: fmt.Sprintf(format, args...)}})
}

// types checks the cell, copies what is generic and makes the cell's entities.
func (c *check) types() error {
	c.repair()
	if len(c.errs) > 0 {
		return c.report()
	}
	if d := c.tooLarge(); d != nil {
		return d
	}
	c.collectEntities()
	c.fragments()
	if err := c.native(); err != nil {
		return err
	}
	for c.instantiate() && c.refused == nil {
		c.autoImport() // what the copies select from
		if c.run(); len(c.errs) > 0 {
			return c.report()
		}
	}
	if c.refused != nil {
		return c.refused
	}
	c.collectEntities() // anew: the objects are those of the last run
	return nil
}

// repair runs go/types over the cell, repairs what notebook Go allows and checks again, until there
// are no errors or nothing is left to repair.
func (c *check) repair() {
	for c.run(); len(c.errs) > 0 && c.takeErrors(); {
		c.run()
	}
}

// run runs go/types once.
func (c *check) run() {
	c.prepare()
	if len(c.extensions) > 0 {
		c.lookAhead()
		c.extend()
		defer c.retract()
		c.prepare()
	}
	file := c.file()
	conf := types.Config{
		Importer:                 noImports{},
		Error:                    c.note,
		DisableUnusedImportCheck: true,
	}
	defer hideNames(c.namesOfEarlierTypes(file))()
	// The error is the first of those collected.
	_ = types.NewChecker(&conf, c.fset, c.pkg, c.info).Files([]*ast.File{file})
	c.errs = slices.DeleteFunc(c.errs, c.allowed)
}

// namesOfEarlierTypes gives the declarations of a type by the name of another that is not the cell's.
func (c *check) namesOfEarlierTypes(file *ast.File) []*ast.TypeSpec {
	var specs []*ast.TypeSpec
	for _, d := range file.Decls {
		g, ok := d.(*ast.GenDecl)
		if !ok || g.Tok != token.TYPE {
			continue
		}
		for _, s := range g.Specs {
			spec := s.(*ast.TypeSpec)
			if id, ok := spec.Type.(*ast.Ident); ok && c.decls[id.Name] == nil {
				specs = append(specs, spec)
			}
		}
	}
	return specs
}

// hideNames puts the types in parentheses until the function that it returns is called. go/types follows
// such names within the package when it looks for cycles, and expects a declaration of each.
func hideNames(specs []*ast.TypeSpec) (show func()) {
	for _, s := range specs {
		s.Type = &ast.ParenExpr{Lparen: s.Type.Pos(), X: s.Type, Rparen: s.Type.End()}
	}
	return func() {
		for _, s := range specs {
			s.Type = s.Type.(*ast.ParenExpr).X
		}
	}
}

// noImports is the Importer of files without import declarations: packages stand in the scope.
type noImports struct{}

func (noImports) Import(path string) (*types.Package, error) {
	return nil, fmt.Errorf("package %s is imported by the check alone", path)
}

// allowed reports whether an error is none in a notebook: statements run in the order they stand
// in, so a variable may be initialised by a function that reads it; all cells are one package; and a
// shown call may have no result. What only type arguments make impossible is legal in a copy of a function.
func (c *check) allowed(e types.Error) bool {
	if c.inCopy(e.Pos) && slices.ContainsFunc(impossible, func(msg string) bool { return strings.HasPrefix(e.Msg, msg) }) {
		return true
	}
	if strings.HasPrefix(e.Msg, "initialization cycle") && !c.isFile() {
		return true
	}
	if strings.HasPrefix(e.Msg, "implicit assignment to unexported field") && strings.Contains(e.Msg, " of type "+packagePrefix) {
		return true // of a type of an earlier cell, which is in a package of its own for go/types
	}
	return c.show != nil && len(c.show.Args) == 1 && e.Pos == c.show.Args[0].Pos() && strings.HasSuffix(e.Msg, "(no value) used as value")
}

var impossible = []string{"duplicate case ", "impossible type assertion: ", "impossible type switch case: ", "duplicate key "}

// inCopy reports whether a position is in a copy of something generic, as what has none is.
func (c *check) inCopy(pos token.Pos) bool {
	u := c.unitAt(pos)
	return !pos.IsValid() || u != nil && slices.ContainsFunc(c.instances, func(x *instance) bool { return x.unit == u })
}

// unitAt gives the unit that a position is in.
func (c *check) unitAt(pos token.Pos) *unit {
	file := c.fset.File(pos)
	for _, u := range c.units {
		if n := u.node(); n != nil && c.fset.File(n.Pos()) == file {
			return u
		}
	}
	return nil
}

// node is any node of the unit.
func (u *unit) node() ast.Node {
	switch {
	case len(u.decls) > 0:
		return u.decls[0]
	case len(u.stmts) > 0:
		return u.stmts[0]
	case len(u.shown) > 0:
		return u.shown[0]
	}
	return nil
}

// prepare makes a package whose scope holds what the cell can see and does not declare.
func (c *check) prepare() {
	c.errs, c.known = nil, map[types.Object]*entity{}
	c.pkg = types.NewPackage("main", c.cellPackage())
	c.info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{},
		Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{},
		Implicits: map[ast.Node]types.Object{}, Instances: map[*ast.Ident]types.Instance{},
		Scopes: map[ast.Node]*types.Scope{},
	}
	scope := c.pkg.Scope()
	for _, name := range slices.Sorted(maps.Keys(c.packages)) {
		if p, err := c.session.lib.Import(c.packages[name]); err == nil {
			scope.Insert(types.NewPkgName(token.NoPos, c.pkg, name, p))
		}
	}
	for _, name := range sortedUses(c.units) {
		// An older variable that the cell declares again is still seen above its declaration.
		base, older := strings.CutSuffix(name, mark)
		e := c.session.names[base]
		if e == nil || e.obj == nil || !older && c.decls[name] != nil {
			continue
		}
		obj := e.obj
		if older {
			obj = renamed(obj, c.pkg, name)
		}
		c.known[obj] = e
		scope.Insert(obj)
	}
	for name, t := range c.older {
		scope.Insert(types.NewTypeName(token.NoPos, c.pkg, name, t.Type()))
	}
	for _, path := range slices.Concat(c.session.dots, c.dots) {
		p, err := c.session.lib.Import(path)
		if err != nil {
			continue
		}
		for _, name := range p.Scope().Names() {
			if obj := p.Scope().Lookup(name); obj.Exported() && c.decls[name] == nil {
				scope.Insert(obj)
			}
		}
	}
	for _, h := range helpers() {
		scope.Insert(h)
	}
}

// renamed gives an object that means the same under another name.
func renamed(obj types.Object, pkg *types.Package, name string) types.Object {
	switch obj := obj.(type) {
	case *types.Const:
		return types.NewConst(token.NoPos, pkg, name, obj.Type(), obj.Val())
	case *types.Func:
		return types.NewFunc(token.NoPos, pkg, name, obj.Signature())
	case *types.TypeName:
		return types.NewTypeName(token.NoPos, pkg, name, obj.Type())
	}
	return types.NewVar(token.NoPos, pkg, name, obj.Type())
}

// helpers are the functions that every cell's package has, and that are the same in all: show(...any) and
// the generic take helpers, which drop a trailing error: take[T](T, error) T, take2[A, B](A, B, error)
// (A, B) and so on. They belong to a package of their own, so that a cell that is kept keeps no others.
var helpers = sync.OnceValue(func() []types.Object {
	pkg := types.NewPackage("main", "helpers")
	errorType := types.Universe.Lookup("error").Type()
	anyType := types.Universe.Lookup("any").Type()
	v := func(t types.Type) *types.Var { return types.NewVar(token.NoPos, pkg, "", t) }
	show := types.NewTuple(v(types.NewSlice(anyType)))
	list := []types.Object{types.NewFunc(token.NoPos, pkg, showHelper, types.NewSignatureType(nil, nil, nil, show, nil, true))}
	for n, name := range takeHelpers {
		var tps []*types.TypeParam
		var values []*types.Var
		for i := range n {
			tp := types.NewTypeParam(types.NewTypeName(token.NoPos, pkg, string(rune('A'+i)), nil), anyType)
			tps, values = append(tps, tp), append(values, v(tp))
		}
		if n > 0 {
			params := types.NewTuple(append(slices.Clone(values), v(errorType))...)
			sig := types.NewSignatureType(nil, nil, tps, params, types.NewTuple(values...), false)
			list = append(list, types.NewFunc(token.NoPos, pkg, name, sig))
		}
	}
	for _, h := range list {
		pkg.Scope().Insert(h) // so that no later Insert writes to it: cells are checked at once
	}
	return list
})

// changed gives the names whose meaning the cell changes for functions of earlier cells: all that it
// declares again, but variables that keep their type.
func (c *check) changed() map[string]bool {
	names := map[string]bool{}
	for _, e := range c.entities {
		old := c.session.names[e.name]
		if old != nil && (old.version != e.version || old.path != e.path) {
			names[e.name] = true
		}
	}
	return names
}
