/* arena.c - pieces cut from chunks. The newest ordinary chunk is first in the list and the only one cut from; a piece
 * too large for it gets a chunk of its own behind, so that the rest of the first is not lost. */
#include "lectern/arena.h"

#include <stdalign.h>
#include <stdlib.h>

#define ARENA_ALIGN alignof(max_align_t)

struct arena_chunk {
    struct arena_chunk *next;
    size_t size; /* bytes of `data` */
    size_t used;
    alignas(max_align_t) unsigned char data[];
};

void arena_init(struct arena *a, size_t chunk_size, size_t max)
{
    *a = (struct arena){ .max = max, .chunk_size = chunk_size };
}

static void free_chunks(struct arena *a, struct arena_chunk *chunk)
{
    while (chunk) {
        struct arena_chunk *next = chunk->next;
        a->used -= sizeof *chunk + chunk->size;
        free(chunk);
        chunk = next;
    }
}

void arena_release(struct arena *a)
{
    free_chunks(a, a->chunks);
    a->chunks = NULL;
}

void arena_reset(struct arena *a)
{
    if (!a->chunks)
        return;
    free_chunks(a, a->chunks->next);
    a->chunks->next = NULL;
    a->chunks->used = 0;
}

/* A chunk with at least `n` bytes of data. NULL when the limit is reached. */
static struct arena_chunk *new_chunk(struct arena *a, size_t n)
{
    size_t left = a->max - a->used;
    if (left < sizeof(struct arena_chunk) || n > left - sizeof(struct arena_chunk))
        return NULL;
    size_t size = n > a->chunk_size ? n : a->chunk_size;
    if (size > left - sizeof(struct arena_chunk))
        size = left - sizeof(struct arena_chunk);
    struct arena_chunk *chunk = malloc(sizeof *chunk + size);
    if (!chunk)
        abort();
    *chunk = (struct arena_chunk){ .size = size };
    a->used += sizeof *chunk + size;
    return chunk;
}

static void link_chunk(struct arena *a, struct arena_chunk *chunk)
{
    if (a->chunks && chunk->size > a->chunk_size) {
        chunk->next = a->chunks->next;
        a->chunks->next = chunk;
        return;
    }
    chunk->next = a->chunks;
    a->chunks = chunk;
}

void *arena_alloc(struct arena *a, size_t n)
{
    if (n > SIZE_MAX - ARENA_ALIGN)
        return NULL;
    n = (n + ARENA_ALIGN - 1) / ARENA_ALIGN * ARENA_ALIGN;
    struct arena_chunk *chunk = a->chunks;
    if (!chunk || n > chunk->size - chunk->used) {
        chunk = new_chunk(a, n);
        if (!chunk)
            return NULL;
        link_chunk(a, chunk);
    }
    void *piece = chunk->data + chunk->used;
    chunk->used += n;
    return memset(piece, 0, n);
}

bool arena_str(struct arena *a, struct str s, struct str *out)
{
    if (s.n == 0) {
        *out = (struct str){ 0 };
        return true;
    }
    char *copy = arena_alloc(a, s.n);
    if (!copy)
        return false;
    memcpy(copy, s.p, s.n);
    *out = (struct str){ copy, s.n };
    return true;
}
