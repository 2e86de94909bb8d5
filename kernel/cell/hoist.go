package cell

import (
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ast/astutil"
)

// A type that a function declares may be an argument of a generic function, whose copy stands outside
// and has no name for it. So types declared in functions move out, under a name of ours, unless they
// depend on what else the function declares.

// hoist moves the types out of the functions and blocks of a unit.
func (c *check) hoist(u *unit) {
	moved := map[*ast.Object]string{}
	var decls []ast.Decl
	visit := func(cur *astutil.Cursor) bool {
		stmt, ok := cur.Node().(*ast.DeclStmt)
		if !ok {
			return true
		}
		g := stmt.Decl.(*ast.GenDecl)
		if g.Tok != token.TYPE || cur.Index() < 0 || !movable(g, moved) {
			return true
		}
		for _, s := range g.Specs {
			spec := s.(*ast.TypeSpec)
			c.hoists++
			moved[spec.Name.Obj] = version(version(spec.Name.Name, c.session.seq), c.hoists)
		}
		decls = append(decls, g)
		cur.Replace(&ast.EmptyStmt{Semicolon: g.Pos(), Implicit: true})
		return false
	}
	u.rewriteAll(visit)
	if len(decls) == 0 {
		return
	}
	u.decls = append(u.decls, decls...)
	u.inspect(func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Obj != nil && moved[id.Obj] != "" {
			id.Name = moved[id.Obj]
			c.hoisted[id] = true
		}
		return true
	})
}

// movable reports whether a declaration of types mentions nothing that a function declares, but types
// that have moved or are declared with it. Blanks and aliases stay.
func movable(g *ast.GenDecl, moved map[*ast.Object]string) bool {
	ok := true
	for _, s := range g.Specs {
		spec := s.(*ast.TypeSpec)
		ok = ok && spec.Name.Name != "_" && !spec.Assign.IsValid() && spec.Name.Obj != nil
	}
	inside := map[*ast.Ident]bool{} // names of fields and parameters
	ast.Inspect(g, func(n ast.Node) bool {
		if f, isField := n.(*ast.Field); isField {
			for _, id := range f.Names {
				inside[id] = true
			}
		}
		id, isName := n.(*ast.Ident)
		if !isName || inside[id] || id.Obj == nil || moved[id.Obj] != "" {
			return true
		}
		if spec, isType := id.Obj.Decl.(*ast.TypeSpec); isType && within(spec, g) {
			return true
		}
		ok = false
		return false
	})
	return ok
}

func within(spec *ast.TypeSpec, g *ast.GenDecl) bool {
	for _, s := range g.Specs {
		if s == ast.Spec(spec) {
			return true
		}
	}
	return false
}

// rewriteAll applies a function to every node of the unit, inside of functions too.
func (u *unit) rewriteAll(pre astutil.ApplyFunc) {
	for _, d := range u.decls {
		astutil.Apply(d, pre, nil)
	}
	for i, s := range u.stmts {
		u.stmts[i] = astutil.Apply(&ast.BlockStmt{List: []ast.Stmt{s}}, pre, nil).(*ast.BlockStmt).List[0]
	}
	for _, e := range u.shown {
		astutil.Apply(e, pre, nil)
	}
}
