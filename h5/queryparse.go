package h5

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// query is a parsed expression: an operation on others, a column or a constant.
type query struct {
	op   string   // "||", "<=", "call" and so on, "column", "constant"
	name string   // of a column or function
	args []*query // of an operation, function or list
	v    any      // a constant: int, float64, string, bool
	at   int      // where it stands in the text
}

// The operators by how tightly they bind, loosest first, as in Go; and the words that stand for some. A chain
// of comparisons, 0 < Z < 1, is all of them.
var (
	precedence = [][]string{{"||"}, {"&&"}, {"==", "!=", "<", "<=", ">", ">=", "in", "not in"}, {"+", "-", "|"}, {"*", "/", "&"}}
	operators  = []string{"||", "&&", "==", "!=", "<=", ">=", "<>", "<", ">", "=", "+", "-", "|", "*", "/", "&", "!", "(", ")", "[", "]", ","}
	synonyms   = map[string]string{"or": "||", "and": "&&", "not": "!", "=": "==", "<>": "!=", "in": "in"}
)

const comparisons = 2 // their place in precedence

// token is a word of the text. Its kind is that of the constants below, or the operator itself.
type token struct {
	kind, text string
	at         int
}

const (
	tokenName   = "name"
	tokenNumber = "number"
	tokenText   = "text"
	tokenEnd    = "end"
)

// parser reads the words of a query one after the other.
type parser struct {
	text   string
	tokens []token
	depth  int
}

// maxDepth bounds how deep brackets may nest.
const maxDepth = 200

// parseQuery reads an expression such as CLASS == 'QSO' && Z > 2.
func parseQuery(text string) (*query, error) {
	p := &parser{text: text}
	if err := p.split(); err != nil {
		return nil, err
	}
	q, err := p.binary(0)
	if err == nil && p.next().kind != tokenEnd {
		err = p.wrong(p.next(), "an operator is missing before it")
	}
	return q, err
}

func (p *parser) next() token { return p.tokens[0] }

func (p *parser) take() token {
	t := p.tokens[0]
	if t.kind != tokenEnd {
		p.tokens = p.tokens[1:]
	}
	return t
}

// wrong says what is wrong at a word.
func (p *parser) wrong(t token, why string) error {
	where := strconv.Quote(t.text)
	if t.kind == tokenEnd {
		where = "the end"
	}
	return &Error{Kind: ErrRange, Reason: fmt.Sprintf("%q, at %s, character %d: %s", p.text, where, utf8.RuneCountInString(p.text[:t.at])+1, why),
		Hint: "an expression is like CLASS == 'QSO' && (Z > 2 || ZWARNING & 4 != 0)"}
}

// split cuts the text into words.
func (p *parser) split() error {
	for at := 0; at < len(p.text); {
		rest := p.text[at:]
		r, size := utf8.DecodeRuneInString(rest)
		t := token{at: at}
		switch {
		case unicode.IsSpace(r):
			at += size
			continue
		case r == '\'' || r == '"' || r == '`':
			end := strings.IndexRune(rest[1:], r)
			if end < 0 {
				t.text = rest
				return p.wrong(t, "the quotes are not closed")
			}
			t.kind, t.text = tokenText, rest[1:1+end]
			if r == '`' {
				t.kind = tokenName
			}
			size = end + 2
		case unicode.IsDigit(r) || r == '.':
			t.kind, size = tokenNumber, numberLength(rest)
			t.text = rest[:size]
		case unicode.IsLetter(r) || r == '_':
			size = strings.IndexFunc(rest+" ", func(r rune) bool { return !unicode.IsLetter(r) && !unicode.IsDigit(r) && r != '_' && r != '.' })
			t.kind, t.text = tokenName, rest[:size]
			if op := synonyms[t.text]; op != "" {
				t.kind = op
			}
		default:
			i := slices.IndexFunc(operators, func(op string) bool { return strings.HasPrefix(rest, op) })
			if i < 0 {
				t.text = rest[:size]
				return p.wrong(t, "no word begins so")
			}
			t.kind, t.text, size = operators[i], operators[i], len(operators[i])
			if op := synonyms[t.text]; op != "" {
				t.kind = op
			}
		}
		p.tokens = append(p.tokens, t)
		at += size
	}
	p.tokens = append(p.tokens, token{kind: tokenEnd, at: len(p.text)})
	return nil
}

// numberLength is how far a number goes: digits, a point, an exponent, or 0x and its digits.
func numberLength(s string) int {
	for i, r := range s {
		sign := (r == '+' || r == '-') && i > 0 && strings.ContainsRune("eE", rune(s[i-1])) && !strings.HasPrefix(s, "0x")
		if !unicode.IsDigit(r) && !unicode.IsLetter(r) && r != '.' && r != '_' && !sign {
			return i
		}
	}
	return len(s)
}

