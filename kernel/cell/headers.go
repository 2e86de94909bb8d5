package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// yaegi does not evaluate the tag of a switch that has an initial statement, nor what a select sends
// or receives from when that is an expression, and it cannot receive into what is there already. A range that assigns
// takes the operands of its second place too late. Several values are right only where they can be assigned one
// by one, in a list of statements. So these parts move out of the header, or into a function literal:
//
//	switch x := f(); x + 1 {	{ x := f(); switch x + 1 {
//	case c <- x + 1:	t := x + 1; select { case c <- t:
//	case a[i] = <-c:	case t := <-c: a[i] = t
//	for ; ; v, ok = m[v] {	for ; ; func() { v, ok = m[v] }() {

// headers takes the headers of the statements in a list, and of those in them, apart.
func (l *lowering) headers(list *[]ast.Stmt) {
	var all []ast.Stmt
	for _, s := range *list {
		for _, inner := range l.nestedLists(s) {
			l.headers(inner)
		}
		inner, label := s, (*ast.LabeledStmt)(nil)
		if labeled, ok := s.(*ast.LabeledStmt); ok {
			inner, label = labeled.Stmt, labeled
		}
		if isJump := label != nil && isJumpTarget(label); !isJump {
			all = append(all, l.takeReceives(inner)...)
		}
		switch inner := inner.(type) {
		case *ast.DeclStmt:
			if each := eachVariable(inner); len(each) > 1 && label == nil {
				all = append(all, each...)
				continue
			}
		case *ast.SwitchStmt:
			if inner.Init != nil && (inner.Tag != nil || l.assignsSeveral(inner.Init)) {
				s = &ast.BlockStmt{List: []ast.Stmt{inner.Init, s}}
				inner.Init = nil
			}
		case *ast.IfStmt:
			if l.movesOut(inner) {
				block := &ast.BlockStmt{List: []ast.Stmt{inner.Init, inner}}
				inner.Init = nil
				l.headers(&block.List)
				s = block
			}
		case *ast.TypeSwitchStmt:
			if l.assignsSeveral(inner.Init) {
				s = &ast.BlockStmt{List: []ast.Stmt{inner.Init, s}}
				inner.Init = nil
			}
		case *ast.ForStmt:
			if l.assignsSeveral(inner.Init) && inner.Init.(*ast.AssignStmt).Tok == token.ASSIGN && label == nil {
				all = append(all, inner.Init)
				inner.Init = nil
			}
			if l.needsList(inner.Post) {
				inner.Post = l.inLiteral(inner.Post)
			}
		case *ast.RangeStmt:
			l.rangeAssigns(inner)
		case *ast.SelectStmt:
			for _, c := range inner.Body.List {
				all = append(all, l.communication(c.(*ast.CommClause))...)
			}
		}
		if waiting := l.waits(inner, label); waiting != nil {
			all = append(all, waiting...)
			continue
		}
		all = append(all, s)
	}
	*list = all
}

// eachVariable gives the specifications of a declaration of variables a declaration each, before which
// then may stand what its values need.
func eachVariable(d *ast.DeclStmt) []ast.Stmt {
	var each []ast.Stmt
	if g := d.Decl.(*ast.GenDecl); g.Tok == token.VAR {
		for _, s := range g.Specs {
			each = append(each, &ast.DeclStmt{Decl: &ast.GenDecl{TokPos: s.Pos(), Tok: token.VAR, Specs: []ast.Spec{s}}})
		}
	}
	return each
}

// rangeAssigns makes a range that assigns to two places, of which one is an element, assign them
// together at the beginning of its body: the operands of both come before either.
func (l *lowering) rangeAssigns(s *ast.RangeStmt) {
	if s.Tok != token.ASSIGN || isBlank(s.Key) || isBlank(s.Value) || !isElement(s.Key) && !isElement(s.Value) {
		return
	}
	key, value := rangeTypes(l.underlying(s.X))
	if b, ok := l.underlying(s.X).(*types.Basic); ok && b.Info()&types.IsString != 0 {
		key, value = types.Typ[types.Int], types.Typ[types.Rune]
	}
	if key == nil {
		return
	}
	set := &ast.AssignStmt{Lhs: []ast.Expr{s.Key, s.Value}, Tok: token.ASSIGN}
	for _, t := range []types.Type{key, value} {
		v := ast.NewIdent(l.temp())
		l.setType(v, t)
		set.Rhs = append(set.Rhs, v)
	}
	s.Key, s.Value, s.Tok = ast.NewIdent(set.Rhs[0].(*ast.Ident).Name), ast.NewIdent(set.Rhs[1].(*ast.Ident).Name), token.DEFINE
	s.Body.List = append([]ast.Stmt{set}, s.Body.List...)
}

// movesOut reports whether the initial statement of an if becomes a statement before it.
func (l *lowering) movesOut(s *ast.IfStmt) bool { return receivesFirst(s) || l.assignsSeveral(s.Init) }

