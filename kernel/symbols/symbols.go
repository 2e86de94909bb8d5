// Package symbols holds the generated tables of everything a cell can name: the standard library,
// h5, plots, display, mpi and gonum, for yaegi to run with. kernel/cell/exports holds the same
// packages for the check. Both are written by kernel/symbols/gen.
package symbols

import "reflect"

// Table maps "import/path/name" to the exported functions, variables and types of a package, and,
// under "_Name", to the wrapper that lets an interpreted value be the interface Name. It is filled
// by the init functions of the generated files and not changed afterwards.
var Table = map[string]map[string]reflect.Value{}

//go:generate go run gofive/kernel/symbols/gen -o ../..
