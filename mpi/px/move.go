package px

import (
	"errors"
	"fmt"
	"go/token"
	"io"
	"net"
	"reflect"
	"syscall"

	"gofive/mpi/launch"
)

// Push gives every rank a copy of value as the variable called name.
func Push(name string, value any) error {
	t := reflect.TypeOf(value)
	if err := movable(name, t); err != nil {
		return fmt.Errorf("push %s: %w", name, err)
	}
	code := func(ticket string) string { return fmt.Sprintf("%s := ˑpx.RankReceived[%v](%q)", name, t, ticket) }
	return transfer("push "+name, "", code, func(conn io.ReadWriter) error { return write(conn, value) })
}

// Scatter gives every rank a part of xs, which is a slice, as the variable called name: parts of equal
// length one after the other, those of the first ranks longer by one where there is a remainder.
func Scatter(name string, xs any) error {
	t := reflect.TypeOf(xs)
	err := movable(name, t)
	if err == nil && t.Kind() != reflect.Slice {
		err = fmt.Errorf("a slice has parts, a %v has none; px.Push sends it whole", t)
	}
	if err != nil {
		return fmt.Errorf("scatter %s: %w", name, err)
	}
	code := func(ticket string) string { return fmt.Sprintf("%s := ˑpx.RankReceivedPart[%v](%q)", name, t, ticket) }
	return transfer("scatter "+name, "", code, func(conn io.ReadWriter) error { return write(conn, xs) })
}

// Pull gives the value of a variable, or another expression, of one rank.
func Pull[T any](rank int, name string) (T, error) {
	var v T
	err := PullInto(&v, rank, name)
	return v, err
}

// PullInto is Pull into what v points to.
func PullInto(v any, rank int, name string) error {
	code := func(ticket string) string { return fmt.Sprintf("ˑpx.RankGive(%q, %s)", ticket, name) }
	return transfer("pull "+name, fmt.Sprint(rank), code, func(conn io.ReadWriter) error { return read(conn, v) })
}

// Gather gives the slices that the ranks have as a variable, one behind the other in the order of ranks.
func Gather[T any](name string) ([]T, error) {
	var all []T
	err := GatherInto(&all, name)
	return all, err
}

// GatherInto is Gather into the slice that all points to.
func GatherInto(all any, name string) error {
	code := func(ticket string) string { return fmt.Sprintf("ˑpx.RankGiveParts(%q, %s)", ticket, name) }
	return transfer("gather "+name, "", code, func(conn io.ReadWriter) error { return read(conn, all) })
}

// movable says why a value of a type cannot become the variable called name.
func movable(name string, t reflect.Type) error {
	if !token.IsIdentifier(name) {
		return fmt.Errorf("%q is no name of a variable", name)
	}
	return travels(t)
}

// transfer runs the code that is made for a ticket on ranks, and speaks with the rank that the ticket
// brings here.
func transfer(what, targets string, code func(ticket string) string, speak func(io.ReadWriter) error) error {
	err := exchange(targets, code, speak)
	if err != nil {
		return fmt.Errorf("%s: %w", what, err)
	}
	return nil
}

func exchange(targets string, code func(ticket string) string, speak func(io.ReadWriter) error) error {
	c, err := current()
	if err != nil {
		return err
	}
	port, err := launch.OpenPort(c.Dir)
	if err != nil {
		return err
	}
	defer port.Close()
	spoken := make(chan error, 1)
	go func() { spoken <- answer(port, speak) }()
	err = call("run", Program{Code: code(port.Ticket()), Targets: targets, Quiet: true}, nil)
	port.Close()
	if heard := <-spoken; err == nil || heard != nil && !hungUp(heard) {
		return heard
	}
	return err
}

// hungUp reports whether an error is only that the other side is gone, which then has a better one.
func hungUp(err error) bool {
	for _, gone := range []error{net.ErrClosed, io.EOF, io.ErrUnexpectedEOF, syscall.EPIPE, syscall.ECONNRESET} {
		if errors.Is(err, gone) {
			return true
		}
	}
	return false
}

// answer speaks with the first who comes.
func answer(port *launch.Port, speak func(io.ReadWriter) error) error {
	conn, err := port.Accept()
	if err != nil {
		return err
	}
	defer conn.Close()
	return speak(conn)
}
