package interp

import (
	"reflect"
	"sync"
	"time"
)

// send sends what value points to.
func (it *Interp) send(ch, value any) {
	c, v := reflect.ValueOf(ch), reflect.ValueOf(value).Elem()
	if !c.TrySend(v) {
		it.wait([]reflect.SelectCase{{Dir: reflect.SelectSend, Chan: c, Send: v}})
	}
}

// receive receives into what into points to, unless that is nil, and reports whether a value was sent.
func (it *Interp) receive(ch, into any) bool {
	c := reflect.ValueOf(ch)
	v, ok := c.TryRecv()
	if !v.IsValid() {
		_, v, ok = it.wait([]reflect.SelectCase{{Dir: reflect.SelectRecv, Chan: c}})
	}
	if into != nil {
		reflect.ValueOf(into).Elem().Set(v)
	}
	return ok
}

// selectOne does one of several communications: 'r' receives, 's' sends, 'd' is the default. For each
// a channel follows, and a pointer to the value; nil drops what is received. It returns which one it
// was, and whether that received a value.
func (it *Interp) selectOne(kinds string, operands ...any) (which int, ok bool) {
	cases := make([]reflect.SelectCase, len(kinds), len(kinds)+1)
	waits := true
	for i := range kinds {
		c := reflect.ValueOf(operands[2*i])
		switch kinds[i] {
		case 'r':
			cases[i] = reflect.SelectCase{Dir: reflect.SelectRecv, Chan: c}
		case 's':
			cases[i] = reflect.SelectCase{Dir: reflect.SelectSend, Chan: c, Send: reflect.ValueOf(operands[2*i+1]).Elem()}
		default:
			cases[i] = reflect.SelectCase{Dir: reflect.SelectDefault}
			waits = false
		}
	}
	var v reflect.Value
	if waits {
		which, v, ok = it.wait(cases)
	} else {
		which, v, ok = reflect.Select(cases)
	}
	if into := operands[2*which+1]; kinds[which] == 'r' && into != nil {
		reflect.ValueOf(into).Elem().Set(v)
	}
	return which, ok
}

// wait selects among cases, and ends the goroutine when it shall end before one of them can proceed.
func (it *Interp) wait(cases []reflect.SelectCase) (int, reflect.Value, bool) {
	for {
		it.mu.Lock()
		wake, stop := it.wake, it.stop
		it.mu.Unlock()
		if stop {
			it.halt("")
		}
		with := append(cases, reflect.SelectCase{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(wake)})
		if i, v, ok := reflect.Select(with); i < len(cases) {
			return i, v, ok
		}
		it.halt("")
	}
}

// sleep is time.Sleep.
func (it *Interp) sleep(d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	it.waitFor(timer.C)
}

// waitFor waits until something comes from a channel.
func (it *Interp) waitFor(ch any) {
	it.wait([]reflect.SelectCase{{Dir: reflect.SelectRecv, Chan: reflect.ValueOf(ch)}})
}

// lock is the Lock of a mutex. One that is waited for in vain is given back when it comes, so that no
// later cell finds it locked.
func (it *Interp) lock(m interface {
	sync.Locker
	TryLock() bool
}) {
	if !m.TryLock() {
		it.acquire(m)
	}
}

// rLock is the RLock of a mutex for readers and writers.
func (it *Interp) rLock(m *sync.RWMutex) {
	if !m.TryRLock() {
		it.acquire(m.RLocker())
	}
}

func (it *Interp) acquire(m sync.Locker) {
	locked, gone := make(chan struct{}), make(chan struct{})
	defer close(gone)
	go func() {
		m.Lock()
		select {
		case locked <- struct{}{}:
		case <-gone:
			m.Unlock()
		}
	}()
	it.waitFor(locked)
}

// waitGroupWait is the Wait of a group.
func (it *Interp) waitGroupWait(wg *sync.WaitGroup) {
	done := make(chan struct{})
	go func() {
		wg.Wait()
		close(done)
	}()
	it.waitFor(done)
}
