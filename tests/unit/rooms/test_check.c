/* test_check.c - who may do what, when: the matrix of the command table, then every rule that a mask cannot say. */
#include "support.h"

static const struct room_limits limits = { 1 << 20, 1000, 100, 60, 40, 60000 };

/* A room in `session` with question 1 of participant 10 in `question`; built as an image, so that every pair exists. */
static struct room *room_in(uint8_t session, uint8_t question)
{
    struct question one = {
        .id = 1, .asker = 10, .state = question, .published = question != QUESTION_PENDING, .asked_at = T0,
        .state_at = T0, .answered_at = question == QUESTION_ANSWERED ? T0 : 0, .text = STR("Why?"),
        .reply = STR("So."),
    };
    struct room_image image = { .id = 7, .seq = 1, .state = session, .title = STR("Talk"), .timezone = STR("UTC"),
                                .questions = &one, .question_count = 1 };
    for (int p = 0; p < POLICY_COUNT; p++)
        image.policies[p] = policy_rows[p].initial;
    image.policies[POLICY_ASK_AHEAD] = 1;
    struct room *room = room_new(7, &limits);
    assert_int_equal(room_load(room, &image), LECTERN_OK);
    assert_null(room_verify(room));
    return room;
}

/* A command that no rule refuses beyond the masks, from participant 10 in a room of room_in. */
static struct command sound_command(enum command_kind kind, uint8_t session, uint8_t question)
{
    static const uint8_t next[SESSION_COUNT] = { SESSION_LIVE,  SESSION_LIVE,     SESSION_PAUSED,
                                                 SESSION_ENDED, SESSION_ARCHIVED, SESSION_ENDED };
    struct command command = { .kind = kind, .question = 1 };
    switch (kind) {
    case COMMAND_ASK:
        command.ask.text = STR("Why?");
        command.ask.name = STR("Ada");
        break;
    case COMMAND_EDIT:
        command.edit.text = STR("Why not?");
        break;
    case COMMAND_FEEDBACK:
        command.feedback.stars = 5;
        command.feedback.recommend = -1;
        break;
    case COMMAND_RESTORE:
        command.restore.state = question == QUESTION_LIVE ? QUESTION_PENDING : QUESTION_LIVE;
        break;
    case COMMAND_STATE:
        command.state.state = next[session];
        break;
    case COMMAND_POLICY:
        command.policy.policy = POLICY_VOTING;
        break;
    case COMMAND_DETAILS:
        command.details.title = STR("Talk");
        command.details.timezone = STR("UTC");
        break;
    default:
        break;
    }
    return command;
}

static enum refusal expected_by_masks(const struct command_row *row, int role, int session, int question)
{
    if (!(row->roles & BIT(role)))
        return REFUSAL_NOT_ALLOWED;
    if (!(row->sessions & BIT(session)))
        return REFUSAL_NOT_OPEN;
    return row->questions && !(row->questions & BIT(question)) ? REFUSAL_WRONG_STATE : REFUSAL_NONE;
}

/* Every command × role × state of the session × state of the question. What is accepted also applies. */
static void test_matrix(void **state)
{
    (void)state;
    for (int session = 0; session < SESSION_COUNT; session++)
        for (int question = 0; question < QUESTION_COUNT; question++)
            for (int role = 0; role < ROLE_COUNT; role++)
                for (int kind = 0; kind < COMMAND_COUNT; kind++) {
                    struct room *room = room_in((uint8_t)session, (uint8_t)question);
                    struct actor actor = { 10, (enum role)role };
                    struct command command =
                        sound_command((enum command_kind)kind, (uint8_t)session, (uint8_t)question);
                    enum refusal expected = expected_by_masks(&command_rows[kind], role, session, question);
                    enum refusal got = do_now(room, actor, command);
                    if (got != expected)
                        fail_msg("%s by %s, session %s, question %s: %s instead of %s",
                                 word_of(&word_list_command, (unsigned)kind), word_of(&word_list_role, (unsigned)role),
                                 word_of(&word_list_session_state, (unsigned)session),
                                 word_of(&word_list_question_state, (unsigned)question),
                                 word_of(&word_list_refusal, got), word_of(&word_list_refusal, expected));
                    room_free(room);
                }
}

