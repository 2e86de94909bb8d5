package boss

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"

	"gofive/h5"
	"gofive/h5/internal/libhdf5"
	"gofive/h5/internal/ondisk"
)

// h5File is a file of H5Boss, in either layout or both.
type h5File struct {
	file   *h5.File
	nights map[night]*nightGroup
	ids    []FiberID
	common struct { // of groups of layout v2, by their paths
		sync.Mutex
		cards map[string][]card
	}
}

// nightGroup is what the group of a plate and night holds.
type nightGroup struct {
	path    string
	grouped map[int]int64 // fibers with a group of their own, layout v1, and its address
	stacked map[int]int   // rows of fibers in the arrays of layout v2
	tables  []string      // names of catalogs
	columns map[string][]string
	others  []string // what is neither spectra nor catalogs
}

func openH5(path string) (source, error) {
	f, err := h5.Open(path)
	if err != nil {
		return nil, err
	}
	s := &h5File{file: f, nights: map[night]*nightGroup{}}
	if err := s.look(); err != nil {
		f.Close()
		return nil, err
	}
	if len(s.nights) == 0 {
		f.Close()
		return nil, fail("open", path, errors.New("it has no groups PLATE/MJD with spectra; is it a file of H5Boss?"))
	}
	return s, nil
}

func (s *h5File) Close() error { return s.file.Close() }

// look finds the nights and their fibers, by the structure alone: no file says which layout it has.
func (s *h5File) look() error {
	root, err := s.file.Group("/")
	if err != nil {
		return err
	}
	defer root.Close()
	plates, err := s.links(root)
	if err != nil {
		return err
	}
	onDisk, err := ondisk.Open(s.file.Filename())
	if err == nil {
		defer onDisk.Close()
	}
	for _, plate := range plates {
		p, ok := number(plate.Text)
		if !ok {
			continue
		}
		if err := s.lookAtPlate(p, plate, onDisk); err != nil {
			return err
		}
	}
	sortIDs(s.ids)
	return nil
}

func (s *h5File) links(g *h5.Group) ([]libhdf5.Name, error) {
	names, err := libhdf5.Names(libhdf5.ID(g.ID()), ".", false)
	if err != nil {
		return nil, fail("read", s.file.Filename(), fmt.Errorf("%s: %w", g.Path(), err))
	}
	return names, nil
}

func (s *h5File) lookAtPlate(p int, plate libhdf5.Name, onDisk *ondisk.File) error {
	g, err := s.file.Group(plate.Text)
	if err != nil {
		return nil // a dataset of such a name is none of ours
	}
	defer g.Close()
	mjds, err := s.links(g)
	if err != nil {
		return err
	}
	for _, mjd := range mjds {
		m, ok := number(mjd.Text)
		if !ok || len(mjd.Text) != 5 {
			continue
		}
		if plate.Address == libhdf5.NoAddress {
			mjd.Address = libhdf5.NoAddress // it may be in another file
		}
		if err := s.lookAt(night{p, m}, plate.Text+"/"+mjd.Text, mjd.Address, onDisk); err != nil {
			return err
		}
	}
	return nil
}

func number(name string) (int, bool) {
	n, err := strconv.Atoi(name)
	return n, err == nil && n >= 0 && name == strconv.Itoa(n)
}

func (s *h5File) lookAt(n night, path string, at int64, onDisk *ondisk.File) error {
	g, err := s.file.Group(path)
	if err != nil {
		return nil
	}
	defer g.Close()
	members, err := s.members(g, at, onDisk)
	if err != nil {
		return err
	}
	in := &nightGroup{path: path, grouped: map[int]int64{}, columns: map[string][]string{}}
	for _, m := range members {
		if fiber, ok := number(m.Text); ok {
			in.grouped[fiber] = m.Address
		} else if err := in.member(g, m.Text); err != nil {
			return fail("read", s.file.Filename(), fmt.Errorf("%s: %w", path, err))
		}
	}
	if len(in.grouped)+len(in.stacked) == 0 && len(in.tables) == 0 {
		return nil
	}
	s.nights[n] = in
	for fiber := range in.grouped {
		s.ids = append(s.ids, FiberID{n.plate, n.mjd, fiber})
	}
	for fiber := range in.stacked {
		if !in.has(fiber) {
			s.ids = append(s.ids, FiberID{n.plate, n.mjd, fiber})
		}
	}
	return nil
}

