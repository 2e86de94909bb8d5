package abi

// Func is an operation of MPI.
type Func uint8

// The operations, and the fields of Call that they read beside Comm. Counts are in elements; in
// Gather, Allgather, Scatter and Alltoall Send.Count and Recv.Count are those of one rank's part, as in
// MPI. A nil Send.Ptr with a Recv.Count that is not 0 means MPI_IN_PLACE in Reduce (at the root),
// Allreduce, Scan and Exscan.
const (
	Send          Func = iota // Send, Peer, Tag
	Ssend                     // the same; done when it was received
	Recv                      // Recv, Peer or AnySource, Tag or AnyTag
	Barrier                   //
	Bcast                     // Recv (at the root: what is sent), Peer
	Scatter                   // Send at the root, Recv, Peer
	Scatterv                  // Send, SendCounts, SendDispls at the root, Recv, Peer
	Gather                    // Send, Recv at the root, Peer
	Gatherv                   // Send; Recv, RecvCounts, RecvDispls at the root; Peer
	Allgather                 // Send, Recv
	Allgatherv                // Send, Recv, RecvCounts, RecvDispls
	Alltoall                  // Send, Recv
	Alltoallv                 // Send, SendCounts, SendDispls, Recv, RecvCounts, RecvDispls
	Reduce                    // Send, Recv at the root, Op, Peer
	Allreduce                 // Send, Recv, Op
	Scan                      // Send, Recv, Op
	Exscan                    // Send, Recv, Op; Recv of rank 0 stays as it is
	ReduceScatter             // Send, Recv, RecvCounts, Op
	Sendrecv                  // only in records: a Send and a Recv together
	Probe                     // only in records
	CommDup                   // only in records
	CommSplit                 // only in records
	CommFree                  // only in records
	Finalize                  // only in records
	FileIO                    // only in records: MPI-IO inside libhdf5
	Put                       // this and the next: of windows, which are made in package mpi
	Get
	Accumulate
	FetchAndOp
	CompareAndSwap
	WinAllocate
	WinFence
	WinLock
	WinUnlock
	WinFlush
	WinFree
)

var funcNames = [...]string{
	"Send", "Ssend", "Recv", "Barrier", "Bcast", "Scatter", "Scatterv", "Gather", "Gatherv", "Allgather",
	"Allgatherv", "Alltoall", "Alltoallv", "Reduce", "Allreduce", "Scan", "Exscan", "Reduce_scatter",
	"Sendrecv", "Probe", "Comm_dup", "Comm_split", "Comm_free", "Finalize", "File",
	"Put", "Get", "Accumulate", "Fetch_and_op", "Compare_and_swap", "Win_allocate", "Win_fence", "Win_lock", "Win_unlock",
	"Win_flush", "Win_free",
}

// String is the name of the standard: "MPI_Allreduce".
func (f Func) String() string { return "MPI_" + funcNames[f] }

// Collective says whether all ranks of a communicator make the call.
func (f Func) Collective() bool { return f >= Barrier && f <= ReduceScatter }
