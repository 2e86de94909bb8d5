package cell

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// Completion is what could stand at the cursor. Start and End are byte offsets in the code: the
// span that a match replaces.
type Completion struct {
	Matches    []Match
	Start, End int
	// Ask is what only the engine knows of what could stand there; nil when nothing is to be asked.
	Ask *Question
}

// Match is one completion.
type Match struct {
	Text      string // what is inserted
	Type      string // "function", "method", "field", "variable", "constant", "type", "package", "keyword", "label"
	Signature string // its Go type, for people

	far int          // how far away it is declared: what is near comes first
	obj types.Object // whose type Signature is to be; nil when there is none, or Signature says it
}

// How far away names are.
const (
	farField = iota
	farName
	farBuiltin
	farPackage
	farKeyword
)

// Complete gives the names that could stand at the byte offset cursor of code: behind a dot the
// members of what stands before it, in a struct literal its fields, else the names of cell and
// notebook, packages, builtins and keywords. In a string that is a path it gives, or lets the engine
// be asked for, what the path may lead to; in comments and other strings there is nothing.
func (s *Session) Complete(code string, cursor int) Completion {
	cursor = min(max(cursor, 0), len(code))
	s.mu.Lock()
	defer s.mu.Unlock()
	if lit, inside := stringAt(code, cursor); inside {
		return s.completeString(code, cursor, lit)
	}
	start, end := word(code, cursor)
	done := Completion{Start: start, End: end}
	if inText(code, cursor) || start < end && isDigit(code[start]) {
		return done
	}
	behindDot := strings.HasSuffix(strings.TrimRight(code[:start], " \t\n"), ".")
	prefix := code[start:cursor]
	var list []Match
	for _, text := range variants(code[:start], cursorName, code[end:]) {
		c := s.probe(text)
		path := c.pathTo(isCursor)
		found, sure := c.at(path, prefix)
		if len(found) > 0 && (len(list) == 0 || sure) {
			list = found
		}
		if sure {
			break
		}
	}
	nothing := s.probe("")
	if list == nil && !behindDot {
		list = nothing.visible(nil, prefix)
	}
	done.Matches = filter(list, prefix)
	for i := range done.Matches {
		if m := &done.Matches[i]; m.obj != nil {
			m.Signature = nothing.plain(typeText(m.obj))
		}
	}
	return done
}

// variants gives a text in which name stands at the cursor, in forms the first of which usually
// parses: as it stands, as a call, and, since what follows the cursor on its line may be half an
// expression, without that and with the brackets closed. Later lines stay, for they may declare what
// is asked for.
func variants(before, name, after string) []string {
	rest := ""
	if i := strings.IndexByte(after, '\n'); i >= 0 {
		rest = after[i:]
	}
	closed := closing(before + name)
	return []string{
		before + name + after,
		before + name + "()" + after,
		before + name + closed + rest,
		before + name + "()" + closed + rest,
		before + name + " {}" + closed + rest,
		before + name + closed + "()" + rest, // in a function that is deferred or started
		before + name + " {}" + closed + "()" + rest,
	}
}

// at gives what could stand at the end of a path through the tree where prefix has been typed, and
// whether this is known for sure: that the text around is understood.
func (c *check) at(path []ast.Node, prefix string) (list []Match, sure bool) {
	if len(path) == 0 {
		return nil, false
	}
	id := path[len(path)-1].(*ast.Ident)
	if len(path) < 2 {
		return c.visible(id, prefix), true
	}
	switch parent := path[len(path)-2].(type) {
	case *ast.SelectorExpr:
		if parent.Sel == id {
			list = c.members(parent.X)
			return list, list != nil
		}
	case *ast.KeyValueExpr:
		if lit, ok := path[max(0, len(path)-3)].(*ast.CompositeLit); ok && parent.Key == id {
			if fields := c.missingFields(lit); fields != nil {
				return fields, true
			}
		}
	case *ast.CompositeLit:
		if fields := c.missingFields(parent); fields != nil && parent.Type != id {
			if keyed(parent) {
				return fields, true
			}
			return append(fields, c.visible(id, prefix)...), true
		}
	case *ast.BranchStmt:
		return labels(path), true
	}
	return c.visible(id, prefix), true
}

