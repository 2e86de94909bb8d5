package zmq

import (
	"bytes"
	"time"

	"gofive/kernel"
)

const (
	// outboxFull is when the publisher waits for a subscriber.
	outboxFull = 32 << 20
	// patience is how long it waits for progress bytes to be taken, in so many ticks. A server that is busy for
	// half a second, with a notebook to save, say, should lose nothing; one that reads nothing costs this once.
	patience = time.Second
	ticks    = 40
	progress = 1 << 20
	// A subscription that is longer than any topic of ours is not kept, and of the others so many.
	maxTopic         = 256
	maxSubscriptions = 1024
)

// xpub sends messages to all peers that subscribed to their topic.
type xpub struct {
	endpoint *endpoint
	host     kernel.Host // set before the endpoint serves
}

// subscriptions are what a peer wants, and what it missed. The peer's mu guards them.
type subscriptions struct {
	topics   map[string]int // how often it subscribed
	total    int
	welcomes int      // sent
	lagging  bool     // text is left out until half of a full outbox is drained
	missed   int64    // bytes left out
	last     [][]byte // the latest message left out
}

// join lets p learn what it missed as soon as it has caught up.
func (x *xpub) join(p *peer) {
	p.topics = make(map[string]int)
	p.drained = func() {
		if p.lagging && p.waiting <= outboxFull/2 && !p.broken {
			p.lagging = false
			note := encode(x.host.Missed(p.last, p.missed))
			p.missed, p.last = 0, nil
			p.add(note)
		}
	}
}

func (x *xpub) leave(*peer) {}

// message takes a subscription: 1 or 0 and a topic.
func (x *xpub) message(p *peer, frames [][]byte) {
	if len(frames) != 1 || len(frames[0]) == 0 || len(frames[0]) > maxTopic {
		return
	}
	what, topic := frames[0][0], string(frames[0][1:])
	p.mu.Lock()
	defer p.mu.Unlock()
	switch {
	case what == 1 && p.total < maxSubscriptions:
		if p.welcomes < maxSubscriptions || p.waiting == 0 { // else it comes and goes, and does not read
			p.add(encode(x.host.Welcome(frames[0][1:])))
			p.welcomes++
		}
		p.topics[topic]++
		p.total++
	case what == 0 && p.topics[topic] > 0:
		p.total--
		if p.topics[topic]--; p.topics[topic] == 0 {
			delete(p.topics, topic)
		}
	}
}

// publish sends a message to all that want it. Only one goroutine may call it.
func (x *xpub) publish(frames [][]byte, text bool) {
	wire := encode(frames)
	for _, p := range x.endpoint.list() {
		p.deliver(frames, wire, text)
	}
}

// deliver queues a message for p, if it wants it, when there is space. A peer that does not make
// space in time is not waited for again until it has: it gets everything but text.
func (p *peer) deliver(frames [][]byte, wire []byte, text bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.wants(frames[0]) {
		return
	}
	if !p.lagging && p.waiting > outboxFull {
		p.lagging = !p.waitForSpace()
	}
	if p.lagging && text {
		p.missed += int64(len(wire))
		p.last = frames
		return
	}
	p.add(wire)
}

// wants reports whether p subscribed to topic or a beginning of it; mu is held.
func (p *peer) wants(topic []byte) bool {
	for prefix := range p.topics {
		if bytes.HasPrefix(topic, []byte(prefix)) {
			return true
		}
	}
	return false
}

// waitForSpace waits until p's outbox is no longer full, as long as p makes progress. It is called
// with mu held and gives it up while it waits.
//
// It counts ticks and not the time: a machine that is too busy to run us is too busy to run p, and a
// ticker drops the ticks that nobody has taken.
func (p *peer) waitForSpace() bool {
	tick := time.NewTicker(patience / ticks)
	defer tick.Stop()
	since, left := p.taken, ticks
	for p.waiting > outboxFull && !p.broken {
		p.mu.Unlock()
		select {
		case <-p.moved:
		case <-tick.C:
			left--
		}
		p.mu.Lock()
		switch {
		case p.taken-since >= progress:
			since, left = p.taken, ticks
		case left <= 0:
			return p.waiting <= outboxFull
		}
	}
	return true
}
