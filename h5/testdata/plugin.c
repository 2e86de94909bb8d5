/* A filter as a plug-in, which turns all bits of each byte. NUMBER says for which filter it stands in. It
 * declares what it needs of HDF5 by itself, so that it builds without the headers. */
#include <stddef.h>

typedef struct {
    int         version, id;
    unsigned    encodes, decodes;
    const char *name;
    void       *can_apply, *set_local;
    size_t (*filter)(unsigned flags, size_t nvalues, const unsigned *values, size_t n, size_t *size, void **buf);
} filter_class;

static size_t turn(unsigned flags, size_t nvalues, const unsigned *values, size_t n, size_t *size, void **buf)
{
    unsigned char *p = *buf;

    (void)flags, (void)nvalues, (void)values, (void)size;
    for (size_t i = 0; i < n; i++)
        p[i] = (unsigned char)~p[i];
    return n;
}

static const filter_class filter = {1, NUMBER, 1, 1, "site", NULL, NULL, turn};

int         H5PLget_plugin_type(void) { return 0; }
const void *H5PLget_plugin_info(void) { return &filter; }
