package cell

import (
	"go/ast"
	"go/types"
	"slices"
)

// An interrupt, and the end of a recursion that has none, happen at polls: lowered code asks the engine
// whether it shall end, which costs 12 ns. Every loop polls, and every function that may be part of a
// recursion. A recursion either is one of declared functions that name each other, or passes a call
// of which the text does not say what it runs; so functions that make such calls poll, and those that
// make none need not. Function literals always do: what runs them is often a loop of a package.

// poll is the statement by which a loop or a function finds out that it shall end.
func (l *lowering) poll() ast.Stmt { return l.pollIn(l.context()) }

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
		return slices.ContainsFunc(call.Args, l.carriesCode)
	}
	return true
}

// carriesCode reports whether code of cells may be run through a value: it is, or holds, a function,
// an interface or a type of a cell.
func (l *lowering) carriesCode(e ast.Expr) bool {
	carries := false
	walkTypes(l.info.Types[e].Type, map[types.Type]bool{}, func(t types.Type) {
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
	uses := map[string][]string{}
	for _, e := range l.session.names {
		uses[e.name] = e.uses
	}
	for _, e := range l.entities {
		uses[e.name] = e.uses
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
				todo = append(todo, uses[name]...)
			}
		}
		if seen[e.name] {
			found[e.name] = true
		}
	}
	return found
}
