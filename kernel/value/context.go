package value

import (
	"context"
	"fmt"
	"reflect"
)

// valueContext is a context with a value that prints a Box as what it stands for.
type valueContext struct {
	context.Context
	parent     context.Context
	key, value any
}

// WithValue is context.WithValue for cells.
func (ts *Types) WithValue(parent context.Context, key, value any) context.Context {
	c := context.WithValue(parent, Key(key), value)
	_, isBox := ts.Open(key)
	if _, other := ts.Open(value); !isBox && !other {
		return c
	}
	return valueContext{c, parent, key, value}
}

// String names the context, its key and its value as package context does.
func (c valueContext) String() string {
	name := reflect.TypeOf(c.parent).String()
	if s, ok := c.parent.(fmt.Stringer); ok {
		name = s.String()
	}
	return name + ".WithValue(" + inContext(c.key) + ", " + inContext(c.value) + ")"
}

// inContext gives what a context prints of a key or a value: its text, or its type.
func inContext(v any) string {
	switch v := v.(type) {
	case boxed:
		if b := v.unbox(); b.has("String", "func() string") {
			return call[string](b, "String")
		}
		return v.unbox().typ.Name
	case fmt.Stringer:
		return v.String()
	case string:
		return v
	case nil:
		return "<nil>"
	}
	return reflect.TypeOf(v).String()
}
