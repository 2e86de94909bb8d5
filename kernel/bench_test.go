package kernel_test

import (
	"strings"
	"testing"

	"gofive/kernel"
	"gofive/kernel/engine"
	"gofive/kernel/internal/zmq"
	"gofive/kernel/kerneltest"
)

// benchClient is a client of a kernel with real sockets and an engine in memory, so that what is
// measured is the kernel alone.
func benchClient(b *testing.B) (*kerneltest.Client, *kerneltest.Engine) {
	b.Helper()
	conn := &kernel.Connection{Transport: "tcp", IP: "127.0.0.1", SignatureScheme: "hmac-sha256", Key: "k"}
	sockets, err := zmq.Listen(conn)
	if err != nil {
		b.Fatal(err)
	}
	e := kerneltest.NewEngine()
	k, err := kernel.New(kernel.Options{
		Channels: sockets, Connection: conn, FrontEnd: &kerneltest.FrontEnd{},
		StartEngine: func(h engine.Handler) engine.Engine { return e.Bind(h) },
	})
	if err != nil {
		b.Fatal(err)
	}
	go k.Serve(b.Context())
	b.Cleanup(k.Stop)
	link, err := kerneltest.Dial(conn, "c")
	if err != nil {
		b.Fatal(err)
	}
	c := kerneltest.NewClient(b, link, conn)
	c.NextType("iopub_welcome", "")
	return c, e
}

// BenchmarkRoundTrip is a cell from its request to its reply and idle.
func BenchmarkRoundTrip(b *testing.B) {
	c, _ := benchClient(b)
	for b.Loop() {
		c.Execute("result 2")
	}
}

// BenchmarkFlood is 50 MiB of text.
func BenchmarkFlood(b *testing.B) {
	c, e := benchClient(b)
	text := []byte(strings.Repeat("0123456789abcde\n", 1<<12))
	b.SetBytes(50 << 20)
	for b.Loop() {
		id := c.Send(kernel.Shell, "execute_request", kerneltest.Code("hold"))
		c.NextType("execute_input", id)
		for range 800 {
			e.Emit(engine.Event{Kind: engine.Stream, Stream: "stdout", Text: text})
		}
		e.Release()
		c.Wait(id)
	}
}

// BenchmarkPicture is a PNG of 5 MB.
func BenchmarkPicture(b *testing.B) {
	c, e := benchClient(b)
	data := []byte(`{"image/png":"` + strings.Repeat("A", 20<<20/3) + `"}`)
	for b.Loop() {
		id := c.Send(kernel.Shell, "execute_request", kerneltest.Code("hold"))
		c.NextType("execute_input", id)
		e.Emit(engine.Event{Kind: engine.Display, Data: data})
		e.Release()
		c.Wait(id)
	}
}
