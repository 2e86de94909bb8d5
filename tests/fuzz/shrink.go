package fuzz

import (
	"bytes"
	"go/ast"
	"go/format"
	"go/parser"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ast/astutil"
)

// Shrink makes a program smaller as long as it shows the same. Shows is asked about several programs
// at once, because building them is what takes long; it need not be asked about what does not compile.
func Shrink(text string, check func(*token.FileSet, *ast.File, *types.Info) error, shows func(texts []string) []bool) string {
	for size := 16; ; {
		found := smaller(text, size, check)
		tried := false
		for len(found) > 0 && !tried {
			now := found[:min(len(found), 60)]
			found = found[len(now):]
			best := text
			for i, ok := range shows(now) {
				if ok && len(now[i]) < len(best) {
					best, tried = now[i], true
				}
			}
			text = best
		}
		switch {
		case !tried && size == 0:
			return text
		case !tried:
			size /= 2
		}
	}
}

// preludeDecls is how many declarations the prelude has.
var preludeDecls = func() int {
	f, err := parser.ParseFile(token.NewFileSet(), "p.go", "package main\n"+Prelude, parser.SkipObjectResolution)
	if err != nil {
		panic(err) // a mistake in this package
	}
	return len(f.Decls)
}()

// smaller gives programs without size statements or declarations in a row, or, for a size of 0, with an
// expression replaced by a part of it. All of them compile.
func smaller(text string, size int, check func(*token.FileSet, *ast.File, *types.Info) error) []string {
	var found []string
	for n := 0; ; n++ {
		fset := token.NewFileSet()
		f, err := parser.ParseFile(fset, "p.go", text, parser.SkipObjectResolution)
		if err != nil {
			return nil
		}
		e := edit{left: n, info: &types.Info{Types: map[ast.Expr]types.TypeAndValue{}}, fixed: preludeDecls}
		if size == 0 && check(fset, f, e.info) != nil {
			return nil
		}
		if size == 0 {
			e.simplify(f)
		} else {
			e.drop(f, size)
		}
		if !e.done {
			return found
		}
		var b bytes.Buffer
		if format.Node(&b, fset, f) != nil {
			continue
		}
		out, err := format.Source(b.Bytes())
		if err != nil || len(out) >= len(text) || slices.Contains(found, string(out)) {
			continue
		}
		again, err := parser.ParseFile(fset, "q.go", out, parser.SkipObjectResolution)
		if err == nil && hasMain(again) && check(fset, again, nil) == nil {
			found = append(found, string(out))
		}
	}
}

func hasMain(f *ast.File) bool {
	return slices.ContainsFunc(f.Decls, func(d ast.Decl) bool {
		fn, ok := d.(*ast.FuncDecl)
		return ok && fn.Name.Name == "main"
	})
}

// edit makes the change numbered left.
type edit struct {
	left int
	info *types.Info
	done bool

	fixed int // declarations that stay
}

// turn reports whether it is this change's turn.
func (e *edit) turn() bool {
	e.left--
	e.done = e.done || e.left == -1
	return e.left == -1
}

// drop leaves out size elements of some list.
func (e *edit) drop(f *ast.File, size int) {
	for i := e.fixed; i < len(f.Decls); i += size {
		if e.turn() {
			f.Decls = append(slices.Clone(f.Decls[:i]), f.Decls[min(i+size, len(f.Decls)):]...)
			return
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		if d, ok := n.(ast.Decl); ok && slices.Contains(f.Decls[:e.fixed], d) {
			return false
		}
		switch n := n.(type) {
		case *ast.BlockStmt:
			n.List = e.without(n.List, size)
		case *ast.CaseClause:
			n.Body = e.without(n.Body, size)
		case *ast.SwitchStmt:
			n.Body.List = e.without(n.Body.List, size)
		case *ast.StructType:
			n.Fields.List = e.fields(n.Fields.List, size)
		case *ast.CompositeLit:
			n.Elts = e.elements(n.Elts, size)
		}
		return !e.done
	})
}

func (e *edit) without(list []ast.Stmt, size int) []ast.Stmt {
	for i := 0; i < len(list) && !e.done; i += max(1, size/2) {
		if e.turn() {
			return append(slices.Clone(list[:i]), list[min(i+size, len(list)):]...)
		}
	}
	return list
}

func (e *edit) fields(list []*ast.Field, size int) []*ast.Field {
	for i := range list {
		if size == 1 && !e.done && e.turn() {
			return slices.Delete(slices.Clone(list), i, i+1)
		}
	}
	return list
}

func (e *edit) elements(list []ast.Expr, size int) []ast.Expr {
	for i := range list {
		if size == 1 && !e.done && e.turn() {
			return slices.Delete(slices.Clone(list), i, i+1)
		}
	}
	return list
}

// simplify puts a part of some expression, or a block's statements, in its place.
func (e *edit) simplify(f *ast.File) {
	astutil.Apply(f, func(cur *astutil.Cursor) bool {
		if d, ok := cur.Node().(ast.Decl); ok && slices.Contains(f.Decls[:e.fixed], d) {
			return false
		}
		switch n := cur.Node().(type) {
		case *ast.IfStmt:
			if cur.Index() >= 0 && e.turn() {
				cur.Replace(n.Body)
			}
		case ast.Expr:
			for _, part := range e.parts(n) {
				if !e.done && e.turn() {
					cur.Replace(part)
				}
			}
		}
		return !e.done
	}, nil)
}

// parts gives expressions inside n of the type of n, and the simplest constant.
func (e *edit) parts(n ast.Expr) []ast.Expr {
	tv, ok := e.info.Types[n]
	if !ok || !tv.IsValue() || tv.Value != nil {
		return nil
	}
	var found []ast.Expr
	if b, ok := tv.Type.(*types.Basic); ok {
		switch {
		case b.Info()&types.IsNumeric != 0:
			found = append(found, &ast.CallExpr{Fun: ast.NewIdent(types.Default(b).String()), Args: []ast.Expr{ast.NewIdent("1")}})
		case b.Info()&types.IsString != 0:
			found = append(found, ast.NewIdent(`"a"`))
		case b.Info()&types.IsBoolean != 0:
			found = append(found, ast.NewIdent("true"))
		}
	}
	ast.Inspect(n, func(c ast.Node) bool {
		part, ok := c.(ast.Expr)
		if _, lit := c.(*ast.FuncLit); lit {
			return false
		}
		if inner := e.info.Types[part]; ok && part != n && inner.IsValue() && types.Identical(inner.Type, tv.Type) {
			found = append(found, part)
		}
		return len(found) < 4
	})
	return found
}
