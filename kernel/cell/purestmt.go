package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"

	"gofive/kernel/pure"
)

// purifier describes one function for package pure.
type purifier struct {
	*lowering
	name    string
	slots   map[types.Object]int64
	count   int64
	locals  map[types.Object]bool
	foreign map[types.Object]bool // slices that others may see: they are not written to
	result  types.Type
	named   types.Object // the result, when it has a name
	inside  []ast.Stmt   // loops and switches around
	heavy   bool
	outer   map[types.Object]bool // variables around a literal, which it only reads
	failed  bool                  // the function is not pure
}

// no notes that the function is not pure.
func (p *purifier) no() pure.Node {
	p.failed = true
	return pure.Node{Op: "block"}
}

// function describes a function, and reports whether it is pure.
func (p *purifier) function(d *ast.FuncDecl) (pure.Func, bool) {
	p.heavy = p.recurse[d.Name.Name]
	p.slots, p.foreign = map[types.Object]int64{}, map[types.Object]bool{}
	sig := p.declared(d).Signature()
	f := pure.Func{Name: p.name}
	var places []*types.Var
	if r := sig.Recv(); r != nil {
		places = append(places, r)
	}
	for _, v := range append(places, slices.Collect(sig.Params().Variables())...) {
		kind, ok := kindOf(v.Type())
		if !ok {
			return f, false
		}
		f.Params = append(f.Params, kind)
		p.foreign[v] = true
		p.slot(v)
	}
	p.findLocals(d.Body)
	r := sig.Results().At(0)
	p.result = r.Type()
	f.Result, _ = kindOf(p.result)
	body := pure.Node{Op: "block"}
	if r.Name() != "" && r.Name() != "_" {
		p.named = r
		body.Args = append(body.Args, p.zero(r))
	}
	p.shareSlices(d.Body)
	body.Args = append(body.Args, p.block(d.Body))
	f.Body, f.Slots = body, int(p.count)
	return f, !p.failed
}

// findLocals finds the variables that the function declares.
func (p *purifier) findLocals(body ast.Node) {
	p.locals = map[types.Object]bool{}
	ast.Inspect(body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && p.info.Defs[id] != nil {
			p.locals[p.info.Defs[id]] = true
		}
		return true
	})
}

// slot gives the slot of a variable.
func (p *purifier) slot(v types.Object) int64 {
	s, ok := p.slots[v]
	if !ok {
		s = p.fresh()
		p.slots[v] = s
	}
	return s
}

func (p *purifier) fresh() int64 {
	p.count++
	return p.count - 1
}

// shareSlices finds the variables of slices that may be given one which was not made in the function.
func (p *purifier) shareSlices(body ast.Node) {
	from := map[types.Object][]types.Object{}
	assign := func(to, value ast.Expr) {
		v := p.variable(to)
		if v == nil {
			return
		}
		if other := p.variable(value); other != nil {
			from[v] = append(from[v], other)
		} else if value != nil && !p.makes(value) {
			p.foreign[v] = true
		}
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i := range n.Lhs {
				if len(n.Lhs) == len(n.Rhs) {
					assign(n.Lhs[i], n.Rhs[i])
				}
			}
		case *ast.ValueSpec:
			for i := range n.Values {
				assign(n.Names[i], n.Values[i])
			}
		case *ast.RangeStmt:
			if v := p.variable(n.Value); v != nil {
				p.foreign[v] = true
			}
		}
		return true
	})
	for range from { // as often as there are variables: then what is shared has arrived everywhere
		for v, others := range from {
			for _, o := range others {
				p.foreign[v] = p.foreign[v] || p.foreign[o]
			}
		}
	}
}

// variable gives the variable that an identifier names.
func (p *purifier) variable(e ast.Expr) types.Object {
	if e == nil {
		return nil
	}
	id, ok := ast.Unparen(e).(*ast.Ident)
	if !ok {
		return nil
	}
	v, ok := p.info.ObjectOf(id).(*types.Var)
	if !ok {
		return nil
	}
	return v
}

// makes reports whether an expression makes a slice of numbers or booleans.
func (p *purifier) makes(e ast.Expr) bool {
	call, ok := ast.Unparen(e).(*ast.CallExpr)
	if !ok || len(call.Args) != 2 || !p.isBuiltin(call.Fun, "make") {
		return false
	}
	s, ok := p.underlying(e).(*types.Slice)
	if !ok {
		return false
	}
	k, ok := kindOf(s.Elem())
	return ok && pure.ClassOf(k) != pure.Memory
}

