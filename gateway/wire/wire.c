/* wire.c - one encoder and one decoder for all messages: they walk the shapes. */
#include "codec.h"

#define NUMBER_MAX ((int64_t)LECTERN_ID_MAX)

/* ---- encoding ---- */

static void write_fields(struct writer *w, const struct wire_shape *shape, const void *base);

static void write_record(struct writer *w, const struct wire_shape *shape, const void *base)
{
    w->ops->array(w, shape->count);
    write_fields(w, shape, base);
    w->ops->array_end(w);
}

static void write_integers(struct writer *w, const void *numbers, size_t count)
{
    w->ops->array(w, count);
    for (size_t i = 0; i < count; i++)
        w->ops->integer(w, ((const int64_t *)numbers)[i]); /* ids too: they stay below 2^53 */
    w->ops->array_end(w);
}

static void write_questions(struct writer *w, const struct question_list *list)
{
    w->ops->array(w, list->count);
    for (size_t i = 0; i < list->count; i++)
        write_record(w, &wire_question_shape, &list->questions[i]);
    w->ops->array_end(w);
}

static void write_field(struct writer *w, enum wire_type type, const void *at)
{
    const struct wire_type_row *row = &wire_types[type];
    const void *record;
    switch (type) {
    case WIRE_TYPE_str:
        w->ops->text(w, *(const struct str *)at);
        break;
    case WIRE_TYPE_id:
    case WIRE_TYPE_number:
        w->ops->integer(w, *(const int64_t *)at);
        break;
    case WIRE_TYPE_flag:
        w->ops->flag(w, *(const bool *)at);
        break;
    case WIRE_TYPE_command_id:
        w->ops->command_id(w, at);
        break;
    case WIRE_TYPE_ids:
        write_integers(w, ((const struct id_list *)at)->ids, ((const struct id_list *)at)->count);
        break;
    case WIRE_TYPE_numbers:
        write_integers(w, ((const struct number_list *)at)->numbers, ((const struct number_list *)at)->count);
        break;
    case WIRE_TYPE_questions:
        write_questions(w, at);
        break;
    case WIRE_TYPE_info:
    case WIRE_TYPE_info_or_nil:
    case WIRE_TYPE_feedback_or_nil:
        memcpy(&record, at, sizeof(record));
        if (record)
            write_record(w, row->record, record);
        else
            w->ops->nil(w);
        break;
    default:
        w->ops->text(w, str_of(word_of(row->words, *(const uint8_t *)at)));
    }
}

static void write_fields(struct writer *w, const struct wire_shape *shape, const void *base)
{
    size_t end = 0;
    for (size_t i = 0; i < shape->count; i++)
        write_field(w, shape->fields[i].type, (const char *)base + wire_place(&end, shape->fields[i].type));
}

static void write_message(struct buf *out, enum wire_encoding e, const struct wire_shape *shape,
                          const struct command_id *id, const void *base)
{
    struct writer w = { .ops = e == WIRE_JSON ? &writer_json : &writer_msgpack, .out = out };
    w.ops->array(&w, 1 + (id != NULL) + shape->count);
    w.ops->text(&w, str_of(shape->word));
    if (id)
        w.ops->command_id(&w, id);
    write_fields(&w, shape, base);
    w.ops->array_end(&w);
}

void wire_encode_server(struct buf *out, enum wire_encoding e, const struct server_message *m)
{
    write_message(out, e, &wire_server_shapes[m->kind], NULL, &m->welcome);
}

void wire_encode_client(struct buf *out, enum wire_encoding e, const struct client_message *m)
{
    if (m->kind == CLIENT_COMMAND)
        write_message(out, e, &wire_command_shapes[m->command.kind], &m->command.id, &m->command.question);
    else
        write_message(out, e, &wire_client_shapes[m->kind], NULL, &m->hello);
}

void wire_encode_event_body(struct buf *out, const struct room_event *event)
{
    struct writer w = { .ops = &writer_msgpack, .out = out };
    write_record(&w, &wire_event_shapes[event->kind], &event->asked);
}

/* ---- decoding ---- */

static int read_record(struct reader *r, const struct wire_shape *shape, struct arena *scratch, void *base);

