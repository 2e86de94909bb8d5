package boss

import (
	"cmp"
	"fmt"
	"math"
	"os"
	"slices"
	"strings"

	"gofive/display"
	"gofive/h5"
)

// Summary says what files of spectra hold, a row a night.
type Summary struct {
	Files    int
	Fibers   int
	Bytes    int64
	Nights   []Night
	Problems []Problem
}

// Night is what a file holds of a plate and night.
type Night struct {
	File       string
	Plate, MJD int
	Layout     string // v1, v2, both or FITS
	Fibers     int
	Exposures  int // of the fiber that has most
	Catalogs   []string
	Classes    map[string]int // fibers by CLASS
	ZMin, ZMax float64        // NaN without a catalog
}

// Info looks what files hold, from their structure and catalogs; no spectrum is read.
func Info(sources ...string) (*Summary, error) {
	files, err := inputs(sources)
	if err != nil {
		return nil, err
	}
	out := &Summary{Files: len(files)}
	for _, file := range files {
		if err := out.look(file); err != nil {
			out.Problems = append(out.Problems, Problem{File: file, What: strings.TrimPrefix(err.Error(), "boss: ")})
		}
	}
	if len(out.Nights) == 0 && len(out.Problems) > 0 {
		return nil, fail("look into", "", fmt.Errorf("no file can be read%s", problemLines(out.Problems)))
	}
	return out, nil
}

func (o *Summary) look(file string) error {
	stat, err := os.Stat(file)
	if err != nil {
		return err
	}
	s, err := openSource(file)
	if err != nil {
		return err
	}
	defer s.Close()
	ids, err := s.fibers()
	if err != nil {
		return err
	}
	o.Bytes += stat.Size()
	o.Fibers += len(ids)
	for _, n := range nightsOf(ids) {
		in, err := describe(s, n, ids)
		if err != nil {
			return err
		}
		in.File = file
		o.Nights = append(o.Nights, *in)
	}
	return nil
}

func describe(s source, n night, ids []FiberID) (*Night, error) {
	out := &Night{Plate: n.plate, MJD: n.mjd, Layout: "FITS", Classes: map[string]int{}, ZMin: math.NaN(), ZMax: math.NaN()}
	for _, id := range ofNight(ids, n) {
		out.Fibers++
		frames, err := s.frames(id)
		if err != nil {
			return nil, err
		}
		out.Exposures = max(out.Exposures, exposures(frames))
	}
	if in, ok := s.(*h5File); ok {
		out.Layout = in.nights[n].layout()
	}
	var err error
	if out.Catalogs, err = s.catalogs(n); err != nil || !slices.Contains(out.Catalogs, "zbest") {
		return out, err
	}
	zbest, err := s.nightCatalog(n, "zbest")
	if err == nil {
		out.classify(zbest)
	}
	return out, err
}

func exposures(frames []frameID) int {
	seen := map[int]bool{}
	for _, f := range frames {
		seen[f.exposure] = true
	}
	return len(seen)
}

func (in *nightGroup) layout() string {
	switch {
	case len(in.grouped) > 0 && len(in.stacked) > 0:
		return "both"
	case len(in.stacked) > 0:
		return "v2"
	}
	return "v1"
}

func (n *Night) classify(zbest *rows) {
	if c := zbest.column("CLASS"); c != nil {
		classes, _ := c.values.Strings()
		for _, class := range classes {
			n.Classes[strings.TrimSpace(class)]++
		}
	}
	if c := zbest.column("Z"); c != nil {
		z, _ := c.values.Float64s()
		z = slices.DeleteFunc(slices.Clone(z), math.IsNaN)
		if len(z) > 0 {
			n.ZMin, n.ZMax = slices.Min(z), slices.Max(z)
		}
	}
}

// Table gives a row a night.
func (o *Summary) Table() (*h5.Table, error) {
	var file, layout, classes, catalogs []string
	var plate, mjd, fibers, exposures []int
	var lo, hi []float64
	for _, n := range o.Nights {
		file, layout, catalogs = append(file, n.File), append(layout, n.Layout), append(catalogs, strings.Join(n.Catalogs, " "))
		plate, mjd, fibers, exposures = append(plate, n.Plate), append(mjd, n.MJD), append(fibers, n.Fibers), append(exposures, n.Exposures)
		classes, lo, hi = append(classes, n.classes()), append(lo, n.ZMin), append(hi, n.ZMax)
	}
	return h5.NewTable("PLATE", plate, "MJD", mjd, "LAYOUT", layout, "FIBERS", fibers, "EXPOSURES", exposures,
		"CLASSES", classes, "Z_MIN", lo, "Z_MAX", hi, "CATALOGS", catalogs, "FILE", file)
}

// classes lists the classes, the most frequent first.
func (n *Night) classes() string {
	var names, out []string
	for name := range n.Classes {
		names = append(names, name)
	}
	slices.SortFunc(names, func(a, b string) int { return cmp.Or(n.Classes[b]-n.Classes[a], strings.Compare(a, b)) })
	for _, name := range names {
		out = append(out, fmt.Sprintf("%d %s", n.Classes[name], cmp.Or(name, "(none)")))
	}
	return strings.Join(out, ", ")
}

// String gives a summary, and a line a night.
func (o *Summary) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s of %s in %s (%s)", count(o.Fibers, "fiber"), count(len(o.Nights), "night"), count(o.Files, "file"), display.Size(o.Bytes))
	for i, n := range o.Nights {
		if i == maxLines {
			fmt.Fprintf(&b, "\n  ... and %s more", count(len(o.Nights)-maxLines, "night"))
			break
		}
		fmt.Fprintf(&b, "\n  %d/%d  %s  %s", n.Plate, n.MJD, n.Layout, count(n.Fibers, "fiber"))
		if n.Exposures > 0 {
			b.WriteString("  " + count(n.Exposures, "exposure"))
		}
		if len(n.Classes) > 0 {
			fmt.Fprintf(&b, "  %s  z %.4f to %.4f", display.Visible(n.classes()), n.ZMin, n.ZMax)
		}
		fmt.Fprintf(&b, "  [%s]", display.Visible(strings.Join(n.Catalogs, " ")))
	}
	return b.String() + problemLines(o.Problems)
}
