package cell

import (
	"go/scanner"
	"go/token"
	"slices"
	"strings"
)

// Status says whether code could be run as it stands.
type Status string

const (
	Complete   Status = "complete"
	Incomplete Status = "incomplete"
	Invalid    Status = "invalid"
)

// step is one indent. Consoles show a tab as ^I.
const step = "    "

// IsComplete tells a console whether to run code or to ask for another line, and the indent of that
// line: a step for each line that leaves brackets open.
func IsComplete(code string) (status Status, indent string) {
	open, more := pending(code)
	if len(open) > 0 || more {
		return Incomplete, strings.Repeat(step, len(slices.Compact(open)))
	}
	if _, faults := parseCell(token.NewFileSet(), "In[0]", code); len(faults) > 0 {
		return Invalid, ""
	}
	return Complete, ""
}

// pending gives the lines of the brackets that are open at the end of code, and whether more has to follow: it
// ends in a raw string, in a comment, or in a token behind which a line cannot end.
func pending(code string) (open []int, more bool) {
	fset := token.NewFileSet()
	file := fset.AddFile("", -1, len(code))
	var s scanner.Scanner
	s.Init(file, []byte(code), func(_ token.Position, msg string) {
		more = more || msg == "raw string literal not terminated" || msg == "comment not terminated"
	}, 0)
	last := token.SEMICOLON
	for {
		pos, tok, _ := s.Scan()
		switch tok {
		case token.EOF: // where a line may end the scanner has put a semicolon
			return open, more || last != token.SEMICOLON && last != token.ILLEGAL
		case token.LPAREN, token.LBRACK, token.LBRACE:
			open = append(open, file.Line(pos))
		case token.RPAREN, token.RBRACK, token.RBRACE:
			open = open[:max(0, len(open)-1)]
		}
		last = tok
	}
}
