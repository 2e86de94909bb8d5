package h5browse

import (
	"fmt"
	"strconv"
	"strings"
)

// spectrum is how the spectrum of a fiber is drawn.
type spectrum struct {
	Fiber  int       `json:"fiber"`
	Z      *float64  `json:"z"`      // that was chosen instead of the catalog's
	Smooth int       `json:"smooth"` // pixels
	Looks  []string  `json:"looks"`  // of package boss, without arguments
	Lines  bool      `json:"lines"`
	Range  []float64 `json:"range"` // Å of the axis
}

// spectrumLooks are those that a page may name.
var spectrumLooks = map[string]bool{"RestFrame": true, "WithSky": true, "WithoutMasks": true, "WithoutModel": true}

// spectrumCode gives the lines that draw the spectrum of a fiber: the first two names of the path are plate and night.
func spectrumCode(file, path string, s spectrum) ([]string, error) {
	names := strings.Split(strings.Trim(path, "/"), "/")
	if len(names) < 2 || !isNumber(names[0]) || !isNumber(names[1]) || s.Fiber < 1 {
		return nil, badRequest("%s is not of a fiber of a plate and night", cutText(path, 200))
	}
	lines := []string{fmt.Sprintf("s := boss.Spectrum(%q, %s, %s, %d)", file, names[0], names[1], s.Fiber)}
	if s.Z != nil {
		lines = append(lines, "s.Z = "+float(*s.Z))
	}
	drawn := "s"
	if s.Smooth > 0 {
		drawn += ".Smooth(boss.IvarWeighted(" + strconv.Itoa(s.Smooth) + "))"
	}
	var looks []string
	for _, name := range s.Looks {
		if !spectrumLooks[name] {
			return nil, badRequest("there is no look %q", cutText(name, 100))
		}
		looks = append(looks, "boss."+name+"()")
	}
	if s.Lines {
		looks = append(looks, `boss.Lines("all")`)
	} else {
		looks = append(looks, `boss.Lines("none")`)
	}
	if len(s.Range) == 2 {
		looks = append(looks, "boss.Between("+float(s.Range[0])+", "+float(s.Range[1])+")")
	}
	return append(lines, drawn+".Plot("+arguments(looks...)+")"), nil
}

// isNumber reports whether a name is a number that Go reads as the same.
func isNumber(name string) bool {
	n, err := strconv.Atoi(name)
	return err == nil && strconv.Itoa(n) == name
}
