package cell

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
)

// treatment is what a compiled function gets for a parameter that is an empty interface.
type treatment int

const (
	asBox    treatment = iota // the value with its type: it is printed, compared, stored or handed back
	asBare                    // the interpreter's own representation: it is worked on by reflection
	asTarget                  // a destination that encoding/json or encoding/xml fills through its type
)

// bareFuncs are packages and functions that work by reflection on what they get.
var bareFuncs = []string{
	"sort.Slice", "sort.SliceStable", "sort.SliceIsSorted", "encoding/binary.", "encoding/gob.", "(*encoding/gob.",
	"encoding/asn1.", "fmt.Scan", "fmt.Scanf", "fmt.Scanln", "fmt.Sscan", "fmt.Sscanf", "fmt.Sscanln", "fmt.Fscan", "fmt.Fscanf", "fmt.Fscanln",
	"runtime.SetFinalizer", "runtime.KeepAlive", "(*database/sql.", "testing/quick.", "go/ast.", "go/printer.", "go/format.",
	"gofive/display/widget.Interact", "gofive/h5.", "(*gofive/h5.", "gofive/plots.", "(*gofive/plots.", "gofive/mpi.", "(*gofive/mpi.", "gonum.org/", "(*gonum.org/", "(gonum.org/", "(gofive/h5.",
}

// targetFuncs fill what they are given.
var targetFuncs = []string{
	"encoding/json.Unmarshal", "(*encoding/json.Decoder).Decode",
	"encoding/xml.Unmarshal", "(*encoding/xml.Decoder).Decode", "(*encoding/xml.Decoder).DecodeElement",
}

// boundary tells how a called function treats empty interfaces.
func (l *lowering) boundary(fun ast.Expr) treatment {
	name := l.fullName(fun)
	switch {
	case slices.Contains(targetFuncs, name):
		return asTarget
	case slices.ContainsFunc(bareFuncs, func(b string) bool {
		return name == b || !endsInLetter(b) && strings.HasPrefix(name, b)
	}):
		return asBare
	}
	return asBox
}

func endsInLetter(s string) bool { return !strings.HasSuffix(s, ".") && !strings.HasSuffix(s, "/") }

// fullName gives the name of a called compiled function with its package and receiver, "" for others.
func (l *lowering) fullName(fun ast.Expr) string {
	var id *ast.Ident
	switch fun := ast.Unparen(fun).(type) {
	case *ast.Ident:
		id = fun
	case *ast.SelectorExpr:
		id = fun.Sel
	default:
		return ""
	}
	if f, ok := l.info.Uses[id].(*types.Func); ok && f.Pkg() != nil && f.Pkg().Path() != "main" {
		return f.Origin().FullName()
	}
	return ""
}

// special lowers calls of compiled functions that need the static type of an argument or give it to
// their result, and reports whether it has.
func (l *lowering) special(cur *astutil.Cursor, n *ast.CallExpr) bool {
	switch l.fullName(n.Fun) {
	case "sort.Slice", "sort.SliceStable", "slices.SortFunc", "slices.SortStableFunc":
		return l.sortCall(cur, n)
	case "errors.As":
		return len(n.Args) == 2 && l.errorsAs(cur, n)
	case "(*text/template.Template).Execute", "(*html/template.Template).Execute":
		return l.execute(cur, n, quoted(""))
	case "(*text/template.Template).ExecuteTemplate", "(*html/template.Template).ExecuteTemplate":
		return len(n.Args) == 3 && l.execute(cur, n, n.Args[1])
	case "(*encoding/gob.Encoder).Encode":
		return l.withReceiver(cur, n, "GobEncode")
	case "(*encoding/json.Encoder).Encode":
		return l.withReceiver(cur, n, "JSONEncode")
	case "(*encoding/gob.Decoder).Decode":
		return l.withReceiver(cur, n, "GobDecode")
	}
	return l.retyped(cur, n)
}

// execute lowers the execution of a template, which looks for fields and methods in what it gets.
func (l *lowering) execute(cur *astutil.Cursor, n *ast.CallExpr, name ast.Expr) bool {
	sel, ok := n.Fun.(*ast.SelectorExpr)
	if !ok || len(n.Args) < 2 {
		return false
	}
	s := l.info.Selections[sel]
	if s == nil || s.Kind() != types.MethodVal {
		return false
	}
	sig := l.typeOf(n.Fun).(*types.Signature)
	x, t := l.walk(sel.X, s.Recv(), s.Index()[:len(s.Index())-1])
	last := len(n.Args) - 1
	l.replace(cur, n, l.callRuntime("Execute", l.asReceiver(x, t, s.Obj().(*types.Func)),
		l.convert(n.Args[0], sig.Params().At(0).Type()), name, l.convert(n.Args[last], sig.Params().At(last).Type())))
	return true
}

// withReceiver calls a function of the engine in the place of a method that takes one value, with what
// the method is called for and the value in its box.
func (l *lowering) withReceiver(cur *astutil.Cursor, n *ast.CallExpr, function string) bool {
	sel, ok := n.Fun.(*ast.SelectorExpr)
	if !ok || len(n.Args) != 1 || l.info.Selections[sel] == nil {
		return false
	}
	s := l.info.Selections[sel]
	if s.Kind() != types.MethodVal {
		return false
	}
	x, t := l.walk(sel.X, s.Recv(), s.Index()[:len(s.Index())-1])
	value := l.convert(n.Args[0], l.typeOf(n.Fun).(*types.Signature).Params().At(0).Type())
	lowered := l.callRuntime(function, l.asReceiver(x, t, s.Obj().(*types.Func)), value)
	l.setType(lowered, l.typeOf(n))
	l.replace(cur, n, lowered)
	return true
}

// errorsAs lowers errors.As for targets of types that compiled code does not know, or that boxes
// implement.
func (l *lowering) errorsAs(cur *astutil.Cursor, n *ast.CallExpr) bool {
	p, ok := l.underlying(n.Args[1]).(*types.Pointer)
	if !ok {
		return false
	}
	err := l.convert(n.Args[0], types.Universe.Lookup("error").Type())
	switch t := p.Elem(); {
	case isCompiled(t):
		path, name := compiledName(t)
		l.replace(cur, n, l.callRuntime("ErrorsAsInterface", err, n.Args[1], quoted(path), quoted(name)))
	case isForeign(t):
		l.replace(cur, n, l.callRuntime("ErrorsAs", err, n.Args[1], number(l.typeID(t))))
	default:
		return false
	}
	return true
}
