/* fuzz_wire.c - libFuzzer: the first byte chooses the decoder; what is accepted must survive encoding and decoding. */
#include <stdlib.h>

#include "wire/wire.h"

#define SCRATCH_MAX (4u << 20)
#define OUT_MAX (4u << 20)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool ok)
{
    if (!ok)
        abort();
}

static void try_client(enum wire_encoding e, struct str bytes, struct arena *scratch, struct buf *out)
{
    struct client_message m;
    enum refusal refusal;
    if (wire_decode_client(e, bytes, scratch, &m, &refusal) || refusal)
        return;
    for (int other = 0; other < WIRE_ENCODING_COUNT; other++) {
        struct client_message again;
        buf_clear(out);
        wire_encode_client(out, (enum wire_encoding)other, &m);
        int rc = wire_decode_client((enum wire_encoding)other, buf_str(out), scratch, &again, &refusal);
        require(rc == 0 && !refusal);
        require(again.kind == m.kind);
    }
}

static void try_server(enum wire_encoding e, struct str bytes, struct arena *scratch, struct buf *out)
{
    struct server_message m, again;
    if (wire_decode_server(e, bytes, scratch, &m))
        return;
    wire_encode_server(out, WIRE_MSGPACK, &m);
    require(out->failed || wire_decode_server(WIRE_MSGPACK, buf_str(out), scratch, &again) != LECTERN_EINVAL);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct arena scratch;
    struct buf out;
    struct bus_message bus;
    if (size == 0)
        return 0;
    struct str bytes = { (const char *)data + 1, size - 1 };
    enum wire_encoding e = data[0] & 1 ? WIRE_JSON : WIRE_MSGPACK;
    arena_init(&scratch, 65536, SCRATCH_MAX);
    buf_init(&out, OUT_MAX);
    if (data[0] & 2)
        try_client(e, bytes, &scratch, &out);
    else if (data[0] & 4)
        try_server(e, bytes, &scratch, &out);
    else if (data[0] & 8)
        (void)!wire_decode_bus(bytes, &scratch, &bus);
    else
        (void)!wire_decode_event_body(bytes, &scratch,
                                      &(struct room_event){ .kind = (enum event_kind)((data[0] >> 4) % EVENT_COUNT) });
    buf_release(&out);
    arena_release(&scratch);
    return 0;
}
