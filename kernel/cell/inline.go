package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"maps"

	"golang.org/x/tools/go/ast/astutil"
)

// A call costs 0.2 µs and more, what a small function does 0.03. So a call of a function or method of
// a cell whose body is one expression over its parameters, or one assignment to a field of its
// receiver, is replaced by that body. It must not be able to fail but by a receiver that is nil,
// which is tested and told as a failure of the method: tracebacks are as without.

// inlinable is a function that can stand in the place of its calls. Its tree is a copy, for calls in
// later cells, with what the check knows of it.
type inlinable struct {
	name, cell string
	line       int
	params     []*types.Var // the receiver first
	pointer    bool         // the receiver is a pointer,
	derefs     bool         // and must not be nil
	result     ast.Expr     // what it returns,
	effect     ast.Stmt     // or what it does
	info       *types.Info
}

// findInlinable notes the functions of the cell that can be inlined.
func (l *lowering) findInlinable() {
	l.inlines = map[string]*inlinable{}
	for _, u := range l.units {
		d, ok := u.firstDecl().(*ast.FuncDecl)
		if !ok || u.source != nil || u.native || d.Body == nil || len(d.Body.List) != 1 || isGeneric(d) {
			continue
		}
		if f := l.declared(d); f != nil && !l.recurse[f.Name()] && !f.Signature().Variadic() {
			if x := l.inlinable(f, d); x != nil {
				l.inlines[l.loweredName(d, f)] = x
			}
		}
	}
}

// loweredName gives the name of a function in lowered code, by which it is known until another version
// takes its place.
func (l *lowering) loweredName(d *ast.FuncDecl, f *types.Func) string {
	if d.Recv == nil {
		return l.names[f]
	}
	if x := l.extensions[d]; x != nil {
		return l.methods[x.typ.Obj()][x.name]
	}
	return l.methodFunc(f)
}

// inlinable gives what stands in the place of calls of f, nil when nothing can.
func (l *lowering) inlinable(f *types.Func, d *ast.FuncDecl) *inlinable {
	sig := f.Signature()
	x := &inlinable{name: l.shownName(d), cell: l.fset.Position(d.Pos()).Filename, line: l.line(d.Body.List[0])}
	if r := sig.Recv(); r != nil {
		x.params = append(x.params, r)
	}
	for p := range sig.Params().Variables() {
		x.params = append(x.params, p)
	}
	x.pointer = d.Recv != nil && isPointer(x.params[0].Type())
	switch s := d.Body.List[0].(type) {
	case *ast.ReturnStmt:
		if len(s.Results) != 1 || sig.Results().Len() != 1 || !x.isPlain(l, s.Results[0]) ||
			!types.Identical(l.info.Types[s.Results[0]].Type, sig.Results().At(0).Type()) {
			return nil
		}
		x.result = l.clone(s.Results[0])
	case *ast.IncDecStmt:
		if !x.isField(l, s.X) || sig.Results().Len() > 0 {
			return nil
		}
		x.effect = &ast.IncDecStmt{X: l.clone(s.X), Tok: s.Tok}
	case *ast.AssignStmt:
		if len(s.Lhs) != 1 || !x.isField(l, s.Lhs[0]) || s.Tok == token.QUO_ASSIGN || s.Tok == token.REM_ASSIGN || s.Tok == token.SHL_ASSIGN ||
			s.Tok == token.SHR_ASSIGN || !x.isPlain(l, s.Rhs[0]) || !types.Identical(l.info.Types[s.Lhs[0]].Type, l.info.Types[s.Rhs[0]].Type) {
			return nil
		}
		x.effect = &ast.AssignStmt{Lhs: []ast.Expr{l.clone(s.Lhs[0])}, Tok: s.Tok, Rhs: []ast.Expr{l.clone(s.Rhs[0])}}
	default:
		return nil
	}
	if x.pointer && !x.needsReceiver(l) {
		return nil
	}
	x.remember(l.info)
	return x
}

// needsReceiver reports whether a call fails for certain when the receiver is nil: the body looks at
// what it points to, and not behind && or ||.
func (x *inlinable) needsReceiver(l *lowering) bool {
	certain := false
	ast.Inspect(x.node(), func(n ast.Node) bool {
		if b, ok := n.(*ast.BinaryExpr); ok && (b.Op == token.LAND || b.Op == token.LOR) {
			return false
		}
		id, ok := n.(*ast.Ident)
		certain = certain || ok && l.info.Uses[id] == types.Object(x.params[0])
		return true
	})
	return certain
}

