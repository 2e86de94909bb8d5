package cell

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"
	"strings"

	"golang.org/x/tools/go/ast/astutil"
)

// rewrite lowers a tree in place and returns it, or what replaces it.
func (l *lowering) rewrite(n ast.Node) ast.Node {
	// A parent that Apply can replace in: the root itself may have to go.
	switch n := n.(type) {
	case ast.Expr:
		p := &ast.ParenExpr{X: n}
		l.represent(p)
		return l.lowered(p.X)
	case ast.Stmt:
		return &ast.BlockStmt{List: l.statements(n)}
	}
	l.represent(n)
	n = astutil.Apply(n, l.before, l.after)
	freshFrames(n, false)
	return n
}

// lowered is the second pass over an expression that has been through the first.
func (l *lowering) lowered(e ast.Expr) ast.Expr {
	p := &ast.ParenExpr{X: e}
	astutil.Apply(p, l.before, l.after)
	freshFrames(p, false)
	return p.X
}

// statements lowers a statement, which may become several.
func (l *lowering) statements(s ast.Stmt) []ast.Stmt {
	b := &ast.BlockStmt{List: []ast.Stmt{s}}
	l.represent(b)
	astutil.Apply(b, l.before, l.after)
	freshFrames(b, false)
	return b.List
}

// before replaces what is not to be descended into: constants become literals.
func (l *lowering) before(cur *astutil.Cursor) bool {
	switch n := cur.Node().(type) {
	case ast.Expr:
		if lit := l.literal(n, cur.Parent()); lit != nil {
			l.replace(cur, n, lit)
			return false
		}
		if _, isParen := n.(*ast.ParenExpr); isParen && l.info.Types[n].IsNil() {
			l.replace(cur, n, ast.NewIdent("nil")) // which yaegi does not know in parentheses
			return false
		}
		if name := l.typeName(n, cur); name != "" {
			l.replace(cur, n, &ast.Ident{NamePos: n.Pos(), Name: name})
			return false
		}
		if name := l.instanceName(n); name != "" {
			l.replace(cur, n, &ast.Ident{NamePos: n.Pos(), Name: name})
			return false
		}
	case *ast.RangeStmt:
		l.countArray(n)
		l.freshRange(n)
	case *ast.ForStmt:
		l.freshFor(n, labelOf(cur))
	case *ast.FuncDecl:
		l.enterDecl(n)
	}
	if lit, ok := cur.Node().(*ast.FuncLit); ok {
		l.enterLiteral(lit)
	}
	return true
}

// replace puts a lowered expression in the place of the one that was checked, whose type it keeps.
func (l *lowering) replace(cur *astutil.Cursor, checked, lowered ast.Expr) {
	if tv, ok := l.info.Types[checked]; ok {
		l.info.Types[lowered] = tv
	}
	cur.Replace(lowered)
}

// typeName gives the lowered form of an expression that is a type, "" for others. The type of a
// function that is declared or written here keeps its parameters' names.
func (l *lowering) typeName(e ast.Expr, cur *astutil.Cursor) string {
	tv, ok := l.info.Types[e]
	if !ok || !tv.IsType() {
		return ""
	}
	if _, isFunc := e.(*ast.FuncType); isFunc && cur.Name() == "Type" {
		switch cur.Parent().(type) {
		case *ast.FuncLit, *ast.FuncDecl:
			return ""
		}
	}
	if _, variadic := e.(*ast.Ellipsis); variadic {
		return ""
	}
	if containsItself(tv.Type) && isMade(e, cur.Parent()) {
		return l.typeString(tv.Type.Underlying(), e)
	}
	if ch, ok := tv.Type.Underlying().(*types.Chan); ok && ch.Dir() != types.SendRecv && isMade(e, cur.Parent()) {
		return l.typeString(types.NewChan(types.SendRecv, ch.Elem()), e)
	}
	text := l.typeString(tv.Type, e)
	if c, ok := cur.Parent().(*ast.CallExpr); ok && c.Fun == e && strings.ContainsAny(text[:1], "*<fci") {
		return "(" + text + ")"
	}
	return text
}

// instanceName gives the lowered name where an instance of a generic function is named.
func (l *lowering) instanceName(e ast.Expr) string {
	id := genericName(e)
	if id == nil {
		return ""
	}
	f, ok := l.info.Uses[id].(*types.Func)
	inst, instantiated := l.info.Instances[id]
	if !ok || !instantiated {
		return ""
	}
	if name := compiledInstance(f.Origin(), inst.TypeArgs); name != "" {
		return l.rt(name)
	}
	if x := l.lookup(l.key(f.Origin(), inst.TypeArgs)); x != nil {
		return x.name
	}
	return ""
}

