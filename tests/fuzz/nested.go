package fuzz

import (
	"fmt"
	"slices"
	"strings"
)

func (g *gen) ifStatement(depth int) string {
	head := g.condition(3)
	g.push()
	defer g.pop()
	if g.chance(3) {
		v, t := g.name("v"), g.w.basics[g.r.Intn(len(g.w.basics))]
		init := v + " := " + g.exact(t)
		g.declare(v, t)
		head = fmt.Sprintf("%s; %s == %s || %s", init, v, g.inCondition(t, 2), g.condition(1))
	}
	text := fmt.Sprintf("if %s {\n%s\n}", head, g.inner(depth))
	if g.chance(3) {
		text += fmt.Sprintf(" else if %s {\n%s\n}", g.condition(2), g.inner(depth))
	}
	if g.chance(2) {
		text += fmt.Sprintf(" else {\n%s\n}", g.inner(depth))
	}
	return text
}

// loop writes a loop around a body, with a label if the body leads to one.
func (g *gen) loop(head string, depth int, extra ...string) string {
	label := g.name("L")
	g.labels = append(g.labels, label)
	g.loops++
	body := g.inner(depth)
	g.loops--
	g.labels = g.labels[:len(g.labels)-1]
	text := head + " {\n" + strings.Join(append(extra, body), "\n") + "\n}"
	if strings.Contains(body, " "+label+"\n") {
		text = label + ":\n" + text
	}
	return text
}

// fixed declares a variable that may be read only.
func (g *gen) fixed(name string, t *typ) {
	g.declare(name, t)
	top := len(g.scopes) - 1
	g.scopes[top][len(g.scopes[top])-1].fixed = true
}

// forStatement is a loop with a clause, or with a condition alone.
func (g *gen) forStatement(depth int) string {
	g.push()
	defer g.pop()
	i := g.name("i")
	g.fixed(i, g.w.named("int"))
	n := 1 + g.r.Intn(4)
	var extra []string
	if g.chance(4) {
		extra = append(extra, fmt.Sprintf("if %s {\n%s++\n}", g.condition(1), i))
	}
	if g.chance(4) {
		extra = append(extra, fmt.Sprintf("func() {\n%s++\n}()", i))
	}
	if g.chance(4) {
		extra = append(extra, fmt.Sprintf("defer func() {\nfmt.Println(\"loop\", %s)\n}()", i))
	}
	switch g.r.Intn(4) {
	case 0:
		extra = append([]string{i + "--"}, extra...)
		return fmt.Sprintf("%s := %d\n", i, n) + g.loop(fmt.Sprintf("for %s > -9 && %s > 0", i, i), depth, onlyDown(extra)...)
	case 1:
		j := g.name("j")
		g.fixed(j, g.w.named("int"))
		return g.loop(fmt.Sprintf("for %s, %s := 0, %d; %s < %s; %s, %s = %s+1, %s-1", i, j, 2*n, i, j, i, j, i, j), depth, extra...)
	}
	return g.loop(fmt.Sprintf("for %s := 0; %s < %d; %s++", i, i, n, i), depth, extra...)
}

// onlyDown drops what would keep a loop that counts down from ending.
func onlyDown(list []string) []string { return list[:1] }

