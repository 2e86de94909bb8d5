package cell

import (
	"strconv"
	"strings"
)

// In a loop the same cell comes again and again. When all that it declares serves it alone, and what it mentions is
// still the same, its source differs from the last time in the numbers of those names only. It then gets the
// text of the first time, by which an engine knows that it has read it already.

// recalled is how many programs are kept for that.
const recalled = 64

// passes reports whether nothing of the source outlives the cell.
func (l *lowering) passes() bool {
	return strings.TrimSpace(l.decls) == "" && l.made.Len() == 0 && len(l.funcs) == 0 && len(l.pureFuncs) == 0 && l.newTypes.Len() == 0 && l.build == nil
}

// recall marks a program of which nothing outlives the cell, and gives it the text that it had before.
func (s *Session) recall(code string, p *Program) {
	var names []string
	for i, name := range p.Forget {
		names = append(names, name, "\x00"+strconv.Itoa(i)+"\x00")
	}
	p.Passing = true
	key := code + "\x00" + strings.NewReplacer(names...).Replace(p.Source)
	if before := s.passing[key]; before != nil {
		p.Source, p.Entry, p.Forget = before.Source, before.Entry, append([]string(nil), before.Forget...)
		return
	}
	if len(s.passing) >= recalled {
		clear(s.passing)
	}
	s.passing[key] = p
}
