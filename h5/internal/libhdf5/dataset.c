/* Datasets: making, resizing, and moving their data. */
#include "shim.h"

#include <stdlib.h>
#include <string.h>

/* gf_memory_type writes the type of a dataset, or of the wanted members of a compound, and gives
 * its memory type, which the caller closes. */
int gf_memory_type(hid_t dset, const char *names, int nnames, hid_t *mem)
{
    hid_t type = -1;
    int   rc   = 0;

    gf_enter();
    GF_TRY(type = H5Dget_type(dset));
    GF_TRY(*mem = gf_put_type(type, 1, names, nnames));
    if (gf_full()) {
        H5Idec_ref(*mem);
        rc = -1;
    }
done:
    if (type >= 0)
        H5Tclose(type);
    return gf_end(rc);
}

/* gf_stored_type gives the type that the dataset is stored in, which the caller closes. */
int gf_stored_type(hid_t dset, hid_t *type)
{
    int rc = 0;

    gf_enter();
    GF_TRY(*type = H5Dget_type(dset));
done:
    return gf_end(rc);
}

int gf_shape(hid_t dset)
{
    hid_t space = -1;
    int   rc    = 0;

    gf_enter();
    GF_TRY(space = H5Dget_space(dset));
    GF_TRY(gf_put_space(space));
done:
    if (space >= 0)
        H5Sclose(space);
    return gf_end(rc);
}

static hid_t make_space(const gf_extent *e)
{
    if (e->rank < 0)
        return H5Screate(H5S_NULL);
    if (e->rank == 0)
        return H5Screate(H5S_SCALAR);
    return H5Screate_simple(e->rank, e->dims, e->max);
}

int gf_dataset_create(hid_t loc, const char *path, const uint8_t *code, size_t ncode, const gf_extent *extent,
                      const gf_making *making, hid_t *id)
{
    hid_t type = -1, filltype = -1, space = -1, dcpl = -1, dapl = -1, lcpl = -1;
    int   rc = 0;

    gf_enter();
    GF_TRY(type = gf_get_type(code, ncode));
    GF_TRY(space = make_space(extent));
    GF_TRY(dcpl = gf_untimed(H5P_DATASET_CREATE));
    GF_TRY(gf_apply(dcpl, making->create, making->ncreate));
    if (making->nfillcode) {
        gf_relocate((void *)making->fill, making->slots, making->nslots);
        GF_TRY(filltype = gf_get_type(making->fillcode, making->nfillcode));
        GF_TRY(H5Pset_fill_value(dcpl, filltype, (void *)making->fill));
    }
    GF_TRY(dapl = gf_list_of(H5P_DATASET_ACCESS, making->access, making->naccess));
    GF_TRY(lcpl = gf_intermediate());
    GF_TRY(*id = H5Dcreate2(loc, path, type, space, lcpl, dcpl, dapl));
done:
    if (lcpl >= 0)
        H5Pclose(lcpl);
    if (dapl >= 0)
        H5Pclose(dapl);
    if (dcpl >= 0)
        H5Pclose(dcpl);
    if (space >= 0)
        H5Sclose(space);
    if (filltype >= 0)
        H5Tclose(filltype);
    if (type >= 0)
        H5Tclose(type);
    return gf_end(rc);
}

/* gf_dataset_open opens a dataset with settings of its own. */
int gf_dataset_open(hid_t loc, const char *path, const uint8_t *access, size_t naccess, hid_t *id)
{
    hid_t dapl = -1;
    int   rc   = 0;

    gf_enter();
    GF_TRY(dapl = gf_list_of(H5P_DATASET_ACCESS, access, naccess));
    GF_TRY(*id = H5Dopen2(loc, path, dapl));
done:
    if (dapl >= 0)
        H5Pclose(dapl);
    return gf_end(rc);
}

int gf_commit(hid_t loc, const char *path, const uint8_t *code, size_t ncode)
{
    hid_t type = -1, lcpl = -1, tcpl = -1;
    int   rc = 0;

    gf_enter();
    GF_TRY(type = gf_get_type(code, ncode));
    GF_TRY(lcpl = gf_intermediate());
    GF_TRY(tcpl = gf_untimed(H5P_DATATYPE_CREATE));
    GF_TRY(H5Tcommit2(loc, path, type, lcpl, tcpl, H5P_DEFAULT));
done:
    if (tcpl >= 0)
        H5Pclose(tcpl);
    if (lcpl >= 0)
        H5Pclose(lcpl);
    if (type >= 0)
        H5Tclose(type);
    return gf_end(rc);
}

int gf_resize(hid_t dset, const hsize_t *dims)
{
    gf_enter();
    return gf_end(H5Dset_extent(dset, dims) < 0 ? gf_fail() : 0);
}

int gf_dataset_flush(hid_t dset)
{
    gf_enter();
    return gf_end(H5Dflush(dset) < 0 ? gf_fail() : 0);
}

/* gf_refresh forgets what is in memory of a dataset that another process writes. */
int gf_refresh(hid_t dset)
{
    gf_enter();
    return gf_end(H5Drefresh(dset) < 0 ? gf_fail() : 0);
}

/* gf_read fills dst, which has room for nelem elements of the memory type. */
int gf_read(hid_t dset, hid_t mem, int rank, const hsize_t *start, const hsize_t *stride, const hsize_t *count,
            hsize_t nelem, uintptr_t dst)
{
    hid_t space = -1, memory = -1;
    int   rc = 0;

    gf_enter();
    GF_TRY(space = H5Dget_space(dset));
    GF_TRY(memory = gf_select(space, rank, start, stride, count, nelem));
    GF_TRY(H5Dread(dset, mem, memory, space, H5P_DEFAULT, (void *)dst));
done:
    if (memory >= 0)
        H5Sclose(memory);
    if (space >= 0)
        H5Sclose(space);
    return gf_end(rc);
}

