/* Datatypes as code: a tree written in pre-order, the same towards Go and from it.
 *
 *   node       class:u8 size memory_size  then by class
 *   integer    order:u8 signed:u8 precision offset
 *   bitfield   the same
 *   float      order:u8 precision offset sign_at exponent_at exponent_bits mantissa_at mantissa_bits bias
 *              normalisation:u8
 *   time       order:u8 precision
 *   string     variable:u8 padding:u8 charset:u8
 *   opaque     tag
 *   compound   n, then n times: name offset memory_offset node
 *   reference  region:u8
 *   enum       node of the base, n, then n times: name value
 *   vlen       node
 *   array      n, n extents, node
 *
 * memory_size and memory_offset are 0 when no memory type was asked for. The memory type is the
 * native form of what the file holds, members packed one after the other.
 */
#include "shim.h"

#include <stdlib.h>
#include <string.h>

enum { max_depth = 32, max_enum = 32 };

/* A damaged file can name an element of any size: the extents of an array type are 32 bits each. What
 * is below this can be added up for all members of a compound without overflow. */
static const size_t max_element = (size_t)1 << 40;

static hid_t put_node(hid_t t, int want, const char *names, int nnames, int depth);

/* A memory type that is a type at hand already is not copied: it gets one more reference, and goes
 * by H5Idec_ref, which does for all types (H5Tclose refuses the library's own). */
static hid_t borrow(hid_t t) { return H5Iinc_ref(t) < 0 ? -1 : t; }

static hid_t native_integer(hid_t t, size_t size, int is_signed)
{
    if (size == 1)
        return borrow(is_signed ? H5T_NATIVE_INT8 : H5T_NATIVE_UINT8);
    if (size == 2)
        return borrow(is_signed ? H5T_NATIVE_INT16 : H5T_NATIVE_UINT16);
    if (size <= 4)
        return borrow(is_signed ? H5T_NATIVE_INT32 : H5T_NATIVE_UINT32);
    if (size <= 8)
        return borrow(is_signed ? H5T_NATIVE_INT64 : H5T_NATIVE_UINT64);
    return borrow(t);
}

static hid_t native_bitfield(hid_t t, size_t size)
{
    if (size == 1)
        return borrow(H5T_NATIVE_B8);
    if (size == 2)
        return borrow(H5T_NATIVE_B16);
    if (size <= 4)
        return borrow(H5T_NATIVE_B32);
    if (size <= 8)
        return borrow(H5T_NATIVE_B64);
    return borrow(t);
}

static void put_integer(hid_t t, int is_signed)
{
    gf_u8(H5Tget_order(t));
    gf_u8(is_signed);
    gf_i64((int64_t)H5Tget_precision(t));
    gf_i64(H5Tget_offset(t));
}

/* put_plain_float writes the two types that nearly all floating-point numbers have, for which one
 * question does instead of six. */
static int put_plain_float(hid_t t, size_t size)
{
    static const int64_t single[] = {32, 0, 31, 23, 8, 0, 23, 127}, twice[] = {64, 0, 63, 52, 11, 0, 52, 1023};
    const int64_t       *code = size == 4 ? single : twice;

    if ((size != 4 && size != 8) || H5Tequal(t, size == 4 ? H5T_IEEE_F32LE : H5T_IEEE_F64LE) <= 0)
        return 0;
    gf_u8(H5T_ORDER_LE);
    gf_bytes(code, sizeof single);
    gf_u8(H5T_NORM_IMPLIED);
    return 1;
}

static void put_float(hid_t t, size_t size)
{
    size_t spos = 0, epos = 0, esize = 0, mpos = 0, msize = 0;

    if (put_plain_float(t, size))
        return;
    H5Tget_fields(t, &spos, &epos, &esize, &mpos, &msize);
    gf_u8(H5Tget_order(t));
    gf_i64((int64_t)H5Tget_precision(t));
    gf_i64(H5Tget_offset(t));
    gf_i64((int64_t)spos);
    gf_i64((int64_t)epos);
    gf_i64((int64_t)esize);
    gf_i64((int64_t)mpos);
    gf_i64((int64_t)msize);
    gf_i64((int64_t)H5Tget_ebias(t));
    gf_u8(H5Tget_norm(t));
}

