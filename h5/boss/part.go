package boss

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"slices"
	"syscall"

	"gofive/display/progress"
	"gofive/h5"
)

// partWriter writes a part of the work in layout v1.
type partWriter struct {
	ctx  context.Context
	work *work
	file *h5.File
	bar  *progress.Bar
	done partDone
	// peer is the last file that was compared with, kept open for its other fibers.
	peer     source
	peerPath string
}

// write writes all picks, a night after the other.
func (p *partWriter) write(path string, picks []pick) (err error) {
	if p.file, err = h5.Create(path); err != nil {
		return err
	}
	defer p.closePeer()
	defer func() {
		if closed := p.file.Close(); err == nil {
			err = closed
		}
	}()
	for len(picks) > 0 {
		n := picks[0].id.night()
		end := slices.IndexFunc(picks, func(p pick) bool { return p.id.night() != n })
		if end < 0 {
			end = len(picks)
		}
		if err := p.night(n, picks[:end]); err != nil {
			return err
		}
		picks = picks[end:]
	}
	return nil
}

// nightWriter writes the fibers of a night and gathers the rows of its catalogs.
type nightWriter struct {
	*partWriter
	night  night
	group  *h5.Group
	tables map[string][]*rows
	names  []string     // of tables, in the order in which they were met
	fibers map[int]bool // that are written
	twins  []twin       // of fibers written from the file that is worked on
	others bool         // what the group of an input holds besides is copied
}

// night writes a night. A fiber that its first file does not give is looked for in the others.
func (p *partWriter) night(n night, picks []pick) error {
	g, err := p.file.RequireGroup(n.String())
	if err != nil {
		return err
	}
	defer g.Close()
	w := &nightWriter{partWriter: p, night: n, group: g, tables: map[string][]*rows{}, fibers: map[int]bool{}}
	for len(picks) > 0 {
		var again []pick
		for _, file := range filesOf(picks) {
			failed, err := w.from(file, picks)
			if err != nil {
				return err
			}
			again = append(again, failed...)
		}
		picks = again
	}
	if len(w.fibers) == 0 {
		return p.file.Delete(n.String())
	}
	return w.writeTables()
}

// filesOf are the first files of picks, each once, in order.
func filesOf(picks []pick) (out []string) {
	seen := map[string]bool{}
	for _, p := range picks {
		if !seen[p.files[0]] {
			seen[p.files[0]] = true
			out = append(out, p.files[0])
		}
	}
	return out
}

// from writes the fibers of one file, and gives those that it did not give and another file may.
func (w *nightWriter) from(file string, picks []pick) (again []pick, err error) {
	s, openErr := w.work.source(file)
	ctx, stop := context.WithCancel(w.ctx)
	defer stop()
	known := w.lookAhead(ctx, s, file, picks)
	written := map[int]bool{}
	for _, p := range picks {
		if p.files[0] != file {
			continue
		}
		if err := w.ctx.Err(); err != nil {
			return nil, err
		}
		err := openErr
		if err == nil {
			err = w.fiber(s, p, known)
		}
		switch {
		case fatal(err):
			return nil, err
		case err == nil:
			written[p.id.Fiber] = true
			w.bar.Add(1)
		case len(p.files) > 1:
			w.done.problem(p.id, file, true, fmt.Errorf("%w; taken from the next file", err))
			again = append(again, pick{p.id, p.files[1:]})
		default:
			w.done.problem(p.id, file, false, err)
			w.bar.Add(1)
		}
	}
	maps.Copy(w.fibers, written)
	if len(written) == 0 {
		w.twins = nil
		return again, nil
	}
	t := known.tablesOf(s, w.night, written)
	w.compareRows(t)
	return again, w.catalogs(s, file, t)
}

// fatal reports whether going on with other fibers is of no use.
func fatal(err error) bool {
	return ours(err) || errors.Is(err, context.Canceled) || errors.Is(err, syscall.ENOSPC)
}

// outputError is the fault of the output and not of a fiber.
type outputError struct{ error }

func (e *outputError) Unwrap() error { return e.error }

func output(err error) error {
	if err == nil {
		return nil
	}
	return &outputError{err}
}

