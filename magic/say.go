package magic

import (
	"fmt"
	"io"
	"iter"
	"os"
)

// Printer prints what magics tell. The functions of the package are those of one that prints to the
// standard output; in cells Out knows whose text it takes.
type Printer struct{ Out io.Writer }

func standard() Printer { return Printer{os.Stdout} }

// Failure is what a magic that failed panics with, so that the cell ends.
type Failure struct {
	Kind string // what the front end calls it: "error", or "command" of one that did not end well
	Err  error
}

func (f Failure) Error() string { return f.Err.Error() }
func (f Failure) Unwrap() error { return f.Err }

// Say prints text; with an error it fails.
func (p Printer) Say(text string, err error) {
	if err != nil {
		panic(Failure{"error", err})
	}
	fmt.Fprintln(p.Out, text)
}

// Say is Printer.Say.
func Say(text string, err error) { standard().Say(text, err) }

// Time is Printer.Time.
func Time() (done func()) { return standard().Time() }

// Loops is Printer.Loops.
func Loops(loops, runs int) iter.Seq[int] { return standard().Loops(loops, runs) }

// Whos is Printer.Whos.
func Whos(vars ...Var) { standard().Whos(vars...) }

// Must fails with the error of a command.
func Must(_ int, err error) {
	if err != nil {
		panic(Failure{"command", err})
	}
}

// Lines gives the lines that a command has printed, or fails with its error.
func Lines(lines []string, err error) []string {
	Must(0, err)
	return lines
}
