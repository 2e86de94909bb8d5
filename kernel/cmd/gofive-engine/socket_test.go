package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"gofive/kernel/engine"
)

// TestMain lets the test executable be the engine that it tests.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "serve" {
		main()
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// TestClosedDescriptors closes by number what an engine has open; the cell ends, and so does the next.
func TestClosedDescriptors(t *testing.T) {
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	var mu sync.Mutex
	var lost []string
	p := engine.Start(self, func(e engine.Event) {
		mu.Lock()
		defer mu.Unlock()
		if e.Kind == engine.Lost {
			lost = append(lost, string(e.Text))
		}
	})
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	t.Cleanup(func() { p.Close(ctx) })
	for run, statement := range []string{
		`os.NewFile(3, "x").Close()`,
		`os.ReadFile("/dev/null")`,
		`os.NewFile(3, "x").Close()`,
	} {
		n := run + 1
		source := fmt.Sprintf("package main\nimport rt%d \"gofive/kernel/interp\"\nimport os%d \"os\"\nfunc cell%d(run *rt%d.Run) { %s }\n",
			n, n, n, n, strings.Replace(statement, "os.", fmt.Sprintf("os%d.", n), 1))
		f := p.Run(ctx, &engine.Program{Run: int64(n), Name: fmt.Sprintf("In[%d]", n), Source: source, Entry: fmt.Sprintf("cell%d", n)})
		if f != nil {
			t.Errorf("%s: %v", statement, f)
		}
	}
	mu.Lock()
	defer mu.Unlock()
	if len(lost) > 0 {
		t.Errorf("engines lost: %q", lost)
	}
}
