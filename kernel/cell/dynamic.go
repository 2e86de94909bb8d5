package cell

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// dynamicCall lowers the call of a method of a cell's interface to one call of the engine, and reports
// whether it has: with several results, or a list of arguments that is not written out, the engine
// gives the method as a function instead, which takes twice as long.
func (l *lowering) dynamicCall(cur *astutil.Cursor, n *ast.CallExpr, sel *ast.SelectorExpr, s *types.Selection) bool {
	f := s.Obj().(*types.Func)
	sig := f.Signature()
	r, t := l.walk(sel.X, s.Recv(), s.Index()[:len(s.Index())-1])
	if !isInterface(t) || isCompiled(t) || sig.Variadic() || sig.Results().Len() > 1 || len(n.Args) != sig.Params().Len() {
		return false
	}
	args := []ast.Expr{r, quoted(f.Name())}
	for _, arg := range n.Args {
		args = append(args, l.typed(arg))
	}
	lowered := l.callRuntime("Call", args...)
	if sig.Results().Len() == 0 || isDropped(cur.Parent()) {
		l.replace(cur, n, lowered)
		return true
	}
	result := sig.Results().At(0).Type()
	if _, isFunc := result.Underlying().(*types.Signature); isFunc {
		return false // nil would lose its type
	}
	switch {
	case containsItself(result) || isInterface(result) && !isCompiled(result):
	case isInterface(result):
		lowered = call(l.asInterface(result), lowered)
	default:
		lowered = l.asserted(lowered, result)
	}
	l.replace(cur, n, lowered)
	return true
}

// typed gives a number that is written out the type that go/types knows it to have: as an argument of
// the engine it would be an int or a float64.
func (l *lowering) typed(e ast.Expr) ast.Expr {
	if _, ok := ast.Unparen(e).(*ast.BasicLit); !ok {
		return e
	}
	typ := l.typeString(types.Default(l.typeOf(e)), e)
	return &ast.CallExpr{Fun: &ast.ParenExpr{X: ast.NewIdent(typ)}, Args: []ast.Expr{e}}
}

// isDropped reports whether nobody takes the result of a call with this parent.
func isDropped(parent ast.Node) bool {
	switch parent.(type) {
	case *ast.ExprStmt, *ast.GoStmt, *ast.DeferStmt:
		return true
	}
	return false
}
