/* Files: opening, closing, flushing, and the end of the library. */
#define _GNU_SOURCE /* dup3 */
#include "shim.h"

#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

/* gf_version must be the first call of all: the H5F_ACC macros check the version themselves and
 * end the process when it differs. */
int gf_version(unsigned lib[3], unsigned headers[3])
{
    headers[0] = H5_VERS_MAJOR;
    headers[1] = H5_VERS_MINOR;
    headers[2] = H5_VERS_RELEASE;
    return H5get_libversion(&lib[0], &lib[1], &lib[2]) < 0 ? -1 : 0;
}

/* descriptor gives the place of a file's descriptor, or NULL for drivers that have none or several. fapl
 * is what the file was opened with. */
static int *descriptor(hid_t file, hid_t fapl)
{
    void *fd = NULL;

    return H5Pget_driver(fapl) == H5FD_SEC2 && H5Fget_vfd_handle(file, H5P_DEFAULT, &fd) >= 0 ? fd : NULL;
}

/* A child process that inherits the descriptor would keep the file locked after it is closed. */
static void close_on_exec(hid_t file, hid_t fapl)
{
    int *fd = descriptor(file, fapl);

    if (fd)
        fcntl(*fd, F_SETFD, FD_CLOEXEC);
}

/* divert lets what the library still wants to write to a file, and cannot, go nowhere. Without it
 * closing fails halfway, leaves half an object behind, and the next call that meets it is the
 * process's last (1.10.8). */
static void divert(hid_t file)
{
    hid_t fapl = gf_parallel(file, NULL, NULL) ? -1 : H5Fget_access_plist(file);
    int  *fd   = fapl < 0 ? NULL : descriptor(file, fapl);
    int   sink = fd ? open("/dev/null", O_RDWR | O_CLOEXEC) : -1;

    if (fapl >= 0)
        H5Pclose(fapl);

    if (sink >= 0) {
        dup3(sink, *fd, O_CLOEXEC);
        close(sink);
    }
}

/* make_usual makes the list that files are opened with when nobody wants anything else. */
static hid_t make_usual(void)
{
    hid_t fapl = -1;
    int   rc   = 0;

    GF_TRY(fapl = H5Pcreate(H5P_FILE_ACCESS));
    GF_TRY(H5Pset_fapl_sec2(fapl));
    GF_TRY(H5Pset_cache(fapl, 0, gf_cache_slots, gf_cache_bytes, 0.75));
    return fapl;
done:
    if (fapl >= 0)
        H5Pclose(fapl);
    return rc;
}

/* access_list gives the list to open a file with; what the caller sets comes last and wins. */
static hid_t access_list(const gf_access *a)
{
    static gf_slot kept;
    hid_t          usual = gf_kept(&kept, make_usual), fapl = -1;
    int            rc    = 0;

    if (usual < 0 || (!a->naccess && !a->nimage))
        return usual;
    fapl = H5Pcopy(usual);
    H5Pclose(usual);
    GF_TRY(fapl);
    GF_TRY(gf_apply(fapl, a->access, a->naccess));
    if (a->nimage)
        GF_TRY(H5Pset_file_image(fapl, (void *)a->image, a->nimage));
    return fapl;
done:
    if (fapl >= 0)
        H5Pclose(fapl);
    return rc;
}

static hid_t make_untimed(void) { return gf_untimed(H5P_FILE_CREATE); }

/* create_list gives the list to make a file with. */
static hid_t create_list(const gf_access *a)
{
    static gf_slot kept;
    hid_t          fcpl = a->ncreate ? make_untimed() : gf_kept(&kept, make_untimed);

    if (fcpl >= 0 && gf_apply(fcpl, a->create, a->ncreate) < 0) {
        H5Pclose(fcpl);
        return -1;
    }
    return fcpl;
}

int gf_file_open(const char *path, const gf_access *access, hid_t *id)
{
    hid_t fapl = -1, fcpl = -1, file = -1;
    int   rc = 0;

    gf_enter();
    GF_TRY(fapl = access_list(access));
    if (access->mode <= 1) {
        unsigned flags = access->mode ? H5F_ACC_RDWR : H5F_ACC_RDONLY;
        if (access->swmr)
            flags |= access->mode ? H5F_ACC_SWMR_WRITE : H5F_ACC_SWMR_READ;
        GF_TRY(file = H5Fopen(path, flags, fapl));
    } else {
        GF_TRY(fcpl = create_list(access));
        GF_TRY(file = H5Fcreate(path, access->mode == 2 ? H5F_ACC_TRUNC : H5F_ACC_EXCL, fcpl, fapl));
    }
    close_on_exec(file, fapl);
    GF_TRY(gf_remember_parallel(file, fapl));
    *id = file;
done:
    if (fcpl >= 0)
        H5Pclose(fcpl);
    if (fapl >= 0)
        H5Pclose(fapl);
    return gf_end(rc);
}

