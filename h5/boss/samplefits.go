package boss

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"gofive/h5"
	"gofive/h5/fits"
)

// SampleFITSOptions say what SampleFITS makes. The zero value makes one plate with the fibers of Sample.
type SampleFITSOptions struct {
	Seed   uint64 // of all random numbers; 1
	Plates int    // 1; they are numbered from 3655 on, one a night
	// Fibers are 1 to 1000 on each plate; those of SampleOptions.
	Fibers []int
	// Exposures is how many single exposures there are of each fiber; none.
	Exposures int
}

// SampleFITS writes what the survey gives out, for converting: spectra/PLATE/spec-*.fits, a file a fiber, and the same fibers
// as plates/PLATE/spPlate-*.fits with photo*.fits, the single exposures (spPlancomb, spFrame, spCFrame, spFlat), and spZbest and
// spZline below it in a folder. The first plate is that of Sample.
func SampleFITS(dir string, o SampleFITSOptions) error {
	if o.Plates < 0 || o.Plates > 1000 {
		return fmt.Errorf("boss: make sample: %d plates: give 1 to 1000", o.Plates)
	}
	same := SampleOptions{Seed: o.Seed, Fibers: o.Fibers, Exposures: o.Exposures}.orDefault()
	if err := same.check(); err != nil {
		return err
	}
	fibers := slices.Clone(same.Fibers)
	slices.Sort(fibers)
	for i := range max(o.Plates, 1) {
		p := &samplePlate{night: night{plate + i, mjd + i}, seed: same.Seed + uint64(i)*1_000_003, exposures: o.Exposures}
		p.make(fibers)
		if err := p.writeSpectra(filepath.Join(dir, "spectra", fmt.Sprint(p.night.plate))); err != nil {
			return err
		}
		if err := p.writePlate(filepath.Join(dir, "plates", fmt.Sprint(p.night.plate))); err != nil {
			return err
		}
	}
	return nil
}

// samplePlate is what was observed of a plate.
type samplePlate struct {
	night     night
	seed      uint64
	exposures int
	objects   []object
	spectra   [][]coaddRow
	best      []bestRow
	lines     []lineRow
}

func (p *samplePlate) make(fibers []int) {
	for _, fiber := range fibers {
		o := newObject(p.seed, fiber)
		spectrum := coadd(p.seed, &o)
		best := bestFit(p.seed, &o, spectrum)
		best.Plate, best.MJD = int32(p.night.plate), int32(p.night.mjd)
		for _, line := range lineFits(p.seed, &o, best) {
			line.Plate, line.MJD = best.Plate, best.MJD
			p.lines = append(p.lines, line)
		}
		p.objects, p.spectra, p.best = append(p.objects, o), append(p.spectra, spectrum), append(p.best, best)
	}
}

// tableOf gives structs as a table.
func tableOf(structs any) (*h5.Table, error) {
	a, err := h5.NewArray(structs)
	if err != nil {
		return nil, err
	}
	return a.Table()
}

func rowsOfStructs(structs any) (*rows, error) {
	t, err := tableOf(structs)
	if err != nil {
		return nil, err
	}
	return rowsOf(t), nil
}

// cards are the plate's, with its own number and night.
func (p *samplePlate) cards(cards []card) []card {
	for i := range cards {
		switch cards[i].name {
		case "PLATEID":
			cards[i].value = int64(p.night.plate)
		case "MJD":
			cards[i].value = int64(p.night.mjd)
		}
	}
	return cards
}

// writeSpectra writes a spec-*.fits for each fiber.
func (p *samplePlate) writeSpectra(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fail("make sample", dir, err)
	}
	for i := range p.objects {
		if err := p.writeSpectrum(dir, i); err != nil {
			return fail("make sample", dir, err)
		}
	}
	return nil
}

func (p *samplePlate) writeSpectrum(dir string, i int) error {
	o := &p.objects[i]
	id := FiberID{p.night.plate, p.night.mjd, o.fiber}
	d := &fiberData{cards: append(p.cards(coaddCards()), card{"FIBERID", int64(o.fiber)}, card{"PLUG_RA", o.ra}, card{"PLUG_DEC", o.dec})}
	var err error
	if d.coadd, err = tableOf(p.spectra[i]); err != nil {
		return err
	}
	for n := range p.exposures {
		for _, c := range cameras {
			t, err := tableOf(c.frame(p.seed, o, n))
			if err != nil {
				return err
			}
			d.frames = append(d.frames, frameData{frameID{firstExposure + n, c.name}, t, p.cards(frameCards(c, spectrograph(o.fiber), firstExposure+n))})
		}
	}
	best, err := rowsOfStructs(p.best[i : i+1])
	if err != nil {
		return err
	}
	plug, err := rowsOfStructs(plugMap(p.objects[i : i+1]))
	if err != nil {
		return err
	}
	only := map[int][]int{o.fiber: {0}}
	all, err := spAllRow(map[string]*catalog{"zbest": {best, only}, "plugmap": {plug, only}}, id)
	if err != nil {
		return err
	}
	lines, err := rowsOfStructs(p.lines[i*len(LineList) : (i+1)*len(LineList)])
	if err != nil {
		return err
	}
	return writeSpec(filepath.Join(dir, "spec-"+id.String()+".fits"), id, d, all, lines)
}

