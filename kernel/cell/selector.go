package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
)

// Methods of cells' types are functions that take the receiver first, for the interpreter: a call
// goes straight to the version that counts, and costs a third of one of the interpreter's methods.

// selector writes out the fields on the way to a promoted one, and makes functions of method values
// and method expressions. The called method of a call is left to callConversions.
func (l *lowering) selector(cur *astutil.Cursor, n *ast.SelectorExpr) {
	s := l.info.Selections[n]
	if s == nil {
		return // a qualified identifier
	}
	switch s.Kind() {
	case types.FieldVal:
		x, _ := l.walk(n.X, s.Recv(), s.Index()[:len(s.Index())-1])
		n.X = x
	case types.MethodVal:
		if parent, ok := cur.Parent().(*ast.CallExpr); ok && cur.Name() == "Fun" && parent.Fun == ast.Expr(n) {
			return
		}
		l.replace(cur, n, l.methodValue(n, s))
	case types.MethodExpr:
		l.replace(cur, n, l.methodExpr(n, s))
	}
}

// walk selects embedded fields, one after the other, and gives the type that it arrives at. Those that
// a package keeps to itself are the interpreter's to find: through them nothing could be called.
func (l *lowering) walk(x ast.Expr, t types.Type, index []int) (ast.Expr, types.Type) {
	for _, i := range index {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		f := t.Underlying().(*types.Struct).Field(i)
		if f.Pkg().Path() != "main" && !f.Exported() {
			return x, t
		}
		x, t = &ast.SelectorExpr{X: x, Sel: ast.NewIdent(f.Name())}, f.Type()
		l.setType(x, t)
	}
	return x, t
}

// callee is how a method is called: a function, and what stands for the receiver.
type callee struct {
	fun      ast.Expr
	receiver ast.Expr // the first argument, nil when fun is bound to it
}

// method finds out how to call the method that s selects from x.
func (l *lowering) method(x ast.Expr, s *types.Selection) callee {
	f := s.Obj().(*types.Func)
	r, t := l.walk(x, s.Recv(), s.Index()[:len(s.Index())-1])
	if name := l.methodFunc(f); name != "" {
		return callee{ast.NewIdent(name), l.asReceiver(r, t, f)}
	}
	if isInterface(t) && !isCompiled(t) {
		return callee{fun: l.bound(r, f)}
	}
	return callee{fun: &ast.SelectorExpr{X: r, Sel: ast.NewIdent(f.Name())}}
}

// bound gives the method of the value that an interface holds now, as a function.
func (l *lowering) bound(x ast.Expr, f *types.Func) ast.Expr {
	return l.asserted(l.callRuntime("Bind", x, quoted(f.Name())), withoutReceiver(f.Signature()))
}

// asserted gives a result of the engine its type. Of an assertion alone, yaegi forgets it.
func (l *lowering) asserted(e ast.Expr, t types.Type) ast.Expr {
	typ := ast.NewIdent(l.typeString(t, e))
	return &ast.CallExpr{Fun: &ast.ParenExpr{X: typ}, Args: []ast.Expr{&ast.TypeAssertExpr{X: e, Type: typ}}}
}

// recovers reports whether a method of a cell's type mentions recover. As a value it must then be itself,
// and not a function that calls it: deferred, that one could not recover.
func (l *lowering) recovers(f *types.Func) bool {
	name := receiverType(f).Obj().Name() + "." + f.Name()
	e := l.session.names[name]
	if i := slices.IndexFunc(l.entities, func(e *entity) bool { return e.name == name }); i >= 0 {
		e = l.entities[i]
	}
	return e != nil && slices.Contains(e.uses, "recover")
}

func withoutReceiver(sig *types.Signature) *types.Signature {
	return types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic())
}

// asReceiver gives the value or pointer that a method wants of a receiver expression of type t.
func (l *lowering) asReceiver(r ast.Expr, t types.Type, f *types.Func) ast.Expr {
	if isInterface(t) {
		return r
	}
	_, wantsPointer := types.Unalias(f.Signature().Recv().Type()).(*types.Pointer)
	_, isPointer := t.Underlying().(*types.Pointer)
	switch {
	case wantsPointer && !isPointer:
		if star, ok := ast.Unparen(r).(*ast.StarExpr); ok {
			return star.X
		}
		return &ast.UnaryExpr{Op: token.AND, X: r}
	case !wantsPointer && isPointer:
		if and, ok := ast.Unparen(r).(*ast.UnaryExpr); ok && and.Op == token.AND {
			return and.X
		}
		return &ast.StarExpr{X: r}
	}
	return r
}

