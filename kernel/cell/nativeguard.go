package cell

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// Native code runs in the engine as it is: nobody stands between it and the process. So that it can be
// ended, and ends nothing but itself, its file gets polls (nativepoll.go) and guards: a panic in a
// goroutine would end the engine, and is told of instead.

// nativeGuard is what native code has for that. The engine sets its variables; it stands in no cell.
const nativeGuard = `
/*line gofive.go:1:1*/
var (
	gofiveFlag    = new(bool)                       // somebody shall end
	gofiveHalt    = func() {}                       // ends the goroutine if it is the one
	gofiveCrashed = func(v any) { panic(v) }        // tells of a panic
	gofiveWrap    = func(f any) any { return f }    // gives a function with the guard around it
)

func gofiveGuard() {
	if v := recover(); v != nil {
		gofiveCrashed(v)
	}
}

func gofiveGuarded[F any](f F) F { return gofiveWrap(f).(F) }
`

// setGuard is the entry of the table by which the engine sets the variables of nativeGuard.
const setGuard = `"": func(flag *bool, halt func(), crashed func(any), wrap func(any) any) {
	gofiveFlag, gofiveHalt, gofiveCrashed, gofiveWrap = flag, halt, crashed, wrap
},
`

// hardening puts polls and guards into a file. It checks the file again: the text is of many cells.
type hardening struct {
	fset  *token.FileSet
	text  string
	pkg   *types.Package
	info  *types.Info
	edits []edit

	recursive map[types.Object]bool // functions that may call themselves
	addressed map[types.Object]bool // variables that may change through a pointer
	bodies    map[types.Object]*ast.BlockStmt
	methods   map[string][]types.Object
	quick     map[types.Object]bool // functions that do nothing but arithmetic
}

// harden gives the text of a file with polls and guards. They stand on the lines that are there.
func (c *check) harden(text string) string {
	h := &hardening{
		fset: token.NewFileSet(), text: text,
		addressed: map[types.Object]bool{}, bodies: map[types.Object]*ast.BlockStmt{}, methods: map[string][]types.Object{}, quick: map[types.Object]bool{},
	}
	f, err := parser.ParseFile(h.fset, "", text, parser.SkipObjectResolution)
	if err != nil {
		return text // the Go compiler says so too
	}
	h.info = &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{}, Defs: map[*ast.Ident]types.Object{}, Uses: map[*ast.Ident]types.Object{},
		Instances: map[*ast.Ident]types.Instance{}, Scopes: map[ast.Node]*types.Scope{},
	}
	config := types.Config{Importer: importer(c.session.lib.Import), Error: func(error) {}}
	h.pkg, _ = config.Check("main", h.fset, []*ast.File{f}, h.info) // the Go compiler says what is wrong
	h.guards(f)
	h.polls(f)
	return h.edited()
}

// importer is a function that imports.
type importer func(path string) (*types.Package, error)

func (f importer) Import(path string) (*types.Package, error) { return f(path) }

// insert notes that text is to stand at pos.
func (h *hardening) insert(pos token.Pos, text string) { h.replace(pos, pos, text) }

func (h *hardening) replace(from, to token.Pos, text string) {
	h.edits = append(h.edits, edit{h.offset(from), h.offset(to), text})
}

func (h *hardening) offset(pos token.Pos) int { return h.fset.PositionFor(pos, false).Offset }

// source gives the text of an expression.
func (h *hardening) source(n ast.Node) string { return h.text[h.offset(n.Pos()):h.offset(n.End())] }

func (h *hardening) edited() string {
	slices.SortStableFunc(h.edits, func(a, b edit) int { return a.from - b.from })
	var b strings.Builder
	at := 0
	for _, e := range h.edits {
		b.WriteString(h.text[at:e.from] + e.text)
		at = e.to
	}
	return b.String() + h.text[at:]
}

// starters are the methods and functions of the standard library that start a goroutine.
var starters = []string{"Go", "AfterFunc"}

// guards puts a guard around whatever becomes a goroutine.
func (h *hardening) guards(f *ast.File) {
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.GoStmt:
			h.guardGo(n.Call)
		case *ast.CallExpr:
			if sel, ok := n.Fun.(*ast.SelectorExpr); ok && slices.Contains(starters, sel.Sel.Name) {
				for _, arg := range n.Args {
					if _, ok := h.typeOf(arg).(*types.Signature); ok {
						h.guardFunc(arg)
					}
				}
			}
		}
		return true
	})
}

