package cell_test

import (
	"runtime"
	"testing"
)

// A cell that runs again leaves next to nothing behind: neither in the engine nor in the session.
func TestRepeatedCellsKeepNothing(t *testing.T) {
	const code = "func norm(x, y float64) float64 { return math.Sqrt(x*x + y*y) }\nn := norm(3, 4)\ns := []float64{n, n / 2}\nfmt.Sprint(s, len(s))"
	nb := newLive(t)
	repeat := func(n int) int64 {
		for range n {
			if got := nb.run(t, code); got != "[5 2.5] 2" {
				t.Fatal(got)
			}
		}
		runtime.GC()
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapAlloc)
	}
	before := repeat(100) // what the first ones load stays
	if each := (repeat(300) - before) / 300; each > 10<<10 {
		t.Errorf("each run of the cell keeps %d bytes", each)
	}
	runtime.KeepAlive(nb)
}
