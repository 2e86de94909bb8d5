package cell

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// editor writes the text of a unit as plain Go: what the person typed, with names replaced by their
// versions and a must around each call whose error the cell takes care of.
type editor struct {
	*check
	u     *unit
	base  token.Pos // of the first byte of the text
	edits []edit
}

// edit replaces text[from:to].
type edit struct {
	from, to int
	text     string
}

func (c *check) editor(u *unit) *editor {
	w := &editor{check: c, u: u}
	if n := u.node(); n != nil {
		file := c.fset.File(n.Pos())
		behind := 0 // what parseStatement puts behind a statement, and behind a list of values
		if u.class == statement {
			behind = len("\n}")
		}
		w.base = token.Pos(file.Base() + file.Size() - behind - len(u.piece.text))
	}
	u.inspect(w.visit)
	slices.SortStableFunc(w.edits, func(a, b edit) int {
		return cmp.Or(a.from-b.from, a.to-b.to)
	})
	return w
}

// visit notes the edits of a tree.
func (w *editor) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.Ident:
		w.ident(n)
	case *ast.SelectorExpr:
		ast.Inspect(n.X, w.visit)
		switch obj := w.info.Uses[n.Sel].(type) {
		case *types.Var:
			w.embedded(n.Sel, obj)
		case *types.Func:
			if token := w.methodToken(obj); token != "" {
				w.replace(n.Sel.Pos(), len(n.Sel.Name), token)
			}
		}
		return false
	case *ast.FuncDecl:
		if token := w.declaredMethod(n); token != "" {
			w.replace(n.Name.Pos(), len(n.Name.Name), token)
		}
	case *ast.AssignStmt:
		if w.define[n] != nil {
			w.replace(n.TokPos, len(":="), "=")
		}
	case *ast.CallExpr:
		id, ok := n.Fun.(*ast.Ident)
		if ok && slices.Contains(takeHelpers[1:], id.Name) {
			call := n.Args[0]
			w.replace(call.Pos(), 0, mustToken(slices.Index(takeHelpers, id.Name))+"(")
			ast.Inspect(call, w.visit)
			w.replace(call.End(), 0, ")")
			return false
		}
	}
	return true
}

// replace notes that the n bytes at pos become text.
func (w *editor) replace(pos token.Pos, n int, text string) {
	from := int(pos - w.base)
	w.edits = append(w.edits, edit{from, from + n, text})
}

// ident writes the version of a name of the notebook, and the token of a package.
func (w *editor) ident(id *ast.Ident) {
	if w.hoisted[id] {
		return // in the text the type stands where it was declared
	}
	obj := w.info.Uses[id]
	if obj == nil {
		obj = w.info.Defs[id]
	}
	length := len(strings.TrimSuffix(id.Name, mark)) // bindOlder marks names
	switch obj := obj.(type) {
	case nil:
		return
	case *types.Func:
		if f, ok := w.u.firstDecl().(*ast.FuncDecl); ok && f.Name == id && w.inits()[f] != "" {
			w.replace(id.Pos(), length, w.inits()[f])
			return
		}
	case *types.PkgName:
		w.replace(id.Pos(), length, w.session.packageToken(obj.Imported()))
		return
	case *types.Var:
		if obj.IsField() {
			w.embedded(id, obj)
			return
		}
	}
	if name := w.objectVersion(obj); name != "" {
		w.replace(id.Pos(), length, name)
	} else if p := obj.Pkg(); p != nil && p.Path() != "main" && obj.Parent() == p.Scope() { // a dot import
		w.replace(id.Pos(), 0, w.session.packageToken(p)+".")
	}
}

// embedded renames the field of an embedded type of the notebook, whose name is that of the type.
func (w *editor) embedded(id *ast.Ident, field *types.Var) {
	if !field.Embedded() || w.info.Defs[id] != nil {
		return
	}
	t := types.Unalias(field.Type())
	if p, ok := t.(*types.Pointer); ok {
		t = p.Elem()
	}
	if named, ok := t.(*types.Named); ok {
		if name := w.objectVersion(named.Obj()); name != "" {
			w.replace(id.Pos(), len(id.Name), name)
		}
	}
}

