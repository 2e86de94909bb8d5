package kernel

import (
	"flag"
	"fmt"
	"io"
	"strings"

	"gofive/kernel/msg"
)

// Magics of parallel cells.
var (
	pxCell = magic{name: "px", cell: true, args: "[-t RANKS] [--noblock] ...", help: "run the cell on the ranks of the cluster", run: func(x *execution, args string) *msg.Failed {
		flags, failed := x.k.pxFlagsIn(args)
		if failed != nil {
			return failed
		}
		if len(flags.remaining) > 0 {
			return magicFailure("%%%%px has flags behind it, and Go below it: %q", strings.Join(flags.remaining, " "))
		}
		x.px = flags
		return nil
	}}
	pxLine   = magic{name: "px", args: "STATEMENT", takes: takesGo, help: "run the rest of the line on the ranks of the cluster", run: runPxLine}
	autoPx   = magic{name: "autopx", args: "[FLAGS]", help: "run all following cells on the ranks, until the next %autopx", run: toggleAuto}
	pxResult = magic{name: "pxresult", args: "[--rank R] [--full]", help: "what the last parallel cell has shown; waits for one that still runs", run: showPxResult}
	pxConfig = magic{name: "pxconfig", args: "[FLAGS]", help: "flags for all parallel cells that follow", run: configurePx}
)

// pxFlagsIn reads flags as they stand behind a magic.
func (k *Kernel) pxFlagsIn(args string) (*pxFlags, *msg.Failed) {
	list, err := words(args)
	if err != nil {
		return nil, magicFailure("%v", err)
	}
	return k.pxFlagsOf(list)
}

// runPxLine is %px: flags may stand before the statement.
func runPxLine(x *execution, args string) *msg.Failed {
	var given []string
	rest := args
	for strings.HasPrefix(rest, "-") {
		word, after, _ := strings.Cut(rest, " ")
		given, rest = append(given, word), strings.TrimSpace(after)
		if f := (&pxFlags{}); f.parse(given) != nil { // its value is the next word
			word, after, _ = strings.Cut(rest, " ")
			given, rest = append(given, word), strings.TrimSpace(after)
		}
	}
	flags, failed := x.k.pxFlagsOf(given)
	if failed != nil {
		return failed
	}
	if rest == "" {
		return magicFailure("%%px wants a statement behind it; %%%%px above a cell runs the cell")
	}
	return x.runPx(rest, rest, flags)
}

func toggleAuto(x *execution, args string) *msg.Failed {
	cs := &x.k.clusters
	cs.mu.Lock()
	on := cs.auto != nil
	cs.mu.Unlock()
	var flags *pxFlags
	if !on {
		if _, failed := cs.current(); failed != nil {
			return failed
		}
		var failed *msg.Failed
		if flags, failed = x.k.pxFlagsIn(args); failed != nil {
			return failed
		}
		if len(flags.remaining) > 0 {
			return magicFailure("%%autopx takes flags of %%%%px: not %q", strings.Join(flags.remaining, " "))
		}
	}
	cs.mu.Lock()
	cs.auto = flags
	cs.mu.Unlock()
	text := "%autopx is off: cells run here"
	if flags != nil {
		text = "%autopx is on: cells run on the ranks until the next %autopx"
	}
	x.out.Stream("stdout", []byte(text+"\n"))
	return nil
}

// parallel gives the flags of a cell that runs on ranks, nil for one that runs here.
func (x *execution) parallel() *pxFlags {
	if x.px != nil {
		return x.px
	}
	x.k.clusters.mu.Lock()
	defer x.k.clusters.mu.Unlock()
	return x.k.clusters.auto
}

func showPxResult(x *execution, args string) *msg.Failed {
	set := flag.NewFlagSet("", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	rank := set.Int("rank", -1, "")
	full := set.Bool("full", false, "")
	if err := set.Parse(strings.Fields(args)); err != nil || set.NArg() > 0 {
		return magicFailure("%%pxresult [--rank R] [--full]: not %q", args)
	}
	x.k.clusters.mu.Lock()
	r := x.k.clusters.last
	x.k.clusters.mu.Unlock()
	if r == nil {
		return magicFailure("there was no parallel cell yet")
	}
	if *rank >= r.ranks {
		return magicFailure("%%pxresult --rank %d: there is no rank %d; the ranks are 0 to %d", *rank, *rank, r.ranks-1)
	}
	if err := x.await(r); err != nil {
		return magicFailure("%v", err)
	}
	most := richMost
	if *full || *rank >= 0 {
		most = 1 << 30
	}
	r.all(x.out, *rank, most)
	return r.failed
}

func configurePx(x *execution, args string) *msg.Failed {
	list, err := words(args)
	if err != nil {
		return magicFailure("%v", err)
	}
	f := &pxFlags{}
	if err := f.parse(list); err != nil {
		return magicFailure("%v", err)
	}
	if len(f.remaining) > 0 {
		return magicFailure("%%pxconfig takes flags of %%%%px: not %q", strings.Join(f.remaining, " "))
	}
	x.k.clusters.mu.Lock()
	defer x.k.clusters.mu.Unlock()
	if len(list) > 0 {
		x.k.clusters.defaults = list
	}
	x.out.Stream("stdout", fmt.Appendf(nil, "parallel cells run with: %s\n", strings.Join(x.k.clusters.defaults, " ")))
	return nil
}
