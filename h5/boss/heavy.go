package boss

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"gofive/h5"
)

// weigh finds how many spectra each fiber of a plate's files has: with single exposures a night is too large to be
// one part of the work.
func (w *work) weigh(file string, ids []FiberID) {
	if !isPlate(file) || len(ids) == 0 {
		return
	}
	s, err := openPlate(file)
	if err != nil {
		return // it will be listed
	}
	defer s.Close()
	if n := s.(*plateFile).frameSet.number(); n > 0 {
		if w.heavy == nil {
			w.heavy = map[night]int{}
		}
		w.heavy[ids[0].night()] = 1 + n
	}
}

// source opens an input, or gives it as it is still open.
func (w *work) source(path string) (source, error) {
	if w.kept != nil && w.keptPath == path {
		return w.kept, nil
	}
	w.closeSource()
	s, err := openSource(path)
	if err == nil {
		w.kept, w.keptPath = s, path
	}
	return s, err
}

func (w *work) closeSource() {
	if w.kept != nil {
		w.kept.Close()
		w.kept = nil
	}
}

// take adds what was listed of a part; what is about a whole night several parts say.
func (r *Result) take(part *partDone) {
	for _, p := range part.Problems {
		if p.Fiber.Fiber > 0 || !slices.Contains(r.Problems, p) {
			r.Problems = append(r.Problems, p)
		}
	}
	r.note(part.Notes...)
}

// cutNights are those that are in several parts.
func cutNights(parts [][]pick) map[night]bool {
	out := map[night]bool{}
	for i := 1; i < len(parts); i++ {
		if n := parts[i][0].id.night(); n == parts[i-1][len(parts[i-1])-1].id.night() {
			out[n] = true
		}
	}
	return out
}

// joinNights puts those nights together that are in several parts.
func (s *store) joinNights(f *h5.File) error {
	for _, n := range slices.SortedFunc(maps.Keys(s.cut), night.compare) {
		j := &nightJoint{night: n, tables: map[string][]*rows{}, tablesOnly: s.work.together()}
		if err := s.joinNight(f, j); err != nil {
			return fmt.Errorf("%v: %w", n, err)
		}
	}
	return nil
}

func (s *store) joinNight(f *h5.File, j *nightJoint) error {
	var err error
	if j.group, err = f.RequireGroup(j.night.String()); err != nil {
		return err
	}
	defer j.group.Close()
	for i := range s.n {
		if err := s.withPart(i, j.add); err != nil {
			return err
		}
	}
	if j.fibers == 0 {
		return f.Delete(j.night.String())
	}
	sums, err := j.writeTables(s.work.opts)
	s.sums.Catalogs[j.night.String()] = sums
	return err
}

// withPart opens a part, unless no fiber of it could be written.
func (s *store) withPart(i int, use func(*h5File) error) error {
	done, err := s.load(i)
	if err != nil || done == nil || len(done.Fibers) == 0 {
		return err
	}
	in, err := openH5(s.path(i))
	if err != nil {
		return err
	}
	defer in.Close()
	return use(in.(*h5File))
}

// nightOf gives the night of two names of groups.
func nightOf(plate, mjd string) (n night) {
	n.plate, _ = number(plate)
	n.mjd, _ = number(mjd)
	return n
}

// nightJoint is a night that is put together of parts.
type nightJoint struct {
	night  night
	group  *h5.Group
	fibers int // that were copied
	tables map[string][]*rows
	names  []string // of tables, in the order in which they were met
	// tablesOnly leaves out the spectra, which come later.
	tablesOnly bool
}

// add copies the fibers of a part, and reads its rows of the catalogs.
func (j *nightJoint) add(part *h5File) error {
	in := part.nights[j.night]
	if in == nil {
		return nil
	}
	from, err := part.file.Group(in.path)
	if err != nil {
		return err
	}
	defer from.Close()
	if !j.tablesOnly {
		for _, fiber := range slices.Sorted(maps.Keys(in.grouped)) {
			if err := copyObject(j.group, from, fmt.Sprint(fiber)); err != nil {
				return err
			}
		}
	}
	j.fibers += len(in.grouped)
	for _, name := range in.tables {
		r, err := part.nightCatalog(j.night, name)
		if err != nil {
			return err
		}
		if j.tables[name] == nil {
			j.names = append(j.names, name)
		}
		j.tables[name] = append(j.tables[name], r)
	}
	return errors.Join(j.addOthers(in.others, from), copyAttrs(j.group, from))
}

func (j *nightJoint) addOthers(names []string, from *h5.Group) error {
	for _, name := range names {
		has, err := j.group.Has(name)
		if err == nil && !has {
			err = copyObject(j.group, from, name)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// writeTables writes the catalogs of the night, and gives their checksums.
func (j *nightJoint) writeTables(o Options) (map[string]checksum, error) {
	sums := map[string]checksum{}
	for _, name := range j.names {
		all, err := merge(j.tables[name])
		if err != nil {
			return nil, fmt.Errorf("catalog %s: %w", name, err)
		}
		if err := newDataset(j.group, name, all, o); err != nil {
			return nil, err
		}
		sums[name] = all.sum()
	}
	return sums, nil
}
