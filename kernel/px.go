package kernel

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"gofive/kernel/cell"
	"gofive/kernel/engine"
	"gofive/kernel/msg"
	"gofive/mpi/launch"
)

// runPx checks a parallel cell, once, and runs it on the ranks.
func (x *execution) runPx(code, typed string, flags *pxFlags) *msg.Failed {
	c, failed := x.k.clusters.current()
	if failed != nil {
		return failed
	}
	if id := c.job.Info().ID; flags.cluster != "" && flags.cluster != id {
		return clusterFailure("the cells of this notebook run on cluster %s; %%cluster attach %s changes that", id, flags.cluster)
	}
	targets, err := targetSet(flags.targets, c.job.Info().Ranks)
	if err != nil {
		return magicFailure("%v%s", err, x.k.clusters.configured(flags.targets))
	}
	failed = x.onRanks(c, x.name, code, typed, targets, flags)
	if failed == nil && flags.init {
		c.mu.Lock()
		c.init = append(c.init, ranCell{x.name, code})
		c.mu.Unlock()
	}
	return failed
}

// configured says so when the targets are those that %pxconfig has set.
func (cs *clusters) configured(targets string) string {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	var f pxFlags
	if len(cs.defaults) == 0 || f.parse(cs.defaults) != nil || f.targets != targets {
		return ""
	}
	return "; %pxconfig has set them, and %pxconfig -t all sets all"
}

// onRanks runs code on ranks of a cluster as the cell called name.
func (x *execution) onRanks(c *cluster, name, code, typed string, targets launch.Set, flags *pxFlags) *msg.Failed {
	if d := badText(name, code); d != nil {
		return checkFailure(d, typed)
	}
	if x.mode == cell.AsNative {
		x.out.Stream("stderr", []byte("native: %%native is for cells of the notebook; on ranks the functions are interpreted\n"))
	}
	p, checked, failed := c.program(name, code, typed, targets, flags)
	if failed != nil {
		return failed
	}
	r, number := x.k.clusters.newRun(c, name, x.out, !flags.noblock && !flags.noStream, flags.group)
	if flags.noblock {
		ctx, interrupt := context.WithCancel(context.Background())
		r.interrupt = interrupt
		go func() {
			defer interrupt()
			r.run(ctx, c, p, checked)
		}()
		return x.handle(flags.output, number)
	}
	ctx, stop := x.interruptible(c, flags)
	defer stop()
	failed = r.run(ctx, c, p, checked)
	r.showRest(flags)
	if flags.verbose {
		x.out.Stream("stderr", fmt.Appendf(nil, "%s ran on %s of cluster %s for %s\n", name, targets, c.job.Info().ID, r.took.Round(time.Microsecond)))
	}
	return failed
}

// program checks code as the cell called name, and makes what ranks run of it.
func (c *cluster) program(name, code, typed string, targets launch.Set, flags *pxFlags) (launch.Program, *cell.Program, *msg.Failed) {
	checked, err := c.front.CheckAs(cell.Interpreted, name, code)
	if err != nil {
		return launch.Program{}, nil, checkFailure(err, typed)
	}
	return launch.Program{
		ID: c.id(), Name: name, Payload: share(checked, typed, targets, c.job.Info().Ranks).Encode(),
		Grace: flags.graceTime(), ProgressAfter: flags.progressTime(), Apart: flags.noMerge,
	}, checked, nil
}

// handle declares the variable for a cell that is not waited for.
func (x *execution) handle(name string, number int) *msg.Failed {
	if name == "" {
		return nil
	}
	return x.runGoBeside(fmt.Sprintf("%s := ˑpx.ResultOf(%d)", name, number), nil)
}

// interruptible gives the context of a cell whose interrupts do what its flags say.
func (x *execution) interruptible(c *cluster, flags *pxFlags) (ctx context.Context, stop func()) {
	switch flags.signal {
	case interruptNothing:
		return context.Background(), func() {}
	case "SIGKILL":
		end := context.AfterFunc(x.request.ctx, func() {
			ctx, cancel := context.WithCancel(context.Background())
			cancel()
			_ = c.job.Stop(ctx) // the cell fails with the job
		})
		return context.Background(), func() { end() }
	}
	return x.request.ctx, func() {}
}

// share is what all ranks are told of a program.
func share(p *cell.Program, code string, targets launch.Set, n int) *engine.Share {
	s := &engine.Share{Program: &engine.Program{
		Name: p.Name, Code: code, Types: p.Types, Ring: p.Ring, Source: p.Source, Entry: p.Entry, Funcs: p.Funcs, Forget: p.Forget, Passing: p.Passing,
	}}
	if targets.Len() == n {
		return s
	}
	for _, span := range targets {
		s.Targets = append(s.Targets, [2]int{span.First, span.Last})
	}
	return s
}

// run runs a program and notes how it ended.
func (r *pxRun) run(ctx context.Context, c *cluster, p launch.Program, checked *cell.Program) *msg.Failed {
	begun := time.Now()
	outcome, err := c.job.Run(ctx, p, r.take)
	failed := r.failure(c, outcome, err)
	if outcome != nil && unrun(outcome) {
		c.front.Revert(checked)
	}
	r.end(failed, time.Since(begun))
	return failed
}

