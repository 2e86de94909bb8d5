package h5view

import (
	"fmt"
	"slices"
	"testing"

	"gofive/h5"
)

func TestNames(t *testing.T) {
	f := newFile(t, func(f *h5.File) error {
		var e firstError
		e.note(f.CreateGroup("run10/sub"))
		e.note(f.CreateGroup("run9"))
		e.note(nil, f.Set("run9/flux", []float64{1, 2}))
		e.note(nil, f.Set("run9/rows", []spectrum{{Name: "a"}}))
		e.note(nil, f.Set("ratio", 0.5))
		e.note(nil, f.SetAttr("title", "a run"))
		e.note(nil, f.SetAttr("time", 3))
		return e.err
	})
	rows, err := f.Dataset("run9/rows")
	if err != nil {
		t.Fatal(err)
	}
	table, err := rows.Table()
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		v            any
		method, text string
		want         []string
	}{
		{f, "Dataset", "r", []string{"ratio", "run9/", "run10/"}},
		{f, "Group", "r", []string{"run9/", "run10/"}},
		{f, "Get", "run1", []string{"run10/"}},
		{f, "Dataset", "run9/", []string{"flux", "rows"}},
		{f, "Dataset", "/run9/f", []string{"flux"}},
		{f, "Get", "nothing/", nil},
		{f, "Get", "ratio/", nil},
		{f, "Attr", "ti", []string{"time", "title"}},
		{f, "SetAttr", "x", nil},
		{rows, "Field", "", []string{"WAVE", "FLUX", "MASK", "NAME"}},
		{table, "Column", "F", []string{"FLUX"}},
		{table.Array(), "Field", "M", []string{"MASK"}},
		{Follow(f, "Group", "run9"), "Dataset", "f", []string{"flux"}},
		{Follow(f, "Delete", "run9"), "Dataset", "f", nil},
		{3, "Get", "", nil},
	}
	for _, tt := range tests {
		names, kinds := Names(tt.v, tt.method, tt.text)
		if tt.method == "Attr" {
			slices.Sort(names)
		}
		if !slices.Equal(names, tt.want) || len(kinds) != len(names) {
			t.Errorf("Names of %s(%q) = %q %q, want %q", tt.method, tt.text, names, kinds, tt.want)
		}
	}
	f.Close()
	if names, _ := Names(f, "Get", ""); names != nil {
		t.Errorf("a closed file has names %q", names)
	}
}

// A group with as many members as a survey has spectra.
func BenchmarkNames(b *testing.B) {
	const members = 36000
	f := newFile(b, func(f *h5.File) error {
		for i := range members {
			if _, err := f.CreateGroup(fmt.Sprintf("all/spec%d", i)); err != nil {
				return err
			}
		}
		return nil
	})
	for _, typed := range []string{"all/", "all/spec359"} {
		b.Run(typed, func(b *testing.B) {
			for b.Loop() {
				if names, _ := Names(f, "Group", typed); len(names) == 0 {
					b.Fatal("no names")
				}
			}
		})
	}
}
