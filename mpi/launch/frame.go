package launch

import (
	"bufio"
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"io"
	"net"
	"os"
	"sync"
	"syscall"
	"time"
)

const (
	// frameHead is a length of 4 bytes and a HMAC-SHA256 of 32.
	frameHead = 4 + sha256.Size
	// frameLimit is the longest payload of a frame.
	frameLimit = 64 << 20
	// frameTrust is how much is allocated for what a length claims before bytes have come.
	frameTrust = 1 << 20
	// handshakeLimit is the longest frame before the other end has proved that it knows the key.
	handshakeLimit = 256
	// handLimit is the longest payload that is written by whoever posts it.
	handLimit = 64 << 10
	// bufferKept is how much memory a link keeps between two frames.
	bufferKept = 4 << 10
)

var (
	errForged  = errors.New("a frame is not authentic: it was changed, repeated or left out")
	errTooLong = errors.New("a frame is too long")
)

// link is one connection of the tree. Frames carry a HMAC over a counter of their direction, so none can be
// changed, repeated, left out, or come in another order. One goroutine receives; any may send.
type link struct {
	conn  net.Conn
	pulse *pulse
	in    *bufio.Reader
	check *seal
	limit int

	writing sync.Mutex // held while a frame is written
	sign    *seal
	buf     []byte
	rest    []byte          // of a frame that the system took a part of
	head    [frameHead]byte // of the frame that is received

	mu     sync.Mutex
	queue  [][]byte // what post has not written yet
	active bool     // a goroutine writes the queue
	failed error
}

// pulse reads from a connection and fails when nothing at all has come for a while. Of a long frame every
// part is a sign of life.
type pulse struct {
	conn     net.Conn
	patience time.Duration // 0: for ever
}

// lastLook is how long is looked once more for what came while this process stood still.
const lastLook = 500 * time.Millisecond

func (p *pulse) Read(b []byte) (int, error) {
	if p.patience == 0 {
		return p.conn.Read(b)
	}
	_ = p.conn.SetReadDeadline(time.Now().Add(p.patience))
	n, err := p.conn.Read(b)
	if n == 0 && errors.Is(err, os.ErrDeadlineExceeded) {
		// A process that was stopped finds its deadline passed although heartbeats wait to be read.
		_ = p.conn.SetReadDeadline(time.Now().Add(lastLook))
		n, err = p.conn.Read(b)
	}
	return n, err
}

// watch lets receive fail when heartbeats are missed, which come every beat.
func (l *link) watch(beat time.Duration) { l.pulse.patience = (beatsMissed + 1) * beat }

// seal makes and checks the HMACs of one direction.
type seal struct {
	mac   hash.Hash
	count uint64
}

func newSeal(key []byte) *seal { return &seal{mac: hmac.New(sha256.New, key)} }

// next appends the HMAC of the next payload to b.
func (s *seal) next(b, payload []byte) []byte {
	var head [12]byte
	binary.BigEndian.PutUint64(head[:], s.count)
	binary.BigEndian.PutUint32(head[8:], uint32(len(payload)))
	s.count++
	s.mac.Reset()
	s.mac.Write(head[:])
	s.mac.Write(payload)
	return s.mac.Sum(b)
}

// send writes a frame and returns when the system has it.
func (l *link) send(payload []byte) error {
	l.writing.Lock()
	defer l.writing.Unlock()
	if err := l.finish(); err != nil {
		return err
	}
	if len(payload) > l.limit {
		return fmt.Errorf("%w: %d bytes, and %d are allowed", errTooLong, len(payload), l.limit)
	}
	_, err := l.conn.Write(l.frame(payload))
	return err
}

// frame gives the next frame, which is good until the one after it; writing is held.
func (l *link) frame(payload []byte) []byte {
	b := binary.BigEndian.AppendUint32(l.buf[:0], uint32(len(payload)))
	b = l.sign.next(b, payload)
	b = append(b, payload...)
	if l.buf = b; cap(b) > bufferKept {
		l.buf = nil
	}
	return b
}