// followRanks sees the cell to its end that ranks have run since before their cluster was attached. An
// interrupt is for that cell.
func (x *execution) followRanks(c *cluster) *msg.Failed {
	r, _ := x.k.clusters.newRun(c, x.name, x.out, true, "")
	begun := time.Now()
	outcome, err := c.job.Follow(x.request.ctx, r.take)
	failed := r.failure(c, outcome, err)
	r.end(failed, time.Since(begun))
	return failed
}

// endIt is what frees ranks from a cell that does not end by itself.
const endIt = "%cluster interrupt ends what the ranks run, and their variables keep what they had"

// endThat is the same for a cell that waits for ranks.
const endThat = "interrupt this cell, and then %cluster interrupt ends that one, variables kept"

// await waits for a cell that was not waited for. What it does is told after a moment: it may never end.
func (x *execution) await(r *pxRun) error {
	late := time.After(launch.DefaultProgress)
	for {
		select {
		case <-r.done:
			return nil
		case <-x.request.ctx.Done():
			return fmt.Errorf("the waiting was interrupted, and %s runs on; %s", r.name, endIt)
		case <-late:
			ctx, cancel := context.WithTimeout(x.request.ctx, statusGrace)
			where, _ := placesText(r.where(ctx))
			cancel()
			if where == "" {
				where = "the ranks do not answer"
			}
			x.out.Stream("stderr", fmt.Appendf(nil, "waits for %s: %s; %s\n", r.name, where, endThat))
		}
	}
}

// unrun reports whether no rank has run anything of the program.
func unrun(o *launch.Outcome) bool {
	for _, f := range o.Failures {
		if !engine.ParseFailure(f.Payload).Unrun {
			return false
		}
	}
	return len(o.Failures) > 0
}

// failure makes one failure of those of the ranks: equal ones are told once.
func (r *pxRun) failure(c *cluster, o *launch.Outcome, err error) *msg.Failed {
	switch {
	case errors.Is(err, launch.ErrBusy):
		text := fmt.Sprintf("%v; %s", err, endIt)
		return &msg.Failed{Name: engine.FailureInterrupted, Value: text, Traceback: []string{red(engine.FailureInterrupted+": ") + text}}
	case err != nil:
		f := clusterFailure("%v", err)
		if c.lost() != nil || errors.Is(err, launch.ErrNeedsRestart) {
			f.Traceback = append(f.Traceback, c.advice(err))
		}
		return f
	}
	if o.OK() {
		return nil
	}
	out := &msg.Failed{}
	var values []string
	add := func(name, value string, traceback ...string) {
		if out.Name == "" {
			out.Name = name
		}
		values = append(values, value)
		out.Traceback = append(out.Traceback, traceback...)
	}
	for _, f := range ranked(o.Failures) {
		e := engine.ParseFailure(f.Payload)
		if e.Name == engine.FailureInterrupted && out.Name != "" { // because of those before
			add(e.Name, fmt.Sprintf("%s interrupted%s", f.Ranks, lineOf(e)), fmt.Sprintf("%s interrupted%s; their variables keep what they had", f.Ranks, lineOf(e)), "")
			continue
		}
		lines := coloured(e.Traceback)
		if len(lines) == 0 {
			lines = []string{red(e.Error())}
		}
		lines[0] = fmt.Sprintf("%s %s", f.Ranks, lines[0])
		add(e.Name, fmt.Sprintf("%s %s%s", f.Ranks, e.Value, lineOf(e)), append(lines, "")...)
	}
	for _, p := range o.Stuck {
		text := fmt.Sprintf("%s did not come back from %s", p.Ranks, p.Text)
		add(engine.FailureEngine, text, red(text))
	}
	if len(o.Dead) > 0 {
		text := fmt.Sprintf("%s died", o.Dead)
		add(engine.FailureEngine, text, red(text))
	}
	if o.NeedsRestart {
		out.Traceback = append(out.Traceback, "The cluster runs no further cells: "+startAgain)
	}
	out.Value = strings.Join(values, "; ")
	return out
}

// ranked puts what ended ranks by themselves before the interrupts that this was answered with.
func ranked(failures []launch.Failure) []launch.Failure {
	var own, interrupted []launch.Failure
	for _, f := range failures {
		if engine.ParseFailure(f.Payload).Name == engine.FailureInterrupted {
			interrupted = append(interrupted, f)
		} else {
			own = append(own, f)
		}
	}
	return append(own, interrupted...)
}

// pxRunsKept is of how many parallel cells the output is kept.
const pxRunsKept = 8

// newRun makes a cell that %pxresult tells of, and numbers it.
func (cs *clusters) newRun(c *cluster, name string, out *Output, show bool, group string) (r *pxRun, number int) {
	r = &pxRun{name: name, ranks: c.job.Info().Ranks, out: out, show: show, group: group, where: c.job.Status, done: make(chan struct{})}
	cs.mu.Lock()
	defer cs.mu.Unlock()
	cs.last = r
	cs.runs = append(cs.runs, r)
	if old := len(cs.runs) - pxRunsKept - 1; old >= 0 {
		cs.runs[old] = nil
	}
	return r, len(cs.runs) - 1
}

// known gives a parallel cell by its number, as long as it is kept.
func (cs *clusters) known(number int) (*pxRun, error) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	if number < 0 || number >= len(cs.runs) || cs.runs[number] == nil {
		return nil, fmt.Errorf("parallel cell %d is not known any more: the last %d are kept", number, pxRunsKept)
	}
	return cs.runs[number], nil
}
