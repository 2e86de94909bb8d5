package launch

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"
)

// pair connects two sockets.
func pair(t *testing.T) (a, b net.Conn) {
	t.Helper()
	l, err := net.Listen("unix", filepath.Join(t.TempDir(), "s"))
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	a, err = net.Dial("unix", l.Addr().String())
	if err == nil {
		b, err = l.Accept()
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { a.Close(); b.Close() })
	return a, b
}

// shaken makes links of two connections that lead to each other.
func shaken(a, b net.Conn, keyA, keyB []byte) (la, lb *link, errA, errB error) {
	done := make(chan struct{})
	go func() {
		defer close(done)
		if lb, errB = shake(b, keyB, accepted, linkBuffer); errB != nil {
			b.Close()
		}
	}()
	if la, errA = shake(a, keyA, dialed, linkBuffer); errA != nil {
		a.Close()
	}
	<-done
	return
}

// wire carries frames from one connection to another; change says what becomes of each.
func wire(from, to net.Conn, change func(n int, frame []byte) [][]byte) {
	defer to.Close()
	greeting := make([]byte, len(wireName)+nonceSize)
	io.ReadFull(from, greeting)
	to.Write(greeting)
	for n := 0; ; n++ {
		head := make([]byte, frameHead)
		if _, err := io.ReadFull(from, head); err != nil {
			return
		}
		frame := append(head, make([]byte, binary.BigEndian.Uint32(head))...)
		if _, err := io.ReadFull(from, frame[frameHead:]); err != nil {
			return
		}
		for _, f := range change(n, frame) {
			to.Write(f)
		}
	}
}

// TestAttacks sits between two ends. Frame 0 ends the handshake; 1 to 3 are "one", "two", "three".
func TestAttacks(t *testing.T) {
	var held []byte
	tests := []struct {
		name   string
		change func(n int, frame []byte) [][]byte
		want   []string
		err    error
	}{
		{"none", func(n int, f []byte) [][]byte { return [][]byte{f} }, []string{"one", "two", "three"}, io.EOF},
		{"repeated", func(n int, f []byte) [][]byte { return [][]byte{f, f}[:1+n/2] }, []string{"one", "two"}, errForged},
		{"left out", func(n int, f []byte) [][]byte {
			if n == 2 {
				return nil
			}
			return [][]byte{f}
		}, []string{"one"}, errForged},
		{"another order", func(n int, f []byte) [][]byte {
			switch n {
			case 2:
				held = f
				return nil
			case 3:
				return [][]byte{f, held}
			}
			return [][]byte{f}
		}, []string{"one"}, errForged},
		{"changed text", func(n int, f []byte) [][]byte {
			if n == 2 {
				f[len(f)-1] ^= 1
			}
			return [][]byte{f}
		}, []string{"one"}, errForged},
		{"changed seal", func(n int, f []byte) [][]byte {
			if n == 2 {
				f[5] ^= 1
			}
			return [][]byte{f}
		}, []string{"one"}, errForged},
		{"changed length", func(n int, f []byte) [][]byte {
			if n == 2 {
				f[3]--
				f = f[:len(f)-1]
			}
			return [][]byte{f}
		}, []string{"one"}, errForged},
		{"huge length", func(n int, f []byte) [][]byte {
			if n == 2 {
				f[0] = 0xff
			}
			return [][]byte{f}
		}, []string{"one"}, errTooLong},
	}
	key := bytes.Repeat([]byte{7}, keySize)
	for _, tt := range tests {
		a, m1 := pair(t)
		m2, b := pair(t)
		go wire(m1, m2, tt.change)
		go io.Copy(m1, m2)
		la, lb, errA, errB := shaken(a, b, key, key)
		if errA != nil || errB != nil {
			t.Fatalf("%s: %v, %v", tt.name, errA, errB)
		}
		for _, text := range []string{"one", "two", "three"} {
			la.send([]byte(text))
		}
		a.Close()
		var got []string
		var err error
		for err == nil {
			var p []byte
			if p, err = lb.receive(); err == nil {
				got = append(got, string(p))
			}
		}
		if !slices.Equal(got, tt.want) || !errors.Is(err, tt.err) {
			t.Errorf("%s: got %q and %v, want %q and %v", tt.name, got, err, tt.want, tt.err)
		}
	}
}

// TestPost posts more than the system takes while nobody reads: posting does not wait, and all comes whole and in order.
func TestPost(t *testing.T) {
	a, b := pair(t)
	la, lb, _, _ := shaken(a, b, []byte("k"), []byte("k"))
	const frames = 200
	for i := range frames {
		la.post(bytes.Repeat([]byte{byte(i)}, []int{10, handLimit, handLimit + 1}[i%3]))
	}
	for i := range frames {
		p, err := lb.receive()
		if err != nil || len(p) < 10 || p[0] != byte(i) || p[len(p)-1] != byte(i) {
			t.Fatalf("frame %d: got %d bytes and %v", i, len(p), err)
		}
	}
	b.Close()
	for deadline := time.Now().Add(10 * time.Second); ; la.post([]byte("into nothing")) {
		la.mu.Lock()
		failed := la.failed
		la.mu.Unlock()
		if failed != nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatal("a link that nobody reads any more does not fail")
		}
	}
}

