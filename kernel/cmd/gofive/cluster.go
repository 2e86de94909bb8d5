package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"time"

	"gofive/kernel"
	"gofive/mpi/launch"
)

// cluster starts, lists and ends the ranks of parallel cells from a terminal. What it starts waits for a
// notebook to attach it.
func cluster(args []string) error {
	if len(args) == 0 {
		args = []string{"list"}
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	switch {
	case args[0] == "start":
		return startCluster(ctx, args[1:])
	case args[0] == "list" && len(args) == 1:
		list, err := launch.List()
		if err == nil {
			fmt.Print(kernel.ClusterTable(list))
		}
		return err
	case args[0] == "stop" && len(args) == 2:
		return stopCluster(ctx, args[1])
	}
	return unusable{errors.New("gofive cluster start -n N [flags] | list | stop ID")}
}

func startCluster(ctx context.Context, args []string) error {
	config, _, err := kernel.ParseClusterStart(args)
	if err != nil {
		return unusable{err}
	}
	engines, err := clusterConfig()
	if err != nil {
		return err
	}
	config.Engine, config.MPIEngine, config.Build = engines.Engine, engines.MPIEngine, engines.Build
	config.Progress = func(text string) { fmt.Fprintln(os.Stderr, text) }
	job, err := launch.Start(ctx, config)
	if err != nil {
		return err
	}
	for _, w := range job.Warnings() {
		fmt.Fprintln(os.Stderr, w)
	}
	info := job.Info()
	fmt.Printf("%s\n", info.ID)
	fmt.Fprintf(os.Stderr, "%d ranks by %s; in a notebook: %%cluster attach %s\n", info.Ranks, info.Launcher, info.ID)
	return job.Close()
}

// stopTime is how long a cluster may take to answer and its ranks to end before they are killed.
const stopTime = 20 * time.Second

func stopCluster(ctx context.Context, id string) error {
	ctx, cancel := context.WithTimeout(ctx, stopTime)
	defer cancel()
	return launch.StopID(ctx, id)
}
