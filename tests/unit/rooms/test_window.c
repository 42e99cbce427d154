/* test_window.c - what each tier of readers is told: the public window, what is never told, and names. */
#include "support.h"

#include <string.h>

static const struct room_limits small = { 1 << 20, 1000, 2, 2, 1, 60000 }; /* 2 popular, 2 newest, 1 answered */

static bool lists(const struct question *const *list, size_t count, uint64_t id)
{
    for (size_t i = 0; i < count; i++)
        if (list[i]->id == id)
            return true;
    return false;
}

static bool is_gone(const struct tier_delta *delta, uint64_t id)
{
    for (size_t i = 0; i < delta->gone_count; i++)
        if (delta->gone[i] == id)
            return true;
    return false;
}

static bool is_shown(struct room *room, uint64_t id)
{
    const struct question *const *visible;
    size_t count = room_visible(room, TIER_PUBLIC, &visible);
    return lists(visible, count, id);
}

static void test_no_window_while_all_fit(void **state)
{
    (void)state;
    struct room *room = live_room(&small);
    uint64_t first = ask(room, 10, "first");
    for (int i = 0; i < 4; i++)
        ask(room, 11, "more");
    struct room_delta delta;
    room_flush(room, &delta);
    assert_int_equal(delta.from, 0);
    assert_int_equal(delta.to, room_seq(room));
    assert_int_equal(delta.tier[TIER_PUBLIC].changed_count, 5);
    assert_false(delta.tier[TIER_PUBLIC].windowed);
    assert_true(delta.tier[TIER_PUBLIC].info);
    assert_false(room_is_dirty(room));
    set_votes(room, first, 3);
    assert_true(room_is_dirty(room));
    room_flush(room, &delta);
    assert_int_equal(delta.tier[TIER_PUBLIC].changed_count, 0);
    assert_int_equal(delta.tier[TIER_PUBLIC].counted_count, 1);
    assert_int_equal(delta.tier[TIER_PUBLIC].counted[0]->id, first);
    assert_int_equal(delta.tier[TIER_STAFF].counted_count, 1);
    room_free(room);
}

static void test_window_moves(void **state)
{
    (void)state;
    struct room *room = live_room(&small);
    uint64_t q[6];
    for (int i = 0; i < 6; i++)
        q[i] = ask(room, 10, "question");
    struct room_delta delta;
    room_flush(room, &delta);
    /* No votes: the oldest two are the popular ones, the last two the newest. */
    const bool at_first[] = { true, true, false, false, true, true };
    for (int i = 0; i < 6; i++)
        assert_int_equal(is_shown(room, q[i]), at_first[i]);

    set_votes(room, q[2], 5); /* enters; the second oldest leaves without an event of its own */
    room_flush(room, &delta);
    const struct tier_delta *public = &delta.tier[TIER_PUBLIC];
    assert_true(public->windowed);
    assert_true(lists(public->changed, public->changed_count, q[2]));
    assert_true(is_gone(public, q[1]));
    assert_int_equal(delta.tier[TIER_STAFF].counted_count, 1);
    assert_int_equal(delta.tier[TIER_STAFF].changed_count, 0);
    assert_int_equal(delta.tier[TIER_STAFF].gone_count, 0);

    assert_int_equal(on_question(room, HOST, COMMAND_STAGE, q[3]), REFUSAL_NONE); /* on stage is always shown */
    room_flush(room, &delta);
    assert_true(is_shown(room, q[3]));
    assert_int_equal(on_question(room, HOST, COMMAND_ARCHIVE, q[1]), REFUSAL_NONE); /* five left: all fit */
    room_flush(room, &delta);
    for (int i = 0; i < 6; i++)
        assert_int_equal(is_shown(room, q[i]), i != 1);
    assert_null(room_verify(room));
    room_free(room);
}

static void test_latest_answered(void **state)
{
    (void)state;
    struct room *room = live_room(&small);
    uint64_t q[7];
    for (int i = 0; i < 7; i++)
        q[i] = ask(room, 10, "question");
    for (int i = 0; i < 2; i++) {
        struct command answered = { .kind = COMMAND_ANSWERED, .question = q[i] };
        int64_t detail;
        assert_int_equal(act(room, HOST, &answered, T0 + 1000 - i, &detail), REFUSAL_NONE); /* q[0] is answered later */
    }
    struct room_delta delta;
    room_flush(room, &delta);
    assert_true(is_shown(room, q[0]));
    assert_false(is_shown(room, q[1]));
    room_free(room);
}

