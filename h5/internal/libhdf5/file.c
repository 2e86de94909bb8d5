/* Files: opening, closing, flushing, and the end of the library. */
#include "shim.h"

#include <fcntl.h>
#include <stdlib.h>

/* gf_version must be the first call of all: the H5F_ACC macros check the version themselves and
 * end the process when it differs. */
int gf_version(unsigned lib[3], unsigned headers[3])
{
    headers[0] = H5_VERS_MAJOR;
    headers[1] = H5_VERS_MINOR;
    headers[2] = H5_VERS_RELEASE;
    return H5get_libversion(&lib[0], &lib[1], &lib[2]) < 0 ? -1 : 0;
}

/* A child process that inherits the descriptor would keep the file locked after it is closed. */
static void close_on_exec(hid_t file)
{
    void *fd = NULL;

    if (H5Fget_vfd_handle(file, H5P_DEFAULT, &fd) >= 0 && fd)
        fcntl(*(int *)fd, F_SETFD, FD_CLOEXEC);
}

/* The library's own chunk cache of 1 MB makes it inflate larger chunks again for every row. */
enum { cache_slots = 1009, cache_bytes = 16 << 20 };

int gf_file_open(const char *path, const gf_access *access, hid_t *id)
{
    hid_t fapl = -1, fcpl = -1, file = -1;
    int   rc = 0;

    gf_enter();
    GF_TRY(fapl = H5Pcreate(H5P_FILE_ACCESS));
    GF_TRY(H5Pset_fapl_sec2(fapl));
    if (access->latest)
        GF_TRY(H5Pset_libver_bounds(fapl, H5F_LIBVER_LATEST, H5F_LIBVER_LATEST));
    GF_TRY(H5Pset_cache(fapl, 0, cache_slots, cache_bytes, 0.75));
    if (access->clear) {
        hbool_t yes = 1;
        GF_TRY(H5Pset(fapl, "clear_status_flags", &yes));
    }
    if (access->mode <= 1) {
        GF_TRY(file = H5Fopen(path, access->mode ? H5F_ACC_RDWR : H5F_ACC_RDONLY, fapl));
    } else {
        GF_TRY(fcpl = gf_untimed(H5P_FILE_CREATE));
        GF_TRY(file = H5Fcreate(path, access->mode == 2 ? H5F_ACC_TRUNC : H5F_ACC_EXCL, fcpl, fapl));
    }
    close_on_exec(file);
    *id = file;
done:
    if (fcpl >= 0)
        H5Pclose(fcpl);
    if (fapl >= 0)
        H5Pclose(fapl);
    return gf_end(rc);
}

/* close_objects closes what was opened through file (all files: H5F_OBJ_ALL), files only if asked. */
static void close_objects(hid_t file, unsigned types)
{
    ssize_t n = H5Fget_obj_count(file, types);
    hid_t  *ids;

    if (n <= 0 || !(ids = malloc((size_t)n * sizeof *ids)))
        return;
    n = H5Fget_obj_ids(file, types, (size_t)n, ids);
    for (ssize_t i = 0; i < n; i++)
        while (H5Iis_valid(ids[i]) > 0 && H5Idec_ref(ids[i]) > 0)
            ;
    free(ids);
}

int gf_file_close(hid_t id)
{
    gf_enter();
    close_objects(id, H5F_OBJ_DATASET | H5F_OBJ_GROUP | H5F_OBJ_DATATYPE | H5F_OBJ_ATTR | H5F_OBJ_LOCAL);
    return gf_end(H5Fclose(id) < 0 ? gf_fail() : 0);
}

int gf_flush(hid_t id)
{
    gf_enter();
    return gf_end(H5Fflush(id, H5F_SCOPE_LOCAL) < 0 ? gf_fail() : 0);
}

/* flush_writable says whether a writable file could be flushed. */
static int flush_writable(hid_t file)
{
    unsigned intent = 0;

    if (H5Fget_intent(file, &intent) < 0 || !(intent & H5F_ACC_RDWR))
        return 0;
    return H5Fflush(file, H5F_SCOPE_LOCAL) < 0 ? gf_fail() : 0;
}

int gf_flush_all(void)
{
    ssize_t n;
    hid_t  *ids = NULL;
    int     rc  = 0;

    gf_enter();
    n = H5Fget_obj_count((hid_t)H5F_OBJ_ALL, H5F_OBJ_FILE);
    if (n > 0 && (ids = malloc((size_t)n * sizeof *ids)))
        n = H5Fget_obj_ids((hid_t)H5F_OBJ_ALL, H5F_OBJ_FILE, (size_t)n, ids);
    for (ssize_t i = 0; ids && i < n; i++)
        if (flush_writable(ids[i]) < 0)
            rc = -1;
    free(ids);
    return gf_end(rc);
}

/* gf_close_all closes every file, whoever opened it, and the library, which C's exit would do and
 * Go's does not. The next call starts the library again. */
int gf_close_all(void)
{
    int rc = 0;

    gf_enter();
    gf_release();
    close_objects((hid_t)H5F_OBJ_ALL, H5F_OBJ_DATASET | H5F_OBJ_GROUP | H5F_OBJ_DATATYPE | H5F_OBJ_ATTR);
    close_objects((hid_t)H5F_OBJ_ALL, H5F_OBJ_FILE);
    GF_TRY(H5close());
done:
    return gf_end(rc);
}

/* gf_close gives up one reference to any id; an id that is gone already is no error. */
int gf_close(hid_t id)
{
    gf_enter();
    if (H5Iis_valid(id) > 0 && H5Idec_ref(id) < 0)
        return gf_end(gf_fail());
    return gf_end(0);
}
