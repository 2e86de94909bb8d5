package interp

import (
	"fmt"
	"strings"
	"time"

	"gofive/display"
	"gofive/display/progress"
	"gofive/kernel/engine"
)

// page is the display.Sink of cells. What is shown belongs to the run of the goroutine that shows it, and
// where that has none, as timers have not, to run.
type page struct {
	interp *Interp
	run    *Run
}

func (p page) id() int64 {
	if id := p.interp.runID(); id != 0 || p.run == nil {
		return id
	}
	return p.run.id
}

func (p page) Display(v any, id string) {
	p.interp.emitValue(engine.Event{Kind: engine.Display, Run: p.id(), DisplayID: id}, v)
}

func (p page) Update(v any, id string) {
	p.interp.emitValue(engine.Event{Kind: engine.Update, Run: p.id(), DisplayID: id}, v)
}

// Progress is progress.New in a cell, and for compiled packages that a cell calls. A timer brings bars up to date, which belongs to no run; when
// the cell ends its bars are told last, because many clients read no further.
func (it *Interp) Progress(n int, label string, begun time.Time) *progress.Bar {
	r := it.labels.run()
	bar := progress.In(page{it, r}, n, label, begun)
	if r != nil {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.bars = append(r.bars, bar)
	}
	return bar
}

// Labelled reports whether the calling goroutine works for a cell.
func (it *Interp) Labelled() bool { return it.labels.run() != nil }

// refresh shows bars as they are at the end of the run.
func (r *Run) refresh() {
	r.mu.Lock()
	bars := r.bars
	r.bars = nil
	r.mu.Unlock()
	for _, b := range bars {
		b.Refresh()
	}
}

// show emits the value of a cell. Several values are shown as text, side by side. A value that
// carries an error, as a figure of mismatched columns does, fails the cell with it, and if it has a
// picture all the same, that is shown before.
func (it *Interp) show(r *Run, values ...any) {
	for _, v := range values {
		if e, ok := v.(interface{ Err() error }); ok && e.Err() != nil {
			if b := display.Render(v, it.opts.Viewers...); b.Data[display.ImagePNG] != nil {
				it.emitValue(engine.Event{Kind: engine.Display, Run: r.id}, b)
			}
			fail(e.Err(), r.line())
		}
	}
	if len(values) == 1 {
		if _, is := values[0].(*display.Handle); !is { // of what is on the page already
			it.emitValue(engine.Event{Kind: engine.Result, Run: r.id}, values[0])
		}
		return
	}
	texts := make([]string, len(values))
	for i, v := range values {
		texts[i], _ = display.Render(v, it.opts.Viewers...).Data[display.TextPlain].(string)
	}
	it.emitValue(engine.Event{Kind: engine.Result, Run: r.id},
		display.Bundle{Data: map[string]any{display.TextPlain: strings.Join(texts, " ")}})
}

// clear is display.Clear in a cell.
func (it *Interp) clear(wait bool) {
	it.opts.Emit(engine.Event{Kind: engine.Clear, Run: it.runID(), Wait: wait})
}

// emitValue emits an event that shows v.
func (it *Interp) emitValue(e engine.Event, v any) {
	b := display.Render(v, it.opts.Viewers...)
	for _, t := range b.Trouble {
		it.traces.take() // of the panic that it tells of
		t.Cause = plainPanic(t.Cause)
		fmt.Fprintln(it.stderr(), t)
	}
	var err error
	if e.Data, err = b.MarshalData(); err == nil {
		e.Metadata, err = b.MarshalMetadata()
	}
	if err != nil {
		panic(fmt.Errorf("show a value: %w", err))
	}
	it.opts.Emit(e)
}

func (it *Interp) runID() int64 {
	if r := it.labels.run(); r != nil {
		return r.id
	}
	return 0
}
