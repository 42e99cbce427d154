/* shape.h - the tables of include/lectern/tbl as data: what the codec and the generator walk.
 *
 * A shape is the list of fields of one message, command, event or record. Where a field is in the C struct follows from
 * the types before it, as the compiler lays out a struct: wire_place says it. Adding a row to a table therefore changes
 * the codec, the TypeScript and the documents at once.
 */
#ifndef GATEWAY_WIRE_SHAPE_H
#define GATEWAY_WIRE_SHAPE_H

#include "lectern/message.h"

/* X(type): the types of fields, as the tables write them. */
#define WIRE_PLAIN_TYPES(X) X(str) X(id) X(number) X(flag) X(command_id) X(ids) X(numbers)
#define WIRE_RECORD_TYPES(X) X(questions) X(info) X(info_or_nil) X(feedback_or_nil)
#define WIRE_WORD_TYPES(X) \
    X(role) X(page) X(session_state) X(question_state) X(reason) X(policy) X(refusal) X(close_reason)

#define WIRE_ROW_TYPE(type) WIRE_TYPE_##type,
enum wire_type {
    WIRE_PLAIN_TYPES(WIRE_ROW_TYPE) WIRE_RECORD_TYPES(WIRE_ROW_TYPE) WIRE_WORD_TYPES(WIRE_ROW_TYPE) WIRE_TYPE_COUNT
};

struct wire_field {
    const char *name;
    enum wire_type type;
};

struct wire_shape {
    const char *word; /* of the message; NULL for records */
    const struct wire_field *fields;
    size_t count;
};

/* One entry per enum value. */
extern const struct wire_shape wire_client_shapes[CLIENT_COMMAND];
extern const struct wire_shape wire_server_shapes[SERVER_COUNT];
extern const struct wire_shape wire_command_shapes[COMMAND_COUNT];
extern const struct wire_shape wire_event_shapes[EVENT_COUNT];
extern const struct wire_shape wire_question_shape, wire_info_shape, wire_feedback_shape;

struct wire_type_row {
    const char *name;
    size_t size, align; /* of its C type */
    const struct word_list *words;   /* of word types */
    const struct wire_shape *record; /* of record types */
    bool may_be_nil;
};
extern const struct wire_type_row wire_types[WIRE_TYPE_COUNT];

/* The offset of the next field, of `type`, in a struct whose fields so far end at *end; moves *end behind it. */
static inline size_t wire_place(size_t *end, enum wire_type type)
{
    size_t align = wire_types[type].align, offset = (*end + align - 1) & ~(align - 1);
    *end = offset + wire_types[type].size;
    return offset;
}

#endif
