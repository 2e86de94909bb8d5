// Package libmpi is the only code that calls an MPI library. It is abi.Library on the MPI that the
// executable was built with, behind the build tag mpi; without the tag there is nothing here.
//
// Every operation is started without waiting (MPI_Isend, MPI_Ibcast ...) and looked at with MPI_Test, so
// that a wait can be watched and left. Allreduce, and the Allgather of a few bytes, are rounds of MPI_Isend and
// MPI_Irecv, on a communicator that each one made here has beside it: MPI_Iallreduce and MPI_Iallgather are
// slow. Communicators are the handles of C.
// Where the library grants less than MPI_THREAD_MULTIPLE, all calls go through the one thread that
// called MPI_Init_thread.
package libmpi
