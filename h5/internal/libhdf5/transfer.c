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

/* place is one combination of the runs of all axes. */
struct place {
    hsize_t start[H5S_MAX_RANK], stride[H5S_MAX_RANK], count[H5S_MAX_RANK];
    hsize_t to[H5S_MAX_RANK];                       /* in data, where all are one block */
    size_t  at[H5S_MAX_RANK], first[H5S_MAX_RANK];  /* number of the run of each axis; of its first run */
};

static void set_place(struct place *p, const gf_runs *r)
{
    for (int i = 0; i < r->rank; i++) {
        const hsize_t *run = r->runs + 3 * (p->first[i] + p->at[i]);
        p->start[i] = run[0], p->stride[i] = run[1], p->count[i] = run[2];
    }
}

static void first_place(struct place *p, const gf_runs *r)
{
    memset(p, 0, sizeof *p);
    for (int i = 1; i < r->rank; i++)
        p->first[i] = p->first[i - 1] + r->n[i - 1];
    set_place(p, r);
}

/* next_place goes on to the next combination, and gives 0 behind the last. */
static int next_place(struct place *p, const gf_runs *r)
{
    for (int axis = r->rank - 1; axis >= 0; axis--) {
        p->to[axis] += p->count[axis];
        if (++p->at[axis] < r->n[axis]) {
            set_place(p, r);
            return 1;
        }
        p->at[axis] = p->to[axis] = 0;
    }
    return 0;
}

/* select_place selects one combination in the file, or adds it to what is selected. */
static int select_place(hid_t space, const struct place *p, H5S_seloper_t op)
{
    if (H5Sselect_hyperslab(space, op, p->start, p->stride, p->count, NULL) < 0)
        return gf_fail();
    return H5Sselect_valid(space) <= 0 ? gf_refuse("the dataset's shape has changed") : 0;
}

/* move_each moves one combination after the other. */
static int move_each(hid_t dset, hid_t mem, hid_t space, hid_t memory, const gf_runs *r, void *data, enum how how)
{
    struct place p;
    int          rc = 0;

    first_place(&p, r);
    do {
        if (select_place(space, &p, H5S_SELECT_SET) < 0)
            return -1;
        GF_TRY(H5Sselect_hyperslab(memory, H5S_SELECT_SET, p.to, NULL, p.count, NULL));
        if (how == read_each)
            GF_TRY(H5Dread(dset, mem, memory, space, H5P_DEFAULT, data));
        else
            GF_TRY(H5Dwrite(dset, mem, memory, space, H5P_DEFAULT, data));
    } while (next_place(&p, r));
done:
    return rc;
}

/* block_of makes the dataspace of all runs in memory. */
static hid_t block_of(hid_t space, const gf_runs *r)
{
    hsize_t        dims[H5S_MAX_RANK];
    const hsize_t *run = r->runs;
    hid_t          memory;

    if (H5Sget_simple_extent_ndims(space) != r->rank)
        return gf_refuse("the dataset's number of axes has changed");
    for (int i = 0; i < r->rank; i++) {
        dims[i] = 0;
        for (size_t k = 0; k < r->n[i]; k++, run += 3)
            dims[i] += run[2];
    }
    if ((memory = H5Screate_simple(r->rank, dims, NULL)) < 0)
        gf_fail();
    return memory;
}

/* gf_select_runs selects all runs in space, and gives their memory dataspace. */
hid_t gf_select_runs(hid_t space, const gf_runs *r)
{
    hid_t        memory = block_of(space, r);
    struct place p;
    int          rc;

    if (memory < 0)
        return -1;
    first_place(&p, r);
    rc = select_place(space, &p, H5S_SELECT_SET);
    while (rc == 0 && next_place(&p, r))
        rc = select_place(space, &p, H5S_SELECT_OR);
    if (rc < 0) {
        H5Sclose(memory);
        return -1;
    }
    return memory;
}

static int move_runs(hid_t dset, hid_t mem, const gf_runs *r, void *data, enum how how)
{
    hid_t space = -1, memory = -1;
    int   rc = 0;

    GF_TRY(space = H5Dget_space(dset));
    GF_TRY(memory = how == write_together ? gf_select_runs(space, r) : block_of(space, r));
    if (how == write_together)
        GF_TRY(H5Dwrite(dset, mem, memory, space, H5P_DEFAULT, data));
    else
        rc = move_each(dset, mem, space, memory, r, data, how);
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
