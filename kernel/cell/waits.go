package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
)

// The engine carries out what waits on channels. A goroutine that waits when its cell is interrupted
// must end there: it would take from the channel what a later cell sends. And yaegi's select keeps
// its channels where all goroutines that run the same statement find them. Values go by way of
// variables, whose addresses the engine gets:
//
//	v := <-c		var t int; rt.Receive(c, &t); v := t
//	select {		var t int; which, ok := rt.Select("rs", c, &t, d, &u)
//	case v = <-c: f()	switch which {
//	case d <- u:		case 0: v = t; f()
//	}			case 1: }

// waits rewrites a statement that waits on a channel; nil when it is none, or cannot be.
func (l *lowering) waits(s ast.Stmt, label *ast.LabeledStmt) []ast.Stmt {
	switch s := s.(type) {
	case *ast.SendStmt:
		return l.sends(s)
	case *ast.ExprStmt:
		if from := received(s.X); from != nil {
			var before []ast.Stmt
			ch := l.operand(from.X, &before)
			return append(before, &ast.ExprStmt{X: l.callRuntime("Receive", ch, ast.NewIdent("nil"))})
		}
	case *ast.AssignStmt:
		if from := received(s.Rhs[0]); from != nil && isPlainReceive(s) {
			return l.receives(s, from)
		}
	case *ast.RangeStmt:
		switch t := l.rangeType(s).(type) {
		case *types.Chan:
			return l.rangeChan(s, label)
		case *types.Slice:
			return l.rangeOfChans(s, types.Typ[types.Int], t.Elem(), label)
		case *types.Array:
			return l.rangeOfChans(s, types.Typ[types.Int], t.Elem(), label)
		case *types.Map:
			return l.rangeOfChans(s, t.Key(), t.Elem(), label)
		}
	case *ast.SelectStmt:
		return l.selects(s, label)
	}
	return nil
}

// received gives the receive operation that an expression is, nil for others.
func received(e ast.Expr) *ast.UnaryExpr {
	u, ok := ast.Unparen(e).(*ast.UnaryExpr)
	if !ok || u.Op != token.ARROW {
		return nil
	}
	return u
}

// operand takes a part of a communication into a variable, when it is none and no constant.
func (l *lowering) operand(e ast.Expr, before *[]ast.Stmt) ast.Expr {
	if _, ok := e.(*ast.Ident); ok || l.isFixed(e) {
		return e
	}
	t, define := l.hold(e)
	*before = append(*before, define)
	return t
}

// element declares a variable of the type that a channel carries; nil when source cannot name it.
func (l *lowering) element(ch ast.Expr, before *[]ast.Stmt) *ast.Ident {
	t, ok := l.typeOf(ch).Underlying().(*types.Chan)
	if !ok || !canName(t.Elem()) {
		return nil
	}
	v := ast.NewIdent(l.temp())
	l.setType(v, t.Elem())
	*before = append(*before, raw("var %s %s", v.Name, l.typeString(t.Elem(), ch)))
	return v
}

// canName reports whether source outside its package can write a type.
func canName(t types.Type) bool {
	can := true
	walkTypes(t, map[types.Type]bool{}, func(t types.Type) {
		switch t := t.(type) {
		case *types.Named:
			p := t.Obj().Pkg()
			can = can && (p == nil || p.Path() == "main" || t.Obj().Exported() && t.TypeArgs().Len() == 0)
		case *types.TypeParam:
			can = false
		}
	})
	return can
}

// sent takes what is sent into a variable of the channel's type, and gives its address.
func (l *lowering) sent(s *ast.SendStmt, before *[]ast.Stmt) ast.Expr {
	s.Chan = l.operand(s.Chan, before)
	v := l.element(s.Chan, before)
	if v == nil {
		return nil
	}
	*before = append(*before, &ast.AssignStmt{Lhs: []ast.Expr{v}, Tok: token.ASSIGN, Rhs: []ast.Expr{s.Value}})
	return address(v)
}

func address(v *ast.Ident) ast.Expr {
	return &ast.UnaryExpr{Op: token.AND, X: ast.NewIdent(v.Name)}
}

func (l *lowering) sends(s *ast.SendStmt) []ast.Stmt {
	var list []ast.Stmt
	v := l.sent(s, &list)
	if v == nil {
		return nil
	}
	return append(list, &ast.ExprStmt{X: l.callRuntime("Send", s.Chan, v)})
}

