package boss

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
)

// flats are the flat fields that frames were divided by: several frames share one. A frame whose flat cannot be had is worth
// reading without.
type flats struct {
	open map[string]*packed // by name; nil for one that cannot be read
	note func(name string, err error)
}

// row gives a fiber's row of the flat that a frame names, nil without one.
func (p *flats) row(f *plateFrame, row, n int) ([]float32, error) {
	name, err := flatName(f.calibrated.HDU(0).Header.Text("FLATFILE"))
	if err != nil {
		return nil, p.without(f.name, err)
	}
	flat, known := p.open[name]
	if !known {
		if flat, err = openFlat(filepath.Join(f.dir, name)); err != nil {
			err = p.without(name, err)
		}
		if p.open == nil {
			p.open = map[string]*packed{}
		}
		p.open[name] = flat
	}
	if flat == nil || err != nil {
		return nil, err
	}
	values, err := imageRow(flat.HDU(0), row, n)
	if err != nil {
		return nil, p.without(name, err)
	}
	return values, nil
}

// without lists why there is no flat, and goes on unless it could not be unpacked.
func (p *flats) without(name string, err error) error {
	if ours(err) {
		return err
	}
	p.note(name, fmt.Errorf("CALIB is NaN: %w", err))
	return nil
}

// flatName gives the flat field to the raw exposure sdR-b1-00108347.fit, of which it was made.
func flatName(raw string) (string, error) {
	name := filepath.Base(strings.TrimSpace(raw))
	middle, isRaw := strings.CutPrefix(name, "sdR")
	middle, _, isFITS := strings.Cut(middle, ".fit")
	if !isRaw || !isFITS {
		return "", fmt.Errorf("FLATFILE is %q, and no name like sdR-b1-00108347.fit", raw)
	}
	return "spFlat" + middle + ".fits", nil
}

func openFlat(path string) (*packed, error) {
	path, err := either(path)
	if err != nil {
		return nil, err
	}
	return openPacked(path, unpackFirst)
}

func (p *flats) close() error {
	var err error
	for _, f := range p.open {
		if f != nil {
			err = errors.Join(err, f.Close())
		}
	}
	p.open = nil
	return err
}
