/* Dataspaces: their code, and selections in them. */
#include "shim.h"

/* gf_put_space writes class:u8 (0 scalar, 1 simple, 2 null), rank, then extents and maximum extents. */
int gf_put_space(hid_t space)
{
    hsize_t dims[H5S_MAX_RANK], max[H5S_MAX_RANK];
    int     rank  = H5Sget_simple_extent_dims(space, dims, max);
    int     class = rank == 0 ? (int)H5Sget_simple_extent_type(space) : H5S_SIMPLE;

    if (class < 0 || rank < 0)
        return -1;
    gf_u8(class);
    gf_i64(rank);
    for (int i = 0; i < rank; i++)
        gf_i64((int64_t)dims[i]);
    for (int i = 0; i < rank; i++)
        gf_i64((int64_t)max[i]);
    return 0;
}

/* gf_select_in selects in space; op is for hyperslabs only. */
int gf_select_in(hid_t space, gf_selection sel, H5S_seloper_t op)
{
    herr_t ok = 0;

    if (sel.sizes && H5Sget_simple_extent_ndims(space) != sel.rank)
        return gf_refuse("the dataset's number of axes has changed");
    if (sel.sizes && sel.npoints > 0)
        ok = H5Sselect_elements(space, H5S_SELECT_SET, sel.npoints, sel.sizes);
    else if (sel.sizes && sel.rank > 0)
        ok = H5Sselect_hyperslab(space, op, sel.sizes, sel.sizes + sel.rank, sel.sizes + 2 * sel.rank,
                                 sel.sizes + 3 * sel.rank);
    return ok < 0 ? gf_fail() : 0;
}

/* memory_space is that of the selected elements, one behind the other. A hyperslab's has its axes: where the
 * number of axes differs, libhdf5 looks for the place of each single element of a chunk. */
static hid_t memory_space(gf_selection sel, hsize_t nelem)
{
    hsize_t dims[H5S_MAX_RANK];

    if (!sel.sizes || sel.npoints > 0 || sel.rank < 2)
        return H5Screate_simple(1, &nelem, NULL);
    for (int i = 0; i < sel.rank; i++)
        dims[i] = sel.sizes[2 * sel.rank + i] * sel.sizes[3 * sel.rank + i];
    return H5Screate_simple(sel.rank, dims, NULL);
}

/* gf_select selects in space and returns the memory dataspace for nelem elements in a row, of which
 * there must be so many. */
hid_t gf_select(hid_t space, gf_selection sel, hsize_t nelem)
{
    hssize_t have;
    hid_t    mem;

    if (gf_select_in(space, sel, H5S_SELECT_SET) < 0)
        return -1;
    if ((have = H5Sget_select_npoints(space)) < 0)
        return gf_fail();
    if ((hsize_t)have != nelem || H5Sselect_valid(space) <= 0)
        return gf_refuse("the dataset's shape has changed");
    if ((mem = memory_space(sel, nelem)) < 0)
        gf_fail();
    return mem;
}
