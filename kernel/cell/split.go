package cell

import (
	"go/scanner"
	"go/token"
)

// class says what a piece of a cell is.
type class uint8

const (
	statement class = iota
	declaration
	importDecl
	packageClause
)

// piece is one import, declaration or statement of a cell, cut out of its text.
type piece struct {
	class     class
	text      string
	line, col int  // where text begins in the cell, 1-based, col in bytes
	quiet     bool // ends in a written semicolon: its value is not shown
}

// split cuts the text of a cell at the semicolons, written or inserted, that stand outside all
// brackets. Those in the header of a for, if or switch do not cut. Text that does not scan is cut
// all the same: the parser will say what is wrong with it. Open reports whether the text ends
// inside a bracket.
func split(code string) (pieces []piece, open bool) {
	s := newSplitter(code)
	for {
		pos, tok, lit := s.Scan()
		if tok == token.EOF {
			open = s.depth > 0
			s.cut(s.end, false)
			return s.pieces, open
		}
		s.take(s.file.Offset(pos), tok, lit)
	}
}

// splitter is the state of a scan: the piece being gathered and how deep in brackets it is.
type splitter struct {
	scanner.Scanner
	file   *token.File
	code   string
	pieces []piece

	start  int           // offset of the piece, -1 before its first token
	head   []token.Token // its tokens outside brackets, as many as decide its class
	labels int           // how many labels it begins with: the tokens behind them decide
	depth  int           // open brackets
	blocks int           // closed at depth 0: a header may have had its block
	last   token.Token
	end    int // offset behind the last token
}

func newSplitter(code string) *splitter {
	fset := token.NewFileSet()
	s := &splitter{file: fset.AddFile("", -1, len(code)), code: code, start: -1}
	s.Init(s.file, []byte(code), func(token.Position, string) {}, 0)
	return s
}

// take takes the next token, which stands at offset.
func (s *splitter) take(offset int, tok token.Token, lit string) {
	if tok == token.SEMICOLON && s.depth == 0 {
		s.semicolon(offset, lit == ";")
		return
	}
	if s.start < 0 {
		s.start, s.head, s.labels, s.blocks, s.last = offset, nil, 0, 0, token.ILLEGAL
	}
	outside := s.depth == 0
	switch tok {
	case token.LPAREN, token.LBRACK, token.LBRACE:
		s.depth++
	case token.RPAREN, token.RBRACK, token.RBRACE:
		s.depth = max(0, s.depth-1)
		if tok == token.RBRACE && s.depth == 0 {
			s.blocks++
		}
	}
	if (outside || s.depth == 0) && len(s.head) < 5 {
		s.head = append(s.head, tok)
	}
	if len(s.head) == 2 && s.head[0] == token.IDENT && s.head[1] == token.COLON {
		s.labels++
		s.head = nil
	}
	if lit == "" { // an operator
		lit = tok.String()
	}
	s.last, s.end = tok, offset+len(lit)
}

// semicolon ends the piece unless it belongs to the header of a control statement.
func (s *splitter) semicolon(offset int, written bool) {
	switch {
	case s.start < 0:
		if written && len(s.pieces) > 0 {
			s.pieces[len(s.pieces)-1].quiet = true
		}
	case !s.inHeader(offset, written):
		s.cut(s.end, written)
	}
}

// inHeader reports whether a semicolon outside all brackets belongs to a header. An inserted one
// never does. A written one does before the block; after something that looks like the block it
// does when what stands before it is no whole statement, for a header may hold a literal:
// "for x := []int{1}; cond; post {".
func (s *splitter) inHeader(offset int, written bool) bool {
	if !written || len(s.head) == 0 {
		return false
	}
	switch s.head[0] {
	case token.FOR, token.IF, token.SWITCH:
	default:
		return false
	}
	return s.blocks == 0 || s.last != token.RBRACE || !parses(s.code[s.start:offset])
}

// cut ends the piece at offset.
func (s *splitter) cut(offset int, quiet bool) {
	if s.start < 0 {
		return
	}
	pos := s.file.Position(s.file.Pos(s.start))
	s.pieces = append(s.pieces, piece{
		class: classify(s.head, s.labels),
		text:  s.code[s.start:min(offset, len(s.code))],
		line:  pos.Line,
		col:   pos.Column,
		quiet: quiet,
	})
	s.start, s.depth = -1, 0
}

// classify decides by the first tokens outside brackets. A func is a declaration when a name
// follows, or a receiver in parentheses, a name and more parentheses; "func(" may also begin a
// literal that is called.
func classify(head []token.Token, labels int) class {
	if len(head) == 0 || labels > 0 {
		return statement
	}
	at := func(i int, want token.Token) bool { return i < len(head) && head[i] == want }
	switch head[0] {
	case token.PACKAGE:
		return packageClause
	case token.IMPORT:
		return importDecl
	case token.TYPE, token.CONST, token.VAR:
		return declaration
	case token.FUNC:
		if at(1, token.IDENT) || at(1, token.LPAREN) && at(3, token.IDENT) && at(4, token.LPAREN) {
			return declaration
		}
	}
	return statement
}
