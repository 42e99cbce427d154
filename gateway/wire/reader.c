/* reader.c - msgpack from outside, in two passes that allocate nothing: measure everything, then walk.
 *
 * A five-byte header may claim four thousand million elements, so no count is believed before the bytes behind it have
 * been seen. The first pass walks all values with a stack of WIRE_DEPTH_MAX counters; after it the second needs no
 * bounds checks beyond "is there a value left".
 */
#include "codec.h"

enum head_kind { HEAD_INTEGER, HEAD_UNSIGNED, HEAD_FLAG, HEAD_NIL, HEAD_TEXT, HEAD_BYTES, HEAD_ARRAY, HEAD_MAP,
                 HEAD_OTHER, HEAD_BAD };

/* One header: what it is, its number (value, length or count), its own size and the payload that follows at once. */
struct head {
    enum head_kind kind;
    uint64_t number;
    size_t size;
    size_t payload;
};

/* The headers from 0xc0 to 0xdf: kind, bytes of the number behind the first byte, fixed payload. */
static const struct head_row {
    uint8_t kind, width, payload;
} head_rows[32] = {
    { HEAD_NIL, 0, 0 },      { HEAD_BAD, 0, 0 },      { HEAD_FLAG, 0, 0 },     { HEAD_FLAG, 0, 0 },
    { HEAD_BYTES, 1, 0 },    { HEAD_BYTES, 2, 0 },    { HEAD_BYTES, 4, 0 },    { HEAD_BAD, 0, 0 },
    { HEAD_BAD, 0, 0 },      { HEAD_BAD, 0, 0 },      { HEAD_OTHER, 0, 4 },    { HEAD_OTHER, 0, 8 },
    { HEAD_UNSIGNED, 1, 0 }, { HEAD_UNSIGNED, 2, 0 }, { HEAD_UNSIGNED, 4, 0 }, { HEAD_UNSIGNED, 8, 0 },
    { HEAD_INTEGER, 1, 0 },  { HEAD_INTEGER, 2, 0 },  { HEAD_INTEGER, 4, 0 },  { HEAD_INTEGER, 8, 0 },
    { HEAD_OTHER, 0, 2 },    { HEAD_OTHER, 0, 3 },    { HEAD_OTHER, 0, 5 },    { HEAD_OTHER, 0, 9 },
    { HEAD_OTHER, 0, 17 },   { HEAD_TEXT, 1, 0 },     { HEAD_TEXT, 2, 0 },     { HEAD_TEXT, 4, 0 },
    { HEAD_ARRAY, 2, 0 },    { HEAD_ARRAY, 4, 0 },    { HEAD_MAP, 2, 0 },      { HEAD_MAP, 4, 0 },
};

static uint64_t big_endian(const uint8_t *p, size_t width)
{
    uint64_t value = 0;
    for (size_t i = 0; i < width; i++)
        value = value << 8 | p[i];
    return value;
}

static struct head head_wide(const struct reader *r, uint8_t first)
{
    const struct head_row *row = &head_rows[first - 0xc0];
    struct head h = { row->kind, 0, 1u + row->width, row->payload };
    if ((size_t)(r->end - r->at) < h.size)
        return (struct head){ .kind = HEAD_BAD };
    h.number = row->width ? big_endian(r->at + 1, row->width) : first & 1;
    if (h.kind == HEAD_INTEGER && row->width < 8 && h.number >> (8 * row->width - 1))
        h.number |= UINT64_MAX << (8 * row->width); /* sign */
    if (h.kind == HEAD_TEXT || h.kind == HEAD_BYTES)
        h.payload = h.number;
    return h;
}

static struct head head_read(const struct reader *r)
{
    if (r->at == r->end)
        return (struct head){ .kind = HEAD_BAD };
    uint8_t first = *r->at;
    if (first < 0x80)
        return (struct head){ HEAD_UNSIGNED, first, 1, 0 };
    if (first < 0x90)
        return (struct head){ HEAD_MAP, first & 15, 1, 0 };
    if (first < 0xa0)
        return (struct head){ HEAD_ARRAY, first & 15, 1, 0 };
    if (first < 0xc0)
        return (struct head){ HEAD_TEXT, first & 31, 1, first & 31 };
    if (first >= 0xe0)
        return (struct head){ HEAD_INTEGER, (uint64_t)(int64_t)(int8_t)first, 1, 0 };
    return head_wide(r, first);
}

