package boss

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"hash/fnv"
	"os"
	"path/filepath"
	"slices"
	"time"

	"gofive/display/progress"
	"gofive/h5"
)

// Layout is how a file of H5Boss is arranged.
type Layout uint8

// The layouts.
const (
	AsInput Layout = iota // that of the first input of HDF5, else V1
	V1                    // a group a fiber
	V2                    // an array for all fibers of a night
)

// String gives v1 or v2.
func (l Layout) String() string { return [...]string{"as input", "v1", "v2"}[l] }

// Options say how commands write. The zero value is what the survey's files are: not compressed.
type Options struct {
	Layout Layout
	Gzip   int // level 1 to 9; 0 does not compress
	// Overwrite replaces an output that exists, and that only when the new one is complete.
	Overwrite bool
	// Ranks share the work of Convert, Subset, Add, Update and Remove and write one output, on a file system that
	// they all see. Default: this process is alone.
	Ranks Ranks
	// Access is h5mpi.MPIO of the same ranks: they then write their spectra into the one output together. Without it, or
	// compressed in layout V1, or compressed by ranks without MPI, each writes files of its own, and the first puts them together.
	Access h5.FileAccess
}

// pick is a fiber of the work, and the files that hold it: the first that can be read gives it.
type pick struct {
	id    FiberID
	files []string
}

// work is a list of fibers to be put into one file. It is sorted and cut into parts that depend on nothing but
// themselves, so that an interrupted run goes on with the part it was at, and several processes can share it.
type work struct {
	op     string // such as "convert"
	out    string
	picks  []pick
	opts   Options
	result Result
	// base is the file that add, update and remove change: what it holds besides spectra stays.
	base string
	idle bool // base is as it is to be
	// partFibers is another number than the constant, for tests and for ranks.
	partFibers int
	heavy      map[night]int // spectra of a fiber, of nights with single exposures
	// kept is the last input, open for the parts to come: the frames of a plate are unpacked once.
	kept     source
	keptPath string
}

// add enters a fiber that a file holds.
func (w *work) add(id FiberID, file string) {
	w.picks = append(w.picks, pick{id, []string{file}})
}

// sort orders picks and puts those of one fiber together, in the order of the files.
func (w *work) sort() {
	slices.SortStableFunc(w.picks, func(a, b pick) int { return a.id.compare(b.id) })
	out := w.picks[:0]
	for _, p := range w.picks {
		if n := len(out); n > 0 && out[n-1].id == p.id {
			out[n-1].files = append(out[n-1].files, p.files...)
			continue
		}
		out = append(out, p)
	}
	w.picks = out
}

// partFibers is how many spectra a part has at least: what is lost at most when a run ends early.
const partFibers = 1000

// parts cuts the work between nights; those with single exposures, which take gigabytes, between fibers too.
func (w *work) parts() (out [][]pick) {
	begin, spectra := 0, 0
	least := cmp.Or(w.partFibers, partFibers)
	for i, p := range w.picks {
		spectra += max(w.heavy[p.id.night()], 1)
		last := i+1 == len(w.picks)
		if last || spectra >= least && w.mayCut(p.id.night(), w.picks[i+1].id.night()) {
			out = append(out, w.picks[begin:i+1])
			begin, spectra = i+1, 0
		}
	}
	return out
}

func (w *work) mayCut(n, next night) bool { return n != next || w.heavy[n] > 0 || w.shared() }

// run does the work. The output appears when it is complete and what was read back from it is what was read from
// the inputs.
func (w *work) run(ctx context.Context) (*Result, error) {
	begun := time.Now()
	w.sort()
	w.share()
	if err := w.agree(w.check()); err != nil {
		return nil, err
	}
	if err := w.compare(); err != nil {
		return nil, err
	}
	if w.idle {
		return w.outcome(w.leaveAlone(begun))
	}
	s, err := w.openStore()
	if err != nil {
		return nil, err
	}
	parts, err := w.writeParts(ctx, s)
	if err = w.agree(err); err != nil {
		return nil, s.interrupted(err)
	}
	switch {
	case w.together():
		err = w.finishTogether(ctx, s, parts, begun)
	case w.first():
		err = w.finish(ctx, s, parts, begun)
	}
	return w.outcome(err)
}

// finish makes the output of parts.
func (w *work) finish(ctx context.Context, s *store, parts []*partDone, begun time.Time) error {
	if err := w.takeParts(s, parts); err != nil {
		return err
	}
	path, err := s.join(ctx)
	defer w.closeSource() // a comparison may have opened it
	if err == nil {
		err = verify(ctx, path, s.sums, w.isInput)
	}
	if err != nil {
		return s.interrupted(err)
	}
	return w.publish(s, path, begun)
}

