package launch

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"
)

// stopTime is how long ranks may take to exit when they were told to, brokenTime those of a job of which some
// are dead or stuck: MPI often does not let the others go.
const stopTime, brokenTime = 3 * time.Second, 500 * time.Millisecond

// Stop ends ranks and job and removes the cluster's directory. When ctx ends it kills. A second Stop does nothing,
// and neither does that of a kernel whose cluster was taken.
func (c *Cluster) Stop(ctx context.Context) error {
	c.mu.Lock()
	if c.stopped || c.closed {
		c.mu.Unlock()
		return nil
	}
	c.stopped = true
	c.mu.Unlock()
	h := c.theHub()
	if errors.Is(c.lostBy(), ErrTaken) { // by a kernel that may have stopped it too, and started one of its name
		h.close()
		return nil
	}
	c.endRanks(ctx)
	h.leave("it was stopped")
	return c.dir.remove()
}

// StopID ends the cluster that has an id, as Stop does. Of one that no kernel reaches any more it ends what
// can be ended from this computer.
func StopID(ctx context.Context, id string) error {
	c, err := Attach(ctx, id)
	if err == nil {
		return c.Stop(ctx)
	}
	if !errors.Is(err, ErrUnreachable) {
		return err
	}
	d, err := findDirectory(id)
	if err != nil {
		return err
	}
	conn, err := d.readConnection()
	if err != nil {
		return fmt.Errorf("stop the cluster %s: %w", id, err)
	}
	conn.end()
	return d.remove()
}

// leave parts with the ranks.
func (h *hub) leave(why string) {
	h.mu.Lock()
	h.lose(fmt.Errorf("%w: %s", ErrLost, why))
	h.mu.Unlock()
	h.close()
}

// endRanks tells the ranks to exit, waits for a while, and ends what is left.
func (c *Cluster) endRanks(ctx context.Context) {
	c.mu.Lock()
	h, j, conn, broken := c.hub, c.job, c.conn, c.restart
	c.mu.Unlock()
	patience := stopTime
	if broken {
		patience = brokenTime
	}
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	h.tell([]byte{msgStop})
	if j != nil {
		select {
		case <-j.ended():
		case <-ctx.Done():
		}
		j.kill()
		return
	}
	h.wait(ctx.Done(), func() bool { return h.link == nil })
	conn.end()
}

// giveUp ends the program that runs, if there is one: it fails with why.
func (h *hub) giveUp(why string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.run != nil {
		h.lose(fmt.Errorf("%w: %s", ErrLost, why))
	}
}

// Restart ends all ranks, and a program that they run, and starts new ones. What ranks knew is lost.
func (c *Cluster) Restart(ctx context.Context) error {
	c.theHub().giveUp("it was restarted")
	select {
	case <-c.turn:
	case <-ctx.Done():
		return fmt.Errorf("restart the cluster: %w: %s", ErrBusy, c.running())
	}
	defer c.give()
	c.mu.Lock()
	config := c.conn.Config
	stopped := c.stopped || c.closed
	c.mu.Unlock()
	if stopped {
		return fmt.Errorf("%w: it was stopped", ErrLost)
	}
	l, err := launcherOf(config)
	if err != nil {
		return err
	}
	if err := c.Err(); errors.Is(err, ErrTaken) {
		return err
	}
	c.endRanks(ctx)
	c.theHub().leave("it was restarted")
	if err := c.dir.clear(); err != nil {
		return fmt.Errorf("restart the cluster: %w", err)
	}
	if err := c.launch(ctx, config, l); err != nil {
		return fmt.Errorf("restart the cluster: %w", err)
	}
	c.mu.Lock()
	c.restart = false
	c.mu.Unlock()
	return nil
}

// clear empties the directory, so that nobody finds ranks that are gone.
func (d directory) clear() error {
	if err := d.remove(); err != nil {
		return err
	}
	return os.Mkdir(string(d), 0o700)
}

// removeTime is how long a rank that is being killed may still write into the directory.
const removeTime = 2 * time.Second

// remove removes the directory. One that a dying rank writes into meanwhile is "not empty", and is tried again.
func (d directory) remove() error {
	for end := time.Now().Add(removeTime); ; time.Sleep(20 * time.Millisecond) {
		err := os.RemoveAll(string(d))
		if err == nil || time.Now().After(end) {
			return err
		}
	}
}

// Close leaves the cluster running for another Attach.
func (c *Cluster) Close() error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.stopped || c.closed {
		return nil
	}
	c.closed = true
	c.hub.leave("the kernel has left it running")
	return nil
}
