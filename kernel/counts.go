package kernel

import "sync"

// counts numbers the cells of all shells.
type counts struct {
	mu     sync.Mutex
	cells  int
	asides int // cells that are not counted
}

// cell gives the number of the next cell.
func (c *counts) cell() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.cells++
	return c.cells
}

// aside numbers one that is not counted, and gives the number of the last that was.
func (c *counts) aside() (aside, cells int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.asides++
	return c.asides, c.cells
}

// last gives the number of the last cell.
func (c *counts) last() int {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cells
}

// all gives the numbers of cells that were counted, and that were not.
func (c *counts) all() (cells, asides int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.cells, c.asides
}
