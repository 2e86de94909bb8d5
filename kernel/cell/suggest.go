package cell

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// suggestion gives " (did you mean x?)" for an error about a name that nothing has, when something
// near has a name that is really near; else "".
func (c *check) suggestion(e types.Error, msg string) string {
	var near []string
	switch {
	case strings.Contains(msg, "but does have method "):
		near = c.nearCase(e)
	case strings.Contains(msg, "but have ") || strings.Contains(msg, "but does have "):
		return "" // the compiler has said it
	case strings.HasPrefix(msg, "undefined: ") || strings.Contains(msg, " undefined ("):
		near = c.nearUndefined(e)
	case strings.HasPrefix(msg, "unknown field "):
		near = c.nearField(e)
	case strings.HasPrefix(msg, "cannot index "), strings.HasPrefix(msg, "cannot slice "), strings.HasSuffix(msg, " to type int"):
		near = c.nearIndex(e)
	case strings.HasSuffix(msg, " for built-in len"):
		near = c.nearLength(e)
	case strings.HasPrefix(msg, "cannot range over "):
		near = c.nearRange(e)
	case strings.HasPrefix(msg, "use of package list "):
		near = c.nearList(e)
	case strings.HasPrefix(msg, "invalid operation: cannot indirect "):
		near = c.nearPower(e)
	case strings.HasPrefix(msg, "cannot convert "), strings.Contains(msg, " in conversion to "):
		near = c.nearConversion(e)
	}
	if name, ok := strings.CutPrefix(msg, "undefined: "); ok && near == nil && c.isAssigned(e.Pos) {
		return " (" + name + " := declares it)"
	}
	return didYouMean(near)
}

// didYouMean asks for what may have been meant, "" when nothing is near.
func didYouMean(near []string) string {
	if len(near) == 0 {
		return ""
	}
	last := len(near) - 1
	meant := near[last]
	if last > 0 {
		meant = strings.Join(near[:last], ", ") + " or " + meant
	}
	return " (did you mean " + meant + "?)"
}

// isAssigned reports whether a position is that of a name at the top of the cell that is given a value
// with =.
func (c *check) isAssigned(pos token.Pos) bool {
	for _, u := range c.units {
		for _, stmt := range u.stmts {
			if a, ok := stmt.(*ast.AssignStmt); ok && a.Tok == token.ASSIGN && slices.ContainsFunc(a.Lhs, func(x ast.Expr) bool { return x.Pos() == pos }) {
				_, name := a.Lhs[0].(*ast.Ident)
				return name
			}
		}
	}
	return false
}

// otherNames are what other languages call what Go has another name for.
var otherNames = map[string]string{
	"None": "nil", "null": "nil", "NULL": "nil", "nullptr": "nil", "undefined": "nil",
	"float": "float64", "double": "float64", "char": "rune", "long": "int64", "str": "string",
}

// nearUndefined gives what may have been meant by an undefined name, or by what an operand does not
// have.
func (c *check) nearUndefined(e types.Error) []string {
	var near []string
	var outermost, outer ast.Node
	c.within(e.Pos, func(n ast.Node) {
		sel, _ := outer.(*ast.SelectorExpr)
		if id, ok := n.(*ast.Ident); ok && id.Pos() == e.Pos {
			switch {
			case sel == nil && otherNames[id.Name] != "":
				near = []string{otherNames[id.Name]}
			case sel == nil:
				near = Nearest(plain(id.Name), texts(c.visible(id, "")))
			case sel.Sel == id && id.Name == "append":
				near = c.nearAppend(sel, outermost)
			case sel.Sel == id:
				near = c.nearMember(sel, isCalled(outermost, sel))
			default:
				near = c.nearPackage(id.Name, sel.Sel.Name)
			}
		}
		outermost, outer = outer, n
	})
	return near
}

// nearMember gives what may have been meant by x.Sel; where x is the type string and the like, a
// member of the package with nearly that name. A method that was not called is, if it can be so.
func (c *check) nearMember(sel *ast.SelectorExpr, called bool) []string {
	x := c.plain(source(sel.X))
	var near []string
	for _, name := range nearestMember(sel.Sel.Name, texts(c.members(sel.X))) {
		if !called && len(c.methods(sel.X, takesNothing, name)) > 0 {
			name += "()"
		}
		near = append(near, x+"."+name)
	}
	if id, ok := sel.X.(*ast.Ident); ok && near == nil && c.info.Types[id].IsType() {
		return c.nearPackage(id.Name, sel.Sel.Name)
	}
	return near
}

// nearPackage gives the packages with nearly that name which have the member, else whatever name is
// near.
func (c *check) nearPackage(name, member string) []string {
	if other, ok := otherPackages[name]; ok {
		return c.nearOther(other.name, member)
	}
	var names []string
	for _, p := range c.session.lib.Packages {
		names = append(names, p.Name)
	}
	var have []string
	for _, n := range Nearest(name, names) {
		path := c.session.offered(n, []string{member})
		if p, err := c.session.lib.Import(path); err == nil && p.Scope().Lookup(member) != nil {
			have = append(have, n+"."+member)
		}
	}
	if have != nil {
		return have
	}
	near := Nearest(name, texts(c.visible(nil, "")))
	if len(near) == 1 && types.Universe.Lookup(near[0]) != nil && near[0] != name { // strng, string, strings
		return c.nearPackage(near[0], member)
	}
	return near
}

// nearField gives what may have been meant by a key of a composite literal.
func (c *check) nearField(e types.Error) []string {
	var near []string
	c.within(e.Pos, func(n ast.Node) {
		lit, ok := n.(*ast.CompositeLit)
		if !ok {
			return
		}
		for _, elt := range lit.Elts {
			if kv, ok := elt.(*ast.KeyValueExpr); ok && kv.Pos() == e.Pos {
				near = Nearest(source(kv.Key), texts(fieldsOf(c.info.Types[lit].Type)))
			}
		}
	})
	return near
}

// texts gives what the matches insert.
func texts(matches []Match) []string {
	out := make([]string, len(matches))
	for i, m := range matches {
		out[i] = m.Text
	}
	return out
}

// Nearest gives up to two of the names that are really near to the one that was written, all equally
// near.
func Nearest(name string, names []string) []string {
	most := min(len(name)/3, 3) // in names of two letters only their case may differ
	var found []string
	for _, n := range names {
		d := distance(strings.ToLower(name), strings.ToLower(n))
		if n == name || d > most || slices.Contains(found, n) {
			continue
		}
		if d < most {
			most, found = d, nil
		}
		found = append(found, n)
	}
	slices.Sort(found)
	return found[:min(len(found), 2)]
}

// distance counts the letters to insert, delete, replace or swap with their neighbour to make b of a.
func distance(a, b string) int {
	x, y := []rune(a), []rune(b)
	before, row := make([]int, len(y)+1), make([]int, len(y)+1)
	for j := range row {
		row[j] = j
	}
	for i := range x {
		next := make([]int, len(y)+1)
		next[0] = i + 1
		for j := range y {
			change := row[j]
			if x[i] != y[j] {
				change++
			}
			next[j+1] = min(change, row[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && x[i] == y[j-1] && x[i-1] == y[j] {
				next[j+1] = min(next[j+1], before[j-1]+1)
			}
		}
		before, row = row, next
	}
	return row[len(y)]
}
