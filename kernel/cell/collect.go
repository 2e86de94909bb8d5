package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strconv"
)

// collect finds out what the cell declares and what it takes from elsewhere: imports, earlier types
// that its methods belong to, older variables that it reads before declaring them again.
//
// It goes on after an error, so that completion learns what can be learnt; the first one counts.
func (c *check) collect() error {
	c.packages, c.explicit = map[string]string{}, map[string]string{}
	c.decls, c.vars = map[string]*unit{}, map[string]bool{}
	c.define = map[*ast.AssignStmt][]*ast.Ident{}
	c.older = map[string]*types.TypeName{}
	c.hoisted = map[*ast.Ident]bool{}
	for _, u := range c.units {
		if !c.lenient { // a probe looks for what is visible at the cursor
			c.hoist(u)
		}
	}
	err := c.imports()
	c.sameTypes()
	err = first(err, c.findExtensions())
	for _, u := range c.units {
		err = first(err, c.declare(u))
	}
	c.bindOlder()
	c.autoImport()
	return err
}

// first gives the first of two errors.
func first(a, b error) error {
	if a != nil {
		return a
	}
	return b
}

// declare records the top-level names of a unit.
func (c *check) declare(u *unit) error {
	for _, d := range u.decls {
		if f, ok := d.(*ast.FuncDecl); ok && f.Recv == nil && f.Name.Name == "main" && c.isProgram() && f.Type.Params.NumFields()+f.Type.Results.NumFields() > 0 {
			return c.fail(f.Name.Pos(), "func main must have no arguments and no return values")
		}
		for _, id := range declaredNames(d) {
			c.decls[id.Name] = u
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.VAR {
				c.vars[id.Name] = true
			}
		}
	}
	for _, stmt := range u.stmts {
		a, ok := stmt.(*ast.AssignStmt)
		if !ok || a.Tok != token.DEFINE {
			continue
		}
		if err := c.declareVars(u, a); err != nil {
			return err
		}
	}
	return nil
}

// isProgram reports whether the cell has a package clause, so that its function main runs.
func (c *check) isProgram() bool {
	return slices.ContainsFunc(c.units, func(u *unit) bool { return u.class == packageClause })
}

// declareVars records the variables that a top-level := makes. Like in a function body, those that
// the cell itself has already declared are assigned.
func (c *check) declareVars(u *unit, a *ast.AssignStmt) error {
	var fresh []*ast.Ident
	for _, l := range a.Lhs {
		id, ok := l.(*ast.Ident)
		if !ok {
			return c.fail(l.Pos(), "non-name %s on left side of :=", source(l))
		}
		if id.Name != "_" && c.decls[id.Name] == nil {
			fresh = append(fresh, id)
			c.decls[id.Name] = u
			c.vars[id.Name] = true
		}
	}
	if len(fresh) == 0 {
		return c.fail(a.TokPos, "no new variables on left side of :=")
	}
	if l, r := len(a.Lhs), len(a.Rhs); r != 1 && l != r {
		return c.fail(a.Lhs[0].Pos(), "assignment mismatch: %s but %s", count(l, "variable"), count(r, "value"))
	}
	c.define[a] = fresh
	return nil
}

func count(n int, noun string) string {
	if n != 1 {
		noun += "s"
	}
	return strconv.Itoa(n) + " " + noun
}

// declaredNames gives the names that a top-level declaration puts into the package; methods, init
// functions and blanks put none.
func declaredNames(d ast.Decl) []*ast.Ident {
	var names []*ast.Ident
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil && d.Name.Name != "init" {
			names = append(names, d.Name)
		}
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.TypeSpec:
				names = append(names, spec.Name)
			case *ast.ValueSpec:
				names = append(names, spec.Names...)
			}
		}
	}
	return slices.DeleteFunc(names, func(id *ast.Ident) bool { return id.Name == "_" })
}

// bindOlder makes statements that stand above the declaration of a variable, and its own
// initialiser, mean the variable of an earlier cell, as they would in a function body. In a cell
// of declarations alone Go's rule for files holds: the order does not matter, only "var x = x + 1"
// reads the older x.
func (c *check) bindOlder() {
	by := map[*unit][]string{}
	for name, u := range c.decls {
		by[u] = append(by[u], name)
	}
	file := c.isFile()
	declared := map[string]bool{}
	for _, u := range c.units {
		if c.owner[u] != nil || !runs(u) {
			continue
		}
		var keys map[*ast.Ident]bool
		for _, id := range u.free {
			if !c.vars[id.Name] || declared[id.Name] {
				continue
			}
			if keys == nil {
				keys = fieldKeys(u)
			}
			own := c.decls[id.Name] == u && c.session.names[id.Name] != nil
			if !keys[id] && (own || !file) {
				id.Name += mark
			}
		}
		for _, name := range by[u] {
			declared[name] = true
		}
	}
}

