package cell

import (
	"go/ast"
	"go/token"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
)

// When a function literal returns, yaegi puts back what its place in the frame around it held before the
// literal was made. In a loop that place is used again; a goroutine that ends its literal just when the
// loop has made the next one gives it back the last one, with the variables of another iteration. A
// literal that is made in a loop therefore gets a frame of its own:
//
//	f := func() {...}	f := func() func() { return func() {...} }()

// freshFrames rewrites a lowered tree so that literals in loops, those in n too if it stands in one, have
// frames of their own.
func freshFrames(n ast.Node, inLoop bool) {
	awaited := map[*ast.FuncLit]bool{} // those that end before anything goes on
	astutil.Apply(n, func(cur *astutil.Cursor) bool {
		switch x := cur.Node().(type) {
		case *ast.BlockStmt:
			noteAwaited(x.List, awaited)
		case *ast.CaseClause:
			noteAwaited(x.Body, awaited)
		case *ast.ForStmt, *ast.RangeStmt:
			if !inLoop {
				freshFrames(x, true)
				return false
			}
		case *ast.FuncDecl:
			if x.Body != nil {
				freshFrames(x.Body, jumps(x.Body))
			}
			return false
		case *ast.FuncLit:
			freshFrames(x.Body, jumps(x.Body))
			if call, ok := cur.Parent().(*ast.CallExpr); inLoop && !awaited[x] && !(ok && (call.Fun == ast.Expr(x) || awaits(call))) {
				cur.Replace(inFrame(x))
			}
			return false
		}
		return true
	}, nil)
}

// inFrame makes a literal in a call of its own.
func inFrame(lit *ast.FuncLit) ast.Expr {
	maker := closure(&ast.ReturnStmt{Results: []ast.Expr{lit}}).(*ast.FuncLit)
	maker.Type.Results = &ast.FieldList{List: []*ast.Field{{Type: lit.Type}}}
	return &ast.CallExpr{Fun: maker}
}

// jumps reports whether a function may run its statements again without a loop.
func jumps(body *ast.BlockStmt) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		if b, ok := n.(*ast.BranchStmt); ok && b.Tok == token.GOTO {
			found = true
		}
		_, inner := n.(*ast.FuncLit)
		return !inner && !found
	})
	return found
}

// noteAwaited notes the literals of a list of statements that have a variable of their own and go to a
// call that awaits them.
func noteAwaited(list []ast.Stmt, awaited map[*ast.FuncLit]bool) {
	lits := map[string]*ast.FuncLit{}
	for _, s := range list {
		if set, ok := s.(*ast.AssignStmt); ok && set.Tok == token.DEFINE && len(set.Rhs) == 1 {
			if lit, ok := set.Rhs[0].(*ast.FuncLit); ok && strings.HasPrefix(set.Lhs[0].(*ast.Ident).Name, mark) {
				lits[set.Lhs[0].(*ast.Ident).Name] = lit
				continue
			}
		}
		ast.Inspect(s, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || !awaits(call) {
				return true
			}
			for _, arg := range call.Args {
				if id, ok := arg.(*ast.Ident); ok && lits[id.Name] != nil {
					awaited[lits[id.Name]] = true
				}
			}
			return true
		})
	}
}

// awaitingPackages call the functions that they get at once, in the goroutine that called them.
var awaitingPackages = []string{"sort", "slices", "maps", "strings", "bytes"}

// awaits reports whether a lowered call is known to call the functions that it gets in the goroutine of its
// caller only.
func awaits(call *ast.CallExpr) bool {
	name := ""
	switch fun := call.Fun.(type) {
	case *ast.Ident:
		name = fun.Name
	case *ast.SelectorExpr:
		if x, ok := fun.X.(*ast.Ident); ok {
			name = x.Name + "." + fun.Sel.Name
		}
	}
	rest, ok := strings.CutPrefix(name, mark)
	if !ok {
		return false
	}
	of, method, _ := strings.Cut(rest, ".")
	pkg, _, _ := strings.Cut(of, "_")
	return slices.Contains([]string{"Run", "Add", "AddCall"}, method) && strings.HasPrefix(of, "t") || slices.Contains(awaitingPackages, pkg)
}
