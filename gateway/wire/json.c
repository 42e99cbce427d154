/* json.c - JSON from outside, turned into msgpack so that one decoder judges both encodings.
 *
 * The text is measured before jansson builds its tree. What no field can be (objects, fractions) becomes an empty map,
 * which every field refuses.
 */
#include <jansson.h>
#include <msgpack/pack.h>

#include "codec.h"

/* Depth and element count of `json`, judged by its brackets and commas outside strings. */
static bool measure(struct str json, unsigned depth, size_t elements)
{
    unsigned level = 0;
    size_t count = 1;
    bool quoted = false;
    for (size_t i = 0; i < json.n; i++) {
        char c = json.p[i];
        if (quoted) {
            i += c == '\\';
            quoted = c != '"';
        } else if (c == '"') {
            quoted = true;
        } else if (c == '[' || c == '{') {
            count++;
            if (++level > depth)
                return false;
        } else if (c == ']' || c == '}') {
            level -= level > 0;
        } else {
            count += c == ',' || c == ':';
        }
    }
    return count <= elements;
}

static int put(void *out, const char *bytes, size_t n)
{
    buf_put(out, bytes, n);
    return 0;
}

static void pack(msgpack_packer *pk, const json_t *value)
{
    switch (json_typeof(value)) {
    case JSON_ARRAY:
        msgpack_pack_array(pk, json_array_size(value));
        for (size_t i = 0; i < json_array_size(value); i++)
            pack(pk, json_array_get(value, i));
        break;
    case JSON_STRING:
        msgpack_pack_str(pk, json_string_length(value));
        msgpack_pack_str_body(pk, json_string_value(value), json_string_length(value));
        break;
    case JSON_INTEGER:
        msgpack_pack_int64(pk, json_integer_value(value));
        break;
    case JSON_TRUE:
        msgpack_pack_true(pk);
        break;
    case JSON_FALSE:
        msgpack_pack_false(pk);
        break;
    case JSON_NULL:
        msgpack_pack_nil(pk);
        break;
    case JSON_OBJECT:
    case JSON_REAL:
        msgpack_pack_map(pk, 0);
        break;
    }
}

int json_to_msgpack(struct str json, unsigned depth, size_t elements, struct arena *scratch, struct str *out)
{
    json_error_t error;
    if (!measure(json, depth, elements))
        return LECTERN_EINVAL;
    json_t *root = json_loadb(json.p, json.n, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL, &error);
    if (!root)
        return LECTERN_EINVAL;
    struct buf packed; /* never longer than the text, but for a few header bytes */
    buf_init(&packed, 2 * json.n + 16);
    msgpack_packer pk;
    msgpack_packer_init(&pk, &packed, put);
    pack(&pk, root);
    json_decref(root);
    bool fits = !packed.failed && arena_str(scratch, buf_str(&packed), out);
    buf_release(&packed);
    return fits ? 0 : LECTERN_EFULL;
}
