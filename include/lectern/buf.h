/* buf.h - a growing byte buffer that has a maximum from birth.
 *
 * Every buffer that a peer can make grow names its limit when it is made. A write beyond it sets `failed` and
 * writes nothing more, so that an encoder checks once at the end instead of after each field.
 * Running out of memory aborts: only limits are ordinary errors.
 */
#ifndef LECTERN_BUF_H
#define LECTERN_BUF_H

#include "lectern/base.h"

struct buf {
    uint8_t *data;
    size_t len;
    size_t capacity;
    size_t max;
    bool failed; /* a write did not fit; the contents are not to be used */
};

/* An empty buffer that will hold `max` bytes at most. Owns no memory until the first write. */
void buf_init(struct buf *b, size_t max);
/* Free the memory; the buffer is then as after buf_init with the same maximum. */
void buf_release(struct buf *b);
/* Forget the contents, keep the memory. */
void buf_clear(struct buf *b);

void buf_put(struct buf *b, const void *bytes, size_t n);
void buf_put_byte(struct buf *b, uint8_t byte);
void buf_put_str(struct buf *b, struct str s);
void buf_printf(struct buf *b, const char *format, ...) LECTERN_PRINTF(2, 3);

/* Hand the memory to the caller (free() it); the buffer is empty afterwards. NULL when nothing was written. */
uint8_t *buf_take(struct buf *b, size_t *out_len);

static inline struct str buf_str(const struct buf *b)
{
    return (struct str){ (const char *)b->data, b->len };
}

#endif
