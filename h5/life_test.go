package h5

import (
	"path/filepath"
	"runtime"
	"testing"

	"gofive/h5/internal/libhdf5"
)

// TestErrorsBeforeTheEnd fails in many threads, ends the library, and fails again in all of them: the
// error stacks of threads may not reach into the library's next life.
func TestErrorsBeforeTheEnd(t *testing.T) {
	path := sample(t)
	const threads = 16
	step := make([]chan func(), threads)
	done := make(chan bool)
	for i := range step {
		step[i] = make(chan func())
		go func() {
			runtime.LockOSThread() // it ends with the goroutine
			for f := range step[i] {
				f()
				done <- true
			}
		}()
		defer close(step[i])
	}
	everywhere := func(f func()) {
		for _, s := range step {
			s <- f
			<-done
		}
	}
	for range 5 {
		f, err := Open(path)
		must(t, err)
		everywhere(func() {
			if _, _, err := libhdf5.Open(f.h.id, "nothing"); err == nil {
				t.Error("something is there")
			}
		})
		must(t, CloseAll())
		everywhere(func() {
			g, err := Create(filepath.Join(t.TempDir(), "new.h5")) // which fails inside, and goes on
			if err != nil {
				t.Error(err)
				return
			}
			if err := g.Close(); err != nil {
				t.Error(err)
			}
		})
	}
}
