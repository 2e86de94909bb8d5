package cell

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"reflect"

	"gofive/kernel/pure"
)

// expr describes an expression for package pure.
func (p *purifier) expr(e ast.Expr) pure.Node {
	tv := p.info.Types[e]
	t := p.typeOf(e)
	kind, ok := kindOf(t)
	if !ok || p.failed {
		return p.no()
	}
	if tv.Value != nil {
		return p.constant(kind, tv.Value)
	}
	switch e := e.(type) {
	case *ast.ParenExpr:
		return p.expr(e.X)
	case *ast.Ident:
		if v := p.variable(e); v != nil && (p.isLocal(v) || p.outer[v]) {
			return pure.Node{Op: "local", Kind: kind, Int: p.slot(v)}
		}
	case *ast.UnaryExpr:
		x := p.expr(e.X)
		switch op := map[token.Token]string{token.SUB: "neg", token.NOT: "not", token.XOR: "com"}[e.Op]; {
		case e.Op == token.ADD:
			return x
		case op != "":
			return pure.Node{Op: op, Kind: kind, Args: []pure.Node{x}}
		}
	case *ast.BinaryExpr:
		return p.binary(e, kind)
	case *ast.StarExpr:
		return p.target(p.expr(e.X))
	case *ast.SelectorExpr:
		return p.field(e, kind)
	case *ast.IndexExpr:
		return p.index(e)
	case *ast.CallExpr:
		return p.call(e, kind)
	}
	return p.no()
}

func (p *purifier) constant(k reflect.Kind, v constant.Value) pure.Node {
	n := pure.Node{Op: "const", Kind: k}
	exact := true
	switch pure.ClassOf(k) {
	case pure.Float:
		n.Flt, _ = constant.Float64Val(constant.ToFloat(v))
		if k == reflect.Float32 {
			f, _ := constant.Float32Val(constant.ToFloat(v))
			n.Flt = float64(f)
		}
	case pure.Whole:
		if k == reflect.Bool {
			if constant.BoolVal(v) {
				n.Int = 1
			}
			return n
		}
		switch v = constant.ToInt(v); {
		case constant.Sign(v) > 0:
			var u uint64
			u, exact = constant.Uint64Val(v)
			n.Int = int64(u)
		default:
			n.Int, exact = constant.Int64Val(v)
		}
	default:
		if exact = v.Kind() == constant.String; exact {
			n.Str = constant.StringVal(v)
		}
	}
	if !exact {
		return p.no()
	}
	return n
}

func (p *purifier) binary(e *ast.BinaryExpr, kind reflect.Kind) pure.Node {
	x, y := p.expr(e.X), p.expr(e.Y)
	switch e.Op {
	case token.EQL, token.NEQ, token.LSS, token.LEQ, token.GTR, token.GEQ:
		return p.comparison(e.Op.String(), x, y)
	case token.LAND, token.LOR:
		return pure.Node{Op: e.Op.String(), Kind: reflect.Bool, Args: []pure.Node{x, y}}
	}
	return p.operation(e.Op.String(), kind, x, y)
}

// comparison compares numbers, booleans or strings.
func (p *purifier) comparison(op string, x, y pure.Node) pure.Node {
	if x.Kind != y.Kind || pure.ClassOf(x.Kind) == pure.Memory && x.Kind != reflect.String {
		return p.no()
	}
	return pure.Node{Op: op, Kind: reflect.Bool, Args: []pure.Node{x, y}}
}

// operation computes with numbers.
func (p *purifier) operation(op string, kind reflect.Kind, x, y pure.Node) pure.Node {
	isShift := op == "<<" || op == ">>"
	switch class := pure.ClassOf(kind); {
	case class == pure.Memory || kind == reflect.Bool || x.Kind != kind || !isShift && y.Kind != kind,
		isShift && (pure.ClassOf(y.Kind) != pure.Whole || y.Kind == reflect.Bool),
		class == pure.Float && op != "+" && op != "-" && op != "*" && op != "/":
		return p.no()
	}
	return pure.Node{Op: op, Kind: kind, Args: []pure.Node{x, y}}
}

func (p *purifier) field(e *ast.SelectorExpr, kind reflect.Kind) pure.Node {
	s := p.info.Selections[e]
	if s == nil || s.Kind() != types.FieldVal {
		return p.no()
	}
	x := p.target(p.expr(e.X))
	offset, ok := fieldOffset(s.Recv(), s.Index())
	if !ok || x.Kind != reflect.Struct {
		return p.no()
	}
	return pure.Node{Op: "field", Kind: kind, Int: offset, Args: []pure.Node{x}}
}

// target gives the struct that a pointer leads to, and others as they are.
func (p *purifier) target(x pure.Node) pure.Node {
	if x.Kind != reflect.Pointer {
		return x
	}
	return pure.Node{Op: "target", Kind: reflect.Struct, Args: []pure.Node{x}}
}

func (p *purifier) index(e *ast.IndexExpr) pure.Node {
	x, i := p.expr(e.X), p.expr(e.Index)
	if pure.ClassOf(i.Kind) != pure.Whole || i.Kind == reflect.Bool || x.Kind != reflect.Slice && x.Kind != reflect.String {
		return p.no()
	}
	return p.element(p.underlying(e.X), x, i)
}

