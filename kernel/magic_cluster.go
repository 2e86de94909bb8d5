package kernel

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
	"time"

	"gofive/kernel/msg"
	"gofive/mpi/launch"
)

// clusterMagic is %cluster: start, find and end the ranks of parallel cells.
var clusterMagic = magic{name: "cluster", args: "start -n N|list|attach ID|status|interrupt [ID]|restart [ID]|stop [ID]", help: "the ranks that parallel cells run on", run: func(x *execution, args string) *msg.Failed {
	list, err := words(args)
	if err != nil {
		return magicFailure("%v", err)
	}
	if len(list) == 0 {
		list = []string{"status"}
	}
	do, ok := clusterCommands[list[0]]
	if !ok {
		return magicFailure("%%cluster knows start, list, attach, status, interrupt, restart and stop, not %q; %%cluster start -n 4 starts 4 ranks", list[0])
	}
	switch rest := list[1:]; list[0] {
	case "list", "status":
		if len(rest) > 0 {
			return magicFailure("%%cluster %s takes nothing behind it, not %q", list[0], strings.Join(rest, " "))
		}
	case "interrupt", "restart", "stop":
		if len(rest) > 1 {
			return magicFailure("%%cluster %s takes the id of one cluster, not %q", list[0], strings.Join(rest, " "))
		}
	}
	return do(x, list[1:])
}}

var clusterCommands = map[string]func(x *execution, args []string) *msg.Failed{
	"start": startCluster, "list": listClusters, "attach": attachCluster,
	"status": clusterStatus, "interrupt": interruptCluster, "restart": restartCluster, "stop": stopCluster,
}

// ParseClusterStart reads the arguments of a command that starts a cluster, in a cell or a terminal: -n N
// and the flags of the design. keep says that the cluster outlives who started it.
func ParseClusterStart(args []string) (config launch.Config, keep bool, err error) {
	set := flag.NewFlagSet("", flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.IntVar(&config.Ranks, "n", 0, "")
	set.IntVar(&config.Nodes, "nodes", 0, "")
	launcher := set.String("launcher", "auto", "")
	set.StringVar(&config.Partition, "partition", "", "")
	set.StringVar(&config.Account, "account", "", "")
	set.StringVar(&config.Name, "name", "", "")
	set.StringVar(&config.Listen, "listen", "", "")
	limit := set.String("time", "", "")
	set.DurationVar(&config.Idle, "idle", launch.DefaultIdle, "")
	more := set.String("args", "", "")
	set.BoolVar(&keep, "keep", false, "")
	if err := set.Parse(args); err != nil {
		return config, false, flagTrouble(set, err)
	}
	switch {
	case set.NArg() > 0:
		return config, false, fmt.Errorf("what is %q? The flags are %s", set.Arg(0), flagNames(set))
	case config.Ranks < 1:
		return config, false, fmt.Errorf("how many ranks? -n 4 starts four")
	}
	switch *launcher {
	case "auto":
	case "local", "mpirun", "srun", "sbatch":
		config.Launcher = launch.Launcher(*launcher)
	case "mpiexec":
		config.Launcher = launch.Mpirun
	default:
		return config, false, fmt.Errorf("--launcher is auto, local, mpirun, srun or sbatch, not %q", *launcher)
	}
	if config.Args, err = words(*more); err != nil {
		return config, false, err
	}
	if err := localFlags(set, config); err != nil {
		return config, false, err
	}
	config.Time, err = jobTime(*limit)
	return config, keep, err
}

// localFlags says which flags mean nothing where ranks are processes of this computer.
func localFlags(set *flag.FlagSet, config launch.Config) error {
	if config.Launcher != launch.Local {
		return nil
	}
	for _, name := range []string{"nodes", "partition", "account", "time"} {
		f := set.Lookup(name)
		if value := f.Value.String(); value != f.DefValue && !(name == "nodes" && config.Nodes == 1) {
			return fmt.Errorf("%s %s is for Slurm, and --launcher local starts processes here: --launcher srun or sbatch asks Slurm", dashed(name), value)
		}
	}
	return nil
}

// jobTime reads a time as Go writes it, "1h30m", or as Slurm does: "90" minutes, "01:30:00".
func jobTime(text string) (time.Duration, error) {
	if text == "" {
		return 0, nil
	}
	if d, err := time.ParseDuration(text); err == nil && d > 0 {
		return d, nil
	}
	var total time.Duration
	unit := time.Minute
	parts := strings.Split(text, ":")
	if len(parts) > 1 {
		unit = time.Second
	}
	for _, part := range parts {
		n, err := strconv.Atoi(part)
		if err != nil || n < 0 {
			return 0, fmt.Errorf("--time %s: give it as 1h30m or 01:30:00", text)
		}
		total = total*60 + time.Duration(n)*unit
	}
	return total, nil
}

func startCluster(x *execution, args []string) *msg.Failed {
	config, keep, err := ParseClusterStart(args)
	if err != nil {
		return magicFailure("%%cluster start: %v", err)
	}
	return x.start(config, keep)
}

func listClusters(x *execution, args []string) *msg.Failed {
	list, err := launch.List()
	if err != nil {
		return clusterFailure("%v", err)
	}
	x.out.Stream("stdout", []byte(ClusterTable(list)))
	return nil
}

// ClusterTable is the list of clusters as text.
func ClusterTable(list []launch.Info) string {
	if len(list) == 0 {
		return "no cluster runs\n"
	}
	var b strings.Builder
	w := tabwriter.NewWriter(&b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "id\tlauncher\tranks\tnodes\tjob\tstate\tage\tidle left\tkernel")
	for _, i := range list {
		idle := ""
		if i.IdleLeft > 0 {
			idle = i.IdleLeft.Round(time.Second).String()
		}
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%s\t%s\t%s\t%s\t%s\n", i.ID, i.Launcher, i.Ranks, i.Nodes, i.Job, i.State,
			time.Since(i.Started).Round(time.Second), idle, i.Kernel)
	}
	w.Flush()
	return b.String()
}

