package cell

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
)

// Native code polls where interpreted code does: in loops, and where a function may call itself. A poll
// is a load and a branch that is never taken, a quarter of a nanosecond. Loops of which an iteration
// takes no longer than that are cut in strips, with a poll before each; the compiler finds the bounds
// of slices in them as it did before.

const (
	// poll has the flag looked at where functions and strips begin, loopPoll in loops, by a pointer
	// that the function keeps in a register.
	nativePoll = " if *gofiveFlag { gofiveHalt() };"
	loopFlag   = " gofiveStop := gofiveFlag;"
	loopPoll   = " if *gofiveStop { gofiveHalt() };"

	strip = 4096 // iterations of a strip, and of the loops that need no poll
)

// polls puts polls into all functions of a file.
func (h *hardening) polls(f *ast.File) {
	h.functions(f)
	h.findAddressed(f)
	for _, d := range f.Decls {
		if d, ok := d.(*ast.FuncDecl); ok && d.Body != nil {
			h.pollFunc(d.Body, h.recursive[h.info.Defs[d.Name]], false)
		}
	}
	arguments := map[*ast.FuncLit]bool{} // what is called by others
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			for _, arg := range n.Args {
				if lit, ok := arg.(*ast.FuncLit); ok {
					arguments[lit] = true
				}
			}
		case *ast.FuncLit:
			h.pollFunc(n.Body, false, arguments[n])
		}
		return true
	})
}

// functions notes the functions of a file.
func (h *hardening) functions(f *ast.File) {
	mentions := map[types.Object][]types.Object{}
	for _, d := range f.Decls {
		if d, ok := d.(*ast.FuncDecl); ok {
			fn := h.info.Defs[d.Name]
			h.bodies[fn], mentions[fn] = d.Body, h.functionsIn(d)
			if d.Recv != nil {
				h.methods[d.Name.Name] = append(h.methods[d.Name.Name], fn)
			}
		}
	}
	h.recursive = h.recursions(mentions)
}

// pollFunc puts polls into the body of a function: into its loops, before it jumps, and before the
// first of its statements that may call the function itself, or at its beginning if others call it as
// often as they like.
func (h *hardening) pollFunc(body *ast.BlockStmt, recursive, first bool) {
	at, polled := len(h.edits), false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ForStmt:
			polled = h.pollLoop(n, n.Body) || polled
		case *ast.RangeStmt:
			polled = h.pollLoop(n, n.Body) || polled
		case *ast.BranchStmt:
			if n.Tok == token.GOTO {
				h.insert(n.Pos(), "{"+nativePoll)
				h.insert(n.End(), "}")
			}
		}
		return true
	})
	var head []edit // before what is put into the first statement
	add := func(pos token.Pos, text string) {
		head = append(head, edit{h.offset(pos), h.offset(pos), text})
	}
	if polled {
		add(body.Lbrace+1, loopFlag)
	}
	if first {
		add(body.Lbrace+1, nativePoll)
	} else if i := slices.IndexFunc(body.List, func(s ast.Stmt) bool { return h.mayRecur(s, recursive) }); i >= 0 {
		add(body.List[i].Pos(), nativePoll[1:]+" ")
	}
	h.edits = slices.Insert(h.edits, at, head...)
}

// pollLoop puts a poll into a loop that needs one, and reports whether that looks at each iteration.
func (h *hardening) pollLoop(loop ast.Stmt, body *ast.BlockStmt) bool {
	if h.isShort(loop) || h.cutRange(loop) || h.cutFor(loop) {
		return false
	}
	h.insert(body.Lbrace+1, loopPoll)
	return true
}

// cutRange cuts a range over an int or a slice in strips.
func (h *hardening) cutRange(loop ast.Stmt) bool {
	r, ok := loop.(*ast.RangeStmt)
	if !ok || r.Tok == token.ASSIGN || !h.isTight(r.Body, false) || !h.universal(r.Pos()) || h.changes(r.Body, h.object(r.Key)) || hasFuncLit(r.X) {
		return false
	}
	key, value, n := "gofiveI", "", "gofiveX"
	if isNamed(r.Key) {
		key = r.Key.(*ast.Ident).Name
	}
	x := h.source(r.X)
	switch h.typeOf(r.X).(type) {
	case *types.Basic:
		if !types.Identical(types.Default(h.info.TypeOf(r.X)), types.Typ[types.Int]) {
			return false
		}
		x = "int(" + x + ")"
	case *types.Slice:
		n = "len(gofiveX)"
		if isNamed(r.Value) {
			value = " " + r.Value.(*ast.Ident).Name + " := gofiveX[" + key + "];"
		}
	default:
		return false
	}
	h.cut(loop, r.Body, key+", gofiveX := 0, "+x, key, n, value)
	return true
}

