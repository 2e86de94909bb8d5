package cell

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strconv"
)

// yaegi finds an index out of range by reflection, in whose words the numbers are missing, and does
// not find a negative shift at all. So an operation that may fail gets a test before its statement,
// whose failing branch calls the engine with the numbers and the line:
//
//	if i < 0 || i >= len(x) { rt.Index(i, len(x), 3) }
//	sum += x[i]
//
// Where a test there would come too early (the part is evaluated on a condition, again, or after a
// call) it stands in the condition itself, or the index goes through the engine's At. What the
// bounds prove needs no test.

// guards puts the tests into one function.
type guards struct {
	*lowering
	bounds     *bounds
	slicesOnly bool // it is a copy of a package's function, whose own indices are right
}

// test is an operation that fails when cond is true; then fault is called. Or it is a part of the
// statement that is evaluated before the tests behind it.
type test struct {
	cond, fault ast.Expr
	part        ast.Stmt
}

// guarded is a statement under inspection.
type guarded struct {
	*guards
	tests     []test
	called    bool       // what was looked at so far makes a call, which may change variables
	inline    bool       // a test before the statement would come too early
	condition bool       // it is no statement but a condition, and the tests will stand in it
	beside    []ast.Node // what is evaluated together
}

// newGuards begins a function.
func (l *lowering) newGuards(sig *types.Signature, body *ast.BlockStmt) *guards {
	return &guards{lowering: l, bounds: &bounds{
		lowering: l, function: body, own: l.ownVariables(sig, body),
		tested: map[ast.Expr]ast.Expr{}, shared: map[types.Object]bool{},
	}}
}

// hides reports whether the cell gives another meaning to a builtin, so that no test can use it.
func (l *lowering) hides(name string) bool {
	return l.session.names[name] != nil || slices.ContainsFunc(slices.Collect(maps.Keys(l.info.Defs)), func(id *ast.Ident) bool { return id.Name == name })
}

// list puts tests into a list of statements.
func (g *guards) list(list *[]ast.Stmt) {
	var all []ast.Stmt
	for _, s := range *list {
		inner, label := s, (*ast.LabeledStmt)(nil)
		if labeled, ok := s.(*ast.LabeledStmt); ok {
			inner, label = labeled.Stmt, labeled
		}
		if effect := g.inlineEffect(inner); effect != nil && label == nil {
			for _, e := range effect[:len(effect)-1] {
				all = append(all, e)
			}
			s = effect[len(effect)-1]
			inner = s
		}
		before := g.stmt(inner)
		if len(before) > 0 && label != nil && isJumpTarget(label) {
			before = append([]ast.Stmt{&ast.LabeledStmt{Label: label.Label, Colon: label.Colon, Stmt: &ast.EmptyStmt{Implicit: true}}}, before...)
			s = inner
		}
		all = append(append(all, before...), s)
	}
	*list = all
}

// stmt puts tests into a statement and returns those that belong before it.
func (g *guards) stmt(s ast.Stmt) []ast.Stmt {
	st := &guarded{guards: g}
	switch s := s.(type) {
	case *ast.BlockStmt:
		g.list(&s.List)
	case *ast.IfStmt:
		st.simple(s.Init)
		s.Cond = st.inCondition(s.Cond)
		g.within(s.Body, s.Cond, func() { g.list(&s.Body.List) })
		if s.Else != nil {
			if before := g.stmt(s.Else); len(before) > 0 {
				s.Else = &ast.BlockStmt{List: append(before, s.Else)}
			}
		}
	case *ast.ForStmt:
		st.simple(s.Init)
		g.bounds.loop(s, func() {
			s.Cond = st.inCondition(s.Cond)
			g.within(s.Body, s.Cond, func() { g.list(&s.Body.List) })
			again := &guarded{guards: g, inline: true}
			again.simple(s.Post)
		})
	case *ast.RangeStmt:
		st.beside = []ast.Node{s.X}
		s.X = st.expr(s.X)
		g.bounds.rangeLoop(s, func() { g.list(&s.Body.List) })
	case *ast.SwitchStmt:
		st.simple(s.Init)
		st.inline, st.beside = s.Init != nil, []ast.Node{s.Tag}
		s.Tag = st.expr(s.Tag)
		g.clauses(s.Body, s.Tag == nil)
	case *ast.TypeSwitchStmt:
		st.simple(s.Init)
		st.inline = s.Init != nil
		st.simple(s.Assign)
		g.clauses(s.Body, false)
	case *ast.SelectStmt:
		g.clauses(s.Body, false)
	default:
		return append(st.simple(s), st.before()...)
	}
	return st.before()
}

