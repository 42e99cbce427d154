/* apply.c - the fold: one stored event into the room, the only interpreter of events.
 *
 * Each event is examined first and changes the room afterwards, so that an event which cannot be applied leaves no
 * trace. A question is taken out of the totals before it changes and put back after. */
#include "room_internal.h"

/* Keep a copy of `s` instead of *slot. The caller has asked room_space for it. */
static bool replace(struct room *room, struct str *slot, struct str s)
{
    if (str_equal(*slot, s))
        return true;
    struct str copy;
    if (!arena_str(&room->arena, s, &copy))
        return false;
    room->garbage += slot->n;
    *slot = copy;
    return true;
}

static int apply_asked(struct room *room, const struct room_event *event)
{
    uint8_t state = event->asked.state;
    if ((state != QUESTION_PENDING && state != QUESTION_LIVE) || event->asked.text.n == 0)
        return LECTERN_EINVAL;
    if (room->count >= ROOM_HARD_MAX(room->limits.questions_max))
        return LECTERN_EFULL;
    struct str text, name;
    if (!arena_str(&room->arena, event->asked.text, &text) || !arena_str(&room->arena, event->asked.name, &name))
        return LECTERN_EFULL;
    struct entry *entry = room_append(room);
    if (!entry)
        return LECTERN_EFULL;
    entry->question = (struct question){
        .id = event->seq,
        .asker = event->actor,
        .state = state,
        .published = state == QUESTION_LIVE,
        .anonymous = event->asked.anonymous,
        .asked_at = event->at,
        .state_at = event->at,
        .text = text,
        .name = name,
    };
    room_count(room, &entry->question, 1);
    room_mark(room, (uint32_t)(room->count - 1), MARK_WHOLE);
    return LECTERN_OK;
}

static int apply_edited(struct room *room, const struct room_event *event)
{
    uint32_t index = room_find(room, event->edited.question);
    if (index == ROOM_NONE || event->edited.text.n == 0)
        return LECTERN_EINVAL;
    if (!replace(room, &room->entries[index]->question.text, event->edited.text))
        return LECTERN_EFULL;
    room_mark(room, index, MARK_WHOLE);
    return LECTERN_OK;
}

static int apply_voted(struct room *room, const struct room_event *event)
{
    const struct id_list *counts = &event->voted.counts;
    if (counts->count % 2)
        return LECTERN_EINVAL;
    for (size_t i = 0; i < counts->count; i += 2)
        if (room_find(room, counts->ids[i]) == ROOM_NONE || counts->ids[i + 1] > UINT32_MAX)
            return LECTERN_EINVAL;
    for (size_t i = 0; i < counts->count; i += 2) {
        uint32_t index = room_find(room, counts->ids[i]);
        struct question *question = &room->entries[index]->question;
        if (question->votes == counts->ids[i + 1])
            continue;
        room_count(room, question, -1);
        question->votes = (uint32_t)counts->ids[i + 1];
        room_count(room, question, 1);
        room_mark(room, index, MARK_VOTES);
    }
    return LECTERN_OK;
}

/* The state and what hangs on it. The question is not in the totals while this runs. */
static void set_state(struct room *room, uint32_t index, uint8_t state, ms_t at)
{
    struct question *question = &room->entries[index]->question;
    if (question->state == state)
        return;
    if (room->staged == index)
        room->staged = ROOM_NONE;
    question->state = state;
    question->state_at = at;
    question->answered_at = state == QUESTION_ANSWERED ? at : 0;
    if (question_is_up(question))
        question->published = true;
    if (state == QUESTION_STAGE)
        room->staged = index;
}

/* Only one question is on stage: the one there goes back to live. */
static void clear_stage(struct room *room, ms_t at)
{
    uint32_t index = room->staged;
    if (index == ROOM_NONE)
        return;
    room_count(room, &room->entries[index]->question, -1);
    set_state(room, index, QUESTION_LIVE, at);
    room_count(room, &room->entries[index]->question, 1);
    room_mark(room, index, MARK_WHOLE);
}

