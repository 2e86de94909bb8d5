package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"
)

// fragment is a declaration of a cell as plain Go, for the Go compiler to read: %%native builds
// fragments, export puts them together to a program. Every name that belongs to no function stands
// in it as a version ("fˑ4"), so that the declarations of one name keep apart; whoever puts
// fragments together gives them names again.
type fragment struct {
	cell      string
	line, col int // where the text stands in the cell
	comment   string
	text      string
	declares  []string    // versions
	methods   []*fragment // of the type that it declares
	method    string      // the name of the method that it is
	of        string      // the version of its type
	replaced  *fragment   // the method whose place it has taken
	variable  bool
}

// cellBody is what a cell runs, as plain Go.
type cellBody struct {
	cell string
	text []string // statements
	wrap bool     // they return, defer or jump, and need a function of their own
}

// mentioned finds versions, packages, helpers and methods in the text of fragments.
var mentioned = regexp.MustCompile(`[\pL_][\pL\pN_]*` + mark + `[ihm]?\d+`)

// packageToken stands for a package in fragments.
func (s *Session) packageToken(p *types.Package) string {
	i := slices.Index(s.imported, p.Path())
	if i < 0 {
		i = len(s.imported)
		s.imported = append(s.imported, p.Path())
	}
	return fmt.Sprintf("%s%si%d", p.Name(), mark, i)
}

// mustToken stands for the helper that takes care of the error behind n results.
func mustToken(n int) string { return fmt.Sprintf("must%sh%d", mark, n) }

// fragments writes what the cell declares and does as plain Go. It reads the trees that the check
// has left, before anything changes them.
func (c *check) fragments() {
	c.texts, c.body = map[string]*fragment{}, &cellBody{cell: c.name}
	for _, e := range c.entities {
		if old := c.session.names[e.name]; e.isVar() && (old == nil || old.version != e.version) {
			text := "var " + e.version + " " + c.plainType(e.obj.Type())
			c.texts[e.version] = &fragment{cell: c.name, declares: []string{e.version}, variable: true, text: text}
		}
	}
	var methods []*unit
	for _, u := range c.units {
		if receiver(u.firstDecl()) != "" {
			methods = append(methods, u)
		} else if len(u.decls) > 0 {
			c.declarationFragment(u)
		}
	}
	for _, u := range methods {
		f := c.editor(u).fragment()
		f.of = c.versionOf(receiver(u.firstDecl()))
		if t := c.texts[f.of]; t != nil {
			t.setMethod(f)
		} else if x := c.extensions[u.firstDecl().(*ast.FuncDecl)]; x != nil {
			f.of = x.owner.version
			c.extendFragment(x, f)
		}
		if token := f.declares[0]; token != "" {
			c.texts[token] = f
		}
	}
	c.bodyFragment()
}

// setMethod gives the fragment of a type a method, in the place of one of that name.
func (f *fragment) setMethod(method *fragment) {
	if i := slices.IndexFunc(f.methods, func(m *fragment) bool { return m.method == method.method }); i >= 0 {
		method.replaced = f.methods[i]
		f.methods = slices.Delete(f.methods, i, i+1)
	}
	f.methods = append(f.methods, method)
}

// extendFragment gives the fragment of an earlier type a method, in the place of one of that name.
func (c *check) extendFragment(x *extension, method *fragment) {
	old := c.session.texts[x.owner.version]
	if old == nil {
		return
	}
	t := *old
	t.methods = slices.Clone(t.methods)
	t.setMethod(method)
	c.texts[x.owner.version] = &t
}

// declarationFragment writes a declaration; variables are written already.
func (c *check) declarationFragment(u *unit) {
	d := u.firstDecl()
	if g, ok := d.(*ast.GenDecl); ok && (g.Tok == token.VAR || g.Tok == token.IMPORT) {
		return
	}
	f := c.editor(u).fragment()
	for _, id := range declaredNames(d) {
		f.declares = append(f.declares, c.versionOf(id.Name))
	}
	if name, ok := c.inits()[d]; ok {
		f.declares = append(f.declares, name)
	}
	for _, v := range f.declares {
		c.texts[v] = f
	}
}

