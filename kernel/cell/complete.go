package cell

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// Completion is what could stand at the cursor. Start and End are byte offsets in the code: the
// span that a match replaces.
type Completion struct {
	Matches    []Match
	Start, End int
}

// Match is one completion.
type Match struct {
	Text      string // what is inserted
	Type      string // "function", "method", "field", "variable", "constant", "type", "package", "keyword"
	Signature string // its Go type, for people
}

// Complete gives the names that could stand at the byte offset cursor of code: behind a dot the
// members of what stands before it, else the names of cell and notebook, packages, keywords and
// builtins. Inside strings and comments there are none.
func (s *Session) Complete(code string, cursor int) Completion {
	cursor = min(max(cursor, 0), len(code))
	start, end := word(code, cursor)
	done := Completion{Start: start, End: end}
	if inText(code, cursor) {
		return done
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	// What follows the cursor on its line may be half an expression: it is left aside, later lines
	// are not, for they may declare what is asked for.
	rest := ""
	if i := strings.IndexByte(code[end:], '\n'); i >= 0 {
		rest = code[end+i:]
	}
	before := code[:start] + cursorName
	c := s.probe(before + closing(before) + rest)
	id, parent := c.find(start)
	prefix := code[start:cursor]
	if sel, ok := parent.(*ast.SelectorExpr); ok && sel.Sel == id {
		done.Matches = c.members(sel.X)
	} else if !strings.HasSuffix(strings.TrimRight(code[:start], " \t\n"), ".") {
		done.Matches = c.visible(id)
	}
	done.Matches = slices.DeleteFunc(done.Matches, func(m Match) bool {
		return strings.Contains(m.Text, mark) || !strings.HasPrefix(strings.ToLower(m.Text), strings.ToLower(prefix))
	})
	slices.SortFunc(done.Matches, func(a, b Match) int { return cmp.Compare(a.Text, b.Text) })
	return done
}

// members gives what can be selected from an expression.
func (c *check) members(x ast.Expr) []Match {
	if id, ok := x.(*ast.Ident); ok {
		if p, ok := c.info.Uses[id].(*types.PkgName); ok {
			return exportedOf(p.Imported())
		}
	}
	t := c.info.Types[x].Type
	if tuple, ok := t.(*types.Tuple); ok && tuple.Len() == 2 { // its error will be taken care of
		t = tuple.At(0).Type()
	}
	if t == nil {
		return nil
	}
	var list []Match
	for _, obj := range selectable(t) {
		list = append(list, match(obj))
	}
	return list
}

// exportedOf gives the exported names of a package.
func exportedOf(p *types.Package) []Match {
	var list []Match
	for _, name := range p.Scope().Names() {
		if obj := p.Scope().Lookup(name); obj.Exported() {
			list = append(list, match(obj))
		}
	}
	return list
}

// selectable gives the fields and methods of a type, promoted ones included, that a cell may use.
func selectable(t types.Type) []types.Object {
	found := map[string]types.Object{}
	add := func(obj types.Object) {
		ours := obj.Pkg() != nil && obj.Pkg().Path() == "main"
		if _, ok := found[obj.Name()]; !ok && (obj.Exported() || ours) {
			found[obj.Name()] = obj
		}
	}
	set := t
	if _, ok := t.Underlying().(*types.Interface); !ok {
		if _, ok := t.(*types.Pointer); !ok {
			set = types.NewPointer(t)
		}
	}
	for m := range types.NewMethodSet(set).Methods() {
		add(m.Obj())
	}
	addFields(t, add, map[types.Type]bool{})
	return slices.Collect(maps.Values(found))
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
		if f.Embedded() {
			addFields(f.Type(), add, seen)
		}
	}
}

// visible gives every name that could begin an expression at id.
func (c *check) visible(id *ast.Ident) []Match {
	found := map[string]Match{}
	add := func(m Match) {
		if _, ok := found[m.Text]; !ok {
			found[m.Text] = m
		}
	}
	if id != nil {
		for _, scope := range c.scopesAt(id.Pos()) {
			for _, name := range scope.Names() {
				add(match(scope.Lookup(name)))
			}
		}
	}
	for name, e := range c.session.names {
		if e.obj != nil {
			add(match(e.obj))
		} else {
			add(Match{Text: name, Type: "package", Signature: e.path})
		}
	}
	for _, p := range c.session.lib.Packages {
		add(Match{Text: p.Name, Type: "package", Signature: p.Path})
	}
	for tok := token.BREAK; tok <= token.VAR; tok++ {
		add(Match{Text: tok.String(), Type: "keyword"})
	}
	for _, name := range types.Universe.Names() {
		add(match(types.Universe.Lookup(name)))
	}
	return slices.Collect(maps.Values(found))
}

// match describes an object as a completion.
func match(obj types.Object) Match {
	m := Match{Text: obj.Name(), Signature: typeText(obj)}
	switch obj := obj.(type) {
	case *types.PkgName:
		m.Type, m.Signature = "package", obj.Imported().Path()
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
	if _, ok := t.Underlying().(*types.Basic); ok && types.Identical(t, types.Typ[types.Invalid]) {
		return ""
	}
	return types.TypeString(t, byName)
}

// byName qualifies names as Go source would; names of cells stand alone.
func byName(p *types.Package) string {
	if p.Path() == "main" {
		return ""
	}
	return p.Name()
}
