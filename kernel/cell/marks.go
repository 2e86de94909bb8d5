package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// A traceback names lines, and all that yaegi tells of a panic is which functions it left. So a
// function that may fail on several lines writes down, in a variable, the line that it has reached,
// and a deferred call of the engine reads the variable when the function ends. This costs 15 ns a
// mark and 0.3 µs a call. A function that may fail on one line alone needs none of it: the line
// stands in Program.Funcs. What the lowering itself tests, such as an index, and panic carry
// their line with them.

// lineVar is the variable that holds the line.
const lineVar = mark + "line"

// Func is what a traceback tells of a function of a Program. It is the same type as the engine's.
type Func = struct {
	// Name is what messages call the function: "pick", "(*T).Name", "pick.func1".
	Name string
	// Cell is the cell that its text stands in.
	Cell string
	// Line is the one line of the cell on which the function may fail; 0 when there are several,
	// and it keeps its line in a variable.
	Line int
}

// marks puts marks into one function.
type marks struct {
	*lowering
	lines []int    // on which the function may fail
	edits []func() // that put the marks in
}

// lines says on how many lines a function may fail. When there are several, or always is set, it
// puts a mark before each statement that may.
func (l *lowering) lines(body *ast.BlockStmt, always bool) []int {
	m := &marks{lowering: l}
	m.list(&body.List, 0)
	slices.Sort(m.lines)
	m.lines = slices.Compact(m.lines)
	if always || len(m.lines) > 1 {
		for _, edit := range m.edits {
			edit()
		}
	}
	return m.lines
}

// markLine is the statement that writes a line down.
func markLine(line int) ast.Stmt { return raw("%s = %d", lineVar, line) }

// list marks the statements of a list, before which the line is known to be current.
func (m *marks) list(list *[]ast.Stmt, current int) {
	var marked []ast.Stmt
	for _, s := range *list {
		inner, label := s, (*ast.LabeledStmt)(nil)
		if labeled, ok := s.(*ast.LabeledStmt); ok {
			inner, label = labeled.Stmt, labeled
		}
		if line := m.line(inner); m.fails(inner) && line > 0 {
			if m.lines = append(m.lines, line); line != current || label != nil {
				current = line
				if label != nil && isJumpTarget(label) {
					s = &ast.LabeledStmt{Label: label.Label, Colon: label.Colon, Stmt: markLine(line)}
					marked = append(marked, s)
					s = inner
				} else {
					marked = append(marked, markLine(line))
				}
			}
		}
		if m.nested(inner, current) {
			current = 0
		}
		marked = append(marked, s)
	}
	m.edits = append(m.edits, func() { *list = marked })
}

// isJumpTarget reports whether a label is one of goto, and of nothing else.
func isJumpTarget(label *ast.LabeledStmt) bool {
	switch label.Stmt.(type) {
	case *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
		return false
	}
	return true
}

// nested marks the lists of statements in a statement and reports whether there are any.
func (m *marks) nested(s ast.Stmt, current int) bool {
	switch s := s.(type) {
	case *ast.BlockStmt:
		m.list(&s.List, current)
	case *ast.IfStmt:
		m.list(&s.Body.List, current)
		m.alternative(s, current)
	case *ast.ForStmt:
		m.loop(s, s.Body, m.mayFail(s.Cond) || m.mayFail(s.Post))
	case *ast.RangeStmt:
		m.loop(s, s.Body, m.rangesOverFunc(s))
	case *ast.SwitchStmt:
		m.clauses(s.Body, current)
	case *ast.TypeSwitchStmt:
		m.clauses(s.Body, current)
	case *ast.SelectStmt:
		m.clauses(s.Body, current)
	default:
		return false
	}
	return true
}

// alternative marks what stands behind else; an if there may get a block around it, for its mark.
func (m *marks) alternative(s *ast.IfStmt, current int) {
	switch e := s.Else.(type) {
	case *ast.BlockStmt:
		m.list(&e.List, current)
	case *ast.IfStmt:
		if m.fails(e) && m.line(e) != current {
			block := &ast.BlockStmt{List: []ast.Stmt{e}}
			m.list(&block.List, current)
			m.edits = append(m.edits, func() { s.Else = block })
			return
		}
		m.nested(e, current)
	}
}

