package main

import (
	"bytes"
	"fmt"
	"go/format"
	"go/types"
	"maps"
	"path"
	"slices"
	"strings"
)

const tablePrefix = "pkg_"

// symbolTable gives the Go file that registers the package's functions, variables and types with
// yaegi, or nil when it has none. Generic objects are left out, for yaegi cannot hold them, and so
// are constants: the lowering has folded them into literals.
func symbolTable(p *types.Package) []byte {
	t := table{pkg: p, imports: map[string]string{"reflect": "reflect"}}
	t.name(p)
	for _, obj := range exported(p) {
		t.add(obj)
	}
	if t.entries.Len() == 0 {
		return nil
	}
	src, err := format.Source(t.file())
	if err != nil {
		panic(fmt.Sprintf("table of %s: %v", p.Path(), err))
	}
	return src
}

// table collects the parts of one file.
type table struct {
	pkg      *types.Package
	imports  map[string]string // path -> name in the file
	entries  bytes.Buffer
	wrappers bytes.Buffer
}

// name gives the name that the file uses for a package, and imports it.
func (t *table) name(p *types.Package) string {
	if n, ok := t.imports[p.Path()]; ok {
		return n
	}
	n := p.Name()
	for taken := true; taken; {
		taken = false
		for _, other := range t.imports {
			if other == n {
				n, taken = n+"_", true
			}
		}
	}
	t.imports[p.Path()] = n
	return n
}

func (t *table) add(obj types.Object) {
	name := t.name(t.pkg) + "." + obj.Name()
	switch obj := obj.(type) {
	case *types.Func:
		if obj.Signature().TypeParams() == nil {
			fmt.Fprintf(&t.entries, "%q: reflect.ValueOf(%s),\n", obj.Name(), name)
		}
	case *types.Var:
		fmt.Fprintf(&t.entries, "%q: reflect.ValueOf(&%s).Elem(),\n", obj.Name(), name)
	case *types.TypeName:
		if generic(obj.Type()) {
			return
		}
		if iface, ok := obj.Type().Underlying().(*types.Interface); ok && !iface.IsMethodSet() {
			return // a constraint is no type of a value
		}
		fmt.Fprintf(&t.entries, "%q: reflect.ValueOf((*%s)(nil)),\n", obj.Name(), name)
		t.wrap(obj)
	}
}

// generic reports whether a type, or the alias of one, still has type parameters.
func generic(t types.Type) bool {
	switch t := t.(type) {
	case *types.Alias:
		return t.TypeParams() != nil || generic(types.Unalias(t))
	case *types.Named:
		return t.TypeParams() != nil && t.TypeArgs() == nil
	}
	return false
}

// wrap adds the type by which yaegi lets an interpreted value stand for an interface: one function
// field a method, in the layout and under the names that yaegi expects.
func (t *table) wrap(obj *types.TypeName) {
	iface, ok := obj.Type().Underlying().(*types.Interface)
	if !ok || iface.NumMethods() == 0 || !t.nameable(iface) {
		return
	}
	id := "_" + strings.NewReplacer("/", "_", ".", "_").Replace(t.pkg.Path()) + "_" + obj.Name()
	fmt.Fprintf(&t.entries, "\"_%s\": reflect.ValueOf((*%s)(nil)),\n", obj.Name(), id)
	w := &t.wrappers
	fmt.Fprintf(w, "\n// %s stands for %s.\ntype %s struct {\nIValue any\n", id, obj.Name(), id)
	for m := range iface.Methods() {
		fmt.Fprintf(w, "W%s func%s\n", m.Name(), t.signature(m.Signature(), false))
	}
	fmt.Fprintf(w, "}\n")
	for m := range iface.Methods() {
		fmt.Fprintf(w, "\nfunc (w %s) %s%s {", id, m.Name(), t.signature(m.Signature(), true))
		t.body(m)
		fmt.Fprintf(w, "}\n")
	}
	if t.pkg.Path() == "fmt" && obj.Name() == "Stringer" {
		state := t.name(t.pkg)
		fmt.Fprintf(w, "\n// Format keeps verbs such as %%d for the value that is wrapped.\n")
		fmt.Fprintf(w, "func (w %s) Format(s %s.State, verb rune) { formatStringer(s, verb, w.IValue, w.WString) }\n", id, state)
	}
}

