package launch

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// portBuffer is what a connection of a Port reads ahead: little, as most of what comes is large.
const portBuffer = 4 << 10

// Port is where ranks of a cluster can bring and take data past the control tree. It belongs to whoever
// opened it, and lives for one transfer.
type Port struct {
	listener net.Listener
	key      []byte
	dir      string // of the cluster
	own      string // a folder for the socket, "" for none
}

// OpenPort opens a port for the ranks of the cluster that dir describes. It listens where they reach their
// kernel: on a unix socket when all are of this computer, else on the interface that leads to them.
func OpenPort(dir string) (*Port, error) {
	c, err := directory(dir).readConnection()
	if err != nil {
		return nil, err
	}
	p := &Port{key: c.Key, dir: dir}
	for _, a := range c.Addresses {
		network, where, err := splitAddress(a)
		if err == nil && network == "tcp" {
			host, _, _ := net.SplitHostPort(where)
			p.listener, err = net.Listen("tcp", net.JoinHostPort(host, "0"))
			return p, err
		}
	}
	if p.own, err = os.MkdirTemp("", "gofive-"); err != nil {
		return nil, err
	}
	p.listener, err = net.Listen("unix", filepath.Join(p.own, "data"))
	return p, err
}

// Ticket is what a rank needs to Dial. It holds no secret.
func (p *Port) Ticket() string {
	return p.listener.Addr().Network() + ":" + p.listener.Addr().String() + " " + p.dir
}

// Accept gives the next connection of somebody who knows the key of the cluster. It fails with net.ErrClosed
// after Close.
func (p *Port) Accept() (net.Conn, error) {
	for {
		conn, err := p.listener.Accept()
		if err != nil {
			return nil, err
		}
		if c, err := proven(conn, p.key, accepted); err == nil {
			return c, nil
		}
	}
}

// Close ends Accept. Connections stay.
func (p *Port) Close() error {
	err := p.listener.Close()
	if p.own != "" {
		err = errors.Join(err, os.RemoveAll(p.own))
	}
	return err
}

// Dial connects to the Port that wrote the ticket.
func Dial(ticket string) (net.Conn, error) {
	address, dir, found := strings.Cut(ticket, " ")
	network, where, err := splitAddress(address)
	if err != nil || !found {
		return nil, fmt.Errorf("%q is no ticket of a port", ticket)
	}
	c, err := directory(dir).readConnection()
	if err != nil {
		return nil, err
	}
	conn, err := net.DialTimeout(network, where, dialTime)
	if err != nil {
		return nil, err
	}
	return proven(conn, c.Key, dialed)
}

// proven gives a connection when the other end knows the key. What follows the handshake is not sealed.
func proven(conn net.Conn, key []byte, me side) (net.Conn, error) {
	l, err := shake(conn, key, me, portBuffer)
	if err != nil {
		conn.Close()
		return nil, err
	}
	return bulk{conn, l}, conn.SetDeadline(time.Time{})
}

// bulk is a connection behind its handshake.
type bulk struct {
	net.Conn
	link *link
}

func (b bulk) Read(p []byte) (int, error) { return b.link.in.Read(p) }

// Dir is the folder that describes the cluster.
func (c *Cluster) Dir() string { return string(c.dir) }
