/* Attributes: all of an object in one crossing, values included where they are small. */
#include "shim.h"

#include <stdio.h>
#include <stdlib.h>

/* gf_has_pointers reports whether values of a type in memory may hold pointers. */
int gf_has_pointers(hid_t mem)
{
    switch (H5Tget_class(mem)) {
    case H5T_STRING:
        return H5Tis_variable_str(mem) > 0;
    case H5T_VLEN:
        return 1;
    case H5T_COMPOUND:
    case H5T_ARRAY:
        return H5Tdetect_class(mem, H5T_VLEN) > 0 || H5Tdetect_class(mem, H5T_STRING) > 0;
    default:
        return 0;
    }
}

/* elements counts those of a dataspace; what 64 bits cannot count is as many as they can. libhdf5
 * lets the product of the extents, which a damaged file chooses, wrap. */
static hsize_t elements(hid_t space)
{
    hsize_t dims[H5S_MAX_RANK], n = H5Sget_simple_extent_type(space) != H5S_NULL;
    int     rank = H5Sget_simple_extent_dims(space, dims, NULL), wraps = 0;

    for (int i = 0; i < rank; i++)
        wraps |= __builtin_mul_overflow(n, dims[i], &n);
    return wraps ? (hsize_t)-1 : n;
}

/* put_value writes how:u8 and then: 0 nothing, the value is larger than max_bytes; 1 its bytes in
 * the memory type; 2 the address where C keeps it, for values that hold pointers. */
static int put_value(hid_t attr, hid_t mem, hid_t space, hsize_t max_bytes)
{
    hsize_t n    = elements(space);
    size_t  size = H5Tget_size(mem);
    void   *data;

    if (size == 0)
        return -1;
    if (n > max_bytes / size) {
        gf_u8(0);
        return 0;
    }
    if (!(data = calloc((size_t)n + 1, size)))
        return gf_refuse("out of memory");
    if (n > 0 && H5Aread(attr, mem, data) < 0) {
        gf_fail();
        free(data);
        return -1;
    }
    if (n > 0 && gf_has_pointers(mem)) {
        gf_u8(2);
        gf_i64((int64_t)(uintptr_t)data);
        return gf_hold(data, mem, space, n);
    }
    gf_u8(1);
    gf_bytes(data, (size_t)n * size);
    free(data);
    return 0;
}

/* put_open_attribute writes type, dataspace and, where wanted, the value. */
static int put_open_attribute(hid_t attr, int wanted, hsize_t max_bytes)
{
    hid_t type = -1, space = -1, mem = -1;
    int   rc = 0, values = wanted == gf_attributes_values;

    GF_TRY(type = H5Aget_type(attr));
    GF_TRY(space = H5Aget_space(attr));
    GF_TRY(mem = gf_put_type(type, values, NULL, 0));
    GF_TRY(gf_put_space(space));
    if (values)
        GF_TRY(put_value(attr, mem, space, max_bytes));
    else
        gf_u8(0);
done:
    if (mem > 0)
        H5Idec_ref(mem);
    if (space >= 0)
        H5Sclose(space);
    if (type >= 0)
        H5Tclose(type);
    return rc;
}

/* put_attribute writes name, order of creation or -1, ok:u8, then the attribute or the error that reading
 * it gave. */
static void put_attribute(hid_t obj, const char *name, int64_t order, int wanted, hsize_t max_bytes)
{
    size_t mark;
    hid_t  attr;

    gf_str(name);
    gf_i64(order);
    mark = gf_mark();
    gf_u8(1);
    attr = H5Aopen(obj, name, H5P_DEFAULT);
    if (attr < 0 || put_open_attribute(attr, wanted, max_bytes) < 0) {
        gf_fail();
        gf_rewind(mark);
        gf_u8(0);
        gf_put_error();
    }
    if (attr >= 0)
        H5Aclose(attr);
}

struct walk {
    int     wanted;
    hsize_t max_bytes;
    int64_t count;
};

static herr_t visit(hid_t obj, const char *name, const H5A_info_t *info, void *arg)
{
    struct walk *w = arg;

    put_attribute(obj, name, info->corder_valid ? (int64_t)info->corder : -1, w->wanted, w->max_bytes);
    w->count++;
    return gf_full() ? -1 : 0;
}

/* gf_put_attributes writes n and then n attributes, in the order of their names. expected is how many
 * the object's header counts: for none nobody is asked. */
int gf_put_attributes(hid_t obj, hsize_t expected, int wanted, hsize_t max_bytes)
{
    struct walk w  = {wanted, max_bytes, 0};
    size_t      at = gf_mark();
    hsize_t     i  = 0;

    gf_i64(0);
    if (expected > 0 && H5Aiterate2(obj, H5_INDEX_NAME, H5_ITER_INC, &i, visit, &w) < 0)
        return gf_fail();
    gf_patch_i64(at, w.count);
    return 0;
}

int gf_attributes(hid_t obj, hsize_t max_bytes)
{
    gf_enter();
    return gf_end(gf_put_attributes(obj, 1, gf_attributes_values, max_bytes));
}

/* The value of one attribute goes through the buffer, which takes 1 GB. */
static const hsize_t max_value = (hsize_t)1 << 29;