// body writes the call of the function field that implements m. A missing String gives "": yaegi
// passes such wrappers for values that have only some methods of a composed interface.
func (t *table) body(m *types.Func) {
	sig := m.Signature()
	if m.Name() == "String" && sig.Params().Len() == 0 && sig.Results().Len() == 1 {
		fmt.Fprintf(&t.wrappers, "\nif w.WString == nil {\nreturn \"\"\n}\n")
	}
	if sig.Results().Len() > 0 {
		fmt.Fprint(&t.wrappers, "return ")
	}
	args := make([]string, sig.Params().Len())
	for i := range args {
		args[i] = fmt.Sprintf("a%d", i)
	}
	if sig.Variadic() {
		args[len(args)-1] += "..."
	}
	fmt.Fprintf(&t.wrappers, "w.W%s(%s)", m.Name(), strings.Join(args, ", "))
}

// signature prints parameters and results, the parameters as a0, a1 ... when named.
func (t *table) signature(sig *types.Signature, named bool) string {
	var b strings.Builder
	b.WriteByte('(')
	for i := range sig.Params().Len() {
		if i > 0 {
			b.WriteString(", ")
		}
		if named {
			fmt.Fprintf(&b, "a%d ", i)
		}
		typ := sig.Params().At(i).Type()
		if s, ok := typ.(*types.Slice); ok && sig.Variadic() && i == sig.Params().Len()-1 {
			b.WriteString("...")
			typ = s.Elem()
		}
		b.WriteString(types.TypeString(typ, t.name))
	}
	b.WriteString(") (")
	for i := range sig.Results().Len() {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(types.TypeString(sig.Results().At(i).Type(), t.name))
	}
	b.WriteByte(')')
	return b.String()
}

// nameable reports whether a file outside the package can write the interface's methods down.
func (t *table) nameable(iface *types.Interface) bool {
	for m := range iface.Methods() {
		if !m.Exported() || !writable(m.Type(), map[types.Type]bool{}) {
			return false
		}
	}
	return true
}

// writable reports whether every named type in t is exported and importable.
func writable(t types.Type, seen map[types.Type]bool) bool {
	if seen[t] {
		return true
	}
	seen[t] = true
	tuple := func(tu *types.Tuple) bool {
		for v := range tu.Variables() {
			if !writable(v.Type(), seen) {
				return false
			}
		}
		return true
	}
	name := func(o *types.TypeName) bool {
		return o.Pkg() == nil || o.Exported() && !slices.Contains(strings.Split(o.Pkg().Path(), "/"), "internal")
	}
	switch t := t.(type) {
	case *types.Alias:
		return name(t.Obj())
	case *types.Named:
		for a := range t.TypeArgs().Types() {
			if !writable(a, seen) {
				return false
			}
		}
		return name(t.Obj())
	case *types.Signature:
		return tuple(t.Params()) && tuple(t.Results())
	case *types.Map:
		return writable(t.Key(), seen) && writable(t.Elem(), seen)
	case *types.TypeParam:
		return false
	case *types.Struct:
		for f := range t.Fields() {
			if !f.Exported() || !writable(f.Type(), seen) {
				return false
			}
		}
		return true
	case *types.Interface:
		for m := range t.Methods() {
			if !m.Exported() || !writable(m.Type(), seen) {
				return false
			}
		}
		return true
	case interface{ Elem() types.Type }:
		return writable(t.Elem(), seen)
	}
	return true
}

// file joins the parts.
func (t *table) file() []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "// Code generated by kernel/symbols/gen. DO NOT EDIT.\n\npackage symbols\n\nimport (\n")
	for _, p := range slices.Sorted(maps.Keys(t.imports)) {
		if n := t.imports[p]; n == path.Base(p) {
			fmt.Fprintf(&b, "%q\n", p)
		} else {
			fmt.Fprintf(&b, "%s %q\n", n, p)
		}
	}
	fmt.Fprintf(&b, ")\n\nfunc init() {\nTable[%q] = map[string]reflect.Value{\n%s}\n}\n%s",
		t.pkg.Path()+"/"+t.pkg.Name(), t.entries.Bytes(), t.wrappers.Bytes())
	return b.Bytes()
}