// within looks at the body of a statement in which a condition holds.
func (g *guards) within(body ast.Node, cond ast.Expr, look func()) {
	defer g.bounds.keep()()
	g.bounds.assume(cond, body)
	look()
}

// clauses looks at those of a switch or select; conditions says that the cases are such.
func (g *guards) clauses(body *ast.BlockStmt, conditions bool) {
	for _, s := range body.List {
		st := &guarded{guards: g, inline: true}
		switch s := s.(type) {
		case *ast.CaseClause:
			for i, e := range s.List {
				if conditions {
					s.List[i] = st.inCondition(e)
				} else {
					st.beside = []ast.Node{e}
					s.List[i] = st.expr(e)
				}
			}
			g.list(&s.Body)
		case *ast.CommClause:
			st.simple(s.Comm)
			g.list(&s.Body)
		}
	}
}

// simple looks at a statement that holds no others. When it stores what a call gives at an index, the
// value is taken first: Go looks at the index when it stores. What takes it is returned.
func (st *guarded) simple(s ast.Stmt) []ast.Stmt {
	st.beside = []ast.Node{s}
	switch s := s.(type) {
	case *ast.ExprStmt:
		s.X = st.expr(s.X)
	case *ast.SendStmt:
		s.Chan, s.Value = st.expr(s.Chan), st.expr(s.Value)
	case *ast.IncDecStmt:
		s.X = st.expr(s.X)
	case *ast.GoStmt:
		st.operands(s.Call)
	case *ast.DeferStmt:
		st.operands(s.Call)
	case *ast.ReturnStmt:
		st.exprs(s.Results)
	case *ast.DeclStmt:
		for _, spec := range s.Decl.(*ast.GenDecl).Specs {
			if v, ok := spec.(*ast.ValueSpec); ok {
				st.exprs(v.Values)
			}
		}
	case *ast.AssignStmt:
		return st.assign(s)
	}
	return nil
}

func (st *guarded) assign(a *ast.AssignStmt) []ast.Stmt {
	st.exprs(a.Rhs)
	var first []ast.Stmt
	if st.called && !st.inline && len(a.Lhs) == 1 && len(a.Rhs) == 1 && st.mayFault(a.Lhs[0]) {
		if b, ok := st.info.Types[a.Rhs[0]].Type.(*types.Basic); !ok || b.Info()&types.IsUntyped == 0 {
			first = st.placeFirst(a.Lhs[0])
			t := ast.NewIdent(st.temp())
			st.info.Types[t] = st.info.Types[a.Rhs[0]]
			first = append(append(first, st.before()...), &ast.AssignStmt{Lhs: []ast.Expr{t}, Tok: token.DEFINE, Rhs: []ast.Expr{a.Rhs[0]}})
			a.Rhs[0] = t
		}
	}
	st.called = false
	if a.Tok != token.DEFINE {
		st.exprs(a.Lhs)
	}
	if a.Tok == token.SHL_ASSIGN || a.Tok == token.SHR_ASSIGN {
		a.Rhs[0] = st.shift(a.Rhs[0])
	}
	return first
}

