package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/astutil"
)

// callConversions converts the arguments of a call, and makes calls of methods calls of functions.
func (l *lowering) callConversions(cur *astutil.Cursor, n *ast.CallExpr) {
	if l.unsafeCall(cur, n) {
		return
	}
	if tv := l.info.Types[n.Fun]; tv.IsType() {
		if l.unsafeConversion(cur, n, tv.Type) {
			return
		}
		if isInterface(tv.Type) || containsItself(tv.Type) || containsItself(l.typeOf(n.Args[0])) {
			l.replaceConversion(cur, n, tv.Type)
		}
		return
	}
	if id, ok := ast.Unparen(n.Fun).(*ast.Ident); ok {
		if _, builtin := l.info.Uses[id].(*types.Builtin); builtin {
			l.builtinConversions(id.Name, n)
			if ch, ok := l.underlying(n).(*types.Chan); ok && id.Name == "make" && ch.Dir() != types.SendRecv {
				l.replace(cur, n, call("("+l.typeString(l.typeOf(n), n)+")", n)) // reflect makes channels of both directions
			}
			return
		}
	}
	sig, ok := l.underlying(n.Fun).(*types.Signature)
	if !ok {
		return
	}
	if l.special(cur, n) {
		return
	}
	sel, _ := n.Fun.(*ast.SelectorExpr)
	var method *types.Selection
	if sel != nil {
		method = l.info.Selections[sel]
	}
	if method != nil && method.Kind() == types.FieldVal { // a function that is kept in a field
		method = nil
	}
	define := l.arguments(n, sig, l.boundary(n.Fun), method != nil && l.methodFunc(method.Obj().(*types.Func)) != "")
	if method != nil && method.Kind() == types.MethodVal {
		if define == nil && l.dynamicCall(cur, n, sel, method) {
			return
		}
		l.methodCall(n, sel, method)
	}
	if define != nil {
		l.replace(cur, n, l.withDefinition(define, n))
	}
}

// replaceConversion converts to an interface type. The interpreter needs the type itself where it
// decides what the expression is.
func (l *lowering) replaceConversion(cur *astutil.Cursor, n *ast.CallExpr, to types.Type) {
	arg := n.Args[0]
	if converted := l.convert(arg, to); converted != arg {
		l.replace(cur, n, converted)
	}
}

// builtinConversions converts what builtins take as interfaces.
func (l *lowering) builtinConversions(name string, n *ast.CallExpr) {
	switch name {
	case "append":
		s, ok := l.underlying(n).(*types.Slice)
		if !ok || n.Ellipsis.IsValid() {
			return
		}
		for i, arg := range n.Args[1:] {
			n.Args[i+1] = l.appended(arg, s.Elem())
		}
	case "delete":
		if m, ok := l.underlying(n.Args[0]).(*types.Map); ok {
			n.Args[1] = l.mapKey(n.Args[1], m.Key())
		}
	case "panic":
		n.Args[0] = l.convert(n.Args[0], types.Universe.Lookup("any").Type())
	}
}

// appended converts an element that is appended. yaegi takes a slice for the elements of the list when
// both are of the same type, as with []any.
func (l *lowering) appended(e ast.Expr, elem types.Type) ast.Expr {
	converted := l.convert(e, elem)
	_, isSlice := l.underlying(e).(*types.Slice)
	if converted != e || !isSlice || !isInterface(elem) && !containsItself(elem) {
		return converted
	}
	lowered := l.callRuntime("Any", e)
	l.setType(lowered, elem)
	return lowered
}

// arguments converts the arguments of a call. The results of a single call that gives them all get
// variables when they have to be converted or, apart, stand behind a receiver; their definition comes
// back.
func (l *lowering) arguments(n *ast.CallExpr, sig *types.Signature, how treatment, apart bool) *ast.AssignStmt {
	if len(n.Args) == 1 {
		if tuple, ok := l.typeOf(n.Args[0]).(*types.Tuple); ok && tuple.Len() > 1 {
			return l.spread(n, sig, tuple, how, apart)
		}
	}
	for i, arg := range n.Args {
		if t := paramType(sig, i, n.Ellipsis.IsValid()); t != nil {
			n.Args[i] = l.argument(arg, t, how)
		}
	}
	if last := sig.Params().Len() - 1; sig.Variadic() && !n.Ellipsis.IsValid() && len(n.Args) == last+1 && how == asBox {
		if elem := paramType(sig, last, false); elem != nil {
			n.Args[last] = l.appended(n.Args[last], elem) // the same goes for a list of arguments
		}
	}
	return nil
}

