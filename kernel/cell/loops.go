package cell

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"unicode/utf8"

	"golang.org/x/tools/go/ast/astutil"
)

// freshRange gives closures of a range loop a variable of their own in each iteration: the body
// begins by declaring copies, and uses these. Only where the body could tell the difference. It could
// also if it assigns the key, by which yaegi counts.
func (l *lowering) freshRange(r *ast.RangeStmt) {
	if r.Tok != token.DEFINE || l.rangesOverFunc(r) || l.rangesOverInt(r) {
		return
	}
	var names, values []ast.Expr
	renamed := map[types.Object]string{}
	for _, e := range []ast.Expr{r.Key, r.Value} {
		id, ok := e.(*ast.Ident)
		if v := l.info.Defs[id]; ok && v != nil && (l.captured(r.Body, v) || l.assigns(r.Body, v)) {
			renamed[v] = id.Name + l.temp() // which nothing in the body hides
			names, values = append(names, ast.NewIdent(renamed[v])), append(values, ast.NewIdent(id.Name))
		}
	}
	if len(names) > 0 {
		l.renameIn(r.Body, renamed)
		define := &ast.AssignStmt{Lhs: names, Tok: token.DEFINE, Rhs: values}
		r.Body.List = append([]ast.Stmt{define}, r.Body.List...)
	}
}

// captured reports whether body takes the address of a variable or uses it in a function literal.
func (l *lowering) captured(body ast.Node, v types.Object) bool {
	found := false
	uses := func(n ast.Node) bool {
		used := false
		ast.Inspect(n, func(n ast.Node) bool {
			id, ok := n.(*ast.Ident)
			used = used || ok && v != nil && l.info.Uses[id] == v
			return !used
		})
		return used
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			found = found || uses(n)
			return false
		case *ast.UnaryExpr:
			found = found || n.Op == token.AND && uses(n.X)
		}
		return !found
	})
	return found
}

// assigns reports whether body assigns to a variable.
func (l *lowering) assigns(body ast.Node, v types.Object) bool {
	found := false
	is := func(e ast.Expr) {
		id, ok := ast.Unparen(e).(*ast.Ident)
		found = found || ok && l.info.Uses[id] == v
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.IncDecStmt:
			is(n.X)
		case *ast.RangeStmt:
			is(n.Key)
			is(n.Value)
		case *ast.AssignStmt:
			for _, e := range n.Lhs {
				is(e)
			}
		}
		return !found
	})
	return found
}

// freshFor does the same for a loop with a clause: each iteration works on a copy, which is copied
// back before the post statement (Go specification, "For statements with for clause").
func (l *lowering) freshFor(f *ast.ForStmt, label string) {
	init, ok := f.Init.(*ast.AssignStmt)
	if !ok || init.Tok != token.DEFINE {
		return
	}
	var inside, ours []ast.Expr // names that nothing in the body can hide
	inBody, inHeader := map[types.Object]string{}, map[types.Object]string{}
	for _, e := range init.Lhs {
		id, ok := e.(*ast.Ident)
		if v := l.info.Defs[id]; ok && v != nil && l.captured(f.Body, v) {
			inBody[v], inHeader[v] = id.Name+l.temp(), id.Name+l.temp()
			inside, ours = append(inside, ast.NewIdent(inBody[v])), append(ours, ast.NewIdent(inHeader[v]))
		}
	}
	if len(inside) == 0 {
		return
	}
	l.renameIn(f.Body, inBody)
	for _, n := range []ast.Node{f.Init, f.Cond, f.Post} {
		l.renameIn(n, inHeader)
	}
	in := &ast.AssignStmt{Lhs: inside, Tok: token.DEFINE, Rhs: ours}
	out := func() ast.Stmt { // of slices of its own, which the lowering of assignments changes
		return &ast.AssignStmt{Lhs: slices.Clone(ours), Tok: token.ASSIGN, Rhs: slices.Clone(inside)}
	}
	beforeContinue(f.Body, label, out)
	f.Body.List = append(append([]ast.Stmt{in}, f.Body.List...), out())
}