static int read_integers(struct reader *r, int64_t low, struct arena *scratch, const int64_t **out, size_t *out_count)
{
    size_t count;
    int64_t *numbers = NULL;
    if (!reader_array(r, &count))
        return LECTERN_EINVAL;
    if (count && !(numbers = arena_alloc(scratch, count * sizeof(*numbers))))
        return LECTERN_EFULL;
    for (size_t i = 0; i < count; i++)
        if (!reader_integer(r, low, NUMBER_MAX, &numbers[i]))
            return LECTERN_EINVAL;
    *out = numbers;
    *out_count = count;
    return 0;
}

static int read_ids(struct reader *r, struct arena *scratch, struct id_list *out)
{
    const int64_t *numbers;
    int rc = read_integers(r, 0, scratch, &numbers, &out->count);
    out->ids = rc ? NULL : (const uint64_t *)numbers;
    return rc;
}

static int read_questions(struct reader *r, struct arena *scratch, struct question_list *out)
{
    size_t count;
    struct question_record *questions = NULL;
    if (!reader_array(r, &count))
        return LECTERN_EINVAL;
    if (count && !(questions = arena_alloc(scratch, count * sizeof(*questions))))
        return LECTERN_EFULL;
    for (size_t i = 0; i < count; i++) {
        int rc = read_record(r, &wire_question_shape, scratch, &questions[i]);
        if (rc)
            return rc;
    }
    *out = (struct question_list){ questions, count };
    return 0;
}

static size_t record_size(const struct wire_shape *shape)
{
    size_t end = 0;
    for (size_t i = 0; i < shape->count; i++)
        wire_place(&end, shape->fields[i].type);
    return (end + 15) & ~(size_t)15;
}

static int read_pointer(struct reader *r, const struct wire_type_row *row, struct arena *scratch, void *at)
{
    void *record = NULL;
    int rc = 0;
    if (!row->may_be_nil || !reader_nil(r)) {
        if (!(record = arena_alloc(scratch, record_size(row->record))))
            return LECTERN_EFULL;
        rc = read_record(r, row->record, scratch, record);
    }
    memcpy(at, &record, sizeof(record));
    return rc;
}

static bool read_word(struct reader *r, const struct word_list *words, uint8_t *out)
{
    struct str word;
    int value = reader_text(r, &word) ? word_value(words, word) : -1;
    *out = value < 0 ? 0 : (uint8_t)value;
    return value >= 0;
}

static int read_field(struct reader *r, enum wire_type type, struct arena *scratch, void *at)
{
    bool ok;
    switch (type) {
    case WIRE_TYPE_str:
        ok = reader_text(r, at);
        break;
    case WIRE_TYPE_id:
        ok = reader_integer(r, 0, NUMBER_MAX, at);
        break;
    case WIRE_TYPE_number:
        ok = reader_integer(r, -NUMBER_MAX, NUMBER_MAX, at);
        break;
    case WIRE_TYPE_flag:
        ok = reader_flag(r, at);
        break;
    case WIRE_TYPE_command_id:
        ok = reader_command_id(r, at);
        break;
    case WIRE_TYPE_ids:
        return read_ids(r, scratch, at);
    case WIRE_TYPE_numbers:
        return read_integers(r, -NUMBER_MAX, scratch, &((struct number_list *)at)->numbers,
                             &((struct number_list *)at)->count);
    case WIRE_TYPE_questions:
        return read_questions(r, scratch, at);
    case WIRE_TYPE_info:
    case WIRE_TYPE_info_or_nil:
    case WIRE_TYPE_feedback_or_nil:
        return read_pointer(r, &wire_types[type], scratch, at);
    default:
        ok = read_word(r, wire_types[type].words, at);
    }
    return ok ? 0 : LECTERN_EINVAL;
}

/* `count` values are left in the array; those beyond the shape are skipped. */
static int read_fields(struct reader *r, const struct wire_shape *shape, size_t count, struct arena *scratch,
                       void *base)
{
    size_t end = 0;
    if (count < shape->count)
        return LECTERN_EINVAL;
    for (size_t i = 0; i < shape->count; i++) {
        enum wire_type type = shape->fields[i].type;
        int rc = read_field(r, type, scratch, (char *)base + wire_place(&end, type));
        if (rc)
            return rc;
    }
    for (size_t i = shape->count; i < count; i++)
        reader_skip(r);
    return 0;
}

