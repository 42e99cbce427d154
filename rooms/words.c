/* words.c - the X-macro tables as data: word lists for the codec, rows for the rules. Nothing is written by hand. */
#include "lectern/message.h"

#define WORD(NAME, word, ...) #word,
#define WORD_LIST(list, TABLE) \
    static const char *const words_##list[] = { TABLE(WORD) }; \
    const struct word_list word_list_##list = { words_##list, LECTERN_COUNT(words_##list) };

WORD_LIST(role, LECTERN_ROLES)
WORD_LIST(member_role, LECTERN_MEMBER_ROLES)
WORD_LIST(session_state, LECTERN_SESSION_STATES)
WORD_LIST(question_state, LECTERN_QUESTION_STATES)
WORD_LIST(reason, LECTERN_REASONS)
WORD_LIST(page, LECTERN_PAGES)
WORD_LIST(policy, LECTERN_POLICIES)
WORD_LIST(refusal, LECTERN_REFUSALS)
WORD_LIST(close_reason, LECTERN_CLOSE_REASONS)
WORD_LIST(command, LECTERN_COMMANDS)
WORD_LIST(event, LECTERN_EVENTS)

#define POLICY_ROW(NAME, word, initial, low, high) { initial, low, high },
const struct policy_row policy_rows[POLICY_COUNT] = { LECTERN_POLICIES(POLICY_ROW) };

#define STEP_ROW(FROM, to) [SESSION_##FROM] = to,
const uint32_t session_steps[SESSION_COUNT] = { LECTERN_SESSION_STEPS(STEP_ROW) };

#define REFUSAL_ROW(NAME, word, retry, text) { text, retry },
const struct refusal_row refusal_rows[REFUSAL_COUNT] = { LECTERN_REFUSALS(REFUSAL_ROW) };

#define CLOSE_ROW(NAME, word, code, retry_ms, text) { code, retry_ms, text },
const struct close_row close_rows[CLOSE_COUNT] = { LECTERN_CLOSE_REASONS(CLOSE_ROW) };

#define COMMAND_ROW(NAME, word, roles, sessions, questions, FIELDS) { roles, sessions, questions },
const struct command_row command_rows[COMMAND_COUNT] = { LECTERN_COMMANDS(COMMAND_ROW) };

const char *word_of(const struct word_list *list, unsigned value)
{
    return value < list->count ? list->words[value] : "?";
}

int word_value(const struct word_list *list, struct str word)
{
    for (uint8_t i = 0; i < list->count; i++)
        if (str_equal(str_of(list->words[i]), word))
            return i;
    return -1;
}
