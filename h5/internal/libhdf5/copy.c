/* Copies of objects. Before 1.14.4 the library ends the process when it copies an attribute with variable-length
 * values, texts among them, that lies in dense storage (HDFGroup/hdf5 issues 2414 and 3214): of such objects it copies
 * everything but the attributes, and these are copied here. */
#include "shim.h"

#include <stdlib.h>

static int library_fails(void)
{
    unsigned major, minor, release;

    if (H5get_libversion(&major, &minor, &release) < 0)
        return 1;
    return major == 1 && (minor < 14 || (minor == 14 && release < 4));
}

static herr_t is_variable(hid_t obj, const char *name, const H5A_info_t *info, void *unused)
{
    hid_t attr = -1, type = -1;
    int   rc = 0;

    (void)info;
    (void)unused;
    GF_TRY(attr = H5Aopen(obj, name, H5P_DEFAULT));
    GF_TRY(type = H5Aget_type(attr));
    rc = gf_has_pointers(type);
done:
    if (type >= 0)
        H5Tclose(type);
    if (attr >= 0)
        H5Aclose(attr);
    return rc;
}

/* is_fatal reports whether an object has an attribute that the library fails on. Dense storage, which has a heap, is for
 * objects of the later formats only. */
static herr_t is_fatal(hid_t root, const char *path, const H5O_info_t *info, void *unused)
{
    H5O_info_t stored;
    hsize_t    i   = 0;
    hid_t      obj = -1;
    int        rc  = 0;

    if (info->hdr.version < 2 || info->num_attrs == 0)
        return 0;
    GF_TRY(obj = H5Oopen(root, path, H5P_DEFAULT));
    GF_TRY(H5Oget_info2(obj, &stored, H5O_INFO_META_SIZE));
    if (stored.meta_size.attr.heap_size > 0)
        GF_TRY(rc = H5Aiterate2(obj, H5_INDEX_NAME, H5_ITER_NATIVE, &i, is_variable, unused));
done:
    if (obj >= 0)
        H5Oclose(obj);
    return rc;
}

/* any_fatal asks for the basic information too: by the kind of an object, which is there, the library visits it. */
static int any_fatal(hid_t root)
{
    return H5Ovisit2(root, H5_INDEX_NAME, H5_ITER_NATIVE, is_fatal, NULL, H5O_INFO_BASIC | H5O_INFO_HDR | H5O_INFO_NUM_ATTRS);
}

/* copy_value has attr, just made, hold what like holds, but for references: in copies of the library they are null. */
static int copy_value(hid_t like, hid_t attr, hid_t type, hid_t space)
{
    hssize_t n    = H5Sget_simple_extent_npoints(space);
    hid_t    mem  = -1;
    void    *data = NULL;
    int      rc   = 0;

    if (n <= 0 || H5Tget_class(type) == H5T_REFERENCE)
        return 0;
    GF_TRY(mem = H5Tcopy(type)); /* as it is in memory, and not committed */
    if (!(data = calloc((size_t)n, H5Tget_size(mem)))) {
        rc = gf_refuse("out of memory");
        goto done;
    }
    GF_TRY(H5Aread(like, mem, data));
    if (H5Awrite(attr, mem, data) < 0)
        rc = gf_fail();
    if (gf_has_pointers(mem))
        H5Dvlen_reclaim(mem, space, H5P_DEFAULT, data);
done:
    free(data);
    if (mem >= 0)
        H5Tclose(mem);
    return rc;
}

/* copy_attribute gives the object *to an attribute of another. A committed type becomes one of the attribute's own. */
static herr_t copy_attribute(hid_t from, const char *name, const H5A_info_t *info, void *to)
{
    hid_t like = -1, type = -1, space = -1, acpl = -1, attr = -1;
    int   rc = 0;

    (void)info;
    GF_TRY(like = H5Aopen(from, name, H5P_DEFAULT));
    GF_TRY(type = H5Aget_type(like));
    GF_TRY(space = H5Aget_space(like));
    GF_TRY(acpl = H5Aget_create_plist(like));
    GF_TRY(attr = H5Acreate2(*(hid_t *)to, name, type, space, acpl, H5P_DEFAULT));
    rc = copy_value(like, attr, type, space);
done:
    if (attr >= 0)
        H5Aclose(attr);
    if (acpl >= 0)
        H5Pclose(acpl);
    if (space >= 0)
        H5Sclose(space);
    if (type >= 0)
        H5Tclose(type);
    if (like >= 0)
        H5Aclose(like);
    return rc;
}