static const struct move_case {
    uint8_t from, to;
    enum refusal refusal;
} state_cases[] = {
    { SESSION_DRAFT, SESSION_SCHEDULED, REFUSAL_NONE },    { SESSION_DRAFT, SESSION_LIVE, REFUSAL_NONE },
    { SESSION_DRAFT, SESSION_ENDED, REFUSAL_NOT_OPEN },    { SESSION_SCHEDULED, SESSION_LIVE, REFUSAL_NONE },
    { SESSION_SCHEDULED, SESSION_DRAFT, REFUSAL_NOT_OPEN } /* it has a question */,
    { SESSION_SCHEDULED, SESSION_ENDED, REFUSAL_NOT_OPEN }, { SESSION_LIVE, SESSION_LIVE, REFUSAL_BAD_VALUE },
    { SESSION_LIVE, SESSION_PAUSED, REFUSAL_NONE },        { SESSION_LIVE, SESSION_ENDED, REFUSAL_NONE },
    { SESSION_LIVE, SESSION_SCHEDULED, REFUSAL_NOT_OPEN }, { SESSION_PAUSED, SESSION_LIVE, REFUSAL_NONE },
    { SESSION_PAUSED, SESSION_ENDED, REFUSAL_NONE },       { SESSION_PAUSED, SESSION_ARCHIVED, REFUSAL_NOT_OPEN },
    { SESSION_ENDED, SESSION_LIVE, REFUSAL_NONE },         { SESSION_ENDED, SESSION_ARCHIVED, REFUSAL_NONE },
    { SESSION_ENDED, SESSION_PAUSED, REFUSAL_NOT_OPEN },   { SESSION_ARCHIVED, SESSION_ENDED, REFUSAL_NONE },
    { SESSION_ARCHIVED, SESSION_LIVE, REFUSAL_NOT_OPEN },  { SESSION_LIVE, SESSION_COUNT, REFUSAL_BAD_VALUE },
};

static void test_session_moves(void **state)
{
    (void)state;
    for (size_t i = 0; i < LECTERN_COUNT(state_cases); i++) {
        struct room *room = room_in(state_cases[i].from, QUESTION_LIVE);
        struct command command = { .kind = COMMAND_STATE, .state = { state_cases[i].to } };
        enum refusal got = do_now(room, HOST, command);
        if (got != state_cases[i].refusal)
            fail_msg("state case %zu: %s", i, word_of(&word_list_refusal, got));
        room_free(room);
    }
    struct room *room = room_new(7, &limits);
    assert_int_equal(do_now(room, HOST, (struct command){ .kind = COMMAND_STATE, .state = { SESSION_SCHEDULED } }),
                     REFUSAL_NONE);
    assert_int_equal(do_now(room, HOST, (struct command){ .kind = COMMAND_STATE, .state = { SESSION_DRAFT } }),
                     REFUSAL_NONE);
    assert_false(room_may_enter(room, ROLE_ATTENDEE));
    assert_true(room_may_enter(room, ROLE_SPEAKER));
    room_free(room);
}

static char long_text[3 * 6000]; /* 6,000 Chinese characters */

static struct str chinese(size_t characters)
{
    for (size_t i = 0; i < sizeof long_text; i += 3)
        memcpy(long_text + i, "\xE4\xBD\xA0", 3);
    return (struct str){ long_text, 3 * characters };
}

static void assert_refused(struct room *room, struct actor actor, struct command command, enum refusal refusal,
                           int64_t detail)
{
    int64_t got_detail;
    enum refusal got = act(room, actor, &command, T0, &got_detail);
    if (got != refusal)
        fail_msg("%s: %s instead of %s", word_of(&word_list_command, command.kind), word_of(&word_list_refusal, got),
                 word_of(&word_list_refusal, refusal));
    assert_int_equal(got_detail, detail);
}

