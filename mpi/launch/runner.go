package launch

import "time"

// Self says which rank a process, or goroutine, is.
type Self struct {
	Rank, Size int
	// LocalRank counts the ranks of one node, of which there are LocalSize; rank 0 leads them.
	LocalRank, LocalSize int
	Host                 string
	PID                  int
	// Library is the MPI library and its version, "" for none; Thread what it allows of threads, as
	// in "MPI_THREAD_MULTIPLE". Build is the build of gofive. All ranks must have the same.
	Library, Thread, Build string
}

// Exchange gives every rank the blobs of all, in the order of ranks. Every rank calls it once.
type Exchange func(blob []byte) ([][]byte, error)

// Runner is what runs programs in a rank. Run and Renew are called from one goroutine, one after the other;
// the rest at any time from others.
type Runner interface {
	// Run runs a program and returns when it has ended; nil means well. What it emits before it
	// returns belongs to the program. emit may be called by many goroutines; it may block for a
	// moment, and does not keep payloads.
	Run(id int64, program []byte, emit func(Event)) (failure []byte)
	// Interrupt ends the program with the id. It returns at once. It may come again while
	// the program has not ended, and when it just has.
	Interrupt(id int64)
	// Where says what the rank does now; the zero value while it is idle.
	Where() Where
	// Renew replaces the communicator that programs use, on all ranks at the same time, when calls of
	// MPI were dropped and no rank runs a program.
	Renew() error
}

// Where is what a rank does.
type Where struct {
	// Text is short and for people, "MPI_Recv(from 0, tag 7), line 4" or "line 3". Ranks of equal
	// texts are shown as one.
	Text string
	// Waits says that Text is a call of MPI that may wait for other ranks, begun at Since; All that it ends
	// only when all ranks of the job have come to it.
	Waits, All bool
	Since      time.Time
}