/* gf_attribute writes one attribute with its value. */
int gf_attribute(hid_t obj, const char *name)
{
    hid_t attr = -1;
    int   rc   = 0;

    gf_enter();
    GF_TRY(attr = H5Aopen(obj, name, H5P_DEFAULT));
    GF_TRY(put_open_attribute(attr, gf_attributes_values, max_value));
done:
    if (attr >= 0)
        H5Aclose(attr);
    return gf_end(rc);
}

/* gf_attribute_exists writes exists:u8. */
int gf_attribute_exists(hid_t obj, const char *name)
{
    htri_t yes;

    gf_enter();
    if ((yes = H5Aexists(obj, name)) < 0)
        return gf_end(gf_fail());
    gf_u8(yes > 0);
    return gf_end(0);
}

static hid_t make_space(int rank, const hsize_t *dims)
{
    if (rank < 0)
        return H5Screate(H5S_NULL);
    return rank == 0 ? H5Screate(H5S_SCALAR) : H5Screate_simple(rank, dims, NULL);
}

static hid_t make_utf8(void)
{
    hid_t acpl = H5Pcreate(H5P_ATTRIBUTE_CREATE);

    if (acpl >= 0 && H5Pset_char_encoding(acpl, H5T_CSET_UTF8) < 0) {
        gf_fail();
        H5Pclose(acpl);
        return -1;
    }
    return acpl;
}

/* is_ascii reports whether a name needs no mark to be UTF-8. */
static int is_ascii(const char *name)
{
    while (*name && !(*name & 0x80))
        name++;
    return !*name;
}

/* write_new makes the attribute name, which must not exist, and fills it. */
static int write_new(hid_t obj, const char *name, hid_t type, hid_t mem, hid_t space, const void *data)
{
    static gf_slot kept;
    hid_t          acpl = -1, attr = -1;
    int            rc = 0;

    GF_TRY(acpl = is_ascii(name) ? H5P_DEFAULT : gf_kept(&kept, make_utf8));
    GF_TRY(attr = H5Acreate2(obj, name, type, space, acpl, H5P_DEFAULT));
    if (H5Sget_simple_extent_npoints(space) > 0)
        GF_TRY(H5Awrite(attr, mem, data));
done:
    if (attr >= 0)
        H5Aclose(attr);
    if (acpl >= 0)
        H5Pclose(acpl);
    return rc;
}

/* replace writes beside an existing attribute first, so that a failure leaves the old one. */
static int replace(hid_t obj, const char *name, hid_t type, hid_t mem, hid_t space, const void *data)
{
    char   spare[64];
    htri_t taken = 1;
    int    rc    = 0;

    for (int i = 0; taken > 0; i++) {
        snprintf(spare, sizeof spare, ".gofive-%d", i);
        GF_TRY(taken = H5Aexists(obj, spare));
    }
    if (write_new(obj, spare, type, mem, space, data) < 0) {
        H5Adelete(obj, spare);
        return -1;
    }
    GF_TRY(H5Adelete(obj, name));
    GF_TRY(H5Arename(obj, spare, name));
done:
    return rc;
}

/* write_over writes in place when the attribute has the type and the extent already; else it gives 0. */
static int write_over(hid_t obj, const char *name, hid_t type, hid_t mem, hid_t space, const void *data)
{
    hid_t attr = -1, have = -1, extent = -1;
    int   rc = 0;

    GF_TRY(attr = H5Aopen(obj, name, H5P_DEFAULT));
    GF_TRY(have = H5Aget_type(attr));
    GF_TRY(extent = H5Aget_space(attr));
    if (H5Tequal(have, type) <= 0 || H5Sextent_equal(extent, space) <= 0)
        goto done;
    if (H5Sget_simple_extent_npoints(space) > 0)
        GF_TRY(H5Awrite(attr, mem, data));
    rc = 1;
done:
    if (extent >= 0)
        H5Sclose(extent);
    if (have >= 0)
        H5Tclose(have);
    if (attr >= 0)
        H5Aclose(attr);
    return rc;
}

static int change(hid_t obj, const char *name, hid_t type, hid_t mem, hid_t space, const void *data)
{
    int done = write_over(obj, name, type, mem, space, data);

    if (done != 0)
        return done < 0 ? -1 : 0;
    return replace(obj, name, type, mem, space, data);
}

int gf_attribute_write(hid_t obj, const char *name, const uint8_t *code, size_t ncode, const uint8_t *mem,
                       size_t nmem, int rank, const hsize_t *dims, uintptr_t data, const int64_t *slots, size_t nslots)
{
    hid_t type = -1, memory = -1, space = -1;
    int   rc = 0;

    gf_enter();
    gf_relocate((void *)data, slots, nslots);
    GF_TRY(type = gf_kept_type(code, ncode));
    GF_TRY(memory = gf_kept_type(mem, nmem));
    GF_TRY(space = make_space(rank, dims));
    if ((rc = write_new(obj, name, type, memory, space, (void *)data)) < 0 && H5Aexists(obj, name) > 0) {
        gf_forget();
        rc = change(obj, name, type, memory, space, (void *)data);
    }
done:
    if (space >= 0)
        H5Sclose(space);
    if (memory >= 0)
        H5Tclose(memory);
    if (type >= 0)
        H5Tclose(type);
    return gf_end(rc);
}

int gf_attribute_delete(hid_t obj, const char *name)
{
    gf_enter();
    return gf_end(H5Adelete(obj, name) < 0 ? gf_fail() : 0);
}
