package magic

import (
	"testing"
	"time"

	"gofive/display"
)

func TestLoops(t *testing.T) {
	tests := []struct {
		loops, runs int
		want        []int
	}{
		{3, 2, []int{3, 3}},
		{1, 4, []int{1, 1, 1, 1}},
		{0, 1, []int{1, 1}}, // once is long enough
	}
	for _, tt := range tests {
		var got []int
		for n := range Loops(tt.loops, tt.runs) {
			if tt.loops == 0 {
				time.Sleep(longEnough)
			}
			got = append(got, n)
		}
		if len(got) != len(tt.want) || got[0] != tt.want[0] {
			t.Errorf("Loops(%d, %d) yields %v, want %v", tt.loops, tt.runs, got, tt.want)
		}
	}
}

func TestSummary(t *testing.T) {
	got := summary([]time.Duration{1e6, 3e6}, 1000)
	if want := "2.00 µs ± 1.00 µs a loop (mean and deviation of 2 runs of 1,000 loops; best 1.00 µs)"; got != want {
		t.Errorf("%s, want %s", got, want)
	}
}

func TestShapeAndSize(t *testing.T) {
	tests := []struct {
		x     any
		shape string
		size  string
	}{
		{1.5, "", "8 B"},
		{make([]float32, 1_500_000), "1,500,000", "6.0 MB"},
		{[][]int16{{1, 2, 3}, {4, 5, 6}}, "2 x 3", "84 B"},
		{[2][3]byte{}, "2 x 3", "6 B"},
		{"héé", "", "21 B"},
		{map[string]int{"a": 1}, "1", "33 B"},
		{nil, "", "0 B"},
		{(*shaped)(nil), "", "8 B"},
		{&shaped{}, "4 x 5", "8 B"},
	}
	for _, tt := range tests {
		if s, b := shape(tt.x), display.Size(int64(held(tt.x))); s != tt.shape || b != tt.size {
			t.Errorf("%v: shape %q, size %q; want %q, %q", tt.x, s, b, tt.shape, tt.size)
		}
	}
}

type shaped struct{}

type dims []int

func (*shaped) Shape() dims { return dims{4, 5} }
