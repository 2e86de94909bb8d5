package cell

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
)

// bounds is what is known of integer variables at a place in a function: how small they may be, and
// how far below the length of a slice they stay. It holds while none of the variables is assigned.
type bounds struct {
	*lowering
	function *ast.BlockStmt        // the function that it is about
	own      map[types.Object]bool // the variables that the function declares
	tested   map[ast.Expr]ast.Expr // conditions with tests in them -> themselves
	shared   map[types.Object]bool // answers of isShared
	lows     []lowBound            // the latest fact about a variable counts
	belows   []belowLength
}

// lowBound says that v >= min.
type lowBound struct {
	v   types.Object
	min int64
}

// belowLength says that v + slack < len(x).
type belowLength struct {
	v     types.Object
	x     string // as source, "" for nothing: then v + slack < 0
	slack int64
}

// keep returns the function that forgets what will be learnt from here on.
func (b *bounds) keep() func() {
	lows, belows := len(b.lows), len(b.belows)
	return func() { b.lows, b.belows = b.lows[:lows], b.belows[:belows] }
}

// assume learns from a condition that holds in a region.
func (b *bounds) assume(cond ast.Expr, region ast.Node) {
	if bare, ok := b.tested[cond]; ok {
		cond = bare
	}
	e, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok {
		return
	}
	switch e.Op {
	case token.LAND:
		b.assume(e.X, region)
		b.assume(e.Y, region)
	case token.LSS:
		b.less(e.X, e.Y, 1, region)
	case token.LEQ:
		b.less(e.X, e.Y, 0, region)
	case token.GTR:
		b.less(e.Y, e.X, 1, region)
	case token.GEQ:
		b.less(e.Y, e.X, 0, region)
	}
}

// less learns that x + by <= y.
func (b *bounds) less(x, y ast.Expr, by int64, region ast.Node) {
	if v, offset := b.linear(y); v != nil && !b.changes(v, region) {
		if low, ok := b.low(x); ok {
			b.lows = append(b.lows, lowBound{v, low + by - offset})
		}
	}
	if v, offset := b.linear(x); v != nil && !b.changes(v, region) {
		b.below(v, y, offset+by-1, region)
	}
}

// below learns that v + slack < y.
func (b *bounds) below(v types.Object, y ast.Expr, slack int64, region ast.Node) {
	if n, ok := b.constant(y); ok {
		b.belows = append(b.belows, belowLength{v, "", slack - n})
		return
	}
	if of, short := b.lengthOf(y); of != nil && b.isSteady(of, region) {
		b.belows = append(b.belows, belowLength{v, source(of), slack + short})
	}
}

// loop learns what holds in a loop with a clause: a counter that only grows stays above its first
// value. It looks at the loop, and forgets it.
func (b *bounds) loop(s *ast.ForStmt, look func()) {
	defer b.keep()()
	init, ok := s.Init.(*ast.AssignStmt)
	if ok && init.Tok == token.DEFINE && len(init.Lhs) == len(init.Rhs) {
		for i, e := range init.Lhs {
			v := b.variable(e)
			low, known := b.low(init.Rhs[i])
			if v != nil && known && !b.changes(v, s.Body) && b.onlyGrows(v, s.Post) {
				b.lows = append(b.lows, lowBound{v, low})
			}
		}
	}
	look()
}

// onlyGrows reports whether a statement does nothing to a variable but add to it.
func (b *bounds) onlyGrows(v types.Object, post ast.Stmt) bool {
	switch s := post.(type) {
	case *ast.IncDecStmt:
		if b.variable(s.X) == v {
			return s.Tok == token.INC
		}
	case *ast.AssignStmt:
		if len(s.Lhs) == 1 && b.variable(s.Lhs[0]) == v {
			low, ok := b.low(s.Rhs[0])
			return s.Tok == token.ADD_ASSIGN && ok && low >= 0
		}
	}
	return post == nil || !b.changes(v, post)
}

// noteOrder notes the literal that sort.Slice calls, millions of times, with indices of its slice.
func (l *lowering) noteOrder(call *ast.CallExpr) {
	switch l.fullName(call.Fun) {
	case "sort.Slice", "sort.SliceStable", "sort.SliceIsSorted":
		if lit, ok := call.Args[1].(*ast.FuncLit); ok {
			l.ordered[lit.Body] = call.Args[0]
		}
	}
}

// indexOf learns that the parameters of the function are indices of x, unless that is nil.
func (b *bounds) indexOf(x ast.Expr, sig *types.Signature) {
	if x == nil || !b.isSimple(x) || b.callsIn(b.function) || b.assignsThrough(b.info.Types[x].Type, b.function, func(ast.Expr) bool { return true }) {
		return
	}
	for v := range sig.Params().Variables() {
		if !b.assigns(b.function, v) {
			b.lows = append(b.lows, lowBound{v, 0})
			b.belows = append(b.belows, belowLength{v, source(x), 0})
		}
	}
}