// assignsSeveral reports whether a statement assigns or defines several values, or what a map may have.
func (l *lowering) assignsSeveral(s ast.Stmt) bool {
	a, ok := s.(*ast.AssignStmt)
	return ok && (len(a.Rhs) > 1 || l.isLookup(a) && isPlace(a.Lhs[0]))
}

// needsList reports whether an assignment of several values is right only in a list of statements.
func (l *lowering) needsList(s ast.Stmt) bool {
	a, ok := s.(*ast.AssignStmt)
	if !ok || len(a.Lhs) < 2 {
		return false
	}
	if len(a.Rhs) == 1 {
		_, isCall := ast.Unparen(a.Rhs[0]).(*ast.CallExpr)
		return !isCall
	}
	return slices.ContainsFunc(a.Rhs, calls) || slices.ContainsFunc(a.Lhs, isElement)
}

// inLiteral makes a statement, which is to have no list of its own, the call of a function literal.
func (l *lowering) inLiteral(s ast.Stmt) ast.Stmt {
	lit := &ast.FuncLit{Type: &ast.FuncType{Func: s.Pos(), Params: &ast.FieldList{}}, Body: &ast.BlockStmt{Lbrace: s.Pos(), List: []ast.Stmt{s}}}
	l.setType(lit, types.NewSignatureType(nil, nil, nil, nil, nil, false))
	call := &ast.CallExpr{Fun: lit}
	l.info.Types[call] = types.TypeAndValue{Type: types.NewTuple()}
	return &ast.ExprStmt{X: call}
}

// receivesFirst reports whether the initial statement of an if waits on a channel.
func receivesFirst(s *ast.IfStmt) bool {
	switch init := s.Init.(type) {
	case *ast.AssignStmt:
		return received(init.Rhs[0]) != nil
	case *ast.ExprStmt:
		return received(init.X) != nil
	}
	return false
}

// nestedLists gives the lists of statements that stand in a statement.
func (l *lowering) nestedLists(s ast.Stmt) []*[]ast.Stmt {
	switch s := s.(type) {
	case *ast.LabeledStmt:
		return l.nestedLists(s.Stmt)
	case *ast.BlockStmt:
		return []*[]ast.Stmt{&s.List}
	case *ast.IfStmt:
		if e, ok := s.Else.(*ast.IfStmt); ok && l.movesOut(e) {
			s.Else = &ast.BlockStmt{List: []ast.Stmt{e}}
		}
		return append(l.nestedLists(s.Else), &s.Body.List)
	case *ast.ForStmt:
		return []*[]ast.Stmt{&s.Body.List}
	case *ast.RangeStmt:
		return []*[]ast.Stmt{&s.Body.List}
	case *ast.SwitchStmt:
		return nestedClauses(s.Body)
	case *ast.TypeSwitchStmt:
		return nestedClauses(s.Body)
	case *ast.SelectStmt:
		return nestedClauses(s.Body)
	}
	return nil
}

func nestedClauses(body *ast.BlockStmt) []*[]ast.Stmt {
	var lists []*[]ast.Stmt
	for _, s := range body.List {
		switch s := s.(type) {
		case *ast.CaseClause:
			lists = append(lists, &s.Body)
		case *ast.CommClause:
			lists = append(lists, &s.Body)
		}
	}
	return lists
}

// communication takes the operands of a clause of a select, which are evaluated before it begins, and
// returns what evaluates them.
func (l *lowering) communication(c *ast.CommClause) []ast.Stmt {
	var before []ast.Stmt
	take := func(e ast.Expr) ast.Expr { return l.operand(e, &before) }
	receive := func(e ast.Expr) {
		if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok {
			u.X = take(u.X)
		}
	}
	switch s := c.Comm.(type) {
	case *ast.SendStmt:
		s.Chan, s.Value = take(s.Chan), take(s.Value)
	case *ast.ExprStmt:
		receive(s.X)
	case *ast.AssignStmt:
		receive(s.Rhs[0])
		if s.Tok == token.ASSIGN {
			l.receiveFirst(c, s)
		}
	}
	return before
}

// receiveFirst receives into variables, from which the clause then assigns.
func (l *lowering) receiveFirst(c *ast.CommClause, s *ast.AssignStmt) {
	received := &ast.AssignStmt{Tok: token.DEFINE, Rhs: s.Rhs}
	var assign []ast.Stmt
	for i, place := range s.Lhs {
		t := ast.NewIdent(l.temp())
		l.setType(t, types.Typ[types.Bool])
		if u, ok := ast.Unparen(s.Rhs[0]).(*ast.UnaryExpr); ok && i == 0 {
			l.setType(t, l.typeOf(u.X).Underlying().(*types.Chan).Elem())
		}
		received.Lhs = append(received.Lhs, ast.NewIdent(t.Name))
		assign = append(assign, &ast.AssignStmt{Lhs: []ast.Expr{place}, Tok: token.ASSIGN, Rhs: []ast.Expr{t}})
	}
	c.Comm = received
	c.Body = append(assign, c.Body...)
}
