package cell

import (
	"fmt"
	"go/ast"
	"go/types"
	"strconv"
	"strings"
)

// typeString writes a type as the lowered source names it: cell types by their version, packages by
// their alias. A type that no source outside its package can name is refused at pos.
func (l *lowering) typeString(t types.Type, at ast.Node) string {
	w := &typeWriter{alias: l.alias, cellType: l.cellType, lowered: true}
	w.refuse = func(format string, args ...any) { l.refuse(at, format, args...) }
	w.write(t)
	return w.String()
}

// cellType gives the lowered name of a cell's type, "" for others.
func (l *lowering) cellType(n *types.TypeName, args *types.TypeList) string {
	if args.Len() > 0 {
		return l.typeInstance(n, args)
	}
	if version, ok := l.names[n]; ok {
		return version
	}
	if version, ok := l.session.types[n]; ok {
		return version
	}
	return l.localType(n)
}

// localType gives the lowered name of a type declared in a function, which is declared outside: what
// is made for it stands there too.
func (l *lowering) localType(n *types.TypeName) string {
	l.locals[n] = true
	name := fmt.Sprintf("%s_%d", version(n.Name(), l.session.seq), len(l.locals))
	l.names[n] = name
	text := l.typeString(n.Type().Underlying(), at(n.Pos()))
	l.makeType(name, n.Type(), text)
	return name
}

// typeWriter writes types as source. How packages and types of cells are called, and what becomes of
// a type that cannot be written, depends on who reads the source.
type typeWriter struct {
	strings.Builder
	alias    func(path string) string
	cellType func(t *types.TypeName, args *types.TypeList) string
	refuse   func(format string, args ...any)
	generics bool // who reads the source knows the generic types of packages
	lowered  bool // for the interpreter: interfaces of cells are empty, embedded fields have names
}

func (w *typeWriter) write(t types.Type) {
	switch t := t.(type) {
	case *types.Basic:
		w.basic(t)
	case *types.Alias:
		w.named(t.Obj(), t.TypeArgs(), t)
	case *types.Named:
		w.named(t.Obj(), t.TypeArgs(), t)
	case *types.TypeParam:
		w.WriteString(t.Obj().Name())
	case *types.Pointer:
		w.join("*", t.Elem())
	case *types.Slice:
		w.join("[]", t.Elem())
	case *types.Array:
		w.join("["+strconv.FormatInt(t.Len(), 10)+"]", t.Elem())
	case *types.Map:
		w.join("map[", t.Key())
		w.join("]", t.Elem())
	case *types.Chan:
		w.join([]string{types.SendRecv: "chan ", types.SendOnly: "chan<- ", types.RecvOnly: "<-chan "}[t.Dir()]+"(", t.Elem())
		w.WriteString(")")
	case *types.Signature:
		w.WriteString("func")
		w.signature(t)
	case *types.Struct:
		w.structure(t)
	case *types.Interface:
		w.iface(t)
	}
}

func (w *typeWriter) join(before string, t types.Type) {
	w.WriteString(before)
	w.write(t)
}

func (w *typeWriter) basic(t *types.Basic) {
	switch t.Kind() {
	case types.UnsafePointer:
		w.WriteString(w.alias("unsafe") + ".Pointer")
	case types.UntypedNil:
		w.WriteString("any")
	default:
		w.WriteString(types.Default(t).String())
	}
}

// named writes a declared type or an alias of one.
func (w *typeWriter) named(obj *types.TypeName, args *types.TypeList, t types.Type) {
	ours := obj.Pkg() == nil || obj.Pkg().Path() == "main"
	switch {
	case w.lowered && ours && types.Unalias(t) != t:
		w.write(types.Unalias(t))
	case w.lowered && ours && (isInterface(t) && !isCompiled(t) || containsItself(t)):
		w.WriteString("interface{}")
	case obj.Pkg() == nil:
		w.WriteString(obj.Name()) // error, any
	case obj.Pkg().Path() == "main":
		w.WriteString(w.cellType(obj, args))
	case types.Unalias(t) != t && (!obj.Exported() || args.Len() > 0):
		w.write(types.Unalias(t))
	case args.Len() > 0 && w.generics:
		w.WriteString(w.alias(obj.Pkg().Path()) + "." + obj.Name())
		w.join("[", args.At(0))
		for i := 1; i < args.Len(); i++ {
			w.join(", ", args.At(i))
		}
		w.WriteString("]")
	case args.Len() > 0:
		if erased := erasedType(t); w.lowered && erased != "" {
			w.WriteString(w.alias(runtimePath) + "." + erased)
			return
		}
		if n, ok := types.Unalias(t).(*types.Named); ok && w.lowered && isWrittenOut(n) {
			w.write(n.Underlying())
			return
		}
		// A package's own generic type: yaegi has none of them, but a function type can be written out.
		if sig, ok := t.Underlying().(*types.Signature); ok {
			w.write(sig)
			return
		}
		w.refuse("%s.%s is generic, and cells cannot use it yet", obj.Pkg().Name(), obj.Name())
	case obj.Exported():
		w.WriteString(w.alias(obj.Pkg().Path()) + "." + obj.Name())
	default:
		w.refuse("a value of type %s.%s cannot be kept: the package does not export the type", obj.Pkg().Name(), obj.Name())
	}
}

func (w *typeWriter) signature(sig *types.Signature) {
	w.tuple(sig.Params(), sig.Variadic())
	w.WriteString(" ")
	w.tuple(sig.Results(), false)
}

func (w *typeWriter) tuple(t *types.Tuple, variadic bool) {
	w.WriteString("(")
	for i := range t.Len() {
		if i > 0 {
			w.WriteString(", ")
		}
		typ := t.At(i).Type()
		if s, ok := typ.(*types.Slice); ok && variadic && i == t.Len()-1 {
			w.join("...", s.Elem())
		} else {
			w.write(typ)
		}
	}
	w.WriteString(")")
}

func (w *typeWriter) structure(t *types.Struct) {
	w.WriteString("struct{")
	for i := range t.NumFields() {
		if i > 0 {
			w.WriteString("; ")
		}
		switch f := t.Field(i); {
		case w.lowered && f.Name() == "_":
			fmt.Fprintf(w, "%sblank%d ", mark, i)
		case w.lowered || !f.Embedded():
			w.WriteString(f.Name() + " ")
		}
		w.write(t.Field(i).Type())
		if tag := t.Tag(i); tag != "" {
			w.WriteString(" " + strconv.Quote(tag))
		}
	}
	w.WriteString("}")
}

func (w *typeWriter) iface(t *types.Interface) {
	if t.NumMethods() == 0 && t.IsMethodSet() || w.lowered {
		w.WriteString("interface{}")
		return
	}
	w.WriteString("interface{")
	for i := range t.NumExplicitMethods() {
		m := t.ExplicitMethod(i)
		fmt.Fprintf(w, "%s", m.Name())
		w.signature(m.Signature())
		w.WriteString("; ")
	}
	for e := range t.EmbeddedTypes() {
		w.write(e)
		w.WriteString("; ")
	}
	w.WriteString("}")
}
