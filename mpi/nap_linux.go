package mpi

import (
	"syscall"
	"time"
)

// nap is a sleep of microseconds. The runtime's own is rounded up to a millisecond.
func nap(d time.Duration) {
	t := syscall.NsecToTimespec(int64(d))
	_ = syscall.Nanosleep(&t, nil) // a signal only makes it shorter
}
