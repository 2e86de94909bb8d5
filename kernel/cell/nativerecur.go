package cell

import (
	"go/ast"
	"go/types"
	"maps"
	"slices"
)

// recursions finds the functions that may, by way of the names they mention, call themselves. A method
// that is called through an interface may be each of its name.
func (h *hardening) recursions(mentions map[types.Object][]types.Object) map[types.Object]bool {
	for _, list := range slices.Collect(maps.Values(mentions)) {
		for _, fn := range list {
			if isInterfaceMethod(fn.(*types.Func)) {
				mentions[fn] = h.methods[fn.Name()]
			}
		}
	}
	found := map[types.Object]bool{}
	for fn := range mentions {
		found[fn] = leadsBack(mentions, fn)
	}
	return found
}

// leadsBack reports whether a way leads from fn back to it.
func leadsBack(mentions map[types.Object][]types.Object, fn types.Object) bool {
	seen := map[types.Object]bool{}
	todo := slices.Clone(mentions[fn])
	for len(todo) > 0 && !seen[fn] {
		next := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if !seen[next] {
			seen[next] = true
			todo = append(todo, mentions[next]...)
		}
	}
	return seen[fn]
}

// functionsIn gives the functions that a declaration or a statement mentions.
func (h *hardening) functionsIn(n ast.Node) []types.Object {
	var found []types.Object
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			if f := h.called(id); f != nil {
				found = append(found, f)
			}
		}
		return true
	})
	return found
}

// mayRecur reports whether a statement may call the function that it stands in: it mentions one that
// may call itself and so does the function, or it calls what the text does not name.
func (h *hardening) mayRecur(s ast.Stmt, recursive bool) bool {
	if recursive && slices.ContainsFunc(h.functionsIn(s), func(f types.Object) bool { return h.recursive[f] }) {
		return true
	}
	found := false
	ast.Inspect(s, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		found = found || ok && h.runsUnknown(call)
		return !found
	})
	return found
}

// runsUnknown reports whether a call may run code of the file other than a function that it names.
func (h *hardening) runsUnknown(call *ast.CallExpr) bool {
	fun := ast.Unparen(call.Fun)
	if t := h.info.Types[fun]; t.IsType() || t.IsBuiltin() {
		return false
	}
	if _, ok := fun.(*ast.FuncLit); ok {
		return false
	}
	f := h.called(fun)
	if f == nil {
		return true
	}
	return f.Pkg() != h.pkg && slices.ContainsFunc(call.Args, func(e ast.Expr) bool { return carriesCode(h.info.TypeOf(e)) })
}
