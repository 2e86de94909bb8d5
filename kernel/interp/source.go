package interp

import (
	"go/ast"
	"go/parser"
	"reflect"

	"github.com/traefik/yaegi/interp"
)

// read has yaegi take in a source and run what it declares. The parse is not yaegi's own, which looks for build
// constraints first and resolves names that it resolves once more: a third of the time that it takes over a small cell.
func (it *Interp) read(source string) error {
	f, err := parser.ParseFile(it.yaegi.FileSet(), interp.DefaultSourceName, source, parser.SkipObjectResolution)
	if err != nil {
		return err
	}
	_, err = it.evaluate(f)
	return err
}

// named gives a function or variable that a source has declared.
func (it *Interp) named(name string) (reflect.Value, error) {
	return it.evaluate(&ast.BlockStmt{List: []ast.Stmt{&ast.ExprStmt{X: ast.NewIdent(name)}}})
}

// evaluate compiles a tree and runs it.
func (it *Interp) evaluate(tree ast.Node) (reflect.Value, error) {
	p, err := it.yaegi.CompileAST(tree)
	if err != nil {
		return reflect.Value{}, err
	}
	return it.yaegi.Execute(p)
}