static int wanted(const char *name, const char *names, int nnames)
{
    for (int i = 0; i < nnames; i++, names += strlen(names) + 1)
        if (!strcmp(name, names))
            return 1;
    return nnames == 0;
}

/* put_compound writes the wanted members; the memory type holds just those, packed. */
static hid_t put_compound(hid_t t, int want, const char *names, int nnames, int depth)
{
    int     n       = H5Tget_nmembers(t);
    size_t  at      = gf_mark(), memory = 0;
    hid_t   mem     = 0;
    int64_t count   = 0;

    gf_i64(0);
    if (n < 0)
        return -1;
    if (want && (mem = H5Tcreate(H5T_COMPOUND, 1)) < 0)
        return -1;
    for (int i = 0; i < n; i++) {
        char  *name = H5Tget_member_name(t, (unsigned)i);
        hid_t  type = H5Tget_member_type(t, (unsigned)i);
        hid_t  member = 0;
        size_t offset_at;
        int    failed = name == NULL || type < 0;

        if (!failed && wanted(name, names, nnames)) {
            gf_str(name);
            gf_i64((int64_t)H5Tget_member_offset(t, (unsigned)i));
            offset_at = gf_mark();
            gf_i64((int64_t)memory);
            member = put_node(type, want, NULL, 0, depth + 1);
            failed     = member < 0;
            if (!failed && want) {
                size_t size = H5Tget_size(member);
                failed      = H5Tset_size(mem, memory + size) < 0 || H5Tinsert(mem, name, memory, member) < 0;
                gf_patch_i64(offset_at, (int64_t)memory);
                memory += size;
            }
            count++;
        }
        if (failed)
            gf_fail(); /* before the calls below clear the stack */
        if (member > 0)
            H5Idec_ref(member);
        if (type >= 0)
            H5Tclose(type);
        H5free_memory(name);
        if (failed) {
            if (mem > 0)
                H5Idec_ref(mem);
            return -1;
        }
    }
    gf_patch_i64(at, count);
    return mem;
}

/* put_enum writes each value as a 64-bit integer. A value is kept in the base type's own order. */
static hid_t put_enum(hid_t t, int want, int depth)
{
    hid_t base = H5Tget_super(t), mem;
    int   n    = H5Tget_nmembers(t);
    hid_t wide;
    char *value = base < 0 ? NULL : malloc(H5Tget_size(base) + 8);

    if (base < 0 || n < 0 || !value) {
        gf_fail();
        if (base >= 0)
            H5Tclose(base);
        free(value);
        return -1;
    }
    wide = H5Tget_sign(base) == H5T_SGN_2 ? H5T_NATIVE_INT64 : H5T_NATIVE_UINT64;
    mem  = put_node(base, want, NULL, 0, depth + 1);
    gf_i64(n);
    for (int i = 0; i < n && mem >= 0; i++) {
        char   *name   = H5Tget_member_name(t, (unsigned)i);
        int64_t number = 0;

        if (H5Tget_member_value(t, (unsigned)i, value) < 0 || H5Tconvert(base, wide, 1, value, NULL, H5P_DEFAULT) < 0) {
            gf_fail();
            if (mem > 0)
                H5Idec_ref(mem);
            mem = -1;
        } else {
            memcpy(&number, value, sizeof number);
            gf_str(name);
            gf_i64(number);
        }
        H5free_memory(name);
    }
    free(value);
    H5Tclose(base);
    return mem;
}

/* make_array is H5Tarray_create2 for lengths that may be anything: libhdf5 lets their product wrap. */
static hid_t make_array(hid_t base, int n, const hsize_t *dims)
{
    size_t size = H5Tget_size(base);

    for (int i = 0; i < n; i++)
        if (__builtin_mul_overflow(size, dims[i], &size) || size > max_element)
            return gf_refuse("an element takes more than 1 TB");
    return H5Tarray_create2(base, (unsigned)n, dims);
}

