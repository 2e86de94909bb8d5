package mpi

import (
	"reflect"
	"unsafe"

	"gofive/mpi/internal/abi"
)

// Gather brings in of all ranks to out at the root; out of other ranks is left alone. For a value of type
// T, out points to a []T, which gets one value a rank; slices may differ in length. For a slice []E, out
// may also point to a []E, which gets all elements in a row, whatever E is. Given slices []E for both it is MPI_Gather
// on their memory.
func (c *Comm) Gather(in, out any, root int) error {
	if err := c.checkRoot(abi.Gather, root); err != nil {
		return err
	}
	return c.gather(abi.Gather, in, out, root, Op{})
}

// Allgather is Gather with the result on all ranks.
func (c *Comm) Allgather(in, out any) error {
	if err := c.ready(abi.Allgather); err != nil {
		return err
	}
	return c.gather(abi.Allgather, in, out, noRoot, Op{})
}

// gather brings values together for f, which may also be a reduction with a function.
func (c *Comm) gather(f abi.Func, in, out any, root int, op Op) error {
	m, err := outgoing(f, in)
	switch {
	case in == nil: // where others may give slices, which are not agreed on
		return err
	case err != nil:
		return c.refuse(f, err)
	}
	gets := root == noRoot || c.rank == root
	if m.fixed && op.code == noOp {
		if done, err := c.gatherRaw(f, m, out, root, gets); done {
			return err
		}
	}
	h := headerOf(f, m, root)
	h.Op = op.code
	all, err := c.agree(h, anyCount)
	if err != nil || (m.small() && !gets) {
		return err
	}
	if !gets {
		return c.gatherParts(f, m, memory{}, all, root)
	}
	p, err := newParts(f, out, m, all, m.form == coded && joins(in, out))
	if err != nil {
		return err
	}
	if !m.small() {
		if err := c.gatherParts(f, m, p.memory, all, root); err != nil {
			return err
		}
	} else {
		for i := range all {
			copy(unsafe.Slice((*byte)(p.at(i)), m.size()), all[i].Small[:])
		}
	}
	return p.deal(f)
}

// gatherRaw is what MPI does with slices; not done when out is none.
func (c *Comm) gatherRaw(f abi.Func, m memory, out any, root int, gets bool) (bool, error) {
	call := abi.Call{Func: f, Send: m.buffer(), Peer: root}
	if gets {
		t, err := incoming(f, out)
		if err != nil || !t.fixed {
			return err != nil, err
		}
		if t.element != m.element || t.n != m.n*c.size {
			return true, newError(f, ErrValue, "%d times %s does not go into %s", c.size, m.shape(), t.shape())
		}
		call.Recv = t.buffer()
		call.Recv.Count = m.n * m.per
	} else if out != nil && reflect.TypeOf(out).Kind() != reflect.Slice {
		return false, nil
	}
	if err := c.ready(f); err != nil {
		return true, err
	}
	_, err := c.run(call, show{f: f, peer: shownRoot(root), tag: noTag})
	return true, err
}

// gatherParts moves parts whose lengths all ranks know.
func (c *Comm) gatherParts(f abi.Func, m, to memory, all []header, root int) error {
	n := make([]int32, len(all))
	for i, h := range all {
		n[i] = int32(int(h.Count) * m.per)
	}
	call := abi.Call{Func: abi.Allgatherv, Send: m.buffer(), Recv: to.buffer(), Peer: root, RecvCounts: n, RecvDispls: displacements(n)}
	if root != noRoot {
		call.Func = abi.Gatherv
	}
	_, err := c.run(call, show{f: f, peer: shownRoot(root), tag: noTag})
	return err
}

// parts is memory for what comes from all ranks, in a row, and the slice that it is dealt out to.
type parts struct {
	memory
	out  reflect.Value // a slice
	lens []int
	flat bool // out is the memory
	join bool // each part is a slice of out's type, coded: they are joined
}

