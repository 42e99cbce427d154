/* buf.c - the growing byte buffer. Growth doubles up to the maximum; the first write that does not fit is the last.
 *
 * stdio is used for vsnprintf alone: formatting into memory, no streams. */
#include "lectern/buf.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#define BUF_FIRST 256

void buf_init(struct buf *b, size_t max)
{
    *b = (struct buf){ .max = max };
}

void buf_release(struct buf *b)
{
    free(b->data);
    buf_init(b, b->max);
}

void buf_clear(struct buf *b)
{
    b->len = 0;
    b->failed = false;
}

/* Make room for `n` more bytes, or mark the buffer as failed. */
static bool reserve(struct buf *b, size_t n)
{
    if (b->failed || n > b->max - b->len) {
        b->failed = true;
        return false;
    }
    if (n <= b->capacity - b->len)
        return true;
    size_t wanted = b->capacity > b->max / 2 ? b->max : b->capacity * 2;
    if (wanted < BUF_FIRST)
        wanted = BUF_FIRST < b->max ? BUF_FIRST : b->max;
    if (wanted < b->len + n)
        wanted = b->len + n;
    uint8_t *data = realloc(b->data, wanted);
    if (!data)
        abort();
    b->data = data;
    b->capacity = wanted;
    return true;
}

void buf_put(struct buf *b, const void *bytes, size_t n)
{
    if (n == 0 || !reserve(b, n))
        return;
    memcpy(b->data + b->len, bytes, n);
    b->len += n;
}

void buf_put_byte(struct buf *b, uint8_t byte)
{
    buf_put(b, &byte, 1);
}

void buf_put_str(struct buf *b, struct str s)
{
    buf_put(b, s.p, s.n);
}

void buf_printf(struct buf *b, const char *format, ...)
{
    va_list args;
    char small[512];
    va_start(args, format);
    int n = vsnprintf(small, sizeof small, format, args);
    va_end(args);
    if (n < 0) {
        b->failed = true;
        return;
    }
    if ((size_t)n < sizeof small) {
        buf_put(b, small, (size_t)n);
        return;
    }
    char *large = malloc((size_t)n + 1);
    if (!large)
        abort();
    va_start(args, format);
    vsnprintf(large, (size_t)n + 1, format, args);
    va_end(args);
    buf_put(b, large, (size_t)n);
    free(large);
}

uint8_t *buf_take(struct buf *b, size_t *out_len)
{
    uint8_t *data = b->data;
    if (b->len == 0) {
        free(data);
        data = NULL;
    }
    *out_len = b->len;
    buf_init(b, b->max);
    return data;
}
