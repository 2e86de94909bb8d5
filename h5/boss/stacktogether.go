package boss

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	"gofive/h5"
)

// Ranks stack spectra in layout v2 so: each reads those of its parts, which are in layout v1, and tells the others how long
// they are, their wavelengths and their cards; all then know the arrays, which the first makes; all write their rows. Compressed
// rows they write collectively, which is the only way that the library has for several ranks.

// stacking is what a rank knows of the stacks of all nights.
type stacking struct {
	work   *work
	parts  map[FiberID]int // the part of each fiber
	files  map[int]*h5File // parts that are open
	store  *store
	stacks map[night][]*stack
}

// stackTold is what a rank tells of its fibers in a stack.
type stackTold struct {
	Plate, MJD  int
	Exposure    int
	Camera      string
	Fibers      []int
	Spans       [][2]int32
	Width       int
	Fits        bool
	First, Last int
	Points      []int32 // of the grid, and the wavelengths there
	Waves       []float32
	Teachers    []int
	Cards       []cardTold
	CardsOf     [][]int32 // of each fiber, in Cards
}

// cardTold is a card as it travels: an array is its elements and its shape.
type cardTold struct {
	Name  string
	Value any
	Shape []int
}

// newStacking reads our fibers and hears of those of others. All ranks call it.
func newStacking(ctx context.Context, s *store, parts []*partDone) (*stacking, error) {
	t := &stacking{work: s.work, parts: map[FiberID]int{}, files: map[int]*h5File{}, store: s, stacks: map[night][]*stack{}}
	ids := map[night][]FiberID{}
	for i, picks := range s.work.parts() {
		for _, p := range picks {
			if _, there := parts[i].Fibers[p.id.String()]; there {
				t.parts[p.id] = i
				ids[p.id.night()] = append(ids[p.id.night()], p.id)
			}
		}
	}
	mine, err := t.measure(ctx, ids)
	if err = s.work.agree(err); err != nil {
		return t, err
	}
	var all []stackTold
	err = tellAll(s.work, mine, func(_ int, theirs []stackTold) error {
		all = append(all, theirs...)
		return nil
	})
	if err != nil {
		return t, err
	}
	for n, ids := range ids {
		t.stacks[n] = t.stacksOf(n, ids, all)
	}
	return t, nil
}

func (t *stacking) close() {
	for _, f := range t.files {
		f.Close()
	}
}

// file opens a part, once.
func (t *stacking) file(part int) (*h5File, error) {
	if t.files[part] == nil {
		s, err := openH5(t.store.path(part))
		if err != nil {
			return nil, err
		}
		t.files[part] = s.(*h5File)
	}
	return t.files[part], nil
}

// in is the file that has a fiber; it is open.
func (t *stacking) in(id FiberID) *h5File { return t.files[t.parts[id]] }

func (t *stacking) rank(id FiberID) int { return t.parts[id] % t.work.opts.Ranks.Size() }

func (t *stacking) ours(id FiberID) bool { return t.work.mine(t.parts[id]) }

// measure reads our fibers.
func (t *stacking) measure(ctx context.Context, ids map[night][]FiberID) (out []stackTold, err error) {
	for n, all := range ids {
		var own []FiberID
		for _, id := range all {
			if !t.ours(id) {
				continue
			}
			if _, err := t.file(t.parts[id]); err != nil {
				return nil, err
			}
			own = append(own, id)
		}
		if len(own) == 0 {
			continue
		}
		stacks, err := stacksOf(own, t.work.opts, t.in)
		if err != nil {
			return nil, err
		}
		for _, s := range stacks {
			if err := s.measure(ctx); err != nil {
				return nil, fmt.Errorf("%v: %w", n, err)
			}
			out = append(out, s.tell(n))
		}
	}
	return out, nil
}

// tell gives what the other ranks have to know.
func (s *stack) tell(n night) stackTold {
	t := stackTold{Plate: n.plate, MJD: n.mjd, Exposure: s.frame.exposure, Camera: s.frame.camera, Spans: s.spans, Width: s.width,
		Fits: s.grid.fits, First: s.grid.first, Last: s.grid.last}
	for _, id := range s.ids {
		t.Fibers = append(t.Fibers, id.Fiber)
	}
	for _, id := range s.teachers {
		t.Teachers = append(t.Teachers, id.Fiber)
	}
	for at, wave := range s.grid.at {
		t.Points, t.Waves = append(t.Points, int32(at)), append(t.Waves, wave)
	}
	known := map[string]int32{}
	for _, cards := range s.cards {
		var of []int32
		for _, c := range cards {
			i, there := known[c.key()]
			if !there {
				i = int32(len(t.Cards))
				known[c.key()], t.Cards = i, append(t.Cards, c.tell())
			}
			of = append(of, i)
		}
		t.CardsOf = append(t.CardsOf, of)
	}
	return t
}

