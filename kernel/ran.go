package kernel

import (
	"slices"
	"sync"
)

// ran is the journal of the session: the cells that ran to their end since the engine started, and
// those whose effects went with the engine before it.
type ran struct {
	mu    sync.Mutex
	cells []ranCell
	lost  []ranCell
}

// ranCell is a cell as it was run.
type ranCell struct{ name, code string }

func (r *ran) add(name, code string) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.cells = append(r.cells, ranCell{name, code})
}

// names gives the cells whose effects there are.
func (r *ran) names() []string {
	r.mu.Lock()
	defer r.mu.Unlock()
	names := make([]string, len(r.cells))
	for i, c := range r.cells {
		names[i] = c.name
	}
	return names
}

// lose notes that the engine has ended.
func (r *ran) lose() {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.lost = append(r.lost, r.cells...)
	r.cells = nil
}

// takeLost gives the cells whose effects are lost, and forgets them.
func (r *ran) takeLost() []ranCell {
	r.mu.Lock()
	defer r.mu.Unlock()
	lost := r.lost
	r.lost = nil
	return slices.Clip(lost)
}
