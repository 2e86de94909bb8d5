package h5

import (
	"errors"

	"gofive/h5/internal/libhdf5"
)

// SkipGroup, returned by the function that Walk calls for a group, leaves out what is in it.
var SkipGroup = errors.New("h5: skip this group")

// Stop, returned by the function that Walk calls, ends the walk without an error.
var Stop = errors.New("h5: stop the walk")

// Walk calls f for everything below the group, parents first and names in byte order or in another
// that is asked for. Objects are described, attributes are not. A group that is reached twice, by a
// second link or in a cycle, is entered once; links that lead nowhere are given with their Err. The
// library is free while f runs. Of a group of any size only the names are in memory at once.
func (g *container) Walk(f func(e Entry) error, order ...Order) error {
	seen := map[[2]int64]bool{}
	if info, err := g.Info(); err == nil {
		seen[[2]int64{info.FileNo, info.Address}] = true
	}
	w := walk{f: f, order: lastOf(order), seen: seen, stop: interrupted()}
	err := w.group(g)
	if err == Stop {
		return nil
	}
	return err
}

// walk is a walk that is under way.
type walk struct {
	f     func(e Entry) error
	order Order
	seen  map[[2]int64]bool // groups, by file and address
	stop  func() bool
}

func (w *walk) group(g *container) error {
	const op = "walk"
	names, err := g.names(op, w.order)
	if err != nil {
		return err
	}
	page := make([]Entry, min(len(names), pageSize))
	for from := 0; from < len(names); from += pageSize {
		n := min(pageSize, len(names)-from)
		if err := g.describePage(op, names[from:from+n], libhdf5.NoAttributes, page[:n]); err != nil {
			return err
		}
		for _, e := range page[:n] {
			if w.stop() {
				return interruption(op, g.path, g.h.file.path)
			}
			if err := w.entry(g, e); err != nil {
				return err
			}
		}
	}
	return nil
}

// entry calls f and walks the group of the entry, if it is one and new.
func (w *walk) entry(g *container, e Entry) error {
	if err := w.f(e); err != nil {
		if err == SkipGroup {
			return nil
		}
		return err
	}
	key := [2]int64{e.Info.FileNo, e.Info.Address}
	if e.Kind != KindGroup || w.seen[key] {
		return nil
	}
	w.seen[key] = true
	child, err := g.Group(e.Name)
	if err != nil {
		return err
	}
	defer child.Close()
	return w.group(&child.container)
}
