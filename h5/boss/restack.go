package boss

import (
	"context"
	"errors"
	"fmt"
	"maps"
	"math"
	"os"
	"slices"
	"strings"

	"gofive/h5"
)

// restack writes a file of layout v1 again in layout v2.
func restack(ctx context.Context, from, to string, o Options) (err error) {
	s, err := openSource(from)
	if err != nil {
		return err
	}
	defer s.Close()
	in := s.(*h5File)
	f, err := h5.Create(to)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	for _, n := range nightsOf(in.ids) {
		if err := stackNight(ctx, in, f, n, o); err != nil {
			return fmt.Errorf("%v: %w", n, err)
		}
	}
	return nil
}

// restackInPlace puts a file of layout v2 in the place of one of layout v1.
func restackInPlace(ctx context.Context, path string, o Options) error {
	grouped := path + ".v1"
	if err := os.Rename(path, grouped); err != nil {
		return err
	}
	if err := restack(ctx, grouped, path, o); err != nil {
		return err
	}
	return os.Remove(grouped)
}

func stackNight(ctx context.Context, in *h5File, f *h5.File, n night, o Options) error {
	to, err := f.RequireGroup(n.String())
	if err != nil {
		return err
	}
	defer to.Close()
	from, err := in.file.Group(n.String())
	if err != nil {
		return err
	}
	defer from.Close()
	if err := copyMembers(to, from, slices.Concat(in.nights[n].tables, in.nights[n].others)); err != nil {
		return err
	}
	return stackSpectra(ctx, in, to, ofNight(in.ids, n), o)
}

// stackSpectra stacks the coadds, then each exposure of each camera.
func stackSpectra(ctx context.Context, in *h5File, to *h5.Group, ids []FiberID, o Options) error {
	stacks, err := stacksOf(ids, o, func(FiberID) *h5File { return in })
	if err != nil {
		return err
	}
	for _, s := range stacks {
		if err := s.write(ctx, to); err != nil {
			return err
		}
	}
	return nil
}

// stacksOf gives the stacks of fibers, that of the coadds first; in is the file that has a fiber.
func stacksOf(ids []FiberID, o Options, in func(FiberID) *h5File) ([]*stack, error) {
	out := []*stack{coaddStack(ids, o, in)}
	holders := map[frameID]map[FiberID]bool{}
	for _, id := range ids {
		own, err := in(id).frames(id)
		if err != nil {
			return nil, err
		}
		for _, f := range own {
			if holders[f] == nil {
				holders[f] = map[FiberID]bool{}
			}
			holders[f][id] = true
		}
	}
	for _, f := range slices.SortedFunc(maps.Keys(holders), frameID.compare) {
		out = append(out, frameStack(ids, o, f, func(id FiberID) *h5File {
			if holders[f][id] {
				return in(id)
			}
			return nil
		}))
	}
	return out, nil
}

func coaddStack(ids []FiberID, o Options, in func(FiberID) *h5File) *stack {
	s := &stack{ids: ids, opts: o, bigEndian: true, oneWave: true, grid: newGrid()}
	s.read = func(id FiberID, cards bool) (*h5.Table, []card, error) {
		if cards {
			return in(id).whole(id)
		}
		t, err := in(id).coadd(id)
		return t, nil, err
	}
	return s
}

// frameStack is that of what a camera saw in an exposure; in gives nil for fibers that it did not see.
func frameStack(ids []FiberID, o Options, f frameID, in func(FiberID) *h5File) *stack {
	s := &stack{ids: ids, opts: o, frame: f, grid: newGrid()}
	s.read = func(id FiberID, cards bool) (*h5.Table, []card, error) {
		if file := in(id); file != nil {
			return file.frameWith(id, f, cards)
		}
		return nil, nil, nil
	}
	return s
}

// stack is spectra of a night that become rows of arrays.
type stack struct {
	ids       []FiberID
	opts      Options
	bigEndian bool    // as the survey's coadds are, except for wavelengths
	oneWave   bool    // all have the same grid of wavelengths, of which each has a part
	frame     frameID // zero: the coadds
	// read gives the spectrum of a fiber, nil when it has none, and its cards when they are asked for.
	read func(id FiberID, cards bool) (*h5.Table, []card, error)

	grid  *grid
	spans [][2]int32 // of each row: the first pixel, and how many
	wave  []float32  // of all, when oneWave holds
	cards [][]card
	names []string                  // of columns
	types map[string][]*h5.Datatype // of each column: those that fibers have it in, each once
	width int
	// teachers are the fibers that have columns, or types of columns, which those before them lack.
	teachers []FiberID
	// forRanks takes all space of the arrays at once: several write them.
	forRanks bool
}

