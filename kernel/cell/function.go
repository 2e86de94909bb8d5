package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ast/astutil"
)

// funcContext is what the lowering must know of the function it is in.
type funcContext struct {
	id       string // its key in Program.Funcs
	name     string // in messages, "" for the top level and for what messages leave out
	cell     string // that its text stands in
	literal  bool   // it is a function literal
	literals int    // function literals met in it
	results  *types.Tuple
	defers   string        // variable that holds its deferred calls, "" when it defers none
	decl     *ast.FuncDecl // of a declared function
	top      bool          // it is the top level of the cell
	prepared
}

// prepared is what is known of a function before any of it is rewritten.
type prepared struct {
	marked bool // it keeps its line in a variable
	line   int  // the one line on which it may fail, 0 when marked
	polls  bool // it asks whether to end when it begins
}

// prepare puts marks and tests into the functions of a checked tree.
func (l *lowering) prepare(root ast.Node) {
	ast.Inspect(root, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if f := l.declared(n); f != nil && n.Body != nil {
				l.prepareFunc(f.Signature(), n.Body, l.recurse[n.Name.Name] || l.polls(n.Body))
			}
		case *ast.CallExpr:
			l.noteOrder(n)
			l.describeOrder(n)
		case *ast.FuncLit:
			if sig, ok := l.info.Types[n].Type.(*types.Signature); ok {
				l.prepareFunc(sig, n.Body, true)
			}
		}
		return true
	})
}

// prepareFunc does so for one. Copies of functions of packages need no lines, and their own indices
// are right.
func (l *lowering) prepareFunc(sig *types.Signature, body *ast.BlockStmt, polls bool) {
	u := l.unitAt(body.Pos())
	ofPackage := u != nil && u.source != nil
	p := prepared{polls: polls}
	if !ofPackage {
		lines := l.lines(body, false)
		if p.marked = len(lines) > 1; len(lines) == 1 {
			p.line = lines[0]
		}
	}
	l.prepared[body] = p
	l.noteLoops(body)
	l.headers(&body.List)
	tests := l.newGuards(sig, body)
	tests.slicesOnly = ofPackage
	tests.bounds.indexOf(l.ordered[body], sig)
	tests.list(&body.List)
}

// prepareTop puts marks into the statements in those at the top of the cell; tests follow as they are
// written.
func (l *lowering) prepareTop() *ast.BlockStmt {
	top := l.topLevel()
	l.lines(top, true)
	l.noteLoops(top)
	l.prepared[top] = prepared{marked: true}
	l.tests = l.newGuards(nil, top)
	return top
}

func (l *lowering) context() *funcContext { return l.contexts[len(l.contexts)-1] }

// enter begins a function.
func (l *lowering) enter(ctx *funcContext, body *ast.BlockStmt) {
	l.contexts = append(l.contexts, ctx)
	if body == nil {
		return
	}
	if defers(body) {
		ctx.defers = l.temp()
	}
	ctx.prepared = l.prepared[body]
	l.list(ctx)
}

// enterDecl begins a declared function.
func (l *lowering) enterDecl(d *ast.FuncDecl) {
	ctx := &funcContext{name: l.shownName(d), cell: l.fset.Position(d.Pos()).Filename, decl: d}
	ctx.results = l.declared(d).Signature().Results()
	nameParameters(d.Type)
	l.enter(ctx, d.Body)
}

// enterLiteral begins a function literal, which is named for the function around it as Go does.
func (l *lowering) enterLiteral(lit *ast.FuncLit) {
	around := l.context()
	around.literals++
	ctx := &funcContext{cell: around.cell, results: l.info.Types[lit].Type.(*types.Signature).Results()}
	switch {
	case around.top:
		ctx.name, ctx.cell = fmt.Sprintf("func%d", around.literals), l.name
	case around.name != "" && around.literal:
		ctx.name = fmt.Sprintf("%s.%d", around.name, around.literals)
	case around.name != "":
		ctx.name = fmt.Sprintf("%s.func%d", around.name, around.literals)
	}
	ctx.literal = true
	nameParameters(lit.Type)
	l.enter(ctx, lit.Body)
}

// nameParameters gives the parameters of a function a blank name when they have none: yaegi
// mistakes where those without are kept.
func nameParameters(t *ast.FuncType) {
	for _, p := range t.Params.List {
		if len(p.Names) == 0 {
			p.Names = []*ast.Ident{ast.NewIdent("_")}
		}
	}
}

// leave ends a function whose body has been lowered.
func (l *lowering) leave(typ *ast.FuncType, body *ast.BlockStmt) {
	ctx := l.context()
	l.contexts = l.contexts[:len(l.contexts)-1]
	if body == nil {
		return
	}
	if ctx.defers != "" {
		l.runDefers(ctx, typ, body)
	}
	if typ.Results != nil && body != nil {
		l.unnameResults(typ, body)
	}
	l.head(ctx, body)
}