// inits gives the init functions of the cell and versions for them.
func (c *check) inits() map[ast.Decl]string {
	names := map[ast.Decl]string{}
	for _, u := range c.units {
		if f, ok := u.firstDecl().(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "init" {
			names[f] = version(fmt.Sprintf("init%d", len(names)+1), c.session.seq)
		}
	}
	return names
}

// versionOf gives the version of a name that the cell declares, "" of others.
func (c *check) versionOf(name string) string {
	i := slices.IndexFunc(c.entities, func(e *entity) bool { return e.name == name && e.obj != nil })
	if i < 0 {
		return ""
	}
	return c.entities[i].version
}

// plainType writes a type as fragments name it.
func (c *check) plainType(t types.Type) string {
	w := &typeWriter{generics: true, refuse: func(string, ...any) {}}
	w.alias = func(path string) string {
		p, err := c.session.lib.Import(path)
		if err != nil {
			return path // it was imported before
		}
		return c.session.packageToken(p)
	}
	w.cellType = func(n *types.TypeName, args *types.TypeList) string {
		name := c.objectVersion(n)
		if name == "" {
			name = n.Name()
		}
		if args.Len() == 0 {
			return name
		}
		var texts []string
		for a := range args.Types() {
			texts = append(texts, c.plainType(a))
		}
		return name + "[" + strings.Join(texts, ", ") + "]"
	}
	w.write(t)
	return w.String()
}

// objectVersion gives the version of a top-level object of the notebook, "" of others.
func (c *check) objectVersion(obj types.Object) string {
	if e := c.known[obj]; e != nil {
		return e.version
	}
	if t, ok := obj.(*types.TypeName); ok && c.session.types[t] != "" {
		return c.session.types[t]
	}
	if obj.Pkg() == c.pkg && c.pkg.Scope().Lookup(obj.Name()) == obj {
		return c.versionOf(obj.Name())
	}
	return ""
}

// bodyFragment writes what the cell runs: init functions, variables, statements and what it shows.
func (c *check) bodyFragment() {
	b := c.body
	file := c.isFile()
	if file { // then variables have their values before init runs
		c.initOrder()
	}
	inits := c.inits()
	for _, u := range c.units {
		if name, ok := inits[u.firstDecl()]; ok {
			b.text = append(b.text, name+"()")
		}
	}
	for _, u := range c.units {
		if c.owner[u] != nil {
			continue
		}
		w := c.editor(u)
		if !file {
			b.text = append(b.text, w.variables(func(*ast.ValueSpec) bool { return true })...)
		}
		for _, s := range u.stmts {
			b.wrap = b.wrap || leaves(s)
			b.text = append(b.text, u.comments()+w.statement(s))
		}
		if len(u.shown) > 0 {
			b.text = append(b.text, u.comments()+w.show())
		}
	}
	if c.callsMain() {
		b.text = append(b.text, c.versionOf("main")+"()")
	}
}

// initOrder writes the initialisation of the variables of a file, in the order of dependencies.
func (c *check) initOrder() {
	for _, u := range c.units { // those without a value are zero before any other is computed
		if c.owner[u] == nil {
			without := func(s *ast.ValueSpec) bool { return len(s.Values) == 0 }
			c.body.text = append(c.body.text, c.editor(u).variables(without)...)
		}
	}
	for _, init := range c.info.InitOrder {
		u := c.unitAt(init.Rhs.Pos())
		if u == nil || c.owner[u] != nil {
			continue
		}
		var names []string
		for _, v := range init.Lhs {
			if name := c.objectVersion(v); name != "" {
				names = append(names, name)
			} else {
				names = append(names, "_")
			}
		}
		c.body.text = append(c.body.text, strings.Join(names, ", ")+" = "+c.editor(u).text(init.Rhs.Pos(), init.Rhs.End()))
	}
}

// leaves reports whether a statement at the top of a cell ends it, jumps in it, or does something at
// its end.
func leaves(s ast.Stmt) bool {
	found := false
	ast.Inspect(s, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt, *ast.DeferStmt, *ast.LabeledStmt:
			found = true
		}
		return !found
	})
	return found
}

// comments gives the comment above the unit as it was written.
func (u *unit) comments() string { return asComment(u.comment) }

func asComment(text string) string {
	var b strings.Builder
	for line := range strings.Lines(text) {
		b.WriteString("// " + line)
	}
	return b.String()
}
