package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ast/astutil"
)

// represent is the first pass over a checked tree: it makes explicit what the interpreter must not
// decide. Implicit conversions to interfaces are written out, selectors name every embedded field on
// the way, calls of methods become calls of functions. What it makes keeps its type in info.Types, for
// the passes behind it.
func (l *lowering) represent(root ast.Node) {
	l.prepare(root)
	astutil.Apply(root, func(cur *astutil.Cursor) bool {
		switch n := cur.Node().(type) {
		case *ast.FuncDecl:
			l.results = append(l.results, l.declared(n).Signature().Results())
		case *ast.FuncLit:
			l.results = append(l.results, l.info.Types[n].Type.Underlying().(*types.Signature).Results())
		case ast.Expr:
			tv := l.info.Types[n]
			return tv.Value == nil && !tv.IsType()
		}
		return true
	}, l.representAfter)
}

func (l *lowering) representAfter(cur *astutil.Cursor) bool {
	l.openOperands(cur.Node())
	switch n := cur.Node().(type) {
	case *ast.FuncDecl, *ast.FuncLit:
		l.results = l.results[:len(l.results)-1]
	case *ast.SelectorExpr:
		l.selector(cur, n)
	case *ast.CallExpr:
		l.callConversions(cur, n)
	case *ast.TypeAssertExpr:
		l.assertion(cur, n)
	case *ast.TypeSwitchStmt:
		l.typeSwitch(cur, n)
	case *ast.LabeledStmt:
		l.relabel(cur, n)
	case *ast.CompositeLit:
		l.elements(n)
	case *ast.AssignStmt:
		l.assignConversions(n)
	case *ast.ValueSpec:
		l.specConversions(n)
	case *ast.ReturnStmt:
		if len(l.results) > 0 {
			n.Results = l.values(n.Results, tupleTypes(l.results[len(l.results)-1]))
		}
	case *ast.SendStmt:
		if ch, ok := l.typeOf(n.Chan).Underlying().(*types.Chan); ok {
			n.Value = l.convert(n.Value, ch.Elem())
		}
	case *ast.Ident:
		l.functionValue(cur, n)
	case *ast.IndexExpr:
		if m, ok := l.underlying(n.X).(*types.Map); ok {
			n.Index = l.mapKey(n.Index, m.Key())
		}
	case *ast.BinaryExpr:
		l.comparison(cur, n)
	case *ast.SwitchStmt:
		l.switchConversions(cur, n)
	case *ast.RangeStmt:
		l.rangeOverLength(n)
		l.rangeConversions(n)
	case *ast.UnaryExpr:
		l.addressOfElement(n)
	}
	return true
}

// functionValue converts a declared function that is a value to its type: yaegi cannot return it as it
// stands.
func (l *lowering) functionValue(cur *astutil.Cursor, id *ast.Ident) {
	f, ok := l.info.Uses[id].(*types.Func)
	if !ok || f.Signature().Recv() != nil || f.Pkg() == nil || f.Pkg().Path() != "main" || slices.Contains(takeHelpers, f.Name()) {
		return
	}
	switch p := cur.Parent().(type) {
	case *ast.CallExpr:
		if p.Fun == ast.Expr(id) {
			return
		}
	case *ast.IndexExpr, *ast.IndexListExpr, *ast.SelectorExpr, *ast.ParenExpr, *ast.KeyValueExpr, *ast.FuncDecl:
		return
	}
	sig, ok := l.typeOf(id).(*types.Signature)
	if !ok {
		return
	}
	c := call("("+l.typeString(sig, id)+")", id)
	l.replace(cur, id, c)
}

// mapKey converts a key; yaegi needs the type of nil.
func (l *lowering) mapKey(e ast.Expr, key types.Type) ast.Expr {
	if l.info.Types[e].IsNil() && !isInterface(key) && !containsItself(key) {
		typed := call("("+l.typeString(key, e)+")", e)
		l.setType(typed, key)
		return typed
	}
	return l.hashable(l.convert(e, key), l.typeOf(e), key)
}

// hashable has the engine see, before the map does, that a key in an interface cannot be hashed: the map
// would name the interpreter's type. Most keys can be told by their static type.
func (l *lowering) hashable(e ast.Expr, from, key types.Type) ast.Expr {
	if !isInterface(key) || isCompiled(key) || from == nil || !isInterface(from) && types.Comparable(from) {
		return e
	}
	checked := l.callRuntime("Key", e)
	l.setType(checked, key)
	return checked
}

