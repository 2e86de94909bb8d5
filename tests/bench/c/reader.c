/* reader.c: what C takes for the work that main.go does with package h5. It prints one line, the
   seconds of each repetition: reader-c WORK FILE REPETITIONS, WORK as in the table at the end. */

#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

static long described; /* what the listing has seen, so that nothing of it is left out */

static void check(long long ok, const char *what) {
	if (ok < 0) {
		fprintf(stderr, "reader-c: %s failed\n", what);
		exit(1);
	}
}

/* attribute describes one attribute and reads its value, a number or a string of variable length. */
static herr_t attribute(hid_t object, const char *name, const H5A_info_t *info, void *unused) {
	hid_t a = H5Aopen(object, name, H5P_DEFAULT), space = H5Aget_space(a), type = H5Aget_type(a);
	hsize_t dims[H5S_MAX_RANK];
	described += H5Sget_simple_extent_dims(space, dims, NULL) + (long)H5Tget_size(type);
	if (H5Tis_variable_str(type) > 0) {
		char *text = NULL;
		check(H5Aread(a, type, &text), "H5Aread");
		described += (long)strlen(text);
		H5free_memory(text);
	} else {
		double value;
		check(H5Aread(a, H5T_NATIVE_DOUBLE, &value), "H5Aread");
		described += value > 0;
	}
	H5Tclose(type);
	H5Sclose(space);
	H5Aclose(a);
	return 0;
}

static herr_t object(hid_t group, const char *name, const H5L_info_t *info, void *unused) {
	hid_t o = H5Oopen(group, name, H5P_DEFAULT);
	check(o, "H5Oopen");
	if (H5Iget_type(o) == H5I_DATASET) {
		hid_t space = H5Dget_space(o), type = H5Dget_type(o), made = H5Dget_create_plist(o);
		hsize_t dims[H5S_MAX_RANK];
		described += H5Sget_simple_extent_dims(space, dims, NULL) + (long)H5Tget_size(type);
		described += H5Pget_layout(made) + H5Pget_nfilters(made) + (long)H5Dget_storage_size(o);
		H5Pclose(made);
		H5Tclose(type);
		H5Sclose(space);
	}
	check(H5Aiterate2(o, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, attribute, NULL), "H5Aiterate2");
	H5Oclose(o);
	return 0;
}

static void list(const char *file) {
	hid_t f = H5Fopen(file, H5F_ACC_RDONLY, H5P_DEFAULT);
	check(f, "H5Fopen");
	check(H5Literate(f, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, object, NULL), "H5Literate");
	H5Fclose(f);
}

/* given reads a dataset of float64 into memory that is there already, or into new memory. */
static void floats(const char *file, double **given) {
	hid_t f = H5Fopen(file, H5F_ACC_RDONLY, H5P_DEFAULT), d = H5Dopen2(f, "x", H5P_DEFAULT), space = H5Dget_space(d);
	hssize_t n = H5Sget_simple_extent_npoints(space);
	check(n, "H5Sget_simple_extent_npoints");
	double *x = *given ? *given : malloc((size_t)n * sizeof *x);
	check(H5Dread(d, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, x), "H5Dread");
	*given = x;
	H5Sclose(space);
	H5Dclose(d);
	H5Fclose(f);
}

static void floats_new(const char *file) {
	double *x = NULL;
	floats(file, &x);
	free(x);
}

static void floats_given(const char *file) {
	static double *x;
	floats(file, &x);
}

static void field(const char *file) {
	hid_t f = H5Fopen(file, H5F_ACC_RDONLY, H5P_DEFAULT), d = H5Dopen2(f, "rows", H5P_DEFAULT), space = H5Dget_space(d);
	hssize_t n = H5Sget_simple_extent_npoints(space);
	check(n, "H5Sget_simple_extent_npoints");
	hid_t type = H5Tcreate(H5T_COMPOUND, sizeof(float));
	check(H5Tinsert(type, "FLUX", 0, H5T_NATIVE_FLOAT), "H5Tinsert");
	float *x = malloc((size_t)n * sizeof *x);
	check(H5Dread(d, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, x), "H5Dread");
	free(x);
	H5Tclose(type);
	H5Sclose(space);
	H5Dclose(d);
	H5Fclose(f);
}

static double now(void) {
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + 1e-9 * (double)t.tv_nsec;
}

int main(int argc, char **argv) {
	static const struct {
		const char *name;
		void (*run)(const char *);
	} work[] = {{"list", list}, {"floats-new", floats_new}, {"floats-given", floats_given}, {"field", field}};
	if (argc != 4) {
		fprintf(stderr, "usage: reader-c list|floats-new|floats-given|field FILE REPETITIONS\n");
		return 2;
	}
	for (size_t i = 0; i < sizeof work / sizeof *work; i++) {
		if (strcmp(work[i].name, argv[1]) != 0) continue;
		for (int n = atoi(argv[3]); n > 0; n--) {
			double start = now();
			work[i].run(argv[2]);
			printf("%.6f ", now() - start);
		}
		printf("\n");
		return described < 0;
	}
	fprintf(stderr, "reader-c: no work is called %s\n", argv[1]);
	return 2;
}
