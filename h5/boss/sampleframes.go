package boss

import (
	"cmp"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"gofive/h5/fits"
)

// framePadding is how many pixels the images of a spCFrame have behind those of the camera.
const framePadding = 16

// writeFrames writes the single exposures as the survey's pipeline leaves them, and the plan that names them. A frame has a
// row for each fiber of the plate that leads to its spectrograph.
func (p *samplePlate) writeFrames(dir string) error {
	var plan strings.Builder
	fmt.Fprintf(&plan, "# %s\nplateid  %04d  # Plate number\nMJD      %d  # Modified Julian Date\nRUN2D    '%s'\n%s",
		sampleVersion, p.night.plate, p.night.mjd, sampleVersion, planStruct)
	for n := range p.exposures {
		var names []string
		for spectrograph := 1; spectrograph <= 2; spectrograph++ {
			for _, c := range cameras {
				name, err := p.writeFrame(dir, c, spectrograph, n)
				if err != nil {
					return err
				}
				names = append(names, name)
			}
		}
		fmt.Fprintf(&plan, "SPEXP %d %d %04d-%d-01 science %.2f { %s }\n", p.night.plate, p.night.mjd, p.night.plate, p.night.mjd-3,
			exposureTime, strings.Join(names, " "))
	}
	path := filepath.Join(dir, fmt.Sprintf("spPlancomb-%04d-%d.par", p.night.plate, p.night.mjd))
	return os.WriteFile(path, []byte(plan.String()), 0o666)
}

// planStruct says what the fields of a line SPEXP are.
const planStruct = `
typedef struct {
  int plateid;
  int mjd;
  char mapname[15];
  char flavor[8];
  float exptime;
  char name[4][26];
} SPEXP;

`

// frameImage is what one camera saw of all fibers of a spectrograph.
type frameImage struct {
	camera  camera
	header  fits.Header
	fibers  []object
	spectra []seen
}

// writeFrame writes spFrame, spCFrame and, with the first exposure, spFlat of a camera. It gives the name for the plan.
func (p *samplePlate) writeFrame(dir string, c camera, spectrograph, n int) (string, error) {
	f, err := p.frameImage(c, spectrograph, n)
	if err != nil || len(f.fibers) == 0 {
		return "UNKNOWN", err
	}
	name := func(kind string, exposure int) string {
		return filepath.Join(dir, fmt.Sprintf("%s-%s%d-%08d.fits", kind, c.name, spectrograph, exposure))
	}
	err = f.writeCalibrated(name("spCFrame", firstExposure+n))
	err = cmp.Or(err, f.writePacked(name("spFrame", firstExposure+n), func(s seen, i int) float32 { return s.electrons[i] }))
	if n == 0 {
		err = cmp.Or(err, f.writePacked(name("spFlat", flatExposure), func(s seen, i int) float32 { return s.fiberFlat[i] }))
	}
	return filepath.Base(name("spFrame", firstExposure+n)), err
}

func (p *samplePlate) frameImage(c camera, of, n int) (*frameImage, error) {
	header, err := headerOf(p.cards(frameCards(c, of, firstExposure+n)))
	f := &frameImage{camera: c, header: fits.Header(header)}
	for i := range p.objects {
		if o := &p.objects[i]; spectrograph(o.fiber) == of {
			f.fibers = append(f.fibers, *o)
			f.spectra = append(f.spectra, c.see(p.seed, o, n))
		}
	}
	return f, err
}

// pixels spreads one column of all fibers, and behind each fiber's the padding.
func pixels[T any](f *frameImage, padding int, pad T, of func(s seen, i int) T) []T {
	out := make([]T, 0, len(f.spectra)*(f.camera.rows+padding))
	for _, s := range f.spectra {
		for i := range f.camera.rows {
			out = append(out, of(s, i))
		}
		for range padding {
			out = append(out, pad)
		}
	}
	return out
}

func (f *frameImage) writeCalibrated(path string) error {
	plug, err := rowsOfStructs(plugMap(f.fibers))
	if err != nil {
		return err
	}
	w, err := fits.Create(path)
	if err != nil {
		return err
	}
	shape := []int{len(f.fibers), f.camera.rows + framePadding}
	image := func(header fits.Header, of func(r frameRow) float32) {
		err = cmp.Or(err, w.Image(header, shape, pixels(f, framePadding, 0, func(s seen, i int) float32 { return of(s.rows[i]) })))
	}
	image(f.header, func(r frameRow) float32 { return r.Flux })
	image(nil, func(r frameRow) float32 { return r.Ivar })
	err = cmp.Or(err, w.Image(nil, shape, pixels(f, framePadding, NoData, func(s seen, i int) int32 { return s.rows[i].Mask })))
	image(nil, func(r frameRow) float32 { return logarithm(r.Wave) })
	image(nil, func(r frameRow) float32 { return r.WaveDisp })
	err = cmp.Or(err, writeTableHDU(w, nil, plug))
	image(nil, func(r frameRow) float32 { return r.Sky })
	image(nil, func(r frameRow) float32 { return r.X })
	err = cmp.Or(err, w.Image(nil, shape, pixels(f, framePadding, 0, func(s seen, i int) float32 { return s.superFlat[i] })))
	return errors.Join(err, w.Close())
}

// writePacked writes a file with one image, packed with gzip.
func (f *frameImage) writePacked(path string, of func(s seen, i int) float32) error {
	w, err := fits.Create(path)
	if err != nil {
		return err
	}
	err = w.Image(f.header, []int{len(f.fibers), f.camera.rows}, pixels(f, 0, 0, of))
	if err := errors.Join(err, w.Close()); err != nil {
		return err
	}
	if err := pack(path); err != nil {
		return err
	}
	return os.Remove(path)
}

// pack writes a file packed with gzip beside it; its bytes depend on nothing but those of the file.
func pack(path string) (err error) {
	in, err := os.Open(path)
	if err != nil {
		return err
	}
	defer in.Close()
	out, err := os.Create(path + ".gz")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, out.Close()) }()
	z, err := gzip.NewWriterLevel(out, gzip.BestSpeed)
	if err != nil {
		return err
	}
	_, err = io.Copy(z, in)
	return errors.Join(err, z.Close())
}
