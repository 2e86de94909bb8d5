package engine

import "time"

// SetGrace sets how long an interrupted program may take to end.
func (p *Process) SetGrace(d time.Duration) { p.grace = d }

// PID is the process id of the present engine.
func (p *Process) PID() int { return p.living().cmd.Process.Pid }

// Queued is how many commands have not left yet.
func (p *Process) Queued() int {
	q := p.living().out
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.queue)
}