// binary reads operands joined by operators that bind as tightly as level, or more.
func (p *parser) binary(level int) (*query, error) {
	if level == len(precedence) {
		return p.unary()
	}
	left, err := p.binary(level + 1)
	if err != nil {
		return nil, err
	}
	var chain *query
	for {
		op := p.operator(level)
		if op.kind == "" {
			if chain != nil {
				return chain, nil
			}
			return left, nil
		}
		right, err := p.binary(level + 1)
		if err != nil {
			return nil, err
		}
		joined := &query{op: op.kind, args: []*query{left, right}, at: op.at}
		switch {
		case level != comparisons:
			left = joined
		case chain == nil:
			left, chain = right, joined
		default:
			left, chain = right, &query{op: "&&", args: []*query{chain, joined}, at: op.at}
		}
	}
}

// operator takes the next word if it is an operator of a level; its kind is "" if not.
func (p *parser) operator(level int) token {
	t := p.next()
	if level == comparisons && t.text == "not" && len(p.tokens) > 1 && p.tokens[1].kind == "in" {
		p.take()
		t.kind = "not in"
	}
	if !slices.Contains(precedence[level], t.kind) {
		return token{}
	}
	p.take()
	return t
}

func (p *parser) unary() (*query, error) {
	if p.depth++; p.depth > maxDepth {
		return nil, p.wrong(p.next(), "it nests too deep")
	}
	defer func() { p.depth-- }()
	t := p.take()
	switch t.kind {
	case "!": // binds looser than comparisons, as Python's not: with Go's brackets it means the same
		arg, err := p.binary(comparisons)
		return &query{op: "!", args: []*query{arg}, at: t.at}, err
	case "-":
		arg, err := p.unary()
		return negative(arg, t.at), err
	case "(":
		return p.list(t, ")", "(")
	case "[":
		return p.list(t, "]", "list")
	case tokenText:
		return &query{op: "constant", v: t.text, at: t.at}, nil
	case tokenNumber:
		return p.number(t)
	case tokenName:
		return p.named(t)
	case tokenEnd:
		return nil, p.wrong(t, "a value is missing")
	}
	return nil, p.wrong(t, "a value should stand here")
}

// negative is a number with another sign at once, and an operation for all else.
func negative(arg *query, at int) *query {
	if arg != nil {
		switch x := arg.v.(type) {
		case int:
			return &query{op: "constant", v: -x, at: at}
		case float64:
			return &query{op: "constant", v: -x, at: at}
		}
	}
	return &query{op: "negative", args: []*query{arg}, at: at}
}

func (p *parser) number(t token) (*query, error) {
	base := 10 // 012 is twelve
	if strings.HasPrefix(t.text, "0x") || strings.HasPrefix(t.text, "0b") {
		base = 0
	}
	if n, err := strconv.ParseInt(t.text, base, 64); err == nil {
		return &query{op: "constant", v: int(n), at: t.at}, nil
	}
	x, err := strconv.ParseFloat(t.text, 64)
	if err != nil {
		return nil, p.wrong(t, "this is no number")
	}
	return &query{op: "constant", v: x, at: t.at}, nil
}

// named reads a word: true, false, a function with what is in its brackets, or a column, perhaps with the
// places of its rows that are meant.
func (p *parser) named(t token) (*query, error) {
	switch {
	case t.text == "true" || t.text == "false":
		return &query{op: "constant", v: t.text == "true", at: t.at}, nil
	case p.next().kind == "(":
		q, err := p.list(p.take(), ")", "call")
		if err != nil {
			return nil, err
		}
		q.name = t.text
		return q, nil
	}
	column := &query{op: "column", name: t.text, at: t.at}
	if p.next().kind != "[" {
		return column, nil
	}
	q, err := p.list(p.take(), "]", "index")
	if err != nil {
		return nil, err
	}
	q.args = append([]*query{column}, q.args...)
	return q, nil
}

// list reads expressions with commas between them up to the closing bracket. One alone in round brackets is
// itself.
func (p *parser) list(open token, closing, op string) (*query, error) {
	q := &query{op: op, at: open.at}
	for p.next().kind != closing {
		arg, err := p.binary(0)
		if err != nil {
			return nil, err
		}
		q.args = append(q.args, arg)
		if p.next().kind == "," {
			p.take()
		} else if p.next().kind != closing {
			return nil, p.wrong(p.next(), fmt.Sprintf("a %q is missing before it", closing))
		}
	}
	p.take()
	switch {
	case op != "(":
	case len(q.args) == 1:
		return q.args[0], nil
	case len(q.args) == 0:
		return nil, p.wrong(open, "there is nothing in the brackets")
	default:
		q.op = "list"
	}
	return q, nil
}
