package h5mpi

import (
	"fmt"
	"path/filepath"

	"gofive/h5"
	"gofive/mpi"
)

// MPIO opens a file on all ranks of a communicator together. Hints are for MPI-IO, each "key=value", such as
// "cb_nodes=4"; an MPI library passes over those that it does not know.
func MPIO(comm *mpi.Comm, hints ...string) h5.FileAccess {
	return h5.FileAccess{Driver: h5.Parallel{Job: job{comm}, Hints: hints}}
}

// Ways of reading and writing, for Dataset.With.
var (
	// Collective has all ranks write, or read, at once, each its part, which may be nothing. Values are
	// converted to the type of the dataset first: HDF5 would have each rank write for itself otherwise. When
	// it does so all the same, a note says why.
	Collective = h5.DatasetTransfer{Mode: h5.TransferCollective}
	// Independent has each rank write, or read, for itself: the default.
	Independent = h5.DatasetTransfer{Mode: h5.TransferIndependent}
	// OnlyCollective is Collective, and an error where HDF5 could not.
	OnlyCollective = h5.DatasetTransfer{Mode: h5.TransferCollective, RequireCollective: true}
)

// SetAtomic makes what a rank writes to a file visible to the others whole, and at once, where they would
// else see it only after a Flush and a barrier. It is collective, and slow.
func SetAtomic(f *h5.File, on bool) error { return h5.SetAtomic(f, on) }

// job is the ranks of a communicator, before they have opened anything.
type job struct{ comm *mpi.Comm }

// MPI reports whether the ranks talk through an MPI library.
func (j job) MPI() bool { return mpi.HasMPI() }

// Join gives the ranks a communicator of their own: what they tell each other about a file does not meet
// with the program's messages.
func (j job) Join(path string) (h5.Ranks, error) {
	switch {
	case j.comm == nil:
		return nil, &h5.Error{Kind: h5.ErrRanks, Reason: "there is no communicator", Hint: "a rank that Split has left out opens nothing"}
	case j.comm.Size() == 1:
		return nil, nil
	}
	r := &ranks{from: j.comm, name: fmt.Sprintf("file %q", filepath.Base(path))}
	return r, r.renew()
}
