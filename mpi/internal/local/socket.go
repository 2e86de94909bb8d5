package local

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"syscall"
	"time"
)

// meetingPatience is how long ranks wait for each other at the start.
var meetingPatience = 30 * time.Second

// hello is what each rank says first.
type hello struct {
	Magic  [8]byte
	Rank   int64
	PID    int64
	Cookie uint64 // the address of a word in its memory,
	Value  uint64 // and what is there: see reach
}

var magic = [8]byte{'g', 'o', 'f', 'i', 'v', 'e', '-', '1'}

// connect makes a link to every other rank: those before this one are called, those behind it call.
func (n *node) connect(dir string) error {
	if n.size == 1 {
		return nil
	}
	allowReach()
	path := filepath.Join(dir, socketName(n.rank))
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: path, Net: "unix"})
	if err != nil {
		return fmt.Errorf("listen for the other ranks: %w", err)
	}
	defer listener.Close()
	deadline := time.Now().Add(meetingPatience)
	sockets := make([]*socket, n.size)
	for rank := range n.rank {
		if sockets[rank], err = n.dial(dir, rank, deadline); err != nil {
			return n.absent(sockets, err)
		}
	}
	for range n.size - 1 - n.rank {
		if err := n.answer(listener, sockets, deadline); err != nil {
			return n.absent(sockets, err)
		}
	}
	for rank, s := range sockets {
		if s != nil {
			n.links[rank] = s
		}
	}
	for rank, s := range sockets {
		if s != nil {
			go s.listen(n, rank)
		}
	}
	return nil
}

func socketName(rank int) string { return fmt.Sprintf("mpi-%d", rank) }

// absent says who has not come, and hangs up.
func (n *node) absent(sockets []*socket, err error) error {
	var missing []int
	for rank, s := range sockets {
		switch {
		case s != nil:
			s.conn.Close()
		case rank != n.rank:
			missing = append(missing, rank)
		}
	}
	if errors.Is(err, os.ErrDeadlineExceeded) {
		return fmt.Errorf("rank %d has waited %v for ranks %v", n.rank, meetingPatience, missing)
	}
	return err
}

// dial calls a rank until it listens.
func (n *node) dial(dir string, rank int, deadline time.Time) (*socket, error) {
	addr := &net.UnixAddr{Name: filepath.Join(dir, socketName(rank)), Net: "unix"}
	for pause := time.Millisecond; ; pause = min(2*pause, 20*time.Millisecond) {
		conn, err := net.DialUnix("unix", nil, addr)
		if err == nil {
			return n.greet(conn, rank, deadline)
		}
		if !errors.Is(err, syscall.ENOENT) && !errors.Is(err, syscall.ECONNREFUSED) {
			return nil, fmt.Errorf("call rank %d: %w", rank, err)
		}
		if time.Now().After(deadline) {
			return nil, os.ErrDeadlineExceeded
		}
		time.Sleep(pause)
	}
}

func (n *node) answer(listener *net.UnixListener, sockets []*socket, deadline time.Time) error {
	if err := listener.SetDeadline(deadline); err != nil {
		return err
	}
	conn, err := listener.AcceptUnix()
	if err != nil {
		return err
	}
	s, err := n.greet(conn, -1, deadline)
	if err == nil && (s.rank <= n.rank || s.rank >= n.size || sockets[s.rank] != nil) {
		err = fmt.Errorf("rank %d has come unexpectedly; two jobs may share a directory", s.rank)
	}
	if err == nil {
		sockets[s.rank] = s
	}
	return err
}

