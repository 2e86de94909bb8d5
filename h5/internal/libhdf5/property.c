/* Property lists: settings by name, as the library's H5Pset functions are called, applied in one go.
 *
 * A code holds settings one behind the other: the name, the number of values, and the values, each a
 * letter and what it says: 'i' an int64, 'f' a double, 's' a text that ends with NUL. */
#include "shim.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* most_values is what a virtual mapping takes: two texts and two dataspaces with their selections. */
enum { most_values = 2 + 2 * (1 + 5 * H5S_MAX_RANK) };

/* setting is one property with its values; those of other kinds are 0 and "". */
struct setting {
    const char *name;
    int         n;
    int64_t     ints[most_values];
    double      reals[most_values];
    const char *texts[most_values];
};

static size_t  size_of(const struct setting *s, int i) { return (size_t)s->ints[i]; }
static hsize_t length_of(const struct setting *s, int i) { return (hsize_t)s->ints[i]; }

static void lengths(const struct setting *s, int from, int n, hsize_t *out)
{
    for (int i = 0; i < n; i++)
        out[i] = length_of(s, from + i);
}

/* File access. */
static H5F_libver_t libver(int64_t v) { return v < 0 ? H5F_LIBVER_LATEST : (H5F_libver_t)v; }

/* set_libver_bounds takes -1 for the newest. */
static herr_t set_libver_bounds(hid_t l, const struct setting *s)
{
    if (s->ints[0] > H5F_LIBVER_LATEST || s->ints[1] > H5F_LIBVER_LATEST)
        return gf_refuse("this HDF5 library is older than the file format that is asked for");
    return H5Pset_libver_bounds(l, libver(s->ints[0]), libver(s->ints[1]));
}

static herr_t set_fapl_sec2(hid_t l, const struct setting *s)
{
    (void)s;
    return H5Pset_fapl_sec2(l);
}

static herr_t set_fapl_stdio(hid_t l, const struct setting *s)
{
    (void)s;
    return H5Pset_fapl_stdio(l);
}

static herr_t set_fapl_core(hid_t l, const struct setting *s)
{
    return H5Pset_fapl_core(l, size_of(s, 0), (hbool_t)s->ints[1]);
}

static herr_t set_fapl_family(hid_t l, const struct setting *s)
{
    return H5Pset_fapl_family(l, length_of(s, 0), H5P_DEFAULT);
}

static herr_t set_fapl_split(hid_t l, const struct setting *s)
{
    return H5Pset_fapl_split(l, s->texts[0], H5P_DEFAULT, s->texts[1], H5P_DEFAULT);
}

static herr_t set_fapl_reader(hid_t l, const struct setting *s) { return gf_set_reader(l, s->ints[0], s->ints[1]); }

static herr_t set_fapl_holes(hid_t l, const struct setting *s)
{
    (void)s;
    return gf_set_holes(l);
}

/* set_fapl_mpio takes the communicator, and hints as lines "key=value". */
static herr_t set_fapl_mpio(hid_t l, const struct setting *s) { return gf_set_mpio(l, s->ints[0], s->texts[1]); }

static herr_t set_fapl_direct(hid_t l, const struct setting *s)
{
#ifdef H5_HAVE_DIRECT
    return H5Pset_fapl_direct(l, size_of(s, 0), size_of(s, 1), size_of(s, 2));
#else
    (void)l;
    (void)s;
    return gf_refuse("this HDF5 library is built without the direct driver");
#endif
}

static herr_t set_cache(hid_t l, const struct setting *s)
{
    return H5Pset_cache(l, 0, size_of(s, 0), size_of(s, 1), s->reals[2]);
}

/* set_mdc_evictions takes whether what describes the data may leave the cache before it is flushed. */
static herr_t set_mdc_evictions(hid_t l, const struct setting *s)
{
    H5AC_cache_config_t config = {.version = H5AC__CURR_CACHE_CONFIG_VERSION};

    if (H5Pget_mdc_config(l, &config) < 0)
        return -1;
    config.evictions_enabled = (hbool_t)s->ints[0];
    if (!s->ints[0]) { /* a cache that keeps everything has no size to look after */
        config.incr_mode       = H5C_incr__off;
        config.flash_incr_mode = H5C_flash_incr__off;
        config.decr_mode       = H5C_decr__off;
    }
    return H5Pset_mdc_config(l, &config);
}

