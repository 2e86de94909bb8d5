package cell

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// An assignment of several values first evaluates the operands on its left and all values, and then
// assigns from left to right (Go specification, "Assignment statements"). yaegi loses values when one
// of them is a call, and reads an index after it has been assigned. So everything but a single
// value goes through temporaries.

// assignEach lowers an assignment of as many values as there are places.
func (l *lowering) assignEach(cur *astutil.Cursor, a *ast.AssignStmt) {
	if a.Tok != token.ASSIGN || len(a.Lhs) < 2 || len(a.Lhs) != len(a.Rhs) || cur.Index() < 0 {
		return
	}
	take := func(e ast.Expr) ast.Expr {
		t := l.temp()
		cur.InsertBefore(&ast.AssignStmt{Lhs: []ast.Expr{ast.NewIdent(t)}, Tok: token.DEFINE, Rhs: []ast.Expr{e}})
		return ast.NewIdent(t)
	}
	assigned := map[string]bool{}
	for _, place := range a.Lhs {
		if id, ok := place.(*ast.Ident); ok {
			assigned[id.Name] = true
		}
	}
	for i := range a.Lhs {
		l.takeOperands(a.Lhs[i], assigned, take)
	}
	for i, v := range a.Rhs {
		if !l.isFixed(v) {
			a.Rhs[i] = take(v)
		}
	}
	for i := range a.Lhs {
		if id, ok := a.Lhs[i].(*ast.Ident); ok && id.Name == "_" {
			continue // the value has been evaluated
		}
		cur.InsertBefore(&ast.AssignStmt{Lhs: a.Lhs[i : i+1], Tok: token.ASSIGN, Rhs: a.Rhs[i : i+1]})
	}
	cur.Delete()
}

// takeOperands takes what a place on the left depends on and the same statement may change: indices,
// and the slices, maps and pointers that it assigns besides.
func (l *lowering) takeOperands(place ast.Expr, assigned map[string]bool, take func(ast.Expr) ast.Expr) {
	reference := func(e ast.Expr) ast.Expr {
		id, ok := e.(*ast.Ident)
		if !ok || !assigned[id.Name] || l.info.Types[e].Type == nil {
			return e
		}
		switch l.info.Types[e].Type.Underlying().(type) {
		case *types.Slice, *types.Map, *types.Pointer:
			return take(e)
		}
		return e
	}
	switch p := place.(type) {
	case *ast.IndexExpr:
		p.X = reference(p.X)
		if !l.isFixed(p.Index) {
			p.Index = take(p.Index)
		}
	case *ast.SelectorExpr:
		p.X = reference(p.X)
	case *ast.StarExpr:
		p.X = reference(p.X)
	case *ast.ParenExpr:
		l.takeOperands(p.X, assigned, take)
	}
}

// isFixed reports whether a value can be read at any time: a constant, nil, or a function literal.
func (l *lowering) isFixed(e ast.Expr) bool {
	if _, ok := e.(*ast.FuncLit); ok {
		return true
	}
	tv := l.info.Types[e]
	return tv.Value != nil || tv.IsNil()
}

// declareEach lowers a declaration in a function that gives several variables a value each.
func (l *lowering) declareEach(cur *astutil.Cursor, d *ast.DeclStmt) {
	g := d.Decl.(*ast.GenDecl)
	if g.Tok != token.VAR || cur.Index() < 0 {
		return
	}
	var specs []ast.Spec
	for _, s := range g.Specs {
		spec := s.(*ast.ValueSpec)
		if len(spec.Values) < 2 {
			specs = append(specs, spec)
			continue
		}
		for i, v := range spec.Values {
			if !l.isFixed(v) {
				t := ast.NewIdent(l.temp())
				cur.InsertBefore(&ast.AssignStmt{Lhs: []ast.Expr{t}, Tok: token.DEFINE, Rhs: []ast.Expr{v}})
				spec.Values[i] = ast.NewIdent(t.Name)
			}
		}
		for i := range spec.Names {
			specs = append(specs, &ast.ValueSpec{Names: spec.Names[i : i+1], Type: spec.Type, Values: spec.Values[i : i+1]})
		}
	}
	if len(specs) != len(g.Specs) {
		for _, s := range specs {
			cur.InsertBefore(&ast.DeclStmt{Decl: &ast.GenDecl{Tok: token.VAR, Specs: []ast.Spec{s}}})
		}
		cur.Delete()
	}
}

// hold takes a value into a variable.
func (l *lowering) hold(e ast.Expr) (*ast.Ident, ast.Stmt) {
	t := ast.NewIdent(l.temp())
	tv := l.info.Types[e]
	if tv.Type != nil {
		tv.Type = types.Default(tv.Type)
	}
	l.info.Types[t] = tv
	if shift, ok := ast.Unparen(e).(*ast.BinaryExpr); ok && l.info.Types[shift.X].Value != nil && tv.Type != nil {
		// A constant that is shifted has the type that the place wants, and yaegi takes int.
		e = &ast.CallExpr{Fun: ast.NewIdent(l.typeString(tv.Type, e)), Args: []ast.Expr{e}}
	}
	return t, &ast.AssignStmt{Lhs: []ast.Expr{t}, Tok: token.DEFINE, Rhs: []ast.Expr{e}}
}

// assignAll assigns values that have been lowered to places that are nothing but variables.
func (l *lowering) assignAll(places, values []ast.Expr) []ast.Stmt {
	if len(places) != len(values) || len(places) < 2 {
		return []ast.Stmt{&ast.AssignStmt{Lhs: places, Tok: token.ASSIGN, Rhs: values}}
	}
	var list, assign []ast.Stmt
	for i, v := range values {
		if !l.isFixed(v) {
			t, define := l.hold(v)
			list, v = append(list, define), t
		}
		assign = append(assign, &ast.AssignStmt{Lhs: places[i : i+1], Tok: token.ASSIGN, Rhs: []ast.Expr{v}})
	}
	return append(list, assign...)
}
