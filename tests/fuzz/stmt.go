package fuzz

import (
	"fmt"
	"strings"
)

// Statements do one thing that can be seen, or that can panic, at a time: what they are made of is
// pure.

// block gives n statements in a scope that is already open.
func (g *gen) block(n, depth int) []string {
	var list []string
	for range n {
		list = append(list, g.statement(depth))
	}
	return list
}

// inner gives the statements of a block of its own.
func (g *gen) inner(depth int) string {
	g.push()
	defer g.pop()
	return strings.Join(g.block(1+g.r.Intn(g.deepest), depth-1), "\n")
}

func (g *gen) statement(depth int) string {
	simple := []func() string{
		g.declaration, g.declaration, g.assignment, g.assignment, g.operator, g.several, g.swap, g.place, g.place,
		g.mapStatement, g.callStatement, g.callStatement, g.methodStatement, g.methodStatement, g.show, g.show,
		g.risk, g.order, g.order, g.deferred, g.leave, g.alias, g.methodValue, g.localConst, g.generic, g.slices,
		g.idiom, g.idiom, g.idiom, g.idiom,
	}
	nested := []func(int) string{
		g.ifStatement, g.ifStatement, g.forStatement, g.forStatement, g.rangeStatement, g.rangeStatement, g.rangeStatement,
		g.switchStatement, g.switchStatement, g.closure, g.closures, g.gotoStatement, g.channel, g.shadow,
		g.typeSwitch, g.recursion, g.repanic, g.selectStatement,
	}
	if g.loops < 3 && depth > 0 && g.chance(3) {
		return nested[g.r.Intn(len(nested))](depth)
	}
	return simple[g.r.Intn(len(simple))]()
}

// declaration declares a variable that the rest of the block may use.
func (g *gen) declaration() string {
	t := g.anyType()
	switch g.r.Intn(8) {
	case 0:
		t = g.w.pointer(g.w.structs[g.r.Intn(len(g.w.structs))])
	case 1:
		t = g.w.function([]*typ{g.anyType()}, g.anyType())
	case 2:
		t = g.w.one(&typ{name: "any", kind: iface})
	}
	v := g.name("v")
	defer g.declare(v, t)
	switch hasZero := t.kind != pointer && t.kind != function && t.kind != iface; {
	case hasZero && g.chance(4):
		return fmt.Sprintf("var %s %s\n_ = %s", v, t.name, v)
	case t.kind != iface && (t.kind != boolean || !t.declared) && g.chance(2):
		return fmt.Sprintf("%s := %s\n_ = %s", v, g.typed(t, 3), v)
	}
	return fmt.Sprintf("var %s %s = %s\n_ = %s", v, t.name, g.expr(t, 3), v)
}

func (g *gen) assignment() string {
	v := g.assignable()
	if v.t == nil {
		return g.show()
	}
	return v.name + " = " + g.expr(v.t, 3)
}

// operator changes a number in place.
func (g *gen) operator() string {
	v := g.choose(func(v variable) bool { return v.t.kind == integer && !v.fixed && !v.effect })
	if v.t == nil {
		return g.show()
	}
	switch g.r.Intn(5) {
	case 0:
		return v.name + []string{"++", "--"}[g.r.Intn(2)]
	case 1:
		return fmt.Sprintf("%s %s (%s & 7)", v.name, []string{"<<=", ">>="}[g.r.Intn(2)], g.value(g.w.named("uint"), 1))
	case 2:
		return fmt.Sprintf("%s %s (%s | 1)", v.name, []string{"/=", "%="}[g.r.Intn(2)], g.expr(v.t, 1))
	}
	return fmt.Sprintf("%s %s %s", v.name, []string{"+=", "-=", "*=", "&=", "|=", "^=", "&^="}[g.r.Intn(7)], g.expr(v.t, 2))
}

// several declares or sets more than one variable at once.
func (g *gen) several() string {
	a, b := g.assignable(), g.assignable()
	if a.t == nil || a.name == b.name || g.chance(2) {
		s, t := g.anyType(), g.anyType()
		v, w := g.name("v"), g.name("v")
		text := fmt.Sprintf("var %s, %s = %s, %s\n_, _ = %s, %s", v, w, g.exact(s), g.exact(t), v, w)
		g.declare(v, s)
		g.declare(w, t)
		return text
	}
	return fmt.Sprintf("%s, %s = %s, %s", a.name, b.name, g.expr(a.t, 2), g.expr(b.t, 2))
}

// exact is an expression whose own type is t.
func (g *gen) exact(t *typ) string { return t.name + "(" + g.expr(t, 2) + ")" }

