/* check.c - may this person do this now? The masks of tbl/command.h first, then what a mask cannot say, one function
 * for each command. A rule fills in the event that would record the command, or names the refusal. */
#include "room_internal.h"
#include "lectern/text.h"

#define NAME_MAX_LENGTH 60
#define NOTE_MAX_LENGTH 500
#define REPLY_MAX_LENGTH 5000
#define FEEDBACK_MAX_LENGTH 5000
#define TITLE_MAX_LENGTH 200
#define DESCRIPTION_MAX_LENGTH 5000
#define TIMEZONE_MAX_LENGTH 64
#define TIME_MAX INT64_C(253402300799999) /* the end of the year 9999 */

struct inquiry {
    const struct room *room;
    struct actor actor;
    const struct command *command;
    ms_t now;
    const struct question *question; /* of commands that name one */
    struct room_event event;
    int64_t detail;
};

static bool is_host_side(struct actor actor)
{
    return actor.role >= ROLE_MODERATOR;
}

/* Every text that is stored goes through here and nowhere else: valid, trimmed, at most `limit` code points. */
static enum refusal take_text(struct inquiry *q, struct str text, int64_t limit, struct str *out)
{
    if (!text_is_valid(text))
        return REFUSAL_BAD_TEXT;
    *out = text_trim(text);
    if (text_length(*out) > (size_t)limit) {
        q->detail = limit;
        return REFUSAL_TOO_LONG;
    }
    return room_space(q->room) < out->n ? REFUSAL_FULL : REFUSAL_NONE;
}

/* The same for what has one line only: names, titles. */
static enum refusal take_line(struct inquiry *q, struct str text, int64_t limit, struct str *out)
{
    enum refusal refusal = take_text(q, text, limit, out);
    return refusal == REFUSAL_NONE && !text_is_line(*out) ? REFUSAL_BAD_TEXT : refusal;
}

static enum refusal take_needed(struct inquiry *q, struct str text, int64_t limit, struct str *out)
{
    enum refusal refusal = take_text(q, text, limit, out);
    return refusal == REFUSAL_NONE && out->n == 0 ? REFUSAL_EMPTY : refusal;
}

/* The name and whether it is shown, by the names policy. A name that nobody may see is not kept. */
static enum refusal take_name(struct inquiry *q)
{
    int64_t names = q->room->policies[POLICY_NAMES];
    bool choice = names == 3;
    struct str name;
    enum refusal refusal = take_line(q, q->command->ask.name, NAME_MAX_LENGTH, &name);
    if (refusal != REFUSAL_NONE)
        return refusal;
    bool anonymous = names == 0 || (choice && q->command->ask.anonymous);
    if (!anonymous && !choice && name.n == 0)
        return REFUSAL_NAME_REQUIRED;
    q->event.asked.anonymous = anonymous;
    q->event.asked.name = anonymous ? (struct str){ 0 } : name;
    return REFUSAL_NONE;
}

static enum refusal check_limits(struct inquiry *q)
{
    const struct room *room = q->room;
    int64_t limit = room->policies[POLICY_QUESTION_LIMIT], open = 0;
    if (limit > 0 && !is_host_side(q->actor)) {
        for (size_t i = 0; i < room->count; i++) {
            const struct question *question = &room->entries[i]->question;
            open += question->asker == q->actor.participant &&
                    (question->state == QUESTION_PENDING || question_is_up(question));
        }
        if (open >= limit) {
            q->detail = limit;
            return REFUSAL_TOO_MANY;
        }
    }
    /* The last part is kept for replies and edits. */
    bool full = room->count >= room->limits.questions_max || room_space(room) < room->limits.bytes_max / ROOM_KEPT_PART;
    if (full)
        q->detail = room->limits.questions_max;
    return full ? REFUSAL_FULL : REFUSAL_NONE;
}

static enum refusal check_ask(struct inquiry *q)
{
    const int64_t *policies = q->room->policies;
    bool host_side = is_host_side(q->actor);
    if (q->room->state == SESSION_SCHEDULED && !policies[POLICY_ASK_AHEAD] && !host_side)
        return REFUSAL_NOT_OPEN;
    if (!policies[POLICY_ASKING] && !host_side)
        return REFUSAL_ASKING_CLOSED;
    q->event.kind = EVENT_ASKED;
    q->event.asked.state = policies[POLICY_REVIEW] && !host_side ? QUESTION_PENDING : QUESTION_LIVE;
    enum refusal refusal = take_needed(q, q->command->ask.text, policies[POLICY_QUESTION_LENGTH], &q->event.asked.text);
    if (refusal == REFUSAL_NONE)
        refusal = take_name(q);
    return refusal != REFUSAL_NONE ? refusal : check_limits(q);
}

