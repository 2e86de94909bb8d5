package launch

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"gofive/display"
)

// Errors of a Cluster.
var (
	ErrLost         = errors.New("the cluster is gone")
	ErrTaken        = errors.New("another kernel has taken the cluster")
	ErrNeedsRestart = errors.New("the cluster needs a restart")
	ErrUnknown      = errors.New("there is no such cluster")
	ErrUnreachable  = errors.New("rank 0 has not answered")
	ErrBusy         = errors.New("the ranks run another program")
	ErrIdle         = errors.New("the ranks run nothing")
)

const (
	// registerTime, and registerEach for each of them, is how long ranks may take to register when
	// the job has begun.
	registerTime, registerEach = 30 * time.Second, time.Millisecond
	// attachTime is how long the root of a running cluster may take to find its new kernel.
	attachTime = 10 * time.Second
	// returnTime is how long the root may be away before the cluster counts as lost.
	returnTime = 10 * time.Second
	// programLimit is the longest program.
	programLimit = frameLimit / 2
)

// Cluster is the kernel's side of a job. Its methods may be called at any time.
type Cluster struct {
	dir   directory
	stuck time.Duration
	turn  chan struct{} // holds a token while no program runs

	mu      sync.Mutex
	conn    connection
	hub     *hub
	job     job // nil after Attach
	restart bool
	stopped bool
	closed  bool
}

// Start starts ranks and returns when all are there and have passed the checks. Nothing is left over when it
// fails, or when ctx ends before.
func Start(ctx context.Context, config Config) (*Cluster, error) {
	if config.Ranks < 1 {
		return nil, fmt.Errorf("a cluster needs at least 1 rank, not %d", config.Ranks)
	}
	l, err := chooseLauncher(ctx, &config)
	if err != nil {
		return nil, err
	}
	dir, err := newDirectory(config.Name, config)
	if err != nil {
		return nil, fmt.Errorf("start a cluster: %w", err)
	}
	c := &Cluster{dir: dir, stuck: stuckAfter, turn: make(chan struct{}, 1)}
	if err := c.launch(ctx, config, l); err != nil {
		_ = dir.remove() // why it did not start is the error
		return nil, err
	}
	c.turn <- struct{}{}
	return c, nil
}

