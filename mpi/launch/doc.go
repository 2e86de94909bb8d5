// Package launch starts the ranks of a parallel job, watches them, and carries cells to them and what
// they print back, out of MPI's way: a program that deadlocks can still be asked where it hangs.
//
// There are only a few types here. The kernel holds a Cluster, which Start or Attach gives, and runs
// a Program on it; what the ranks do comes as Outputs, each with the Set of ranks that did the same,
// and at last an Outcome. A rank calls Serve with who it is, Self, and a Runner, which does what it
// is told.
//
//	cluster, err := launch.Start(ctx, launch.Config{Ranks: 4, Launcher: launch.Local, Engine: path})
//	outcome, err := cluster.Run(ctx, launch.Program{ID: 1, Payload: cell}, show)
//	cluster.Stop(ctx)
//
// The ranks hang under the kernel as a tree: one connection leads to the leader of the first node,
// from there to the leaders of other nodes, and on each node to its ranks. Leaders pass programs on
// before they run them, and merge equal output of many ranks on its way up.
package launch