// publish gives the output its name.
func (w *work) publish(s *store, path string, begun time.Time) error {
	if err := os.Rename(path, w.out); err != nil {
		return fail(w.op, w.out, err)
	}
	s.remove()
	return w.done(begun)
}

func (w *work) done(begun time.Time) error {
	stat, err := os.Stat(w.out)
	if err != nil {
		return fail(w.op, w.out, err)
	}
	w.result.Out, w.result.Bytes, w.result.Took = w.out, stat.Size(), time.Since(begun)
	return nil
}

// leaveAlone says of a base that is as it is to be what is in it. What other files have of its fibers is not looked at.
func (w *work) leaveAlone(begun time.Time) error {
	nights := map[night]bool{}
	for _, p := range w.picks {
		nights[p.id.night()] = true
	}
	w.result.Did, w.result.Fibers, w.result.Nights = "", len(w.picks), len(nights)
	return w.done(begun)
}

func (w *work) check() error {
	if len(w.picks) == 0 {
		return w.nothing()
	}
	if w.opts.Gzip < 0 || w.opts.Gzip > 9 {
		return fail(w.op, "", fmt.Errorf("gzip level %d: give 1 to 9", w.opts.Gzip))
	}
	if _, err := os.Stat(w.out); err == nil && !w.opts.Overwrite && w.base == "" {
		return fail(w.op, w.out, fmt.Errorf("%w; give another name, or --overwrite to replace it", os.ErrExist))
	}
	return nil
}

// nothing says that no fiber is to be worked on, and why.
func (w *work) nothing() error {
	return fail(w.op, "", fmt.Errorf("no fiber is to be found%s", problemLines(w.result.Problems)))
}

// storeVersion is that of what is kept of parts.
const storeVersion = 3

