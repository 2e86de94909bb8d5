/* The C side of libhdf5: coarse calls over HDF5, each one crossing from Go.
 *
 * Conventions. A call returns 0, or -1 when it failed. What it has to say, result or error, is
 * appended to one output buffer that the next call empties; Go reads it before it gives up the
 * lock that serialises every call. Strings go in NUL-terminated and come out with their length.
 * Numbers in the buffer are 8 bytes in the machine's order, unless they are a single byte.
 *
 * Go's memory for data comes as uintptr_t: cgo would refuse a slice of numbers that lies inside
 * something that holds pointers too. The Go side keeps it alive; nothing here keeps it.
 */
#ifndef GOFIVE_LIBHDF5_SHIM_H
#define GOFIVE_LIBHDF5_SHIM_H

#include <hdf5.h>
#include <stddef.h>
#include <stdint.h>

/* buffer.c: the output buffer, and memory that C keeps until Go has read it. */
void        gf_reset(void);
void        gf_u8(int v);
void        gf_i64(int64_t v);
void        gf_bytes(const void *p, size_t n);
void        gf_str(const char *s);
size_t      gf_mark(void);
void        gf_rewind(size_t mark);
void        gf_patch_i64(size_t at, int64_t v);
int         gf_full(void);
const void *gf_data(void);
size_t      gf_len(void);
int         gf_hold(void *mem, hid_t type, hid_t space, hsize_t n);
void        gf_release(void);

/* error.c */
void gf_quiet(void);
void gf_new_life(void);
void gf_enter(void);
int  gf_fail(void);
void gf_forget(void);
int  gf_refuse(const char *why);
void gf_put_error(void);
int  gf_end(int rc);

/* type.c: the datatype code is described there. */
hid_t gf_put_type(hid_t type, int want_memory, const char *names, int nnames);
hid_t gf_get_type(const uint8_t *code, size_t len);

/* property.c: the code of settings is described there. */
const char *gf_property_name(int i, const char **kinds);
int         gf_apply(hid_t list, const uint8_t *code, size_t len);
hid_t       gf_list_of(hid_t class, const uint8_t *code, size_t len);

/* readerat.c */
int gf_set_reader(hid_t list, int64_t reader, int64_t size);
int gf_is_reader(hid_t id);

/* foreign.c */
int gf_adopt(hid_t obj, hid_t *file);
int gf_lend(hid_t obj, hid_t *id);

/* kept.c */
typedef struct gf_slot {
    hid_t id;
    int   life; /* of the library, in which it was made; 0 for never */
} gf_slot;

int   gf_life(void);
hid_t gf_kept(gf_slot *slot, hid_t (*make)(void));
hid_t gf_kept_type(const uint8_t *code, size_t len);

/* space.c */
int   gf_put_space(hid_t space);

/* gf_selection is what of a dataset is meant. Without npoints, sizes are start, stride, count and block
 * of a hyperslab, rank numbers each; with npoints, the coordinates of so many elements. NULL is
 * everything. */
typedef struct gf_selection {
    int            rank;
    size_t         npoints;
    const hsize_t *sizes;
} gf_selection;

int   gf_select_in(hid_t space, gf_selection sel, H5S_seloper_t op);
hid_t gf_select(hid_t space, gf_selection sel, hsize_t nelem);

/* reference.c */
int gf_reference_make(hid_t obj, void *ref);
int gf_region_make(hid_t dset, gf_selection sel, size_t nslabs, void *ref);
int gf_region(hid_t loc, const void *ref);

/* plain.c */
int gf_plain(hid_t file, hid_t dset, int want_fd);

/* attribute.c */
enum { gf_attributes_none, gf_attributes_types, gf_attributes_values }; /* how much of them is wanted */
int gf_has_pointers(hid_t mem);
int gf_put_attributes(hid_t obj, hsize_t expected, int wanted, hsize_t max_bytes);
int gf_attributes(hid_t obj, hsize_t max_bytes);
int gf_attribute(hid_t obj, const char *name);
int gf_attribute_exists(hid_t obj, const char *name);
int gf_attribute_write(hid_t obj, const char *name, const uint8_t *code, size_t ncode, const uint8_t *mem,
                       size_t nmem, int rank, const hsize_t *dims, uintptr_t data, const int64_t *slots, size_t nslots);