// path is where the stack lies below its night.
func (s *stack) path() string {
	if s.frame == (frameID{}) {
		return "coadds"
	}
	return "exposures/" + s.frame.String()
}

// write reads the spectra twice: first how long they are, then their values.
func (s *stack) write(ctx context.Context, to *h5.Group) error {
	if err := s.measure(ctx); err != nil {
		return err
	}
	s.settle()
	g, err := to.CreateGroup(s.path())
	if err != nil {
		return err
	}
	defer g.Close()
	arrays, err := s.create(g)
	if err != nil {
		return err
	}
	for row, id := range s.ids {
		if err := ctx.Err(); err != nil {
			return err
		}
		t, _, err := s.read(id, false)
		if err == nil && t != nil {
			err = s.put(arrays, row, t)
		}
		if err != nil {
			return fmt.Errorf("fiber %v: %w", id, err)
		}
	}
	for _, d := range arrays {
		err = errors.Join(err, d.Close())
	}
	return errors.Join(err, s.extras(g))
}

// measure finds lengths, columns, header cards and wavelengths.
func (s *stack) measure(ctx context.Context) error {
	for _, id := range s.ids {
		if err := ctx.Err(); err != nil {
			return err
		}
		t, cards, err := s.read(id, true)
		if err != nil {
			return fmt.Errorf("fiber %v: %w", id, err)
		}
		s.cards = append(s.cards, cards)
		if t == nil {
			s.spans = append(s.spans, [2]int32{})
			continue
		}
		more, err := s.learn(t)
		if err != nil {
			return fmt.Errorf("fiber %v: %w", id, err)
		}
		if more {
			s.teachers = append(s.teachers, id)
		}
		first := 0
		if s.oneWave {
			first = s.grid.add(t)
		}
		s.spans = append(s.spans, [2]int32{int32(first), int32(t.NumRows())})
		s.width = max(s.width, t.NumRows())
	}
	return nil
}

// settle finds whether one grid of wavelengths serves all, and where in a row each fiber begins.
func (s *stack) settle() {
	if s.oneWave = s.oneWave && s.grid.fits && s.grid.last-s.grid.first < maxGrid; s.oneWave {
		s.wave = s.grid.waves()
		s.width = len(s.wave)
	}
	for i := range s.spans {
		if s.spans[i][0] -= int32(s.grid.first); !s.oneWave || s.spans[i][1] == 0 {
			s.spans[i][0] = 0
		}
	}
}

// errNoType says why fibers cannot be stacked.
var errNoType = errors.New("not even float64 keeps all values of both; write layout v1, which keeps the type of each")

// learn enters the columns of a table, and reports whether there were new ones or new types of them. Fibers of different reductions
// may have a column in different types; that no type has all their values is an error.
func (s *stack) learn(t *h5.Table) (more bool, err error) {
	if s.types == nil {
		s.types = map[string][]*h5.Datatype{}
	}
	for _, m := range t.Array().Datatype().Members() {
		typ, known := m.Type.LittleEndian(), s.types[m.Name]
		if slices.ContainsFunc(known, typ.Equal) {
			continue
		}
		for _, other := range known {
			if commonType(other, typ) == nil {
				return false, fmt.Errorf("its column %s is %v, and that of other fibers %v: %w", m.Name, typ, other, errNoType)
			}
		}
		if more = true; known == nil {
			s.names = append(s.names, m.Name)
		}
		s.types[m.Name] = append(known, typ)
	}
	return more, nil
}

// datatype is that of the array of a column: it has the values of all fibers.
func (s *stack) datatype(name string) *h5.Datatype {
	t := commonType(s.types[name]...)
	if s.bigEndian && name != "WAVE" {
		return t.BigEndian()
	}
	return t.LittleEndian()
}

