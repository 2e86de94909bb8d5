package cell

import (
	"go/types"
	"maps"
	"slices"
	"strings"
)

// Declarations gives the imports, constants, types and functions of a cell, which can be declared again
// where nothing else of it has run. Blanks stand in the place of all else. More reports whether there
// was anything else.
func Declarations(code string) (declared string, more bool) {
	pieces, _ := split(code)
	starts := lineStarts(code)
	kept := []byte(blanked(code))
	for _, p := range pieces {
		if p.class == statement || strings.HasPrefix(p.text, "var") {
			more = true
			continue
		}
		copy(kept[starts[p.line-1]+p.col-1:], p.text)
	}
	return string(kept), more
}

// blanked gives text with a blank for each byte but its line breaks.
func blanked(text string) string {
	b := []byte(text)
	for i, c := range b {
		if c != '\n' {
			b[i] = ' '
		}
	}
	return string(b)
}

// lineStarts gives the offsets at which the lines of text begin.
func lineStarts(text string) []int {
	starts := []int{0}
	for i := range len(text) {
		if text[i] == '\n' {
			starts = append(starts, i+1)
		}
	}
	return starts
}

// Variable is one that cells have declared.
type Variable struct{ Name, Type, Cell string }

// Variables gives those that there are, by name.
func (s *Session) Variables() []Variable {
	s.mu.Lock()
	defer s.mu.Unlock()
	var list []Variable
	for _, name := range slices.Sorted(maps.Keys(s.names)) {
		if e := s.names[name]; e.obj != nil && e.isVar() && !strings.Contains(name, mark) && name != "_" {
			list = append(list, Variable{name, types.TypeString(e.obj.Type(), besideMain), e.cell})
		}
	}
	return list
}

// besideMain names packages but that of the cells.
func besideMain(p *types.Package) string {
	if p.Path() == "main" {
		return ""
	}
	return p.Name()
}
