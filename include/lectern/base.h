/* base.h - the few types that every part of Lectern shares.
 *
 * Slices instead of NUL-terminated strings (peers send any bytes), times as Unix milliseconds, and the
 * annotations that make a forgotten error a compiler warning. No other header of the project is needed here.
 */
#ifndef LECTERN_BASE_H
#define LECTERN_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#define LECTERN_MUSTCHECK __attribute__((warn_unused_result))
#define LECTERN_PRINTF(fmt, args) __attribute__((format(printf, fmt, args)))
#define LECTERN_COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Unix time in milliseconds, UTC. Zero means "not set". */
typedef int64_t ms_t;

/* Position of an event in its room's log: 1, 2, 3 … without holes. Zero is the empty room. */
typedef uint64_t seq_t;

/* Highest integer that a JavaScript number holds exactly: ids on the wire stay at or below it. */
#define LECTERN_ID_MAX ((UINT64_C(1) << 53) - 1)

/* Made by the client, at random; names one command for ever (a retry carries the same id). */
struct command_id {
    uint8_t bytes[16];
};

/* Borrowed bytes, not NUL-terminated. Valid as long as the owner says. */
struct str {
    const char *p;
    size_t n;
};

#define STR(literal) ((struct str){ "" literal, sizeof(literal) - 1 })

static inline struct str str_of(const char *text)
{
    return (struct str){ text, text ? strlen(text) : 0 };
}

static inline bool str_equal(struct str a, struct str b)
{
    return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* Errors of the library layers, always negative. A refusal (the peer's mistake) is not an error: see refusal.h. */
enum lectern_error {
    LECTERN_OK = 0,
    LECTERN_EINVAL = -1,   /* malformed input */
    LECTERN_EFULL = -2,    /* a named limit was reached; nothing changed */
    LECTERN_EGAP = -3,     /* an event is missing before this one */
    LECTERN_EOLD = -4,     /* already applied; nothing changed */
    LECTERN_EAWAY = -5,    /* PostgreSQL or Redis cannot be reached now */
    LECTERN_ENOTFOUND = -6 /* no such row, or not this person's to see */
};

#endif