static hid_t put_array(hid_t t, int want, int depth)
{
    hsize_t dims[H5S_MAX_RANK];
    hid_t   base, inner, mem = 0;
    int     n = H5Tget_array_ndims(t);

    if (n < 0 || n > H5S_MAX_RANK || H5Tget_array_dims2(t, dims) < 0 || (base = H5Tget_super(t)) < 0)
        return -1;
    gf_i64(n);
    for (int i = 0; i < n; i++)
        gf_i64((int64_t)dims[i]);
    inner = put_node(base, want, NULL, 0, depth + 1);
    if (inner > 0) {
        if ((mem = make_array(inner, n, dims)) < 0)
            gf_fail();
        H5Idec_ref(inner);
    }
    H5Tclose(base);
    return inner < 0 ? inner : mem;
}

static hid_t put_vlen(hid_t t, int want, int depth)
{
    hid_t base = H5Tget_super(t), inner, mem = 0;

    if (base < 0)
        return -1;
    inner = put_node(base, want, NULL, 0, depth + 1);
    if (inner > 0) {
        if ((mem = H5Tvlen_create(inner)) < 0)
            gf_fail();
        H5Idec_ref(inner);
    }
    H5Tclose(base);
    return inner < 0 ? inner : mem;
}

static void put_opaque(hid_t t)
{
    char *tag = H5Tget_tag(t);
    gf_str(tag);
    H5free_memory(tag);
}

/* put_leaf writes the class-specific part of a type without parts. */
static hid_t put_leaf(hid_t t, H5T_class_t class, size_t size, int want)
{
    switch (class) {
    case H5T_INTEGER: {
        int is_signed = H5Tget_sign(t) == H5T_SGN_2;
        put_integer(t, is_signed);
        return want ? native_integer(t, size, is_signed) : 0;
    }
    case H5T_BITFIELD:
        put_integer(t, 0);
        return want ? native_bitfield(t, size) : 0;
    case H5T_FLOAT:
        put_float(t, size);
        return want ? borrow(size <= 4 ? H5T_NATIVE_FLOAT : H5T_NATIVE_DOUBLE) : 0;
    case H5T_TIME:
        gf_u8(H5Tget_order(t));
        gf_i64((int64_t)H5Tget_precision(t));
        break;
    case H5T_STRING:
        gf_u8(H5Tis_variable_str(t) > 0);
        gf_u8(H5Tget_strpad(t));
        gf_u8(H5Tget_cset(t));
        break;
    case H5T_OPAQUE:
        put_opaque(t);
        break;
    case H5T_REFERENCE:
        gf_u8(H5Tequal(t, H5T_STD_REF_DSETREG) > 0);
        break;
    default:
        return -1;
    }
    return want ? borrow(t) : 0;
}

/* put_node returns the memory type, 0 when none is wanted, -1 when it failed. */
static hid_t put_node(hid_t t, int want, const char *names, int nnames, int depth)
{
    H5T_class_t class = H5Tget_class(t);
    size_t      size = H5Tget_size(t), at;
    hid_t       mem;

    if (depth > max_depth)
        return gf_refuse("the datatype is nested more than 32 deep");
    if (class < 0 || size == 0)
        return -1;
    gf_u8(class);
    gf_i64((int64_t)size);
    at = gf_mark();
    gf_i64(0);
    switch (class) {
    case H5T_COMPOUND:
        mem = put_compound(t, want, names, nnames, depth);
        break;
    case H5T_ENUM:
        mem = put_enum(t, want, depth);
        break;
    case H5T_VLEN:
        mem = put_vlen(t, want, depth);
        break;
    case H5T_ARRAY:
        mem = put_array(t, want, depth);
        break;
    default:
        mem = put_leaf(t, class, size, want);
    }
    if (mem > 0) {
        size = H5Tget_size(mem);
        if (size == 0 || size > max_element) {
            H5Idec_ref(mem);
            return gf_refuse("an element takes more than 1 TB");
        }
        gf_patch_i64(at, (int64_t)size);
    }
    return mem;
}

/* gf_put_type writes the code of a type and returns its memory type when one is wanted, else 0. The
 * caller gives it up by H5Idec_ref.
 * Names, NUL-terminated one after the other, choose members of a compound. */
hid_t gf_put_type(hid_t type, int want_memory, const char *names, int nnames)
{
    hid_t mem = put_node(type, want_memory, names, nnames, 0);

    if (mem < 0)
        gf_fail();
    return mem;
}

