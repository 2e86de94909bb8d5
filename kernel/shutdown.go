package kernel

import (
	"context"
	"sync"
	"time"

	"gofive/kernel/msg"
)

// A client that asked for shutdown sends SIGTERM after 2.5 s and SIGKILL after 5.
const (
	engineGrace = 2 * time.Second        // to close files
	laneGrace   = 300 * time.Millisecond // for an interrupted cell to end, and for its last words
	drainGrace  = 500 * time.Millisecond // for clients to take what was sent
)

// shutdown answers shutdown_request; the reply leaves when the engine has closed its files.
func (k *Kernel) shutdown(r *request) {
	k.activity.begin(r.msg.Header, false)
	q, err := msg.ParseShutdown(r.msg.Content)
	if err != nil {
		k.reply(r, msg.NewError(*badRequest(err)))
		k.activity.end(r.msg.Header)
		return
	}
	k.stop(q.Restart, func() {
		k.reply(r, msg.ShutdownReply{Status: msg.StatusOK, Restart: q.Restart})
		k.activity.end(r.msg.Header)
	})
}

// Stop ends the kernel as a shutdown_request does: the running cell is interrupted, files are
// closed, what was published leaves, addresses are free. It returns when all that is done.
func (k *Kernel) Stop() { k.stop(false, func() {}) }

// stop does what Stop does; last is called before the sockets are drained. Of a restart the ranks of a
// cluster see nothing: the next kernel may attach it.
func (k *Kernel) stop(restart bool, last func()) {
	k.stopOnce.Do(func() {
		k.Interrupt()
		k.shells.each((*lane).close)
		k.waitForCells()
		var ending sync.WaitGroup // together: Jupyter kills a kernel after five seconds, and a cluster would stay
		ending.Go(k.closeEngine)
		ending.Go(func() { k.closeCluster(restart) })
		ending.Wait()
		k.waitForCells()
		last()
		k.side.close()
		k.comm.close()
		wait(k.side.done, laneGrace)
		wait(k.comm.done, laneGrace)
		wait(k.history.Close(), laneGrace)
		k.pub.close()
		wait(k.pub.done, drainGrace)
		ctx, cancel := context.WithTimeout(context.Background(), drainGrace)
		defer cancel()
		if err := k.channels.Close(ctx); err != nil {
			k.log.Log("shutdown", err.Error())
		}
		close(k.stopped)
	})
}

// untilStopped gives a context that ends with the kernel, or when it is cancelled.
func (k *Kernel) untilStopped() (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		select {
		case <-k.stopped:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// closeCluster ends the ranks, or leaves them to the next kernel.
func (k *Kernel) closeCluster(restart bool) {
	if err := k.clusters.close(restart); err != nil {
		k.log.Log("cluster", err.Error())
	}
}

// waitForCells gives interrupted cells a moment to end.
func (k *Kernel) waitForCells() {
	late := time.Now().Add(laneGrace)
	k.shells.each(func(l *lane) { wait(l.done, time.Until(late)) })
}

// closeEngine ends the engine, waiting for one that has only begun to start.
func (k *Kernel) closeEngine() {
	if !wait(k.engine.ready, engineGrace) {
		return
	}
	ctx, cancel := context.WithTimeout(context.Background(), engineGrace)
	defer cancel()
	if err := k.engine.made.Close(ctx); err != nil {
		k.log.Log("shutdown", err.Error())
	}
}

// wait waits for done, at most for d, and reports whether it came.
func wait(done <-chan struct{}, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-done:
		return true
	case <-t.C:
		return false
	}
}
