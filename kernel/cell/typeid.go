package cell

import (
	"encoding/json"
	"fmt"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/types/typeutil"
)

// The engine knows types of cells by number. The first cell that puts a value of a type into a box
// defines the type to the engine, with what it is made of and its methods.

// typeTable numbers the types that the engine knows.
type typeTable struct {
	ids   typeutil.Map
	last  int
	added []types.Type // by the program checked last
}

// typeDef is a type as the engine learns of it.
type typeDef struct {
	ID     int
	Name   string // as %T prints it
	Cell   string `json:",omitempty"` // of a named type
	Kind   string
	Elem   int         `json:",omitempty"` // 0 for a type that compiled code knows
	Key    int         `json:",omitempty"`
	In     []int       `json:",omitempty"` // of a function
	Out    []int       `json:",omitempty"`
	Fields []fieldDef  `json:",omitempty"`
	Wants  []methodDef `json:",omitempty"` // of an interface
}

type fieldDef struct {
	Name     string
	Embedded bool   `json:",omitempty"`
	Tag      string `json:",omitempty"`
	Type     int    `json:",omitempty"`
}

type methodDef struct{ Name, Signature string }

// typeID gives the number of a type, which is defined by this cell if it is new.
func (l *lowering) typeID(t types.Type) int {
	t = types.Unalias(t)
	if id, ok := l.session.table.ids.At(t).(int); ok {
		return id
	}
	if id, ok := l.newTypes.At(t).(int); ok {
		return id
	}
	l.session.table.last++ // a number is never used twice, even if the cell fails
	id := l.session.table.last
	l.newTypes.Set(t, id)
	def := &typeDef{ID: id, Name: goName(t), Kind: kindName(t.Underlying())}
	l.typeDefs = append(l.typeDefs, def)
	if n, ok := t.(*types.Named); ok {
		def.Cell = l.cellOf(n.Obj())
		for m := range n.Methods() {
			l.registerMethod(id, n, m)
		}
	}
	l.describe(def, t.Underlying())
	return id
}

// part gives the number of a type that another is made of, 0 when compiled code knows it.
func (l *lowering) part(t types.Type) int {
	if isForeign(t) {
		return l.typeID(t)
	}
	return 0
}

// describe writes down what a type is made of.
func (l *lowering) describe(def *typeDef, t types.Type) {
	switch t := t.(type) {
	case *types.Pointer:
		def.Elem = l.part(t.Elem())
	case *types.Slice:
		def.Elem = l.part(t.Elem())
	case *types.Array:
		def.Elem = l.part(t.Elem())
	case *types.Chan:
		def.Elem = l.part(t.Elem())
	case *types.Map:
		def.Key, def.Elem = l.part(t.Key()), l.part(t.Elem())
	case *types.Signature:
		for v := range t.Params().Variables() {
			def.In = append(def.In, l.part(v.Type()))
		}
		for v := range t.Results().Variables() {
			def.Out = append(def.Out, l.part(v.Type()))
		}
	case *types.Struct:
		for i := range t.NumFields() {
			f := t.Field(i)
			def.Fields = append(def.Fields, fieldDef{Name: f.Name(), Embedded: f.Embedded(), Tag: t.Tag(i), Type: l.part(f.Type())})
		}
	case *types.Interface:
		for m := range t.Methods() {
			def.Wants = append(def.Wants, methodDef{m.Name(), signatureName(m.Signature())})
		}
	}
}

func kindName(t types.Type) string {
	switch t.(type) {
	case *types.Pointer:
		return "pointer"
	case *types.Slice:
		return "slice"
	case *types.Array:
		return "array"
	case *types.Chan:
		return "chan"
	case *types.Map:
		return "map"
	case *types.Signature:
		return "func"
	case *types.Struct:
		return "struct"
	case *types.Interface:
		return "interface"
	}
	return "basic"
}

// cellOf gives the cell that declares a type.
func (l *lowering) cellOf(t *types.TypeName) string {
	if e := l.session.names[t.Name()]; e != nil && e.obj == types.Object(t) {
		return e.cell
	}
	return l.name
}

// registerMethod has the engine know a method of a type, or its new body.
func (l *lowering) registerMethod(id int, n *types.Named, m *types.Func) {
	fn := l.methodFunc(m)
	if fn == "" {
		return
	}
	_, pointer := types.Unalias(m.Signature().Recv().Type()).(*types.Pointer)
	typ := l.part(withoutReceiver(m.Signature()))
	l.registered = append(l.registered, fmt.Sprintf("%s(%d, %q, %t, %q, %d, %s)\n", l.rt("Method"), id, m.Name(), pointer, signatureName(m.Signature()), typ, fn))
	_, here := l.pure[fn]
	if _, before := l.session.pure[fn]; here || before {
		l.registered = append(l.registered, fmt.Sprintf("%s(%d, %q, %q)\n", l.rt("Quick"), id, m.Name(), fn)) // sorted behind Method
	}
}

