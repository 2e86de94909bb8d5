package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

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

// placeFirst evaluates the calls in an index on the left before those on the right, as Go does.
func (l *lowering) placeFirst(cur *astutil.Cursor, a *ast.AssignStmt) {
	if a.Tok == token.DEFINE || len(a.Lhs) != 1 || len(a.Rhs) != 1 || cur.Index() < 0 || !calls(a.Rhs[0]) {
		return
	}
	place, ok := a.Lhs[0].(*ast.IndexExpr)
	if !ok || !calls(place) {
		return
	}
	for _, e := range []*ast.Expr{&place.X, &place.Index} {
		if calls(*e) {
			t := l.temp()
			cur.InsertBefore(&ast.AssignStmt{Lhs: []ast.Expr{ast.NewIdent(t)}, Tok: token.DEFINE, Rhs: []ast.Expr{*e}})
			*e = ast.NewIdent(t)
		}
	}
}

// calls reports whether an expression calls something while it is evaluated.
func calls(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.CallExpr:
			found = true
		}
		return !found
	})
	return found
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
			for i, v := range spec.Values {
				spec.Values[i] = asValue(v)
			}
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
	for i, v := range values {
		values[i] = asValue(v)
	}
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

// setInPlace keeps values from taking the place of the variable that they are assigned to: in yaegi a
// composite literal and what is received do, and the function literals around would go on with the old
// place. In parentheses they are values like others; of two results each goes through a temporary. A
// literal that a definition gets would be written to the place of the iteration before, which closures may have.
func (l *lowering) setInPlace(cur *astutil.Cursor, a *ast.AssignStmt) {
	if _, inSelect := cur.Parent().(*ast.CommClause); inSelect && cur.Index() < 0 {
		return
	}
	for i, v := range a.Rhs {
		if isLiteral(v) || a.Tok == token.ASSIGN || len(a.Rhs) > 1 {
			a.Rhs[i] = asValue(v)
		}
	}
	if l.lookUp(cur, a) || a.Tok != token.ASSIGN {
		return
	}
	if _, isCall := ast.Unparen(a.Rhs[0]).(*ast.CallExpr); isCall || len(a.Lhs) != 2 || len(a.Rhs) != 1 || cur.Index() < 0 {
		return
	}
	a.Rhs[0] = ast.Unparen(a.Rhs[0])
	l.throughTemps(cur, a)
}

// redeclared lowers a := that also assigns to variables there are: the new ones alone are declared, and
// the others keep their place.
func (l *lowering) redeclared(cur *astutil.Cursor, a *ast.AssignStmt) {
	if a.Tok != token.DEFINE || cur.Index() < 0 {
		return
	}
	if slices.ContainsFunc(a.Lhs, func(e ast.Expr) bool { return l.info.Uses[e.(*ast.Ident)] != nil }) {
		l.throughTemps(cur, a)
	}
}

// throughTemps takes the values of an assignment first, and assigns them then.
func (l *lowering) throughTemps(cur *astutil.Cursor, a *ast.AssignStmt) {
	set := l.putTemps(a.Lhs, a.Tok)
	cur.InsertBefore(&ast.AssignStmt{Lhs: a.Lhs, Tok: token.DEFINE, Rhs: a.Rhs})
	for _, s := range set {
		cur.InsertBefore(s)
	}
	cur.Delete()
}

// putTemps puts temporaries into the places and gives the statements that assign them.
func (l *lowering) putTemps(places []ast.Expr, tok token.Token) []ast.Stmt {
	var set []ast.Stmt
	for i, place := range places {
		if !isPlace(place) {
			continue
		}
		t := l.temp()
		one := &ast.AssignStmt{Lhs: []ast.Expr{place}, Tok: token.ASSIGN, Rhs: []ast.Expr{ast.NewIdent(t)}}
		if id, ok := place.(*ast.Ident); ok && tok == token.DEFINE && l.info.Uses[id] == nil {
			one.Tok = token.DEFINE
		}
		places[i], set = ast.NewIdent(t), append(set, one)
	}
	return set
}

// isPlace reports whether an expression on the left takes a value, and is no blank.
func isPlace(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return !ok || id.Name != "_"
}

// receiveInPlace does for what a select receives what setInPlace does elsewhere.
func (l *lowering) receiveInPlace(c *ast.CommClause) {
	a, ok := c.Comm.(*ast.AssignStmt)
	if !ok || a.Tok != token.ASSIGN || !slices.ContainsFunc(a.Lhs, isPlace) {
		return
	}
	a.Tok = token.DEFINE
	c.Body = append(l.putTemps(a.Lhs, token.ASSIGN), c.Body...)
}

