/* words.h - the enums of tbl/words.h, their masks, and the way between number and word. */
#ifndef LECTERN_WORDS_H
#define LECTERN_WORDS_H

#include "lectern/base.h"
#include "lectern/tbl/words.h"

#define LECTERN_ROW_ROLE(NAME, word) ROLE_##NAME,
enum role { LECTERN_ROLES(LECTERN_ROW_ROLE) ROLE_COUNT };
#define LECTERN_ROW_MEMBER(NAME, word) MEMBER_##NAME,
enum member_role { LECTERN_MEMBER_ROLES(LECTERN_ROW_MEMBER) MEMBER_COUNT };
#define LECTERN_ROW_SESSION(NAME, word) SESSION_##NAME,
enum session_state { LECTERN_SESSION_STATES(LECTERN_ROW_SESSION) SESSION_COUNT };
#define LECTERN_ROW_QUESTION(NAME, word) QUESTION_##NAME,
enum question_state { LECTERN_QUESTION_STATES(LECTERN_ROW_QUESTION) QUESTION_COUNT };
#define LECTERN_ROW_REASON(NAME, word) REASON_##NAME,
enum reason { LECTERN_REASONS(LECTERN_ROW_REASON) REASON_COUNT };
#define LECTERN_ROW_PAGE(NAME, word) PAGE_##NAME,
enum page { LECTERN_PAGES(LECTERN_ROW_PAGE) PAGE_COUNT };
#define LECTERN_ROW_POLICY(NAME, word, initial, low, high) POLICY_##NAME,
enum policy { LECTERN_POLICIES(LECTERN_ROW_POLICY) POLICY_COUNT };

/* One bit per enum value, for the "allowed when" columns of tbl/command.h. */
#define BIT(value) (1u << (value))

extern const uint32_t session_steps[SESSION_COUNT]; /* from a state: BIT of each state it may go to */

/* A list of words, for the codec: words[i] belongs to value i. */
struct word_list {
    const char *const *words;
    uint8_t count;
};

extern const struct word_list word_list_role, word_list_member_role, word_list_session_state,
    word_list_question_state, word_list_reason, word_list_page, word_list_policy;

/* The word of a value ("?" when out of range; never NULL). */
const char *word_of(const struct word_list *list, unsigned value);
/* The value of a word, or -1. O(count). */
int word_value(const struct word_list *list, struct str word);

struct policy_row {
    int64_t initial, low, high;
};
extern const struct policy_row policy_rows[POLICY_COUNT];

#endif
