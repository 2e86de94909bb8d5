package main

import (
	"errors"
	"os"
	"strconv"

	"gofive/h5"
	"gofive/h5/boss"
	"gofive/h5/h5mpi"
	"gofive/mpi"
)

// bossCommand is gofive boss. "--ranks N" before the command says that a launcher has started so many ranks.
func bossCommand(args []string) error {
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
	return errors.Join(err, h5.CloseAll(), mpi.Leave()) // files of all ranks are closed by messages between them
}
