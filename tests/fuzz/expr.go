package fuzz

import (
	"fmt"
	"strings"
)

// Expressions change nothing, print nothing and cannot panic, so that the order in which Go leaves
// their operands open does not matter. Whatever does more is a statement.

// expr gives an expression of type t, with about depth operators above each other.
func (g *gen) expr(t *typ, depth int) string {
	depth = min(depth, g.deepest)
	if depth <= 0 || g.chance(4) {
		if v := g.variable(t); v != "" && !g.chance(4) {
			return v
		}
		return g.literal(t, depth)
	}
	if g.chance(3) {
		if e := g.path(t, depth); e != "" {
			return e
		}
	}
	switch g.r.Intn(9) {
	case 0:
		return fmt.Sprintf("pick(%s, %s, %s)", g.condition(depth-1), g.typed(t, depth-1), g.typed(t, depth-1))
	case 1:
		if e := g.call(t, depth); e != "" {
			return e
		}
	case 2:
		return fmt.Sprintf("func() %s { if %s { return %s }; return %s }()", t.name, g.condition(depth-1), g.expr(t, depth-1), g.expr(t, depth-1))
	}
	return g.operation(t, depth)
}

// condition is an expression of type bool, which often asks an interface.
func (g *gen) condition(depth int) string {
	b := g.w.named("bool")
	if len(g.w.ifaces) == 0 || !g.chance(3) {
		return g.expr(b, depth)
	}
	t := g.w.ifaces[g.r.Intn(len(g.w.ifaces))]
	if len(g.implementing[t]) == 0 || t.methods[0].results[0] != b {
		return g.expr(b, depth)
	}
	asked := g.typed(t, depth-1) + "." + t.methods[0].name + g.arguments(t.methods[0].params, depth)
	switch g.r.Intn(4) {
	case 0:
		return "!" + asked
	case 1:
		return fmt.Sprintf("(%s && %s)", asked, g.expr(b, depth-1))
	case 2:
		return fmt.Sprintf("(%s || %s)", g.expr(b, depth-1), asked)
	}
	return asked
}

// typed is an expression that has type t by itself, where a constant would take another.
func (g *gen) typed(t *typ, depth int) string {
	if t.kind == iface {
		return t.name + "(" + g.expr(t, depth) + ")"
	}
	return g.expr(t, depth)
}

// value is an expression that is no constant: those that overflow do not compile.
func (g *gen) value(t *typ, depth int) string {
	if depth > 0 && g.chance(2) {
		return g.operation(t, depth-1)
	}
	if v := g.variable(t); v != "" {
		return v
	}
	if t.declared && t.kind <= text {
		return t.name + "(" + zero(g.underlying(t)) + ")"
	}
	if t.kind <= text {
		return zero(t)
	}
	return g.literal(t, depth)
}

// underlying gives the type of Go's own that a declared basic type is made of.
func (g *gen) underlying(t *typ) *typ {
	for _, b := range g.w.basics {
		if b.kind == t.kind && b.bits == t.bits && b.unsigned == t.unsigned {
			return b
		}
	}
	return t
}

// zero names a variable of the prelude.
func zero(t *typ) string { return "z" + strings.ToUpper(t.name[:1]) + t.name[1:] }

// literal writes a value down.
func (g *gen) literal(t *typ, depth int) string {
	switch t.kind {
	case boolean, integer, float, complexed, text:
		return g.basicLiteral(t)
	case pointer:
		return "&" + g.literal(t.elem, depth)
	case function:
		return g.functionLiteral(t, depth)
	case iface:
		return g.implementation(t, depth)
	}
	var elems []string
	switch t.kind {
	case slice:
		for range 1 + g.r.Intn(4) {
			elems = append(elems, g.expr(t.elem, depth-1))
		}
	case array:
		for i := range t.length {
			if !g.chance(3) {
				elems = append(elems, fmt.Sprintf("%d: %s", i, g.expr(t.elem, depth-1)))
			}
		}
	case mapping:
		n := 1 + g.r.Intn(3)
		if t.key.kind == structure || t.key.kind == array {
			n = 1 // two may be equal, and Go does not say which element the map then keeps
		}
		for i := range n {
			elems = append(elems, g.key(t.key, i)+": "+g.expr(t.elem, depth-1))
		}
	case structure:
		for _, f := range t.fields {
			if !g.chance(4) {
				elems = append(elems, f.name+": "+g.expr(f.t, depth-1))
			}
		}
	}
	return t.name + "{" + strings.Join(elems, ", ") + "}"
}

// key gives one of several keys, which differ when they are of basic types.
func (g *gen) key(t *typ, i int) string {
	switch t.kind {
	case text:
		return fmt.Sprintf("%q", string(rune('a'+i)))
	case structure, array:
		return g.literal(t, 0)
	}
	return fmt.Sprint(i)
}

var words = []string{"", "a", "go", "héllo", "x,y", "日本", "end\n", "tab\t", "Zed", "q\"q"}

