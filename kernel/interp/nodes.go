package interp

import (
	"reflect"
	"runtime"
	"unsafe"

	"github.com/traefik/yaegi/interp"
)

// yaegi makes a tree of nodes of a source, and of each a step, which runs it in a frame. None of it is
// exported: here is where it keeps what this package mends, in the version that go.mod names.
var (
	nodeType  = field(reflect.TypeFor[interp.Program](), "root").Type.Elem()
	execOf    = field(nodeType, "exec")
	findexOf  = field(nodeType, "findex")
	levelOf   = field(nodeType, "level")
	fnextOf   = field(nodeType, "fnext")
	frameType = execOf.Type.In(0).Elem()
	dataOf    = field(frameType, "data")
	ancOf     = field(frameType, "anc")
	rootOf    = field(frameType, "root")
)

func field(t reflect.Type, name string) reflect.StructField {
	f, ok := t.FieldByName(name)
	if !ok {
		panic("yaegi has no field " + name)
	}
	return f
}

type (
	// node is one of yaegi's.
	node struct{ at unsafe.Pointer }
	// step is yaegi's bltn: it runs a node in a frame and gives the step that comes next.
	step func(frame unsafe.Pointer) (next unsafe.Pointer)
	// generator makes the step of a node.
	generator func(node)
)

// inside gives a field of a node or frame.
func inside[T any](of unsafe.Pointer, f reflect.StructField) *T {
	return (*T)(unsafe.Add(of, f.Offset))
}

func (n node) exec() *step { return inside[step](n.at, execOf) }

// value gives the place of a node's value, given the frame that its step runs in.
func (n node) value(frame unsafe.Pointer) *reflect.Value {
	const global = -1
	level := *inside[int](n.at, levelOf)
	if level == global {
		frame = *inside[unsafe.Pointer](frame, rootOf)
	}
	for ; level > 0; level-- {
		frame = *inside[unsafe.Pointer](frame, ancOf)
	}
	return &(*inside[[]reflect.Value](frame, dataOf))[*inside[int](n.at, findexOf)]
}

// generators are those of yaegi, by operation.
//
//go:linkname generators github.com/traefik/yaegi/interp.builtin
var generators [64]generator

// init has *p fail when p is nil. yaegi leaves it to what is done with the value, and that may be nothing, or to
// take an element from a map, or to print that the value is invalid.
func init() {
	for i, g := range generators {
		if g == nil || runtime.FuncForPC(reflect.ValueOf(g).Pointer()).Name() != "github.com/traefik/yaegi/interp.deref" {
			continue
		}
		generators[i] = func(n node) {
			g(n)
			n.mustGive()
		}
		return
	}
	panic("yaegi has no operation deref")
}

// mustGive has the step of a node fail when it gives no value. A condition does so by itself.
func (n node) mustGive() {
	if *inside[unsafe.Pointer](n.at, fnextOf) != nil {
		return
	}
	run := *n.exec()
	*n.exec() = func(frame unsafe.Pointer) unsafe.Pointer {
		next := run(frame)
		if !n.value(frame).IsValid() {
			dereference(nil)
		}
		return next
	}
}

// dereference fails as Go does.
//
//go:noinline
func dereference(p *int) int { return *p }
