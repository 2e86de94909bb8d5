/* ranks.c: what C takes for the works of ../ranks/main.go. It prints one line, the seconds of each
   repetition on the slowest rank: ranks-c independent|collective FILE REPETITIONS, or ranks-c allreduce
   BYTES REPETITIONS. With threads before that, MPI lets in all threads, as it does for gofive. */

#include <hdf5.h>
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { rows = 50000, columns = 1000 };

static int rank, size;

static void check(long long ok, const char *what) {
	if (ok < 0) {
		fprintf(stderr, "ranks-c: %s failed\n", what);
		MPI_Abort(MPI_COMM_WORLD, 1);
	}
}

static double now(void) {
	MPI_Barrier(MPI_COMM_WORLD);
	return MPI_Wtime();
}

static void print(double begun, int each) {
	double mine = (MPI_Wtime() - begun) / each, most;
	MPI_Reduce(&mine, &most, 1, MPI_DOUBLE, MPI_MAX, 0, MPI_COMM_WORLD);
	if (rank == 0)
		printf("%.9f ", most);
}

static double *numbers(size_t n) {
	double *x = malloc(n * sizeof *x);
	for (size_t i = 0; i < n; i++)
		x[i] = (double)i;
	return x;
}

static void write_file(const char *path, H5FD_mpio_xfer_t how, int repetitions) {
	hsize_t lo = (hsize_t)rows * rank / size, hi = (hsize_t)rows * (rank + 1) / size;
	hsize_t dims[2] = {rows, columns}, start[2] = {lo, 0}, count[2] = {hi - lo, columns};
	double *x = numbers(count[0] * columns);
	hid_t fapl = H5Pcreate(H5P_FILE_ACCESS), dxpl = H5Pcreate(H5P_DATASET_XFER), dcpl = H5Pcreate(H5P_DATASET_CREATE);
	check(H5Pset_fapl_mpio(fapl, MPI_COMM_WORLD, MPI_INFO_NULL), "H5Pset_fapl_mpio");
	check(H5Pset_dxpl_mpio(dxpl, how), "H5Pset_dxpl_mpio");
	check(H5Pset_fill_time(dcpl, H5D_FILL_TIME_NEVER), "H5Pset_fill_time");
	for (int i = 0; i < repetitions; i++) {
		hid_t file = H5Fcreate(path, H5F_ACC_TRUNC, H5P_DEFAULT, fapl);
		check(file, "H5Fcreate");
		double begun = now();
		hid_t space = H5Screate_simple(2, dims, NULL), memory = H5Screate_simple(2, count, NULL);
		hid_t dset = H5Dcreate2(file, "x", H5T_NATIVE_DOUBLE, space, H5P_DEFAULT, dcpl, H5P_DEFAULT);
		check(dset, "H5Dcreate2");
		check(H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count, NULL), "H5Sselect_hyperslab");
		check(H5Dwrite(dset, H5T_NATIVE_DOUBLE, memory, space, dxpl, x), "H5Dwrite");
		H5Dclose(dset);
		check(H5Fclose(file), "H5Fclose");
		print(begun, 1);
		H5Sclose(memory);
		H5Sclose(space);
	}
}

static void allreduce(long n, int repetitions) {
	double *in = numbers((size_t)n), *out = numbers((size_t)n);
	long calls = 20000000 / (n + 1000);
	calls = calls > 2000 ? 2000 : calls < 2 ? 2 : calls;
	for (int i = 0; i < repetitions; i++) {
		double begun = now();
		for (long k = 0; k < calls; k++)
			MPI_Allreduce(in, out, (int)n, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
		print(begun, (int)calls);
	}
}

int main(int argc, char **argv) {
	int threads = argc > 1 && !strcmp(argv[1], "threads"), granted;
	MPI_Init_thread(&argc, &argv, threads ? MPI_THREAD_MULTIPLE : MPI_THREAD_SINGLE, &granted);
	argc -= threads;
	argv += threads;
	MPI_Comm_rank(MPI_COMM_WORLD, &rank);
	MPI_Comm_size(MPI_COMM_WORLD, &size);
	if (argc != 4)
		check(-1, "reading the arguments");
	if (!strcmp(argv[1], "allreduce"))
		allreduce(atol(argv[2]) / 8, atoi(argv[3]));
	else
		write_file(argv[2], strcmp(argv[1], "collective") ? H5FD_MPIO_INDEPENDENT : H5FD_MPIO_COLLECTIVE, atoi(argv[3]));
	MPI_Finalize();
	return 0;
}
