//go:build mpi

#include "blocks.h"

#include <stdlib.h>
#include <string.h>

// more is how many blocks the present round brings: as many as there are, or the rest.
static int more(const blocks *b) {
	int rest = b->g->size - b->have;
	return b->have < rest ? b->have : rest;
}

// post begins the messages of a round: as many ranks ahead as blocks are held, others hold what follows them.
static int post(blocks *b) {
	int n = more(b) * b->width, size = b->g->size;
	if (n == 0) return MPI_SUCCESS;
	int from = (b->g->rank + b->have) % size, to = (b->g->rank - b->have + size) % size;
	int err = MPI_Irecv(b->held + b->have * b->width, n, MPI_BYTE, from, group_tag, b->g->comm, &b->open[0]);
	return err == MPI_SUCCESS ? MPI_Isend(b->held, n, MPI_BYTE, to, group_tag, b->g->comm, &b->open[1]) : err;
}

int blocks_begin(blocks *b, const group *g, const void *own, void *out, int width) {
	size_t bytes = (size_t)g->size * width;
	b->g = g;
	b->out = out;
	b->width = width;
	b->have = 1;
	b->open[0] = b->open[1] = MPI_REQUEST_NULL;
	b->held = bytes <= sizeof b->small ? b->small : malloc(bytes);
	if (b->held == NULL) return MPI_ERR_NO_MEM;
	memcpy(b->held, own, width);
	return post(b);
}

// arrange puts the blocks into the order of ranks.
static void arrange(const blocks *b) {
	int first = b->g->size - b->g->rank; // blocks up to the last rank's
	memcpy(b->out + b->g->rank * b->width, b->held, first * b->width);
	memcpy(b->out, b->held + first * b->width, b->g->rank * b->width);
}

int blocks_test(blocks *b, int *done) {
	for (;;) {
		MPI_Status status[2];
		int here = 0, err = MPI_Testall(2, b->open, &here, status);
		if (err != MPI_SUCCESS || !here) return err;
		b->have += more(b);
		if (b->have == b->g->size) {
			arrange(b);
			*done = 1;
			return MPI_SUCCESS;
		}
		if ((err = post(b)) != MPI_SUCCESS) return err;
	}
}

void blocks_end(blocks *b) {
	if (b->held != b->small) free(b->held);
}