// rangeStatement ranges over whatever there is.
func (g *gen) rangeStatement(depth int) string {
	g.push()
	defer g.pop()
	k, v := g.name("k"), g.name("v")
	str, integer := g.w.named("string"), g.w.named("int")
	over := g.anyType()
	use := fmt.Sprintf("_, _ = %s, %s", k, v)
	switch g.r.Intn(8) {
	case 0:
		t := g.w.basics[2+g.r.Intn(10)]
		g.fixed(k, t)
		return g.loop(fmt.Sprintf("for %s := range %s(%d)", k, t.name, 1+g.r.Intn(4)), depth, "_ = "+k)
	case 1:
		return g.loop(fmt.Sprintf("for range %d", 1+g.r.Intn(3)), depth)
	case 2:
		e := g.expr(str, 2)
		g.declare(k, integer)
		g.declare(v, g.w.named("int32"))
		return g.loop(fmt.Sprintf("for %s, %s := range %s", k, v, e), depth, use)
	case 3:
		g.declare(k, integer)
		return g.loop(fmt.Sprintf("for %s := range count(%d)", k, 1+g.r.Intn(4)), depth, "_ = "+k)
	case 4:
		e := g.value(g.w.slice(over), 1)
		g.declare(k, integer)
		g.declare(v, over)
		return g.loop(fmt.Sprintf("for %s, %s := range pairs(%s)", k, v, strings.TrimSpace("("+e+")")), depth, use)
	case 5:
		m := g.choose(func(v variable) bool { return v.t.kind == mapping && v.t.elem.kind == 1 })
		if m.t != nil {
			s := g.name("sum")
			text := fmt.Sprintf("%[1]s := 0\nfor _, %[2]s := range %[3]s {\n%[1]s += int(%[2]s)\n}\nfmt.Println(%[1]s, len(%[3]s))", s, v, m.name)
			return text
		}
	case 6:
		a := g.choose(func(v variable) bool { return v.t.kind == array })
		if a.t != nil {
			g.declare(k, integer)
			g.declare(v, a.t.elem)
			return g.loop(fmt.Sprintf("for %s, %s := range %s", k, v, a.name), depth, use)
		}
	}
	e := g.literal(g.w.slice(over), 2)
	if s := g.variable(g.w.slice(over)); s != "" {
		e = s
	}
	g.declare(k, integer)
	g.declare(v, over)
	return g.loop(fmt.Sprintf("for %s, %s := range (%s)", k, v, e), depth, use)
}

// switchStatement is a switch of one of its forms.
func (g *gen) switchStatement(depth int) string {
	var text strings.Builder
	t := g.w.basics[1+g.r.Intn(11)]
	tag := g.value(t, 2)
	if t.kind == integer {
		tag = fmt.Sprintf("(%s & 3)", tag)
	}
	g.push()
	defer g.pop()
	tagless := g.chance(3)
	switch {
	case tagless:
		text.WriteString("switch {\n")
	case g.chance(3):
		v := g.name("v")
		g.declare(v, t)
		fmt.Fprintf(&text, "switch %s := %s; %s {\n", v, tag, v)
	default:
		fmt.Fprintf(&text, "switch %s {\n", tag)
	}
	n, other := 2+g.r.Intn(2), g.r.Intn(4)
	for i := range n {
		if i == other {
			fmt.Fprintf(&text, "default:\n%s\n", g.inner(depth))
		}
		switch {
		case tagless:
			fmt.Fprintf(&text, "case %s:\n", g.condition(2))
		case t.kind == integer && g.chance(3):
			fmt.Fprintf(&text, "case %d, %s:\n", i, g.value(t, 1))
		default:
			fmt.Fprintf(&text, "case %s:\n", g.key(t, i))
		}
		text.WriteString(g.inner(depth) + "\n")
		if g.loops > 0 && g.chance(4) {
			fmt.Fprintf(&text, "if %s {\nbreak\n}\n", g.condition(1))
		}
		if i < n-1 && g.chance(5) {
			text.WriteString("fallthrough\n")
		}
	}
	return text.String() + "}"
}

// literal function bodies: a return there belongs to the literal.
func (g *gen) within(write func() string) string {
	g.push()
	g.nested++
	labels, loops := g.labels, g.loops
	g.labels, g.loops = nil, 0
	defer func() {
		g.labels, g.loops = labels, loops
		g.nested--
		g.pop()
	}()
	return write()
}

// closure declares a function literal that changes variables around it, and calls it.
func (g *gen) closure(depth int) string {
	c, a := g.name("f"), g.name("a")
	t, result := g.anyType(), g.anyType()
	if result.kind == iface {
		result = g.w.named("int")
	}
	body := g.within(func() string {
		g.declare(a, t)
		return strings.Join(g.block(1+g.r.Intn(3), depth-1), "\n") + "\nreturn " + g.expr(result, 2)
	})
	top := len(g.scopes) - 1
	text := fmt.Sprintf("%s := func(%s %s) %s {\n_ = %s\n%s\n}\n", c, a, t.name, result.name, a, body)
	g.scopes[top] = append(g.scopes[top], variable{name: c, t: g.w.function([]*typ{t}, result), effect: true, fixed: true})
	return text + g.keep(c+"("+g.expr(t, 1)+")", []*typ{result})
}

