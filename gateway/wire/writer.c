/* writer.c - the two encodings of what goes out. */
#include <inttypes.h>
#include <msgpack/pack.h>

#include "codec.h"

/* ---- msgpack ---- */

static int put(void *out, const char *bytes, size_t n)
{
    buf_put(out, bytes, n);
    return 0;
}

static msgpack_packer packer(struct writer *w)
{
    msgpack_packer pk;
    msgpack_packer_init(&pk, w->out, put);
    return pk;
}

static void msgpack_put_array(struct writer *w, size_t count)
{
    msgpack_packer pk = packer(w);
    msgpack_pack_array(&pk, count);
}

static void msgpack_end_array(struct writer *w)
{
    (void)w; /* the count came first */
}

static void msgpack_put_integer(struct writer *w, int64_t value)
{
    msgpack_packer pk = packer(w);
    msgpack_pack_int64(&pk, value);
}

static void msgpack_put_flag(struct writer *w, bool value)
{
    buf_put_byte(w->out, value ? 0xc3 : 0xc2);
}

static void msgpack_put_nil(struct writer *w)
{
    buf_put_byte(w->out, 0xc0);
}

static void msgpack_put_text(struct writer *w, struct str s)
{
    msgpack_packer pk = packer(w);
    msgpack_pack_str(&pk, s.n);
    buf_put_str(w->out, s);
}

static void msgpack_put_command_id(struct writer *w, const struct command_id *id)
{
    msgpack_packer pk = packer(w);
    msgpack_pack_bin(&pk, sizeof(id->bytes));
    buf_put(w->out, id->bytes, sizeof(id->bytes));
}

const struct writer_ops writer_msgpack = {
    msgpack_put_array, msgpack_end_array, msgpack_put_integer,   msgpack_put_flag,
    msgpack_put_nil,   msgpack_put_text,  msgpack_put_command_id,
};

/* ---- JSON ---- */

static void separate(struct writer *w)
{
    if (w->comma)
        buf_put_byte(w->out, ',');
    w->comma = true;
}

static void json_put_array(struct writer *w, size_t count)
{
    (void)count;
    separate(w);
    buf_put_byte(w->out, '[');
    w->comma = false;
}

static void json_end_array(struct writer *w)
{
    buf_put_byte(w->out, ']');
    w->comma = true;
}

static void json_put_integer(struct writer *w, int64_t value)
{
    separate(w);
    buf_printf(w->out, "%" PRId64, value);
}

static void json_put_flag(struct writer *w, bool value)
{
    separate(w);
    buf_put_str(w->out, value ? STR("true") : STR("false"));
}

static void json_put_nil(struct writer *w)
{
    separate(w);
    buf_put_str(w->out, STR("null"));
}

static void json_put_text(struct writer *w, struct str s)
{
    separate(w);
    buf_put_byte(w->out, '"');
    for (size_t i = 0, from = 0; i <= s.n; i++) {
        uint8_t c = i < s.n ? (uint8_t)s.p[i] : 0;
        if (i < s.n && c >= 0x20 && c != '"' && c != '\\')
            continue;
        buf_put_str(w->out, (struct str){ s.p + from, i - from });
        if (i < s.n)
            buf_printf(w->out, c < 0x20 ? "\\u%04x" : "\\%c", c);
        from = i + 1;
    }
    buf_put_byte(w->out, '"');
}

static void json_put_command_id(struct writer *w, const struct command_id *id)
{
    separate(w);
    buf_put_byte(w->out, '"');
    for (size_t i = 0; i < sizeof(id->bytes); i++)
        buf_printf(w->out, "%02x", id->bytes[i]);
    buf_put_byte(w->out, '"');
}

const struct writer_ops writer_json = {
    json_put_array, json_end_array, json_put_integer, json_put_flag, json_put_nil, json_put_text, json_put_command_id,
};
