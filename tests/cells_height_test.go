package tests

import (
	"context"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	core "gofive/kernel"
	"gofive/kernel/cell"
	"gofive/kernel/cell/exports"
	"gofive/kernel/engine"
	"gofive/kernel/interp"
	"gofive/kernel/kerneltest"
	"gofive/kernel/symbols"
	"gofive/tests/cells"
)

// TestCellsKernel runs the cases through a whole kernel whose sockets and engine are in this process.
func TestCellsKernel(t *testing.T) {
	play(t, atOnce(allCases(t)), func(t *testing.T) cells.Runner {
		s := kerneltest.Start(t, func(o *core.Options) {
			o.FrontEnd = cell.NewSession(exports.Library())
			o.StartEngine = func(h engine.Handler) engine.Engine {
				it, err := interp.New(interp.Options{Table: symbols.Table, Emit: h})
				if err != nil {
					t.Fatal(err)
				}
				return memoryEngine{it}
			}
		})
		return memoryKernel{s.Client}
	})
}

// TestCellsWire runs cases through the installed kernel and the real Jupyter client; the kernel is
// started again for each.
func TestCellsWire(t *testing.T) {
	k := startKernel(t, newWorkspace(t), nil, nil)
	play(t, some(atOnce(allCases(t)), 8), func(t *testing.T) cells.Runner {
		k.ask(new(struct{}), map[string]any{"do": "restart"})
		return wireKernel{k}
	})
}

// atOnce leaves out the cases that wait for what a cell writes when it has ended: clients here look
// no longer than that.
func atOnce(all []cells.Case) []cells.Case {
	var kept []cells.Case
	for _, c := range all {
		waits := false
		for _, cell := range c.Cells {
			waits = waits || cell.Waits()
		}
		if !waits {
			kept = append(kept, c)
		}
	}
	return kept
}

// memoryEngine is an engine in this process.
type memoryEngine struct{ *interp.Interp }

func (e memoryEngine) Run(_ context.Context, p *engine.Program) *engine.Failure {
	return e.Interp.Run(p)
}

func (e memoryEngine) Close(context.Context) error { return nil }

// memoryKernel is a Runner over channels in memory.
type memoryKernel struct{ client *kerneltest.Client }

func (k memoryKernel) Run(c cells.Cell) cells.Reaction {
	code := c.Code
	if c.Interrupted() {
		code = c.Announced()
	}
	id := k.client.Send(core.Shell, "execute_request", kerneltest.Code(code))
	if c.Interrupted() {
		k.client.Next("output", func(a kerneltest.Arrival) bool {
			return a.Header.Type == "stream" && strings.Contains(string(a.Content), cells.Begun)
		})
		time.Sleep(cells.RunTime)
		k.client.Do(core.Control, "interrupt_request", struct{}{})
	}
	x := k.client.Wait(id)
	r := cells.Reaction{Out: x.Text("stdout"), Errout: x.Text("stderr")}
	if x.Get("status") == "error" {
		r.Failure = plain(fmt.Sprintf("%v\n%v\n%v", x.Get("ename"), x.Get("evalue"), x.Get("traceback")))
	}
	for _, m := range x.Published {
		if data, ok := kerneltest.Content(m)["data"].(map[string]any); ok && m.Header.Type == "execute_result" {
			text, _ := data["text/plain"].(string)
			r.Result = strings.TrimSpace(text)
		}
	}
	return r
}

// wireKernel is a Runner over sockets.
type wireKernel struct{ *kernel }

func (k wireKernel) Run(c cells.Cell) cells.Reaction {
	if c.Interrupted() {
		k.send(c.Announced())
		k.until(cells.Begun)
		time.Sleep(cells.RunTime)
		k.interrupt()
	} else {
		k.send(c.Code)
	}
	o := k.wait()
	r := cells.Reaction{Out: o.Stdout, Errout: o.Stderr, Result: strings.TrimSpace(o.text())}
	if o.Status == "error" {
		r.Failure = plain(o.Name + "\n" + o.Value + "\n" + o.Traceback)
	}
	return r
}

var colours = regexp.MustCompile("\x1b\\[[0-9;]*m")

// plain frees a text of terminal colours.
func plain(text string) string { return colours.ReplaceAllString(text, "") }
