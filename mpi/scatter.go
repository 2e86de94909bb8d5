package mpi

import (
	"reflect"

	"gofive/mpi/internal/abi"
)

// Scatter gives out of rank i the i-th value of in at the root; in of other ranks is not read. in is a
// slice with one value a rank: for out of type *T a []T. Slices may differ in length. Given slices []E for
// both it is MPI_Scatter on their memory.
func (c *Comm) Scatter(in, out any, root int) error {
	const f = abi.Scatter
	if err := c.checkRoot(f, root); err != nil {
		return err
	}
	t, err := incoming(f, out)
	if err != nil {
		return err
	}
	if t.fixed {
		return c.scatterRaw(in, t.memory, root)
	}
	t.rv = reflect.ValueOf(out).Elem()
	h := headerOf(f, memory{element: t.element, form: t.form}, root)
	rv := reflect.ValueOf(in)
	if c.rank == root {
		if rv.Kind() != reflect.Slice || rv.Type().Elem() != t.rv.Type() {
			h.Count = -1
		} else {
			h.Count = int64(rv.Len())
		}
	}
	var p packed
	if c.rank == root && t.form != single && h.Count >= 0 {
		if p, err = pack(f, rv, t.element); err != nil {
			return c.refuse(f, err)
		}
	}
	all, err := c.agree(h, anyCount)
	if err != nil {
		return err
	}
	if n := all[root].Count; n != int64(c.size) {
		if n < 0 {
			return newError(f, ErrValue, "rank %d does not give a slice of %v", root, t.rv.Type())
		}
		return newError(f, ErrValue, "rank %d gives %d values for %d ranks", root, n, c.size)
	}
	if t.form == single {
		return c.scatterSingles(rv, t.memory, root)
	}
	return c.scatterParts(f, p, t, root)
}

func (c *Comm) scatterRaw(in any, to memory, root int) error {
	call := abi.Call{Func: abi.Scatter, Recv: to.buffer(), Peer: root}
	if c.rank == root {
		m, err := outgoing(abi.Scatter, in)
		if err != nil {
			return err
		}
		if m.element != to.element || m.n != to.n*c.size {
			return newError(abi.Scatter, ErrValue, "%s is not %d times %s", m.shape(), c.size, to.shape())
		}
		call.Send = m.buffer()
		call.Send.Count = to.n * to.per
	}
	_, err := c.run(call, show{f: abi.Scatter, peer: root, tag: noTag})
	return err
}

func (c *Comm) scatterSingles(in reflect.Value, to memory, root int) error {
	call := abi.Call{Func: abi.Scatter, Recv: to.buffer(), Peer: root}
	if c.rank == root {
		call.Send = abi.Buffer{Ptr: in.UnsafePointer(), Count: to.per, Kind: to.kind}
	}
	_, err := c.run(call, show{f: abi.Scatter, peer: root, tag: noTag})
	return err
}

// scatterParts first tells each rank the length of its part. p is the root's.
func (c *Comm) scatterParts(f abi.Func, p packed, t target, root int) error {
	n, err := c.scatterCount(f, p.counts, root)
	if err != nil {
		return err
	}
	t.grow(int(n) / t.per)
	call := abi.Call{Func: abi.Scatterv, Recv: t.buffer(), Peer: root}
	if c.rank == root {
		call.Send, call.SendCounts, call.SendDispls = p.buffer(), p.counts, displacements(p.counts)
	}
	if _, err = c.run(call, show{f: f, peer: root, tag: noTag}); err != nil {
		return err
	}
	return t.fill(f)
}

// scatterCount tells each rank one number of the root's.
func (c *Comm) scatterCount(f abi.Func, counts []int32, root int) (int32, error) {
	var n int32
	call := abi.Call{Func: abi.Scatter, Recv: int32s(&n, 1), Peer: root}
	if c.rank == root {
		call.Send = int32s(&counts[0], 1)
	}
	_, err := c.run(call, show{f: f, peer: root, tag: noTag})
	return n, err
}

func int32s(p *int32, n int) abi.Buffer {
	b := raw(p, n)
	return abi.Buffer{Ptr: b.Ptr, Count: n, Kind: abi.Int32}
}

// packed are values of several ranks in a row.
type packed struct {
	memory
	counts []int32 // of the kind
}

