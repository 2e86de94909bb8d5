/* LZF, the filter 32000 that h5py writes unless told otherwise.
 *
 * A stream is a row of two things. A byte below 32 is a length less one: that many bytes follow as they
 * are. Any other byte begins a copy of what came out before: its upper 3 bits are the length less two,
 * or 7 when the next byte adds to it; its lower 5 bits and the last byte are the distance less one. */
#include "shim.h"

#include <string.h>

enum {
    filter_lzf       = 32000,
    filter_revision  = 4, /* of the filter's values, as h5py counts */
    library_revision = 0x0105,
    most_literals    = 32,
    least_copy       = 3,
    most_copy        = 2 + 7 + 255,
    most_distance    = 1 << 13,
    table_bits       = 14
};

/* gf_lzf_unpack gives the number of bytes that came out, 0 for a stream that is damaged or does not
 * fit into room. */
size_t gf_lzf_unpack(const uint8_t *in, size_t n, uint8_t *out, size_t room)
{
    const uint8_t *end = in + n;
    size_t         at  = 0;

    while (in < end) {
        size_t length = *in >> 5, distance, control = *in++;

        if (length == 0) {
            length = control + 1;
            if (length > (size_t)(end - in) || length > room - at)
                return 0;
            memcpy(out + at, in, length);
            in += length;
            at += length;
            continue;
        }
        if (length == 7 && in < end)
            length += *in++;
        if (in == end)
            return 0;
        length += 2;
        distance = ((control & 31) << 8 | *in++) + 1;
        if (distance > at || length > room - at)
            return 0;
        for (; length > 0; length--, at++) /* byte by byte: a copy may reach into itself */
            out[at] = out[at - distance];
    }
    return at;
}

/* packer writes to out, of which at bytes are taken; full when room was not enough. */
struct packer {
    uint8_t *out;
    size_t   at, room;
    int      full;
};

static void put_literals(struct packer *p, const uint8_t *from, size_t n)
{
    while (n > 0 && !p->full) {
        size_t part = n < most_literals ? n : most_literals;

        if (part + 1 > p->room - p->at) {
            p->full = 1;
            return;
        }
        p->out[p->at++] = (uint8_t)(part - 1);
        memcpy(p->out + p->at, from, part);
        p->at += part;
        from += part;
        n -= part;
    }
}

static void put_copy(struct packer *p, size_t length, size_t distance)
{
    size_t code = length - 2, back = distance - 1;

    if (p->full || p->room - p->at < 3) {
        p->full = 1;
        return;
    }
    p->out[p->at++] = (uint8_t)((code < 7 ? code : 7) << 5 | back >> 8);
    if (code >= 7)
        p->out[p->at++] = (uint8_t)(code - 7);
    p->out[p->at++] = (uint8_t)back;
}

static uint32_t hash(const uint8_t *p)
{
    return ((uint32_t)p[0] << 16 | (uint32_t)p[1] << 8 | p[2]) * 2654435761u >> (32 - table_bits);
}

static size_t same_bytes(const uint8_t *a, const uint8_t *b, size_t most)
{
    size_t n = 0;

    while (n < most && a[n] == b[n])
        n++;
    return n;
}

/* gf_lzf_pack gives the number of bytes written, 0 when they are more than room. */
size_t gf_lzf_pack(const uint8_t *in, size_t n, uint8_t *out, size_t room)
{
    uint32_t      last[1 << table_bits]; /* where three bytes of that hash stood, plus one */
    struct packer p    = {out, 0, room, 0};
    size_t        from = 0, at = 0;

    memset(last, 0, sizeof last);
    while (at + least_copy <= n && !p.full) {
        uint32_t *seen     = last + hash(in + at);
        size_t    distance = *seen ? at + 1 - *seen : 0, length = 0;

        *seen = (uint32_t)at + 1;
        if (distance > 0 && distance <= most_distance)
            length = same_bytes(in + at - distance, in + at, n - at < most_copy ? n - at : most_copy);
        if (length < least_copy) {
            at++;
            continue;
        }
        put_literals(&p, in + from, at - from);
        put_copy(&p, length, distance);
        at += length;
        from = at;
    }
    put_literals(&p, in + from, n - from);
    return p.full ? 0 : p.at;
}

