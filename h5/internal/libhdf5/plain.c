/* Data that are plain bytes of a file: they may be read without the library. */
#include "shim.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/* same_file reports whether a dataset lies in a file, and not in one that an external link leads to. */
static int same_file(hid_t file, hid_t dset)
{
    H5O_info_t a, b;

    return H5Oget_info2(file, &a, H5O_INFO_BASIC) >= 0 && H5Oget_info2(dset, &b, H5O_INFO_BASIC) >= 0 &&
           a.fileno == b.fileno;
}

/* reopened gives a descriptor of its own for the file that one belongs to, -1 when there is none. */
static int reopened(hid_t file, hid_t access)
{
    char path[64];
    int *fd = NULL;

    if (H5Fget_vfd_handle(file, access, (void **)&fd) < 0 || !fd)
        return -1;
    snprintf(path, sizeof path, "/proc/self/fd/%d", *fd);
    return open(path, O_RDONLY | O_CLOEXEC);
}

/* gf_plain writes where in the file the data of a contiguous dataset begin, and with want_fd a
 * descriptor that is the caller's; -1 for what cannot be read so. Only of a file that nobody here
 * writes are all data in the file. */
int gf_plain(hid_t file, hid_t dset, int want_fd)
{
    hid_t    access = -1, create = -1;
    unsigned intent = H5F_ACC_RDWR;
    haddr_t  at     = HADDR_UNDEF;
    int      fd = -1, rc = 0;

    H5D_space_status_t status = H5D_SPACE_STATUS_NOT_ALLOCATED;

    gf_enter();
    GF_TRY(H5Fget_intent(file, &intent));
    GF_TRY(access = H5Fget_access_plist(file));
    GF_TRY(create = H5Dget_create_plist(dset));
    GF_TRY(H5Dget_space_status(dset, &status)); /* H5Dget_offset adds the user block to "nowhere" too */
    if (intent == H5F_ACC_RDONLY && status == H5D_SPACE_STATUS_ALLOCATED && H5Pget_driver(access) == H5FD_SEC2 &&
        H5Pget_layout(create) == H5D_CONTIGUOUS && H5Pget_external_count(create) == 0 && same_file(file, dset))
        at = H5Dget_offset(dset);
    if (at != HADDR_UNDEF && want_fd && (fd = reopened(file, access)) < 0)
        at = HADDR_UNDEF;
    gf_i64(at == HADDR_UNDEF ? -1 : (int64_t)at);
    gf_i64(fd);
done:
    if (create >= 0)
        H5Pclose(create);
    if (access >= 0)
        H5Pclose(access);
    return gf_end(rc);
}
