package launch

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"time"
)

// findTime is how long a rank looks for the one that it hangs under.
const findTime = 30 * time.Second

var (
	errStop = errors.New("the rank was told to exit")
	errGone = errors.New("what the rank hangs under is gone")
)

// Serve is one rank's side of the cluster that dir describes. It returns nil when the rank is to
// exit: it was told so, has been idle for long, or what it hangs under is gone; or ctx has ended. The process
// then has to end whatever still runs. exchange nil means that all ranks are of one node and find
// each other through dir.
func Serve(ctx context.Context, dir string, self Self, exchange Exchange, runner Runner) error {
	c, err := directory(dir).readConnection()
	if err != nil {
		return fmt.Errorf("rank %d: %w", self.Rank, err)
	}
	if c.Ranks != self.Size {
		return serveStranger(c, self)
	}
	if self.LocalRank == 0 {
		err = serveLeader(ctx, directory(dir), c, self, exchange, runner)
	} else {
		err = serveRank(ctx, directory(dir), c, self, exchange, runner)
	}
	if errors.Is(err, errStop) || errors.Is(err, errGone) || ctx.Err() != nil {
		return nil
	}
	if err != nil {
		directory(dir).complain(err)
	}
	return err
}

// complain adds a line to what the launcher has written, which errors of the start quote. The rank's own
// standard error is that of its programs.
func (d directory) complain(err error) {
	log, failed := os.OpenFile(d.log(), os.O_WRONLY|os.O_CREATE|os.O_APPEND, 0o600)
	if failed != nil {
		return // the error is returned too
	}
	defer log.Close()
	fmt.Fprintln(log, err)
}

// serveStranger tells the kernel that a job of another size has come to be than it wants.
func serveStranger(c connection, self Self) error {
	wrong := fmt.Errorf("rank %d of %d on %s belongs to a job of another size: the cluster has %d ranks",
		self.Rank, self.Size, self.Host, c.Ranks)
	conn, err := dialAny(c.Addresses)
	if err != nil {
		return errors.Join(wrong, err)
	}
	defer conn.Close()
	l, err := shake(conn, c.Key, dialed, linkBuffer)
	if err == nil {
		err = l.send((&join{rank: self.Rank, size: self.Size, leader: true}).encode())
	}
	if err == nil {
		// The kernel hangs up when it has taken this down. Before that nobody may be seen to end.
		_ = conn.SetReadDeadline(time.Now().Add(handshakeTime))
		_, _ = l.receive()
	}
	return errors.Join(wrong, err)
}

// nodeInfo is what the kernel learns of each rank; ranks of a node say the same.
type nodeInfo struct {
	Host, Library, Thread, Build string
}

// hello is what a rank says first.
func hello(self Self) []group {
	text, _ := json.Marshal(nodeInfo{self.Host, self.Library, self.Thread, self.Build}) // strings always can be written
	me := Set{{self.Rank, self.Rank}}
	return []group{
		{kind: kindCores, ranks: me, payload: []byte(allowedCores())},
		{kind: kindJoined, merge: true, ranks: me, payload: text},
	}
}

// serveRank is a rank that has a leader.
func serveRank(ctx context.Context, dir directory, c connection, self Self, exchange Exchange, runner Runner) error {
	p, err := findPlan(dir, self, nil, exchange)
	if err != nil {
		return err
	}
	return hang(ctx, c, self, p.leader, runner)
}

// hang is a rank under its leader.
func hang(ctx context.Context, c connection, self Self, leader leaderInfo, runner Runner) error {
	up, err := climb("unix", leader.Unix, c.Key, self, false)
	if err != nil {
		return fmt.Errorf("rank %d on %s dials rank %d, the leader of its node: %w", self.Rank, self.Host, leader.Rank, err)
	}
	defer up.close()
	defer context.AfterFunc(ctx, func() { up.close() })()
	folder := filepath.Dir(leader.Unix)
	box := newOutbox(up.sendGroups, 0, c.Pace)
	m := newMember(self, runner, box, folder)
	go m.work()
	box.add(hello(self)...)
	err = obey(up, 0, func(frame []byte) error {
		if frame[0] == msgRun {
			run, _ := decodeNumber(frame)
			box.expect(run, Set{{self.Rank, self.Rank}})
		}
		return m.handle(frame)
	})
	os.RemoveAll(folder) // the leader may be gone
	return err
}

