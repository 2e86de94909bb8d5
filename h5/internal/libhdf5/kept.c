/* What is made anew by almost every call is kept for the next: each call that takes it gets a
 * reference of its own, and gives that up as if it had made it. After H5close all ids are gone, and
 * their numbers are others'. */
#include "shim.h"

#include <string.h>

/* gf_kept gives one more reference to what a slot keeps, made first when this life of the library has
 * none yet. Nobody may change it. */
hid_t gf_kept(gf_slot *slot, hid_t (*make)(void))
{
    if (slot->life != gf_life()) {
        hid_t made = make();
        if (made < 0)
            return -1;
        slot->id   = made;
        slot->life = gf_life();
    }
    return H5Iinc_ref(slot->id) < 0 ? gf_fail() : slot->id;
}

enum { kept_types = 8, longest_code = 96 };

static struct {
    uint8_t code[longest_code];
    size_t  len;
    hid_t   id;
    int     life;
} types[kept_types];

static int next_type;

static void keep_type(const uint8_t *code, size_t len, hid_t type)
{
    if (H5Iinc_ref(type) < 0)
        return;
    if (types[next_type].life == gf_life())
        H5Idec_ref(types[next_type].id);
    memcpy(types[next_type].code, code, len);
    types[next_type].len  = len;
    types[next_type].id   = type;
    types[next_type].life = gf_life();
    next_type             = (next_type + 1) % kept_types;
}

/* gf_kept_type is gf_get_type for types that are only written with: not to be changed, nor committed. */
hid_t gf_kept_type(const uint8_t *code, size_t len)
{
    hid_t type;

    for (int i = 0; i < kept_types; i++)
        if (types[i].life == gf_life() && types[i].len == len && !memcmp(types[i].code, code, len))
            return H5Iinc_ref(types[i].id) < 0 ? gf_fail() : types[i].id;
    type = gf_get_type(code, len);
    if (type >= 0 && len <= longest_code)
        keep_type(code, len, type);
    return type;
}
