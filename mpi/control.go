package mpi

import "gofive/mpi/internal/abi"

// What follows is for the machinery that runs programs on all ranks, not for the programs. Its calls go
// through a communicator that programs never see, are collective, and cannot be interrupted: they are
// made when all ranks are idle.

// Interrupt ends every call that waits with ErrInterrupted. Their memory is kept for ever, and what was to
// receive something may still change. Later calls fail in the same way until Renew. It may be called from
// any goroutine, at any time.
func Interrupt() { here.stopped.Store(true) }

// Renew ends an interrupt. When calls were left on any rank, World gets fresh ground: the old one, and
// what was made of it, is retired, since its other ranks may still be in those calls. Nothing is done
// twice. Each fresh ground costs the MPI library two contexts, of which it has some thousand.
func Renew() error {
	if err := here.start(); err != nil {
		return err
	}
	var dropped, any int32
	if here.dropped.Load() {
		dropped = 1
	}
	call := abi.Call{Func: abi.Allreduce, Send: int32s(&dropped, 1), Recv: int32s(&any, 1), Op: abi.Max}
	if _, err := here.control.run(call, show{f: abi.CommDup, peer: abi.NoPeer, tag: noTag}); err != nil {
		return err
	}
	if any != 0 {
		if err := here.renew(); err != nil {
			return err
		}
	}
	here.dropped.Store(false)
	here.stopped.Store(false)
	return nil
}

func (j *job) renew() error {
	handle, err := blocking(j.control, abi.CommDup, func() (abi.Comm, error) { return j.lib.Dup(j.control.raw()) })
	if err != nil {
		return err
	}
	j.dropRequests()
	World.set(handle, j.epoch.Add(1))
	return nil
}

// dropRequests leaves the messages that were under way.
func (j *job) dropRequests() {
	j.requests.mu.Lock()
	var open []*Request
	for q := range j.requests.open {
		open = append(open, q)
	}
	j.requests.mu.Unlock()
	for _, q := range open {
		q.mu.Lock()
		if !q.done {
			_, _ = q.giveUp(&Error{Op: opName(q.flight.show.f), Kind: ErrInterrupted}) // its Wait says so
		}
		q.mu.Unlock()
	}
}

// Exchange gives all ranks a few bytes of each.
func Exchange(mine []byte) ([][]byte, error) {
	if err := here.start(); err != nil {
		return nil, err
	}
	var all [][]byte
	err := here.control.Allgather(&mine, &all)
	return all, err
}

// BcastBytes gives the bytes of the root to all ranks; other ranks may give nil.
func BcastBytes(b []byte, root int) ([]byte, error) {
	if err := here.start(); err != nil {
		return nil, err
	}
	err := here.control.Bcast(&b, root)
	return b, err
}

// ScattervBytes gives each rank one of the parts of the root; other ranks give nil.
func ScattervBytes(parts [][]byte, root int) ([]byte, error) {
	if err := here.start(); err != nil {
		return nil, err
	}
	var part []byte
	err := here.control.Scatter(parts, &part, root)
	return part, err
}

// GathervBytes gives the root the bytes of all ranks; other ranks get nil.
func GathervBytes(b []byte, root int) ([][]byte, error) {
	if err := here.start(); err != nil {
		return nil, err
	}
	var all [][]byte
	err := here.control.Gather(&b, &all, root)
	return all, err
}
