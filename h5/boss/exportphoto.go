package boss

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gofive/h5/fits"
)

// takePhoto gathers the rows that the tables of images have of the fibers that were exported. No spec-*.fits has them: they go to
// files of the plate, as the survey has them, with the column FIBERID that says which row is whose.
func (e *exporter) takePhoto(tables map[string]*catalog, exported map[int]bool) error {
	for name, c := range tables {
		if !strings.HasPrefix(name, "photo/") {
			continue
		}
		r, err := c.ofFibers(exported)
		if err != nil {
			return err
		}
		if r.n > 0 {
			e.photo[name] = append(e.photo[name], r)
		}
	}
	return nil
}

// writePhoto writes what was gathered of a night, a file a table.
func (e *exporter) writePhoto(n night) {
	for name, parts := range e.photo {
		path, err := e.photoPath(name, n)
		if err == nil {
			err = e.writePhotoTable(path, parts)
		}
		if err != nil {
			e.result.problem(FiberID{n.plate, n.mjd, 0}, "", true, fmt.Errorf("%s: %w", name, err))
		}
	}
	clear(e.photo)
}

// photoPath is where the survey has a table.
func (e *exporter) photoPath(name string, n night) (string, error) {
	for _, c := range plateCatalogs {
		if c.catalog == name {
			return filepath.Join(e.dir, fmt.Sprintf("%s-%04d-%d.fits", c.file, n.plate, n.mjd)), nil
		}
	}
	return "", errors.New("no FITS file of the survey has such a table")
}

func (e *exporter) writePhotoTable(path string, parts []*rows) error {
	if _, err := os.Stat(path); err == nil && !e.opts.Overwrite {
		return fmt.Errorf("%s: %w", path, fs.ErrExist)
	}
	all, err := merge(parts)
	if err == nil {
		all, err = all.byFiber()
	}
	if err != nil {
		return err
	}
	w, err := fits.Create(path)
	if err != nil {
		return err
	}
	err = w.Image(nil, nil, nil)
	if err == nil {
		err = writeTableHDU(w, nil, all)
	}
	if err := errors.Join(err, w.Close()); err != nil {
		return err
	}
	stat, err := os.Stat(path)
	if err != nil {
		return err
	}
	e.result.Bytes += stat.Size()
	return verifyTable(path, all)
}

// verifyTable reads a table again.
func verifyTable(path string, want *rows) error {
	f, err := fits.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	got, err := fitsRows(f.HDU(1), 0, f.HDU(1).Rows())
	if err != nil {
		return err
	}
	if !slices.Equal(got.names(), want.names()) || len(got.differing(want)) > 0 {
		return fail("verify", path, errors.New("it does not hold what was read from the input"))
	}
	return nil
}
