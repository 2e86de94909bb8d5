package value

import (
	"reflect"
	"sync"
)

// AtomicPointer is atomic.Pointer[T] for the interpreter, which has no generic types: the lowering
// gives what Load and Swap return its type again.
type AtomicPointer struct {
	mu  sync.Mutex
	val any
}

// Load gives the pointer that was stored last, nil at first.
func (p *AtomicPointer) Load() any {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.val
}

// Store stores a pointer.
func (p *AtomicPointer) Store(v any) { p.Swap(v) }

// Swap stores a pointer and gives the one before.
func (p *AtomicPointer) Swap(v any) any {
	p.mu.Lock()
	defer p.mu.Unlock()
	old := p.val
	p.val = v
	return old
}

// CompareAndSwap stores a pointer in the place of old, and reports whether old was there.
func (p *AtomicPointer) CompareAndSwap(old, v any) bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	if address(p.val) != address(old) {
		return false
	}
	p.val = v
	return true
}

// address gives what a pointer points to, 0 for nil with or without a type.
func address(pointer any) uintptr {
	if pointer == nil {
		return 0
	}
	return reflect.ValueOf(pointer).Pointer()
}
