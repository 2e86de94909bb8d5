package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"
)

// The interpreter builds types with reflect, without names or methods. So a value of a cell's type
// that becomes an interface is put in a box with its type, and the interfaces that cells declare are
// empty interfaces for the interpreter: calls of their methods, assertions and type switches ask the
// box. Interfaces of compiled packages stay what they are, and hold boxes by way of wrappers.

// isCompiled reports whether t is an interface with methods that compiled code declares.
func isCompiled(t types.Type) bool {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return false
	}
	i, ok := n.Underlying().(*types.Interface)
	return ok && i.NumMethods() > 0 && (n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != "main")
}

// isSealed reports whether t is an interface that only its own package can implement.
func isSealed(t types.Type) bool {
	i, ok := t.Underlying().(*types.Interface)
	if !ok || !isCompiled(t) {
		return false
	}
	for m := range i.Methods() {
		if !m.Exported() {
			return true
		}
	}
	return false
}

// isForeign reports whether the interpreter's type for t is not what compiled code would have: values
// of such a type need a box.
func isForeign(t types.Type) bool { return foreign(t, map[types.Type]bool{}) }

func foreign(t types.Type, seen map[types.Type]bool) bool {
	t = types.Unalias(t)
	if seen[t] {
		return false
	}
	seen[t] = true
	switch t := t.(type) {
	case *types.Named:
		return t.Obj().Pkg() != nil && t.Obj().Pkg().Path() == "main" || isWrittenOut(t)
	case *types.Pointer:
		return foreign(t.Elem(), seen)
	case *types.Slice:
		return foreign(t.Elem(), seen)
	case *types.Array:
		return foreign(t.Elem(), seen)
	case *types.Chan:
		return foreign(t.Elem(), seen)
	case *types.Map:
		return foreign(t.Key(), seen) || foreign(t.Elem(), seen)
	case *types.Signature:
		return foreign(t.Params(), seen) || foreign(t.Results(), seen)
	case *types.Tuple:
		for v := range t.Variables() {
			if foreign(v.Type(), seen) {
				return true
			}
		}
	case *types.Struct:
		for f := range t.Fields() {
			if f.Embedded() || !f.Exported() || foreign(f.Type(), seen) {
				return true
			}
		}
	case *types.Interface:
		return t.NumMethods() > 0 // the interpreter's has none
	}
	return false
}

// convert makes a value an interface, where one is wanted; e has its type in info.Types. Other values
// stay as they are.
func (l *lowering) convert(e ast.Expr, to types.Type) ast.Expr {
	tv := l.info.Types[e]
	switch {
	case to == nil || tv.Type == nil || tv.IsVoid():
		return e
	case tv.IsNil() && isSealed(to):
		return l.nilOf(to)
	case tv.IsNil():
		return e
	}
	from := tv.Type
	if !isInterface(to) {
		if !containsItself(to) {
			return l.open(e)
		}
		if containsItself(from) {
			return e
		}
		return l.asValue(e, to)
	}
	var lowered ast.Expr
	switch {
	case isInterface(from):
		lowered = l.reinterpret(e, from, to)
	case !isForeign(from):
		return l.asValue(e, to)
	case isError(to):
		lowered = l.callRuntime("BoxError", number(l.typeID(from)), e)
	default:
		lowered = l.callRuntime("Box", number(l.typeID(from)), e)
		if isCompiled(to) {
			lowered = call(l.asInterface(to), lowered)
		}
	}
	if lowered != e {
		l.setType(lowered, to)
	}
	return lowered
}

// asValue passes what yaegi does not make an interface by itself through compiled code: of a function it
// would leave its own form there, and the result of an operation it takes for a value already.
func (l *lowering) asValue(e ast.Expr, to types.Type) ast.Expr {
	_, isFunc := l.underlying(e).(*types.Signature)
	operates := false
	switch e := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		operates = true
	case *ast.UnaryExpr:
		operates = e.Op != token.AND && e.Op != token.ARROW
	}
	if isCompiled(to) || !isFunc && !operates || l.info.Types[e].Value != nil {
		return e
	}
	lowered := l.callRuntime("Any", e)
	l.setType(lowered, to)
	return lowered
}

// reinterpret makes one interface another that it is known to implement.
func (l *lowering) reinterpret(e ast.Expr, from, to types.Type) ast.Expr {
	switch {
	case isCompiled(from) && !isCompiled(to) && !isError(from):
		return l.callRuntime("Unwrap", e)
	case !isCompiled(from) && isCompiled(to):
		return call(l.asInterface(to), e)
	}
	return e
}

func isInterface(t types.Type) bool {
	_, param := types.Unalias(t).(*types.TypeParam)
	return !param && types.IsInterface(t)
}

// setType notes the type of an expression that the lowering made.
func (l *lowering) setType(e ast.Expr, t types.Type) { l.info.Types[e] = types.TypeAndValue{Type: t} }

// asInterface gives the function of this cell that makes an empty interface a compiled one.
func (l *lowering) asInterface(t types.Type) string {
	return l.helper("as "+l.identityOf(t), func(name string) string {
		typ := l.typeString(t, at(token.NoPos))
		path, short := compiledName(t)
		return fmt.Sprintf("func %s(v interface{}) %s {\nif v == nil {\nreturn nil\n}\nw, _ := %s(v, %q, %q)\nreturn w.(%s)\n}\n",
			name, typ, l.rt("As"), path, short, typ)
	})
}

// nilOf gives a variable of this cell that holds nil: where nil itself becomes an interface yaegi looks for a
// wrapper of it, and one that is sealed has none.
func (l *lowering) nilOf(t types.Type) ast.Expr {
	name := l.helper("nil "+l.identityOf(t), func(name string) string {
		return fmt.Sprintf("var %s %s\n", name, l.typeString(t, at(token.NoPos)))
	})
	e := ast.NewIdent(name)
	l.setType(e, t)
	return e
}

// compiledName gives what the engine knows a compiled interface by; the path of error is "".
func compiledName(t types.Type) (path, name string) {
	obj := types.Unalias(t).(*types.Named).Obj()
	if obj.Pkg() == nil {
		return "", obj.Name()
	}
	return obj.Pkg().Path() + "/" + obj.Pkg().Name(), obj.Name()
}

// helper gives the name of a function that is made once a cell; text writes it.
func (l *lowering) helper(key string, text func(name string) string) string {
	if name, ok := l.helped[key]; ok {
		return name
	}
	name := fmt.Sprintf("%shelp%d_%d", mark, l.session.seq, len(l.helped)+1)
	l.helped[key] = name
	l.passing = append(l.passing, name)
	l.helpers = append(l.helpers, strings.Replace(text(name), "{\n", "{\n"+noFunction+"\n", 1))
	return name
}

// identityOf writes a type so that no other is written the same.
func (l *lowering) identityOf(t types.Type) string {
	if isForeign(t) || isInterface(t) && !isCompiled(t) {
		return fmt.Sprint(l.typeID(t))
	}
	return types.TypeString(t, (*types.Package).Path)
}

// callRuntime calls a function of the runtime package.
func (l *lowering) callRuntime(name string, args ...ast.Expr) ast.Expr {
	return call(l.rt(name), args...)
}

func call(fun string, args ...ast.Expr) ast.Expr {
	return &ast.CallExpr{Fun: ast.NewIdent(fun), Args: args}
}

func number(n int) ast.Expr { return ast.NewIdent(fmt.Sprint(n)) }
