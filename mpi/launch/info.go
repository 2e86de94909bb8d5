package launch

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Info is what is known of a cluster without attaching to it.
type Info struct {
	ID       string
	Launcher Launcher
	Ranks    int
	Nodes    int
	Job      string // Slurm's job id
	State    string // "starting", "running", "idle", "unreachable"
	Program  int64  // that runs, 0 for none
	Kernel   string // which process holds it, "" for none
	Started  time.Time
	IdleLeft time.Duration // until the ranks exit, 0 when a kernel or a program keeps them
}

// Node is one computer of a cluster.
type Node struct {
	Host  string
	Ranks Set
}

// reportOld is how old a report may be before the root counts as unreachable.
const reportOld = 3 * reportEvery

// List gives the clusters of this user, of all kernels.
func List() ([]Info, error) {
	root, err := clustersRoot()
	if err != nil {
		return nil, err
	}
	entries, err := os.ReadDir(root)
	if err != nil && !os.IsNotExist(err) {
		return nil, fmt.Errorf("list clusters: %w", err)
	}
	var all []Info
	for _, e := range entries {
		d := directory(filepath.Join(root, e.Name()))
		if c, err := d.readConnection(); err == nil {
			all = append(all, d.info(c))
		}
	}
	slices.SortFunc(all, func(a, b Info) int { return a.Started.Compare(b.Started) })
	return all, nil
}

// info puts together what the directory says; that is believed only as far as something lives.
func (d directory) info(c connection) Info {
	i := Info{ID: c.ID, Launcher: c.Launcher, Ranks: c.Ranks, Nodes: c.Nodes, Job: c.Job, Started: c.Started, State: "starting"}
	r, err := d.readReport()
	if err != nil {
		return i
	}
	if r.Root.here() && !r.Root.alive() || time.Since(r.At) > reportOld {
		i.State = "unreachable"
		return i
	}
	i.State, i.Program = "idle", r.Program
	if r.Program != 0 {
		i.State = "running"
	}
	if r.Kernel {
		i.Kernel = c.Kernel
	} else if !r.Idle.IsZero() {
		i.IdleLeft = max(0, time.Until(r.Idle.Add(c.Idle)))
	}
	return i
}

func (d directory) id() string { return filepath.Base(string(d)) }

// Info tells about the cluster as List does.
func (c *Cluster) Info() Info {
	c.mu.Lock()
	conn, h := c.conn, c.hub
	c.mu.Unlock()
	i := Info{ID: conn.ID, Launcher: conn.Launcher, Ranks: conn.Ranks, Nodes: h.nodes(), Job: conn.Job, Started: conn.Started,
		State: "idle", Kernel: conn.Kernel}
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.run != nil {
		i.State, i.Program = "running", h.run.order.id
	}
	if h.err != nil || h.link == nil {
		i.State = "unreachable"
	}
	return i
}

// Nodes gives the computers of the cluster.
func (c *Cluster) Nodes() []Node {
	h := c.theHub()
	h.mu.Lock()
	defer h.mu.Unlock()
	byHost := map[string]Set{}
	for info, ranks := range h.infos {
		byHost[info.Host] = byHost[info.Host].Union(ranks)
	}
	var nodes []Node
	for host, ranks := range byHost {
		nodes = append(nodes, Node{host, ranks})
	}
	slices.SortFunc(nodes, func(a, b Node) int { return a.Ranks[0].First - b.Ranks[0].First })
	return nodes
}

// end ends what the connection names.
func (c connection) end() {
	if c.Job != "" {
		cancelJob(c.Job)
	}
	if c.Launcher == Srun {
		cancelNamed(jobName(c.ID))
	}
	for _, p := range c.Launchers {
		p.kill()
	}
	if c.Folder != "" && strings.HasPrefix(filepath.Base(c.Folder), "gofive-") {
		os.RemoveAll(c.Folder)
	}
}