// sampleRun is the folder that the pipeline names for its version.
const sampleRun = "sample"

// writePlate writes the files of the whole plate.
func (p *samplePlate) writePlate(dir string) error {
	if err := os.MkdirAll(filepath.Join(dir, sampleRun), 0o777); err != nil {
		return fail("make sample", dir, err)
	}
	name := func(kind string) string { return fmt.Sprintf("%s-%04d-%d.fits", kind, p.night.plate, p.night.mjd) }
	err := p.writeSpPlate(filepath.Join(dir, name("spPlate")))
	err = cmp.Or(err, p.writeTable(filepath.Join(dir, sampleRun, name("spZbest")), p.best, true))
	err = cmp.Or(err, p.writeTable(filepath.Join(dir, sampleRun, name("spZline")), p.lines, false))
	err = cmp.Or(err, p.writeFrames(dir))
	for _, c := range plateCatalogs {
		if !c.needed {
			err = cmp.Or(err, p.writeTable(filepath.Join(dir, name(c.file)), p.photo(), false))
		}
	}
	return fail("make sample", dir, err)
}

// image spreads one column of all spectra.
func image[T any](p *samplePlate, of func(coaddRow) T) []T {
	out := make([]T, 0, len(p.spectra)*coaddRows)
	for _, spectrum := range p.spectra {
		for _, row := range spectrum {
			out = append(out, of(row))
		}
	}
	return out
}

func (p *samplePlate) writeSpPlate(path string) error {
	header, err := headerOf(p.cards(coaddCards()))
	if err != nil {
		return err
	}
	plug, err := rowsOfStructs(plugMap(p.objects))
	if err != nil {
		return err
	}
	w, err := fits.Create(path)
	if err != nil {
		return err
	}
	shape := []int{len(p.spectra), coaddRows}
	named := func(name string) fits.Header { return fits.Header{{Key: "EXTNAME", Value: name}} }
	err = w.Image(fits.Header(header), shape, image(p, func(r coaddRow) float32 { return r.Flux }))
	err = cmp.Or(err, w.Image(named("IVAR"), shape, image(p, func(r coaddRow) float32 { return r.Ivar })))
	err = cmp.Or(err, w.Image(named("ANDMASK"), shape, image(p, func(r coaddRow) int32 { return r.AndMask })))
	err = cmp.Or(err, w.Image(named("ORMASK"), shape, image(p, func(r coaddRow) int32 { return r.OrMask })))
	err = cmp.Or(err, w.Image(named("WAVEDISP"), shape, image(p, func(r coaddRow) float32 { return r.WaveDisp })))
	err = cmp.Or(err, writeTableHDU(w, named("PLUGMAP"), plug))
	err = cmp.Or(err, w.Image(named("SKY"), shape, image(p, func(r coaddRow) float32 { return r.Sky })))
	return cmp.Or(err, w.Close())
}

// writeTable writes a file of one table, and behind it the model of all spectra.
func (p *samplePlate) writeTable(path string, structs any, model bool) error {
	r, err := rowsOfStructs(structs)
	if err != nil {
		return err
	}
	w, err := fits.Create(path)
	if err != nil {
		return err
	}
	err = writeTableHDU(w, nil, r)
	if model {
		err = cmp.Or(err, w.Image(nil, []int{len(p.spectra), coaddRows}, image(p, func(r coaddRow) float32 { return r.Model })))
	}
	return cmp.Or(err, w.Close())
}

// photoRow is what images of the sky say of an object. Fibers go by the order of rows.
type photoRow struct {
	RA      float64    `h5:"RA"`
	Dec     float64    `h5:"DEC"`
	ObjID   string     `h5:"OBJID,len=19,ascii"`
	PSFFlux [5]float32 `h5:"PSFFLUX"` // nanomaggies
}

func (p *samplePlate) photo() (out []photoRow) {
	for i, o := range p.objects {
		out = append(out, photoRow{o.ra, o.dec, p.best[i].ObjID, p.best[i].SpectroFlux})
	}
	return out
}
