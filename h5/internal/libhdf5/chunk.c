/* Chunks as they lie in the file. Moving them calls the library, and needs its lock; what the filters
 * do to them is done here without it, so that several threads may do it at once. */
#include "shim.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

enum { filter_gzip = 1, filter_shuffle = 2, filter_checks = 3, filter_lzf = 32000 };

/* The library's own zlib: where it is hidden inside of the library, there is none for us. */
typedef int (*uncompress_fn)(uint8_t *dst, unsigned long *ndst, const uint8_t *src, unsigned long nsrc);
typedef int (*compress_fn)(uint8_t *dst, unsigned long *ndst, const uint8_t *src, unsigned long nsrc, int level);

static uncompress_fn zlib_uncompress;
static compress_fn   zlib_compress;

/* gf_find_zlib reports whether there is one. */
int gf_find_zlib(void)
{
    *(void **)&zlib_uncompress = dlsym(RTLD_DEFAULT, "uncompress");
    *(void **)&zlib_compress   = dlsym(RTLD_DEFAULT, "compress2");
    return zlib_uncompress && zlib_compress;
}

/* put_fill writes whether what is missing has a value:u8, and the value in the memory type. */
static int put_fill(hid_t dcpl, hid_t mem)
{
    H5D_fill_time_t  when;
    H5D_fill_value_t defined;
    size_t           size = H5Tget_size(mem);
    void            *value;
    int              rc = 0;

    if (H5Pget_fill_time(dcpl, &when) < 0 || H5Pfill_value_defined(dcpl, &defined) < 0)
        return gf_fail();
    if (when == H5D_FILL_TIME_NEVER || defined == H5D_FILL_VALUE_UNDEFINED) {
        gf_u8(0);
        return 0;
    }
    if (!(value = calloc(1, size)))
        return gf_refuse("out of memory");
    GF_TRY(H5Pget_fill_value(dcpl, mem, value));
    gf_u8(1);
    gf_bytes(value, size);
done:
    free(value);
    return rc;
}

/* gf_chunking writes the bytes of the dataset's chunk cache, the options of its chunks, and its fill
 * value. */
int gf_chunking(hid_t dset, hid_t mem)
{
    hid_t    dcpl = -1, dapl = -1;
    unsigned options;
    size_t   slots, bytes;
    double   preemption;
    int      rc = 0;

    gf_enter();
    GF_TRY(dapl = H5Dget_access_plist(dset));
    GF_TRY(H5Pget_chunk_cache(dapl, &slots, &bytes, &preemption));
    GF_TRY(dcpl = H5Dget_create_plist(dset));
    GF_TRY(H5Pget_chunk_opts(dcpl, &options));
    gf_i64((int64_t)bytes);
    gf_i64(options);
    GF_TRY(put_fill(dcpl, mem));
done:
    if (dapl >= 0)
        H5Pclose(dapl);
    if (dcpl >= 0)
        H5Pclose(dcpl);
    return gf_end(rc);
}

/* gf_chunk_read gives the size of the chunk at offset, 0 for one that is not in the file, and reads it
 * when it fits into room, with the mask of the filters that it did not go through. */
int gf_chunk_read(hid_t dset, const hsize_t *offset, uintptr_t dst, size_t room, hsize_t *size, uint32_t *mask)
{
    int rc = 0;

    gf_enter();
    GF_TRY(H5Dget_chunk_storage_size(dset, offset, size));
    if (*size > 0 && *size <= room)
        GF_TRY(H5Dread_chunk(dset, H5P_DEFAULT, offset, mask, (void *)dst));
done:
    return gf_end(rc);
}

int gf_chunk_write(hid_t dset, const hsize_t *offset, uint32_t mask, uintptr_t src, size_t n)
{
    gf_enter();
    return gf_end(H5Dwrite_chunk(dset, H5P_DEFAULT, mask, offset, n, (const void *)src) < 0 ? gf_fail() : 0);
}

/* checks is the checksum of the filter fletcher32: sums of 16-bit numbers, modulo 65535, of which the
 * upper byte comes first. */
static uint32_t checks(const uint8_t *p, size_t n)
{
    uint32_t a = 0, b = 0;

    for (size_t i = 0; i < n;) {
        size_t end = n - i > 720 ? i + 720 : n; /* as many as 32 bits can sum up */

        for (; i < end; i += 2) {
            a += (uint32_t)p[i] << 8 | (i + 1 < n ? p[i + 1] : 0);
            b += a;
        }
        a = (a & 0xffff) + (a >> 16);
        b = (b & 0xffff) + (b >> 16);
    }
    a = (a & 0xffff) + (a >> 16);
    b = (b & 0xffff) + (b >> 16);
    return b << 16 | a;
}

