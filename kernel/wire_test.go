package kernel_test

import (
	"context"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"time"

	"gofive/kernel"
	"gofive/kernel/engine"
	"gofive/kernel/internal/zmq"
	"gofive/kernel/kerneltest"
	"gofive/kernel/msg"
)

// wireTests are the ways in which a client reaches a kernel.
var wireTests = []struct{ transport, scheme, key string }{
	{"tcp", "hmac-sha256", "a0b1"},
	{"tcp", "hmac-sha512", "a0b1"},
	{"ipc", "hmac-sha384", "a0b1"},
	{"ipc", "hmac-sha256", ""},
}

// onWire runs a test over each of them.
func onWire(t *testing.T, test func(t *testing.T, w *wire)) {
	for _, c := range wireTests {
		t.Run(c.transport+" "+c.scheme+" key="+c.key, func(t *testing.T) {
			test(t, startWire(t, c.transport, c.scheme, c.key))
		})
	}
}

// wire is a kernel with real sockets.
type wire struct {
	t      *testing.T
	kernel *kernel.Kernel
	conn   *kernel.Connection
	engine *kerneltest.Engine
	log    *kerneltest.Log
	done   chan struct{}
}

func startWire(t *testing.T, transport, scheme, key string) *wire {
	t.Helper()
	return startWireWith(t, transport, scheme, key, "")
}

// startWireWith is startWire with a history file.
func startWireWith(t *testing.T, transport, scheme, key, history string) *wire {
	t.Helper()
	w := &wire{t: t, log: &kerneltest.Log{}, done: make(chan struct{})}
	w.conn = &kernel.Connection{Transport: transport, IP: "127.0.0.1", SignatureScheme: scheme, Key: key}
	if transport == "ipc" {
		w.conn.IP = filepath.Join(t.TempDir(), "k")
	}
	sockets, err := zmq.Listen(w.conn)
	if err != nil {
		t.Fatal(err)
	}
	w.engine = kerneltest.NewEngine()
	w.kernel, err = kernel.New(kernel.Options{
		Channels: sockets, Connection: w.conn, FrontEnd: &kerneltest.FrontEnd{}, Log: w.log, History: history,
		StartEngine: func(h engine.Handler) engine.Engine { return w.engine.Bind(h) },
	})
	if err != nil {
		t.Fatal(err)
	}
	go func() {
		defer close(w.done)
		w.kernel.Serve(context.Background())
	}()
	t.Cleanup(func() {
		w.kernel.Stop()
		<-w.done
	})
	return w
}

// client connects a new client, and waits until it is subscribed.
func (w *wire) client(identity string) *kerneltest.Client {
	w.t.Helper()
	link, err := kerneltest.Dial(w.conn, identity)
	if err != nil {
		w.t.Fatal(err)
	}
	c := kerneltest.NewClient(w.t, link, w.conn)
	c.NextType("iopub_welcome", "")
	return c
}

// raw opens a connection to a port and sends bytes.
func (w *wire) raw(port int, bytes string) net.Conn {
	w.t.Helper()
	network, address := "tcp", net.JoinHostPort(w.conn.IP, strconv.Itoa(port))
	if w.conn.Transport == "ipc" {
		network, address = "unix", w.conn.IP+"-"+strconv.Itoa(port)
	}
	c, err := net.Dial(network, address)
	if err != nil {
		w.t.Fatal(err)
	}
	w.t.Cleanup(func() { c.Close() })
	c.Write([]byte(bytes)) // the kernel may hang up in the middle of it
	return c
}

// TestWire does with real sockets what front ends do.
func TestWire(t *testing.T) {
	onWire(t, func(t *testing.T, w *wire) {
		c := w.client("c1")
		for _, ch := range []kernel.Channel{kernel.Shell, kernel.Control} {
			if got := c.Do(ch, "kernel_info_request", struct{}{}).Get("status"); got != "ok" {
				t.Errorf("kernel_info on %s: %v, want ok", ch, got)
			}
		}
		x := c.Execute("print hello\nshow d one\nresult 2")
		if got, want := x.Types(), "busy execute_input stream display_data execute_result idle"; got != want {
			t.Errorf("published %s, want %s", got, want)
		}
		id := c.Send(kernel.Shell, "execute_request", kerneltest.Code("ask name"))
		c.NextType("input_request", id)
		c.SendMessage(kernel.Stdin, &msg.Message{Header: c.Header("input_reply"), Content: []byte(`{"value":"me"}`)})
		if got := c.Wait(id).Text("stdout"); got != "answer: me\n" {
			t.Errorf("stdout %q, want the answer", got)
		}
		frames := [][]byte{{}, []byte("ping"), []byte("more")}
		if back, err := kerneltest.Ping(w.conn, frames); err != nil || fmt.Sprint(back) != fmt.Sprint(frames) {
			t.Errorf("heartbeat: %q, %v", back, err)
		}
		if x := c.Do(kernel.Control, "shutdown_request", msg.ShutdownRequest{}); x.Get("restart") != false || x.Types() != "busy idle" {
			t.Errorf("shutdown: %s, %s", x.Reply.Content, x.Types())
		}
		<-w.done
		again, err := zmq.Listen(w.conn)
		if err != nil {
			t.Fatalf("a restart cannot listen: %v", err)
		}
		again.Close(t.Context())
	})
}

