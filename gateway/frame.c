/* frame.c - the WebSocket header is written once, when the frame is made (RFC 6455 section 5.2, server to client). */
#include "frame.h"

#include <stdlib.h>

#define OPCODE_TEXT 0x81 /* FIN and the opcode */
#define OPCODE_BINARY 0x82

static uint32_t put_header(uint8_t *at, uint8_t opcode, uint64_t n)
{
    at[0] = opcode;
    if (n < 126) {
        at[1] = (uint8_t)n;
        return 2;
    }
    unsigned bytes = n <= 0xffff ? 2 : 8;
    at[1] = bytes == 2 ? 126 : 127;
    for (unsigned i = 0; i < bytes; i++)
        at[2 + i] = (uint8_t)(n >> (8 * (bytes - 1 - i)));
    return 2 + bytes;
}

struct frame *frame_new(struct str payload, enum wire_encoding encoding)
{
    bool text = encoding == WIRE_JSON;
    uint8_t header[10];
    uint32_t header_length = put_header(header, text ? OPCODE_TEXT : OPCODE_BINARY, payload.n);
    struct frame *frame = malloc(sizeof *frame + FRAME_HEADROOM + header_length + payload.n);
    if (!frame || payload.n > UINT32_MAX)
        abort();
    *frame = (struct frame){ .refs = 1, .header_length = header_length, .payload_length = (uint32_t)payload.n, .text = text };
    memcpy(frame->memory + FRAME_HEADROOM, header, header_length);
    if (payload.n)
        memcpy(frame->memory + FRAME_HEADROOM + header_length, payload.p, payload.n);
    return frame;
}

struct frame *frame_ref(struct frame *frame)
{
    frame->refs++;
    return frame;
}

void frame_unref(struct frame *frame)
{
    if (frame && --frame->refs == 0)
        free(frame);
}
