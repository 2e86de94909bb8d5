// What Go asks of MPI, in the types that every MPI shares: handles are integers here.
#ifndef GOFIVE_LIBMPI_H
#define GOFIVE_LIBMPI_H

#include <stdint.h>

typedef struct {
	int rank, size, local_rank, local_size, thread, tag_max, yields;
} gm_info;

typedef struct {
	int source, tag;
	int64_t bytes;
} gm_status;

// gm_init joins the job; the result of this and of all others below is an MPI error code.
int gm_init(gm_info *info);
int gm_finalize(void);
void gm_abort(int code);

uintptr_t gm_world(void);
int gm_rank(uintptr_t comm);
int gm_size(uintptr_t comm);
int gm_dup(uintptr_t comm, uintptr_t *out);
int gm_split(uintptr_t comm, int color, int key, uintptr_t *out);
int gm_free(uintptr_t comm);

// gm_start starts the operation func (a number of abi.Func), sets *req and goes on as gm_test does.
int gm_start(int func, uintptr_t comm, uintptr_t send, int send_count, int send_kind, uintptr_t recv, int recv_count,
	int recv_kind, int op, int peer, int tag, const int *send_counts, const int *send_displs, const int *recv_counts,
	const int *recv_displs, int spins, int crowded, uintptr_t *req, int *done, gm_status *status);

// gm_test looks up to spins times, leaving the processor to others in between where crowded is set.
int gm_test(uintptr_t req, int spins, int crowded, int *done, gm_status *status);

// gm_drop gives a request up. *done: it had ended, or was cancelled, and its buffers are free.
int gm_drop(uintptr_t req, int receive, int *done);

int gm_probe(uintptr_t comm, int source, int tag, int *found, gm_status *status);

// gm_error names an error code; text holds 1024 bytes. The result is a number of abi.Class.
int gm_error(int code, char *text);
// gm_version writes the library's name and version; text holds 8192 bytes.
void gm_version(char *text);

#endif
