/* runner.c - runs scenario files against a room: whole lives of a session, written so that a host could read them.
 *
 * Each line is one of (names are free, times are virtual milliseconds since the start):
 *     limits QUESTIONS POPULAR NEWEST ANSWERED    before everything else: how much the room and its window hold
 *     person NAME ROLE
 *     at MS
 *     NAME COMMAND FIELDS... [=> QUESTION]        is accepted; an asked question gets a name
 *     NAME COMMAND FIELDS... ! REFUSAL [DETAIL]   is refused
 *     event FIELD=VALUE...                        what the last accepted command recorded
 *     question QUESTION for NAME FIELD=VALUE...   the record as that reader sees it
 *     info for NAME FIELD=VALUE...
 *     visible for NAME QUESTIONS...               exactly these, after a flush
 *     enter NAME yes|no
 *     flush                                       then: changed|counted|gone public|staff QUESTIONS...
 *     windowed public|staff yes|no
 *     list popular|newest|answered QUESTIONS...   in this order
 * Votes and feedback are kept here as sets, as the database keeps them. After each event the room is verified, and at
 * the end it must equal a room that was loaded from its export. */
#include "language.h"

#include <stdio.h>
#include <stdlib.h>

#define START INT64_C(1700000000000)
#define LIST_MAX 256
#define MEMBERS_MAX 1024

struct pair {
    uint64_t question, participant; /* question 0: feedback */
};

struct scenario {
    struct room *room;
    struct labels labels;
    uint64_t people;
    ms_t now;
    struct room_delta delta;
    struct buf event, text;
    struct pair members[MEMBERS_MAX];
    size_t member_count;
    uint64_t counts[2];
    char wrong[1024];
};

static bool fails(struct scenario *s, const char *what, const char *detail)
{
    snprintf(s->wrong, sizeof s->wrong, "%s: %s", what, detail);
    return false;
}

/* ---- sets ---- */

static void set_member(struct scenario *s, struct pair pair, bool on)
{
    size_t i = 0;
    while (i < s->member_count &&
           (s->members[i].question != pair.question || s->members[i].participant != pair.participant))
        i++;
    if (on && i == s->member_count && i < MEMBERS_MAX)
        s->members[s->member_count++] = pair;
    if (!on && i < s->member_count)
        s->members[i] = s->members[--s->member_count];
}

static uint64_t count_members(const struct scenario *s, uint64_t question)
{
    uint64_t count = 0;
    for (size_t i = 0; i < s->member_count; i++)
        count += s->members[i].question == question;
    return count;
}

/* What the database adds to an event. */
static void complete_event(struct scenario *s, const struct command *command, struct room_event *event)
{
    event->seq = room_seq(s->room) + 1;
    if (command->kind == COMMAND_VOTE) {
        set_member(s, (struct pair){ command->question, event->actor }, command->vote.on);
        s->counts[0] = command->question;
        s->counts[1] = count_members(s, command->question);
        event->voted.counts = (struct id_list){ s->counts, 2 };
    }
    if (command->kind == COMMAND_FEEDBACK) {
        set_member(s, (struct pair){ 0, event->actor }, true);
        event->feedback.responses = (int64_t)count_members(s, 0);
    }
}

/* ---- lines ---- */

static size_t find_token(char **tokens, size_t count, const char *token)
{
    size_t i = 0;
    while (i < count && strcmp(tokens[i], token) != 0)
        i++;
    return i;
}

static bool check_refusal(struct scenario *s, enum refusal got, int64_t detail, char **expected, size_t count)
{
    char text[128];
    const char *word = count > 0 ? expected[0] : "none";
    int64_t wanted = count > 1 ? strtoll(expected[1], NULL, 10) : detail;
    if (str_equal(str_of(word), str_of(word_of(&word_list_refusal, got))) && wanted == detail)
        return true;
    snprintf(text, sizeof text, "%s %lld instead of %s", word_of(&word_list_refusal, got), (long long)detail, word);
    return fails(s, "refusal", text);
}

