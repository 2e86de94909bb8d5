package kernel

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"gofive/kernel/engine"
	"gofive/mpi/launch"
)

// What pages ask about clusters the kernel answers itself, beside running cells.

// clusterRequest is what a page asks; each op reads its own fields.
type clusterRequest struct {
	V        int    `json:"v"`
	ID       int64  `json:"id"`
	Cluster  string `json:"cluster"`
	Ranks    int    `json:"ranks"`
	Nodes    int    `json:"nodes"`
	Launcher string `json:"launcher"`
}

// clusterOps are what the kernel answers.
var clusterOps map[string]func(*Kernel, context.Context, clusterRequest) (map[string]any, error)

func init() {
	clusterOps = map[string]func(*Kernel, context.Context, clusterRequest) (map[string]any, error){
		"clusters": (*Kernel).browseClusters, "cluster": (*Kernel).browseClusterState, "start": (*Kernel).browseStart,
		"stop": (*Kernel).browseStop, "interrupt": (*Kernel).browseInterrupt, "restart": (*Kernel).browseRestart,
	}
}

// errOfKind is an error of a kind that pages know.
type errOfKind struct{ kind, text string }

func (e *errOfKind) Error() string { return e.text }

// mostClusterRequests is how many of a comm are at work; those that start clusters take their time.
const mostClusterRequests = 4

// browseCluster answers beside everything else.
func (k *Kernel) browseCluster(a pageRequest, do func(*Kernel, context.Context, clusterRequest) (map[string]any, error), data json.RawMessage) {
	var r clusterRequest
	if err := json.Unmarshal(data, &r); err != nil || r.V != 1 || r.ID < 1 {
		k.browseFail(a, map[string]any{"kind": "bad-request", "message": "v must be 1, id above 0, and each field of its type"})
		return
	}
	ctx, cancel := context.WithCancel(context.Background())
	if !k.browsers.doing(a, cancel) {
		cancel()
		k.browseFail(a, map[string]any{"kind": "busy", "message": "too many requests about clusters", "retry_ms": 1000})
		return
	}
	go func() {
		defer cancel()
		answer, err := k.guardedBrowse(ctx, do, r)
		k.browsers.done(a)
		if err != nil {
			k.browseFail(a, clusterTrouble(err))
			return
		}
		answer["id"], answer["ok"] = a.id, true
		k.browseSay(a.comm, a.parent, answer)
	}()
}

// guardedBrowse answers; a panic of ours is a failure of what was asked.
func (k *Kernel) guardedBrowse(ctx context.Context, do func(*Kernel, context.Context, clusterRequest) (map[string]any, error), r clusterRequest) (answer map[string]any, err error) {
	defer func() {
		if p := recover(); p != nil {
			k.log.Log("kernel bug", fmt.Sprint(p))
			err = &errOfKind{"internal", fmt.Sprint(p)}
		}
	}()
	return do(k, ctx, r)
}

// doing notes what is at work for a comm, unless that is too much.
func (bs *browsers) doing(a pageRequest, cancel context.CancelFunc) bool {
	bs.mu.Lock()
	defer bs.mu.Unlock()
	b := bs.open[a.comm]
	if b == nil || len(b.doing) >= mostClusterRequests || b.doing[a.id] != nil {
		return false
	}
	b.doing[a.id] = cancel
	return true
}

func (bs *browsers) done(a pageRequest) {
	bs.mu.Lock()
	defer bs.mu.Unlock()
	if b := bs.open[a.comm]; b != nil {
		delete(b.doing, a.id)
	}
}

// cancelCluster ends a request about clusters, if there is one of that id.
func (k *Kernel) cancelCluster(comm string, id int64) {
	k.browsers.mu.Lock()
	defer k.browsers.mu.Unlock()
	if b := k.browsers.open[comm]; b != nil && b.doing[id] != nil {
		b.doing[id]()
	}
}

// clusterTrouble words an error for a page.
func clusterTrouble(err error) map[string]any {
	kind := "io"
	var own *errOfKind
	switch {
	case errors.As(err, &own):
		kind = own.kind
	case errors.Is(err, context.Canceled):
		kind = "cancelled"
	case errors.Is(err, context.DeadlineExceeded):
		kind = "timeout"
	case errors.Is(err, launch.ErrUnknown):
		kind = "not-found"
	}
	return map[string]any{"kind": kind, "message": err.Error()}
}

// engineState tells of the engine of ordinary cells.
func (k *Kernel) engineState() map[string]any {
	state := map[string]any{"state": "gone"}
	if host, err := os.Hostname(); err == nil {
		state["host"] = host
	}
	ctx, cancel := context.WithTimeout(context.Background(), commTime)
	defer cancel()
	p, ok := k.engine.get(ctx).(engine.Measured)
	if !ok {
		return state
	}
	pid, rss := p.Measure()
	if pid == 0 {
		return state
	}
	state["pid"], state["rss"], state["state"] = pid, rss, "idle"
	if k.shells.busy() {
		state["state"] = "busy"
	}
	return state
}

