/* shape.c - one array of fields per row of the tables, and what there is to know about each type. */
#include "shape.h"

#define FIELD(type, name) { #name, WIRE_TYPE_##type },
#define SHAPE(word, fields) { word, fields, LECTERN_COUNT(fields) },

#define CLIENT_FIELDS(NAME, word, FIELDS) static const struct wire_field client_##word[] = { FIELDS(FIELD) };
#define CLIENT_SHAPE(NAME, word, FIELDS) SHAPE(#word, client_##word)
LECTERN_CLIENT_MESSAGES(CLIENT_FIELDS)
const struct wire_shape wire_client_shapes[CLIENT_COMMAND] = { LECTERN_CLIENT_MESSAGES(CLIENT_SHAPE) };

#define SERVER_FIELDS(NAME, word, FIELDS) static const struct wire_field server_##word[] = { FIELDS(FIELD) };
#define SERVER_SHAPE(NAME, word, FIELDS) SHAPE(#word, server_##word)
LECTERN_SERVER_MESSAGES(SERVER_FIELDS)
const struct wire_shape wire_server_shapes[SERVER_COUNT] = { LECTERN_SERVER_MESSAGES(SERVER_SHAPE) };

#define COMMAND_FIELDS(NAME, word, roles, sessions, questions, FIELDS) \
    static const struct wire_field command_##word[] = { FIELDS(FIELD) };
#define COMMAND_SHAPE(NAME, word, roles, sessions, questions, FIELDS) SHAPE(#word, command_##word)
LECTERN_COMMANDS(COMMAND_FIELDS)
const struct wire_shape wire_command_shapes[COMMAND_COUNT] = { LECTERN_COMMANDS(COMMAND_SHAPE) };

#define EVENT_FIELDS(NAME, word, FIELDS) static const struct wire_field event_##word[] = { FIELDS(FIELD) };
#define EVENT_SHAPE(NAME, word, FIELDS) SHAPE(#word, event_##word)
LECTERN_EVENTS(EVENT_FIELDS)
const struct wire_shape wire_event_shapes[EVENT_COUNT] = { LECTERN_EVENTS(EVENT_SHAPE) };

#define RECORD(name, FIELDS) \
    static const struct wire_field record_##name[] = { FIELDS(FIELD) }; \
    const struct wire_shape wire_##name##_shape = { NULL, record_##name, LECTERN_COUNT(record_##name) };
RECORD(question, LECTERN_RECORD_QUESTION)
RECORD(info, LECTERN_RECORD_INFO)
RECORD(feedback, LECTERN_RECORD_FEEDBACK)

#define TYPE(type) .name = #type, .size = sizeof(LECTERN_TYPE_##type), .align = _Alignof(LECTERN_TYPE_##type)
#define PLAIN_TYPE(type) [WIRE_TYPE_##type] = { TYPE(type) },
#define WORD_TYPE(type) [WIRE_TYPE_##type] = { TYPE(type), .words = &word_list_##type },

const struct wire_type_row wire_types[WIRE_TYPE_COUNT] = {
    WIRE_PLAIN_TYPES(PLAIN_TYPE) WIRE_WORD_TYPES(WORD_TYPE)
    [WIRE_TYPE_questions] = { TYPE(questions), .record = &wire_question_shape },
    [WIRE_TYPE_info] = { TYPE(info), .record = &wire_info_shape },
    [WIRE_TYPE_info_or_nil] = { TYPE(info_or_nil), .record = &wire_info_shape, .may_be_nil = true },
    [WIRE_TYPE_feedback_or_nil] = { TYPE(feedback_or_nil), .record = &wire_feedback_shape, .may_be_nil = true },
};
