package boss

import (
	"context"
	"errors"
	"os"
	"slices"
)

// Add puts fibers into a file that are not in it: those of sources that a query wants, "" for all. Like Update and Remove it
// writes the file anew beside the old one, which stays as it is until the new one is complete: nothing is lost
// when it fails, and no space is wasted in the file. Where there is nothing to change, the file is left alone.
func Add(ctx context.Context, base string, sources []string, query string, o Options) (*Result, error) {
	return edit(ctx, "add", base, sources, query, o, func(bool) bool { return true })
}

// Update makes a file hold the fibers that a query wants and no others: what it has of them stays, what it lacks comes
// from sources.
func Update(ctx context.Context, base string, sources []string, query string, o Options) (*Result, error) {
	return edit(ctx, "update", base, sources, query, o, func(wanted bool) bool { return wanted })
}

// Remove takes the fibers that a query wants out of a file, spectra and rows of catalogs.
func Remove(ctx context.Context, base, query string, o Options) (*Result, error) {
	if query == "" {
		return nil, fail("remove", base, errors.New("say by a query which fibers"))
	}
	return edit(ctx, "remove", base, nil, query, o, func(wanted bool) bool { return !wanted })
}

// edit writes base anew, of its own fibers those that keep accepts, and of sources what is wanted.
func edit(ctx context.Context, op, base string, sources []string, query string, o Options, keep func(wanted bool) bool) (*Result, error) {
	w, err := editing(op, base, sources, query, keep)
	if err = o.agree(op, err); err != nil {
		return nil, err
	}
	w.opts = o
	layout := chosenLayout([]string{base})
	if w.opts.Layout == AsInput {
		w.opts.Layout = layout
	}
	w.idle = w.idle && w.opts.Layout == layout && w.opts.Gzip == 0
	return w.run(ctx)
}

// editing finds what is to be in base.
func editing(op, base string, sources []string, query string, keep func(wanted bool) bool) (*work, error) {
	s, err := parseSelection(query)
	if err != nil {
		return nil, err
	}
	files, err := inputs(sources)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(base); err != nil {
		return nil, fail(op, base, err)
	}
	ids, err := heldBy(base)
	if err != nil {
		return nil, err
	}
	w := &work{op: op, out: base, base: base, result: Result{Did: "wrote anew"}}
	found := &work{op: op}
	found.choose(append([]string{base}, files...), s)
	wanted := map[FiberID]bool{}
	for _, p := range found.picks {
		wanted[p.id] = true
	}
	for _, id := range ids {
		if keep(wanted[id]) {
			w.add(id, base)
		}
	}
	w.idle = len(w.picks) == len(ids)
	if op != "remove" {
		for _, p := range found.picks {
			if p.files[0] != base {
				w.picks = append(w.picks, p)
				_, there := slices.BinarySearchFunc(ids, p.id, FiberID.compare)
				w.idle = w.idle && there
			}
		}
	}
	w.result.Problems = found.result.Problems
	return w, nil
}
