package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"strconv"
	"strings"
)

// nearIndex gives the calls that do what was tried with brackets: x["name"], x[2], x[0:2] and
// assignments to them.
func (c *check) nearIndex(e types.Error) []string {
	var near []string
	var outer ast.Node
	c.within(e.Pos, func(n ast.Node) {
		if x, left, right := brackets(n); x != nil && (x.Pos() == e.Pos || index(n).Pos() == e.Pos) {
			near = c.instead(outer, n, c.text(left+1, right))
		}
		outer = n
	})
	return near
}

// nearFault gives the calls that do what was tried with brackets that Go cannot read, as d[0:2, ::3] is,
// none for other errors of syntax. What stands before the brackets is known once something that Go can
// read is in them.
func (c *check) nearFault(d Diagnostic) []string {
	whole := piece{text: c.code, line: 1, col: 1}
	left, right := bracketsAround(c.code, whole.offset(token.Position{Line: d.Line, Column: d.Col}))
	if right <= left+1 {
		return nil
	}
	text := c.code[left+1 : right]
	p := c.session.probe(c.code[:left+1] + "0" + blanks.ReplaceAllString(text[1:], " ") + c.code[right:])
	at := whole.diagnostic(left, "")
	path := p.pathTo(func(n ast.Node) bool {
		x, left, _ := brackets(n)
		pos := p.fset.Position(left)
		return x != nil && pos.Line == at.Line && pos.Column == at.Col
	})
	if len(path) == 0 {
		return nil
	}
	return p.instead(path[max(0, len(path)-2)], path[len(path)-1], text)
}

// blanks match what is left out, and not the ends of lines.
var blanks = regexp.MustCompile(`[^\n]`)

// bracketsAround gives the offsets of the innermost brackets of an index around another, zeros for none.
func bracketsAround(code string, at int) (left, right int) {
	var open []int // where brackets stand; -1 for those of no index
	last := token.ILLEGAL
	for _, l := range lexemes(code) {
		switch l.tok {
		case token.LPAREN, token.LBRACE:
			open = append(open, -1)
		case token.LBRACK:
			if open = append(open, l.at); !isOperand(last) {
				open[len(open)-1] = -1
			}
		case token.RPAREN, token.RBRACK, token.RBRACE:
			if len(open) == 0 {
				return 0, 0
			}
			if left := open[len(open)-1]; left >= 0 && left < at && at <= l.at {
				return left, l.at
			}
			open = open[:len(open)-1]
		}
		last = l.tok
	}
	return 0, 0
}

// brackets gives the operand of an index or slice expression and where its brackets stand.
func brackets(n ast.Node) (x ast.Expr, left, right token.Pos) {
	switch n := n.(type) {
	case *ast.IndexExpr:
		return n.X, n.Lbrack, n.Rbrack
	case *ast.SliceExpr:
		return n.X, n.Lbrack, n.Rbrack
	}
	return nil, token.NoPos, token.NoPos
}

// index gives the index of an index expression; a slice expression has none and is given whole.
func index(n ast.Node) ast.Expr {
	if n, ok := n.(*ast.IndexExpr); ok {
		return n.Index
	}
	return n.(ast.Expr)
}

// text gives the text of the cell between two positions of one piece.
func (c *check) text(from, to token.Pos) string {
	u := c.unitAt(from)
	end := u.offset(c.fset.Position(to))
	return u.text[min(u.offset(c.fset.Position(from)), end):end]
}

// instead gives the calls that do what n tries with text in its brackets. Outer is the node around it: an
// assignment wants to write.
func (c *check) instead(outer, n ast.Node, text string) []string {
	x, _, _ := brackets(n)
	name, value := c.plain(source(x)), assigned(outer, n)
	switch sel, _ := x.(*ast.SelectorExpr); {
	case sel != nil && len(c.oneOfAll(sel, text)) > 0:
		return c.oneOfAll(sel, text)
	case c.isText(index(n)) && value != nil:
		return callsWith(name, c.methods(x, takesText, "Set"), text, c.plain(source(value)))
	case c.isText(index(n)):
		return callsWith(name, c.methods(x, takesText, "Get", "Dataset", "Group", "Field"), text)
	case value != nil:
		return callsWith(name, c.methods(x, takesSelection, "Write"), c.plain(source(value)), selection(text))
	}
	return callsWith(name, c.methods(x, takesSelection, "Slice"), selection(text))
}

// assigned gives the value that the statement around n assigns to n alone, nil for none.
func assigned(outer, n ast.Node) ast.Expr {
	a, ok := outer.(*ast.AssignStmt)
	if !ok || a.Tok != token.ASSIGN || len(a.Lhs) != 1 || len(a.Rhs) != 1 || a.Lhs[0] != n {
		return nil
	}
	return a.Rhs[0]
}

// oneOfAll gives the call for one of what a method gives all of: x.Attr("a") for x.Attrs["a"].
func (c *check) oneOfAll(sel *ast.SelectorExpr, text string) []string {
	all := upperFirst(sel.Sel.Name)
	one, plural := strings.CutSuffix(all, "s")
	if !plural || len(c.methods(sel.X, takesNothing, all)) == 0 {
		return nil
	}
	return callsWith(c.plain(source(sel.X)), c.methods(sel.X, takesText, one), text)
}

// callsWith writes the calls of methods with arguments, of which empty ones are left out.
func callsWith(x string, methods []string, args ...string) []string {
	var given []string
	for _, a := range args {
		if a != "" {
			given = append(given, a)
		}
	}
	var out []string
	for _, m := range methods {
		out = append(out, x+"."+m+"("+strings.Join(given, ", ")+")")
	}
	return out
}

// isText reports whether an expression is a string.
func (c *check) isText(x ast.Expr) bool {
	t := c.info.Types[x].Type
	if t == nil {
		return false
	}
	b, ok := t.Underlying().(*types.Basic)
	return ok && b.Info()&types.IsString != 0
}

// written is a selection of numbers alone, which a text can hold; one number needs none.
var written = regexp.MustCompile(`^[-0-9\s]*[:,.][-0-9:,.\s]*$`)

// selection gives the arguments for a selection that stood in brackets: one text when it is of numbers
// alone, else an argument an axis; none for everything, "..." for what no argument says.
func selection(text string) string {
	text = strings.TrimSpace(text)
	switch {
	case text == ":" || text == "..." || text == "()":
		return ""
	case written.MatchString(text):
		return strconv.Quote(text)
	}
	var args []string
	for _, axis := range axes(text) {
		lo, hi, isRange := strings.Cut(axis, ":")
		switch lo, hi = strings.TrimSpace(lo), strings.TrimSpace(hi); {
		case written.MatchString(axis):
			args = append(args, strconv.Quote(axis))
		case !isRange:
			args = append(args, axis)
		case lo != "" && hi != "" && !strings.Contains(hi, ":"):
			args = append(args, "h5.Range("+lo+", "+hi+")")
		default:
			return "..."
		}
	}
	return strings.Join(args, ", ")
}

// axes cuts a selection at the commas that stand outside all brackets.
func axes(text string) []string {
	var list []string
	start, depth := 0, 0
	for _, l := range lexemes(text) {
		switch l.tok {
		case token.LPAREN, token.LBRACK, token.LBRACE:
			depth++
		case token.RPAREN, token.RBRACK, token.RBRACE:
			depth--
		case token.COMMA:
			if depth == 0 {
				list = append(list, strings.TrimSpace(text[start:l.at]))
				start = l.at + 1
			}
		}
	}
	return append(list, strings.TrimSpace(text[start:]))
}
