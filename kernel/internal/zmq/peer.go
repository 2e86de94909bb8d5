package zmq

import (
	"net"
	"slices"
	"sync"
)

// peer is one connection whose handshake is done.
type peer struct {
	*outbox
	in       *reader
	identity string
	gone     chan struct{} // closed when nothing will be read any more

	subscriptions // of a subscriber
}

// commands that a peer may send at any time.
const (
	commandPing      = "PING"
	commandPong      = "PONG"
	commandSubscribe = "SUBSCRIBE"
	commandCancel    = "CANCEL"
)

// pingContext is how many bytes of a PING are sent back at most.
const pingContext = 16

// read hands messages and commands of p to s until the connection ends; the error is io.EOF when
// it ended between two messages.
func (p *peer) read(s service) error {
	defer close(p.gone)
	for {
		frames, command, err := p.in.next()
		if err != nil {
			return err
		}
		if !command {
			s.message(p, frames)
			continue
		}
		if err := p.command(s, frames[0]); err != nil {
			return err
		}
	}
}

// command answers PING, and hands on subscriptions as the messages that they were before ZMTP 3.1.
func (p *peer) command(s service, body []byte) error {
	name, data, err := splitCommand(body)
	if err != nil {
		return err
	}
	switch name {
	case commandPing:
		if len(data) >= 2 { // a time to live comes first
			context := data[2:]
			p.put(encodeCommand(commandPong, context[:min(len(context), pingContext)]))
		}
	case commandSubscribe:
		s.message(p, [][]byte{slices.Concat([]byte{1}, data)})
	case commandCancel:
		s.message(p, [][]byte{slices.Concat([]byte{0}, data)})
	}
	return nil
}

// peers are the connections of an endpoint.
type peers struct {
	mu  sync.Mutex
	all map[*peer]struct{}
}

func (ps *peers) add(p *peer) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	if ps.all == nil {
		ps.all = make(map[*peer]struct{})
	}
	ps.all[p] = struct{}{}
}

func (ps *peers) remove(p *peer) {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	delete(ps.all, p)
}

// list gives those that are connected now.
func (ps *peers) list() []*peer {
	ps.mu.Lock()
	defer ps.mu.Unlock()
	list := make([]*peer, 0, len(ps.all))
	for p := range ps.all {
		list = append(list, p)
	}
	return list
}

// newPeer makes a peer of a connection; most is the limit of its outbox.
func newPeer(conn net.Conn, in *reader, identity string, most int64) *peer {
	return &peer{outbox: newOutbox(conn, most), in: in, identity: identity, gone: make(chan struct{})}
}