// genericName gives the identifier in an expression that may name a generic function: F, p.F, F[T].
func genericName(e ast.Expr) *ast.Ident {
	switch e := e.(type) {
	case *ast.Ident:
		return e
	case *ast.SelectorExpr:
		return e.Sel
	case *ast.IndexExpr:
		return genericName(e.X)
	case *ast.IndexListExpr:
		return genericName(e.X)
	}
	return nil
}

// after replaces a node whose children have been lowered.
func (l *lowering) after(cur *astutil.Cursor) bool {
	switch n := cur.Node().(type) {
	case *ast.Ident:
		if e := l.ident(n, cur); e != nil {
			l.replace(cur, n, e)
		}
	case *ast.CallExpr:
		l.withoutParens(n)
		if e := l.call(n); e != nil {
			l.replace(cur, n, e)
		}
	case *ast.UnaryExpr:
		if e := l.addressOfLiteral(n); e != nil {
			l.replace(cur, n, e)
		}
	case *ast.CompositeLit:
		if e := l.pointerInLiteral(n); e != nil {
			l.replace(cur, n, e)
		}
	case *ast.BinaryExpr:
		l.logic(n)
		l.shiftCount(n.Op, &n.Y)
	case *ast.FuncLit:
		l.leave(n.Type, n.Body)
	case *ast.FuncDecl:
		l.leave(n.Type, n.Body)
	case *ast.DeclStmt:
		if g, ok := n.Decl.(*ast.GenDecl); ok && (g.Tok == token.CONST || g.Tok == token.TYPE) {
			cur.Replace(&ast.EmptyStmt{Implicit: true}) // constants have become literals, types stand outside
			return true
		}
		l.declareEach(cur, n)
	case *ast.CaseClause:
		n.Body = labelsInBlock(n.Body)
	case *ast.CommClause:
		l.receiveInPlace(n)
		n.Body = labelsInBlock(n.Body)
	case *ast.SwitchStmt:
		l.conditions(n)
		l.defaultLast(cur, n)
	case *ast.IfStmt:
		n.Cond = l.condition(n.Cond)
	case *ast.SelectStmt:
		breakOutOfSelect(n)
	case *ast.BranchStmt:
		if n.Tok == token.GOTO && cur.Index() >= 0 {
			cur.InsertBefore(l.poll())
		}
	case *ast.ForStmt:
		if n.Cond != nil {
			n.Cond = l.condition(n.Cond)
		}
		n.Body.List = l.pollLoop(n.Body, n.Body.List)
	case *ast.RangeStmt:
		l.rangeStmt(cur, n)
	case *ast.GoStmt:
		l.goStmt(cur, n)
	case *ast.DeferStmt:
		l.deferStmt(cur, n)
	case *ast.AssignStmt:
		if id, ok := n.Lhs[0].(*ast.Ident); ok && len(n.Lhs) == 1 && id.Name == "_" && n.Tok == token.ASSIGN {
			// yaegi has no type for "_ = a && b".
			n.Lhs[0], n.Tok = ast.NewIdent(l.temp()), token.DEFINE
		}
		l.hoistLiterals(cur)
		l.shiftCount(n.Tok, &n.Rhs[0])
		l.placeFirst(cur, n)
		l.assignEach(cur, n)
		l.setInPlace(cur, n)
		l.redeclared(cur, n)
	case *ast.ReturnStmt:
		l.hoistReceives(cur, n)
		l.apartFromResults(n)
		l.hoistLiterals(cur)
	case *ast.ExprStmt:
		l.hoistLiterals(cur)
		l.tellDropped(cur, n)
	}
	return true
}

// literal gives the literal of a constant expression, nil when e is none or stands well as it is.
func (l *lowering) literal(e ast.Expr, parent ast.Node) ast.Expr {
	tv, ok := l.info.Types[e]
	if !ok || tv.Value == nil {
		return nil
	}
	t := types.Default(tv.Type)
	if _, isLit := e.(*ast.BasicLit); isLit && !isShifted(e, parent) {
		return nil
	}
	lit := basicLiteral(tv.Value, t)
	if lit == nil || l.isIndexKey(e, parent) || bare(tv.Value, t) {
		return lit
	}
	return &ast.CallExpr{Fun: &ast.ParenExpr{X: ast.NewIdent(l.typeString(t, e))}, Args: []ast.Expr{lit}}
}

