package cell

import (
	"cmp"
	"fmt"
	"go/scanner"
	"go/token"
	"slices"
	"strings"
)

// fault words the syntax errors of a piece as the Go compiler does: it says first what it met, then
// what should have stood there. Only the first error counts, for the others mostly follow from it.
func (p piece) fault(list scanner.ErrorList) Diagnostic {
	if at, tok := p.stray(); at >= 0 {
		return p.diagnostic(at, fmt.Sprintf("syntax error: unexpected %s (nothing is open that it could close)", tok))
	}
	e := likeliest(list)
	at := p.offset(e.Pos)
	for _, w := range []func(string, int) (string, int){p.meaning, p.clause, p.condition, p.deferred, p.unexpected} {
		if msg, where := w(e.Msg, at); msg != "" {
			return p.diagnostic(where, msg+cmp.Or(p.elsewhere(), p.otherAt(where)))
		}
	}
	return p.diagnostic(at, "syntax error: "+strings.Replace(e.Msg, "expecting", "expected", 1)+p.elsewhere())
}

// likeliest gives the first error. Of several at one place that which asks for a semicolon says the
// least: the parser met the end of the text and went on.
func likeliest(list scanner.ErrorList) *scanner.Error {
	for _, e := range list {
		if e.Pos.Line == list[0].Pos.Line && e.Pos.Column == list[0].Pos.Column && !strings.HasPrefix(e.Msg, "expected ';'") {
			return e
		}
	}
	return list[0]
}

// offset gives the offset in the text of a position in the cell; what lies behind the text, where the
// parser met what was put there, is its end.
func (p piece) offset(pos token.Position) int {
	at := 0
	for line := p.line; line < pos.Line; line++ {
		i := strings.IndexByte(p.text[at:], '\n')
		if i < 0 {
			return len(p.text)
		}
		at += i + 1
	}
	col := pos.Column - 1
	if pos.Line == p.line {
		col -= p.col - 1
	}
	return min(max(at+col, 0), len(p.text))
}

// diagnostic is an error at an offset in the text.
func (p piece) diagnostic(at int, msg string) Diagnostic {
	before := p.text[:at]
	d := Diagnostic{Line: p.line + strings.Count(before, "\n"), Col: at - strings.LastIndexByte(before, '\n'), Msg: msg}
	if d.Line == p.line {
		d.Col += p.col - 1
	}
	return d
}

// lexeme is a token and where it stands.
type lexeme struct {
	at  int
	tok token.Token
	lit string
}

// lexemes gives the tokens of a text, inserted semicolons among them, up to the end of the file.
func lexemes(text string) []lexeme {
	file := token.NewFileSet().AddFile("", -1, len(text))
	var s scanner.Scanner
	s.Init(file, []byte(text), func(token.Position, string) {}, 0)
	var list []lexeme
	for {
		pos, tok, lit := s.Scan()
		list = append(list, lexeme{file.Offset(pos), tok, lit})
		if tok == token.EOF {
			return list
		}
	}
}

// stray gives the offset and the text of the first bracket that closes nothing, -1 when there is none.
func (p piece) stray() (int, string) {
	depth := 0
	for _, l := range lexemes(p.text) {
		switch l.tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if depth--; depth < 0 {
				return l.at, l.tok.String()
			}
		}
	}
	return -1, ""
}

// met names the token at an offset in the compiler's words. At the end of the text that is the end of
// the line, unless the line cannot end there: then the cell has ended.
func (p piece) met(at int) string {
	for _, l := range lexemes(p.text) {
		if l.at < at && l.tok != token.EOF {
			continue
		}
		switch {
		case l.tok == token.EOF && p.quiet:
			return "semicolon"
		case l.tok == token.EOF:
			return "EOF"
		case l.tok == token.SEMICOLON && l.lit == "\n":
			return "newline"
		}
		return tokenText(l.tok, l.lit)
	}
	return "EOF"
}

func tokenText(tok token.Token, lit string) string {
	switch {
	case tok == token.IDENT:
		return "name " + lit
	case tok.IsLiteral():
		return "literal " + lit
	case tok.IsKeyword():
		return "keyword " + tok.String()
	case tok == token.COMMA:
		return "comma"
	case tok == token.SEMICOLON:
		return "semicolon"
	}
	return tok.String()
}

