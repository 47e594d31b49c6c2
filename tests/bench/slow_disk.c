// Preloaded into a server that is measured: each flush takes PLENARY_BENCH_FLUSH_DELAY_US microseconds longer, as on a
// slow disk. What a program asks of the kernel without the C library, or by opening a file with O_DSYNC, is not slowed;
// a program that defines one of these names itself (Plenary's sync_file_range) is slowed where that calls another.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <time.h>

static void as_a_slow_disk(void) {
  const char *text = getenv("PLENARY_BENCH_FLUSH_DELAY_US");
  long us = text ? strtol(text, NULL, 10) : 0;
  struct timespec left = {us / 1000000, us % 1000000 * 1000};
  int before = errno;
  while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR) {
  }
  errno = before;
}

#define SLOW(name, parameters, arguments)                                      \
  int name parameters {                                                        \
    int(*real) parameters = (int(*) parameters)dlsym(RTLD_NEXT, #name);        \
    as_a_slow_disk();                                                          \
    return real arguments;                                                     \
  }

SLOW(fsync, (int fd), (fd))
SLOW(fdatasync, (int fd), (fd))
SLOW(msync, (void *start, size_t length, int flags), (start, length, flags))
SLOW(sync_file_range, (int fd, off64_t from, off64_t length, unsigned int flags), (fd, from, length, flags))