// members lists the group of a night, of which there are thousands in a thousand files: past the library where its form is known.
// Addresses are those of this file, NoAddress for what may be in another.
func (s *h5File) members(g *h5.Group, at int64, onDisk *ondisk.File) ([]libhdf5.Name, error) {
	if onDisk != nil && at != libhdf5.NoAddress {
		if names, addresses, err := onDisk.Members(at); err == nil {
			out := make([]libhdf5.Name, len(names))
			for i, name := range names {
				out[i] = libhdf5.Name{Text: name, Hard: true, Address: addresses[i]}
			}
			return out, nil
		}
	}
	names, err := s.links(g)
	for i := range names {
		if at == libhdf5.NoAddress {
			names[i].Address = libhdf5.NoAddress
		}
	}
	return names, err
}

// member enters what is no fiber.
func (in *nightGroup) member(g *h5.Group, name string) (err error) {
	o, openErr := g.Get(name)
	if openErr != nil {
		in.others = append(in.others, name)
		return nil
	}
	defer o.Close()
	d, isDataset := o.(*h5.Dataset)
	switch {
	case isDataset:
		in.classify(d, name)
	case name == "coadds":
		in.stacked, err = stackedFibers(g)
	case name == "exposures":
	case name == "photo":
		in.photo(g)
	default:
		in.others = append(in.others, name)
	}
	return err
}

// groupAt gives the address of the group of a fiber.
func (in *nightGroup) groupAt(fiber int) (int64, bool) {
	if in == nil {
		return 0, false
	}
	at, ok := in.grouped[fiber]
	return at, ok
}

// has reports whether a fiber has a group of its own.
func (in *nightGroup) has(fiber int) bool {
	_, ok := in.groupAt(fiber)
	return ok
}

// classify counts a dataset among the catalogs when it has a row a fiber.
func (in *nightGroup) classify(d *h5.Dataset, name string) {
	if names := d.Datatype().Names(); len(d.Shape()) == 1 && slices.Contains(names, "FIBERID") {
		in.tables = append(in.tables, name)
		in.columns[name] = names
	} else {
		in.others = append(in.others, name)
	}
}

func (in *nightGroup) photo(g *h5.Group) {
	photo, err := g.Group("photo")
	if err != nil {
		return
	}
	defer photo.Close()
	names, err := photo.Keys()
	if err != nil {
		return
	}
	for _, name := range names {
		d, err := photo.Dataset(name)
		if err != nil {
			in.others = append(in.others, "photo/"+name)
			continue
		}
		in.classify(d, "photo/"+name)
		d.Close()
	}
}

// stackedFibers says in which row of the arrays each fiber is: the rows of plugmap, or else of zbest, tell. A
// row's number plus one is no fiber, for in subsets there are fewer.
func stackedFibers(g *h5.Group) (map[int]int, error) {
	if has, err := g.Has("coadds/flux"); !has {
		return nil, err
	}
	for _, name := range []string{"plugmap", "zbest"} {
		d, err := g.Dataset(name)
		if err != nil {
			continue
		}
		column, err := d.Field("FIBERID")
		d.Close()
		if err != nil {
			continue
		}
		fibers, err := column.Ints()
		if err != nil {
			return nil, err
		}
		rows := map[int]int{}
		for row, fiber := range fibers {
			if _, twice := rows[fiber]; twice {
				return nil, fmt.Errorf("%s has fiber %d twice: which row of coadds is meant nothing says", name, fiber)
			}
			rows[fiber] = row
		}
		return rows, nil
	}
	return nil, errors.New("coadds are there, and neither plugmap nor zbest that say which row is which fiber")
}

