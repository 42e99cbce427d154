/* samples.c - fills any message by its shape, with values that differ from field to field. */
#include "support.h"

static void fill(struct arena *arena, enum sample sample, const struct wire_shape *shape, void *base, unsigned *step);

static void *memory(struct arena *arena, size_t n)
{
    void *p = arena_alloc(arena, n);
    assert_non_null(p);
    return p;
}

static struct str sample_text(struct arena *arena, enum sample sample, unsigned step)
{
    char text[96];
    struct str out = { NULL, 0 };
    /* quotes, escapes, controls, NUL, two to four bytes per code point, and lengths on both sides of 32 */
    int n = snprintf(text, sizeof(text), "%u \"q\\\" \n\t\x01 é 会议 🎤 %.*s", step, (int)(step % 3) * 12,
                     "abcdefghijklmnopqrstuvwxyz");
    if (sample == SAMPLE_FULL)
        assert_true(arena_str(arena, (struct str){ text, (size_t)n + 1 }, &out));
    return out;
}

static int64_t sample_number(enum sample sample, unsigned step)
{
    static const int64_t full[] = { 1, 127, 128, 255, 256, 65535, 65536, INT64_C(4294967295), INT64_C(4294967296) };
    static const int64_t edge[] = { 0, (int64_t)LECTERN_ID_MAX };
    return sample == SAMPLE_FULL ? full[step % LECTERN_COUNT(full)] : edge[step % LECTERN_COUNT(edge)];
}

static struct number_list sample_numbers(struct arena *arena, enum sample sample, unsigned step)
{
    struct number_list list = { NULL, sample == SAMPLE_FULL ? 17u : 0u };
    int64_t *numbers = list.count ? memory(arena, list.count * sizeof(*numbers)) : NULL;
    for (size_t i = 0; i < list.count; i++)
        numbers[i] = sample_number(sample, step + (unsigned)i);
    list.numbers = numbers;
    return list;
}

static struct question_list sample_questions(struct arena *arena, enum sample sample, unsigned *step)
{
    struct question_list list = { NULL, sample == SAMPLE_FULL ? 3u : 0u };
    struct question_record *questions = list.count ? memory(arena, list.count * sizeof(*questions)) : NULL;
    for (size_t i = 0; i < list.count; i++)
        fill(arena, sample, &wire_question_shape, &questions[i], step);
    list.questions = questions;
    return list;
}

static const void *sample_record(struct arena *arena, enum sample sample, enum wire_type type, unsigned *step)
{
    if (sample == SAMPLE_EDGE && wire_types[type].may_be_nil)
        return NULL;
    void *record = memory(arena, 512);
    fill(arena, sample, wire_types[type].record, record, step);
    return record;
}

static void fill_field(struct arena *arena, enum sample sample, enum wire_type type, void *at, unsigned *step)
{
    switch (type) {
    case WIRE_TYPE_str:
        *(struct str *)at = sample_text(arena, sample, *step);
        break;
    case WIRE_TYPE_id:
        *(uint64_t *)at = (uint64_t)sample_number(sample, *step);
        break;
    case WIRE_TYPE_number:
        *(int64_t *)at = *step % 2 ? -sample_number(sample, *step) : sample_number(sample, *step);
        break;
    case WIRE_TYPE_flag:
        *(bool *)at = sample == SAMPLE_FULL;
        break;
    case WIRE_TYPE_command_id:
        memset(at, (int)(0xf0 + *step % 16), sizeof(struct command_id));
        break;
    case WIRE_TYPE_ids:
    case WIRE_TYPE_numbers:
        *(struct number_list *)at = sample_numbers(arena, sample, *step);
        break;
    case WIRE_TYPE_questions:
        *(struct question_list *)at = sample_questions(arena, sample, step);
        break;
    case WIRE_TYPE_info:
    case WIRE_TYPE_info_or_nil:
    case WIRE_TYPE_feedback_or_nil:
        *(const void **)at = sample_record(arena, sample, type, step);
        break;
    default:
        *(uint8_t *)at = sample == SAMPLE_FULL ? (uint8_t)(wire_types[type].words->count - 1) : 0;
    }
}

static void fill(struct arena *arena, enum sample sample, const struct wire_shape *shape, void *base, unsigned *step)
{
    size_t end = 0;
    for (size_t i = 0; i < shape->count; i++, ++*step) {
        enum wire_type type = shape->fields[i].type;
        fill_field(arena, sample, type, (char *)base + wire_place(&end, type), step);
    }
}

void sample_client(struct arena *arena, enum sample sample, size_t i, struct client_message *out)
{
    unsigned step = (unsigned)i;
    memset(out, 0, sizeof(*out));
    if (i < CLIENT_COMMAND) {
        out->kind = (enum client_kind)i;
        fill(arena, sample, &wire_client_shapes[i], &out->hello, &step);
        return;
    }
    out->kind = CLIENT_COMMAND;
    out->command.kind = (enum command_kind)(i - CLIENT_COMMAND);
    memset(out->command.id.bytes, 0xa0 + (int)i, sizeof(out->command.id.bytes));
    fill(arena, sample, &wire_command_shapes[out->command.kind], &out->command.question, &step);
}

void sample_server(struct arena *arena, enum sample sample, size_t i, struct server_message *out)
{
    unsigned step = (unsigned)i;
    memset(out, 0, sizeof(*out));
    out->kind = (enum server_kind)i;
    fill(arena, sample, &wire_server_shapes[i], &out->welcome, &step);
}

void sample_event(struct arena *arena, enum sample sample, size_t i, struct room_event *out)
{
    unsigned step = (unsigned)i;
    memset(out, 0, sizeof(*out));
    out->kind = (enum event_kind)i;
    fill(arena, sample, &wire_event_shapes[i], &out->asked, &step);
}
