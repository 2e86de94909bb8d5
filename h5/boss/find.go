package boss

import (
	"errors"
	"slices"

	"gofive/h5"
)

// Query finds fibers. query is an expression over the catalogs, such as "CLASS == 'QSO' && Z > 2" (see
// h5.Table.Query for what it may say), or the path of a list with the columns plates, mjds and fibers; an
// empty one finds all. path is a file of spectra, a folder of them, a text with a path a line, or an index
// that Index made, which makes looking through many files fast. No spectrum is read. A fiber that several
// files hold comes from the first.
func Query(path, query string) (*Set, error) {
	w, err := selected("query", []string{path}, query)
	if err != nil {
		return nil, err
	}
	w.sort()
	s := &Set{problems: w.result.Problems}
	for _, p := range w.picks {
		s.fibers = append(s.fibers, located{p.id, p.files[0]})
	}
	if len(s.fibers) == 0 && len(s.problems) > 0 {
		return nil, fail("query", path, errors.New(s.problems[0].What))
	}
	return s, nil
}

// Table is the rows that the catalogs zbest have of the fibers, in their order; a fiber without a row is
// left out.
func (s *Set) Table() (*h5.Table, error) {
	var all []*h5.Table
	for from := 0; from < len(s.fibers); {
		to := from + 1
		for to < len(s.fibers) && s.fibers[to].path == s.fibers[from].path {
			to++
		}
		t, err := bestRows(s.fibers[from:to])
		if err != nil {
			return nil, err
		}
		if t != nil {
			all = append(all, t)
		}
		from = to
	}
	if all == nil {
		return nil, errors.New("boss: no catalog zbest has a row of these fibers")
	}
	return all[0].Append(all[1:]...)
}

// bestRows gives the rows of fibers of one file, nil when it has none.
func bestRows(fibers []located) (*h5.Table, error) {
	r := &reader{}
	defer r.close()
	if err := r.open(fibers[0].path); err != nil || r.best == nil {
		return nil, err
	}
	var places []int
	for _, f := range fibers {
		if i, ok := r.where[f.FiberID]; ok {
			places = append(places, i)
		}
	}
	if len(places) == 0 {
		return nil, nil
	}
	if len(places) == r.best.NumRows() && slices.IsSorted(places) {
		return r.best, nil
	}
	return r.best.Slice(places)
}
