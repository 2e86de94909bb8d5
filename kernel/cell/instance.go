package cell

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/types"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
)

// yaegi cannot be trusted with type parameters, so every use of a generic function or type becomes
// a function or type of its own, with the arguments written in. A function is copied and checked
// once more with its arguments in place; a type is written from what go/types knows of it, and its
// methods are copied as functions that take the receiver first, until the lowering makes methods of
// them again.

// instance is a generic function, type or method with its type arguments.
type instance struct {
	key    string // identity of the generic object, and its arguments
	name   string // in lowered code
	shown  string // in messages
	unit   *unit  // the copy of a function or method
	method string // the name of the method, "" for functions and types
}

// instantiate makes copies for the instances that the last run found and reports whether there were
// new ones: they may use others, so that the check has to run again.
func (c *check) instantiate() bool {
	before := len(c.instances)
	for _, id := range slices.SortedFunc(maps.Keys(c.info.Instances), func(a, b *ast.Ident) int { return int(a.Pos() - b.Pos()) }) {
		args := c.info.Instances[id].TypeArgs
		if f, ok := c.info.Uses[id].(*types.Func); ok && concrete(args) {
			c.functionInstance(id, f.Origin(), args)
		}
	}
	seen := map[types.Type]bool{}
	for _, e := range slices.SortedFunc(maps.Keys(c.info.Types), func(a, b ast.Expr) int { return int(a.Pos() - b.Pos()) }) {
		walkNamed(c.info.Types[e].Type, seen, func(n *types.Named) { c.typeInstance(e, n) })
	}
	return len(c.instances) > before
}

// concrete reports whether no type parameter is left in the arguments.
func concrete(args *types.TypeList) bool {
	for t := range args.Types() {
		if !isConcrete(t, map[types.Type]bool{}) {
			return false
		}
	}
	return true
}

func isConcrete(t types.Type, seen map[types.Type]bool) bool {
	ok := true
	walkTypes(t, seen, func(t types.Type) {
		if _, param := t.(*types.TypeParam); param {
			ok = false
		}
	})
	return ok
}

// walkNamed visits the named types in t.
func walkNamed(t types.Type, seen map[types.Type]bool, visit func(*types.Named)) {
	walkTypes(t, seen, func(t types.Type) {
		if n, ok := t.(*types.Named); ok {
			visit(n)
		}
	})
}

// walkTypes visits t and what it is made of, but does not look inside named types beyond their
// arguments.
func walkTypes(t types.Type, seen map[types.Type]bool, visit func(types.Type)) {
	if t == nil || seen[t] {
		return
	}
	seen[t] = true
	visit(t)
	walk := func(t types.Type) { walkTypes(t, seen, visit) }
	switch t := t.(type) {
	case *types.Alias:
		walk(types.Unalias(t))
	case *types.Named:
		for a := range t.TypeArgs().Types() {
			walk(a)
		}
	case *types.Map:
		walk(t.Key())
		walk(t.Elem())
	case *types.Signature:
		walk(t.Params())
		walk(t.Results())
	case *types.Tuple:
		for v := range t.Variables() {
			walk(v.Type())
		}
	case *types.Struct:
		for f := range t.Fields() {
			walk(f.Type())
		}
	case *types.Interface:
		for m := range t.ExplicitMethods() {
			walk(m.Type())
		}
	case *types.Pointer:
		walk(t.Elem())
	case *types.Slice:
		walk(t.Elem())
	case *types.Array:
		walk(t.Elem())
	case *types.Chan:
		walk(t.Elem())
	}
}

// key tells instances apart: cell types count by their version, which no two of one name share.
func (c *check) key(obj types.Object, args *types.TypeList) string {
	var b strings.Builder
	b.WriteString(c.identity(obj))
	for t := range args.Types() {
		b.WriteString(" " + types.TypeString(t, (*types.Package).Path))
		walkNamed(t, map[types.Type]bool{}, func(n *types.Named) { b.WriteString(" " + c.identity(n.Obj())) })
	}
	return b.String()
}

// identity names an object so that an older one of the same name is not mistaken for it.
func (c *check) identity(obj types.Object) string {
	switch {
	case obj.Pkg() == nil:
		return obj.Name()
	case obj.Pkg().Path() != "main":
		return obj.Pkg().Path() + "." + obj.Name()
	}
	if t, ok := obj.(*types.TypeName); ok && c.session.types[t] != "" {
		return c.session.types[t]
	}
	if e := c.known[obj]; e != nil {
		return e.version
	}
	return version(obj.Name(), c.session.seq)
}