func (l *lowering) typeOf(e ast.Expr) types.Type {
	if t := l.info.Types[e].Type; t != nil {
		return t
	}
	if id, ok := e.(*ast.Ident); ok {
		if obj := l.info.ObjectOf(id); obj != nil {
			return obj.Type()
		}
	}
	return nil
}

func (l *lowering) underlying(e ast.Expr) types.Type {
	if t := l.typeOf(e); t != nil {
		return t.Underlying()
	}
	return nil
}

func tupleTypes(t *types.Tuple) []types.Type {
	var list []types.Type
	for v := range t.Variables() {
		list = append(list, v.Type())
	}
	return list
}

// values converts a list of values to the types that are wanted, of which nil wants nothing. A single
// call that gives them all goes through a function literal when it needs to.
func (l *lowering) values(list []ast.Expr, want []types.Type) []ast.Expr {
	if len(list) == len(want) {
		for i, e := range list {
			list[i] = l.convert(e, want[i])
		}
		return list
	}
	if len(list) != 1 {
		return list
	}
	tuple, ok := l.typeOf(list[0]).(*types.Tuple)
	if !ok || tuple.Len() != len(want) {
		return list
	}
	given, converted := l.convertTuple(tuple, want)
	if converted == nil {
		return list
	}
	lit := &ast.FuncLit{Type: &ast.FuncType{Params: &ast.FieldList{}, Results: &ast.FieldList{}}, Body: &ast.BlockStmt{List: []ast.Stmt{
		&ast.AssignStmt{Lhs: given, Tok: token.DEFINE, Rhs: list},
		&ast.ReturnStmt{Results: converted},
	}}}
	for i, t := range want {
		if t == nil {
			t = tuple.At(i).Type()
		}
		lit.Type.Results.List = append(lit.Type.Results.List, &ast.Field{Type: ast.NewIdent(l.typeString(t, list[0]))})
	}
	c := &ast.CallExpr{Fun: lit}
	l.setType(lit, types.NewSignatureType(nil, nil, nil, nil, nil, false))
	l.setType(c, tuple)
	return []ast.Expr{c}
}

// convertTuple gives variables for the values of a tuple, and these converted; nil when none needs it.
func (l *lowering) convertTuple(tuple *types.Tuple, want []types.Type) (given, converted []ast.Expr) {
	changed := false
	for i, t := range want {
		v := ast.NewIdent(l.temp())
		l.setType(v, tuple.At(i).Type())
		c := l.convert(v, t)
		changed = changed || c != ast.Expr(v)
		given, converted = append(given, ast.NewIdent(v.Name)), append(converted, c)
	}
	if !changed {
		return nil, nil
	}
	return given, converted
}

// elements converts what a composite literal holds.
func (l *lowering) elements(n *ast.CompositeLit) {
	t := l.underlying(n)
	if p, ok := t.(*types.Pointer); ok { // &T{} with &T left out
		t = p.Elem().Underlying()
	}
	for i, e := range n.Elts {
		kv, keyed := e.(*ast.KeyValueExpr)
		value := &n.Elts[i]
		if keyed {
			value = &kv.Value
		}
		l.nameElided(*value)
		switch t := t.(type) {
		case *types.Slice:
			*value = l.convert(*value, t.Elem())
		case *types.Array:
			*value = l.convert(*value, t.Elem())
		case *types.Map:
			kv.Key = l.literalKey(kv.Key, t.Key())
			*value = l.convert(*value, t.Elem())
		case *types.Struct:
			f := t.Field(i)
			if keyed {
				f = fieldNamed(t, kv.Key.(*ast.Ident).Name)
			}
			*value = l.convert(*value, f.Type())
		}
	}
}

// literalKey converts a key of a map literal. Of constants yaegi compares the values without their types.
func (l *lowering) literalKey(e ast.Expr, key types.Type) ast.Expr {
	converted := l.hashable(l.convert(e, key), l.typeOf(e), key)
	if converted != e || l.info.Types[e].Value == nil || !isInterface(key) {
		return converted
	}
	lowered := l.callRuntime("Any", e)
	l.setType(lowered, key)
	return lowered
}

func fieldNamed(t *types.Struct, name string) *types.Var {
	for f := range t.Fields() {
		if f.Name() == name {
			return f
		}
	}
	return nil
}

func (l *lowering) assignConversions(n *ast.AssignStmt) {
	if n.Tok != token.ASSIGN && n.Tok != token.DEFINE {
		return
	}
	want := make([]types.Type, len(n.Lhs))
	for i, e := range n.Lhs {
		if id, ok := e.(*ast.Ident); ok && (id.Name == "_" || n.Tok == token.DEFINE && l.info.Defs[id] != nil) {
			continue
		}
		want[i] = l.typeOf(e)
	}
	n.Rhs = l.values(n.Rhs, want)
}

