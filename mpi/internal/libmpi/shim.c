//go:build mpi

#include "blocks.h"
#include "rounds.h"
#include "shim.h"

#include <mpi.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// A request is a started call: one of MPI, or one of ours, which is not NULL then.
typedef struct {
	MPI_Request plain;
	rounds *reduce;
	blocks *gather;
} request;

// beside is the attribute of a communicator that holds a group: another communicator of the same ranks, for
// messages of our own.
static int beside = MPI_KEYVAL_INVALID;

// known is the group that this thread has asked for last. The attribute costs more, and a number says whether
// groups have gone since.
static _Thread_local struct {
	MPI_Comm comm;
	group *group;
	unsigned gone;
} known;
static atomic_uint groups_gone;

// spare is memory for calls of ours, for one of each kind and thread.
static _Thread_local struct {
	rounds *reduce;
	blocks *gather;
} spare;

// A handle is an int in MPICH and a pointer in Open MPI; both fit.
static MPI_Comm comm_of(uintptr_t c) { return (MPI_Comm)c; }

static void status_of(const MPI_Status *from, gm_status *to) {
	int n = 0;
	to->source = from->MPI_SOURCE;
	to->tag = from->MPI_TAG;
	MPI_Get_count(from, MPI_BYTE, &n);
	to->bytes = n == MPI_UNDEFINED ? 0 : n;
}

static void place(gm_info *info) {
	MPI_Comm node;
	int *tag_max, found;
	MPI_Comm_rank(MPI_COMM_WORLD, &info->rank);
	MPI_Comm_size(MPI_COMM_WORLD, &info->size);
	MPI_Comm_get_attr(MPI_COMM_WORLD, MPI_TAG_UB, &tag_max, &found);
	info->tag_max = found ? *tag_max : 32767;
	MPI_Comm_split_type(MPI_COMM_WORLD, MPI_COMM_TYPE_SHARED, 0, MPI_INFO_NULL, &node);
	MPI_Comm_rank(node, &info->local_rank);
	MPI_Comm_size(node, &info->local_size);
	MPI_Comm_free(&node);
}

/*
 * What handles signals in a process of Go must run on the signal stack; the handlers of libraries seldom ask
 * for it. MPICH has one for SIGUSR1, which its launcher sends when another rank has died.
 */
static void handlers_on_stack(void) {
	for (int sig = 1; sig < NSIG; sig++) {
		struct sigaction act;
		if (sigaction(sig, NULL, &act) != 0) continue;
		if (act.sa_handler == SIG_DFL || act.sa_handler == SIG_IGN || act.sa_flags & SA_ONSTACK) continue;
		act.sa_flags |= SA_ONSTACK;
		sigaction(sig, &act, NULL);
	}
}

// yields reports whether the library itself leaves the processor to others when it finds nothing to do, as Open MPI
// does where it is told to. Twice is too often: the ranks then take turns at finding nothing.
static int yields(void) {
	int level, at, on = 0, n;
	MPI_T_cvar_handle handle;
	if (MPI_T_init_thread(MPI_THREAD_MULTIPLE, &level) != MPI_SUCCESS) return 0;
	if (MPI_T_cvar_get_index("mpi_yield_when_idle", &at) == MPI_SUCCESS && MPI_T_cvar_handle_alloc(at, NULL, &handle, &n) == MPI_SUCCESS) {
		if (n == 1) MPI_T_cvar_read(handle, &on);
		MPI_T_cvar_handle_free(&handle);
	}
	MPI_T_finalize();
	return on;
}

int gm_init(gm_info *info) {
	int err = MPI_Init_thread(NULL, NULL, MPI_THREAD_MULTIPLE, &info->thread);
	if (err != MPI_SUCCESS) return err;
	handlers_on_stack();
	err = MPI_Comm_set_errhandler(MPI_COMM_WORLD, MPI_ERRORS_RETURN);
	if (err == MPI_SUCCESS) err = MPI_Comm_create_keyval(MPI_COMM_NULL_COPY_FN, MPI_COMM_NULL_DELETE_FN, &beside, NULL);
	if (err == MPI_SUCCESS) place(info);
	info->yields = yields();
	return err;
}

