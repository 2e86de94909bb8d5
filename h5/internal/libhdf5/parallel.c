/* Files that the ranks of an MPI job have open together, and transfers that all of them make at once.
 * A library without MPI-IO refuses. */
#include "shim.h"

#include <stdlib.h>
#include <string.h>

#if defined GF_MPI && !defined H5_HAVE_PARALLEL
#error "the build tag mpi needs an HDF5 library with MPI-IO: set CGO_CFLAGS and CGO_LDFLAGS to those of hdf5-openmpi or hdf5-mpich"
#endif

/* parallel are the files that were opened with MPI-IO. To ask the library would be a collective call: it
 * copies the communicator for whoever asks. */
static struct parallel {
    hid_t        id;
    H5F_libver_t low, high;
} *files;
static size_t nfiles;

/* gf_parallel gives the bounds of the format of a file that was opened with MPI-IO, and 0 for others. */
int gf_parallel(hid_t file, H5F_libver_t *low, H5F_libver_t *high)
{
    for (size_t i = 0; i < nfiles; i++)
        if (files[i].id == file) {
            if (low)
                *low = files[i].low, *high = files[i].high;
            return 1;
        }
    return 0;
}

/* gf_remember_parallel is told of each file with what it was opened with. */
int gf_remember_parallel(hid_t file, hid_t fapl)
{
#ifdef H5_HAVE_PARALLEL
    struct parallel *grown;

    if (H5Pget_driver(fapl) != H5FD_MPIO)
        return 0;
    if (!(grown = realloc(files, (nfiles + 1) * sizeof *files)))
        return gf_refuse("out of memory");
    files            = grown;
    files[nfiles].id = file;
    if (H5Pget_libver_bounds(fapl, &files[nfiles].low, &files[nfiles].high) < 0)
        return gf_fail();
    nfiles++;
#else
    (void)file;
    (void)fapl;
#endif
    return 0;
}

/* gf_forget_parallel is told of each file that is closed: its number may be another's then. */
void gf_forget_parallel(hid_t file)
{
    for (size_t i = 0; i < nfiles; i++)
        if (files[i].id == file) {
            files[i] = files[--nfiles];
            return;
        }
}

#ifdef H5_HAVE_PARALLEL

int gf_has_parallel(void) { return 1; }

/* make_info makes hints of lines "key=value". */
static int make_info(const char *hints, MPI_Info *info)
{
    char *text = strdup(hints), *rest = text, *line, *value;
    int   rc = text && MPI_Info_create(info) == MPI_SUCCESS ? 0 : gf_refuse("MPI makes no MPI_Info");

    while (rc == 0 && (line = strsep(&rest, "\n"))) {
        if (!(value = strchr(line, '=')))
            continue;
        *value++ = 0;
        if (MPI_Info_set(*info, line, value) != MPI_SUCCESS)
            rc = gf_refuse("MPI refuses a hint");
    }
    free(text);
    return rc;
}

int gf_set_mpio(hid_t list, int64_t comm, const char *hints)
{
    MPI_Info info = MPI_INFO_NULL;
    int      rc   = 0;

    if (*hints && make_info(hints, &info) < 0)
        rc = -1;
    else if (H5Pset_fapl_mpio(list, (MPI_Comm)(intptr_t)comm, info) < 0)
        rc = gf_fail();
    if (info != MPI_INFO_NULL)
        MPI_Info_free(&info);
    return rc;
}

int gf_set_atomic(hid_t file, int on)
{
    gf_enter();
    return gf_end(H5Fset_mpi_atomicity(file, (hbool_t)on) < 0 ? gf_fail() : 0);
}

int gf_get_atomic(hid_t file, int *on)
{
    hbool_t flag = 0;
    int     rc   = 0;

    gf_enter();
    GF_TRY(H5Fget_mpi_atomicity(file, &flag));
    *on = flag;
done:
    return gf_end(rc);
}

/* select_part selects what part says, and gives the memory dataspace for it. A rank without elements takes
 * part all the same. */
static hid_t select_part(hid_t space, const gf_part *part)
{
    hsize_t one = 1;
    hid_t   memory;

    if (part->nelem > 0)
        return part->runs.rank > 0 ? gf_select_runs(space, &part->runs) : gf_select(space, part->sel, part->nelem);
    if (H5Sselect_none(space) < 0 || (memory = H5Screate_simple(1, &one, NULL)) < 0)
        return gf_fail();
    if (H5Sselect_none(memory) < 0) {
        gf_fail();
        H5Sclose(memory);
        return -1;
    }
    return memory;
}

/* same_elements reports whether rows of a type are all of those of another: only then can they be
 * converted without what the file holds. */
static int same_elements(hid_t a, hid_t b)
{
    return H5Tget_class(a) != H5T_COMPOUND || H5Tget_nmembers(a) == H5Tget_nmembers(b);
}

/* convert gives n elements converted in memory of its own: a collective transfer that converts is none
 * (hdf5.md: 0x02). */
static int convert(hid_t from, hid_t to, hsize_t n, const void *src, void **out)
{
    size_t a = H5Tget_size(from), b = H5Tget_size(to), size = a > b ? a : b;
    void  *data = calloc((size_t)n, size), *behind = calloc((size_t)n, b);
    int    rc = data && behind ? 0 : gf_refuse("out of memory");

    if (rc == 0 && src)
        memcpy(data, src, (size_t)n * a);
    if (rc == 0 && src && H5Tconvert(from, to, (size_t)n, data, behind, H5P_DEFAULT) < 0)
        rc = gf_fail();
    free(behind);
    if (rc < 0)
        free(data);
    else
        *out = data;
    return rc;
}

