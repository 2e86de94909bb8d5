// Allreduce made of messages. The nonblocking ones of the libraries run through a schedule that costs more than
// the messages, and their blocking ones cannot be left.
#ifndef GOFIVE_ROUNDS_H
#define GOFIVE_ROUNDS_H

#include "group.h"

typedef struct {
	MPI_Comm comm; // of the group
	MPI_Datatype type;
	MPI_Op op;
	const char *own; // this rank's elements
	char *sum, *in;  // what is reduced so far; what has come
	int count;      // elements
	int width;      // bytes of one
	int rank;
	int power, rest; // ranks that take part in the rounds, a power of 2; ranks beyond
	int place;       // among those, -1: beyond
	int rounds;      // log2 of power
	int halves;      // whether a round exchanges the half that the partner goes on with, or everything
	int round;       // the present one: -1 takes in the ranks beyond, the last gives them the result
	MPI_Request open[2];
	char small[256]; // in, when that is enough
} rounds;

// rounds_begin sets r up to reduce count elements of own, which may be sum, and posts the first messages: r stays
// where it is from then on.
int rounds_begin(rounds *r, const group *g, const void *own, void *sum, int count, MPI_Datatype type, MPI_Op op);
// rounds_test looks once and goes on as far as it can. *done: the result is in sum. An error ends it.
int rounds_test(rounds *r, int *done);
// rounds_end frees what r holds.
void rounds_end(rounds *r);

#endif