/* dead are ids whose closing failed: the library has freed the object, goes on to list the id, and
 * gives the memory to the next object (1.10 to 1.14), so that to touch such an id again is to break
 * another's. */
static hid_t *dead;
static size_t ndead;

static int is_dead(hid_t id)
{
    for (size_t i = 0; i < ndead; i++)
        if (dead[i] == id)
            return 1;
    return 0;
}

static void bury(hid_t id)
{
    hid_t *grown = realloc(dead, (ndead + 1) * sizeof *dead);

    if (grown) {
        dead          = grown;
        dead[ndead++] = id;
    }
}

/* gf_drop gives up a reference and gives the number of those left; an id that is gone has none. */
int gf_drop(hid_t id)
{
    int left;

    if (is_dead(id) || H5Iis_valid(id) <= 0)
        return 0;
    if ((left = H5Idec_ref(id)) < 0) {
        gf_fail();
        bury(id);
    }
    return left;
}

/* close_objects closes what was opened through file (all files: H5F_OBJ_ALL), files only if asked. To
 * list datasets is to look into them, which dead ones do not bear since 1.12: then datasets are left to
 * their owners, and keep their files open until then. */
static void close_objects(hid_t file, unsigned types)
{
    ssize_t n;
    hid_t  *ids;

#if H5_VERSION_GE(1, 12, 0)
    if (ndead > 0)
        types &= ~(unsigned)H5F_OBJ_DATASET;
#endif
    n = H5Fget_obj_count(file, types);
    if (n <= 0 || !(ids = malloc((size_t)n * sizeof *ids)))
        return;
    n = H5Fget_obj_ids(file, types, (size_t)n, ids);
    for (ssize_t i = 0; i < n; i++)
        while (gf_drop(ids[i]) > 0)
            ;
    free(ids);
}

/* flush_writable says whether a writable file could be flushed. */
static int flush_writable(hid_t file)
{
    unsigned intent = 0;

    if (is_dead(file) || H5Fget_intent(file, &intent) < 0 || !(intent & H5F_ACC_RDWR))
        return 0;
    return H5Fflush(file, H5F_SCOPE_LOCAL) < 0 ? gf_fail() : 0;
}

/* close_file closes what was opened through a file, and the file. */
static int close_file(hid_t file)
{
    int rc;

    if (is_dead(file))
        return 0;
    rc = flush_writable(file);

    if (rc < 0)
        divert(file);
    close_objects(file, H5F_OBJ_DATASET | H5F_OBJ_GROUP | H5F_OBJ_DATATYPE | H5F_OBJ_ATTR | H5F_OBJ_LOCAL);
    gf_forget_parallel(file);
    return gf_drop(file) < 0 ? -1 : rc;
}

int gf_file_close(hid_t id)
{
    gf_enter();
    return gf_end(close_file(id));
}

int gf_flush(hid_t id)
{
    gf_enter();
    return gf_end(H5Fflush(id, H5F_SCOPE_LOCAL) < 0 ? gf_fail() : 0);
}

/* each_file calls f for every open file, whoever opened it; it gives -1 if one of them failed. */
static int each_file(int (*f)(hid_t file))
{
    ssize_t n   = H5Fget_obj_count((hid_t)H5F_OBJ_ALL, H5F_OBJ_FILE);
    hid_t  *ids = n > 0 ? malloc((size_t)n * sizeof *ids) : NULL;
    int     rc  = 0;

    if (ids)
        n = H5Fget_obj_ids((hid_t)H5F_OBJ_ALL, H5F_OBJ_FILE, (size_t)n, ids);
    for (ssize_t i = 0; ids && i < n; i++)
        if (f(ids[i]) < 0)
            rc = -1;
    free(ids);
    return rc;
}

/* flush_own leaves files of several ranks alone: to flush those is for all ranks at once. */
static int flush_own(hid_t file) { return gf_parallel(file, NULL, NULL) ? 0 : flush_writable(file); }