// swap exchanges two variables, or two elements of a slice.
func (g *gen) swap() string {
	if s := g.choose(func(v variable) bool { return v.t.kind == slice }); s.t != nil && g.chance(2) {
		i, j := g.expr(g.w.named("int"), 1), g.expr(g.w.named("int"), 1)
		return fmt.Sprintf("if len(%[1]s) > 0 {\n%[1]s[at(%[2]s, len(%[1]s))], %[1]s[at(%[3]s, len(%[1]s))] = %[1]s[at(%[3]s, len(%[1]s))], %[1]s[at(%[2]s, len(%[1]s))]\n}", s.name, i, j)
	}
	a := g.assignable()
	if a.t == nil {
		return g.show()
	}
	b := g.choose(func(v variable) bool { return v.t == a.t && !v.fixed && !v.effect && v.name != a.name })
	if b.t == nil {
		return g.assignment()
	}
	return fmt.Sprintf("%s, %s = %s, %s", a.name, b.name, b.name, a.name)
}

// place sets a field, an element or what a pointer points at.
func (g *gen) place() string {
	v := g.choose(func(v variable) bool {
		return v.t.kind == structure || v.t.kind == pointer || v.t.kind == slice || v.t.kind == array || v.t.kind == mapping
	})
	if v.t == nil || v.fixed {
		return g.assignment()
	}
	of := v.t
	switch v.t.kind {
	case pointer:
		if g.chance(4) {
			return fmt.Sprintf("*%s = %s", v.name, g.expr(v.t.elem, 2))
		}
		of = v.t.elem
		fallthrough
	case structure:
		f := of.fields[g.r.Intn(len(of.fields))]
		if f.t.kind == integer && g.chance(3) {
			return fmt.Sprintf("%s.%s++", v.name, f.name)
		}
		return fmt.Sprintf("%s.%s = %s", v.name, f.name, g.expr(f.t, 2))
	case array:
		return fmt.Sprintf("%s[at(%s, %d)] = %s", v.name, g.expr(g.w.named("int"), 2), v.t.length, g.expr(v.t.elem, 2))
	case slice:
		if v.t.elem.kind == integer && g.chance(2) {
			return fmt.Sprintf("for i := range %s {\n%s[i] += %s\n}", v.name, v.name, g.expr(v.t.elem, 1))
		}
		return fmt.Sprintf("if len(%[1]s) > 0 {\n%[1]s[at(%[2]s, len(%[1]s))] = %[3]s\n}", v.name, g.expr(g.w.named("int"), 2), g.expr(v.t.elem, 2))
	}
	if v.t.elem.kind == integer && g.chance(2) {
		return fmt.Sprintf("%s[%s] += %s", v.name, g.expr(v.t.key, 1), g.expr(v.t.elem, 1))
	}
	return fmt.Sprintf("%s[%s] = %s", v.name, g.expr(v.t.key, 1), g.expr(v.t.elem, 2))
}

func (g *gen) mapStatement() string {
	m := g.choose(func(v variable) bool { return v.t.kind == mapping })
	if m.t == nil {
		return g.show()
	}
	switch g.r.Intn(3) {
	case 0:
		return fmt.Sprintf("delete(%s, %s)", m.name, g.expr(m.t.key, 1))
	case 1:
		v, ok := g.name("v"), g.name("ok")
		text := fmt.Sprintf("%s, %s := %s[%s]\n_, _ = %s, %s", v, ok, m.name, g.expr(m.t.key, 1), v, ok)
		g.declare(v, m.t.elem)
		g.declare(ok, g.w.named("bool"))
		return text
	}
	return fmt.Sprintf("if _, ok := %s[%s]; ok {\nfmt.Println(\"found\", len(%s))\n}", m.name, g.expr(m.t.key, 1), m.name)
}

// callStatement calls a function and keeps what it gives.
func (g *gen) callStatement() string {
	var callable []*routine
	for _, f := range g.funcs {
		if !f.pure && len(f.results) > 0 {
			callable = append(callable, f)
		}
	}
	if len(callable) == 0 {
		return g.assignment()
	}
	f := callable[g.r.Intn(len(callable))]
	call := f.name + g.arguments(f.params, 2)
	return g.keep(call, f.results)
}

// keep declares variables for the results of a call.
func (g *gen) keep(call string, results []*typ) string {
	var names, blanks []string
	for range results {
		names = append(names, g.name("v"))
		blanks = append(blanks, "_")
	}
	for i, t := range results {
		g.declare(names[i], t)
	}
	list := strings.Join(names, ", ")
	return fmt.Sprintf("%s := %s\n%s = %s", list, call, strings.Join(blanks, ", "), list)
}

