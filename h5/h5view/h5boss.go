package h5view

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"

	"gofive/h5"
	"gofive/plots"
)

// h5boss is H5Boss: the spectra of the Baryon Oscillation Spectroscopic Survey by plate, night and
// fiber, a group a fiber (v1) or stacked in arrays (v2).
type h5boss struct{}

func (c h5boss) detect(s *site) string {
	plates := s.names()
	if len(plates) == 0 || !slices.ContainsFunc(plates, digitsOnly) {
		return ""
	}
	for _, p := range plates {
		if !digitsOnly(p) {
			return ""
		}
	}
	layout := c.layout(s.root, plates[0])
	if layout == "" {
		return ""
	}
	return "H5Boss " + layout + " of " + plural(len(plates), "plate")
}

// layout looks below a plate for what tells the layouts apart.
func (c h5boss) layout(f *h5.File, plate string) string {
	g, err := f.Group(plate)
	if err != nil {
		return ""
	}
	defer g.Close()
	nights, err := g.Keys()
	if err != nil || len(nights) == 0 || len(nights[0]) != 5 || !digitsOnly(nights[0]) {
		return ""
	}
	night, err := g.Group(nights[0])
	if err != nil {
		return ""
	}
	defer night.Close()
	if ok, err := night.Has("coadds/flux"); err == nil && ok {
		return "v2"
	}
	names, err := night.Keys()
	if err != nil {
		return ""
	}
	for _, name := range names {
		if !digitsOnly(name) {
			continue
		}
		if ok, err := night.Has(name + "/coadd"); err == nil && ok {
			return "v1"
		}
		break
	}
	return ""
}

func digitsOnly(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}

func (h5boss) role(n *node) (string, bool) {
	parts := strings.Split(strings.Trim(n.entry.Path, "/"), "/")
	last := parts[len(parts)-1]
	switch {
	case n.top() || n.entry.Kind == h5.KindUnknown:
		return "", false
	case digitsOnly(last) && n.entry.Kind == h5.KindGroup && len(parts) <= 3:
		return []string{"plate", "night", "fiber"}[len(parts)-1], false
	case len(parts) > 1 && parts[len(parts)-2] == "exposures" && digitsOnly(last):
		return "exposure", false
	case last == "coadd" || last == "coadds":
		return map[string]string{"coadd": "spectrum", "coadds": "spectra"}[last], false
	}
	return "", false
}

func (c h5boss) show(o h5.Object, x *exhibit) error {
	switch o := o.(type) {
	case *h5.Dataset:
		return c.spectrum(o, x)
	case folder:
		if d, err := o.Dataset("coadd"); err == nil {
			defer d.Close()
			return c.spectrum(d, x)
		}
		if ok, err := o.Has("wave"); err == nil && ok {
			return c.stacked(o, x)
		}
	}
	return nil
}

// spectrum draws a spectrum of layout v1, when the rows are those of one.
func (c h5boss) spectrum(d *h5.Dataset, x *exhibit) error {
	names := d.Datatype().Names()
	if !slices.Contains(names, "WAVE") || !slices.Contains(names, "FLUX") || len(d.Shape()) != 1 || d.Len() > maxLine {
		return nil
	}
	column := func(name string) []float64 {
		a, err := d.Field(name)
		if err != nil {
			return nil
		}
		v, _ := a.Float64s()
		return v
	}
	c.draw(x, joined(", ", c.title(d.Path()), c.object(d)), column("WAVE"), column("FLUX"), column("IVAR"), column("MODEL"))
	return nil
}

// stacked draws the first spectrum of arrays of layout v2.
func (c h5boss) stacked(g folder, x *exhibit) error {
	row := func(name string) []float64 {
		d, err := g.Dataset(name)
		if err != nil {
			return nil
		}
		defer d.Close()
		p, err := readPlot(d, 1)
		if err != nil {
			return nil
		}
		return p.rows[0]
	}
	wave, flux := row("wave"), row("flux")
	if len(wave) == 0 || len(wave) != len(flux) {
		return errors.New("wave and flux are not equally long")
	}
	c.draw(x, "the first spectrum of "+g.Path(), wave, flux, row("ivar"), row("model"))
	return nil
}

// title names plate, night and fiber, which are parts of a path of layout v1.
func (h5boss) title(path string) string {
	parts := strings.Split(strings.Trim(path, "/"), "/")
	if len(parts) < 4 {
		return path
	}
	title := fmt.Sprintf("plate %s, MJD %s, fiber %s", parts[0], parts[1], parts[2])
	if len(parts) > 4 {
		title += ", " + strings.Join(parts[4:], " ")
	}
	return title
}

// object says what the fiber saw as the catalog zbest of its night has it, "" when it has not.
func (h5boss) object(d *h5.Dataset) string {
	parts := strings.Split(strings.Trim(d.Path(), "/"), "/")
	if len(parts) < 4 {
		return ""
	}
	zbest, err := d.File().Dataset(parts[0] + "/" + parts[1] + "/zbest")
	if err != nil {
		return ""
	}
	defer zbest.Close()
	if zbest.Len() > maxCatalog {
		return ""
	}
	t, err := zbest.Table(h5.Columns("FIBERID", "CLASS", "SUBCLASS", "Z"))
	if err != nil {
		return ""
	}
	for i := range t.NumRows() {
		if fmt.Sprint(t.Cell(i, 0)) == parts[2] {
			class := strings.TrimSpace(fmt.Sprint(t.Cell(i, 1)) + " " + strings.TrimSpace(fmt.Sprint(t.Cell(i, 2))))
			return fmt.Sprintf("%s, z = %.4f", class, t.Cell(i, 3))
		}
	}
	return ""
}

// maxCatalog is how many rows of a catalog are looked through; a plate has 1,000 fibers.
const maxCatalog = 5000

// draw draws flux over wavelength, with gaps where nothing was measured, and the model over it.
func (h5boss) draw(x *exhibit, title string, wave, flux, ivar, model []float64) {
	for i := range flux {
		if i < len(ivar) && ivar[i] <= 0 {
			flux[i] = math.NaN()
			if i < len(model) && model[i] == 0 { // stacked spectra are padded
				model[i] = math.NaN()
			}
		}
	}
	f := plots.Line(wave, flux).Name("flux").Labels("vacuum wavelength [Å]", "flux [1e−17 erg/s/cm²/Å]")
	if len(model) == len(wave) {
		f = f.Line(wave, model).Name("model")
	}
	if lo, hi, ok := innermost(flux, 0.005); ok {
		f = f.YRange(lo-(hi-lo)/10, hi+(hi-lo)/10)
	}
	x.figure(title, f)
}

// innermost gives the range of the finite values without the part at either end.
func innermost(values []float64, part float64) (lo, hi float64, ok bool) {
	var finite []float64
	for _, v := range values {
		if !math.IsNaN(v) && !math.IsInf(v, 0) {
			finite = append(finite, v)
		}
	}
	if len(finite) == 0 {
		return 0, 0, false
	}
	slices.Sort(finite)
	cut := int(part * float64(len(finite)))
	lo, hi = finite[cut], finite[len(finite)-1-cut]
	return lo, hi, lo < hi
}
