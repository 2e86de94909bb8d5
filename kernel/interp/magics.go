package interp

import (
	"reflect"

	"gofive/magic"
	"gofive/shell"
)

// magics is package magic with a printer of this Interp.
func (it *Interp) magics() symbols {
	f, p := reflect.ValueOf, magic.Printer{Out: it.stdout()}
	return symbols{
		"Say": f(p.Say), "Time": f(p.Time), "Loops": f(p.Loops), "Whos": f(p.Whos),
		"Start": f(func() { it.clocks().Start(p) }), "Stop": f(func() { it.clocks().Stop() }),
	}
}

// clocks are the measurements of the calling goroutine's run: another runs beside it, and one that failed
// has left its own.
func (it *Interp) clocks() *magic.Clocks {
	if r := it.labels.run(); r != nil {
		return &r.clocks
	}
	return &magic.Clocks{}
}

// commands is package shell with a shell of the calling goroutine's run.
func (it *Interp) commands() symbols {
	f := reflect.ValueOf
	return symbols{
		"Run":    f(func(command ...any) (int, error) { return it.shell().Run(command...) }),
		"Bash":   f(func(script string) (int, error) { return it.shell().Bash(script) }),
		"Output": f(func(command ...any) (string, error) { return it.shell().Output(command...) }),
		"Lines":  f(func(command ...any) ([]string, error) { return it.shell().Lines(command...) }),
	}
}

// shell has commands of the latest run write where C code does, as programs in the background may for
// long. Those of other runs write into pipes: only so is it known whose text it is.
func (it *Interp) shell() shell.Shell {
	if out := it.stdout(); out.direct == nil || !out.isLatest(it.labels.run()) {
		return shell.Shell{Stdout: out, Stderr: it.stderr()}
	}
	return shell.Shell{Stdout: it.opts.Stdout, Stderr: it.opts.Stderr}
}