func attachCluster(x *execution, args []string) *msg.Failed {
	if len(args) != 1 {
		return magicFailure("%%cluster attach wants the id of a cluster; %%cluster list shows them")
	}
	if c := x.k.clusters.held(args[0]); c != nil && c.lost() == nil {
		x.adoptCluster(c)
		x.out.Stream("stdout", fmt.Appendf(nil, "cluster %s: %s\n", args[0], describe(c.job.Info(), c.job.Nodes())))
		return nil
	}
	job, err := launch.Attach(x.request.ctx, args[0])
	if err != nil {
		return unknownCluster(err)
	}
	c := &cluster{job: job}
	x.adoptCluster(c)
	x.out.Stream("stdout", fmt.Appendf(nil, "cluster %s: %s. Its ranks run on, with the files that they have open; what their cells have declared this kernel does not know: variables, functions and types are to be declared again, and begin anew.\n",
		args[0], describe(job.Info(), job.Nodes())))
	if _, running := job.Running(); !running {
		return nil
	}
	x.out.Stream("stdout", []byte("A cell that another kernel has begun still runs. Its output from the beginning:\n"))
	return x.followRanks(c)
}

// unknownCluster is the failure of what was asked of a cluster by its id.
func unknownCluster(err error) *msg.Failed {
	if errors.Is(err, launch.ErrUnknown) {
		return clusterFailure("%v; %%cluster list shows those that there are", err)
	}
	return clusterFailure("%v", err)
}

// statusGrace is how long ranks are waited for that are asked where they are.
const statusGrace = 2 * time.Second

func clusterStatus(x *execution, args []string) *msg.Failed {
	c, failed := x.k.clusters.current()
	if failed != nil {
		return failed
	}
	ctx, cancel := context.WithTimeout(x.request.ctx, statusGrace)
	defer cancel()
	var b strings.Builder
	info := c.job.Info()
	fmt.Fprintf(&b, "cluster %s: %s, up %s\n", info.ID, describe(info, c.job.Nodes()), time.Since(info.Started).Round(time.Second))
	for _, p := range c.job.Status(ctx) {
		fmt.Fprintf(&b, "%s %s\n", p.Ranks, placeText(p))
	}
	x.out.Stream("stdout", []byte(b.String()))
	return nil
}