// greet tells each other who one is. want is -1 for whoever calls.
func (n *node) greet(conn *net.UnixConn, want int, deadline time.Time) (*socket, error) {
	if err := conn.SetDeadline(deadline); err != nil {
		return nil, err
	}
	mine := hello{magic, int64(n.rank), int64(os.Getpid()), cookieAddress(), cookie}
	var theirs hello
	err := binary.Write(conn, binary.LittleEndian, &mine)
	if err == nil {
		err = binary.Read(conn, binary.LittleEndian, &theirs)
	}
	if err == nil && (theirs.Magic != magic || want >= 0 && int(theirs.Rank) != want) {
		err = errors.New("something else than a rank of this job is in its directory")
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	raw, err := conn.SyscallConn()
	if err != nil {
		return nil, err
	}
	s := &socket{conn: conn, raw: raw, rank: int(theirs.Rank), from: n.rank}
	if reach(int(theirs.PID), theirs.Cookie, theirs.Value) {
		s.pid = int(theirs.PID)
	}
	return s, conn.SetDeadline(time.Time{})
}

// socket is the link to a rank that is another process.
type socket struct {
	conn       *net.UnixConn
	raw        syscall.RawConn
	from, rank int
	pid        int // of the other, when its memory can be read; else 0

	mu      sync.Mutex
	queue   []outgoing
	writing bool
	broken  bool
}

// outgoing is a header, or a body, that the socket had no room for.
type outgoing struct {
	b    []byte
	done func() // may be nil
}

func (s *socket) put(h *header, body []byte) {
	b := append(h.append(make([]byte, 0, headerSize+len(body))), body...)
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 && !s.writing {
		b = b[s.now(b):]
	}
	if len(b) > 0 {
		s.later(outgoing{b: b})
	}
}

// now writes what the socket takes without waiting; s.mu is held.
func (s *socket) now(b []byte) (n int) {
	_ = s.raw.Write(func(fd uintptr) bool { // what fails here fails in the writer, or the listener sees it
		n, _ = syscall.Write(int(fd), b)
		return true
	})
	return max(0, n)
}

// later leaves something to the writer; s.mu is held.
func (s *socket) later(o outgoing) {
	s.queue = append(s.queue, o)
	if !s.writing && !s.broken {
		s.writing = true
		go s.write()
	}
}

// write writes the queue.
func (s *socket) write() {
	for {
		s.mu.Lock()
		if len(s.queue) == 0 {
			s.writing = false
			s.mu.Unlock()
			return
		}
		o := s.queue[0]
		s.queue = s.queue[1:]
		s.mu.Unlock()
		if _, err := s.conn.Write(o.b); err != nil { // the listener says that the rank is gone
			s.mu.Lock()
			s.broken, s.writing, s.queue = true, false, nil
			s.mu.Unlock()
			return
		}
		if o.done != nil {
			o.done()
		}
	}
}

// partSize is how much of a long message goes at once: other messages go between the parts.
const partSize = 1 << 20

func (s *socket) stream(h *header, body []byte, done func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for part := range slices.Chunk(body, partSize) {
		h.size = len(part)
		s.later(outgoing{b: h.append(nil)})
		s.later(outgoing{b: part})
	}
	s.queue[len(s.queue)-1].done = done
}

func (s *socket) pull(h *header, dst []byte) bool {
	return s.pid != 0 && readMemory(s.pid, h.addr, dst)
}

// close says goodbye, and hangs up when that is written.
func (s *socket) close() {
	s.put(&header{kind: bye}, nil)
	for deadline := time.Now().Add(time.Second); time.Now().Before(deadline); time.Sleep(time.Millisecond) {
		s.mu.Lock()
		idle := !s.writing
		s.mu.Unlock()
		if idle {
			break
		}
	}
	_ = s.conn.CloseWrite() // the other reads to the end, and may be gone
}

// listen hands what comes from the rank to the node, until it ends.
func (s *socket) listen(n *node, rank int) {
	r := bufio.NewReaderSize(s.conn, 64<<10)
	defer s.conn.Close()
	var buf [headerSize]byte
	body := func(dst []byte) error {
		_, err := io.ReadFull(r, dst)
		return err
	}
	for {
		if err := body(buf[:]); err != nil {
			break
		}
		h := readHeader(buf[:])
		if h.kind == bye {
			return
		}
		if err := n.handle(rank, &h, body); err != nil {
			break
		}
	}
	n.lose(rank)
}
