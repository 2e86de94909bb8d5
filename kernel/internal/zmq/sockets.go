package zmq

import (
	"context"
	"fmt"
	"time"

	"gofive/kernel"
)

// Sockets are the five sockets of a kernel. They implement kernel.Channels.
type Sockets struct {
	routers   [3]*router // shell, control, stdin
	xpub      *xpub
	endpoints []*endpoint
}

// Listen binds the sockets of a connection; nobody is served before Start. A port that is 0 becomes
// a free one, and conn learns which. On an error nothing is bound.
func Listen(conn *kernel.Connection) (*Sockets, error) {
	s := &Sockets{}
	for i := range s.routers {
		s.routers[i] = newRouter()
	}
	iopub := &endpoint{name: "iopub", kind: "XPUB", limit: small, most: outboxMost}
	s.xpub = &xpub{endpoint: iopub}
	iopub.service = s.xpub
	s.endpoints = []*endpoint{
		s.router(kernel.Shell), s.router(kernel.Control), s.router(kernel.Stdin), iopub,
		{name: "heartbeat", kind: "REP", limit: small, most: outboxSmall, service: echo{}},
	}
	ports := []*int{&conn.ShellPort, &conn.ControlPort, &conn.StdinPort, &conn.IOPubPort, &conn.HBPort}
	for i, e := range s.endpoints {
		l, err := listen(conn.Transport, conn.IP, ports[i])
		if err != nil {
			s.unbind()
			return nil, fmt.Errorf("zmq: %s socket: %w", e.name, err)
		}
		e.listener = l
	}
	return s, nil
}

// router makes the endpoint of a channel that messages come on.
func (s *Sockets) router(ch kernel.Channel) *endpoint {
	return &endpoint{name: ch.String(), kind: "ROUTER", limit: untrusted, most: outboxMost, service: s.routers[ch]}
}

// unbind frees the addresses.
func (s *Sockets) unbind() {
	for _, e := range s.endpoints {
		if e.listener != nil {
			e.listener.Close() // a Unix socket's file is removed by this too
		}
	}
}

// Start implements kernel.Channels.
func (s *Sockets) Start(host kernel.Host) {
	s.xpub.host = host
	slots := make(chan struct{}, maxConnections)
	for _, e := range s.endpoints {
		e.serve(host, slots)
	}
}

// Receive implements kernel.Channels.
func (s *Sockets) Receive(ch kernel.Channel) ([][]byte, error) { return s.routers[ch].receive() }

// Send implements kernel.Channels.
func (s *Sockets) Send(ch kernel.Channel, frames [][]byte) error { return s.routers[ch].send(frames) }

// Publish implements kernel.Channels.
func (s *Sockets) Publish(frames [][]byte, text bool) { s.xpub.publish(frames, text) }

// Trust implements kernel.Channels.
func (s *Sockets) Trust(ch kernel.Channel, identity []byte) {
	if p := s.routers[ch].find(identity); p != nil {
		p.in.limit.Store(trusted)
	}
}

// lingering is how long the other side is given to hang up first, once everything is written.
const lingering = 50 * time.Millisecond

// Close implements kernel.Channels. What was sent is written out and the other side told that
// nothing follows; peers that have not taken everything when ctx is done lose the rest.
func (s *Sockets) Close(ctx context.Context) error {
	s.unbind()
	for _, r := range s.routers {
		r.close()
	}
	var left []*peer
	for _, e := range s.endpoints {
		left = append(left, e.list()...)
	}
	late := flush(ctx, left)
	ctx, cancel := context.WithTimeout(ctx, lingering)
	defer cancel()
	for _, p := range left {
		within(ctx, p.gone)
		p.close()
	}
	for _, e := range s.endpoints {
		e.shut()
	}
	if late > 0 {
		return fmt.Errorf("zmq: %d clients did not take everything that was sent", late)
	}
	return nil
}

// flush writes what waits for the peers, and counts those for which there was no time.
func flush(ctx context.Context, list []*peer) (late int) {
	for _, p := range list {
		p.finish()
	}
	for _, p := range list {
		if !within(ctx, p.done) {
			late++
		}
	}
	return late
}

// within waits for done, and reports false if ctx was done before it.
func within(ctx context.Context, done <-chan struct{}) bool {
	select {
	case <-done:
		return true
	case <-ctx.Done():
	}
	select { // where both are, select chooses any
	case <-done:
		return true
	default:
		return false
	}
}
