package px

import (
	"errors"
	"reflect"

	"gofive/mpi"
	"gofive/mpi/launch"
)

// RankReceived is what a rank's program calls for Push.
func RankReceived[T any](ticket string) (T, error) {
	var v T
	err := RankReceive(ticket, &v)
	return v, err
}

// RankReceive has rank 0 take a value from who wrote the ticket, and gives it to all.
func RankReceive(ticket string, into any) error {
	if err := onRoot(func() error { return take(ticket, into) }); err != nil {
		return err
	}
	return mpi.World.Bcast(into, 0)
}

// RankReceivedPart is what a rank's program calls for Scatter; T is a slice.
func RankReceivedPart[T any](ticket string) (T, error) {
	var v T
	err := RankReceivePart(ticket, &v)
	return v, err
}

// RankReceivePart has rank 0 take a slice from who wrote the ticket, and gives every rank its part.
func RankReceivePart(ticket string, into any) error {
	t := reflect.TypeOf(into).Elem()
	whole := reflect.New(t)
	if err := onRoot(func() error { return take(ticket, whole.Interface()) }); err != nil {
		return err
	}
	parts := reflect.MakeSlice(reflect.SliceOf(t), 0, mpi.Size())
	if mpi.Rank() == 0 {
		n, size := whole.Elem().Len(), mpi.Size()
		for r, from := 0, 0; r < size; r++ {
			to := from + n/size
			if r < n%size {
				to++
			}
			parts = reflect.Append(parts, whole.Elem().Slice(from, to))
			from = to
		}
	}
	return mpi.World.Scatter(parts.Interface(), into, 0)
}

// RankGive sends a value to who wrote the ticket.
func RankGive(ticket string, value any) error {
	if err := travels(reflect.TypeOf(value)); err != nil {
		return err
	}
	conn, err := launch.Dial(ticket)
	if err != nil {
		return err
	}
	defer conn.Close()
	return write(conn, value)
}

// RankGiveParts sends the slices of all ranks to who wrote the ticket, as one.
func RankGiveParts(ticket string, part any) error {
	t := reflect.TypeOf(part)
	if t == nil || t.Kind() != reflect.Slice {
		return errors.New("px.Gather joins slices; px.Pull gives one value of one rank")
	}
	if err := travels(t); err != nil {
		return err
	}
	parts := reflect.New(reflect.SliceOf(t))
	if err := mpi.World.Gather(part, parts.Interface(), 0); err != nil {
		return err
	}
	return onRoot(func() error {
		n := 0
		for i := range parts.Elem().Len() {
			n += parts.Elem().Index(i).Len()
		}
		whole := reflect.MakeSlice(t, 0, n)
		for i := range parts.Elem().Len() {
			whole = reflect.AppendSlice(whole, parts.Elem().Index(i))
		}
		return RankGive(ticket, whole.Interface())
	})
}

// onRoot has rank 0 do something, and fails on all ranks when that fails: the others would wait for it.
func onRoot(do func() error) error {
	var text string
	var err error
	if mpi.Rank() == 0 {
		if err = do(); err != nil {
			text = err.Error()
		}
	}
	if e := mpi.World.Bcast(&text, 0); e != nil {
		return e
	}
	if err == nil && text != "" {
		err = errors.New(text)
	}
	return err
}

// take receives one value from who wrote the ticket.
func take(ticket string, into any) error {
	conn, err := launch.Dial(ticket)
	if err != nil {
		return err
	}
	defer conn.Close()
	return read(conn, into)
}