static bool line_command(struct scenario *s, const struct label *person, char **tokens, size_t count)
{
    size_t refused = find_token(tokens, count, "!"), named = find_token(tokens, count, "=>");
    size_t fields = refused < named ? refused : named;
    struct command command;
    if (fields < 2)
        return fails(s, "no command", tokens[0]);
    const char *bad = command_read(&s->labels, tokens + 1, fields - 1, &command);
    if (bad)
        return fails(s, tokens[1], bad);
    struct room_event event;
    int64_t detail;
    struct actor actor = { person->id, (enum role)person->role };
    enum refusal refusal = room_check(s->room, actor, &command, s->now, &event, &detail);
    bool expects_refusal = refused < count;
    if (!check_refusal(s, refusal, detail, tokens + refused + 1, expects_refusal ? count - refused - 1 : 0))
        return false;
    if (refusal != REFUSAL_NONE)
        return true;
    complete_event(s, &command, &event);
    if (named + 1 < count && !label_add(&s->labels, tokens[named + 1], event.seq, 0))
        return fails(s, "cannot name", tokens[named + 1]);
    buf_clear(&s->event);
    event_write(&s->labels, &event, &s->event);
    if (room_apply(s->room, &event) != LECTERN_OK)
        return fails(s, "cannot apply", tokens[1]);
    const char *broken = room_verify(s->room);
    return broken ? fails(s, "invariant", broken) : true;
}

static bool expect_lines(struct scenario *s, const struct buf *lines, char **tokens, size_t count)
{
    char text[800];
    for (size_t i = 0; i < count; i++)
        if (!lines_have(lines, tokens[i])) {
            snprintf(text, sizeof text, "%s is not in\n%.*s", tokens[i], (int)lines->len, (const char *)lines->data);
            return fails(s, "expected", text);
        }
    return count > 0 || fails(s, "expectation", "says nothing");
}

/* The reader after `for`: whose eyes, and which tier. */
static const struct label *reader_at(struct scenario *s, char **tokens, size_t count, size_t at, enum tier *out_tier)
{
    if (at + 1 >= count || strcmp(tokens[at], "for") != 0)
        return NULL;
    const struct label *person = label_named(&s->labels, tokens[at + 1]);
    *out_tier = person && person->role > ROLE_ATTENDEE ? TIER_STAFF : TIER_PUBLIC;
    return person;
}

static bool expect_ids(struct scenario *s, const uint64_t *ids, size_t found, char **tokens, size_t count, bool ordered)
{
    bool same = found == count;
    for (size_t i = 0; same && i < count; i++) {
        const struct label *label = label_named(&s->labels, tokens[i]);
        size_t at = ordered ? i : 0;
        while (label && !ordered && at < found && ids[at] != label->id)
            at++;
        same = label && at < found && ids[at] == label->id;
    }
    if (same)
        return true;
    buf_clear(&s->text);
    for (size_t i = 0; i < found; i++) {
        const char *name = label_of(&s->labels, ids[i]);
        buf_printf(&s->text, " %s", name ? name : "(unnamed)");
    }
    buf_put_byte(&s->text, 0);
    return fails(s, "these instead", (const char *)s->text.data);
}

static bool expect_questions(struct scenario *s, const struct question *const *list, size_t found, char **tokens,
                             size_t count, bool ordered)
{
    uint64_t ids[LIST_MAX];
    for (size_t i = 0; i < found && i < LIST_MAX; i++)
        ids[i] = list[i]->id;
    return found <= LIST_MAX ? expect_ids(s, ids, found, tokens, count, ordered) : fails(s, "too many", "questions");
}

static bool line_limits(struct scenario *s, char **tokens, size_t count)
{
    if (count != 5 || room_seq(s->room) > 0)
        return fails(s, "limits", "takes four numbers, before everything else");
    struct room_limits limits = room_limits_default;
    limits.questions_max = (uint32_t)strtoul(tokens[1], NULL, 10);
    limits.window_popular = (uint32_t)strtoul(tokens[2], NULL, 10);
    limits.window_newest = (uint32_t)strtoul(tokens[3], NULL, 10);
    limits.window_answered = (uint32_t)strtoul(tokens[4], NULL, 10);
    room_free(s->room);
    s->room = room_new(7, &limits);
    return true;
}