int gm_finalize(void) { return MPI_Finalize(); }

void gm_abort(int code) {
	MPI_Abort(MPI_COMM_WORLD, code);
	_Exit(code);
}

uintptr_t gm_world(void) { return (uintptr_t)MPI_COMM_WORLD; }

int gm_rank(uintptr_t comm) {
	int n = -1;
	MPI_Comm_rank(comm_of(comm), &n);
	return n;
}

int gm_size(uintptr_t comm) {
	int n = 0;
	MPI_Comm_size(comm_of(comm), &n);
	return n;
}

// furnish gives a new communicator its group.
static int furnish(MPI_Comm c) {
	group *g = malloc(sizeof *g);
	if (g == NULL) return MPI_ERR_NO_MEM;
	int err = MPI_Comm_dup(c, &g->comm);
	if (err == MPI_SUCCESS) err = MPI_Comm_rank(c, &g->rank);
	if (err == MPI_SUCCESS) err = MPI_Comm_size(c, &g->size);
	return err == MPI_SUCCESS ? MPI_Comm_set_attr(c, beside, g) : err;
}

// group_of gives NULL where there is none.
static group *group_of(MPI_Comm c) {
	unsigned gone = atomic_load_explicit(&groups_gone, memory_order_acquire);
	if (known.group == NULL || known.comm != c || known.gone != gone) {
		group *g;
		int found = 0;
		MPI_Comm_get_attr(c, beside, &g, &found);
		known.comm = c;
		known.group = found ? g : NULL;
		known.gone = gone;
	}
	return known.group;
}

int gm_dup(uintptr_t comm, uintptr_t *out) {
	MPI_Comm c;
	int err = MPI_Comm_dup(comm_of(comm), &c);
	if (err == MPI_SUCCESS) err = furnish(c);
	if (err == MPI_SUCCESS) *out = (uintptr_t)c;
	return err;
}

int gm_split(uintptr_t comm, int color, int key, uintptr_t *out) {
	MPI_Comm c;
	int err = MPI_Comm_split(comm_of(comm), color < 0 ? MPI_UNDEFINED : color, key, &c);
	if (err == MPI_SUCCESS && c != MPI_COMM_NULL) err = furnish(c);
	if (err == MPI_SUCCESS) *out = c == MPI_COMM_NULL ? 0 : (uintptr_t)c;
	return err;
}

int gm_free(uintptr_t comm) {
	MPI_Comm c = comm_of(comm);
	group *g = group_of(c);
	int err = g == NULL ? MPI_SUCCESS : MPI_Comm_free(&g->comm);
	if (err == MPI_SUCCESS) err = MPI_Comm_free(&c);
	atomic_fetch_add(&groups_gone, 1);
	free(g);
	return err;
}

// The cases of the switches below are the constants of package abi, in their order; a test compares.
static MPI_Datatype type_of(int kind) {
	switch (kind) {
	case 1: return MPI_C_BOOL;
	case 2: return MPI_INT8_T;
	case 3: return MPI_INT16_T;
	case 4: return MPI_INT32_T;
	case 5: return MPI_INT64_T;
	case 6: return MPI_UINT8_T;
	case 7: return MPI_UINT16_T;
	case 8: return MPI_UINT32_T;
	case 9: return MPI_UINT64_T;
	case 10: return MPI_FLOAT;
	case 11: return MPI_DOUBLE;
	case 12: return MPI_C_FLOAT_COMPLEX;
	case 13: return MPI_C_DOUBLE_COMPLEX;
	}
	return MPI_BYTE;
}

static MPI_Op op_of(int op) {
	switch (op) {
	case 0: return MPI_SUM;
	case 1: return MPI_PROD;
	case 2: return MPI_MAX;
	case 3: return MPI_MIN;
	case 4: return MPI_LAND;
	case 5: return MPI_LOR;
	case 6: return MPI_LXOR;
	case 7: return MPI_BAND;
	case 8: return MPI_BOR;
	case 9: return MPI_BXOR;
	}
	return MPI_OP_NULL;
}