// clusterFields tells of a cluster.
func (k *Kernel) clusterFields(info launch.Info) map[string]any {
	c := k.clusters.held(info.ID)
	if c != nil {
		info = c.job.Info()
		if c.lost() != nil {
			info.State = "lost"
		}
	}
	return map[string]any{"cluster": info.ID, "launcher": string(info.Launcher), "ranks": info.Ranks, "nodes": info.Nodes, "state": info.State,
		"started": info.Started.UTC().Format(time.RFC3339), "kernel": info.Kernel, "job": info.Job, "mine": c != nil, "current": c != nil && k.clusters.isCurrent(c)}
}

// browseClusters lists the clusters of the user.
func (k *Kernel) browseClusters(_ context.Context, _ clusterRequest) (map[string]any, error) {
	list, err := launch.List()
	if err != nil {
		return nil, err
	}
	items := []map[string]any{}
	for _, info := range list {
		items = append(items, k.clusterFields(info))
	}
	return map[string]any{"clusters": items, "engine": k.engineState()}, nil
}

// ours finds a cluster that this kernel holds.
func (k *Kernel) ours(id string) (*cluster, error) {
	if c := k.clusters.held(id); c != nil {
		return c, nil
	}
	if id == "" {
		return nil, &errOfKind{"not-found", "no cluster runs"}
	}
	return nil, &errOfKind{"not-found", "this notebook holds no cluster of that id; %cluster attach takes one"}
}

// rankState is what pages call what ranks do.
func rankState(p launch.Place) string {
	switch {
	case p.Dead:
		return "dead"
	case p.Silent:
		return "silent"
	case p.Waits:
		return "waiting"
	case p.Text == "":
		return "idle"
	}
	return "running"
}

// rankText writes ranks as pages read them: 0-2,5.
func rankText(s launch.Set) string { return strings.Trim(s.String(), "[]") }

// browseClusterState tells where the ranks of a cluster are.
func (k *Kernel) browseClusterState(ctx context.Context, r clusterRequest) (map[string]any, error) {
	c, err := k.ours(r.Cluster)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, statusGrace)
	defer cancel()
	fields := k.clusterFields(c.job.Info())
	hosts, places, members := []map[string]any{}, []map[string]any{}, []map[string]any{}
	hostOf := map[int]string{}
	for _, n := range c.job.Nodes() {
		hosts = append(hosts, map[string]any{"host": n.Host, "ranks": rankText(n.Ranks)})
		for rank := range n.Ranks.Each() {
			hostOf[rank] = n.Host
		}
	}
	for _, p := range c.job.Status(ctx) {
		item := map[string]any{"ranks": rankText(p.Ranks), "state": rankState(p), "text": p.Text}
		if p.Waits {
			item["seconds"] = p.For.Seconds()
		}
		places = append(places, item)
	}
	for _, m := range c.job.Members() {
		members = append(members, map[string]any{"rank": m.Rank, "host": hostOf[m.Rank], "pid": m.PID, "rss": m.RSS})
	}
	fields["hosts"], fields["places"], fields["members"], fields["engine"] = hosts, places, members, k.engineState()
	return fields, nil
}

// startTime is how long a job may wait for its turn.
const startTime = 10 * time.Minute

// browseStart starts a cluster and makes it that of parallel cells.
func (k *Kernel) browseStart(ctx context.Context, r clusterRequest) (map[string]any, error) {
	if r.Ranks < 1 {
		return nil, &errOfKind{"bad-request", "ranks must be 1 or more"}
	}
	args := []string{"-n", fmt.Sprint(r.Ranks), "-nodes", fmt.Sprint(max(0, r.Nodes))}
	if r.Launcher != "" {
		args = append(args, "-launcher", r.Launcher)
	}
	config, keep, err := ParseClusterStart(args)
	if err != nil {
		return nil, &errOfKind{"bad-request", err.Error()}
	}
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	c, err := k.startCluster(ctx, config, keep)
	if err != nil {
		return nil, err
	}
	k.adoptCluster(c)
	return k.browseClusterState(ctx, clusterRequest{Cluster: c.job.Info().ID})
}

// browseStop ends a cluster.
func (k *Kernel) browseStop(ctx context.Context, r clusterRequest) (map[string]any, error) {
	c, err := k.ours(r.Cluster)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, clusterGrace)
	defer cancel()
	if err := c.job.Stop(ctx); err != nil {
		return nil, err
	}
	k.clusters.drop(c)
	return map[string]any{}, nil
}

// browseInterrupt ends what the ranks of a cluster run.
func (k *Kernel) browseInterrupt(_ context.Context, r clusterRequest) (map[string]any, error) {
	c, err := k.ours(r.Cluster)
	if err != nil {
		return nil, err
	}
	if info := c.job.Info(); info.Program != 0 {
		c.job.Interrupt(info.Program)
	}
	return map[string]any{}, nil
}

// browseRestart starts the ranks of a cluster anew. What cells marked %%px --init print there is for %pxresult.
func (k *Kernel) browseRestart(ctx context.Context, r clusterRequest) (map[string]any, error) {
	old, err := k.ours(r.Cluster)
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, startTime)
	defer cancel()
	c, failed, err := k.restart(ctx, old, nil)
	if err != nil {
		return nil, err
	}
	if failed != nil {
		return nil, fmt.Errorf("the ranks run again, and a cell marked %%%%px --init has failed on them: %s", failed.Value)
	}
	return k.browseClusterState(ctx, clusterRequest{Cluster: c.job.Info().ID})
}
