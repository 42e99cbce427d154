/* message.h - the C structs of the tables: commands, events, messages, records.
 *
 * Nothing is written by hand here: each row of tbl/command.h, tbl/event.h and tbl/message.h becomes one enum value and
 * one struct whose members are the row's fields. All `struct str` borrow from whoever made the message.
 */
#ifndef LECTERN_MESSAGE_H
#define LECTERN_MESSAGE_H

#include "lectern/tbl/close_reason.h"
#include "lectern/tbl/command.h"
#include "lectern/tbl/event.h"
#include "lectern/tbl/message.h"
#include "lectern/tbl/refusal.h"
#include "lectern/words.h"

#define LECTERN_ROW_REFUSAL(NAME, word, retry, text) REFUSAL_##NAME,
enum refusal { LECTERN_REFUSALS(LECTERN_ROW_REFUSAL) REFUSAL_COUNT };
#define LECTERN_ROW_CLOSE(NAME, word, code, retry_ms, text) CLOSE_##NAME,
enum close_reason { LECTERN_CLOSE_REASONS(LECTERN_ROW_CLOSE) CLOSE_COUNT };

struct refusal_row {
    const char *text;
    bool retry;
};
extern const struct refusal_row refusal_rows[REFUSAL_COUNT];
extern const struct word_list word_list_refusal;

struct close_row {
    int code;
    int retry_ms;
    const char *text;
};
extern const struct close_row close_rows[CLOSE_COUNT];
extern const struct word_list word_list_close_reason;

/* The C type of each field type. */
struct id_list {
    const uint64_t *ids;
    size_t count;
};
struct number_list {
    const int64_t *numbers;
    size_t count;
};
struct question_record;
struct info_record;
struct feedback_record;
struct question_list {
    const struct question_record *questions;
    size_t count;
};

#define LECTERN_TYPE_str struct str
#define LECTERN_TYPE_id uint64_t
#define LECTERN_TYPE_number int64_t
#define LECTERN_TYPE_flag bool
#define LECTERN_TYPE_command_id struct command_id
#define LECTERN_TYPE_ids struct id_list
#define LECTERN_TYPE_numbers struct number_list
#define LECTERN_TYPE_questions struct question_list
#define LECTERN_TYPE_info const struct info_record *
#define LECTERN_TYPE_info_or_nil const struct info_record *
#define LECTERN_TYPE_feedback_or_nil const struct feedback_record *
#define LECTERN_TYPE_role uint8_t
#define LECTERN_TYPE_page uint8_t
#define LECTERN_TYPE_session_state uint8_t
#define LECTERN_TYPE_question_state uint8_t
#define LECTERN_TYPE_reason uint8_t
#define LECTERN_TYPE_policy uint8_t
#define LECTERN_TYPE_refusal uint8_t
#define LECTERN_TYPE_close_reason uint8_t

#define LECTERN_MEMBER(type, name) LECTERN_TYPE_##type name;

struct question_record { LECTERN_RECORD_QUESTION(LECTERN_MEMBER) };
struct info_record { LECTERN_RECORD_INFO(LECTERN_MEMBER) };
struct feedback_record { LECTERN_RECORD_FEEDBACK(LECTERN_MEMBER) };

/* Commands: enum command_kind, struct command. */
#define LECTERN_ROW_COMMAND(NAME, word, roles, sessions, questions, FIELDS) COMMAND_##NAME,
enum command_kind { LECTERN_COMMANDS(LECTERN_ROW_COMMAND) COMMAND_COUNT };

#define LECTERN_UNION_COMMAND(NAME, word, roles, sessions, questions, FIELDS) struct { FIELDS(LECTERN_MEMBER) } word;
struct command {
    enum command_kind kind;
    struct command_id id;
    union {
        /* the first field of every command that names a question */
        uint64_t question;
        LECTERN_COMMANDS(LECTERN_UNION_COMMAND)
    };
};

struct command_row {
    uint32_t roles;     /* BIT(enum role) */
    uint32_t sessions;  /* BIT(enum session_state) */
    uint32_t questions; /* BIT(enum question_state); 0: names no question */
};
extern const struct command_row command_rows[COMMAND_COUNT];
extern const struct word_list word_list_command;

/* Events: enum event_kind, struct room_event. */
#define LECTERN_ROW_EVENT(NAME, word, FIELDS) EVENT_##NAME,
enum event_kind { LECTERN_EVENTS(LECTERN_ROW_EVENT) EVENT_COUNT };
extern const struct word_list word_list_event;

#define LECTERN_UNION_EVENT(NAME, word, FIELDS) struct { FIELDS(LECTERN_MEMBER) } word;
struct room_event {
    seq_t seq;
    ms_t at;
    uint64_t actor; /* participant */
    enum event_kind kind;
    union {
        LECTERN_EVENTS(LECTERN_UNION_EVENT)
    };
    struct feedback_record said; /* of a feedback event from room_check: it goes to a table of its own, not into the log */
};

/* Client and server messages. */
#define LECTERN_ROW_CLIENT(NAME, word, FIELDS) CLIENT_##NAME,
enum client_kind { LECTERN_CLIENT_MESSAGES(LECTERN_ROW_CLIENT) CLIENT_COMMAND, CLIENT_COUNT };
#define LECTERN_ROW_SERVER(NAME, word, FIELDS) SERVER_##NAME,
enum server_kind { LECTERN_SERVER_MESSAGES(LECTERN_ROW_SERVER) SERVER_COUNT };

#define LECTERN_UNION_MESSAGE(NAME, word, FIELDS) struct { FIELDS(LECTERN_MEMBER) } word;
struct client_message {
    enum client_kind kind;
    union {
        LECTERN_CLIENT_MESSAGES(LECTERN_UNION_MESSAGE)
        struct command command; /* CLIENT_COMMAND */
    };
};
struct server_message {
    enum server_kind kind;
    union {
        LECTERN_SERVER_MESSAGES(LECTERN_UNION_MESSAGE)
    };
};

#endif