/* expand gives what a stream unpacks to, in memory of the library: room bytes, with zeros behind what
 * came out. NULL for a stream that is damaged or does not fit. */
static uint8_t *expand(const uint8_t *in, size_t n, size_t room, size_t *got)
{
    uint8_t *out = H5allocate_memory(room, 1);

    if (out && (*got = gf_lzf_unpack(in, n, out, room)) == 0) {
        H5free_memory(out);
        return NULL;
    }
    return out;
}

/* unpack replaces the buffer. The third value is how many bytes a chunk has, and what comes out is as
 * long, but for what filters before this one did: a checksum makes it longer, scaleoffset shorter. The
 * buffer holds a chunk in any case, since the library does not look how much it got. No stream grows to
 * more than most_copy bytes for each three. */
static size_t unpack(size_t nvalues, const unsigned *values, size_t n, size_t *size, void **buf)
{
    size_t   most = n / 3 * most_copy + most_literals, got = 0;
    size_t   room = nvalues > 2 && values[2] > 0 ? values[2] : most;
    uint8_t *out  = expand(*buf, n, room, &got);

    if (!out && room < most) {
        room = most;
        out  = expand(*buf, n, room, &got);
    }
    if (!out)
        return 0;
    H5free_memory(*buf);
    *buf  = out;
    *size = room;
    return got;
}

/* pack replaces the buffer; bytes that do not get fewer stay, and the filter is left out. */
static size_t pack(size_t n, size_t *size, void **buf)
{
    uint8_t *out = n > 1 ? H5allocate_memory(n, 0) : NULL;
    size_t   got = out ? gf_lzf_pack(*buf, n, out, n - 1) : 0;

    if (got == 0) {
        H5free_memory(out);
        return 0;
    }
    H5free_memory(*buf);
    *buf  = out;
    *size = n;
    return got;
}

static size_t run(unsigned flags, size_t nvalues, const unsigned *values, size_t n, size_t *size, void **buf)
{
    return flags & H5Z_FLAG_REVERSE ? unpack(nvalues, values, n, size, buf) : pack(n, size, buf);
}

/* set_values puts the revisions and the bytes of a chunk among the dataset's settings. */
static herr_t set_values(hid_t dcpl, hid_t type, hid_t space)
{
    unsigned flags, values[3] = {filter_revision, library_revision, 0};
    hsize_t  dims[H5S_MAX_RANK], bytes = H5Tget_size(type);
    size_t   none = 0;
    int      rank = H5Pget_chunk(dcpl, H5S_MAX_RANK, dims);

    (void)space;
    if (rank < 0 || H5Pget_filter_by_id2(dcpl, filter_lzf, &flags, &none, NULL, 0, NULL, NULL) < 0)
        return -1;
    for (int i = 0; i < rank; i++)
        bytes *= dims[i];
    values[2] = (unsigned)bytes;
    return H5Pmodify_filter(dcpl, filter_lzf, flags, 3, values);
}

static const H5Z_class2_t lzf = {H5Z_CLASS_T_VERS, filter_lzf, 1, 1, "lzf", NULL, set_values, run};

/* gf_has_filter reports whether the library has a filter, its own or the site's plug-in. LZF comes with
 * us where it has none. */
int gf_has_filter(int64_t id)
{
    if (H5Zfilter_avail((H5Z_filter_t)id) > 0)
        return 1;
    return id == filter_lzf && H5Zregister(&lzf) >= 0;
}

/* gf_filter writes whether a filter can be undone:u8, and done:u8. */
int gf_filter(int64_t id)
{
    unsigned can = 0;

    gf_enter();
    if (!gf_has_filter(id) || H5Zget_filter_info((H5Z_filter_t)id, &can) < 0)
        can = 0;
    gf_u8((can & H5Z_FILTER_CONFIG_DECODE_ENABLED) != 0);
    gf_u8((can & H5Z_FILTER_CONFIG_ENCODE_ENABLED) != 0);
    return gf_end(0);
}
