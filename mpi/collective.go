package mpi

import (
	"reflect"
	"unsafe"

	"gofive/mpi/internal/abi"
)

// Barrier waits until all ranks have come.
func (c *Comm) Barrier() error {
	_, err := c.agree(header{Func: abi.Barrier}, sameCount)
	return err
}

// Bcast gives v of the root to all ranks. v is a pointer to any value; a pointer to a slice gets a slice
// as long as the root's. Or v is a slice, of one length on all ranks.
func (c *Comm) Bcast(v any, root int) error {
	const f = abi.Bcast
	if err := c.checkRoot(f, root); err != nil {
		return err
	}
	t, err := incoming(f, v)
	if err == nil && c.rank == root {
		err = t.ofRoot(f)
	}
	if err != nil {
		return c.refuse(f, err)
	}
	all, err := c.agree(headerOf(f, t.memory, root), counts(t.fixed))
	switch {
	case err != nil:
		return err
	case t.small():
		t.copyFrom(all[root].Small[:])
		return nil
	}
	if c.rank != root {
		t.grow(int(all[root].Count))
	}
	if _, err := c.run(abi.Call{Func: f, Recv: t.buffer(), Peer: root}, show{f: f, peer: root, tag: noTag}); err != nil || c.rank == root {
		return err
	}
	return t.fill(f)
}

// ofRoot makes memory of a value that is no memory yet. A string is copied: an MPI may broadcast by way
// of another rank and write the root's own memory, too.
func (t *target) ofRoot(f abi.Func) (err error) {
	switch t.form {
	case text:
		b := []byte(t.rv.String())
		t.ptr = firstOf(b)
	case coded:
		t.memory, err = encoded(f, t.rv)
	}
	return err
}

func (c *Comm) checkRoot(f abi.Func, root int) error {
	if err := c.ready(f); err != nil {
		return err
	}
	if root < 0 || root >= c.size {
		return newError(f, ErrRank, "root %d: %s has ranks 0 to %d", root, c.name, c.size-1)
	}
	return nil
}

// Reduce joins in of all ranks with op into out at the root; out of other ranks is left alone. in and
// out are pointers to numbers, arrays or slices; slices must have one length on all ranks. Given slices it
// is MPI_Reduce on their memory, and out of other ranks may be nil.
func (c *Comm) Reduce(in, out any, op Op, root int) error {
	if err := c.checkRoot(abi.Reduce, root); err != nil {
		return err
	}
	return c.reduce(abi.Reduce, in, out, op, root)
}

// Allreduce is Reduce with the result on all ranks.
func (c *Comm) Allreduce(in, out any, op Op) error {
	return c.reduce(abi.Allreduce, in, out, op, noRoot)
}

// Scan is Allreduce over the ranks up to this one.
func (c *Comm) Scan(in, out any, op Op) error { return c.reduce(abi.Scan, in, out, op, noRoot) }

// Exscan is Allreduce over the ranks before this one. Out of rank 0 is left alone.
func (c *Comm) Exscan(in, out any, op Op) error { return c.reduce(abi.Exscan, in, out, op, noRoot) }

func (c *Comm) reduce(f abi.Func, in, out any, op Op, root int) error {
	if c == nil {
		return c.ready(f)
	}
	m, err := outgoing(f, in)
	switch {
	case err != nil && op.code == userOp:
		return c.refuse(f, err)
	case err != nil: // op.check would fail on the other ranks, too
		return err
	}
	if err := op.check(f, m); err != nil {
		return err
	}
	if op.code == userOp {
		return c.reduceByFunc(f, in, out, op, root)
	}
	if m.fixed {
		if done, err := c.reduceRaw(f, m, out, op, root); done {
			return err
		}
	}
	h := headerOf(f, m, root)
	h.Op = op.code
	all, err := c.agree(h, sameCount)
	if err != nil || (root >= 0 && c.rank != root && m.small()) {
		return err
	}
	return c.reduceChecked(f, m, out, op, root, all)
}

// reduceRaw is what MPI does with slices; not done when out is none.
func (c *Comm) reduceRaw(f abi.Func, m memory, out any, op Op, root int) (done bool, err error) {
	var to memory
	if c.receives(f, root) {
		t, err := incoming(f, out)
		if err != nil || !t.fixed {
			return err != nil, err
		}
		if t.element != m.element || t.n < m.n {
			return true, newError(f, ErrValue, "the result of %s does not go into %s", m.shape(), t.shape())
		}
		to = t.memory
	}
	return true, c.startReduce(f, m, to, op, root)
}

// receives says whether this rank gets a result.
func (c *Comm) receives(f abi.Func, root int) bool { return f != abi.Reduce || c.rank == root }

func (c *Comm) startReduce(f abi.Func, m, to memory, op Op, root int) error {
	if c.size == 1 {
		return c.reduceAlone(f, m, to)
	}
	fl := flights.Get().(*flight)
	fl.show = show{f: f, peer: shownRoot(root), tag: noTag}
	call := &fl.call
	call.Func, call.Op, call.Peer = f, op.code.abi(), root
	call.Send = m.buffer()
	call.Recv = abi.Buffer{Ptr: to.ptr, Count: call.Send.Count, Kind: m.kind}
	if m.ptr == to.ptr {
		call.Send.Ptr = nil // in place
	}
	_, err := c.fly(fl)
	return err
}

// reduceAlone is a reduction of one rank. It joins nothing, and the way to a library takes longer than most copies.
func (c *Comm) reduceAlone(f abi.Func, m, to memory) error {
	if err := c.ready(f); err != nil || f == abi.Exscan {
		return err
	}
	copy(to.bytes(), m.bytes())
	return nil
}