// runs reports whether a unit is executed in order: a statement, or the declaration of variables.
func runs(u *unit) bool {
	if u.class == statement {
		return true
	}
	g, ok := u.firstDecl().(*ast.GenDecl)
	return ok && g.Tok == token.VAR
}

func (u *unit) firstDecl() ast.Decl {
	if len(u.decls) == 0 {
		return nil
	}
	return u.decls[0]
}

// fieldKeys finds identifiers that name fields in composite literals. Without types a key in a
// literal of a named type may be either; it is taken for a field.
func fieldKeys(u *unit) map[*ast.Ident]bool {
	keys := map[*ast.Ident]bool{}
	u.inspect(func(n ast.Node) bool {
		lit, ok := n.(*ast.CompositeLit)
		if !ok {
			return true
		}
		switch lit.Type.(type) {
		case *ast.MapType, *ast.ArrayType:
			return true
		}
		for _, e := range lit.Elts {
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				if id, ok := kv.Key.(*ast.Ident); ok {
					keys[id] = true
				}
			}
		}
		return true
	})
	return keys
}

// inspect walks all nodes of the unit.
func (u *unit) inspect(visit func(ast.Node) bool) {
	for _, d := range u.decls {
		ast.Inspect(d, visit)
	}
	for _, s := range u.stmts {
		ast.Inspect(s, visit)
	}
	for _, e := range u.shown {
		ast.Inspect(e, visit)
	}
}

// receiver gives the name of the type that a method belongs to, "" for a function.
func receiver(d ast.Decl) string {
	f, ok := d.(*ast.FuncDecl)
	if !ok || f.Recv == nil || len(f.Recv.List) != 1 {
		return ""
	}
	t := f.Recv.List[0].Type
	for {
		switch x := t.(type) {
		case *ast.StarExpr:
			t = x.X
		case *ast.ParenExpr:
			t = x.X
		case *ast.IndexExpr:
			t = x.X
		case *ast.IndexListExpr:
			t = x.X
		case *ast.Ident:
			return x.Name
		default:
			return ""
		}
	}
}

// methodName gives the name of the method that a unit declares.
func (u *unit) methodName() string {
	if f, ok := u.firstDecl().(*ast.FuncDecl); ok {
		return f.Name.Name
	}
	return ""
}

// sameTypes drops declarations of types, and of their methods, that the notebook already has with the
// same text: running a cell twice must not orphan the values of its types. Those that something else in
// the cell changes stay: types that mention a type which the cell gives another text, and those that
// are to be emitted again.
func (c *check) sameTypes() {
	types, changed := map[string]bool{}, map[string]bool{}
	for _, u := range c.units {
		if name := typeName(u); name != "" && c.owner[u] == nil {
			types[name] = c.isSame(u, name) && !c.own[name]
		}
	}
	for _, u := range c.units { // a generic type goes with its methods
		if name := receiver(u.firstDecl()); types[name] && isGeneric(u.firstDecl().(*ast.FuncDecl)) {
			types[name] = slices.ContainsFunc(c.session.names[name].methods, func(m *unit) bool { return m.text == u.text })
		}
	}
	for name, is := range types {
		changed[name] = !is
	}
	for grown := true; grown; {
		grown = false
		for name, is := range types {
			if is && slices.ContainsFunc(c.session.names[name].uses, func(use string) bool { return changed[use] }) {
				types[name], changed[name], grown = false, true, true
			}
		}
	}
	c.units = slices.DeleteFunc(c.units, func(u *unit) bool {
		base := receiver(u.firstDecl())
		switch {
		case c.owner[u] != nil:
			return false
		case base == "":
			return types[typeName(u)]
		case isGeneric(u.firstDecl().(*ast.FuncDecl)):
			return types[base]
		}
		return types[base] && c.isSame(u, methodKey(u)) && !c.own[methodKey(u)]
	})
}

// methodKey gives the name that the entity of a method has, "" for what declares none.
func methodKey(u *unit) string {
	if base := receiver(u.firstDecl()); base != "" {
		return base + "." + u.methodName()
	}
	return ""
}

// isSame reports whether the notebook has a declaration with the text of a unit under a name, which
// runs as that would.
func (c *check) isSame(u *unit, name string) bool {
	e := c.session.names[name]
	return e != nil && e.unit != nil && e.unit.text == u.text && e.unit.native == u.native
}

// typeName gives the name that a unit declares when it is the declaration of one type.
func typeName(u *unit) string {
	g, ok := u.firstDecl().(*ast.GenDecl)
	if !ok || g.Tok != token.TYPE || len(g.Specs) != 1 {
		return ""
	}
	return g.Specs[0].(*ast.TypeSpec).Name.Name
}

// bring adds the text of an entity to the check.
func (c *check) bring(e *entity) error {
	for _, old := range e.pieces() {
		u, err := parse(c.fset, old.cell, old.piece, false)
		if len(err) > 0 {
			return err // it parsed before
		}
		u.comment, u.native = old.comment, old.native
		c.owner[u] = e
		c.units = append(c.units, u)
	}
	return nil
}
