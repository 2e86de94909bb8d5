/* Copies in two steps: first objects with all that describes them, then the values of datasets in one piece. Between
 * the two, other processes may open the file. What is left for the second step the source alone tells. */
#include "shim.h"

#include <stdlib.h>
#include <string.h>

/* The driver of files with holes is the system's, but for what a copy writes while holes is set. */
static int holes;
static herr_t (*write_sec2)(H5FD_t *file, H5FD_mem_t type, hid_t dxpl, haddr_t addr, size_t size, const void *buffer);

static herr_t write_but_holes(H5FD_t *file, H5FD_mem_t type, hid_t dxpl, haddr_t addr, size_t size, const void *buffer)
{
    int raw = type == H5FD_MEM_DRAW && (size < 4 || memcmp(buffer, "GCOL", 4) != 0); /* the library calls its global heap raw, too */

    return holes && raw ? 0 : write_sec2(file, type, dxpl, addr, size, buffer);
}

/* register_holes makes the driver of the library's own, which only an open file shows. */
static hid_t register_holes(void)
{
    static H5FD_class_t driver;
    H5FD_t             *file = NULL;
    hid_t               fapl = -1;
    int                 rc   = 0;

    GF_TRY(fapl = H5Pcreate(H5P_FILE_ACCESS));
    GF_TRY(H5Pset_fapl_sec2(fapl));
    if (!(file = H5FDopen("/dev/null", H5F_ACC_RDONLY, fapl, HADDR_UNDEF))) {
        rc = gf_fail();
        goto done;
    }
    driver = *file->cls;
#if H5_VERSION_GE(1, 13, 0)
    driver.value = 513; /* from 512 on are those of nobody but the program itself */
#endif
    driver.name  = "holes";
    write_sec2   = driver.write;
    driver.write = write_but_holes;
done:
    if (file)
        H5FDclose(file);
    if (fapl >= 0)
        H5Pclose(fapl);
    return rc < 0 ? -1 : H5FDregister(&driver);
}

/* gf_set_holes makes a list of file access open files with holes. */
int gf_set_holes(hid_t list)
{
    static gf_slot slot;
    hid_t          id = gf_kept(&slot, register_holes);
    herr_t         rc = id < 0 ? -1 : H5Pset_driver(list, id, NULL);

    if (id >= 0)
        H5Idec_ref(id);
    return rc < 0 ? -1 : 0;
}

static int dataset_in_one_piece(hid_t dataset)
{
    hid_t type = -1, create = -1;
    int   rc = 0;

    GF_TRY(type = H5Dget_type(dataset));
    GF_TRY(create = H5Dget_create_plist(dataset));
    rc = H5Pget_layout(create) == H5D_CONTIGUOUS && H5Pget_external_count(create) == 0 && H5Tdetect_class(type, H5T_VLEN) == 0 &&
         H5Tis_variable_str(type) == 0 && H5Tdetect_class(type, H5T_REFERENCE) == 0;
done:
    if (create >= 0)
        H5Pclose(create);
    if (type >= 0)
        H5Tclose(type);
    return rc;
}

static int in_one_piece(hid_t object);

static herr_t member_in_one_piece(hid_t group, const char *name, const H5L_info_t *info, void *all)
{
    hid_t member = -1;
    int   rc = 0;

    if (info->type != H5L_TYPE_HARD)
        return 0;
    GF_TRY(member = H5Oopen(group, name, H5P_DEFAULT));
    GF_TRY(*(int *)all = in_one_piece(member));
    rc = !*(int *)all;
done:
    if (member >= 0)
        H5Oclose(member);
    return rc;
}

/* in_one_piece reports whether all datasets of an object are such that their values are bytes that lie together, and nothing else
 * that a copy writes looks like them: large attributes in a heap do. */
static int in_one_piece(hid_t object)
{
    H5O_info_t info;
    hsize_t    i   = 0;
    int        all = 1, rc = 0;

    GF_TRY(H5Oget_info2(object, &info, H5O_INFO_META_SIZE));
    if (info.meta_size.attr.heap_size > 0)
        return 0;
    switch (H5Iget_type(object)) {
    case H5I_DATASET:
        return dataset_in_one_piece(object);
    case H5I_GROUP:
    case H5I_FILE:
        GF_TRY(H5Literate(object, H5_INDEX_NAME, H5_ITER_NATIVE, &i, member_in_one_piece, &all));
        return all;
    default:
        return 1;
    }
done:
    return rc;
}

