package interp

import (
	"context"
	"fmt"
	"log"
	"strings"
	"sync"
	"time"
)

// Goroutines of cells start here: a panic in one is reported and ends nothing else.

// start is the go statement.
func (it *Interp) start(f func()) {
	it.goroutines.Add(1)
	go func() {
		defer it.goroutines.Add(-1)
		it.guarded(f)()
	}()
}

// guarded gives a function that runs f on behalf of the run that calls guarded, whatever goroutine
// it is called in, and reports a panic of it.
func (it *Interp) guarded(f func()) func() {
	r, label := it.labels.labelled()
	return func() {
		defer func() {
			if v := recover(); v != nil {
				it.crashed(v)
			}
		}()
		if r != nil {
			runtime_setProfLabel(label)
			defer r.ending.Delete(self())
		}
		f()
	}
}

// What follows stands in for compiled functions that start goroutines.

func (it *Interp) waitGroupGo(wg *sync.WaitGroup, f func()) {
	wg.Add(1)
	it.start(func() {
		defer wg.Done()
		f()
	})
}

func (it *Interp) afterFunc(d time.Duration, f func()) *time.Timer {
	return time.AfterFunc(d, it.guarded(f))
}

func (it *Interp) contextAfterFunc(ctx context.Context, f func()) (stop func() bool) {
	return context.AfterFunc(ctx, it.guarded(f))
}

// And for those that end the process.

func (it *Interp) loggerFatal(l *log.Logger, v ...any) { it.endLogged(l, fmt.Sprint(v...)) }

func (it *Interp) loggerFatalf(l *log.Logger, format string, v ...any) {
	it.endLogged(l, fmt.Sprintf(format, v...))
}

func (it *Interp) loggerFatalln(l *log.Logger, v ...any) {
	it.endLogged(l, strings.TrimSuffix(fmt.Sprintln(v...), "\n"))
}

func (it *Interp) endLogged(l *log.Logger, text string) {
	l.Print(text)
	it.fatal(text)
}