func (l *lowering) specConversions(n *ast.ValueSpec) {
	if n.Type == nil {
		return
	}
	want := make([]types.Type, len(n.Names))
	for i := range want {
		want[i] = l.typeOf(n.Type)
	}
	n.Values = l.values(n.Values, want)
}

// comparison compares interfaces by what they hold.
func (l *lowering) comparison(cur *astutil.Cursor, n *ast.BinaryExpr) {
	if n.Op != token.EQL && n.Op != token.NEQ || l.info.Types[n.X].IsNil() || l.info.Types[n.Y].IsNil() {
		return
	}
	x, y := l.typeOf(n.X), l.typeOf(n.Y)
	if x == nil || y == nil {
		return
	}
	if !isInterface(x) && !isInterface(y) {
		l.sameType(n, x, y)
		return
	}
	if !isInterface(x) {
		n.X = l.convert(n.X, y)
	}
	if !isInterface(y) {
		n.Y = l.convert(n.Y, x)
	}
	var e ast.Expr = l.callRuntime("Equal", n.X, n.Y)
	if n.Op == token.NEQ {
		e = &ast.UnaryExpr{Op: token.NOT, X: e}
	}
	l.replace(cur, n, e)
}

// sameType gives the operands of a comparison one type: Go compares a named type with what it is made
// of, and channels of both directions with those of one.
func (l *lowering) sameType(n *ast.BinaryExpr, x, y types.Type) {
	if types.Identical(x, y) || l.info.Types[n.X].Value != nil || l.info.Types[n.Y].Value != nil {
		return
	}
	if types.AssignableTo(y, x) {
		n.Y = call("("+l.typeString(x, n)+")", n.Y)
		l.setType(n.Y, x)
	} else if types.AssignableTo(x, y) {
		n.X = call("("+l.typeString(y, n)+")", n.X)
		l.setType(n.X, y)
	}
}

// switchConversions makes a switch over an interface one over comparisons, and the tag an interface
// where a case is one.
func (l *lowering) switchConversions(cur *astutil.Cursor, n *ast.SwitchStmt) {
	held := l.caseInterface(n)
	if n.Tag == nil && held == nil {
		anyOf(n)
		return
	}
	if n.Tag == nil { // as Go reads it
		n.Tag = ast.NewIdent("true")
		l.setType(n.Tag, types.Typ[types.Bool])
	}
	tag := l.typeOf(n.Tag)
	if tag == nil {
		return
	}
	if held != nil && !isInterface(tag) {
		l.typeNils(n, tag)
		n.Tag = l.convert(n.Tag, held)
		tag = held
	}
	if isInterface(tag) || l.listsOperations(n) {
		l.compareCases(cur, n, tag)
	}
}

// caseInterface gives the type of a case that is an interface, nil when there is none.
func (l *lowering) caseInterface(n *ast.SwitchStmt) types.Type {
	for _, s := range n.Body.List {
		for _, e := range s.(*ast.CaseClause).List {
			if t := l.typeOf(e); t != nil && isInterface(t) && !l.info.Types[e].IsNil() {
				return t
			}
		}
	}
	return nil
}

// typeNils gives each nil among the cases the type of the tag, which is to become an interface.
func (l *lowering) typeNils(n *ast.SwitchStmt, tag types.Type) {
	for _, s := range n.Body.List {
		list := s.(*ast.CaseClause).List
		for i, e := range list {
			if l.info.Types[e].IsNil() {
				list[i] = call("("+l.typeString(tag, e)+")", ast.NewIdent("nil"))
				l.setType(list[i], tag)
			}
		}
	}
}

// listsOperations reports whether a clause has several values that are not all constants, of which yaegi looks
// at the first alone, or nil, which it never finds.
func (l *lowering) listsOperations(n *ast.SwitchStmt) bool {
	for _, s := range n.Body.List {
		list := s.(*ast.CaseClause).List
		if slices.ContainsFunc(list, func(e ast.Expr) bool { return l.info.Types[e].IsNil() }) {
			return true
		}
		if len(list) > 1 && slices.ContainsFunc(list, func(e ast.Expr) bool { return l.info.Types[e].Value == nil }) {
			return true
		}
	}
	return false
}