// newParts makes memory for parts like m, of the lengths in the headers, that belong into out.
func newParts(f abi.Func, out any, m memory, all []header, join bool) (*parts, error) {
	rv := reflect.ValueOf(out)
	if rv.Kind() != reflect.Pointer || rv.IsNil() || rv.Elem().Kind() != reflect.Slice {
		return nil, newError(f, ErrValue, "a %T cannot take what all ranks give: give a pointer to a slice", out)
	}
	p := &parts{memory: m, out: rv.Elem(), join: join}
	total := 0
	for _, h := range all {
		p.lens = append(p.lens, int(h.Count))
		total += int(h.Count)
	}
	p.n = total
	return p, p.make(f, m)
}

// joins says whether in is a slice, or points to one, whose elements go into the slice of out, instead of itself.
func joins(in, out any) bool {
	from, to := pointedTo(in), pointedTo(out)
	return to != nil && from.Kind() == reflect.Slice && to.Kind() == reflect.Slice && from != to.Elem() && from.Elem() == to.Elem()
}

func pointedTo(v any) reflect.Type {
	t := reflect.TypeOf(v)
	if t != nil && t.Kind() == reflect.Pointer {
		return t.Elem()
	}
	return t
}

func (p *parts) make(f abi.Func, m memory) error {
	t := p.out.Type()
	one, ok := elementOf(t.Elem())
	switch {
	case ok && (m.form == single || m.form == series) && one == m.element:
		p.flat = true
		p.out.Set(reflect.MakeSlice(t, p.n, p.n))
		p.ptr = p.out.UnsafePointer()
		return nil
	case m.form == series && t.Elem().Kind() == reflect.Slice:
		if inner, ok := elementOf(t.Elem().Elem()); !ok || inner != m.element {
			return newError(f, ErrValue, "parts of %s do not go into a %v", m.shape(), t)
		}
		backing := reflect.MakeSlice(t.Elem(), p.n, p.n)
		p.out.Set(reflect.MakeSlice(t, len(p.lens), len(p.lens)))
		for i, at := 0, 0; i < len(p.lens); i++ {
			p.out.Index(i).Set(backing.Slice3(at, at+p.lens[i], at+p.lens[i]))
			at += p.lens[i]
		}
		p.flat = true
		p.ptr = backing.UnsafePointer()
		return nil
	case m.form == single || m.form == series:
		return newError(f, ErrValue, "%s of each rank does not go into a %v", m.shape(), t)
	case !p.join && targetOf(reflect.New(t.Elem()).Elem()).form != m.form:
		return newError(f, ErrValue, "%s of each rank does not go into a %v", m.shape(), t)
	}
	p.ptr = firstOf(make([]byte, p.n))
	return nil
}

// deal makes values of parts that came as bytes.
func (p *parts) deal(f abi.Func) error {
	if p.flat {
		return nil
	}
	if p.join {
		return p.dealJoined(f)
	}
	p.out.Set(reflect.MakeSlice(p.out.Type(), len(p.lens), len(p.lens)))
	for i, at := 0, 0; i < len(p.lens); i++ {
		t := targetOf(p.out.Index(i))
		t.ptr, t.n = p.at(at), p.lens[i]
		if err := t.fill(f); err != nil {
			return err
		}
		at += p.lens[i]
	}
	return nil
}

// dealJoined appends the slices of all ranks, each of which came as one value.
func (p *parts) dealJoined(f abi.Func) error {
	joined := reflect.MakeSlice(p.out.Type(), 0, 0)
	at := 0
	for _, n := range p.lens {
		t := targetOf(reflect.New(p.out.Type()).Elem())
		t.ptr, t.n = p.at(at), n
		if err := t.fill(f); err != nil {
			return err
		}
		joined = reflect.AppendSlice(joined, t.rv)
		at += n
	}
	p.out.Set(joined)
	return nil
}