// finish writes what is left of a frame; writing is held.
func (l *link) finish() error {
	if len(l.rest) == 0 {
		return nil
	}
	_, err := l.conn.Write(l.rest)
	l.rest = nil
	return err
}

// post sends a frame without waiting: at once what the system takes, the rest in the background. Frames that are
// posted keep their order. One that cannot be written closes the link, which the receiver notices.
func (l *link) post(payload []byte) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if l.failed != nil || !l.active && l.hand(payload) {
		return
	}
	l.queue = append(l.queue, payload)
	l.drainSoon()
}

// hand gives a short frame to the system, when nobody is writing. It saves a goroutine that would have to be woken
// for that. What the system does not take follows in the background, and so does its error. l.mu is held.
func (l *link) hand(payload []byte) bool {
	conn, ok := l.conn.(syscall.Conn)
	if !ok || len(payload) > handLimit || !l.writing.TryLock() {
		return false
	}
	defer l.writing.Unlock()
	raw, err := conn.SyscallConn()
	if err != nil || len(l.rest) > 0 {
		return false
	}
	b, n := l.frame(payload), 0
	_ = raw.Write(func(fd uintptr) bool {
		n, _ = syscall.Write(int(fd), b)
		return true
	})
	if n = max(n, 0); n < len(b) {
		l.rest = bytes.Clone(b[n:])
		l.drainSoon()
	}
	return true
}

// drainSoon has a goroutine write what is left; l.mu is held.
func (l *link) drainSoon() {
	if !l.active {
		l.active = true
		go l.drain()
	}
}

func (l *link) drain() {
	l.writing.Lock()
	err := l.finish()
	l.writing.Unlock()
	if err != nil {
		l.fail(err)
	}
	for {
		l.mu.Lock()
		queue := l.queue
		l.queue = nil
		if len(queue) == 0 {
			l.active = false
			l.mu.Unlock()
			return
		}
		l.mu.Unlock()
		for _, p := range queue {
			if err := l.send(p); err != nil {
				l.fail(err)
				break
			}
		}
	}
}

// fail closes the link and drops what has not been written.
func (l *link) fail(err error) {
	l.mu.Lock()
	l.failed, l.queue = err, nil
	l.mu.Unlock()
	l.conn.Close()
}

// flushed waits until what was posted has been written, d at most.
func (l *link) flushed(d time.Duration) {
	for end := time.Now().Add(d); time.Now().Before(end); time.Sleep(time.Millisecond) {
		l.mu.Lock()
		active := l.active
		l.mu.Unlock()
		if !active {
			return
		}
	}
}

// receive reads a frame. The payload belongs to the caller.
func (l *link) receive() ([]byte, error) {
	if _, err := io.ReadFull(l.in, l.head[:]); err != nil {
		return nil, err
	}
	n := int(binary.BigEndian.Uint32(l.head[:4]))
	if n > l.limit {
		return nil, fmt.Errorf("%w: it claims %d bytes, and %d are allowed", errTooLong, n, l.limit)
	}
	payload, err := readPayload(l.in, n)
	if err != nil {
		return nil, err
	}
	var sum [sha256.Size]byte
	if !hmac.Equal(l.check.next(sum[:0], payload), l.head[4:]) {
		return nil, errForged
	}
	return payload, nil
}

// readPayload reads n bytes and allocates many only as they come.
func readPayload(r io.Reader, n int) ([]byte, error) {
	if n <= frameTrust {
		p := make([]byte, n)
		_, err := io.ReadFull(r, p)
		return p, err
	}
	var b bytes.Buffer
	b.Grow(frameTrust)
	_, err := io.CopyN(&b, r, int64(n))
	return b.Bytes(), err
}

func (l *link) close() error { return l.conn.Close() }
