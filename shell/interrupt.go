package shell

import (
	"sync"
	"syscall"
	"time"
)

// patience is how long an interrupted command may take to end.
const patience = 2 * time.Second

// children are the commands that run.
var children = processes{running: map[int]chan struct{}{}}

type processes struct {
	mu      sync.Mutex
	running map[int]chan struct{} // by pid; closed by an interrupt
}

func (p *processes) add(pid int) (interrupted chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.running[pid] = make(chan struct{})
	return p.running[pid]
}

func (p *processes) remove(pid int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	delete(p.running, pid)
}

// Interrupt sends SIGINT to the commands that run, and SIGKILL to those that still do after two
// seconds.
func Interrupt() {
	children.mu.Lock()
	defer children.mu.Unlock()
	for pid, interrupted := range children.running {
		select {
		case <-interrupted:
			continue
		default:
		}
		close(interrupted)
		_ = syscall.Kill(-pid, syscall.SIGINT) // it may have ended just now
		time.AfterFunc(patience, func() { children.kill(pid, interrupted) })
	}
}

// kill ends the command that was interrupted by the closing of a channel, unless it has ended.
func (p *processes) kill(pid int, interrupted chan struct{}) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.running[pid] == interrupted {
		_ = syscall.Kill(-pid, syscall.SIGKILL)
	}
}
