package boss

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"gofive/display/progress"
	"gofive/h5"
	"gofive/h5/fits"
)

// Export writes fibers back to FITS, a spec-PLATE-MJD-FIBER.fits each, into a folder, which is made. query says
// which, as for Subset; "" means all. A file that exists is a problem, unless Options.Overwrite replaces it.
// Each file is read again and compared. Catalogs of images, photo/match and others, go to files of the plate beside them, named as
// the survey's, with the rows of the exported fibers.
func Export(ctx context.Context, sources []string, query, dir string, o Options) (*Result, error) {
	begun := time.Now()
	w, err := selected("export", sources, query)
	if err != nil {
		return nil, err
	}
	w.sort()
	if len(w.picks) == 0 {
		return nil, w.nothing()
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, fail(w.op, dir, err)
	}
	e := &exporter{dir: dir, opts: o, result: &w.result, photo: map[string][]*rows{}}
	if err := e.run(ctx, w.picks); err != nil {
		return nil, err
	}
	w.result.Did, w.result.Out, w.result.Took = "exported", dir, time.Since(begun)
	return &w.result, nil
}

// exporter writes fibers, a night of a file after the other, so that catalogs are read once.
type exporter struct {
	dir    string
	opts   Options
	result *Result
	ctx    context.Context
	bar    *progress.Bar
	photo  map[string][]*rows // of the night, by their names
}

func (e *exporter) run(ctx context.Context, picks []pick) error {
	e.ctx, e.bar = ctx, progress.New(len(picks), "export")
	defer e.bar.Done()
	for len(picks) > 0 {
		n := picks[0].id.night()
		end := slices.IndexFunc(picks, func(p pick) bool { return p.id.night() != n })
		if end < 0 {
			end = len(picks)
		}
		before := e.result.Fibers
		for _, file := range filesOf(picks[:end]) {
			if err := e.from(file, n, picks[:end]); err != nil {
				return err
			}
		}
		if e.result.Fibers > before {
			e.result.Nights++
			e.writePhoto(n)
		}
		picks = picks[end:]
	}
	return nil
}

// from writes those fibers of a night that one file gives.
func (e *exporter) from(file string, n night, picks []pick) error {
	s, err := openSource(file)
	if err != nil {
		for _, p := range picks {
			if p.files[0] == file {
				e.result.problem(p.id, file, false, err)
			}
		}
		return nil
	}
	defer s.Close()
	tables, exported := e.catalogs(s, file, n), map[int]bool{}
	for _, p := range picks {
		if p.files[0] != file {
			continue
		}
		if err := e.ctx.Err(); err != nil {
			return fail("export", e.dir, fmt.Errorf("%w; the files written so far are complete", err))
		}
		if err := e.fiber(s, p.id, tables); err != nil {
			if fatal(err) {
				return err
			}
			e.result.problem(p.id, file, false, err)
		} else {
			e.result.Fibers++
			exported[p.id.Fiber] = true
		}
		e.bar.Add(1)
	}
	return e.takePhoto(tables, exported)
}

// catalog is a table with the rows of each fiber found.
type catalog struct {
	*rows
	places map[int][]int
}

func newCatalog(r *rows) *catalog {
	c := &catalog{r, map[int][]int{}}
	for i, fiber := range r.ints("FIBERID") {
		c.places[fiber] = append(c.places[fiber], i)
	}
	return c
}

func (c *catalog) of(fiber int) (*rows, error) {
	if c == nil {
		return &rows{}, nil
	}
	return c.take(c.places[fiber])
}

func (e *exporter) catalogs(s source, file string, n night) map[string]*catalog {
	out := map[string]*catalog{}
	names, err := s.catalogs(n)
	for _, name := range names {
		var r *rows
		if r, err = s.nightCatalog(n, name); err != nil {
			break
		}
		out[name] = newCatalog(r)
	}
	if err != nil {
		e.result.problem(FiberID{n.plate, n.mjd, 0}, file, true, err)
	}
	return out
}