// cutFor cuts a loop that counts up to what stays as it is.
func (h *hardening) cutFor(loop ast.Stmt) bool {
	f, ok := loop.(*ast.ForStmt)
	if !ok || !h.isTight(f.Body, false) || !h.universal(f.Pos()) {
		return false
	}
	init, cond := h.counter(f)
	if init == nil || h.info.Defs[init.Lhs[0].(*ast.Ident)].Type() != types.Typ[types.Int] || hasFuncLit(init.Rhs[0]) {
		return false
	}
	limit := cond.Y
	if call, ok := limit.(*ast.CallExpr); ok && isIdent(call.Fun, "len") {
		limit = call.Args[0]
	} else if !h.isConstant(init.Rhs[0]) { // the next strip could be beyond the last int
		return false
	}
	if !h.isConstant(cond.Y) && !h.stays(f.Body, h.object(limit)) {
		return false
	}
	key := init.Lhs[0].(*ast.Ident).Name
	h.cut(loop, f.Body, h.source(init), key, h.source(cond.Y), "")
	return true
}

// cut writes the head of a loop that counts key up to n as that of strips and of a loop inside.
func (h *hardening) cut(loop ast.Stmt, body *ast.BlockStmt, init, key, n, first string) {
	h.replace(loop.Pos(), body.Lbrace+1, fmt.Sprintf("for %s; %s < %s; {%s for gofiveEnd := min(%s, %s+%d); %s < gofiveEnd; %s++ {%s",
		init, key, n, nativePoll, n, key, strip, key, key, first))
	h.insert(body.Rbrace+1, "}")
}

// counter gives the clause of a loop that counts a variable of its own up, nil of others.
func (h *hardening) counter(f *ast.ForStmt) (*ast.AssignStmt, *ast.BinaryExpr) {
	init, ok := f.Init.(*ast.AssignStmt)
	cond, isBinary := f.Cond.(*ast.BinaryExpr)
	post, isInc := f.Post.(*ast.IncDecStmt)
	if !ok || !isBinary || !isInc || len(init.Lhs) != 1 || init.Tok != token.DEFINE || post.Tok != token.INC || cond.Op != token.LSS {
		return nil, nil
	}
	v := h.object(init.Lhs[0])
	if v == nil || h.object(cond.X) != v || h.object(post.X) != v || h.changes(f.Body, v) {
		return nil, nil
	}
	return init, cond
}

// isShort reports whether a loop ends by itself in no time: it counts to a small constant and calls
// nothing.
func (h *hardening) isShort(loop ast.Stmt) bool {
	switch s := loop.(type) {
	case *ast.ForStmt:
		init, cond := h.counter(s)
		return init != nil && h.isSmall(init.Rhs[0]) && h.isSmall(cond.Y) && h.isTight(s.Body, true)
	case *ast.RangeStmt:
		t := h.typeOf(s.X)
		if p, ok := t.(*types.Pointer); ok {
			t = p.Elem().Underlying()
		}
		array, ok := t.(*types.Array)
		return (h.isSmall(s.X) || ok && array.Len() <= strip) && h.isTight(s.Body, true)
	}
	return false
}

// isTight reports whether a body takes no time worth speaking of. A short loop may be left at once; a
// strip would be followed by the next.
func (h *hardening) isTight(body *ast.BlockStmt, leaves bool) bool {
	tight := true
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit, *ast.GoStmt, *ast.DeferStmt, *ast.SendStmt, *ast.SelectStmt, *ast.LabeledStmt:
			tight = false
		case *ast.UnaryExpr:
			tight = tight && n.Op != token.ARROW
		case *ast.BinaryExpr:
			tight = tight && (n.Op != token.ADD || !h.isString(n))
		case *ast.AssignStmt:
			tight = tight && (n.Tok != token.ADD_ASSIGN || !h.isString(n.Lhs[0]))
		case *ast.CallExpr:
			tight = tight && h.isQuick(n)
		case *ast.ForStmt, *ast.RangeStmt:
			tight = tight && h.isShort(n.(ast.Stmt))
			return false
		case *ast.BranchStmt:
			tight = tight && (leaves && n.Tok != token.GOTO || n.Tok == token.CONTINUE && n.Label == nil)
		}
		return tight
	})
	return tight
}

// quickPackages hold nothing but arithmetic.
var quickPackages = []string{"math", "math/bits", "math/cmplx"}