// lookup finds an instance of this check or of an earlier cell.
func (c *check) lookup(key string) *instance {
	if i := slices.IndexFunc(c.instances, func(x *instance) bool { return x.key == key }); i >= 0 {
		return c.instances[i]
	}
	return c.session.instances[key]
}

func (c *check) newInstance(key, shown string) *instance {
	x := &instance{key: key, shown: shown, name: fmt.Sprintf("%s_%d", version(shown, c.session.seq), len(c.instances)+1)}
	c.instances = append(c.instances, x)
	return x
}

// functionInstance makes the copy of a generic function.
func (c *check) functionInstance(at ast.Node, f *types.Func, args *types.TypeList) {
	if f.Signature().TypeParams() == nil || f.Signature().Recv() != nil || slices.Contains(takeHelpers, f.Name()) {
		return
	}
	key := c.key(f, args)
	if c.lookup(key) != nil || compiledInstance(f, args) != "" {
		return
	}
	x := c.newInstance(key, f.Name())
	d, u := c.genericFunc(f)
	if d == nil {
		c.refuse(at, "%s.%s is generic, and cells cannot use it yet", f.Pkg().Name(), f.Name())
		return
	}
	names := fieldNames(d.Type.TypeParams)
	d.Type.TypeParams = nil
	d.Name = ast.NewIdent(x.name)
	c.copy(at, x, d, u, names, args)
}

// genericFunc gives a fresh tree of a generic function.
func (c *check) genericFunc(f *types.Func) (*ast.FuncDecl, *unit) {
	if f.Pkg().Path() != "main" {
		return c.packageFunc(f.Pkg().Path(), f.Name())
	}
	if e := c.known[f]; e != nil {
		return c.reparse(e.unit)
	}
	return c.reparse(c.decls[f.Name()])
}

// reparse parses the text of a unit anew.
func (c *check) reparse(u *unit) (*ast.FuncDecl, *unit) {
	if u == nil {
		return nil, nil
	}
	if u.source != nil {
		return c.packageFunc(u.source.path, u.source.name)
	}
	fresh, err := parse(c.fset, u.cell, u.piece, false)
	if err != nil {
		return nil, nil // it parsed before
	}
	d, _ := fresh.firstDecl().(*ast.FuncDecl)
	return d, fresh
}

// typeInstance makes the methods of an instance of a generic type of a cell.
func (c *check) typeInstance(at ast.Node, n *types.Named) {
	if n.TypeArgs() == nil || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != "main" || !concrete(n.TypeArgs()) {
		return
	}
	key := c.key(n.Obj(), n.TypeArgs())
	if c.lookup(key) != nil {
		return
	}
	x := c.newInstance(key, n.Obj().Name())
	walkNamed(n.Underlying(), map[types.Type]bool{}, func(part *types.Named) { c.typeInstance(at, part) }) // no expression may have its type
	for m := range n.Origin().Methods() {
		d, u := c.reparse(c.methodUnit(n.Obj(), m.Name()))
		if d == nil {
			continue
		}
		mx := c.newInstance(key+"."+m.Name(), x.shown+"."+m.Name())
		mx.name = x.name + "_" + m.Name()
		mx.method = m.Name()
		names := receiverParams(d.Recv.List[0].Type)
		d.Type.Params.List = append([]*ast.Field{d.Recv.List[0]}, d.Type.Params.List...)
		d.Recv = nil
		d.Name = ast.NewIdent(mx.name)
		c.copy(at, mx, d, u, names, n.TypeArgs())
	}
}

// methodUnit finds the text of a method of a cell's type.
func (c *check) methodUnit(t *types.TypeName, name string) *unit {
	units := c.units
	if e := c.session.names[t.Name()]; c.decls[t.Name()] == nil && e != nil {
		units = e.methods
	}
	i := slices.IndexFunc(units, func(u *unit) bool {
		return receiver(u.firstDecl()) == t.Name() && u.firstDecl().(*ast.FuncDecl).Name.Name == name
	})
	if i < 0 {
		return nil
	}
	return units[i]
}

// fieldNames gives the names in a list of fields.
func fieldNames(list *ast.FieldList) []string {
	var names []string
	for _, f := range list.List {
		for _, id := range f.Names {
			names = append(names, id.Name)
		}
	}
	return names
}