// greeting is what a DEALER, or another socket, sends first.
func greeting(kind string) string { return string(kerneltest.Greeting(kind, "")) }

// hostile is what nobody should send. After each a good client is served as ever.
var hostile = []struct{ name, bytes string }{
	{"nothing", ""},
	{"HTTP", "GET / HTTP/1.1\r\nHost: x\r\n\r\n"},
	{"half a greeting", greeting("DEALER")[:20]},
	{"ZMTP 2", "\xff\x00\x00\x00\x00\x00\x00\x00\x01\x7f\x01\x05\x00\x00"},
	{"CURVE", strings.Replace(greeting("DEALER"), "NULL\x00", "CURVE", 1)},
	{"wrong socket type", greeting("PUSH")},
	{"no READY", greeting("DEALER")[:64] + "\x04\x06\x05HELLO"},
	{"broken metadata", greeting("DEALER")[:64] + "\x04\x0b\x05READY\xff\x00\x00\x00\x00"},
	{"message instead of READY", greeting("DEALER")[:64] + "\x00\x01x"},
	{"reserved flags", greeting("DEALER") + "\xf8\x01x"},
	{"frame of 2^50 bytes", greeting("DEALER") + "\x02\x00\x04\x00\x00\x00\x00\x00\x00xyz"},
	{"frame of 2^63 bytes", greeting("DEALER") + "\x02\x80\x00\x00\x00\x00\x00\x00\x00xyz"},
	{"announced and never sent", greeting("DEALER") + "\x02\x00\x00\x00\x00\x00\xf0\x00\x00xyz"},
	{"frames without end", greeting("DEALER") + strings.Repeat("\x01\x00", 10000)},
	{"command inside a message", greeting("DEALER") + "\x01\x01x\x04\x05\x04PING"},
	{"command without name", greeting("DEALER") + "\x04\x00"},
	{"command that is shorter than its name", greeting("DEALER") + "\x04\x02\x20x"},
	{"unknown command", greeting("DEALER") + "\x04\x05\x04WHAT"},
	{"short PING", greeting("DEALER") + "\x04\x05\x04PING"},
	{"garbage message", greeting("DEALER") + "\x01\x03abc\x00\x03def"},
	{"delimiter alone", greeting("DEALER") + "\x00\x09<IDS|MSG>"},
	{"bad signature", greeting("DEALER") + "\x01\x09<IDS|MSG>\x01\x02aa\x01\x02{}\x01\x02{}\x01\x02{}\x00\x02{}"},
	{"subscription of 60 KiB", greeting("SUB") + "\x02\x00\x00\x00\x00\x00\x00\xf0\x00\x01" + strings.Repeat("x", 61439)},
	{"subscriptions without end", greeting("SUB") + strings.Repeat("\x00\x01\x01", 5000)},
	{"cancel of nothing", greeting("SUB") + "\x00\x01\x00\x04\x07\x06CANCEL"},
}

func TestHostileClients(t *testing.T) {
	onWire(t, func(t *testing.T, w *wire) {
		old := w.client("old")
		for _, h := range hostile {
			for _, port := range []int{w.conn.ShellPort, w.conn.ControlPort, w.conn.StdinPort, w.conn.IOPubPort, w.conn.HBPort} {
				w.raw(port, h.bytes)
			}
			if got := old.Execute("print a").Text("stdout"); got != "a\n" {
				t.Errorf("after %s an old client gets %q", h.name, got)
			}
			if got := w.client("new").Execute("print b").Text("stdout"); got != "b\n" {
				t.Errorf("after %s a new client gets %q", h.name, got)
			}
		}
	})
}

// TestPing expects the same context back, of at most 16 bytes.
func TestPing(t *testing.T) {
	onWire(t, func(t *testing.T, w *wire) {
		for _, context := range []string{"", "abc", "0123456789abcdef"} {
			ping := "\x04PING\x00\x0a" + context
			c := w.raw(w.conn.ShellPort, greeting("DEALER")+"\x04"+string(rune(len(ping)))+ping)
			pong := "\x04PONG" + context
			want := "\x04" + string(rune(len(pong))) + pong
			got := readAfterHandshake(t, c, len(want))
			if got != want {
				t.Errorf("PING %q: got %q, want %q", context, got, want)
			}
		}
	})
}

