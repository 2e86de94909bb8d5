package cell

import (
	"cmp"
	"go/ast"
	"go/scanner"
	"go/token"
	"go/types"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// cursorName stands in the code where the cursor is, so that what is being typed parses as a name.
const cursorName = mark + "cursor"

// probe checks code as far as it goes: errors, of syntax too, are left aside. It changes nothing in
// the session.
func (s *Session) probe(code string) *check {
	c := &check{
		session: s, name: "In[0]", code: code, fset: token.NewFileSet(),
		owner: map[*unit]*entity{}, failed: map[*entity]string{}, lenient: true,
	}
	pieces, _ := split(code)
	lines := strings.Split(code, "\n")
	for i, p := range pieces {
		u := &unit{piece: p, cell: c.name}
		if u.probe(c.fset, i == len(pieces)-1) {
			u.comment = commentAbove(lines, p.line)
			c.units = append(c.units, u)
		}
	}
	_ = c.collect()
	c.learn()
	return c
}

// learn checks as far as go/types goes. It panics over some trees that have holes, as "func (p *P[]) m()"
// leaves; what it has found out by then stands.
func (c *check) learn() {
	defer func() { _ = recover() }()
	c.repair()
}

// probe parses what can be parsed of a unit and reports whether that is anything.
func (u *unit) probe(fset *token.FileSet, last bool) bool {
	if u.class == packageClause {
		return false
	}
	if u.class != statement {
		f, _ := parseAt(fset, u.cell, u.piece, "", "")
		if f == nil || len(f.Decls) == 0 {
			return false
		}
		u.imports, u.decls, u.free = f.Imports, f.Decls, topLevel(f)
		return true
	}
	if u.parseStatement(fset, last) == nil {
		return true
	}
	f, _ := parseAt(fset, u.cell, u.piece, "func _() {", closing(u.text)+"\n}")
	if f == nil || len(f.Decls) == 0 {
		return false
	}
	if fn, ok := f.Decls[0].(*ast.FuncDecl); ok && fn.Body != nil {
		u.stmts, u.free = fn.Body.List, unresolved(f)
	}
	return len(u.stmts) > 0
}

// closing gives the brackets that close those open at the end of text.
func closing(text string) string {
	file := token.NewFileSet().AddFile("", -1, len(text))
	var s scanner.Scanner
	s.Init(file, []byte(text), func(token.Position, string) {}, 0)
	var open []byte
	for {
		switch _, tok, _ := s.Scan(); tok {
		case token.LPAREN:
			open = append(open, ')')
		case token.LBRACK:
			open = append(open, ']')
		case token.LBRACE:
			open = append(open, '}')
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if len(open) > 0 {
				open = open[:len(open)-1]
			}
		case token.EOF:
			var b strings.Builder
			for i := len(open) - 1; i >= 0; i-- {
				b.WriteByte(open[i])
			}
			return b.String()
		}
	}
}

// word gives the span of the identifier around, or just before, a byte offset.
func word(code string, at int) (start, end int) {
	start, end = at, at
	for start > 0 {
		r, n := utf8.DecodeLastRuneInString(code[:start])
		if !isNameRune(r) {
			break
		}
		start -= n
	}
	for end < len(code) {
		r, n := utf8.DecodeRuneInString(code[end:])
		if !isNameRune(r) {
			break
		}
		end += n
	}
	return start, end
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func isNameRune(r rune) bool { return r == '_' || unicode.IsLetter(r) || unicode.IsDigit(r) }

// inText reports whether an offset lies inside a rune literal or a comment.
func inText(code string, at int) bool {
	file := token.NewFileSet().AddFile("", -1, len(code))
	var s scanner.Scanner
	s.Init(file, []byte(code), func(token.Position, string) {}, scanner.ScanComments)
	for {
		pos, tok, lit := s.Scan()
		start := file.Offset(pos)
		if tok == token.EOF || start >= at {
			return false
		}
		end := start + len(lit)
		switch tok {
		case token.CHAR:
			if at < end || at == end && (len(lit) < 2 || lit[len(lit)-1] != '\'') {
				return true
			}
		case token.COMMENT:
			if at < end || at == end && strings.HasPrefix(lit, "//") {
				return true
			}
		}
	}
}

// pathTo gives the nodes from the outermost to the first that is wanted, nil when there is none.
func (c *check) pathTo(wanted func(ast.Node) bool) []ast.Node {
	var stack, path []ast.Node
	for _, u := range c.units {
		u.inspect(func(n ast.Node) bool {
			if n == nil {
				stack = stack[:len(stack)-1]
				return true
			}
			stack = append(stack, n)
			if path == nil && wanted(n) {
				path = slices.Clone(stack)
			}
			return true
		})
	}
	return path
}

// isCursor finds the placeholder for the name at the cursor.
func isCursor(n ast.Node) bool {
	id, ok := n.(*ast.Ident)
	return ok && strings.HasPrefix(id.Name, cursorName)
}

// startsAt finds the user's identifier that begins at a byte offset of the code.
func (c *check) startsAt(offset int) func(ast.Node) bool {
	line := 1 + strings.Count(c.code[:offset], "\n")
	col := offset - strings.LastIndexByte(c.code[:offset], '\n')
	return func(n ast.Node) bool {
		id, ok := n.(*ast.Ident)
		if !ok || ours(id) {
			return false
		}
		p := c.fset.Position(id.Pos())
		return p.Line == line && p.Column == col
	}
}

// ours reports whether an identifier is a helper that the check has put there.
func ours(id *ast.Ident) bool {
	return strings.HasPrefix(id.Name, mark)
}

// scopesAt gives the scopes around a position, innermost first, that of the package last.
func (c *check) scopesAt(pos token.Pos) []*types.Scope {
	var around []*types.Scope
	for _, scope := range c.info.Scopes {
		if scope.Parent() != nil && scope != c.pkg.Scope() && scope.Contains(pos) {
			around = append(around, scope)
		}
	}
	slices.SortFunc(around, func(a, b *types.Scope) int { return cmp.Compare(a.End()-a.Pos(), b.End()-b.Pos()) })
	return append(around, c.pkg.Scope())
}