/* The other way: code to type. */
typedef struct reader {
    const uint8_t *p, *end;
    int            bad;
} reader;

static void take(reader *r, void *dst, size_t n)
{
    if (r->bad || (size_t)(r->end - r->p) < n) {
        r->bad = 1;
        memset(dst, 0, n);
        return;
    }
    memcpy(dst, r->p, n);
    r->p += n;
}

static int take_u8(reader *r)
{
    uint8_t v;
    take(r, &v, 1);
    return v;
}

static int64_t take_i64(reader *r)
{
    int64_t v;
    take(r, &v, sizeof v);
    return v;
}

/* take_str returns memory the caller frees, NULL when there is none. */
static char *take_str(reader *r)
{
    int64_t n = take_i64(r);
    char   *s;

    if (r->bad || n < 0 || n > r->end - r->p || !(s = malloc((size_t)n + 1))) {
        r->bad = 1;
        return NULL;
    }
    take(r, s, (size_t)n);
    s[n] = 0;
    return s;
}

static hid_t get_node(reader *r, int depth);

static hid_t get_integer(reader *r, size_t size, int bitfield)
{
    int     order = take_u8(r), is_signed = take_u8(r);
    int64_t precision = take_i64(r), offset = take_i64(r);
    hid_t   t = H5Tcopy(bitfield ? H5T_STD_B64LE : is_signed ? H5T_STD_I64LE : H5T_STD_U64LE);

    if (t < 0)
        return t;
    if (size > 8)
        H5Tset_size(t, size);
    if (H5Tset_precision(t, (size_t)precision) < 0 || H5Tset_offset(t, (size_t)offset) < 0 ||
        H5Tset_size(t, size) < 0 || H5Tset_order(t, (H5T_order_t)order) < 0) {
        gf_fail();
        H5Tclose(t);
        return -1;
    }
    return t;
}

static hid_t get_float(reader *r, size_t size)
{
    int    order = take_u8(r), norm;
    size_t v[8];
    hid_t  t;

    for (int i = 0; i < 8; i++)
        v[i] = (size_t)take_i64(r);
    norm = take_u8(r);
    if ((t = H5Tcopy(H5T_IEEE_F64LE)) < 0)
        return t;
    if (size > 8 && (H5Tset_size(t, size) < 0 || H5Tset_precision(t, v[0]) < 0))
        goto fail;
    if (H5Tset_fields(t, v[2], v[3], v[4], v[5], v[6]) < 0 || H5Tset_offset(t, v[1]) < 0 ||
        H5Tset_precision(t, v[0]) < 0 || H5Tset_size(t, size) < 0 || H5Tset_ebias(t, v[7]) < 0 ||
        H5Tset_norm(t, (H5T_norm_t)norm) < 0 || H5Tset_order(t, (H5T_order_t)order) < 0)
        goto fail;
    return t;
fail:
    gf_fail();
    H5Tclose(t);
    return -1;
}

static hid_t get_time(reader *r, size_t size)
{
    int order = take_u8(r);

    take_i64(r);
    if (size == 8)
        return H5Tcopy(order == H5T_ORDER_BE ? H5T_UNIX_D64BE : H5T_UNIX_D64LE);
    return H5Tcopy(order == H5T_ORDER_BE ? H5T_UNIX_D32BE : H5T_UNIX_D32LE);
}

static hid_t get_string(reader *r, size_t size)
{
    int   variable = take_u8(r), pad = take_u8(r), cset = take_u8(r);
    hid_t t = H5Tcopy(H5T_C_S1);

    if (t < 0)
        return t;
    if (H5Tset_size(t, variable ? H5T_VARIABLE : size) < 0 || H5Tset_strpad(t, (H5T_str_t)pad) < 0 ||
        H5Tset_cset(t, (H5T_cset_t)cset) < 0) {
        gf_fail();
        H5Tclose(t);
        return -1;
    }
    return t;
}

static hid_t get_opaque(reader *r, size_t size)
{
    char *tag = take_str(r);
    hid_t t   = H5Tcreate(H5T_OPAQUE, size);

    if (t >= 0 && tag && H5Tset_tag(t, tag) < 0) {
        gf_fail();
        H5Tclose(t);
        t = -1;
    }
    free(tag);
    return t;
}