static herr_t set_alignment(hid_t l, const struct setting *s)
{
    return H5Pset_alignment(l, length_of(s, 0), length_of(s, 1));
}

static herr_t set_meta_block_size(hid_t l, const struct setting *s) { return H5Pset_meta_block_size(l, length_of(s, 0)); }
static herr_t set_sieve_buf_size(hid_t l, const struct setting *s) { return H5Pset_sieve_buf_size(l, size_of(s, 0)); }

static herr_t set_small_data_block_size(hid_t l, const struct setting *s)
{
    return H5Pset_small_data_block_size(l, length_of(s, 0));
}

static herr_t set_page_buffer_size(hid_t l, const struct setting *s)
{
    return H5Pset_page_buffer_size(l, size_of(s, 0), (unsigned)s->ints[1], (unsigned)s->ints[2]);
}

static herr_t set_fclose_degree(hid_t l, const struct setting *s)
{
    return H5Pset_fclose_degree(l, (H5F_close_degree_t)s->ints[0]);
}

static herr_t set_elink_file_cache_size(hid_t l, const struct setting *s)
{
    return H5Pset_elink_file_cache_size(l, (unsigned)s->ints[0]);
}

static herr_t set_evict_on_close(hid_t l, const struct setting *s) { return H5Pset_evict_on_close(l, (hbool_t)s->ints[0]); }

static herr_t set_metadata_read_attempts(hid_t l, const struct setting *s)
{
    return H5Pset_metadata_read_attempts(l, (unsigned)s->ints[0]);
}

#if H5_VERSION_GE(1, 12, 1) || (H5_VERS_MINOR == 10 && H5_VERS_RELEASE >= 7)
static herr_t set_file_locking(hid_t l, const struct setting *s)
{
    return H5Pset_file_locking(l, (hbool_t)s->ints[0], (hbool_t)s->ints[1]);
}
#else
static herr_t set_file_locking(hid_t l, const struct setting *s)
{
    (void)l;
    (void)s;
    return gf_refuse("this HDF5 library takes file locking from HDF5_USE_FILE_LOCKING only");
}
#endif

/* File creation. */
static herr_t set_userblock(hid_t l, const struct setting *s) { return H5Pset_userblock(l, length_of(s, 0)); }
static herr_t set_sizes(hid_t l, const struct setting *s) { return H5Pset_sizes(l, size_of(s, 0), size_of(s, 1)); }
static herr_t set_istore_k(hid_t l, const struct setting *s) { return H5Pset_istore_k(l, (unsigned)s->ints[0]); }

static herr_t set_sym_k(hid_t l, const struct setting *s)
{
    return H5Pset_sym_k(l, (unsigned)s->ints[0], (unsigned)s->ints[1]);
}

static herr_t set_file_space_strategy(hid_t l, const struct setting *s)
{
    return H5Pset_file_space_strategy(l, (H5F_fspace_strategy_t)s->ints[0], (hbool_t)s->ints[1], length_of(s, 2));
}

static herr_t set_file_space_page_size(hid_t l, const struct setting *s)
{
    return H5Pset_file_space_page_size(l, length_of(s, 0));
}

/* Groups and objects. */
static herr_t set_link_creation_order(hid_t l, const struct setting *s)
{
    return H5Pset_link_creation_order(l, (unsigned)s->ints[0]);
}

static herr_t set_link_phase_change(hid_t l, const struct setting *s)
{
    return H5Pset_link_phase_change(l, (unsigned)s->ints[0], (unsigned)s->ints[1]);
}

static herr_t set_est_link_info(hid_t l, const struct setting *s)
{
    return H5Pset_est_link_info(l, (unsigned)s->ints[0], (unsigned)s->ints[1]);
}

static herr_t set_attr_creation_order(hid_t l, const struct setting *s)
{
    return H5Pset_attr_creation_order(l, (unsigned)s->ints[0]);
}

static herr_t set_attr_phase_change(hid_t l, const struct setting *s)
{
    return H5Pset_attr_phase_change(l, (unsigned)s->ints[0], (unsigned)s->ints[1]);
}