// methodFunc gives the function of a method of a cell's type, "" for methods of others.
func (l *lowering) methodFunc(f *types.Func) string {
	n := receiverType(f)
	if n == nil || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != "main" || types.IsInterface(n) {
		return ""
	}
	if n.TypeArgs().Len() > 0 {
		if x := l.lookup(l.key(n.Obj(), n.TypeArgs())); x != nil {
			return x.name + "_" + f.Name()
		}
		return ""
	}
	if l.called != nil {
		l.called[n.Obj().Name()+"."+f.Name()] = true
	}
	if name := l.methods[n.Obj()][f.Name()]; name != "" {
		return name
	}
	return l.session.methods[n.Obj()][f.Name()]
}

// receiverType gives the named type that a method belongs to, nil for functions.
func receiverType(f *types.Func) *types.Named {
	recv := f.Signature().Recv()
	if recv == nil {
		return nil
	}
	t := types.Unalias(recv.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, _ := t.(*types.Named)
	return n
}

// methodValue makes a function of x.M, whose receiver is taken now.
func (l *lowering) methodValue(n *ast.SelectorExpr, s *types.Selection) ast.Expr {
	c := l.method(n.X, s)
	f := s.Obj().(*types.Func)
	if c.receiver == nil {
		if sel, ok := c.fun.(*ast.SelectorExpr); ok { // yaegi would take the receiver when the function is called
			r := l.asReceiver(sel.X, l.info.Types[sel.X].Type, f)
			if losesType(f) {
				return l.erasedValue(r, f)
			}
			return l.bound(r, f)
		}
		return c.fun
	}
	sig := withoutReceiver(f.Signature())
	if l.recovers(f) {
		return l.asserted(l.callRuntime("Bound", c.fun, c.receiver), sig)
	}
	recv := l.typeString(f.Signature().Recv().Type(), n)
	return call(fmt.Sprintf("func(r %s) %s { return %s }", recv, l.typeString(sig, n), l.forward(sig, source(c.fun), "r")), c.receiver)
}

// methodExpr makes a function of T.M, which takes the receiver first.
func (l *lowering) methodExpr(n *ast.SelectorExpr, s *types.Selection) ast.Expr {
	f := s.Obj().(*types.Func)
	r := ast.NewIdent("r")
	c := l.method(r, s)
	fun, first := source(c.fun), ""
	if c.receiver != nil {
		first = source(c.receiver)
	}
	sig := withoutReceiver(f.Signature())
	params := []*types.Var{types.NewParam(token.NoPos, nil, "", s.Recv())}
	for p := range sig.Params().Variables() {
		params = append(params, p)
	}
	whole := types.NewSignatureType(nil, nil, nil, types.NewTuple(params...), sig.Results(), sig.Variadic())
	if c.receiver == ast.Expr(r) {
		return call("("+l.typeString(whole, n)+")", c.fun)
	}
	return ast.NewIdent("(" + l.literalOf(whole, "r", fun, first) + ")")
}

// forward writes a function literal that calls fun with first and its own parameters.
func (l *lowering) forward(sig *types.Signature, fun, first string) string {
	return l.literalOf(sig, "", fun, first)
}

// literalOf writes a function literal with a signature that calls fun with first, if any, and its
// parameters; the first parameter is called recv, unless that is "", and is not passed by itself.
func (l *lowering) literalOf(sig *types.Signature, recv, fun, first string) string {
	var params, args []string
	if first != "" {
		args = append(args, first)
	}
	for i := range sig.Params().Len() {
		t := sig.Params().At(i).Type()
		name := fmt.Sprintf("a%d", i)
		if i == 0 && recv != "" {
			params = append(params, recv+" "+l.typeString(t, at(token.NoPos)))
			continue
		}
		arg := name
		if s, ok := t.(*types.Slice); ok && sig.Variadic() && i == sig.Params().Len()-1 {
			params = append(params, name+" ..."+l.typeString(s.Elem(), at(token.NoPos)))
			arg += "..."
		} else {
			params = append(params, name+" "+l.typeString(t, at(token.NoPos)))
		}
		args = append(args, arg)
	}
	back, results := "", ""
	if sig.Results().Len() > 0 {
		back = "return "
		var list []string
		for t := range sig.Results().Variables() {
			list = append(list, l.typeString(t.Type(), at(token.NoPos)))
		}
		results = "(" + strings.Join(list, ", ") + ") "
	}
	return fmt.Sprintf("func(%s) %s{ %s%s(%s) }", strings.Join(params, ", "), results, back, fun, strings.Join(args, ", "))
}