#define ASKING(t, n, a) ((struct command){ .kind = COMMAND_ASK, .ask = { t, n, a } })

static void test_texts(void **state)
{
    (void)state;
    struct room *room = live_room(&limits);
    struct actor ada = ATTENDEE(10);
    assert_refused(room, ada, ASKING(STR(""), STR("Ada"), false), REFUSAL_EMPTY, 0);
    assert_refused(room, ada, ASKING(STR(" \xE3\x80\x80 "), STR("Ada"), false), REFUSAL_EMPTY, 0);
    assert_refused(room, ada, ASKING(STR("a\xFF"), STR("Ada"), false), REFUSAL_BAD_TEXT, 0);
    assert_refused(room, ada, ASKING(STR("Why?"), STR("\x01"), false), REFUSAL_BAD_TEXT, 0);
    assert_refused(room, ada, ASKING(chinese(501), STR("Ada"), false), REFUSAL_TOO_LONG, 500);
    assert_refused(room, ada, ASKING(chinese(500), STR("Ada"), false), REFUSAL_NONE, 0);
    assert_refused(room, ada, ASKING(STR("Why?"), chinese(61), false), REFUSAL_TOO_LONG, 60);
    assert_refused(room, ada, ASKING(STR("  Why? "), chinese(60), false), REFUSAL_NONE, 0);
    uint64_t id = room_seq(room);
    assert_int_equal(room_question(room, id)->text.n, 4);
    struct command command = { .kind = COMMAND_REJECT, .reject = { id, REASON_OTHER, STR(" ") } };
    assert_refused(room, HOST, command, REFUSAL_EMPTY, 0);
    command.reject.reason = REASON_COUNT;
    assert_refused(room, HOST, command, REFUSAL_BAD_VALUE, 0);
    command.reject.reason = REASON_OTHER;
    command.reject.note = chinese(501);
    assert_refused(room, HOST, command, REFUSAL_TOO_LONG, 500);
    command = (struct command){ .kind = COMMAND_REPLY, .reply = { id, STR(""), false } };
    assert_refused(room, HOST, command, REFUSAL_EMPTY, 0);
    command.reply.text = chinese(5001);
    assert_refused(room, HOST, command, REFUSAL_TOO_LONG, 5000);
    command = (struct command){ .kind = COMMAND_DETAILS, .details = { chinese(201), STR(""), 0, 0, STR("UTC") } };
    assert_refused(room, HOST, command, REFUSAL_TOO_LONG, 200);
    command.details.title = STR(" ");
    assert_refused(room, HOST, command, REFUSAL_EMPTY, 0);
    command.details.title = STR("Talk");
    command.details.description = chinese(5001);
    assert_refused(room, HOST, command, REFUSAL_TOO_LONG, 5000);
    command.details.description = STR("");
    command.details.timezone = chinese(65);
    assert_refused(room, HOST, command, REFUSAL_TOO_LONG, 64);
    command.details.timezone = STR("UTC");
    command.details.starts_at = command.details.ends_at = T0;
    assert_refused(room, HOST, command, REFUSAL_BAD_VALUE, 0);
    command.details.ends_at = T0 + 1;
    assert_refused(room, HOST, command, REFUSAL_NONE, 0);
    command.details.starts_at = -1;
    assert_refused(room, HOST, command, REFUSAL_BAD_VALUE, 0);
    room_free(room);
}

static const struct name_case {
    int64_t names;
    const char *name;
    bool anonymous;
    enum refusal refusal;
    size_t kept;
    bool stored_anonymous;
} name_cases[] = {
    { 0, "Ada", false, REFUSAL_NONE, 0, true },  { 0, "", false, REFUSAL_NONE, 0, true },
    { 1, "Ada", false, REFUSAL_NONE, 3, false }, { 1, "", true, REFUSAL_NAME_REQUIRED, 0, false },
    { 2, " ", false, REFUSAL_NAME_REQUIRED, 0, false }, { 2, "Ada", true, REFUSAL_NONE, 3, false },
    { 3, "", false, REFUSAL_NONE, 0, false },    { 3, "Ada", true, REFUSAL_NONE, 0, true },
    { 3, "Ada", false, REFUSAL_NONE, 3, false },
};

