package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// A range over a function becomes a call of it. The body is a function literal that returns whether
// to go on; what would leave the loop by another way writes down where it wants to go, returns
// false, and is carried out behind the call.

// rangeFunc lowers a range over a function, whose body has been lowered already.
func (l *lowering) rangeFunc(cur *astutil.Cursor, r *ast.RangeStmt, seq *types.Signature) {
	yield := seq.Params().At(0).Type().Underlying().(*types.Signature)
	x := &exits{lowering: l, where: l.temp(), results: l.context().results}
	if labeled, ok := cur.Parent().(*ast.LabeledStmt); ok {
		x.label = labeled.Label.Name
	}
	x.collectLabels(r.Body)
	x.rewrite(r.Body)

	fn := &ast.FuncLit{Type: &ast.FuncType{Params: &ast.FieldList{}, Results: &ast.FieldList{List: []*ast.Field{{Type: ast.NewIdent("bool")}}}}}
	body := []ast.Stmt{raw(noFunction), l.poll()}
	for i, e := range []ast.Expr{r.Key, r.Value}[:yield.Params().Len()] {
		p := l.temp()
		fn.Type.Params.List = append(fn.Type.Params.List, &ast.Field{
			Names: []*ast.Ident{ast.NewIdent(p)},
			Type:  ast.NewIdent(l.typeString(yield.Params().At(i).Type(), r)),
		})
		if id, ok := e.(*ast.Ident); e != nil && (!ok || id.Name != "_") {
			body = append(body, &ast.AssignStmt{Lhs: []ast.Expr{e}, Tok: r.Tok, Rhs: []ast.Expr{ast.NewIdent(p)}})
		}
	}
	fn.Body = &ast.BlockStmt{List: append(append(body, r.Body.List...), goOn(true))}

	list := []ast.Stmt{raw("%s := 0", x.where)}
	list = append(list, x.declared()...)
	seqVar, body1 := l.temp(), l.temp()
	list = append(list,
		&ast.AssignStmt{Lhs: []ast.Expr{ast.NewIdent(seqVar)}, Tok: token.DEFINE, Rhs: []ast.Expr{r.X}},
		&ast.AssignStmt{Lhs: []ast.Expr{ast.NewIdent(body1)}, Tok: token.DEFINE, Rhs: []ast.Expr{fn}},
		raw("%s(%s)", seqVar, body1))
	cur.Replace(&ast.BlockStmt{List: append(list, x.after()...)})
}

// raw is a statement given as text; no branch of control may be in it that a loop around it must see.
func raw(format string, args ...any) ast.Stmt {
	return &ast.ExprStmt{X: ast.NewIdent(fmt.Sprintf(format, args...))}
}

// goOn tells the function that is ranged over whether to go on.
func goOn(more bool) ast.Stmt {
	return &ast.ReturnStmt{Results: []ast.Expr{ast.NewIdent(fmt.Sprint(more))}}
}

// exits are the ways out of the body of one loop.
type exits struct {
	*lowering
	where   string          // variable: 0 nowhere special, 1 return, more: a jump of the list
	label   string          // of the loop itself
	inner   map[string]bool // labels inside the body
	results *types.Tuple    // of the function around, nil for a cell
	values  []string        // variables that hold the results
	returns bool
	bare    bool // a return without values occurs
	jumps   []*ast.BranchStmt
}

func (x *exits) collectLabels(body ast.Node) {
	x.inner = map[string]bool{}
	ast.Inspect(body, func(n ast.Node) bool {
		if labeled, ok := n.(*ast.LabeledStmt); ok {
			x.inner[labeled.Label.Name] = true
		}
		return true
	})
}

// rewrite replaces the statements that leave the loop. Those of loops and switches inside stay, and
// a function literal is no part of the loop.
func (x *exits) rewrite(body ast.Node) {
	loops, switches := 0, 0
	astutil.Apply(body, func(cur *astutil.Cursor) bool {
		switch n := cur.Node().(type) {
		case *ast.FuncLit:
			return false
		case *ast.ForStmt, *ast.RangeStmt:
			loops++
		case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			switches++
		case *ast.BranchStmt:
			if s := x.branch(n, loops, switches); s != nil {
				cur.Replace(s)
			}
			return false
		case *ast.ReturnStmt:
			cur.Replace(x.leave(n))
			return false
		}
		return true
	}, func(cur *astutil.Cursor) bool {
		switch cur.Node().(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			loops--
		case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			switches--
		}
		return true
	})
}

// branch gives what becomes of a break, continue or goto, nil when it stays.
func (x *exits) branch(n *ast.BranchStmt, loops, switches int) ast.Stmt {
	own := n.Label != nil && n.Label.Name == x.label
	switch {
	case n.Tok == token.FALLTHROUGH, n.Label != nil && x.inner[n.Label.Name]:
		return nil
	case n.Tok == token.BREAK && (own || n.Label == nil && loops == 0 && switches == 0):
		return goOn(false)
	case n.Tok == token.CONTINUE && (own || n.Label == nil && loops == 0):
		return goOn(true)
	case n.Label == nil:
		return nil
	}
	x.jumps = append(x.jumps, n)
	return &ast.BlockStmt{List: []ast.Stmt{raw("%s = %d", x.where, len(x.jumps)+1), goOn(false)}}
}

// leave gives what becomes of a return.
func (x *exits) leave(n *ast.ReturnStmt) ast.Stmt {
	x.returns = true
	list := []ast.Stmt{raw("%s = 1", x.where)}
	if len(n.Results) == 0 {
		x.bare = true
	} else {
		if x.values == nil {
			for range x.results.Len() {
				x.values = append(x.values, x.temp())
			}
		}
		var lhs []ast.Expr
		for _, v := range x.values {
			lhs = append(lhs, ast.NewIdent(v))
		}
		list = append(list, x.assignAll(lhs, n.Results)...)
	}
	return &ast.BlockStmt{List: append(list, goOn(false))}
}

// declared gives the declarations of the variables that hold results.
func (x *exits) declared() []ast.Stmt {
	var list []ast.Stmt
	for i, v := range x.values {
		list = append(list, raw("var %s %s", v, x.typeString(x.results.At(i).Type(), at(0))))
	}
	return list
}

// after gives the statements behind the call, which carry out what the body wanted.
func (x *exits) after() []ast.Stmt {
	var list []ast.Stmt
	if x.returns {
		back := &ast.ReturnStmt{}
		for _, v := range x.values {
			back.Results = append(back.Results, ast.NewIdent(v))
		}
		if x.bare {
			back.Results = nil
		}
		list = append(list, when(x.where, 1, back))
	}
	for i, jump := range x.jumps {
		list = append(list, when(x.where, i+2, jump))
	}
	return list
}

func when(where string, is int, do ast.Stmt) ast.Stmt {
	return &ast.IfStmt{Cond: ast.NewIdent(fmt.Sprintf("%s == %d", where, is)), Body: &ast.BlockStmt{List: []ast.Stmt{do}}}
}
