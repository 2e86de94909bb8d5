package boss

import (
	"fmt"
	"slices"

	"gofive/h5"
)

// SampleOptions say what Sample makes. The zero value makes the file that the lessons use.
type SampleOptions struct {
	Seed uint64 // of all random numbers; 1
	// Fibers are 1 to 1000; 30, 118, 258, 446, 501 and 734.
	Fibers []int
	// Exposures is how many single exposures the first of the fibers carries, as they came from the
	// blue and the red camera; 2. Less than 0 means none.
	Exposures int
}

func (o SampleOptions) orDefault() SampleOptions {
	if o.Seed == 0 {
		o.Seed = 1
	}
	if o.Fibers == nil {
		o.Fibers = defaultFibers
	}
	if o.Exposures == 0 {
		o.Exposures = defaultExposures
	}
	return o
}

// check refuses options that no plate has.
func (o SampleOptions) check() error {
	if len(o.Fibers) == 0 {
		return fmt.Errorf("boss: make sample: give at least one fiber")
	}
	seen := map[int]bool{}
	for _, fiber := range o.Fibers {
		if fiber < 1 || fiber > 1000 || seen[fiber] {
			return fmt.Errorf("boss: make sample: fiber %d: give each fiber once, between 1 and 1000", fiber)
		}
		seen[fiber] = true
	}
	if o.Exposures > 99 {
		return fmt.Errorf("boss: make sample: %d exposures: give at most 99", o.Exposures)
	}
	return nil
}

// Sample writes a file of one plate and night in the survey's layout v1. A file of that name is
// replaced. The same options write the same bytes.
func Sample(path string, o SampleOptions) error {
	o = o.orDefault()
	if err := o.check(); err != nil {
		return err
	}
	return writeSample(path, o)
}

func writeSample(path string, o SampleOptions) (err error) {
	f, err := h5.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if closed := f.Close(); err == nil {
			err = closed
		}
	}()
	return writePlate(f, o)
}

// writePlate writes the fibers in the order of their numbers, then the catalogs.
func writePlate(f *h5.File, o SampleOptions) error {
	base := fmt.Sprintf("%d/%d", plate, mjd)
	fibers := slices.Clone(o.Fibers)
	slices.Sort(fibers)
	var objects []object
	var best []bestRow
	var lines []lineRow
	for _, fiber := range fibers {
		object := newObject(o.Seed, fiber)
		spectrum := coadd(o.Seed, &object)
		at := fmt.Sprintf("%s/%d", base, fiber)
		if err := writeTable(f, at+"/coadd", spectrum, coaddCards()); err != nil {
			return err
		}
		if fiber == o.Fibers[0] {
			if err := writeExposures(f, at, o, &object); err != nil {
				return err
			}
		}
		row := bestFit(o.Seed, &object, spectrum)
		objects, best = append(objects, object), append(best, row)
		lines = append(lines, lineFits(o.Seed, &object, row)...)
	}
	return writeCatalogs(f, base, plugMap(objects), best, lines)
}

// writeCatalogs writes the tables of the plate, always in the same order: the bytes depend on it.
func writeCatalogs(f *h5.File, base string, plugs []plugRow, best []bestRow, lines []lineRow) error {
	if err := writeTable(f, base+"/plugmap", plugs, nil); err != nil {
		return err
	}
	if err := writeTable(f, base+"/zbest", best, nil); err != nil {
		return err
	}
	return writeTable(f, base+"/zline", lines, nil)
}

// writeExposures writes what each camera saw of an object, for each exposure.
func writeExposures(f *h5.File, at string, o SampleOptions, object *object) error {
	for n := range max(o.Exposures, 0) {
		for _, c := range cameras {
			name := fmt.Sprintf("%s/exposures/%d/%s", at, firstExposure+n, c.name)
			if err := writeTable(f, name, c.frame(o.Seed, object, n), frameCards(c, spectrograph(object.fiber), firstExposure+n)); err != nil {
				return err
			}
		}
	}
	return nil
}

// writeTable writes rows as a compound dataset, contiguous and without filters as the converter does,
// with header cards as attributes. Groups on the way are made.
func writeTable(f *h5.File, path string, rows any, cards []card) error {
	if err := f.Set(path, rows); err != nil {
		return err
	}
	if cards == nil {
		return nil
	}
	d, err := f.Dataset(path)
	if err != nil {
		return err
	}
	defer d.Close()
	for _, c := range cards {
		if err := d.SetAttr(c.name, c.value); err != nil {
			return err
		}
	}
	return nil
}
