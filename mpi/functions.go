package mpi

import "time"

// The functions of the package. Those with type parameters only call a method that does the same through
// pointers, so that a cell's front end can make them for its own types.

// Barrier waits until all ranks have come.
func Barrier(on ...*Comm) error { return pick(on).Barrier() }

// Bcast gives v of the root to all ranks: Bcast(&x, 0) for any value, Bcast(xs, 0) for a slice that has
// one length everywhere.
func Bcast(v any, root int, on ...*Comm) error { return pick(on).Bcast(v, root) }

// Gather gives the root what all ranks have: one T a rank, in order. Other ranks get nil.
func Gather[T any](x T, root int, on ...*Comm) ([]T, error) {
	var all []T
	err := pick(on).Gather(&x, &all, root)
	return all, err
}

// Gatherv gives the root the slices of all ranks in a row: as one slice, in the order of ranks.
func Gatherv[S ~[]E, E any](xs S, root int, on ...*Comm) (S, error) {
	var all S
	err := pick(on).Gather(&xs, &all, root)
	return all, err
}

// Allgather gives all ranks what all ranks have: one T a rank, in order.
func Allgather[T any](x T, on ...*Comm) ([]T, error) {
	var all []T
	err := pick(on).Allgather(&x, &all)
	return all, err
}

// Allgatherv gives all ranks the slices of all ranks in a row.
func Allgatherv[S ~[]E, E any](xs S, on ...*Comm) (S, error) {
	var all S
	err := pick(on).Allgather(&xs, &all)
	return all, err
}

// Scatter gives rank i the i-th value of the root's slice. Other ranks may give nil.
func Scatter[T any](values []T, root int, on ...*Comm) (T, error) {
	var x T
	err := pick(on).Scatter(values, &x, root)
	return x, err
}

// Scatterv cuts the root's slice into even parts, the longer ones first, and gives each rank one. Other
// ranks may give nil.
func Scatterv[S ~[]E, E any](xs S, root int, on ...*Comm) (S, error) {
	var part S
	err := pick(on).Scatterv(xs, &part, nil, root)
	return part, err
}

// Alltoall gives rank i the i-th value of every rank: one T for each rank in, one from each out.
func Alltoall[T any](values []T, on ...*Comm) ([]T, error) {
	var out []T
	err := pick(on).Alltoall(values, &out)
	return out, err
}

// Reduce joins x of all ranks at the root: a number gives a number, a slice a slice. Other ranks get
// the zero value.
func Reduce[T any](x T, op Op, root int, on ...*Comm) (T, error) {
	var out T
	err := pick(on).Reduce(&x, &out, op, root)
	return out, err
}

// Allreduce joins x of all ranks, on all ranks: a number gives a number, a slice a slice.
func Allreduce[T any](x T, op Op, on ...*Comm) (T, error) {
	var out T
	err := pick(on).Allreduce(&x, &out, op)
	return out, err
}

// Scan joins x of the ranks up to this one.
func Scan[T any](x T, op Op, on ...*Comm) (T, error) {
	var out T
	err := pick(on).Scan(&x, &out, op)
	return out, err
}

// Exscan joins x of the ranks before this one. Rank 0 gets the zero value.
func Exscan[T any](x T, op Op, on ...*Comm) (T, error) {
	var out T
	err := pick(on).Exscan(&x, &out, op)
	return out, err
}

// ReduceScatter joins the slices of all ranks and gives each rank an even part of the result.
func ReduceScatter[S ~[]E, E any](xs S, op Op, on ...*Comm) (S, error) {
	var part S
	err := pick(on).ReduceScatter(xs, &part, nil, op)
	return part, err
}

// Func makes an operation of a function, where a is of the lower rank. T is the type of what is reduced
// or, if that is a slice, of its elements, and may be any that this package sends. The values of all ranks
// are brought to where the result is wanted and joined there in the order of ranks, which is for few or
// small values.
func Func[T any](f func(a, b T) T) Op { return FuncOf(f) }

// Parts cuts a slice evenly into n, the longer parts first, without copying: what Scatter takes.
func Parts[S ~[]E, E any](xs S, n int) []S {
	parts := make([]S, n)
	at := 0
	for i := range parts {
		end := at + len(xs)/n
		if i < len(xs)%n {
			end++
		}
		parts[i] = xs[at:end:end]
		at = end
	}
	return parts
}

// Send sends a value to a rank, with a tag.
func Send(v any, dest, tag int, on ...*Comm) error { return pick(on).Send(v, dest, tag) }

// Ssend is Send that returns when the receive has begun.
func Ssend(v any, dest, tag int, on ...*Comm) error { return pick(on).Ssend(v, dest, tag) }

// Recv receives a value: Recv[float64](0, 7), Recv[[]float64](mpi.AnySource, 7).
func Recv[T any](source, tag int, on ...*Comm) (T, error) {
	var x T
	_, err := pick(on).Recv(&x, source, tag)
	return x, err
}

// RecvInto receives into a slice, or what a pointer points to, and tells from whom.
func RecvInto(v any, source, tag int, on ...*Comm) (Status, error) {
	return pick(on).Recv(v, source, tag)
}

// Isend starts a Send.
func Isend(v any, dest, tag int, on ...*Comm) (*Request, error) { return pick(on).Isend(v, dest, tag) }

// Irecv starts a receive into a slice, or a pointer to a number, an array or a struct of them.
func Irecv(v any, source, tag int, on ...*Comm) (*Request, error) {
	return pick(on).Irecv(v, source, tag)
}

// Sendrecv sends x to dest and returns what source sends. From ProcNull comes the zero value.
func Sendrecv[T any](x T, dest, source, tag int, on ...*Comm) (T, error) {
	var in T
	_, err := pick(on).Sendrecv(&x, dest, &in, source, tag)
	return in, err
}

// Probe waits for a message and leaves it there.
func Probe(source, tag int, on ...*Comm) (Status, error) { return pick(on).Probe(source, tag) }

// Iprobe says whether there is a message.
func Iprobe(source, tag int, on ...*Comm) (Status, bool, error) { return pick(on).Iprobe(source, tag) }

// NewWindow makes a window in which this rank has n elements, all zero: NewWindow[float64](1000). It is
// collective.
func NewWindow[T any](n int, on ...*Comm) (*Window, error) {
	var like T
	return pick(on).NewWindow(&like, n)
}

// Local is this rank's part of a window, not a copy: what other ranks put there is seen in it, see
// Window.Local.
func Local[T any](w *Window) ([]T, error) {
	var part []T
	err := w.Local(&part)
	return part, err
}

// FetchAndOp joins x with the element at a place of a rank's part and returns what was there, as one step: with
// Sum it is a counter, with Replace an exchange.
func FetchAndOp[T any](w *Window, x T, op Op, rank, at int) (T, error) {
	var was T
	err := w.FetchAndOp(&x, &was, op, rank, at)
	return was, err
}

// CompareAndSwap puts x at a place of a rank's part if old is there, as one step, and returns what was there.
func CompareAndSwap[T any](w *Window, old, x T, rank, at int) (T, error) {
	var was T
	err := w.CompareAndSwap(&old, &x, &was, rank, at)
	return was, err
}

// Wtime is the time of day in seconds, for differences.
func Wtime() float64 { return time.Since(time.Unix(0, 0)).Seconds() }
