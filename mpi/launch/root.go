package launch

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"slices"
	"sync"
	"time"

	"gofive/display"
)

const (
	// textLimit and eventLimit are how much text, and how much of other events, the ranks send to
	// the kernel in one run; the rest goes to a file.
	textLimit  = 1 << 20
	eventLimit = 16 << 20
	// lookEvery is how often the root looks for a new kernel, and at the clock.
	lookEvery = time.Second
	// reportEvery is how often it says that it lives.
	reportEvery = 10 * time.Second
	// redialFirst and redialLast are the pauses between attempts to reach the kernel.
	redialFirst, redialLast = 20 * time.Millisecond, 2 * time.Second
)

// root is the leader that the kernel speaks to. It outlives kernels: it keeps what the latest run has said,
// and calls whoever connection.json names.
type root struct {
	*leader
	dir  directory
	idle time.Duration

	mu     sync.Mutex
	link   *link  // to the kernel, nil when there is none
	epoch  uint64 // of that kernel, or the one before, 0 before the first
	order  *order // the latest run, without its payload
	left   Set    // its ranks that have not ended
	here   merger // the ranks that there are, and what the checks have found
	dead   merger
	number uint64   // of the last frame of groups
	log    [][]byte // those of the latest run
	said   limits
	since  time.Time // when there was last a kernel or a run
	told   report    // what List was told last
	stop   chan struct{}
}

func newRoot(dir directory, c connection, l *leader) *root {
	return &root{leader: l, dir: dir, idle: c.Idle, order: &order{}, since: time.Now(), stop: make(chan struct{})}
}

// serve holds the tree together until it is told to stop or has been idle for too long.
func (r *root) serve(ctx context.Context, runner Runner, height int) error {
	r.begin(runner, height, r.up)
	done := make(chan struct{})
	defer close(done)
	go r.beats(r.post, done)
	go r.watch(done)
	defer r.dismiss()
	ended := make(chan error, 1)
	go func() { ended <- r.serveKernels(done) }()
	select {
	case err := <-ended:
		return err
	case <-r.stop:
	case <-ctx.Done():
	}
	r.drop(nil)
	return errStop
}

// serveKernels obeys one kernel after the other. That the first cannot be reached is told to whoever waits
// for the start; later ones come when they come.
func (r *root) serveKernels(done <-chan struct{}) error {
	pause, first := redialFirst, true
	for {
		switch err := r.serveKernel(); {
		case errors.Is(err, errUnreached):
			if first {
				r.dir.complain(fmt.Errorf("rank %d on %s: %w", r.self.Rank, r.self.Host, err))
			}
			pause = min(2*pause, redialLast)
		case err != nil:
			return err
		default:
			pause, first = redialFirst, false
		}
		select {
		case <-done:
			return nil
		case <-time.After(pause):
		}
	}
}

var errUnreached = errors.New("the kernel cannot be reached")

// serveKernel calls the kernel and obeys it; nil means that it is gone.
func (r *root) serveKernel() error {
	c, err := r.dir.readConnection()
	if errors.Is(err, os.ErrNotExist) {
		return errStop // the cluster was removed
	}
	if err != nil {
		return fmt.Errorf("%w: %w", errUnreached, err)
	}
	if !r.owns(c) {
		return errStop
	}
	conn, err := dialAny(c.Addresses)
	if err != nil {
		return fmt.Errorf("%w: %w", errUnreached, err)
	}
	defer conn.Close()
	l, err := r.introduce(conn)
	if err != nil {
		return fmt.Errorf("%w: %w", errUnreached, err)
	}
	err = obey(l, r.beat, r.handle)
	r.drop(l)
	if err == errStop {
		return errStop
	}
	return nil
}

// owns reports whether the directory is still of this root's ranks: a restart gives it to new ones.
func (r *root) owns(c connection) bool { return bytes.Equal(c.Key, r.key) }

// introduce shakes hands with a kernel and gives it what it has missed.
func (r *root) introduce(conn net.Conn) (*link, error) {
	l, err := shake(conn, r.key, dialed, linkBuffer)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	j := join{rank: r.self.Rank, size: r.self.Size, leader: true, last: r.order.run,
		running: len(r.left) > 0, id: r.order.id, targets: r.order.targets}
	r.mu.Unlock()
	if err := l.send(j.encode()); err != nil {
		return nil, err
	}
	_ = conn.SetReadDeadline(time.Now().Add(handshakeTime))
	frame, err := l.receive()
	if err != nil {
		return nil, err
	}
	a, err := decodeAttach(frame)
	if err != nil {
		return nil, err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.link, r.epoch = l, a.epoch
	r.tell() // before the kernel hears that all ranks are there
	for batch := range batches(slices.Concat(r.here.groups, r.dead.groups)) {
		l.post(encodeGroups(0, batch))
	}
	missed := r.number - uint64(len(r.log))
	for i, frame := range r.log {
		if missed+uint64(i) >= a.seen {
			l.post(frame)
		}
	}
	return l, nil
}

// post sends a frame to the kernel when there is one.
func (r *root) post(frame []byte) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.link != nil {
		r.link.post(frame)
	}
}

// drop closes the link, or whichever there is.
func (r *root) drop(l *link) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.link != nil && (l == nil || r.link == l) {
		r.link.close()
		r.link = nil
		r.since = time.Now()
	}
}

