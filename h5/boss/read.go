package boss

import (
	"fmt"
	"reflect"
	"slices"
	"strings"

	"gofive/h5"
)

// Spectrum reads the spectrum of a fiber from a file: of H5Boss in either layout, a spec-*.fits or an
// spPlate with what lies beside it. Class and redshift come from its catalog zbest, and are empty where
// that has no row of the fiber.
func Spectrum(path string, plate, mjd, fiber int) (*Spec, error) {
	r := &reader{}
	defer r.close()
	return r.spectrum(located{FiberID{plate, mjd, fiber}, path})
}

// Open reads the only spectrum of a file, such as a spec-*.fits.
func Open(path string) (*Spec, error) {
	r := &reader{}
	defer r.close()
	if err := r.open(path); err != nil {
		return nil, err
	}
	fibers, err := r.source.fibers()
	if err != nil {
		return nil, err
	}
	if len(fibers) != 1 {
		return nil, fmt.Errorf("boss: open %s: it holds %d spectra; boss.Spectrum(path, plate, mjd, fiber) reads one of them, boss.Query(path, ...) finds some", path, len(fibers))
	}
	return r.spectrum(located{fibers[0], path})
}

// reader reads spectra of files, of which it keeps the last one open.
type reader struct {
	source source
	path   string
	best   *h5.Table // its catalog zbest, nil when there is none
	where  map[FiberID]int
}

// open opens another file than the last.
func (r *reader) open(path string) error {
	if r.source != nil && r.path == path {
		return nil
	}
	r.close()
	s, err := openSource(path)
	if err != nil {
		return err
	}
	r.source, r.path = s, path
	r.best, r.where = nil, map[FiberID]int{}
	best, err := s.catalog("zbest")
	if err != nil {
		return nil // a spectrum is worth seeing without its class
	}
	for i, id := range idsOf(rowsOf(best)) {
		r.where[id] = i
	}
	r.best = best
	return nil
}

func (r *reader) close() {
	if r.source != nil {
		r.source.Close()
		r.source = nil
	}
}

// spectrum reads one spectrum.
func (r *reader) spectrum(f located) (*Spec, error) {
	if err := r.open(f.path); err != nil {
		return nil, err
	}
	coadd, err := r.source.coadd(f.FiberID)
	if err != nil {
		return nil, r.missing(f, err)
	}
	s := &Spec{FiberID: f.FiberID, path: f.path}
	for name, to := range map[string]*[]float64{"WAVE": &s.Wave, "FLUX": &s.Flux, "IVAR": &s.Ivar, "WAVEDISP": &s.WaveDisp, "SKY": &s.Sky, "MODEL": &s.Model} {
		column, err := coadd.Field(name)
		if err == nil {
			*to, err = column.Float64s()
		}
		if err != nil {
			return nil, fail("read "+name+" of "+f.String(), f.path, err)
		}
	}
	for name, to := range map[string]*[]int32{"AND_MASK": &s.AndMask, "OR_MASK": &s.OrMask} {
		column, err := coadd.Field(name)
		if err == nil {
			err = column.ReadInto(to)
		}
		if err != nil {
			return nil, fail("read "+name+" of "+f.String(), f.path, err)
		}
	}
	if i, ok := r.where[f.FiberID]; ok {
		s.describe(r.best, i)
	}
	return s, nil
}

// missing says what there is when a fiber is not.
func (r *reader) missing(f located, cause error) error {
	fibers, err := r.source.fibers()
	if err != nil || slices.Contains(fibers, f.FiberID) || len(fibers) == 0 {
		return fail("read "+f.String(), f.path, cause)
	}
	var there []string
	for _, id := range fibers {
		if id.night() == f.night() {
			there = append(there, fmt.Sprint(id.Fiber))
		}
	}
	what := fmt.Sprintf("plate %d of night %d, with fibers %s", f.Plate, f.MJD, strings.Join(there[:min(len(there), 12)], ", "))
	if len(there) > 12 {
		what += fmt.Sprintf(" and %d more", len(there)-12)
	}
	if there == nil {
		what = fmt.Sprintf("other plates, %v among them", fibers[0])
	}
	return fail("read "+f.String(), f.path, fmt.Errorf("there is no such fiber; the file has %s", what))
}

// describe takes from row i of a catalog what it has.
func (s *Spec) describe(best *h5.Table, i int) {
	cell := func(name string) reflect.Value {
		c, err := best.Field(name)
		if err != nil {
			return reflect.Value{}
		}
		v, _ := c.At(i)
		return reflect.ValueOf(v)
	}
	for name, to := range map[string]*string{"CLASS": &s.Class, "SUBCLASS": &s.Subclass} {
		if v := cell(name); v.Kind() == reflect.String {
			*to = strings.TrimSpace(v.String())
		}
	}
	for name, to := range map[string]*float64{"Z": &s.Z, "Z_ERR": &s.ZErr, "PLUG_RA": &s.RA, "PLUG_DEC": &s.Dec} {
		if v := cell(name); v.CanFloat() {
			*to = v.Float()
		}
	}
	if v := cell("ZWARNING"); v.CanInt() {
		s.ZWarning = v.Int()
	}
}
