/* malloc.c - counts allocations of every process that it is preloaded into, in one shared 64-bit number at the beginning of
 * the file that GUARD_MALLOC names. The file exists and has 8 bytes; without it nothing is counted. */
#include <fcntl.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

void *__libc_malloc(size_t n);
void *__libc_calloc(size_t count, size_t n);
void *__libc_realloc(void *memory, size_t n);
void *__libc_memalign(size_t alignment, size_t n);

static uint64_t nowhere, *counter = &nowhere;

__attribute__((constructor)) static void begin(void)
{
    const char *path = getenv("GUARD_MALLOC");
    int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
    void *shared = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof *counter, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (shared != MAP_FAILED)
        counter = shared;
    if (fd >= 0)
        close(fd);
}

static void count(void)
{
    __atomic_fetch_add(counter, 1, __ATOMIC_RELAXED);
}

void *malloc(size_t n)
{
    count();
    return __libc_malloc(n);
}

void *calloc(size_t items, size_t n)
{
    count();
    return __libc_calloc(items, n);
}

void *realloc(void *memory, size_t n)
{
    count();
    return __libc_realloc(memory, n);
}

void *aligned_alloc(size_t alignment, size_t n)
{
    count();
    return __libc_memalign(alignment, n);
}