// receiverParams gives the type parameters that the receiver of a generic type names.
func receiverParams(t ast.Expr) []string {
	var params []ast.Expr
	switch t := t.(type) {
	case *ast.StarExpr:
		return receiverParams(t.X)
	case *ast.ParenExpr:
		return receiverParams(t.X)
	case *ast.IndexExpr:
		params = []ast.Expr{t.Index}
	case *ast.IndexListExpr:
		params = t.Indices
	}
	var names []string
	for _, p := range params {
		if id, ok := p.(*ast.Ident); ok { // anything else the check refuses
			names = append(names, id.Name)
		}
	}
	return names
}

// copy puts the arguments into the tree of a function and adds it to the check. The identifiers to
// replace are those that the parser resolved to a type parameter. Of those that a receiver declares
// it says nothing at all (go.dev/issue/50956): they are what is neither resolved nor unresolved.
func (c *check) copy(at ast.Node, x *instance, d *ast.FuncDecl, u *unit, params []string, args *types.TypeList) {
	free := map[*ast.Ident]bool{}
	for _, id := range u.free {
		free[id] = true
	}
	astutil.Apply(d, func(cur *astutil.Cursor) bool {
		id, ok := cur.Node().(*ast.Ident)
		if !ok {
			return true
		}
		i := slices.Index(params, id.Name)
		ofReceiver := id.Obj == nil && !free[id] && !isSelected(cur)
		if i < 0 || !ofReceiver && !isTypeParam(id.Obj) {
			return true
		}
		e, err := parser.ParseExpr("(" + c.typeText(at, u, args.At(i)) + ")")
		if err != nil {
			c.refuse(at, "%s cannot be used with type %s in a cell yet", x.shown, args.At(i))
			return false
		}
		if p := e.(*ast.ParenExpr); !needsParens(p.X) {
			e = p.X
		}
		cur.Replace(withoutPositions(e))
		return false
	}, nil)
	u.decls = []ast.Decl{d}
	c.hoist(u)
	x.unit = u
	c.owner[u] = &entity{name: x.shown, cell: u.cell}
	c.units = append(c.units, u)
}

// isSelected reports whether an identifier is the name of a field or method, and no name by itself.
func isSelected(cur *astutil.Cursor) bool {
	switch p := cur.Parent().(type) {
	case *ast.SelectorExpr:
		return p.Sel == cur.Node()
	case *ast.KeyValueExpr:
		return p.Key == cur.Node()
	case *ast.Field, *ast.BranchStmt, *ast.LabeledStmt:
		return cur.Name() == "Names" || cur.Name() == "Label"
	}
	return false
}

// isTypeParam reports whether the parser resolved a name to a type parameter, and not to a type
// declared in a function.
func isTypeParam(obj *ast.Object) bool {
	if obj == nil || obj.Kind != ast.Typ {
		return false
	}
	_, spec := obj.Decl.(*ast.TypeSpec)
	return !spec
}

// needsParens reports whether a type must stand in parentheses where it converts a value.
func needsParens(e ast.Expr) bool {
	switch e.(type) {
	case *ast.StarExpr, *ast.FuncType, *ast.ChanType:
		return true
	}
	return false
}

// withoutPositions frees a parsed expression of the positions of its text, which mean nothing here.
func withoutPositions(e ast.Expr) ast.Expr {
	ast.Inspect(e, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			id.NamePos = 0
		}
		return true
	})
	return e
}

// typeText writes a type as the check reads it, and makes what it mentions visible.
func (c *check) typeText(at ast.Node, u *unit, t types.Type) string {
	w := &typeWriter{refuse: func(format string, a ...any) { c.refuse(at, format, a...) }}
	w.alias = func(path string) string { return c.packageName(path) }
	w.cellType = func(n *types.TypeName, args *types.TypeList) string {
		name := n.Name()
		if v, ok := c.session.types[n]; ok {
			name = v
			c.older[v] = n
		}
		u.free = append(u.free, ast.NewIdent(name))
		if args.Len() == 0 {
			return name
		}
		texts := make([]string, args.Len())
		for i := range texts {
			texts[i] = c.typeText(at, u, args.At(i))
		}
		return name + "[" + strings.Join(texts, ", ") + "]"
	}
	w.write(t)
	return w.String()
}

// packageName gives a name of ours under which the check sees a package, whatever the cell calls it.
func (c *check) packageName(path string) string {
	name := mark + strings.NewReplacer("/", "_", ".", "_", "-", "_").Replace(path)
	c.packages[name] = path
	return name
}

// refuse notes the first thing that the interpreter cannot do.
func (c *check) refuse(at ast.Node, format string, args ...any) {
	if c.refused == nil {
		c.refused = c.fail(at.Pos(), format, args...)
	}
}
