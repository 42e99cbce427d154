/* wire.h - messages as bytes: the WebSocket in two encodings, event bodies in the log, what goes through Redis.
 *
 * Everything is an array of fields in the order of the tables in include/lectern/tbl. Bytes from outside are measured
 * (depth, elements, lengths) before anything is allocated. JSON is turned into msgpack first, so that there is one
 * decoder to trust.
 */
#ifndef GATEWAY_WIRE_H
#define GATEWAY_WIRE_H

#include "lectern/arena.h"
#include "lectern/buf.h"
#include "lectern/message.h"
#include "lectern/store.h"

enum wire_encoding { WIRE_MSGPACK, WIRE_JSON, WIRE_ENCODING_COUNT };

#define WIRE_DEPTH_MAX 4
#define WIRE_ELEMENTS_MAX (1u << 20)    /* of one decoded value, all levels together */
#define WIRE_CLIENT_ELEMENTS_MAX 256u   /* of one client message: far more than any has, for fields of later versions */

/* Decode one client message. Slices borrow from `bytes` (msgpack) or live in `scratch` (JSON).
 * 0; LECTERN_EINVAL: not an array, or not a known shape (close: protocol); LECTERN_EFULL: `scratch` is full.
 * A command whose word is unknown or whose fields are malformed, but whose second element is a readable command id,
 * returns 0 with out->kind CLIENT_COMMAND, out->command.id set and *out_refusal REFUSAL_UNKNOWN_COMMAND or
 * REFUSAL_MALFORMED. *out_refusal is REFUSAL_NONE otherwise. */
LECTERN_MUSTCHECK int wire_decode_client(enum wire_encoding e, struct str bytes, struct arena *scratch,
                                         struct client_message *out, enum refusal *out_refusal);
/* Append one message; out->failed on overflow. */
void wire_encode_server(struct buf *out, enum wire_encoding e, const struct server_message *m);

/* The other direction, for clients (the load generator, the tests). LECTERN_EINVAL, LECTERN_EFULL. */
void wire_encode_client(struct buf *out, enum wire_encoding e, const struct client_message *m);
LECTERN_MUSTCHECK int wire_decode_server(enum wire_encoding e, struct str bytes, struct arena *scratch,
                                         struct server_message *out);

/* Event bodies as stored in room_event.body: a msgpack array of the event's fields. */
void wire_encode_event_body(struct buf *out, const struct room_event *event);
/* inout->kind is set by the caller; fills the fields of that kind. Slices borrow from `body`, lists live in `scratch`.
 * LECTERN_EINVAL, LECTERN_EFULL. */
LECTERN_MUSTCHECK int wire_decode_event_body(struct str body, struct arena *scratch, struct room_event *inout);

/* What goes through Redis for one room: committed events, or (is_presence) how many are here at one worker. */
struct bus_message {
    uint64_t room_id;
    uint64_t origin; /* worker nonce */
    bool is_presence;
    uint32_t here;
    const struct store_event *events;
    size_t count;
};
void wire_encode_bus(struct buf *out, const struct bus_message *m);
/* Event bodies borrow from `bytes`, the array lives in `scratch`. LECTERN_EINVAL, LECTERN_EFULL. */
LECTERN_MUSTCHECK int wire_decode_bus(struct str bytes, struct arena *scratch, struct bus_message *out);

#endif
