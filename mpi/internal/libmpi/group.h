#ifndef GOFIVE_GROUP_H
#define GOFIVE_GROUP_H

#include <mpi.h>

// group is the ranks of a communicator and one of the library's own, so that no receive of a program takes these
// messages. Those of all calls have one tag: two ranks make their calls in the same order.
typedef struct {
	MPI_Comm comm;
	int rank, size;
} group;

enum { group_tag = 1 };

#endif