// rangeLoop does the same for a range.
func (b *bounds) rangeLoop(s *ast.RangeStmt, look func()) {
	defer b.keep()()
	v := b.variable(s.Key)
	if v != nil && s.Tok == token.DEFINE && !b.changes(v, s.Body) {
		switch t := b.rangeType(s).(type) {
		case *types.Basic:
			b.lows = append(b.lows, lowBound{v, 0})
			if t.Info()&types.IsString == 0 {
				b.below(v, s.X, 0, s.Body)
				break
			}
			b.belowRange(v, s)
		case *types.Slice, *types.Array, *types.Pointer:
			b.lows = append(b.lows, lowBound{v, 0})
			b.belowRange(v, s)
		}
	}
	look()
}

func (b *bounds) belowRange(v types.Object, s *ast.RangeStmt) {
	if b.isSimple(s.X) && b.isSteady(s.X, s.Body) {
		b.belows = append(b.belows, belowLength{v, source(s.X), 0})
	}
}

// variable gives the variable that an identifier names, nil for anything else.
func (b *bounds) variable(e ast.Expr) types.Object {
	id, ok := e.(*ast.Ident)
	if !ok {
		return nil
	}
	obj := b.info.Uses[id]
	if obj == nil {
		obj = b.info.Defs[id]
	}
	if v, ok := obj.(*types.Var); ok && !v.IsField() {
		return v
	}
	return nil
}

// linear takes v + c apart; v is nil when e is of another form.
func (b *bounds) linear(e ast.Expr) (v types.Object, c int64) {
	e = ast.Unparen(e)
	if bin, ok := e.(*ast.BinaryExpr); ok {
		by, isConst := b.constant(bin.Y)
		v, c := b.linear(bin.X)
		switch {
		case bin.Op == token.ADD && isConst:
			return v, c + by
		case bin.Op == token.SUB && isConst:
			return v, c - by
		}
		return nil, 0
	}
	return b.variable(e), 0
}

// lengthOf takes len(x) - c apart; x is nil when e is of another form.
func (b *bounds) lengthOf(e ast.Expr) (x ast.Expr, c int64) {
	switch e := ast.Unparen(e).(type) {
	case *ast.BinaryExpr:
		if by, ok := b.constant(e.Y); ok && e.Op == token.SUB {
			x, c := b.lengthOf(e.X)
			return x, c + by
		}
	case *ast.CallExpr:
		if id, ok := e.Fun.(*ast.Ident); ok && id.Name == "len" && len(e.Args) == 1 && b.isSimple(e.Args[0]) {
			return e.Args[0], 0
		}
	}
	return nil, 0
}

func (b *bounds) constant(e ast.Expr) (int64, bool) {
	v := b.info.Types[e].Value
	if v == nil || v.Kind() != constant.Int {
		return 0, false
	}
	return constant.Int64Val(v)
}

// low gives a bound that an integer is not below.
func (b *bounds) low(e ast.Expr) (int64, bool) {
	if n, ok := b.constant(e); ok {
		return n, true
	}
	t := b.info.Types[e].Type
	if t == nil {
		return 0, false
	}
	basic, ok := t.Underlying().(*types.Basic)
	if !ok {
		return 0, false
	}
	if low, ok := b.lowOf(ast.Unparen(e)); ok {
		return low, true
	}
	return 0, basic.Info()&types.IsUnsigned != 0
}

func (b *bounds) lowOf(e ast.Expr) (int64, bool) {
	switch e := e.(type) {
	case *ast.Ident:
		v := b.variable(e)
		for _, fact := range slices.Backward(b.lows) {
			if fact.v == v {
				return fact.min, true
			}
		}
	case *ast.CallExpr:
		if id, ok := e.Fun.(*ast.Ident); ok && (id.Name == "len" || id.Name == "cap") {
			_, builtin := b.info.Uses[id].(*types.Builtin)
			return 0, builtin
		}
	case *ast.BinaryExpr:
		return b.lowOfBinary(e)
	}
	return 0, false
}

func (b *bounds) lowOfBinary(e *ast.BinaryExpr) (int64, bool) {
	x, okX := b.low(e.X)
	y, okY := b.low(e.Y)
	c, isConst := b.constant(e.Y)
	switch e.Op {
	case token.ADD:
		return x + y, okX && okY
	case token.SUB:
		return x - c, okX && isConst
	case token.MUL, token.QUO, token.REM, token.SHR, token.SHL:
		return 0, okX && okY && x >= 0 && y >= 0
	case token.AND:
		return 0, okX && x >= 0 || okY && y >= 0
	}
	return 0, false
}