static int apply_moved(struct room *room, const struct room_event *event)
{
    uint32_t index = room_find(room, event->moved.question);
    if (index == ROOM_NONE || event->moved.state >= QUESTION_COUNT || event->moved.reason >= REASON_COUNT)
        return LECTERN_EINVAL;
    struct question *question = &room->entries[index]->question;
    bool reworded = event->moved.text.n && !str_equal(event->moved.text, question->text);
    struct str text = question->text, note = question->note;
    if (reworded && !arena_str(&room->arena, event->moved.text, &text))
        return LECTERN_EFULL;
    if (!replace(room, &note, event->moved.note))
        return LECTERN_EFULL;
    if (event->moved.state == QUESTION_STAGE && room->staged != index)
        clear_stage(room, event->at);
    room_count(room, question, -1);
    if (reworded) {
        if (question->edited)
            room->garbage += question->text.n;
        else
            question->original = question->text;
        question->edited = true;
    }
    question->text = text;
    question->note = note;
    question->reason = event->moved.reason;
    set_state(room, index, event->moved.state, event->at);
    room_count(room, question, 1);
    room_mark(room, index, MARK_WHOLE);
    return LECTERN_OK;
}

static int apply_replied(struct room *room, const struct room_event *event)
{
    uint32_t index = room_find(room, event->replied.question);
    if (index == ROOM_NONE || event->replied.state >= QUESTION_COUNT)
        return LECTERN_EINVAL;
    struct question *question = &room->entries[index]->question;
    if (!replace(room, &question->reply, event->replied.text))
        return LECTERN_EFULL;
    if (event->replied.state == QUESTION_STAGE && room->staged != index)
        clear_stage(room, event->at);
    room_count(room, question, -1);
    bool given = question->reply.n > 0;
    question->reply_private = given && event->replied.private;
    if (given && !event->replied.private)
        question->published = true;
    set_state(room, index, event->replied.state, event->at);
    room_count(room, question, 1);
    room_mark(room, index, MARK_WHOLE);
    return LECTERN_OK;
}

static int apply_state(struct room *room, const struct room_event *event)
{
    if (event->state.state >= SESSION_COUNT)
        return LECTERN_EINVAL;
    room->state = event->state.state;
    room->info_changed = true;
    return LECTERN_OK;
}

static int apply_policy(struct room *room, const struct room_event *event)
{
    uint8_t policy = event->policy.policy;
    int64_t value = event->policy.value;
    if (policy >= POLICY_COUNT || value < policy_rows[policy].low || value > policy_rows[policy].high)
        return LECTERN_EINVAL;
    bool renamed = policy == POLICY_NAMES && room->policies[policy] != value;
    room->policies[policy] = value;
    room->info_changed = true;
    if (renamed) /* every record reads differently now */
        room_mark_all(room);
    return LECTERN_OK;
}

static int apply_details(struct room *room, const struct room_event *event)
{
    struct str title = room->title, description = room->description, timezone = room->timezone;
    if (!replace(room, &title, event->details.title) ||
        !replace(room, &description, event->details.description) ||
        !replace(room, &timezone, event->details.timezone))
        return LECTERN_EFULL;
    room->title = title;
    room->description = description;
    room->timezone = timezone;
    room->starts_at = event->details.starts_at;
    room->ends_at = event->details.ends_at;
    room->info_changed = true;
    return LECTERN_OK;
}

static int apply_feedback(struct room *room, const struct room_event *event)
{
    if (event->feedback.responses < 0)
        return LECTERN_EINVAL;
    room->totals[TIER_STAFF].responses = event->feedback.responses;
    return LECTERN_OK;
}

static int (*const folds[EVENT_COUNT])(struct room *room, const struct room_event *event) = {
    [EVENT_ASKED] = apply_asked,     [EVENT_EDITED] = apply_edited,   [EVENT_VOTED] = apply_voted,
    [EVENT_MOVED] = apply_moved,     [EVENT_REPLIED] = apply_replied, [EVENT_STATE] = apply_state,
    [EVENT_POLICY] = apply_policy,   [EVENT_DETAILS] = apply_details, [EVENT_FEEDBACK] = apply_feedback,
};

int room_apply(struct room *room, const struct room_event *event)
{
    if (event->seq <= room->seq)
        return LECTERN_EOLD;
    if (event->seq != room->seq + 1)
        return LECTERN_EGAP;
    if ((unsigned)event->kind >= EVENT_COUNT)
        return LECTERN_EINVAL;
    if (room->garbage > room->limits.bytes_max / ROOM_GARBAGE_PART)
        room_compact(room);
    int result = folds[event->kind](room, event);
    if (result == LECTERN_OK)
        room->seq = event->seq;
    return result;
}