// renameIn renames variables in one part of a loop.
func (l *lowering) renameIn(n ast.Node, names map[types.Object]string) {
	if n == nil {
		return
	}
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			obj := l.info.Uses[id]
			if obj == nil {
				obj = l.info.Defs[id]
			}
			if name, ok := names[obj]; ok && obj != nil {
				id.Name = name
			}
		}
		return true
	})
}

// beforeContinue puts a statement before each continue of the loop with this body and label, "" for
// none.
func beforeContinue(body *ast.BlockStmt, label string, stmt func() ast.Stmt) {
	loops := 0
	inner := func(n ast.Node) int {
		switch n.(type) {
		case *ast.ForStmt, *ast.RangeStmt:
			return 1
		}
		return 0
	}
	astutil.Apply(body, func(cur *astutil.Cursor) bool {
		loops += inner(cur.Node())
		switch n := cur.Node().(type) {
		case *ast.FuncLit:
			return false
		case *ast.BranchStmt:
			own := n.Label == nil && loops == 0 || n.Label != nil && n.Label.Name == label
			if n.Tok == token.CONTINUE && own {
				cur.Replace(&ast.BlockStmt{List: []ast.Stmt{stmt(), n}})
				return false
			}
		}
		return true
	}, func(cur *astutil.Cursor) bool {
		loops -= inner(cur.Node())
		return true
	})
}

// labelOf gives the label of the statement at the cursor, "" when it has none.
func labelOf(cur *astutil.Cursor) string {
	if labeled, ok := cur.Parent().(*ast.LabeledStmt); ok {
		return labeled.Label.Name
	}
	return ""
}

