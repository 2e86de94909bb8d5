package boss

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"gofive/h5"
	"gofive/h5/fits"
)

// plateFrame is what one camera saw in one exposure: spCFrame has the calibrated spectra, spFrame, packed with gzip, the
// electrons that they were made of.
type plateFrame struct {
	id         frameID
	name       string // of the spFrame
	dir        string
	calibrated *packed
	electrons  *packed // nil until the first fiber is read
	cards      []card
	rows       map[int]int // of fibers
	width      int         // of the images of spCFrame, which end with pixels that no camera has
	broken     bool
}

// The images of a spCFrame by number, and of what column. The last is no column, it goes into CALIB.
var frameImages = []struct {
	hdu  int
	name string
}{{3, "WAVE"}, {0, "FLUX"}, {1, "IVAR"}, {2, "MASK"}, {4, "WAVEDISP"}, {6, "SKY"}, {7, "X"}, {8, "superflat"}}

// spectrographFibers is how many fibers lead to each of the two.
const spectrographFibers = 500

// openFrame opens the spCFrame to a spFrame.
func openFrame(dir, name, camera string) (*plateFrame, error) {
	path, err := either(filepath.Join(dir, strings.Replace(name, "spFrame", "spCFrame", 1)))
	if err != nil {
		return nil, err
	}
	if _, err := either(filepath.Join(dir, name)); err != nil {
		return nil, err
	}
	f, err := openPacked(path, unpackAll)
	if err != nil {
		return nil, err
	}
	out := &plateFrame{name: name, dir: dir, calibrated: f, cards: cardsOf(f.HDU(0).Header)}
	if err := errors.Join(out.identify(camera), out.measure(camera)); err != nil {
		f.Close()
		return nil, fail("open", path, err)
	}
	return out, nil
}

// either gives the path of a file or, when it is not there, of the same packed with gzip.
func either(path string) (string, error) {
	for _, try := range []string{path, path + ".gz"} {
		if _, err := os.Stat(try); err == nil {
			return try, nil
		}
	}
	return "", &fs.PathError{Op: "open", Path: path, Err: fs.ErrNotExist}
}

// identify reads which exposure it is; header and name must not contradict each other.
func (f *plateFrame) identify(camera string) error {
	h := f.calibrated.HDU(0).Header
	exposure, err := h.Int("EXPOSURE")
	if err != nil {
		return err
	}
	if says := strings.TrimSpace(h.Text("CAMERAS")); says != "" && says != camera {
		return fmt.Errorf("its header says that it is of camera %s", says)
	}
	f.id = frameID{exposure, camera[:1]}
	return nil
}

// measure makes sure that the images have one shape, and finds the rows of fibers.
func (f *plateFrame) measure(camera string) error {
	first := f.calibrated.HDU(0).Shape()
	for _, image := range frameImages {
		h := f.calibrated.HDU(image.hdu)
		if h.Err != nil {
			return h.Err
		}
		if shape := h.Shape(); len(shape) != 2 || !slices.Equal(shape, first) {
			return fmt.Errorf("HDU %d, %s, has the shape %v and HDU 0 %v", image.hdu, image.name, shape, first)
		}
	}
	f.width = first[1]
	return f.findFibers(first[0], int(camera[1]-'0'))
}

// findFibers says which row is which fiber. A whole frame has all fibers of its spectrograph in their order; one
// with fewer rows says in its plugmap which they are.
func (f *plateFrame) findFibers(n, spectrograph int) error {
	fibers := make([]int, spectrographFibers)
	for i := range fibers {
		fibers[i] = 1 + i + spectrographFibers*(spectrograph-1)
	}
	if n != spectrographFibers {
		var err error
		if fibers, err = fiberNumbers(f.calibrated.HDU(plugHDU)); err != nil || len(fibers) != n {
			return errors.Join(fmt.Errorf("it has %d rows and no plugmap that says which fibers they are", n), err)
		}
	}
	f.rows = make(map[int]int, n)
	for row, fiber := range fibers {
		f.rows[fiber] = row
	}
	return nil
}

