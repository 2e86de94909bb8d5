//go:build mpi

#include "rounds.h"

#include <stdlib.h>
#include <string.h>

// halving is from how many bytes on rounds exchange halves: twice the rounds, and fewer bytes.
enum { halving = 16 << 10 };

typedef struct {
	int from, to;
} span;

static int length(span s) { return s.to - s.from; }

// part is what a place has to reduce after the first rounds, each of which halves it.
static span part(const rounds *r, int place, int done) {
	span s = {0, r->count};
	for (int bit = r->power / 2; done > 0; done--, bit /= 2) {
		int middle = s.from + length(s) / 2;
		if (place & bit) s.from = middle;
		else s.to = middle;
	}
	return s;
}

// straight reports whether the first round takes what it sends from own, and what comes into sum.
static int straight(const rounds *r) { return r->halves && r->rest == 0 && r->power > 1 && r->own != r->sum; }

// rank_at is the rank at a place.
static int rank_at(const rounds *r, int place) { return place < r->rest ? 2 * place + 1 : place + r->rest; }

static int send(rounds *r, span s, int to, MPI_Request *q) {
	const char *from = r->round == 0 && straight(r) ? r->own : r->sum;
	return MPI_Isend(from + (size_t)s.from * r->width, length(s), r->type, to, group_tag, r->comm, q);
}

static int receive(rounds *r, char *at, int n, int from, MPI_Request *q) {
	return MPI_Irecv(at, n, r->type, from, group_tag, r->comm, q);
}

static int last_round(const rounds *r) { return r->halves ? 2 * r->rounds : r->rounds; }

// post_rest pairs the ranks beyond the power of 2, which are the first even ones, with their neighbours.
static int post_rest(rounds *r, int result) {
	span all = {0, r->count};
	if (r->rank >= 2 * r->rest) return MPI_SUCCESS;
	int even = r->rank % 2 == 0, other = even ? r->rank + 1 : r->rank - 1;
	if (even != result) return send(r, all, other, &r->open[0]);
	return receive(r, result ? r->sum : r->in, r->count, other, &r->open[0]);
}

// post begins the messages of the present round.
static int post(rounds *r) {
	if (r->round == -1 || r->round == last_round(r)) return post_rest(r, r->round != -1);
	if (r->place < 0) return MPI_SUCCESS;
	span out = {0, r->count}, in = out;
	char *at = r->in;
	int other = r->place ^ (1 << r->round);
	if (r->halves && r->round < r->rounds) {
		other = r->place ^ (r->power >> (r->round + 1));
		out = part(r, other, r->round + 1);
		in = part(r, r->place, r->round + 1);
		if (r->round == 0 && straight(r)) at = r->sum + (size_t)in.from * r->width;
	} else if (r->halves) {
		int done = 2 * r->rounds - r->round;
		other = r->place ^ (r->power >> done);
		out = part(r, r->place, done);
		in = part(r, other, done);
		at = r->sum + (size_t)in.from * r->width;
	}
	int err = receive(r, at, length(in), rank_at(r, other), &r->open[0]);
	return err == MPI_SUCCESS ? send(r, out, rank_at(r, other), &r->open[1]) : err;
}

// join adds what has come in the present round to what is there.
static int join(rounds *r) {
	span mine = {0, r->count};
	if (r->round == -1) {
		if (r->rank >= 2 * r->rest || r->place < 0) return MPI_SUCCESS;
	} else if (r->place < 0 || r->round >= r->rounds) {
		return MPI_SUCCESS;
	} else if (r->halves) {
		mine = part(r, r->place, r->round + 1);
	}
	size_t at = (size_t)mine.from * r->width;
	const char *in = r->round == 0 && straight(r) ? r->own + at : r->in;
	return MPI_Reduce_local(in, r->sum + at, length(mine), r->type, r->op);
}

static void arrange(rounds *r, const group *g) {
	int size = g->size;
	r->rank = g->rank;
	for (r->power = 1, r->rounds = 0; 2 * r->power <= size; r->power *= 2) r->rounds++;
	r->rest = size - r->power;
	r->place = r->rank - r->rest;
	if (r->rank < 2 * r->rest) r->place = r->rank % 2 == 0 ? -1 : r->rank / 2;
	r->round = r->rest > 0 ? -1 : 0;
}

// room is how many elements come at once and have to wait in in.
static int room(const rounds *r) {
	if (!r->halves || r->rest > 0) return r->count;
	int half = (r->count + 1) / 2;
	return straight(r) ? (half + 1) / 2 : half;
}

int rounds_begin(rounds *r, const group *g, const void *own, void *sum, int count, MPI_Datatype type, MPI_Op op) {
	r->comm = g->comm;
	r->type = type;
	r->op = op;
	r->own = own;
	r->sum = sum;
	r->count = count;
	r->open[0] = r->open[1] = MPI_REQUEST_NULL;
	MPI_Type_size(type, &r->width);
	arrange(r, g);
	size_t bytes = (size_t)count * r->width;
	r->halves = bytes >= halving && count >= r->power;
	size_t waits = (size_t)room(r) * r->width;
	r->in = waits <= sizeof r->small ? r->small : malloc(waits);
	if (r->in == NULL) return MPI_ERR_NO_MEM;
	if (!straight(r) && own != sum) memcpy(sum, own, bytes);
	return post(r);
}

int rounds_test(rounds *r, int *done) {
	for (;;) {
		MPI_Status status[2];
		int here = 0, err = MPI_Testall(2, r->open, &here, status);
		if (err != MPI_SUCCESS || !here) return err;
		if ((err = join(r)) != MPI_SUCCESS) return err;
		if (r->round == last_round(r) || (r->rest == 0 && r->round + 1 == last_round(r))) {
			*done = 1;
			return MPI_SUCCESS;
		}
		r->round++;
		if ((err = post(r)) != MPI_SUCCESS) return err;
	}
}

void rounds_end(rounds *r) {
	if (r->in != r->small) free(r->in);
}
