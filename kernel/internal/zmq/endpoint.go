package zmq

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"sync"
	"time"

	"gofive/kernel"
)

const (
	// handshakeTime is how long a new connection may take to say what it is.
	handshakeTime = 10 * time.Second
	// maxConnections is how many connections all endpoints together may have.
	maxConnections = 1024
	// untrusted is how large a message may be from a peer that has not shown a good signature,
	// trusted from one that has, and small where only subscriptions and heartbeats come.
	untrusted = 16 << 20
	trusted   = 1 << 30
	small     = 64 << 10
	// outboxMost is how much may wait for a client, outboxSmall for one that only echoes.
	outboxMost  = 256 << 20
	outboxSmall = 1 << 20
)

// service is what an endpoint does with its peers.
type service interface {
	join(p *peer)                     // a handshake is done
	message(p *peer, frames [][]byte) // of p, in order; p's next is read when it returns
	leave(p *peer)                    // the connection has ended
}

// endpoint listens at one address.
type endpoint struct {
	name     string // in messages, such as "shell"
	kind     string // ZMTP socket type
	limit    int64  // bytes of a message, at first
	most     int64  // bytes in an outbox
	service  service
	listener net.Listener

	peers
	slots chan struct{} // one for each connection, shared by all endpoints
	log   func(cause, text string)

	closing context.Context // done when connections shall end
	end     context.CancelFunc
	ended   sync.WaitGroup // accept and the goroutines of connections
}

// serve accepts connections; it returns at once.
func (e *endpoint) serve(host kernel.Host, slots chan struct{}) {
	e.slots, e.log = slots, host.Log
	e.closing, e.end = context.WithCancel(context.Background())
	e.ended.Go(e.accept)
}

// shut ends all connections, those in their handshake too, and waits for them.
func (e *endpoint) shut() {
	if e.end != nil { // it has been serving
		e.end()
	}
	e.ended.Wait()
}

// accept takes connections until the listener is closed, and does nothing else: what a new one says
// is waited for elsewhere.
func (e *endpoint) accept() {
	pause := time.Millisecond
	for {
		conn, err := e.listener.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil { // too many open files, most likely: trying at once would only burn time
			e.log("accept", fmt.Sprintf("%s: %v", e.name, err))
			time.Sleep(pause)
			pause = min(2*pause, time.Second)
			continue
		}
		pause = time.Millisecond
		select {
		case e.slots <- struct{}{}:
			e.ended.Go(func() { e.connection(conn) })
		default:
			e.log("connection", fmt.Sprintf("%s: refused: there are %d already", e.name, maxConnections))
			conn.Close()
		}
	}
}

// connection serves one connection from its first byte to its end.
func (e *endpoint) connection(conn net.Conn) {
	defer func() { <-e.slots }()
	defer conn.Close()
	defer context.AfterFunc(e.closing, func() { conn.Close() })()
	p, err := e.greet(conn)
	if err != nil {
		e.logEnd(err)
		return
	}
	e.service.join(p)
	defer e.service.leave(p)
	e.add(p)
	defer e.remove(p)
	var writing sync.WaitGroup
	writing.Go(p.run)
	e.logEnd(p.read(e.service))
	p.close()
	writing.Wait()
}

// logEnd notes why a connection ended, unless it is only that the other side has gone: clients come
// and go, some of them before they have said a word.
func (e *endpoint) logEnd(err error) {
	var network *net.OpError
	if err == io.EOF || errors.Is(err, io.ErrUnexpectedEOF) || errors.As(err, &network) && !network.Timeout() {
		return
	}
	e.log("connection", fmt.Sprintf("%s: %v", e.name, err))
}

// greet asks who is there and shakes hands.
func (e *endpoint) greet(conn net.Conn) (*peer, error) {
	if err := allowed(conn); err != nil {
		return nil, err
	}
	conn.SetDeadline(time.Now().Add(handshakeTime))
	if _, err := conn.Write(hello(e.kind)); err != nil {
		return nil, err
	}
	in := newReader(conn, small)
	identity, err := shake(in, e.kind)
	if err != nil {
		reason := err.Error()[:min(len(err.Error()), 255)]
		conn.Write(encodeCommand("ERROR", append([]byte{byte(len(reason))}, reason...)))
		return nil, fmt.Errorf("handshake: %w", err)
	}
	conn.SetDeadline(time.Time{})
	in.limit.Store(e.limit)
	return newPeer(conn, in, identity, e.most), nil
}
