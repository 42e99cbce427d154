/* view.c - what a reader may see: records, the session's info, lists to page through. */
#include "room_internal.h"

/* Which names policies show names to a tier. */
static const uint32_t names_shown[TIER_COUNT] = {
    [TIER_PUBLIC] = BIT(1) | BIT(3),
    [TIER_STAFF] = BIT(1) | BIT(2) | BIT(3),
};

void room_record(const struct room *room, const struct question *question, enum tier tier, uint64_t reader,
                 struct question_record *out)
{
    bool staff = tier == TIER_STAFF;
    bool own = reader != 0 && reader == question->asker;
    bool named = own || (!question->anonymous && names_shown[tier] & BIT(room->policies[POLICY_NAMES]));
    bool replied = staff || own || !question->reply_private;
    *out = (struct question_record){
        .id = question->id,
        .state = question->state,
        .votes = question->votes,
        .text = question->text,
        .asked_at = question->asked_at,
        .state_at = question->state_at,
        .reason = staff || own ? question->reason : REASON_NONE,
        .edited = question->edited,
        .asker = staff ? question->asker : 0,
        .anonymous = question->anonymous,
    };
    if (named)
        out->name = question->name;
    if (replied) {
        out->reply = question->reply;
        out->reply_private = question->reply_private;
    }
    if (staff || own)
        out->note = question->note;
    if (staff)
        out->original = question->original;
}

void room_info(const struct room *room, enum tier tier, struct info_record *out)
{
    const struct totals *totals = &room->totals[tier];
    *out = (struct info_record){
        .code = room->code,
        .title = room->title,
        .description = room->description,
        .event = room->event,
        .state = room->state,
        .starts_at = room->starts_at,
        .ends_at = room->ends_at,
        .timezone = room->timezone,
        .policies = { room->policies, POLICY_COUNT },
        .live = totals->live,
        .answered = totals->answered,
        .pending = totals->pending,
        .votes = totals->votes,
        .responses = totals->responses,
    };
}

static bool before_by_age(const struct question *a, const struct question *b)
{
    return a->id > b->id;
}

static const struct list_row {
    const char *word;
    bool answered;
    bool (*before)(const struct question *a, const struct question *b);
} list_rows[] = {
    { "popular", false, before_by_votes },
    { "newest", false, before_by_age },
    { "answered", true, before_by_answer },
};

int room_list(const struct room *room, struct str list, size_t offset, const struct question **out, size_t max,
              size_t *out_total)
{
    const struct list_row *row = NULL;
    for (size_t i = 0; i < LECTERN_COUNT(list_rows); i++)
        if (str_equal(str_of(list_rows[i].word), list))
            row = &list_rows[i];
    if (!row)
        return LECTERN_EINVAL;
    size_t total = 0;
    for (size_t i = 0; i < room->count; i++) {
        const struct question *question = &room->entries[i]->question;
        if (question_is_public(question) && question_is_up(question) != row->answered)
            room->scratch[total++] = question;
    }
    questions_select(room->scratch, total, total, row->before, true);
    *out_total = total;
    size_t count = offset >= total ? 0 : total - offset < max ? total - offset : max;
    if (count > 0)
        memcpy(out, room->scratch + offset, count * sizeof *out);
    return (int)count;
}

size_t room_questions_of(const struct room *room, uint64_t participant, const struct question **out, size_t max)
{
    size_t count = 0;
    for (size_t i = 0; i < room->count && count < max; i++)
        if (room->entries[i]->question.asker == participant)
            out[count++] = &room->entries[i]->question;
    return count;
}