func (s *h5File) fibers() ([]FiberID, error) { return s.ids, nil }

// group gives the night of a fiber and whether the fiber has a group of its own.
func (s *h5File) of(id FiberID) (*nightGroup, bool, error) {
	in := s.nights[id.night()]
	if in == nil {
		return nil, false, fmt.Errorf("%s has no plate %d of night %d", s.file.Filename(), id.Plate, id.MJD)
	}
	if in.has(id.Fiber) {
		return in, true, nil
	}
	if _, ok := in.stacked[id.Fiber]; !ok {
		return nil, false, fmt.Errorf("%s has no fiber %v", s.file.Filename(), id)
	}
	return in, false, nil
}

func (in *nightGroup) fiberPath(fiber int) string { return fmt.Sprintf("%s/%d", in.path, fiber) }

func (s *h5File) coadd(id FiberID) (*h5.Table, error) {
	in, grouped, err := s.of(id)
	if err != nil {
		return nil, err
	}
	if grouped {
		t, _, err := s.compound(in.fiberPath(id.Fiber)+"/coadd", false)
		return t, err
	}
	return s.stackedTable(in.path+"/coadds", in.stacked[id.Fiber], coaddNames)
}

// whole gives the spectrum of a fiber and its header cards; in layout v1 that opens one dataset once, which takes longer than to
// read it.
func (s *h5File) whole(id FiberID) (*h5.Table, []card, error) {
	in, grouped, err := s.of(id)
	if err != nil {
		return nil, nil, err
	}
	if grouped {
		return s.compound(in.fiberPath(id.Fiber)+"/coadd", true)
	}
	t, err := s.coadd(id)
	if err != nil {
		return nil, nil, err
	}
	cards, err := s.attrs(id)
	return t, cards, err
}

// compound reads a spectrum of layout v1, and its attributes when they are asked for.
func (s *h5File) compound(path string, cards bool) (*h5.Table, []card, error) {
	d, err := s.file.Dataset(path)
	if err != nil {
		return nil, nil, err
	}
	defer d.Close()
	t, err := d.Table()
	if err != nil || !cards {
		return t, nil, err
	}
	c, err := attrCards(d)
	return t, c, err
}

// attrCards gives attributes as cards.
func attrCards(o h5.Object) ([]card, error) {
	attrs, err := o.Attrs()
	if err != nil {
		return nil, err
	}
	var out []card
	for _, a := range attrs {
		v, err := a.Value()
		if err != nil {
			return nil, fmt.Errorf("attribute %s: %w", a.Name(), err)
		}
		out = append(out, card{a.Name(), v})
	}
	return out, nil
}

func (s *h5File) attrs(id FiberID) ([]card, error) {
	in, grouped, err := s.of(id)
	if err != nil {
		return nil, err
	}
	if !grouped {
		return s.stackedCards(in.path+"/coadds", in.stacked[id.Fiber])
	}
	d, err := s.file.Dataset(in.fiberPath(id.Fiber) + "/coadd")
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return attrCards(d)
}

func (s *h5File) frames(id FiberID) ([]frameID, error) {
	in, grouped, err := s.of(id)
	if err != nil {
		return nil, err
	}
	path := in.path + "/exposures"
	if grouped {
		path = in.fiberPath(id.Fiber) + "/exposures"
	}
	all, err := s.framesBelow(path)
	if err != nil || grouped {
		return all, err
	}
	var out []frameID
	for _, f := range all {
		there, err := s.isThere(path+"/"+f.String(), in.stacked[id.Fiber])
		if err != nil {
			return nil, err
		}
		if there {
			out = append(out, f)
		}
	}
	return out, nil
}

