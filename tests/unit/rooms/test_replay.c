/* test_replay.c - the promise of the fold, on random lives of a room.
 *
 * Whatever happens: the invariants hold after each event; a room exported at any moment and given the later events
 * equals the room that saw everything; and readers who fold the flushes hold what room_visible says. A failure prints
 * its seed; LECTERN_SEED=n runs that one alone. */
#include "support.h"

#include "lectern/arena.h"

#define LIVES 60
#define STEPS 1500
#define PEOPLE 12
#define EVENTS (STEPS + 1)

static uint64_t seed_state;

static uint32_t dice(uint32_t sides) /* splitmix64 */
{
    uint64_t z = seed_state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ z >> 30) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ z >> 27) * UINT64_C(0x94D049BB133111EB);
    return (uint32_t)((z ^ z >> 31) >> 32) % sides;
}

/* A reader of one tier: for each id (a seq), what it holds. */
struct held {
    bool there;
    struct question_record record;
    char text[256];
};

struct life {
    struct room *room;
    struct arena arena; /* of the log */
    struct room_event log[EVENTS];
    size_t events;
    struct held readers[TIER_COUNT][EVENTS + 1];
    bool votes[EVENTS + 1][PEOPLE];
    size_t export_at;
    struct room *copy;
    size_t window; /* questions that fit the public window */
    const char *wrong;
};

static struct str random_text(void)
{
    static const struct str texts[] = {
        { "Why?", 4 },
        { "  spaced  ", 10 },
        { "", 0 },
        { "\xE4\xBD\xA0\xE5\xA5\xBD\xE5\x90\x97", 9 },
        { "bad \xFF", 5 },
        { "How long is a piece of string?", 30 },
        { "Another one", 11 },
    };
    static const char long_text[] =
        "A question that goes on and on, and then some more, until nobody in the hall remembers how it began, "
        "nor what was asked, nor why, nor by whom, nor when it was that they last heard a full stop";
    size_t choice = dice(2 * LECTERN_COUNT(texts));
    /* A length of its own for nearly each: a replaced text is a different one. */
    return choice < LECTERN_COUNT(texts) ? texts[choice] : (struct str){ long_text, 40 + dice(sizeof long_text - 42) };
}

static void random_command(struct life *life, struct command *command)
{
    *command = (struct command){ .kind = dice(8) ? (enum command_kind)dice(COMMAND_COUNT) : COMMAND_ASK };
    uint64_t question = 1 + dice((uint32_t)room_seq(life->room) + 2);
    struct room_image image;
    room_export(life->room, &image);
    if (image.question_count && dice(8))
        question = image.questions[dice((uint32_t)image.question_count)].id;
    switch (command->kind) {
    case COMMAND_ASK:
        command->ask.text = random_text();
        command->ask.name = random_text();
        command->ask.anonymous = dice(2);
        return;
    case COMMAND_FEEDBACK:
        command->feedback.stars = dice(7);
        command->feedback.recommend = (int64_t)dice(13) - 1;
        return;
    case COMMAND_STATE:
        command->state.state = dice(8) ? SESSION_LIVE : (uint8_t)dice(SESSION_COUNT + 1);
        return;
    case COMMAND_POLICY:
        command->policy.policy = (uint8_t)dice(POLICY_COUNT + 1);
        command->policy.value = dice(5);
        if (command->policy.policy == POLICY_QUESTION_LENGTH || command->policy.policy == POLICY_QUESTION_LIMIT)
            command->policy.value = 200;
        return;
    case COMMAND_DETAILS:
        command->details.title = random_text();
        command->details.description = random_text();
        command->details.timezone = STR("UTC");
        command->details.starts_at = dice(3);
        command->details.ends_at = dice(3);
        return;
    default:
        command->question = question;
    }
    if (command->kind == COMMAND_EDIT)
        command->edit.text = random_text();
    if (command->kind == COMMAND_VOTE)
        command->vote.on = dice(4) > 0;
    if (command->kind == COMMAND_APPROVE)
        command->approve.text = random_text();
    if (command->kind == COMMAND_REJECT) {
        command->reject.reason = (uint8_t)dice(REASON_COUNT + 1);
        command->reject.note = random_text();
    }
    if (command->kind == COMMAND_REPLY) {
        command->reply.text = random_text();
        command->reply.private = dice(2);
    }
    if (command->kind == COMMAND_RESTORE)
        command->restore.state = (uint8_t)dice(QUESTION_COUNT + 1);
}

static struct str keep(struct life *life, struct str s)
{
    struct str copy;
    assert_true(arena_str(&life->arena, s, &copy));
    return copy;
}

/* The event as the log keeps it: with slices and counts of its own. */
static void record_event(struct life *life, struct room_event event)
{
    if (event.kind == EVENT_ASKED) {
        event.asked.text = keep(life, event.asked.text);
        event.asked.name = keep(life, event.asked.name);
    }
    life->log[life->events++] = event;
}

