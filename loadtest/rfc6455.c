/* rfc6455.c - the client's side of the framing: see rfc6455.h. */
#include "rfc6455.h"

#include <string.h>

#define ACCEPT "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=" /* the answer to RFC6455_KEY */

size_t rfc6455_answer(struct str bytes, bool *out_upgraded)
{
    const char *end = memmem(bytes.p, bytes.n, "\r\n\r\n", 4);
    if (!end)
        return 0;
    size_t n = (size_t)(end + 4 - bytes.p);
    *out_upgraded = n >= 12 && memcmp(bytes.p, "HTTP/1.1 101", 12) == 0 && memmem(bytes.p, n, ACCEPT, strlen(ACCEPT));
    return n;
}

size_t rfc6455_next(struct str bytes, struct str *out_payload)
{
    const uint8_t *p = (const uint8_t *)bytes.p;
    size_t header = 2;
    if (bytes.n < 2)
        return 0;
    uint64_t n = p[1] & 0x7f;
    if (n >= 126) {
        unsigned width = n == 126 ? 2 : 8;
        header += width;
        if (bytes.n < header)
            return 0;
        n = 0;
        for (unsigned i = 0; i < width; i++)
            n = n << 8 | p[2 + i];
    }
    if (n > bytes.n - header)
        return 0;
    *out_payload = (struct str){bytes.p + header, (size_t)n};
    return header + (size_t)n;
}

size_t rfc6455_frame(uint8_t *out, uint8_t first, struct str payload, uint32_t key)
{
    uint8_t *p = out;
    *p++ = first;
    if (payload.n < 126) {
        *p++ = (uint8_t)(0x80 | payload.n);
    } else {
        *p++ = 0x80 | 126;
        *p++ = (uint8_t)(payload.n >> 8);
        *p++ = (uint8_t)payload.n;
    }
    memcpy(p, &key, 4);
    for (size_t i = 0; i < payload.n; i++)
        p[4 + i] = (uint8_t)(payload.p[i] ^ p[i & 3]);
    return (size_t)(p - out) + 4 + payload.n;
}
