/* gen_ts.c - protocol.gen.ts: the tables as TypeScript. Messages are arrays on the wire and objects in the pages. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>

#include "gen.h"

static const char head[] =
    "// Made by lectern-gen from include/lectern/tbl. Do not edit: change the tables, then run lectern-gen.\n"
    "// Messages are arrays on the wire (msgpack or JSON alike) and objects here; fields beyond those known are\n"
    "// ignored.\n"
    "\n"
    "type Wire = readonly unknown[];\n"
    "/** 128 random bits as 32 hexadecimal digits; sent as text, answered as 16 bytes in msgpack. */\n"
    "export type CommandId = string;\n"
    "\n"
    "function commandId(value: unknown): CommandId {\n"
    "  if (typeof value === 'string') return value;\n"
    "  return Array.from(value as Uint8Array, (byte) => byte.toString(16).padStart(2, '0')).join('');\n"
    "}\n";

/* The TypeScript of each field type: its name, and how it is read from one element (%s is the element). */
static const struct ts_type {
    const char *name, *read;
} ts_types[WIRE_TYPE_COUNT] = {
    [WIRE_TYPE_str] = { "string", "%s as string" },
    [WIRE_TYPE_id] = { "number", "%s as number" },
    [WIRE_TYPE_number] = { "number", "%s as number" },
    [WIRE_TYPE_flag] = { "boolean", "%s as boolean" },
    [WIRE_TYPE_command_id] = { "CommandId", "commandId(%s)" },
    [WIRE_TYPE_ids] = { "number[]", "%s as number[]" },
    [WIRE_TYPE_numbers] = { "number[]", "%s as number[]" },
    [WIRE_TYPE_questions] = { "QuestionRecord[]", "(%s as Wire[]).map(decodeQuestion)" },
    [WIRE_TYPE_info] = { "InfoRecord", "decodeInfo(%s as Wire)" },
    [WIRE_TYPE_info_or_nil] = { "InfoRecord | null", "%s === null ? null : decodeInfo(%s as Wire)" },
    [WIRE_TYPE_feedback_or_nil] = { "FeedbackRecord | null", "%s === null ? null : decodeFeedback(%s as Wire)" },
    [WIRE_TYPE_role] = { "Role", "%s as Role" },
    [WIRE_TYPE_page] = { "Page", "%s as Page" },
    [WIRE_TYPE_session_state] = { "SessionState", "%s as SessionState" },
    [WIRE_TYPE_question_state] = { "QuestionState", "%s as QuestionState" },
    [WIRE_TYPE_reason] = { "Reason", "%s as Reason" },
    [WIRE_TYPE_policy] = { "Policy", "%s as Policy" },
    [WIRE_TYPE_refusal] = { "Refusal", "%s as Refusal" },
    [WIRE_TYPE_close_reason] = { "CloseReason", "%s as CloseReason" },
};

static const struct ts_words {
    const char *type, *array;
    const struct word_list *list;
} ts_words[] = {
    { "Role", "roles", &word_list_role },
    { "MemberRole", "memberRoles", &word_list_member_role },
    { "SessionState", "sessionStates", &word_list_session_state },
    { "QuestionState", "questionStates", &word_list_question_state },
    { "Reason", "reasons", &word_list_reason },
    { "Page", "pages", &word_list_page },
    { "Policy", "policies", &word_list_policy },
    { "Refusal", "refusals", &word_list_refusal },
    { "CloseReason", "closeReasons", &word_list_close_reason },
    { "CommandWord", "commandWords", &word_list_command },
};

/* Print `pattern` with each %s replaced by `text`. */
static void put_pattern(struct buf *out, const char *pattern, const char *text)
{
    for (const char *p = pattern; *p; p++) {
        if (p[0] == '%' && p[1] == 's') {
            buf_put_str(out, str_of(text));
            p++;
        } else {
            buf_put_byte(out, (uint8_t)*p);
        }
    }
}