// isShifted reports whether e is what a shift moves: its type counts, and the count does not tell it.
func isShifted(e ast.Expr, parent ast.Node) bool {
	b, ok := parent.(*ast.BinaryExpr)
	return ok && (b.Op == token.SHL || b.Op == token.SHR) && b.X == e
}

// isIndexKey reports whether e is an index in an array or slice literal, where yaegi wants no
// conversion.
func (l *lowering) isIndexKey(e ast.Expr, parent ast.Node) bool {
	kv, ok := parent.(*ast.KeyValueExpr)
	if !ok || kv.Key != e {
		return false
	}
	b, ok := l.info.Types[e].Type.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsInteger != 0
}

// bare reports whether a literal by itself has the type.
func bare(v constant.Value, t types.Type) bool {
	b, ok := t.(*types.Basic)
	if !ok {
		return false
	}
	switch b.Kind() {
	case types.Int, types.String, types.Bool:
		return true
	case types.Float64:
		return constant.ToInt(v).Kind() != constant.Int
	}
	return false
}

// basicLiteral writes a constant value down; nil for kinds that have no literal.
func basicLiteral(v constant.Value, t types.Type) ast.Expr {
	b, ok := t.Underlying().(*types.Basic)
	if !ok {
		return nil
	}
	switch info := b.Info(); {
	case info&types.IsBoolean != 0:
		return ast.NewIdent(strconv.FormatBool(constant.BoolVal(v)))
	case info&types.IsString != 0:
		return &ast.BasicLit{Kind: token.STRING, Value: strconv.Quote(constant.StringVal(v))}
	case info&types.IsInteger != 0:
		return signed(token.INT, constant.ToInt(v).ExactString())
	case info&types.IsFloat != 0:
		return float(v)
	case info&types.IsComplex != 0:
		re, im := constant.Real(constant.ToComplex(v)), constant.Imag(constant.ToComplex(v))
		return &ast.CallExpr{Fun: ast.NewIdent("complex"), Args: []ast.Expr{asFloat64(re), asFloat64(im)}}
	}
	return nil
}

func asFloat64(v constant.Value) ast.Expr {
	return &ast.CallExpr{Fun: ast.NewIdent("float64"), Args: []ast.Expr{float(v)}}
}

// float writes a float literal; 17 digits give each float64 back.
func float(v constant.Value) ast.Expr {
	f, _ := constant.Float64Val(constant.ToFloat(v))
	return signed(token.FLOAT, strconv.FormatFloat(f, 'g', 17, 64))
}

// signed writes a number, a negative one in parentheses.
func signed(kind token.Token, text string) ast.Expr {
	if text[0] == '-' {
		return &ast.ParenExpr{X: &ast.UnaryExpr{Op: token.SUB, X: &ast.BasicLit{Kind: kind, Value: text[1:]}}}
	}
	return &ast.BasicLit{Kind: kind, Value: text}
}

// ident renames top-level names to their version and packages to their alias.
func (l *lowering) ident(id *ast.Ident, cur *astutil.Cursor) ast.Expr {
	obj := l.info.Uses[id]
	if obj == nil {
		obj = l.info.Defs[id]
	}
	switch obj := obj.(type) {
	case nil:
		return nil
	case *types.PkgName:
		return renamedIdent(id, l.alias(obj.Imported().Path()))
	case *types.Var:
		if obj.IsField() {
			return nil
		}
	}
	if name, ok := l.names[obj]; ok {
		return renamedIdent(id, name)
	}
	if t, ok := obj.(*types.TypeName); ok && l.session.types[t] != "" {
		return renamedIdent(id, l.session.types[t])
	}
	if v, ok := obj.(*types.Var); ok && types.Universe.Lookup(v.Name()) != nil {
		return renamedIdent(id, v.Name()+mark) // yaegi has a variable called nil for nil
	}
	if l.older[id.Name] != nil {
		return nil // it is a version already
	}
	if sel, ok := cur.Parent().(*ast.SelectorExpr); ok && sel.Sel == id {
		return nil
	}
	if p := obj.Pkg(); p != nil && p.Path() != "main" && obj.Parent() == p.Scope() { // a dot import
		return &ast.SelectorExpr{X: ast.NewIdent(l.alias(p.Path())), Sel: ast.NewIdent(id.Name)}
	}
	return nil
}