static void test_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < LECTERN_COUNT(name_cases); i++) {
        const struct name_case *row = &name_cases[i];
        struct room *room = live_room(&limits);
        set_policy(room, POLICY_NAMES, row->names);
        assert_refused(room, ATTENDEE(10), ASKING(STR("Why?"), str_of(row->name), row->anonymous), row->refusal, 0);
        const struct question *question = room_question(room, room_seq(room));
        if (row->refusal == REFUSAL_NONE) {
            assert_int_equal(question->name.n, row->kept);
            assert_int_equal(question->anonymous, row->stored_anonymous);
        }
        room_free(room);
    }
}

static void test_policies(void **state)
{
    (void)state;
    struct room *room = live_room(&limits);
    struct actor ada = ATTENDEE(10), moderator = { 2, ROLE_MODERATOR };
    set_policy(room, POLICY_ASKING, 0);
    assert_refused(room, ada, ASKING(STR("Why?"), STR(""), false), REFUSAL_ASKING_CLOSED, 0);
    assert_refused(room, moderator, ASKING(STR("Why?"), STR(""), false), REFUSAL_NONE, 0);
    uint64_t id = room_seq(room);
    set_policy(room, POLICY_VOTING, 0);
    assert_int_equal(on_question(room, ada, COMMAND_VOTE, id), REFUSAL_VOTING_CLOSED);
    assert_int_equal(on_question(room, moderator, COMMAND_VOTE, id), REFUSAL_NONE);
    set_policy(room, POLICY_ASKING, 1);
    set_policy(room, POLICY_QUESTION_LIMIT, 2);
    uint64_t first = ask(room, 10, "one");
    ask(room, 10, "two");
    assert_refused(room, ada, ASKING(STR("three"), STR(""), false), REFUSAL_TOO_MANY, 2);
    assert_int_equal(on_question(room, HOST, COMMAND_ANSWERED, first), REFUSAL_NONE);
    assert_refused(room, ada, ASKING(STR("three"), STR(""), false), REFUSAL_NONE, 0);
    struct command command = { .kind = COMMAND_POLICY, .policy = { POLICY_QUESTION_LENGTH, 0 } };
    assert_refused(room, HOST, command, REFUSAL_BAD_VALUE, 0);
    command.policy.policy = POLICY_COUNT;
    assert_refused(room, HOST, command, REFUSAL_BAD_VALUE, 0);
    room_free(room);
}

static void test_ask_ahead(void **state)
{
    (void)state;
    struct room *room = room_in(SESSION_SCHEDULED, QUESTION_LIVE);
    assert_refused(room, ATTENDEE(10), ASKING(STR("Why?"), STR(""), false), REFUSAL_NONE, 0);
    assert_int_equal(room_question(room, room_seq(room))->state, QUESTION_PENDING);
    set_policy(room, POLICY_ASK_AHEAD, 0);
    assert_refused(room, ATTENDEE(10), ASKING(STR("Why?"), STR(""), false), REFUSAL_NOT_OPEN, 0);
    assert_refused(room, HOST, ASKING(STR("Why?"), STR(""), false), REFUSAL_NONE, 0);
    assert_int_equal(room_question(room, room_seq(room))->state, QUESTION_LIVE);
    room_free(room);
}

