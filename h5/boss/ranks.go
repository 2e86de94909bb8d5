package boss

import (
	"errors"
	"fmt"
	"strings"
)

// Ranks are processes that do one work together; an *mpi.Comm is such. All of them make the same call, and get the
// same result.
type Ranks interface {
	Rank() int
	Size() int
	Allgather(in, out any) error // out points to the slice of what in of every rank points to
	Bcast(v any, root int) error // v points to what the root gives to all
}

// shared says that others do parts of the work.
func (w *work) shared() bool { return w.opts.Ranks != nil && w.opts.Ranks.Size() > 1 }

// first says that we put the parts together.
func (w *work) first() bool { return !w.shared() || w.opts.Ranks.Rank() == 0 }

// mine says that we write a part.
func (w *work) mine(part int) bool {
	return !w.shared() || part%w.opts.Ranks.Size() == w.opts.Ranks.Rank()
}

// ours is how many fibers our parts have.
func (w *work) ours(parts [][]pick) (n int) {
	for i, picks := range parts {
		if w.mine(i) {
			n += len(picks)
		}
	}
	return n
}

// share cuts the work into at least as many parts as there are ranks, of equal size as far as fibers allow, and
// within nights too: there may be more ranks than nights.
func (w *work) share() {
	if !w.shared() {
		return
	}
	spectra := 0
	for _, p := range w.picks {
		spectra += max(w.heavy[p.id.night()], 1)
	}
	size := w.opts.Ranks.Size()
	w.partFibers = min(partFibers, max(1, (spectra+size-1)/size))
}

// openStore has the first rank make the folder of parts, and the others open it.
func (w *work) openStore() (*store, error) {
	if !w.shared() {
		return openStore(w)
	}
	var s *store
	var err error
	if w.first() {
		s, err = openStore(w)
	}
	if err = w.agree(err); err == nil && !w.first() {
		s, err = openStore(w)
	}
	return s, w.agree(err)
}

// compare finds ranks that were called for something else, or see other files.
func (w *work) compare() error {
	if !w.shared() {
		return nil
	}
	mine, all := w.out+" "+w.key(), []string(nil)
	if err := w.opts.Ranks.Allgather(&mine, &all); err != nil {
		return fail(w.op, w.out, err)
	}
	for rank, other := range all {
		if other != all[0] {
			return fail(w.op, w.out, fmt.Errorf("rank %d does something else than rank 0, or finds other files: all ranks make the same call", rank))
		}
	}
	return nil
}

// agree gives an error when any rank has one.
func (w *work) agree(err error) error { return w.opts.agree(w.op, err) }

// agree is for errors that a rank has before there is work.
func (o Options) agree(op string, err error) error {
	all, failed := o.errors(err)
	if failed != nil {
		return errors.Join(err, fail(op, "", failed))
	}
	for rank, text := range all {
		if err == nil && text != "" {
			return rankError{rank, text}
		}
	}
	return err
}

// rankError is the error of another rank, of which its text has come.
type rankError struct {
	rank int
	text string
}

func (e rankError) Error() string { return fmt.Sprintf("rank %d: %s", e.rank, e.text) }

// Is finds the kinds after which no rank keeps anything.
func (e rankError) Is(kind error) bool {
	return (kind == errDiffers || kind == errNoType) && strings.Contains(e.text, kind.Error())
}

// errors gathers the texts of the errors of all ranks, "" where there is none. Of a process alone it gives nothing.
func (o Options) errors(err error) (all []string, failed error) {
	if o.Ranks == nil || o.Ranks.Size() == 1 {
		return nil, nil
	}
	mine := ""
	if err != nil {
		mine = err.Error()
	}
	return all, o.Ranks.Allgather(&mine, &all)
}

// outcome is what the first rank has come to, on all ranks.
func (w *work) outcome(err error) (*Result, error) {
	if err = w.agree(err); err != nil {
		return nil, err
	}
	if w.shared() {
		if err := w.opts.Ranks.Bcast(&w.result, 0); err != nil {
			return nil, fail(w.op, w.out, err)
		}
	}
	return &w.result, nil
}