// placeFirst evaluates an index that calls something before what stands on the right, as Go does.
func (st *guarded) placeFirst(place ast.Expr) []ast.Stmt {
	index := ast.Unparen(place).(*ast.IndexExpr)
	if !calls(index.Index) {
		return nil
	}
	t := ast.NewIdent(st.temp())
	st.info.Types[t] = st.info.Types[index.Index]
	define := &ast.AssignStmt{Lhs: []ast.Expr{t}, Tok: token.DEFINE, Rhs: []ast.Expr{index.Index}}
	index.Index = t
	return []ast.Stmt{define}
}

// mayFault reports whether a place is an element of a slice or array.
func (st *guarded) mayFault(place ast.Expr) bool {
	index, ok := ast.Unparen(place).(*ast.IndexExpr)
	return ok && st.length(index.X) != nil
}

// before gives the tests that stand before the statement.
func (st *guarded) before() []ast.Stmt {
	var list []ast.Stmt
	var seen []string
	for _, t := range st.tests {
		if t.part != nil {
			list, seen = append(list, t.part), nil
		} else if text := source(t.fault); !slices.Contains(seen, text) {
			seen = append(seen, text)
			list = append(list, &ast.IfStmt{Cond: t.cond, Body: &ast.BlockStmt{List: []ast.Stmt{&ast.ExprStmt{X: t.fault}}}})
		}
	}
	st.tests = nil
	return list
}

// condition looks at a condition, in which the tests can stand themselves.
func (st *guarded) inCondition(e ast.Expr) ast.Expr {
	if e == nil {
		return nil
	}
	own := &guarded{guards: st.guards, called: st.called, condition: true, beside: []ast.Node{e}}
	tested := own.expr(e)
	e = tested
	for _, t := range slices.Backward(own.tests) {
		failing := &ast.BinaryExpr{X: &ast.ParenExpr{X: t.cond}, Op: token.LAND, Y: t.fault}
		e = &ast.BinaryExpr{X: &ast.ParenExpr{X: failing}, Op: token.LOR, Y: &ast.ParenExpr{X: e}}
		st.setType(failing, types.Typ[types.Bool])
		st.setType(e, types.Typ[types.Bool])
	}
	st.bounds.tested[e] = tested
	st.called = own.called
	return e
}

func (st *guarded) exprs(list []ast.Expr) {
	for i := range list {
		list[i] = st.expr(list[i])
	}
}

// values looks at values that are shown, and returns the tests that belong before them.
func (g *guards) values(list []ast.Expr) []ast.Stmt {
	st := &guarded{guards: g}
	for _, e := range list {
		st.beside = append(st.beside, e)
	}
	st.exprs(list)
	return st.before()
}

// operands looks at what a call that runs later evaluates now.
func (st *guarded) operands(call *ast.CallExpr) {
	call.Fun = st.expr(call.Fun)
	st.exprs(call.Args)
}

// expr looks at an expression in the order in which it is evaluated, and returns what takes its place.
func (st *guarded) expr(e ast.Expr) ast.Expr {
	if tv := st.info.Types[e]; e == nil || tv.IsType() || tv.Value != nil {
		return e
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		e.X = st.expr(e.X)
	case *ast.StarExpr:
		e.X = st.expr(e.X)
	case *ast.SelectorExpr:
		e.X = st.expr(e.X)
	case *ast.TypeAssertExpr:
		e.X = st.expr(e.X)
	case *ast.KeyValueExpr:
		e.Key, e.Value = st.expr(e.Key), st.expr(e.Value)
	case *ast.CompositeLit:
		st.exprs(e.Elts)
	case *ast.UnaryExpr:
		e.X = st.expr(e.X)
		st.called = st.called || e.Op == token.ARROW
	case *ast.CallExpr:
		if in := st.inlined(e); in != nil {
			return in
		}
		st.operands(e)
		st.room(e)
		st.called = st.called || st.bounds.calls(e)
	case *ast.BinaryExpr:
		return st.binary(e)
	case *ast.IndexExpr:
		e.X = st.indexed(e.X)
		e.Index = st.expr(e.Index)
		return st.index(e)
	case *ast.SliceExpr:
		e.X = st.indexed(e.X)
		e.Low, e.High, e.Max = st.expr(e.Low), st.expr(e.High), st.expr(e.Max)
		st.slice(e)
	}
	return e
}