// closures collects literals in a loop and calls them behind it: each has variables of its own.
func (g *gen) closures(depth int) string {
	fs, i, x := g.name("fs"), g.name("i"), g.name("x")
	head := []string{
		fmt.Sprintf("for %s := 0; %s < 3; %s++", i, i, i),
		fmt.Sprintf("for %s := range 3", i),
		fmt.Sprintf("for %s := range []int{4, 5, 6}", i),
		fmt.Sprintf("for _, %s := range []int{4, 5, 6}", i),
		fmt.Sprintf("for %s := range count(3)", i),
		fmt.Sprintf("for _, %s := range pairs([]int{7, 8})", i),
	}[g.r.Intn(6)]
	skip := ""
	if g.chance(2) {
		skip = fmt.Sprintf("if %s == %d {\n%s\n}\n", i, g.r.Intn(8), []string{"continue", "break"}[g.r.Intn(2)])
	}
	form := []string{
		"%[1]s = append(%[1]s, func() int { %[2]s += %[3]s; return %[2]s })",
		"%[1]s = append(%[1]s, func() int { %[3]s++; return %[3]s + %[2]s })",
		"p := &%[3]s\n%[1]s = append(%[1]s, func() int { *p += 2; return %[3]s })",
		"f := func() int { return %[3]s * 10 + %[2]s }\n%[1]s = append(%[1]s, f)\n%[2]s++",
	}[g.r.Intn(4)]
	return fmt.Sprintf("var %[1]s []func() int\n%[4]s {\n%[2]s := %[3]s * 2\n_ = %[2]s\n%[5]s%[6]s\n}\nfor _, f := range %[1]s {\nfmt.Println(f(), f())\n}", fs, x, i, head, skip, fmt.Sprintf(form, fs, x, i))
}

// gotoStatement is a loop by goto.
func (g *gen) gotoStatement(depth int) string {
	i, l := g.name("i"), g.name("L")
	g.push()
	defer g.pop()
	g.fixed(i, g.w.named("int"))
	body := g.within(func() string { return strings.Join(g.block(1, 0), "\n") })
	return fmt.Sprintf("{\n%[1]s := 0\n%[2]s:\nfunc() {\n%[3]s\n}()\n%[1]s++\nif %[1]s == 2 {\ngoto %[2]sb\n}\nif %[1]s < 4 {\ngoto %[2]s\n}\n%[2]sb:\nfmt.Println(%[1]s)\n}", i, l, body)
}

// channel has a goroutine send what has been computed before.
func (g *gen) channel(depth int) string {
	ch, v, n := g.name("ch"), g.name("v"), g.r.Intn(3)
	t := g.anyType()
	size := ""
	if n > 0 {
		size = fmt.Sprintf(", %d", n)
	}
	g.push()
	defer g.pop()
	args := fmt.Sprintf("%s, %s", g.expr(t, 2), g.expr(t, 1))
	g.declare(v, t)
	return fmt.Sprintf("%[1]s := make(chan %[2]s%[3]s)\ngo func(a, b %[2]s) {\ndefer close(%[1]s)\n%[1]s <- a\n%[1]s <- b\n}(%[4]s)\n", ch, t.name, size, args) +
		g.loop(fmt.Sprintf("for %s := range %s", v, ch), depth, "_ = "+v) + fmt.Sprintf("\nfor range %s {\n}", ch)
}

