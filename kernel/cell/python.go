package cell

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"regexp"
	"slices"
	"strings"
)

// otherPackages are the packages of Python that have one here for the same matter, and a use of it.
var otherPackages = map[string]struct{ name, use string }{
	"h5py":       {"h5", `f := h5.Open("x.h5")`},
	"numpy":      {"h5", `a := h5.NewArray([]float64{1, 2})`},
	"np":         {"h5", `a := h5.NewArray([]float64{1, 2})`},
	"pandas":     {"h5", `t := h5.ReadCSV("x.csv")`},
	"pd":         {"h5", `t := h5.ReadCSV("x.csv")`},
	"matplotlib": {"plots", `plots.Line(x, y)`},
	"plt":        {"plots", `plots.Line(x, y)`},
}

// otherMembers are what Python calls members that have another name here, in small letters. Only those
// that the operand has are meant.
var otherMembers = map[string][]string{
	"file": {"Open", "OpenFile"}, "array": {"NewArray"}, "dataframe": {"NewTable"},
	"dtype": {"Datatype"}, "ndim": {"Shape"}, "size": {"Len"}, "t": {"Transpose"},
	"items": {"Children"}, "visit": {"Walk"}, "visititems": {"Walk"}, "sort_values": {"Sort"},
	"plot": {"Line"}, "hist": {"Histogram"}, "hist2d": {"Histogram2D"}, "imshow": {"Image"},
	"pcolormesh": {"Heat"}, "contourf": {"Contour"}, "boxplot": {"Box"}, "fill_between": {"Band"},
}

// nearestMember gives which of the names may have been meant by one that an operand does not have.
func nearestMember(name string, names []string) []string {
	var have []string
	for _, other := range otherMembers[strings.ToLower(name)] {
		if slices.Contains(names, other) {
			have = append(have, other)
		}
	}
	if have != nil {
		return have
	}
	return Nearest(name, names)
}

// nearOther gives the members of an offered package that may have been meant by one of a package of Python.
func (c *check) nearOther(name, member string) []string {
	p, err := c.session.lib.Import(c.session.offered(name, nil))
	if err != nil {
		return nil
	}
	var near []string
	for _, n := range nearestMember(member, texts(exportedOf(p))) {
		near = append(near, name+"."+n)
	}
	return near
}

// nearConversion gives what may have been meant by a type that is called like a function, as
// h5.File("x.h5") is.
func (c *check) nearConversion(e types.Error) []string {
	var near []string
	c.within(e.Pos, func(n ast.Node) {
		call, ok := n.(*ast.CallExpr)
		if !ok || !c.info.Types[call.Fun].IsType() {
			return
		}
		sel, ok := call.Fun.(*ast.SelectorExpr)
		if ok && otherMembers[strings.ToLower(sel.Sel.Name)] != nil {
			near = c.nearMember(sel, true)
		}
	})
	return near
}

// nearLength gives what len may have been meant to ask of a value that it does not take.
func (c *check) nearLength(e types.Error) []string {
	return c.nearCall(e, "len", func(x ast.Expr) []string {
		name := c.plain(source(x))
		if len(c.methods(x, takesNothing, "Shape")) > 0 {
			return []string{name + ".Shape()[0]"}
		}
		return callsWith(name, c.methods(x, takesNothing, "Len", "NumRows"))
	})
}

// nearPower gives what x ** y may have been meant to be: Go reads it as x * (*y).
func (c *check) nearPower(e types.Error) []string {
	var near []string
	var outer ast.Node
	c.within(e.Pos, func(n ast.Node) {
		star, ok := n.(*ast.StarExpr)
		if product, isBinary := outer.(*ast.BinaryExpr); ok && isBinary && product.Op == token.MUL && product.Y == star && star.Pos() == product.OpPos+1 && star.X.Pos() == e.Pos {
			near = []string{"math.Pow(" + c.plain(source(product.X)) + ", " + c.plain(source(star.X)) + ")"}
		}
		outer = n
	})
	return near
}

// nearAppend gives what x.append(v) may have been meant to be where x is a slice.
func (c *check) nearAppend(sel *ast.SelectorExpr, outer ast.Node) []string {
	t := c.valueType(sel.X)
	if t == nil || !isCalled(outer, sel) {
		return nil
	}
	if _, ok := t.Underlying().(*types.Slice); !ok {
		return nil
	}
	x := c.plain(source(sel.X))
	args := []string{x}
	for _, a := range outer.(*ast.CallExpr).Args {
		args = append(args, c.plain(source(a)))
	}
	return []string{x + " = append(" + strings.Join(args, ", ") + ")"}
}