func (e *exporter) fiber(s source, id FiberID, tables map[string]*catalog) error {
	path := filepath.Join(e.dir, "spec-"+id.String()+".fits")
	if _, err := os.Stat(path); err == nil && !e.opts.Overwrite {
		return fmt.Errorf("%s: %w", path, fs.ErrExist)
	}
	d, err := readFiber(s, id)
	if err != nil {
		return err
	}
	all, err := spAllRow(tables, id)
	if err != nil {
		return err
	}
	lines, err := tables["zline"].of(id.Fiber)
	if err != nil {
		return err
	}
	if err := writeSpec(path, id, d, all, lines); err != nil {
		return err
	}
	stat, err := os.Stat(path)
	if err != nil {
		return err
	}
	e.result.Bytes += stat.Size()
	return verifySpec(path, id, d)
}

// spAllRow is the row of zbest, and what plugmap adds to it.
func spAllRow(tables map[string]*catalog, id FiberID) (*rows, error) {
	all, err := tables["zbest"].of(id.Fiber)
	if err != nil {
		return nil, err
	}
	plug, err := tables["plugmap"].of(id.Fiber)
	if err != nil || plug.n == 0 {
		return all, err
	}
	if all.n == 0 && len(all.columns) == 0 {
		all.n = plug.n
	}
	if all.n != plug.n {
		return all, nil
	}
	for _, c := range plug.columns {
		for _, names := range plugColumns {
			if c.name == names[0] && names[1] != "" {
				c.name = names[1]
			}
		}
		if all.column(c.name) == nil {
			all.columns = append(all.columns, c)
		}
	}
	return all, nil
}

// writeSpec writes the HDUs of a spec-*.fits.
func writeSpec(path string, id FiberID, d *fiberData, all, lines *rows) error {
	w, err := fits.Create(path)
	if err != nil {
		return err
	}
	header, err := headerOf(d.cards)
	if err == nil {
		err = w.Image(header.withID(id), nil, nil)
	}
	if err == nil {
		err = writeTableHDU(w, fits.Header{{Key: "EXTNAME", Value: "COADD"}}, toFITS(rowsOf(d.coadd)))
	}
	if err == nil {
		err = writeTableHDU(w, fits.Header{{Key: "EXTNAME", Value: "SPALL"}}, all)
	}
	if err == nil {
		err = writeTableHDU(w, fits.Header{{Key: "EXTNAME", Value: "SPZLINE"}}, lines)
	}
	frames := slices.Clone(d.frames)
	slices.SortStableFunc(frames, func(a, b frameData) int { return strings.Compare(a.id.camera, b.id.camera) })
	for _, f := range frames {
		if err == nil {
			err = writeFrame(w, id, f)
		}
	}
	return errors.Join(err, w.Close())
}

type specHeader fits.Header

// withID makes sure that the header says which fiber it is of: the converter of the survey gives each fiber the
// header of its plate.
func (h specHeader) withID(id FiberID) fits.Header {
	out := fits.Header(h)
	for _, c := range []fits.Card{{Key: "PLATEID", Value: int64(id.Plate)}, {Key: "MJD", Value: int64(id.MJD)}, {Key: "FIBERID", Value: int64(id.Fiber)}} {
		if _, there := out.Get(c.Key); !there {
			out = append(out, c)
		}
	}
	return out
}

// writeFrame writes one exposure. Its name says which it is.
func writeFrame(w *fits.Writer, id FiberID, f frameData) error {
	header, err := headerOf(f.cards)
	if err != nil {
		return err
	}
	out := fits.Header(header)
	if out.Text("EXTNAME") == "" {
		out = append(out, fits.Card{Key: "EXTNAME", Value: fmt.Sprintf("%s%d-%08d", strings.ToUpper(f.id.camera), spectrograph(id.Fiber), f.id.exposure)})
	}
	return writeTableHDU(w, out, toFITS(rowsOf(f.table)))
}