static int rank_of(int peer) {
	switch (peer) {
	case -1: return MPI_ANY_SOURCE;
	case -2: return MPI_PROC_NULL;
	}
	return peer;
}

static int tag_of(int tag) { return tag == -1 ? MPI_ANY_TAG : tag; }

// take gives what is spare, or else new memory.
static void *take(void *spare_one, size_t size) { return spare_one != NULL ? spare_one : malloc(size); }

// finish frees what a call of ours holds, and keeps its memory for the next one.
static void finish(request *w) {
	if (w->reduce != NULL) {
		rounds_end(w->reduce);
		free(spare.reduce);
		spare.reduce = w->reduce;
	} else if (w->gather != NULL) {
		blocks_end(w->gather);
		free(spare.gather);
		spare.gather = w->gather;
	}
}

// start_allreduce begins one of our own. in is MPI_IN_PLACE where out holds it already.
static int start_allreduce(const void *in, void *out, int n, MPI_Datatype type, MPI_Op op, MPI_Comm c, request *w) {
	const group *g = group_of(c);
	if (g == NULL) return MPI_ERR_COMM;
	if ((w->reduce = take(spare.reduce, sizeof *w->reduce)) == NULL) return MPI_ERR_NO_MEM;
	spare.reduce = NULL;
	return rounds_begin(w->reduce, g, in == MPI_IN_PLACE ? out : in, out, n, type, op);
}

// start_allgather begins one of our own where so little is told that it is an agreement.
static int start_allgather(const void *in, int send_count, MPI_Datatype st, void *out, int n, MPI_Datatype type, MPI_Comm c, request *w) {
	const group *g = group_of(c);
	if (g == NULL || in == NULL || type != MPI_BYTE || n > blocks_most)
		return MPI_Iallgather(in, send_count, st, out, n, type, c, &w->plain);
	if ((w->gather = take(spare.gather, sizeof *w->gather)) == NULL) return MPI_ERR_NO_MEM;
	spare.gather = NULL;
	return blocks_begin(w->gather, g, in, out, n);
}

// look_once looks whether a request is done.
static int look_once(request *w, int *done, MPI_Status *st) {
	if (w->reduce != NULL) return rounds_test(w->reduce, done);
	if (w->gather != NULL) return blocks_test(w->gather, done);
	return MPI_Test(&w->plain, done, st);
}

// look tries up to spins times whether a request is done. After an error nothing is freed: messages may still come.
static int look(request *w, int spins, int crowded, int *done, gm_status *status) {
	MPI_Status st = {0}; // after an error MPICH leaves some of it as it was
	int err = MPI_SUCCESS;
	for (int i = 0; i < spins && !*done && err == MPI_SUCCESS; i++) {
		if (crowded && i > 0) sched_yield();
		err = look_once(w, done, &st);
	}
	if (w->reduce == NULL && w->gather == NULL && (*done || err != MPI_SUCCESS)) status_of(&st, status);
	if (*done) finish(w);
	return err;
}