// indexed looks at a thing that is indexed. What the first call of a statement gives is taken into a
// variable, so that its length can be asked.
func (st *guarded) indexed(x ast.Expr) ast.Expr {
	called := st.called
	x = st.expr(x)
	if called || st.inline || st.condition || !st.info.Types[x].IsValue() || st.bounds.isSimple(x) {
		return x
	}
	switch st.info.Types[x].Type.Underlying().(type) {
	case *types.Slice, *types.Basic:
	default:
		return x
	}
	t, define := st.hold(x)
	st.tests = append(st.tests, test{part: define})
	st.called = false
	return t
}

func (st *guarded) binary(e *ast.BinaryExpr) ast.Expr {
	e.X = st.expr(e.X)
	switch e.Op {
	case token.LAND:
		st.within(e.Y, e.X, func() { e.Y = st.inCondition(e.Y) })
		return e
	case token.LOR:
		e.Y = st.inCondition(e.Y)
		return e
	}
	e.Y = st.expr(e.Y)
	if e.Op == token.SHL || e.Op == token.SHR {
		e.Y = st.shift(e.Y)
	}
	return e
}

// early reports whether a test of these operands can stand before the statement.
func (st *guarded) early(operands ...ast.Expr) bool {
	return !st.inline && !st.called && !slices.ContainsFunc(operands, func(e ast.Expr) bool {
		return e != nil && !st.bounds.isSimple(e)
	})
}

// index tests an index.
func (st *guarded) index(e *ast.IndexExpr) ast.Expr {
	length := st.length(e.X)
	if length == nil || st.slicesOnly || st.bounds.isInside(e.Index, e.X) {
		return e
	}
	if _, isNumber := length.(*ast.BasicLit); st.early(e.Index) && (isNumber || st.early(e.X)) {
		i := st.toInt(e.Index)
		var cond ast.Expr = compare(i, token.GEQ, length)
		if !st.bounds.isNonNegative(e.Index) || st.isWide(e.Index) {
			cond = either(compare(st.toInt(e.Index), token.LSS, wholeNumber(0)), cond)
		}
		st.fault(cond, "Index", st.clone(e.Index), st.length(e.X), e)
	} else {
		at := st.call("At", e.Index, length, e)
		st.setType(at, types.Typ[types.Int])
		e.Index = at
	}
	return e
}

// length gives the expression for how many elements an indexed thing has; nil for a map, and for what
// cannot be evaluated twice.
func (st *guarded) length(x ast.Expr) ast.Expr {
	t := st.info.Types[x].Type
	if t == nil || st.hidden {
		return nil
	}
	u := t.Underlying()
	if p, ok := u.(*types.Pointer); ok {
		u = p.Elem().Underlying()
	}
	if a, ok := u.(*types.Array); ok {
		return wholeNumber(a.Len())
	}
	if !st.bounds.isSimple(x) {
		return nil
	}
	switch u := u.(type) {
	case *types.Slice:
	case *types.Basic:
		if u.Info()&types.IsString == 0 {
			return nil
		}
	default:
		return nil
	}
	return &ast.CallExpr{Fun: ast.NewIdent("len"), Args: []ast.Expr{st.clone(x)}}
}