// spectrograph is the one, 1 or 2, that a fiber leads to.
func spectrograph(fiber int) int { return 1 + (fiber-1)/500 }

// headerOf gives cards for a FITS file. Comments and history are a line each.
func headerOf(cards []card) (specHeader, error) {
	var out specHeader
	for _, c := range cards {
		if c.name == "COMMENT" || c.name == "HISTORY" {
			for _, line := range strings.Split(fmt.Sprint(c.value), "\n") {
				out = append(out, fits.Card{Key: c.name, Comment: line})
			}
			continue
		}
		v, err := fitsValue(c)
		if err != nil {
			return nil, err
		}
		out = append(out, fits.Card{Key: strings.ToUpper(c.name), Value: v})
	}
	return out, nil
}

// fitsValue gives an attribute as a header has it.
func fitsValue(c card) (any, error) {
	a, err := h5.NewArray(c.value)
	if err != nil || a.Len() != 1 {
		return nil, fmt.Errorf("attribute %s is a %T: a FITS header takes single values", c.name, c.value)
	}
	switch v := c.value.(type) {
	case string, bool, int64, float64, uint64:
		return v, nil
	case float32:
		return float64(v), nil
	default:
		n, err := a.Int64s()
		if err != nil {
			return nil, fmt.Errorf("attribute %s is a %T: no FITS header takes it", c.name, c.value)
		}
		return n[0], nil
	}
}

// toFITS gives the columns the names and the order of a spec-*.fits, and wavelengths as logarithms.
func toFITS(r *rows) *rows {
	order := []string{"FLUX", "LOGLAM", "IVAR", "AND_MASK", "OR_MASK", "MASK", "WDISP", "SKY", "MODEL", "CALIB", "X"}
	out := &rows{n: r.n}
	for _, c := range r.columns {
		switch c.name {
		case "WAVE":
			if waves, ok := c.values.Raw().([]float32); ok {
				c.values, _ = h5.NewArray(logarithms(waves))
			}
			c.name = "LOGLAM"
		case "WAVEDISP":
			c.name = "WDISP"
		}
		out.columns = append(out.columns, c)
	}
	place := func(c column) int {
		if i := slices.Index(order, c.name); i >= 0 {
			return i
		}
		return len(order)
	}
	slices.SortStableFunc(out.columns, func(a, b column) int { return place(a) - place(b) })
	return out
}

func writeTableHDU(w *fits.Writer, header fits.Header, r *rows) error {
	var fields []fits.Field
	for _, c := range r.columns {
		fields = append(fields, fits.Field{Name: c.name, Values: c.values.Raw(), Shape: c.values.Shape()[1:]})
	}
	return w.Table(header, fields...)
}

// verifySpec reads a file again.
func verifySpec(path string, id FiberID, want *fiberData) error {
	s, err := openSource(path)
	if err != nil {
		return err
	}
	defer s.Close()
	got, err := readFiber(s, id)
	if err != nil {
		return err
	}
	got.cards, want.cards = withoutIDs(got.cards), withoutIDs(want.cards)
	for i := range got.frames {
		got.frames[i].cards = withoutIDs(got.frames[i].cards)
	}
	for i := range want.frames {
		want.frames[i].cards = withoutIDs(want.frames[i].cards)
	}
	if got.sum(true) != want.sum(true) {
		return fail("verify", path, errors.New("it does not hold what was read from the input"))
	}
	return nil
}

// withoutIDs leaves out the cards that export adds where they are missing.
func withoutIDs(cards []card) []card {
	return slices.DeleteFunc(slices.Clone(cards), func(c card) bool {
		return slices.Contains([]string{"PLATEID", "MJD", "FIBERID", "EXTNAME"}, c.name)
	})
}
