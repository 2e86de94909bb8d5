/* hdf5.c: what C takes for the works that hdf5.go does with package h5. It prints one line, the
   seconds of each repetition: hdf5-c WORK FILE REPETITIONS, WORK as in the table at the end. */

#include <hdf5.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static long described; /* what the listing has seen, so that nothing of it is left out */

static void check(long long ok, const char *what) {
	if (ok < 0) {
		fprintf(stderr, "hdf5-c: %s failed\n", what);
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

/* create makes an empty file and removes it, 1,000 times. */
static void create_with(const char *file, hid_t access) {
	for (int i = 0; i < 1000; i++) {
		hid_t f = H5Fcreate(file, H5F_ACC_TRUNC, H5P_DEFAULT, access);
		check(f, "H5Fcreate");
		check(H5Fclose(f), "H5Fclose");
		check(unlink(file), "unlink");
	}
}

static hid_t latest(void) {
	hid_t access = H5Pcreate(H5P_FILE_ACCESS);
	check(H5Pset_libver_bounds(access, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST), "H5Pset_libver_bounds");
	return access;
}

static void create(const char *file) { create_with(file, H5P_DEFAULT); }

static void create_latest(const char *file) {
	hid_t access = latest();
	create_with(file, access);
	H5Pclose(access);
}

static double *given; /* memory that stays: with it, only the transfer is measured */
enum { given_length = 50000000, gzip_length = 12500000 };

static void datasets_with(const char *file, hid_t access) {
	hid_t f = H5Fcreate(file, H5F_ACC_TRUNC, H5P_DEFAULT, access), untimed = H5Pcreate(H5P_DATASET_CREATE);
	hid_t utf8 = H5Pcreate(H5P_LINK_CREATE);
	hsize_t n = 10;
	check(f, "H5Fcreate");
	check(H5Pset_obj_track_times(untimed, 0), "H5Pset_obj_track_times"); /* the file that the others write */
	check(H5Pset_char_encoding(utf8, H5T_CSET_UTF8), "H5Pset_char_encoding");
	for (int i = 0; i < 1000; i++) {
		char name[32];
		snprintf(name, sizeof name, "dataset%04d", i);
		hid_t space = H5Screate_simple(1, &n, NULL);
		hid_t d = H5Dcreate2(f, name, H5T_IEEE_F64LE, space, utf8, untimed, H5P_DEFAULT);
		check(d, "H5Dcreate2");
		check(H5Dwrite(d, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, given), "H5Dwrite");
		H5Dclose(d);
		H5Sclose(space);
	}
	H5Pclose(utf8);
	H5Pclose(untimed);
	check(H5Fclose(f), "H5Fclose");
}

static void datasets(const char *file) { datasets_with(file, H5P_DEFAULT); }

static void datasets_latest(const char *file) {
	hid_t access = latest();
	datasets_with(file, access);
	H5Pclose(access);
}

/* collected is what a listing has found: names, and kinds where they are asked for. */
static struct collected {
	size_t n, room;
	char **names;
	int *kinds;
	int with_kinds;
} collected;

static herr_t collect(hid_t group, const char *name, const H5L_info_t *link, void *unused) {
	struct collected *c = &collected;
	if (c->n == c->room) {
		c->room = c->room ? 2 * c->room : 1024;
		c->names = realloc(c->names, c->room * sizeof *c->names);
		c->kinds = realloc(c->kinds, c->room * sizeof *c->kinds);
	}
	if (c->with_kinds) {
		H5O_info_t info;
		check(H5Oget_info_by_name2(group, name, &info, H5O_INFO_BASIC, H5P_DEFAULT), "H5Oget_info_by_name2");
		c->kinds[c->n] = info.type;
	}
	c->names[c->n++] = strdup(name);
	return 0;
}

static void links(const char *file, int with_kinds) {
	hid_t f = H5Fopen(file, H5F_ACC_RDONLY, H5P_DEFAULT), g = H5Gopen2(f, "links", H5P_DEFAULT);
	collected = (struct collected){.with_kinds = with_kinds};
	check(H5Literate(g, H5_INDEX_NAME, H5_ITER_NATIVE, NULL, collect, NULL), "H5Literate");
	described += (long)collected.n;
	for (size_t i = 0; i < collected.n; i++) free(collected.names[i]);
	free(collected.names);
	free(collected.kinds);
	H5Gclose(g);
	H5Fclose(f);
}

static void names(const char *file) { links(file, 0); }
static void kinds(const char *file) { links(file, 1); }

static void attrs(const char *file, int writes) {
	hid_t f = writes ? H5Fcreate(file, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT) : H5Fopen(file, H5F_ACC_RDONLY, H5P_DEFAULT);
	check(f, "H5Fcreate or H5Fopen");
	for (int i = 0; i < 100; i++) {
		char name[32];
		snprintf(name, sizeof name, "group%03d", i);
		hid_t g = writes ? H5Gcreate2(f, name, H5P_DEFAULT, H5P_DEFAULT, H5P_DEFAULT) : H5Gopen2(f, name, H5P_DEFAULT);
		check(g, "H5Gcreate2 or H5Gopen2");
		for (int j = 0; j < 100; j++) {
			double value = 1.5;
			snprintf(name, sizeof name, "attr%03d", j);
			if (writes) {
				hid_t space = H5Screate(H5S_SCALAR);
				hid_t a = H5Acreate2(g, name, H5T_IEEE_F64LE, space, H5P_DEFAULT, H5P_DEFAULT);
				check(H5Awrite(a, H5T_NATIVE_DOUBLE, &value), "H5Awrite");
				H5Aclose(a);
				H5Sclose(space);
			} else {
				attribute(g, name, NULL, NULL); /* nobody knew its type and shape */
			}
		}
		H5Gclose(g);
	}
	check(H5Fclose(f), "H5Fclose");
}

static void attrs_write(const char *file) { attrs(file, 1); }
static void attrs_read(const char *file) { attrs(file, 0); }

/* floats reads a dataset of float64 into x, or into new memory. */
static void floats(const char *file, double *x) {
	hid_t f = H5Fopen(file, H5F_ACC_RDONLY, H5P_DEFAULT), d = H5Dopen2(f, "x", H5P_DEFAULT), space = H5Dget_space(d);
	hssize_t n = H5Sget_simple_extent_npoints(space);
	check(n, "H5Sget_simple_extent_npoints");
	double *new = x ? NULL : malloc((size_t)n * sizeof *new);
	check(H5Dread(d, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, x ? x : new), "H5Dread");
	free(new);
	H5Sclose(space);
	H5Dclose(d);
	H5Fclose(f);
}

static void floats_new(const char *file) { floats(file, NULL); }
static void floats_given(const char *file) { floats(file, given); }

static void write_with(const char *file, hsize_t n, hid_t how) {
	hid_t f = H5Fcreate(file, H5F_ACC_TRUNC, H5P_DEFAULT, H5P_DEFAULT), space = H5Screate_simple(1, &n, NULL);
	hid_t d = H5Dcreate2(f, "x", H5T_IEEE_F64LE, space, H5P_DEFAULT, how, H5P_DEFAULT);
	check(d, "H5Dcreate2");
	check(H5Dwrite(d, H5T_NATIVE_DOUBLE, H5S_ALL, H5S_ALL, H5P_DEFAULT, given), "H5Dwrite");
	H5Dclose(d);
	H5Sclose(space);
	check(H5Fclose(f), "H5Fclose");
}

static void floats_write(const char *file) { write_with(file, given_length, H5P_DEFAULT); }

static void gzip_write(const char *file) {
	hid_t how = H5Pcreate(H5P_DATASET_CREATE);
	hsize_t chunk = 131072;
	check(H5Pset_chunk(how, 1, &chunk), "H5Pset_chunk");
	check(H5Pset_shuffle(how), "H5Pset_shuffle");
	check(H5Pset_deflate(how, 4), "H5Pset_deflate");
	write_with(file, gzip_length, how);
	H5Pclose(how);
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

/* selected reads what is selected in the file's space into new memory. */
static void selected(hid_t d, hid_t space) {
	hsize_t n = (hsize_t)H5Sget_select_npoints(space);
	hid_t memory = H5Screate_simple(1, &n, NULL);
	double *x = malloc((size_t)n * sizeof *x);
	check(H5Dread(d, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, x), "H5Dread");
	free(x);
	H5Sclose(memory);
}

static void strided(const char *file) {
	hid_t f = H5Fopen(file, H5F_ACC_RDONLY, H5P_DEFAULT), d = H5Dopen2(f, "x", H5P_DEFAULT), space = H5Dget_space(d);
	hsize_t start = 0, stride = 10, count = given_length / 10;
	check(H5Sselect_hyperslab(space, H5S_SELECT_SET, &start, &stride, &count, NULL), "H5Sselect_hyperslab");
	selected(d, space);
	H5Sclose(space);
	H5Dclose(d);
	H5Fclose(f);
}

static void fancy(const char *file) {
	hid_t f = H5Fopen(file, H5F_ACC_RDONLY, H5P_DEFAULT), d = H5Dopen2(f, "x", H5P_DEFAULT), space = H5Dget_space(d);
	hsize_t places[1000];
	for (hsize_t i = 0; i < 1000; i++) places[i] = i * 50000 + i * 7919 % 50000;
	check(H5Sselect_elements(space, H5S_SELECT_SET, 1000, places), "H5Sselect_elements");
	selected(d, space);
	H5Sclose(space);
	H5Dclose(d);
	H5Fclose(f);
}

static void small(const char *file) {
	hid_t f = H5Fopen(file, H5F_ACC_RDONLY, H5P_DEFAULT), d = H5Dopen2(f, "x", H5P_DEFAULT), space = H5Dget_space(d);
	hsize_t n = 100;
	hid_t memory = H5Screate_simple(1, &n, NULL);
	double part[100];
	for (hsize_t i = 0; i < 10000; i++) {
		hsize_t lo = i * 4999;
		check(H5Sselect_hyperslab(space, H5S_SELECT_SET, &lo, NULL, &n, NULL), "H5Sselect_hyperslab");
		check(H5Dread(d, H5T_NATIVE_DOUBLE, memory, space, H5P_DEFAULT, part), "H5Dread");
	}
	H5Sclose(memory);
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
	} work[] = {
		{"create", create}, {"create-latest", create_latest}, {"datasets", datasets}, {"datasets-latest", datasets_latest},
		{"list", list}, {"names", names}, {"kinds", kinds}, {"attrs-write", attrs_write}, {"attrs-read", attrs_read},
		{"floats-new", floats_new}, {"floats-given", floats_given}, {"floats-write", floats_write},
		{"gzip-read", floats_new}, {"gzip-write", gzip_write}, {"field", field}, {"strided", strided},
		{"fancy", fancy}, {"small", small},
	};
	if (argc != 4) {
		fprintf(stderr, "usage: hdf5-c WORK FILE REPETITIONS\n");
		return 2;
	}
	given = malloc(given_length * sizeof *given);
	for (long i = 0; i < given_length; i++) given[i] = (double)i;
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
	fprintf(stderr, "hdf5-c: no work is called %s\n", argv[1]);
	return 2;
}