// nearList gives what list(x) may have been meant to list.
func (c *check) nearList(e types.Error) []string {
	return c.nearCall(e, "list", c.keys)
}

// nearCall gives what there is for the one argument of a function called by a name, when the error is
// about the function or the argument.
func (c *check) nearCall(e types.Error, name string, near func(ast.Expr) []string) []string {
	var found []string
	c.within(e.Pos, func(n ast.Node) {
		call, ok := n.(*ast.CallExpr)
		if !ok || len(call.Args) != 1 || call.Pos() != e.Pos && call.Args[0].Pos() != e.Pos {
			return
		}
		if id, ok := call.Fun.(*ast.Ident); ok && id.Name == name {
			found = near(call.Args[0])
		}
	})
	return found
}

// nearRange gives what a loop may have been meant to go over.
func (c *check) nearRange(e types.Error) []string {
	var near []string
	c.within(e.Pos, func(n ast.Node) {
		if loop, ok := n.(*ast.RangeStmt); ok && loop.X.Pos() == e.Pos {
			near = c.keys(loop.X)
		}
	})
	return near
}

// keys gives the call for the names of an operand's members, if it has any.
func (c *check) keys(x ast.Expr) []string {
	return callsWith(c.plain(source(x)), c.methods(x, takesNothing, "Keys"))
}

// nearCase gives the call of a method of which the compiler has told how its name is written, where no
// call was written: x.Keys() for x.keys, x.Attr("a") for x.attrs["a"].
func (c *check) nearCase(e types.Error) []string {
	var near []string
	var outer ast.Node
	c.within(e.Pos, func(n ast.Node) {
		if sel, ok := n.(*ast.SelectorExpr); ok && sel.Sel.Pos() == e.Pos && !isCalled(outer, sel) {
			if x, left, right := brackets(outer); x == sel {
				near = c.oneOfAll(sel, c.text(left+1, right))
			} else {
				name := upperFirst(sel.Sel.Name)
				near = callsWith(c.plain(source(sel.X)), c.methods(sel.X, takesNothing, name))
			}
		}
		outer = n
	})
	return near
}

// isCalled reports whether n is the call of f.
func isCalled(n ast.Node, f ast.Expr) bool {
	call, ok := n.(*ast.CallExpr)
	return ok && call.Fun == f
}

func upperFirst(name string) string { return strings.ToUpper(name[:1]) + name[1:] }

// methods gives those of the names that the operand has as methods with such parameters.
func (c *check) methods(x ast.Expr, takes func(*types.Signature) bool, names ...string) []string {
	t := c.valueType(x)
	if t == nil {
		return nil
	}
	var have []string
	for _, name := range names {
		obj, _, _ := types.LookupFieldOrMethod(t, true, c.pkg, name)
		if f, ok := obj.(*types.Func); ok && takes(f.Signature()) {
			have = append(have, name)
		}
	}
	return have
}

// takesNothing reports whether a function can be called without arguments.
func takesNothing(sig *types.Signature) bool {
	return sig.Params().Len() == 0 || sig.Variadic() && sig.Params().Len() == 1
}

// takesText reports whether the first parameter of a function is a string.
func takesText(sig *types.Signature) bool {
	return sig.Params().Len() > 0 && types.Identical(sig.Params().At(0).Type(), types.Typ[types.String])
}

// takesSelection reports whether a function ends in any number of any values, an argument an axis.
func takesSelection(sig *types.Signature) bool {
	list := types.NewSlice(types.Universe.Lookup("any").Type())
	return sig.Variadic() && types.Identical(sig.Params().At(sig.Params().Len()-1).Type(), list)
}

// otherImport says what a cell writes for an import as Python has it.
func otherImport(name string) string {
	if here, ok := otherPackages[name]; ok {
		return fmt.Sprintf(" (Go writes %s: %s needs no import)", here.use, here.name)
	}
	return fmt.Sprintf(" (Go writes import %q)", name)
}

// otherLoop says what Go writes for a loop over something: "for x in xs:".
func otherLoop(variable, over string) string {
	if n, ok := strings.CutPrefix(over, "range("); ok && !strings.Contains(n, ",") && strings.HasSuffix(n, ")") {
		return " (Go writes for " + variable + loopHead + strings.TrimSuffix(n, ")") + loopTail
	}
	return " (Go writes for _, " + variable + loopHead + over + loopTail
}

