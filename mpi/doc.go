// Package mpi is what a parallel program calls: the Message Passing Interface on Go values, without
// copies where they are slices.
//
// There are only a few types here: a Comm is a group of ranks that talk to each other, World is all of
// them; an Op joins two values in a reduction; a Request is a message under way, a Status what a receive
// found; a Cart is a Comm whose ranks form a grid; a Window is memory of every rank that all read and write. The
// smallest program:
//
//	total, err := mpi.Allreduce(float64(mpi.Rank()), mpi.Sum)
//	if err != nil {
//		log.Fatal(err)
//	}
//	fmt.Println("rank", mpi.Rank(), "of", mpi.Size(), "knows", total)
//
// A rank is a process that mpirun, mpiexec, srun or a cluster of gofive started. Anywhere else there is
// one rank, and every program runs on it. MPI is initialised by the first call, or by Init.
//
// Values are numbers, bools, structs and arrays of them, slices of all these, strings, and whatever
// encoding/gob takes. The functions that return something, such as Allreduce, Gather and Recv, take a
// value and give one; the methods of Comm with the same names take the memory to fill. Given slices they
// do what MPI does, and nothing more. In all other collective calls the ranks first compare what they are
// about to do, in one exchange of 40 bytes a rank, in which small values already travel: ranks that do
// not make the same call get an error that says who does what. The last argument of every function, a
// Comm, may be left out and is World.
//
// Every call that waits can be watched (Where) and left (Interrupt), but for those in which the MPI
// library itself waits: Dup, Split, Free and Finalize. They only begin when all ranks have come.
//
// Calls may be made from every goroutine, with MPI's own rule: the collective calls on one Comm are made
// in the same order on all ranks, so by one goroutine at a time.
package mpi