// slice tests the bounds of a slice expression.
func (st *guarded) slice(e *ast.SliceExpr) {
	length := st.length(e.X)
	if length == nil || !st.early(e.X, e.Low, e.High, e.Max) || st.bounds.isSliceInside(e) {
		return
	}
	limit, name := st.length(e.X), "Slice"
	if _, ok := st.info.Types[e.X].Type.Underlying().(*types.Slice); ok && (e.High != nil || e.Max != nil) {
		limit = &ast.CallExpr{Fun: ast.NewIdent("cap"), Args: []ast.Expr{st.clone(e.X)}}
	}
	switch {
	case e.Slice3:
		name = "Slice3"
	case source(limit) == source(length) && e.High != nil:
		name = "SliceFixed" // of a string or an array, which has a length alone
	}
	args := []ast.Expr{}
	var cond ast.Expr
	last := limit
	for _, bound := range []ast.Expr{e.Max, e.High, e.Low} { // each may be as large as the one after it
		if bound == nil {
			continue
		}
		over := compare(st.toInt(bound), token.GTR, last)
		if cond == nil {
			cond = over
		} else {
			cond = either(cond, over)
		}
		last = st.toInt(bound)
	}
	if low := lowest(e); !st.bounds.isNonNegative(low) || st.isWide(low) {
		cond = either(cond, compare(last, token.LSS, wholeNumber(0)))
	}
	for _, bound := range []ast.Expr{e.Low, e.High, e.Max} {
		if bound == nil {
			args = append(args, ast.NewIdent("nil"))
		} else {
			args = append(args, st.clone(bound))
		}
	}
	st.fault(cond, name, append(args, limit, e)...)
}

// lowest gives the bound of a slice expression that must not be negative.
func lowest(e *ast.SliceExpr) ast.Expr {
	for _, bound := range []ast.Expr{e.Low, e.High} {
		if bound != nil {
			return bound
		}
	}
	return e.Max
}

// mostBits is how far anything can be shifted until nothing is left.
const mostBits = 64

// shift tests that a count is not negative. A constant one is not, but may be a number of any kind and size.
func (st *guarded) shift(count ast.Expr) ast.Expr {
	if v := st.info.Types[count].Value; v != nil {
		n, exact := constant.Uint64Val(constant.ToInt(v))
		if exact && n <= mostBits && v.Kind() == constant.Int {
			return count
		}
		count = &ast.ParenExpr{X: count}
		st.info.Types[count] = types.TypeAndValue{Type: types.Typ[types.Uint], Value: constant.MakeUint64(min(n, mostBits))}
		return count
	}
	if st.bounds.isNonNegative(count) {
		return count
	}
	if st.early(count) {
		st.fault(compare(st.toInt(count), token.LSS, wholeNumber(0)), "Shift", st.toInt(count), count)
		return count
	}
	call := st.call("Shifted", st.toIntOf(count), count)
	st.setType(call, types.Typ[types.Int])
	return call
}

// fewBytes is what can always be had.
const fewBytes = 16 << 20

// room tests whether there is room for what make makes, when its size is no constant below fewBytes.
func (st *guarded) room(call *ast.CallExpr) {
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok || id.Name != "make" || len(call.Args) < 2 || st.info.Uses[id] == nil || st.info.Uses[id].Pkg() != nil {
		return
	}
	size := st.elementSize(st.info.Types[call.Args[0]].Type)
	few := max(1, fewBytes/size)
	what := st.info.Types[call.Args[0]].Type.Underlying()
	for i, n := range call.Args[1:] {
		kind := "other"
		if _, ok := what.(*types.Slice); ok {
			kind = []string{"len", "cap"}[i]
		}
		if c, known := st.bounds.constant(n); st.early(n) && (!known || c > few) {
			st.fault(compare(st.toInt(n), token.GTR, wholeNumber(few)), "Room", st.toInt(n), wholeNumber(size), quoted(kind), call)
		}
	}
}

// elementSize gives how many bytes an element of a slice, map or channel takes, at least 1.
func (st *guarded) elementSize(t types.Type) int64 {
	sizes := types.SizesFor("gc", "amd64")
	switch t := t.Underlying().(type) {
	case *types.Slice:
		return max(1, sizes.Sizeof(t.Elem()))
	case *types.Map:
		return max(1, sizes.Sizeof(t.Key())+sizes.Sizeof(t.Elem()))
	case *types.Chan:
		return max(1, sizes.Sizeof(t.Elem()))
	}
	return 1
}