/* gf_read_held reads into memory of its own, for types with pointers, and writes its address; the
 * memory is there until gf_release. */
int gf_read_held(hid_t dset, hid_t mem, int rank, const hsize_t *start, const hsize_t *stride,
                 const hsize_t *count, hsize_t nelem)
{
    hid_t space = -1, memory = -1;
    void *data = NULL;
    int   rc   = 0;

    gf_enter();
    if (!(data = calloc((size_t)nelem, H5Tget_size(mem)))) {
        rc = gf_refuse("out of memory");
        goto done;
    }
    GF_TRY(space = H5Dget_space(dset));
    GF_TRY(memory = gf_select(space, rank, start, stride, count, nelem));
    if (H5Dread(dset, mem, memory, space, H5P_DEFAULT, data) < 0) {
        rc = gf_fail();
        H5Dvlen_reclaim(mem, memory, H5P_DEFAULT, data); /* what was read before it failed */
        goto done;
    }
    gf_i64((int64_t)(uintptr_t)data);
    rc   = gf_hold(data, mem, memory, nelem);
    data = NULL;
done:
    free(data);
    if (memory >= 0)
        H5Sclose(memory);
    if (space >= 0)
        H5Sclose(space);
    return gf_end(rc);
}

/* read_run reads count elements of axis from first, into place at of the axis in memory. */
static int read_run(hid_t dset, hid_t mem, hid_t space, hid_t memory, int rank, const hsize_t *start,
                    const hsize_t *stride, const hsize_t *count, int axis, const hsize_t *run, hsize_t at, void *dst)
{
    hsize_t from[H5S_MAX_RANK], size[H5S_MAX_RANK], to[H5S_MAX_RANK], step[H5S_MAX_RANK];
    int     rc = 0;

    for (int i = 0; i < rank; i++) {
        from[i] = i == axis ? run[0] : start[i];
        size[i] = i == axis ? run[1] : count[i];
        step[i] = i == axis ? 1 : stride[i];
        to[i]   = i == axis ? at : 0;
    }
    GF_TRY(H5Sselect_hyperslab(space, H5S_SELECT_SET, from, step, size, NULL));
    if (H5Sselect_valid(space) <= 0)
        return gf_refuse("the dataset's shape has changed");
    GF_TRY(H5Sselect_hyperslab(memory, H5S_SELECT_SET, to, NULL, size, NULL));
    GF_TRY(H5Dread(dset, mem, memory, space, H5P_DEFAULT, dst));
done:
    return rc;
}

/* gf_read_runs reads nruns runs (first, length) of one axis one after the other: a union of that
 * many hyperslabs takes libhdf5 quadratic time to build. count[axis] is the sum of the lengths. */
int gf_read_runs(hid_t dset, hid_t mem, int rank, const hsize_t *start, const hsize_t *stride,
                 const hsize_t *count, int axis, const hsize_t *runs, size_t nruns, uintptr_t dst)
{
    hid_t   space = -1, memory = -1;
    hsize_t at = 0;
    int     rc = 0;

    gf_enter();
    GF_TRY(space = H5Dget_space(dset));
    if (H5Sget_simple_extent_ndims(space) != rank) {
        rc = gf_refuse("the dataset's number of axes has changed");
        goto done;
    }
    GF_TRY(memory = H5Screate_simple(rank, count, NULL));
    for (size_t i = 0; i < nruns; i++) {
        GF_TRY(read_run(dset, mem, space, memory, rank, start, stride, count, axis, runs + 2 * i, at, (void *)dst));
        at += runs[2 * i + 1];
    }
done:
    if (memory >= 0)
        H5Sclose(memory);
    if (space >= 0)
        H5Sclose(space);
    return gf_end(rc);
}

/* gf_relocate turns offsets in data, at the places that slots names, into addresses. */
void gf_relocate(void *data, const int64_t *slots, size_t nslots)
{
    for (size_t i = 0; i < nslots; i++) {
        uintptr_t p; /* members of a packed compound are not aligned */
        memcpy(&p, (char *)data + slots[i], sizeof p);
        p += (uintptr_t)data;
        memcpy((char *)data + slots[i], &p, sizeof p);
    }
}

/* gf_write writes nelem elements of data, the first ones; or, with a shape of data, those of the
 * block that begins at. */
int gf_write(hid_t dset, const uint8_t *code, size_t ncode, int rank, const hsize_t *start, const hsize_t *stride,
             const hsize_t *count, hsize_t nelem, const hsize_t *shape, const hsize_t *at, uintptr_t data,
             const int64_t *slots, size_t nslots)
{
    hid_t space = -1, memory = -1, mem = -1;
    int   rc = 0;

    gf_enter();
    gf_relocate((void *)data, slots, nslots);
    GF_TRY(mem = gf_get_type(code, ncode));
    GF_TRY(space = H5Dget_space(dset));
    GF_TRY(memory = gf_select(space, rank, start, stride, count, nelem));
    if (shape) {
        H5Sclose(memory);
        GF_TRY(memory = H5Screate_simple(rank, shape, NULL));
        GF_TRY(H5Sselect_hyperslab(memory, H5S_SELECT_SET, at, NULL, count, NULL));
    }
    GF_TRY(H5Dwrite(dset, mem, memory, space, H5P_DEFAULT, (void *)data));
done:
    if (memory >= 0)
        H5Sclose(memory);
    if (space >= 0)
        H5Sclose(space);
    if (mem >= 0)
        H5Tclose(mem);
    return gf_end(rc);
}
