package pure

import (
	"reflect"
	"unsafe"
)

// statement runs and says how the statements around it go on.
type statement func(*frame) flow

type flow int

const (
	next flow = iota
	broken
	continued
	returned
)

// statement makes a statement.
func (c *compiler) statement(n Node) statement {
	switch n.Op {
	case "block":
		return c.block(n.Args)
	case "set":
		return c.set(n)
	case "sets":
		return c.sets(n)
	case "store":
		return c.store(n)
	case "if":
		return c.ifelse(n)
	case "for":
		return c.loop(n)
	case "return":
		return c.result(n.Args[0])
	case "giveup":
		return func(*frame) flow { panic(giveUp{}) }
	case "break":
		return func(*frame) flow { return broken }
	case "continue":
		return func(*frame) flow { return continued }
	}
	panic("pure: no statement " + n.Op)
}

func (c *compiler) block(list []Node) statement {
	all := make([]statement, len(list))
	for i, n := range list {
		all[i] = c.statement(n)
	}
	switch len(all) {
	case 0:
		return func(*frame) flow { return next }
	case 1:
		return all[0]
	case 2:
		a, b := all[0], all[1]
		return func(f *frame) flow {
			if how := a(f); how != next {
				return how
			}
			return b(f)
		}
	}
	return func(f *frame) flow {
		for _, s := range all {
			if how := s(f); how != next {
				return how
			}
		}
		return next
	}
}

// set gives a variable a value.
func (c *compiler) set(n Node) statement {
	slot := n.Int
	switch ClassOf(n.Kind) {
	case Whole:
		a := n.Args[0]
		if n.Kind == reflect.Int && a.Op == "+" && a.Args[0].Op == "local" && a.Args[0].Int == slot {
			y := c.whole(a.Args[1])
			if a.Args[1].Op == "const" {
				k := a.Args[1].Int
				return func(f *frame) flow { f.whole[slot] += k; return next }
			}
			return func(f *frame) flow { v := f.whole[slot] + y(f); f.whole[slot] = v; return next }
		}
		x := c.whole(a)
		return func(f *frame) flow { f.whole[slot] = x(f); return next }
	case Float:
		x := c.float(n.Args[0])
		return func(f *frame) flow { f.float[slot] = x(f); return next }
	}
	x := c.place(n.Args[0])
	return func(f *frame) flow { f.memory[slot] = x(f); return next }
}

// sets gives several variables values that are all computed before.
func (c *compiler) sets(n Node) statement {
	read, write := make([]statement, len(n.Args)), make([]statement, len(n.Args))
	for i, s := range n.Args { // by way of slots of their own, of which n.Int is the first
		temporary := s
		temporary.Int = n.Int + int64(i)
		read[i] = c.set(temporary)
		s.Args = []Node{{Op: "local", Kind: s.Kind, Int: temporary.Int}}
		write[i] = c.set(s)
	}
	return func(f *frame) flow {
		for _, s := range read {
			s(f)
		}
		for _, s := range write {
			s(f)
		}
		return next
	}
}

// store gives an element of a slice that was made here a value.
func (c *compiler) store(n Node) statement {
	at := c.address(n.Args[0])
	if ClassOf(n.Kind) == Float {
		x := c.float(n.Args[1])
		if n.Kind == reflect.Float32 {
			return func(f *frame) flow { p := at(f); *(*float32)(p) = float32(x(f)); return next }
		}
		return func(f *frame) flow { p := at(f); *(*float64)(p) = x(f); return next }
	}
	x := c.whole(n.Args[1])
	switch n.Args[0].Int {
	case 1:
		return put[uint8](at, x)
	case 2:
		return put[uint16](at, x)
	case 4:
		return put[uint32](at, x)
	}
	return put[uint64](at, x)
}

func put[T uint8 | uint16 | uint32 | uint64](at func(*frame) unsafe.Pointer, x whole) statement {
	return func(f *frame) flow { p := at(f); *(*T)(p) = T(x(f)); return next }
}

func (c *compiler) ifelse(n Node) statement {
	cond, then := c.whole(n.Args[0]), c.statement(n.Args[1])
	if len(n.Args) == 2 {
		return func(f *frame) flow {
			if cond(f) != 0 {
				return then(f)
			}
			return next
		}
	}
	otherwise := c.statement(n.Args[2])
	return func(f *frame) flow {
		if cond(f) != 0 {
			return then(f)
		}
		return otherwise(f)
	}
}

// loop makes a loop of a condition, what follows an iteration, and the body.
func (c *compiler) loop(n Node) statement {
	cond, post, body := c.whole(n.Args[0]), c.statement(n.Args[1]), c.statement(n.Args[2])
	return func(f *frame) flow {
		t := f.task
		for cond(f) != 0 {
			t.poll()
			switch body(f) {
			case broken:
				return next
			case returned:
				return returned
			}
			post(f)
		}
		return next
	}
}

func (c *compiler) result(n Node) statement {
	switch ClassOf(n.Kind) {
	case Whole:
		x := c.whole(n)
		return func(f *frame) flow { f.wholeResult = x(f); return returned }
	case Float:
		x := c.float(n)
		return func(f *frame) flow { f.floatResult = x(f); return returned }
	}
	x := c.place(n)
	return func(f *frame) flow { f.memoryResult = x(f); return returned }
}
