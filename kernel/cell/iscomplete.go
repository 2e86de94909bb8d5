package cell

import (
	"go/scanner"
	"go/token"
	"strings"
)

// Status says whether code could be run as it stands.
type Status string

const (
	Complete   Status = "complete"
	Incomplete Status = "incomplete"
	Invalid    Status = "invalid"
)

// IsComplete tells a console whether to run code or to ask for another line, and the indent of that
// line: a tab for each open bracket.
func IsComplete(code string) (status Status, indent string) {
	depth, more := pending(code)
	if depth > 0 || more {
		return Incomplete, strings.Repeat("\t", depth)
	}
	if _, faults := parseCell(token.NewFileSet(), "In[0]", code); len(faults) > 0 {
		return Invalid, ""
	}
	return Complete, ""
}

// pending reports how many brackets are open at the end of code, and whether more has to follow: it ends
// in a raw string, in a comment, or in a token behind which a line cannot end.
func pending(code string) (depth int, more bool) {
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(code))
	var s scanner.Scanner
	s.Init(file, []byte(code), func(_ token.Position, msg string) {
		more = more || msg == "raw string literal not terminated" || msg == "comment not terminated"
	}, 0)
	last := token.SEMICOLON
	for {
		_, tok, _ := s.Scan()
		switch tok {
		case token.EOF: // where a line may end the scanner has put a semicolon
			return depth, more || last != token.SEMICOLON && last != token.ILLEGAL
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth = max(0, depth-1)
		}
		last = tok
	}
}
