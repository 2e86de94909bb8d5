package interp

import (
	"go/token"

	"gofive/kernel/engine"
)

// A program that declares nothing which outlives it may come again, in a loop: it is read once. Most cells are no
// such programs, and what is read takes memory, so only the latest are kept.

// passingKept is how many.
const passingKept = 16

// passing are those that have been read, by source. Interp.compile guards them.
type passing struct {
	bySource map[string]*loaded
	order    []string
}

// loaded is a program that has been read.
type loaded struct {
	entry func(*Run)
	files []*token.File // that its positions are in
}

// find gives a program that has been read, nil for none.
func (ps *passing) find(p *engine.Program) *loaded {
	switch {
	case !p.Passing:
		return nil
	case p.Entry == "": // there is nothing to declare
		return &loaded{entry: func(*Run) {}}
	}
	return ps.bySource[p.Source]
}

// keep takes a program that has been read, when it may come again, and gives the files of one that is kept no more.
func (ps *passing) keep(p *engine.Program, l *loaded) (files []*token.File) {
	if !p.Passing {
		return nil
	}
	if ps.bySource == nil {
		ps.bySource = map[string]*loaded{}
	}
	if len(ps.order) == passingKept {
		files = ps.bySource[ps.order[0]].files
		delete(ps.bySource, ps.order[0])
		ps.order = ps.order[1:]
	}
	ps.bySource[p.Source] = l
	ps.order = append(ps.order, p.Source)
	return files
}