// unnameResults makes variables of the results that have names. In yaegi they are the places where the
// caller wants the results: neither zero at first nor safe to assign before the end.
func (l *lowering) unnameResults(typ *ast.FuncType, body *ast.BlockStmt) {
	if len(typ.Results.List) == 0 || len(typ.Results.List[0].Names) == 0 {
		return
	}
	names := l.nameResults(typ)
	var declared []ast.Stmt
	results := &ast.FieldList{}
	for _, f := range typ.Results.List {
		for _, id := range f.Names {
			spec := &ast.ValueSpec{Names: []*ast.Ident{id}, Type: f.Type}
			declared = append(declared, &ast.DeclStmt{Decl: &ast.GenDecl{Tok: token.VAR, Specs: []ast.Spec{spec}}})
			results.List = append(results.List, &ast.Field{Type: f.Type})
		}
	}
	typ.Results = results
	astutil.Apply(body, func(cur *astutil.Cursor) bool {
		switch n := cur.Node().(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			if len(n.Results) == 0 {
				n.Results = names
			}
		}
		return true
	}, nil)
	body.List = append(declared, body.List...)
}

// defers reports whether a function defers calls, those of literals in it aside.
func defers(body ast.Node) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		switch n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.DeferStmt:
			found = true
		}
		return !found
	})
	return found
}

// runDefers moves the body of a function that defers calls into a literal, which the engine runs
// before the deferred calls. The results get names, which the literal sets.
func (l *lowering) runDefers(ctx *funcContext, typ *ast.FuncType, body *ast.BlockStmt) {
	results := l.nameResults(typ)
	astutil.Apply(body, func(cur *astutil.Cursor) bool {
		switch n := cur.Node().(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			if len(n.Results) > 0 {
				set := l.assignAll(results, n.Results)
				cur.Replace(&ast.BlockStmt{List: append(set, &ast.ReturnStmt{})})
			}
			return false
		}
		return true
	}, nil)
	inner := closure(body.List...)
	run := &ast.ExprStmt{X: &ast.CallExpr{Fun: ast.NewIdent(ctx.defers + ".Run"), Args: []ast.Expr{inner}}}
	body.List = []ast.Stmt{raw("%s := %s", ctx.defers, l.newDefers(ctx)), run, &ast.ReturnStmt{Results: results}}
}

// newDefers makes what holds the deferred calls of a function.
func (l *lowering) newDefers(ctx *funcContext) string {
	if ctx.marked {
		return fmt.Sprintf("%s(&%s)", l.rt("NewDefers"), lineVar)
	}
	return l.rt("NewDefers") + "(nil)"
}

// nameResults gives each result of a function a name and returns the names.
func (l *lowering) nameResults(typ *ast.FuncType) []ast.Expr {
	if typ.Results == nil {
		return nil
	}
	var names []ast.Expr
	for _, f := range typ.Results.List {
		if len(f.Names) == 0 {
			f.Names = []*ast.Ident{ast.NewIdent("_")}
		}
		for i, id := range f.Names {
			if id.Name == "_" {
				f.Names[i] = ast.NewIdent(l.temp())
			}
			names = append(names, ast.NewIdent(f.Names[i].Name))
		}
	}
	return names
}

// deferStmt adds a call to those that the function has deferred; its arguments are taken now.
func (l *lowering) deferStmt(cur *astutil.Cursor, d *ast.DeferStmt) {
	add := ".Add"
	if !isClosure(d.Call) {
		add = ".AddCall"
	}
	l.handOver(cur, d.Call, l.context().defers+add)
}

// goStmt has the engine start a goroutine, which guards it: a panic in it is reported and ends
// nothing else. The arguments are taken before it starts.
func (l *lowering) goStmt(cur *astutil.Cursor, g *ast.GoStmt) {
	l.handOver(cur, g.Call, l.rt("Go"))
}

// handOver replaces a statement by the call of a function of the engine, which gets the call of the
// statement as a closure.
func (l *lowering) handOver(cur *astutil.Cursor, call *ast.CallExpr, to string) {
	define := l.hoist(call)
	t := l.temp()
	cur.Replace(&ast.ExprStmt{X: &ast.CallExpr{Fun: ast.NewIdent(to), Args: []ast.Expr{ast.NewIdent(t)}}})
	for _, s := range define {
		cur.InsertBefore(s)
	}
	cur.InsertBefore(&ast.AssignStmt{Lhs: []ast.Expr{ast.NewIdent(t)}, Tok: token.DEFINE, Rhs: []ast.Expr{asClosure(call)}})
}

// isClosure reports whether what a call calls is such a function already.
func isClosure(call *ast.CallExpr) bool {
	lit, ok := call.Fun.(*ast.FuncLit)
	return ok && len(call.Args) == 0 && lit.Type.Results == nil
}

// asClosure gives a function without parameters that makes the call.
func asClosure(call *ast.CallExpr) ast.Expr {
	if isClosure(call) {
		return call.Fun
	}
	return closure(&ast.ExprStmt{X: call})
}