func (b *bounds) isNonNegative(e ast.Expr) bool {
	low, ok := b.low(e)
	return ok && low >= 0
}

// isInside reports whether an index is one of x for certain.
func (b *bounds) isInside(index, x ast.Expr) bool {
	if n, ok := b.constant(index); ok {
		_, slice := b.info.Types[x].Type.Underlying().(*types.Slice)
		return !slice && b.info.Types[x].Value == nil && !b.isString(x) && n >= 0 // an array's length has been checked
	}
	return b.isNonNegative(index) && b.isBelow(index, x)
}

func (b *bounds) isString(x ast.Expr) bool {
	basic, ok := b.info.Types[x].Type.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsString != 0
}

// isBelow reports whether index < len(x).
func (b *bounds) isBelow(index, x ast.Expr) bool {
	text := source(x)
	if of, short := b.lengthOf(index); of != nil && source(of) == text {
		return short > 0
	}
	v, offset := b.linear(index)
	length := b.arrayLength(x)
	return v != nil && slices.ContainsFunc(b.belows, func(f belowLength) bool {
		return f.v == v && (f.x == text && f.slack >= offset || f.x == "" && f.slack+length >= offset)
	})
}

// arrayLength gives the length of an array, or of what a pointer to one points to; 0 for others.
func (b *bounds) arrayLength(x ast.Expr) int64 {
	t := b.underlying(x)
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem().Underlying()
	}
	if a, ok := t.(*types.Array); ok {
		return a.Len()
	}
	return 0
}

// isSliceInside reports whether the one bound of a slice expression is in range for certain.
func (b *bounds) isSliceInside(e *ast.SliceExpr) bool {
	switch {
	case e.Slice3:
		return false
	case e.Low == nil && e.High == nil:
		return true
	case e.Low != nil && e.High != nil:
		return false
	}
	bound := lowest(e)
	if n, ok := b.constant(bound); ok && n == 0 {
		return true
	}
	of, short := b.lengthOf(bound)
	return b.isNonNegative(bound) && (b.isBelow(bound, e.X) || of != nil && short >= 0 && source(of) == source(e.X))
}

// isSimple reports whether an expression can be evaluated twice.
func (b *bounds) isSimple(e ast.Expr) bool {
	if tv := b.info.Types[e]; tv.Value != nil || tv.IsType() {
		_, composite := e.(*ast.CallExpr)
		return !composite
	}
	switch e := e.(type) {
	case *ast.Ident, *ast.BasicLit:
		return true
	case *ast.ParenExpr:
		return b.isSimple(e.X)
	case *ast.StarExpr:
		return b.isSimple(e.X)
	case *ast.UnaryExpr:
		return e.Op != token.ARROW && e.Op != token.AND && b.isSimple(e.X)
	case *ast.BinaryExpr:
		return b.isSimple(e.X) && b.isSimple(e.Y)
	case *ast.IndexExpr:
		return b.info.Types[e.X].IsValue() && b.isSimple(e.X) && b.isSimple(e.Index)
	case *ast.SelectorExpr:
		if s := b.info.Selections[e]; s != nil {
			return s.Kind() == types.FieldVal && b.isSimple(e.X)
		}
		return true // a variable of a package
	case *ast.CallExpr:
		return len(e.Args) == 1 && !b.calls(e) && b.isPure(e) && b.isSimple(e.Args[0])
	}
	return false
}

// isPure reports whether a call is a conversion of a number, len or cap.
func (b *bounds) isPure(call *ast.CallExpr) bool {
	if tv := b.info.Types[call.Fun]; tv.IsType() {
		basic, ok := tv.Type.Underlying().(*types.Basic)
		_, ident := call.Fun.(*ast.Ident)
		return ok && ident && basic.Info()&types.IsNumeric != 0
	}
	id, ok := call.Fun.(*ast.Ident)
	return ok && (id.Name == "len" || id.Name == "cap")
}

// isOwn reports whether no call can change what a simple expression is made of: variables of the
// function that no literal in it assigns and whose address it does not take.
func (b *bounds) isOwn(e ast.Expr) bool {
	own := true
	ast.Inspect(e, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.StarExpr, *ast.SelectorExpr, *ast.IndexExpr:
			own = false
		case *ast.Ident:
			if v := b.variable(n); v != nil && b.isShared(v) {
				own = false
			}
		}
		return own
	})
	return own
}

// isShared reports whether calls may change a variable: one that is not the function's own, or that
// a literal in it assigns, or whose address is taken.
func (b *bounds) isShared(v types.Object) bool {
	shared, known := b.shared[v]
	if !known {
		shared = !b.own[v] || b.isCaptured(v)
		b.shared[v] = shared
	}
	return shared
}

