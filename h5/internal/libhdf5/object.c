/* Objects: opening, listing a group, describing many objects, following references. */
#include "shim.h"

#include <stdlib.h>
#include <string.h>

/* The kinds as Go knows them. */
enum { kind_unknown, kind_group, kind_dataset, kind_datatype };
enum { link_none, link_hard, link_soft, link_external, link_user };

static int kind_of_id(hid_t id)
{
    switch (H5Iget_type(id)) {
    case H5I_GROUP:
        return kind_group;
    case H5I_DATASET:
        return kind_dataset;
    case H5I_DATATYPE:
        return kind_datatype;
    default:
        return kind_unknown;
    }
}

static int kind_of_type(H5O_type_t type)
{
    switch (type) {
    case H5O_TYPE_GROUP:
        return kind_group;
    case H5O_TYPE_DATASET:
        return kind_dataset;
    case H5O_TYPE_NAMED_DATATYPE:
        return kind_datatype;
    default:
        return kind_unknown;
    }
}

int gf_open(hid_t loc, const char *path, hid_t *id, int *kind)
{
    int rc = 0;

    gf_enter();
    GF_TRY(*id = H5Oopen(loc, path, H5P_DEFAULT));
    *kind = kind_of_id(*id);
done:
    return gf_end(rc);
}

/* put_target writes file and path of a soft or external link, empty for others. */
static int put_target(hid_t loc, const char *name, const H5L_info_t *info)
{
    const char *file = NULL, *path = NULL;
    char       *value;
    unsigned    flags;
    int         rc = 0;

    if (info->type != H5L_TYPE_SOFT && info->type != H5L_TYPE_EXTERNAL) {
        gf_str(NULL);
        gf_str(NULL);
        return 0;
    }
    if (!(value = calloc(1, info->u.val_size + 1)))
        return gf_refuse("out of memory");
    GF_TRY(H5Lget_val(loc, name, value, info->u.val_size, H5P_DEFAULT));
    if (info->type == H5L_TYPE_EXTERNAL)
        GF_TRY(H5Lunpack_elink_val(value, info->u.val_size, &flags, &file, &path));
    gf_str(file);
    gf_str(info->type == H5L_TYPE_EXTERNAL ? path : value);
done:
    free(value);
    return rc;
}

static int put_link(hid_t loc, const char *name, const H5L_info_t *info)
{
    switch (info->type) {
    case H5L_TYPE_HARD:
        gf_u8(link_hard);
        break;
    case H5L_TYPE_SOFT:
        gf_u8(link_soft);
        break;
    case H5L_TYPE_EXTERNAL:
        gf_u8(link_external);
        break;
    default:
        gf_u8(link_user);
    }
    return put_target(loc, name, info);
}

struct listing {
    int     detail;
    int64_t count;
};

/* visit_link writes the name, whether it is a hard link:u8, and the address of the object then; or, in
 * detail, the name, the link and kind:u8 (0 for a broken link). */
static herr_t visit_link(hid_t group, const char *name, const H5L_info_t *info, void *arg)
{
    struct listing *l = arg;
    H5O_info_t      object;
    int             kind = kind_unknown;

    gf_str(name);
    l->count++;
    if (!l->detail) {
        gf_u8(info->type == H5L_TYPE_HARD);
        gf_i64(info->type == H5L_TYPE_HARD ? (int64_t)info->u.address : -1);
        return gf_full() ? -1 : 0;
    }
    if (put_link(group, name, info) < 0)
        return -1;
    if (H5Oget_info_by_name2(group, name, &object, H5O_INFO_BASIC, H5P_DEFAULT) >= 0)
        kind = kind_of_type(object.type);
    gf_u8(kind);
    return gf_full() ? -1 : 0;
}

/* gf_list writes n and then the n links of a group, in the order of their names or of their making.
 * One iteration does it: asking for link number i is linear in i. Names alone are ten times as fast. */
