package main

import (
	"fmt"
	"os/exec"
	"slices"
	"strings"
)

// ours and numeric are offered beside the standard library. Ours stand first: where two packages
// share a name, the earlier one is meant.
var (
	ours    = []string{"gofive/h5", "gofive/h5/h5view", "gofive/h5/h5gonum", "gofive/h5/fits", "gofive/h5/boss", "gofive/plots", "gofive/display", "gofive/display/progress", "gofive/display/widget", "gofive/h5/h5mpi", "gofive/mpi", "gofive/mpi/px", "gofive/shell", "gofive/magic"}
	numeric = []string{
		"gonum.org/v1/gonum/cmplxs",
		"gonum.org/v1/gonum/diff/fd",
		"gonum.org/v1/gonum/dsp/fourier",
		"gonum.org/v1/gonum/dsp/window",
		"gonum.org/v1/gonum/floats",
		"gonum.org/v1/gonum/floats/scalar",
		"gonum.org/v1/gonum/integrate",
		"gonum.org/v1/gonum/integrate/quad",
		"gonum.org/v1/gonum/interp",
		"gonum.org/v1/gonum/mat",
		"gonum.org/v1/gonum/optimize",
		"gonum.org/v1/gonum/spatial/r2",
		"gonum.org/v1/gonum/spatial/r3",
		"gonum.org/v1/gonum/stat",
		"gonum.org/v1/gonum/stat/combin",
		"gonum.org/v1/gonum/stat/distmv",
		"gonum.org/v1/gonum/stat/distuv",
		"gonum.org/v1/gonum/unit",
		"gonum.org/v1/gonum/unit/constant",
		"gonum.org/v1/hdf5",
		"gonum.org/v1/plot",
		"gonum.org/v1/plot/font",
		"gonum.org/v1/plot/palette",
		"gonum.org/v1/plot/palette/moreland",
		"gonum.org/v1/plot/plotter",
		"gonum.org/v1/plot/plotutil",
		"gonum.org/v1/plot/text",
		"gonum.org/v1/plot/vg",
		"gonum.org/v1/plot/vg/draw",
		"gonum.org/v1/plot/vg/vgimg",
		"gonum.org/v1/plot/vg/vgsvg",
	}
)

// withheld are standard packages that cells cannot have: their API differs from one processor or
// system to the next, or they make sense only to a toolchain.
var withheld = []string{"syscall", "unsafe", "plugin", "runtime/cgo", "runtime/race", "runtime/coverage", "log/syslog", "simd/archsimd"}

// preferred stand first among standard packages that share a name with another.
var preferred = []string{"math/rand/v2", "text/template", "text/scanner", "crypto/rand"}

// offered gives the import paths of all packages that cells can name, the preferred of two with one
// name first.
func offered() ([]string, error) {
	out, err := exec.Command("go", "list", "std").Output()
	if err != nil {
		return nil, fmt.Errorf("go list std: %w", err)
	}
	std := slices.DeleteFunc(strings.Fields(string(out)), func(p string) bool {
		return strings.HasPrefix(p, "vendor/") || slices.Contains(strings.Split(p, "/"), "internal") ||
			slices.Contains(withheld, p) || slices.Contains(preferred, p)
	})
	// math/rand/v2 before crypto/rand before math/rand: whoever writes rand.N means the first.
	return slices.Concat(ours, preferred, std, numeric), nil
}
