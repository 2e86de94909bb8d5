package cell

import (
	"go/ast"
	"go/token"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ast/astutil"
)

// defaultLast moves the default clause of a switch behind the others, whose order stays: yaegi exchanges
// it with the last one, which is then tried too early, and loses what falls through. Where something
// does, one switch chooses the clause and another one runs it.
func (l *lowering) defaultLast(cur *astutil.Cursor, n *ast.SwitchStmt) {
	i := slices.IndexFunc(n.Body.List, func(s ast.Stmt) bool { return s.(*ast.CaseClause).List == nil })
	if i < 0 || i == len(n.Body.List)-1 {
		return
	}
	if !slices.ContainsFunc(n.Body.List, func(s ast.Stmt) bool { _, falls := fallsThrough(s.(*ast.CaseClause).Body); return falls }) {
		n.Body.List = append(slices.Delete(slices.Clone(n.Body.List), i, i+1), n.Body.List[i])
		return
	}
	which := l.temp()
	choose := &ast.SwitchStmt{Tag: n.Tag, Body: &ast.BlockStmt{}}
	run := &ast.SwitchStmt{Switch: n.Switch, Tag: ast.NewIdent(which), Body: &ast.BlockStmt{}}
	for k, s := range n.Body.List {
		c := s.(*ast.CaseClause)
		if k != i {
			choose.Body.List = append(choose.Body.List, &ast.CaseClause{List: c.List, Body: []ast.Stmt{raw("%s = %d", which, k)}})
		}
		run.Body.List = append(run.Body.List, &ast.CaseClause{List: []ast.Expr{ast.NewIdent(strconv.Itoa(k))}, Body: c.Body})
	}
	block := &ast.BlockStmt{List: []ast.Stmt{raw("%s := %d", which, i), choose, run}}
	if n.Init != nil {
		block.List = append([]ast.Stmt{n.Init}, block.List...)
	}
	l.unlabelled[block] = true
	cur.Replace(block)
}

// fallsThrough gives the statements of a clause before its fallthrough, and whether it has one.
func fallsThrough(body []ast.Stmt) ([]ast.Stmt, bool) {
	if len(body) == 0 {
		return body, false
	}
	b, ok := body[len(body)-1].(*ast.BranchStmt)
	if !ok || b.Tok != token.FALLTHROUGH {
		return body, false
	}
	return body[:len(body)-1], true
}

// labelsInBlock puts the body of a clause that has labels into a block: yaegi finds no others.
func labelsInBlock(body []ast.Stmt) []ast.Stmt {
	if !slices.ContainsFunc(body, func(s ast.Stmt) bool { _, ok := s.(*ast.LabeledStmt); return ok }) {
		return body
	}
	own, falls := fallsThrough(body)
	if !falls {
		return []ast.Stmt{&ast.BlockStmt{List: body}}
	}
	return []ast.Stmt{&ast.BlockStmt{List: own}, body[len(own)]} // a fallthrough ends the clause, not the block
}