static int read_record(struct reader *r, const struct wire_shape *shape, struct arena *scratch, void *base)
{
    size_t count;
    if (!reader_array(r, &count))
        return LECTERN_EINVAL;
    return read_fields(r, shape, count, scratch, base);
}

/* The row of `shapes` with this word, or -1. */
static int shape_of(const struct wire_shape *shapes, size_t count, struct str word)
{
    for (size_t i = 0; i < count; i++)
        if (str_equal(str_of(shapes[i].word), word))
            return (int)i;
    return -1;
}

/* Open a message and take its word; *out_left elements follow. */
static int open_message(struct reader *r, enum wire_encoding e, struct str bytes, size_t elements,
                        struct arena *scratch, struct str *out_word, size_t *out_left)
{
    if (e == WIRE_JSON) {
        int rc = json_to_msgpack(bytes, WIRE_DEPTH_MAX, elements, scratch, &bytes);
        if (rc)
            return rc;
    }
    if (!reader_open(r, bytes, WIRE_DEPTH_MAX, elements) || !reader_array(r, out_left) || *out_left == 0 ||
        !reader_text(r, out_word))
        return LECTERN_EINVAL;
    --*out_left;
    return 0;
}

static int read_command(struct reader *r, struct str word, size_t left, struct arena *scratch, struct command *out,
                        enum refusal *out_refusal)
{
    if (left == 0 || !reader_command_id(r, &out->id))
        return LECTERN_EINVAL;
    int kind = shape_of(wire_command_shapes, COMMAND_COUNT, word);
    if (kind < 0) {
        *out_refusal = REFUSAL_UNKNOWN_COMMAND;
        return 0;
    }
    out->kind = (enum command_kind)kind;
    int rc = read_fields(r, &wire_command_shapes[kind], left - 1, scratch, &out->question);
    if (rc == LECTERN_EINVAL)
        *out_refusal = REFUSAL_MALFORMED;
    return rc == LECTERN_EFULL ? rc : 0;
}

int wire_decode_client(enum wire_encoding e, struct str bytes, struct arena *scratch, struct client_message *out,
                       enum refusal *out_refusal)
{
    struct reader r;
    struct str word;
    size_t left;
    memset(out, 0, sizeof(*out));
    *out_refusal = REFUSAL_NONE;
    int rc = open_message(&r, e, bytes, WIRE_CLIENT_ELEMENTS_MAX, scratch, &word, &left);
    if (rc)
        return rc;
    int kind = shape_of(wire_client_shapes, CLIENT_COMMAND, word);
    out->kind = kind < 0 ? CLIENT_COMMAND : (enum client_kind)kind;
    if (kind < 0)
        return read_command(&r, word, left, scratch, &out->command, out_refusal);
    return read_fields(&r, &wire_client_shapes[kind], left, scratch, &out->hello);
}

int wire_decode_server(enum wire_encoding e, struct str bytes, struct arena *scratch, struct server_message *out)
{
    struct reader r;
    struct str word;
    size_t left;
    memset(out, 0, sizeof(*out));
    int rc = open_message(&r, e, bytes, WIRE_ELEMENTS_MAX, scratch, &word, &left);
    if (rc)
        return rc;
    int kind = shape_of(wire_server_shapes, SERVER_COUNT, word);
    if (kind < 0)
        return LECTERN_EINVAL;
    out->kind = (enum server_kind)kind;
    return read_fields(&r, &wire_server_shapes[kind], left, scratch, &out->welcome);
}

int wire_decode_event_body(struct str body, struct arena *scratch, struct room_event *inout)
{
    struct reader r;
    if ((unsigned)inout->kind >= EVENT_COUNT || !reader_open(&r, body, WIRE_DEPTH_MAX, WIRE_ELEMENTS_MAX))
        return LECTERN_EINVAL;
    return read_record(&r, &wire_event_shapes[inout->kind], scratch, &inout->asked);
}