// receives does an assignment of a receive operation.
func (l *lowering) receives(s *ast.AssignStmt, from *ast.UnaryExpr) []ast.Stmt {
	var list []ast.Stmt
	ch := l.operand(from.X, &list)
	v := l.element(ch, &list)
	if v == nil {
		return nil
	}
	ok := l.flag()
	list = append(list, &ast.AssignStmt{Lhs: []ast.Expr{ok}, Tok: token.DEFINE, Rhs: []ast.Expr{l.callRuntime("Receive", ch, address(v))}})
	return append(list, l.assignReceived(s, v, ok)...)
}

// flag is a new variable for whether a channel gave a value.
func (l *lowering) flag() *ast.Ident {
	ok := ast.NewIdent(l.temp())
	l.setType(ok, types.Typ[types.Bool])
	return ok
}

// assignReceived does what an assignment of a receive operation does, with what has been received.
func (l *lowering) assignReceived(s *ast.AssignStmt, received ...ast.Expr) []ast.Stmt {
	received = received[:len(s.Lhs)]
	if s.Tok == token.DEFINE {
		s.Rhs = received
		return []ast.Stmt{s}
	}
	var list []ast.Stmt
	for i, place := range s.Lhs {
		list = append(list, &ast.AssignStmt{Lhs: []ast.Expr{place}, Tok: token.ASSIGN, Rhs: []ast.Expr{received[i]}})
	}
	return list
}

// rangeChan makes a loop that receives of a range over a channel.
func (l *lowering) rangeChan(s *ast.RangeStmt, label *ast.LabeledStmt) []ast.Stmt {
	var before, body []ast.Stmt
	ch := l.operand(s.X, &before)
	v := l.element(ch, &body)
	if v == nil {
		return nil
	}
	ok := l.flag()
	body = append(body,
		&ast.AssignStmt{Lhs: []ast.Expr{ok}, Tok: token.DEFINE, Rhs: []ast.Expr{l.callRuntime("Receive", ch, address(v))}},
		raw("if !%s { break }", ok.Name))
	if !isBlank(s.Key) {
		body = append(body, &ast.AssignStmt{Lhs: []ast.Expr{s.Key}, Tok: s.Tok, Rhs: []ast.Expr{v}})
	}
	loop := &ast.ForStmt{For: s.For, Body: &ast.BlockStmt{Lbrace: s.Body.Lbrace, List: append(body, s.Body.List...)}}
	return append(before, labelled(label, loop))
}

// rangeOfChans takes the elements of a range by their index or key when they are channels: yaegi then takes the
// element for what it runs over.
func (l *lowering) rangeOfChans(s *ast.RangeStmt, key, elem types.Type, label *ast.LabeledStmt) []ast.Stmt {
	if _, ok := elem.Underlying().(*types.Chan); !ok || isBlank(s.Value) {
		return nil
	}
	var before []ast.Stmt
	s.X = l.operand(s.X, &before)
	i := ast.NewIdent(l.temp())
	l.setType(i, key)
	at := &ast.IndexExpr{X: s.X, Index: i}
	l.setType(at, elem)
	list := []ast.Stmt{&ast.AssignStmt{Lhs: []ast.Expr{s.Value}, Tok: s.Tok, Rhs: []ast.Expr{at}}}
	if !isBlank(s.Key) {
		list = append(list, &ast.AssignStmt{Lhs: []ast.Expr{s.Key}, Tok: s.Tok, Rhs: []ast.Expr{i}})
	}
	s.Key, s.Value, s.Tok = i, nil, token.DEFINE
	s.Body.List = append(list, s.Body.List...)
	return append(before, labelled(label, s))
}

func labelled(label *ast.LabeledStmt, s ast.Stmt) ast.Stmt {
	if label == nil {
		return s
	}
	return &ast.LabeledStmt{Label: label.Label, Colon: label.Colon, Stmt: s}
}

