/* test_view.c - views shared by those who were shown the same, and by nobody else. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "view.h"

struct fixture {
    struct frames frames;
    struct view_ring ring;
};

static int open_fixture(void **state)
{
    struct fixture *f = calloc(1, sizeof(*f));
    frames_init(&f->frames);
    *state = f;
    return 0;
}

static int close_fixture(void **state)
{
    struct fixture *f = *state;
    frames_release(&f->frames);
    view_ring_release(&f->ring);
    free(f);
    return 0;
}

static struct frame *frame_of(struct fixture *f, const struct server_message *m)
{
    struct buf bytes;
    buf_init(&bytes, 1 << 20);
    wire_encode_server(&bytes, WIRE_MSGPACK, m);
    struct frame *frame = frames_decode(&f->frames, WIRE_MSGPACK, buf_str(&bytes));
    buf_release(&bytes);
    assert_non_null(frame);
    return frame;
}

/* Replaces *view, as a member does. */
static const char *show(struct fixture *f, struct view **view, const struct server_message *m)
{
    const char *wrong;
    struct view *before = *view;
    *view = view_after(&f->ring, before, frame_of(f, m), &wrong);
    view_unref(before);
    return wrong;
}

static const struct info_record info = { .code = { "7KQ2MX", 6 }, .title = { "Databases", 9 } };

static struct server_message snapshot(seq_t seq, const struct question_record *questions, size_t count)
{
    return (struct server_message){ .kind = SERVER_SNAPSHOT,
                                    .snapshot = { .seq = seq, .info = &info, .questions = { questions, count } } };
}

static struct server_message counts(seq_t from, seq_t to, const uint64_t *pairs, size_t count)
{
    return (struct server_message){ .kind = SERVER_LIVE, .live = { .from = from, .to = to, .counts = { pairs, count } } };
}

static const struct question_record two[] = { { .id = 2, .state = QUESTION_LIVE, .votes = 1, .text = { "How?", 4 } },
                                              { .id = 5, .state = QUESTION_STAGE, .votes = 3, .text = { "Why?", 4 } } };

static void the_same_frames_lead_to_one_view(void **state)
{
    struct fixture *f = *state;
    struct view *ann = NULL, *bob = NULL;
    struct server_message first = snapshot(7, two, 2), then = counts(7, 9, (const uint64_t[]){ 5, 8 }, 2);
    assert_null(show(f, &ann, &first));
    assert_null(show(f, &bob, &first));
    assert_ptr_equal(ann, bob);
    assert_null(show(f, &ann, &then));
    assert_ptr_not_equal(ann, bob); /* bob has not received it */
    assert_int_equal(bob->seq, 7);
    assert_int_equal(view_find(bob, 5)->votes, 3);
    assert_null(show(f, &bob, &then));
    assert_ptr_equal(ann, bob);
    assert_int_equal(ann->seq, 9);
    assert_int_equal(view_find(ann, 5)->votes, 8);
    view_unref(ann);
    view_unref(bob);
}

static void two_ways_to_the_same_contents_are_one_view(void **state)
{
    struct fixture *f = *state;
    struct question_record later[] = { two[0], two[1] };
    struct view *ann = NULL, *bob = NULL;
    struct server_message first = snapshot(7, two, 2), then = counts(7, 9, (const uint64_t[]){ 2, 4 }, 2);
    later[0].votes = 4;
    struct server_message all = snapshot(9, later, 2);
    assert_null(show(f, &ann, &first));
    assert_null(show(f, &ann, &then));
    assert_null(show(f, &bob, &all));
    assert_ptr_equal(ann, bob);
    view_unref(ann);
    view_unref(bob);
}

static void what_differs_stays_apart(void **state)
{
    struct fixture *f = *state;
    struct question_record other[] = { two[0], two[1] };
    struct view *ann = NULL, *bob = NULL, *cas = NULL;
    other[1].text = STR("Who?");
    struct server_message first = snapshot(7, two, 2), text = snapshot(7, other, 2), fewer = snapshot(7, two, 1);
    assert_null(show(f, &ann, &first));
    assert_null(show(f, &bob, &text));
    assert_null(show(f, &cas, &fewer));
    assert_true(ann->hash != bob->hash && bob->hash != cas->hash && ann->hash != cas->hash);
    view_unref(ann);
    view_unref(bob);
    view_unref(cas);
}

/* One who was shown something else stays apart when both receive the same bytes afterwards. */
static void one_frame_leads_from_two_views_to_two(void **state)
{
    struct fixture *f = *state;
    struct question_record other[] = { two[0], two[1] };
    struct view *ann = NULL, *bob = NULL;
    other[1].text = STR("Who?");
    struct server_message first = snapshot(7, two, 2), text = snapshot(7, other, 2);
    struct server_message then = counts(7, 9, (const uint64_t[]){ 2, 4 }, 2);
    assert_null(show(f, &ann, &first));
    assert_null(show(f, &bob, &text));
    assert_null(show(f, &ann, &then));
    assert_null(show(f, &bob, &then));
    assert_int_equal(ann->seq, bob->seq);
    assert_true(ann->hash != bob->hash);
    view_unref(ann);
    view_unref(bob);
}

static void a_count_of_nothing_is_noticed(void **state)
{
    struct fixture *f = *state;
    struct view *ann = NULL;
    struct server_message first = snapshot(7, two, 2), then = counts(7, 8, (const uint64_t[]){ 6, 1 }, 2);
    assert_null(show(f, &ann, &first));
    assert_non_null(show(f, &ann, &then));
    view_unref(ann);
}

static void questions_come_and_go(void **state)
{
    struct fixture *f = *state;
    const struct question_record fresh[] = { { .id = 4, .state = QUESTION_ANSWERED, .text = { "When?", 5 } } };
    const uint64_t gone[] = { 2 };
    struct view *ann = NULL;
    struct server_message first = snapshot(7, two, 2);
    struct server_message then = { .kind = SERVER_LIVE,
                                   .live = { .from = 7, .to = 8, .questions = { fresh, 1 }, .gone = { gone, 1 } } };
    assert_null(show(f, &ann, &first));
    assert_null(show(f, &ann, &then));
    assert_int_equal(ann->count, 2);
    assert_null(view_find(ann, 2));
    assert_false(view_find(ann, 4)->votable);
    assert_true(view_find(ann, 5)->votable);
    view_unref(ann);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_same_frames_lead_to_one_view, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(two_ways_to_the_same_contents_are_one_view, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(what_differs_stays_apart, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(one_frame_leads_from_two_views_to_two, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(a_count_of_nothing_is_noticed, open_fixture, close_fixture),
        cmocka_unit_test_setup_teardown(questions_come_and_go, open_fixture, close_fixture),
    };
    return cmocka_run_group_tests_name("loadtest.view", tests, NULL, NULL);
}