// remember keeps what the check knows of the copy.
func (x *inlinable) remember(info *types.Info) {
	x.info = &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Selections: map[*ast.SelectorExpr]*types.Selection{}}
	ast.Inspect(x.node(), func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			if obj := info.Uses[n]; obj != nil {
				x.info.Uses[n] = obj
			}
			x.info.Types[n] = info.Types[n]
		case *ast.SelectorExpr:
			x.info.Selections[n] = info.Selections[n]
			x.info.Types[n] = info.Types[n]
		case ast.Expr:
			x.info.Types[n] = info.Types[n]
		}
		return true
	})
}

func (x *inlinable) node() ast.Node {
	if x.result != nil {
		return x.result
	}
	return x.effect
}

// isField reports whether a place is a field of the receiver.
func (x *inlinable) isField(l *lowering, e ast.Expr) bool {
	sel, ok := e.(*ast.SelectorExpr)
	if !ok || !x.pointer || !x.isOwnField(l, sel) {
		return false
	}
	_, basic := l.info.Types[e].Type.(*types.Basic)
	return basic && l.info.Uses[sel.X.(*ast.Ident)] == types.Object(x.params[0])
}

// isOwnField reports whether a selector names a field of a parameter, itself a struct, or of the
// receiver, which may point to one; fields of embedded structs are left out.
func (x *inlinable) isOwnField(l *lowering, sel *ast.SelectorExpr) bool {
	id, ok := sel.X.(*ast.Ident)
	s := l.info.Selections[sel]
	if !ok || s == nil || s.Kind() != types.FieldVal || len(s.Index()) != 1 {
		return false
	}
	v, ok := l.info.Uses[id].(*types.Var)
	if !ok || !x.has(v) || isPointer(v.Type()) && (!x.pointer || v != x.params[0]) {
		return false
	}
	x.derefs = x.derefs || isPointer(v.Type())
	return true
}

func (x *inlinable) has(v *types.Var) bool {
	for _, p := range x.params {
		if p == v {
			return true
		}
	}
	return false
}

// isPlain reports whether an expression is arithmetic that cannot fail, on parameters, their fields and
// constants, of types that yaegi needs no help with.
func (x *inlinable) isPlain(l *lowering, e ast.Expr) bool {
	tv := l.info.Types[e]
	if b, ok := tv.Type.(*types.Basic); !ok || b.Info()&(types.IsNumeric|types.IsBoolean|types.IsString) == 0 {
		return false
	}
	if tv.Value != nil {
		return true
	}
	switch e := e.(type) {
	case *ast.Ident:
		v, ok := l.info.Uses[e].(*types.Var)
		return ok && x.has(v)
	case *ast.ParenExpr:
		return x.isPlain(l, e.X)
	case *ast.UnaryExpr:
		return e.Op != token.AND && e.Op != token.ARROW && x.isPlain(l, e.X)
	case *ast.BinaryExpr:
		switch e.Op {
		case token.SHL, token.SHR:
			return false
		}
		return !(&marks{lowering: l}).binaryFails(e) && x.isPlain(l, e.X) && x.isPlain(l, e.Y)
	case *ast.SelectorExpr:
		return x.isOwnField(l, e)
	}
	return false
}

// inlined gives the expression that takes the place of a call, nil when the call stays.
func (st *guarded) inlined(call *ast.CallExpr) ast.Expr {
	if st.followed(call) {
		return nil
	}
	x, args := st.inlinableCall(call)
	if x == nil || x.result == nil {
		return nil
	}
	e := st.substitute(x, args).(ast.Expr)
	p := &ast.ParenExpr{X: e}
	st.info.Types[p] = st.info.Types[call]
	return p
}

// followed reports whether another call that may change variables comes behind a call in its statement: what
// stands in the place of the call would be evaluated after it.
func (st *guarded) followed(call *ast.CallExpr) (later bool) {
	for _, e := range st.beside {
		ast.Inspect(e, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncLit:
				return false
			case *ast.UnaryExpr:
				later = later || n.Op == token.ARROW && n.Pos() >= call.End()
			case *ast.CallExpr:
				f := st.function(n)
				later = later || n.Pos() >= call.End() && st.bounds.calls(n) && (f == nil || f.result == nil)
			}
			return !later
		})
	}
	return later
}

