// Allgather of small blocks made of messages: what the ranks tell each other before most calls. Those of the
// libraries are for more, and run through a schedule when they may be left.
#ifndef GOFIVE_BLOCKS_H
#define GOFIVE_BLOCKS_H

#include "group.h"

enum { blocks_most = 64 }; // bytes of one

typedef struct {
	const group *g;
	char *out;   // of all ranks, in order
	char *held;  // the blocks so far: this rank's, and those of the ranks that follow it
	int width;   // bytes of one
	int have;    // blocks held
	MPI_Request open[2];
	char small[1024]; // held, when that is enough
} blocks;

// blocks_begin sets b up to give all ranks own of all, and posts the first messages: b stays where it is from then on.
int blocks_begin(blocks *b, const group *g, const void *own, void *out, int width);
// blocks_test looks once and goes on as far as it can. *done: out is filled. An error ends it.
int blocks_test(blocks *b, int *done);
// blocks_end frees what b holds.
void blocks_end(blocks *b);

#endif
