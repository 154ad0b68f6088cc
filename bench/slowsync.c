/* Makes a disk slower: loaded with LD_PRELOAD, every fsync and fdatasync of the process takes SLOWSYNC_US microseconds more. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

static void delay(void)
{
    const char *text = getenv("SLOWSYNC_US");
    long us = text == NULL ? 0 : strtol(text, NULL, 10);
    struct timespec time = { us / 1000000, us % 1000000 * 1000 };
    nanosleep(&time, NULL);
}

int fsync(int file)
{
    int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fsync");
    int result = next(file);
    delay();
    return result;
}

int fdatasync(int file)
{
    int (*next)(int) = (int (*)(int))dlsym(RTLD_NEXT, "fdatasync");
    int result = next(file);
    delay();
    return result;
}