// rangeInPlace does it for a range over variables that there are.
func (l *lowering) rangeInPlace(r *ast.RangeStmt) {
	if r.Tok != token.ASSIGN {
		return
	}
	places := []ast.Expr{r.Key}
	if r.Value != nil {
		places = append(places, r.Value)
	}
	if !slices.ContainsFunc(places, isPlace) {
		return
	}
	set := l.putTemps(places, token.ASSIGN)
	r.Tok, r.Key = token.DEFINE, places[0]
	if r.Value != nil {
		r.Value = places[1]
	}
	r.Body.List = append(set, r.Body.List...)
}

// asValue puts what would take the place of a variable in parentheses.
func asValue(v ast.Expr) ast.Expr {
	if u, isUnary := v.(*ast.UnaryExpr); isLiteral(v) || isUnary && u.Op == token.ARROW {
		return &ast.ParenExpr{X: v}
	}
	return v
}

func isLiteral(e ast.Expr) bool {
	_, ok := e.(*ast.CompositeLit)
	return ok
}

// isLookup reports whether a statement takes both what a map may have for a key and whether it does.
func (l *lowering) isLookup(s ast.Stmt) bool {
	a, ok := s.(*ast.AssignStmt)
	if !ok || len(a.Lhs) != 2 || len(a.Rhs) != 1 {
		return false
	}
	index, ok := ast.Unparen(a.Rhs[0]).(*ast.IndexExpr)
	if !ok || l.typeOf(index.X) == nil {
		return false
	}
	_, ok = l.typeOf(index.X).Underlying().(*types.Map)
	return ok
}

// lookUp declares variables for the two values of a lookup before it, and reports whether the statement is
// one: where a map has nothing, yaegi leaves what is in the place of the value, be it of the iteration before.
func (l *lowering) lookUp(cur *astutil.Cursor, a *ast.AssignStmt) bool {
	if !l.isLookup(a) || cur.Index() < 0 {
		return false
	}
	index := ast.Unparen(a.Rhs[0]).(*ast.IndexExpr)
	kinds := []string{l.typeString(l.typeOf(index.X).Underlying().(*types.Map).Elem(), index), "bool"}
	var set []ast.Stmt
	if a.Tok == token.ASSIGN || slices.ContainsFunc(a.Lhs, func(e ast.Expr) bool { return !l.isNew(e) || mentions(index, e.(*ast.Ident).Name) }) {
		set = l.putTemps(a.Lhs, a.Tok)
	}
	for i, e := range a.Lhs {
		if isPlace(e) {
			cur.InsertBefore(raw("var %s %s", e.(*ast.Ident).Name, kinds[i]))
		}
	}
	a.Tok = token.ASSIGN
	for _, s := range slices.Backward(set) {
		cur.InsertAfter(s)
	}
	return true
}

// isNew reports whether a name on the left of a := is declared there, or blank.
func (l *lowering) isNew(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	return ok && l.info.Uses[id] == nil
}

// mentions reports whether an expression has a name in it.
func mentions(e ast.Expr, name string) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		found = found || ok && id.Name == name
		return !found
	})
	return found
}

// addressOfLiteral gives the address of a literal other than a struct's, which yaegi makes once for all
// iterations of a loop.
func (l *lowering) addressOfLiteral(n *ast.UnaryExpr) ast.Expr {
	if n.Op != token.AND || !isLiteral(ast.Unparen(n.X)) {
		return nil
	}
	return l.pointerTo(l.typeOf(n.X), n.X)
}

// pointerInLiteral does so with a literal in another that leaves its type and the operator out.
func (l *lowering) pointerInLiteral(n *ast.CompositeLit) ast.Expr {
	t := l.typeOf(n)
	if n.Type != nil || !isPointer(t) {
		return nil
	}
	elem := t.Underlying().(*types.Pointer).Elem()
	return l.pointerTo(elem, &ast.CompositeLit{Type: ast.NewIdent(l.typeString(elem, n)), Elts: n.Elts})
}

// pointerTo makes a pointer to a new variable with the value of a literal of type t, nil for structs.
func (l *lowering) pointerTo(t types.Type, lit ast.Expr) ast.Expr {
	if t == nil {
		return nil
	}
	if _, ok := t.Underlying().(*types.Struct); ok {
		return nil
	}
	typ := l.typeString(t, lit)
	return made([]ast.Expr{lit}, "func(v %s) *%s { return &v }", typ, typ)
}