/* say writes how the last transfer with a list went: the mode, and why it was not collective here and on
 * some rank. */
static int say(hid_t dxpl)
{
    H5D_mpio_actual_io_mode_t mode  = 0;
    uint32_t                  local = 0, global = 0;

    if (H5Pget_mpio_actual_io_mode(dxpl, &mode) < 0 || H5Pget_mpio_no_collective_cause(dxpl, &local, &global) < 0)
        return gf_fail();
    gf_i64(mode);
    gf_i64(local);
    gf_i64(global);
    return 0;
}

static hid_t collective_list(void)
{
    hid_t dxpl = H5Pcreate(H5P_DATASET_XFER);

    if (dxpl >= 0 && H5Pset_dxpl_mpio(dxpl, H5FD_MPIO_COLLECTIVE) >= 0)
        return dxpl;
    gf_fail();
    if (dxpl >= 0)
        H5Pclose(dxpl);
    return -1;
}

/* move is the one call of a collective transfer, in the type of the file; data has room for it. */
static int move(hid_t dset, hid_t type, const gf_part *part, int write, void *data)
{
    hid_t space = -1, memory = -1, dxpl = -1;
    char  nothing[1];
    int   rc = 0;

    if (!data)
        data = nothing; /* no elements: the library wants an address all the same */
    GF_TRY(space = H5Dget_space(dset));
    GF_TRY(memory = select_part(space, part));
    GF_TRY(dxpl = collective_list());
    if (write)
        GF_TRY(H5Dwrite(dset, type, memory, space, dxpl, data));
    else
        GF_TRY(H5Dread(dset, type, memory, space, dxpl, data));
    rc = say(dxpl);
done:
    if (dxpl >= 0)
        H5Pclose(dxpl);
    if (memory >= 0)
        H5Sclose(memory);
    if (space >= 0)
        H5Sclose(space);
    return rc;
}

int gf_write_together(hid_t dset, const uint8_t *code, size_t ncode, gf_part part, uintptr_t data)
{
    hid_t mem = -1, type = -1;
    void *converted = NULL;
    int   equal, rc = 0;

    gf_enter();
    GF_TRY(mem = gf_kept_type(code, ncode));
    GF_TRY(type = H5Dget_type(dset));
    GF_TRY(equal = H5Tequal(mem, type));
    if (equal || !same_elements(mem, type))
        rc = move(dset, mem, &part, 1, (void *)data);
    else if (part.nelem == 0)
        rc = move(dset, type, &part, 1, NULL);
    else if ((rc = convert(mem, type, part.nelem, (void *)data, &converted)) == 0)
        rc = move(dset, type, &part, 1, converted);
done:
    free(converted);
    if (type >= 0)
        H5Tclose(type);
    if (mem >= 0)
        H5Tclose(mem);
    return gf_end(rc);
}

/* read_converted reads in the type of the file, and converts then. */
static int read_converted(hid_t dset, hid_t type, hid_t mem, const gf_part *part, void *dst)
{
    size_t a = H5Tget_size(type), b = H5Tget_size(mem);
    void  *data = NULL, *out = NULL;
    int    rc = 0;

    if (part->nelem == 0)
        return move(dset, type, part, 0, NULL);
    if (!(data = malloc((size_t)part->nelem * (a > b ? a : b))))
        return gf_refuse("out of memory");
    rc = move(dset, type, part, 0, data);
    if (rc == 0 && (rc = convert(type, mem, part->nelem, data, &out)) == 0)
        memcpy(dst, out, (size_t)part->nelem * b);
    free(out);
    free(data);
    return rc;
}

int gf_read_together(hid_t dset, hid_t mem, gf_part part, uintptr_t dst)
{
    hid_t type = -1;
    int   equal, rc = 0;

    gf_enter();
    GF_TRY(type = H5Dget_type(dset));
    GF_TRY(equal = H5Tequal(mem, type));
    if (equal)
        rc = move(dset, mem, &part, 0, (void *)dst);
    else
        rc = read_converted(dset, type, mem, &part, (void *)dst);
done:
    if (type >= 0)
        H5Tclose(type);
    return gf_end(rc);
}

#else

static const char serial[] = "this engine has serial HDF5, without MPI-IO";

int gf_has_parallel(void) { return 0; }

int gf_set_mpio(hid_t list, int64_t comm, const char *hints)
{
    (void)list;
    (void)comm;
    (void)hints;
    return gf_refuse(serial);
}

int gf_set_atomic(hid_t file, int on)
{
    (void)file;
    (void)on;
    gf_enter();
    return gf_end(gf_refuse(serial));
}

int gf_get_atomic(hid_t file, int *on)
{
    (void)file;
    *on = 0;
    gf_enter();
    return gf_end(gf_refuse(serial));
}

int gf_write_together(hid_t dset, const uint8_t *code, size_t ncode, gf_part part, uintptr_t data)
{
    (void)dset;
    (void)code;
    (void)ncode;
    (void)part;
    (void)data;
    gf_enter();
    return gf_end(gf_refuse(serial));
}

int gf_read_together(hid_t dset, hid_t mem, gf_part part, uintptr_t dst)
{
    (void)dset;
    (void)mem;
    (void)part;
    (void)dst;
    gf_enter();
    return gf_end(gf_refuse(serial));
}

#endif
