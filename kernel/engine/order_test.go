package engine_test

import (
	"fmt"
	"testing"

	"gofive/kernel/engine"
)

// What is written before a display is told before it, and what is written behind it behind it.
func TestTextAndDisplaysStayInOrder(t *testing.T) {
	h := start(t, self(t))
	if f, _ := h.run("between"); f != nil {
		t.Fatal(f)
	}
	h.mu.Lock()
	defer h.mu.Unlock()
	var got, want string
	for _, e := range h.events {
		if e.Kind == engine.Display {
			got += "|"
		}
		got += string(e.Text)
	}
	for i := range 50 {
		want += fmt.Sprintf("%d\n|", i)
	}
	if got != want {
		t.Errorf("got %q, want %q", got, want)
	}
}

// The value of a program is told before its run returns, once, and behind what it wrote.
func TestValueComesLast(t *testing.T) {
	h := start(t, self(t))
	for range 20 {
		if f, _ := h.run("result 42"); f != nil {
			t.Fatal(f)
		}
		h.mu.Lock()
		var got string
		for _, e := range h.events {
			got += string(e.Text) + "|"
		}
		h.mu.Unlock()
		if want := "deferred|42|"; got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}
