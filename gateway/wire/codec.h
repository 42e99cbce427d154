/* codec.h - inside the codec: one writer with two encodings, one reader of measured msgpack. */
#ifndef GATEWAY_WIRE_CODEC_H
#define GATEWAY_WIRE_CODEC_H

#include "shape.h"
#include "wire.h"

/* ---- writing ---- */

struct writer;

/* How one encoding says each thing. */
struct writer_ops {
    void (*array)(struct writer *w, size_t count);
    void (*array_end)(struct writer *w);
    void (*integer)(struct writer *w, int64_t value);
    void (*flag)(struct writer *w, bool value);
    void (*nil)(struct writer *w);
    void (*text)(struct writer *w, struct str s);
    void (*command_id)(struct writer *w, const struct command_id *id);
};
struct writer {
    const struct writer_ops *ops;
    struct buf *out;
    bool comma; /* JSON: a value stands before the next one */
};
extern const struct writer_ops writer_msgpack, writer_json;

/* ---- reading ---- */

/* A place in msgpack that reader_open has measured: every header is whole and every length is within the bytes. */
struct reader {
    const uint8_t *at, *end;
};

/* Is `bytes` exactly one value, at most `depth` arrays deep and with at most `elements` values in all? */
bool reader_open(struct reader *r, struct str bytes, unsigned depth, size_t elements);

/* Each takes one value of its kind; false (nothing taken) when the next one is of another kind or out of range. */
bool reader_array(struct reader *r, size_t *out_count);
bool reader_integer(struct reader *r, int64_t low, int64_t high, int64_t *out);
bool reader_u64(struct reader *r, uint64_t *out);
bool reader_flag(struct reader *r, bool *out);
bool reader_nil(struct reader *r);
bool reader_text(struct reader *r, struct str *out); /* valid UTF-8 */
bool reader_bytes(struct reader *r, struct str *out);
/* 16 bytes, or 32 hexadecimal digits as text. */
bool reader_command_id(struct reader *r, struct command_id *out);
void reader_skip(struct reader *r); /* one value with all that is in it; nothing at the end */

/* JSON as msgpack, in `scratch`. LECTERN_EINVAL: not JSON, too deep, too many elements; LECTERN_EFULL. */
LECTERN_MUSTCHECK int json_to_msgpack(struct str json, unsigned depth, size_t elements, struct arena *scratch,
                                      struct str *out);

bool utf8_is_valid(struct str s);

#endif