func (l *lowering) rangesOverInt(r *ast.RangeStmt) bool {
	b, ok := l.rangeType(r).(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

func (l *lowering) rangesOverFunc(r *ast.RangeStmt) bool {
	_, ok := l.rangeType(r).(*types.Signature)
	return ok
}

// rangeType gives the underlying type of what a loop runs over.
func (l *lowering) rangeType(r *ast.RangeStmt) types.Type {
	if t := l.info.Types[r.X].Type; t != nil {
		return t.Underlying()
	}
	return nil
}

// rangeStmt lowers a range over an integer to a loop that counts, and adds the poll to others.
func (l *lowering) rangeStmt(cur *astutil.Cursor, r *ast.RangeStmt) {
	if seq, ok := l.rangeType(r).(*types.Signature); ok {
		l.rangeFunc(cur, r, seq)
		return
	}
	if !l.rangesOverInt(r) {
		l.rangeRunes(r)
		l.rangePointed(r)
		l.rangeInPlace(r)
		r.Body.List = l.pollLoop(r.Body, r.Body.List)
		return
	}
	i, n := l.temp(), l.temp()
	typ := types.Default(l.info.Types[r.X].Type)
	body := l.pollLoop(r.Body, nil)
	if id, ok := r.Key.(*ast.Ident); l.counters[r.Body] {
		i = id.Name
	} else if r.Key != nil && (!ok || id.Name != "_") {
		body = append(body, &ast.AssignStmt{Lhs: []ast.Expr{r.Key}, Tok: r.Tok, Rhs: []ast.Expr{ast.NewIdent(i)}})
	}
	zero := &ast.CallExpr{Fun: &ast.ParenExpr{X: ast.NewIdent(l.typeString(typ, r))}, Args: []ast.Expr{&ast.BasicLit{Kind: token.INT, Value: "0"}}}
	limit := &ast.CallExpr{Fun: zero.Fun, Args: []ast.Expr{r.X}}
	cur.Replace(&ast.ForStmt{
		For:  r.For,
		Init: &ast.AssignStmt{Lhs: []ast.Expr{ast.NewIdent(i), ast.NewIdent(n)}, Tok: token.DEFINE, Rhs: []ast.Expr{zero, limit}},
		Cond: &ast.BinaryExpr{X: ast.NewIdent(i), Op: token.LSS, Y: ast.NewIdent(n)},
		Post: &ast.IncDecStmt{X: ast.NewIdent(i), Tok: token.INC},
		Body: &ast.BlockStmt{List: append(body, r.Body.List...)},
	})
}

// countArray has a loop that wants only the indices of an array run over their number: what points to it
// may be nil (Go specification, "For statements with range clause"). The array is evaluated only if that
// calls something.
func (l *lowering) countArray(r *ast.RangeStmt) {
	length := (&bounds{lowering: l}).arrayLength(r.X)
	if r.Value != nil || length == 0 {
		return
	}
	if (&bounds{lowering: l}).callsIn(r.X) {
		r.X = l.lengthOf(r.X, length)
		return
	}
	r.X = wholeNumber(length)
	l.info.Types[r.X] = types.TypeAndValue{Type: types.Typ[types.Int], Value: constant.MakeInt64(length)}
}

// lengthOf evaluates an array, or a pointer to one that may be nil, and gives its length.
func (l *lowering) lengthOf(array ast.Expr, length int64) ast.Expr {
	e := made([]ast.Expr{array}, "func(%s) int { return %d }", l.typeString(l.typeOf(array), array), length)
	l.setType(e, types.Typ[types.Int])
	return e
}

// rangePointed has a loop over an array that is pointed at run over a slice of it: of the pointer, yaegi
// keeps the array in a variable of something else.
func (l *lowering) rangePointed(r *ast.RangeStmt) {
	if isPointer(l.rangeType(r)) {
		r.X = &ast.SliceExpr{X: &ast.ParenExpr{X: r.X}}
	}
}

// rangeRunes has the engine find the runes of a string when their indices are wanted: yaegi believes
// that what is no UTF-8 takes three bytes.
func (l *lowering) rangeRunes(r *ast.RangeStmt) {
	b, ok := l.rangeType(r).(*types.Basic)
	if !ok || b.Info()&types.IsString == 0 || isBlank(r.Key) {
		return
	}
	if v := l.info.Types[r.X].Value; v != nil && utf8.ValidString(constant.StringVal(v)) {
		return
	}
	each := l.temp()
	set := &ast.AssignStmt{Lhs: []ast.Expr{r.Key}, Tok: r.Tok, Rhs: []ast.Expr{ast.NewIdent(each + ".Start")}}
	if !isBlank(r.Value) {
		set.Lhs, set.Rhs = append(set.Lhs, r.Value), append(set.Rhs, ast.NewIdent(each+".Value"))
	}
	r.Body.List = append([]ast.Stmt{set}, r.Body.List...)
	r.X = &ast.CallExpr{Fun: ast.NewIdent(l.rt("Runes")), Args: []ast.Expr{l.asString(r.X)}}
	r.Key, r.Value, r.Tok = ast.NewIdent("_"), ast.NewIdent(each), token.DEFINE
}

func isBlank(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return e == nil || ok && id.Name == "_"
}

// asString converts a string of any type.
func (l *lowering) asString(e ast.Expr) ast.Expr {
	return &ast.CallExpr{Fun: ast.NewIdent("string"), Args: []ast.Expr{e}}
}

// breakOutOfSelect lets a labelled break in a clause of a select leave what it names: straight in the
// clause yaegi ends the select alone, in a switch it does as it should.
func breakOutOfSelect(s *ast.SelectStmt) {
	astutil.Apply(s.Body, func(cur *astutil.Cursor) bool {
		switch n := cur.Node().(type) {
		case *ast.FuncLit, *ast.ForStmt, *ast.RangeStmt, *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
			return false
		case *ast.BranchStmt:
			if n.Tok == token.BREAK && n.Label != nil {
				clause := &ast.CaseClause{Body: []ast.Stmt{n}}
				cur.Replace(&ast.SwitchStmt{Body: &ast.BlockStmt{List: []ast.Stmt{clause}}})
				return false
			}
		}
		return true
	}, nil)
}