func (p *purifier) isBuiltin(fun ast.Expr, name string) bool {
	id, ok := ast.Unparen(fun).(*ast.Ident)
	if !ok || id.Name != name {
		return false
	}
	_, ok = p.info.Uses[id].(*types.Builtin)
	return ok
}

func (p *purifier) block(b *ast.BlockStmt) pure.Node {
	n := pure.Node{Op: "block"}
	for _, s := range b.List {
		if p.failed {
			break
		}
		n.Args = append(n.Args, p.statement(s))
	}
	return n
}

func (p *purifier) statement(s ast.Stmt) pure.Node {
	switch s := s.(type) {
	case nil, *ast.EmptyStmt:
		return pure.Node{Op: "block"}
	case *ast.BlockStmt:
		return p.block(s)
	case *ast.AssignStmt:
		return p.assign(s)
	case *ast.IncDecStmt:
		one := pure.Node{Op: "const", Int: 1, Flt: 1}
		return p.update(s.X, map[token.Token]string{token.INC: "+", token.DEC: "-"}[s.Tok], func(k reflect.Kind) pure.Node { one.Kind = k; return one })
	case *ast.DeclStmt:
		return p.declare(s)
	case *ast.IfStmt:
		n := pure.Node{Op: "if", Args: []pure.Node{p.statement(s.Init), p.expr(s.Cond), p.block(s.Body)}}
		if s.Else != nil {
			n.Args = append(n.Args, p.statement(s.Else))
		}
		init := n.Args[0]
		n.Args = n.Args[1:]
		return pure.Node{Op: "block", Args: []pure.Node{init, n}}
	case *ast.ForStmt:
		return p.loop(s)
	case *ast.RangeStmt:
		return p.ranges(s)
	case *ast.SwitchStmt:
		return p.switches(s)
	case *ast.BranchStmt:
		return p.branch(s)
	case *ast.ReturnStmt:
		return p.returns(s)
	case *ast.ExprStmt:
		if call, ok := s.X.(*ast.CallExpr); ok && p.isBuiltin(call.Fun, "panic") {
			return pure.Node{Op: "giveup"}
		}
	}
	return p.no()
}

func (p *purifier) zero(v *types.Var) pure.Node {
	k, ok := kindOf(v.Type())
	if !ok || k == reflect.Struct || k == reflect.Pointer {
		return p.no()
	}
	return pure.Node{Op: "set", Kind: k, Int: p.slot(v), Args: []pure.Node{{Op: "const", Kind: k}}}
}

func (p *purifier) declare(s *ast.DeclStmt) pure.Node {
	g := s.Decl.(*ast.GenDecl)
	n := pure.Node{Op: "block"}
	if g.Tok == token.CONST {
		return n
	}
	for _, spec := range g.Specs {
		v, ok := spec.(*ast.ValueSpec)
		if !ok || len(v.Values) > 1 || len(v.Values) == 1 && len(v.Names) > 1 {
			return p.no()
		}
		for i, id := range v.Names {
			switch obj, isVar := p.info.Defs[id].(*types.Var); {
			case !isVar || id.Name == "_":
				return p.no()
			case len(v.Values) > 0:
				n.Args = append(n.Args, p.set(id, v.Values[i]))
			default:
				n.Args = append(n.Args, p.zero(obj))
			}
		}
	}
	return n
}

// set gives a variable a value.
func (p *purifier) set(to, value ast.Expr) pure.Node {
	v := p.variable(to)
	if v == nil || v.Name() == "_" || !p.isLocal(v) {
		return p.no()
	}
	x := p.expr(value)
	k, ok := kindOf(v.Type())
	if !ok || k != x.Kind {
		return p.no()
	}
	return pure.Node{Op: "set", Kind: k, Int: p.slot(v), Args: []pure.Node{x}}
}

// isLocal reports whether a variable belongs to the function.
func (p *purifier) isLocal(v types.Object) bool {
	_, hasSlot := p.slots[v]
	return (hasSlot || p.locals[v]) && !p.outer[v]
}

