/* References: making them, and what a region holds. */
#include "shim.h"

#include <stdlib.h>

/* gf_reference_make fills ref, 8 bytes, with a reference to an object. */
int gf_reference_make(hid_t obj, void *ref)
{
    gf_enter();
    return gf_end(H5Rcreate(ref, obj, ".", H5R_OBJECT, -1) < 0 ? gf_fail() : 0);
}

/* gf_region_make fills ref, 12 bytes, with a reference to a part of a dataset: points, or the union of
 * nslabs hyperslabs, whose sizes stand one behind the other. */
int gf_region_make(hid_t dset, gf_selection sel, size_t nslabs, void *ref)
{
    hid_t space = -1;
    int   rc    = 0;

    gf_enter();
    GF_TRY(space = H5Dget_space(dset));
    if (sel.npoints == 0)
        GF_TRY(H5Sselect_none(space));
    for (size_t i = 0; i < nslabs; i++, sel.sizes += 4 * sel.rank)
        GF_TRY(gf_select_in(space, sel, H5S_SELECT_OR));
    if (sel.npoints > 0)
        GF_TRY(gf_select_in(space, sel, H5S_SELECT_SET));
    GF_TRY(H5Rcreate(ref, dset, ".", H5R_DATASET_REGION, space));
done:
    if (space >= 0)
        H5Sclose(space);
    return gf_end(rc);
}

enum { region_none, region_all, region_slab, region_blocks, region_points };

static void put_region(int kind, int rank, hsize_t numbers, const hsize_t *list)
{
    gf_u8(kind);
    gf_i64(rank);
    gf_i64((int64_t)numbers);
    for (hsize_t i = 0; i < numbers; i++)
        gf_i64((int64_t)list[i]);
}

static int put_slab(hid_t space, int rank)
{
    hsize_t sizes[4 * H5S_MAX_RANK];

    if (H5Sget_regular_hyperslab(space, sizes, sizes + rank, sizes + 2 * rank, sizes + 3 * rank) < 0)
        return gf_fail();
    put_region(region_slab, rank, 4 * (hsize_t)rank, sizes);
    return 0;
}

/* put_list writes points, or blocks by their first and last corner. */
static int put_list(hid_t space, int rank, int kind)
{
    hssize_t n    = kind == region_points ? H5Sget_select_elem_npoints(space) : H5Sget_select_hyper_nblocks(space);
    hsize_t  each = (hsize_t)rank * (kind == region_points ? 1 : 2);
    hsize_t *list = NULL;
    int      rc   = 0;

    GF_TRY(n);
    if (!(list = malloc((size_t)n * each * sizeof *list + 1)))
        return gf_refuse("out of memory");
    GF_TRY(kind == region_points ? H5Sget_select_elem_pointlist(space, 0, (hsize_t)n, list)
                                 : H5Sget_select_hyper_blocklist(space, 0, (hsize_t)n, list));
    put_region(kind, rank, (hsize_t)n * each, list);
done:
    free(list);
    return rc;
}

/* gf_region writes what a region reference selects: kind, rank and a list of numbers. */
int gf_region(hid_t loc, const void *ref)
{
    hid_t space = -1;
    int   rank, rc = 0;

    gf_enter();
    GF_TRY(space = H5Rget_region(loc, H5R_DATASET_REGION, ref));
    GF_TRY(rank = H5Sget_simple_extent_ndims(space));
    switch (H5Sget_select_type(space)) {
        case H5S_SEL_NONE:
            put_region(region_none, rank, 0, NULL);
            break;
        case H5S_SEL_ALL:
            put_region(region_all, rank, 0, NULL);
            break;
        case H5S_SEL_POINTS:
            rc = put_list(space, rank, region_points);
            break;
        case H5S_SEL_HYPERSLABS:
            rc = H5Sis_regular_hyperslab(space) > 0 ? put_slab(space, rank) : put_list(space, rank, region_blocks);
            break;
        default:
            rc = gf_refuse("the region has a kind of selection that is not known");
    }
done:
    if (space >= 0)
        H5Sclose(space);
    return gf_end(rc);
}
