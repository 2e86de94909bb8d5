package zmq

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/go-zeromq/zmq4"

	"gofive/kernel"
)

// host is a kernel that answers nothing.
type host struct {
	mu  sync.Mutex
	log []string
}

func (h *host) Welcome(topic []byte) [][]byte {
	return [][]byte{[]byte("welcome"), topic}
}

func (h *host) Missed(last [][]byte, bytes int64) [][]byte {
	return [][]byte{[]byte("missed"), last[0], fmt.Append(nil, bytes)}
}

func (h *host) Log(cause, text string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.log = append(h.log, cause+": "+text)
}

// open listens and serves until the test ends.
func open(t *testing.T, transport string) (*Sockets, *kernel.Connection) {
	t.Helper()
	conn := connection(t, transport)
	s, err := Listen(conn)
	if err != nil {
		t.Fatal(err)
	}
	s.Start(&host{})
	t.Cleanup(func() { s.Close(canceled()) })
	return s, conn
}

// canceled is a context that leaves no time.
func canceled() context.Context {
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	return ctx
}

func connection(t *testing.T, transport string) *kernel.Connection {
	c := &kernel.Connection{Transport: transport, IP: "127.0.0.1"}
	if transport == "ipc" {
		c.IP = filepath.Join(t.TempDir(), "k")
	}
	return c
}

// url is where another implementation finds a port.
func url(c *kernel.Connection, port int) string {
	if c.Transport == "ipc" {
		return fmt.Sprintf("ipc://%s-%d", c.IP, port)
	}
	return fmt.Sprintf("tcp://%s:%d", c.IP, port)
}

