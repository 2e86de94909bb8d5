package kernel

import (
	"slices"
	"sync"

	"gofive/kernel/msg"
)

// activity says busy and idle for every request. Servers and front ends believe the last status
// they saw, whoever it was for, so after the idle of a request that was served beside a running
// cell it says that cell's busy again: else a kernel at work for hours is taken to be idle.
type activity struct {
	publish func(parent msg.Header, state string)

	mu    sync.Mutex
	cells []msg.Header // execute requests being served
}

// begin says busy. Cell tells that the request may take as long as it wants.
func (a *activity) begin(parent msg.Header, cell bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	if cell {
		a.cells = append(a.cells, parent)
	}
	a.publish(parent, msg.Busy)
}

// end says idle, and busy again for a cell that still runs.
func (a *activity) end(parent msg.Header) {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.cells = slices.DeleteFunc(a.cells, func(h msg.Header) bool { return h.ID == parent.ID })
	a.publish(parent, msg.Idle)
	if len(a.cells) > 0 {
		a.publish(a.cells[0], msg.Busy)
	}
}
