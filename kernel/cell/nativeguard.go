package cell

import (
	"go/ast"
	"go/parser"
	"go/token"
	"slices"
	"strings"
)

// nativeGuard is what native code has for its goroutines. A panic in one would end the engine; the
// engine sets what it is told to instead. It stands in no cell.
const nativeGuard = `
/*line gofive.go:1:1*/
var gofiveCrashed = func(v any) { panic(v) }

func gofiveGuard() {
	if v := recover(); v != nil {
		gofiveCrashed(v)
	}
}
`

// setCrashed is the entry of the table by which the engine says where to tell of a panic.
const setCrashed = `"": func(crashed func(any)) { gofiveCrashed = crashed },` + "\n"

// starters are the methods and functions of the standard library that start a goroutine.
var starters = []string{"Go", "AfterFunc"}

// guardGoroutines puts the guard into the function literals of a file that become goroutines.
func guardGoroutines(text string) string {
	fset := token.NewFileSet()
	f, err := parser.ParseFile(fset, "", text, parser.SkipObjectResolution)
	if err != nil {
		return text // the Go compiler says so too
	}
	var at []int
	guard := func(e ast.Expr) {
		if lit, ok := e.(*ast.FuncLit); ok {
			at = append(at, fset.PositionFor(lit.Body.Lbrace, false).Offset+1)
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			guard(n.Call.Fun)
		case *ast.CallExpr:
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok && slices.Contains(starters, sel.Sel.Name) {
				for _, arg := range n.Args {
					guard(arg)
				}
			}
		}
		return true
	})
	slices.Sort(at)
	var b strings.Builder
	last := 0
	for _, offset := range at {
		b.WriteString(text[last:offset] + " defer gofiveGuard();")
		last = offset
	}
	return b.String() + text[last:]
}