// framesBelow lists a group of exposures.
func (s *h5File) framesBelow(path string) ([]frameID, error) {
	if has, err := s.file.Has(path); !has {
		return nil, err
	}
	g, err := s.file.Group(path)
	if err != nil {
		return nil, err
	}
	defer g.Close()
	exposures, err := g.Keys()
	if err != nil {
		return nil, err
	}
	var out []frameID
	for _, exposure := range exposures {
		n, ok := number(exposure)
		if !ok {
			continue
		}
		for _, camera := range []string{"b", "r"} {
			has, err := g.Has(exposure + "/" + camera)
			if err != nil {
				return nil, err
			}
			if has {
				out = append(out, frameID{n, camera})
			}
		}
	}
	slices.SortFunc(out, frameID.compare)
	return out, nil
}

func (s *h5File) frame(id FiberID, f frameID) (*h5.Table, []card, error) {
	return s.frameWith(id, f, true)
}

// frameWith is frame, without cards when they are not asked for.
func (s *h5File) frameWith(id FiberID, f frameID, cards bool) (*h5.Table, []card, error) {
	in, grouped, err := s.of(id)
	if err != nil {
		return nil, nil, err
	}
	if grouped {
		return s.compound(in.fiberPath(id.Fiber)+"/exposures/"+f.String(), cards)
	}
	path, row := in.path+"/exposures/"+f.String(), in.stacked[id.Fiber]
	t, err := s.stackedTable(path, row, frameNames)
	if err != nil || !cards {
		return t, nil, err
	}
	own, err := s.stackedCards(path, row)
	return t, own, err
}

// Names of our own in the groups of layout v2: which pixels of a row are the fiber's, since spectra have
// different lengths, and those header cards that are not the same for all fibers, which are attributes of the group. Files
// of the survey have neither.
const (
	pixelsName = "pixels"
	cardsName  = "cards"
)

// pixels gives the range of a row that is the fiber's.
func (s *h5File) pixels(path string, row int) (from, to int, err error) {
	if has, err := s.file.Has(path + "/" + pixelsName); !has {
		return 0, -1, err
	}
	d, err := s.file.Dataset(path + "/" + pixelsName)
	if err != nil {
		return 0, 0, err
	}
	defer d.Close()
	a, err := d.Slice(row)
	if err != nil {
		return 0, 0, err
	}
	n, err := a.Ints()
	if err != nil || len(n) != 2 {
		return 0, 0, errors.Join(err, fmt.Errorf("%s does not hold two numbers a row", d.Path()))
	}
	return n[0], n[0] + n[1], nil
}

// isThere reports whether a row of an exposure is a spectrum at all: that of a fiber without it has no pixels.
func (s *h5File) isThere(path string, row int) (bool, error) {
	from, to, err := s.pixels(path, row)
	return to < 0 || to > from, err
}

// stackedTable reads a row of each array of a group of layout v2.
func (s *h5File) stackedTable(path string, row int, names []string) (*h5.Table, error) {
	g, err := s.file.Group(path)
	if err != nil {
		return nil, err
	}
	defer g.Close()
	from, to, err := s.pixels(path, row)
	if err != nil {
		return nil, err
	}
	keys, err := g.Keys()
	if err != nil {
		return nil, err
	}
	var args []any
	for _, key := range inOrder(keys, names) {
		values, err := stackedRow(g, key, row, from, to)
		if err != nil {
			return nil, err
		}
		args = append(args, strings.ToUpper(key), values)
	}
	return h5.NewTable(args...)
}

// inOrder puts the arrays that names list first, then others.
func inOrder(keys, names []string) []string {
	var out []string
	for _, name := range names {
		if slices.Contains(keys, strings.ToLower(name)) {
			out = append(out, strings.ToLower(name))
		}
	}
	for _, key := range keys {
		if !slices.Contains(out, key) && key != pixelsName && key != cardsName {
			out = append(out, key)
		}
	}
	return out
}

// stackedRow reads a row of an array, or its part; the wavelengths of coadds are one row for all.
func stackedRow(g *h5.Group, key string, row, from, to int) (*h5.Array, error) {
	d, err := g.Dataset(key)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	shape := d.Shape()
	if to < 0 {
		to = shape[len(shape)-1]
	}
	if len(shape) == 1 {
		return d.Slice(h5.Range(from, to))
	}
	return d.Slice(row, h5.Range(from, to))
}