/* For a minute, or for as long as it waits for review; the first vote, or the host side's first look, fixes the words. */
static enum refusal check_edit(struct inquiry *q)
{
    const struct question *question = q->question;
    if (question->asker != q->actor.participant)
        return REFUSAL_NOT_YOURS;
    bool soon = q->now - question->asked_at <= q->room->limits.edit_window_ms;
    bool touched = question->votes > 0 || question->edited || question->state_at != question->asked_at;
    if (touched || (question->state == QUESTION_LIVE && !soon))
        return REFUSAL_TOO_LATE;
    q->event.kind = EVENT_EDITED;
    q->event.edited.question = question->id;
    return take_needed(q, q->command->edit.text, q->room->policies[POLICY_QUESTION_LENGTH], &q->event.edited.text);
}

static enum refusal move(struct inquiry *q, uint8_t state)
{
    q->event.kind = EVENT_MOVED;
    q->event.moved.question = q->question->id;
    q->event.moved.state = state;
    return REFUSAL_NONE;
}

static enum refusal check_withdraw(struct inquiry *q)
{
    return q->question->asker == q->actor.participant ? move(q, QUESTION_WITHDRAWN) : REFUSAL_NOT_YOURS;
}

static enum refusal check_vote(struct inquiry *q)
{
    if (!q->room->policies[POLICY_VOTING] && !is_host_side(q->actor))
        return REFUSAL_VOTING_CLOSED;
    q->event.kind = EVENT_VOTED;
    return REFUSAL_NONE;
}

static enum refusal check_feedback(struct inquiry *q)
{
    int64_t stars = q->command->feedback.stars, recommend = q->command->feedback.recommend;
    if (!q->room->policies[POLICY_FEEDBACK])
        return REFUSAL_FEEDBACK_CLOSED;
    if (stars < 0 || stars > 5 || recommend < -1 || recommend > 10)
        return REFUSAL_BAD_VALUE;
    struct feedback_record said = { .stars = stars, .recommend = recommend };
    enum refusal refusal = take_text(q, q->command->feedback.text, FEEDBACK_MAX_LENGTH, &said.text);
    if (refusal == REFUSAL_NONE)
        refusal = take_line(q, q->command->feedback.name, NAME_MAX_LENGTH, &said.name);
    if (refusal != REFUSAL_NONE)
        return refusal;
    if (!q->room->policies[POLICY_FEEDBACK_NAMES]) /* given in the belief that nobody sees it: not kept */
        said.name = (struct str){ 0 };
    q->event.kind = EVENT_FEEDBACK;
    q->event.said = said;
    return stars == 0 && recommend == -1 && said.text.n == 0 ? REFUSAL_EMPTY : REFUSAL_NONE;
}

static enum refusal check_approve(struct inquiry *q)
{
    move(q, QUESTION_LIVE);
    struct str text;
    enum refusal refusal = take_text(q, q->command->approve.text, q->room->policies[POLICY_QUESTION_LENGTH], &text);
    if (refusal == REFUSAL_NONE && text.n > 0 && !str_equal(text, q->question->text))
        q->event.moved.text = text;
    return refusal;
}

static enum refusal check_reject(struct inquiry *q)
{
    uint8_t reason = q->command->reject.reason;
    if (reason >= REASON_COUNT)
        return REFUSAL_BAD_VALUE;
    move(q, QUESTION_REJECTED);
    q->event.moved.reason = reason;
    enum refusal refusal = take_text(q, q->command->reject.note, NOTE_MAX_LENGTH, &q->event.moved.note);
    if (refusal == REFUSAL_NONE && reason == REASON_OTHER && q->event.moved.note.n == 0)
        return REFUSAL_EMPTY;
    return refusal;
}

static enum refusal check_stage(struct inquiry *q)
{
    return move(q, QUESTION_STAGE);
}

static enum refusal check_unstage(struct inquiry *q)
{
    return move(q, QUESTION_LIVE);
}

static enum refusal check_answered(struct inquiry *q)
{
    return move(q, QUESTION_ANSWERED);
}

static enum refusal check_archive(struct inquiry *q)
{
    return move(q, QUESTION_ARCHIVED);
}

static enum refusal check_reply(struct inquiry *q)
{
    q->event.kind = EVENT_REPLIED;
    q->event.replied.question = q->question->id;
    enum refusal refusal = take_text(q, q->command->reply.text, REPLY_MAX_LENGTH, &q->event.replied.text);
    if (refusal != REFUSAL_NONE)
        return refusal;
    bool given = q->event.replied.text.n > 0;
    if (!given && q->question->reply.n == 0)
        return REFUSAL_EMPTY;
    q->event.replied.state = given ? QUESTION_ANSWERED : q->question->state;
    q->event.replied.private = given && q->command->reply.private;
    return REFUSAL_NONE;
}

static enum refusal check_restore(struct inquiry *q)
{
    static const uint32_t targets =
        BIT(QUESTION_PENDING) | BIT(QUESTION_LIVE) | BIT(QUESTION_ANSWERED) | BIT(QUESTION_REJECTED);
    uint8_t state = q->command->restore.state;
    if (state >= QUESTION_COUNT || !(targets & BIT(state)) || state == q->question->state)
        return REFUSAL_BAD_VALUE;
    return move(q, state);
}