func (c card) tell() cardTold {
	if a, ok := c.value.(*h5.Array); ok {
		return cardTold{c.name, a.Raw(), a.Shape()}
	}
	return cardTold{Name: c.name, Value: c.value}
}

func (c cardTold) card() card {
	if c.Shape != nil {
		if a, err := h5.NewArray(c.Value); err == nil {
			if a, err = a.Reshape(c.Shape...); err == nil {
				return card{c.Name, a}
			}
		}
	}
	return card{c.Name, c.Value}
}

// stacksOf puts together what the ranks tell of a night.
func (t *stacking) stacksOf(n night, ids []FiberID, all []stackTold) (out []*stack) {
	by := map[frameID]*stack{}
	rows := map[int]int{}
	for row, id := range ids {
		rows[id.Fiber] = row
	}
	for _, told := range all {
		f := frameID{told.Exposure, told.Camera}
		if told.Plate != n.plate || told.MJD != n.mjd {
			continue
		}
		if by[f] == nil {
			by[f] = t.newStack(ids, f)
		}
		by[f].hear(&told, rows)
	}
	for _, f := range slices.SortedFunc(maps.Keys(by), frameID.compare) { // the coadds come first
		by[f].settle()
		out = append(out, by[f])
	}
	return out
}

func (t *stacking) newStack(ids []FiberID, f frameID) *stack {
	var s *stack
	if f == (frameID{}) {
		s = coaddStack(ids, t.work.opts, t.in)
	} else {
		s = frameStack(ids, t.work.opts, f, func(id FiberID) *h5File {
			if row, _ := slices.BinarySearchFunc(ids, id, FiberID.compare); s.spans[row][1] == 0 {
				return nil
			}
			return t.in(id)
		})
	}
	s.forRanks, s.spans, s.cards = true, make([][2]int32, len(ids)), make([][]card, len(ids))
	return s
}

// hear enters what a rank tells of its fibers; rows are those of fibers.
func (s *stack) hear(t *stackTold, rows map[int]int) {
	cards := make([]card, len(t.Cards))
	for i, c := range t.Cards {
		cards[i] = c.card()
	}
	for i, fiber := range t.Fibers {
		row := rows[fiber]
		s.spans[row] = t.Spans[i]
		for _, k := range t.CardsOf[i] {
			s.cards[row] = append(s.cards[row], cards[k])
		}
	}
	for _, fiber := range t.Teachers {
		s.teachers = append(s.teachers, s.ids[rows[fiber]])
	}
	s.width = max(s.width, t.Width)
	s.grid.merge(t)
}

// merge enters the wavelengths that another rank has met.
func (g *grid) merge(t *stackTold) {
	for i, at := range t.Points {
		if was, there := g.at[int(at)]; there && was != t.Waves[i] {
			g.fits = false
		}
		g.at[int(at)] = t.Waves[i]
	}
	g.fits = g.fits && t.Fits
	g.first, g.last = min(g.first, t.First), max(g.last, t.Last)
}

// create makes the arrays of all nights, without the rows. The first rank calls it.
func (t *stacking) create(f *h5.File) error {
	for n, stacks := range t.stacks {
		for _, s := range stacks {
			if err := t.createStack(f, n.String()+"/"+s.path(), s); err != nil {
				return fmt.Errorf("%v: %w", n, err)
			}
		}
	}
	return nil
}

func (t *stacking) createStack(f *h5.File, path string, s *stack) error {
	slices.SortFunc(s.teachers, FiberID.compare)
	for _, id := range s.teachers {
		if _, err := t.file(t.parts[id]); err != nil {
			return err
		}
		table, _, err := s.read(id, false)
		if err != nil {
			return err
		}
		if _, err := s.learn(table); err != nil {
			return fmt.Errorf("fiber %v: %w", id, err)
		}
	}
	if err := needRoom(t.store.dir, s.bytes()); err != nil {
		return err
	}
	g, err := f.CreateGroup(path)
	if err != nil {
		return err
	}
	defer g.Close()
	arrays, err := s.create(g)
	for _, d := range arrays {
		err = errors.Join(err, d.Close())
	}
	if err != nil {
		return err
	}
	return s.extras(g)
}

// bytes is how much room the arrays take; of compressed ones nothing is known.
func (s *stack) bytes() (n int64) {
	if s.opts.Gzip > 0 {
		return 0
	}
	for name := range s.types {
		n += int64(len(s.ids)) * int64(s.width) * int64(s.datatype(name).Size())
	}
	return n
}

// write writes our rows of all stacks. All ranks call it.
func (t *stacking) write(ctx context.Context, f *h5.File) error {
	for _, n := range slices.SortedFunc(maps.Keys(t.stacks), night.compare) {
		for _, s := range t.stacks[n] {
			g, err := f.Group(n.String() + "/" + s.path())
			if err = t.work.agree(err); err != nil {
				return err
			}
			err = t.writeStack(ctx, g, s)
			g.Close()
			if err != nil {
				return fmt.Errorf("%v: %w", n, err)
			}
		}
	}
	return nil
}

