package interp

import (
	"go/token"
	"strings"

	"gofive/kernel/engine"
)

// yaegi keeps a file for each source that it has read, 1 KB, and asks it for the position of a panic. What
// a cell does once needs none when it has been done.

// onlyEntry reports whether a program declares no function that could be called later.
func onlyEntry(p *engine.Program) bool {
	return len(p.Funcs) == 0 && strings.Count(p.Source, "\nfunc ") == 1
}

// filesFrom gives the files of what yaegi has read since its file set had this base.
func (it *Interp) filesFrom(base int) (files []*token.File) {
	set := it.yaegi.FileSet()
	for base < set.Base() {
		f := set.File(token.Pos(base))
		files = append(files, f)
		base = f.Base() + f.Size() + 1
	}
	return files
}

// dropFiles takes files from yaegi. Positions in them are "-" from then on.
func (it *Interp) dropFiles(files []*token.File) {
	for _, f := range files {
		it.yaegi.FileSet().RemoveFile(f)
	}
}