// create makes an array for each column.
func (s *stack) create(g *h5.Group) (map[string]*h5.Dataset, error) {
	out := map[string]*h5.Dataset{}
	for _, name := range s.names {
		if name == "WAVE" && s.oneWave {
			if err := g.Set("wave", s.wave); err != nil {
				return out, err
			}
			continue
		}
		how := h5.DatasetCreate{}
		if s.opts.Gzip > 0 && s.width > 0 {
			how = h5.DatasetCreate{Chunks: h5.Shape{1, s.width}, Gzip: s.opts.Gzip, Shuffle: true}
		} else if s.forRanks {
			how = h5.DatasetCreate{AllocTime: h5.AllocEarly, FillTime: h5.FillNever}
		}
		d, err := g.CreateDataset(strings.ToLower(name), s.datatype(name), h5.Shape{len(s.ids), s.width}, how)
		if err != nil {
			return out, err
		}
		out[name] = d
	}
	return out, nil
}

// put writes the values of one fiber into its row.
func (s *stack) put(arrays map[string]*h5.Dataset, row int, t *h5.Table) error {
	first, n := int(s.spans[row][0]), int(s.spans[row][1])
	for _, c := range t.Columns() {
		if d := arrays[c.Name()]; d != nil && n > 0 {
			if err := d.Write(c.Raw(), row, h5.Range(first, first+n)); err != nil {
				return err
			}
		}
	}
	return nil
}

// extras writes what the survey's files do not have: header cards, and which pixels are a fiber's when not all are.
func (s *stack) extras(g *h5.Group) error {
	full := [2]int32{0, int32(s.width)}
	if slices.ContainsFunc(s.spans, func(span [2]int32) bool { return span != full }) {
		if err := g.Set(pixelsName, s.spans); err != nil {
			return err
		}
	}
	common, own, err := s.splitCards()
	if err != nil {
		return err
	}
	if err := setCards(g, common); err != nil || own == nil {
		return err
	}
	return g.Set(cardsName, own)
}

// splitCards gives the cards that all fibers have alike, and the others of each as a text; none when there are none.
func (s *stack) splitCards() (common []card, own []string, err error) {
	same := map[string]int{}
	holders := 0
	for row, cards := range s.cards {
		if s.spans[row][1] > 0 {
			holders++
		}
		for _, c := range cards {
			same[c.key()]++
		}
	}
	differ, taken := false, map[string]bool{}
	for row, cards := range s.cards {
		var mine []card
		for _, c := range cards {
			if same[c.key()] != holders {
				mine = append(mine, c)
			} else if !taken[c.name] {
				taken[c.name] = true
				common = append(common, c)
			}
		}
		text, err := encodeCards(mine)
		if err != nil {
			return nil, nil, fmt.Errorf("fiber %v: %w", s.ids[row], err)
		}
		own = append(own, text)
		differ = differ || len(mine) > 0
	}
	if !differ {
		own = nil
	}
	return common, own, nil
}

// grid is the wavelengths of all fibers of a night: steps of 1e-4 in their logarithm, of which each fiber has a run.
type grid struct {
	at          map[int]float32
	first, last int
	fits        bool // no two fibers disagree
}

const (
	gridStep = 1e4     // points per factor of ten in wavelength
	maxGrid  = 100_000 // points: no camera sees more, but damaged wavelengths may say so
)

func newGrid() *grid {
	return &grid{at: map[int]float32{}, first: math.MaxInt32, last: math.MinInt32, fits: true}
}

// add enters the wavelengths of a spectrum, and gives the place of its first.
func (g *grid) add(t *h5.Table) int {
	c, err := t.Column("WAVE")
	if err != nil {
		g.fits = false
		return 0
	}
	waves, ok := c.Raw().([]float32)
	if !ok || len(waves) == 0 || waves[0] <= 0 {
		g.fits = false
		return 0
	}
	first := int(math.Round(gridStep * math.Log10(float64(waves[0]))))
	for i, w := range waves {
		if was, there := g.at[first+i]; there && was != w {
			g.fits = false
		}
		g.at[first+i] = w
	}
	g.first, g.last = min(g.first, first), max(g.last, first+len(waves)-1)
	return first
}

// waves gives the grid; points that no fiber has are its own.
func (g *grid) waves() []float32 {
	var out []float32
	for k := g.first; k <= g.last; k++ {
		w, ok := g.at[k]
		if !ok {
			w = float32(math.Pow(10, float64(k)/gridStep))
		}
		out = append(out, w)
	}
	return out
}