// closure gives a function literal of our own making.
func closure(body ...ast.Stmt) ast.Expr {
	body = append([]ast.Stmt{raw(noFunction)}, body...)
	return &ast.FuncLit{Type: &ast.FuncType{Params: &ast.FieldList{}}, Body: &ast.BlockStmt{List: body}}
}

// hoist moves what a call is made of and could change until it runs into temporaries, and returns
// their definitions. The call must stand in a list of statements.
func (l *lowering) hoist(call *ast.CallExpr) []ast.Stmt {
	var define []ast.Stmt // one by one: of several yaegi loses some
	take := func(e ast.Expr) ast.Expr {
		t := l.temp()
		define = append(define, &ast.AssignStmt{Lhs: []ast.Expr{ast.NewIdent(t)}, Tok: token.DEFINE, Rhs: []ast.Expr{asValue(e)}})
		return ast.NewIdent(t)
	}
	if l.changes(call.Fun) {
		call.Fun = take(call.Fun)
	}
	if sel, ok := call.Fun.(*ast.SelectorExpr); ok {
		if s := l.info.Selections[sel]; s != nil && s.Kind() == types.MethodVal {
			sel.X = take(l.receiverNow(sel.X, s.Obj().(*types.Func)))
		}
	}
	for i, arg := range call.Args {
		switch arg.(type) {
		case *ast.BasicLit, *ast.FuncLit:
			continue
		}
		if tv := l.info.Types[arg]; !tv.IsType() && !tv.IsNil() {
			call.Args[i] = take(arg)
		}
	}
	return define
}

// changes reports whether a function that is called is found by running something, or in a variable.
func (l *lowering) changes(fun ast.Expr) bool {
	switch fun := ast.Unparen(fun).(type) {
	case *ast.CallExpr, *ast.TypeAssertExpr, *ast.StarExpr:
		return true
	case *ast.Ident:
		v, ok := l.info.Uses[fun].(*types.Var)
		return ok && v.Parent() != nil
	case *ast.IndexExpr:
		t := l.typeOf(fun.X)
		_, generic := t.(*types.Signature)
		return t != nil && !generic
	case *ast.SelectorExpr:
		if s := l.info.Selections[fun]; s != nil {
			return s.Kind() == types.FieldVal
		}
		_, ok := l.info.Uses[fun.Sel].(*types.Var) // of a package
		return ok
	}
	return false
}

// hoistLiterals gives function literals that are arguments in a statement a variable of their own
// before it. yaegi takes a copy of the variables around a literal, as loops with a variable per
// iteration need it, only where the literal is assigned.
func (l *lowering) hoistLiterals(cur *astutil.Cursor) {
	if cur.Index() < 0 {
		return // a part of a header
	}
	astutil.Apply(cur.Node(), func(inner *astutil.Cursor) bool {
		switch n := inner.Node().(type) {
		case *ast.BlockStmt:
			return false
		case *ast.FuncLit:
			call, ok := inner.Parent().(*ast.CallExpr)
			if ok && call.Fun != ast.Expr(n) {
				t := l.temp()
				cur.InsertBefore(&ast.AssignStmt{Lhs: []ast.Expr{ast.NewIdent(t)}, Tok: token.DEFINE, Rhs: []ast.Expr{n}})
				inner.Replace(ast.NewIdent(t))
			}
			return false
		}
		return true
	}, nil)
}

// hoistReceives gives what a return receives from a channel a variable: yaegi panics on
// "return <-ch".
func (l *lowering) hoistReceives(cur *astutil.Cursor, r *ast.ReturnStmt) {
	if cur.Index() < 0 {
		return
	}
	for i, e := range r.Results {
		if u, ok := ast.Unparen(e).(*ast.UnaryExpr); ok && u.Op == token.ARROW {
			t := l.temp()
			cur.InsertBefore(&ast.AssignStmt{Lhs: []ast.Expr{ast.NewIdent(t)}, Tok: token.DEFINE, Rhs: []ast.Expr{u}})
			r.Results[i] = ast.NewIdent(t)
		}
	}
}

// apartFromResults puts parentheses around calls of builtins among several results: directly below a
// return yaegi has each of them write to the first result.
func (l *lowering) apartFromResults(r *ast.ReturnStmt) {
	if len(r.Results) < 2 {
		return
	}
	for i, e := range r.Results {
		if call, ok := e.(*ast.CallExpr); ok && namesBuiltin(call.Fun) {
			r.Results[i] = &ast.ParenExpr{X: call}
		}
	}
}

// namesBuiltin reports whether an expression of the lowered source may be a builtin function.
func namesBuiltin(e ast.Expr) bool {
	id, ok := e.(*ast.Ident)
	if !ok {
		return false
	}
	_, builtin := types.Universe.Lookup(id.Name).(*types.Builtin)
	return builtin
}

// receiverNow gives the receiver of a compiled method as it is now: a value, or the address of one that
// the method changes.
func (l *lowering) receiverNow(x ast.Expr, f *types.Func) ast.Expr {
	t := l.typeOf(x)
	if t == nil || isInterface(t) {
		return x
	}
	return l.asReceiver(x, t, f)
}
