package launch

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"time"
)

// hub is where the root of the tree connects to, and what is known of the ranks.
type hub struct {
	key       []byte
	size      int
	epoch     uint64
	beat      time.Duration
	listeners []net.Listener
	addresses []string
	folder    string // of the unix socket, "" for none

	mu       sync.Mutex
	link     *link
	linked   bool  // there has been a link
	first    *join // what the first root said
	seen     uint64
	here     Set // ranks that have joined
	dead     Set
	infos    map[nodeInfo]Set
	warnings []string
	others   []join // of jobs of another size
	run      *run
	late     []*run // those that have ended last
	last     uint64 // the number of the latest run
	asks     map[uint64]*ask
	asked    uint64
	change   chan struct{} // closed and replaced when anything of the above changes
	lost     chan struct{}
	err      error
}

// ask is a question to all ranks.
type ask struct {
	left   Set // ranks that have not answered
	groups []group
	done   chan struct{}
}

func newHub(key []byte, size int, epoch uint64, beat time.Duration) *hub {
	return &hub{key: key, size: size, epoch: epoch, beat: beat, infos: map[nodeInfo]Set{}, asks: map[uint64]*ask{},
		change: make(chan struct{}), lost: make(chan struct{})}
}

// listen opens a unix socket, or TCP ports on the given addresses of this computer.
func (h *hub) listen(ips []string) error {
	for _, ip := range ips {
		if _, _, err := net.SplitHostPort(ip); err != nil {
			ip = net.JoinHostPort(ip, "0")
		}
		l, err := net.Listen("tcp", ip)
		if err != nil {
			return fmt.Errorf("listen for ranks: %w; %s", err, listenHint(err))
		}
		h.listeners = append(h.listeners, l)
		h.addresses = append(h.addresses, "tcp:"+l.Addr().String())
	}
	if len(ips) > 0 {
		return nil
	}
	folder, err := nodeDir()
	if err != nil {
		return fmt.Errorf("listen for ranks: %w", err)
	}
	h.folder = folder
	path := filepath.Join(folder, "kernel.sock")
	l, err := net.Listen("unix", path)
	if err != nil {
		return fmt.Errorf("listen for ranks: %w", err)
	}
	h.listeners, h.addresses = []net.Listener{l}, []string{"unix:" + path}
	return nil
}

// listenHint says which addresses there are to listen at.
func listenHint(err error) string {
	if errors.Is(err, syscall.EADDRINUSE) || errors.Is(err, syscall.EACCES) {
		return "--listen without a port takes one that is free"
	}
	addresses, _ := net.InterfaceAddrs() // none are named when they cannot be told
	var names []string
	for _, a := range addresses {
		if n, ok := a.(*net.IPNet); ok && !n.IP.IsLinkLocalUnicast() {
			names = append(names, n.IP.String())
		}
	}
	return "--listen takes an address of this computer: " + strings.Join(names, ", ")
}

// accept takes connections until the hub is closed.
func (h *hub) accept() { acceptAll(h.listeners, h.greet) }

// greet finds out who has dialed and, when it is the root, listens to it until it is gone.
func (h *hub) greet(conn net.Conn) {
	defer conn.Close()
	l, j, err := greeted(conn, h.key)
	if err != nil || !h.welcome(l, j) {
		return // whoever it is may not be told why
	}
	stop := make(chan struct{})
	defer close(stop)
	go h.beats(l, stop)
	err = h.hear(l)
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.link == l {
		h.link = nil
		h.changed()
	}
	if errors.Is(err, ErrTaken) {
		h.lose(err)
	}
}

// welcome makes l the link to the root and says what the kernel has seen.
func (h *hub) welcome(l *link, j *join) bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	if j.size != h.size {
		h.others = append(h.others, *j)
		h.changed()
		return false
	}
	if j.rank != 0 || !j.leader || h.err != nil {
		return false
	}
	if h.link != nil {
		h.link.close()
	}
	l.post((&attach{epoch: h.epoch, seen: h.seen}).encode())
	h.link = l
	if h.first == nil {
		h.first, h.last = j, j.last
		h.adopt(j)
	}
	if h.run != nil && j.last < h.run.order.run {
		l.post(h.run.order.encode())
	}
	h.changed()
	return true
}

// adopt makes the run that another kernel has left the one to follow.
func (h *hub) adopt(j *join) {
	if j.last > 0 {
		h.run = newRun(&order{run: j.last, id: j.id, targets: j.targets})
	}
}

