/* test_screens.c - latencies: the histogram's error, and commands joined with the frames that showed them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "screens.h"

static void a_part_is_found_within_two_per_cent(void **state)
{
    (void)state;
    struct histogram *h = calloc(1, sizeof(*h));
    for (uint64_t us = 1; us <= 100000; us++)
        histogram_add(h, us);
    const double parts[] = { 0.01, 0.5, 0.95, 0.99 };
    for (size_t i = 0; i < LECTERN_COUNT(parts); i++)
        assert_in_range((uint64_t)(histogram_ms(h, parts[i]) * 1000), (uint64_t)(parts[i] * 98000), (uint64_t)(parts[i] * 102000));
    assert_int_equal(h->highest, 100000);
    free(h);
}

static void many_at_once_are_as_many_singly(void **state)
{
    (void)state;
    struct histogram *one = calloc(1, sizeof(*one)), *many = calloc(1, sizeof(*many));
    for (int i = 0; i < 1000; i++)
        histogram_add(one, 777);
    histogram_add_many(many, 777, 1000);
    assert_memory_equal(one, many, sizeof(*one));
    free(one);
    free(many);
}

/* Two screens get (10, 12] in one frame, a third in two; what it held before does not count. */
static void each_screen_is_counted_once(void **state)
{
    (void)state;
    struct screens screens = { 0 };
    struct histogram *h = calloc(1, sizeof(*h));
    struct shown commands[] = { { .seq = 10, .at = 500 }, { .seq = 11, .at = 1000 }, { .seq = 12, .at = 2000 }, { .seq = 13, .at = 2000 } };
    screens_arrived(&screens, 10, 12, 5000);
    screens_arrived(&screens, 10, 11, 5010);
    screens_arrived(&screens, 10, 12, 5020);
    screens_arrived(&screens, 11, 12, 9000);
    screens_measure(&screens, commands, LECTERN_COUNT(commands), h);
    assert_int_equal(commands[0].screens, 0);
    assert_int_equal(commands[1].screens, 3);
    assert_int_equal(commands[2].screens, 3);
    assert_int_equal(commands[3].screens, 0);
    assert_int_equal(commands[1].last, 5010); /* the runs of a frame are as long as RUN_US */
    assert_int_equal(commands[2].last, 9000);
    assert_int_equal(h->count, 6);
    assert_int_equal(h->highest, 7000);
    screens_release(&screens);
    free(h);
}

static void runs_keep_times_apart(void **state)
{
    (void)state;
    struct screens screens = { 0 };
    for (uint64_t i = 0; i < 10000; i++)
        screens_arrived(&screens, 1, 2, 1000 + 5 * i);
    assert_int_equal(screens.count, 1);
    assert_in_range(screens.frames[0].count, 900, 1100);
    size_t sum = 0;
    for (size_t i = 0; i < screens.frames[0].count; i++)
        sum += screens.frames[0].runs[i].count;
    assert_int_equal(sum, 10000);
    screens_release(&screens);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_part_is_found_within_two_per_cent),
        cmocka_unit_test(many_at_once_are_as_many_singly),
        cmocka_unit_test(each_screen_is_counted_once),
        cmocka_unit_test(runs_keep_times_apart),
    };
    return cmocka_run_group_tests_name("loadtest.screens", tests, NULL, NULL);
}
