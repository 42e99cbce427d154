/* text.h - text as people write it: UTF-8, counted as they count, join codes as they type them. Pure. */
#ifndef LECTERN_TEXT_H
#define LECTERN_TEXT_H

#include "lectern/base.h"

#define LECTERN_CODE_LENGTH 6

/* Is `s` well-formed UTF-8 (RFC 3629: no overlong forms, no surrogates) without control characters other than
 * newline and tab? */
bool text_is_valid(struct str s);

/* Has a valid `s` no line breaks and no tabs? For names and titles. */
bool text_is_line(struct str s);

/* Unicode code points in a valid `s`: one for a Chinese character, one for a Latin letter. O(n). */
size_t text_length(struct str s);

/* `s` without white space at both ends, the ideographic space U+3000 included. Borrows from `s`. */
struct str text_trim(struct str s);

/* Read a join code as typed: any case, full-width letters and digits, spaces and hyphens between, and the
 * look-alikes of Crockford's base 32 (O is 0, I and L are 1, U is V). Writes LECTERN_CODE_LENGTH characters and
 * a NUL. false when no code can be read (out untouched). */
bool text_code_read(struct str typed, char out[LECTERN_CODE_LENGTH + 1]);

/* A code out of 30 random bits. */
void text_code_make(uint32_t random, char out[LECTERN_CODE_LENGTH + 1]);

#endif