func shownRoot(root int) int {
	if root == noRoot {
		return abi.NoPeer
	}
	return root
}

// reduceChecked reduces when all ranks are known to make the same call.
func (c *Comm) reduceChecked(f abi.Func, m memory, out any, op Op, root int, all []header) error {
	if !c.receives(f, root) {
		return c.startReduce(f, m, memory{}, op, root)
	}
	t, err := c.resultFor(f, m, out)
	if err != nil {
		return err
	}
	if !m.small() {
		return c.startReduce(f, m, t.memory, op, root)
	}
	switch f {
	case abi.Scan:
		all = all[:c.rank+1]
	case abi.Exscan:
		all = all[:c.rank]
	}
	if len(all) > 0 {
		op.fold(&t, all)
	}
	return nil
}

// resultFor is out with the length of m.
func (c *Comm) resultFor(f abi.Func, m memory, out any) (target, error) {
	t, err := incoming(f, out)
	if err != nil {
		return t, err
	}
	if t.element != m.element || t.form != m.form {
		return t, newError(f, ErrValue, "the result of %s does not go into %T", m.shape(), out)
	}
	if !t.fixed {
		t.growFrom(out, m.n)
	}
	if t.n < m.n {
		return t, newError(f, ErrValue, "the result of %s does not go into %s", m.shape(), t.shape())
	}
	return t, nil
}

// growFrom is grow for targets that were made without reflection.
func (t *target) growFrom(out any, n int) {
	if t.form == series && !t.rv.IsValid() {
		t.rv = reflect.ValueOf(out).Elem()
	}
	t.grow(n)
}

// reduceByFunc brings the values together and joins them in the order of ranks.
func (c *Comm) reduceByFunc(f abi.Func, in, out any, op Op, root int) error {
	rv := reflect.ValueOf(in)
	if rv.Kind() == reflect.Pointer {
		rv = rv.Elem()
	}
	all := reflect.New(reflect.SliceOf(rv.Type()))
	err := c.gather(f, in, all.Interface(), root, op)
	if err != nil || !c.receives(f, root) {
		return err
	}
	values := all.Elem()
	switch f {
	case abi.Scan:
		values = values.Slice(0, c.rank+1)
	case abi.Exscan:
		values = values.Slice(0, c.rank)
	}
	if values.Len() == 0 {
		return nil
	}
	result := values.Index(0)
	for i := 1; i < values.Len(); i++ {
		if result, err = op.join(f, result, values.Index(i)); err != nil {
			return err
		}
	}
	to := reflect.ValueOf(out)
	if to.Kind() == reflect.Slice {
		reflect.Copy(to, result)
		return nil
	}
	to.Elem().Set(result)
	return nil
}

// ReduceScatter joins in of all ranks with op and gives rank i the i-th of the parts that counts cuts the
// result into; nil counts cut it evenly, see Parts. in and out are slices, or out a pointer to one.
func (c *Comm) ReduceScatter(in, out any, counts []int, op Op) error {
	const f = abi.ReduceScatter
	if err := c.ready(f); err != nil {
		return err
	}
	m, err := outgoing(f, in)
	if err != nil {
		return err
	}
	if err := op.check(f, m); err != nil {
		return err
	}
	if m.form != series || op.code == userOp {
		return newError(f, ErrValue, "slices and MPI's own operations are reduced and scattered, no others")
	}
	recv, err := c.cut(f, m, counts)
	if err != nil {
		return c.refuse(f, err)
	}
	h := headerOf(f, m, noRoot)
	h.Op = op.code
	if _, err := c.agree(h, sameCount); err != nil {
		return err
	}
	part := m
	part.n = int(recv[c.rank]) / m.per
	t, err := c.resultFor(f, part, out)
	if err != nil {
		return err
	}
	call := abi.Call{Func: f, Send: m.buffer(), Recv: t.buffer(), RecvCounts: recv, Op: op.code.abi()}
	_, err = c.run(call, show{f: f, peer: abi.NoPeer, tag: noTag})
	return err
}

// cut turns counts of elements into those of MPI; nil is an even cut of m.
func (c *Comm) cut(f abi.Func, m memory, counts []int) ([]int32, error) {
	if counts == nil {
		counts = evenly(m.n, c.size)
	}
	sum := 0
	out := make([]int32, len(counts))
	for i, n := range counts {
		if n < 0 || n > m.n { // more could overflow the sum
			return nil, newError(f, ErrValue, "count %d for rank %d: counts are 0 or more, and %d in all", n, i, m.n)
		}
		sum += n
		out[i] = int32(n * m.per)
	}
	if len(counts) != c.size || sum != m.n {
		return nil, newError(f, ErrValue, "%d counts with a sum of %d for %d elements and %d ranks", len(counts), sum, m.n, c.size)
	}
	return out, nil
}

// evenly cuts n into size counts; the remainder goes to the first.
func evenly(n, size int) []int {
	counts := make([]int, size)
	for i := range counts {
		counts[i] = n / size
		if i < n%size {
			counts[i]++
		}
	}
	return counts
}

// displacements are where parts lie that follow each other.
func displacements(counts []int32) []int32 {
	out := make([]int32, len(counts))
	var at int32
	for i, n := range counts {
		out[i] = at
		at += n
	}
	return out
}

func firstOf[T any](s []T) unsafe.Pointer { return unsafe.Pointer(unsafe.SliceData(s)) }
