package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
)

// Generic types of the standard library are compiled and not there for the interpreter, and their text
// reaches into Go's runtime. So the engine has each once, for any, and what it gives back gets its type
// from here.

// erasedTypes are what the engine has in the place of generic types.
var erasedTypes = map[string]string{
	"sync/atomic.Pointer": "AtomicPointer",
	"unique.Handle":       "UniqueHandle",
	"weak.Pointer":        "WeakPointer",
}

// erasedFuncs are what it has in the place of generic functions.
var erasedFuncs = map[string]string{
	"unique.Make":                  "UniqueMake",
	"weak.Make":                    "WeakMake",
	"hash/maphash.Comparable":      "MaphashComparable",
	"hash/maphash.WriteComparable": "MaphashWriteComparable",
}

// erasedType gives the engine's type for one of a package, "" for those that it has not.
func erasedType(t types.Type) string {
	n, ok := types.Unalias(t).(*types.Named)
	if !ok || n.Obj().Pkg() == nil {
		return ""
	}
	return erasedTypes[n.Obj().Pkg().Path()+"."+n.Obj().Name()]
}

// isWrittenOut reports whether a generic type of a package is a struct that the interpreter gets as such.
func isWrittenOut(t *types.Named) bool {
	_, isStruct := t.Underlying().(*types.Struct)
	return t.TypeArgs().Len() > 0 && t.Obj().Pkg() != nil && t.Obj().Pkg().Path() != "main" && isStruct && erasedType(t) == ""
}

// retyped gives what a method of an erased type returns its type again, and reports whether it has.
func (l *lowering) retyped(cur *astutil.Cursor, n *ast.CallExpr) bool {
	sel, ok := n.Fun.(*ast.SelectorExpr)
	if !ok {
		return false
	}
	s := l.info.Selections[sel]
	if s == nil || s.Kind() != types.MethodVal {
		return false
	}
	f := s.Obj().(*types.Func)
	if !losesType(f) {
		return false
	}
	t := l.typeOf(n)
	l.arguments(n, l.underlying(n.Fun).(*types.Signature), asBox, false)
	l.methodCall(n, sel, s)
	l.replace(cur, n, call(l.retype(t), n))
	return true
}

// losesType reports whether a method is one of an erased type that gives back what has the type argument.
func losesType(f *types.Func) bool {
	recv := receiverType(f)
	if recv == nil || erasedType(recv) == "" || f.Signature().Results().Len() != 1 {
		return false
	}
	_, basic := f.Origin().Signature().Results().At(0).Type().(*types.Basic)
	return !basic
}

// retype gives the function of this cell that takes a value of type t out of an interface.
func (l *lowering) retype(t types.Type) string {
	typ := l.typeString(t, at(token.NoPos))
	return l.helper("retype "+typ, func(name string) string {
		return fmt.Sprintf("func %s(v interface{}) %s {\nif v == nil {\nvar zero %s\nreturn zero\n}\nreturn v.(%s)\n}\n", name, typ, typ, typ)
	})
}

// erasedValue makes a function of a method of an erased type, with its receiver.
func (l *lowering) erasedValue(x ast.Expr, f *types.Func) ast.Expr {
	var params, args []string
	for i := range f.Signature().Params().Len() {
		name := fmt.Sprintf("a%d", i)
		params, args = append(params, name+" "+l.typeString(f.Signature().Params().At(i).Type(), x)), append(args, name)
	}
	result := f.Signature().Results().At(0).Type()
	recv := l.typeString(f.Signature().Recv().Type(), x)
	typ := fmt.Sprintf("func(%s) %s", strings.Join(params, ", "), l.typeString(result, x))
	return call(fmt.Sprintf("func(r %s) %s { return %s { return %s(r.%s(%s)) } }", recv, typ, typ, l.retype(result), f.Name(), strings.Join(args, ", ")), x)
}