static bool line_person(struct scenario *s, char **tokens, size_t count)
{
    int role = count == 3 ? word_value(&word_list_role, str_of(tokens[2])) : -1;
    if (role < 0 || !label_add(&s->labels, tokens[1], PEOPLE_FIRST + s->people++, (uint8_t)role))
        return fails(s, "person", "takes a new name and a role");
    return true;
}

static bool line_at(struct scenario *s, char **tokens, size_t count)
{
    ms_t now = count == 2 ? START + strtoll(tokens[1], NULL, 10) : 0;
    if (now < s->now)
        return fails(s, "at", "takes a time that is not before the last one");
    s->now = now;
    return true;
}

static bool line_event(struct scenario *s, char **tokens, size_t count)
{
    return expect_lines(s, &s->event, tokens + 1, count - 1);
}

static bool line_question(struct scenario *s, char **tokens, size_t count)
{
    enum tier tier;
    const struct label *reader = reader_at(s, tokens, count, 2, &tier);
    const struct label *label = count > 1 ? label_named(&s->labels, tokens[1]) : NULL;
    const struct question *question = label ? room_question(s->room, label->id) : NULL;
    if (!reader || !question)
        return fails(s, "question", "no such question or reader");
    struct question_record record;
    room_record(s->room, question, tier, reader->id, &record);
    buf_clear(&s->text);
    question_write(&s->labels, &record, &s->text);
    return expect_lines(s, &s->text, tokens + 4, count - 4);
}

static bool line_info(struct scenario *s, char **tokens, size_t count)
{
    enum tier tier;
    if (!reader_at(s, tokens, count, 1, &tier))
        return fails(s, "info", "no such reader");
    struct info_record record;
    room_info(s->room, tier, &record);
    buf_clear(&s->text);
    info_write(&s->labels, &record, &s->text);
    return expect_lines(s, &s->text, tokens + 3, count - 3);
}

static bool line_visible(struct scenario *s, char **tokens, size_t count)
{
    enum tier tier;
    if (!reader_at(s, tokens, count, 1, &tier))
        return fails(s, "visible", "no such reader");
    const struct question *const *list;
    size_t found = room_visible(s->room, tier, &list);
    return expect_questions(s, list, found, tokens + 3, count - 3, true);
}

static bool line_enter(struct scenario *s, char **tokens, size_t count)
{
    const struct label *person = count == 3 ? label_named(&s->labels, tokens[1]) : NULL;
    if (!person)
        return fails(s, "enter", "takes a person and yes or no");
    bool may = room_may_enter(s->room, (enum role)person->role);
    return strcmp(tokens[2], may ? "yes" : "no") == 0 || fails(s, "may enter", may ? "yes" : "no");
}

static bool line_flush(struct scenario *s, char **tokens, size_t count)
{
    seq_t before = s->delta.to;
    room_flush(s->room, &s->delta);
    bool whole = count == 1 && s->delta.from == before && s->delta.to == room_seq(s->room) && !room_is_dirty(s->room);
    return whole || fails(s, tokens[0], "does not follow the one before");
}

/* The delta of the tier named by tokens[1]. */
static const struct tier_delta *delta_of(struct scenario *s, char **tokens, size_t count)
{
    if (count > 1 && strcmp(tokens[1], "public") == 0)
        return &s->delta.tier[TIER_PUBLIC];
    return count > 1 && strcmp(tokens[1], "staff") == 0 ? &s->delta.tier[TIER_STAFF] : NULL;
}

static bool line_changed(struct scenario *s, char **tokens, size_t count)
{
    const struct tier_delta *delta = delta_of(s, tokens, count);
    return delta ? expect_questions(s, delta->changed, delta->changed_count, tokens + 2, count - 2, false)
                 : fails(s, "changed", "takes public or staff");
}

static bool line_counted(struct scenario *s, char **tokens, size_t count)
{
    const struct tier_delta *delta = delta_of(s, tokens, count);
    return delta ? expect_questions(s, delta->counted, delta->counted_count, tokens + 2, count - 2, false)
                 : fails(s, "counted", "takes public or staff");
}

static bool line_gone(struct scenario *s, char **tokens, size_t count)
{
    const struct tier_delta *delta = delta_of(s, tokens, count);
    return delta ? expect_ids(s, delta->gone, delta->gone_count, tokens + 2, count - 2, false)
                 : fails(s, "gone", "takes public or staff");
}

