/* Datasets: making and resizing them. transfer.c moves their data. */
#include "shim.h"

#include <stdlib.h>
#include <string.h>

/* gf_memory_type writes the type of a dataset, or of the wanted members of a compound, and gives
 * its memory type, which the caller closes. */
int gf_memory_type(hid_t dset, const char *names, int nnames, hid_t *mem)
{
    hid_t type = -1;
    int   rc   = 0;

    gf_enter();
    GF_TRY(type = H5Dget_type(dset));
    GF_TRY(*mem = gf_put_type(type, 1, names, nnames));
    if (gf_full()) {
        H5Idec_ref(*mem);
        rc = -1;
    }
done:
    if (type >= 0)
        H5Tclose(type);
    return gf_end(rc);
}

/* gf_stored_type gives the type that the dataset is stored in, which the caller closes. */
int gf_stored_type(hid_t dset, hid_t *type)
{
    int rc = 0;

    gf_enter();
    GF_TRY(*type = H5Dget_type(dset));
done:
    return gf_end(rc);
}

int gf_shape(hid_t dset)
{
    hid_t space = -1;
    int   rc    = 0;

    gf_enter();
    GF_TRY(space = H5Dget_space(dset));
    GF_TRY(gf_put_space(space));
done:
    if (space >= 0)
        H5Sclose(space);
    return gf_end(rc);
}

static hid_t make_space(const gf_extent *e)
{
    if (e->rank < 0)
        return H5Screate(H5S_NULL);
    if (e->rank == 0)
        return H5Screate(H5S_SCALAR);
    return H5Screate_simple(e->rank, e->dims, e->max);
}

int gf_dataset_create(hid_t loc, const char *path, const uint8_t *code, size_t ncode, const gf_extent *extent,
                      const gf_making *making, hid_t *id)
{
    hid_t type = -1, filltype = -1, space = -1, dcpl = -1, dapl = -1, lcpl = -1;
    int   rc = 0;

    gf_enter();
    GF_TRY(type = gf_get_type(code, ncode));
    GF_TRY(space = make_space(extent));
    GF_TRY(dcpl = gf_untimed(H5P_DATASET_CREATE));
    GF_TRY(gf_apply(dcpl, making->create, making->ncreate));
    if (making->nfillcode) {
        gf_relocate((void *)making->fill, making->slots, making->nslots);
        GF_TRY(filltype = gf_get_type(making->fillcode, making->nfillcode));
        GF_TRY(H5Pset_fill_value(dcpl, filltype, (void *)making->fill));
    }
    GF_TRY(dapl = gf_list_of(H5P_DATASET_ACCESS, making->access, making->naccess));
    GF_TRY(lcpl = gf_intermediate());
    GF_TRY(*id = H5Dcreate2(loc, path, type, space, lcpl, dcpl, dapl));
done:
    if (lcpl >= 0)
        H5Pclose(lcpl);
    if (dapl >= 0)
        H5Pclose(dapl);
    if (dcpl >= 0)
        H5Pclose(dcpl);
    if (space >= 0)
        H5Sclose(space);
    if (filltype >= 0)
        H5Tclose(filltype);
    if (type >= 0)
        H5Tclose(type);
    return gf_end(rc);
}

static hid_t make_plain(void) { return gf_untimed(H5P_DATASET_CREATE); }

/* gf_store makes a dataset in one piece, writes all of it, and closes it again. */
int gf_store(hid_t loc, const char *path, const uint8_t *code, size_t ncode, const gf_extent *extent, const uint8_t *mem,
             size_t nmem, uintptr_t data, const int64_t *slots, size_t nslots)
{
    static gf_slot plain;
    hid_t          type = -1, memory = -1, space = -1, dcpl = -1, lcpl = -1, dset = -1;
    int            rc = 0;

    gf_enter();
    gf_relocate((void *)data, slots, nslots);
    GF_TRY(type = gf_kept_type(code, ncode));
    GF_TRY(memory = gf_kept_type(mem, nmem));
    GF_TRY(space = make_space(extent));
    GF_TRY(dcpl = gf_kept(&plain, make_plain));
    GF_TRY(lcpl = gf_intermediate());
    GF_TRY(dset = H5Dcreate2(loc, path, type, space, lcpl, dcpl, H5P_DEFAULT));
    if (H5Sget_select_npoints(space) > 0)
        GF_TRY(H5Dwrite(dset, memory, H5S_ALL, H5S_ALL, H5P_DEFAULT, (void *)data));
done:
    if (dset >= 0 && gf_drop(dset) < 0)
        rc = -1;
    if (lcpl >= 0)
        H5Pclose(lcpl);
    if (dcpl >= 0)
        H5Pclose(dcpl);
    if (space >= 0)
        H5Sclose(space);
    if (memory >= 0)
        H5Tclose(memory);
    if (type >= 0)
        H5Tclose(type);
    return gf_end(rc);
}