int gf_flush_all(void)
{
    gf_enter();
    return gf_end(each_file(flush_own));
}

/* gf_give_up takes a file for closed that cannot be: the other ranks do not come to close it. */
int gf_give_up(hid_t file)
{
    gf_enter();
    bury(file);
    gf_forget_parallel(file);
    return gf_end(0);
}

/* gf_close_all closes every file, whoever opened it, and the library, which C's exit would do and
 * Go's does not. The next call starts the library again. */
int gf_close_all(void)
{
    int rc;

    gf_enter();
    gf_release();
    rc = each_file(close_file);
    close_objects((hid_t)H5F_OBJ_ALL, H5F_OBJ_DATASET | H5F_OBJ_GROUP | H5F_OBJ_DATATYPE | H5F_OBJ_ATTR | H5F_OBJ_FILE);
    if (ndead == 0 && H5close() < 0) /* it would touch the dead ones */
        rc = gf_fail();
    gf_new_life(); /* what was kept is closed, in either case */
    return gf_end(rc);
}

/* gf_close gives up one reference to any id; an id that is gone already is no error. */
int gf_close(hid_t id)
{
    gf_enter();
    return gf_end(gf_drop(id) < 0 ? -1 : 0);
}

int gf_start_swmr(hid_t id)
{
    gf_enter();
    return gf_end(H5Fstart_swmr_write(id) < 0 ? gf_fail() : 0);
}

/* gf_image copies the bytes that the file consists of to dst, which has room for n; without dst it
 * gives their number. */
int gf_image(hid_t id, uintptr_t dst, size_t n, int64_t *size)
{
    int rc = 0;

    gf_enter();
    GF_TRY(H5Fflush(id, H5F_SCOPE_LOCAL));
    GF_TRY(*size = H5Fget_file_image(id, (void *)dst, n));
done:
    return gf_end(rc);
}

static const char *driver_name(hid_t fapl)
{
    hid_t driver = H5Pget_driver(fapl);

    return driver == H5FD_SEC2     ? "sec2"
           : driver == H5FD_CORE   ? "core"
           : driver == H5FD_FAMILY ? "family"
           : driver == H5FD_MULTI  ? "split"
           : driver == H5FD_STDIO  ? "stdio"
#ifdef H5_HAVE_DIRECT
           : driver == H5FD_DIRECT ? "direct"
#endif
           : gf_is_reader(driver) ? "reader"
                                  : "other";
}

/* gf_file_stat writes what the file is: sizes, driver, bounds of the format, how space is managed. */
int gf_file_stat(hid_t id)
{
    hid_t                 fapl = -1, fcpl = -1;
    hsize_t               size = 0, userblock = 0, threshold = 0, page = 0;
    hssize_t              unused;
    H5F_libver_t          low, high;
    H5F_fspace_strategy_t strategy;
    hbool_t               persist;
    unsigned              intent;
    int                   parallel, rc = 0;

    gf_enter();
    parallel = gf_parallel(id, &low, &high);
    if (!parallel)
        GF_TRY(fapl = H5Fget_access_plist(id));
    GF_TRY(fcpl = H5Fget_create_plist(id));
    GF_TRY(H5Fget_filesize(id, &size));
    GF_TRY(unused = H5Fget_freespace(id));
    GF_TRY(H5Pget_userblock(fcpl, &userblock));
    if (!parallel)
        GF_TRY(H5Pget_libver_bounds(fapl, &low, &high));
    GF_TRY(H5Pget_file_space_strategy(fcpl, &strategy, &persist, &threshold));
    GF_TRY(H5Pget_file_space_page_size(fcpl, &page));
    GF_TRY(H5Fget_intent(id, &intent));
    gf_i64((int64_t)size);
    gf_i64(unused);
    gf_i64((int64_t)userblock);
    gf_str(parallel ? "mpio" : driver_name(fapl));
    gf_i64(low);
    gf_i64(high);
    gf_i64(strategy);
    gf_u8(persist);
    gf_i64((int64_t)page);
    gf_u8((intent & (H5F_ACC_SWMR_READ | H5F_ACC_SWMR_WRITE)) != 0);
done:
    if (fcpl >= 0)
        H5Pclose(fcpl);
    if (fapl >= 0)
        H5Pclose(fapl);
    return gf_end(rc);
}