static void put_list(struct buf *out, const struct word_list *list, uint32_t mask)
{
    const char *between = "";
    buf_put_byte(out, '[');
    for (unsigned i = 0; i < list->count; i++) {
        if (!(mask & BIT(i)))
            continue;
        buf_printf(out, "%s'%s'", between, list->words[i]);
        between = ", ";
    }
    buf_put_byte(out, ']');
}

/* more_reply -> MoreReply */
static void put_camel(struct buf *out, const char *word)
{
    bool up = true;
    for (; *word; word++) {
        if (*word != '_')
            buf_put_byte(out, (uint8_t)(up ? toupper((unsigned char)*word) : *word));
        up = *word == '_';
    }
}

static void put_interface(struct buf *out, const struct wire_shape *shape, const char *name, const char *suffix)
{
    buf_printf(out, "\nexport interface ");
    put_camel(out, name);
    buf_printf(out, "%s {\n", suffix);
    if (shape->word)
        buf_printf(out, "  type: '%s';\n", shape->word);
    for (size_t i = 0; i < shape->count; i++)
        buf_printf(out, "  %s: %s;\n", shape->fields[i].name, ts_types[shape->fields[i].type].name);
    buf_printf(out, "}\n");
}

static void put_union(struct buf *out, const char *name, const struct wire_shape *shapes, size_t count,
                      const char *suffix)
{
    for (size_t i = 0; i < count; i++)
        put_interface(out, &shapes[i], shapes[i].word, suffix);
    buf_printf(out, "\nexport type %s =", name);
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, "\n  | ");
        put_camel(out, shapes[i].word);
        buf_put_str(out, str_of(suffix));
    }
    buf_printf(out, ";\n");
}

/* The fields of an object literal, read from array `a` starting at `first`. */
static void put_reads(struct buf *out, const struct wire_shape *shape, size_t first, const char *indent)
{
    for (size_t i = 0; i < shape->count; i++) {
        char element[16];
        snprintf(element, sizeof(element), "a[%zu]", first + i);
        buf_printf(out, "%s%s: ", indent, shape->fields[i].name);
        put_pattern(out, ts_types[shape->fields[i].type].read, element);
        buf_printf(out, ",\n");
    }
}

static void put_record(struct buf *out, const struct wire_shape *shape, const char *name)
{
    put_interface(out, shape, name, "Record");
    buf_printf(out, "\nexport function decode");
    put_camel(out, name);
    buf_printf(out, "(a: Wire): ");
    put_camel(out, name);
    buf_printf(out, "Record {\n  return {\n");
    put_reads(out, shape, 0, "    ");
    buf_printf(out, "  };\n}\n");
}

static void put_server_decoder(struct buf *out)
{
    buf_printf(out, "\nconst decoders = new Map<unknown, (a: Wire) => ServerMessage>([\n");
    for (size_t i = 0; i < SERVER_COUNT; i++) {
        const struct wire_shape *shape = &wire_server_shapes[i];
        buf_printf(out, "  ['%s', (a) => ({\n    type: '%s',\n", shape->word, shape->word);
        put_reads(out, shape, 1, "    ");
        buf_printf(out, "  })],\n");
    }
    buf_printf(out, "]);\n\n/** A decoded frame (an array) as a message; null when this client does not know it. */\n"
                    "export function decodeServerMessage(value: unknown): ServerMessage | null {\n"
                    "  if (!Array.isArray(value)) return null;\n"
                    "  return decoders.get(value[0])?.(value) ?? null;\n}\n");
}

static void put_encoder(struct buf *out, const char *signature, const struct wire_shape *shapes, size_t count,
                        const char *id)
{
    buf_printf(out, "\nexport function %s: unknown[] {\n  switch (m.type) {\n", signature);
    for (size_t i = 0; i < count; i++) {
        buf_printf(out, "    case '%s':\n      return ['%s'%s", shapes[i].word, shapes[i].word, id);
        for (size_t f = 0; f < shapes[i].count; f++)
            buf_printf(out, ", m.%s", shapes[i].fields[f].name);
        buf_printf(out, "];\n");
    }
    buf_printf(out, "  }\n}\n");
}

