/* Objects that others opened, and ours for others: the library's ids are all that both sides know. */
#include "shim.h"

#include <stdlib.h>

typedef ssize_t (*namer)(hid_t id, char *name, size_t room);

/* put_name writes what the library calls something. */
static int put_name(hid_t id, namer ask)
{
    char   *name = NULL;
    ssize_t n;
    int     rc = 0;

    GF_TRY(n = ask(id, NULL, 0));
    if (!(name = calloc((size_t)n + 1, 1))) {
        rc = gf_refuse("out of memory");
        goto done;
    }
    GF_TRY(ask(id, name, (size_t)n + 1));
    gf_str(name);
done:
    free(name);
    return rc;
}

/* gf_adopt opens the file that an object lies in once more, and writes the file's name, whether it is
 * open for writing, and the object's path in it. */
int gf_adopt(hid_t obj, hid_t *file)
{
    hid_t    theirs = -1, mine = -1;
    unsigned intent = 0;
    int      rc     = 0;

    gf_enter();
    GF_TRY(theirs = H5Iget_file_id(obj));
    GF_TRY(mine = H5Freopen(theirs));
    GF_TRY(H5Fget_intent(mine, &intent));
    GF_TRY(put_name(mine, H5Fget_name));
    gf_u8(intent & H5F_ACC_RDWR ? 1 : 0);
    GF_TRY(put_name(obj, H5Iget_name));
    *file = mine;
done:
    if (rc < 0 && mine >= 0)
        H5Fclose(mine);
    if (theirs >= 0)
        H5Fclose(theirs);
    return gf_end(rc);
}

/* gf_lend gives an id that its taker closes: for a file one that is open once more, so that closing it
 * closes nothing of ours. */
int gf_lend(hid_t obj, hid_t *id)
{
    int rc = 0;

    gf_enter();
    if (H5Iget_type(obj) == H5I_FILE) {
        GF_TRY(*id = H5Freopen(obj));
    } else {
        GF_TRY(H5Iinc_ref(obj));
        *id = obj;
    }
done:
    return gf_end(rc);
}
