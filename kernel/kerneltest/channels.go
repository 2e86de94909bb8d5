package kerneltest

import (
	"context"
	"fmt"
	"sync"

	"gofive/kernel"
)

// Channels are the sockets of a kernel in memory. Every client that connects subscribes to all
// topics.
type Channels struct {
	in [3]*mailbox // shell, control, stdin

	mu    sync.Mutex
	host  kernel.Host // nil before Start
	links map[string]*memoryLink
	shut  bool
}

// NewChannels returns Channels without clients.
func NewChannels() *Channels {
	return &Channels{
		in:    [3]*mailbox{newMailbox(), newMailbox(), newMailbox()},
		links: make(map[string]*memoryLink),
	}
}

// Start implements kernel.Channels.
func (c *Channels) Start(host kernel.Host) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.host = host
	for _, l := range c.links {
		l.out[kernel.IOPub].put(host.Welcome(nil))
	}
}

// Receive implements kernel.Channels.
func (c *Channels) Receive(ch kernel.Channel) ([][]byte, error) { return c.in[ch].get() }

// Send implements kernel.Channels.
func (c *Channels) Send(ch kernel.Channel, frames [][]byte) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := c.links[string(frames[0])]
	if l == nil || c.shut {
		return fmt.Errorf("kerneltest: no client %q on %s", frames[0], ch)
	}
	l.out[ch].put(frames[1:])
	return nil
}

// Publish implements kernel.Channels.
func (c *Channels) Publish(frames [][]byte, text bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	for _, l := range c.links {
		l.out[kernel.IOPub].put(frames)
	}
}

// Trust implements kernel.Channels; in memory everything is small.
func (c *Channels) Trust(kernel.Channel, []byte) {}

// Close implements kernel.Channels.
func (c *Channels) Close(context.Context) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.shut = true
	for _, m := range c.in {
		m.close()
	}
	for _, l := range c.links {
		l.close()
	}
	return nil
}

// Connect returns the link of a new client.
func (c *Channels) Connect(identity string) Link {
	c.mu.Lock()
	defer c.mu.Unlock()
	l := &memoryLink{channels: c, identity: identity}
	for i := range l.out {
		l.out[i] = newMailbox()
	}
	c.links[identity] = l
	if c.host != nil {
		l.out[kernel.IOPub].put(c.host.Welcome(nil))
	}
	return l
}

// Disconnect closes the link of a client.
func (c *Channels) Disconnect(identity string) {
	c.mu.Lock()
	l := c.links[identity]
	c.mu.Unlock()
	if l != nil {
		l.Close()
	}
}

// Link is one client's end of a kernel's channels.
type Link interface {
	// Send sends frames, without identity, on Shell, Control or Stdin.
	Send(ch kernel.Channel, frames [][]byte) error
	// Receive waits for the next message, which has no identity; on IOPub it begins with the
	// topic. After Close, or when the kernel has gone, it gives an error.
	Receive(ch kernel.Channel) ([][]byte, error)
	// Close disconnects.
	Close()
}

// memoryLink is a Link to Channels.
type memoryLink struct {
	channels *Channels
	identity string
	out      [4]*mailbox
}

// Send implements Link.
func (l *memoryLink) Send(ch kernel.Channel, frames [][]byte) error {
	l.channels.in[ch].put(append([][]byte{[]byte(l.identity)}, frames...))
	return nil
}

// Receive implements Link.
func (l *memoryLink) Receive(ch kernel.Channel) ([][]byte, error) { return l.out[ch].get() }

// Close implements Link.
func (l *memoryLink) Close() {
	l.channels.mu.Lock()
	defer l.channels.mu.Unlock()
	delete(l.channels.links, l.identity)
	l.close()
}

func (l *memoryLink) close() {
	for _, m := range l.out {
		m.close()
	}
}