static void put_words(struct buf *out)
{
    for (size_t i = 0; i < LECTERN_COUNT(ts_words); i++) {
        const struct ts_words *w = &ts_words[i];
        buf_printf(out, "\nexport const %s = ", w->array);
        put_list(out, w->list, UINT32_MAX);
        buf_printf(out, " as const;\nexport type %s = (typeof %s)[number];\n", w->type, w->array);
    }
}

static void put_rules(struct buf *out)
{
    buf_printf(out, "\n/** Who may do what, and when; `questions` is empty when the command names no question. */\n"
                    "export interface CommandRule {\n  roles: readonly Role[];\n  sessions: readonly SessionState[];\n"
                    "  questions: readonly QuestionState[];\n}\n"
                    "export const commandRules: Readonly<Record<CommandWord, CommandRule>> = {\n");
    for (unsigned i = 0; i < COMMAND_COUNT; i++) {
        buf_printf(out, "  %s: {\n    roles: ", word_of(&word_list_command, i));
        put_list(out, &word_list_role, command_rows[i].roles);
        buf_printf(out, ",\n    sessions: ");
        put_list(out, &word_list_session_state, command_rows[i].sessions);
        buf_printf(out, ",\n    questions: ");
        put_list(out, &word_list_question_state, command_rows[i].questions);
        buf_printf(out, ",\n  },\n");
    }
    buf_printf(out, "};\n");
}

static void put_tables(struct buf *out)
{
    buf_printf(out, "\n/** `retry`: the same command may succeed later, unchanged. */\n"
                    "export const refusalTable: Readonly<Record<Refusal, { retry: boolean }>> = {\n");
    for (unsigned i = 0; i < REFUSAL_COUNT; i++)
        buf_printf(out, "  %s: { retry: %s },\n", word_of(&word_list_refusal, i),
                   refusal_rows[i].retry ? "true" : "false");
    buf_printf(out, "};\n\n/** `retry_ms`: come back after a random time up to this; -1: do not come back. */\n"
                    "export const closeTable: Readonly<Record<CloseReason, { code: number; retry_ms: number }>> = {\n");
    for (unsigned i = 0; i < CLOSE_COUNT; i++)
        buf_printf(out, "  %s: { code: %d, retry_ms: %d },\n", word_of(&word_list_close_reason, i), close_rows[i].code,
                   close_rows[i].retry_ms);
    buf_printf(out, "};\n\n/** `index`: place in InfoRecord.policies. */\nexport interface PolicyRow {\n"
                    "  index: number;\n"
                    "  initial: number;\n  low: number;\n  high: number;\n}\n"
                    "export const policyTable: Readonly<Record<Policy, PolicyRow>> = {\n");
    for (unsigned i = 0; i < POLICY_COUNT; i++)
        buf_printf(out, "  %s: { index: %u, initial: %" PRId64 ", low: %" PRId64 ", high: %" PRId64 " },\n",
                   word_of(&word_list_policy, i), i, policy_rows[i].initial, policy_rows[i].low, policy_rows[i].high);
    buf_printf(out, "};\n");
}

void gen_typescript(struct buf *out)
{
    buf_put_str(out, str_of(head));
    put_words(out);
    put_rules(out);
    put_tables(out);
    put_record(out, &wire_question_shape, "question");
    put_record(out, &wire_info_shape, "info");
    put_record(out, &wire_feedback_shape, "feedback");
    put_union(out, "ServerMessage", wire_server_shapes, SERVER_COUNT, "Message");
    put_server_decoder(out);
    put_union(out, "ClientMessage", wire_client_shapes, CLIENT_COMMAND, "Request");
    put_encoder(out, "encodeClientMessage(m: ClientMessage)", wire_client_shapes, CLIENT_COMMAND, "");
    put_union(out, "Command", wire_command_shapes, COMMAND_COUNT, "Command");
    put_encoder(out, "encodeCommand(id: CommandId, m: Command)", wire_command_shapes, COMMAND_COUNT, ", id");
}