// pack copies the values of a slice into a row of elements e; texts and coded values as bytes.
func pack(f abi.Func, in reflect.Value, e element) (packed, error) {
	p := packed{memory: memory{element: e, form: series}}
	var b []byte
	for i := range in.Len() {
		m, ok := direct(in.Index(i))
		if !ok {
			var err error
			if m, err = encoded(f, in.Index(i)); err != nil {
				return p, err
			}
		}
		b = append(b, m.bytes()...)
		p.counts = append(p.counts, int32(m.n*m.per))
		p.n += m.n
	}
	p.ptr = firstOf(b)
	return p, nil
}

// Alltoall gives rank i the i-th value of in, and takes into out one value of each rank. in is a slice
// with one value a rank, out a pointer to one of the same type. Slices may differ in length. Given slices
// []E for both it is MPI_Alltoall on their memory.
func (c *Comm) Alltoall(in, out any) error {
	const f = abi.Alltoall
	if err := c.ready(f); err != nil {
		return err
	}
	rv, to := reflect.ValueOf(in), reflect.ValueOf(out)
	if rv.Kind() != reflect.Slice {
		return newError(f, ErrValue, "a %T does not hold one value a rank: give a slice", in)
	}
	if to.Kind() == reflect.Slice {
		return c.alltoallRaw(in, out)
	}
	if to.Kind() != reflect.Pointer || to.IsNil() || to.Elem().Type() != rv.Type() {
		return newError(f, ErrValue, "what a %T gives does not go into a %T", in, out)
	}
	m := targetOf(reflect.New(rv.Type().Elem()).Elem()).memory
	m.n = rv.Len()
	var p packed
	if m.form != single {
		var err error
		if p, err = pack(f, rv, m.element); err != nil {
			return c.refuse(f, err)
		}
	}
	all, err := c.agree(headerOf(f, m.counted(), noRoot), anyCount)
	if err != nil {
		return err
	}
	for rank, h := range all {
		if h.Count != int64(c.size) {
			return newError(f, ErrValue, "rank %d gives %d values for %d ranks", rank, h.Count, c.size)
		}
	}
	if m.form == single {
		to.Elem().Set(reflect.MakeSlice(rv.Type(), c.size, c.size))
		return c.alltoallSingles(rv, to.Elem(), m)
	}
	return c.alltoallParts(p, to.Elem(), m)
}

// counted is m without its memory, for a header that only counts.
func (m memory) counted() memory {
	if m.form == single {
		m.form = series
	}
	return m
}

func (c *Comm) alltoallRaw(in, out any) error {
	m, err := outgoing(abi.Alltoall, in)
	if err != nil {
		return err
	}
	t, err := incoming(abi.Alltoall, out)
	if err != nil {
		return err
	}
	if t.element != m.element || t.n != m.n || m.n%c.size != 0 {
		return newError(abi.Alltoall, ErrValue, "%s and %s are not parts of one length for %d ranks", m.shape(), t.shape(), c.size)
	}
	return c.alltoall(m.buffer(), t.buffer())
}

func (c *Comm) alltoallSingles(in, out reflect.Value, m memory) error {
	send := abi.Buffer{Ptr: in.UnsafePointer(), Count: c.size * m.per, Kind: m.kind}
	recv := send
	recv.Ptr = out.UnsafePointer()
	return c.alltoall(send, recv)
}

// alltoall takes whole buffers; MPI counts one rank's part.
func (c *Comm) alltoall(send, recv abi.Buffer) error {
	send.Count /= c.size
	recv.Count /= c.size
	_, err := c.run(abi.Call{Func: abi.Alltoall, Send: send, Recv: recv}, show{f: abi.Alltoall, peer: abi.NoPeer, tag: noTag})
	return err
}

// alltoallParts first tells the lengths of the parts.
func (c *Comm) alltoallParts(p packed, out reflect.Value, m memory) error {
	recv := make([]int32, c.size)
	if err := c.alltoall(int32s(&p.counts[0], c.size), int32s(&recv[0], c.size)); err != nil {
		return err
	}
	heads := make([]header, c.size)
	for i, n := range recv {
		heads[i].Count = int64(int(n) / m.per)
	}
	to := reflect.New(out.Type())
	got, err := newParts(abi.Alltoall, to.Interface(), memory{element: m.element, form: m.form}, heads, false)
	if err != nil {
		return err
	}
	if err := c.alltoallv(p.buffer(), p.counts, got.buffer(), recv); err != nil {
		return err
	}
	if err := got.deal(abi.Alltoall); err != nil {
		return err
	}
	out.Set(to.Elem())
	return nil
}

