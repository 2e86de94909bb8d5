// Package cell is the front end of the language: it splits the text of a cell, checks it against
// what earlier cells declared, and lowers it to a Program.
package cell

import (
	"go/types"
	"sync"
)

// Library is what cells may name without declaring it. kernel/cell imports none of it: importer,
// documentation and the list of packages are handed over as values.
type Library struct {
	// Import gives the package of an import path, or an error that says why it cannot be had.
	Import func(path string) (*types.Package, error)
	// Packages are those imported by their bare name; where two share a name the earlier wins.
	Packages []Package
	// Doc gives the documentation of an exported name ("" for the package itself), "" if none.
	// Methods and fields are named "Type.Name".
	Doc func(path, name string) string
}

// Package is an import path and the name its files declare.
type Package struct{ Path, Name string }

// Session is what the cells of one notebook have declared. Its methods may be called at once from
// several goroutines; completion and inspection never wait for a running cell.
type Session struct {
	mu  sync.Mutex
	lib Library
}

// NewSession returns a Session in which nothing is declared.
func NewSession(lib Library) *Session { return &Session{lib: lib} }

// Check checks code as the cell called name ("In[4]") and lowers it. What the cell declares is part
// of the session from then on. The error is a *Diagnostics, and then nothing has changed.
func (s *Session) Check(name, code string) (*Program, error) { return &Program{Name: name}, nil }

// Lost forgets all variables, types and functions, because the engine that had them ended while
// (or after) the named cell ran. Later mentions of them say so.
func (s *Session) Lost(name string) {}
