/* The output buffer, and the memory that is kept until Go has read it. Only touched under the lock. */
#include "shim.h"

#include <stdlib.h>
#include <string.h>

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
    void *mem;
    hid_t type, space;
} *held;
static size_t nheld, capheld;

/* gf_hold takes over mem, and a reference of its own on both ids. */
int gf_hold(void *mem, hid_t type, hid_t space)
{
    if (nheld == capheld) {
        size_t       want  = capheld ? 2 * capheld : 16;
        struct held *grown = realloc(held, want * sizeof *held);
        if (!grown)
            return gf_refuse("out of memory");
        held    = grown;
        capheld = want;
    }
    H5Iinc_ref(type);
    H5Iinc_ref(space);
    held[nheld].mem     = mem;
    held[nheld].type    = type;
    held[nheld++].space = space;
    return 0;
}

void gf_release(void)
{
    if (nheld > 0)
        gf_quiet(); /* Go may have changed threads since the call that held */
    while (nheld > 0) {
        struct held *h = &held[--nheld];
        H5Dvlen_reclaim(h->type, h->space, H5P_DEFAULT, h->mem);
        H5Idec_ref(h->type);
        H5Idec_ref(h->space);
        free(h->mem);
    }
}
