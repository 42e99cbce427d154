/* text.c - UTF-8 one code point at a time, and join codes as people type them. */
#include "lectern/text.h"

#define DIGITS "0123456789ABCDEFGHJKMNPQRSTVWXYZ" /* Crockford's base 32 */
#define BAD_POINT UINT32_MAX

/* The code point at *at, which moves behind it. BAD_POINT when malformed (RFC 3629). */
static uint32_t next_point(struct str s, size_t *at)
{
    static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
    unsigned char lead = (unsigned char)s.p[(*at)++];
    if (lead < 0x80)
        return lead;
    size_t more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : 1;
    if (lead < 0xC2 || lead > 0xF4 || s.n - *at < more)
        return BAD_POINT;
    uint32_t point = lead & (0x3Fu >> more);
    for (size_t i = 0; i < more; i++) {
        unsigned char byte = (unsigned char)s.p[(*at)++];
        if ((byte & 0xC0) != 0x80)
            return BAD_POINT;
        point = point << 6 | (byte & 0x3F);
    }
    bool surrogate = point >= 0xD800 && point <= 0xDFFF;
    return point < least[more] || point > 0x10FFFF || surrogate ? BAD_POINT : point;
}

static bool is_control(uint32_t point)
{
    return (point < 0x20 && point != '\n' && point != '\t') || (point >= 0x7F && point < 0xA0);
}

bool text_is_valid(struct str s)
{
    for (size_t at = 0; at < s.n;) {
        uint32_t point = next_point(s, &at);
        if (point == BAD_POINT || is_control(point))
            return false;
    }
    return true;
}

bool text_is_line(struct str s)
{
    for (size_t at = 0; at < s.n;) {
        uint32_t point = next_point(s, &at);
        if (point == '\n' || point == '\t' || point == 0x2028 || point == 0x2029)
            return false;
    }
    return true;
}

size_t text_length(struct str s)
{
    size_t count = 0;
    for (size_t i = 0; i < s.n; i++)
        count += ((unsigned char)s.p[i] & 0xC0) != 0x80;
    return count;
}

/* White space, and the two characters that look like nothing at all (a name of them would look empty). */
static bool is_space(uint32_t point)
{
    static const struct {
        uint32_t first, last;
    } spaces[] = {
        { 0x09, 0x0D }, { 0x20, 0x20 }, { 0x85, 0x85 }, { 0xA0, 0xA0 }, { 0x1680, 0x1680 }, { 0x2000, 0x200B },
        { 0x2028, 0x2029 }, { 0x202F, 0x202F }, { 0x205F, 0x205F }, { 0x3000, 0x3000 }, { 0xFEFF, 0xFEFF },
    };
    for (size_t i = 0; i < LECTERN_COUNT(spaces); i++)
        if (point >= spaces[i].first && point <= spaces[i].last)
            return true;
    return false;
}

struct str text_trim(struct str s)
{
    size_t from = 0;
    while (from < s.n) {
        size_t at = from;
        if (!is_space(next_point(s, &at)))
            break;
        from = at;
    }
    size_t to = s.n;
    while (to > from) {
        size_t start = to - 1;
        while (start > from && ((unsigned char)s.p[start] & 0xC0) == 0x80)
            start--;
        size_t at = start;
        if (!is_space(next_point(s, &at)) || at != to)
            break;
        to = start;
    }
    return (struct str){ s.n ? s.p + from : s.p, to - from };
}

static bool is_hyphen(uint32_t point)
{
    return point == '-' || (point >= 0x2010 && point <= 0x2015) || point == 0x2212 || point == 0xFF0D;
}

/* The digit of a typed character, upper case and unambiguous; 0 when it is none. */
static char code_digit(uint32_t point)
{
    if (point >= 0xFF01 && point <= 0xFF5E)
        point -= 0xFF01 - '!'; /* full-width forms repeat ASCII */
    if (point >= 'a' && point <= 'z')
        point -= 'a' - 'A';
    switch (point) {
    case 'O':
        return '0';
    case 'I':
    case 'L':
        return '1';
    case 'U':
        return 'V';
    default:
        return point > 0 && point < 0x80 && strchr(DIGITS, (int)point) ? (char)point : 0;
    }
}

bool text_code_read(struct str typed, char out[LECTERN_CODE_LENGTH + 1])
{
    char code[LECTERN_CODE_LENGTH + 1] = "";
    size_t length = 0;
    for (size_t at = 0; at < typed.n;) {
        uint32_t point = next_point(typed, &at);
        if (point == BAD_POINT)
            return false;
        if (is_space(point) || is_hyphen(point))
            continue;
        char digit = code_digit(point);
        if (!digit || length == LECTERN_CODE_LENGTH)
            return false;
        code[length++] = digit;
    }
    if (length != LECTERN_CODE_LENGTH)
        return false;
    memcpy(out, code, sizeof code);
    return true;
}

void text_code_make(uint32_t random, char out[LECTERN_CODE_LENGTH + 1])
{
    for (size_t i = LECTERN_CODE_LENGTH; i-- > 0; random >>= 5)
        out[i] = DIGITS[random & 31];
    out[LECTERN_CODE_LENGTH] = '\0';
}
