/* Links: making groups, linking, moving and deleting. */
#include "shim.h"

static hid_t make_intermediate(void)
{
    hid_t lcpl = H5Pcreate(H5P_LINK_CREATE);

    if (lcpl >= 0 && (H5Pset_create_intermediate_group(lcpl, 1) < 0 || H5Pset_char_encoding(lcpl, H5T_CSET_UTF8) < 0)) {
        gf_fail();
        H5Pclose(lcpl);
        return -1;
    }
    return lcpl;
}

/* gf_intermediate is the link creation list of everything made here: names are UTF-8, and groups
 * on the way are made. */
hid_t gf_intermediate(void)
{
    static gf_slot kept;

    return gf_kept(&kept, make_intermediate);
}

/* gf_untimed is a creation list of a class of objects that do not keep the times of their making
 * and changes: the same program is to write the same bytes, as with h5py 3. */
hid_t gf_untimed(hid_t class)
{
    hid_t list = H5Pcreate(class);

    if (list >= 0 && H5Pset_obj_track_times(list, 0) < 0) {
        gf_fail();
        H5Pclose(list);
        return -1;
    }
    return list;
}

int gf_group_create(hid_t loc, const char *path, const uint8_t *create, size_t ncreate, hid_t *id)
{
    hid_t lcpl = -1, gcpl = -1;
    int   rc = 0;

    gf_enter();
    GF_TRY(lcpl = gf_intermediate());
    GF_TRY(gcpl = gf_untimed(H5P_GROUP_CREATE));
    GF_TRY(gf_apply(gcpl, create, ncreate));
    GF_TRY(*id = H5Gcreate2(loc, path, lcpl, gcpl, H5P_DEFAULT));
done:
    if (gcpl >= 0)
        H5Pclose(gcpl);
    if (lcpl >= 0)
        H5Pclose(lcpl);
    return gf_end(rc);
}

int gf_delete(hid_t loc, const char *path)
{
    gf_enter();
    return gf_end(H5Ldelete(loc, path, H5P_DEFAULT) < 0 ? gf_fail() : 0);
}

int gf_move(hid_t loc, const char *from, const char *to)
{
    hid_t lcpl = -1;
    int   rc   = 0;

    gf_enter();
    GF_TRY(lcpl = gf_intermediate());
    GF_TRY(H5Lmove(loc, from, loc, to, lcpl, H5P_DEFAULT));
done:
    if (lcpl >= 0)
        H5Pclose(lcpl);
    return gf_end(rc);
}

int gf_link_hard(hid_t target, hid_t loc, const char *path)
{
    hid_t lcpl = -1;
    int   rc   = 0;

    gf_enter();
    GF_TRY(lcpl = gf_intermediate());
    GF_TRY(H5Olink(target, loc, path, lcpl, H5P_DEFAULT));
done:
    if (lcpl >= 0)
        H5Pclose(lcpl);
    return gf_end(rc);
}

int gf_link_soft(const char *target, hid_t loc, const char *path)
{
    hid_t lcpl = -1;
    int   rc   = 0;

    gf_enter();
    GF_TRY(lcpl = gf_intermediate());
    GF_TRY(H5Lcreate_soft(target, loc, path, lcpl, H5P_DEFAULT));
done:
    if (lcpl >= 0)
        H5Pclose(lcpl);
    return gf_end(rc);
}

int gf_link_external(const char *file, const char *target, hid_t loc, const char *path)
{
    hid_t lcpl = -1;
    int   rc   = 0;

    gf_enter();
    GF_TRY(lcpl = gf_intermediate());
    GF_TRY(H5Lcreate_external(file, target, loc, path, lcpl, H5P_DEFAULT));
done:
    if (lcpl >= 0)
        H5Pclose(lcpl);
    return gf_end(rc);
}