/* What the database does for a vote: set membership, then absolute counts. */
static void count_votes(struct life *life, struct actor actor, const struct command *command, struct room_event *event)
{
    bool *votes = life->votes[command->vote.question];
    votes[actor.participant - 1] = command->vote.on;
    uint64_t *counts = arena_alloc(&life->arena, 2 * sizeof *counts);
    assert_non_null(counts);
    counts[0] = command->vote.question;
    for (size_t i = 0; i < PEOPLE; i++)
        counts[1] += votes[i];
    event->voted.counts = (struct id_list){ counts, 2 };
}

static void hold(struct life *life, enum tier tier, const struct question *question)
{
    struct held *held = &life->readers[tier][question->id];
    held->there = true;
    room_record(life->room, question, tier, 0, &held->record);
    memset(held->text, 0, sizeof held->text);
    memcpy(held->text, held->record.text.p, held->record.text.n);
}

/* Told independently of the flush: everything published is visible while it fits, and only what is published ever. */
static void check_window(struct life *life)
{
    const struct question *const *visible;
    size_t count = room_visible(life->room, TIER_PUBLIC, &visible), published = 0;
    const uint32_t shown = BIT(QUESTION_LIVE) | BIT(QUESTION_STAGE) | BIT(QUESTION_ANSWERED);
    for (size_t i = 0; i < count; i++)
        if (!visible[i]->published || !(shown & BIT(visible[i]->state)))
            life->wrong = "the public sees what is not for it";
    struct room_image image;
    room_export(life->room, &image);
    for (size_t i = 0; i < image.question_count; i++)
        published += image.questions[i].published && shown & BIT(image.questions[i].state);
    if (published <= life->window ? count != published : count > life->window + 1)
        life->wrong = "the window shows more or less than it should";
}

static void fold_flush(struct life *life)
{
    struct room_delta delta;
    room_flush(life->room, &delta);
    for (int t = 0; t < TIER_COUNT; t++) {
        const struct tier_delta *tier = &delta.tier[t];
        for (size_t i = 0; i < tier->changed_count; i++)
            hold(life, (enum tier)t, tier->changed[i]);
        for (size_t i = 0; i < tier->counted_count; i++) {
            struct held *held = &life->readers[t][tier->counted[i]->id];
            if (!held->there)
                life->wrong = "a count of a question that the reader does not hold";
            held->record.votes = tier->counted[i]->votes;
        }
        for (size_t i = 0; i < tier->gone_count; i++) {
            if (!room_question(life->room, tier->gone[i])->published)
                life->wrong = "gone names a question that was never published";
            life->readers[t][tier->gone[i]].there = false;
        }
    }
    if (room_is_dirty(life->room))
        life->wrong = "dirty after a flush";
    check_window(life);
}

static bool holds(const struct life *life, enum tier tier, const struct question *question)
{
    const struct held *held = &life->readers[tier][question->id];
    struct question_record record;
    room_record(life->room, question, tier, 0, &record);
    return held->there && held->record.votes == record.votes && held->record.state == record.state &&
           held->record.name.n == record.name.n && held->record.reply.n == record.reply.n &&
           held->record.edited == record.edited && held->record.note.n == record.note.n &&
           strlen(held->text) == record.text.n && memcmp(held->text, record.text.p, record.text.n) == 0;
}

static void compare_readers(struct life *life)
{
    for (int t = 0; t < TIER_COUNT; t++) {
        const struct question *const *visible;
        size_t count = room_visible(life->room, (enum tier)t, &visible), held = 0;
        for (size_t i = 0; i < count; i++)
            if (!holds(life, (enum tier)t, visible[i]))
                life->wrong = t == TIER_PUBLIC ? "the public holds another question" : "staff holds another question";
        for (size_t i = 0; i <= EVENTS; i++)
            held += life->readers[t][i].there;
        if (held != count)
            life->wrong = t == TIER_PUBLIC ? "the public holds more or less" : "staff holds more or less";
    }
}

static bool questions_equal(const struct question *a, const struct question *b)
{
    return a->id == b->id && a->asker == b->asker && a->state == b->state && a->reason == b->reason &&
           a->published == b->published && a->anonymous == b->anonymous && a->reply_private == b->reply_private &&
           a->edited == b->edited && a->votes == b->votes && a->asked_at == b->asked_at &&
           a->state_at == b->state_at && a->answered_at == b->answered_at && str_equal(a->text, b->text) &&
           str_equal(a->original, b->original) && str_equal(a->name, b->name) && str_equal(a->note, b->note) &&
           str_equal(a->reply, b->reply);
}

