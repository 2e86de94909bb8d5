package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// An interrupt, and the end of a recursion that has none, happen at polls: lowered code asks the engine
// whether it shall end, which costs 12 ns. Every loop polls but those that count to a
// small constant, and every function that may be part of a recursion. A recursion either is one of declared functions that name each other, or passes a call
// of which the text does not say what it runs; so functions that make such calls poll, and those that
// make none need not. Function literals always do: what runs them is often a loop of a package.

// poll is the statement by which a loop or a function finds out that it shall end.
func (l *lowering) poll() ast.Stmt { return l.pollIn(l.context()) }

// pollLoop puts a poll into the body of a loop that needs one.
func (l *lowering) pollLoop(body *ast.BlockStmt, list []ast.Stmt) []ast.Stmt {
	if l.short[body] {
		return list
	}
	return append([]ast.Stmt{l.poll()}, list...)
}

func (l *lowering) pollIn(ctx *funcContext) ast.Stmt {
	return raw("if *%s { %s(%q) }", l.rt("Stop"), l.rt("Halt"), ctx.id)
}

// polls reports whether a function has to poll when it begins.
func (l *lowering) polls(body *ast.BlockStmt) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			found = found || l.runsUnknown(n)
		case *ast.RangeStmt:
			found = found || l.rangesOverFunc(n)
		}
		return !found
	})
	return found
}

// runsUnknown reports whether a call may run code of cells other than a function that it names.
func (l *lowering) runsUnknown(call *ast.CallExpr) bool {
	if l.info.Types[call.Fun].IsType() {
		return false
	}
	var id *ast.Ident
	switch f := ast.Unparen(call.Fun).(type) {
	case *ast.FuncLit:
		return false
	case *ast.Ident:
		id = f
	case *ast.SelectorExpr:
		id = f.Sel
	default:
		return true
	}
	switch f := l.info.Uses[id].(type) {
	case *types.Builtin:
		return false
	case *types.Func:
		if f.Pkg() != nil && f.Pkg().Path() == "main" {
			return f.Signature().Recv() != nil || l.info.Instances[id].TypeArgs != nil
		}
		return slices.ContainsFunc(call.Args, func(e ast.Expr) bool { return carriesCode(l.info.Types[e].Type) })
	}
	return true
}

// carriesCode reports whether code of cells may be run through a value of a type: it is, or holds, a
// function, an interface or a type of a cell.
func carriesCode(t types.Type) bool {
	carries := false
	walkTypes(t, map[types.Type]bool{}, func(t types.Type) {
		switch t := t.(type) {
		case *types.Signature, *types.Interface:
			carries = true
		case *types.Named:
			p := t.Obj().Pkg()
			carries = carries || p == nil || p.Path() == "main"
		}
	})
	return carries
}

// recursive finds the functions that may, by way of the names they mention, call themselves.
func (l *lowering) recursive() map[string]bool {
	own := map[string][]string{}
	for _, e := range l.entities {
		own[e.name] = e.uses
	}
	uses := func(name string) []string {
		if list, ok := own[name]; ok {
			return list
		}
		if e := l.session.names[name]; e != nil {
			return e.uses
		}
		return nil
	}
	found := map[string]bool{}
	for _, e := range l.entities {
		seen := map[string]bool{}
		todo := slices.Clone(e.uses)
		for len(todo) > 0 {
			name := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			if !seen[name] {
				seen[name] = true
				todo = append(todo, uses(name)...)
			}
		}
		if seen[e.name] {
			found[e.name] = true
		}
	}
	return found
}

// shortLoop is how many iterations a loop may have that does not poll: they take a few milliseconds.
const shortLoop = 100_000

// noteLoops notes the loops of a function that need no poll: they count to a constant, and call nothing
// but arithmetic. And those over an integer that can count in the variable of the cell itself.
func (l *lowering) noteLoops(body *ast.BlockStmt) {
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ForStmt:
			l.short[n.Body] = l.iterations(n) <= shortLoop
		case *ast.RangeStmt:
			l.short[n.Body] = l.iterations(n) <= shortLoop
			l.counters[n.Body] = l.keepsCounter(n)
		}
		return true
	})
}

// keepsCounter reports whether a range over an integer leaves its variable alone.
func (l *lowering) keepsCounter(s *ast.RangeStmt) bool {
	v := (&bounds{lowering: l}).variable(s.Key)
	return v != nil && s.Tok == token.DEFINE && l.rangesOverInt(s) && !l.captured(s.Body, v) && !(&bounds{lowering: l}).assigns(s.Body, v)
}

// iterations gives how often the innermost part of a loop runs at most, beyond shortLoop when that is
// not known.
func (l *lowering) iterations(loop ast.Stmt) int64 {
	const unknown = shortLoop + 1
	var count int64
	var body *ast.BlockStmt
	switch s := loop.(type) {
	case *ast.ForStmt:
		count, body = l.counts(s), s.Body
	case *ast.RangeStmt:
		body = s.Body
		if n, ok := (&bounds{lowering: l}).constant(s.X); ok {
			count = n
		} else if count = (&bounds{lowering: l}).arrayLength(s.X); count == 0 {
			return unknown
		}
	}
	if count < 0 || count > shortLoop {
		return unknown
	}
	inner := int64(1)
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			inner = max(inner, l.iterations(n.(ast.Stmt)))
			return false
		case *ast.CallExpr:
			if (&marks{lowering: l}).callFails(n) || (&bounds{lowering: l}).calls(n) {
				inner = unknown
			}
		case *ast.FuncLit, *ast.BranchStmt, *ast.SendStmt, *ast.SelectStmt:
			if b, ok := n.(*ast.BranchStmt); !ok || b.Tok == token.GOTO {
				inner = unknown
			}
		case *ast.UnaryExpr:
			if n.Op == token.ARROW {
				inner = unknown
			}
		}
		return inner <= shortLoop
	})
	return max(count, 1) * inner
}

// counts gives how often a loop with a clause runs that counts up to a constant, -1 for others.
func (l *lowering) counts(s *ast.ForStmt) int64 {
	b := &bounds{lowering: l}
	init, ok := s.Init.(*ast.AssignStmt)
	cond, isBinary := s.Cond.(*ast.BinaryExpr)
	post, isInc := s.Post.(*ast.IncDecStmt)
	if !ok || !isBinary || !isInc || len(init.Lhs) != 1 || init.Tok != token.DEFINE || post.Tok != token.INC || cond.Op != token.LSS && cond.Op != token.LEQ {
		return -1
	}
	v := b.variable(init.Lhs[0])
	from, okFrom := b.constant(init.Rhs[0])
	to, okTo := b.constant(cond.Y)
	if v == nil || b.variable(cond.X) != v || b.variable(post.X) != v || !okFrom || !okTo || b.assigns(s.Body, v) {
		return -1
	}
	return max(0, to-from+1)
}
