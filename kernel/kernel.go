package kernel

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"io"
	"os"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"gofive/kernel/cell"
	"gofive/kernel/engine"
	"gofive/kernel/history"
	"gofive/kernel/msg"
	"gofive/mpi/launch"
)

// FrontEnd is the front end of the language: it knows what cells have declared and turns their
// text into programs. A *cell.Session is one. Its methods are called from several goroutines.
type FrontEnd interface {
	CheckAs(mode cell.Mode, name, code string) (*cell.Program, error)
	// Hot and Adopt make functions native in which cells spend their time.
	Hot(f cell.Func) (*cell.Native, error)
	Adopt(f cell.Func) (*cell.Program, error)
	// Export gives the named cells as one Go program.
	Export(cells []string) (string, error)
	Complete(code string, cursor int) cell.Completion
	Inspect(code string, cursor, detail int) (cell.Inspection, bool)
	// Variables gives the variables that there are.
	Variables() []cell.Variable
	Lost(name string)
	// Revert takes back what a checked program declares: nothing of it has run.
	Revert(p *cell.Program)
}

// Options are what a Kernel is made of.
type Options struct {
	Channels   Channels
	Connection *Connection // how messages are signed; nil: not at all
	FrontEnd   FrontEnd
	// StartEngine starts the engine, whose events go to the handler. It is called once, beside
	// the serving of first requests, and may take its time.
	StartEngine func(engine.Handler) engine.Engine
	// Native builds functions with the Go toolchain; nil interprets all.
	Native NativeBuilder
	// History is the file that keeps what cells ran; "" keeps it in memory.
	History string
	// Cluster gives the executables that the ranks of clusters run; nil: none can be started. NewFrontEnd gives
	// the front end of a cluster's ranks.
	Cluster     func() (launch.Config, error)
	NewFrontEnd func() FrontEnd
	Version     string    // of gofive; "" is "0"
	Log         io.Writer // nil is os.Stderr
}

// Kernel is a Jupyter kernel.
type Kernel struct {
	channels Channels
	conn     Connection
	codec    *msg.Codec
	front    FrontEnd
	version  string
	log      *logger

	session string       // of all message headers
	sent    atomic.Int64 // messages, for their ids

	pub      *publisher
	activity *activity
	shells   *shells // execute requests
	side     *lane   // all other requests on shell
	comm     *lane   // messages over comms
	comms    *comms
	browsers *browsers
	runs     *runs
	prompts  *prompts
	history  *history.Store
	engine   *futureEngine
	counts   counts
	clusters clusters
	loading  sync.Mutex // held from the check of a program until the engine has it
	native   NativeBuilder
	ran      *ran
	auto     *auto
	limit    atomic.Int64 // bytes of text that a cell shows

	stopOnce sync.Once
	stopped  chan struct{}
}

// New makes a Kernel. It does nothing before Serve.
func New(o Options) (*Kernel, error) {
	if o.Connection == nil {
		o.Connection = &Connection{}
	}
	codec, err := o.Connection.codec()
	if err != nil {
		return nil, fmt.Errorf("kernel: %w", err)
	}
	if o.Native == nil {
		o.Native = noToolchain{}
	}
	if o.Log == nil {
		o.Log = os.Stderr
	}
	if o.Cluster == nil {
		o.Cluster = func() (launch.Config, error) { return launch.Config{}, errNoClusters }
	}
	if o.Version == "" {
		o.Version = "0"
	}
	k := &Kernel{
		channels: o.Channels, conn: *o.Connection, codec: codec, front: o.FrontEnd,
		version: o.Version, log: newLogger(o.Log), session: newSession(),
		native: o.Native, ran: &ran{}, auto: &auto{}, runs: newRuns(), comms: newComms(), browsers: newBrowsers(), prompts: &prompts{},
		engine: newFutureEngine(o.StartEngine), stopped: make(chan struct{}),
	}
	k.history = history.New(o.History, func(trouble string) { k.log.Log("history", trouble) })
	k.pub = newPublisher(k.publish)
	k.clusters.config, k.clusters.front = o.Cluster, o.NewFrontEnd
	k.limit.Store(outputLimit)
	k.activity = &activity{publish: k.publishStatus}
	k.shells = newShells(k.execute)
	k.side, k.comm = newLane(k.serve), newLane(k.serveComm)
	return k, nil
}

// Serve answers requests until a client asks for shutdown, Stop is called or ctx is done. The
// sockets are served at once, while the engine still starts.
func (k *Kernel) Serve(ctx context.Context) error {
	k.channels.Start(k)
	go k.history.Run()
	go k.pub.run()
	go k.shells.main().run()
	go k.side.run()
	go k.comm.run()
	go k.receive(Control, k.sortControl)
	go k.receive(Shell, k.sortShell)
	go k.receive(Stdin, k.answerPrompt)
	k.publishStatus(msg.Header{}, msg.Starting)
	go k.engine.start(k.handle)
	select {
	case <-ctx.Done():
		k.Stop()
	case <-k.stopped:
	}
	return nil
}

// newSession gives an id that no other kernel has.
func newSession() string {
	var b [16]byte
	rand.Read(b[:]) // never fails
	return hex.EncodeToString(b[:])
}

// header makes the header of a new message.
func (k *Kernel) header(kind string) msg.Header {
	return msg.Header{
		ID:       k.session + "_" + strconv.FormatInt(k.sent.Add(1), 10),
		Session:  k.session,
		Username: "gofive",
		Type:     kind,
		Version:  msg.Version,
		Date:     msg.Timestamp(time.Now()),
	}
}

// publish sends it to the subscribers. Only the publisher calls it.
func (k *Kernel) publish(it item) {
	k.channels.Publish(k.encode(it), it.kind == streamType)
}

// encode gives the frames of it, the first of them the topic.
func (k *Kernel) encode(it item) [][]byte {
	topic := "kernel." + k.session + "." + it.kind
	if it.kind == streamType {
		topic = streamType + "." + it.name
	}
	return k.codec.Encode(&msg.Message{
		Envelope: [][]byte{[]byte(topic)},
		Header:   k.header(it.kind),
		Parent:   it.parent,
		Metadata: it.metadata,
		Content:  it.content,
		Buffers:  it.buffers,
	})
}

// publishStatus queues a status message.
func (k *Kernel) publishStatus(parent msg.Header, state string) {
	content := msg.MustMarshal(msg.Status{State: state})
	k.pub.put(item{parent: parent, kind: "status", content: content, last: state == msg.Idle}, false)
}
