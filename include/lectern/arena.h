/* arena.h - memory with one lifetime: many small pieces, given back all at once.
 *
 * Used for a room (until it is unloaded) and for a message (until its callback returns). Pieces come from chunks,
 * are never freed singly, and never exceed the arena's byte limit: then arena_alloc returns NULL, an ordinary error.
 */
#ifndef LECTERN_ARENA_H
#define LECTERN_ARENA_H

#include "lectern/base.h"

struct arena_chunk;

struct arena {
    struct arena_chunk *chunks; /* newest first */
    size_t used;                /* bytes of all chunks, headers included */
    size_t max;
    size_t chunk_size;
};

/* `max` bytes in all, taken `chunk_size` at a time. Owns no memory until the first arena_alloc. */
void arena_init(struct arena *a, size_t chunk_size, size_t max);
/* Give everything back. The arena may be used again. */
void arena_release(struct arena *a);
/* Forget everything but keep one chunk: for scratch arenas that are reset once per message. */
void arena_reset(struct arena *a);
/* Zeroed bytes, aligned for any type. NULL when the limit is reached. O(1). */
LECTERN_MUSTCHECK void *arena_alloc(struct arena *a, size_t n);
/* A copy of `s` in the arena. false when the limit is reached (*out untouched). An empty slice needs no memory. */
LECTERN_MUSTCHECK bool arena_str(struct arena *a, struct str s, struct str *out);

#endif