// handle takes note of a run before it begins.
func (r *root) handle(frame []byte) error {
	if frame[0] == msgRun {
		o, err := decodeOrder(frame)
		if err != nil {
			return err
		}
		if !r.note(o) {
			return nil
		}
	}
	return r.leader.handle(frame)
}

// note makes o the latest run; false when it has been seen before.
func (r *root) note(o *order) bool {
	r.leader.mu.Lock()
	left := o.targets.And(r.all)
	r.leader.mu.Unlock()
	r.mu.Lock()
	defer r.mu.Unlock()
	if o.run <= r.order.run {
		return false
	}
	kept := *o
	kept.payload = nil
	r.order, r.left, r.log = &kept, left, nil
	r.said.begin(r.dir.overflow(o.id))
	return true
}

// up takes what the ranks say. Events of a run are kept for kernels to come; what is told about ranks is
// kept as the state that it makes; answers are for the kernel that has asked.
func (r *root) up(groups []group) {
	r.mu.Lock()
	defer r.mu.Unlock()
	var events, others []group
	for _, g := range groups {
		switch g.kind {
		case kindJoined, kindWarning:
			r.here.add(g)
			others = append(others, g)
		case Died:
			r.dead.add(g)
			r.left = r.left.Minus(g.ranks)
			others = append(others, g)
		case kindWhere, kindRenewed:
			others = append(others, g)
		default:
			events = append(events, r.said.pass(g)...)
		}
		if g.kind.ends() && g.run == r.order.run {
			r.left = r.left.Minus(g.ranks)
		}
	}
	r.since = time.Now()
	for batch := range batches(events) {
		r.number++
		frame := encodeGroups(r.number, batch)
		r.log = append(r.log, frame)
		r.postLocked(frame)
	}
	for batch := range batches(others) {
		r.postLocked(encodeGroups(0, batch))
	}
}

func (r *root) postLocked(frame []byte) {
	if r.link != nil {
		r.link.post(frame)
	}
}

// watch looks now and then whether another kernel has the cluster, and whether it is time to go.
func (r *root) watch(done <-chan struct{}) {
	every := min(lookEvery, r.idle/4+time.Millisecond)
	for {
		select {
		case <-done:
			return
		case <-time.After(every):
		}
		c, err := r.dir.readConnection()
		ours := err == nil && r.owns(c)
		switch {
		case errors.Is(err, os.ErrNotExist), err == nil && !ours:
			close(r.stop)
			return
		case r.expired():
			if ours {
				_ = r.dir.remove() // nobody is there to be told
			}
			close(r.stop)
			return
		case ours:
			r.handOver(c)
			r.mu.Lock()
			r.tell()
			r.mu.Unlock()
		}
	}
}

// handOver parts with a kernel when connection.json names another.
func (r *root) handOver(c connection) {
	r.mu.Lock()
	l := r.link
	other := l != nil && c.Epoch != r.epoch
	r.mu.Unlock()
	if other {
		l.post(appendBytes([]byte{msgTaken}, c.Kernel))
		l.flushed(time.Second)
		r.drop(l)
	}
}

// expired reports whether there was neither a kernel nor a run for too long. The kernel that waits for the start may
// take as long as the ranks may.
func (r *root) expired() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	idle := r.idle
	if r.epoch == 0 {
		idle = max(idle, registerTime)
	}
	return r.link == nil && len(r.left) == 0 && time.Since(r.since) > idle
}

// tell writes the report for List, now and then and when something has changed. The lock is held.
func (r *root) tell() {
	rep := report{Root: thisProcess(r.self.PID), At: time.Now(), Kernel: r.link != nil}
	if len(r.left) > 0 {
		rep.Program = r.order.id
	} else if r.link == nil {
		rep.Idle = r.since
	}
	if rep.At.Sub(r.told.At) < reportEvery && rep.Program == r.told.Program && rep.Kernel == r.told.Kernel {
		return
	}
	if r.dir.writeReport(rep) == nil { // else List says what it last knew
		r.told = rep
	}
}

// limits keeps what a run says within bounds.
type limits struct {
	path         string
	file         *os.File
	text, events int
	full         bool
}

func (s *limits) begin(path string) {
	if s.file != nil {
		s.file.Close()
	}
	*s = limits{path: path}
}

// pass gives what may go to the kernel of a group.
func (s *limits) pass(g group) []group {
	switch {
	case g.kind.isText():
		s.text += len(g.payload)
	case g.kind <= Other:
		s.events += len(g.payload)
	default:
		return []group{g}
	}
	if g.kind.isText() && s.text <= textLimit || !g.kind.isText() && s.events <= eventLimit {
		return []group{g}
	}
	first := !s.full
	s.full = true
	err := s.spill(g)
	if !first {
		return nil
	}
	text := fmt.Appendf(nil, "one cell shows at most %s of text and %s of other output; the rest is in %s until the cluster stops",
		display.Size(textLimit), display.Size(eventLimit), s.path)
	if err != nil {
		text = fmt.Appendf(nil, "one cell shows at most %s of text and %s of other output; the rest is lost: %v",
			display.Size(textLimit), display.Size(eventLimit), err)
	}
	return []group{{kind: Note, run: g.run, ranks: g.ranks, payload: text}}
}

func (s *limits) spill(g group) error {
	if s.file == nil {
		f, err := os.OpenFile(s.path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
		if err != nil {
			return err
		}
		s.file = f
	}
	_, err := fmt.Fprintf(s.file, "%v %s\n", g.ranks, bytes.TrimSuffix(g.payload, []byte("\n")))
	return err
}
