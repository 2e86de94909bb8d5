package kernel

import (
	"fmt"
	"strings"

	"gofive/kernel/cell"
	"gofive/kernel/msg"
)

// helpMagic is %help.
var helpMagic = magic{name: "help", args: "[TOPIC]", takes: takesTopics, help: "what there is, and more on one of the topics", run: func(x *execution, args string) *msg.Failed {
	text, failed := x.k.help(args)
	x.out.Stream("stdout", []byte(text))
	return failed
}}

// topic is something that %help tells of.
type topic struct {
	name, about string
	text        func(k *Kernel) string
}

// topics are in the order in which %help lists them.
var topics = []topic{
	{"magics", "lines that begin with % or !", func(*Kernel) string { return magicList() }},
	{"errors", "errors that need not be taken, and what a failed cell leaves behind", told(errorsHelp)},
	{"h5", "HDF5 files", told(h5Help)},
	{"native", "functions built with the Go compiler", told(nativeHelp)},
	{"parallel", "cells on all ranks of a job", told(parallelHelp)},
	{"replay", "after the loss of an engine", told(replayHelp)},
	{"subshells", "cells beside a running cell", told(subshellsHelp)},
	{"limits", "what does not work yet", told(limitsHelp)},
	{"stats", "what this kernel has counted", (*Kernel).stats},
}

func told(text string) func(*Kernel) string { return func(*Kernel) string { return text } }

const (
	errorsHelp = `At the top of a cell, blocks of if, for and switch included, the error of a call need not be taken:
    f := h5.Open("sample.h5")
fails the cell, at this line, when the file cannot be opened. Inside functions Go is Go.
A statement such as f.Set("x", 1) above the last line uses nothing that the call gives, and Go drops its error: the cell
tells of it on stderr and goes on. if err := f.Set("x", 1); err != nil { panic(err) } ends the cell there.
A cell with a compile error runs nothing and changes nothing. One that fails when it runs keeps what it
did before; the cells that were queued behind it are not run.
`
	h5Help = `    f := h5.Open("sample.h5")          f in the last line shows the tree
    d := f.Dataset("a/b")              Tab completes the path
    d.Slice("10:20, ::2")              the part that is selected is read, as numpy selects
    d.Field("WAVE").Float64s()         one column of a table, as a slice
    f := h5.Create("new.h5")           a new file;  f.Set("x", values) writes a dataset
%doc h5.Dataset tells more. An interrupt ends a read that takes long.
`
	nativeHelp = `%%native above a cell has its functions built with the Go compiler, where there is one; cells call them
as all others. They use constants, types and functions of other cells, but no variables.
%native auto does so by itself, beside the cells, with functions that take longer than a second.
`
	parallelHelp = `%cluster start -n 4 starts four ranks: in an allocation of Slurm by srun, else by mpirun, and without MPI as
processes of this computer. %cluster start -n 64 --launcher sbatch waits in the queue.
%%px above a cell runs it on every rank; each keeps its own variables. mpi.Rank(), mpi.Size() and
    total := mpi.Allreduce(x, mpi.Sum)
need no import. %%px -t 0:4 takes some ranks; --noblock does not wait, and %pxresult shows what came of it.
%cluster status says what each rank does. An interrupt frees ranks that wait in MPI, variables intact; that of a cell of
--noblock is %cluster interrupt, or Interrupt() of its result (-o NAME).
A rank that dies is told at once; a node that does not answer counts as lost after 15 s, rank 0's after 25 s, a rank
that an interrupt does not bring back after 10 s. Those that wait for it are freed 5 s later (--grace). A rank shows
64 KiB of text a cell, and a file of it has the rest. Ranks have no front end: no input, no widgets.
`
	replayHelp = `A crash in C code, or too little memory, ends the engine and with it all variables; the kernel, the history
and the numbers of cells go on with a new one. %replay declares the lost types, functions and imports again
and lists the cells that did more; %replay all runs all lost cells.
`
	subshellsHelp = `Front ends can open subshells. Their cells run beside a cell of the main shell, in the same engine and with
the same variables: what both write needs a lock of yours, as in all goroutines (sync.Mutex, sync/atomic).
An interrupt ends the cells of all shells. What C libraries print is shown in the main shell's cell.
`
	limitsHelp = `The debugger and encrypted connections (CURVE) are not there yet; cgo is refused.
A method that a later cell declares for a generic type makes a new type: values made before keep the old.
A cell shows 100 MiB of text, and the rest goes to a file (%output). Memory: a cell ends with an error
before the machine has none left.
`
)

// help is the text of a topic, of a magic, or of all there is.
func (k *Kernel) help(name string) (string, *msg.Failed) {
	if name == "" {
		var b strings.Builder
		b.WriteString("Cells are Go; nothing needs importing. name? tells of a name, Tab completes it. More:\n")
		for _, t := range topics {
			fmt.Fprintf(&b, "    %%help %-12s %s\n", t.name, t.about)
		}
		return b.String(), nil
	}
	var names []string
	for _, t := range topics {
		if t.name == name {
			return t.text(k), nil
		}
		names = append(names, t.name)
	}
	for _, m := range magics {
		if m.name == strings.TrimLeft(name, "%") {
			return m.about(), nil
		}
	}
	hint := "there are " + strings.Join(names, ", ")
	if near := cell.Nearest(name, names); len(near) > 0 {
		hint = "did you mean " + near[0] + "?"
	}
	return "", magicFailure("%%help knows no topic %s; %s", name, hint)
}

// completeTopic gives the topics that begin as the word at the end of code does.
func completeTopic(code string) cell.Completion {
	c := cell.Completion{Start: strings.LastIndexByte(code, ' ') + 1, End: len(code)}
	for _, t := range topics {
		if strings.HasPrefix(t.name, code[c.Start:]) {
			c.Matches = append(c.Matches, cell.Match{Text: t.name, Type: "topic", Signature: t.about})
		}
	}
	return c
}

// stats is what is counted, for whoever looks for a client that misbehaves.
func (k *Kernel) stats() string {
	cells, asides := k.counts.all()
	text := fmt.Sprintf("%-20s %d\n%-20s %d\n%-20s %d\n", "cells", cells, "cells not counted", asides, "messages sent", k.sent.Load())
	if noted := k.log.counts(); noted != "" {
		text += "written to the kernel's log, by cause:\n" + noted
	}
	return text
}
