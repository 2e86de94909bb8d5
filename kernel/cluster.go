package kernel

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"gofive/kernel/msg"
	"gofive/mpi/launch"
)

// cluster is a running job and what parallel cells have declared on its ranks.
type cluster struct {
	job   *launch.Cluster
	front FrontEnd
	keep  bool // it outlives the kernel

	mu   sync.Mutex
	next int64     // program
	init []ranCell // cells of %%px --init
}

// id numbers a program.
func (c *cluster) id() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.next++
	return c.next
}

// lost reports whether the job is gone, and why.
func (c *cluster) lost() error {
	select {
	case <-c.job.Lost():
		return c.job.Err()
	default:
		return nil
	}
}

// clusters is what the kernel knows of parallel cells: the cluster that they run on, how they run, and
// what became of the last.
type clusters struct {
	config func() (launch.Config, error) // where the engines are
	front  func() FrontEnd

	mu       sync.Mutex
	now      *cluster   // nil for none
	others   []*cluster // of this kernel, that cells do not run on now
	auto     *pxFlags   // set by %autopx, nil when it is off
	defaults []string   // flags that %pxconfig has set
	last     *pxRun     // the last parallel cell
	runs     []*pxRun   // by number; nil for those that are not kept
}

// current gives the cluster of parallel cells, or says how to get one.
func (cs *clusters) current() (*cluster, *msg.Failed) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	if cs.now == nil {
		return nil, clusterFailure("no cluster runs; %%cluster start -n 4 starts one of 4 ranks, and %%cluster list shows those that can be attached")
	}
	if err := cs.now.lost(); err != nil {
		return nil, clusterFailure("cluster %s: %v; %s", cs.now.job.Info().ID, err, cs.now.advice(err))
	}
	return cs.now, nil
}

// startAgain is what can be done when ranks are gone.
const startAgain = "%cluster restart starts the ranks anew and runs the cells marked %%px --init again"

// advice is what can be done when ranks are lost.
func (c *cluster) advice(err error) string {
	if errors.Is(err, launch.ErrTaken) {
		return fmt.Sprintf("%%cluster attach %s takes it back", c.job.Info().ID)
	}
	return startAgain
}

// held gives the cluster called id that this kernel has, also when its ranks are gone; "" is that of parallel cells, and
// nil is none.
func (cs *clusters) held(id string) *cluster {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	for _, c := range append([]*cluster{cs.now}, cs.others...) {
		if c != nil && (c.job.Info().ID == id || id == "" && c == cs.now) {
			return c
		}
	}
	return nil
}

// isCurrent reports whether parallel cells run on c.
func (cs *clusters) isCurrent(c *cluster) bool {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	return cs.now == c
}

// use makes c the cluster of parallel cells. The one before goes on; nil means that there was none but c.
func (cs *clusters) use(c *cluster) (before *cluster) {
	same := func(o *cluster) bool { return o.job.Info().ID == c.job.Info().ID } // attached again, perhaps
	cs.mu.Lock()
	defer cs.mu.Unlock()
	before, cs.now = cs.now, c
	cs.others = slices.DeleteFunc(cs.others, same)
	if before == nil || same(before) {
		return nil
	}
	cs.others = append(cs.others, before)
	return before
}

// drop forgets a cluster that has ended.
func (cs *clusters) drop(c *cluster) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	if cs.now == c {
		cs.now = nil
	}
	cs.others = slices.DeleteFunc(cs.others, func(o *cluster) bool { return o == c })
}

// replace puts what is known of a cluster after its restart in the place of what was before.
func (cs *clusters) replace(old, c *cluster) {
	cs.mu.Lock()
	defer cs.mu.Unlock()
	if cs.now == old {
		cs.now = c
	}
	if i := slices.Index(cs.others, old); i >= 0 {
		cs.others[i] = c
	}
}

// frontFor gives what completes and explains names in a cell: a parallel cell sees the variables of ranks.
func (k *Kernel) frontFor(lines []magicLine) FrontEnd {
	k.clusters.mu.Lock()
	defer k.clusters.mu.Unlock()
	if k.clusters.now == nil || len(lines) == 0 && k.clusters.auto == nil {
		return k.front
	}
	if len(lines) > 0 && lines[0].word != pxCell.String() && lines[0].word != pxLine.String() {
		return k.front
	}
	return k.clusters.now.front
}

// clusterGrace is how long the ranks may take to end before they are killed.
const clusterGrace = 2 * time.Second

// close stops the clusters of the kernel, or leaves them to another.
func (cs *clusters) close(restart bool) error {
	cs.mu.Lock()
	all := cs.others
	if cs.now != nil {
		all = append(all, cs.now)
	}
	cs.now, cs.others = nil, nil
	cs.mu.Unlock()
	ctx, cancel := context.WithTimeout(context.Background(), clusterGrace)
	defer cancel()
	failed := make([]error, len(all))
	var stopping sync.WaitGroup
	for i, c := range all {
		stopping.Go(func() {
			if c.keep || restart {
				failed[i] = c.job.Close()
			} else {
				failed[i] = c.job.Stop(ctx)
			}
		})
	}
	stopping.Wait()
	return errors.Join(failed...)
}

// startPatience is how long the start of ranks may take before it is told how far it is.
const startPatience = 2 * time.Second

