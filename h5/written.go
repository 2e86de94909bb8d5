package h5

import (
	"slices"
	"sync"
	"sync/atomic"
)

// Written tells what of a file may hold other numbers than before.
type Written struct {
	FileNo  int64      // as in ObjectInfo; 0 for any file
	Address int64      // of the dataset, as in ObjectInfo; 0 for any object
	Axes    []Interval // that hold what was written, one for each axis; nil for all of the dataset
}

// writtenTo are those that hear of each write; nil as long as there is none.
var writtenTo atomic.Pointer[[]*func(Written)]

// changingWrittenTo is held while that list is made anew.
var changingWrittenTo sync.Mutex

// OnWrite has f called after each write to a dataset of this process, by whatever file handle, and also after one
// that has failed; f shall return at once, and may be called from several goroutines. A dataset that only grew has
// not been written, one that was cut has. The result ends it.
func OnWrite(f func(Written)) (stop func()) {
	setWrittenTo(func(all []*func(Written)) []*func(Written) { return append(all, &f) })
	return func() {
		setWrittenTo(func(all []*func(Written)) []*func(Written) {
			return slices.DeleteFunc(all, func(g *func(Written)) bool { return g == &f })
		})
	}
}

// setWrittenTo changes a copy of the list, so that those who tell of writes need no lock.
func setWrittenTo(change func([]*func(Written)) []*func(Written)) {
	changingWrittenTo.Lock()
	defer changingWrittenTo.Unlock()
	var all []*func(Written)
	if now := writtenTo.Load(); now != nil {
		all = slices.Clone(*now)
	}
	if all = change(all); len(all) == 0 {
		writtenTo.Store(nil)
		return
	}
	writtenTo.Store(&all)
}

// tellWritten tells of a write that is over.
func tellWritten(w Written) {
	if all := writtenTo.Load(); all != nil {
		for _, f := range *all {
			(*f)(w)
		}
	}
}

// written tells that places of the dataset were written; nil stands for all of them.
func (d *Dataset) written(s *selection) {
	if writtenTo.Load() == nil {
		return
	}
	w := Written{FileNo: d.d.info.FileNo, Address: d.d.info.Address}
	if s != nil && !s.elements {
		for _, a := range s.axes {
			w.Axes = append(w.Axes, a.hull())
		}
	}
	tellWritten(w)
}

// rewritten tells that objects of the group's file are others than before.
func (g *container) rewritten() {
	if writtenTo.Load() == nil {
		return
	}
	info, _ := g.Info() // without, it may have been any file
	tellWritten(Written{FileNo: info.FileNo})
}

// hull is the interval that holds all places of an axis.
func (a axis) hull() Interval {
	switch last, block := a.count-1, max(a.block, 1); {
	case len(a.places) > 0:
		return Interval{a.places[0], a.places[len(a.places)-1] + 1, 1}
	case a.count > 0:
		return Interval{a.start, a.start + last/block*a.step + last%block + 1, 1}
	}
	return Interval{Step: 1}
}