// TestPulse: what came while this process stood still, beyond its deadline, is a sign of life. Silence is none.
func TestPulse(t *testing.T) {
	a, b := pair(t)
	a.Write([]byte("beat"))
	p := pulse{conn: &stopped{Conn: b}, patience: 10 * time.Millisecond}
	text := make([]byte, 4)
	if n, err := p.Read(text); string(text[:n]) != "beat" || err != nil {
		t.Errorf("got %q, %v", text[:n], err)
	}
	if n, err := p.Read(text); n > 0 || !errors.Is(err, os.ErrDeadlineExceeded) {
		t.Errorf("of a silent connection: %d bytes, %v", n, err)
	}
}

// stopped is the connection of a process that stands still until the deadline of its first read has passed.
type stopped struct {
	net.Conn
	once sync.Once
}

func (s *stopped) Read(p []byte) (n int, err error) {
	s.once.Do(func() { err = os.ErrDeadlineExceeded })
	if err != nil {
		return 0, err
	}
	return s.Conn.Read(p)
}

func TestHandshake(t *testing.T) {
	right, wrong := bytes.Repeat([]byte{7}, keySize), bytes.Repeat([]byte{8}, keySize)
	a, b := pair(t)
	if _, _, errA, errB := shaken(a, b, wrong, right); !errors.Is(errB, errKey) || errA == nil {
		t.Errorf("a wrong key: got %v and %v, want %v", errA, errB, errKey)
	}
	a, b = pair(t)
	go io.Copy(a, a) // says back what it hears
	if _, err := shake(b, right, accepted, linkBuffer); !errors.Is(err, errKey) {
		t.Errorf("an echo: got %v, want %v", err, errKey)
	}
	a, b = pair(t)
	go a.Write([]byte(strings.Repeat("GET / HTTP/1.1\r\n", 10)))
	if _, err := shake(b, right, accepted, linkBuffer); !errors.Is(err, errKey) {
		t.Errorf("another protocol: got %v, want %v", err, errKey)
	}
	// The frames of one connection do not fit another, be it of the same key.
	a, b = pair(t)
	l1, _, _, _ := shaken(a, b, right, right)
	a, b = pair(t)
	_, l2, _, _ := shaken(a, b, right, right)
	var recorded bytes.Buffer
	l1.conn = recorder{l1.conn, &recorded}
	l1.send([]byte("again"))
	a.Write(recorded.Bytes())
	if p, err := l2.receive(); !errors.Is(err, errForged) {
		t.Errorf("a frame of another connection: got %q, %v, want %v", p, err, errForged)
	}
}

type recorder struct {
	net.Conn
	to io.Writer
}

func (r recorder) Write(p []byte) (int, error) { return r.to.Write(p) }

// TestLongClaim claims a long frame and sends little: memory is taken for what comes alone.
func TestLongClaim(t *testing.T) {
	a, b := pair(t)
	_, lb, _, _ := shaken(a, b, []byte("k"), []byte("k"))
	head := make([]byte, frameHead)
	binary.BigEndian.PutUint32(head, frameLimit)
	a.Write(append(head, 1, 2, 3))
	a.Close()
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	_, err := lb.receive()
	runtime.ReadMemStats(&after)
	if took := after.TotalAlloc - before.TotalAlloc; err == nil || took > 4<<20 {
		t.Errorf("got %v, and %d bytes taken", err, took)
	}
}

// TestStrangers dials a kernel and a leader without the key: nothing is said, and the ranks do not notice.
func TestStrangers(t *testing.T) {
	c := startLocal(t, 2, 1)
	l, err := c.dir.readLeader()
	if err != nil {
		t.Fatal(err)
	}
	for _, where := range []string{l.Unix, strings.TrimPrefix(c.hub.addresses[0], "unix:")} {
		conn, err := net.Dial("unix", where)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := shake(conn, make([]byte, keySize), dialed, linkBuffer); err == nil {
			t.Errorf("%s takes a wrong key", where)
		}
		conn.SetDeadline(time.Now().Add(time.Second))
		if n, err := conn.Read(make([]byte, 100)); n > 0 || err == nil {
			t.Errorf("%s goes on after a wrong key: %d bytes", where, n)
		}
		conn.Close()
	}
	if o := must(t, c, script(1, "all print ok"), nil); !o.OK() {
		t.Errorf("got %+v", o)
	}
}

// TestMalformed feeds all decoders with the beginnings of good messages and with noise: they fail and
// do not panic.
func TestMalformed(t *testing.T) {
	good := [][]byte{
		(&order{run: 3, id: 9, targets: Ranks(0, 2, 3), payload: []byte("x")}).encode(),
		(&join{rank: 1, size: 4, leader: true, last: 2, targets: All(4)}).encode(),
		(&attach{epoch: 2, seen: 300}).encode(),
		encodeGroups(7, []group{{kind: Stdout, run: 1, merge: true, ranks: All(9), payload: []byte("a\n")}, {kind: kindEnded, run: 1, ranks: All(9)}}),
	}
	decode := func(p []byte) {
		decodeOrder(p)
		decodeJoin(p)
		decodeAttach(p)
		decodeGroups(p)
		decodeNumber(p)
	}
	for _, g := range good {
		for n := 1; n <= len(g); n++ {
			decode(g[:n])
			for _, bit := range []byte{1, 0x40, 0x80, 0xff} {
				bad := slices.Clone(g)
				bad[n-1] ^= bit
				decode(bad)
			}
		}
	}
	if _, groups, err := decodeGroups(good[3]); err != nil || len(groups) != 2 || groups[1].ranks.String() != "[0-8]" || string(groups[0].payload) != "a\n" {
		t.Errorf("got %+v, %v", groups, err)
	}
	if _, _, err := decodeGroups(append(slices.Clone(good[3]), 1, 0, 0xff)); err == nil {
		t.Error("groups with a broken end are taken")
	}
}
