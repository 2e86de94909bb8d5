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

const (
	// linkBuffer is the read buffer of a connection.
	linkBuffer = 4 << 10
	// beatsMissed is how many heartbeats may be missing before a node counts as lost.
	beatsMissed = 2
	// defaultBeat is the time between two heartbeats.
	defaultBeat = 5 * time.Second
	// unixLimit is the longest path of a unix socket.
	unixLimit = 107
)

// leader is the node's part of the tree: it passes on what comes down before its own rank does it, and
// merges what goes up.
type leader struct {
	self      Self
	key       []byte
	beat      time.Duration
	pace      time.Duration // a factor
	box       *outbox
	own       *member
	dir       string // folder of this node
	cluster   directory
	listeners []net.Listener

	mu   sync.Mutex
	kids map[*kid]bool
	all  Set // ranks that are there: its own and those of kids

	bound   int // ranks of the node that have said where they may run
	allowed Set // cores of all of them
}

// kid is a rank of the node or the leader of another that hangs under this one.
type kid struct {
	link   *link
	join   *join
	covers Set // ranks that it speaks for
	host   string
}

// nodeDir makes the folder of a node. Its name is short, because the path of a socket has to be.
func nodeDir() (string, error) {
	dir, err := os.MkdirTemp("", "gofive-")
	if err == nil && len(dir)+len("/kernel.sock") > unixLimit {
		os.Remove(dir)
		dir, err = os.MkdirTemp("/tmp", "gofive-")
	}
	return dir, err
}

// newLeader opens what ranks of this node dial, and for ranks elsewhere, where there are some, a TCP
// port on the interface that leads to the kernel.
func newLeader(c connection, self Self) (*leader, leaderInfo, error) {
	info := leaderInfo{Rank: self.Rank, Host: self.Host}
	folder, err := nodeDir()
	if err != nil {
		return nil, info, err
	}
	l := &leader{self: self, key: c.Key, beat: c.Beat, pace: c.Pace, dir: folder, kids: map[*kid]bool{}, all: Set{{self.Rank, self.Rank}}}
	info.Unix = filepath.Join(folder, "ranks.sock")
	err = l.listen("unix", info.Unix)
	if err == nil && self.LocalSize < self.Size {
		var ip string
		if ip, err = ownAddress(c.Addresses); err == nil {
			err = l.listen("tcp", net.JoinHostPort(ip, "0"))
		}
	}
	if err != nil {
		l.close()
		return nil, info, err
	}
	if len(l.listeners) > 1 {
		info.TCP = l.listeners[1].Addr().String()
	}
	return l, info, nil
}

func (l *leader) listen(network, where string) error {
	listener, err := net.Listen(network, where)
	if err == nil {
		l.listeners = append(l.listeners, listener)
	}
	return err
}

// checkFiles says whether the leader may have as many connections as it will.
func checkFiles(self Self) error {
	need := uint64(self.LocalSize + fanout + 64)
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err == nil && limit.Cur < need {
		return fmt.Errorf("rank %d on %s leads %d ranks and needs %d open files; the limit is %d (ulimit -n)",
			self.Rank, self.Host, self.LocalSize, need, limit.Cur)
	}
	return nil
}

// accept takes kids until the listeners are closed.
func (l *leader) accept() { acceptAll(l.listeners, l.greet) }

// greet finds out who has dialed and listens to it until it is gone.
func (l *leader) greet(conn net.Conn) {
	defer conn.Close()
	ln, j, err := greeted(conn, l.key)
	if err != nil || j.size != l.self.Size {
		return // no kid, and whoever it is may not be told why
	}
	k := &kid{link: ln, join: j}
	l.mu.Lock()
	l.kids[k] = true
	l.mu.Unlock()
	err = l.hear(k)
	l.mu.Lock()
	delete(l.kids, k)
	l.all = l.all.Minus(k.covers)
	lost := k.covers
	l.mu.Unlock()
	if len(lost) > 0 {
		l.box.add(group{kind: Died, merge: true, ranks: lost, payload: []byte(k.obituary(err, l.cluster))})
	}
}