// TestOtherImplementation talks to clients of go-zeromq.
func TestOtherImplementation(t *testing.T) {
	for _, transport := range []string{"tcp", "ipc"} {
		t.Run(transport, func(t *testing.T) {
			s, conn := open(t, transport)
			ctx, cancel := context.WithCancel(context.Background())
			defer cancel()

			dealer := zmq4.NewDealer(ctx, zmq4.WithID(zmq4.SocketIdentity("me")))
			defer dealer.Close()
			check(t, dealer.Dial(url(conn, conn.ShellPort)))
			big := bytes.Repeat([]byte("x"), 1<<20)
			check(t, dealer.SendMulti(zmq4.NewMsgFrom([]byte("a"), nil, big)))
			frames, err := s.Receive(kernel.Shell)
			check(t, err)
			same(t, frames, []byte("me"), []byte("a"), nil, big)
			check(t, s.Send(kernel.Shell, frames))
			back, err := dealer.Recv()
			check(t, err)
			same(t, back.Frames, []byte("a"), nil, big)

			sub := zmq4.NewSub(ctx)
			defer sub.Close()
			check(t, sub.Dial(url(conn, conn.IOPubPort)))
			check(t, sub.SetOption(zmq4.OptionSubscribe, "k"))
			m, err := sub.Recv()
			check(t, err)
			same(t, m.Frames, []byte("welcome"), []byte("k"))
			s.Publish([][]byte{[]byte("other"), []byte("1")}, false)
			s.Publish([][]byte{[]byte("kernel"), []byte("2")}, false)
			m, err = sub.Recv()
			check(t, err)
			same(t, m.Frames, []byte("kernel"), []byte("2"))

			req := zmq4.NewReq(ctx)
			defer req.Close()
			check(t, req.Dial(url(conn, conn.HBPort)))
			check(t, req.Send(zmq4.NewMsgString("ping")))
			m, err = req.Recv()
			check(t, err)
			same(t, m.Frames, []byte("ping"))
		})
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// same compares frames.
func same(t *testing.T, got [][]byte, want ...[]byte) {
	t.Helper()
	ok := len(got) == len(want)
	for i := 0; ok && i < len(want); i++ {
		ok = bytes.Equal(got[i], want[i])
	}
	if !ok {
		t.Fatalf("got %.80q, want %.80q", got, want)
	}
}

// subscriber is a connection to iopub that has subscribed to everything and reads when it is told.
type subscriber struct {
	net.Conn
	in *reader
}

func subscribe(t *testing.T, conn *kernel.Connection) *subscriber {
	t.Helper()
	raw, err := net.Dial("tcp", net.JoinHostPort(conn.IP, fmt.Sprint(conn.IOPubPort)))
	check(t, err)
	t.Cleanup(func() { raw.Close() })
	_, err = raw.Write(append(hello("SUB"), encodeCommand("SUBSCRIBE", nil)...))
	check(t, err)
	in := newReader(raw, trusted)
	check(t, readGreeting(in.r))
	if _, command, err := in.next(); err != nil || !command {
		t.Fatalf("no READY: %v", err)
	}
	s := &subscriber{raw, in}
	same(t, s.next(t), []byte("welcome"), nil)
	return s
}

func (s *subscriber) next(t *testing.T) [][]byte {
	t.Helper()
	s.SetReadDeadline(time.Now().Add(20 * time.Second))
	frames, _, err := s.in.next()
	check(t, err)
	return frames
}

// TestSlowSubscriber has one that reads nothing while 60 MiB are published. It loses text and
// nothing else, is told so, and another one loses nothing.
func TestSlowSubscriber(t *testing.T) {
	s, conn := open(t, "tcp")
	slow, quick := subscribe(t, conn), subscribe(t, conn)
	const count = 60
	text := bytes.Repeat([]byte("t"), 1<<20)
	var others sync.WaitGroup
	others.Go(func() {
		for range 2 * count {
			quick.next(t)
		}
	})
	for i := range count {
		s.Publish([][]byte{[]byte("stream"), text}, true)
		s.Publish([][]byte{[]byte("status"), fmt.Append(nil, i)}, false)
	}
	others.Wait()
	texts, statuses, note := 0, 0, ""
	for statuses < count || note == "" {
		switch frames := slow.next(t); string(frames[0]) {
		case "stream":
			texts++
		case "status":
			if got := string(frames[1]); got != fmt.Sprint(statuses) {
				t.Fatalf("status %s, want %d", got, statuses)
			}
			statuses++
		case "missed":
			note = string(frames[2])
		}
	}
	wire := len(encode([][]byte{[]byte("stream"), text}))
	if want := fmt.Sprint((count - texts) * wire); note != want || texts == count {
		t.Errorf("%d texts came and the note says %s bytes, want %s", texts, note, want)
	}
	s.Publish([][]byte{[]byte("stream"), []byte("again")}, true)
	same(t, slow.next(t), []byte("stream"), []byte("again"))
}

// TestCloseDrains closes right behind 2,000 messages.
func TestCloseDrains(t *testing.T) {
	s, conn := open(t, "tcp")
	sub := subscribe(t, conn)
	const count = 2000
	for i := range count {
		s.Publish([][]byte{[]byte("status"), fmt.Append(nil, i)}, false)
	}
	closed := make(chan error)
	go func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		closed <- s.Close(ctx)
	}()
	for i := range count {
		same(t, sub.next(t), []byte("status"), fmt.Append(nil, i))
	}
	check(t, <-closed)
}

func TestPortInUse(t *testing.T) {
	_, conn := open(t, "tcp")
	free := *conn
	free.ShellPort = 0
	_, err := Listen(&free)
	if err == nil || !strings.Contains(err.Error(), "zmq: control socket") || !strings.Contains(err.Error(), "another kernel may be running") {
		t.Errorf("error %v, want the control socket and what to look for", err)
	}
	l, err := net.Listen("tcp", net.JoinHostPort(free.IP, fmt.Sprint(free.ShellPort)))
	if err != nil {
		t.Fatalf("the shell socket was left bound: %v", err)
	}
	l.Close()
}

// TestSocketFiles binds where a file already is.
func TestSocketFiles(t *testing.T) {
	for _, test := range []struct {
		name    string
		prepare func(t *testing.T, path string)
		want    string
	}{
		{"nothing", func(*testing.T, string) {}, ""},
		{"left by a killed kernel", func(t *testing.T, path string) {
			l, err := net.Listen("unix", path)
			check(t, err)
			l.(*net.UnixListener).SetUnlinkOnClose(false)
			l.Close()
		}, ""},
		{"of a kernel that lives", func(t *testing.T, path string) {
			l, err := net.Listen("unix", path)
			check(t, err)
			t.Cleanup(func() { l.Close() })
		}, fmt.Sprintf("is in use by process %d", os.Getpid())},
		{"a file", func(t *testing.T, path string) { check(t, os.WriteFile(path, nil, 0o600)) }, "exists and is no socket"},
	} {
		t.Run(test.name, func(t *testing.T) {
			conn := connection(t, "ipc")
			conn.ShellPort = 1
			test.prepare(t, conn.IP+"-1")
			s, err := Listen(conn)
			if test.want != "" {
				if err == nil || !strings.Contains(err.Error(), test.want) {
					t.Fatalf("error %v, want %q", err, test.want)
				}
				return
			}
			check(t, err)
			info, err := os.Stat(conn.IP + "-1")
			check(t, err)
			if mode := info.Mode().Perm(); mode != 0o600 {
				t.Errorf("mode %v, want 0600", mode)
			}
			check(t, s.Close(t.Context()))
			if left, _ := filepath.Glob(conn.IP + "-*"); left != nil {
				t.Errorf("left behind: %v", left)
			}
		})
	}
}

func TestLongPath(t *testing.T) {
	conn := &kernel.Connection{Transport: "ipc", IP: filepath.Join(t.TempDir(), strings.Repeat("x", 120))}
	if _, err := Listen(conn); err == nil || !strings.Contains(err.Error(), "107 are allowed") {
		t.Errorf("error %v, want the length that is allowed", err)
	}
}

// TestPeerUID finds out who is at the other end of our own connections.
func TestPeerUID(t *testing.T) {
	for _, address := range []struct{ network, at string }{
		{"tcp", "127.0.0.1:0"}, {"tcp", "[::1]:0"}, {"unix", filepath.Join(t.TempDir(), "s")},
	} {
		t.Run(address.network+" "+address.at, func(t *testing.T) {
			l, err := net.Listen(address.network, address.at)
			if err != nil {
				t.Skipf("SKIP: cannot listen: %v", err)
			}
			defer l.Close()
			client, err := net.Dial(address.network, l.Addr().String())
			check(t, err)
			defer client.Close()
			server, err := l.Accept()
			check(t, err)
			defer server.Close()
			uid, known := peerUID(server)
			if !known || int(uid) != os.Geteuid() {
				t.Errorf("user %d, known %v, want %d", uid, known, os.Geteuid())
			}
			if err := allowed(server); err != nil {
				t.Errorf("we are not allowed: %v", err)
			}
		})
	}
}

// BenchmarkUID is what a connection costs before its handshake.
func BenchmarkUID(b *testing.B) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		b.Fatal(err)
	}
	defer l.Close()
	client, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		b.Fatal(err)
	}
	defer client.Close()
	server, err := l.Accept()
	if err != nil {
		b.Fatal(err)
	}
	defer server.Close()
	for b.Loop() {
		if _, known := peerUID(server); !known {
			b.Fatal("unknown")
		}
	}
}

// TestOtherUser connects as nobody, which takes root.
func TestOtherUser(t *testing.T) {
	if os.Geteuid() != 0 {
		t.Skip("SKIP: only root can connect as another user")
	}
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Skipf("SKIP: no bash to connect as another user: %v", err)
	}
	_, conn := open(t, "tcp")
	const nobody = 65534
	cmd := exec.Command(bash, "-c", fmt.Sprintf("exec 3<>/dev/tcp/127.0.0.1/%d && cat <&3", conn.ShellPort))
	cmd.Dir = "/"
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: nobody, Gid: nobody}}
	out, err := cmd.CombinedOutput()
	if len(out) > 0 {
		t.Errorf("user nobody was told %q, error %v, want nothing", out, err)
	}
}