// ownVariables finds the variables that a function declares, its parameters among them, but not those of
// literals in it.
func (l *lowering) ownVariables(sig *types.Signature, body *ast.BlockStmt) map[types.Object]bool {
	own := map[types.Object]bool{}
	if sig != nil {
		own[sig.Recv()] = true
		for v := range sig.Params().Variables() {
			own[v] = true
		}
		for v := range sig.Results().Variables() {
			own[v] = true
		}
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.Ident:
			if v, ok := l.info.Defs[n].(*types.Var); ok && v.Parent() != l.pkg.Scope() {
				own[v] = true
			}
		}
		return true
	})
	return own
}

// isCaptured reports whether a literal in the function assigns a variable, or its address is taken.
func (b *bounds) isCaptured(v types.Object) bool {
	captured := false
	ast.Inspect(b.function, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			captured = captured || b.assigns(n.Body, v)
			return false
		case *ast.UnaryExpr:
			captured = captured || n.Op == token.AND && b.variable(ast.Unparen(n.X)) == v
		}
		return !captured
	})
	return captured
}

// changes reports whether a variable may change in a region.
func (b *bounds) changes(v types.Object, region ast.Node) bool {
	return b.assigns(region, v) || b.isShared(v) && (b.callsIn(region) || b.assignsThrough(v.Type(), region, isStar))
}

// assigns reports whether a region assigns a variable or takes its address.
func (b *bounds) assigns(region ast.Node, v types.Object) bool {
	found := false
	is := func(e ast.Expr) bool { return e != nil && b.variable(ast.Unparen(e)) == v }
	ast.Inspect(region, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			found = found || slices.ContainsFunc(n.Lhs, is)
		case *ast.IncDecStmt:
			found = found || is(n.X)
		case *ast.RangeStmt:
			found = found || is(n.Key) || is(n.Value)
		case *ast.UnaryExpr:
			found = found || n.Op == token.AND && is(n.X)
		}
		return !found
	})
	return found
}

// isSteady reports whether a simple expression keeps its length in a region.
func (b *bounds) isSteady(x ast.Expr, region ast.Node) bool {
	steady := b.isOwn(x) || !b.callsIn(region) && !b.assignsThrough(b.info.Types[x].Type, region, isElement)
	ast.Inspect(x, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if v := b.variable(id); v != nil && b.changes(v, region) {
				steady = false
			}
		}
		return steady
	})
	return steady
}

// assignsThrough reports whether a region assigns places of a form that are of the type t, or hold
// one: any of them may be the thing in question.
func (b *bounds) assignsThrough(t types.Type, region ast.Node, form func(ast.Expr) bool) bool {
	found := false
	holds := func(e ast.Expr) bool { return form(e) && b.mayHold(b.info.Types[e].Type, t) }
	ast.Inspect(region, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			found = found || slices.ContainsFunc(n.Lhs, holds)
		case *ast.IncDecStmt:
			found = found || holds(n.X)
		}
		return !found
	})
	return found
}

// mayHold reports whether a place of type t may be, or have in it, one of type part.
func (b *bounds) mayHold(t, part types.Type) bool {
	if t == nil {
		return true
	}
	_, basic := t.Underlying().(*types.Basic)
	return !basic || types.Identical(t.Underlying(), part.Underlying())
}

// callsIn reports whether a region makes calls that may change variables.
func (b *bounds) callsIn(region ast.Node) bool {
	found := false
	ast.Inspect(region, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			found = found || b.calls(call)
		}
		return !found
	})
	return found
}

// calls reports whether a call may run code of cells: neither a conversion nor a builtin, nor a
// function of a package that is given none.
func (b *bounds) calls(call *ast.CallExpr) bool {
	if b.info.Types[call.Fun].IsType() {
		return false
	}
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		_, builtin := b.info.Uses[f].(*types.Builtin)
		return !builtin
	case *ast.SelectorExpr:
		fn, ok := b.info.Uses[f.Sel].(*types.Func)
		if !ok || fn.Pkg() == nil || fn.Pkg().Path() == "main" || fn.Signature().Recv() != nil {
			return true
		}
		return slices.ContainsFunc(call.Args, func(arg ast.Expr) bool {
			t := b.info.Types[arg].Type
			if t == nil {
				return true
			}
			switch t.Underlying().(type) {
			case *types.Basic, *types.Slice, *types.Array:
				return false
			}
			return true
		})
	}
	return true
}

func isElement(e ast.Expr) bool {
	_, ok := ast.Unparen(e).(*ast.Ident)
	return !ok
}