static herr_t set_obj_track_times(hid_t l, const struct setting *s) { return H5Pset_obj_track_times(l, (hbool_t)s->ints[0]); }

/* Dataset creation. */
static herr_t set_layout(hid_t l, const struct setting *s) { return H5Pset_layout(l, (H5D_layout_t)s->ints[0]); }

static herr_t set_chunk(hid_t l, const struct setting *s)
{
    hsize_t dims[most_values];

    lengths(s, 0, s->n, dims);
    return H5Pset_chunk(l, s->n, dims);
}

static herr_t set_deflate(hid_t l, const struct setting *s) { return H5Pset_deflate(l, (unsigned)s->ints[0]); }

static herr_t set_shuffle(hid_t l, const struct setting *s)
{
    (void)s;
    return H5Pset_shuffle(l);
}

static herr_t set_fletcher32(hid_t l, const struct setting *s)
{
    (void)s;
    return H5Pset_fletcher32(l);
}

static herr_t set_szip(hid_t l, const struct setting *s)
{
    return H5Pset_szip(l, (unsigned)s->ints[0], (unsigned)s->ints[1]);
}

static herr_t set_nbit(hid_t l, const struct setting *s)
{
    (void)s;
    return H5Pset_nbit(l);
}

static herr_t set_scaleoffset(hid_t l, const struct setting *s)
{
    return H5Pset_scaleoffset(l, (H5Z_SO_scale_type_t)s->ints[0], (int)s->ints[1]);
}

/* set_filter takes number, whether a chunk may do without, and the filter's own values. */
static herr_t set_filter(hid_t l, const struct setting *s)
{
    unsigned values[most_values];

    for (int i = 2; i < s->n; i++)
        values[i - 2] = (unsigned)s->ints[i];
    return H5Pset_filter(l, (H5Z_filter_t)s->ints[0], s->ints[1] ? H5Z_FLAG_OPTIONAL : H5Z_FLAG_MANDATORY,
                         (size_t)(s->n - 2), values);
}

static herr_t set_alloc_time(hid_t l, const struct setting *s) { return H5Pset_alloc_time(l, (H5D_alloc_time_t)s->ints[0]); }
static herr_t set_fill_time(hid_t l, const struct setting *s) { return H5Pset_fill_time(l, (H5D_fill_time_t)s->ints[0]); }
static herr_t set_chunk_opts(hid_t l, const struct setting *s) { return H5Pset_chunk_opts(l, (unsigned)s->ints[0]); }

static herr_t set_external(hid_t l, const struct setting *s)
{
    return H5Pset_external(l, s->texts[0], (off_t)s->ints[1], s->ints[2] < 0 ? H5F_UNLIMITED : length_of(s, 2));
}

/* space_of makes a dataspace with a hyperslab of values from at: rank, then extent, start, stride,
 * count and block; an extent or a count of -1 is unlimited. */
static hid_t space_of(const struct setting *s, int at, int *next)
{
    hsize_t dims[H5S_MAX_RANK], max[H5S_MAX_RANK], part[4][H5S_MAX_RANK];
    int     rank = (int)s->ints[at++];
    hid_t   space;

    if (rank < 0 || rank > H5S_MAX_RANK || at + 5 * rank > s->n) {
        gf_refuse("the numbers of a virtual mapping are not a rank and five times as many lengths");
        return -1;
    }
    for (int i = 0; i < rank; i++) {
        max[i]  = s->ints[at + i] < 0 ? H5S_UNLIMITED : length_of(s, at + i);
        dims[i] = s->ints[at + i] < 0 ? 1 : length_of(s, at + i);
    }
    at += rank;
    for (int p = 0; p < 4; p++, at += rank)
        for (int i = 0; i < rank; i++)
            part[p][i] = s->ints[at + i] < 0 ? H5S_UNLIMITED : length_of(s, at + i);
    *next = at;
    if ((space = rank ? H5Screate_simple(rank, dims, max) : H5Screate(H5S_SCALAR)) < 0)
        return -1;
    if (rank && H5Sselect_hyperslab(space, H5S_SELECT_SET, part[0], part[1], part[2], part[3]) < 0) {
        gf_fail();
        H5Sclose(space);
        return -1;
    }
    return space;
}