func (p *purifier) assign(s *ast.AssignStmt) pure.Node {
	if op, ok := assignOps[s.Tok]; ok {
		return p.update(s.Lhs[0], op, func(k reflect.Kind) pure.Node { return p.expr(s.Rhs[0]) })
	}
	if len(s.Lhs) != len(s.Rhs) {
		return p.no()
	}
	if len(s.Lhs) == 1 {
		if index, ok := ast.Unparen(s.Lhs[0]).(*ast.IndexExpr); ok {
			return p.store(index, p.expr(s.Rhs[0]))
		}
		return p.set(s.Lhs[0], s.Rhs[0])
	}
	n := pure.Node{Op: "sets", Int: p.count}
	p.count += int64(len(s.Lhs))
	for i := range s.Lhs {
		n.Args = append(n.Args, p.set(s.Lhs[i], s.Rhs[i]))
	}
	return n
}

var assignOps = map[token.Token]string{
	token.ADD_ASSIGN: "+", token.SUB_ASSIGN: "-", token.MUL_ASSIGN: "*", token.QUO_ASSIGN: "/", token.REM_ASSIGN: "%",
	token.AND_ASSIGN: "&", token.OR_ASSIGN: "|", token.XOR_ASSIGN: "^", token.SHL_ASSIGN: "<<", token.SHR_ASSIGN: ">>", token.AND_NOT_ASSIGN: "&^",
}

// update gives a variable, or an element of a slice, a value computed from what it has.
func (p *purifier) update(to ast.Expr, op string, by func(reflect.Kind) pure.Node) pure.Node {
	old := p.expr(to)
	value := p.operation(op, old.Kind, old, by(old.Kind))
	if index, ok := ast.Unparen(to).(*ast.IndexExpr); ok {
		return p.store(index, value)
	}
	v := p.variable(to)
	if v == nil || !p.isLocal(v) {
		return p.no()
	}
	return pure.Node{Op: "set", Kind: old.Kind, Int: p.slot(v), Args: []pure.Node{value}}
}

// store gives an element a value, of a slice that the function has made.
func (p *purifier) store(to *ast.IndexExpr, value pure.Node) pure.Node {
	v := p.variable(to.X)
	place := p.expr(to)
	if v == nil || p.foreign[v] || place.Op != "index" || place.Kind != value.Kind || pure.ClassOf(place.Kind) == pure.Memory {
		return p.no()
	}
	return pure.Node{Op: "store", Kind: place.Kind, Args: []pure.Node{place, value}}
}

func (p *purifier) loop(s *ast.ForStmt) pure.Node {
	p.heavy = true
	init := p.statement(s.Init)
	cond := pure.Node{Op: "const", Kind: reflect.Bool, Int: 1}
	if s.Cond != nil {
		cond = p.expr(s.Cond)
	}
	post := p.statement(s.Post)
	p.inside = append(p.inside, s)
	body := p.block(s.Body)
	p.inside = p.inside[:len(p.inside)-1]
	return pure.Node{Op: "block", Args: []pure.Node{init, {Op: "for", Args: []pure.Node{cond, post, body}}}}
}

// ranges makes a range over an integer or a slice a loop that counts, up to what it was at first.
func (p *purifier) ranges(s *ast.RangeStmt) pure.Node {
	p.heavy = true
	over := p.expr(s.X)
	kind := reflect.Int
	list, limit, counter := p.fresh(), p.fresh(), p.fresh()
	var start []pure.Node
	switch {
	case over.Kind == reflect.Slice:
		start = append(start, pure.Node{Op: "set", Kind: reflect.Slice, Int: list, Args: []pure.Node{over}})
		over = pure.Node{Op: "len", Kind: reflect.Int, Args: []pure.Node{{Op: "local", Kind: reflect.Slice, Int: list}}}
	case pure.ClassOf(over.Kind) == pure.Whole && over.Kind != reflect.Bool:
		kind = over.Kind
		if v := p.variable(s.Key); v != nil { // of a constant
			kind, _ = kindOf(v.Type())
		}
	default:
		return p.no()
	}
	at := pure.Node{Op: "local", Kind: kind, Int: counter}
	start = append(start,
		pure.Node{Op: "set", Kind: kind, Int: limit, Args: []pure.Node{over}},
		pure.Node{Op: "set", Kind: kind, Int: counter, Args: []pure.Node{{Op: "const", Kind: kind}}})
	var body []pure.Node
	body = append(body, p.rangeVariable(s.Key, at)...)
	if s.Value != nil && !isBlank(s.Value) {
		element := p.element(p.underlying(s.X), pure.Node{Op: "local", Kind: reflect.Slice, Int: list}, at)
		body = append(body, p.rangeVariable(s.Value, element)...)
	}
	p.inside = append(p.inside, s)
	body = append(body, p.block(s.Body))
	p.inside = p.inside[:len(p.inside)-1]
	one := pure.Node{Op: "const", Kind: kind, Int: 1}
	loop := pure.Node{Op: "for", Args: []pure.Node{
		{Op: "<", Kind: reflect.Bool, Args: []pure.Node{at, {Op: "local", Kind: kind, Int: limit}}},
		{Op: "set", Kind: kind, Int: counter, Args: []pure.Node{p.operation("+", kind, at, one)}},
		{Op: "block", Args: body},
	}}
	return pure.Node{Op: "block", Args: append(start, loop)}
}

