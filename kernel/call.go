package kernel

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"gofive/kernel/engine"
	"gofive/kernel/msg"
)

// call does what a running cell asks the kernel for, and answers.
func (k *Kernel) call(r *run, ended bool, ev engine.Event) {
	var answer any
	err := errors.New("the cell has ended")
	if !ended && r.request != nil {
		x := &execution{k: k, request: r.request, name: r.name, out: r.out}
		answer, err = x.obey(ev.Method, ev.Data)
	}
	if err != nil {
		k.answerEngine(ev.Request, err.Error(), false)
		return
	}
	k.answerEngine(ev.Request, string(msg.MustMarshal(answer)), true)
}

// obey knows the methods that package px calls.
func (x *execution) obey(method string, args json.RawMessage) (any, error) {
	switch method {
	case "cluster":
		c, failed := x.k.clusters.current()
		if failed != nil {
			return nil, errors.New(failed.Value)
		}
		info := c.job.Info()
		return map[string]any{"ID": info.ID, "Dir": c.job.Dir(), "Ranks": info.Ranks}, nil
	case "run":
		var p struct {
			Code, Targets string
			Quiet         bool
		}
		if err := json.Unmarshal(args, &p); err != nil {
			return nil, err
		}
		return nil, x.runForCell(p.Code, p.Targets, p.Quiet)
	case "wait":
		var run int
		if err := json.Unmarshal(args, &run); err != nil {
			return nil, err
		}
		return nil, x.waitForPx(run)
	case "interrupt":
		var run int
		if err := json.Unmarshal(args, &run); err != nil {
			return nil, err
		}
		r, err := x.k.clusters.known(run)
		if err == nil && r.interrupt != nil {
			r.interrupt()
		}
		return nil, err
	}
	return nil, fmt.Errorf("the kernel knows no method %q", method)
}

// runForCell runs code on ranks for a cell that runs here. What fails is shown by the cell, unless quiet
// says that its error alone tells it.
func (x *execution) runForCell(code, targets string, quiet bool) error {
	var given []string
	if targets != "" {
		given = []string{"--targets", targets}
	}
	flags, failed := x.k.pxFlagsOf(given)
	if failed == nil {
		flags.noblock, flags.output, flags.local, flags.init = false, "", false, false
		failed = x.runPx(code, code, flags)
	}
	if failed == nil {
		return nil
	}
	if !quiet {
		x.out.Stream("stderr", []byte(strings.Join(failed.Traceback, "\n")+"\n"))
	}
	return errors.New(failed.Value)
}

// waitForPx waits for a parallel cell that was not waited for, shows its output and gives its error.
func (x *execution) waitForPx(number int) error {
	r, err := x.k.clusters.known(number)
	if err != nil {
		return err
	}
	if err := x.await(r); err != nil {
		return err
	}
	r.all(x.out, -1, richMost)
	if r.failed != nil {
		return errors.New(r.failed.Value)
	}
	return nil
}