int gm_start(int func, uintptr_t comm, uintptr_t send, int send_count, int send_kind, uintptr_t recv, int recv_count,
	int recv_kind, int op, int peer, int tag, const int *send_counts, const int *send_displs, const int *recv_counts,
	const int *recv_displs, int spins, int crowded, uintptr_t *req, int *done, gm_status *status) {
	MPI_Comm c = comm_of(comm);
	MPI_Datatype st = type_of(send_kind), rt = type_of(recv_kind);
	void *s = (void *)send, *r = (void *)recv;
	request w = {MPI_REQUEST_NULL, NULL, NULL};
	int err = MPI_ERR_ARG;
	const void *in = s == NULL && recv_count > 0 ? MPI_IN_PLACE : s; // of reductions
	switch (func) {
	case 0: err = MPI_Isend(s, send_count, st, rank_of(peer), tag, c, &w.plain); break;
	case 1: err = MPI_Issend(s, send_count, st, rank_of(peer), tag, c, &w.plain); break;
	case 2: err = MPI_Irecv(r, recv_count, rt, rank_of(peer), tag_of(tag), c, &w.plain); break;
	case 3: err = MPI_Ibarrier(c, &w.plain); break;
	case 4: err = MPI_Ibcast(r, recv_count, rt, peer, c, &w.plain); break;
	case 5: err = MPI_Iscatter(s, send_count, st, r, recv_count, rt, peer, c, &w.plain); break;
	case 6: err = MPI_Iscatterv(s, send_counts, send_displs, st, r, recv_count, rt, peer, c, &w.plain); break;
	case 7: err = MPI_Igather(s, send_count, st, r, recv_count, rt, peer, c, &w.plain); break;
	case 8: err = MPI_Igatherv(s, send_count, st, r, recv_counts, recv_displs, rt, peer, c, &w.plain); break;
	case 9: err = start_allgather(s, send_count, st, r, recv_count, rt, c, &w); break;
	case 10: err = MPI_Iallgatherv(s, send_count, st, r, recv_counts, recv_displs, rt, c, &w.plain); break;
	case 11: err = MPI_Ialltoall(s, send_count, st, r, recv_count, rt, c, &w.plain); break;
	case 12: err = MPI_Ialltoallv(s, send_counts, send_displs, st, r, recv_counts, recv_displs, rt, c, &w.plain); break;
	case 13: err = MPI_Ireduce(in, r, s == NULL ? recv_count : send_count, s == NULL ? rt : st, op_of(op), peer, c, &w.plain); break;
	case 14: err = start_allreduce(in, r, recv_count, rt, op_of(op), c, &w); break;
	case 15: err = MPI_Iscan(in, r, recv_count, rt, op_of(op), c, &w.plain); break;
	case 16: err = MPI_Iexscan(in, r, recv_count, rt, op_of(op), c, &w.plain); break;
	case 17: err = MPI_Ireduce_scatter(s, r, recv_counts, rt, op_of(op), c, &w.plain); break;
	}
	*done = 0;
	if (err == MPI_SUCCESS) err = look(&w, spins, crowded, done, status);
	if (err != MPI_SUCCESS || *done) return err;
	request *kept = malloc(sizeof *kept);
	if (kept == NULL) return MPI_ERR_NO_MEM;
	*kept = w;
	*req = (uintptr_t)kept;
	return MPI_SUCCESS;
}

int gm_test(uintptr_t req, int spins, int crowded, int *done, gm_status *status) {
	request *w = (request *)req;
	*done = 0;
	int err = look(w, spins, crowded, done, status);
	if (*done || err != MPI_SUCCESS) free(w);
	return err;
}

int gm_drop(uintptr_t req, int receive, int *done) {
	gm_status status;
	request *w = (request *)req;
	if (receive) MPI_Cancel(&w->plain);
	// A cancelled receive ends by itself; one whose message is half here may never.
	return gm_test(req, 200, 0, done, &status);
}

int gm_probe(uintptr_t comm, int source, int tag, int *found, gm_status *status) {
	MPI_Status st;
	int err = MPI_Iprobe(rank_of(source), tag_of(tag), comm_of(comm), found, &st);
	if (err == MPI_SUCCESS && *found) status_of(&st, status);
	return err;
}

int gm_error(int code, char *text) {
	int class = MPI_ERR_OTHER, n = 0;
	char buf[MPI_MAX_ERROR_STRING] = "";
	MPI_Error_class(code, &class);
	MPI_Error_string(code, buf, &n);
	snprintf(text, 1024, "%s", buf);
	if (class == MPI_ERR_TRUNCATE) return 1;
	if (class == MPI_ERR_RANK || class == MPI_ERR_ROOT) return 2;
	if (class == MPI_ERR_TAG) return 3;
#ifdef MPIX_ERR_PROC_FAILED
	if (class == MPIX_ERR_PROC_FAILED) return 4;
#endif
	return 0;
}

void gm_version(char *text) {
	int n = 0;
	char buf[MPI_MAX_LIBRARY_VERSION_STRING] = "";
	MPI_Get_library_version(buf, &n);
	snprintf(text, 8192, "%s", buf);
}