// batchRows is how many rows a rank has in memory.
const batchRows = 256

// writeStack writes our rows of a stack, a batch after the other. Of compressed ones all ranks make as many calls, some of them for
// nothing; one that cannot read its fibers says so before.
func (t *stacking) writeStack(ctx context.Context, g *h5.Group, s *stack) error {
	arrays, err := arraysOf(g)
	if err = t.work.agree(err); err != nil {
		return err
	}
	batches, rounds := t.batches(s)
	for round := range rounds {
		var b [2]int
		if round < len(batches) {
			b = batches[round]
		}
		values, err := s.values(ctx, arrays, b[0], b[1])
		if err = t.work.agree(err); err != nil {
			return err
		}
		for _, d := range arrays {
			err = errors.Join(err, s.writeRows(d, values[d.Name()], b[0], b[1]))
		}
		if err = t.work.agree(err); err != nil {
			return err
		}
	}
	for _, d := range arrays {
		err = errors.Join(err, d.Close())
	}
	return err
}

// arraysOf opens the arrays that have a row a fiber, in the order of their names.
func arraysOf(g *h5.Group) (out []*h5.Dataset, err error) {
	names, err := g.Keys()
	if err != nil {
		return nil, err
	}
	for _, name := range names {
		if name == pixelsName || name == cardsName {
			continue
		}
		d, err := g.Dataset(name)
		if err != nil {
			return nil, err
		}
		if len(d.Shape()) == 2 && d.Len() > 0 {
			out = append(out, d)
		} else {
			d.Close()
		}
	}
	return out, nil
}

// batches are the rows of a stack that we write, from (included) to (excluded), and how many batches the busiest rank has.
func (t *stacking) batches(s *stack) (mine [][2]int, most int) {
	for rank := range t.work.opts.Ranks.Size() {
		var own [][2]int
		for row, id := range s.ids {
			if t.rank(id) != rank {
				continue
			}
			if n := len(own); n > 0 && own[n-1][1] == row && row-own[n-1][0] < batchRows {
				own[n-1][1]++
			} else {
				own = append(own, [2]int{row, row + 1})
			}
		}
		most = max(most, len(own))
		if rank == t.work.opts.Ranks.Rank() {
			mine = own
		}
	}
	return mine, most
}

// values reads rows of the arrays, by their names, as what the arrays hold: fibers of another reduction may have a column in another
// type. What a fiber does not have is zero.
func (s *stack) values(ctx context.Context, arrays []*h5.Dataset, from, to int) (map[string]reflect.Value, error) {
	out := map[string]reflect.Value{}
	for _, d := range arrays {
		v, err := zeros(d, to-from)
		if err != nil {
			return nil, err
		}
		out[d.Name()] = v
	}
	for row := from; row < to; row++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		table, _, err := s.read(s.ids[row], false)
		if err == nil && table != nil {
			err = s.enter(out, table, row, from, to)
		}
		if err != nil {
			return nil, fmt.Errorf("fiber %v: %w", s.ids[row], err)
		}
	}
	return out, ctx.Err()
}

// zeros makes a slice of n rows of an array. No rows of it, read, say how they lie in Go.
func zeros(d *h5.Dataset, n int) (reflect.Value, error) {
	none, err := d.With(h5.DatasetTransfer{Mode: h5.TransferIndependent}).Slice(h5.Range(0, 0))
	if err != nil {
		return reflect.Value{}, err
	}
	n *= none.Shape()[1:].Len()
	return reflect.MakeSlice(reflect.TypeOf(none.Raw()), n, n), nil
}

// enter puts a spectrum into its row.
func (s *stack) enter(values map[string]reflect.Value, t *h5.Table, row, from, to int) error {
	first, n := int(s.spans[row][0]), int(s.spans[row][1])
	for _, c := range t.Columns() {
		all, there := values[strings.ToLower(c.Name())]
		if !there || n == 0 {
			continue
		}
		own := reflect.New(all.Type())
		if err := c.ReadInto(own.Interface()); err != nil {
			return fmt.Errorf("its column %s: %w", c.Name(), err)
		}
		pixel := all.Len() / (to - from) / s.width
		at := (row-from)*s.width + first
		reflect.Copy(all.Slice(at*pixel, (at+n)*pixel), own.Elem())
	}
	return nil
}

// writeRows writes rows of one array.
func (s *stack) writeRows(d *h5.Dataset, values reflect.Value, from, to int) error {
	how := h5.DatasetTransfer{Mode: h5.TransferIndependent}
	if s.opts.Gzip > 0 {
		how.Mode = h5.TransferCollective
	} else if from == to {
		return nil
	}
	return d.With(how).Write(values.Interface(), h5.Range(from, to))
}