// isQuick reports whether a call is of arithmetic, a conversion of numbers, or of a function of the file
// that does nothing else.
func (h *hardening) isQuick(call *ast.CallExpr) bool {
	fun := ast.Unparen(call.Fun)
	switch t := h.info.Types[fun]; {
	case t.IsType():
		to, ok := t.Type.Underlying().(*types.Basic)
		return ok && to.Info()&types.IsNumeric != 0
	case t.IsBuiltin():
		id, ok := fun.(*ast.Ident)
		return ok && slices.Contains([]string{"len", "cap", "min", "max", "real", "imag", "complex"}, id.Name)
	}
	f := h.called(fun)
	if f == nil || f.Pkg() == nil || f.Pkg() == h.pkg {
		return f != nil && h.isQuickFunc(f)
	}
	return slices.Contains(quickPackages, f.Pkg().Path())
}

// isQuickFunc reports whether a function of the file is tight from beginning to end. The method of an
// interface is if all of its name are: types of packages that have one too are rare, and their only
// harm is that an interrupt waits for the end of a strip.
func (h *hardening) isQuickFunc(f *types.Func) bool {
	if isInterfaceMethod(f) {
		all := h.methods[f.Name()]
		return len(all) > 0 && !slices.ContainsFunc(all, func(m types.Object) bool { return !h.isQuickFunc(m.(*types.Func)) })
	}
	quick, known := h.quick[f]
	if body := h.bodies[f]; !known && body != nil {
		h.quick[f] = false // if it comes back here
		quick = h.isTight(body, true)
		h.quick[f] = quick
	}
	return quick
}

func isInterfaceMethod(f *types.Func) bool {
	recv := f.Signature().Recv()
	return recv != nil && types.IsInterface(recv.Type())
}

// called gives the function that a call names, nil when it calls a value.
func (h *hardening) called(fun ast.Expr) *types.Func {
	switch f := fun.(type) {
	case *ast.IndexExpr:
		return h.called(f.X)
	case *ast.IndexListExpr:
		return h.called(f.X)
	case *ast.SelectorExpr:
		return h.called(f.Sel)
	case *ast.Ident:
		if f, ok := h.info.Uses[f].(*types.Func); ok {
			return f.Origin()
		}
	}
	return nil
}

// universal reports whether int, len and min are those of Go at pos.
func (h *hardening) universal(pos token.Pos) bool {
	scope := h.pkg.Scope().Innermost(pos)
	for _, name := range []string{"int", "len", "min"} {
		if scope == nil {
			return false
		}
		if s, _ := scope.LookupParent(name, pos); s != types.Universe {
			return false
		}
	}
	return true
}

// stays reports whether something is a variable of a function that a body without calls leaves alone.
func (h *hardening) stays(body *ast.BlockStmt, obj types.Object) bool {
	v, ok := obj.(*types.Var)
	return ok && v.Parent() != h.pkg.Scope() && !h.addressed[v] && !h.changes(body, v)
}

// findAddressed finds the variables that may be changed through a pointer.
func (h *hardening) findAddressed(f *ast.File) {
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				h.addressed[h.object(n.X)] = true
			}
		case *ast.SelectorExpr:
			if m := h.called(n); m != nil && m.Signature().Recv() != nil {
				h.addressed[h.object(n.X)] = true
			}
		}
		return true
	})
}

// changes reports whether a body without calls may set a variable.
func (h *hardening) changes(body *ast.BlockStmt, v types.Object) bool {
	found := false
	is := func(e ast.Expr) { found = found || v != nil && h.object(e) == v }
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, e := range n.Lhs {
				is(e)
			}
		case *ast.IncDecStmt:
			is(n.X)
		case *ast.RangeStmt:
			is(n.Key)
			is(n.Value)
		case *ast.UnaryExpr:
			if n.Op == token.AND {
				is(n.X)
			}
		}
		return !found
	})
	return found
}

// object gives the object of a name, nil of what is none.
func (h *hardening) object(e ast.Expr) types.Object {
	id, ok := e.(*ast.Ident)
	if !ok {
		return nil
	}
	return h.info.ObjectOf(id)
}

func (h *hardening) isString(e ast.Expr) bool {
	t, ok := h.typeOf(e).(*types.Basic)
	return ok && t.Info()&types.IsString != 0
}

func (h *hardening) isConstant(e ast.Expr) bool { return h.info.Types[e].Value != nil }

// isSmall reports whether an expression is a constant that a loop counts to, or from, in no time.
func (h *hardening) isSmall(e ast.Expr) bool {
	v := h.info.Types[e].Value
	if v == nil || v.Kind() != constant.Int {
		return false
	}
	n, exact := constant.Int64Val(v)
	return exact && n >= 0 && n <= strip
}

func isIdent(e ast.Expr, name string) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name == name
}

func isNamed(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && id.Name != "_"
}

func hasFuncLit(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		_, lit := n.(*ast.FuncLit)
		found = found || lit
		return !found
	})
	return found
}