// rangeVariable sets a variable of a range.
func (p *purifier) rangeVariable(to ast.Expr, value pure.Node) []pure.Node {
	if to == nil || isBlank(to) {
		return nil
	}
	v := p.variable(to)
	if v == nil || !p.isLocal(v) {
		return []pure.Node{p.no()}
	}
	if k, ok := kindOf(v.Type()); !ok || k != value.Kind {
		return []pure.Node{p.no()}
	}
	return []pure.Node{{Op: "set", Kind: value.Kind, Int: p.slot(v), Args: []pure.Node{value}}}
}

// switches makes a switch a chain of conditions.
func (p *purifier) switches(s *ast.SwitchStmt) pure.Node {
	n := pure.Node{Op: "block", Args: []pure.Node{p.statement(s.Init)}}
	var tag pure.Node
	if s.Tag != nil {
		value := p.expr(s.Tag)
		tag = pure.Node{Op: "local", Kind: value.Kind, Int: p.fresh()}
		n.Args = append(n.Args, pure.Node{Op: "set", Kind: value.Kind, Int: tag.Int, Args: []pure.Node{value}})
	}
	p.inside = append(p.inside, s)
	defer func() { p.inside = p.inside[:len(p.inside)-1] }()
	chain := pure.Node{Op: "block"}
	for _, c := range s.Body.List { // the default stands at the end of the chain, wherever it stands here
		if clause := c.(*ast.CaseClause); clause.List == nil {
			chain = p.block(&ast.BlockStmt{List: clause.Body})
		}
	}
	for i := len(s.Body.List) - 1; i >= 0; i-- {
		clause := s.Body.List[i].(*ast.CaseClause)
		if clause.List == nil {
			continue
		}
		var cond pure.Node
		for j, e := range clause.List {
			one := p.expr(e)
			if s.Tag != nil {
				one = p.comparison("==", tag, one)
			}
			if j > 0 {
				one = pure.Node{Op: "||", Kind: reflect.Bool, Args: []pure.Node{cond, one}}
			}
			cond = one
		}
		chain = pure.Node{Op: "if", Args: []pure.Node{cond, p.block(&ast.BlockStmt{List: clause.Body}), chain}}
	}
	n.Args = append(n.Args, chain)
	return n
}

func (p *purifier) branch(s *ast.BranchStmt) pure.Node {
	if s.Label != nil || len(p.inside) == 0 {
		return p.no()
	}
	_, inSwitch := p.inside[len(p.inside)-1].(*ast.SwitchStmt)
	switch {
	case s.Tok == token.CONTINUE:
		return pure.Node{Op: "continue"}
	case s.Tok == token.BREAK && !inSwitch:
		return pure.Node{Op: "break"}
	}
	return p.no()
}

func (p *purifier) returns(s *ast.ReturnStmt) pure.Node {
	var value pure.Node
	switch {
	case len(s.Results) == 1:
		value = p.expr(s.Results[0])
	case p.named != nil:
		k, _ := kindOf(p.named.Type())
		value = pure.Node{Op: "local", Kind: k, Int: p.slot(p.named)}
	}
	if k, ok := kindOf(p.result); !ok || value.Kind != k {
		return p.no()
	}
	return pure.Node{Op: "return", Kind: value.Kind, Args: []pure.Node{value}}
}
