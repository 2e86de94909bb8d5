package cell

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"go/types"
	"maps"
	"reflect"
	"runtime"
	"slices"
	"strings"

	"gofive/kernel/pure"
)

// A function that only computes is given to package pure as well, which runs it twenty times as fast.
// That pays where it has a loop or calls itself: then it begins by asking the engine for the result,
// and goes on by itself when it gets none. What is called in it must be such a function too, and is
// compiled with it, whether it has loops or not.

// purity is what is known of a pure function by its lowered name.
type purity struct {
	heavy bool // it loops or calls itself, or what does
	kind  reflect.Kind
}

// findPure describes the pure functions of the cell. Each is first taken for one; those that are not
// take those with them that call them.
func (l *lowering) findPure() {
	decls := map[string]*ast.FuncDecl{}
	l.pure, l.pureDecls = map[string]purity{}, map[*ast.FuncDecl]string{}
	for _, u := range l.units {
		d, ok := u.firstDecl().(*ast.FuncDecl)
		if !ok || u.source != nil || u.native || d.Body == nil || isGeneric(d) {
			continue
		}
		f := l.declared(d)
		if f == nil {
			continue
		}
		name := l.loweredName(d, f)
		if kind, ok := resultKind(f.Signature()); ok && name != "" {
			decls[name], l.pure[name] = d, purity{kind: kind}
		}
	}
	found := map[string]pure.Func{}
	for again := true; again; {
		again = false
		for _, name := range slices.Sorted(maps.Keys(decls)) {
			p := &purifier{lowering: l, name: name}
			f, ok := p.function(decls[name])
			if !ok {
				delete(decls, name)
				delete(l.pure, name)
				delete(found, name)
				again = true
				continue
			}
			if _, known := found[name]; !known || p.heavy != l.pure[name].heavy {
				l.pure[name] = purity{p.heavy || l.pure[name].heavy, f.Result}
				again = true
			}
			found[name] = f
		}
	}
	for name, d := range decls {
		l.pureDecls[d] = name
	}
	l.pureFuncs = slices.SortedFunc(maps.Values(found), func(a, b pure.Func) int { return strings.Compare(a.Name, b.Name) })
}

// resultKind gives the kind of a function's only result.
func resultKind(sig *types.Signature) (reflect.Kind, bool) {
	if sig.Results().Len() != 1 || sig.Variadic() || sig.TypeParams().Len() > 0 {
		return 0, false
	}
	return kindOf(sig.Results().At(0).Type())
}

// definePure writes the call by which the engine learns of the pure functions.
func (l *lowering) definePure() string {
	if len(l.pureFuncs) == 0 {
		return ""
	}
	text, err := json.Marshal(l.pureFuncs)
	if err != nil {
		panic(err) // of strings and finite numbers
	}
	return fmt.Sprintf("%s(%q)\n", l.rt("Pure"), text)
}

// tryPure gives the statement with which a function asks for its result, nil when it is none that does.
func (l *lowering) tryPure(ctx *funcContext) ast.Stmt {
	name := l.pureDecls[ctx.decl]
	p := l.pure[name]
	if !p.heavy || pure.ClassOf(p.kind) == pure.Memory && p.kind != reflect.String {
		return nil
	}
	args := []string{fmt.Sprintf("%q, %q", name, ctx.id)}
	for _, param := range purePlaces(ctx.decl) {
		if param.Name == "_" {
			return nil
		}
		args = append(args, param.Name)
	}
	t := l.temp()
	result := l.typeString(ctx.results.At(0).Type(), ctx.decl)
	return raw("if %s := %s(%s); %s != nil {\nreturn (%s)(%s.(%s))\n}", t, l.rt("Try"), strings.Join(args, ", "), t, result, t, p.kind)
}

// purePlaces gives the receiver and the parameters of a function, those without a name as _.
func purePlaces(d *ast.FuncDecl) []*ast.Ident {
	var list []*ast.Field
	if d.Recv != nil {
		list = append(list, d.Recv.List...)
	}
	var names []*ast.Ident
	for _, f := range append(list, d.Type.Params.List...) {
		if len(f.Names) == 0 {
			names = append(names, ast.NewIdent("_"))
		}
		names = append(names, f.Names...)
	}
	return names
}

var basicKinds = map[types.BasicKind]reflect.Kind{
	types.Bool: reflect.Bool, types.Int: reflect.Int, types.Int8: reflect.Int8, types.Int16: reflect.Int16, types.Int32: reflect.Int32,
	types.Int64: reflect.Int64, types.Uint: reflect.Uint, types.Uint8: reflect.Uint8, types.Uint16: reflect.Uint16,
	types.Uint32: reflect.Uint32, types.Uint64: reflect.Uint64, types.Uintptr: reflect.Uintptr, types.Float32: reflect.Float32,
	types.Float64: reflect.Float64, types.String: reflect.String,
	types.UntypedBool: reflect.Bool, types.UntypedInt: reflect.Int, types.UntypedRune: reflect.Int32, types.UntypedFloat: reflect.Float64,
	types.UntypedString: reflect.String,
}

// kindOf gives the kind of a type whose values pure functions work on: numbers, booleans, strings, slices
// and structs of them, and pointers to such structs.
func kindOf(t types.Type) (reflect.Kind, bool) { return kindWithin(t, 0) }

func kindWithin(t types.Type, depth int) (reflect.Kind, bool) {
	if t == nil || depth > 4 { // a type that contains itself has no end
		return 0, false
	}
	switch u := t.Underlying().(type) {
	case *types.Basic:
		k, ok := basicKinds[u.Kind()]
		return k, ok
	case *types.Slice:
		_, ok := kindWithin(u.Elem(), depth+1)
		return reflect.Slice, ok
	case *types.Pointer:
		k, ok := kindWithin(u.Elem(), depth+1)
		return reflect.Pointer, ok && k == reflect.Struct
	case *types.Struct:
		for f := range u.Fields() {
			if _, ok := kindWithin(f.Type(), depth+1); !ok {
				return 0, false
			}
		}
		return reflect.Struct, u.NumFields() > 0
	}
	return 0, false
}

// layout is how the compiler of the engine lays out memory.
var layout = types.SizesFor("gc", runtime.GOARCH)

// fieldOffset gives where a field is in a struct, or the struct that a pointer leads to, by way of embedded
// ones.
func fieldOffset(t types.Type, index []int) (int64, bool) {
	var at int64
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	for _, i := range index {
		s, ok := t.Underlying().(*types.Struct)
		if !ok {
			return 0, false
		}
		at += layout.Offsetsof(slices.Collect(s.Fields()))[i]
		t = s.Field(i).Type()
	}
	return at, true
}