// around gives the bracket that is open at an offset, "" outside all, and the token before it, which
// tells a struct type from a block.
func (p piece) around(at int) (bracket, before token.Token) {
	type open struct{ bracket, before token.Token }
	var stack []open
	last := token.ILLEGAL
	for _, l := range lexemes(p.text) {
		if l.at >= at {
			break
		}
		switch l.tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			stack = append(stack, open{l.tok, last})
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if len(stack) > 0 {
				stack = stack[:len(stack)-1]
			}
		}
		last = l.tok
	}
	if len(stack) == 0 {
		return token.ILLEGAL, token.ILLEGAL
	}
	return stack[len(stack)-1].bracket, stack[len(stack)-1].before
}

// closers name what ends the lists in which the parser misses a comma.
var closers = map[string]string{
	"argument list": ")", "parameter list": ")", "composite literal": "}", "type argument list": "]", "type parameter list": "]",
}

// expectations are the compiler's names for what the parser expects.
var expectations = map[string]string{
	"operand": "expression", "'IDENT'": "name", "selector or type assertion": "name or (", "','": "comma",
}

// unexpected words "expected this, found that" and "missing ',' in a list".
func (p piece) unexpected(msg string, at int) (string, int) {
	found := p.met(at)
	if list, ok := strings.CutPrefix(msg, "missing ',' "); ok {
		list = strings.TrimPrefix(strings.TrimPrefix(list, "before newline "), "in ")
		return fmt.Sprintf("syntax error: unexpected %s in %s; possibly missing comma or %s", found, list, closers[list]), at
	}
	want, ok := strings.CutPrefix(msg, "expected ")
	if !ok {
		return "", 0
	}
	want, _, _ = strings.Cut(want, ", found ")
	bracket, before := p.around(at)
	switch {
	case want == "';'":
		return "syntax error: unexpected " + found + p.placeOfEnd(bracket, before), at
	case want == "statement" || want == "'}'" && bracket == token.ILLEGAL:
		return "syntax error: unexpected " + found + placeOf(found, bracket), at
	case found == "EOF" && bracket == token.LPAREN && isOperand(before) && strings.ContainsAny(lastByte(p.text[:at]), "(,"):
		want = ")" // of a call
	}
	if gc, ok := expectations[want]; ok {
		want = gc
	}
	return fmt.Sprintf("syntax error: unexpected %s, expected %s", found, strings.Trim(want, "'")), at
}

// placeOfEnd says what has no end before the token that was met.
func (p piece) placeOfEnd(bracket, before token.Token) string {
	switch {
	case before == token.STRUCT || before == token.INTERFACE:
		return fmt.Sprintf(" in %s type; possibly missing semicolon or newline or }", before)
	case bracket == token.ILLEGAL && strings.HasPrefix(p.text, "func"):
		return " after top level declaration"
	}
	return " at end of statement"
}

// lastByte gives the last character that is no blank.
func lastByte(text string) string {
	text = strings.TrimSpace(text)
	return text[max(0, len(text)-1):]
}

// isOperand reports whether a bracket behind a token is that of a call.
func isOperand(t token.Token) bool {
	return t == token.IDENT || t == token.RPAREN || t == token.RBRACK
}

// clauses name the headers of control statements.
var clauses = map[string]string{"if": "if clause", "for": "for clause", "switch": "switch clause"}

// keywordBefore gives the control keyword whose header an offset is in, "" behind its block.
func (p piece) keywordBefore(at int) string {
	word := ""
	for _, l := range lexemes(p.text) {
		if l.at >= at {
			break
		}
		if _, ok := clauses[l.tok.String()]; ok {
			word = l.tok.String()
		} else if l.tok == token.LBRACE {
			word = ""
		}
	}
	return word
}

// placeOf says where a token belongs that begins no statement.
func placeOf(found string, bracket token.Token) string {
	switch {
	case found == "keyword else":
		return " (else stands on the line of the } before it)"
	case found == "keyword case" || found == "keyword default":
		return " (it stands in a switch or a select)"
	case bracket == token.LBRACE:
		return ", expected }"
	}
	return " at the start of a statement"
}

