/* frame.h - one encoded message with its WebSocket header, shared by reference by everybody who gets it.
 *
 * Server frames are unmasked, so the bytes are the same for all members: framed once, written as they are. The memory
 * before the header is LWS_PRE headroom, so that the official write path works on the same object.
 */
#ifndef GATEWAY_FRAME_H
#define GATEWAY_FRAME_H

#include "lectern/base.h"
#include "wire/wire.h"

#define FRAME_HEADROOM 16 /* asserted >= LWS_PRE in ws.c */

struct frame {
    uint32_t refs;
    uint32_t header_length; /* 2, 4 or 10 (RFC 6455 section 5.2) */
    uint32_t payload_length;
    bool text;
    uint8_t memory[]; /* headroom, header, payload */
};

/* A frame with one reference. Aborts without memory. */
struct frame *frame_new(struct str payload, enum wire_encoding encoding);
struct frame *frame_ref(struct frame *frame);
void frame_unref(struct frame *frame); /* NULL is fine */

static inline const uint8_t *frame_bytes(const struct frame *f)
{
    return f->memory + FRAME_HEADROOM;
}
static inline size_t frame_length(const struct frame *f)
{
    return f->header_length + f->payload_length;
}

#endif