// stackedCards are the cards of a group of layout v2, and those of one fiber.
func (s *h5File) stackedCards(path string, row int) ([]card, error) {
	g, err := s.file.Group(path)
	if err != nil {
		return nil, err
	}
	defer g.Close()
	common, err := s.commonCards(g, path)
	if err != nil {
		return nil, err
	}
	if has, err := g.Has(cardsName); !has {
		return common, err
	}
	d, err := g.Dataset(cardsName)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	text, err := h5.ReadOne[string](d, row)
	if err != nil {
		return nil, err
	}
	own, err := decodeCards(text)
	return slices.Concat(common, own), err
}

// commonCards are the cards of all fibers of a group of layout v2, read once.
func (s *h5File) commonCards(g *h5.Group, path string) ([]card, error) {
	s.common.Lock()
	defer s.common.Unlock()
	if cards, known := s.common.cards[path]; known {
		return cards, nil
	}
	cards, err := attrCards(g)
	if err != nil {
		return nil, err
	}
	if s.common.cards == nil {
		s.common.cards = map[string][]card{}
	}
	s.common.cards[path] = slices.Clip(cards)
	return cards, nil
}

// encodeCards writes cards as one text, which tells whole numbers and others apart.
func encodeCards(cards []card) (string, error) {
	all := map[string]any{}
	for _, c := range cards {
		v := c.value
		if f, ok := v.(float64); ok {
			text := strconv.FormatFloat(f, 'g', -1, 64)
			if !strings.ContainsAny(text, ".e") {
				text += ".0"
			}
			v = json.Number(text)
		}
		all[c.name] = v
	}
	b, err := json.Marshal(all)
	return string(b), err
}

func decodeCards(text string) ([]card, error) {
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	all := map[string]any{}
	if err := d.Decode(&all); err != nil {
		return nil, err
	}
	var out []card
	for name, v := range all {
		if n, ok := v.(json.Number); ok {
			v = numberOf(n)
		}
		out = append(out, card{name, v})
	}
	slices.SortFunc(out, func(a, b card) int { return strings.Compare(a.name, b.name) })
	return out, nil
}

func numberOf(n json.Number) any {
	if i, err := n.Int64(); err == nil {
		return i
	}
	if u, err := strconv.ParseUint(n.String(), 10, 64); err == nil {
		return u
	}
	f, _ := n.Float64()
	return f
}

func (s *h5File) catalogs(n night) ([]string, error) {
	if in := s.nights[n]; in != nil {
		return in.tables, nil
	}
	return nil, nil
}

// columns are those of a catalog.
func (s *h5File) columns(n night, name string) []string {
	if in := s.nights[n]; in != nil {
		return in.columns[name]
	}
	return nil
}

func (s *h5File) nightCatalog(n night, name string) (*rows, error) {
	in := s.nights[n]
	if in == nil {
		return nil, fmt.Errorf("%s has no plate %d of night %d", s.file.Filename(), n.plate, n.mjd)
	}
	d, err := s.file.Dataset(in.path + "/" + name)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	return readRows(d)
}

// fiberRows reads the rows of some fibers of a night's catalog: few rows of a long table.
func (s *h5File) fiberRows(n night, name string, fibers map[int]bool) (*rows, error) {
	d, err := s.file.Dataset(s.nights[n].path + "/" + name)
	if err != nil {
		return nil, err
	}
	defer d.Close()
	column, err := d.Field("FIBERID")
	if err != nil {
		return nil, err
	}
	all, err := column.Ints()
	if err != nil {
		return nil, err
	}
	places := []int{}
	for i, fiber := range all {
		if fibers[fiber] {
			places = append(places, i)
		}
	}
	return readRows(d, places)
}

func (s *h5File) catalog(name string) (*h5.Table, error) { return allNights(s, name) }