// changed wakes all who wait for news.
func (h *hub) changed() {
	close(h.change)
	h.change = make(chan struct{})
}

// wait returns when ok, which is called with the hub locked, is true, or stop is closed, which is false.
func (h *hub) wait(stop <-chan struct{}, ok func() bool) bool {
	for {
		h.mu.Lock()
		good, change := ok(), h.change
		h.mu.Unlock()
		if good {
			return true
		}
		select {
		case <-change:
		case <-stop:
			return false
		}
	}
}

// lose says that the cluster is gone; the hub is locked.
func (h *hub) lose(err error) {
	if h.err == nil {
		h.err = err
		close(h.lost)
		h.changed()
	}
}

// hear takes what the root says until it is gone.
func (h *hub) hear(l *link) error {
	l.watch(h.beat)
	return l.groups(h.take)
}

// take sorts groups to whom they are for.
func (h *hub) take(number uint64, groups []group) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if number > 0 {
		if number <= h.seen {
			return
		}
		h.seen = number
	}
	var events []group
	for _, g := range groups {
		switch g.kind {
		case kindJoined:
			h.joined(g)
		case kindWarning:
			h.warnings = append(h.warnings, string(g.payload))
		case kindWhere, kindRenewed:
			h.answered(g)
		case Died:
			if g.ranks = g.ranks.Minus(h.dead); len(g.ranks) > 0 {
				h.dead = h.dead.Union(g.ranks)
				events = append(events, g)
				h.forget(g.ranks)
			}
		default:
			events = append(events, g)
		}
	}
	for _, r := range h.late {
		events = r.takeLate(events)
	}
	if h.run != nil && len(events) > 0 {
		h.run.put(events)
	}
}

// lateKept is of how many runs that have ended late output is shown.
const lateKept = 8

// retire makes a run one that has ended; the hub is locked.
func (h *hub) retire(r *run) {
	h.run = nil
	h.late = append(h.late[max(0, len(h.late)+1-lateKept):], r)
	r.trail(nil)
}

func (h *hub) joined(g group) {
	var info nodeInfo
	if json.Unmarshal(g.payload, &info) != nil {
		return
	}
	h.infos[info] = h.infos[info].Union(g.ranks)
	h.here = h.here.Union(g.ranks)
	h.changed()
}

// answered adds an answer to its question.
func (h *hub) answered(g group) {
	a := h.asks[g.run]
	if a == nil {
		return
	}
	a.groups = append(a.groups, g)
	a.close(g.ranks)
}

// forget closes questions that only the dead have not answered.
func (h *hub) forget(dead Set) {
	for _, a := range h.asks {
		a.close(dead)
	}
	h.changed()
}

// close takes ranks off those that are to answer.
func (a *ask) close(ranks Set) {
	if len(a.left) == 0 {
		return
	}
	if a.left = a.left.Minus(ranks); len(a.left) == 0 {
		close(a.done)
	}
}

// ask sends a question of the given kind to all living ranks.
func (h *hub) ask(kind byte) (number uint64, a *ask) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.asked++
	a = &ask{left: h.here.Minus(h.dead), done: make(chan struct{})}
	if len(a.left) == 0 {
		close(a.done)
	}
	h.asks[h.asked] = a
	h.send(numbered(kind, h.asked))
	return h.asked, a
}

// answers gives what has been answered, and who has not; the question is closed.
func (h *hub) answers(number uint64) (groups []group, silent Set) {
	h.mu.Lock()
	defer h.mu.Unlock()
	a := h.asks[number]
	delete(h.asks, number)
	return a.groups, a.left
}

// send posts a frame to the root when there is one; the hub is locked.
func (h *hub) send(frame []byte) {
	if h.link != nil {
		h.link.post(frame)
	}
}

// tell is send for a hub that is not locked.
func (h *hub) tell(frame []byte) {
	h.mu.Lock()
	defer h.mu.Unlock()
	h.send(frame)
}

func (h *hub) beats(l *link, stop <-chan struct{}) {
	tick := time.NewTicker(h.beat)
	defer tick.Stop()
	for {
		select {
		case <-stop:
			return
		case <-tick.C:
			l.post([]byte{msgBeat})
		}
	}
}

// close ends all connections; the ranks live on.
func (h *hub) close() {
	for _, l := range h.listeners {
		l.Close()
	}
	h.mu.Lock()
	link := h.link
	h.mu.Unlock()
	if link != nil {
		link.flushed(time.Second)
		link.close()
	}
	if h.folder != "" {
		os.RemoveAll(h.folder)
	}
}