/* set_virtual takes a file, a path in it, the place in the virtual dataset, and that in the source. */
static herr_t set_virtual(hid_t l, const struct setting *s)
{
    int    at = 2;
    hid_t  into = space_of(s, at, &at), from = into < 0 ? -1 : space_of(s, at, &at);
    herr_t rc = from < 0 ? -1 : H5Pset_virtual(l, into, s->texts[0], s->texts[1], from);

    if (rc < 0)
        gf_fail();
    if (from >= 0)
        H5Sclose(from);
    if (into >= 0)
        H5Sclose(into);
    return rc;
}

/* Dataset access. */
static herr_t set_chunk_cache(hid_t l, const struct setting *s)
{
    return H5Pset_chunk_cache(l, size_of(s, 0), size_of(s, 1), s->reals[2]);
}

static herr_t set_efile_prefix(hid_t l, const struct setting *s) { return H5Pset_efile_prefix(l, s->texts[0]); }
static herr_t set_virtual_prefix(hid_t l, const struct setting *s) { return H5Pset_virtual_prefix(l, s->texts[0]); }
static herr_t set_virtual_view(hid_t l, const struct setting *s) { return H5Pset_virtual_view(l, (H5D_vds_view_t)s->ints[0]); }

static herr_t set_virtual_printf_gap(hid_t l, const struct setting *s)
{
    return H5Pset_virtual_printf_gap(l, length_of(s, 0));
}

/* Transfer and copying. */
static herr_t set_buffer(hid_t l, const struct setting *s) { return H5Pset_buffer(l, size_of(s, 0), NULL, NULL); }
static herr_t set_edc_check(hid_t l, const struct setting *s) { return H5Pset_edc_check(l, (H5Z_EDC_t)s->ints[0]); }
static herr_t set_data_transform(hid_t l, const struct setting *s) { return H5Pset_data_transform(l, s->texts[0]); }
static herr_t set_hyper_vector_size(hid_t l, const struct setting *s) { return H5Pset_hyper_vector_size(l, size_of(s, 0)); }
static herr_t set_copy_object(hid_t l, const struct setting *s) { return H5Pset_copy_object(l, (unsigned)s->ints[0]); }

/* kinds says what values a setter takes: a letter for each, and + for more numbers. */
static const struct setter {
    const char *name, *kinds;
    herr_t (*set)(hid_t list, const struct setting *s);
} setters[] = {
    {"alignment", "ii", set_alignment},
    {"alloc_time", "i", set_alloc_time},
    {"attr_creation_order", "i", set_attr_creation_order},
    {"attr_phase_change", "ii", set_attr_phase_change},
    {"buffer", "i", set_buffer},
    {"cache", "iif", set_cache},
    {"chunk", "i+", set_chunk},
    {"chunk_cache", "iif", set_chunk_cache},
    {"chunk_opts", "i", set_chunk_opts},
    {"copy_object", "i", set_copy_object},
    {"data_transform", "s", set_data_transform},
    {"deflate", "i", set_deflate},
    {"edc_check", "i", set_edc_check},
    {"efile_prefix", "s", set_efile_prefix},
    {"elink_file_cache_size", "i", set_elink_file_cache_size},
    {"est_link_info", "ii", set_est_link_info},
    {"evict_on_close", "i", set_evict_on_close},
    {"external", "sii", set_external},
    {"fapl_core", "ii", set_fapl_core},
    {"fapl_direct", "iii", set_fapl_direct},
    {"fapl_family", "i", set_fapl_family},
    {"fapl_holes", "", set_fapl_holes},
    {"fapl_mpio", "is", set_fapl_mpio},
    {"fapl_reader", "ii", set_fapl_reader},
    {"fapl_sec2", "", set_fapl_sec2},
    {"fapl_split", "ss", set_fapl_split},
    {"fapl_stdio", "", set_fapl_stdio},
    {"fclose_degree", "i", set_fclose_degree},
    {"file_locking", "ii", set_file_locking},
    {"file_space_page_size", "i", set_file_space_page_size},
    {"file_space_strategy", "iii", set_file_space_strategy},
    {"fill_time", "i", set_fill_time},
    {"filter", "iii+", set_filter},
    {"fletcher32", "", set_fletcher32},
    {"hyper_vector_size", "i", set_hyper_vector_size},
    {"istore_k", "i", set_istore_k},
    {"layout", "i", set_layout},
    {"libver_bounds", "ii", set_libver_bounds},
    {"link_creation_order", "i", set_link_creation_order},
    {"link_phase_change", "ii", set_link_phase_change},
    {"mdc_evictions", "i", set_mdc_evictions},
    {"meta_block_size", "i", set_meta_block_size},
    {"metadata_read_attempts", "i", set_metadata_read_attempts},
    {"nbit", "", set_nbit},
    {"obj_track_times", "i", set_obj_track_times},
    {"page_buffer_size", "iii", set_page_buffer_size},
    {"scaleoffset", "ii", set_scaleoffset},
    {"shuffle", "", set_shuffle},
    {"sieve_buf_size", "i", set_sieve_buf_size},
    {"sizes", "ii", set_sizes},
    {"small_data_block_size", "i", set_small_data_block_size},
    {"sym_k", "ii", set_sym_k},
    {"szip", "ii", set_szip},
    {"userblock", "i", set_userblock},
    {"virtual", "ssi+", set_virtual},
    {"virtual_prefix", "s", set_virtual_prefix},
    {"virtual_printf_gap", "i", set_virtual_printf_gap},
    {"virtual_view", "i", set_virtual_view},
};