// selectStatement has one case ready.
func (g *gen) selectStatement(depth int) string {
	ch, v := g.name("ch"), g.name("v")
	t := g.anyType()
	g.push()
	defer g.pop()
	send := fmt.Sprintf("%s <- %s\n", ch, g.expr(t, 1))
	if g.chance(3) {
		send = ""
	}
	outer := g.inner(depth)
	g.declare(v, t)
	return fmt.Sprintf("%[1]s := make(chan %[2]s, 1)\n%[3]sselect {\ncase %[4]s, ok := <-%[1]s:\n_ = %[4]s\nfmt.Println(ok)\n%[5]s\ndefault:\n%[6]s\n}", ch, t.name, send, v, g.inner(depth), outer)
}

// shadow opens a block in which a name means something else.
func (g *gen) shadow(depth int) string {
	v := g.assignable()
	if v.t == nil || slices.Contains(g.named, v.name) { // a bare return needs the results in sight
		return g.assignment()
	}
	t := g.anyType()
	if t.kind == iface {
		t = g.w.named("string")
	}
	g.push()
	defer g.pop()
	init := g.exact(t)
	if g.chance(2) { // of the thing it hides
		t, init = v.t, v.name
	}
	g.declare(v.name, t)
	body := strings.Join(g.block(1+g.r.Intn(3), depth-1), "\n")
	return fmt.Sprintf("{\n%[1]s := %[2]s\n_ = %[1]s\n%[3]s\n}", v.name, init, body)
}

// typeSwitch looks into an interface.
func (g *gen) typeSwitch(depth int) string {
	t := g.w.one(&typ{name: "any", kind: iface})
	if g.features.Interfaces && len(g.w.ifaces) > 0 && g.chance(2) {
		t = g.w.ifaces[g.r.Intn(len(g.w.ifaces))]
		if len(g.implementing[t]) == 0 {
			t = g.w.one(&typ{name: "any", kind: iface})
		}
	}
	x, v := g.name("x"), g.name("v")
	of := append([]*typ(nil), g.implementing[t]...)
	if t.name == "any" {
		of = append(of, g.w.basics...)
		if g.features.Interfaces {
			of = append(of, g.w.structs...)
		}
		g.r.Shuffle(len(of), func(i, j int) { of[i], of[j] = of[j], of[i] })
		of = of[:4]
	}
	var text strings.Builder
	fmt.Fprintf(&text, "{\nvar %s %s = %s\nswitch %s := %s.(type) {\n", x, t.name, g.expr(t, 2), v, x)
	for i, c := range of {
		if i == 1 && g.chance(3) && t.name == "any" {
			fmt.Fprintf(&text, "case %s, nil:\n_ = %s\nfmt.Println(\"one of\")\n", c.name, v)
			continue
		}
		g.push()
		g.declare(v, c)
		fmt.Fprintf(&text, "case %s:\n_ = %s\nfmt.Println(%q)\n%s\n", c.name, v, c.name, g.inner(depth))
		g.pop()
	}
	fmt.Fprintf(&text, "default:\n_ = %s\nfmt.Println(\"other\")\n}\n}", v)
	return text.String()
}

// recursion declares a literal that calls itself.
func (g *gen) recursion(depth int) string {
	f, t := g.name("f"), g.w.basics[1+g.r.Intn(13)]
	g.push()
	defer g.pop()
	body := g.within(func() string {
		g.fixed("n", g.w.named("int"))
		return fmt.Sprintf("%s\nif n <= 0 {\nreturn %s\n}\nr := %s(n - 1)\nreturn r + %s", g.statement(0), g.expr(t, 1), f, g.expr(t, 1))
	})
	return fmt.Sprintf("{\nvar %[1]s func(n int) %[2]s\n%[1]s = func(n int) %[2]s {\n%[3]s\n}\nfmt.Println(%[1]s(%[4]d))\n}", f, t.name, body, 1+g.r.Intn(4))
}

// repanic recovers from a panic and panics again.
func (g *gen) repanic(depth int) string {
	return g.within(func() string {
		body := strings.Join(g.block(2, depth-1), "\n")
		return fmt.Sprintf("try(func() {\ndefer func() {\nr := recover()\nfmt.Println(\"first\", said(r))\nif r != nil {\npanic(fmt.Sprint(\"again \", said(r)))\n}\n}()\n%s\npanic(%q)\n})", body, words[1+g.r.Intn(4)])
	})
}