// table reads the spectrum of one row, without the pixels that no camera has.
func (f *plateFrame) table(row int, flats *flats) (*h5.Table, error) {
	if err := f.openElectrons(); err != nil {
		return nil, err
	}
	image := f.electrons.HDU(0)
	n := image.Shape()[1]
	electrons, err := imageRow(image, row, n)
	if err != nil {
		return nil, err
	}
	columns := map[string]any{}
	for _, image := range frameImages {
		if columns[image.name], err = f.column(image.hdu, row, n); err != nil {
			return nil, err
		}
	}
	flat, err := flats.row(f, row, n)
	if err != nil {
		return nil, err
	}
	columns["WAVE"] = waves(columns["WAVE"].([]float32))
	columns["CALIB"] = calibration(columns["FLUX"].([]float32), electrons, flat, columns["superflat"].([]float32))
	var args []any
	for _, name := range frameNames {
		args = append(args, name, columns[name])
	}
	return h5.NewTable(args...)
}

// column reads a row of an image of spCFrame: whole numbers for masks, others for the rest.
func (f *plateFrame) column(hdu, row, n int) (any, error) {
	if hdu != 2 {
		return imageRow(f.calibrated.HDU(hdu), row, n)
	}
	v, err := f.calibrated.HDU(hdu).Read(row*f.width, n)
	if mask, ok := v.([]int32); err != nil || ok {
		return mask, err
	}
	a, err := h5.NewArray(v)
	if err != nil {
		return nil, err
	}
	bits, err := a.Ints()
	mask := make([]int32, len(bits))
	for i, b := range bits {
		mask[i] = int32(uint32(b))
	}
	return mask, err
}

// imageRow reads the first n elements of a row.
func imageRow(h *fits.HDU, row, n int) ([]float32, error) {
	shape := h.Shape()
	if len(shape) != 2 || n > shape[1] {
		return nil, fmt.Errorf("HDU %d has the shape %v: no rows of %d pixels", h.Index, shape, n)
	}
	v, err := h.Read(row*shape[1], n)
	if err != nil {
		return nil, err
	}
	a, err := h5.NewArray(v)
	if err != nil {
		return nil, err
	}
	return a.Float32s()
}

// calibration gives flux by electrons as the flats correct them, 0 where there are none; NaN without a flat. Products and
// quotient are rounded to 4 bytes each, as numpy does it for the survey's converter.
func calibration(flux, electrons, fiberFlat, superFlat []float32) []float32 {
	out := make([]float32, len(flux))
	for i := range out {
		if fiberFlat == nil {
			out[i] = float32(math.NaN())
			continue
		}
		if e := float32(electrons[i]*fiberFlat[i]) * superFlat[i]; e != 0 {
			out[i] = flux[i] / e
		}
	}
	return out
}

// openElectrons unpacks the spFrame.
func (f *plateFrame) openElectrons() error {
	if f.electrons != nil {
		return nil
	}
	path, err := either(filepath.Join(f.dir, f.name))
	if err != nil {
		return err
	}
	e, err := openPacked(path, unpackFirst)
	if err != nil {
		return err
	}
	h := e.HDU(0)
	if shape := h.Shape(); h.Err != nil || len(shape) != 2 || shape[0] != f.calibrated.HDU(0).Shape()[0] || shape[1] > f.width {
		e.Close()
		return errors.Join(fmt.Errorf("its image has the shape %v, that of spCFrame %v", shape, f.calibrated.HDU(0).Shape()), h.Err)
	}
	f.electrons = e
	return nil
}

func (f *plateFrame) close() error {
	err := f.calibrated.Close()
	if f.electrons != nil {
		err = errors.Join(err, f.electrons.Close())
	}
	return err
}
