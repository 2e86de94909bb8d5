package cell

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
)

// A method that a later cell declares again is another function for whoever called the earlier one. So
// fragments name methods by tokens too, of which those of the last versions become the plain names.

// methodToken stands for a method of a cell's type in fragments; "" for methods of other and of generic
// types, which keep their name.
func (c *check) methodToken(f *types.Func) string {
	n := receiverType(f)
	if n == nil || n.Obj().Pkg() == nil || n.Obj().Pkg().Path() != "main" || types.IsInterface(n) || n.TypeArgs().Len()+n.TypeParams().Len() > 0 {
		return ""
	}
	return c.tokenOf(n.Obj(), f.Name())
}

// declaredMethod is methodToken for the declaration of a method.
func (c *check) declaredMethod(d *ast.FuncDecl) string {
	if x := c.extensions[d]; x != nil {
		return c.tokenOf(x.typ.Obj(), x.name)
	}
	if f := c.declared(d); f != nil {
		return c.methodToken(f)
	}
	return ""
}

// tokenOf gives the token of a method in the version that this cell calls.
func (c *check) tokenOf(t *types.TypeName, method string) string {
	v := c.session.methods[t][method]
	if c.declaresMethod(t, method) {
		v = version(t.Name()+"_"+method, c.session.seq)
	}
	if v == "" {
		return ""
	}
	key := v + "." + method // of another type's method, the first part may be the same
	i := slices.Index(c.session.methodVersions, key)
	if i < 0 {
		i = len(c.session.methodVersions)
		c.session.methodVersions = append(c.session.methodVersions, key)
	}
	return fmt.Sprintf("%s%sm%d", method, mark, i)
}

// declaresMethod reports whether the cell declares a method of a type, be it its own or an earlier one.
func (c *check) declaresMethod(t *types.TypeName, method string) bool {
	for _, x := range c.extensions {
		if x.typ.Obj() == t && x.name == method {
			return true
		}
	}
	return c.session.types[t] == "" && c.pkg.Scope().Lookup(t.Name()) == types.Object(t)
}

// needMethod takes a method in with its type, of which it may be an older one.
func (a *assembly) needMethod(f *fragment) {
	a.need(f.of)
	if t := a.texts(f.of); t != nil && !slices.Contains(t.methods, f) {
		a.older = append(a.older, f)
		a.need(f.text)
	}
}

// methodName gives a method its name in the file: its own, or one with a number when it is an older one.
func (a *assembly) methodName(token, name string) string {
	i := slices.IndexFunc(a.older, func(f *fragment) bool { return f.declares[0] == token })
	if i < 0 {
		return name
	}
	n := 1
	for _, f := range a.older[:i] {
		if f.of == a.older[i].of && f.method == name {
			n++
		}
	}
	for a.words[fmt.Sprintf("%s_%d", name, n)] {
		n++
	}
	return fmt.Sprintf("%s_%d", name, n)
}

// methodsOf gives the methods of a type as the file has them, the older ones last.
func (a *assembly) methodsOf(t *fragment) []*fragment {
	var all []*fragment
	for _, f := range t.methods {
		note := ""
		if f.replaced != nil {
			note = fmt.Sprintf("// %s was another in %s: what an interface called in cells before %s, it calls here.\n", f.method, f.replaced.cell, f.cell)
		}
		all = append(all, f.with(note))
	}
	for _, f := range a.older {
		if f.of == t.declares[0] {
			all = append(all, f.with(fmt.Sprintf("// %s is %s as %s has it.\n", a.names[f.declares[0]], f.method, f.cell)))
		}
	}
	return all
}

// with gives a fragment with a note above it.
func (f *fragment) with(note string) *fragment {
	noted := *f
	noted.comment += note
	return &noted
}
