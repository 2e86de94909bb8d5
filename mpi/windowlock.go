package mpi

import (
	"gofive/mpi/internal/abi"
)

// Lock waits until this rank has a rank's part for itself among those who lock it. Everybody else can still touch
// it: a lock is a word between ranks. A rank locks a part once, whatever its goroutines do.
func (w *Window) Lock(rank int) error {
	const f = abi.WinLock
	if err := w.check(f, rank, 0, 0); err != nil {
		return err
	}
	if !w.claim(rank) {
		return newError(f, ErrValue, "this rank has locked rank %d's part already; only Unlock ends that", rank)
	}
	err := w.lock(rank)
	if err != nil {
		here.dropped.Store(true) // whoever holds it may never unlock it
		w.disclaim(rank)
	}
	return err
}

// claim notes that this rank locks a part. It is false when it does already.
func (w *Window) claim(rank int) bool {
	w.locks.Lock()
	defer w.locks.Unlock()
	if w.locked[rank] {
		return false
	}
	w.locked[rank] = true
	return true
}

// disclaim is false when this rank has not locked the part.
func (w *Window) disclaim(rank int) bool {
	w.locks.Lock()
	defer w.locks.Unlock()
	was := w.locked[rank]
	delete(w.locked, rank)
	return was
}

func (w *Window) lock(rank int) error {
	const f = abi.WinLock
	if w.isFar(rank) {
		return w.far.ask(question{Func: f}, rank, nil, nil)
	}
	wait := w.on.startWaiting(show{f: f, peer: rank, tag: noTag})
	defer wait.end()
	for {
		taken, err := w.tryLock(rank, w.on.rank)
		if taken || err != nil {
			return err
		}
		if err := wait.check(); err != nil {
			return err
		}
	}
}

// tryLock gives a part to a rank if nobody has it.
func (w *Window) tryLock(rank, to int) (taken bool, err error) {
	err = w.touch(abi.WinLock, rank, 0, 0, func([]byte) {
		taken = w.parts[rank].Word(lockWord).CompareAndSwap(0, uint32(to+1))
	})
	return taken, err
}

func (w *Window) dropLock(rank int) error {
	return w.touch(abi.WinUnlock, rank, 0, 0, func([]byte) { w.parts[rank].Word(lockWord).Store(0) })
}

// Unlock ends a Lock. What this rank has put into the part is there for whoever locks it next.
func (w *Window) Unlock(rank int) error {
	const f = abi.WinUnlock
	if err := w.check(f, rank, 0, 0); err != nil {
		return err
	}
	if !w.disclaim(rank) {
		return newError(f, ErrValue, "this rank has not locked rank %d's part", rank)
	}
	if w.isFar(rank) {
		return w.far.change(question{Func: f}, rank, nil)
	}
	return w.dropLock(rank)
}