static bool line_windowed(struct scenario *s, char **tokens, size_t count)
{
    const struct tier_delta *delta = delta_of(s, tokens, count);
    bool right = delta && count == 3 && strcmp(tokens[2], delta->windowed ? "yes" : "no") == 0;
    return right || fails(s, "windowed", "the other way");
}

static bool line_list(struct scenario *s, char **tokens, size_t count)
{
    const struct question *list[LIST_MAX];
    size_t total;
    int found = count > 1 ? room_list(s->room, str_of(tokens[1]), 0, list, LIST_MAX, &total) : -1;
    return found >= 0 ? expect_questions(s, list, (size_t)found, tokens + 2, count - 2, true)
                      : fails(s, "list", "no such list");
}

static const struct line_row {
    const char *word;
    bool (*run)(struct scenario *s, char **tokens, size_t count);
} line_rows[] = {
    { "limits", line_limits },   { "person", line_person }, { "at", line_at },           { "event", line_event },
    { "question", line_question }, { "info", line_info },   { "visible", line_visible }, { "enter", line_enter },
    { "flush", line_flush },     { "changed", line_changed }, { "counted", line_counted }, { "gone", line_gone },
    { "windowed", line_windowed }, { "list", line_list },
};

static bool run_line(struct scenario *s, char *line)
{
    char *tokens[TOKENS_MAX];
    size_t count = tokens_split(line, tokens);
    if (count == 0)
        return true;
    for (size_t i = 0; i < LECTERN_COUNT(line_rows); i++)
        if (strcmp(line_rows[i].word, tokens[0]) == 0)
            return line_rows[i].run(s, tokens, count);
    const struct label *person = label_named(&s->labels, tokens[0]);
    if (!person || person->id < PEOPLE_FIRST)
        return fails(s, "neither a person nor a word of the language", tokens[0]);
    return line_command(s, person, tokens, count);
}

/* ---- files ---- */

/* A room loaded from the export shows every question as the original does. */
static bool check_export(struct scenario *s)
{
    struct room_image image;
    room_export(s->room, &image);
    struct room *copy = room_new(1, &room_limits_default);
    bool same = room_load(copy, &image) == LECTERN_OK && !room_verify(copy);
    struct buf here = s->text, there;
    buf_init(&there, here.max);
    for (size_t i = 0; same && i < image.question_count; i++) {
        struct question_record record;
        buf_clear(&here);
        buf_clear(&there);
        room_record(s->room, &image.questions[i], TIER_STAFF, 0, &record);
        question_write(&s->labels, &record, &here);
        room_record(copy, room_question(copy, image.questions[i].id), TIER_STAFF, 0, &record);
        question_write(&s->labels, &record, &there);
        same = str_equal(buf_str(&here), buf_str(&there));
    }
    s->text = here;
    buf_release(&there);
    room_free(copy);
    return same || fails(s, "export", "a room loaded from it differs");
}

static bool run_file(const char *path)
{
    FILE *file = fopen(path, "r");
    if (!file) {
        printf("not ok %s: cannot be read\n", path);
        return false;
    }
    static struct scenario s;
    s = (struct scenario){ .room = room_new(7, &room_limits_default), .now = START };
    buf_init(&s.event, 1 << 20);
    buf_init(&s.text, 1 << 20);
    char line[4096];
    int number = 0;
    bool ok = true;
    while (ok && fgets(line, sizeof line, file)) {
        number++;
        ok = run_line(&s, line);
    }
    fclose(file);
    if (ok && room_seq(s.room) == 0)
        ok = fails(&s, "nothing happened", path);
    ok = ok && check_export(&s);
    if (ok)
        printf("ok %s\n", path);
    else
        printf("not ok %s:%d: %s\n", path, number, s.wrong);
    buf_release(&s.event);
    buf_release(&s.text);
    room_free(s.room);
    return ok;
}

int main(int argc, char **argv)
{
    bool ok = argc > 1;
    for (int i = 1; i < argc; i++)
        ok &= run_file(argv[i]);
    return ok ? 0 : 1;
}