// text gives the edited text between two positions.
func (w *editor) text(from, to token.Pos) string {
	var b strings.Builder
	text := w.u.piece.text
	at, end := int(from-w.base), min(int(to-w.base), len(text)) // an older variable's name is longer in the tree
	for _, e := range w.edits {
		if e.from < at || e.to > end {
			continue
		}
		b.WriteString(text[at:e.from] + e.text)
		at = e.to
	}
	b.WriteString(text[at:end])
	return b.String()
}

// all gives the whole text.
func (w *editor) all() string { return w.text(w.base, w.base+token.Pos(len(w.u.piece.text))) }

// fragment gives the unit as a declaration.
func (w *editor) fragment() *fragment {
	f := &fragment{cell: w.u.cell, line: w.u.line, col: w.u.col, comment: w.u.comments(), text: w.all()}
	if receiver(w.u.firstDecl()) != "" {
		f.method = w.u.methodName()
		f.declares = []string{w.declaredMethod(w.u.firstDecl().(*ast.FuncDecl))}
	}
	return f
}

func (w *editor) statement(s ast.Stmt) string { return w.text(s.Pos(), s.End()) }

// variables writes the initialisation of those variables of the unit that want says.
func (w *editor) variables(want func(*ast.ValueSpec) bool) []string {
	g, ok := w.u.firstDecl().(*ast.GenDecl)
	if !ok || g.Tok != token.VAR {
		return nil
	}
	var lines []string
	for _, s := range g.Specs {
		if spec := s.(*ast.ValueSpec); want(spec) {
			lines = append(lines, w.variable(spec)...)
		}
	}
	return lines
}

// variable writes the initialisation of declared variables. One without a value becomes zero when it
// had another before.
func (w *editor) variable(spec *ast.ValueSpec) []string {
	var names, lines []string
	blank := true
	for _, id := range spec.Names {
		name := "_"
		if id.Name != "_" {
			name, blank = w.versionOf(id.Name), false
		}
		names = append(names, name)
	}
	if len(spec.Values) > 0 {
		if blank && spec.Type != nil {
			return []string{"var " + w.text(spec.Pos(), spec.End())}
		}
		values := w.text(spec.Values[0].Pos(), spec.Values[len(spec.Values)-1].End())
		return []string{strings.Join(names, ", ") + " = " + values}
	}
	for i, id := range spec.Names {
		old := w.session.names[id.Name]
		if old != nil && old.version == names[i] {
			lines = append(lines, names[i]+" = *new("+w.plainType(old.obj.Type())+")")
		}
	}
	return lines
}

// show writes the display of the cell's value as Println.
func (w *editor) show() string {
	var values []string
	for _, v := range w.u.shown {
		values = append(values, w.text(v.Pos(), v.End()))
	}
	list := strings.Join(values, ", ")
	call, isCall := w.u.shown[0].(*ast.CallExpr)
	if len(values) > 1 || !isCall {
		if w.u.quiet {
			return strings.Repeat("_, ", len(values)-1) + "_ = " + list
		}
		return w.println(list)
	}
	t := w.info.Types[call].Type
	switch tuple, several := t.(*types.Tuple); {
	case w.u.quiet || w.info.Types[call].IsVoid() || w.prints(call):
		return list
	case isError(t):
		return mustToken(0) + "(" + list + ")"
	case several && isError(tuple.At(tuple.Len()-1).Type()) && tuple.Len() > 1:
		return w.println(mustToken(tuple.Len()-1) + "(" + list + ")")
	}
	return w.println(list)
}

func (w *editor) println(list string) string {
	p, err := w.session.lib.Import("fmt")
	if err != nil {
		return "println(" + list + ")" // a library without fmt
	}
	return w.session.packageToken(p) + ".Println(" + list + ")"
}
