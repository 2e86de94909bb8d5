package boss

import (
	"path/filepath"
	"slices"
	"testing"
)

// TestAhead wants spectra that are read ahead to be those of Each, in its order, up to the first error and no further than
// they are asked for.
func TestAhead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "sample.h5")
	if err := Sample(path, SampleOptions{}); err != nil {
		t.Fatal(err)
	}
	few, err := Query(path, "")
	if err != nil {
		t.Fatal(err)
	}
	many := &Set{fibers: slices.Repeat(few.fibers, 10)}
	broken := &Set{fibers: slices.Clone(many.fibers)}
	broken.fibers[35].Fiber = 999
	for name, set := range map[string]*Set{"none": {}, "few": few, "many": many, "broken": broken} {
		var got, want []FiberID
		var gotErr, wantErr string
		for spec, err := range set.ahead() {
			got, gotErr = note(got, spec, err)
		}
		for spec, err := range set.Each() {
			want, wantErr = note(want, spec, err)
		}
		if !slices.Equal(got, want) || gotErr != wantErr {
			t.Errorf("%s: ahead gives %d spectra and %q, Each %d and %q", name, len(got), gotErr, len(want), wantErr)
		}
	}
	n := 0
	for range many.ahead() {
		if n++; n == 5 {
			break
		}
	}
	if n != 5 {
		t.Errorf("%d spectra were seen, want 5", n)
	}
}

func note(seen []FiberID, s *Spec, err error) ([]FiberID, string) {
	if err != nil {
		return seen, err.Error()
	}
	return append(seen, s.FiberID), ""
}
