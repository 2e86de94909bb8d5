package main

import (
	"os"
	"runtime"
	"strconv"

	"gofive/h5/boss"
	"gofive/h5/h5mpi"
	"gofive/mpi"
)

// heapFloor is memory that is never touched: the collector takes it for live and waits until as much again is garbage. Of spectra one
// after the other next to nothing is live, and it would run every 4 MB.
const heapFloor = 32 << 20

// bossCommand is gofive boss. "--ranks N" before the command says that a launcher has started so many ranks.
func bossCommand(args []string) error {
	floor := make([]byte, heapFloor)
	defer runtime.KeepAlive(floor)
	if len(args) < 2 || args[0] != "--ranks" {
		return boss.Main(os.Stdout, args, boss.Options{})
	}
	ranks, err := strconv.Atoi(args[1])
	if err == nil {
		err = checkSize(ranks)
	}
	if err != nil {
		return err
	}
	err = boss.Main(os.Stdout, args[2:], boss.Options{Ranks: mpi.World, Access: h5mpi.MPIO(mpi.World)})
	return leave(err)
}