func (g *gen) basicLiteral(t *typ) string {
	if c := g.consts[t]; len(c) > 0 && g.chance(3) {
		return c[g.r.Intn(len(c))]
	}
	var s string
	switch t.kind {
	case boolean:
		s = fmt.Sprint(g.chance(2))
	case integer:
		limit := 100
		if g.chance(4) && t.bits > 8 {
			limit = 30000
		}
		s = fmt.Sprint(g.r.Intn(limit))
		if !t.unsigned && g.chance(3) {
			s = "-" + s
		}
	case float:
		s = fmt.Sprintf("%d.%d", g.r.Intn(50), g.r.Intn(100))
	case complexed:
		s = fmt.Sprintf("(%d + %d.5i)", g.r.Intn(9), g.r.Intn(9))
	case text:
		s = fmt.Sprintf("%q", words[g.r.Intn(len(words))])
	}
	if t.name == "int" || t.name == "string" || t.name == "bool" || t.name == "float64" {
		return s
	}
	return t.name + "(" + s + ")"
}

// functionLiteral writes a function that reads what is around it.
func (g *gen) functionLiteral(t *typ, depth int) string {
	g.push()
	defer g.pop()
	var params []string
	for _, p := range t.params {
		v := g.name("a")
		params = append(params, v+" "+p.name)
		g.declare(v, p)
	}
	body := "return " + g.expr(t.result, depth-1)
	if g.chance(3) {
		body = fmt.Sprintf("if %s { return %s }; ", g.condition(depth-1), g.expr(t.result, depth-1)) + body
	}
	return fmt.Sprintf("func(%s) %s { %s }", strings.Join(params, ", "), t.result.name, body)
}

// implementation gives a value of one of the types that an interface can hold.
func (g *gen) implementation(t *typ, depth int) string {
	if t.name == "any" {
		if g.features.Interfaces && g.chance(3) {
			return g.typed(g.w.structs[g.r.Intn(len(g.w.structs))], depth-1)
		}
		return g.typed(g.w.basics[g.r.Intn(len(g.w.basics))], depth-1)
	}
	of := g.implementing[t]
	return g.expr(of[g.r.Intn(len(of))], depth-1)
}

// path reads a field, an element or a variable through a pointer; "" when there is none of type t.
func (g *gen) path(t *typ, depth int) string {
	var found []string
	g.each(func(v variable) {
		switch v.t.kind {
		case structure:
			found = append(found, fieldsOf(v.name, v.t, t)...)
		case pointer:
			if v.t.elem == t {
				found = append(found, "(*"+v.name+")")
			}
			if v.t.elem.kind == structure {
				found = append(found, fieldsOf(v.name, v.t.elem, t)...)
			}
		case slice:
			if v.t.elem == t && t.kind != function {
				found = append(found, fmt.Sprintf("elem(%s, %s)", v.name, g.expr(g.w.named("int"), depth-1)))
			}
		case array:
			if v.t.elem == t {
				found = append(found, fmt.Sprintf("%s[%d]", v.name, g.r.Intn(v.t.length)))
				found = append(found, fmt.Sprintf("%s[at(%s, %d)]", v.name, g.expr(g.w.named("int"), depth-1), v.t.length))
			}
		case mapping:
			if v.t.elem == t && t.kind != function {
				found = append(found, fmt.Sprintf("%s[%s]", v.name, g.expr(v.t.key, depth-1)))
			}
		case function:
			if v.t.result == t && !v.effect {
				found = append(found, v.name+g.arguments(v.t.params, depth))
			}
		case text:
			if t.name == "uint8" {
				found = append(found, fmt.Sprintf("byteAt(string(%s), %s)", v.name, g.expr(g.w.named("int"), depth-1)))
			}
		}
	})
	if len(found) == 0 {
		return ""
	}
	return found[g.r.Intn(len(found))]
}

// fieldsOf gives the selectors of v that have type t, promoted ones included.
func fieldsOf(v string, of, t *typ) []string {
	var found []string
	for _, f := range of.fields {
		if f.t == t {
			found = append(found, v+"."+f.name)
		}
		if f.embedded && f.t.kind == structure {
			for _, inner := range fieldsOf(v, f.t, t) {
				if !shadowed(of, inner[strings.LastIndex(inner, ".")+1:]) {
					found = append(found, inner)
				}
			}
		}
	}
	return found
}

func shadowed(of *typ, name string) bool {
	for _, f := range of.fields {
		if f.name == name {
			return true
		}
	}
	return false
}

// call gives a call of a pure function or method that results in t.
func (g *gen) call(t *typ, depth int) string {
	var found []string
	for _, f := range g.funcs {
		if f.pure && f.results[0] == t {
			found = append(found, f.name+g.arguments(f.params, depth))
		}
	}
	g.each(func(v variable) {
		of := v.t
		if of.kind == pointer {
			of = of.elem
		}
		for _, m := range of.methods {
			if m.pure && m.results[0] == t {
				found = append(found, v.name+"."+m.name+g.arguments(m.params, depth))
			}
		}
	})
	if len(found) == 0 {
		return ""
	}
	return found[g.r.Intn(len(found))]
}