enum { nsetters = sizeof setters / sizeof *setters };

/* gf_property_name gives the i-th setter's name and kinds, and NULL behind the last. */
const char *gf_property_name(int i, const char **kinds)
{
    if (i >= nsetters)
        return NULL;
    *kinds = setters[i].kinds;
    return setters[i].name;
}

/* set_registered sets a property that has no function of its own, such as clear_status_flags: a small
 * number. What is as large as an address may be one, and a number in its place the end of the process. */
static int set_registered(hid_t list, const struct setting *s)
{
    size_t  size = 0;
    int64_t value = s->ints[0];

    if (s->n != 1 || H5Pexist(list, s->name) <= 0 || H5Pget_size(list, s->name, &size) < 0)
        return gf_refuse("this kind of property list has no such property");
    if (size >= sizeof(void *))
        return gf_refuse("this property is no small number, and has no function that sets it");
    return H5Pset(list, s->name, &value) < 0 ? gf_fail() : 0; /* little-endian: the low bytes come first */
}

static int apply(hid_t list, const struct setting *s)
{
    for (int i = 0; i < nsetters; i++)
        if (strcmp(s->name, setters[i].name) == 0)
            return setters[i].set(list, s) < 0 ? gf_fail() : 0;
    return set_registered(list, s);
}

/* next_setting takes a setting off the code; Go has seen to it that the values fit the setter. */
static const uint8_t *next_setting(const uint8_t *p, struct setting *s)
{
    int64_t n;

    memset(s, 0, sizeof *s);
    s->name = (const char *)p;
    p += strlen(s->name) + 1;
    memcpy(&n, p, sizeof n);
    p += sizeof n;
    s->n = (int)n;
    for (int i = 0; i < s->n; i++) {
        s->texts[i] = "";
        switch (*p++) {
        case 'i':
            memcpy(&s->ints[i], p, 8);
            p += 8;
            break;
        case 'f':
            memcpy(&s->reals[i], p, 8);
            p += 8;
            break;
        default:
            s->texts[i] = (const char *)p;
            p += strlen(s->texts[i]) + 1;
        }
    }
    return p;
}

/* gf_apply sets what the code says on a property list. */
int gf_apply(hid_t list, const uint8_t *code, size_t len)
{
    const uint8_t *end = code + len;
    struct setting s;

    while (code < end) {
        code = next_setting(code, &s);
        if (apply(list, &s) < 0)
            return -1;
    }
    return 0;
}

/* gf_list_of makes a property list of a class with what the code says; -1 when it cannot. */
hid_t gf_list_of(hid_t class, const uint8_t *code, size_t len)
{
    hid_t list = H5Pcreate(class);

    if (list >= 0 && gf_apply(list, code, len) < 0) {
        H5Pclose(list);
        return -1;
    }
    if (list < 0)
        gf_fail();
    return list;
}
