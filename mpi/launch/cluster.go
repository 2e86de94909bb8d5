package launch

import (
	"context"
	"errors"
	"time"
)

// Errors of a Cluster.
var (
	ErrLost         = errors.New("the cluster is gone")
	ErrTaken        = errors.New("another kernel has taken the cluster")
	ErrNeedsRestart = errors.New("the cluster needs a restart")
	ErrUnknown      = errors.New("there is no such cluster")
)

// Cluster is the kernel's side of a job. Its methods may be called at any time.
type Cluster struct {
	config Config
}

// Info is what is known of a cluster without attaching to it.
type Info struct {
	ID       string
	Launcher Launcher
	Ranks    int
	Nodes    int
	Job      string // Slurm's job id
	State    string // "running", "idle", "starting", "unreachable"
	Program  int64  // that runs, 0 for none
	Kernel   string // "host, process 1234" that holds it, "" for none
	Started  time.Time
	IdleLeft time.Duration
}

// Node is one computer of a cluster.
type Node struct {
	Host  string
	Ranks Set
}

// Start starts ranks and returns when all are there and have passed the checks. Nothing is left over when it
// fails, or when ctx ends before.
func Start(ctx context.Context, config Config) (*Cluster, error) { return nil, errors.ErrUnsupported }

// Attach takes over a running cluster; a kernel that holds it loses it.
func Attach(ctx context.Context, id string) (*Cluster, error) { return nil, errors.ErrUnsupported }

// List gives the clusters of this user, of all kernels.
func List() ([]Info, error) { return nil, errors.ErrUnsupported }

// Info tells about the cluster as List does.
func (c *Cluster) Info() Info { return Info{} }

// Nodes gives the computers of the cluster.
func (c *Cluster) Nodes() []Node { return nil }

// Warnings are what the checks at the start found that is no error.
func (c *Cluster) Warnings() []string { return nil }

// Run runs a program on its targets and returns when all have ended, died, or are stuck. Programs wait for
// each other. The end of ctx interrupts the program. show is called for what the ranks do, by
// one goroutine; it may be nil.
func (c *Cluster) Run(ctx context.Context, p Program, show func(Output)) (*Outcome, error) {
	return nil, errors.ErrUnsupported
}

// Running gives the id of a program that began before Attach and runs still.
func (c *Cluster) Running() (id int64, ok bool) { return 0, false }

// Follow is Run for the program that ran last before Attach: it shows its output from the beginning.
func (c *Cluster) Follow(ctx context.Context, show func(Output)) (*Outcome, error) {
	return nil, errors.ErrUnsupported
}

// Interrupt ends the program with the id. It returns at once; Run returns when the ranks are out.
func (c *Cluster) Interrupt(id int64) {}

// Status asks all ranks where they are, and waits at most until ctx ends.
func (c *Cluster) Status(ctx context.Context) []Place { return nil }

// Restart ends all ranks and starts new ones. What ranks knew is lost.
func (c *Cluster) Restart(ctx context.Context) error { return errors.ErrUnsupported }

// Stop ends ranks and job and removes the cluster's directory. When ctx ends it kills. A second Stop does nothing.
func (c *Cluster) Stop(ctx context.Context) error { return errors.ErrUnsupported }

// Close leaves the cluster running for another Attach.
func (c *Cluster) Close() error { return nil }

// Lost is closed when the cluster is gone or was taken; Err then says why.
func (c *Cluster) Lost() <-chan struct{} { return nil }

// Err is why the cluster was lost, nil before: ErrLost or ErrTaken, with the particulars.
func (c *Cluster) Err() error { return nil }
