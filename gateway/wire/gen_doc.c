/* gen_doc.c - the reference tables of PROTOCOL.md. */
#include <inttypes.h>

#include "gen.h"

static void put_signature(struct buf *out, const struct wire_shape *shape, const char *second)
{
    buf_printf(out, "`[");
    if (shape->word)
        buf_printf(out, "\"%s\"%s%s", shape->word, second, shape->count ? ", " : "");
    for (size_t i = 0; i < shape->count; i++)
        buf_printf(out, "%s%s: %s", i ? ", " : "", shape->fields[i].name, wire_types[shape->fields[i].type].name);
    buf_printf(out, "]`");
}

static void put_messages(struct buf *out, const char *title, const struct wire_shape *shapes, size_t count)
{
    buf_printf(out, "### %s\n\n", title);
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, "- ");
        put_signature(out, &shapes[i], "");
        buf_printf(out, "\n");
    }
    buf_printf(out, "\n");
}

/* The words of a mask; "any" for all of them, "–" for none. */
static void put_mask(struct buf *out, const struct word_list *list, uint32_t mask)
{
    uint32_t all = BIT(list->count) - 1;
    const char *between = "";
    if (mask == all || mask == 0)
        buf_put_str(out, mask ? STR("any") : STR("–"));
    for (unsigned i = 0; mask != all && i < list->count; i++) {
        if (!(mask & BIT(i)))
            continue;
        buf_printf(out, "%s%s", between, list->words[i]);
        between = ", ";
    }
}

static void put_commands(struct buf *out)
{
    buf_printf(out, "### Commands\n\n| message | roles | session is | question is |\n|---|---|---|---|\n");
    for (unsigned i = 0; i < COMMAND_COUNT; i++) {
        buf_printf(out, "| ");
        put_signature(out, &wire_command_shapes[i], ", id: command_id");
        buf_printf(out, " | ");
        put_mask(out, &word_list_role, command_rows[i].roles);
        buf_printf(out, " | ");
        put_mask(out, &word_list_session_state, command_rows[i].sessions);
        buf_printf(out, " | ");
        put_mask(out, &word_list_question_state, command_rows[i].questions);
        buf_printf(out, " |\n");
    }
    buf_printf(out, "\n");
}

static void put_records(struct buf *out)
{
    static const struct {
        const char *name;
        const struct wire_shape *shape;
    } records[] = {
        { "question", &wire_question_shape }, { "info", &wire_info_shape }, { "feedback", &wire_feedback_shape }
    };
    buf_printf(out, "### Records\n\n");
    for (size_t i = 0; i < LECTERN_COUNT(records); i++) {
        buf_printf(out, "- %s: ", records[i].name);
        put_signature(out, records[i].shape, "");
        buf_printf(out, "\n");
    }
    buf_printf(out, "\n");
}

static void put_words(struct buf *out)
{
    static const struct {
        const char *name;
        const struct word_list *list;
    } lists[] = {
        { "role", &word_list_role },
        { "page", &word_list_page },
        { "session_state", &word_list_session_state },
        { "question_state", &word_list_question_state },
        { "reason", &word_list_reason },
    };
    buf_printf(out, "### Words\n\n| type | words |\n|---|---|\n");
    for (size_t i = 0; i < LECTERN_COUNT(lists); i++) {
        buf_printf(out, "| %s | ", lists[i].name);
        for (unsigned w = 0; w < lists[i].list->count; w++)
            buf_printf(out, "%s`%s`", w ? " " : "", lists[i].list->words[w]);
        buf_printf(out, " |\n");
    }
    buf_printf(out, "\n");
}

static void put_steps(struct buf *out)
{
    buf_printf(out, "### The way of a session\n\nThe states that `state` may lead to. A session that has questions does not become a"
                    " draft again.\n\n| from | to |\n|---|---|\n");
    for (unsigned from = 0; from < SESSION_COUNT; from++) {
        buf_printf(out, "| `%s` | ", word_of(&word_list_session_state, from));
        put_mask(out, &word_list_session_state, session_steps[from]);
        buf_printf(out, " |\n");
    }
    buf_printf(out, "\n");
}

static void put_tables(struct buf *out)
{
    buf_printf(out, "### Policies\n\nIn the order of `info.policies`.\n\n| policy | initial | lowest | highest |\n"
                    "|---|---|---|---|\n");
    for (unsigned i = 0; i < POLICY_COUNT; i++)
        buf_printf(out, "| `%s` | %" PRId64 " | %" PRId64 " | %" PRId64 " |\n", word_of(&word_list_policy, i),
                   policy_rows[i].initial, policy_rows[i].low, policy_rows[i].high);
    buf_printf(out, "\n### Refusals\n\n| refusal | send again later | means |\n|---|---|---|\n");
    for (unsigned i = 0; i < REFUSAL_COUNT; i++)
        buf_printf(out, "| `%s` | %s | %s |\n", word_of(&word_list_refusal, i), refusal_rows[i].retry ? "yes" : "no",
                   refusal_rows[i].text);
    buf_printf(out, "\n### Close reasons\n\n| reason | code | come back | means |\n|---|---|---|---|\n");
    for (unsigned i = 0; i < CLOSE_COUNT; i++) {
        buf_printf(out, "| `%s` | %d | ", word_of(&word_list_close_reason, i), close_rows[i].code);
        if (close_rows[i].retry_ms < 0)
            buf_printf(out, "no");
        else
            buf_printf(out, "within %d ms", close_rows[i].retry_ms);
        buf_printf(out, " | %s |\n", close_rows[i].text);
    }
    buf_printf(out, "\n");
}

void gen_document(struct buf *out)
{
    put_messages(out, "From the client", wire_client_shapes, CLIENT_COMMAND);
    put_messages(out, "From the server", wire_server_shapes, SERVER_COUNT);
    put_records(out);
    put_commands(out);
    put_words(out);
    put_steps(out);
    put_tables(out);
    buf_printf(out, "### Events of the log\n\nNot sent to clients: the bodies of `room_event`, msgpack arrays.\n\n");
    for (size_t i = 0; i < EVENT_COUNT; i++) {
        buf_printf(out, "- `%s` ", wire_event_shapes[i].word);
        struct wire_shape body = wire_event_shapes[i];
        body.word = NULL;
        put_signature(out, &body, "");
        buf_printf(out, "\n");
    }
    buf_printf(out, "\n");
}
