package cell

import (
	"errors"
	"fmt"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"strings"
)

// unit is a parsed piece. The nodes are its own: lowering changes them, so a unit serves one check.
type unit struct {
	piece
	cell    string      // the cell that wrote it, for messages
	source  *sourceName // where it comes from when it is no cell's
	comment string      // the comment above it
	imports []*ast.ImportSpec
	decls   []ast.Decl
	stmts   []ast.Stmt
	shown   []ast.Expr   // the value of the cell, when this is its last piece; not shown when quiet
	native  bool         // a function that the Go toolchain builds
	free    []*ast.Ident // identifiers that nothing inside the piece declares
}

// parse parses a piece; last says that it is the last of its cell, which may be an expression. All
// positions, those of syntax errors included, are the cell's own.
func parse(fset *token.FileSet, cell string, p piece, last bool) (*unit, scanner.ErrorList) {
	u := &unit{piece: p, cell: cell}
	switch p.class {
	case packageClause:
		if f := strings.Fields(p.text); len(f) != 2 || !token.IsIdentifier(f[1]) {
			return nil, errorList(p, "expected 'package' and a name")
		}
		return u, nil
	case statement:
		return u, u.parseStatement(fset, last)
	}
	f, err := parseAt(fset, cell, p, "", "")
	if len(err) > 0 {
		return nil, err
	}
	u.imports, u.decls, u.free = f.Imports, f.Decls, topLevel(f)
	return u, nil
}

// unresolved gives the identifiers that nothing in a file declares. The parser leaves keys of composite
// literals out, for they may be fields; those of maps and arrays are not, so they are all told.
func unresolved(f *ast.File) []*ast.Ident {
	free := f.Unresolved
	ast.Inspect(f, func(n ast.Node) bool {
		if lit, ok := n.(*ast.CompositeLit); ok {
			for _, e := range lit.Elts {
				if kv, ok := e.(*ast.KeyValueExpr); ok {
					if key, ok := kv.Key.(*ast.Ident); ok && key.Obj == nil {
						free = append(free, key)
					}
				}
			}
		}
		return true
	})
	return free
}

// topLevel gives the identifiers of a file that mean something at the top level: those that nothing
// in the file declares, and those that its own declarations do, as a function that calls itself.
func topLevel(f *ast.File) []*ast.Ident {
	free := unresolved(f)
	declared := map[*ast.Ident]bool{}
	for _, d := range f.Decls {
		for _, id := range declaredNames(d) {
			declared[id] = true
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Obj != nil && !declared[id] && f.Scope.Lookup(id.Name) == id.Obj {
			free = append(free, id)
		}
		return true
	})
	return free
}

// parseStatement parses a statement, or, where it is the last piece and no statement, a list of
// expressions.
func (u *unit) parseStatement(fset *token.FileSet, last bool) scanner.ErrorList {
	f, err := parseAt(fset, u.cell, u.piece, "func _() {", "\n}")
	if len(err) > 0 {
		if at, _ := u.stray(); last && at < 0 { // a bracket that closes ours would make anything of it
			if f, err := parseAt(fset, u.cell, u.piece, "func _() { _(", ")}"); len(err) == 0 {
				call := body(f).List[0].(*ast.ExprStmt).X.(*ast.CallExpr)
				u.shown, u.free = call.Args, unresolved(f)
				return nil
			}
		}
		return err
	}
	u.stmts, u.free = body(f).List, unresolved(f)
	if len(u.stmts) != 1 || len(f.Decls) != 1 {
		return errorList(u.piece, "unexpected }")
	}
	if e, ok := u.stmts[0].(*ast.ExprStmt); ok && last {
		u.shown, u.stmts = []ast.Expr{e.X}, nil
	}
	return nil
}

func body(f *ast.File) *ast.BlockStmt { return f.Decls[0].(*ast.FuncDecl).Body }

// parseAt parses the text of a piece between before and after, in a file of its own.
func parseAt(fset *token.FileSet, cell string, p piece, before, after string) (*ast.File, scanner.ErrorList) {
	src := fmt.Sprintf("package main;%s/*line %s:%d:%d*/%s%s", before, cell, p.line, p.col, p.text, after)
	f, err := parser.ParseFile(fset, "", src, parser.AllErrors)
	var list scanner.ErrorList
	errors.As(err, &list)
	return f, list
}

// parses reports whether text is a whole statement.
func parses(text string) bool {
	_, err := parser.ParseFile(token.NewFileSet(), "", "package main;func _() {"+text+"\n}", 0)
	return err == nil
}

// errorList is a syntax error at the start of a piece.
func errorList(p piece, msg string) scanner.ErrorList {
	var list scanner.ErrorList
	list.Add(token.Position{Line: p.line, Column: p.col}, msg)
	return list
}

// parseCell splits and parses a cell. Characters and literals that do not scan come alone: they are the
// cause of what the parser says then.
func parseCell(fset *token.FileSet, cell, code string) ([]*unit, []Diagnostic) {
	if list := lexical(code); len(list) > 0 {
		return nil, list
	}
	pieces, _ := split(code)
	lines := strings.Split(code, "\n")
	var units []*unit
	var faults []Diagnostic
	for i, p := range pieces {
		u, err := parse(fset, cell, p, i == len(pieces)-1)
		if len(err) > 0 {
			faults = append(faults, p.fault(err))
			continue
		}
		u.comment = commentAbove(lines, p.line)
		units = append(units, u)
	}
	return units, faults
}

// commentAbove gives the text of the // comments on the lines just above a line.
func commentAbove(lines []string, line int) string {
	first := line - 1
	for first > 0 && strings.HasPrefix(strings.TrimSpace(lines[first-1]), "//") {
		first--
	}
	var b strings.Builder
	for _, l := range lines[first : line-1] {
		b.WriteString(strings.TrimPrefix(strings.TrimPrefix(strings.TrimSpace(l), "//"), " ") + "\n")
	}
	return b.String()
}