// readAfterHandshake skips greeting and READY and reads n bytes.
func readAfterHandshake(t *testing.T, c net.Conn, n int) string {
	t.Helper()
	c.SetReadDeadline(time.Now().Add(20 * time.Second))
	read := func(n int) []byte {
		b := make([]byte, n)
		for at := 0; at < n; {
			m, err := c.Read(b[at:])
			if err != nil {
				t.Fatal(err)
			}
			at += m
		}
		return b
	}
	read(64)
	header := read(2)
	read(int(header[1]))
	return string(read(n))
}

// TestStalledClient has a client that asks for everything and reads nothing.
func TestStalledClient(t *testing.T) {
	w := startWire(t, "tcp", "hmac-sha256", "k")
	w.raw(w.conn.IOPubPort, greeting("SUB")+"\x00\x01\x01")
	c := w.client("c1")
	text := strings.Repeat("0123456789abcde\n", 1<<16)
	id := c.Send(kernel.Shell, "execute_request", kerneltest.Code("hold\nprint end"))
	w.engine.AwaitRan(1)
	for range 48 {
		w.engine.Emit(engine.Event{Kind: engine.Stream, Run: 1, Stream: "stdout", Text: []byte(text)})
	}
	w.engine.Release()
	if got := len(c.Wait(id).Text("stdout")); got != 48<<20+len("end\n") {
		t.Errorf("%d bytes of text came, want 48 MiB and an end", got)
	}
}

func TestManySilentClients(t *testing.T) {
	w := startWire(t, "tcp", "hmac-sha256", "k")
	for range 100 {
		w.raw(w.conn.ShellPort, "")
		w.raw(w.conn.IOPubPort, greeting("SUB"))
	}
	if got := w.client("c").Execute("print b").Text("stdout"); got != "b\n" {
		t.Errorf("a client beside 200 silent ones gets %q", got)
	}
}

// storms are what one who means harm, or a broken client in a loop, does with many connections or one. All
// that they sent is still there when memory is looked at.
var storms = []struct {
	name  string
	storm func(w *wire)
}{
	{"10,000 subscriptions", func(w *wire) {
		var wire strings.Builder
		for i := range 10_000 {
			topic := "\x01" + strings.Repeat("t", 200) + strconv.Itoa(i)
			wire.WriteString("\x00" + string([]byte{byte(len(topic))}) + topic)
		}
		c := w.raw(w.conn.IOPubPort, greeting("SUB")+wire.String())
		go io.Copy(io.Discard, c)
	}},
	{"subscriptions whose welcomes nobody reads", func(w *wire) {
		for range 20 {
			c := w.raw(w.conn.IOPubPort, greeting("SUB"))
			c.SetWriteDeadline(time.Now().Add(time.Second))
			c.Write([]byte(strings.Repeat("\x00\x01\x01\x00\x01\x00", 50_000)))
		}
	}},
	{"16 MB announced on each of 200 connections", func(w *wire) {
		for range 200 {
			w.raw(w.conn.ShellPort, greeting("DEALER")+"\x02\x00\x00\x00\x00\x00\xf0\x00\x00"+strings.Repeat("x", 1000))
		}
	}},
	{"the same identity 200 times", func(w *wire) {
		for range 200 {
			w.raw(w.conn.ShellPort, string(kerneltest.Greeting("DEALER", "same")))
		}
	}},
	{"10,000 messages with a wrong signature", func(w *wire) {
		w.raw(w.conn.ShellPort, greeting("DEALER")+strings.Repeat("\x01\x09<IDS|MSG>\x01\x02aa\x01\x02{}\x01\x02{}\x01\x02{}\x00\x02{}", 10_000))
	}},
	{"heartbeats that nobody reads", func(w *wire) {
		c := w.raw(w.conn.HBPort, greeting("DEALER"))
		c.SetWriteDeadline(time.Now().Add(time.Second))
		beat := "\x02\x00\x00\x00\x00\x00\x00\xf0\x00" + strings.Repeat("x", 0xf000)
		c.Write([]byte(strings.Repeat(beat, 500)))
	}},
	{"more connections than are allowed", func(w *wire) {
		for range 1100 {
			w.raw(w.conn.ControlPort, "")
		}
	}},
}

// stormMemory is how much memory of the kernel, and of the test's own, a storm may hold.
const stormMemory = 24 << 20

func TestStorms(t *testing.T) {
	for _, s := range storms {
		t.Run(s.name, func(t *testing.T) {
			w := startWire(t, "tcp", "hmac-sha256", "k")
			c := w.client("good")
			c.Execute("print a")
			before := heap()
			s.storm(w)
			for range 5 {
				if got := c.Execute("print b").Text("stdout"); got != "b\n" {
					t.Errorf("a good client gets %q", got)
				}
			}
			if grown := heap() - before; grown > stormMemory {
				t.Errorf("%d bytes are held, %d are allowed", grown, stormMemory)
			}
		})
	}
}

