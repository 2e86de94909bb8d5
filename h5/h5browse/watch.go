package h5browse

import (
	"context"
	"slices"
	"strconv"
	"time"

	"gofive/h5"
)

// seen is the state of an object when it was looked at.
type seen struct {
	shape   []int
	stored  int64
	members int
	of      mark
}

func (s seen) differs(o seen) bool {
	return !slices.Equal(s.shape, o.shape) || s.stored != o.stored || s.members != o.members || s.of != o.of
}

func (s seen) fields() map[string]any {
	return map[string]any{"shape": s.shape, "stored": s.stored}
}

// watch tells of changes of an object until it is cancelled.
func watch(_ context.Context, l *call) (answer, error) {
	now, err := l.look()
	if err != nil {
		return answer{}, err
	}
	every := time.Duration(within(l.request.Every, 1000, int(leastEvery/time.Millisecond), 3_600_000)) * time.Millisecond
	go l.watch(now, every)
	return answer{fields: now.fields()}, nil
}

// watch looks again and again.
func (l *call) watch(was seen, every time.Duration) {
	defer l.comm.forget(l)
	ticker := time.NewTicker(every)
	defer ticker.Stop()
	for {
		select {
		case <-l.ctx.Done():
			return
		case <-ticker.C:
		}
		if h5.Busy(busyAfter) {
			continue
		}
		now, err := l.look()
		if err != nil {
			l.changed(map[string]any{"error": failureOf(err)})
			return
		}
		if now.differs(was) {
			l.changed(now.fields())
		}
		was = now
	}
}

// changed tells of a change.
func (l *call) changed(fields map[string]any) {
	if l.ctx.Err() != nil {
		return
	}
	fields["event"], fields["id"], fields["file"], fields["path"] = "changed", l.request.ID, l.request.File, l.request.Path
	l.comm.browser.news(l.comm.id, "change of "+strconv.FormatInt(l.request.ID, 10), fields)
}

// look looks at the object as it is now.
func (l *call) look() (seen, error) {
	f, err := l.file()
	if err != nil {
		return seen{}, err
	}
	s := seen{of: markOf(f)}
	s.of.id = 0 // a file that was opened anew is no change by itself
	o, err := l.object()
	if err != nil {
		return seen{}, err
	}
	defer drop(o)
	if d, ok := o.(*h5.Dataset); ok && isSWMR(f) {
		if err := d.Refresh(); err != nil {
			return seen{}, err
		}
	}
	info, err := o.Info()
	s.shape, s.stored, s.members = info.Shape, info.Storage, info.NumLinks
	return s, err
}

// isSWMR reports whether another process may be writing the file.
func isSWMR(f *h5.File) bool {
	s, err := f.Stat()
	return err == nil && s.SWMR
}