// selects has the engine find out which clause of a select can proceed, and makes a switch of the
// clauses.
func (l *lowering) selects(s *ast.SelectStmt, label *ast.LabeledStmt) []ast.Stmt {
	var list []ast.Stmt
	which, ok := ast.NewIdent(l.temp()), l.flag()
	l.setType(which, types.Typ[types.Int])
	chosen := &ast.SwitchStmt{Tag: which, Body: &ast.BlockStmt{}}
	var kinds strings.Builder
	var args []ast.Expr
	for i, c := range s.Body.List {
		clause := c.(*ast.CommClause)
		var assign []ast.Stmt
		switch comm := clause.Comm.(type) {
		case nil:
			kinds.WriteByte('d')
			args = append(args, ast.NewIdent("nil"), ast.NewIdent("nil"))
		case *ast.SendStmt:
			v := l.sent(comm, &list)
			if v == nil {
				return nil
			}
			kinds.WriteByte('s')
			args = append(args, comm.Chan, v)
		case *ast.ExprStmt:
			kinds.WriteByte('r')
			args = append(args, l.operand(received(comm.X).X, &list), ast.NewIdent("nil"))
		case *ast.AssignStmt:
			ch := l.operand(received(comm.Rhs[0]).X, &list)
			v := l.element(ch, &list)
			if v == nil {
				return nil
			}
			kinds.WriteByte('r')
			args = append(args, ch, address(v))
			assign = l.assignReceived(comm, v, ok)
		}
		chosen.Body.List = append(chosen.Body.List, &ast.CaseClause{List: []ast.Expr{wholeNumber(int64(i))}, Body: append(assign, clause.Body...)})
	}
	args = append([]ast.Expr{quoted(kinds.String())}, args...)
	find := &ast.AssignStmt{Lhs: []ast.Expr{which, ok}, Tok: token.DEFINE, Rhs: []ast.Expr{l.callRuntime("Select", args...)}}
	return append(list, find, labelled(label, chosen))
}

// takeReceives takes what a statement receives inside of an expression into variables, as long as
// nothing that has an effect comes before, and returns what does.
func (l *lowering) takeReceives(s ast.Stmt) []ast.Stmt {
	var before []ast.Stmt
	for _, slot := range valueSlots(s) {
		if u := received(*slot); u != nil && u == ast.Unparen(*slot) && isPlainReceive(s) {
			continue
		}
		holder := &ast.ParenExpr{X: *slot}
		done := false
		astutil.Apply(holder, func(cur *astutil.Cursor) bool {
			switch n := cur.Node().(type) {
			case *ast.FuncLit:
				return false
			case *ast.BinaryExpr:
				done = done || n.Op == token.LAND || n.Op == token.LOR
			}
			return !done
		}, func(cur *astutil.Cursor) bool {
			switch n := cur.Node().(type) {
			case *ast.CallExpr:
				done = done || (&bounds{lowering: l}).calls(n)
			case *ast.UnaryExpr:
				if n.Op != token.ARROW || done {
					break
				}
				ch := l.operand(n.X, &before)
				if v := l.element(ch, &before); v != nil {
					before = append(before, &ast.ExprStmt{X: l.callRuntime("Receive", ch, address(v))})
					cur.Replace(v)
				}
			}
			return true
		})
		if *slot = holder.X; done {
			break
		}
	}
	return before
}

// isPlainReceive reports whether a statement is nothing but a receive operation, and perhaps an
// assignment of it.
func isPlainReceive(s ast.Stmt) bool {
	switch s := s.(type) {
	case *ast.ExprStmt:
		return true
	case *ast.AssignStmt:
		return len(s.Rhs) == 1 && (s.Tok == token.DEFINE || s.Tok == token.ASSIGN)
	}
	return false
}

// valueSlots gives where the values stand that a statement evaluates once, in order.
func valueSlots(s ast.Stmt) []*ast.Expr {
	var slots []*ast.Expr
	switch s := s.(type) {
	case *ast.ExprStmt:
		slots = append(slots, &s.X)
	case *ast.SendStmt:
		slots = append(slots, &s.Value)
	case *ast.AssignStmt:
		for i := range s.Rhs {
			slots = append(slots, &s.Rhs[i])
		}
	case *ast.ReturnStmt:
		for i := range s.Results {
			slots = append(slots, &s.Results[i])
		}
	case *ast.DeclStmt:
		for _, spec := range s.Decl.(*ast.GenDecl).Specs {
			if v, ok := spec.(*ast.ValueSpec); ok && len(v.Names) == len(v.Values) {
				for i := range v.Values {
					slots = append(slots, &v.Values[i])
				}
			}
		}
	case *ast.IfStmt:
		if s.Init == nil {
			slots = append(slots, &s.Cond)
		}
	case *ast.SwitchStmt:
		if s.Init == nil && s.Tag != nil {
			slots = append(slots, &s.Tag)
		}
	}
	return slots
}
