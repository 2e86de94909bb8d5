package cell

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// Package reflect does not convert to unsafe.Pointer and back; the engine does. Sizeof and its kin are
// constants, which the check has worked out.

func isUnsafePointer(t types.Type) bool {
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Kind() == types.UnsafePointer
}

// unsafeConversion lowers a conversion to or from unsafe.Pointer, and reports whether it was one.
func (l *lowering) unsafeConversion(cur *astutil.Cursor, n *ast.CallExpr, to types.Type) bool {
	from := l.typeOf(n.Args[0])
	if from == nil || l.info.Types[n.Args[0]].IsNil() || isUnsafePointer(from) == isUnsafePointer(to) {
		return false
	}
	if isUnsafePointer(to) {
		l.replace(cur, n, l.callRuntime("UnsafePointer", n.Args[0]))
		return true
	}
	typ := l.typeString(to, n)
	if isPointer(to) {
		as := l.callRuntime("UnsafeAs", n.Args[0], call("("+typ+")", ast.NewIdent("nil")))
		l.replace(cur, n, &ast.TypeAssertExpr{X: as, Type: ast.NewIdent(typ)})
	} else {
		l.replace(cur, n, call("("+typ+")", l.callRuntime("UnsafeAddress", n.Args[0])))
	}
	return true
}

// unsafeCall lowers unsafe.Slice and the others that are no constants, and reports whether it was one.
func (l *lowering) unsafeCall(cur *astutil.Cursor, n *ast.CallExpr) bool {
	sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr)
	if !ok {
		return false
	}
	b, ok := l.info.Uses[sel.Sel].(*types.Builtin)
	if !ok {
		return false
	}
	lowered := l.callRuntime("Unsafe"+b.Name(), n.Args...)
	if b.Name() == "Slice" || b.Name() == "SliceData" {
		lowered = &ast.TypeAssertExpr{X: lowered, Type: ast.NewIdent(l.typeString(l.typeOf(n), n))}
	}
	l.replace(cur, n, lowered)
	return true
}
