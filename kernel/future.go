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