// renamedIdent keeps the position, from which lines are told.
func renamedIdent(id *ast.Ident, name string) *ast.Ident {
	return &ast.Ident{NamePos: id.NamePos, Name: name}
}

// call lowers builtins that yaegi lacks or has wrongly, and the take helpers.
func (l *lowering) call(call *ast.CallExpr) ast.Expr {
	if l.standIn(call) {
		return nil
	}
	id, ok := ast.Unparen(call.Fun).(*ast.Ident)
	if !ok {
		return nil
	}
	for n, name := range takeHelpers {
		if n > 0 && id.Name == name {
			inner := call.Args[0]
			tuple := l.info.Types[inner].Type.(*types.Tuple)
			call.Fun = renamedIdent(id, l.takeFunc(tuple, n, inner))
			return nil
		}
	}
	if _, ok := l.info.Uses[id].(*types.Builtin); !ok {
		return nil
	}
	if len(call.Args) == 1 {
		if results, ok := l.info.Types[call.Args[0]].Type.(*types.Tuple); ok {
			return l.builtinOf(call, id.Name, results)
		}
	}
	switch id.Name {
	case "min", "max":
		return l.extreme(call, id.Name)
	case "len", "cap":
		if n := (&bounds{lowering: l}).arrayLength(call.Args[0]); n > 0 {
			return l.lengthOf(call.Args[0], n)
		}
	case "clear":
		call.Fun = ast.NewIdent(l.rt("Clear"))
	case "new":
		if !l.info.Types[call.Args[0]].IsType() {
			return l.newValue(call)
		}
	case "print", "println":
		call.Fun = ast.NewIdent(l.rt(runtimePrints[id.Name]))
	case "panic":
		call.Fun = ast.NewIdent(l.rt("Panic"))
		call.Args = append(call.Args, ast.NewIdent(strconv.Itoa(l.line(id))))
	case "recover":
		return &ast.CallExpr{Fun: ast.NewIdent(l.rt("Recover"))}
	}
	return nil
}

// runtimePrints are the builtins that print: yaegi's write to stdout, and blanks as fmt does.
var runtimePrints = map[string]string{"print": "Print", "println": "Println"}

// builtinOf gives the results of a call to a builtin one by one: yaegi counts them as one argument.
func (l *lowering) builtinOf(call *ast.CallExpr, builtin string, results *types.Tuple) ast.Expr {
	var params, args []string
	for i := range results.Len() {
		args = append(args, fmt.Sprintf("a%d", i))
		params = append(params, args[i]+" "+l.typeString(results.At(i).Type(), call))
	}
	result, back := "", ""
	if t := l.info.Types[call]; t.IsValue() {
		result, back = l.typeString(t.Type, call), "return "
	}
	if builtin == "print" || builtin == "println" {
		builtin = l.rt(runtimePrints[builtin])
	}
	return made(call.Args, "func(%s) %s { %s%s(%s) }", strings.Join(params, ", "), result, back, builtin, strings.Join(args, ", "))
}

// made calls a function literal that is given as text.
func made(args []ast.Expr, format string, a ...any) ast.Expr {
	return &ast.CallExpr{Fun: ast.NewIdent(fmt.Sprintf(format, a...)), Args: args}
}

// extreme writes min and max of any number of values. Floats go through math.Min and math.Max, which
// treat NaN and negative zero as the builtins do.
func (l *lowering) extreme(call *ast.CallExpr, name string) ast.Expr {
	t := l.info.Types[call].Type
	typ := l.typeString(t, call)
	body := "if b < a { return b }; return a"
	if name == "max" {
		body = "if b > a { return b }; return a"
	}
	if b, ok := t.Underlying().(*types.Basic); ok && b.Info()&types.IsFloat != 0 {
		body = fmt.Sprintf("return (%s)(%s.%s(float64(a), float64(b)))", typ, l.alias("math"), map[string]string{"min": "Min", "max": "Max"}[name])
	}
	result := call.Args[0]
	if len(call.Args) == 1 {
		return &ast.ParenExpr{X: result}
	}
	for _, arg := range call.Args[1:] {
		result = made([]ast.Expr{result, arg}, "func(a, b %s) %s { %s }", typ, typ, body)
	}
	return result
}

// newValue writes new(x) of a value, which is Go since 1.26.
func (l *lowering) newValue(call *ast.CallExpr) ast.Expr {
	typ := l.typeString(types.Default(l.info.Types[call.Args[0]].Type), call)
	return made(call.Args, "func(v %s) *%s { return &v }", typ, typ)
}
