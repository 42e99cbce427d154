/* bus.c - what goes through Redis: [room, origin, is_presence, here, [[seq, at, actor, kind, body] …]] in msgpack.
 *
 * Written and read by gateways of one deployment only, so it has no descriptors; it is measured like any other input.
 */
#include <msgpack/pack.h>

#include "codec.h"

#define BUS_FIELDS 5
#define EVENT_FIELDS 5

static int put(void *out, const char *bytes, size_t n)
{
    buf_put(out, bytes, n);
    return 0;
}

static void pack_event(msgpack_packer *pk, const struct store_event *event)
{
    msgpack_pack_array(pk, EVENT_FIELDS);
    msgpack_pack_uint64(pk, event->seq);
    msgpack_pack_int64(pk, event->at);
    msgpack_pack_uint64(pk, event->actor);
    msgpack_pack_uint8(pk, event->kind);
    msgpack_pack_bin(pk, event->body.n);
    msgpack_pack_bin_body(pk, event->body.p, event->body.n);
}

void wire_encode_bus(struct buf *out, const struct bus_message *m)
{
    msgpack_packer pk;
    msgpack_packer_init(&pk, out, put);
    msgpack_pack_array(&pk, BUS_FIELDS);
    msgpack_pack_uint64(&pk, m->room_id);
    msgpack_pack_uint64(&pk, m->origin);
    if (m->is_presence)
        msgpack_pack_true(&pk);
    else
        msgpack_pack_false(&pk);
    msgpack_pack_uint32(&pk, m->here);
    msgpack_pack_array(&pk, m->count);
    for (size_t i = 0; i < m->count; i++)
        pack_event(&pk, &m->events[i]);
}

static bool read_event(struct reader *r, uint64_t room_id, struct store_event *out)
{
    size_t count;
    int64_t seq, actor, kind;
    if (!reader_array(r, &count) || count < EVENT_FIELDS || !reader_integer(r, 1, (int64_t)LECTERN_ID_MAX, &seq) ||
        !reader_integer(r, 0, (int64_t)LECTERN_ID_MAX, &out->at) ||
        !reader_integer(r, 0, (int64_t)LECTERN_ID_MAX, &actor) ||
        !reader_integer(r, 0, EVENT_COUNT - 1, &kind) || !reader_bytes(r, &out->body))
        return false;
    out->room_id = room_id;
    out->seq = (seq_t)seq;
    out->actor = (uint64_t)actor;
    out->kind = (uint8_t)kind;
    for (size_t i = EVENT_FIELDS; i < count; i++)
        reader_skip(r);
    return true;
}

int wire_decode_bus(struct str bytes, struct arena *scratch, struct bus_message *out)
{
    struct reader r;
    size_t count;
    int64_t room, here;
    struct store_event *events = NULL;
    memset(out, 0, sizeof(*out));
    if (!reader_open(&r, bytes, WIRE_DEPTH_MAX, WIRE_ELEMENTS_MAX) || !reader_array(&r, &count) || count < BUS_FIELDS ||
        !reader_integer(&r, 1, (int64_t)LECTERN_ID_MAX, &room) || !reader_u64(&r, &out->origin) ||
        !reader_flag(&r, &out->is_presence) || !reader_integer(&r, 0, UINT32_MAX, &here) ||
        !reader_array(&r, &out->count))
        return LECTERN_EINVAL;
    out->room_id = (uint64_t)room;
    out->here = (uint32_t)here;
    if (out->count && !(events = arena_alloc(scratch, out->count * sizeof(*events))))
        return LECTERN_EFULL;
    for (size_t i = 0; i < out->count; i++)
        if (!read_event(&r, out->room_id, &events[i]))
            return LECTERN_EINVAL;
    out->events = events;
    return 0;
}