// heap is how much memory is in use.
func heap() int {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return int(m.HeapAlloc)
}

// TestRoomAgain fills all connections and gives them back: the next client is served.
func TestRoomAgain(t *testing.T) {
	w := startWire(t, "tcp", "hmac-sha256", "k")
	var held []net.Conn
	for range 1100 {
		held = append(held, w.raw(w.conn.ShellPort, ""))
	}
	for late := time.Now().Add(20 * time.Second); !strings.Contains(w.log.String(), "refused: there are"); time.Sleep(time.Millisecond) {
		if time.Now().After(late) {
			t.Fatal("1,100 connections and none is refused")
		}
	}
	for _, c := range held {
		c.Close()
	}
	for late := time.Now().Add(20 * time.Second); ; time.Sleep(time.Millisecond) {
		link, err := kerneltest.Dial(w.conn, "c")
		if err == nil {
			c := kerneltest.NewClient(t, link, w.conn)
			c.NextType("iopub_welcome", "")
			c.Execute("print b")
			return
		}
		if time.Now().After(late) {
			t.Fatal(err)
		}
	}
}

// TestIdentityHandover reconnects under the same identity while the old connection still stands.
func TestIdentityHandover(t *testing.T) {
	onWire(t, func(t *testing.T, w *wire) {
		w.client("same").Do(kernel.Shell, "kernel_info_request", struct{}{})
		c := w.client("same")
		if got := c.Execute("result 2").Get("status"); got != "ok" {
			t.Errorf("the newest client of an identity gets %v, want ok", got)
		}
	})
}

// TestClientsComeAndGo has clients without identity, each of which gets its own replies, and looks
// for what they leave behind.
func TestClientsComeAndGo(t *testing.T) {
	onWire(t, func(t *testing.T, w *wire) {
		before := descriptors(t)
		var links []kerneltest.Link
		for range 20 {
			link, err := kerneltest.Dial(w.conn, "")
			if err != nil {
				t.Fatal(err)
			}
			links = append(links, link)
		}
		for _, link := range links {
			c := kerneltest.NewClient(t, link, w.conn)
			c.NextType("iopub_welcome", "") // before it, what the kernel publishes may miss the client
			if got := c.Do(kernel.Shell, "kernel_info_request", struct{}{}).Get("status"); got != "ok" {
				t.Errorf("a client without identity gets %v, want ok", got)
			}
		}
		for _, link := range links {
			link.Close()
		}
		late := time.Now().Add(20 * time.Second)
		for descriptors(t) > before {
			if time.Now().After(late) {
				t.Fatalf("%d descriptors are open, %d before the clients came", descriptors(t), before)
			}
			time.Sleep(time.Millisecond)
		}
	})
}

// descriptors counts the open files of this process.
func descriptors(t *testing.T) int {
	t.Helper()
	list, err := os.ReadDir("/proc/self/fd")
	if err != nil {
		t.Skipf("SKIP: cannot count open files: %v", err)
	}
	return len(list)
}

// TestConnectionFiles reads files that cannot be served.
func TestConnectionFiles(t *testing.T) {
	good := `{"transport":"tcp","ip":"127.0.0.1","shell_port":1,"control_port":2,"stdin_port":3,"iopub_port":4,"hb_port":5,"key":"k","signature_scheme":"hmac-sha256"}`
	for _, test := range []struct{ name, text, want string }{
		{"good", good, ""},
		{"not JSON", "shell_port: 1", "it should be the JSON object that Jupyter writes"},
		{"unknown transport", strings.Replace(good, "tcp", "udp", 1), `unknown transport "udp": use tcp or ipc`},
		{"unknown scheme", strings.Replace(good, "sha256", "md5", 1), `unknown signature scheme "hmac-md5"`},
		{"CURVE", strings.Replace(good, "{", `{"curve_publickey":"x",`, 1), "CURVE encryption"},
		{"no ports", `{"ip":"127.0.0.1"}`, "shell_port is 0: it should be between 1 and 65535"},
		{"no ip", strings.Replace(good, "127.0.0.1", "", 1), "no ip"},
	} {
		t.Run(test.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "c.json")
			if err := os.WriteFile(path, []byte(test.text), 0o600); err != nil {
				t.Fatal(err)
			}
			_, err := kernel.ReadConnection(path)
			if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
				t.Errorf("error %v, want %q", err, test.want)
			}
		})
	}
	if _, err := kernel.ReadConnection(filepath.Join(t.TempDir(), "missing")); err == nil {
		t.Error("a missing file was read")
	}
}