// fault adds a test. The last argument is where the fault is.
func (st *guarded) fault(cond ast.Expr, name string, args ...ast.Expr) {
	st.setType(cond, types.Typ[types.Bool])
	call := st.call(name, args...)
	st.setType(call, types.Typ[types.Bool])
	st.tests = append(st.tests, test{cond: cond, fault: call})
}

// call calls a function of the engine; the last argument stands for its line.
func (st *guarded) call(name string, args ...ast.Expr) ast.Expr {
	n := len(args) - 1
	args[n] = wholeNumber(int64(st.line(args[n])))
	return &ast.CallExpr{Fun: ast.NewIdent(st.rt(name)), Args: args}
}

// toInt gives a copy of an integer of any type as an int.
func (st *guarded) toInt(e ast.Expr) ast.Expr { return st.toIntOf(st.clone(e)) }

func (st *guarded) toIntOf(e ast.Expr) ast.Expr {
	t := st.info.Types[e].Type
	if b, ok := t.(*types.Basic); ok && (b.Kind() == types.Int || b.Kind() == types.UntypedInt) {
		return e
	}
	call := &ast.CallExpr{Fun: ast.NewIdent("int"), Args: []ast.Expr{e}}
	st.setType(call, types.Typ[types.Int])
	return call
}

// isWide reports whether an unsigned integer may be negative as an int.
func (st *guarded) isWide(e ast.Expr) bool {
	b, ok := st.info.Types[e].Type.Underlying().(*types.Basic)
	return ok && slices.Contains([]types.BasicKind{types.Uint, types.Uint64, types.Uintptr}, b.Kind())
}

func wholeNumber(n int64) ast.Expr {
	return &ast.BasicLit{Kind: token.INT, Value: strconv.FormatInt(n, 10)}
}

func compare(x ast.Expr, op token.Token, y ast.Expr) ast.Expr {
	return &ast.BinaryExpr{X: x, Op: op, Y: y}
}

func either(x, y ast.Expr) ast.Expr { return compare(x, token.LOR, y) }

// clone copies a simple expression, with what the check knows of it.
func (l *lowering) clone(e ast.Expr) ast.Expr {
	c := l.cloned(e)
	l.info.Types[c] = l.info.Types[e]
	return c
}

func (l *lowering) cloned(e ast.Expr) ast.Expr {
	switch e := e.(type) {
	case *ast.Ident:
		id := &ast.Ident{NamePos: e.NamePos, Name: e.Name}
		if obj := l.info.Uses[e]; obj != nil {
			l.info.Uses[id] = obj
		}
		return id
	case *ast.BasicLit:
		return &ast.BasicLit{Kind: e.Kind, Value: e.Value}
	case *ast.ParenExpr:
		return &ast.ParenExpr{X: l.clone(e.X)}
	case *ast.StarExpr:
		return &ast.StarExpr{X: l.clone(e.X)}
	case *ast.UnaryExpr:
		return &ast.UnaryExpr{Op: e.Op, X: l.clone(e.X)}
	case *ast.BinaryExpr:
		return &ast.BinaryExpr{X: l.clone(e.X), Op: e.Op, Y: l.clone(e.Y)}
	case *ast.IndexExpr:
		return &ast.IndexExpr{X: l.clone(e.X), Index: l.clone(e.Index)}
	case *ast.SelectorExpr:
		s := &ast.SelectorExpr{X: l.clone(e.X), Sel: l.clone(e.Sel).(*ast.Ident)}
		if sel := l.info.Selections[e]; sel != nil {
			l.info.Selections[s] = sel
		}
		return s
	case *ast.CallExpr:
		c := &ast.CallExpr{Fun: l.clone(e.Fun)}
		for _, arg := range e.Args {
			c.Args = append(c.Args, l.clone(arg))
		}
		return c
	}
	panic(fmt.Sprintf("no simple expression: %T", e))
}