static void test_unpublished_is_never_told(void **state)
{
    (void)state;
    struct room *room = live_room(&small);
    set_policy(room, POLICY_REVIEW, 1);
    uint64_t hidden = ask(room, 10, "secret");
    struct room_delta delta;
    room_flush(room, &delta);
    assert_int_equal(on_question(room, HOST, COMMAND_REJECT, hidden), REFUSAL_NONE);
    room_flush(room, &delta);
    assert_int_equal(delta.tier[TIER_PUBLIC].changed_count, 0);
    assert_int_equal(delta.tier[TIER_PUBLIC].gone_count, 0);
    assert_false(delta.tier[TIER_PUBLIC].info);
    assert_true(delta.tier[TIER_STAFF].info);
    assert_true(lists(delta.tier[TIER_STAFF].changed, delta.tier[TIER_STAFF].changed_count, hidden));

    uint64_t shown = ask(room, 10, "open");
    assert_int_equal(on_question(room, HOST, COMMAND_APPROVE, shown), REFUSAL_NONE);
    room_flush(room, &delta);
    assert_true(is_shown(room, shown));
    assert_int_equal(on_question(room, HOST, COMMAND_REJECT, shown), REFUSAL_NONE);
    room_flush(room, &delta);
    assert_true(is_gone(&delta.tier[TIER_PUBLIC], shown));
    assert_false(is_shown(room, shown));
    room_free(room);
}

static void test_info_totals(void **state)
{
    (void)state;
    struct room *room = live_room(&small);
    uint64_t answered = ask(room, 10, "a");
    uint64_t staged = ask(room, 10, "b");
    set_policy(room, POLICY_REVIEW, 1);
    uint64_t private = ask(room, 11, "c");
    ask(room, 11, "d");
    set_votes(room, answered, 4);
    assert_int_equal(on_question(room, HOST, COMMAND_ANSWERED, answered), REFUSAL_NONE);
    assert_int_equal(on_question(room, HOST, COMMAND_STAGE, staged), REFUSAL_NONE);
    struct command reply = { .kind = COMMAND_REPLY, .reply = { private, STR("for you alone"), true } };
    assert_int_equal(do_now(room, HOST, reply), REFUSAL_NONE);
    struct info_record public, staff;
    room_info(room, TIER_PUBLIC, &public);
    room_info(room, TIER_STAFF, &staff);
    assert_int_equal(public.live, 1);
    assert_int_equal(public.answered, 1);
    assert_int_equal(public.pending, 0);
    assert_int_equal(public.votes, 4);
    assert_int_equal(staff.live, 1);
    assert_int_equal(staff.answered, 2);
    assert_int_equal(staff.pending, 1);
    assert_int_equal(staff.votes, 4);

    struct question_record record;
    const struct question *question = room_question(room, private);
    room_record(room, question, TIER_PUBLIC, 99, &record);
    assert_int_equal(record.reply.n, 0);
    room_record(room, question, TIER_PUBLIC, 11, &record);
    assert_int_equal(record.reply.n, 13);
    assert_true(record.reply_private);
    room_record(room, question, TIER_STAFF, 0, &record);
    assert_int_equal(record.reply.n, 13);
    room_free(room);
}

/* Who sees the name of one question, by the policy of the moment and by the asker's choice. */
static const struct name_case {
    int64_t names;
    bool anonymous, public, staff, own;
} name_cases[] = {
    { 0, false, false, false, false }, { 1, true, true, true, true },   { 2, false, false, true, true },
    { 3, false, true, true, true },    { 3, true, false, false, false },
};

static void test_names(void **state)
{
    (void)state;
    for (size_t i = 0; i < LECTERN_COUNT(name_cases); i++) {
        const struct name_case *row = &name_cases[i];
        struct room *room = live_room(&small);
        set_policy(room, POLICY_NAMES, row->names);
        struct command command = { .kind = COMMAND_ASK, .ask = { STR("Why?"), STR(" Ada "), row->anonymous } };
        assert_int_equal(do_now(room, ATTENDEE(10), command), REFUSAL_NONE);
        const struct question *question = room_question(room, room_seq(room));
        struct question_record record;
        room_record(room, question, TIER_PUBLIC, 11, &record);
        assert_int_equal(record.name.n, row->public ? 3 : 0);
        assert_int_equal(record.asker, 0);
        room_record(room, question, TIER_STAFF, 0, &record);
        assert_int_equal(record.name.n, row->staff ? 3 : 0);
        assert_int_equal(record.asker, 10);
        room_record(room, question, TIER_PUBLIC, 10, &record);
        assert_int_equal(record.name.n, row->own ? 3 : 0);
        room_free(room);
    }
}

