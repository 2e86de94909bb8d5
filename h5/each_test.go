package h5_test

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"gofive/h5"
)

// TestEach gives what List gives, in pages that nobody sees, and ends when it is told to.
func TestEach(t *testing.T) {
	f, err := h5.Create(filepath.Join(t.TempDir(), "each.h5"))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	for i := range 600 {
		if err := f.Set(fmt.Sprint("d", i), []int{i}); err != nil {
			t.Fatal(err)
		}
	}
	for _, o := range []h5.ListOptions{{}, {Order: h5.Natural}, {Offset: 590}, {Offset: 255, Limit: 3}, {Offset: 1000}, {Order: h5.Natural, Limit: 5}, {Order: h5.Natural, Offset: 7, Limit: 20}, {Order: h5.Natural, Offset: 599, Limit: 5}, {Order: h5.Natural, Limit: 1000}} {
		list, err := f.List(o)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		if err := f.Each(o, func(e h5.Entry) error { got = append(got, e.String()); return e.Err }); err != nil {
			t.Fatal(err)
		}
		var want []string
		for _, e := range list.Entries {
			want = append(want, e.String())
		}
		if o.Order == h5.Natural {
			keys, err := f.Keys(h5.Natural)
			if err != nil {
				t.Fatal(err)
			}
			if len(got) > 0 && !strings.HasPrefix(got[0], "/"+keys[o.Offset]+" ") {
				t.Errorf("%+v: begins with %s, want %s", o, got[0], keys[o.Offset])
			}
			if last := len(got) - 1; last >= 0 && !strings.HasPrefix(got[last], "/"+keys[o.Offset+last]+" ") {
				t.Errorf("%+v: ends with %s, want %s", o, got[last], keys[o.Offset+last])
			}
		}
		if list.Total != 600 || !slices.Equal(got, want) {
			t.Errorf("%+v: got %d entries, List gives %d others", o, len(got), len(want))
		}
	}
	n := 0
	fail := errors.New("enough")
	for _, end := range []error{h5.Stop, fail} {
		err := f.Each(h5.ListOptions{}, func(h5.Entry) error { n++; return end })
		if (err == nil) != (end == h5.Stop) {
			t.Errorf("ended by %v: got %v", end, err)
		}
	}
	if n != 2 {
		t.Errorf("f was called %d times after it had ended the list, want once each", n)
	}
}
