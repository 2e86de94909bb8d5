package cell

import (
	"encoding/json"
	"go/ast"
	"go/types"
	"reflect"

	"golang.org/x/tools/go/ast/astutil"

	"gofive/kernel/pure"
)

// Sorting by a function literal that only computes is sorting by closures of package pure: the engine
// gets a description of the literal beside the literal itself, which it asks where the former gives up.
// sort.Slice and slices.SortFunc are the same algorithm in the same steps, so that the engine has one
// for both.

// sorts are the functions that sort by a literal, and whether they are stable.
var sorts = map[string]bool{"sort.Slice": false, "sort.SliceStable": true, "slices.SortFunc": false, "slices.SortStableFunc": true}

// order is the description of a literal that compares.
type order struct {
	text     string
	captured []ast.Expr // variables from around the literal
}

// describeOrder describes the literal by which a call sorts, if it only computes.
func (l *lowering) describeOrder(call *ast.CallExpr) {
	if _, isSort := sorts[l.fullName(call.Fun)]; !isSort || len(call.Args) != 2 {
		return
	}
	lit, ok := call.Args[1].(*ast.FuncLit)
	if list, isSlice := kindOf(l.typeOf(call.Args[0])); !ok || !isSlice || list != reflect.Slice {
		return
	}
	p := &purifier{lowering: l, slots: map[types.Object]int64{}, foreign: map[types.Object]bool{}, outer: map[types.Object]bool{}}
	f, captured := p.comparing(lit, l.underlying(call.Args[0]))
	if p.failed {
		return
	}
	text, err := json.Marshal(f)
	if err != nil {
		panic(err) // of strings and finite numbers
	}
	l.orders[call] = order{string(text), captured}
}

// comparing describes a literal as a function of two indices, the slice, and variables around it. The
// literal has indices for its parameters when it reports, elements when it compares.
func (p *purifier) comparing(lit *ast.FuncLit, list types.Type) (pure.Func, []ast.Expr) {
	sig := p.underlying(lit).(*types.Signature)
	p.result = sig.Results().At(0).Type()
	result, _ := kindOf(p.result)
	f := pure.Func{Params: []reflect.Kind{reflect.Int, reflect.Int, reflect.Slice}, Result: result}
	p.count = int64(len(f.Params))
	p.findLocals(lit.Body)
	captured := p.capture(lit)
	for _, e := range captured {
		k, _ := kindOf(p.typeOf(e))
		f.Params = append(f.Params, k)
	}
	f.Body.Op = "block"
	for i, v := range []*types.Var{sig.Params().At(0), sig.Params().At(1)} {
		index := pure.Node{Op: "local", Kind: reflect.Int, Int: int64(i)}
		if result == reflect.Bool {
			p.slots[v] = index.Int
			continue
		}
		p.foreign[v] = true
		e := p.element(list, pure.Node{Op: "local", Kind: reflect.Slice, Int: 2}, index)
		f.Body.Args = append(f.Body.Args, pure.Node{Op: "set", Kind: e.Kind, Int: p.slot(v), Args: []pure.Node{e}})
	}
	p.shareSlices(lit.Body)
	f.Body.Args = append(f.Body.Args, p.block(lit.Body))
	f.Slots = int(p.count)
	return f, captured
}

// capture gives the variables around a literal the slots behind those of its parameters.
func (p *purifier) capture(lit *ast.FuncLit) []ast.Expr {
	var found []ast.Expr
	sig := p.underlying(lit).(*types.Signature)
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok {
			return true
		}
		v, ok := p.info.Uses[id].(*types.Var)
		if !ok || v.IsField() || p.locals[v] || p.outer[v] || v == sig.Params().At(0) || v == sig.Params().At(1) {
			return true
		}
		if _, ok := kindOf(v.Type()); !ok {
			p.failed = true
			return false
		}
		p.outer[v], p.foreign[v] = true, true
		p.slot(v)
		found = append(found, id)
		return true
	})
	return found
}

// sortCall lowers a call that sorts by a literal which only computes, and reports whether it has.
func (l *lowering) sortCall(cur *astutil.Cursor, n *ast.CallExpr) bool {
	o, ok := l.orders[n]
	if !ok {
		return false
	}
	stable := "false"
	if sorts[l.fullName(n.Fun)] {
		stable = "true"
	}
	args := []ast.Expr{ast.NewIdent(stable), n.Args[0], n.Args[1], quoted(o.text)}
	l.replace(cur, n, l.callRuntime("Sort", append(args, o.captured...)...))
	return true
}
