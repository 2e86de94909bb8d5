/* The output buffer, and the memory that is kept until Go has read it. Only touched under the lock. */
#include "shim.h"

#include <malloc.h>
#include <stdlib.h>
#include <string.h>

/* glibc gives every thread memory of its own, which grows page by page, and Go may make each call on
 * another thread. The lock lets one of them call at a time, so that one place does: a listing took a
 * fifteenth longer without this. */
__attribute__((constructor)) static void one_arena(void)
{
#ifdef M_ARENA_MAX
    mallopt(M_ARENA_MAX, 1);
#endif
}

/* A damaged file may name gigabytes of attributes; nobody wants them through here. */
static const size_t buffer_limit = (size_t)1 << 30;
static const size_t buffer_keep  = (size_t)4 << 20;

static uint8_t *data;
static size_t   len, cap;
static int      full;

void gf_reset(void)
{
    if (cap > buffer_keep) {
        free(data);
        data = NULL;
        cap  = 0;
    }
    len  = 0;
    full = 0;
}

static int grow(size_t want)
{
    size_t   size = cap ? cap : 4096;
    uint8_t *grown;

    while (size < want)
        size *= 2;
    if (!(grown = realloc(data, size)))
        return -1;
    data = grown;
    cap  = size;
    return 0;
}

void gf_bytes(const void *p, size_t n)
{
    if (full || n > buffer_limit - len || (len + n > cap && grow(len + n) < 0)) {
        full = 1;
        return;
    }
    if (n)
        memcpy(data + len, p, n);
    len += n;
}

void gf_u8(int v)
{
    uint8_t b = (uint8_t)v;
    gf_bytes(&b, 1);
}

void gf_i64(int64_t v) { gf_bytes(&v, sizeof v); }

void gf_str(const char *s)
{
    size_t n = s ? strlen(s) : 0;
    gf_i64((int64_t)n);
    gf_bytes(s, n);
}

size_t gf_mark(void) { return len; }

void gf_rewind(size_t mark)
{
    len  = mark;
    full = 0;
}

void gf_patch_i64(size_t at, int64_t v)
{
    if (at + sizeof v <= len)
        memcpy(data + at, &v, sizeof v);
}

int         gf_full(void) { return full; }
const void *gf_data(void) { return data; }
size_t      gf_len(void) { return len; }

/* Memory filled by the library with variable-length data stays until Go has copied it. */
static struct held {
    void   *mem;
    hid_t   type, space; /* of what HDF5 has to walk; 0 for plain strings */
    hsize_t nstrings;
} *held;
static size_t nheld, capheld;

static int keep(struct held h)
{
    if (nheld == capheld) {
        size_t       want  = capheld ? 2 * capheld : 16;
        struct held *grown = realloc(held, want * sizeof *held);
        if (!grown)
            return gf_refuse("out of memory");
        held    = grown;
        capheld = want;
    }
    held[nheld++] = h;
    return 0;
}

/* give_back frees what h holds; it may be on another thread than the call that filled it. */
static void give_back(const struct held *h)
{
    char **strings = h->mem;

    if (h->type > 0) {
        H5Dvlen_reclaim(h->type, h->space, H5P_DEFAULT, h->mem);
        H5Idec_ref(h->type);
        H5Idec_ref(h->space);
    }
    for (hsize_t i = 0; i < h->nstrings; i++)
        H5free_memory(strings[i]);
    free(h->mem);
}

/* gf_hold takes over mem, filled with n elements of type, all that is selected in space, whether it
 * succeeds or not; of both ids it has a reference of its own. */
int gf_hold(void *mem, hid_t type, hid_t space, hsize_t n)
{
    struct held h = {mem, type, space, 0};

    if (H5Tis_variable_str(type) > 0) { /* by far the most common, and no work for HDF5 */
        h.nstrings = n;
        h.type = h.space = 0;
    } else {
        H5Iinc_ref(type);
        H5Iinc_ref(space);
    }
    if (keep(h) < 0) {
        give_back(&h);
        return -1;
    }
    return 0;
}

void gf_release(void)
{
    if (nheld > 0)
        gf_quiet(); /* Go may have changed threads since the call that held */
    while (nheld > 0)
        give_back(&held[--nheld]);
}
