/* Errors: HDF5's own stack, copied out on the thread where the call failed. The first error of a
 * crossing is the one that counts: what fails while cleaning up afterwards changes nothing. */
#include "shim.h"

#include <stdio.h>
#include <stdlib.h>

enum { max_frames = 64 };

static struct frame {
    char func[64], desc[512], major[80], minor[80];
} frames[max_frames];
static int nframes;

/* A thread-safe libhdf5 has one stack and one print switch a thread, and every library begins with
 * printing again after H5close: quiet is the life of the library in which this thread was silenced. */
static __thread int quiet;
static int          life = 1;

void gf_quiet(void)
{
    if (quiet != life) {
        H5Eset_auto2(H5E_DEFAULT, NULL, NULL);
        quiet = life;
    }
}

void gf_new_life(void) { life++; }

int gf_life(void) { return life; }

void gf_enter(void)
{
    gf_quiet();
    nframes = 0;
    gf_reset();
}

static void message(hid_t id, char *text, size_t size)
{
    H5E_type_t type;

    if (id < 0 || H5Eget_msg(id, &type, text, size) < 0)
        text[0] = 0;
}

static herr_t keep_frame(unsigned n, const H5E_error2_t *e, void *unused)
{
    struct frame *f = &frames[nframes];

    (void)n;
    (void)unused;
    if (nframes == max_frames)
        return 1;
    snprintf(f->func, sizeof f->func, "%s", e->func_name ? e->func_name : "");
    snprintf(f->desc, sizeof f->desc, "%s", e->desc ? e->desc : "");
    message(e->maj_num, f->major, sizeof f->major);
    message(e->min_num, f->minor, sizeof f->minor);
    nframes++;
    return 0;
}

/* gf_fail keeps the error stack, innermost frame first, and returns -1. */
int gf_fail(void)
{
    if (nframes == 0)
        H5Ewalk2(H5E_DEFAULT, H5E_WALK_UPWARD, keep_frame, NULL);
    if (nframes == 0)
        return gf_refuse("the library gave no reason");
    return -1;
}

/* gf_forget makes good what has failed: there is another way. */
void gf_forget(void) { nframes = 0; }

/* gf_refuse is an error of our own. */
int gf_refuse(const char *why)
{
    if (nframes == 0) {
        snprintf(frames[0].func, sizeof frames[0].func, "gofive");
        snprintf(frames[0].desc, sizeof frames[0].desc, "%s", why);
        frames[0].major[0] = frames[0].minor[0] = 0;
        nframes = 1;
    }
    return -1;
}

/* gf_put_error writes the error, n times function, description, major and minor, and forgets it. */
void gf_put_error(void)
{
    gf_i64(nframes);
    for (int i = 0; i < nframes; i++) {
        gf_str(frames[i].func);
        gf_str(frames[i].desc);
        gf_str(frames[i].major);
        gf_str(frames[i].minor);
    }
    nframes = 0;
}

/* gf_end is what every shim returns through: a failure leaves the error, alone, in the buffer. The
 * library's stack is emptied: each thread has one, whose entries count among the users of the error
 * classes, and a stack that outlives H5close would give up those of the library's next life, which have
 * the same ids, until an error finds no class and the process ends in endless recursion (1.10.8). */
int gf_end(int rc)
{
    if (rc >= 0 && gf_full())
        rc = gf_refuse("the description needs more than 1 GB of memory");
    if (rc < 0) {
        gf_fail();
        gf_rewind(0);
        gf_put_error();
    }
    H5Eclear2(H5E_DEFAULT);
    return rc < 0 ? -1 : 0;
}