// spread gives the results of the only argument variables, which become the arguments.
func (l *lowering) spread(n *ast.CallExpr, sig *types.Signature, tuple *types.Tuple, how treatment, apart bool) *ast.AssignStmt {
	define := &ast.AssignStmt{Tok: token.DEFINE, Rhs: n.Args}
	var args []ast.Expr
	for i := range tuple.Len() {
		v := ast.NewIdent(l.temp())
		l.setType(v, tuple.At(i).Type())
		arg := ast.Expr(v)
		if t := paramType(sig, i, false); t != nil {
			arg = l.argument(v, t, how)
		}
		apart = apart || arg != ast.Expr(v)
		define.Lhs, args = append(define.Lhs, ast.NewIdent(v.Name)), append(args, arg)
	}
	if !apart {
		return nil
	}
	n.Args = args
	return define
}

// withDefinition makes a call of a function literal that defines variables and then makes the call.
func (l *lowering) withDefinition(define *ast.AssignStmt, n *ast.CallExpr) ast.Expr {
	lit := &ast.FuncLit{Type: &ast.FuncType{Params: &ast.FieldList{}}, Body: &ast.BlockStmt{List: []ast.Stmt{define}}}
	l.setType(lit, types.NewSignatureType(nil, nil, nil, nil, nil, false))
	results := []types.Type{}
	switch t := l.typeOf(n).(type) {
	case nil:
	case *types.Tuple:
		results = tupleTypes(t)
	default:
		results = append(results, t)
	}
	if len(results) == 0 {
		lit.Body.List = append(lit.Body.List, &ast.ExprStmt{X: n})
		return &ast.CallExpr{Fun: lit}
	}
	lit.Type.Results = &ast.FieldList{}
	for _, t := range results {
		lit.Type.Results.List = append(lit.Type.Results.List, &ast.Field{Type: ast.NewIdent(l.typeString(t, n))})
	}
	lit.Body.List = append(lit.Body.List, &ast.ReturnStmt{Results: []ast.Expr{n}})
	return &ast.CallExpr{Fun: lit}
}

// argument converts one argument as the called function wants it.
func (l *lowering) argument(arg ast.Expr, want types.Type, how treatment) ast.Expr {
	if how == asBox || !isInterface(want) || isCompiled(want) {
		return l.convert(arg, want)
	}
	from := l.typeOf(arg)
	if from == nil || l.info.Types[arg].IsNil() {
		return arg
	}
	switch {
	case how == asTarget:
		e := l.callRuntime("Target", l.convert(arg, want))
		l.setType(e, want)
		return e
	case isInterface(from):
		e := l.callRuntime("Bare", arg)
		l.setType(e, want)
		return e
	}
	return arg
}

// paramType gives the type of the i-th parameter, for variadic ones that of an element.
func paramType(sig *types.Signature, i int, ellipsis bool) types.Type {
	last := sig.Params().Len() - 1
	if sig.Variadic() && i >= last && !ellipsis {
		if s, ok := sig.Params().At(last).Type().(*types.Slice); ok {
			return s.Elem()
		}
		return nil // append([]byte, string...)
	}
	if i > last {
		return nil
	}
	return sig.Params().At(i).Type()
}

// methodCall makes a call of a method of a cell's type a call of its function.
func (l *lowering) methodCall(n *ast.CallExpr, sel *ast.SelectorExpr, s *types.Selection) {
	c := l.method(sel.X, s)
	l.setType(c.fun, l.typeOf(sel))
	if compiled, ok := c.fun.(*ast.SelectorExpr); ok {
		l.info.Selections[compiled] = s // later passes see that a method is called
	}
	n.Fun = c.fun
	if c.receiver != nil {
		n.Args = slices.Insert(n.Args, 0, c.receiver)
	}
}
