package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"
)

// note keeps an error of the check. go/types tells what belongs to an error, such as the other of two
// declarations, as further ones that begin with a tab; here it is one error of several lines.
func (c *check) note(err error) {
	e := err.(types.Error)
	if more, ok := strings.CutPrefix(e.Msg, "\t"); ok && len(c.errs) > 0 {
		c.errs[len(c.errs)-1].Msg += fmt.Sprintf("\n\t%v: %s", c.fset.Position(e.Pos), more)
		return
	}
	c.errs = append(c.errs, e)
}

// report turns type errors into Diagnostics; errors in text of earlier cells go to failed instead.
func (c *check) report() error {
	var list []Diagnostic
	for _, e := range c.errs {
		if u := c.unitAt(e.Pos); u != nil && c.owner[u] != nil {
			if owner := c.owner[u]; c.failed[owner] == "" {
				c.failed[owner] = c.plain(e.Msg)
			}
			continue
		}
		p := c.fset.Position(c.place(e))
		list = append(list, Diagnostic{Line: p.Line, Col: p.Column, Msg: c.message(e)})
	}
	if len(list) == 0 { // what the cell declares does not go together with what it belongs to
		for _, e := range slices.SortedFunc(maps.Keys(c.failed), func(a, b *entity) int { return strings.Compare(a.name, b.name) }) {
			list = append(list, Diagnostic{Line: 1, Col: 1, Msg: fmt.Sprintf("%s (%s) would no longer compile: %s", e.name, e.cell, c.failed[e])})
		}
	}
	return c.diagnostics(list)
}

// place gives the position of an error as the compiler reports it: that of a call with too few
// arguments is its last argument, that of a send its beginning.
func (c *check) place(e types.Error) token.Pos {
	pos := e.Pos
	c.within(e.Pos, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.CallExpr:
			pos = c.callPlace(n, e, pos)
		case *ast.SendStmt:
			if n.Arrow == e.Pos {
				pos = n.Pos()
			}
		}
	})
	return pos
}

// callPlace is place for an error about a call; other errors stay at pos.
func (c *check) callPlace(call *ast.CallExpr, e types.Error, pos token.Pos) token.Pos {
	switch {
	case call.Rparen == e.Pos && strings.Contains(e.Msg, "not enough arguments for "): // a builtin
		return call.Pos()
	case call.Rparen == e.Pos && strings.HasPrefix(e.Msg, "not enough arguments in call"):
		if len(call.Args) > 0 {
			return call.Args[len(call.Args)-1].Pos()
		}
		return call.Pos()
	case call.Pos() == e.Pos && strings.Contains(e.Msg, " does not satisfy "):
		if _, explicit := call.Fun.(*ast.IndexExpr); !explicit {
			return call.Lparen
		}
	}
	return pos
}

// within visits the nodes around a position, from the outermost in.
func (c *check) within(pos token.Pos, visit func(ast.Node)) {
	u := c.unitAt(pos)
	if u == nil {
		return
	}
	u.inspect(func(n ast.Node) bool {
		if n == nil || pos < n.Pos() || pos > n.End() {
			return false
		}
		visit(n)
		return true
	})
}

// message gives the text of a type error as the compiler has it, and what else helps: that a name was
// lost with an engine, what a misspelt one may have been meant to be.
func (c *check) message(e types.Error) string {
	msg := c.plain(e.Msg)
	if strings.HasPrefix(e.Msg, "in call to "+showHelper) {
		return "cannot show a generic function without its type arguments"
	}
	if n, call := c.tooManyResults(e); call != nil {
		return fmt.Sprintf("assignment mismatch: 1 variable but %s returns %d values", source(call.Fun), n)
	}
	if c.defined(e.Pos) {
		msg = strings.Replace(msg, "use of untyped nil in variable declaration", "use of untyped nil in assignment", 1)
	}
	if name, ok := strings.CutPrefix(msg, "undefined: "); ok {
		if in, ok := c.session.lost[name]; ok {
			return msg + " (lost with the engine in " + in + ")"
		}
		if c.session.isPackage(name) {
			msg = "use of package " + name + " without selector"
		}
	}
	return branchWords(msg) + c.suggestion(e, msg)
}

// defined reports whether a position is that of a value in a top-level :=, which the check takes for
// the initialiser of a package variable.
func (c *check) defined(pos token.Pos) bool {
	for a := range c.define {
		if slices.ContainsFunc(a.Rhs, func(x ast.Expr) bool { return x.Pos() == pos }) {
			return true
		}
	}
	return false
}

// isPackage reports whether a name that the session knows nothing else by is that of a package.
func (s *Session) isPackage(name string) bool {
	if e := s.names[name]; e != nil {
		return e.path != ""
	}
	return slices.ContainsFunc(s.lib.Packages, func(p Package) bool { return p.Name == name })
}

// branchWords words what go/types and the compiler say differently: they check labels and jumps each
// for itself.
func branchWords(msg string) string {
	switch {
	case msg == "break not in for, switch, or select statement":
		return "break is not in a loop, switch, or select"
	case msg == "continue not in for statement":
		return "continue is not in a loop"
	}
	for _, w := range []struct{ before, after, gcBefore, gcAfter string }{
		{"label ", " not declared", "label ", " not defined"},
		{"label ", " declared and not used", "label ", " defined and not used"},
		{"invalid break label ", "", "break label not defined: ", ""},
		{"invalid continue label ", "", "continue label not defined: ", ""},
	} {
		name, found := strings.CutPrefix(msg, w.before)
		if name, ends := strings.CutSuffix(name, w.after); found && ends && token.IsIdentifier(name) {
			return w.gcBefore + name + w.gcAfter
		}
	}
	return msg
}

// tooManyResults finds the call in "x := f()" that has more than one result. As the initialiser of a
// package variable, which the check makes of it, the compiler words that fault another way.
func (c *check) tooManyResults(e types.Error) (int, *ast.CallExpr) {
	if !strings.HasSuffix(e.Msg, "in single-value context") {
		return 0, nil
	}
	for a, names := range c.define {
		call, ok := a.Rhs[0].(*ast.CallExpr)
		if tuple, isTuple := c.info.Types[a.Rhs[0]].Type.(*types.Tuple); ok && isTuple && len(names) == 1 && call.Pos() == e.Pos {
			return tuple.Len(), call
		}
	}
	return 0, nil
}
