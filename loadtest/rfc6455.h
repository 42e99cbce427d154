/* rfc6455.h - what a WebSocket client puts on the wire and finds there (RFC 6455 sections 4 and 5), without a socket.
 */
#ifndef LOADTEST_RFC6455_H
#define LOADTEST_RFC6455_H

#include "lectern/buf.h"

#define RFC6455_KEY "dGhlIHNhbXBsZSBub25jZQ==" /* the RFC's own example, so that its answer is known */
#define RFC6455_HEADER_MAX 8u                  /* of a client's frame of up to 64 KiB, mask included */

enum rfc6455_first { FIRST_TEXT = 0x81, FIRST_BINARY = 0x82, FIRST_CLOSE = 0x88, FIRST_PING = 0x89, FIRST_PONG = 0x8a };

/* Size of the server's answer at the beginning of `bytes`, 0: not whole yet. *out_upgraded: it is the right one. */
size_t rfc6455_answer(struct str bytes, bool *out_upgraded);

/* Size of the first frame of `bytes`, 0: not whole yet. The payload points into them; servers do not mask. */
size_t rfc6455_next(struct str bytes, struct str *out_payload);

/* Write a masked frame to `out`, which has room for the payload (at most 65,535 bytes) and RFC6455_HEADER_MAX. Returns
 * its size. */
size_t rfc6455_frame(uint8_t *out, uint8_t first, struct str payload, uint32_t key);

#endif
