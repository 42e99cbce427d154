/* language.c - reading and writing values by the type column of the tables. */
#include "language.h"

#include <stdlib.h>
#include <string.h>

struct label *label_named(struct labels *labels, const char *name)
{
    for (size_t i = 0; i < labels->count; i++)
        if (strcmp(labels->list[i].name, name) == 0)
            return &labels->list[i];
    return NULL;
}

const char *label_of(const struct labels *labels, uint64_t id)
{
    for (size_t i = 0; i < labels->count; i++)
        if (labels->list[i].id == id)
            return labels->list[i].name;
    return NULL;
}

bool label_add(struct labels *labels, const char *name, uint64_t id, uint8_t role)
{
    if (labels->count == LABELS_MAX || strlen(name) >= sizeof labels->list[0].name || label_named(labels, name))
        return false;
    struct label *label = &labels->list[labels->count++];
    memcpy(label->name, name, strlen(name) + 1);
    label->id = id;
    label->role = role;
    return true;
}

/* One token from *at, its quotes removed; *at moves behind it. */
static char *next_token(char **at)
{
    char *from = *at, *to = *at, *start = *at;
    for (bool quoted = false; *from && (quoted || !strchr(" \t\r\n", *from)); from++) {
        if (*from == '"')
            quoted = !quoted;
        else
            *to++ = *from;
    }
    *at = *from ? from + 1 : from;
    *to = '\0';
    return start;
}

size_t tokens_split(char *line, char *tokens[TOKENS_MAX])
{
    size_t count = 0;
    for (char *at = line; count < TOKENS_MAX;) {
        at += strspn(at, " \t\r\n");
        if (!*at || *at == '#')
            break;
        tokens[count++] = next_token(&at);
    }
    return count;
}

/* ---- reading: read_TYPE takes the next token ---- */

struct reader {
    struct labels *labels;
    char **tokens;
    size_t count, at;
};

static const char *take(struct reader *in)
{
    return in->at < in->count ? in->tokens[in->at++] : NULL;
}

static bool read_str(struct reader *in, struct str *out)
{
    *out = str_of(take(in));
    return true;
}

static bool read_number(struct reader *in, int64_t *out)
{
    const char *token = take(in);
    char *end = NULL;
    *out = token ? strtoll(token, &end, 10) : 0;
    return !token || *end == '\0';
}

static bool read_id(struct reader *in, uint64_t *out)
{
    const char *token = take(in);
    struct label *label = token ? label_named(in->labels, token) : NULL;
    char *end = NULL;
    *out = label ? label->id : token ? strtoull(token, &end, 10) : 0;
    return label || (token && *end == '\0');
}

static bool read_flag(struct reader *in, bool *out)
{
    const char *token = take(in);
    *out = token && strcmp(token, "yes") == 0;
    return !token || *out || strcmp(token, "no") == 0;
}

static bool read_word(struct reader *in, const struct word_list *list, uint8_t *out)
{
    const char *token = take(in);
    int value = token ? word_value(list, str_of(token)) : 0;
    *out = (uint8_t)value;
    return value >= 0;
}

#define read_session_state(in, out) read_word(in, &word_list_session_state, out)
#define read_question_state(in, out) read_word(in, &word_list_question_state, out)
#define read_reason(in, out) read_word(in, &word_list_reason, out)
#define read_policy(in, out) read_word(in, &word_list_policy, out)

