package widget

import "gofive/display"

// Widget is anything of this package that can be shown.
type Widget interface{ Model() *Model }

// input is what widgets with a value have in common.
type input[T comparable] struct {
	model  *Model
	key    string // of the model's state
	held   T
	encode func(T) any         // as the state has it
	decode func(any) (T, bool) // from what the front end says; false leaves the value as it is
}

// newInput gives an input that stands in a field of a model's state.
func newInput[T comparable](m *Model, label, key string, v T, encode func(T) any, decode func(any) (T, bool)) *input[T] {
	in := &input[T]{model: m, key: key, held: v, encode: encode, decode: decode}
	m.state["description"], m.state[key] = label, encode(v)
	m.line = func() string { return label + ": " + display.Value(in.Value()) }
	m.value = func() any { return in.Value() }
	m.take = in.take
	return in
}

// take takes what the front end has set, and gives what is held now; the model's lock is held.
func (in *input[T]) take(key string, raw any) (any, bool) {
	if key != in.key {
		return nil, false
	}
	if v, ok := in.decode(raw); ok && v != in.held {
		in.held = v
		in.model.stale = true
	}
	return in.encode(in.held), true
}

// Model implements Widget.
func (in *input[T]) Model() *Model { return in.model }

// MimeBundle gives name and value, for front ends that draw no widgets.
func (in *input[T]) MimeBundle() map[string]any { return in.model.MimeBundle() }

// Value gives the value as it is now, also while a cell runs and somebody changes it.
func (in *input[T]) Value() T {
	in.model.mu.Lock()
	defer in.model.mu.Unlock()
	return in.held
}

// Set changes the value, in front ends too, and calls the functions that OnChange was given.
func (in *input[T]) Set(v T) {
	if in.put(v) {
		in.model.tell()
	}
}

// put reports whether v is another value than before.
func (in *input[T]) put(v T) bool {
	in.model.mu.Lock()
	defer in.model.mu.Unlock()
	if v == in.held {
		return false
	}
	in.held, in.model.stale = v, true
	in.model.set(in.key, in.encode(v))
	return true
}

// OnChange has f called with the value when it has changed. What somebody does in a notebook is told when it
// is f's turn, behind the cells that wait; of several changes by then the last counts.
func (in *input[T]) OnChange(f func(T)) {
	in.model.watch(func() { f(in.Value()) })
}
