package cell

import (
	"fmt"
	"go/types"

	"golang.org/x/tools/go/types/typeutil"
)

// Structs that refer to each other, as a graph and its nodes, are a ring. yaegi makes the types of a ring wrong
// as soon as it meets two of them again: so they stand in a source of their own, and the engine makes them.

// madeType is a struct type that the source declares.
type madeType struct {
	name string // lowered
	typ  types.Type
}

// makeType declares a type.
func (l *lowering) makeType(name string, t types.Type, text string) {
	fmt.Fprintf(&l.made, "type %s %s\n", name, text)
	if _, ok := t.Underlying().(*types.Struct); ok {
		l.structs = append(l.structs, madeType{name, t})
	}
}

// ring gives the names of the structs that are part of a ring, each behind those that have to be ready before
// it; nil for none, or when there is no such order.
func (l *lowering) ring() []string {
	if len(l.structs) < 2 {
		return nil
	}
	r := &rings{all: l.structs, done: map[int]bool{}, inside: map[int]bool{}}
	for i, m := range r.all {
		r.index.Set(m.typ, i)
	}
	reached := make([]map[int]bool, len(r.all))
	for i := range r.all {
		reached[i] = map[int]bool{}
		r.reach(i, reached[i])
	}
	for i := range r.all {
		for j := range reached[i] {
			r.inside[i] = r.inside[i] || i != j && reached[j][i]
		}
	}
	for i := range r.all {
		if r.inside[i] && !r.order(i, map[int]bool{}) {
			return nil
		}
	}
	return r.names
}

// rings finds the structs of rings among all.
type rings struct {
	all    []madeType
	index  typeutil.Map // type -> place in all
	inside map[int]bool // part of a ring
	done   map[int]bool // in names
	names  []string
}

// reach notes the structs that one refers to, in one step or in several.
func (r *rings) reach(i int, reached map[int]bool) {
	r.references(r.all[i].typ.Underlying(), false, func(j int, _ bool) {
		if !reached[j] {
			reached[j] = true
			r.reach(j, reached)
		}
	})
}

// order puts a struct of a ring behind those that it holds; above are those that wait for it.
func (r *rings) order(i int, above map[int]bool) bool {
	if r.done[i] {
		return true
	}
	if above[i] {
		return false // as by way of map[string]T in T
	}
	above[i] = true
	ok := true
	r.references(r.all[i].typ.Underlying(), false, func(j int, pointed bool) {
		if r.inside[j] && !pointed {
			ok = ok && r.order(j, above)
		}
	})
	r.done[i] = true
	r.names = append(r.names, r.all[i].name)
	return ok
}

// references tells of the structs that a type is made of. Those that it points at need not be ready, as the
// elements of slices, what channels carry and what functions take and give; those of maps have to.
func (r *rings) references(t types.Type, pointed bool, tell func(i int, pointed bool)) {
	r.within(t, pointed, tell, map[types.Type]bool{})
}

func (r *rings) within(t types.Type, pointed bool, tell func(i int, pointed bool), seen map[types.Type]bool) {
	switch t := types.Unalias(t).(type) {
	case *types.Named:
		if i, ok := r.index.At(t).(int); ok {
			tell(i, pointed)
		} else if !seen[t] && t.Obj().Pkg() != nil && t.Obj().Pkg().Path() == "main" && !containsItself(t) {
			seen[t] = true
			r.within(t.Underlying(), pointed, tell, seen)
		}
	case *types.Pointer:
		r.within(t.Elem(), true, tell, seen)
	case *types.Slice:
		r.within(t.Elem(), true, tell, seen)
	case *types.Chan:
		r.within(t.Elem(), true, tell, seen)
	case *types.Array:
		r.within(t.Elem(), false, tell, seen)
	case *types.Map:
		r.within(t.Key(), false, tell, seen)
		r.within(t.Elem(), false, tell, seen)
	case *types.Struct:
		for f := range t.Fields() {
			r.within(f.Type(), false, tell, seen)
		}
	case *types.Signature:
		for _, tuple := range []*types.Tuple{t.Params(), t.Results()} {
			for v := range tuple.Variables() {
				r.within(v.Type(), true, tell, seen)
			}
		}
	}
}
