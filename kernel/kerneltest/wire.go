package kerneltest

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"net"
	"strconv"
	"sync"

	"gofive/kernel"
)

// wireLink is a Link over real sockets: the client's side of ZMTP 3.1 with the NULL mechanism
// (https://rfc.zeromq.org/spec/37/), as much of it as a test needs.
type wireLink struct {
	conns [4]*wireConn
}

// Dial connects a client to the sockets of conn and subscribes to everything.
func Dial(conn *kernel.Connection, identity string) (Link, error) {
	l := &wireLink{}
	ports := [4]int{conn.ShellPort, conn.ControlPort, conn.StdinPort, conn.IOPubPort}
	for ch, port := range ports {
		kind := "DEALER"
		if kernel.Channel(ch) == kernel.IOPub {
			kind = "SUB"
		}
		c, err := dialSocket(conn, port, kind, identity)
		if err != nil {
			l.Close()
			return nil, err
		}
		l.conns[ch] = c
	}
	return l, l.conns[kernel.IOPub].send([][]byte{{1}})
}

// Send implements Link.
func (l *wireLink) Send(ch kernel.Channel, frames [][]byte) error { return l.conns[ch].send(frames) }

// Receive implements Link.
func (l *wireLink) Receive(ch kernel.Channel) ([][]byte, error) { return l.conns[ch].receive() }

// Close implements Link.
func (l *wireLink) Close() {
	for _, c := range l.conns {
		if c != nil {
			c.conn.Close()
		}
	}
}

// Ping sends frames to the heartbeat of conn and gives what comes back.
func Ping(conn *kernel.Connection, frames [][]byte) ([][]byte, error) {
	c, err := dialSocket(conn, conn.HBPort, "REQ", "")
	if err != nil {
		return nil, err
	}
	defer c.conn.Close()
	if err := c.send(frames); err != nil {
		return nil, err
	}
	return c.receive()
}

// wireConn is a connection to one socket.
type wireConn struct {
	conn    net.Conn
	in      *bufio.Reader
	sending sync.Mutex
}

// dialSocket connects and shakes hands.
func dialSocket(conn *kernel.Connection, port int, kind, identity string) (*wireConn, error) {
	network, address := "tcp", net.JoinHostPort(conn.IP, strconv.Itoa(port))
	if conn.Transport == "ipc" {
		network, address = "unix", conn.IP+"-"+strconv.Itoa(port)
	}
	raw, err := net.Dial(network, address)
	if err != nil {
		return nil, err
	}
	c := &wireConn{conn: raw, in: bufio.NewReader(raw)}
	if err := c.shake(kind, identity); err != nil {
		raw.Close()
		return nil, fmt.Errorf("kerneltest: handshake with %s: %w", address, err)
	}
	return c, nil
}

// Greeting is what a socket of a kind, such as DEALER, sends first: its greeting and its READY.
func Greeting(kind, identity string) []byte {
	hello := make([]byte, 64)
	hello[0], hello[9], hello[10], hello[11] = 0xFF, 0x7F, 3, 1
	copy(hello[12:], "NULL")
	ready := "\x05READY"
	for _, property := range [][2]string{{"Socket-Type", kind}, {"Identity", identity}} {
		ready += string(rune(len(property[0]))) + property[0]
		ready += string(binary.BigEndian.AppendUint32(nil, uint32(len(property[1])))) + property[1]
	}
	return append(append(hello, 4, byte(len(ready))), ready...)
}

// shake exchanges greetings and READY commands.
func (c *wireConn) shake(kind, identity string) error {
	hello := Greeting(kind, identity)
	if _, err := c.conn.Write(hello); err != nil {
		return err
	}
	if _, err := io.ReadFull(c.in, make([]byte, 64)); err != nil {
		return err
	}
	flags, body, err := c.frame()
	if err == nil && (flags != 4 || len(body) < 6 || string(body[:6]) != "\x05READY") {
		err = fmt.Errorf("got %q", body)
	}
	return err
}

// send writes a message.
func (c *wireConn) send(frames [][]byte) error {
	if len(frames) == 0 { // ZeroMQ has no message without a frame
		frames = [][]byte{{}}
	}
	var out []byte
	for i, f := range frames {
		flags := byte(2)
		if i < len(frames)-1 {
			flags |= 1
		}
		out = binary.BigEndian.AppendUint64(append(out, flags), uint64(len(f)))
		out = append(out, f...)
	}
	c.sending.Lock()
	defer c.sending.Unlock()
	_, err := c.conn.Write(out)
	return err
}

// receive reads a message.
func (c *wireConn) receive() ([][]byte, error) {
	var frames [][]byte
	for {
		flags, body, err := c.frame()
		if err != nil {
			return nil, err
		}
		if flags&4 != 0 {
			return nil, errors.New("kerneltest: a command where a message should be")
		}
		frames = append(frames, body)
		if flags&1 == 0 {
			return frames, nil
		}
	}
}

// frame reads one frame.
func (c *wireConn) frame() (flags byte, body []byte, err error) {
	if flags, err = c.in.ReadByte(); err != nil {
		return 0, nil, err
	}
	size := make([]byte, 8)
	at := 7
	if flags&2 != 0 {
		at = 0
	}
	if _, err := io.ReadFull(c.in, size[at:]); err != nil {
		return 0, nil, err
	}
	body = make([]byte, binary.BigEndian.Uint64(size))
	_, err = io.ReadFull(c.in, body)
	return flags, body, err
}