int gf_list(hid_t loc, const char *path, int detail, int created)
{
    struct listing l     = {detail, 0};
    hid_t          group = -1;
    hsize_t        i     = 0;
    int            rc    = 0;

    gf_enter();
    gf_i64(0);
    GF_TRY(group = H5Gopen2(loc, path, H5P_DEFAULT));
    GF_TRY(H5Literate(group, created ? H5_INDEX_CRT_ORDER : H5_INDEX_NAME, H5_ITER_INC, &i, visit_link, &l));
    gf_patch_i64(0, l.count);
done:
    if (group >= 0)
        H5Gclose(group);
    return gf_end(rc);
}

static int put_chunks(hid_t dcpl, H5D_layout_t layout)
{
    hsize_t dims[H5S_MAX_RANK];
    int     rank = layout == H5D_CHUNKED ? H5Pget_chunk(dcpl, H5S_MAX_RANK, dims) : 0;

    if (layout < 0 || rank < 0 || rank > H5S_MAX_RANK)
        return gf_fail();
    gf_u8(layout);
    gf_i64(rank);
    for (int i = 0; i < rank; i++)
        gf_i64((int64_t)dims[i]);
    return 0;
}

/* put_filters writes n, then n times: id, available:u8, name, n parameters. */
static int put_filters(hid_t dcpl, H5D_layout_t layout)
{
    int n = layout == H5D_CHUNKED ? H5Pget_nfilters(dcpl) : 0; /* only chunks are filtered */

    if (n < 0)
        return gf_fail();
    gf_i64(n);
    for (int i = 0; i < n; i++) {
        unsigned     flags, config, values[64];
        size_t       nvalues = 64;
        char         name[256] = ""; /* its last byte stays 0: a long name comes without an end */
        H5Z_filter_t id = H5Pget_filter2(dcpl, (unsigned)i, &flags, &nvalues, values, sizeof name - 1, name, &config);

        if (id < 0)
            return gf_fail();
        gf_i64(id);
        gf_u8(gf_has_filter(id));
        gf_str(name);
        if (nvalues > 64)
            nvalues = 64;
        gf_i64((int64_t)nvalues);
        for (size_t k = 0; k < nvalues; k++)
            gf_i64(values[k]);
    }
    return 0;
}

/* put_storage writes the layout, chunks, filters, bytes in the file and number of external files.
 * Only what lies in the file in one piece has an offset: then there is no more to ask, and the
 * property list, which is a tenth of the whole description, need not be copied. */
static int put_storage(hid_t dset)
{
    hid_t        dcpl = -1;
    H5D_layout_t layout;
    int          rc = 0;

    if (H5Dget_offset(dset) != HADDR_UNDEF) {
        gf_u8(H5D_CONTIGUOUS);
        gf_i64(0);
        gf_i64(0);
        gf_i64((int64_t)H5Dget_storage_size(dset));
        gf_i64(0);
        return 0;
    }
    GF_TRY(dcpl = H5Dget_create_plist(dset));
    layout = H5Pget_layout(dcpl);
    GF_TRY(put_chunks(dcpl, layout));
    GF_TRY(put_filters(dcpl, layout));
    gf_i64((int64_t)H5Dget_storage_size(dset));
    gf_i64(layout == H5D_CONTIGUOUS ? H5Pget_external_count(dcpl) : 0);
done:
    if (dcpl >= 0)
        H5Pclose(dcpl);
    return rc;
}

static int put_dataset(hid_t dset)
{
    hid_t space = -1, type = -1;
    int   rc = 0;

    GF_TRY(space = H5Dget_space(dset));
    GF_TRY(gf_put_space(space));
    GF_TRY(type = H5Dget_type(dset));
    GF_TRY(gf_put_type(type, 0, NULL, 0));
    GF_TRY(put_storage(dset));
done:
    if (type >= 0)
        H5Tclose(type);
    if (space >= 0)
        H5Sclose(space);
    return rc;
}

static int put_group(hid_t group)
{
    H5G_info_t info;

    if (H5Gget_info(group, &info) < 0)
        return gf_fail();
    gf_i64((int64_t)info.nlinks);
    return 0;
}

/* put_object writes kind:u8, file number, address, references, number of attributes, then by kind,
 * then the attributes if they are wanted. */
