package h5

import (
	"fmt"
	"testing"
	"time"
)

// meter notes what it is told.
type meter struct {
	what         string
	total, moved int
	calls        int
	done         bool
}

func (m *meter) Add(n int) { m.moved += n; m.calls++ }
func (m *meter) Done()     { m.done = true }

// TestOnLong takes every transfer of several pieces for a long one, and compares what is told with what is
// moved.
func TestOnLong(t *testing.T) {
	f := scratch(t)
	const n = 20 << 20 // three pieces of 64 MB
	d, err := f.CreateDataset("x", Float64, Shape{n})
	must(t, err)
	packed, err := f.CreateDataset("packed", Int32, Shape{1000, 1000}, DatasetCreate{Chunks: Shape{100, 1000}, Gzip: 1})
	must(t, err)
	text, err := f.CreateDataset("text", String, Shape{300_000})
	must(t, err)
	must(t, text.Write("x"))
	before := longAfter
	longAfter = 0
	defer func() { longAfter = before; OnLong(nil) }()
	var told []*meter
	OnLong(func(what string, elements int, _ time.Time) Meter {
		m := &meter{what: what, total: elements}
		told = append(told, m)
		return m
	})
	for _, tt := range []struct {
		what  string
		total int
		move  func() error
	}{
		{"write dataset /x", n, func() error { return d.Write(make([]float64, n)) }},
		{"read dataset /x", n, func() error { _, err := d.Slice(); return err }},
		{"write dataset /packed", 1_000_000, func() error { return packed.Write(make([]int32, 1_000_000)) }},
		{"average /x", n, func() error { _, err := d.Mean(); return err }},
		{"count pairs of /x", n, func() error { _, _, _, err := d.Histogram2D(d, 2, 2, Between(0, 1), Between(0, 1)); return err }},
		{"read dataset /text", 300_000, func() error { _, err := text.Slice(); return err }},
	} {
		told = nil
		must(t, tt.move())
		if len(told) != 1 {
			t.Errorf("%s: %d meters", tt.what, len(told))
			continue
		}
		m := told[0]
		same(t, []any{m.what, m.total, m.moved, m.done}, fmt.Sprint([]any{tt.what, tt.total, tt.total, true}))
		if m.calls < 2 {
			t.Errorf("%s: told %d times", tt.what, m.calls)
		}
	}
	told = nil
	_, err = d.Slice(3)
	must(t, err)
	same(t, len(told), 0)
}
