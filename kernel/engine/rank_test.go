package engine_test

import (
	"reflect"
	"strings"
	"testing"

	"gofive/kernel/engine"
)

func TestShareTravels(t *testing.T) {
	whole := &engine.Share{
		Program: &engine.Program{
			Name: "In[4]", Code: "x := 1\n", Types: "package main", Ring: []string{"T", "U"}, Source: "package main\nvar ü int", Entry: "cell4",
			Funcs:  map[string]engine.Func{"4.1": {Name: "f", Cell: "In[4]", Line: 3}, "4.2": {Name: "(*T).g", Cell: "In[3]"}},
			Forget: []string{"a", ""}, Passing: true,
		},
		Targets: [][2]int{{0, 0}, {3, 1000}},
	}
	for _, s := range []*engine.Share{whole, {Program: &engine.Program{}}} {
		text := s.Encode()
		got, err := engine.ParseShare(text)
		if err != nil || !reflect.DeepEqual(got, s) {
			t.Errorf("got %+v, %v, want %+v", got, err, s)
		}
		for n := range text {
			if _, err := engine.ParseShare(text[:n]); err == nil {
				t.Errorf("the first %d of %d bytes were read", n, len(text))
			}
		}
		if _, err := engine.ParseShare(append([]byte{'{'}, text...)); err == nil || !strings.Contains(err.Error(), "%cluster restart") {
			t.Errorf("another format: %v", err)
		}
	}
	if got := whole.For(2); got.Entry != "" || got.Source != whole.Program.Source {
		t.Errorf("rank 2 runs %+v", got)
	}
	if got := whole.For(500); got != whole.Program {
		t.Errorf("rank 500 runs %+v", got)
	}
}

func TestShownEventTravels(t *testing.T) {
	for _, e := range []engine.Event{
		{Kind: engine.Display, Data: []byte(`{"text/plain":"a"}`), Metadata: []byte(`{}`), DisplayID: "7"},
		{Kind: engine.Clear, Wait: true},
		{Kind: engine.Result, Data: []byte(`{}`)},
	} {
		other := e
		other.Run = 7
		text := e.Encode()
		if string(other.Encode()) != string(text) {
			t.Errorf("runs of one cell on two ranks show %q and %q", text, other.Encode())
		}
		if got, err := engine.ParseEvent(text); err != nil || !reflect.DeepEqual(got, e) {
			t.Errorf("got %+v, %v, want %+v", got, err, e)
		}
		if _, err := engine.ParseEvent(text[:len(text)-1]); err == nil {
			t.Errorf("a part of %+v was read", e)
		}
	}
}

// FuzzParseShare: what does not come from a kernel is an error, and no more.
func FuzzParseShare(f *testing.F) {
	f.Add((&engine.Share{Program: &engine.Program{Name: "In[1]", Funcs: map[string]engine.Func{"1": {}}}, Targets: [][2]int{{0, 1}}}).Encode())
	f.Fuzz(func(t *testing.T, text []byte) {
		if s, err := engine.ParseShare(text); err == nil && s.Program == nil {
			t.Error("a share without a program")
		}
	})
}
