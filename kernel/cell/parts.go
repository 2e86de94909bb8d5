package cell

import (
	"go/ast"
	"go/token"
	"strings"
)

// A method for a type of an earlier cell may speak of a type that its own cell declares. go/types has
// to know the method before it reads the cell, and the cell's type before it knows the method. So
// such a cell is checked in two parts that run as one: its types, and the rest.

// parts gives the text of the two, each with blanks in the place of the other; ok is false for other
// cells.
func (s *Session) parts(name, code string) (first, rest string, ok bool) {
	if !strings.Contains(code, "type") || !strings.Contains(code, "func") {
		return "", "", false // as nearly always
	}
	units, faults := parseCell(token.NewFileSet(), name, code)
	if len(faults) > 0 {
		return "", "", false
	}
	own := map[string]bool{}
	for _, u := range units {
		if g, isGen := u.firstDecl().(*ast.GenDecl); isGen && g.Tok == token.TYPE {
			for _, id := range declaredNames(g) {
				own[id.Name] = true
			}
		}
	}
	needed := false
	for _, u := range units {
		base := receiver(u.firstDecl())
		if e := s.names[base]; base == "" || own[base] || e == nil || e.unit == nil {
			continue
		}
		ast.Inspect(u.firstDecl().(*ast.FuncDecl).Type, func(n ast.Node) bool {
			id, isName := n.(*ast.Ident)
			needed = needed || isName && own[id.Name]
			return true
		})
	}
	if !needed {
		return "", "", false
	}
	first, rest = blank(code), code
	for _, u := range units {
		if g, isGen := u.firstDecl().(*ast.GenDecl); isGen && g.Tok == token.TYPE {
			from := offset(code, u.line, u.col)
			to := from + len(u.text)
			first = first[:from] + code[from:to] + first[to:]
			rest = rest[:from] + blank(code[from:to]) + rest[to:]
		}
	}
	return first, rest, true
}

// blank gives a text of the same lines with nothing on them.
func blank(text string) string {
	b := []byte(text)
	for i := range b {
		if b[i] != '\n' {
			b[i] = ' '
		}
	}
	return string(b)
}

// offset gives the byte at a line and column, both from 1.
func offset(code string, line, col int) int {
	at := 0
	for range line - 1 {
		at += strings.IndexByte(code[at:], '\n') + 1
	}
	return at + col - 1
}

// inParts checks a cell in two parts. done is false when that is not possible and nothing has changed:
// the types alone do not compile, or take the name of something.
func (s *Session) inParts(mode Mode, name, first, rest string) (p *Program, done bool, err error) {
	types, err := s.check(mode, name, first)
	if err != nil || len(types.changed()) > 0 {
		return nil, false, nil
	}
	p1, l, err := s.accepted(types)
	if err != nil {
		return nil, false, nil
	}
	s.bodies = s.bodies[:len(s.bodies)-1] // there is one of the whole cell
	before := s.before
	c, err := s.check(mode, name, rest)
	if err == nil {
		c.first = l
		p, err = s.accept(c)
	}
	if err != nil {
		s.bodies = append(s.bodies, types.body)
		s.last, s.before, s.undo = p1, before, nil
		s.revert(p1)
		return nil, true, err
	}
	for name, e := range before {
		if _, again := s.before[name]; !again {
			s.before[name] = e
		}
	}
	return p, true, nil
}
