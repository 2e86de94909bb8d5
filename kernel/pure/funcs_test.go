package pure

import (
	"encoding/json"
	"reflect"
	"runtime"
	"testing"
)

func number(v int64) Node { return Node{Op: "const", Kind: reflect.Int, Int: v} }
func slot(s int64) Node   { return Node{Op: "local", Kind: reflect.Int, Int: s} }
func apply(op string, args ...Node) Node {
	return Node{Op: op, Kind: reflect.Int, Args: args}
}
func give(n Node) Node { return Node{Op: "return", Kind: n.Kind, Args: []Node{n}} }

// define makes functions of one integer.
func define(t *testing.T, bodies map[string]Node) *Funcs {
	t.Helper()
	var defs []Func
	for name, body := range bodies {
		defs = append(defs, Func{Name: name, Params: []reflect.Kind{reflect.Int}, Slots: 1, Result: reflect.Int, Body: body})
	}
	text, err := json.Marshal(defs)
	if err != nil {
		t.Fatal(err)
	}
	fs := &Funcs{Stop: new(bool), Halt: func(string) {}}
	fs.Define(string(text))
	return fs
}

func recursive(name string, until int64) Node {
	again := Node{Op: "call", Kind: reflect.Int, Str: name, Args: []Node{apply("-", slot(0), number(1))}}
	return Node{Op: "block", Args: []Node{
		{Op: "if", Args: []Node{{Op: "<", Kind: reflect.Bool, Args: []Node{slot(0), number(until)}}, give(slot(0))}},
		give(apply("+", number(1), again)),
	}}
}

func TestTry(t *testing.T) {
	fs := define(t, map[string]Node{
		"depth": recursive("depth", 1), "inverse": give(apply("/", number(12), slot(0))), "halfway": give(apply(">>", number(12), slot(0))),
		"wrong": {Op: "giveup"},
	})
	tests := []struct {
		name string
		arg  any
		want any // nil when it is for the interpreter
	}{
		{"depth", 100, 100}, {"depth", 2 * maxDepth, nil}, {"inverse", 5, 2}, {"inverse", 0, nil}, {"halfway", 70, 0}, {"halfway", -1, nil},
		{"wrong", 1, nil}, {"unknown", 1, nil}, {"inverse", "5", nil}, {"inverse", nil, nil},
	}
	for i, tt := range tests {
		if got := fs.Try(i, tt.name, "", []any{tt.arg}); got != tt.want {
			t.Errorf("%s(%v): %v, want %v", tt.name, tt.arg, got, tt.want)
		}
	}
}

// A call that was given up is not tried again in the same run, and is in another.
func TestGivenUp(t *testing.T) {
	fs := define(t, map[string]Node{"inverse": give(apply("/", number(12), slot(0)))})
	for _, tt := range []struct {
		run  string
		arg  int
		want any
	}{{"a", 3, 4}, {"a", 0, nil}, {"a", 3, nil}, {"b", 3, 4}} {
		if got := fs.Try(tt.run, "inverse", "", []any{tt.arg}); got != tt.want {
			t.Errorf("inverse(%d) in %s: %v, want %v", tt.arg, tt.run, got, tt.want)
		}
	}
	fs.Forget([]string{"inverse"})
	if got := fs.Try("c", "inverse", "", []any{3}); got != nil {
		t.Errorf("a forgotten function gives %v", got)
	}
}

// Halt ends the goroutine that it is called in.
func TestHalt(t *testing.T) {
	fs := define(t, map[string]Node{"spin": {Op: "for", Args: []Node{{Op: "const", Kind: reflect.Bool, Int: 1}, {Op: "block"}, {Op: "block"}}}})
	halted := ""
	fs.Halt = func(id string) { halted = id; runtime.Goexit() }
	*fs.Stop = true
	done := make(chan bool)
	go func() {
		defer close(done)
		fs.Try("a", "spin", "3.1", []any{1})
	}()
	<-done
	if halted != "3.1" {
		t.Errorf("halted in %q", halted)
	}
}