int gf_attribute_delete(hid_t obj, const char *name);

/* The library's own chunk cache of 1 MB makes it inflate larger chunks again for every row. */
enum { gf_cache_slots = 1009, gf_cache_bytes = 16 << 20 };

/* file.c */
typedef struct gf_access {
    int            mode; /* 0 read only, 1 read and write, 2 truncate or make, 3 make and fail when it exists */
    int            swmr; /* one writer, many readers */
    const uint8_t *access, *create; /* settings */
    size_t         naccess, ncreate;
    uintptr_t      image; /* the bytes of a file in memory, which are copied */
    size_t         nimage;
} gf_access;

int gf_version(unsigned lib[3], unsigned headers[3]);
int gf_file_open(const char *path, const gf_access *access, hid_t *id);
int gf_file_close(hid_t id);
int gf_start_swmr(hid_t id);
int gf_image(hid_t id, uintptr_t dst, size_t n, int64_t *size);
int gf_file_stat(hid_t id);
int gf_flush(hid_t id);
int gf_flush_all(void);
int gf_close_all(void);
int gf_close(hid_t id);
int gf_drop(hid_t id);
int gf_give_up(hid_t file);

/* object.c */
int gf_open(hid_t loc, const char *path, hid_t *id, int *kind);
int gf_list(hid_t loc, const char *path, int detail, int created);
int gf_stat(hid_t loc, const char *names, const uint8_t *hard, const int64_t *addresses, size_t n, int attributes,
            hsize_t max_bytes);
int gf_reference(hid_t loc, int region, const void *ref);
int gf_reference_open(hid_t loc, int region, const void *ref, hid_t *id, int *kind);

/* lzf.c */
size_t gf_lzf_unpack(const uint8_t *in, size_t n, uint8_t *out, size_t room);
size_t gf_lzf_pack(const uint8_t *in, size_t n, uint8_t *out, size_t room);
int    gf_has_filter(int64_t id);
int    gf_filter(int64_t id);

/* chunk.c */
typedef struct gf_filters {
    int    n;
    int    id[8], value[8]; /* number, and its first parameter */
    size_t bytes;           /* of a chunk */
} gf_filters;

/* gf_box is a part of a chunk: count elements an axis; see Box in chunk.go. */
typedef struct gf_box {
    int     rank, swap;
    size_t  size, first;
    int64_t count[H5S_MAX_RANK], chunk_step[H5S_MAX_RANK], memory_step[H5S_MAX_RANK];
} gf_box;

int     gf_find_zlib(void);
int     gf_chunking(hid_t dset, hid_t mem);
int     gf_chunk_read(hid_t dset, const hsize_t *offset, uintptr_t dst, size_t room, hsize_t *size, uint32_t *mask);
int     gf_chunk_write(hid_t dset, const hsize_t *offset, uint32_t mask, uintptr_t src, size_t n);
int     gf_unpack(const gf_filters *f, uint32_t mask, uintptr_t raw, size_t nraw, uintptr_t scratch, const gf_box *b,
                  uintptr_t memory);
void    gf_spread(const gf_box *b, uintptr_t element, uintptr_t memory);
int64_t gf_pack(const gf_filters *f, const gf_box *b, uintptr_t memory, uintptr_t fill, uintptr_t scratch, size_t *n,
                uint32_t *mask);

/* link.c */
int gf_group_create(hid_t loc, const char *path, const uint8_t *create, size_t ncreate, hid_t *id);
int gf_delete(hid_t loc, const char *path);
int gf_move(hid_t loc, const char *from, const char *to);
int gf_link_hard(hid_t target, hid_t loc, const char *path);
int gf_link_soft(const char *target, hid_t loc, const char *path);
int gf_link_external(const char *file, const char *target, hid_t loc, const char *path);
hid_t gf_intermediate(void);
hid_t gf_untimed(hid_t class);

/* copy.c */
int gf_copy_object(hid_t from, hid_t loc, const char *to, hid_t ocpypl, hid_t lcpl);
int gf_copy(hid_t from, hid_t loc, const char *to, const uint8_t *copy, size_t ncopy);