// launch starts the ranks of a cluster whose directory exists, and ends them when that fails.
func (c *Cluster) launch(ctx context.Context, config Config, l launcher) (err error) {
	conn := connection{ID: c.dir.id(), Launcher: config.Launcher, Ranks: config.Ranks, Build: config.Build, Key: make([]byte, keySize),
		Epoch: 1, Kernel: describeKernel(), Started: time.Now(), Idle: config.Idle, Beat: defaultBeat, Pace: max(1, config.pace), Config: config}
	rand.Read(conn.Key)
	if conn.Idle == 0 {
		conn.Idle = DefaultIdle
	}
	if config.beat > 0 {
		conn.Beat = config.beat
	}
	h := newHub(conn.Key, conn.Ranks, conn.Epoch, conn.Beat)
	c.mu.Lock()
	c.hub, c.conn = h, conn
	c.mu.Unlock()
	defer func() {
		if err != nil {
			h.leave("it did not start")
		}
	}()
	ips, err := l.interfaces(ctx, config)
	if err != nil {
		return err
	}
	if err := h.listen(ips); err != nil {
		return err
	}
	h.accept()
	conn.Addresses = h.addresses
	if err := c.dir.writeConnection(conn); err != nil {
		return err
	}
	j, err := l.start(ctx, config, c.dir)
	if err != nil {
		return err
	}
	conn.Job, conn.Launchers, conn.Folder = j.identity()
	if err = c.dir.writeConnection(conn); err == nil {
		err = c.register(ctx, config, j)
	}
	if err != nil {
		j.kill()
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.job, c.conn = j, conn
	c.conn.Nodes = h.nodes()
	_ = c.dir.writeConnection(c.conn) // the number of nodes is for List
	go h.guard(j.ended(), func() error { return c.describeEnd(j, config.Ranks) })
	return nil
}

// describeEnd is why a cluster is lost whose job has ended.
func (c *Cluster) describeEnd(j job, ranks int) error {
	return fmt.Errorf("%w, with all variables: %w%s", ErrLost, j.err(), c.dir.lastWords(ranks))
}

// describeKernel says which process has a cluster.
func describeKernel() string {
	host, _ := os.Hostname()
	return fmt.Sprintf("process %d on %s", os.Getpid(), host)
}

// guard sees that a cluster is lost: its job has ended, or its root stays away.
func (h *hub) guard(ended <-chan struct{}, why func() error) {
	lose := func(err error) {
		h.mu.Lock()
		defer h.mu.Unlock()
		h.lose(err)
	}
	for {
		h.mu.Lock()
		link, change := h.link, h.change
		h.mu.Unlock()
		var late <-chan time.Time
		if link == nil {
			late = time.After(returnTime)
		}
		select {
		case <-ended:
			lose(why())
			return
		case <-h.lost:
			return
		case <-late:
			lose(fmt.Errorf("%w: rank 0 has not been heard of for %v", ErrLost, returnTime))
			return
		case <-change:
		}
	}
}

// Attach takes over a running cluster; a kernel that holds it loses it.
func Attach(ctx context.Context, id string) (*Cluster, error) {
	dir, err := findDirectory(id)
	if err != nil {
		return nil, err
	}
	conn, err := dir.readConnection()
	if err != nil {
		return nil, fmt.Errorf("attach to the cluster %s: %w", id, err)
	}
	if r, err := dir.readReport(); err == nil && r.Root.here() && !r.Root.alive() {
		return nil, unreachable(id)
	}
	conn.Epoch++
	conn.Kernel = describeKernel()
	h := newHub(conn.Key, conn.Ranks, conn.Epoch, conn.Beat)
	c := &Cluster{dir: dir, stuck: stuckAfter, turn: make(chan struct{}, 1), conn: conn, hub: h}
	l, err := launcherOf(conn.Config)
	if err != nil {
		return nil, err
	}
	ips, err := l.interfaces(ctx, conn.Config)
	if err != nil {
		return nil, err
	}
	if err := h.listen(ips); err != nil {
		return nil, err
	}
	h.accept()
	conn.Addresses = h.addresses
	if err := dir.writeConnection(conn); err != nil {
		h.close()
		return nil, err
	}
	limit, cancel := context.WithTimeout(ctx, attachTime)
	defer cancel()
	if !h.wait(limit.Done(), func() bool { return h.link != nil && h.here.Len() == h.size }) {
		h.close()
		return nil, unreachable(id)
	}
	go h.guard(nil, nil)
	c.turn <- struct{}{}
	return c, nil
}

func unreachable(id string) error {
	return fmt.Errorf("attach to the cluster %s: %w; gofive cluster stop %s ends what is left of it", id, ErrUnreachable, id)
}

// Run runs a program on its targets and returns when all have ended, died, or are stuck. Programs wait for
// each other. The end of ctx interrupts the program. show is called for what the ranks do, by
// one goroutine at a time, and after the return for what goroutines of the program print later; it may be nil.
func (c *Cluster) Run(ctx context.Context, p Program, show func(Output)) (*Outcome, error) {
	if len(p.Payload) > programLimit {
		return nil, fmt.Errorf("a program of %s is too long: %s is the most", display.Size(int64(len(p.Payload))), display.Size(programLimit))
	}
	if err := c.take(ctx, p, show); err != nil {
		return nil, err
	}
	defer c.give()
	h := c.theHub()
	h.mu.Lock()
	if p.Targets == nil {
		p.Targets = All(h.size)
	}
	if outside := p.Targets.Minus(All(h.size)); len(outside) > 0 {
		h.mu.Unlock()
		return nil, fmt.Errorf("there are no ranks %v: the cluster has %d", outside, h.size)
	}
	h.last++
	r := newRun(&order{run: h.last, id: p.ID, targets: p.Targets, apart: p.Apart, payload: p.Payload})
	r.name, r.followed = p.Name, true
	h.run = r
	left := p.Targets.Minus(h.dead)
	h.send(r.order.encode())
	h.mu.Unlock()
	return c.see(ctx, r, p, left, show)
}

// take waits for the turn to run a program.
func (c *Cluster) take(ctx context.Context, p Program, show func(Output)) error {
	if err := c.await(ctx, p, show); err != nil {
		return err
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.hub.mu.Lock()
	defer c.hub.mu.Unlock()
	err := c.gone(c.hub.err)
	switch {
	case err == nil && len(c.hub.dead) > 0:
		err = fmt.Errorf("%w: ranks %v are dead", ErrNeedsRestart, c.hub.dead)
	case err == nil && c.restart:
		err = fmt.Errorf("%w: ranks did not come back when they were interrupted", ErrNeedsRestart)
	}
	if err != nil {
		c.give()
	}
	return err
}

// await waits for the turn. From the time of State lines on it tells by Turn lines which program has it: that may be one that
// never ends.
func (c *Cluster) await(ctx context.Context, p Program, show func(Output)) error {
	tell := func(text string) {
		if show != nil {
			show(Output{Ranks: p.Targets, Kind: Turn, Payload: []byte(text)})
		}
	}
	var tick <-chan time.Time
	if after := cmp.Or(p.ProgressAfter, DefaultProgress); after > 0 {
		t := time.NewTicker(after) // the turn may go to others that wait
		defer t.Stop()
		tick = t.C
	}
	told := ""
	for {
		select {
		case <-c.turn:
			if told != "" {
				tell("")
			}
			return nil
		case <-ctx.Done():
			return fmt.Errorf("%w: what was to run waited for %s", ErrBusy, c.running())
		case <-tick:
			if text := "waits for its turn: the ranks run " + c.running(); text != told {
				told = text
				tell(text)
			}
		}
	}
}

// running names the program that the ranks run.
func (c *Cluster) running() string {
	h := c.theHub()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.run == nil {
		return "another program"
	}
	return h.run.who()
}

func (c *Cluster) give() { c.turn <- struct{}{} }

func (c *Cluster) theHub() *hub {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.hub
}

// see follows a run to its end and cleans up behind it.
func (c *Cluster) see(ctx context.Context, r *run, p Program, left Set, show func(Output)) (*Outcome, error) {
	if p.Grace == 0 {
		p.Grace = DefaultGrace
	}
	if p.ProgressAfter == 0 {
		p.ProgressAfter = DefaultProgress
	}
	r.show = show
	h := c.theHub()
	w := &watch{run: r, hub: h, program: p, stuck: c.stuck, left: left}
	defer close(r.done)
	err := w.follow(ctx)
	h.mu.Lock()
	h.retire(r)
	h.mu.Unlock()
	if err != nil {
		return nil, err
	}
	if w.outcome.Interrupted && !w.outcome.NeedsRestart {
		if err := h.renew(); err != nil {
			w.outcome.NeedsRestart = true
			w.output(Output{Ranks: r.order.targets, Kind: Note, Payload: []byte(err.Error())})
		}
	}
	if w.outcome.NeedsRestart {
		c.mu.Lock()
		c.restart = true
		c.mu.Unlock()
	}
	return w.outcome, nil
}

// renew lets all ranks make a new communicator.
func (h *hub) renew() error {
	n, a := h.ask(msgRenew)
	select {
	case <-a.done:
	case <-h.lost:
	case <-time.After(renewTime):
	}
	groups, silent := h.answers(n)
	if len(silent) > 0 {
		return fmt.Errorf("ranks %v have not made a new communicator in %v", silent, renewTime)
	}
	for _, g := range groups {
		if len(g.payload) > 0 {
			return fmt.Errorf("ranks %v have no new communicator: %s", g.ranks, g.payload)
		}
	}
	return nil
}

// Running gives the id of the program that began before Attach and runs still.
func (c *Cluster) Running() (id int64, ok bool) {
	h := c.theHub()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.first == nil || !h.first.running || h.run == nil {
		return 0, false
	}
	return h.run.order.id, true
}

// Follow is Run for the program that ran last before Attach: it shows its output from the beginning.
func (c *Cluster) Follow(ctx context.Context, show func(Output)) (*Outcome, error) {
	if err := c.take(ctx, Program{}, show); err != nil {
		return nil, err
	}
	defer c.give()
	h := c.theHub()
	h.mu.Lock()
	r := h.run
	if r == nil {
		h.mu.Unlock()
		return nil, errors.New("there is no program to follow")
	}
	r.followed = true
	left := r.order.targets.Minus(h.dead)
	h.mu.Unlock()
	return c.see(ctx, r, Program{}, left, show)
}

// Interrupt ends the program with the id. It returns at once; Run returns when the ranks are out.
func (c *Cluster) Interrupt(id int64) {
	h := c.theHub()
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.run != nil && h.run.order.id == id {
		wake(h.run.interrupt)
	}
}

// InterruptRunning interrupts the program that the ranks run, whichever it is, and returns its name when they are out
// of it. With none to interrupt the error is ErrIdle.
func (c *Cluster) InterruptRunning(ctx context.Context) (name string, err error) {
	h := c.theHub()
	h.mu.Lock()
	r := h.run
	running := r != nil && r.followed
	h.mu.Unlock()
	if !running {
		return "", ErrIdle
	}
	name = r.who()
	wake(r.interrupt)
	select {
	case <-r.done:
	case <-h.lost:
		return name, c.Err()
	case <-ctx.Done():
		return name, fmt.Errorf("%w: %s was interrupted, and has not ended yet", ErrBusy, name)
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.restart {
		return name, ErrNeedsRestart
	}
	return name, nil
}

// Status asks all ranks where they are, and waits at most until ctx ends.
func (c *Cluster) Status(ctx context.Context) []Place {
	h := c.theHub()
	n, a := h.ask(msgAsk)
	select {
	case <-a.done:
	case <-h.lost:
	case <-ctx.Done():
	}
	groups, silent := h.answers(n)
	h.mu.Lock()
	defer h.mu.Unlock()
	places := placesOf(groups, All(h.size))
	if silent = silent.Minus(h.dead); len(silent) > 0 {
		places = append(places, Place{Ranks: silent, Silent: true})
	}
	if len(h.dead) > 0 {
		places = append(places, Place{Ranks: h.dead, Dead: true})
	}
	return places
}

// Lost is closed when the cluster is gone or was taken; Err then says why.
func (c *Cluster) Lost() <-chan struct{} { return c.theHub().lost }

// Err is why the cluster was lost, nil before: ErrLost or ErrTaken, with the particulars.
func (c *Cluster) Err() error { return c.gone(c.lostBy()) }

// lostBy is why the hub has lost the ranks.
func (c *Cluster) lostBy() error {
	h := c.theHub()
	h.mu.Lock()
	defer h.mu.Unlock()
	return h.err
}

// gone tells a cluster that was stopped from one that was taken: who stops another kernel's takes it first, and then
// removes its directory.
func (c *Cluster) gone(err error) error {
	var t taken
	if !errors.As(err, &t) {
		return err
	}
	if _, e := os.Stat(string(c.dir)); errors.Is(e, os.ErrNotExist) {
		return fmt.Errorf("%w: it was stopped by %s", ErrLost, t.by)
	}
	return err
}

// Warnings are what the checks at the start found that is no error.
func (c *Cluster) Warnings() []string {
	h := c.theHub()
	h.mu.Lock()
	defer h.mu.Unlock()
	return append([]string(nil), h.warnings...)
}
