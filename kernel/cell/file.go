package cell

import (
	"fmt"
	"go/ast"
	"go/token"
)

// file gives the cell as go/types sees it: declarations as they stand, top-level variables as
// variables of the package, everything else that runs in the body of one function. The nodes are
// the units' own, so that what the check learns of them serves the lowering.
func (c *check) file() *ast.File {
	file := &ast.File{Name: ast.NewIdent(c.cellPackage())}
	var body []ast.Stmt
	for _, u := range c.units {
		for _, d := range u.decls {
			if g, ok := d.(*ast.GenDecl); ok && g.Tok == token.IMPORT {
				continue
			}
			if f, ok := d.(*ast.FuncDecl); ok && c.extensions[f] != nil {
				d = c.extensions[f].decl
			}
			file.Decls = append(file.Decls, d)
		}
		for _, stmt := range u.stmts {
			a, ok := stmt.(*ast.AssignStmt)
			if !ok || c.define[a] == nil {
				body = append(body, stmt)
				continue
			}
			decl, rest := c.variables(a)
			file.Decls = append(file.Decls, decl)
			body = append(body, rest...)
		}
		if len(u.shown) > 0 {
			c.show = &ast.CallExpr{Fun: &ast.Ident{NamePos: u.shown[0].Pos(), Name: showHelper}, Args: u.shown, Lparen: u.shown[0].Pos(), Rparen: u.shown[len(u.shown)-1].End()}
			body = append(body, &ast.ExprStmt{X: c.show})
		}
	}
	file.Decls = append(file.Decls, &ast.FuncDecl{
		Name: ast.NewIdent(entryName(c.session.seq)),
		Type: &ast.FuncType{Params: &ast.FieldList{}},
		Body: &ast.BlockStmt{List: body},
	})
	return file
}

// packagePrefix begins the name of the package that a check makes.
const packagePrefix = "main" + mark

// cellPackage names the package of a cell apart from those of other cells, so that messages tell a
// type from an older one of its name.
func (c *check) cellPackage() string {
	if c.lenient {
		return packagePrefix + "0" // no cell: they count from 1
	}
	return fmt.Sprintf("%s%d", packagePrefix, c.session.seq)
}

// entryName is the function that holds the statements of a cell.
func entryName(seq int) string { return fmt.Sprintf("%scell%d", mark, seq) }

// variables writes a top-level := as the declaration of its new variables, and assignments to those
// that the cell had declared above.
func (c *check) variables(a *ast.AssignStmt) (*ast.GenDecl, []ast.Stmt) {
	fresh := map[*ast.Ident]bool{}
	for _, id := range c.define[a] {
		fresh[id] = true
	}
	spec := &ast.ValueSpec{}
	var rest []ast.Stmt
	for i, l := range a.Lhs {
		id := l.(*ast.Ident)
		if fresh[id] || id.Name == "_" {
			spec.Names = append(spec.Names, id)
			if len(a.Rhs) == len(a.Lhs) {
				spec.Values = append(spec.Values, a.Rhs[i])
			}
			continue
		}
		if len(a.Rhs) == len(a.Lhs) {
			rest = append(rest, &ast.AssignStmt{Lhs: []ast.Expr{id}, TokPos: a.TokPos, Tok: token.ASSIGN, Rhs: []ast.Expr{a.Rhs[i]}})
			continue
		}
		// One of several results: it passes through a name that nobody sees.
		through := &ast.Ident{NamePos: id.NamePos, Name: fmt.Sprintf("%s%s_%d", mark, id.Name, a.Pos())}
		spec.Names = append(spec.Names, through)
		rest = append(rest, &ast.AssignStmt{Lhs: []ast.Expr{id}, TokPos: a.TokPos, Tok: token.ASSIGN, Rhs: []ast.Expr{&ast.Ident{NamePos: id.NamePos, Name: through.Name}}})
	}
	if len(a.Rhs) != len(a.Lhs) {
		spec.Values = a.Rhs
	}
	return &ast.GenDecl{Tok: token.VAR, TokPos: a.Pos(), Specs: []ast.Spec{spec}}, rest
}