/* template.c */
int gf_set_holes(hid_t list);
int gf_copy_template(hid_t from, hid_t to, const char *path);
int gf_copy_values(hid_t from, hid_t to);

/* dataset.c */
typedef struct gf_extent {
    int     rank; /* -1 for a null dataspace */
    hsize_t dims[H5S_MAX_RANK];
    hsize_t max[H5S_MAX_RANK];
} gf_extent;

/* gf_making is how a dataset is made: settings for making and for opening it, and the fill value. */
typedef struct gf_making {
    const uint8_t *create, *access;
    size_t         ncreate, naccess;
    const uint8_t *fillcode;
    size_t         nfillcode;
    uintptr_t      fill;
    const int64_t *slots; /* of the fill value, see gf_relocate */
    size_t         nslots;
} gf_making;

int gf_memory_type(hid_t dset, const char *names, int nnames, hid_t *mem);
int gf_stored_type(hid_t dset, hid_t *type);
int gf_shape(hid_t dset);
int gf_dataset_create(hid_t loc, const char *path, const uint8_t *code, size_t ncode, const gf_extent *extent,
                      const gf_making *making, hid_t *id);
int gf_store(hid_t loc, const char *path, const uint8_t *code, size_t ncode, const gf_extent *extent, const uint8_t *mem,
             size_t nmem, uintptr_t data, const int64_t *slots, size_t nslots);
int gf_dataset_open(hid_t loc, const char *path, const uint8_t *access, size_t naccess, hid_t *id);
int gf_sources(hid_t dset);
int gf_dataset_recache(hid_t *id, size_t bytes);
int gf_commit(hid_t loc, const char *path, const uint8_t *code, size_t ncode);
int gf_fill_value(hid_t dset, hid_t mem);
int gf_resize(hid_t dset, const hsize_t *dims);
int gf_dataset_flush(hid_t dset);
int gf_refresh(hid_t dset);

/* transfer.c */

/* gf_runs are runs (start, stride, count) on every axis, n[0] for the first one, then n[1], and so on. */
typedef struct gf_runs {
    int            rank;
    const size_t  *n;
    const hsize_t *runs;
} gf_runs;

int gf_read(hid_t dset, hid_t mem, gf_selection sel, hsize_t nelem, uintptr_t dst);
int gf_read_held(hid_t dset, hid_t mem, gf_selection sel, hsize_t nelem);
int gf_read_runs(hid_t dset, hid_t mem, int rank, const size_t *n, const hsize_t *runs, uintptr_t dst);
int gf_write(hid_t dset, const uint8_t *code, size_t ncode, gf_selection sel, hsize_t nelem, uintptr_t data,
             const int64_t *slots, size_t nslots);
int gf_write_runs(hid_t dset, const uint8_t *code, size_t ncode, int rank, const size_t *n, const hsize_t *runs,
                  int together, uintptr_t data, const int64_t *slots, size_t nslots);
void gf_relocate(void *data, const int64_t *slots, size_t nslots);
hid_t gf_select_runs(hid_t space, const gf_runs *r);

/* parallel.c */

/* gf_part is what one rank has of a transfer that all ranks make at once: runs when they have a rank, else
 * sel; nothing when nelem is 0. */
typedef struct gf_part {
    gf_selection sel;
    gf_runs      runs;
    hsize_t      nelem;
} gf_part;

int  gf_has_parallel(void);
int  gf_parallel(hid_t file, H5F_libver_t *low, H5F_libver_t *high);
int  gf_remember_parallel(hid_t file, hid_t fapl);
void gf_forget_parallel(hid_t file);
int  gf_set_mpio(hid_t list, int64_t comm, const char *hints);
int  gf_set_atomic(hid_t file, int on);
int  gf_get_atomic(hid_t file, int *on);
int  gf_write_together(hid_t dset, const uint8_t *code, size_t ncode, gf_part part, uintptr_t data);
int  gf_read_together(hid_t dset, hid_t mem, gf_part part, uintptr_t dst);

#define GF_TRY(expr)                                                                                               \
    do {                                                                                                           \
        if ((expr) < 0) {                                                                                          \
            rc = gf_fail(); /* now: the calls that clean up would clear HDF5's stack */                            \
            goto done;                                                                                             \
        }                                                                                                          \
    } while (0)

#endif