static hid_t get_compound(reader *r, size_t size, int depth)
{
    int64_t n = take_i64(r);
    hid_t   t = H5Tcreate(H5T_COMPOUND, size);

    for (int64_t i = 0; i < n && t >= 0 && !r->bad; i++) {
        char   *name   = take_str(r);
        int64_t offset = take_i64(r);
        hid_t   member;

        take_i64(r);
        member = get_node(r, depth + 1);
        if (!name || member < 0 || H5Tinsert(t, name, (size_t)offset, member) < 0) {
            gf_fail();
            H5Tclose(t);
            t = -1;
        }
        if (member >= 0)
            H5Tclose(member);
        free(name);
    }
    return t;
}

static hid_t get_enum(reader *r, int depth)
{
    hid_t   base = get_node(r, depth + 1), t, wide;
    int64_t n    = take_i64(r);

    if (base < 0)
        return base;
    if (H5Tget_size(base) > max_enum) {
        H5Tclose(base);
        return gf_refuse("an enum of more than 256 bits");
    }
    wide = H5Tget_sign(base) == H5T_SGN_2 ? H5T_NATIVE_INT64 : H5T_NATIVE_UINT64;
    t    = H5Tenum_create(base);
    for (int64_t i = 0; i < n && t >= 0 && !r->bad; i++) {
        char *name = take_str(r);
        char  value[max_enum];

        take(r, value, 8);
        if (!name || H5Tconvert(wide, base, 1, value, NULL, H5P_DEFAULT) < 0 || H5Tenum_insert(t, name, value) < 0) {
            gf_fail();
            H5Tclose(t);
            t = -1;
        }
        free(name);
    }
    H5Tclose(base);
    return t;
}

static hid_t get_array(reader *r, int depth)
{
    int64_t n = take_i64(r);
    hsize_t dims[H5S_MAX_RANK];
    hid_t   base, t;

    if (n < 1 || n > H5S_MAX_RANK)
        r->bad = 1;
    for (int64_t i = 0; i < n && !r->bad; i++)
        dims[i] = (hsize_t)take_i64(r);
    base = get_node(r, depth + 1);
    if (base < 0)
        return base;
    t = r->bad ? -1 : make_array(base, (int)n, dims);
    if (t < 0)
        gf_fail();
    H5Tclose(base);
    return t;
}

static hid_t get_vlen(reader *r, int depth)
{
    hid_t base = get_node(r, depth + 1), t;

    if (base < 0)
        return base;
    t = H5Tvlen_create(base);
    H5Tclose(base);
    return t;
}

static hid_t get_node(reader *r, int depth)
{
    int    class = take_u8(r);
    size_t size  = (size_t)take_i64(r);

    take_i64(r);
    if (r->bad || depth > max_depth)
        return gf_refuse("damaged datatype code");
    switch (class) {
    case H5T_INTEGER:
        return get_integer(r, size, 0);
    case H5T_BITFIELD:
        return get_integer(r, size, 1);
    case H5T_FLOAT:
        return get_float(r, size);
    case H5T_TIME:
        return get_time(r, size);
    case H5T_STRING:
        return get_string(r, size);
    case H5T_OPAQUE:
        return get_opaque(r, size);
    case H5T_REFERENCE:
        return H5Tcopy(take_u8(r) ? H5T_STD_REF_DSETREG : H5T_STD_REF_OBJ);
    case H5T_COMPOUND:
        return get_compound(r, size, depth);
    case H5T_ENUM:
        return get_enum(r, depth);
    case H5T_VLEN:
        return get_vlen(r, depth);
    case H5T_ARRAY:
        return get_array(r, depth);
    }
    return gf_refuse("unknown class in datatype code");
}

/* gf_get_type makes the type that code describes. */
hid_t gf_get_type(const uint8_t *code, size_t len)
{
    reader r = {code, code + len, 0};
    hid_t  t = get_node(&r, 0);

    if (t >= 0 && r.bad) {
        H5Tclose(t);
        return gf_refuse("damaged datatype code");
    }
    if (t < 0)
        gf_fail();
    return t;
}