static void test_own_questions(void **state)
{
    (void)state;
    struct room *room = room_in(SESSION_LIVE, QUESTION_PENDING);
    struct actor bob = ATTENDEE(11), ada = ATTENDEE(10), moderator = { 2, ROLE_MODERATOR };
    /* A question that bob may not know of does not exist for him. */
    assert_int_equal(on_question(room, bob, COMMAND_WITHDRAW, 1), REFUSAL_NO_QUESTION);
    assert_int_equal(on_question(room, bob, COMMAND_VOTE, 1), REFUSAL_NO_QUESTION);
    assert_int_equal(on_question(room, (struct actor){ 11, ROLE_SPEAKER }, COMMAND_EDIT, 1), REFUSAL_NO_QUESTION);
    assert_int_equal(on_question(room, moderator, COMMAND_WITHDRAW, 1), REFUSAL_NOT_YOURS);
    assert_int_equal(on_question(room, moderator, COMMAND_APPROVE, 99), REFUSAL_NO_QUESTION);
    assert_int_equal(on_question(room, ada, COMMAND_VOTE, 1), REFUSAL_WRONG_STATE);
    assert_int_equal(on_question(room, HOST, COMMAND_APPROVE, 1), REFUSAL_NONE);
    assert_int_equal(on_question(room, bob, COMMAND_WITHDRAW, 1), REFUSAL_NOT_YOURS);
    assert_int_equal(on_question(room, ada, COMMAND_WITHDRAW, 1), REFUSAL_NONE);
    assert_int_equal(on_question(room, ada, COMMAND_WITHDRAW, 1), REFUSAL_WRONG_STATE);
    room_free(room);
}

/* Editing: soon after asking, or while it waits; never after a vote or a review. */
static void test_edit_window(void **state)
{
    (void)state;
    static const struct {
        uint8_t question;
        ms_t after;
        enum refusal refusal;
    } rows[] = {
        { QUESTION_LIVE, 60000, REFUSAL_NONE },
        { QUESTION_LIVE, 60001, REFUSAL_TOO_LATE },
        { QUESTION_PENDING, 60001, REFUSAL_NONE },
        { QUESTION_PENDING, 86400000, REFUSAL_NONE },
    };
    for (size_t i = 0; i < LECTERN_COUNT(rows); i++) {
        struct room *room = room_in(SESSION_LIVE, rows[i].question);
        struct command command = { .kind = COMMAND_EDIT, .edit = { 1, STR("Why not?") } };
        int64_t detail;
        assert_int_equal(act(room, ATTENDEE(10), &command, T0 + rows[i].after, &detail), rows[i].refusal);
        room_free(room);
    }
}

static void test_feedback(void **state)
{
    (void)state;
    struct room *room = room_in(SESSION_ENDED, QUESTION_LIVE);
    struct command command = { .kind = COMMAND_FEEDBACK, .feedback = { 0, -1, STR(" "), STR("Ada") } };
    assert_refused(room, ATTENDEE(10), command, REFUSAL_EMPTY, 0);
    command.feedback.stars = 6;
    assert_refused(room, ATTENDEE(10), command, REFUSAL_BAD_VALUE, 0);
    command.feedback.stars = 5;
    command.feedback.recommend = 11;
    assert_refused(room, ATTENDEE(10), command, REFUSAL_BAD_VALUE, 0);
    command.feedback.recommend = 0;
    command.feedback.text = chinese(5001);
    assert_refused(room, ATTENDEE(10), command, REFUSAL_TOO_LONG, 5000);
    command.feedback.text = STR("");
    assert_refused(room, ATTENDEE(10), command, REFUSAL_NONE, 0);
    set_policy(room, POLICY_FEEDBACK, 0);
    assert_refused(room, ATTENDEE(10), command, REFUSAL_FEEDBACK_CLOSED, 0);
    room_free(room);
}