// learn keeps where a kid runs.
func (k *kid) learn(g group) {
	var info nodeInfo
	if k.join != nil && g.ranks.Has(k.join.rank) && json.Unmarshal(g.payload, &info) == nil {
		k.host = info.Host
	}
}

// obituary says how a kid was lost.
func (k *kid) obituary(err error, cluster directory) string {
	switch {
	case errors.Is(err, os.ErrDeadlineExceeded):
		return strings.TrimSpace("the node "+k.host) + " does not answer"
	case errors.Is(err, errForged) || errors.Is(err, errMalformed) || errors.Is(err, errTooLong):
		return err.Error()
	case k.join.leader:
		return fmt.Sprintf("the process of rank %d, which leads the node, has ended", k.join.rank)
	}
	if words := cluster.crashed(k.join.rank); words != "" {
		return "the process has ended: " + words
	}
	return "the process has ended"
}

// hear passes on what a kid says. Only leaders have heartbeats: a rank that stands still, in a debugger
// perhaps, is none that is dead.
func (l *leader) hear(k *kid) error {
	if k.join.leader {
		k.link.watch(l.beat)
	}
	return k.link.groups(func(_ uint64, groups []group) { l.box.add(l.note(k, groups)...) })
}

// note keeps in mind which ranks a kid speaks for, and gives what is to be passed on.
func (l *leader) note(k *kid, groups []group) []group {
	passed := groups[:0]
	for _, g := range groups {
		switch g.kind {
		case kindCores:
			if text := l.cores(string(g.payload)); text != "" {
				passed = append(passed, group{kind: kindWarning, merge: true, ranks: g.ranks, payload: []byte(text)})
			}
			continue
		case kindJoined:
			l.mu.Lock()
			k.covers, l.all = k.covers.Union(g.ranks), l.all.Union(g.ranks)
			k.learn(g)
			l.mu.Unlock()
		case Died:
			l.mu.Lock()
			k.covers, l.all = k.covers.Minus(g.ranks), l.all.Minus(g.ranks)
			l.mu.Unlock()
		}
		passed = append(passed, g)
	}
	return passed
}

// handle passes a frame on and then obeys it.
func (l *leader) handle(frame []byte) error {
	if frame[0] == msgBeat {
		return nil
	}
	var targets Set
	if frame[0] == msgRun {
		o, err := decodeOrder(frame)
		if err != nil {
			return err
		}
		targets = o.targets
	}
	l.relay(frame, targets)
	return l.own.handle(frame)
}

// relay sends a frame to the kids, one with targets only to those who speak for some.
func (l *leader) relay(frame []byte, targets Set) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if frame[0] == msgRun {
		run, _ := decodeNumber(frame)
		l.box.expect(run, targets.And(l.all))
	}
	for k := range l.kids {
		if frame[0] != msgRun || targets.Meets(k.covers) {
			k.link.post(frame)
		}
	}
}

// beats sends heartbeats to other leaders until done is closed.
func (l *leader) beats(up func([]byte), done <-chan struct{}) {
	tick := time.NewTicker(l.beat)
	defer tick.Stop()
	for {
		select {
		case <-done:
			return
		case <-tick.C:
		}
		beat := []byte{msgBeat}
		up(beat)
		l.mu.Lock()
		for k := range l.kids {
			if k.join.leader {
				k.link.post(beat)
			}
		}
		l.mu.Unlock()
	}
}

// dismiss tells all kids to stop, and waits a little until they have read it.
func (l *leader) dismiss() {
	l.relay([]byte{msgStop}, nil)
	l.mu.Lock()
	kids := make([]*kid, 0, len(l.kids))
	for k := range l.kids {
		kids = append(kids, k)
	}
	l.mu.Unlock()
	for _, k := range kids {
		k.link.flushed(time.Second)
	}
}

func (l *leader) close() {
	for _, listener := range l.listeners {
		listener.Close()
	}
	os.RemoveAll(l.dir)
}
