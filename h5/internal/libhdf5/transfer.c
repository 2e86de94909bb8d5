/* Moving the data of datasets. What of a dataset is described in shim.h, at gf_selection. */
#include "shim.h"

#include <stdlib.h>
#include <string.h>

/* gf_read fills dst, which has room for nelem elements of the memory type. */
int gf_read(hid_t dset, hid_t mem, gf_selection sel, hsize_t nelem, uintptr_t dst)
{
    hid_t space = -1, memory = -1;
    int   rc = 0;

    gf_enter();
    GF_TRY(space = H5Dget_space(dset));
    GF_TRY(memory = gf_select(space, sel, nelem));
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
int gf_read_held(hid_t dset, hid_t mem, gf_selection sel, hsize_t nelem)
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
    GF_TRY(memory = gf_select(space, sel, nelem));
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

/* gf_write writes nelem elements of data. */
int gf_write(hid_t dset, const uint8_t *code, size_t ncode, gf_selection sel, hsize_t nelem, uintptr_t data,
             const int64_t *slots, size_t nslots)
{
    hid_t space = -1, memory = -1, mem = -1;
    int   rc = 0;

    gf_enter();
    gf_relocate((void *)data, slots, nslots);
    GF_TRY(mem = gf_kept_type(code, ncode));
    GF_TRY(space = H5Dget_space(dset));
    GF_TRY(memory = gf_select(space, sel, nelem));
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

/* How gf_runs are moved: each by itself, since a union of so many hyperslabs takes libhdf5 quadratic
 * time to build, or all as that union. */
enum how { read_each, write_each, write_together };

/* each_run goes through all combinations of the runs of all axes, which in data are one block. */
static int each_run(hid_t dset, hid_t mem, hid_t space, hid_t memory, const gf_runs *r, void *data, enum how how)
{
    hsize_t start[H5S_MAX_RANK], stride[H5S_MAX_RANK], count[H5S_MAX_RANK], to[H5S_MAX_RANK] = {0};
    size_t  at[H5S_MAX_RANK] = {0}, first[H5S_MAX_RANK];
    int     axis, met = 0, rc = 0;

    for (int i = 0; i < r->rank; i++)
        first[i] = i ? first[i - 1] + r->n[i - 1] : 0;
    do {
        for (int i = 0; i < r->rank; i++) {
            const hsize_t *run = r->runs + 3 * (first[i] + at[i]);
            start[i] = run[0], stride[i] = run[1], count[i] = run[2];
        }
        GF_TRY(H5Sselect_hyperslab(space, how == write_together && met++ ? H5S_SELECT_OR : H5S_SELECT_SET, start, stride,
                                   count, NULL));
        if (H5Sselect_valid(space) <= 0)
            return gf_refuse("the dataset's shape has changed");
        if (how != write_together)
            GF_TRY(H5Sselect_hyperslab(memory, H5S_SELECT_SET, to, NULL, count, NULL));
        if (how == read_each)
            GF_TRY(H5Dread(dset, mem, memory, space, H5P_DEFAULT, data));
        if (how == write_each)
            GF_TRY(H5Dwrite(dset, mem, memory, space, H5P_DEFAULT, data));
        for (axis = r->rank - 1; axis >= 0; axis--) {
            to[axis] += count[axis];
            if (++at[axis] < r->n[axis])
                break;
            at[axis] = to[axis] = 0;
        }
    } while (axis >= 0);
    if (how == write_together)
        GF_TRY(H5Dwrite(dset, mem, memory, space, H5P_DEFAULT, data));
done:
    return rc;
}

static int move_runs(hid_t dset, hid_t mem, const gf_runs *r, void *data, enum how how)
{
    hid_t          space = -1, memory = -1;
    hsize_t        dims[H5S_MAX_RANK];
    const hsize_t *run = r->runs;
    int            rc  = 0;

    GF_TRY(space = H5Dget_space(dset));
    if (H5Sget_simple_extent_ndims(space) != r->rank) {
        rc = gf_refuse("the dataset's number of axes has changed");
        goto done;
    }
    for (int i = 0; i < r->rank; i++) {
        dims[i] = 0;
        for (size_t k = 0; k < r->n[i]; k++, run += 3)
            dims[i] += run[2];
    }
    GF_TRY(memory = H5Screate_simple(r->rank, dims, NULL));
    rc = each_run(dset, mem, space, memory, r, data, how);
done:
    if (memory >= 0)
        H5Sclose(memory);
    if (space >= 0)
        H5Sclose(space);
    return rc;
}

int gf_read_runs(hid_t dset, hid_t mem, int rank, const size_t *n, const hsize_t *runs, uintptr_t dst)
{
    gf_runs r = {rank, n, runs};

    gf_enter();
    return gf_end(move_runs(dset, mem, &r, (void *)dst, read_each));
}

int gf_write_runs(hid_t dset, const uint8_t *code, size_t ncode, int rank, const size_t *n, const hsize_t *runs,
                  int together, uintptr_t data, const int64_t *slots, size_t nslots)
{
    gf_runs r   = {rank, n, runs};
    hid_t   mem = -1;
    int     rc  = 0;

    gf_enter();
    gf_relocate((void *)data, slots, nslots);
    GF_TRY(mem = gf_kept_type(code, ncode));
    rc = move_runs(dset, mem, &r, (void *)data, together ? write_together : write_each);
done:
    if (mem >= 0)
        H5Tclose(mem);
    return gf_end(rc);
}