// keyed reports whether a literal has elements with keys.
func keyed(lit *ast.CompositeLit) bool {
	return slices.ContainsFunc(lit.Elts, func(e ast.Expr) bool { _, ok := e.(*ast.KeyValueExpr); return ok })
}

// missingFields gives the fields that a struct literal does not set, nil for other literals.
func (c *check) missingFields(lit *ast.CompositeLit) []Match {
	t := c.info.Types[lit].Type
	if t == nil && lit.Type != nil {
		t = c.info.Types[lit.Type].Type
	}
	fields := fieldsOf(t)
	return slices.DeleteFunc(fields, func(m Match) bool {
		return slices.ContainsFunc(lit.Elts, func(e ast.Expr) bool {
			kv, ok := e.(*ast.KeyValueExpr)
			if !ok {
				return false
			}
			key, ok := kv.Key.(*ast.Ident)
			return ok && key.Name == m.Text
		})
	})
}

// fieldsOf gives the fields of a struct that a cell may set.
func fieldsOf(t types.Type) []Match {
	if t == nil {
		return nil
	}
	if p, ok := t.Underlying().(*types.Pointer); ok { // &T left out in []*T{{}}
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	list := []Match{}
	for f := range s.Fields() {
		if usable(f) {
			m := match(f)
			m.far = farField
			list = append(list, m)
		}
	}
	return list
}

// usable reports whether a cell may name a field or method.
func usable(obj types.Object) bool {
	return obj.Exported() || obj.Pkg() != nil && obj.Pkg().Path() == "main"
}

// labels gives the labels of the function around the end of a path.
func labels(path []ast.Node) []Match {
	var list []Match
	for _, n := range path {
		switch n.(type) {
		case *ast.FuncDecl, *ast.FuncLit:
			list = nil
		case *ast.LabeledStmt:
			list = append(list, Match{Text: n.(*ast.LabeledStmt).Label.Name, Type: "label", far: farName})
		}
	}
	return list
}

// members gives what can be selected from an expression, nil when nothing is known of it.
func (c *check) members(x ast.Expr) []Match {
	if id, ok := x.(*ast.Ident); ok {
		if p, ok := c.info.Uses[id].(*types.PkgName); ok {
			return exportedOf(p.Imported())
		}
	}
	t := c.valueType(x)
	if t == nil {
		return nil
	}
	list := []Match{}
	for _, obj := range selectable(t) {
		if _, isField := obj.(*types.Var); !isField || !c.info.Types[x].IsType() {
			list = append(list, match(obj))
		}
	}
	return list
}

// valueType gives the type of an expression, nil when it is not known; of a call whose error will be taken
// care of, that of the other result.
func (c *check) valueType(x ast.Expr) types.Type {
	t := c.info.Types[x].Type
	if tuple, ok := t.(*types.Tuple); ok && tuple.Len() == 2 {
		t = tuple.At(0).Type()
	}
	if t == types.Typ[types.Invalid] {
		return nil
	}
	return t
}

// exportedOf gives the exported names of a package.
func exportedOf(p *types.Package) []Match {
	list := []Match{}
	for _, name := range p.Scope().Names() {
		if obj := p.Scope().Lookup(name); obj.Exported() {
			list = append(list, match(obj))
		}
	}
	return list
}

// selectable gives the fields and methods of a type, promoted ones included, that a cell may use.
func selectable(t types.Type) []types.Object {
	var list []types.Object
	found := map[string]bool{}
	add := func(obj types.Object) {
		if !found[obj.Name()] && usable(obj) {
			found[obj.Name()] = true
			list = append(list, obj)
		}
	}
	set := t
	switch t.Underlying().(type) {
	case *types.Interface, *types.Pointer:
	default:
		set = types.NewPointer(t)
	}
	if tp, ok := t.(*types.TypeParam); ok {
		set = tp.Constraint()
	}
	for m := range types.NewMethodSet(set).Methods() {
		add(m.Obj())
	}
	addFields(t, add, map[types.Type]bool{})
	return list
}

func addFields(t types.Type, add func(types.Object), seen map[types.Type]bool) {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok || seen[t] {
		return
	}
	seen[t] = true
	for f := range s.Fields() {
		add(f)
	}
	for f := range s.Fields() {
		if f.Embedded() {
			addFields(f.Type(), add, seen)
		}
	}
}

// visible gives every name that begins with prefix and could begin an expression at id, or at the top
// of a cell.
func (c *check) visible(id *ast.Ident, prefix string) []Match {
	var list []Match
	found := map[string]bool{}
	add := func(name string, far int, m func() Match) {
		if begins(name, prefix) && !found[name] && !strings.Contains(name, mark) {
			found[name] = true
			x := m()
			x.far = far
			list = append(list, x)
		}
	}
	if id != nil {
		for _, scope := range c.scopesAt(id.Pos()) {
			for _, name := range scope.Names() {
				add(name, farName, func() Match { return match(scope.Lookup(name)) })
			}
		}
	}
	for name, e := range c.session.names {
		if !e.method {
			add(name, farName, e.match)
		}
	}
	for _, name := range types.Universe.Names() {
		add(name, farBuiltin, func() Match { return match(types.Universe.Lookup(name)) })
	}
	for _, p := range c.session.lib.Packages {
		add(p.Name, farPackage, func() Match { return Match{Text: p.Name, Type: "package", Signature: p.Path} })
	}
	for tok := token.BREAK; tok <= token.VAR; tok++ {
		add(tok.String(), farKeyword, func() Match { return Match{Text: tok.String(), Type: "keyword"} })
	}
	return list
}

// match describes a name of the notebook as a completion.
func (e *entity) match() Match {
	if e.obj == nil {
		return Match{Text: e.name, Type: "package", Signature: e.path}
	}
	return match(e.obj)
}

// begins reports whether a name begins with a prefix, whatever the case of the letters.
func begins(name, prefix string) bool {
	return len(name) >= len(prefix) && strings.EqualFold(name[:len(prefix)], prefix)
}

// filter keeps the matches that begin with prefix, whatever the case of the letters. Those in which
// the case is right come first, then those that are near.
func filter(list []Match, prefix string) []Match {
	list = slices.DeleteFunc(list, func(m Match) bool { return !begins(m.Text, prefix) })
	other := func(m Match) int {
		if strings.HasPrefix(m.Text, prefix) {
			return 0
		}
		return 1
	}
	slices.SortFunc(list, func(a, b Match) int {
		return cmp.Or(cmp.Compare(other(a), other(b)), cmp.Compare(a.far, b.far), cmp.Compare(a.Text, b.Text))
	})
	return slices.CompactFunc(list, func(a, b Match) bool { return a.Text == b.Text })
}

// match describes an object as a completion, but for its type: most matches are not those wanted.
func match(obj types.Object) Match {
	m := Match{Text: obj.Name(), obj: obj}
	switch obj := obj.(type) {
	case *types.PkgName:
		m.Type, m.Signature, m.obj = "package", obj.Imported().Path(), nil
	case *types.Const:
		m.Type = "constant"
	case *types.TypeName:
		m.Type = "type"
	case *types.Var:
		m.Type = "variable"
		if obj.IsField() {
			m.Type = "field"
		}
	case *types.Func:
		m.Type = "function"
		if obj.Signature().Recv() != nil {
			m.Type = "method"
		}
	case *types.Builtin:
		m.Type = "function"
	}
	return m
}

// typeText writes the type of an object with packages by their name.
func typeText(obj types.Object) string {
	t := obj.Type()
	if t == nil {
		return ""
	}
	if _, ok := obj.(*types.TypeName); ok {
		t = t.Underlying()
	}
	if types.Identical(t, types.Typ[types.Invalid]) {
		return ""
	}
	return types.TypeString(t, byName)
}

// byName qualifies names as Go source would. Those of cells have the names of packages that the check
// makes: plain takes them out again.
func byName(p *types.Package) string { return p.Name() }
