package kernel

import (
	"context"

	"gofive/kernel/engine"
)

// futureEngine is an engine that is being started.
type futureEngine struct {
	begin func(engine.Handler) engine.Engine
	ready chan struct{} // closed when made is set
	made  engine.Engine
}

func newFutureEngine(start func(engine.Handler) engine.Engine) *futureEngine {
	return &futureEngine{begin: start, ready: make(chan struct{})}
}

// start makes the engine.
func (f *futureEngine) start(h engine.Handler) {
	f.made = f.begin(h)
	close(f.ready)
}

// get waits for the engine, or for ctx; then it gives nil.
func (f *futureEngine) get(ctx context.Context) engine.Engine {
	select {
	case <-f.ready:
		return f.made
	case <-ctx.Done():
		return nil
	}
}

// life is the number of the process that runs cells, 0 where engines have none, or as long as nothing can
// have been declared.
func (f *futureEngine) life() int64 {
	select {
	case <-f.ready:
	default:
		return 0
	}
	if m, ok := f.made.(engine.Mortal); ok {
		return m.Life()
	}
	return 0
}