func (p *partDone) problem(id FiberID, file string, kept bool, err error) {
	var r Result
	r.problem(id, file, kept, err)
	p.Problems = append(p.Problems, r.Problems...)
}

// fiber writes one fiber.
func (w *nightWriter) fiber(s source, p pick, known *ahead) error {
	ids, err := s.fibers()
	if err != nil {
		return err
	}
	if _, there := slices.BinarySearchFunc(ids, p.id, FiberID.compare); !there {
		return fmt.Errorf("it does not hold this fiber, it holds %v", ids[0])
	}
	if r, ok := known.of(w.ctx, p.id.Fiber); ok {
		return w.write(s, p, nil, r)
	}
	d, err := readFiber(s, p.id)
	if err != nil {
		return err
	}
	w.compare(p, d)
	return w.write(s, p, d, stored{sum: fiberSum{Sum: d.sum(false)}, good: !d.allMasked(), bytes: d.bytes()})
}

// write writes what is known of a fiber: d is nil for one that is copied as it is.
func (w *nightWriter) write(s source, p pick, d *fiberData, r stored) error {
	if !r.good {
		w.done.problem(p.id, p.files[0], true, errors.New("no pixel has an inverse variance above 0"))
	}
	if err := output(w.put(s, p.id, d, r.bytes)); err != nil {
		return err
	}
	if w.work.direct() && asItIs(s, p.id) {
		r.sum.From = p.files[0]
		w.done.Bytes += r.bytes
	}
	w.done.Fibers[p.id.String()] = r.sum
	return nil
}

// put writes a fiber as a group of its own. One that is such a group is copied as it is.
func (w *nightWriter) put(s source, id FiberID, d *fiberData, bytes int64) error {
	name := fmt.Sprint(id.Fiber)
	if w.work.opts.Gzip == 0 && asItIs(s, id) {
		if w.work.direct() {
			return w.mark(name)
		}
		in := s.(*h5File)
		if err := needRoom(folder(w.work.out), bytes); err != nil {
			return err
		}
		g, err := in.file.Group(in.nights[id.night()].fiberPath(id.Fiber))
		if err != nil {
			return err
		}
		defer g.Close()
		return w.group.Copy(g, name)
	}
	if err := w.spectrum(name+"/coadd", d.coadd, d.cards); err != nil {
		return err
	}
	for _, f := range d.frames {
		if err := w.spectrum(fmt.Sprintf("%s/exposures/%v", name, f.id), f.table, f.cards); err != nil {
			return err
		}
	}
	return nil
}

// asItIs reports whether a fiber is a group of its own in its source, and copied without being looked at.
func asItIs(s source, id FiberID) bool {
	in, ok := s.(*h5File)
	return ok && in.nights[id.night()].has(id.Fiber)
}

func (w *nightWriter) spectrum(path string, t *h5.Table, cards []card) error {
	o := w.work.opts
	if o.Layout == V2 {
		o.Gzip = 0 // it is written once more
	}
	if err := newDataset(w.group, path, rowsOf(t), o); err != nil {
		return err
	}
	d, err := w.group.Dataset(path)
	if err != nil {
		return err
	}
	defer d.Close()
	return setCards(d, cards)
}

func setCards(o h5.Object, cards []card) error {
	for _, c := range cards {
		if err := o.SetAttr(c.name, c.value); err != nil {
			return err
		}
	}
	return nil
}

// catalogs gathers the rows that a file has of the fibers written from it.
func (w *nightWriter) catalogs(s source, file string, t *tables) error {
	if t.err != nil {
		return t.err
	}
	names, fibers := t.names, t.fibers
	for i, name := range names {
		all, err := t.rows[i], t.errs[i]
		if err != nil {
			w.done.problem(FiberID{w.night.plate, w.night.mjd, 0}, file, true, fmt.Errorf("catalog %s: %w", name, err))
			continue
		}
		if w.tables[name] == nil {
			w.names = append(w.names, name)
		}
		w.tables[name] = append(w.tables[name], all)
		w.missingRows(name, file, all, fibers)
	}
	if _, ok := s.(*specFile); ok {
		w.missingHDUs(names, file, fibers)
	}
	if in, ok := s.(noted); ok {
		for _, err := range in.notes() {
			w.done.problem(FiberID{w.night.plate, w.night.mjd, 0}, file, true, err)
		}
		w.done.Notes = append(w.done.Notes, in.remarks()...)
	}
	if in, ok := s.(*h5File); ok && !w.others {
		w.others = true
		return output(w.copyOthers(in))
	}
	return nil
}