// inlineEffect gives the statement that takes the place of a call, nil when the call stays.
func (g *guards) inlineEffect(s ast.Stmt) []ast.Stmt {
	es, ok := s.(*ast.ExprStmt)
	if !ok {
		return nil
	}
	call, ok := ast.Unparen(es.X).(*ast.CallExpr)
	if !ok {
		return nil
	}
	st := &guarded{guards: g}
	x, args := st.inlinableCall(call)
	if x == nil || x.effect == nil {
		return nil
	}
	return append(st.before(), st.substitute(x, args).(ast.Stmt))
}

// inlinableCall gives the function that a call can be replaced by, and its arguments; with a pointer as
// receiver it adds the test for nil.
func (st *guarded) inlinableCall(call *ast.CallExpr) (*inlinable, []ast.Expr) {
	x, args := st.function(call), call.Args
	var receiver ast.Expr
	if fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		receiver = fun.X
		args = append([]ast.Expr{receiver}, args...)
	}
	if x == nil || len(args) != len(x.params) {
		return nil, nil
	}
	for i, arg := range args {
		if !st.fits(arg, x.params[i], x.pointer && i == 0) {
			return nil, nil
		}
	}
	if x.derefs && isPointer(st.info.Types[receiver].Type) {
		if !st.early(receiver) {
			return nil, nil
		}
		isNil := compare(st.clone(receiver), token.EQL, ast.NewIdent("nil"))
		st.fault(isNil, "NilReceiver", quoted(x.name), quoted(x.cell), wholeNumber(int64(x.line)), call)
	}
	return x, args
}

// function gives the function of a call that can be inlined, nil for others.
func (st *guarded) function(call *ast.CallExpr) *inlinable {
	name := ""
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		name = st.names[st.info.Uses[fun]]
	case *ast.SelectorExpr:
		if s := st.info.Selections[fun]; s != nil && s.Kind() == types.MethodVal && len(s.Index()) == 1 {
			name = st.methodFunc(s.Obj().(*types.Func))
		}
	}
	switch {
	case name == "":
		return nil
	case st.inlines[name] != nil:
		return st.inlines[name]
	}
	return st.session.inlines[name]
}

// fits reports whether an argument can stand where the parameter does: it can be evaluated any number
// of times, and is of the same type. A receiver that is a variable stands for its address.
func (st *guarded) fits(arg ast.Expr, p *types.Var, pointer bool) bool {
	tv := st.info.Types[arg]
	if tv.Type == nil || !st.bounds.isSimple(arg) {
		return false
	}
	if _, isIndex := ast.Unparen(arg).(*ast.IndexExpr); isIndex {
		return false
	}
	if pointer && !isPointer(tv.Type) {
		_, ident := arg.(*ast.Ident)
		return ident && types.Identical(types.NewPointer(tv.Type), p.Type())
	}
	return tv.Value == nil && types.Identical(tv.Type, p.Type())
}

// substitute copies the body of a function with the arguments in the place of its parameters.
func (l *lowering) substitute(x *inlinable, args []ast.Expr) ast.Node {
	maps.Copy(l.info.Types, x.info.Types)
	maps.Copy(l.info.Uses, x.info.Uses)
	maps.Copy(l.info.Selections, x.info.Selections)
	put := func(cur *astutil.Cursor) bool {
		id, ok := cur.Node().(*ast.Ident)
		if !ok {
			return true
		}
		for i, p := range x.params {
			if l.info.Uses[id] == types.Object(p) {
				c := l.clone(args[i])
				if _, ident := c.(*ast.Ident); !ident {
					c = &ast.ParenExpr{X: c}
				}
				l.setType(c, p.Type()) // also of a variable that stands for its address
				cur.Replace(c)
			}
		}
		return false
	}
	switch body := x.node().(type) {
	case *ast.IncDecStmt:
		return astutil.Apply(&ast.IncDecStmt{X: l.clone(body.X), Tok: body.Tok}, put, nil)
	case *ast.AssignStmt:
		return astutil.Apply(&ast.AssignStmt{Lhs: []ast.Expr{l.clone(body.Lhs[0])}, Tok: body.Tok, Rhs: []ast.Expr{l.clone(body.Rhs[0])}}, put, nil)
	}
	holder := &ast.ParenExpr{X: l.clone(x.result)}
	astutil.Apply(holder, put, nil)
	return holder.X
}