// element gives an element of a slice, or a byte of a string.
func (p *purifier) element(list types.Type, x, i pure.Node) pure.Node {
	var elem types.Type = types.Typ[types.Byte]
	if s, ok := list.(*types.Slice); ok {
		elem = s.Elem()
	}
	kind, ok := kindOf(elem)
	if !ok {
		return p.no()
	}
	return pure.Node{Op: "index", Kind: kind, Int: layout.Sizeof(elem), Args: []pure.Node{x, i}}
}

func (p *purifier) call(e *ast.CallExpr, kind reflect.Kind) pure.Node {
	if p.info.Types[e.Fun].IsType() {
		return p.conversion(e, kind)
	}
	if e.Ellipsis.IsValid() {
		return p.no()
	}
	switch fun := ast.Unparen(e.Fun).(type) {
	case *ast.Ident:
		switch f := p.info.Uses[fun].(type) {
		case *types.Builtin:
			return p.builtin(f.Name(), e, kind)
		case *types.Func:
			return p.callOf(p.names[f], kind, p.exprs(e.Args))
		}
	case *ast.SelectorExpr:
		f, ok := p.info.Uses[fun.Sel].(*types.Func)
		if !ok {
			break
		}
		switch p.fullName(fun) {
		case "cmp.Compare", "strings.Compare":
			return p.compares(e, kind)
		case "cmp.Or":
			return p.firstOf(e, kind)
		}
		if f.Pkg() != nil && f.Pkg().Path() == "math" {
			if pure.Math[f.Name()] == nil && pure.Math2[f.Name()] == nil {
				break
			}
			return pure.Node{Op: "math", Kind: kind, Str: f.Name(), Args: p.exprs(e.Args)}
		}
		if s := p.info.Selections[fun]; s != nil && s.Kind() == types.MethodVal && len(s.Index()) == 1 && !isInterface(s.Recv()) {
			return p.callOf(p.methodFunc(f), kind, append([]pure.Node{p.receiver(fun.X, f)}, p.exprs(e.Args)...))
		}
	}
	return p.no()
}

// compares is -1, 0 or 1.
func (p *purifier) compares(e *ast.CallExpr, kind reflect.Kind) pure.Node {
	if len(e.Args) != 2 {
		return p.no()
	}
	args := p.comparison("compare", p.expr(e.Args[0]), p.expr(e.Args[1])).Args
	return pure.Node{Op: "compare", Kind: kind, Args: args}
}

// firstOf is the first of its integers that is not zero.
func (p *purifier) firstOf(e *ast.CallExpr, kind reflect.Kind) pure.Node {
	args := p.exprs(e.Args)
	if pure.ClassOf(kind) != pure.Whole || len(args) == 0 {
		return p.no()
	}
	return pure.Node{Op: "or", Kind: kind, Args: args}
}

func (p *purifier) exprs(list []ast.Expr) []pure.Node {
	nodes := make([]pure.Node, len(list))
	for i, e := range list {
		nodes[i] = p.expr(e)
	}
	return nodes
}

// callOf calls a function that is pure as far as is known.
func (p *purifier) callOf(name string, kind reflect.Kind, args []pure.Node) pure.Node {
	callee, known := p.pure[name]
	if !known {
		callee, known = p.session.pure[name]
	}
	if name == "" || !known || callee.kind != kind {
		return p.no()
	}
	p.heavy = p.heavy || callee.heavy || name == p.name
	return pure.Node{Op: "call", Kind: kind, Str: name, Args: args}
}

// receiver gives what a method takes first: a value, or the address of one.
func (p *purifier) receiver(x ast.Expr, f *types.Func) pure.Node {
	value := p.expr(x)
	switch wantsPointer := isPointer(f.Signature().Recv().Type()); {
	case !wantsPointer:
		return p.target(value)
	case value.Kind == reflect.Struct:
		return pure.Node{Op: "address", Kind: reflect.Pointer, Args: []pure.Node{value}}
	}
	return value
}

func (p *purifier) builtin(name string, e *ast.CallExpr, kind reflect.Kind) pure.Node {
	args := e.Args
	switch name {
	case "len":
		if x := p.expr(args[0]); x.Kind == reflect.Slice || x.Kind == reflect.String {
			return pure.Node{Op: "len", Kind: kind, Args: []pure.Node{x}}
		}
	case "make":
		if length := (pure.Node{}); p.makes(e) {
			if length = p.expr(args[1]); length.Kind != reflect.Int {
				return p.no()
			}
			return pure.Node{Op: "make", Kind: kind, Int: layout.Sizeof(p.underlying(e).(*types.Slice).Elem()), Args: []pure.Node{length}}
		}
	case "min", "max":
		value := p.expr(args[0])
		for _, a := range args[1:] {
			value = pure.Node{Op: name, Kind: kind, Args: []pure.Node{value, p.expr(a)}}
		}
		for _, a := range args {
			if x := p.expr(a); x.Kind != kind || pure.ClassOf(kind) == pure.Memory {
				return p.no()
			}
		}
		return value
	}
	return p.no()
}

// conversion converts between numbers, or strings of several types.
func (p *purifier) conversion(e *ast.CallExpr, kind reflect.Kind) pure.Node {
	x := p.expr(e.Args[0])
	switch {
	case x.Kind == kind && (pure.ClassOf(kind) != pure.Memory || kind == reflect.String):
		return x
	case pure.ClassOf(x.Kind) == pure.Memory || pure.ClassOf(kind) == pure.Memory || x.Kind == reflect.Bool || kind == reflect.Bool:
		return p.no()
	}
	return pure.Node{Op: "conv", Kind: kind, Args: []pure.Node{x}}
}