// placeText says what ranks do.
func placeText(p launch.Place) string {
	switch {
	case p.Dead:
		return "dead"
	case p.Silent:
		return "no answer"
	case p.Text == "":
		return "idle"
	case p.Waits:
		return fmt.Sprintf("wait in %s for %s", p.Text, seconds(p.For))
	}
	return "run " + p.Text
}

// ofThisNotebook gives the cluster that the arguments of a command name, or that of parallel cells.
func (cs *clusters) ofThisNotebook(args []string) (*cluster, *msg.Failed) {
	id := strings.Join(args, "")
	c := cs.held(id)
	switch {
	case c == nil && id != "":
		return nil, clusterFailure("this notebook holds no cluster %s; %%cluster list shows all, and %%cluster attach %s takes one", id, id)
	case c == nil:
		_, failed := cs.current()
		return nil, failed
	}
	return c, nil
}

// interruptCluster ends what the ranks run, as the interrupt of a cell does that waits for them.
func interruptCluster(x *execution, args []string) *msg.Failed {
	c, failed := x.k.clusters.ofThisNotebook(args)
	if failed != nil {
		return failed
	}
	if err := c.lost(); err != nil {
		return clusterFailure("cluster %s: %v; %s", c.job.Info().ID, err, c.advice(err))
	}
	ctx, cancel := context.WithTimeout(x.request.ctx, statusGrace)
	where, _ := placesText(c.job.Status(ctx))
	cancel()
	name, err := c.job.InterruptRunning(x.request.ctx)
	switch {
	case errors.Is(err, launch.ErrIdle):
		x.out.Stream("stdout", fmt.Appendf(nil, "cluster %s: %v\n", c.job.Info().ID, err))
		return nil
	case errors.Is(err, launch.ErrNeedsRestart):
		return clusterFailure("%s was interrupted, and %v; %s", name, err, startAgain)
	case err != nil:
		return clusterFailure("%v", err)
	}
	if where != "" {
		where = ": " + where
	}
	x.out.Stream("stdout", fmt.Appendf(nil, "%s is interrupted%s; variables keep what they had\n", name, where))
	return nil
}

func restartCluster(x *execution, args []string) *msg.Failed {
	old, failed := x.k.clusters.ofThisNotebook(args)
	if failed != nil {
		return failed
	}
	_, failed, err := x.k.restart(x.request.ctx, old, x.out)
	switch {
	case errors.Is(err, launch.ErrTaken):
		return clusterFailure("%v; %s", err, old.advice(err))
	case err != nil:
		return clusterFailure("%v", err)
	}
	return failed
}

func stopCluster(x *execution, args []string) *msg.Failed {
	if len(args) == 1 {
		return x.stopCluster(args[0])
	}
	c, failed := x.k.clusters.current()
	if failed != nil {
		return failed
	}
	return x.stopHeld(c)
}

// stopCluster ends the cluster called id, of this kernel or not.
func (x *execution) stopCluster(id string) *msg.Failed {
	c := x.k.clusters.held(id)
	if c != nil && c.lost() == nil {
		return x.stopHeld(c)
	}
	if err := launch.StopID(x.request.ctx, id); err != nil {
		return unknownCluster(err)
	}
	if c != nil {
		x.k.clusters.drop(c)
	}
	x.out.Stream("stdout", fmt.Appendf(nil, "cluster %s has ended\n", id))
	return nil
}

func (x *execution) stopHeld(c *cluster) *msg.Failed {
	ctx, cancel := context.WithTimeout(x.request.ctx, clusterGrace)
	defer cancel()
	if err := c.job.Stop(ctx); err != nil {
		return clusterFailure("%v", err)
	}
	x.k.clusters.drop(c)
	x.out.Stream("stdout", fmt.Appendf(nil, "cluster %s has ended\n", c.job.Info().ID))
	return nil
}