#define READ_FIELD(type, name) \
    if (!read_##type(in, &body->name)) \
        return "a bad value for " #name;
#define READ_COMMAND(NAME, word, roles, sessions, questions, FIELDS) \
    static const char *read_command_##word(struct reader *in, struct command *command) \
    { \
        __typeof__(command->word) *body = &command->word; \
        FIELDS(READ_FIELD) \
        return in->at < in->count ? "too many fields for " #word : NULL; \
    }
LECTERN_COMMANDS(READ_COMMAND)

#define READ_ROW(NAME, word, roles, sessions, questions, FIELDS) read_command_##word,
static const char *(*const readers[COMMAND_COUNT])(struct reader *in, struct command *command) = {
    LECTERN_COMMANDS(READ_ROW)
};

const char *command_read(struct labels *labels, char **tokens, size_t count, struct command *out)
{
    int kind = word_value(&word_list_command, str_of(tokens[0]));
    if (kind < 0)
        return "no such command";
    *out = (struct command){ .kind = (enum command_kind)kind };
    struct reader in = { labels, tokens, count, 1 };
    return readers[kind](&in, out);
}

/* ---- writing: write_TYPE appends one line ---- */

static void write_str(const struct labels *labels, struct buf *out, const char *name, struct str value)
{
    (void)labels;
    buf_printf(out, "%s=%.*s\n", name, (int)value.n, value.n ? value.p : "");
}

static void write_number(const struct labels *labels, struct buf *out, const char *name, int64_t value)
{
    (void)labels;
    buf_printf(out, "%s=%lld\n", name, (long long)value);
}

static void write_value(const struct labels *labels, struct buf *out, uint64_t value)
{
    const char *label = label_of(labels, value);
    if (label)
        buf_printf(out, "%s", label);
    else
        buf_printf(out, "%llu", (unsigned long long)value);
}

static void write_id(const struct labels *labels, struct buf *out, const char *name, uint64_t value)
{
    buf_printf(out, "%s=", name);
    write_value(labels, out, value);
    buf_put_byte(out, '\n');
}

static void write_flag(const struct labels *labels, struct buf *out, const char *name, bool value)
{
    (void)labels;
    buf_printf(out, "%s=%s\n", name, value ? "yes" : "no");
}

/* Pairs of a question and its count, as question:count. */
static void write_ids(const struct labels *labels, struct buf *out, const char *name, struct id_list value)
{
    buf_printf(out, "%s=", name);
    for (size_t i = 0; i + 1 < value.count; i += 2) {
        buf_printf(out, "%s", i ? "," : "");
        write_value(labels, out, value.ids[i]);
        buf_printf(out, ":%llu", (unsigned long long)value.ids[i + 1]);
    }
    buf_put_byte(out, '\n');
}

/* The only list of numbers is that of the policies: one line for each. */
static void write_numbers(const struct labels *labels, struct buf *out, const char *name, struct number_list value)
{
    (void)name;
    for (size_t i = 0; i < value.count; i++)
        write_number(labels, out, word_of(&word_list_policy, (unsigned)i), value.numbers[i]);
}

static void write_word(struct buf *out, const char *name, const struct word_list *list, unsigned value)
{
    buf_printf(out, "%s=%s\n", name, word_of(list, value));
}

#define write_session_state(labels, out, name, value) write_word(out, name, &word_list_session_state, value)
#define write_question_state(labels, out, name, value) write_word(out, name, &word_list_question_state, value)
#define write_reason(labels, out, name, value) write_word(out, name, &word_list_reason, value)
#define write_policy(labels, out, name, value) write_word(out, name, &word_list_policy, value)

#define WRITE_FIELD(type, name) write_##type(labels, out, #name, body->name);
#define WRITE_EVENT(NAME, word, FIELDS) \
    case EVENT_##NAME: { \
        const __typeof__(event->word) *body = &event->word; \
        FIELDS(WRITE_FIELD) \
        break; \
    }

void event_write(const struct labels *labels, const struct room_event *event, struct buf *out)
{
    write_word(out, "kind", &word_list_event, event->kind);
    write_id(labels, out, "actor", event->actor);
    switch (event->kind) {
        LECTERN_EVENTS(WRITE_EVENT)
    case EVENT_COUNT:
        break;
    }
}

void question_write(const struct labels *labels, const struct question_record *body, struct buf *out)
{
    LECTERN_RECORD_QUESTION(WRITE_FIELD)
}

void info_write(const struct labels *labels, const struct info_record *body, struct buf *out)
{
    LECTERN_RECORD_INFO(WRITE_FIELD)
}

bool lines_have(const struct buf *lines, const char *expectation)
{
    size_t n = strlen(expectation);
    const char *at = (const char *)lines->data, *end = at + lines->len;
    while (at < end) {
        const char *stop = memchr(at, '\n', (size_t)(end - at));
        if ((size_t)(stop - at) == n && memcmp(at, expectation, n) == 0)
            return true;
        at = stop + 1;
    }
    return false;
}
