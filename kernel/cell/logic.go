package cell

import (
	"go/ast"
	"go/token"
)

// logic lowers && and ||. Yaegi begins with whatever the left operand evaluates first. Where that only
// hands on a value, as parentheses do, it takes this value for the one of the operand. So such an
// operand gets a constant before it, which changes nothing.
func (l *lowering) logic(b *ast.BinaryExpr) {
	neutral := map[token.Token]string{token.LAND: "true", token.LOR: "false"}[b.Op]
	if neutral == "" {
		return
	}
	if n := l.evaluatedFirst(b.X); n != nil && n != ast.Node(b.X) && l.handsOn(n) {
		b.X = &ast.BinaryExpr{X: ast.NewIdent(neutral), Op: b.Op, Y: b.X}
	}
}

// condition lowers what an if, a loop or a clause asks. A conversion there, which only hands on a value, has
// yaegi take the condition for true.
func (l *lowering) condition(e ast.Expr) ast.Expr {
	c, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok {
		return e
	}
	if n := l.evaluatedFirst(c); n == nil || !l.handsOn(n) {
		return e
	}
	return &ast.BinaryExpr{X: ast.NewIdent("true"), Op: token.LAND, Y: e}
}

// conditions does so with those of a switch without a tag.
func (l *lowering) conditions(n *ast.SwitchStmt) {
	if n.Tag != nil {
		return
	}
	for _, s := range n.Body.List {
		list := s.(*ast.CaseClause).List
		for i, e := range list {
			list[i] = l.condition(e)
		}
	}
}

// evaluatedFirst gives the node that is evaluated before all others of a tree, or the conversion it is
// evaluated for; nil when there is nothing but names and literals.
func (l *lowering) evaluatedFirst(n ast.Node) ast.Node {
	switch n := n.(type) {
	case *ast.Ident, *ast.BasicLit, *ast.FuncType, *ast.ArrayType, *ast.MapType, *ast.ChanType:
		return nil
	case *ast.FuncLit:
		return n
	case *ast.CallExpr:
		if l.info.Types[n.Fun].IsType() {
			return n
		}
	}
	var found ast.Node
	ast.Inspect(n, func(c ast.Node) bool {
		if c == nil || c == n {
			return c == n
		}
		if found == nil {
			found = l.evaluatedFirst(c)
		}
		return false
	})
	if found == nil {
		found = n
	}
	return found
}

// handsOn reports whether a node has no operation of its own.
func (l *lowering) handsOn(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.ParenExpr, *ast.KeyValueExpr:
		return true
	case *ast.CallExpr:
		return l.info.Types[n.Fun].IsType()
	}
	return false
}

// withoutParens gives the function of a call without parentheses, through which yaegi finds none.
func (l *lowering) withoutParens(call *ast.CallExpr) {
	if l.info.Types[call.Fun].IsValue() {
		call.Fun = ast.Unparen(call.Fun)
	}
}

// shiftCount converts the count of a shift to the type that it has: yaegi computes one that is an
// operation in the type of what is shifted.
func (l *lowering) shiftCount(op token.Token, count *ast.Expr) {
	switch op {
	case token.SHL, token.SHR, token.SHL_ASSIGN, token.SHR_ASSIGN:
	default:
		return
	}
	tv := l.info.Types[ast.Unparen(*count)]
	if _, isOperation := ast.Unparen(*count).(*ast.BinaryExpr); isOperation && tv.Value == nil && tv.Type != nil {
		typ := &ast.ParenExpr{X: ast.NewIdent(l.typeString(tv.Type, *count))}
		*count = &ast.CallExpr{Fun: typ, Args: []ast.Expr{*count}}
	}
}