int gf_copy_template(hid_t from, hid_t to, const char *path)
{
    hid_t ocpypl = -1, lcpl = -1;
    int   leave, rc = 0;

    gf_enter();
    GF_TRY(ocpypl = gf_list_of(H5P_OBJECT_COPY, NULL, 0));
    GF_TRY(lcpl = gf_intermediate());
    GF_TRY(leave = in_one_piece(from));
    holes = leave;
    rc    = gf_copy_object(from, to, path, ocpypl, lcpl);
    holes = 0;
done:
    if (ocpypl >= 0)
        H5Pclose(ocpypl);
    if (lcpl >= 0)
        H5Pclose(lcpl);
    return gf_end(rc);
}

/* rows selects n rows from the first on, and gives a dataspace for them in memory. */
static hid_t rows(hid_t space, int rank, const hsize_t *dims, hsize_t first, hsize_t n)
{
    hsize_t start[H5S_MAX_RANK] = {first}, count[H5S_MAX_RANK] = {n};

    for (int i = 1; i < rank; i++)
        count[i] = dims[i];
    if (rank == 0)
        return H5Scopy(space);
    if (H5Sselect_hyperslab(space, H5S_SELECT_SET, start, NULL, count, NULL) < 0)
        return -1;
    return H5Screate_simple(rank, count, NULL);
}

/* copy_elements copies all elements, so many rows at a time that they take some megabytes. */
static int copy_elements(hid_t from, hid_t to)
{
    const hsize_t most               = 16 << 20;
    hsize_t       dims[H5S_MAX_RANK] = {1}, bytes = H5Dget_storage_size(from), step, n;
    hid_t         type = -1, space = -1, part = -1;
    void         *data = NULL;
    int           rank, rc = 0;

    if (bytes == 0)
        return 0;
    GF_TRY(type = H5Dget_type(from));
    GF_TRY(space = H5Dget_space(from));
    GF_TRY(rank = H5Sget_simple_extent_dims(space, dims, NULL));
    step = bytes <= most ? dims[0] : most / (bytes / dims[0]);
    step = step > 0 ? step : 1;
    if (!(data = malloc((size_t)(bytes / dims[0] * step)))) {
        rc = gf_refuse("out of memory");
        goto done;
    }
    for (hsize_t at = 0; at < dims[0]; at += n) {
        n = dims[0] - at < step ? dims[0] - at : step;
        GF_TRY(part = rows(space, rank, dims, at, n));
        GF_TRY(H5Dread(from, type, part, space, H5P_DEFAULT, data));
        GF_TRY(H5Dwrite(to, type, part, space, H5P_DEFAULT, data));
        H5Sclose(part);
        part = -1;
    }
done:
    if (part >= 0)
        H5Sclose(part);
    if (space >= 0)
        H5Sclose(space);
    if (type >= 0)
        H5Tclose(type);
    free(data);
    return rc;
}

static int copy_values(hid_t from, hid_t to);

static herr_t member_values(hid_t from, const char *name, const H5L_info_t *info, void *to)
{
    hid_t member = -1, copy = -1;
    int   rc = 0;

    if (info->type != H5L_TYPE_HARD)
        return 0;
    GF_TRY(member = H5Oopen(from, name, H5P_DEFAULT));
    GF_TRY(copy = H5Oopen(*(hid_t *)to, name, H5P_DEFAULT));
    rc = copy_values(member, copy);
done:
    if (copy >= 0)
        H5Oclose(copy);
    if (member >= 0)
        H5Oclose(member);
    return rc;
}

static int copy_values(hid_t from, hid_t to)
{
    hsize_t i  = 0;
    int     rc = 0;

    switch (H5Iget_type(from)) {
    case H5I_DATASET:
        return copy_elements(from, to);
    case H5I_GROUP:
    case H5I_FILE:
        GF_TRY(H5Literate(from, H5_INDEX_NAME, H5_ITER_NATIVE, &i, member_values, &to));
        break;
    default:
        break;
    }
done:
    return rc;
}

int gf_copy_values(hid_t from, hid_t to)
{
    int left, rc = 0;

    gf_enter();
    GF_TRY(left = in_one_piece(from));
    if (left)
        rc = copy_values(from, to);
done:
    return gf_end(rc);
}
