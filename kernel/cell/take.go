package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/astutil"
)

// takeErrors is the repair for errors that are not taken. It finds calls at the top level of the
// cell whose last result is exactly error and which stand where Go wants one value less, puts a
// take helper around them, and reports whether it found any. All these places are errors in Go, so
// no legal program changes its meaning.
func (c *check) takeErrors() bool {
	found := false
	for _, u := range c.units {
		if c.owner[u] != nil {
			continue
		}
		u.rewrite(func(cur *astutil.Cursor) bool {
			switch cur.Node().(type) {
			case *ast.FuncLit, *ast.FuncDecl:
				return c.lenient // there errors are the function's own to take
			}
			return true
		}, func(cur *astutil.Cursor) bool {
			call, ok := cur.Node().(*ast.CallExpr)
			if ok && c.wantsTake(call, cur.Parent()) {
				cur.Replace(take(call, c.results(call).Len()-1))
				found = true
			}
			return true
		})
	}
	return found
}

// take puts the helper for n results around a call.
func take(call *ast.CallExpr, n int) ast.Expr {
	return &ast.CallExpr{
		Fun:    &ast.Ident{NamePos: call.Pos(), Name: takeHelpers[n]},
		Lparen: call.Pos(), Args: []ast.Expr{call}, Rparen: call.Rparen,
	}
}

// rewrite applies astutil.Apply to every part of the unit that runs at the top level.
func (u *unit) rewrite(pre, post astutil.ApplyFunc) {
	for _, d := range u.decls {
		astutil.Apply(d, pre, post)
	}
	for i, s := range u.stmts {
		u.stmts[i] = astutil.Apply(s, pre, post).(ast.Stmt)
	}
	if len(u.shown) > 0 {
		call := &ast.CallExpr{Fun: ast.NewIdent(showHelper), Args: u.shown}
		astutil.Apply(call, pre, post)
		u.shown = call.Args
	}
}

// results gives the results of a call when there are several and the last is exactly error.
func (c *check) results(call *ast.CallExpr) *types.Tuple {
	t, ok := c.info.Types[call].Type.(*types.Tuple)
	if !ok || t.Len() < 2 || t.Len() > len(takeHelpers) {
		return nil
	}
	if !types.Identical(t.At(t.Len()-1).Type(), types.Universe.Lookup("error").Type()) {
		return nil
	}
	return t
}

// tellDropped makes a statement at the top level of a cell say so when the error it drops is not nil.
// Dropping it is legal Go, and so the cell goes on; but a write that failed must not pass unseen.
func (l *lowering) tellDropped(cur *astutil.Cursor, s *ast.ExprStmt) {
	call, ok := s.X.(*ast.CallExpr)
	if !ok || !l.context().top || cur.Index() < 0 || l.prints(call) {
		return
	}
	n := 1
	last := l.info.Types[call].Type
	if tuple, ok := last.(*types.Tuple); ok && tuple.Len() > 0 {
		n = tuple.Len()
		last = tuple.At(n - 1).Type()
	}
	if last == nil || !isError(last) {
		return
	}
	set := &ast.AssignStmt{Tok: token.DEFINE, Rhs: []ast.Expr{call}}
	for range n {
		set.Lhs = append(set.Lhs, ast.NewIdent(l.temp()))
	}
	err := set.Lhs[n-1].(*ast.Ident).Name
	cur.InsertBefore(set)
	cur.Replace(raw("if %s != nil { %s(%s, %d) }", err, l.rt("Dropped"), err, l.line(call)))
}

// wantsTake reports whether a call with a trailing error stands where Go wants one value less.
func (c *check) wantsTake(call *ast.CallExpr, parent ast.Node) bool {
	tuple := c.results(call)
	if tuple == nil {
		return false
	}
	one := tuple.Len() == 2
	switch parent := parent.(type) {
	case *ast.AssignStmt:
		return wanted(len(parent.Lhs), len(parent.Rhs), tuple.Len())
	case *ast.ValueSpec:
		return wanted(len(parent.Names), len(parent.Values), tuple.Len())
	case *ast.CallExpr:
		return c.argumentWantsTake(call, parent, tuple)
	case *ast.ExprStmt, *ast.GoStmt, *ast.DeferStmt, *ast.ReturnStmt:
		return false
	case *ast.ParenExpr:
		return one
	}
	return one
}

// wanted decides for a call among right values, when left names or places stand on the left.
func wanted(left, right, results int) bool {
	if right == 1 {
		return left == results-1
	}
	return results == 2
}

// argumentWantsTake decides for a call that is part of another: the called thing itself, one of
// several arguments, or the only one, which may pass all its results on.
func (c *check) argumentWantsTake(call, outer *ast.CallExpr, tuple *types.Tuple) bool {
	one := tuple.Len() == 2
	if !slices.Contains(outer.Args, ast.Expr(call)) || len(outer.Args) > 1 {
		return one
	}
	if id, ok := outer.Fun.(*ast.Ident); ok && (id.Name == showHelper || slices.Contains(takeHelpers, id.Name)) {
		return false
	}
	sig, ok := c.info.Types[outer.Fun].Type.(*types.Signature)
	if !ok { // a conversion or a builtin
		return one
	}
	return !accepts(sig, tuple, tuple.Len()) && accepts(sig, tuple, tuple.Len()-1)
}

// accepts reports whether a function takes the first n of the values as its arguments.
func accepts(sig *types.Signature, values *types.Tuple, n int) bool {
	params := sig.Params()
	fixed := params.Len()
	if sig.Variadic() {
		fixed--
	}
	if n < fixed || n > fixed && !sig.Variadic() {
		return false
	}
	for i := range n {
		var want types.Type
		if i < fixed {
			want = params.At(i).Type()
		} else {
			want = params.At(fixed).Type().(*types.Slice).Elem()
		}
		if _, generic := want.(*types.TypeParam); !generic && !types.AssignableTo(values.At(i).Type(), want) {
			return false
		}
	}
	return true
}