bool reader_open(struct reader *r, struct str bytes, unsigned depth, size_t elements)
{
    struct reader walk = { (const uint8_t *)bytes.p, (const uint8_t *)bytes.p + bytes.n };
    uint64_t left[WIRE_DEPTH_MAX + 1] = { 1 }; /* values still to come on each level */
    unsigned level = 0;
    *r = walk;
    do {
        struct head h = head_read(&walk);
        if (h.kind == HEAD_BAD || elements == 0 || h.payload > (size_t)(walk.end - walk.at) - h.size)
            return false;
        walk.at += h.size + h.payload;
        elements--;
        left[level]--;
        if (h.kind == HEAD_ARRAY || h.kind == HEAD_MAP) {
            uint64_t children = h.kind == HEAD_MAP ? 2 * h.number : h.number;
            if (++level > depth || level > WIRE_DEPTH_MAX || children > elements ||
                children > (size_t)(walk.end - walk.at))
                return false;
            left[level] = children;
        }
        while (level > 0 && left[level] == 0)
            level--;
    } while (level > 0);
    return walk.at == walk.end;
}

/* Take the next value if it is of this kind. */
static bool take(struct reader *r, enum head_kind kind, struct head *out)
{
    *out = head_read(r);
    if (out->kind != kind)
        return false;
    r->at += out->size + out->payload;
    return true;
}

bool reader_array(struct reader *r, size_t *out_count)
{
    struct head h;
    if (!take(r, HEAD_ARRAY, &h))
        return false;
    *out_count = h.number;
    return true;
}

bool reader_u64(struct reader *r, uint64_t *out)
{
    struct head h = head_read(r);
    if (h.kind != HEAD_UNSIGNED && !(h.kind == HEAD_INTEGER && (int64_t)h.number >= 0))
        return false;
    r->at += h.size;
    *out = h.number;
    return true;
}

bool reader_integer(struct reader *r, int64_t low, int64_t high, int64_t *out)
{
    struct head h = head_read(r);
    if (h.kind != HEAD_INTEGER && (h.kind != HEAD_UNSIGNED || h.number > INT64_MAX))
        return false;
    int64_t value = (int64_t)h.number;
    if (value < low || value > high)
        return false;
    r->at += h.size;
    *out = value;
    return true;
}

bool reader_flag(struct reader *r, bool *out)
{
    struct head h;
    if (!take(r, HEAD_FLAG, &h))
        return false;
    *out = h.number;
    return true;
}

bool reader_nil(struct reader *r)
{
    struct head h;
    return take(r, HEAD_NIL, &h);
}

static bool take_bytes(struct reader *r, enum head_kind kind, struct str *out)
{
    struct head h;
    if (!take(r, kind, &h))
        return false;
    *out = (struct str){ (const char *)r->at - h.payload, h.payload };
    return true;
}

bool reader_bytes(struct reader *r, struct str *out)
{
    return take_bytes(r, HEAD_BYTES, out);
}

bool reader_text(struct reader *r, struct str *out)
{
    struct reader before = *r;
    struct str s;
    if (!take_bytes(r, HEAD_TEXT, &s))
        return false;
    if (!utf8_is_valid(s)) {
        *r = before;
        return false;
    }
    *out = s;
    return true;
}

static int hex_digit(char c)
{
    if (c >= '0' && c <= '9')
        return c - '0';
    c |= 0x20;
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

bool reader_command_id(struct reader *r, struct command_id *out)
{
    struct reader walk = *r;
    struct str s;
    if (take_bytes(&walk, HEAD_BYTES, &s) && s.n == sizeof(out->bytes)) {
        memcpy(out->bytes, s.p, s.n);
        *r = walk;
        return true;
    }
    walk = *r;
    if (!take_bytes(&walk, HEAD_TEXT, &s) || s.n != 2 * sizeof(out->bytes))
        return false;
    for (size_t i = 0; i < sizeof(out->bytes); i++) {
        int high = hex_digit(s.p[2 * i]), low = hex_digit(s.p[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        out->bytes[i] = (uint8_t)(high << 4 | low);
    }
    *r = walk;
    return true;
}

void reader_skip(struct reader *r)
{
    for (uint64_t left = 1; left > 0 && r->at < r->end; left--) {
        struct head h = head_read(r);
        r->at += h.size + h.payload;
        left += h.kind == HEAD_ARRAY ? h.number : h.kind == HEAD_MAP ? 2 * h.number : 0;
    }
}

/* RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF. Control characters are for the rules to judge. */
bool utf8_is_valid(struct str s)
{
    static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
    const uint8_t *p = (const uint8_t *)s.p, *end = p + s.n;
    while (p < end) {
        uint8_t first = *p++;
        if (first < 0x80)
            continue;
        unsigned more = first >= 0xf0 ? 3 : first >= 0xe0 ? 2 : 1;
        if (first < 0xc2 || first > 0xf4 || (size_t)(end - p) < more)
            return false;
        uint32_t code = first & (0x3fu >> more);
        for (unsigned i = 0; i < more; i++, p++) {
            if ((*p & 0xc0) != 0x80)
                return false;
            code = code << 6 | (*p & 0x3f);
        }
        if (code < least[more] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff))
            return false;
    }
    return true;
}
