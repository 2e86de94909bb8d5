package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/ast/astutil"
)

func quoted(s string) ast.Expr { return ast.NewIdent(strconv.Quote(s)) }

// assertion makes a type assertion the call of a function of the cell that makes it, with the second
// result where it is wanted.
func (l *lowering) assertion(cur *astutil.Cursor, n *ast.TypeAssertExpr) {
	if n.Type == nil {
		return // of a type switch
	}
	t, from := l.typeOf(n.Type), l.typeOf(n.X)
	x := l.convert(n.X, types.Universe.Lookup("any").Type())
	if _, commaOk := l.typeOf(n).(*types.Tuple); commaOk {
		l.replace(cur, n, call(l.asserts(t), x))
	} else if l.isTaken(t) {
		l.replace(cur, n, l.take(x, t, from))
	} else {
		l.replace(cur, n, call(l.insists(t, from), x))
	}
}

// isTaken reports whether a box is certain to hold a value of the interpreter's type for t: a nil
// function has lost its type there.
func (l *lowering) isTaken(t types.Type) bool {
	_, isFunc := t.Underlying().(*types.Signature)
	return !isInterface(t) && isForeign(t) && !isFunc && !containsItself(t) && !isEmptyStruct(t)
}

// isEmptyStruct reports whether a type is a struct without fields, which yaegi cannot assert.
func isEmptyStruct(t types.Type) bool {
	s, ok := t.Underlying().(*types.Struct)
	return ok && s.NumFields() == 0
}

// take takes a value of type t out of its box, or panics.
func (l *lowering) take(x ast.Expr, t, from types.Type) ast.Expr {
	taken := l.callRuntime("Take", x, number(l.typeID(t)), quoted(goName(from)))
	return &ast.TypeAssertExpr{X: taken, Type: ast.NewIdent(l.typeString(t, x))}
}

// asserts gives the function of this cell that takes a value of type t, or of an interface, out of an
// interface, and says whether it is there.
func (l *lowering) asserts(t types.Type) string {
	return l.helper("is "+l.identityOf(t), func(name string) string {
		typ := l.typeString(t, at(token.NoPos))
		take := fmt.Sprintf("w, ok := v.(%s)", typ)
		given := "w"
		switch {
		case isInterface(t) && isCompiled(t):
			path, short := compiledName(t)
			take, given = fmt.Sprintf("w, ok := %s(v, %q, %q)", l.rt("As"), path, short), "w.("+typ+")"
		case isInterface(t):
			take, given = fmt.Sprintf("ok := %s(v, %d)", l.rt("Implements"), l.typeID(t)), "v"
		case isEmptyStruct(t) && isForeign(t):
			take, given = fmt.Sprintf("ok := %s(v, %d)", l.rt("Is"), l.typeID(t)), "zero"
		case containsItself(t):
			take = fmt.Sprintf("w, ok := %s(v, %d)", l.rt("Val"), l.typeID(t))
		case isForeign(t): // a nil function has lost its type
			take, given = fmt.Sprintf("w, ok := %s(v, %d)\nif ok && w == nil {\nreturn zero, true\n}", l.rt("Val"), l.typeID(t)), "w.("+typ+")"
		}
		return fmt.Sprintf("func %s(v interface{}) (%s, bool) {\nvar zero %s\n%s\nif ok {\nreturn %s, true\n}\nreturn zero, false\n}\n", name, typ, typ, take, given)
	})
}

// insists gives the function that panics when the value is not there.
func (l *lowering) insists(t, from types.Type) string {
	source := goName(from)
	return l.helper("must "+l.identityOf(t)+" "+source, func(name string) string {
		fails := ""
		switch {
		case isCompiled(t):
			path, short := compiledName(t)
			fails = fmt.Sprintf("%s(v, %q, %q)", l.rt("MismatchCompiled"), path, short)
		case isForeign(t) || isInterface(t):
			fails = fmt.Sprintf("%s(v, %q, %q, %d)", l.rt("Mismatch"), source, goName(t), l.typeID(t))
		default:
			fails = fmt.Sprintf("%s(v, %q, %q, 0)", l.rt("Mismatch"), source, goName(t))
		}
		return fmt.Sprintf("func %s(v interface{}) %s {\nt, ok := %s(v)\nif !ok {\n%s\n}\nreturn t\n}\n",
			name, l.typeString(t, at(token.NoPos)), l.asserts(t), fails)
	})
}

