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

/* gf_select selects in space and returns the memory dataspace for nelem elements in a row. A NULL
 * start means everything, which must then be nelem elements. */
hid_t gf_select(hid_t space, int rank, const hsize_t *start, const hsize_t *stride, const hsize_t *count,
                hsize_t nelem)
{
    hssize_t have;
    hid_t    mem;

    if (start && H5Sget_simple_extent_ndims(space) != rank)
        return gf_refuse("the dataset's number of axes has changed");
    if (start && rank > 0 && H5Sselect_hyperslab(space, H5S_SELECT_SET, start, stride, count, NULL) < 0)
        return gf_fail();
    if ((have = H5Sget_select_npoints(space)) < 0)
        return gf_fail();
    if ((hsize_t)have != nelem || H5Sselect_valid(space) <= 0)
        return gf_refuse("the dataset's shape has changed");
    if ((mem = H5Screate_simple(1, &nelem, NULL)) < 0)
        gf_fail();
    return mem;
}
