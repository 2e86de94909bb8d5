// Package worker is the loop inside one rank: it takes programs of parallel cells from the control tree
// (package launch), has an engine.Runner run them, and sends back what they print, show and return.
//
// There is one type here, Worker, which is a launch.Runner. What the ranks have to agree on by MPI
// itself, when they start and after a deadlock, goes through package mpi.
package worker
