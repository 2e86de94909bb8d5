package kernel

import "gofive/kernel/msg"

// Interrupt ends the running cell and aborts those that wait; variables are kept. Without a running
// cell it does nothing.
func (k *Kernel) Interrupt() {
	if !k.cells.interrupt() {
		return
	}
	select {
	case <-k.engine.ready:
		k.engine.made.Interrupt()
	default: // the cell waits for the engine and sees that it was interrupted
	}
}

// interruptRequest answers interrupt_request.
func (k *Kernel) interruptRequest(*request) (any, error) {
	k.Interrupt()
	return msg.Reply{Status: msg.StatusOK}, nil
}
