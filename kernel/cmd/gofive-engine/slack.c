// A rank that has something to do has Go's runtime look after it: a thread that sleeps 20 us, looks, and sleeps again,
// until all is idle. With the 50 us by which Linux may lengthen a sleep that is a fifth of the processor time of a
// short cell, and the cores are other ranks' too. The threads of the runtime inherit the slack of the first, which
// has to be set before the runtime begins. Whoever needs sleeps that are exact asks for them: package mpi does.
#ifdef __linux__
#include <string.h>
#include <sys/prctl.h>

__attribute__((constructor)) static void take_time(int argc, char **argv) {
	if (argc > 1 && strcmp(argv[1], "rank") == 0) prctl(PR_SET_TIMERSLACK, 500000UL, 0, 0, 0);
}
#endif
