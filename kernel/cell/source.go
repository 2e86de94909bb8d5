package cell

import (
	"bytes"
	"go/ast"
	"go/printer"
	"go/token"
)

// source prints a node as Go. Positions are ignored but for the choice of line breaks.
func source(n ast.Node) string {
	var b bytes.Buffer
	cfg := printer.Config{Mode: printer.TabIndent, Tabwidth: 8}
	if err := cfg.Fprint(&b, token.NewFileSet(), n); err != nil {
		panic(err) // a node that we built wrongly
	}
	return b.String()
}