static int put_object(hid_t id, int attributes, hsize_t max_bytes)
{
    H5O_info_t info;
    int        kind = kind_of_id(id), rc = 0;

    GF_TRY(H5Oget_info2(id, &info, H5O_INFO_BASIC | H5O_INFO_NUM_ATTRS));
    gf_u8(kind);
    gf_i64((int64_t)info.fileno);
    gf_i64((int64_t)info.addr);
    gf_i64(info.rc);
    gf_i64((int64_t)info.num_attrs);
    if (kind == kind_group)
        GF_TRY(put_group(id));
    else if (kind == kind_dataset)
        GF_TRY(put_dataset(id));
    else if (kind == kind_datatype)
        GF_TRY(gf_put_type(id, 0, NULL, 0));
    if (attributes)
        GF_TRY(gf_put_attributes(id, info.num_attrs, attributes, max_bytes));
done:
    return rc;
}

/* put_name_link writes the link called name; "." and "/" are objects without one. Who knows that it
 * is a hard link spares us a search for it. */
static int put_name_link(hid_t loc, const char *name, int hard)
{
    H5L_info_t info;

    if (hard) {
        info.type = H5L_TYPE_HARD;
        return put_link(loc, name, &info);
    }
    if (!strcmp(name, ".") || !strcmp(name, "/")) {
        gf_u8(link_none);
        gf_str(NULL);
        gf_str(NULL);
        return 0;
    }
    return H5Lget_info(loc, name, &info, H5P_DEFAULT) < 0 ? gf_fail() : put_link(loc, name, &info);
}

static void put_or_error(hid_t loc, const char *name, int hard, haddr_t address, int attributes, hsize_t max_bytes)
{
    size_t mark = gf_mark();
    hid_t  id   = -1;

    gf_u8(1);
    if (put_name_link(loc, name, hard) < 0) {
        gf_rewind(mark);
        gf_u8(0);
        gf_put_error();
        return;
    }
    mark = gf_mark();
    gf_u8(1);
    id = hard && address != HADDR_UNDEF ? H5Oopen_by_addr(loc, address) : H5Oopen(loc, name, H5P_DEFAULT);
    if (id < 0 || put_object(id, attributes, max_bytes) < 0) {
        gf_fail();
        gf_rewind(mark);
        gf_u8(0);
        gf_put_error();
    }
    if (id >= 0)
        H5Oclose(id);
}

/* gf_stat describes n objects whose names stand NUL-terminated one after the other; hard says of
 * which it is known that they are hard links, and addresses where their objects are, or HADDR_UNDEF:
 * that spares us a search for the name. Each is ok:u8
 * and link (or the error), then ok:u8 and object (or the error): a broken link has a target. */
int gf_stat(hid_t loc, const char *names, const uint8_t *hard, const int64_t *addresses, size_t n, int attributes,
            hsize_t max_bytes)
{
    gf_enter();
    for (size_t i = 0; i < n && !gf_full(); i++, names += strlen(names) + 1)
        put_or_error(loc, names, hard[i], (haddr_t)addresses[i], attributes, max_bytes);
    return gf_end(0);
}

/* gf_reference writes the path of what a reference points to, "" when it has none. */
int gf_reference(hid_t loc, int region, const void *ref)
{
    hid_t   id = -1;
    ssize_t n;
    char   *path = NULL;
    int     rc   = 0;

    gf_enter();
    GF_TRY(id = H5Rdereference2(loc, H5P_DEFAULT, region ? H5R_DATASET_REGION : H5R_OBJECT, ref));
    GF_TRY(n = H5Iget_name(id, NULL, 0));
    if (!(path = calloc((size_t)n + 1, 1))) {
        rc = gf_refuse("out of memory");
        goto done;
    }
    GF_TRY(H5Iget_name(id, path, (size_t)n + 1));
    gf_str(path);
done:
    free(path);
    if (id >= 0)
        H5Oclose(id);
    return gf_end(rc);
}

int gf_reference_open(hid_t loc, int region, const void *ref, hid_t *id, int *kind)
{
    int rc = 0;

    gf_enter();
    GF_TRY(*id = H5Rdereference2(loc, H5P_DEFAULT, region ? H5R_DATASET_REGION : H5R_OBJECT, ref));
    *kind = kind_of_id(*id);
done:
    return gf_end(rc);
}
