/* A file driver whose bytes come from Go: an io.ReaderAt. It only reads.
 *
 * Go is called while the lock is held, the one exception there is; readerat.go says what follows. */
#include "shim.h"
#include "_cgo_export.h"

#include <stdlib.h>
#include <string.h>

#if H5_VERSION_GE(1, 13, 0)
#include <H5FDdevelop.h>
#endif

/* which is what the driver is opened with: a number that Go knows the reader by, and how many bytes it has. */
struct which {
    int64_t reader, size;
};

struct reader_file {
    H5FD_t       pub; /* must be first */
    struct which which;
    haddr_t      eoa; /* end of what the library takes for the file */
};

static H5FD_t *reader_open(const char *name, unsigned flags, hid_t fapl, haddr_t maxaddr)
{
    const struct which *which = H5Pget_driver_info(fapl);
    struct reader_file *f;

    (void)name;
    (void)maxaddr;
    if (!which || flags & H5F_ACC_RDWR || !(f = calloc(1, sizeof *f)))
        return NULL;
    f->which = *which;
    return &f->pub;
}

static herr_t reader_close(H5FD_t *file)
{
    gf_reader_close(((struct reader_file *)file)->which.reader);
    free(file);
    return 0;
}

static int reader_cmp(const H5FD_t *a, const H5FD_t *b)
{
    int64_t x = ((const struct reader_file *)a)->which.reader, y = ((const struct reader_file *)b)->which.reader;

    return (x > y) - (x < y);
}

static herr_t reader_query(const H5FD_t *file, unsigned long *flags)
{
    (void)file;
    *flags = H5FD_FEAT_DATA_SIEVE | H5FD_FEAT_AGGREGATE_METADATA;
    return 0;
}

static haddr_t reader_get_eoa(const H5FD_t *file, H5FD_mem_t type)
{
    (void)type;
    return ((const struct reader_file *)file)->eoa;
}

static herr_t reader_set_eoa(H5FD_t *file, H5FD_mem_t type, haddr_t addr)
{
    (void)type;
    ((struct reader_file *)file)->eoa = addr;
    return 0;
}

static haddr_t reader_get_eof(const H5FD_t *file, H5FD_mem_t type)
{
    (void)type;
    return (haddr_t)((const struct reader_file *)file)->which.size;
}

/* reader_read fills with zeros what lies behind the last byte, as the library's own drivers do. */
static herr_t reader_read(H5FD_t *file, H5FD_mem_t type, hid_t dxpl, haddr_t addr, size_t size, void *buffer)
{
    const struct reader_file *f     = (const struct reader_file *)file;
    haddr_t                   end   = (haddr_t)f->which.size;
    size_t                    there = addr >= end ? 0 : end - addr < size ? (size_t)(end - addr) : size;

    (void)type;
    (void)dxpl;
    memset((char *)buffer + there, 0, size - there);
    return there && gf_reader_read(f->which.reader, (int64_t)addr, buffer, (int64_t)there) ? -1 : 0;
}

static herr_t reader_write(H5FD_t *file, H5FD_mem_t type, hid_t dxpl, haddr_t addr, size_t size, const void *buffer)
{
    (void)file, (void)type, (void)dxpl, (void)addr, (void)size, (void)buffer;
    return -1;
}

static const H5FD_class_t driver = {
#if H5_VERSION_GE(1, 13, 0)
    .version = H5FD_CLASS_VERSION,
    .value   = 512, /* from 512 on are those of nobody but the program itself */
#endif
    .name      = "reader",
    .maxaddr   = ((haddr_t)1 << 62) - 1,
    .fc_degree = H5F_CLOSE_WEAK,
    .fapl_size = sizeof(struct which),
    .open      = reader_open,
    .close     = reader_close,
    .cmp       = reader_cmp,
    .query     = reader_query,
    .get_eoa   = reader_get_eoa,
    .set_eoa   = reader_set_eoa,
    .get_eof   = reader_get_eof,
    .read      = reader_read,
    .write     = reader_write,
    .fl_map    = H5FD_FLMAP_SINGLE,
};

static gf_slot slot;

static hid_t register_driver(void) { return H5FDregister(&driver); }

/* gf_set_reader makes a list of file access open the reader of a number. */
int gf_set_reader(hid_t list, int64_t reader, int64_t size)
{
    struct which which = {reader, size};
    hid_t        id    = gf_kept(&slot, register_driver);
    herr_t       rc    = id < 0 ? -1 : H5Pset_driver(list, id, &which);

    if (id >= 0)
        H5Idec_ref(id);
    return rc < 0 ? -1 : 0;
}

/* gf_is_reader reports whether a driver is this one. */
int gf_is_reader(hid_t id) { return slot.life == gf_life() && slot.id == id; }