/* copy_attributes keeps the order in which they were made where the object knows it. */
static int copy_attributes(hid_t from, hid_t to)
{
    H5O_info_t info;
    H5A_info_t first;
    hsize_t    i  = 0;
    int        rc = 0;

    GF_TRY(H5Oget_info2(from, &info, H5O_INFO_NUM_ATTRS));
    if (info.num_attrs == 0)
        return 0;
    GF_TRY(H5Aget_info_by_idx(from, ".", H5_INDEX_NAME, H5_ITER_NATIVE, 0, &first, H5P_DEFAULT));
    if (first.corder_valid)
        GF_TRY(H5Aiterate2(from, H5_INDEX_CRT_ORDER, H5_ITER_INC, &i, copy_attribute, &to));
    else
        GF_TRY(H5Aiterate2(from, H5_INDEX_NAME, H5_ITER_NATIVE, &i, copy_attribute, &to));
done:
    return rc;
}

/* object_attributes copies those of the object that became the one at path below the copy. */
static herr_t object_attributes(hid_t root, const char *path, const H5O_info_t *info, void *source)
{
    hid_t from = -1, to = -1;
    int   rc = 0;

    (void)info;
    GF_TRY(from = H5Oopen(*(hid_t *)source, path, H5P_DEFAULT));
    GF_TRY(to = H5Oopen(root, path, H5P_DEFAULT));
    rc = copy_attributes(from, to);
done:
    if (to >= 0)
        H5Oclose(to);
    if (from >= 0)
        H5Oclose(from);
    return rc;
}

/* copy_by_two copies objects first and their attributes then; a copy that is not whole does not stay. */
static int copy_by_two(hid_t from, hid_t loc, const char *to, hid_t ocpypl, hid_t lcpl, unsigned flags)
{
    hid_t copy = -1;
    int   rc   = 0;

    GF_TRY(H5Pset_copy_object(ocpypl, flags | H5O_COPY_WITHOUT_ATTR_FLAG));
    GF_TRY(H5Ocopy(from, ".", loc, to, ocpypl, lcpl));
    GF_TRY(copy = H5Oopen(loc, to, H5P_DEFAULT));
    GF_TRY(H5Ovisit2(copy, H5_INDEX_NAME, H5_ITER_NATIVE, object_attributes, &from, H5O_INFO_BASIC));
done:
    if (copy >= 0)
        H5Oclose(copy);
    if (rc < 0 && copy >= 0)
        H5Ldelete(loc, to, H5P_DEFAULT);
    return rc;
}

/* by_two reports whether objects and attributes are to be copied one after the other: when the library would fail, and
 * when links that the copy follows lead to who knows what. */
static int by_two(hid_t from, unsigned flags)
{
    return flags & (H5O_COPY_EXPAND_SOFT_LINK_FLAG | H5O_COPY_EXPAND_EXT_LINK_FLAG) ? 1 : any_fatal(from);
}

/* refuse_references wants that the library fails on nothing when what references lead to is copied, too: that may lie
 * anywhere in the file, and references in attributes change with the copy. */
static int refuse_references(hid_t from, unsigned flags)
{
    hid_t file = -1;
    int   fatal = 1, rc = 0;

    GF_TRY(file = H5Iget_file_id(from));
    if (!(flags & H5O_COPY_EXPAND_EXT_LINK_FLAG))
        GF_TRY(fatal = any_fatal(file));
    if (fatal)
        rc = gf_refuse("with ExpandReference this HDF5 library ends the process over text attributes in dense storage; "
                       "copy without it, or with HDF5 1.14.4 or later");
done:
    if (file >= 0)
        H5Fclose(file);
    return rc;
}

/* gf_copy_object is H5Ocopy of an open object. */
int gf_copy_object(hid_t from, hid_t loc, const char *to, hid_t ocpypl, hid_t lcpl)
{
    unsigned flags;
    int      two = 0, rc = 0;

    GF_TRY(H5Pget_copy_object(ocpypl, &flags));
    if (library_fails() && !(flags & H5O_COPY_WITHOUT_ATTR_FLAG)) {
        if (flags & H5O_COPY_EXPAND_REFERENCE_FLAG)
            GF_TRY(refuse_references(from, flags));
        else
            GF_TRY(two = by_two(from, flags));
    }
    if (two)
        rc = copy_by_two(from, loc, to, ocpypl, lcpl, flags);
    else
        GF_TRY(H5Ocopy(from, ".", loc, to, ocpypl, lcpl));
done:
    return rc;
}

int gf_copy(hid_t from, hid_t loc, const char *to, const uint8_t *copy, size_t ncopy)
{
    hid_t lcpl = -1, ocpypl = -1;
    int   rc = 0;

    gf_enter();
    GF_TRY(ocpypl = gf_list_of(H5P_OBJECT_COPY, copy, ncopy));
    GF_TRY(lcpl = gf_intermediate());
    rc = gf_copy_object(from, loc, to, ocpypl, lcpl);
done:
    if (ocpypl >= 0)
        H5Pclose(ocpypl);
    if (lcpl >= 0)
        H5Pclose(lcpl);
    return gf_end(rc);
}