static uint32_t stored_checks(const uint8_t *p)
{
    return (uint32_t)p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

/* Libraries before 1.6.3 stored the bytes of both halves the other way round. */
static int checks_fit(const uint8_t *p, size_t n)
{
    uint32_t c = checks(p, n), s = stored_checks(p + n);

    return s == c || s == ((c & 0x00ff00ff) << 8 | (c & 0xff00ff00) >> 8);
}

/* unshuffle and shuffle: the bytes of numbers, sorted by their place in the number; what is left over
 * of the last number stays at the end. */
__attribute__((optimize("O3"))) static void unshuffle(const uint8_t *in, uint8_t *out, size_t n, size_t size)
{
    size_t count = n / size;

    if (size == 4) {
        const uint8_t *a = in, *b = in + count, *c = in + 2 * count, *d = in + 3 * count;

        for (size_t i = 0; i < count; i++) {
            out[4 * i]     = a[i];
            out[4 * i + 1] = b[i];
            out[4 * i + 2] = c[i];
            out[4 * i + 3] = d[i];
        }
    } else {
        for (size_t from = 0; from < count; from += 512) { /* a part that stays in the processor's cache */
            size_t end = count - from > 512 ? from + 512 : count;

            for (size_t k = 0; k < size; k++)
                for (size_t i = from; i < end; i++)
                    out[i * size + k] = in[k * count + i];
        }
    }
    memcpy(out + count * size, in + count * size, n - count * size);
}

__attribute__((optimize("O3"))) static void shuffle(const uint8_t *in, uint8_t *out, size_t n, size_t size)
{
    size_t count = n / size;

    for (size_t from = 0; from < count; from += 512) {
        size_t end = count - from > 512 ? from + 512 : count;

        for (size_t k = 0; k < size; k++)
            for (size_t i = from; i < end; i++)
                out[k * count + i] = in[i * size + k];
    }
    memcpy(out + count * size, in + count * size, n - count * size);
}

/* work is a chunk on its way through the filters: n bytes at p, and where the next filter may write. */
struct work {
    const uint8_t *p;
    size_t         n;
    uint8_t       *free, *other;
    size_t         room;
};

/* moved says that the next n bytes stand where the filter wrote them. */
static void moved(struct work *w, size_t n)
{
    uint8_t *now = w->free;

    w->p     = now;
    w->n     = n;
    w->free  = w->other;
    w->other = now;
}

static int undo(struct work *w, int filter, int value)
{
    unsigned long n = w->room;

    switch (filter) {
    case filter_gzip:
        if (zlib_uncompress(w->free, &n, w->p, w->n) != 0)
            return -1;
        moved(w, n);
        return 0;
    case filter_lzf:
        if ((n = gf_lzf_unpack(w->p, w->n, w->free, w->room)) == 0)
            return -1;
        moved(w, n);
        return 0;
    case filter_shuffle:
        if (value <= 0 || w->n > w->room)
            return -1;
        if (value > 1 && w->n / (size_t)value > 1) {
            unshuffle(w->p, w->free, w->n, (size_t)value);
            moved(w, w->n);
        }
        return 0;
    case filter_checks:
        if (w->n < 4 || !checks_fit(w->p, w->n - 4))
            return -1;
        w->n -= 4;
        return 0;
    }
    return -1;
}

/* apply gives -1 for a filter that a chunk does without: it would not get smaller. */
static int apply(struct work *w, int filter, int value)
{
    unsigned long n = w->n + (w->n + 999) / 1000 + 12; /* what the library lets gzip take */

    switch (filter) {
    case filter_gzip:
        if (n > w->room)
            n = w->room;
        if (zlib_compress(w->free, &n, w->p, w->n, value) != 0)
            return -1;
        moved(w, n);
        return 0;
    case filter_lzf:
        if (w->n < 2 || (n = gf_lzf_pack(w->p, w->n, w->free, w->n - 1)) == 0)
            return -1;
        moved(w, n);
        return 0;
    case filter_shuffle:
        if (value > 1 && w->n / (size_t)value > 1) {
            shuffle(w->p, w->free, w->n, (size_t)value);
            moved(w, w->n);
        }
        return 0;
    }
    if (w->n + 4 > w->room)
        return -1;
    uint32_t sum = checks(w->p, w->n);
    memcpy(w->free, w->p, w->n);
    for (int i = 0; i < 4; i++)
        w->free[w->n + i] = (uint8_t)(sum >> 8 * i);
    moved(w, w->n + 4);
    return 0;
}

static void swap_bytes(uint8_t *p, size_t n, int width)
{
    uint16_t two;
    uint32_t four;
    uint64_t eight;

    for (size_t i = 0; width == 2 && i < n; i += 2) {
        memcpy(&two, p + i, 2);
        two = __builtin_bswap16(two);
        memcpy(p + i, &two, 2);
    }
    for (size_t i = 0; width == 4 && i < n; i += 4) {
        memcpy(&four, p + i, 4);
        four = __builtin_bswap32(four);
        memcpy(p + i, &four, 4);
    }
    for (size_t i = 0; width == 8 && i < n; i += 8) {
        memcpy(&eight, p + i, 8);
        eight = __builtin_bswap64(eight);
        memcpy(p + i, &eight, 8);
    }
}

/* next_row counts the places of all axes but the last; 0 after the last of them. */
static int next_row(const gf_box *b, int64_t *place)
{
    for (int k = b->rank - 2; k >= 0; k--) {
        if (++place[k] < b->count[k])
            return 1;
        place[k] = 0;
    }
    return 0;
}

static void copy_elements(uint8_t *to, int64_t to_step, const uint8_t *from, int64_t from_step, int64_t n, size_t size)
{
    if (to_step == (int64_t)size && from_step == (int64_t)size) {
        memcpy(to, from, (size_t)n * size);
        return;
    }
    for (int64_t i = 0; i < n; i++)
        memcpy(to + i * to_step, from + i * from_step, size);
}

/* move_box copies the box between chunk and memory. One element for all comes of steps of 0. */
static void move_box(const gf_box *b, uint8_t *memory, uint8_t *chunk, int into_memory)
{
    int     last = b->rank - 1;
    int64_t place[H5S_MAX_RANK] = {0};

    do {
        uint8_t *m = memory, *c = chunk;

        for (int k = 0; k < last; k++) {
            m += place[k] * b->memory_step[k];
            c += place[k] * b->chunk_step[k];
        }
        if (into_memory) {
            copy_elements(m, b->memory_step[last], c, b->chunk_step[last], b->count[last], b->size);
            if (b->swap > 1)
                swap_bytes(m, (size_t)b->count[last] * b->size, b->swap);
        } else {
            copy_elements(c, b->chunk_step[last], m, b->memory_step[last], b->count[last], b->size);
        }
    } while (next_row(b, place));
}

/* gf_unpack undoes the filters of a chunk and copies the box to memory; -1 for a chunk that is not what
 * it should be. Scratch is what Filters.Scratch makes. */
int gf_unpack(const gf_filters *f, uint32_t mask, uintptr_t raw, size_t nraw, uintptr_t scratch, const gf_box *b,
              uintptr_t memory)
{
    size_t      room = f->bytes + f->bytes / 512 + 64;
    struct work w    = {(const uint8_t *)raw, nraw, (uint8_t *)scratch, (uint8_t *)scratch + room, room};

    for (int i = f->n - 1; i >= 0; i--)
        if (!(mask >> i & 1) && undo(&w, f->id[i], f->value[i]) < 0)
            return -1;
    if (w.n != f->bytes)
        return -1;
    move_box(b, (uint8_t *)memory, (uint8_t *)w.p + b->first, 1);
    return 0;
}

/* gf_spread copies one element to all of the box in memory. */
void gf_spread(const gf_box *b, uintptr_t element, uintptr_t memory)
{
    gf_box one = *b;

    memset(one.chunk_step, 0, sizeof one.chunk_step);
    one.swap = 1;
    move_box(&one, (uint8_t *)memory, (uint8_t *)element, 1);
}

/* gf_pack copies the box to a chunk that is full of the fill value, lets it go through the filters, and
 * gives where in scratch the result is. */
int64_t gf_pack(const gf_filters *f, const gf_box *b, uintptr_t memory, uintptr_t fill, uintptr_t scratch, size_t *n,
                uint32_t *mask)
{
    size_t      room = f->bytes + f->bytes / 512 + 64;
    uint8_t    *chunk = (uint8_t *)scratch;
    struct work w     = {chunk, f->bytes, chunk + room, chunk, room};

    for (size_t at = 0; fill && at < f->bytes; at += b->size)
        memcpy(chunk + at, (const void *)fill, b->size);
    move_box(b, (uint8_t *)memory, chunk + b->first, 0);
    if (b->swap > 1)
        swap_bytes(chunk, f->bytes, b->swap);
    *mask = 0;
    for (int i = 0; i < f->n; i++)
        if (apply(&w, f->id[i], f->value[i]) < 0)
            *mask |= 1u << i;
    *n = w.n;
    return w.p - chunk;
}
