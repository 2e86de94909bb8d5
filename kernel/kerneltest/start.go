package kerneltest

import (
	"bytes"
	"context"
	"sync"
	"testing"

	"gofive/kernel"
	"gofive/kernel/engine"
)

// System is a kernel in memory with one client.
type System struct {
	*Client
	Kernel   *kernel.Kernel
	Engine   *Engine
	FrontEnd *FrontEnd
	Channels *Channels
	Conn     *kernel.Connection
	Log      *Log
	// Done is closed when Kernel.Serve has returned.
	Done <-chan struct{}
}

// Start serves a kernel until the test ends. Change may alter its options; nil leaves them.
func Start(t testing.TB, change func(*kernel.Options)) *System {
	t.Helper()
	s := &System{
		FrontEnd: &FrontEnd{}, Engine: NewEngine(), Channels: NewChannels(), Log: &Log{},
		Conn: &kernel.Connection{SignatureScheme: "hmac-sha256", Key: "secret"},
	}
	o := kernel.Options{
		Channels: s.Channels, Connection: s.Conn, FrontEnd: s.FrontEnd, Version: "test", Log: s.Log,
		StartEngine: func(h engine.Handler) engine.Engine { return s.Engine },
	}
	if change != nil {
		change(&o)
	}
	start := o.StartEngine
	o.StartEngine = func(h engine.Handler) engine.Engine {
		s.Engine.Bind(h)
		return start(h)
	}
	k, err := kernel.New(o)
	if err != nil {
		t.Fatal(err)
	}
	s.Kernel = k
	s.serve(t)
	return s
}

// serve runs the kernel and connects the client.
func (s *System) serve(t testing.TB) {
	s.Client = NewClient(t, s.Channels.Connect("client"), s.Conn)
	done := make(chan struct{})
	s.Done = done
	go func() {
		defer close(done)
		s.Kernel.Serve(context.Background())
	}()
	t.Cleanup(func() {
		s.Kernel.Stop()
		<-done
	})
}

// Log keeps what a kernel logs.
type Log struct {
	mu   sync.Mutex
	text bytes.Buffer
}

// Write implements io.Writer.
func (l *Log) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

// String gives all lines so far.
func (l *Log) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}