/* What is stored of what was typed: the same for every text of every command. */
static void test_texts_are_stored_clean(void **state)
{
    (void)state;
#define TYPED STR(" \xE3\x80\x80 a\nb\xE2\x80\x8B \n")
#define KEPT STR("a\nb")
    static const struct {
        struct command command;
        uint8_t session, question;
        size_t kept; /* where in the event the text is */
        bool line;
    } rows[] = {
#define ROW(member, line, session, question, ...) \
    { { __VA_ARGS__ }, session, question, offsetof(struct room_event, member), line }
        ROW(asked.text, false, SESSION_LIVE, QUESTION_LIVE, .kind = COMMAND_ASK, .ask = { .text = TYPED }),
        ROW(asked.name, true, SESSION_LIVE, QUESTION_LIVE, .kind = COMMAND_ASK, .ask = { STR("?"), TYPED, false }),
        ROW(edited.text, false, SESSION_LIVE, QUESTION_PENDING, .kind = COMMAND_EDIT, .edit = { 1, TYPED }),
        ROW(moved.text, false, SESSION_LIVE, QUESTION_PENDING, .kind = COMMAND_APPROVE, .approve = { 1, TYPED }),
        ROW(moved.note, false, SESSION_LIVE, QUESTION_LIVE, .kind = COMMAND_REJECT, .reject = { 1, REASON_OTHER, TYPED }),
        ROW(replied.text, false, SESSION_LIVE, QUESTION_LIVE, .kind = COMMAND_REPLY, .reply = { 1, TYPED, false }),
        ROW(details.title, true, SESSION_LIVE, QUESTION_LIVE, .kind = COMMAND_DETAILS, .details = { TYPED, STR(""), 0, 0, STR("UTC") }),
        ROW(details.description, false, SESSION_LIVE, QUESTION_LIVE, .kind = COMMAND_DETAILS,
            .details = { STR("T"), TYPED, 0, 0, STR("UTC") }),
        ROW(details.timezone, true, SESSION_LIVE, QUESTION_LIVE, .kind = COMMAND_DETAILS, .details = { STR("T"), STR(""), 0, 0, TYPED }),
        ROW(said.text, false, SESSION_ENDED, QUESTION_LIVE, .kind = COMMAND_FEEDBACK, .feedback = { 5, -1, TYPED, STR("") }),
        ROW(said.name, true, SESSION_ENDED, QUESTION_LIVE, .kind = COMMAND_FEEDBACK, .feedback = { 5, -1, STR(""), TYPED }),
    };
    for (size_t i = 0; i < LECTERN_COUNT(rows); i++) {
        struct room *room = room_in(rows[i].session, rows[i].question);
        struct actor who = command_rows[rows[i].command.kind].roles & BIT(ROLE_ATTENDEE) ? ATTENDEE(10) : HOST;
        struct room_event event;
        int64_t detail;
        enum refusal refusal = room_check(room, who, &rows[i].command, T0, &event, &detail);
        if (refusal != (rows[i].line ? REFUSAL_BAD_TEXT : REFUSAL_NONE))
            fail_msg("row %zu: %s", i, word_of(&word_list_refusal, refusal));
        const struct str *kept = (const struct str *)((const char *)&event + rows[i].kept);
        if (!rows[i].line && !str_equal(*kept, KEPT))
            fail_msg("row %zu: kept %.*s", i, (int)kept->n, kept->p);
        room_free(room);
    }
    static const char *const controls[] = { "\x01", "a\x7f", "\xC2\x85", "\xff" };
    struct room *room = room_in(SESSION_ENDED, QUESTION_LIVE);
    for (size_t i = 0; i < LECTERN_COUNT(controls); i++) {
        struct command text = { .kind = COMMAND_FEEDBACK, .feedback = { 5, -1, str_of(controls[i]), STR("") } };
        struct command name = { .kind = COMMAND_FEEDBACK, .feedback = { 5, -1, STR(""), str_of(controls[i]) } };
        assert_refused(room, ATTENDEE(10), text, REFUSAL_BAD_TEXT, 0);
        assert_refused(room, ATTENDEE(10), name, REFUSAL_BAD_TEXT, 0);
    }
    room_free(room);
}

/* Feedback that was given as anonymous stays it, whatever the policy becomes later. */
static void test_feedback_name(void **state)
{
    (void)state;
    struct room *room = room_in(SESSION_ENDED, QUESTION_LIVE);
    const struct command command = { .kind = COMMAND_FEEDBACK, .feedback = { 5, 9, STR(" Good "), STR(" Ada ") } };
    struct room_event event;
    int64_t detail;
    for (int names = 0; names <= 1; names++) {
        set_policy(room, POLICY_FEEDBACK_NAMES, names);
        assert_int_equal(room_check(room, ATTENDEE(10), &command, T0, &event, &detail), REFUSAL_NONE);
        assert_true(event.said.stars == 5 && event.said.recommend == 9 && str_equal(event.said.text, STR("Good")));
        assert_true(str_equal(event.said.name, names ? STR("Ada") : STR("")));
    }
    room_free(room);
}