// methodStatement calls a method that may change its receiver.
func (g *gen) methodStatement() string {
	v := g.choose(func(v variable) bool {
		return !v.fixed && (len(v.t.methods) > 0 || v.t.kind == pointer && len(v.t.elem.methods) > 0)
	})
	if v.t == nil {
		return g.assignment()
	}
	of := v.t
	if of.kind == pointer {
		of = of.elem
	}
	m := of.methods[g.r.Intn(len(of.methods))]
	call := v.name + "." + m.name + g.arguments(m.params, 2)
	if g.chance(4) {
		return call
	}
	return g.keep(call, m.results)
}

// show prints a variable.
func (g *gen) show() string {
	v := g.choose(func(v variable) bool { return !v.effect && v.t.kind != function })
	if v.t == nil {
		return fmt.Sprintf("fmt.Println(%q)", words[g.r.Intn(len(words))])
	}
	return g.print(v)
}

// print prints a value in a way that does not depend on how the values of declared types look, unless
// that is what is to be tested.
func (g *gen) print(v variable) string {
	parts := g.parts(v.name, v.t)
	if len(parts) == 0 {
		return "fmt.Println(\"none\")"
	}
	return fmt.Sprintf("fmt.Println(%q, %s)", v.name, strings.Join(parts, ", "))
}

// parts gives expressions that together tell the value.
func (g *gen) parts(name string, t *typ) []string {
	if g.features.Printing && t.prints() && g.chance(2) {
		return []string{fmt.Sprintf("fmt.Sprintf(%q, %s)", []string{"%v", "%+v", "%#v", "%T", "%s", "%d", "%x", "%q", "%6v|", "%-6v|"}[g.r.Intn(10)], name)}
	}
	switch {
	case t.plain():
		return []string{name}
	case t.kind <= text:
		return []string{g.underlying(t).name + "(" + name + ")"}
	case t.kind == structure:
		var all []string
		for _, f := range t.fields {
			all = append(all, g.parts(name+"."+f.name, f.t)...)
		}
		return all
	case t.kind == pointer:
		return g.parts("(*"+name+")", t.elem)
	case t.kind == slice, t.kind == mapping:
		return []string{"len(" + name + ")"}
	case t.kind == array:
		return g.parts(name+"[0]", t.elem)
	case t.name == "any" && !g.features.Interfaces:
		return []string{name}
	}
	return nil
}

// risk is a statement that may panic, for one reason only.
func (g *gen) risk() string {
	i := g.expr(g.w.named("int"), 2)
	v := g.name("v")
	switch g.r.Intn(6) {
	case 0:
		if s := g.choose(func(v variable) bool { return v.t.kind == slice }); s.t != nil {
			return fmt.Sprintf("{\n%[1]s := at(%[2]s, 4)\n%[1]sb := %[3]s[%[1]s]\n_ = %[1]sb\nfmt.Println(\"in range\")\n}", v, i, s.name)
		}
	case 1:
		return fmt.Sprintf("if %s {\npanic(%s)\n}", g.condition(2), []string{`"told"`, `errors.New("an error")`, "42", `fmt.Errorf("wrap: %w", errors.New("inner"))`}[g.r.Intn(4)])
	case 2:
		return fmt.Sprintf("{\n%[1]s := at(%[2]s, 3)\nfmt.Println(100 / %[1]s, 7 %% %[1]s)\n}", v, i)
	case 3:
		return fmt.Sprintf("{\n%[1]s := at(%[2]s, 4)\n%[1]ss := \"abc\"\nfmt.Println(%[1]ss[%[1]s:], %[1]ss[%[1]s])\n}", v, i)
	case 4:
		return fmt.Sprintf("{\nvar %[1]s map[string]int\nfmt.Println(%[1]s[\"a\"], len(%[1]s))\nif %[2]s {\n%[1]s[\"b\"] = 1\n}\n}", v, g.condition(1))
	case 5:
		return fmt.Sprintf("{\nvar %[1]s any = %[2]s\n%[1]si, ok := %[1]s.(int)\nfmt.Println(%[1]si, ok)\nif %[3]s {\nfmt.Println(%[1]s.(string))\n}\n}", v,
			g.typed(g.w.basics[g.r.Intn(len(g.w.basics))], 1), g.condition(1))
	}
	return g.show()
}

