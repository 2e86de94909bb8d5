package tests

import (
	"fmt"
	"os"
	"strconv"
	"testing"
	"time"

	jupyter "gofive/kernel"
	"gofive/kernel/kerneltest"
)

// soakCells is how many cells the short run takes; GOFIVE_SOAK=100000 is the long one.
const soakCells = 600

// soakRound is what people do all day: the same cells again and again.
var soakRound = []struct{ code, want string }{
	{"n := 20\nn + 22", "42"},
	{`fmt.Println("line", n)`, ""},
	{"func double(x int) int { return 2 * x }\ndouble(n)", "40"},
	{`display.Show(display.HTML("<b>bold</b>"))`, ""},
	{"type point struct{ X, Y float64 }\npoint{1, 2}.X", "1"},
	{"var none []int\nnone[3]", ""},
	{"undefinedName", ""},
	{"done := make(chan bool)\ngo func() { done <- true }()\n<-done", "true"},
	{"sum := 0\nfor i := range 1000 { sum += i }\nsum", "499500"},
	{"make([]float64, 100_000)[7]", "0"},
}

// What a run may add to what there is when it begins to be counted, for each cell.
const (
	soakKernel = 2 << 10 // bytes of memory of the kernel process
	soakEngine = 8 << 10 // of the heap of the engine
)

// TestSoak runs many cells in one kernel, and looks at what they leave behind.
func TestSoak(t *testing.T) {
	cells := soakCells
	if text := os.Getenv("GOFIVE_SOAK"); text != "" {
		var err error
		if cells, err = strconv.Atoi(text); err != nil {
			t.Fatalf("GOFIVE_SOAK: %v", err)
		}
	}
	s := serve(t)
	c := kerneltest.NewClient(t, s.dial(), s.conn)
	c.NextType("iopub_welcome", "")
	var before soaked
	for i := range cells {
		cell := soakRound[i%len(soakRound)]
		request := kerneltest.Code(cell.code)
		request.StopOnError = false // a failed cell is then answered at once
		x := c.Do(jupyter.Shell, "execute_request", request)
		if got := resultText(x); got != cell.want {
			t.Fatalf("cell %d, %q: got %q, want %q: %s", i, cell.code, got, cell.want, x.Reply.Content)
		}
		if i == cells/3 { // what it takes to get going has been taken
			before = takeSample(t, s, c)
		}
		if every := max(1, cells/10); i%every == 0 {
			t.Logf("%s after %d cells: %+v", time.Now().Format(time.TimeOnly), i, takeSample(t, s, c))
		}
	}
	after := takeSample(t, s, c)
	t.Logf("after %d cells: %+v", cells, after)
	more := cells - cells/3
	slack := 24 << 20 // garbage that is not collected yet
	if grown := (after.Kernel.resident - before.Kernel.resident) << 10; grown > more*soakKernel+slack {
		t.Errorf("the kernel grew by %d bytes in %d cells, %d a cell are allowed", grown, more, soakKernel)
	}
	if grown := after.Heap - before.Heap; grown > more*soakEngine {
		t.Errorf("the engine grew by %d bytes in %d cells, %d a cell are allowed", grown, more, soakEngine)
	}
	const passing = 4 // files that are open for a moment, as the journal of the history
	if after.Kernel.descriptors > before.Kernel.descriptors+passing || after.Engine.descriptors > before.Engine.descriptors+passing {
		t.Errorf("descriptors are left open: %+v, then %+v", before, after)
	}
	for wait := time.Millisecond; after.Goroutines > before.Goroutines && wait < time.Second; wait *= 2 {
		time.Sleep(wait) // one that is just ending is none that is left
		after.Goroutines = takeSample(t, s, c).Goroutines
	}
	if after.Goroutines > before.Goroutines {
		t.Errorf("%d goroutines are left in the engine, there were %d", after.Goroutines, before.Goroutines)
	}
}

// soaked is what a kernel and its engine take.
type soaked struct {
	Kernel, Engine   usage
	Heap, Goroutines int // of the engine; bytes after a collection
}

func takeSample(t *testing.T, s *served, c *kerneltest.Client) soaked {
	t.Helper()
	var heap, goroutines int
	text := c.Execute("runtime.GC()\nvar m runtime.MemStats\nruntime.ReadMemStats(&m)\nfmt.Print(m.HeapAlloc, runtime.NumGoroutine())").Text("stdout")
	if _, err := fmt.Sscan(text, &heap, &goroutines); err != nil {
		t.Fatal(err)
	}
	engines := enginesOf(t, s.pid)
	if len(engines) != 1 {
		t.Fatalf("engines %v, want one", engines)
	}
	return soaked{usageOf(t, s.pid), usageOf(t, engines[0]), heap, goroutines}
}

// resultText is the plain form of a cell's value, "" when it showed none.
func resultText(x *kerneltest.Exchange) string {
	for _, m := range x.Published {
		if m.Header.Type == "execute_result" {
			data, _ := kerneltest.Content(m)["data"].(map[string]any)
			return fmt.Sprint(data["text/plain"])
		}
	}
	return ""
}
