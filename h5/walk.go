package h5

import "errors"

// SkipGroup, returned by the function that Walk calls for a group, leaves out what is in it.
var SkipGroup = errors.New("h5: skip this group")

// Stop, returned by the function that Walk calls, ends the walk without an error.
var Stop = errors.New("h5: stop the walk")

// Walk calls f for everything below the group, parents first and names in byte order. Objects are
// described, attributes are not. A group that is reached twice, by a second link or in a cycle, is
// entered once; links that lead nowhere are given with their Err. The library is free while f runs.
func (g *container) Walk(f func(e Entry) error) error {
	seen := map[[2]int64]bool{}
	if info, err := g.Info(); err == nil {
		seen[[2]int64{info.FileNo, info.Address}] = true
	}
	err := g.walk(f, seen, interrupted())
	if err == Stop {
		return nil
	}
	return err
}

func (g *container) walk(f func(e Entry) error, seen map[[2]int64]bool, stop func() bool) error {
	entries, err := g.Children()
	if err != nil {
		return err
	}
	for _, e := range entries {
		if stop() {
			return interruption("walk", g.path, g.h.file.path)
		}
		err := f(e)
		if err == SkipGroup {
			continue
		}
		if err != nil {
			return err
		}
		if err := g.enter(e, f, seen, stop); err != nil {
			return err
		}
	}
	return nil
}

// enter walks the group of an entry, if it is one and new.
func (g *container) enter(e Entry, f func(e Entry) error, seen map[[2]int64]bool, stop func() bool) error {
	key := [2]int64{e.Info.FileNo, e.Info.Address}
	if e.Kind != KindGroup || seen[key] {
		return nil
	}
	seen[key] = true
	child, err := g.Group(e.Name)
	if err != nil {
		return err
	}
	defer child.Close()
	return child.walk(f, seen, stop)
}