func findPlan(dir directory, self Self, mine *leaderInfo, exchange Exchange) (*plan, error) {
	if exchange == nil {
		return filePlan(dir, mine, findTime)
	}
	return exchangePlan(self, mine, exchange)
}

// climb dials the place that a rank or leader hangs under. It tries again for a while: where very many
// ranks begin at once, some come too late for a handshake.
func climb(network, where string, key []byte, self Self, leads bool) (*link, error) {
	pause := redialFirst
	for end := time.Now().Add(findTime); ; time.Sleep(pause) {
		l, err := climbOnce(network, where, key, self, leads)
		if err == nil || time.Now().After(end) {
			return l, err
		}
		pause = min(2*pause, redialLast)
	}
}

func climbOnce(network, where string, key []byte, self Self, leads bool) (*link, error) {
	conn, err := net.DialTimeout(network, where, dialTime)
	if err != nil {
		return nil, err
	}
	l, err := shake(conn, key, dialed, linkBuffer)
	if err == nil {
		err = l.send((&join{rank: self.Rank, size: self.Size, leader: leads}).encode())
	}
	if err != nil {
		conn.Close()
		return nil, err
	}
	return l, nil
}

// obey does what comes down a link until it is told to stop or the link is gone. beat is the time between heartbeats, 0 where there are none.
func obey(up *link, beat time.Duration, handle func(frame []byte) error) error {
	up.watch(beat)
	for {
		frame, err := up.receive()
		switch {
		case errors.Is(err, errForged) || errors.Is(err, errTooLong):
			return err
		case err != nil:
			return errGone
		case len(frame) == 0:
			return errMalformed
		case frame[0] == msgStop:
			return errStop
		}
		if err := handle(frame); err != nil {
			return err
		}
	}
}

// serveLeader is a rank that leads its node.
func serveLeader(ctx context.Context, dir directory, c connection, self Self, exchange Exchange, runner Runner) error {
	if err := checkFiles(self); err != nil {
		return err
	}
	l, mine, err := newLeader(c, self)
	if err != nil {
		return fmt.Errorf("rank %d on %s listens for the ranks of its node: %w", self.Rank, self.Host, err)
	}
	l.cluster = dir
	defer l.close()
	p, err := findPlan(dir, self, &mine, exchange)
	if err != nil {
		return err
	}
	return l.lead(ctx, dir, c, p, runner)
}

// lead holds together what is below the leader.
func (l *leader) lead(ctx context.Context, dir directory, c connection, p *plan, runner Runner) error {
	if p.root {
		return newRoot(dir, c, l).serve(ctx, runner, p.height)
	}
	up, err := climb("tcp", p.parent.TCP, c.Key, l.self, true)
	if err != nil {
		return fmt.Errorf("rank %d on %s dials rank %d on %s: %w", l.self.Rank, l.self.Host, p.parent.Rank, p.parent.Host, err)
	}
	defer up.close()
	defer context.AfterFunc(ctx, func() { up.close() })()
	l.begin(runner, p.height, up.sendGroups)
	done := make(chan struct{})
	defer close(done)
	go l.beats(up.post, done)
	defer l.dismiss()
	return obey(up, l.beat, l.handle)
}

// begin makes the leader's own rank one of the tree and lets others come.
func (l *leader) begin(runner Runner, height int, send func([]group)) {
	l.box = newOutbox(send, height, l.pace)
	l.own = newMember(l.self, runner, l.box, l.dir)
	go l.own.work()
	l.box.add(l.note(&kid{}, hello(l.self))...)
	l.accept()
}