// key tells whether an earlier run did the same work: with the same fibers of unchanged files.
func (w *work) key() string {
	h := fnv.New128a()
	fmt.Fprintln(h, storeVersion, w.op, w.opts.Layout, w.opts.Gzip, w.base, w.heavy, w.partFibers, w.together(), w.idle)
	seen := map[string]bool{}
	for _, p := range w.picks {
		fmt.Fprintln(h, p)
		for _, file := range p.files {
			if seen[file] {
				continue
			}
			seen[file] = true
			for _, path := range append(companions(file), file) {
				if stat, err := os.Stat(path); err == nil {
					fmt.Fprintln(h, path, stat.Size(), stat.ModTime().UnixNano())
				}
			}
		}
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// writeParts writes those of our parts that an earlier run did not finish. Of those of other ranks it gives nil.
func (w *work) writeParts(ctx context.Context, s *store) ([]*partDone, error) {
	parts := w.parts()
	bar := progress.New(w.ours(parts), w.op)
	defer bar.Done()
	defer w.closeSource()
	done := make([]*partDone, len(parts))
	for i, picks := range parts {
		if !w.mine(i) {
			continue
		}
		var err error
		if done[i], err = s.load(i); err != nil {
			return nil, err
		}
		if done[i] != nil {
			bar.Add(len(picks))
		} else if done[i], err = w.writePart(ctx, s, i, picks, bar); err != nil {
			return nil, err
		}
	}
	return done, nil
}

// takeParts adds the parts up, those that others have written too.
func (w *work) takeParts(s *store, done []*partDone) error {
	for i, part := range done {
		if part == nil {
			var err error
			if part, err = s.load(i); err != nil {
				return s.interrupted(err)
			}
			if part == nil {
				return s.interrupted(fmt.Errorf("%s, which another rank has written, is not to be seen here: all ranks need one file system", s.path(i)))
			}
		}
		s.sums.take(part)
		w.result.Fibers += len(part.Fibers)
		w.result.Nights = len(s.sums.Catalogs)
		w.result.Equal += part.Equal
		w.result.take(part)
	}
	if w.result.Fibers == 0 {
		s.remove()
		return fail(w.op, "", fmt.Errorf("no fiber could be written%s", problemLines(w.result.Problems)))
	}
	return nil
}

// writePart writes one part, under a name that counts only when it is complete.
func (w *work) writePart(ctx context.Context, s *store, i int, picks []pick, bar *progress.Bar) (*partDone, error) {
	path := s.path(i) + ".tmp"
	p := &partWriter{ctx: ctx, work: w, done: partDone{sums: newSums()}, bar: bar}
	if err := p.write(path, picks); err != nil {
		return nil, err
	}
	if w.opts.Layout == V2 && len(p.done.Fibers) > 0 && len(s.cut) == 0 && !w.together() {
		if err := restackInPlace(ctx, path, w.opts); err != nil {
			return nil, err
		}
	}
	return &p.done, s.save(i, path, &p.done)
}

// errDiffers says that a file does not hold what was written to it.
var errDiffers = errors.New("what is in the file is not what was read from the input")

// verify reads a file again and compares it with the sums of what went into it. A fiber that lies otherwise than its sum says is
// given to isInput, which compares it with the inputs: its bytes may mean the same, and so may its values in wider types, or among columns of other fibers.
func verify(ctx context.Context, path string, want sums, isInput inputCheck) error {
	s, err := openSource(path)
	if err != nil {
		return err
	}
	defer s.Close()
	ids, err := s.fibers()
	if err != nil {
		return err
	}
	catalogs := make(chan error, 1)
	go func() { catalogs <- verifyTables(s.(*h5File), want) }()
	return errors.Join(verifyFibers(ctx, s.(*h5File), ids, want, isInput), <-catalogs)
}

// verifyTables compares all but the spectra: which there are, and the catalogs.
func verifyTables(s *h5File, want sums) error {
	if len(s.ids) != len(want.Fibers) {
		return fail("verify", s.file.Filename(), fmt.Errorf("%w: it has %d fibers and should have %d", errDiffers, len(s.ids), len(want.Fibers)))
	}
	return verifyCatalogs(s, nightsOf(s.ids), want)
}

func verifyFibers(ctx context.Context, s *h5File, ids []FiberID, want sums, isInput inputCheck) error {
	path, onDisk := s.file.Filename(), s.sumsOf(ctx, want.onDisk(ids))
	bar := progress.New(len(ids), "verify")
	defer bar.Done()
	for _, id := range ids {
		if err := ctx.Err(); err != nil {
			return err
		}
		bar.Add(1)
		sum, ok := want.Fibers[id.String()]
		if got, known := onDisk[id]; known && ok && got == sum.Sum {
			continue
		}
		d, err := readFiber(s, id)
		if err == nil && ok && (sum.OnDisk || d.sum(false) != sum.Sum) {
			ok, err = isInput(id, d, sum)
		}
		if err != nil {
			return fail("verify", path, err)
		}
		if !ok {
			return fail("verify", path, fmt.Errorf("fiber %v: %w", id, errDiffers))
		}
	}
	return nil
}

// onDisk are those of fibers whose sum is that of their bytes.
func (s *sums) onDisk(ids []FiberID) (out []FiberID) {
	for _, id := range ids {
		if s.Fibers[id.String()].OnDisk {
			out = append(out, id)
		}
	}
	return out
}

// inputCheck reports whether a fiber is what an input holds of it; sum is that of what was read from there.
type inputCheck func(id FiberID, d *fiberData, sum fiberSum) (bool, error)

// isInput is an inputCheck that reads the inputs again.
func (w *work) isInput(id FiberID, d *fiberData, sum fiberSum) (bool, error) {
	i, there := slices.BinarySearchFunc(w.picks, id, func(p pick, id FiberID) int { return p.id.compare(id) })
	if !there {
		return false, fmt.Errorf("fiber %v is none of the work", id)
	}
	var failed error
	for _, file := range w.picks[i].files {
		own, err := w.read(file, id)
		if err != nil {
			failed = errors.Join(failed, err)
		} else if sum.OnDisk || own.sum(false) == sum.Sum {
			return own.as(d).sum(false) == d.sum(false), nil
		}
	}
	return false, failed
}

// read gives a fiber of an input.
func (w *work) read(file string, id FiberID) (*fiberData, error) {
	s, err := w.source(file)
	if err != nil {
		return nil, err
	}
	return readFiber(s, id)
}

func verifyCatalogs(s source, nights []night, want sums) error {
	for _, n := range nights {
		for name, sum := range want.Catalogs[n.String()] {
			r, err := s.nightCatalog(n, name)
			if err != nil {
				return err
			}
			if r.sum() != sum {
				return fail("verify", n.String()+"/"+name, errDiffers)
			}
		}
	}
	return nil
}

// folder is where an output lies, for messages and parts.
func folder(path string) string { return filepath.Dir(path) }

// newDataset makes a dataset of rows, stored as the options say.
func newDataset(g *h5.Group, name string, r *rows, o Options) (err error) {
	how := h5.DatasetCreate{}
	if o.Gzip > 0 && r.n > 0 {
		how = h5.DatasetCreate{Chunks: h5.Shape{r.n}, Gzip: o.Gzip, Shuffle: true}
	}
	d, err := g.CreateDataset(name, r.datatype(), h5.Shape{r.n}, how)
	if err != nil || r.n == 0 {
		return err
	}
	defer func() { err = errors.Join(err, d.Close()) }()
	t, err := r.table()
	if err != nil {
		return err
	}
	return d.Write(t)
}