// compareCases makes a switch one without a tag.
func (l *lowering) compareCases(cur *astutil.Cursor, n *ast.SwitchStmt, tag types.Type) {
	v := ast.NewIdent(l.temp())
	define := &ast.AssignStmt{Lhs: []ast.Expr{v}, Tok: token.DEFINE, Rhs: []ast.Expr{n.Tag}}
	for _, s := range n.Body.List {
		clause := s.(*ast.CaseClause)
		for i, e := range clause.List {
			if l.info.Types[e].IsNil() { // which yaegi does not know in parentheses
				clause.List[i] = &ast.BinaryExpr{X: ast.NewIdent(v.Name), Op: token.EQL, Y: ast.NewIdent("nil")}
			} else if !isInterface(tag) {
				clause.List[i] = &ast.BinaryExpr{X: ast.NewIdent(v.Name), Op: token.EQL, Y: &ast.ParenExpr{X: e}}
			} else {
				clause.List[i] = l.callRuntime("Equal", ast.NewIdent(v.Name), l.convert(e, tag))
			}
		}
	}
	anyOf(n)
	n.Tag = nil
	if n.Init == nil {
		n.Init = define
		return
	}
	block := &ast.BlockStmt{List: []ast.Stmt{n.Init, n}}
	n.Init = define
	l.unlabelled[block] = true
	cur.Replace(block)
}

// anyOf makes one condition of each list in a switch without a tag: yaegi looks at the first alone.
func anyOf(n *ast.SwitchStmt) {
	for _, s := range n.Body.List {
		clause := s.(*ast.CaseClause)
		for len(clause.List) > 1 {
			or := &ast.BinaryExpr{X: &ast.ParenExpr{X: clause.List[0]}, Op: token.LOR, Y: &ast.ParenExpr{X: clause.List[1]}}
			clause.List = append([]ast.Expr{or}, clause.List[2:]...)
		}
	}
}

// rangeOverLength makes a range over the indices of an array one over its length: the array is not
// looked at, and a pointer to it may be nil (Go specification, "For statements with range clause").
func (l *lowering) rangeOverLength(n *ast.RangeStmt) {
	if id, ok := n.Value.(*ast.Ident); ok && id.Name == "_" {
		n.Value = nil
	}
	t := l.underlying(n.X)
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem().Underlying()
	}
	a, isArray := t.(*types.Array)
	if _, isName := n.X.(*ast.Ident); !isArray || !isName || n.Value != nil {
		return
	}
	n.X = &ast.BasicLit{Kind: token.INT, Value: strconv.FormatInt(a.Len(), 10)}
	l.setType(n.X, types.Typ[types.Int])
}

// addressOfElement follows a pointer to an array before an element's address is taken.
func (l *lowering) addressOfElement(n *ast.UnaryExpr) {
	index, ok := ast.Unparen(n.X).(*ast.IndexExpr)
	if n.Op != token.AND || !ok {
		return
	}
	if p, ok := l.underlying(index.X).(*types.Pointer); ok {
		star := &ast.ParenExpr{X: &ast.StarExpr{X: index.X}}
		l.setType(star, p.Elem())
		index.X = star
	}
}

// rangeConversions converts the values of a range that assigns to variables which are there already.
func (l *lowering) rangeConversions(n *ast.RangeStmt) {
	key, value := rangeTypes(l.underlying(n.X))
	if n.Tok != token.ASSIGN || key == nil {
		return
	}
	var sets []ast.Stmt
	var given []ast.Expr
	changed := false
	for i, e := range []ast.Expr{n.Key, n.Value} {
		id, isName := e.(*ast.Ident)
		if e == nil || isName && id.Name == "_" {
			given = append(given, e)
			continue
		}
		v := ast.NewIdent(l.temp())
		l.setType(v, []types.Type{key, value}[i])
		converted := l.convert(v, l.typeOf(e))
		changed = changed || converted != ast.Expr(v)
		given = append(given, ast.NewIdent(v.Name))
		sets = append(sets, &ast.AssignStmt{Lhs: []ast.Expr{e}, Tok: token.ASSIGN, Rhs: []ast.Expr{converted}})
	}
	if changed {
		n.Key, n.Value, n.Tok = given[0], given[1], token.DEFINE
		n.Body.List = append(sets, n.Body.List...)
	}
}

// rangeTypes gives the types of what a range over a type yields.
func rangeTypes(t types.Type) (key, value types.Type) {
	switch t := t.(type) {
	case *types.Slice:
		return types.Typ[types.Int], t.Elem()
	case *types.Array:
		return types.Typ[types.Int], t.Elem()
	case *types.Map:
		return t.Key(), t.Elem()
	case *types.Chan:
		return t.Elem(), nil
	}
	return nil, nil
}