// order shows in which order operands are evaluated where Go says so: calls from left to right.
func (g *gen) order() string {
	traced := func(t *typ) string { return fmt.Sprintf("trace(%d, %s)", g.r.Intn(100), g.typed(t, 1)) }
	t := g.w.basics[2+g.r.Intn(10)]
	b := g.w.named("bool")
	v := g.name("v")
	switch g.r.Intn(8) {
	case 0:
		return fmt.Sprintf("fmt.Println(%s + %s * %s)", traced(t), traced(t), traced(t))
	case 1:
		return fmt.Sprintf("fmt.Println(%s && %s || %s)", traced(b), traced(b), traced(b))
	case 2:
		return fmt.Sprintf("%[1]s := map[string]%[2]s{}\n%[1]s[%[3]s] = %[4]s\nfmt.Println(%[1]s)", v, t.name, traced(g.w.named("string")), traced(t))
	case 3:
		return fmt.Sprintf("%[1]s := []%[2]s{%[3]s, %[4]s, %[5]s}\nfmt.Println(%[1]s)", v, t.name, traced(t), traced(t), traced(t))
	case 4:
		return fmt.Sprintf("%[1]s, %[1]sb := %[2]s, %[3]s\nfmt.Println(%[1]s, %[1]sb)", v, traced(t), traced(b))
	case 5:
		return fmt.Sprintf("%[1]s := [3]%[2]s{}\n%[1]s[%[3]s], %[1]s[%[4]s] = %[5]s, %[6]s\nfmt.Println(%[1]s)", v, t.name,
			fmt.Sprintf("trace(1, %d)", g.r.Intn(3)), fmt.Sprintf("trace(2, %d)", g.r.Intn(3)), traced(t), traced(t))
	case 6:
		s := g.w.structs[g.r.Intn(len(g.w.structs))]
		var elems []string
		for _, f := range s.fields {
			elems = append(elems, f.name+": "+traced(f.t))
		}
		return fmt.Sprintf("_ = %s{%s}", s.name, strings.Join(elems, ", "))
	}
	f := g.funcs[0]
	var args []string
	for _, p := range f.params {
		args = append(args, traced(p))
	}
	return fmt.Sprintf("_ = %s(%s)", f.name, strings.Join(args, ", "))
}

// deferred defers a call whose arguments are taken now, or a literal that sees what comes.
func (g *gen) deferred() string {
	v := g.choose(func(v variable) bool { return v.t.plain() && !v.effect })
	if v.t == nil {
		return g.show()
	}
	if g.chance(2) {
		return fmt.Sprintf("defer fmt.Println(\"deferred\", %s)", v.name)
	}
	return fmt.Sprintf("defer func(a %s) {\nfmt.Println(\"deferred\", a, %s)\n}(%s)", v.t.name, v.name, g.expr(v.t, 2))
}

// leave ends a loop, an iteration or the function, if a condition holds.
func (g *gen) leave() string {
	var do []string
	if g.loops > 0 {
		do = append(do, "break", "continue")
		for _, l := range g.labels {
			do = append(do, "break "+l, "continue "+l)
		}
	}
	if g.nested == 0 {
		do = append(do, g.returned())
	}
	if len(do) == 0 {
		return g.assignment()
	}
	return fmt.Sprintf("if %s {\n%s\n}", g.condition(2), do[g.r.Intn(len(do))])
}

// alias makes two names for one thing, or a copy, and changes one.
func (g *gen) alias() string {
	v := g.choose(func(v variable) bool {
		return !v.fixed && !v.effect && (v.t.kind == structure || v.t.kind == array || v.t.kind == slice && v.t.elem.kind != iface)
	})
	if v.t == nil {
		return g.assignment()
	}
	w := g.name("v")
	var text string
	switch v.t.kind {
	case structure:
		f := v.t.fields[g.r.Intn(len(v.t.fields))]
		text = fmt.Sprintf("%s := %s%s\n%s.%s = %s", w, []string{"&", ""}[g.r.Intn(2)], v.name, w, f.name, g.expr(f.t, 2))
	case array:
		text = fmt.Sprintf("%s := %s%s\n%s[%d] = %s", w, []string{"&", ""}[g.r.Intn(2)], v.name, w, g.r.Intn(v.t.length), g.expr(v.t.elem, 2))
	case slice:
		text = fmt.Sprintf("%[1]s := %[2]s[:len(%[2]s):len(%[2]s)]\nif len(%[1]s) > 0 {\n%[1]s[0] = %[3]s\n}\n%[1]s = append(%[1]s, %[4]s)", w, v.name, g.expr(v.t.elem, 2), g.expr(v.t.elem, 1))
	}
	return text + "\n_ = " + w + "\n" + g.print(v)
}