static void test_names_policy_change_retells(void **state)
{
    (void)state;
    struct room *room = live_room(&small);
    set_policy(room, POLICY_NAMES, 1);
    uint64_t id = ask(room, 10, "Why?");
    struct room_delta delta;
    room_flush(room, &delta);
    set_policy(room, POLICY_NAMES, 2);
    room_flush(room, &delta);
    assert_true(lists(delta.tier[TIER_PUBLIC].changed, delta.tier[TIER_PUBLIC].changed_count, id));
    struct question_record record;
    room_record(room, room_question(room, id), TIER_PUBLIC, 0, &record);
    assert_int_equal(record.name.n, 0);
    room_free(room);
}

static void test_lists(void **state)
{
    (void)state;
    struct room *room = live_room(&small);
    uint64_t q[5];
    for (int i = 0; i < 5; i++) {
        q[i] = ask(room, (uint64_t)(10 + i % 2), "question");
        set_votes(room, q[i], (uint64_t)(i * 7 % 5)); /* 0 2 4 1 3 */
    }
    const struct question *page[3];
    size_t total;
    assert_int_equal(room_list(room, STR("popular"), 1, page, 3, &total), 3);
    assert_int_equal(total, 5);
    assert_int_equal(page[0]->id, q[4]);
    assert_int_equal(page[1]->id, q[1]);
    assert_int_equal(page[2]->id, q[3]);
    assert_int_equal(room_list(room, STR("newest"), 3, page, 3, &total), 2);
    assert_int_equal(page[1]->id, q[0]);
    assert_int_equal(room_list(room, STR("answered"), 0, page, 3, &total), 0);
    assert_int_equal(room_list(room, STR("newest"), 99, page, 3, &total), 0);
    assert_int_equal(room_list(room, STR("oldest"), 0, page, 3, &total), LECTERN_EINVAL);
    assert_int_equal(room_questions_of(room, 10, page, 3), 3);
    assert_int_equal(page[1]->id, q[2]);
    room_free(room);
}

/* After room_load a flush tells everything, whatever a reader held before. */
static void test_load_tells_all(void **state)
{
    (void)state;
    struct room *room = live_room(&small);
    uint64_t gone = ask(room, 10, "gone");
    uint64_t kept = ask(room, 10, "kept");
    assert_int_equal(on_question(room, HOST, COMMAND_ARCHIVE, gone), REFUSAL_NONE);
    struct room_image image;
    room_export(room, &image);
    struct room *copy = room_new(7, &small);
    assert_int_equal(room_load(copy, &image), LECTERN_OK);
    assert_true(room_is_dirty(copy));
    struct room_delta delta;
    room_flush(copy, &delta);
    assert_int_equal(delta.from, 0);
    assert_int_equal(delta.to, room_seq(room));
    assert_true(delta.tier[TIER_PUBLIC].info);
    assert_true(lists(delta.tier[TIER_PUBLIC].changed, delta.tier[TIER_PUBLIC].changed_count, kept));
    assert_true(is_gone(&delta.tier[TIER_PUBLIC], gone));
    assert_int_equal(delta.tier[TIER_STAFF].changed_count, 2);

    struct room_limits tiny = small;
    tiny.bytes_max = 256;
    struct room *poor = room_new(8, &tiny);
    assert_int_equal(room_load(poor, &image), LECTERN_EFULL);
    assert_int_equal(room_seq(poor), 0);
    assert_null(room_verify(poor));
    room_free(poor);
    room_free(copy);
    room_free(room);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_window_while_all_fit),
        cmocka_unit_test(test_window_moves),
        cmocka_unit_test(test_latest_answered),
        cmocka_unit_test(test_unpublished_is_never_told),
        cmocka_unit_test(test_info_totals),
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_names_policy_change_retells),
        cmocka_unit_test(test_lists),
        cmocka_unit_test(test_load_tells_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
