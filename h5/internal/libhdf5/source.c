/* Where the data of a dataset are that are not in its own place: other datasets, other files. */
#include "shim.h"

#include <stdlib.h>

/* put_part writes rank, and start, stride, count and block of each axis; -1 is unlimited. What is
 * no regular hyperslab has the rank -1. */
static int put_part(hid_t space)
{
    hsize_t dims[H5S_MAX_RANK], part[4][H5S_MAX_RANK];
    int     rank = H5Sget_simple_extent_dims(space, dims, NULL);

    if (rank < 0)
        return gf_fail();
    if (H5Sget_select_type(space) == H5S_SEL_ALL || rank == 0) {
        for (int i = 0; i < rank; i++) {
            part[0][i] = 0;
            part[1][i] = part[2][i] = 1;
            part[3][i] = dims[i];
        }
    } else if (H5Sis_regular_hyperslab(space) <= 0 ||
               H5Sget_regular_hyperslab(space, part[0], part[1], part[2], part[3]) < 0) {
        gf_i64(-1);
        return 0;
    }
    gf_i64(rank);
    for (int p = 0; p < 4; p++)
        for (int i = 0; i < rank; i++)
            gf_i64((int64_t)part[p][i]);
    return 0;
}

static int put_name(hid_t dcpl, size_t i, ssize_t (*get)(hid_t, size_t, char *, size_t))
{
    ssize_t n    = get(dcpl, i, NULL, 0);
    char   *name = n < 0 ? NULL : calloc(1, (size_t)n + 1);
    int     rc   = 0;

    if (!name)
        return gf_fail();
    GF_TRY(get(dcpl, i, name, (size_t)n + 1));
    gf_str(name);
done:
    free(name);
    return rc;
}

/* put_mapping writes the file, the path in it, the part of the virtual dataset and that of the source. */
static int put_mapping(hid_t dcpl, size_t i)
{
    hid_t into = -1, from = -1;
    int   rc = 0;

    GF_TRY(put_name(dcpl, i, H5Pget_virtual_filename));
    GF_TRY(put_name(dcpl, i, H5Pget_virtual_dsetname));
    GF_TRY(into = H5Pget_virtual_vspace(dcpl, i));
    GF_TRY(put_part(into));
    GF_TRY(from = H5Pget_virtual_srcspace(dcpl, i));
    GF_TRY(put_part(from));
done:
    if (from >= 0)
        H5Sclose(from);
    if (into >= 0)
        H5Sclose(into);
    return rc;
}

static int put_external(hid_t dcpl, unsigned i)
{
    char    name[4096] = ""; /* its last byte stays 0 */
    off_t   offset;
    hsize_t size;

    if (H5Pget_external(dcpl, i, sizeof name - 1, name, &offset, &size) < 0)
        return gf_fail();
    gf_str(name);
    gf_i64((int64_t)offset);
    gf_i64((int64_t)size);
    return 0;
}

/* gf_sources writes n mappings of a virtual dataset, then n external files. */
int gf_sources(hid_t dset)
{
    hid_t        dcpl = -1;
    H5D_layout_t layout;
    size_t       mappings = 0;
    int          files = 0, rc = 0;

    gf_enter();
    GF_TRY(dcpl = H5Dget_create_plist(dset));
    GF_TRY(layout = H5Pget_layout(dcpl));
    if (layout == H5D_VIRTUAL)
        GF_TRY(H5Pget_virtual_count(dcpl, &mappings));
    gf_i64((int64_t)mappings);
    for (size_t i = 0; i < mappings; i++)
        GF_TRY(put_mapping(dcpl, i));
    if (layout == H5D_CONTIGUOUS)
        GF_TRY(files = H5Pget_external_count(dcpl));
    gf_i64(files);
    for (int i = 0; i < files; i++)
        GF_TRY(put_external(dcpl, (unsigned)i));
done:
    if (dcpl >= 0)
        H5Pclose(dcpl);
    return gf_end(rc);
}