/* gf_dataset_open opens a dataset with settings of its own. */
int gf_dataset_open(hid_t loc, const char *path, const uint8_t *access, size_t naccess, hid_t *id)
{
    hid_t dapl = -1;
    int   rc   = 0;

    gf_enter();
    GF_TRY(dapl = gf_list_of(H5P_DATASET_ACCESS, access, naccess));
    GF_TRY(*id = H5Dopen2(loc, path, dapl));
done:
    if (dapl >= 0)
        H5Pclose(dapl);
    return gf_end(rc);
}

static int has_default_cache(hid_t dset)
{
    hid_t  dapl  = H5Dget_access_plist(dset);
    size_t slots = 0, bytes = 0;
    double preemption;
    int    rc = dapl >= 0 && H5Pget_chunk_cache(dapl, &slots, &bytes, &preemption) >= 0 && bytes == gf_cache_bytes;

    if (dapl >= 0)
        H5Pclose(dapl);
    return rc;
}

/* reopen opens the object at an address by its name, with a property list, when it still has that. */
static hid_t reopen(hid_t file, const char *name, haddr_t address, hid_t dapl)
{
    H5O_info_t info;
    hid_t      id = name[0] == '/' ? H5Dopen2(file, name, dapl) : -1;

    if (id >= 0 && H5Oget_info2(id, &info, H5O_INFO_BASIC) >= 0 && info.addr == address)
        return id;
    if (id >= 0)
        H5Dclose(id);
    return H5Oopen_by_addr(file, address);
}

/* gf_dataset_recache opens a dataset again with a larger chunk cache, unless somebody chose its size. The
 * cache is made when a dataset is opened for the first time, so that it has to be closed before. */
int gf_dataset_recache(hid_t *id, size_t bytes)
{
    H5O_info_t info;
    char       name[1024];
    hid_t      file = -1, dapl = -1;
    ssize_t    n;
    int        rc = 0;

    gf_enter();
    if (!has_default_cache(*id))
        return gf_end(0);
    GF_TRY(H5Oget_info2(*id, &info, H5O_INFO_BASIC));
    GF_TRY(n = H5Iget_name(*id, name, sizeof name));
    if (n == 0 || (size_t)n >= sizeof name)
        goto done;
    GF_TRY(file = H5Iget_file_id(*id));
    GF_TRY(dapl = H5Pcreate(H5P_DATASET_ACCESS));
    GF_TRY(H5Pset_chunk_cache(dapl, bytes >> 16 << 3 | 1, bytes, 0.75));
    GF_TRY(H5Dclose(*id));
    GF_TRY(*id = reopen(file, name, info.addr, dapl));
done:
    if (dapl >= 0)
        H5Pclose(dapl);
    if (file >= 0)
        H5Fclose(file);
    return gf_end(rc);
}

int gf_commit(hid_t loc, const char *path, const uint8_t *code, size_t ncode)
{
    hid_t type = -1, lcpl = -1, tcpl = -1;
    int   rc = 0;

    gf_enter();
    GF_TRY(type = gf_get_type(code, ncode));
    GF_TRY(lcpl = gf_intermediate());
    GF_TRY(tcpl = gf_untimed(H5P_DATATYPE_CREATE));
    GF_TRY(H5Tcommit2(loc, path, type, lcpl, tcpl, H5P_DEFAULT));
done:
    if (tcpl >= 0)
        H5Pclose(tcpl);
    if (lcpl >= 0)
        H5Pclose(lcpl);
    if (type >= 0)
        H5Tclose(type);
    return gf_end(rc);
}

/* gf_fill_value writes whether there is one:u8, and where C keeps it in the memory type. */
int gf_fill_value(hid_t dset, hid_t mem)
{
    hid_t            dcpl = -1, space = -1;
    H5D_fill_value_t defined;
    void            *value = NULL;
    int              rc    = 0;

    gf_enter();
    GF_TRY(dcpl = H5Dget_create_plist(dset));
    GF_TRY(H5Pfill_value_defined(dcpl, &defined));
    gf_u8(defined != H5D_FILL_VALUE_UNDEFINED);
    if (defined == H5D_FILL_VALUE_UNDEFINED)
        goto done;
    if (!(value = calloc(1, H5Tget_size(mem)))) {
        rc = gf_refuse("out of memory");
        goto done;
    }
    GF_TRY(H5Pget_fill_value(dcpl, mem, value));
    GF_TRY(space = H5Screate(H5S_SCALAR));
    gf_i64((int64_t)(uintptr_t)value);
    rc    = gf_hold(value, mem, space, 1);
    value = NULL;
done:
    free(value);
    if (space >= 0)
        H5Sclose(space);
    if (dcpl >= 0)
        H5Pclose(dcpl);
    return gf_end(rc);
}

int gf_resize(hid_t dset, const hsize_t *dims)
{
    gf_enter();
    return gf_end(H5Dset_extent(dset, dims) < 0 ? gf_fail() : 0);
}

int gf_dataset_flush(hid_t dset)
{
    gf_enter();
    return gf_end(H5Dflush(dset) < 0 ? gf_fail() : 0);
}

/* gf_refresh forgets what is in memory of a dataset that another process writes. */
int gf_refresh(hid_t dset)
{
    gf_enter();
    return gf_end(H5Drefresh(dset) < 0 ? gf_fail() : 0);
}