// meaning words what go/parser takes for a syntax error and the compiler for another.
func (p piece) meaning(msg string, at int) (string, int) {
	switch {
	case strings.Contains(msg, "expected at most 2 expressions"):
		return "range clause permits at most two iteration variables", at
	case strings.HasPrefix(msg, "can only use ... with final parameter"):
		return msg, at
	}
	return "", 0
}

// elsewhere says how Go writes what begins as in another language, "" for what does not.
func (p piece) elsewhere() string {
	list := lexemes(p.text)
	switch {
	case list[0].tok == token.FOR && len(list) > 3 && list[2].lit == "in":
		return otherLoop(list[1].lit, p.upTo(list[3].at, token.COLON, token.LBRACE))
	case list[1].tok == token.IDENT && (list[0].tok == token.IMPORT || list[0].lit == "from"):
		return otherImport(list[1].lit)
	case list[1].tok == token.IDENT && list[0].lit == "with":
		return otherWith(p.text[list[1].at:])
	case list[0].tok != token.IDENT || list[1].tok != token.IDENT && list[1].tok != token.LPAREN && !list[1].tok.IsLiteral():
		return ""
	}
	if instead, ok := otherWords[list[0].lit]; ok {
		return fmt.Sprintf(" (Go writes %s)", instead)
	}
	return ""
}

// upTo gives the text from an offset up to one of the tokens outside brackets, or to its line's end.
func (p piece) upTo(from int, ends ...token.Token) string {
	depth := 0
	for _, l := range lexemes(p.text[from:]) {
		switch l.tok {
		case token.LPAREN, token.LBRACK:
			depth++
		case token.RPAREN, token.RBRACK:
			depth--
		}
		if depth == 0 && (slices.Contains(ends, l.tok) || l.tok == token.SEMICOLON || l.tok == token.EOF) {
			return strings.TrimSpace(p.text[from : from+l.at])
		}
	}
	return strings.TrimSpace(p.text[from:])
}

// otherWords are words that begin statements of other languages.
var otherWords = map[string]string{
	"while": "for", "def": "func", "function": "func", "fn": "func", "let": "x := value", "elif": "} else if", "foreach": "for _, v := range",
	"print": "fmt.Println(...)", "class": "type Name struct", "int": "var x int", "float": "var x float64",
	"del": "f.Delete(name) of a file or group, delete(m, key) of a map", "not": "!x", "raise": "panic(message)", "assert": "if !x { panic(message) }",
}

// clause words a header that the line ends before its block begins.
func (p piece) clause(_ string, at int) (string, int) {
	gc, ok := clauses[p.keywordBefore(at)]
	if bracket, _ := p.around(at); !ok || bracket != token.ILLEGAL || p.met(at) != "newline" {
		return "", 0
	}
	return "syntax error: unexpected newline, expected { after " + gc, at
}

// condition words an assignment that stands where a condition should.
func (p piece) condition(msg string, at int) (string, int) {
	if !strings.HasPrefix(msg, "expected boolean expression, found ") && !strings.HasPrefix(msg, "expected for loop condition") {
		return "", 0
	}
	for _, l := range lexemes(p.text[at:]) {
		switch l.tok {
		case token.DEFINE:
			return fmt.Sprintf("syntax error: cannot use %s as value", p.simple(at)), at + l.at
		case token.ASSIGN:
			return fmt.Sprintf("syntax error: cannot use assignment %s as value", p.simple(at)), at + l.at
		}
	}
	return "", 0
}

// simple gives the text from an offset to the block that follows.
func (p piece) simple(at int) string {
	text, _, _ := strings.Cut(p.text[at:], "{")
	return strings.TrimSpace(text)
}

// deferred words what is deferred, or started, and is no call.
func (p piece) deferred(msg string, at int) (string, int) {
	if !strings.Contains(msg, " must be function call") {
		return "", 0
	}
	where, after := 0, false
	for _, l := range lexemes(p.text[:at]) {
		if after {
			where = l.at
		}
		after = l.tok == token.GO || l.tok == token.DEFER
	}
	return msg, where
}