// typeOf gives what the type of an expression is made of, nil when that is not known.
func (h *hardening) typeOf(e ast.Expr) types.Type {
	if t := h.info.TypeOf(e); t != nil {
		return t.Underlying()
	}
	return nil
}

// guardGo guards the call of a go statement: a function literal with the guard makes it. The literal
// gets what is called and the arguments, which are evaluated where they were. A builtin is no value,
// and evaluates its arguments late.
func (h *hardening) guardGo(call *ast.CallExpr) {
	_, lit := ast.Unparen(call.Fun).(*ast.FuncLit)
	sig, ok := h.typeOf(call.Fun).(*types.Signature)
	switch {
	case h.info.Types[call.Fun].IsBuiltin():
		h.insert(call.Pos(), "func() { defer gofiveGuard(); ")
		h.insert(call.End(), " }()")
	case lit || !ok || !h.canWrite(sig) || len(call.Args) < sig.Params().Len() && !sig.Variadic(): // f(g())
		h.guardFunc(call.Fun)
	default:
		h.guardCall(call, sig)
	}
}

// guardCall writes the literal for a call of a function of which the file can write the type.
func (h *hardening) guardCall(call *ast.CallExpr, sig *types.Signature) {
	params, names := "gofiveF "+types.TypeString(sig, h.qualifier), []string{}
	for i := range sig.Params().Len() {
		name, t := fmt.Sprintf("gofive%d", i), types.TypeString(sig.Params().At(i).Type(), h.qualifier)
		params += ", " + name + " "
		if sig.Variadic() && i == sig.Params().Len()-1 {
			name, t = name+"...", "..."+strings.TrimPrefix(t, "[]")
		}
		params += t
		names = append(names, name)
	}
	h.insert(call.Pos(), fmt.Sprintf("func(%s) { defer gofiveGuard(); gofiveF(%s) }(", params, strings.Join(names, ", ")))
	comma := ""
	if len(call.Args) > 0 {
		comma = ", "
	}
	h.replace(call.Lparen, call.Lparen+1, h.typeArgs(call.Fun)+comma)
}

// canWrite reports whether the file can name all that a type is made of.
func (h *hardening) canWrite(t types.Type) bool {
	can := true
	walkTypes(t, map[types.Type]bool{}, func(t types.Type) {
		n, ok := t.(interface{ Obj() *types.TypeName })
		if !ok || n.Obj().Pkg() == nil || n.Obj().Pkg() == h.pkg {
			return
		}
		can = can && n.Obj().Exported() && slices.Contains(h.pkg.Imports(), n.Obj().Pkg())
	})
	return can
}

// guardFunc guards a function value. One that is generic gets its type arguments, which a call might
// infer.
func (h *hardening) guardFunc(e ast.Expr) {
	if lit, ok := ast.Unparen(e).(*ast.FuncLit); ok {
		h.insert(lit.Body.Lbrace+1, " defer gofiveGuard();")
		return
	}
	h.insert(e.Pos(), "gofiveGuarded(")
	h.insert(e.End(), h.typeArgs(e)+")")
}

// typeArgs writes the type arguments that a call of a function infers, "" when it has none or they
// stand there.
func (h *hardening) typeArgs(fun ast.Expr) string {
	id, _ := fun.(*ast.Ident)
	if sel, ok := fun.(*ast.SelectorExpr); ok {
		id = sel.Sel
	}
	var args []string
	for t := range h.info.Instances[id].TypeArgs.Types() {
		args = append(args, types.TypeString(t, h.qualifier))
	}
	if len(args) == 0 {
		return ""
	}
	return "[" + strings.Join(args, ", ") + "]"
}

// qualifier names a package as the file does.
func (h *hardening) qualifier(p *types.Package) string {
	if p == h.pkg {
		return ""
	}
	for _, obj := range h.info.Defs {
		if name, ok := obj.(*types.PkgName); ok && name.Imported() == p {
			return name.Name()
		}
	}
	return p.Name()
}