static void test_restore(void **state)
{
    (void)state;
    struct room *room = room_in(SESSION_LIVE, QUESTION_ARCHIVED);
    struct command command = { .kind = COMMAND_RESTORE, .restore = { 1, QUESTION_STAGE } };
    assert_refused(room, HOST, command, REFUSAL_BAD_VALUE, 0);
    command.restore.state = QUESTION_COUNT;
    assert_refused(room, HOST, command, REFUSAL_BAD_VALUE, 0);
    command.restore.state = QUESTION_ANSWERED;
    assert_refused(room, HOST, command, REFUSAL_NONE, 0);
    assert_refused(room, HOST, command, REFUSAL_BAD_VALUE, 0); /* it is there already */
    room_free(room);
}

static void test_full(void **state)
{
    (void)state;
    struct room_limits few = limits;
    few.questions_max = 2;
    struct room *room = live_room(&few);
    ask(room, 10, "one");
    ask(room, 10, "two");
    assert_refused(room, ATTENDEE(10), ASKING(STR("three"), STR(""), false), REFUSAL_FULL, 2);
    room_free(room);

    struct room_limits little = limits;
    little.bytes_max = 64 << 10;
    room = live_room(&little);
    struct command command = ASKING(chinese(400), STR(""), false);
    int64_t detail;
    size_t asked = 0;
    while (act(room, ATTENDEE(10), &command, T0, &detail) == REFUSAL_NONE)
        asked++;
    assert_in_range(asked, 20, 60);
    uint64_t last = room_seq(room); /* the host side still has room to answer, again and again */
    for (int i = 0; i < 200; i++) {
        struct command reply = { .kind = COMMAND_REPLY, .reply = { last, chinese((size_t)(100 + i)), false } };
        assert_refused(room, HOST, reply, REFUSAL_NONE, 0);
    }
    room_free(room);
}

static void test_apply_refuses(void **state)
{
    (void)state;
    struct room *room = live_room(&limits);
    uint64_t id = ask(room, 10, "Why?");
    struct room_event event = { .seq = room_seq(room), .kind = EVENT_STATE, .state = { SESSION_ENDED } };
    assert_int_equal(room_apply(room, &event), LECTERN_EOLD);
    event.seq += 2;
    assert_int_equal(room_apply(room, &event), LECTERN_EGAP);
    event.seq--;
    event.state.state = SESSION_COUNT;
    assert_int_equal(room_apply(room, &event), LECTERN_EINVAL);
    event = (struct room_event){ .seq = event.seq, .kind = EVENT_MOVED, .moved = { .question = 99 } };
    assert_int_equal(room_apply(room, &event), LECTERN_EINVAL);
    uint64_t counts[] = { id, 4, 99, 1 };
    event = (struct room_event){ .seq = event.seq, .kind = EVENT_VOTED, .voted = { { counts, 4 } } };
    assert_int_equal(room_apply(room, &event), LECTERN_EINVAL);
    assert_int_equal(room_question(room, id)->votes, 0); /* nothing of it was applied */
    assert_int_equal(room_state(room), SESSION_LIVE);
    room_free(room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matrix),     cmocka_unit_test(test_session_moves), cmocka_unit_test(test_texts),
        cmocka_unit_test(test_names),      cmocka_unit_test(test_policies),      cmocka_unit_test(test_ask_ahead),
        cmocka_unit_test(test_own_questions), cmocka_unit_test(test_edit_window), cmocka_unit_test(test_feedback),
        cmocka_unit_test(test_texts_are_stored_clean), cmocka_unit_test(test_feedback_name),
        cmocka_unit_test(test_restore),    cmocka_unit_test(test_full),          cmocka_unit_test(test_apply_refuses),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