// rowsOfFibers gives the rows that a catalog has of some fibers.
func rowsOfFibers(s source, n night, name string, fibers map[int]bool) (*rows, error) {
	if in, ok := s.(*h5File); ok {
		return in.fiberRows(n, name, fibers)
	}
	all, err := s.nightCatalog(n, name)
	if err != nil {
		return nil, err
	}
	return all.ofFibers(fibers)
}

// missingRows lists the fibers that a catalog says nothing of.
func (w *nightWriter) missingRows(name, file string, r *rows, fibers map[int]bool) {
	found := map[int]bool{}
	for _, fiber := range r.ints("FIBERID") {
		found[fiber] = true
	}
	for fiber := range fibers {
		if !found[fiber] {
			w.done.problem(FiberID{w.night.plate, w.night.mjd, fiber}, file, true, fmt.Errorf("the catalog %s has no row of it", name))
		}
	}
}

// missingHDUs lists the tables that a spec-*.fits should have.
func (w *nightWriter) missingHDUs(names []string, file string, fibers map[int]bool) {
	for _, name := range []string{"zbest", "zline"} {
		if slices.Contains(names, name) {
			continue
		}
		for fiber := range fibers {
			w.done.problem(FiberID{w.night.plate, w.night.mjd, fiber}, file, true,
				fmt.Errorf("HDU %d is missing or damaged: no row in %s", specCatalogs[name], name))
		}
	}
}

// copyOthers copies what a night's group has besides spectra and catalogs, and its attributes.
func (w *nightWriter) copyOthers(in *h5File) error {
	n := in.nights[w.night]
	from, err := in.file.Group(n.path)
	if err != nil {
		return err
	}
	defer from.Close()
	return copyMembers(w.group, from, n.others)
}

// writeTables writes the catalogs, their rows in the order of fibers when they come from several files.
func (w *nightWriter) writeTables() error {
	if w.work.opts.Layout == V2 {
		if err := w.completePlugmap(); err != nil {
			return err
		}
	}
	kept := map[string]checksum{}
	for _, name := range w.names {
		all, err := merge(w.tables[name])
		if err == nil && (len(w.tables[name]) > 1 || w.work.opts.Layout == V2) {
			all, err = all.byFiber()
		}
		if err != nil {
			return fmt.Errorf("catalog %v/%s: %w", w.night, name, err)
		}
		if err := newDataset(w.group, name, all, w.work.opts); err != nil {
			return err
		}
		kept[name] = all.sum()
	}
	w.done.Catalogs[w.night.String()] = kept
	return nil
}

// byFiber gives the rows in the order of fibers; those of one stay as they were.
func (r *rows) byFiber() (*rows, error) {
	fibers := r.ints("FIBERID")
	places := make([]int, r.n)
	for i := range places {
		places[i] = i
	}
	slices.SortStableFunc(places, func(i, j int) int { return fibers[i] - fibers[j] })
	return r.take(places)
}

// completePlugmap gives each fiber a row: in layout v2 nothing else says which row of the arrays is which fiber.
func (w *nightWriter) completePlugmap() error {
	there := map[int]bool{}
	for _, r := range w.tables["plugmap"] {
		for _, fiber := range r.ints("FIBERID") {
			there[fiber] = true
		}
	}
	var lacking []int32
	for fiber := range w.fibers {
		if !there[fiber] {
			lacking = append(lacking, int32(fiber))
		}
	}
	if len(lacking) == 0 {
		return nil
	}
	slices.Sort(lacking)
	if w.tables["plugmap"] == nil {
		w.names = append(w.names, "plugmap")
	}
	w.tables["plugmap"] = append(w.tables["plugmap"], &rows{n: len(lacking), columns: []column{intColumn("FIBERID", lacking)}})
	return nil
}