static enum refusal check_state(struct inquiry *q)
{
    uint8_t state = q->command->state.state;
    if (state >= SESSION_COUNT || state == q->room->state)
        return REFUSAL_BAD_VALUE;
    bool hides_questions = state == SESSION_DRAFT && q->room->count > 0;
    if (!(session_steps[q->room->state] & BIT(state)) || hides_questions)
        return REFUSAL_NOT_OPEN;
    q->event.kind = EVENT_STATE;
    q->event.state.state = state;
    return REFUSAL_NONE;
}

static enum refusal check_policy(struct inquiry *q)
{
    uint8_t policy = q->command->policy.policy;
    int64_t value = q->command->policy.value;
    if (policy >= POLICY_COUNT || value < policy_rows[policy].low || value > policy_rows[policy].high)
        return REFUSAL_BAD_VALUE;
    q->event.kind = EVENT_POLICY;
    q->event.policy.policy = policy;
    q->event.policy.value = value;
    return REFUSAL_NONE;
}

static bool is_time(int64_t value)
{
    return value >= 0 && value <= TIME_MAX;
}

static enum refusal check_details(struct inquiry *q)
{
    int64_t starts = q->command->details.starts_at, ends = q->command->details.ends_at;
    q->event.kind = EVENT_DETAILS;
    enum refusal refusal = take_line(q, q->command->details.title, TITLE_MAX_LENGTH, &q->event.details.title);
    if (refusal == REFUSAL_NONE)
        refusal = take_text(q, q->command->details.description, DESCRIPTION_MAX_LENGTH, &q->event.details.description);
    if (refusal == REFUSAL_NONE)
        refusal = take_line(q, q->command->details.timezone, TIMEZONE_MAX_LENGTH, &q->event.details.timezone);
    if (refusal == REFUSAL_NONE && (q->event.details.title.n == 0 || q->event.details.timezone.n == 0))
        refusal = REFUSAL_EMPTY;
    if (refusal != REFUSAL_NONE)
        return refusal;
    if (!is_time(starts) || !is_time(ends) || (starts && ends && ends <= starts))
        return REFUSAL_BAD_VALUE;
    q->event.details.starts_at = starts;
    q->event.details.ends_at = ends;
    return REFUSAL_NONE;
}

static enum refusal (*const rules[COMMAND_COUNT])(struct inquiry *q) = {
    [COMMAND_ASK] = check_ask,           [COMMAND_EDIT] = check_edit,         [COMMAND_WITHDRAW] = check_withdraw,
    [COMMAND_VOTE] = check_vote,         [COMMAND_FEEDBACK] = check_feedback, [COMMAND_APPROVE] = check_approve,
    [COMMAND_REJECT] = check_reject,     [COMMAND_STAGE] = check_stage,       [COMMAND_UNSTAGE] = check_unstage,
    [COMMAND_ANSWERED] = check_answered, [COMMAND_REPLY] = check_reply,       [COMMAND_ARCHIVE] = check_archive,
    [COMMAND_RESTORE] = check_restore,   [COMMAND_STATE] = check_state,       [COMMAND_POLICY] = check_policy,
    [COMMAND_DETAILS] = check_details,
};

/* The question of a command. To those who may not know of it, it does not exist. */
static enum refusal find_question(struct inquiry *q, uint32_t states)
{
    static const uint32_t of_attendees = BIT(COMMAND_VOTE) | BIT(COMMAND_EDIT) | BIT(COMMAND_WITHDRAW);
    q->question = room_question(q->room, q->command->question);
    if (!q->question)
        return REFUSAL_NO_QUESTION;
    bool hidden = !q->question->published && q->question->asker != q->actor.participant;
    if (hidden && !is_host_side(q->actor) && of_attendees & BIT(q->command->kind))
        return REFUSAL_NO_QUESTION;
    return states & BIT(q->question->state) ? REFUSAL_NONE : REFUSAL_WRONG_STATE;
}

enum refusal room_check(const struct room *room, struct actor actor, const struct command *command, ms_t now,
                        struct room_event *out, int64_t *out_detail)
{
    struct inquiry q = { .room = room, .actor = actor, .command = command, .now = now };
    q.event.at = now;
    q.event.actor = actor.participant;
    *out_detail = 0;
    if ((unsigned)command->kind >= COMMAND_COUNT)
        return REFUSAL_UNKNOWN_COMMAND;
    const struct command_row *row = &command_rows[command->kind];
    if ((unsigned)actor.role >= ROLE_COUNT || !(row->roles & BIT(actor.role)))
        return REFUSAL_NOT_ALLOWED;
    if (!(row->sessions & BIT(room->state)))
        return REFUSAL_NOT_OPEN;
    enum refusal refusal = row->questions ? find_question(&q, row->questions) : REFUSAL_NONE;
    if (refusal == REFUSAL_NONE)
        refusal = rules[command->kind](&q);
    *out_detail = q.detail;
    if (refusal == REFUSAL_NONE)
        *out = q.event;
    return refusal;
}