// typeSwitch makes a type switch a switch over conditions. Clauses that keep the type of the operand, when
// it is a compiled interface, keep the operand: one with unexported methods cannot be asserted.
func (l *lowering) typeSwitch(cur *astutil.Cursor, n *ast.TypeSwitchStmt) {
	x, from := switched(n), l.typeOf(switched(n))
	v, kept := ast.NewIdent(l.temp()), (*ast.Ident)(nil)
	var before []ast.Stmt
	if n.Init != nil {
		before = append(before, n.Init)
	}
	if isCompiled(from) && !isError(from) {
		kept = ast.NewIdent(l.temp())
		before = append(before, &ast.AssignStmt{Lhs: []ast.Expr{kept}, Tok: token.DEFINE, Rhs: []ast.Expr{x}})
		l.info.Types[kept], x = l.info.Types[x], kept
	}
	lowered := &ast.SwitchStmt{Switch: n.Switch, Body: &ast.BlockStmt{}}
	lowered.Init = &ast.AssignStmt{Lhs: []ast.Expr{v}, Tok: token.DEFINE, Rhs: []ast.Expr{l.convert(x, types.Universe.Lookup("any").Type())}}
	for _, s := range n.Body.List {
		lowered.Body.List = append(lowered.Body.List, l.typeClause(s.(*ast.CaseClause), v, kept, from))
	}
	anyOf(lowered)
	if before == nil {
		cur.Replace(lowered)
		return
	}
	block := &ast.BlockStmt{List: append(before, lowered)}
	l.unlabelled[block] = true
	cur.Replace(block)
}

// relabel moves a label from the block that a switch has become to the switch at its end, which is what
// "break L" leaves.
func (l *lowering) relabel(cur *astutil.Cursor, n *ast.LabeledStmt) {
	if block, ok := n.Stmt.(*ast.BlockStmt); ok && l.unlabelled[block] {
		last := len(block.List) - 1
		n.Stmt = block.List[last]
		block.List[last] = n
		cur.Replace(block)
	}
}

// switched gives what a type switch looks at.
func switched(n *ast.TypeSwitchStmt) ast.Expr {
	switch s := n.Assign.(type) {
	case *ast.AssignStmt:
		return s.Rhs[0].(*ast.TypeAssertExpr).X
	case *ast.ExprStmt:
		return s.X.(*ast.TypeAssertExpr).X
	}
	return nil
}

// typeClause makes the types of a clause conditions on v, which holds an x of type from, and gives the
// clause its variable; kept is x where that is a compiled interface.
func (l *lowering) typeClause(clause *ast.CaseClause, v, kept *ast.Ident, from types.Type) ast.Stmt {
	lowered := &ast.CaseClause{Case: clause.Case, Body: clause.Body}
	for _, e := range clause.List {
		lowered.List = append(lowered.List, l.typeCondition(e, v))
	}
	obj := l.info.Implicits[clause]
	if obj == nil || !l.mentions(clause, obj) {
		return lowered
	}
	define := &ast.AssignStmt{Lhs: []ast.Expr{ast.NewIdent(obj.Name())}, Tok: token.DEFINE, Rhs: []ast.Expr{v}}
	switch {
	case len(clause.List) == 1 && l.isTaken(obj.Type()):
		define.Rhs = []ast.Expr{l.take(v, obj.Type(), from)}
	case len(clause.List) == 1 && !l.info.Types[clause.List[0]].IsNil():
		define.Lhs = append(define.Lhs, ast.NewIdent(l.temp()))
		define.Rhs = []ast.Expr{call(l.asserts(obj.Type()), v)}
	case kept != nil:
		define.Rhs = []ast.Expr{kept}
	}
	lowered.Body = append([]ast.Stmt{define}, clause.Body...)
	return lowered
}

// mentions reports whether a clause uses its variable.
func (l *lowering) mentions(n ast.Node, obj types.Object) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && l.info.Uses[id] == obj {
			found = true
		}
		return !found
	})
	return found
}

// typeCondition tests for one type of a clause.
func (l *lowering) typeCondition(e, any ast.Expr) ast.Expr {
	if l.info.Types[e].IsNil() {
		return &ast.BinaryExpr{X: any, Op: token.EQL, Y: ast.NewIdent("nil")}
	}
	t := l.typeOf(e)
	switch {
	case isInterface(t) && !isCompiled(t):
		return l.callRuntime("Implements", any, number(l.typeID(t)))
	case !isInterface(t) && isForeign(t):
		return l.callRuntime("Is", any, number(l.typeID(t)))
	}
	if isInterface(t) {
		return call(l.holds(t), any)
	}
	typ := l.typeString(types.NewPointer(t), e)
	return l.callRuntime("Holds", any, call("("+typ+")", ast.NewIdent("nil")))
}

// holds gives the function of this cell that reports whether an interface holds what implements a
// compiled one.
func (l *lowering) holds(t types.Type) string {
	return l.helper("holds "+l.identityOf(t), func(name string) string {
		return fmt.Sprintf("func %s(v interface{}) bool {\n_, ok := %s(v)\nreturn ok\n}\n", name, l.asserts(t))
	})
}