// definitions writes the calls by which the engine learns of types and methods.
func (l *lowering) definitions() string {
	var b strings.Builder
	if len(l.typeDefs) > 0 {
		text, err := json.Marshal(l.typeDefs)
		if err != nil {
			panic(err) // of strings and numbers
		}
		fmt.Fprintf(&b, "%s(%q)\n", l.rt("Define"), text)
	}
	slices.Sort(l.registered)
	b.WriteString(strings.Join(slices.Compact(l.registered), ""))
	return b.String()
}

// signatureName writes the type of a method as package reflect does. The engine compares it.
func signatureName(sig *types.Signature) string {
	return goName(types.NewSignatureType(nil, nil, nil, sig.Params(), sig.Results(), sig.Variadic()))
}

// goName writes a type as package reflect does, which is what %T prints.
func goName(t types.Type) string {
	var b strings.Builder
	writeGoName(&b, t)
	return b.String()
}

func writeGoName(b *strings.Builder, t types.Type) {
	join := func(before string, t types.Type) {
		b.WriteString(before)
		writeGoName(b, t)
	}
	switch t := types.Unalias(t).(type) {
	case *types.Basic:
		b.WriteString(basicName(t))
	case *types.Named:
		writeNamed(b, t)
	case *types.Pointer:
		join("*", t.Elem())
	case *types.Slice:
		join("[]", t.Elem())
	case *types.Array:
		join(fmt.Sprintf("[%d]", t.Len()), t.Elem())
	case *types.Map:
		join("map[", t.Key())
		join("]", t.Elem())
	case *types.Chan:
		join([]string{types.SendRecv: "chan ", types.SendOnly: "chan<- ", types.RecvOnly: "<-chan "}[t.Dir()], t.Elem())
	case *types.Signature:
		b.WriteString("func")
		writeGoSignature(b, t)
	case *types.Struct:
		writeGoStruct(b, t)
	case *types.Interface:
		writeGoInterface(b, t)
	}
}

func basicName(t *types.Basic) string {
	switch t.Kind() {
	case types.Byte:
		return "uint8"
	case types.Rune:
		return "int32"
	case types.UnsafePointer:
		return "unsafe.Pointer"
	}
	return types.Default(t).String()
}

func writeNamed(b *strings.Builder, t *types.Named) {
	if p := t.Obj().Pkg(); p != nil {
		b.WriteString(plain(p.Name()) + ".")
	}
	b.WriteString(plain(t.Obj().Name()))
	for i := range t.TypeArgs().Len() {
		b.WriteString([]string{"[", ","}[min(i, 1)])
		writeGoName(b, t.TypeArgs().At(i))
	}
	if t.TypeArgs().Len() > 0 {
		b.WriteString("]")
	}
}

func writeGoSignature(b *strings.Builder, t *types.Signature) {
	b.WriteString("(")
	for i := range t.Params().Len() {
		if i > 0 {
			b.WriteString(", ")
		}
		p := t.Params().At(i).Type()
		if s, ok := p.(*types.Slice); ok && t.Variadic() && i == t.Params().Len()-1 {
			b.WriteString("...")
			p = s.Elem()
		}
		writeGoName(b, p)
	}
	b.WriteString(")")
	switch n := t.Results().Len(); {
	case n == 1:
		b.WriteString(" ")
		writeGoName(b, t.Results().At(0).Type())
	case n > 1:
		b.WriteString(" (")
		for i := range n {
			if i > 0 {
				b.WriteString(", ")
			}
			writeGoName(b, t.Results().At(i).Type())
		}
		b.WriteString(")")
	}
}

func writeGoStruct(b *strings.Builder, t *types.Struct) {
	b.WriteString("struct {")
	for i := range t.NumFields() {
		b.WriteString([]string{" ", "; "}[min(i, 1)])
		f := t.Field(i)
		if !f.Embedded() {
			b.WriteString(f.Name() + " ")
		}
		writeGoName(b, f.Type())
		if tag := t.Tag(i); tag != "" {
			fmt.Fprintf(b, " %q", tag)
		}
	}
	if t.NumFields() > 0 {
		b.WriteString(" ")
	}
	b.WriteString("}")
}

func writeGoInterface(b *strings.Builder, t *types.Interface) {
	if t.NumMethods() == 0 {
		b.WriteString("interface {}")
		return
	}
	b.WriteString("interface {")
	for i := range t.NumMethods() {
		b.WriteString([]string{" ", "; "}[min(i, 1)] + t.Method(i).Name())
		writeGoSignature(b, t.Method(i).Signature())
	}
	b.WriteString(" }")
}
