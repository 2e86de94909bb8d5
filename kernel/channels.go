package kernel

import "context"

// Channel names one of the sockets that carry messages.
type Channel uint8

const (
	Shell Channel = iota
	Control
	Stdin
	IOPub
)

// String gives the name that the messaging specification uses.
func (c Channel) String() string {
	return [...]string{"shell", "control", "stdin", "iopub"}[c]
}

// Channels are the sockets of a kernel: shell, control and stdin exchange messages with the client
// that a message's first frame names, iopub goes to all that subscribe. The heartbeat needs no
// kernel and is no part of it. Package kernel/internal/zmq has the real ones, kerneltest one in
// memory. All methods may be called from several goroutines.
type Channels interface {
	// Start begins to serve clients. It is called once; host must be ready for calls from then on.
	Start(host Host)
	// Receive waits for the next message on Shell, Control or Stdin. After Close it gives io.EOF.
	Receive(ch Channel) ([][]byte, error)
	// Send queues a message for the client that frames[0] names and returns at once. The error
	// says that there is no such client. The frames must not be changed afterwards.
	Send(ch Channel, frames [][]byte) error
	// Publish sends a message to every client that subscribed to the topic frames[0]. Text says
	// that it may be left out for a client that reads too slowly. It may wait for slow clients,
	// for a bounded time.
	Publish(frames [][]byte, text bool)
	// Trust tells that the client of that identity has the key, so that it may send what is large.
	Trust(ch Channel, identity []byte)
	// Close stops receiving, waits until what was sent has left or ctx is done, and frees the
	// addresses.
	Close(ctx context.Context) error
}

// Host is what Channels ask of the kernel they serve. Its methods do not block.
type Host interface {
	// Welcome gives the message for a client that has just subscribed to topic; it gets it alone
	// and before anything else of that topic.
	Welcome(topic []byte) [][]byte
	// Missed gives the message that tells a client what it was too slow for: so many bytes of
	// text, of which last was the latest message.
	Missed(last [][]byte, bytes int64) [][]byte
	// Log notes that something of the kind cause has happened.
	Log(cause, text string)
}
