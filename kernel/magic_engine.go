package kernel

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"gofive/kernel/cell"
	"gofive/kernel/engine"
	"gofive/kernel/msg"
)

// Magics for a new engine.
var (
	restart = magic{name: "restart", help: "start a new engine: variables, types and functions are lost, history and numbers stay", run: restartEngine}
	reset   = magic{name: "reset", help: "forget all variables, types and functions: the same as %restart", run: restartEngine}
	replay  = magic{name: "replay", args: "[all]", help: "after the loss of an engine: declare lost types and functions again; all runs lost cells", run: replayCells}
)

func restartEngine(x *execution, args string) *msg.Failed {
	if args != "" && args != "-f" {
		return magicFailure("%%restart and %%reset take nothing behind them: %q", args)
	}
	e, ok := x.k.engine.get(x.request.ctx).(engine.Restarter)
	if !ok {
		return magicFailure("this engine cannot be restarted")
	}
	names := x.k.front.Variables()
	ctx, cancel := context.WithTimeout(context.Background(), engineGrace)
	defer cancel()
	e.Restart(ctx)
	x.k.forget(x.name, x.request.msg.Header)
	text := "a new engine runs"
	switch n := len(names); n {
	case 0:
	case 1:
		text += "; 1 variable is lost, and %replay declares types and functions again"
	default:
		text += fmt.Sprintf("; %d variables are lost, and %%replay declares types and functions again", n)
	}
	x.out.Stream("stdout", []byte(text+"\n"))
	return nil
}

// replayCells runs what lost cells declared, or all of them, and says of which there is more to run.
func replayCells(x *execution, args string) *msg.Failed {
	if args != "" && args != "all" {
		return magicFailure("%%replay takes nothing or all behind it: %q", args)
	}
	var done, undone, failed []string
	for _, c := range x.k.ran.takeLost() {
		code, more := cell.Declarations(c.code)
		if args == "all" {
			code, more = c.code, false
		}
		if strings.TrimSpace(code) != "" {
			if f := x.again(c.name, code); f != nil {
				failed = append(failed, c.name+": "+f.Value)
				continue
			}
			done = append(done, c.name)
		}
		if more {
			undone = append(undone, fmt.Sprintf("%s  %s", c.name, firstLine(c.code)))
		}
	}
	if len(done)+len(undone)+len(failed) == 0 {
		x.out.Stream("stdout", []byte("no cell is lost\n"))
		return nil
	}
	text := "replayed: " + strings.Join(slices.Compact(done), " ") + "\n"
	if len(done) == 0 {
		text = "nothing replayed\n"
	}
	if len(undone) > 0 {
		text += "these cells did more, and are yours to run again:\n    " + strings.Join(undone, "\n    ") + "\n"
	}
	x.out.Stream("stdout", []byte(text))
	if len(failed) > 0 {
		return magicFailure("not replayed:\n    %s", strings.Join(failed, "\n    "))
	}
	return nil
}

// again runs code as the cell called name, and notes it in the journal as that.
func (x *execution) again(name, code string) *msg.Failed {
	old := x.name
	defer func() { x.name = old }()
	x.name = name
	return x.runGo(code, code)
}

// firstLine is the first line of a cell with anything in it, cut to what a list shows.
func firstLine(code string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(code), "\n")
	const most = 60
	if utf8.RuneCountInString(line) > most {
		line = string([]rune(line)[:most]) + " ..."
	}
	return line
}