// methodValue takes a method as a value, or as a function of its receiver.
func (g *gen) methodValue() string {
	v := g.choose(func(v variable) bool { return len(v.t.methods) > 0 && !v.fixed })
	if v.t == nil {
		return g.methodStatement()
	}
	m := v.t.methods[g.r.Intn(len(v.t.methods))]
	f := g.name("f")
	if v.t.kind == iface || g.chance(2) {
		text := fmt.Sprintf("%s := %s.%s\n", f, v.name, m.name)
		if v.t.kind != iface && g.chance(2) {
			text += fmt.Sprintf("%s = %s\n", v.name, g.expr(v.t, 2))
		}
		return text + g.keep(f+g.arguments(m.params, 2), m.results)
	}
	recv, arg := v.t.name, v.name
	if m.pointer {
		recv, arg = "(*"+v.t.name+")", "&"+v.name
	}
	args := []string{arg}
	for _, p := range m.params {
		args = append(args, g.expr(p, 1))
	}
	return fmt.Sprintf("%s := %s.%s\n", f, recv, m.name) + g.keep(f+"("+strings.Join(args, ", ")+")", m.results)
}

func (g *gen) localConst() string {
	c := g.name("c")
	t := g.w.basics[2+g.r.Intn(10)]
	return fmt.Sprintf("const (\n%[1]s %[2]s = iota + %[3]d\n%[1]sb\n%[1]sc = %[1]sb * %[4]d >> 1\n)\nfmt.Println(%[1]s, %[1]sb, %[1]sc, %[5]s + %[1]s)", c, t.name, g.r.Intn(20), 1+g.r.Intn(4), g.value(t, 1))
}

// generic uses functions and types with parameters.
func (g *gen) generic() string {
	t, u := g.anyType(), g.w.basics[g.r.Intn(14)]
	v := g.name("v")
	switch g.r.Intn(5) {
	case 0:
		return fmt.Sprintf("%[1]s := &Stack[%[2]s]{}\n%[1]s.Push(%[3]s)\n%[1]s.Push(%[4]s)\nfmt.Println(%[1]s.Len())\n", v, t.name, g.expr(t, 1), g.expr(t, 1)) +
			g.keep(v+".Pop()", []*typ{t, g.w.named("bool")})
	case 1:
		a := g.name("a")
		g.push()
		g.declare(a, t)
		body := g.exact(u)
		g.pop()
		return fmt.Sprintf("fmt.Println(mapped(%s, func(%s %s) %s { return %s }))", g.literal(g.w.slice(t), 1), a, t.name, u.name, body)
	case 2:
		n := g.w.basics[2+g.r.Intn(12)]
		return fmt.Sprintf("fmt.Println(total(%s), largest(%s...))", g.expr(g.w.slice(n), 1), g.literal(g.w.slice(n), 1))
	case 3:
		return fmt.Sprintf("%[1]s := Pair[%[2]s, %[3]s]{%[4]s, %[5]s}\n_ = %[1]s\n", v, u.name, t.name, g.expr(u, 1), g.expr(t, 1)) +
			g.keep(fmt.Sprintf("%s.Swap().Second", v), []*typ{u})
	}
	return fmt.Sprintf("var %[1]s *List[%[2]s]\nfor i := range 3 {\n_ = i\n%[1]s = %[1]s.Add(%[3]s)\n}\nfmt.Println(%[1]s.Len())\nfor e := range %[1]s.All() {\n_ = e\n%[4]s\n}", v, t.name, g.expr(t, 1), g.show())
}

// slices grows, cuts and copies a slice.
func (g *gen) slices() string {
	s := g.choose(func(v variable) bool { return v.t.kind == slice && !v.fixed })
	if s.t == nil {
		return g.declaration()
	}
	i := g.expr(g.w.named("int"), 1)
	switch g.r.Intn(5) {
	case 0:
		return fmt.Sprintf("if len(%[1]s) < 20 {\n%[1]s = append(%[1]s, %[2]s, %[3]s)\n}", s.name, g.expr(s.t.elem, 1), g.expr(s.t.elem, 1))
	case 1:
		return fmt.Sprintf("%[1]s = %[1]s[at(%[2]s, len(%[1]s)+1):]", s.name, i)
	case 2:
		return fmt.Sprintf("fmt.Println(copy(%s, %s))", s.name, g.expr(s.t, 1))
	case 3:
		return fmt.Sprintf("if len(%[1]s) > 2 {\n%[1]s = append(%[1]s[:1:1], %[1]s[2:]...)\n}", s.name)
	}
	return fmt.Sprintf("clear(%s)", s.name)
}