func (g *gen) arguments(params []*typ, depth int) string {
	var args []string
	for _, p := range params {
		args = append(args, g.expr(p, depth-1))
	}
	return "(" + strings.Join(args, ", ") + ")"
}

// operation applies operators of the type.
func (g *gen) operation(t *typ, depth int) string {
	pick := func(ops ...string) string { return ops[g.r.Intn(len(ops))] }
	v := func() string { return g.value(t, depth-1) }
	e := func() string { return g.expr(t, depth-1) }
	any := func() *typ { return g.w.basics[2+g.r.Intn(10)] }
	switch t.kind {
	case integer:
		switch g.r.Intn(8) {
		case 0:
			return fmt.Sprintf("(%s %s (%s | 1))", v(), pick("/", "%"), e())
		case 1:
			return fmt.Sprintf("(%s %s (%s & 15))", v(), pick("<<", ">>"), g.value(g.w.named(pick("uint", "uint8", "uint64")), depth-1))
		case 2:
			return fmt.Sprintf("%s(%s)", t.name, g.value(any(), depth-1))
		case 3:
			return fmt.Sprintf("(%s%s)", pick("-", "^", "+"), v())
		case 4:
			return fmt.Sprintf("%s(len(%s))", t.name, g.value(g.w.named("string"), depth-1))
		case 5:
			return fmt.Sprintf("%s(%s, %s)", pick("min", "max"), v(), e())
		}
		return fmt.Sprintf("(%s %s %s)", v(), pick("+", "-", "*", "&", "|", "^", "&^"), e())
	case float:
		switch g.r.Intn(5) {
		case 0:
			return fmt.Sprintf("%s(%s)", t.name, g.value(any(), depth-1))
		case 1:
			return fmt.Sprintf("%s(%s)", t.name, g.value(g.w.named(pick("float32", "float64")), depth-1))
		case 2:
			return fmt.Sprintf("%s(%s(%s))", t.name, pick("real", "imag"), g.value(g.w.named("complex128"), depth-1))
		}
		return fmt.Sprintf("(%s %s %s)", v(), pick("+", "-", "*"), e())
	case complexed:
		if g.chance(3) {
			return fmt.Sprintf("%s(complex(%s, %s))", t.name, g.value(g.w.named("float64"), depth-1), g.expr(g.w.named("float64"), depth-1))
		}
		return fmt.Sprintf("(%s %s %s)", v(), pick("+", "-", "*"), e())
	case text:
		return g.textOperation(t, depth)
	case boolean:
		return g.truth(t, depth)
	case slice:
		switch g.r.Intn(3) {
		case 0:
			return fmt.Sprintf("append(%s{}, %s...)", t.name, v())
		case 1:
			return fmt.Sprintf("append(%s(nil), %s, %s)", t.name, g.expr(t.elem, depth-1), g.expr(t.elem, depth-1))
		}
	}
	return g.literal(t, depth)
}

func (g *gen) textOperation(t *typ, depth int) string {
	str := g.w.named("string")
	int := func() string { return g.expr(g.w.named("int"), depth-1) }
	var e string
	switch g.r.Intn(7) {
	case 0:
		e = fmt.Sprintf("sub(string(%s), %s, %s)", g.value(t, depth-1), int(), int())
	case 1:
		e = fmt.Sprintf("string(rune('a' + at(%s, 26)))", int())
	case 2:
		e = fmt.Sprintf("strconv.Itoa(%s)", int())
	case 3:
		of := g.w.basics[g.r.Intn(len(g.w.basics))]
		e = fmt.Sprintf("clip(fmt.Sprint(%s))", g.value(of, depth-1))
	case 4:
		e = fmt.Sprintf("strings.ToUpper(%s)", g.value(str, depth-1))
	case 5:
		e = fmt.Sprintf("string([]rune(%s))", g.value(str, depth-1))
	default:
		e = fmt.Sprintf("clip(%s + %s)", g.value(str, depth-1), g.expr(str, depth-1))
	}
	if t != str {
		return t.name + "(" + e + ")"
	}
	return e
}

// truth gives comparisons and what combines them.
func (g *gen) truth(t *typ, depth int) string {
	of := g.w.usable[g.r.Intn(len(g.w.usable))]
	compare := "=="
	switch {
	case g.chance(3):
		e := fmt.Sprintf("(%s %s %s)", g.value(t, depth-1), []string{"&&", "||", "=="}[g.r.Intn(3)], g.expr(t, depth-1))
		return e
	case g.chance(5):
		return fmt.Sprintf("(!%s)", g.value(t, depth-1))
	case of.kind == integer || of.kind == float || of.kind == text:
		compare = []string{"==", "!=", "<", "<=", ">", ">="}[g.r.Intn(6)]
	case !of.hashable():
		of = g.w.named("int")
	}
	e := fmt.Sprintf("(%s %s %s)", g.value(of, depth-1), compare, g.inCondition(of, depth))
	if t.declared {
		return t.name + "(" + e + ")"
	}
	return e
}

// inCondition writes an operand where a composite literal would be taken for the block.
func (g *gen) inCondition(t *typ, depth int) string { return "(" + g.expr(t, depth-1) + ")" }