func (m *marks) clauses(body *ast.BlockStmt, current int) {
	for _, s := range body.List {
		switch s := s.(type) {
		case *ast.CaseClause:
			m.list(&s.Body, current)
		case *ast.CommClause:
			m.list(&s.Body, current)
		}
	}
}

// loop marks the body of a loop. When what its header does after each iteration may fail, they end
// with its mark.
func (m *marks) loop(s ast.Stmt, body *ast.BlockStmt, fails bool) {
	m.list(&body.List, 0)
	if !fails {
		return
	}
	line := m.line(s)
	m.edits = append(m.edits, func() {
		beforeContinue(body, "", func() ast.Stmt { return markLine(line) })
		body.List = append(body.List, markLine(line))
	})
}

// fails reports whether what a statement evaluates itself, statements in it aside, may panic.
func (m *marks) fails(s ast.Stmt) bool {
	var parts []ast.Node
	switch s := s.(type) {
	case *ast.BlockStmt, *ast.EmptyStmt, *ast.BranchStmt, *ast.LabeledStmt:
		return false
	case *ast.IfStmt:
		parts = []ast.Node{s.Init, s.Cond}
	case *ast.ForStmt:
		parts = []ast.Node{s.Init, s.Cond, s.Post}
	case *ast.RangeStmt:
		if m.rangesOverFunc(s) {
			return true
		}
		parts = []ast.Node{s.X, s.Key, s.Value}
	case *ast.SwitchStmt:
		parts = append([]ast.Node{s.Init, s.Tag}, caseExprs(s.Body)...)
	case *ast.TypeSwitchStmt:
		parts = []ast.Node{s.Init, s.Assign}
	case *ast.SelectStmt:
		for _, c := range s.Body.List {
			parts = append(parts, c.(*ast.CommClause).Comm)
		}
	case *ast.GoStmt:
		parts = operands(s.Call)
	case *ast.DeferStmt:
		parts = operands(s.Call)
	default:
		parts = []ast.Node{s}
	}
	return slices.ContainsFunc(parts, m.mayFail)
}

// operands are what a call that runs later evaluates now.
func operands(call *ast.CallExpr) []ast.Node {
	list := []ast.Node{call.Fun}
	for _, arg := range call.Args {
		list = append(list, arg)
	}
	return list
}

func caseExprs(body *ast.BlockStmt) []ast.Node {
	var list []ast.Node
	for _, c := range body.List {
		for _, e := range c.(*ast.CaseClause).List {
			list = append(list, e)
		}
	}
	return list
}

// mayFail reports whether evaluating a part of a statement may panic, without telling its line.
func (m *marks) mayFail(part ast.Node) bool {
	if part == nil {
		return false
	}
	found := false
	ast.Inspect(part, func(n ast.Node) bool {
		if _, ok := n.(*ast.FuncLit); ok {
			return false
		}
		found = found || m.failing(n)
		return !found
	})
	return found
}

// failing reports whether a node by itself may panic.
func (m *marks) failing(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		return m.callFails(n)
	case *ast.SelectorExpr:
		s := m.info.Selections[n]
		return s != nil && (s.Indirect() || isPointer(m.info.Types[n.X].Type) || types.IsInterface(s.Recv()))
	case *ast.StarExpr:
		return m.info.Types[n].IsValue()
	case *ast.IndexExpr:
		return m.indexFails(n)
	case *ast.BinaryExpr:
		return m.binaryFails(n)
	case *ast.AssignStmt:
		return n.Tok == token.QUO_ASSIGN || n.Tok == token.REM_ASSIGN || slices.ContainsFunc(n.Lhs, m.isMapElement)
	case *ast.IncDecStmt:
		return m.isMapElement(n.X)
	case *ast.TypeAssertExpr:
		return n.Type != nil
	case *ast.SendStmt:
		return true
	}
	return false
}

func isPointer(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Pointer)
	return ok
}

func (m *marks) isMapElement(e ast.Expr) bool {
	index, ok := ast.Unparen(e).(*ast.IndexExpr)
	if !ok {
		return false
	}
	t := m.info.Types[index.X].Type
	if t == nil {
		return false
	}
	_, ok = t.Underlying().(*types.Map)
	return ok
}