func (c *Comm) alltoallv(send abi.Buffer, sendCounts []int32, recv abi.Buffer, recvCounts []int32) error {
	_, err := c.run(abi.Call{Func: abi.Alltoallv, Send: send, Recv: recv, SendCounts: sendCounts, SendDispls: displacements(sendCounts),
		RecvCounts: recvCounts, RecvDispls: displacements(recvCounts)}, show{f: abi.Alltoall, peer: abi.NoPeer, tag: noTag})
	return err
}

// Scatterv cuts the slice in of the root into parts with the given counts, nil for even ones, and gives
// each rank one: out points to a slice of the same type, of any elements. in and counts of other ranks are
// not read.
func (c *Comm) Scatterv(in, out any, counts []int, root int) error {
	const f = abi.Scatterv
	if err := c.checkRoot(f, root); err != nil {
		return err
	}
	t, err := incoming(f, out)
	if err != nil {
		return err
	}
	if t.form == coded && t.rv.Kind() == reflect.Slice {
		return c.scatterCoded(in, t, counts, root)
	}
	if t.form != series {
		return newError(f, ErrValue, "a %T does not take a part of a slice", out)
	}
	if !t.fixed {
		t.rv = reflect.ValueOf(out).Elem()
	}
	var m memory
	var cut []int32
	if c.rank == root {
		if m, cut, err = c.cutFor(in, t.memory, counts); err != nil {
			return c.refuse(f, err)
		}
	}
	if _, err := c.agree(headerOf(f, memory{element: t.element, form: series}, root), anyCount); err != nil {
		return err
	}
	return c.scatterCut(m, cut, t, root)
}

// scatterCoded is Scatterv of a slice whose elements hold pointers: each part is sent as one value.
func (c *Comm) scatterCoded(in any, t target, counts []int, root int) error {
	const f = abi.Scatterv
	var p packed
	if c.rank == root {
		parts, err := c.partsOf(in, t.rv.Type(), counts)
		if err == nil {
			p, err = pack(f, parts, t.element)
		}
		if err != nil {
			return c.refuse(f, err)
		}
	}
	if _, err := c.agree(headerOf(f, memory{element: t.element, form: t.form}, root), anyCount); err != nil {
		return err
	}
	return c.scatterParts(f, p, t, root)
}

// partsOf is a slice of the parts, of type t, that counts cut in into.
func (c *Comm) partsOf(in any, t reflect.Type, counts []int) (reflect.Value, error) {
	rv := reflect.ValueOf(in)
	if !rv.IsValid() || rv.Type() != t {
		return rv, newError(abi.Scatterv, ErrValue, "parts of %T do not go into a %v", in, t)
	}
	cut, err := c.cut(abi.Scatterv, memory{element: element{abi.Uint8, 1}, n: rv.Len()}, counts)
	if err != nil {
		return rv, err
	}
	parts := reflect.MakeSlice(reflect.SliceOf(t), 0, c.size)
	at := 0
	for _, n := range cut {
		parts = reflect.Append(parts, rv.Slice(at, at+int(n)))
		at += int(n)
	}
	return parts, nil
}

func (c *Comm) cutFor(in any, to memory, counts []int) (memory, []int32, error) {
	m, err := outgoing(abi.Scatterv, in)
	if err != nil {
		return m, nil, err
	}
	if m.form != series || m.element != to.element {
		return m, nil, newError(abi.Scatterv, ErrValue, "parts of %T do not go into slices of %v", in, to.element)
	}
	cut, err := c.cut(abi.Scatterv, m, counts)
	return m, cut, err
}

func (c *Comm) scatterCut(m memory, cut []int32, t target, root int) error {
	n, err := c.scatterCount(abi.Scatterv, cut, root)
	if err != nil {
		return err
	}
	length := int(n) / t.per
	if t.fixed && t.n < length {
		length = t.n // MPI says that it is too short
	} else if !t.fixed {
		t.grow(length)
	}
	to := t.memory
	to.n = length
	call := abi.Call{Func: abi.Scatterv, Recv: to.buffer(), Peer: root}
	if c.rank == root {
		call.Send, call.SendCounts, call.SendDispls = m.buffer(), cut, displacements(cut)
	}
	_, err = c.run(call, show{f: abi.Scatterv, peer: root, tag: noTag})
	return err
}
