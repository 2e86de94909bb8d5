package main

import (
	"fmt"
	"os"

	"golang.org/x/sys/unix"
)

const (
	// passedFD is the descriptor under which engine.Process passes the socket to the kernel.
	passedFD = 3
	// lowestFD is where the socket is moved to: code that closes descriptors by number, as
	// daemons and C libraries do from 3 on, seldom comes so far.
	lowestFD = 200
)

// kernelSocket gives the socket to the kernel under a high descriptor, of which child processes know
// nothing. In its old place is the null device: were that free, the Go runtime's epoll descriptor
// could come to be there, and the process would die of a cell that closes it.
//
// The socket does not block, so that the runtime waits for it: a read that blocks keeps its processor
// for some 20 µs from the goroutine that is to run what was read.
func kernelSocket() (*os.File, error) {
	fd, err := unix.FcntlInt(passedFD, unix.F_DUPFD_CLOEXEC, lowestFD)
	if err != nil {
		return nil, fmt.Errorf("move the kernel's socket from descriptor %d to %d or above: %w; ulimit -n must allow more than %d files",
			passedFD, lowestFD, err, lowestFD)
	}
	null, err := unix.Open(os.DevNull, unix.O_RDWR|unix.O_CLOEXEC, 0)
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", os.DevNull, err)
	}
	defer unix.Close(null)
	if err := unix.Dup3(null, passedFD, unix.O_CLOEXEC); err != nil {
		return nil, fmt.Errorf("replace descriptor %d: %w", passedFD, err)
	}
	if err := unix.SetNonblock(fd, true); err != nil {
		return nil, fmt.Errorf("set the kernel's socket not to block: %w", err)
	}
	return os.NewFile(uintptr(fd), "kernel"), nil
}