// indexFails is about what the index guards leave out: arrays behind nil, keys that have no hash.
func (m *marks) indexFails(n *ast.IndexExpr) bool {
	t := m.info.Types[n.X].Type
	if t == nil {
		return false
	}
	switch t := t.Underlying().(type) {
	case *types.Pointer:
		return true
	case *types.Map:
		return types.IsInterface(t.Key())
	}
	return false
}

// binaryFails tells divisions of integers by what may be zero, and comparisons of interface values,
// which may hold what cannot be compared.
func (m *marks) binaryFails(n *ast.BinaryExpr) bool {
	x, y := m.info.Types[n.X], m.info.Types[n.Y]
	if x.Type == nil || y.Type == nil {
		return false
	}
	switch n.Op {
	case token.QUO, token.REM:
		b, ok := x.Type.Underlying().(*types.Basic)
		return y.Value == nil && ok && b.Info()&types.IsInteger != 0
	case token.EQL, token.NEQ:
		return !x.IsNil() && !y.IsNil() && (types.IsInterface(x.Type) || types.IsInterface(y.Type))
	}
	return false
}

// callFails leaves out conversions, most builtins, and the functions that never panic of those that
// cells call most.
func (m *marks) callFails(call *ast.CallExpr) bool {
	tv := m.info.Types[call.Fun]
	if tv.IsType() {
		return m.toArray(call)
	}
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.Ident:
		if _, ok := m.info.Uses[f].(*types.Builtin); ok {
			return f.Name == "close" || f.Name == "make" && len(call.Args) > 1 && m.info.Types[call.Args[1]].Value == nil
		}
		return !slices.Contains(takeHelpers, f.Name) && !m.neverFails(f.Name)
	case *ast.SelectorExpr:
		fn, ok := m.info.Uses[f.Sel].(*types.Func)
		return !ok || fn.Pkg() == nil || fn.Signature().Recv() != nil || !neverPanics[fn.Pkg().Path()] && !m.prints(call)
	}
	return true
}

// neverFails reports whether a name is that of a function of the engine that puts values in boxes.
func (m *marks) neverFails(name string) bool {
	return slices.ContainsFunc([]string{"Box", "BoxError", "Unwrap", "Bare", "Target", "Is", "Holds", "Implements"}, func(f string) bool { return name == m.rt(f) })
}

// neverPanics are packages none of whose functions panics.
var neverPanics = map[string]bool{"math": true, "math/cmplx": true, "unicode": true, "unicode/utf8": true, "errors": true}

// toArray reports whether a conversion makes an array, or a pointer to one, of a slice.
func (m *marks) toArray(call *ast.CallExpr) bool {
	t := m.info.Types[call.Fun].Type.Underlying()
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem().Underlying()
	}
	_, array := t.(*types.Array)
	return array
}

// What begins a function that no traceback names: one of the lowering's own making, which is a part
// of the function around it, and the copy of one of a package.
const (
	noFunction      = "/*line 0/_.go:1:1*/"
	packageFunction = "/*line 1/_.go:1:1*/"
)

// list gives a function its entry in Program.Funcs.
func (l *lowering) list(ctx *funcContext) {
	if ctx.name != "" {
		ctx.id = fmt.Sprintf("%d.%d", l.session.seq, len(l.funcs)+1)
		l.funcs[ctx.id] = Func{Name: ctx.name, Cell: ctx.cell, Line: ctx.line}
	}
}

// head adds to a function what it begins with: the line directive by which yaegi names it when a panic
// leaves it (the directory in it does; of the file name yaegi makes use itself), what reports its line,
// and its poll.
func (l *lowering) head(ctx *funcContext, body *ast.BlockStmt) {
	name := packageFunction
	if ctx.id != "" {
		name = fmt.Sprintf("/*line %s/_.go:1:1*/", ctx.id)
	}
	head := []ast.Stmt{raw("%s", name)}
	if try := l.tryPure(ctx); try != nil {
		head = append(head, try)
	}
	if ctx.marked {
		head = append(head, raw("%s := 0", lineVar))
		if ctx.defers == "" {
			head = append(head, raw("defer %s(&%s)", l.rt("Left"), lineVar))
		}
	}
	if ctx.polls {
		head = append(head, l.pollIn(ctx))
	}
	body.List = append(head, body.List...)
}
