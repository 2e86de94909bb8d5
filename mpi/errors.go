package mpi

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"gofive/mpi/internal/abi"
)

// What an Error may be about; test with errors.Is.
var (
	ErrInterrupted = errors.New("interrupted")
	ErrMismatch    = errors.New("the ranks do not make the same call")
	ErrTruncated   = errors.New("the message does not fit")
	ErrRetired     = errors.New("this communicator was given up by an interrupt; make it again from mpi.World")
	ErrFinalized   = errors.New("MPI was finalized")
	ErrStuck       = errors.New("the library does not come back")
	ErrValue       = errors.New("not a value for this call")
	ErrRank        = errors.New("no such rank")
)

// Error is an error of this package.
type Error struct {
	Op   string // "Allreduce"
	Kind error  // one of the above, or nil
	Err  error  // the particulars; may be nil
}

func (e *Error) Error() string {
	if e.Err == nil {
		return "mpi: " + e.Op + ": " + e.Kind.Error()
	}
	return "mpi: " + e.Op + ": " + e.Err.Error()
}

// Interrupted reports whether an interrupt ended the call, which the interpreter asks of the errors of cells.
func (e *Error) Interrupted() bool { return errors.Is(e.Kind, ErrInterrupted) }

func (e *Error) Unwrap() []error {
	var errs []error
	for _, err := range []error{e.Kind, e.Err} {
		if err != nil {
			errs = append(errs, err)
		}
	}
	return errs
}

func newError(f abi.Func, kind error, format string, args ...any) error {
	return &Error{Op: strings.TrimPrefix(f.String(), "MPI_"), Kind: kind, Err: fmt.Errorf(format, args...)}
}

// explained makes an Error of what a library said.
func explained(f abi.Func, err error) error {
	e := &Error{Op: strings.TrimPrefix(f.String(), "MPI_"), Err: err}
	var said *abi.Error
	if errors.As(err, &said) {
		e.Err = errors.New(said.Text)
		switch said.Class {
		case abi.Truncate:
			e.Kind = ErrTruncated
		case abi.BadRank:
			e.Kind = ErrRank
		}
	}
	return e
}

// ranksText writes a sorted list of ranks: "rank 2", "ranks 0-1,3".
func ranksText(ranks []int) string {
	var b strings.Builder
	for i := 0; i < len(ranks); {
		k := i
		for k+1 < len(ranks) && ranks[k+1] == ranks[k]+1 {
			k++
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.Itoa(ranks[i]))
		if k > i {
			b.WriteString("-" + strconv.Itoa(ranks[k]))
		}
		i = k + 1
	}
	if len(ranks) == 1 {
		return "rank " + b.String()
	}
	return "ranks " + b.String()
}