static bool rooms_equal(struct room *a, struct room *b)
{
    struct room_image x, y;
    room_export(a, &x);
    room_export(b, &y);
    bool equal = x.id == y.id && x.seq == y.seq && x.state == y.state && x.responses == y.responses &&
                 x.starts_at == y.starts_at && x.ends_at == y.ends_at && str_equal(x.title, y.title) &&
                 str_equal(x.description, y.description) && str_equal(x.timezone, y.timezone) &&
                 memcmp(x.policies, y.policies, sizeof x.policies) == 0 && x.question_count == y.question_count;
    for (size_t i = 0; equal && i < x.question_count; i++)
        equal = questions_equal(&x.questions[i], &y.questions[i]);
    return equal && !room_verify(a) && !room_verify(b);
}

static void step(struct life *life, const struct room_limits *limits, size_t i)
{
    struct actor actor = { 1 + dice(PEOPLE), dice(2) ? ROLE_HOST : (enum role)dice(ROLE_COUNT) };
    struct command command;
    struct room_event event;
    int64_t detail;
    random_command(life, &command);
    ms_t now = T0 + (ms_t)i * 1000;
    if (room_check(life->room, actor, &command, now, &event, &detail) != REFUSAL_NONE)
        return;
    event.seq = room_seq(life->room) + 1;
    if (command.kind == COMMAND_VOTE)
        count_votes(life, actor, &command, &event);
    if (command.kind == COMMAND_FEEDBACK)
        event.feedback.responses = (int64_t)event.seq;
    record_event(life, event);
    if (room_apply(life->room, &event) != LECTERN_OK)
        life->wrong = "an accepted command could not be applied";
    const char *broken = room_verify(life->room);
    if (broken)
        life->wrong = broken;
    if (!dice(6))
        fold_flush(life);
    if (!life->copy && i >= life->export_at) {
        struct room_image image;
        room_export(life->room, &image);
        life->copy = room_new(image.id, limits);
        assert_int_equal(room_load(life->copy, &image), LECTERN_OK);
        life->export_at = life->events;
    }
}

static void check_replays(struct life *life, const struct room_limits *limits)
{
    struct room *zero = room_new(room_id(life->room), limits);
    for (size_t i = 0; i < life->events; i++)
        if (room_apply(zero, &life->log[i]) != LECTERN_OK)
            life->wrong = "the log cannot be replayed";
    if (!rooms_equal(zero, life->room))
        life->wrong = "a replay from zero differs";
    room_free(zero);
    if (!life->copy)
        return;
    for (size_t i = life->export_at; i < life->events; i++)
        if (room_apply(life->copy, &life->log[i]) != LECTERN_OK)
            life->wrong = "later events do not fit the export";
    if (!rooms_equal(life->copy, life->room))
        life->wrong = "export plus later events differs";
}

/* One random life. What went wrong, or NULL. */
static const char *live_once(uint64_t seed, const struct room_limits *limits)
{
    struct life *life = calloc(1, sizeof *life);
    assert_non_null(life);
    seed_state = seed;
    life->window = (size_t)limits->window_popular + limits->window_newest + limits->window_answered;
    arena_init(&life->arena, 4096, 4 << 20);
    life->room = room_new(7, limits);
    life->export_at = dice(STEPS);
    struct room_event open = { .seq = 1, .at = T0, .kind = EVENT_STATE, .state = { SESSION_LIVE } };
    record_event(life, open);
    assert_int_equal(room_apply(life->room, &open), LECTERN_OK);
    for (size_t i = 0; i < STEPS && !life->wrong; i++)
        step(life, limits, i);
    fold_flush(life);
    compare_readers(life);
    if (!life->wrong)
        check_replays(life, limits);
    const char *wrong = life->wrong;
    room_free(life->copy);
    room_free(life->room);
    arena_release(&life->arena);
    free(life);
    return wrong;
}

/* `questions` at most, a window of `window` in each list, memory for `bytes`. */
static void lives(uint32_t questions, uint32_t window, size_t bytes)
{
    const struct room_limits limits = { bytes, questions, window, window, window, 60000 };
    const char *only = getenv("LECTERN_SEED");
    uint64_t first = only ? strtoull(only, NULL, 10) : 1, last = only ? first : LIVES;
    for (uint64_t seed = first; seed <= last; seed++) {
        const char *wrong = live_once(seed, &limits);
        if (wrong)
            fail_msg("seed %llu, window %u: %s", (unsigned long long)seed, window, wrong);
    }
}

static void test_everything_fits(void **state)
{
    (void)state;
    lives(300, 1000, 1 << 20);
}

static void test_small_window(void **state)
{
    (void)state;
    lives(300, 3, 1 << 20);
}

/* About as many questions as the window holds: it comes and goes. */
static void test_window_comes_and_goes(void **state)
{
    (void)state;
    lives(40, 2, 1 << 20);
}

/* So little memory that strings are compacted and questions refused as `full`. */
static void test_little_memory(void **state)
{
    (void)state;
    lives(300, 7, 24 << 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_everything_fits),
        cmocka_unit_test(test_small_window),
        cmocka_unit_test(test_window_comes_and_goes),
        cmocka_unit_test(test_little_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
