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

// Say prints text; an error it panics with, so that the cell ends.
func (p Printer) Say(text string, err error) {
	if err != nil {
		panic(err)
	}
	fmt.Fprintln(p.Out, text)
}

// Say is Printer.Say.
func Say(text string, err error) { standard().Say(text, err) }

// Time is Printer.Time.
func Time() (done func()) { return standard().Time() }

// Start is Printer.Start.
func Start() { standard().Start() }

// Loops is Printer.Loops.
func Loops(loops, runs int) iter.Seq[int] { return standard().Loops(loops, runs) }

// Whos is Printer.Whos.
func Whos(vars ...Var) { standard().Whos(vars...) }

// Must panics with the error of a command, so that the cell ends.
func Must(_ int, err error) {
	if err != nil {
		panic(err)
	}
}