// start starts a cluster and makes it that of parallel cells.
func (x *execution) start(config launch.Config, keep bool) *msg.Failed {
	begun := time.Now()
	tell := patient(startPatience, func(text string) { x.out.Stream("stdout", []byte(text+"\n")) })
	config.Progress = tell.say
	c, err := x.k.startCluster(x.request.ctx, config, keep)
	tell.end()
	if err != nil {
		return clusterFailure("%v", err)
	}
	x.adoptCluster(c)
	info := c.job.Info()
	x.out.Stream("stdout", fmt.Appendf(nil, "cluster %s: %s, ready after %s\n", info.ID, describe(info, c.job.Nodes()), seconds(time.Since(begun))))
	for _, w := range c.job.Warnings() {
		x.out.Stream("stderr", []byte(w+"\n"))
	}
	return nil
}

// patience tells how far something is when that takes long: then the latest text, and later ones at once.
type patience struct {
	tell  func(text string)
	timer *time.Timer

	mu     sync.Mutex
	late   bool
	latest string // not told yet
}

func patient(d time.Duration, tell func(text string)) *patience {
	p := &patience{tell: tell}
	p.timer = time.AfterFunc(d, func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.late = true
		p.show()
	})
	return p
}

func (p *patience) say(text string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.latest = text
	if p.late {
		p.show()
	}
}

func (p *patience) show() {
	if p.latest != "" {
		p.tell(p.latest)
		p.latest = ""
	}
}

// end lets nothing be told any more.
func (p *patience) end() {
	p.timer.Stop()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.late, p.latest = false, ""
}

// startCluster starts the ranks of a cluster.
func (k *Kernel) startCluster(ctx context.Context, config launch.Config, keep bool) (*cluster, error) {
	base, err := k.clusters.config()
	if err != nil {
		return nil, err
	}
	config.Engine, config.MPIEngine, config.Build = base.Engine, base.MPIEngine, base.Build
	job, err := launch.Start(ctx, config)
	if err != nil {
		return nil, err
	}
	return &cluster{job: job, keep: keep}, nil
}

// adoptCluster makes a job that of parallel cells. One that they ran on before goes on.
func (x *execution) adoptCluster(c *cluster) {
	if before := x.k.adoptCluster(c); before != nil && before.lost() == nil {
		id := before.job.Info().ID
		x.out.Stream("stdout", fmt.Appendf(nil, "cluster %s goes on; %%cluster attach %s runs cells there again, %%cluster stop %s ends it\n", id, id, id))
	}
}

// adoptCluster makes a job that of parallel cells, and gives the one before.
func (k *Kernel) adoptCluster(c *cluster) (before *cluster) {
	if c.front == nil {
		c.front = k.clusters.front()
	}
	return k.clusters.use(c)
}

// restart starts the ranks of a cluster anew and runs the cells marked %%px --init on them. What those print goes to out,
// nil for nowhere but %pxresult. The error of the ranks is nil when they run.
func (k *Kernel) restart(ctx context.Context, old *cluster, out *Output) (c *cluster, failed *msg.Failed, err error) {
	begun := time.Now()
	if err := old.job.Restart(ctx); err != nil {
		return nil, nil, err
	}
	old.mu.Lock()
	c = &cluster{job: old.job, front: k.clusters.front(), keep: old.keep, init: old.init}
	old.mu.Unlock()
	k.clusters.replace(old, c)
	if info := c.job.Info(); out != nil {
		out.Stream("stdout", fmt.Appendf(nil, "cluster %s: %s again after %s\n", info.ID, count(info.Ranks, "rank"), seconds(time.Since(begun))))
	}
	return c, k.runInit(ctx, c, out), nil
}

// runInit runs the cells marked %%px --init.
func (k *Kernel) runInit(ctx context.Context, c *cluster, out *Output) *msg.Failed {
	flags, failed := k.pxFlagsOf(nil)
	if failed != nil {
		return failed
	}
	all := launch.All(c.job.Info().Ranks)
	for _, cell := range c.init {
		program, checked, failed := c.program(cell.name, cell.code, cell.code, all, flags)
		if failed != nil {
			return failed
		}
		r, _ := k.clusters.newRun(c, cell.name, out, out != nil && !flags.noStream, flags.group)
		failed = r.run(ctx, c, program, checked)
		if out != nil {
			r.showRest(flags)
		}
		if failed != nil {
			return failed
		}
	}
	return nil
}

// describe tells the size and place of a cluster.
func describe(info launch.Info, nodes []launch.Node) string {
	text := fmt.Sprintf("%s by %s", count(info.Ranks, "rank"), info.Launcher)
	if info.Job != "" {
		text += " in job " + info.Job
	}
	switch len(nodes) {
	case 0:
	case 1:
		text += " on " + nodes[0].Host
	default:
		text += fmt.Sprintf(" on %d nodes", len(nodes))
	}
	return text
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// seconds writes a duration as people read it: "0.3 s", "12 s".
func seconds(d time.Duration) string {
	if d < 10*time.Second {
		return fmt.Sprintf("%.2g s", d.Seconds())
	}
	return fmt.Sprintf("%.0f s", d.Seconds())
}

// clusterFailure is the failure of a magic for parallel cells.
func clusterFailure(format string, args ...any) *msg.Failed {
	text := fmt.Sprintf(format, args...)
	return &msg.Failed{Name: "cluster", Value: text, Traceback: []string{red("cluster: ") + text}}
}

// errNoClusters is what a kernel says that was not told where the engines are.
var errNoClusters = errors.New("this kernel cannot start ranks")