// overKeys puts the names of its members for the operand that a loop is told to go over, if it has any.
// The operand is known once a loop that Go can read goes over it.
func (c *check) overKeys(d Diagnostic) Diagnostic {
	before, after, ok := strings.Cut(d.Msg, loopHead)
	if !ok {
		return d
	}
	lines := strings.Split(c.code, "\n")[:d.Line-1]
	p := c.session.probe(strings.Join(append(lines, "for range "+strings.TrimSuffix(after, loopTail)+" {}"), "\n"))
	path := p.pathTo(func(n ast.Node) bool {
		loop, ok := n.(*ast.RangeStmt)
		return ok && p.fset.Position(loop.Pos()).Line == d.Line
	})
	if len(path) == 0 {
		return d
	}
	if keys := p.keys(path[len(path)-1].(*ast.RangeStmt).X); keys != nil {
		d.Msg = before + loopHead + keys[0] + loopTail
	}
	return d
}

// loopHead and loopTail stand around the operand in what otherLoop says.
const loopHead, loopTail = " := range ", " {)"

// otherWith says what Go writes for "with value as name:".
func otherWith(text string) string {
	value, name, ok := strings.Cut(text, " as ")
	name, _, _ = strings.Cut(name, ":")
	if name = strings.TrimSpace(name); !ok || !token.IsIdentifier(name) {
		return ""
	}
	args, isFile := strings.CutPrefix(strings.TrimSpace(value), "h5py.File")
	switch {
	case !isFile || strings.Contains(args, "="):
		value = "..."
	case strings.Contains(args, ","):
		value = "h5.OpenFile" + args
	default:
		value = "h5.Open" + args
	}
	return fmt.Sprintf(" (Go writes %s := %s; defer %s.Close())", name, value, name)
}

// otherOperators are words that Python has for operators of Go.
var otherOperators = map[string]string{"and": "&&", "or": "||", "is": "==", "not": "!"}

// otherAt says how Go writes what was met at an offset, "" for what belongs to no other language.
func (p piece) otherAt(at int) string {
	list := lexemes(p.text)
	i := slices.IndexFunc(list, func(l lexeme) bool { return l.at >= at })
	if i < 1 {
		return ""
	}
	bracket, _ := p.around(at)
	met, before := list[i], list[i-1]
	switch {
	case met.lit == "in" || met.lit == "not" && list[i+1].lit == "in":
		return otherIn(p, list, i)
	case before.lit == "not":
		return " (Go writes !)"
	case before.lit == "lambda":
		return " (Go writes func(x float64) float64 { return ... })"
	case met.tok == token.IDENT && otherOperators[met.lit] != "":
		return " (Go writes " + otherOperators[met.lit] + ")"
	case met.tok == token.STRING && before.lit == "f" && before.at+1 == met.at:
		return " (Go writes " + otherFormat(met.lit) + ")"
	case met.tok == token.FOR && bracket == token.LBRACK:
		return " (Go writes for _, v := range xs { ys = append(ys, ...) })"
	case met.tok == token.ASSIGN && bracket == token.LPAREN:
		return " (in Go arguments have no names)"
	}
	return ""
}

// otherIn says what Go writes for "x in xs" and "x not in xs", whose first word after x is number i.
func otherIn(p piece, list []lexeme, i int) string {
	not, x := "", list[i-1].lit
	isMember := i > 1 && list[i-2].tok == token.PERIOD // x is only the end of the operand
	if list[i].lit == "not" {
		not = "!"
		i++
	}
	xs := p.upTo(list[i+1].at, token.COLON, token.LBRACE)
	if x == "" || xs == "" || isMember {
		return ""
	}
	return fmt.Sprintf(" (Go writes %s%s.Has(%s) of a file or group, %sslices.Contains(%s, %s) of a slice)", not, xs, x, not, xs, x)
}

// placeholder matches a value in an f-string, and how it is written.
var placeholder = regexp.MustCompile(`\{([^{}:]+)(?::([^{}]*))?\}`)

// formats matches how a value is written that Go writes alike, and the letter for it, which Python may leave out.
var formats = regexp.MustCompile(`^\+?[0-9]*(?:\.[0-9]+)?([defgosx]?)$`)

// otherFormat writes an f-string as Go does; alignment, commas and the like are left out.
func otherFormat(text string) string {
	var values strings.Builder
	format := placeholder.ReplaceAllStringFunc(text, func(s string) string {
		parts := placeholder.FindStringSubmatch(s)
		values.WriteString(", " + parts[1])
		switch like := formats.FindStringSubmatch(parts[2]); {
		case like == nil:
			return "%v"
		case like[1] == "":
			return "%" + parts[2] + "v"
		}
		return "%" + parts[2]
	})
	return "fmt.Sprintf(" + format + values.String() + ")"
}
