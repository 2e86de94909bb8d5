package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
)

// Package reflect, of which the interpreter makes its types, can make a type that contains itself only
// by way of a struct. "type state func(*lexer) state" or "type tree []tree" is therefore an empty
// interface for the interpreter, which is opened where the function is called or the list is read.

// containsItself reports whether a type of a cell reaches itself without a struct between.
func containsItself(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != "main" {
		return false
	}
	return reaches(n.Underlying(), n, map[types.Type]bool{})
}

func reaches(t types.Type, target *types.Named, seen map[types.Type]bool) bool {
	t = types.Unalias(t)
	if types.Identical(t, target) {
		return true
	}
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t := t.(type) {
	case *types.Named:
		return t.Obj().Pkg() != nil && t.Obj().Pkg().Path() == "main" && reaches(t.Underlying(), target, seen)
	case *types.Pointer:
		return reaches(t.Elem(), target, seen)
	case *types.Slice:
		return reaches(t.Elem(), target, seen)
	case *types.Array:
		return reaches(t.Elem(), target, seen)
	case *types.Chan:
		return reaches(t.Elem(), target, seen)
	case *types.Map:
		return reaches(t.Key(), target, seen) || reaches(t.Elem(), target, seen)
	case *types.Signature:
		return reaches(t.Params(), target, seen) || reaches(t.Results(), target, seen)
	case *types.Tuple:
		for v := range t.Variables() {
			if reaches(v.Type(), target, seen) {
				return true
			}
		}
	}
	return false
}

// open gives what an operand is made of when its type contains itself.
func (l *lowering) open(e ast.Expr) ast.Expr {
	t := l.typeOf(e)
	if t == nil || !containsItself(t) || l.info.Types[e].IsNil() {
		return e
	}
	name := l.helper("open "+l.identityOf(t), func(name string) string {
		typ := l.typeString(t.Underlying(), at(token.NoPos))
		return fmt.Sprintf("func %s(v interface{}) %s {\nvar zero %s\nif v == nil {\nreturn zero\n}\nreturn v.(%s)\n}\n", name, typ, typ, typ)
	})
	opened := call(name, e)
	l.setType(opened, t.Underlying())
	return opened
}

// isMade reports whether a type stands where a value of it is made: there it is what it consists of.
func isMade(e ast.Expr, parent ast.Node) bool {
	switch p := parent.(type) {
	case *ast.CompositeLit:
		return p.Type == e
	case *ast.CallExpr:
		id, ok := ast.Unparen(p.Fun).(*ast.Ident)
		return ok && id.Name == "make" && len(p.Args) > 0 && p.Args[0] == e
	}
	return false
}

// nameElided gives an element that is a literal without a type its type.
func (l *lowering) nameElided(e ast.Expr) {
	if lit, ok := e.(*ast.CompositeLit); ok && lit.Type == nil {
		if t := l.typeOf(lit); t != nil && containsItself(t) {
			lit.Type = ast.NewIdent(l.typeString(t.Underlying(), e))
		}
	}
}

// openOperands opens what an expression or loop works on.
func (l *lowering) openOperands(n ast.Node) {
	switch n := n.(type) {
	case *ast.IndexExpr:
		n.X = l.open(n.X)
	case *ast.SliceExpr:
		n.X = l.open(n.X)
	case *ast.StarExpr:
		n.X = l.open(n.X)
	case *ast.RangeStmt:
		n.X = l.open(n.X)
	case *ast.SendStmt:
		n.Chan = l.open(n.Chan)
	case *ast.UnaryExpr:
		if n.Op == token.ARROW {
			n.X = l.open(n.X)
		}
	case *ast.CallExpr:
		if !l.info.Types[n.Fun].IsType() {
			n.Fun = l.open(n.Fun)
		}
		if id, ok := ast.Unparen(n.Fun).(*ast.Ident); ok {
			if _, builtin := l.info.Uses[id].(*types.Builtin); builtin && id.Name != "panic" && id.Name != "new" && id.Name != "make" {
				l.openArguments(n)
			}
		}
	}
}

// openArguments opens what a builtin works on; what append and delete add or look for is converted by
// itself.
func (l *lowering) openArguments(n *ast.CallExpr) {
	for i, arg := range n.Args {
		if i == 0 || n.Ellipsis.IsValid() || ast.Unparen(n.Fun).(*ast.Ident).Name == "copy" {
			n.Args[i] = l.open(arg)
		}
	}
}
