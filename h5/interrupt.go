package h5

import (
	"sync/atomic"
	"time"

	"gofive/h5/internal/libhdf5"
)

// interrupts counts the calls of Interrupt; a transfer ends when it changes.
var interrupts atomic.Int64

// Interrupt ends the transfers and walks that are under way with ErrInterrupted, each after the
// piece it is at. It returns at once; what starts later is not concerned.
func Interrupt() { interrupts.Add(1) }

// interrupted returns a test for whether Interrupt was called since.
func interrupted() func() bool {
	start := interrupts.Load()
	return func() bool { return interrupts.Load() != start }
}

// Busy reports whether the HDF5 library was still at work for somebody else after wait. Display and
// completion ask it before they look into a file, and say "busy" instead of waiting.
func Busy(wait time.Duration) bool { return libhdf5.Busy(wait) }

// Locked runs f while nothing else can call the HDF5 library: for compiled code that calls the
// library by itself. f must not use this package.
func Locked(f func()) {
	defer tellWritten(Written{})
	libhdf5.Locked(f)
}

// Version is the version of the HDF5 library in use, or an error that says why it cannot be used.
func Version() (string, error) {
	v, err := libhdf5.Version()
	if err != nil {
		return "", failed("load the HDF5 library", "", "", err)
	}
	return v, nil
}
