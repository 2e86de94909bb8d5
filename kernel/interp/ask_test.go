package interp_test

import (
	"context"
	"slices"
	"strings"
	"testing"
	"time"

	"gofive/display"
	"gofive/kernel/engine"
	"gofive/kernel/interp"
)

// values are variables and how they are told.
const values = `
type T struct { A int; b string }
var n = 3
var neg = -2.5
var ok = true
var s = "a\"b"
var long = text(1000)
var list = []int{1, 2}
var none []int
var many = make([]int, 30)
var m = map[string]int{"b": 2, "a": 1}
var t = T{1, "x"}
var p = &t
var pp = []*T{nil}
var e error
var a any = 7
var f = func() {}
var wait = time.Duration(1500000000)
func text(n int) string { s := ""; for i := 0; i < n; i++ { s += "x" }; return s }
`

func TestAskValue(t *testing.T) {
	w := newWorld(t)
	if f := w.Run(w.program("import \"time\"\n"+values, "")); f != nil {
		t.Fatal(f)
	}
	tests := []struct{ name, want string }{
		{"n", "3"}, {"neg", "-2.5"}, {"ok", "true"}, {"s", `"a\"b"`},
		{"long", `"` + strings.Repeat("x", 200) + `…" (1000 bytes)`},
		{"list", "[1 2]"}, {"none", "[]"}, {"many", "[" + strings.Repeat("0 ", 20) + "…] (30 elements)"},
		{"m", `map["a":1 "b":2]`}, {"t", `{1 "x"}`}, {"p", `&{1 "x"}`}, {"pp", "[nil]"},
		{"e", "nil"}, {"a", "7"}, {"f", "func"}, {"wait", "1.5s"}, {"nothing", ""},
	}
	for _, tt := range tests {
		k, err := w.Ask(context.Background(), &engine.Question{Value: true, Var: tt.name})
		if err != nil || k.Value != tt.want {
			t.Errorf("%s is %q, %v, want %q", tt.name, k.Value, err, tt.want)
		}
	}
}

// While a cell runs numbers are told, but no map: it may be changing.
func TestAskWhileRunning(t *testing.T) {
	w := newWorld(t)
	if f := w.Run(w.program("var n int\nvar m = map[int]int{1: 1}", "")); f != nil {
		t.Fatal(f)
	}
	w.interruptWhen(w.program("", "for { "+poll+" n++; m[n%100] = n }"), func() bool {
		if w.value(t, "n") == "0" {
			return false
		}
		for range 100 {
			if got := w.value(t, "m"); !strings.Contains(got, "cells are running") {
				t.Errorf("the map is told while a cell changes it: %q", got)
			}
		}
		return true
	})
	if got := w.value(t, "m"); !strings.HasPrefix(got, "map[") {
		t.Errorf("after the cell: %q, want a map", got)
	}
}

// A goroutine counts as a cell that runs.
func TestAskBesideGoroutine(t *testing.T) {
	w := newWorld(t)
	if f := w.Run(w.program("var m = map[int]int{1: 1}\nvar end = make(chan bool)\nvar gone = make(chan bool)", "rt.Go(func() { <-end; gone <- true })")); f != nil {
		t.Fatal(f)
	}
	ask := func() string {
		k, _ := w.Ask(context.Background(), &engine.Question{Value: true, Var: "m"})
		return k.Value
	}
	if got := ask(); !strings.Contains(got, "cells are running") {
		t.Errorf("beside a goroutine: %q", got)
	}
	if f := w.Run(w.program("", "end <- true; <-gone")); f != nil {
		t.Fatal(f)
	}
	for !strings.HasPrefix(ask(), "map[") {
		time.Sleep(time.Millisecond)
	}
}

func TestAskNames(t *testing.T) {
	var asked []string
	it, err := interp.New(interp.Options{
		Table: table, Emit: func(engine.Event) {},
		Names: func(v any, method, text string) (names, kinds []string) {
			asked = append(asked, method+" "+text)
			if _, ok := v.(*display.Bundle); !ok {
				panic("not what was asked about")
			}
			return []string{"x"}, []string{"group"}
		},
		Follow: func(v any, method, arg string) any {
			asked = append(asked, method+" "+arg)
			if arg == "none" {
				return nil
			}
			return &display.Bundle{}
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	w := &world{Interp: it}
	if f := w.Run(w.program("var p = new(int)\nvar nothing *int\nvar n = 3", "")); f != nil {
		t.Fatal(f)
	}
	q := &engine.Question{Method: "Get", Var: "p", Text: "a", Calls: []engine.Call{{Method: "Group", Arg: "g"}}}
	k, err := w.Ask(context.Background(), q)
	if want := []string{"Group g", "Get a"}; err != nil || len(k.Names) != 1 || k.Names[0] != (engine.Name{Text: "x", Kind: "group"}) || !slices.Equal(asked, want) {
		t.Errorf("%+v, %v after %q, want x after %q", k, err, asked, want)
	}
	for _, q := range []*engine.Question{
		{Method: "Get", Var: "p", Calls: []engine.Call{{Method: "Group", Arg: "none"}}},
		{Method: "Get", Var: "p"}, // Names panics
		{Method: "Get", Var: "nothing"}, {Method: "Get", Var: "n"}, {Method: "Get", Var: "unknown"},
	} {
		if k, _ := w.Ask(context.Background(), q); len(k.Names) > 0 {
			t.Errorf("%+v: %+v, want nothing", q, k)
		}
	}
}
