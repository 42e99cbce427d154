/* test_throttle.c - who is slowed down by whose failures. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "throttle.h"

static void fails(struct throttle *t, enum throttle_kind kind, const char *text, const char *address, int times)
{
    for (int i = 0; i < times; i++)
        throttle_count(t, kind, text, address);
}

static void failures_are_counted_per_key(void **state)
{
    (void)state;
    struct throttle *t = throttle_open();
    fails(t, THROTTLE_MAIL_HERE, "Ann@example.org", "192.0.2.1", 9);
    assert_false(throttle_full(t, THROTTLE_MAIL_HERE, "ann@example.org", "192.0.2.1"));
    fails(t, THROTTLE_MAIL_HERE, "ann@EXAMPLE.org", "192.0.2.1", 1); /* one mail address, however it is written */
    assert_true(throttle_full(t, THROTTLE_MAIL_HERE, "ann@example.org", "192.0.2.1"));
    assert_false(throttle_full(t, THROTTLE_MAIL_HERE, "ann@example.org", "192.0.2.2"));
    assert_false(throttle_full(t, THROTTLE_MAIL_HERE, "bob@example.org", "192.0.2.1"));
    assert_false(throttle_full(t, THROTTLE_MAIL, "ann@example.org", ""));
    throttle_free(t);
}

static void an_ipv6_network_is_one_address(void **state)
{
    (void)state;
    struct throttle *t = throttle_open();
    fails(t, THROTTLE_ADDRESS, "", "2001:db8:1:2::1", 25);
    fails(t, THROTTLE_ADDRESS, "", "2001:db8:1:2:ffff::9", 25);
    assert_true(throttle_full(t, THROTTLE_ADDRESS, "", "2001:db8:1:2:3:4:5:6"));
    assert_false(throttle_full(t, THROTTLE_ADDRESS, "", "2001:db8:1:3::1"));
    throttle_free(t);
}

/* Whoever tries as many names as there are places does not get rid of the count for the own address. */
static void the_table_forgets_the_harmless_first(void **state)
{
    (void)state;
    struct throttle *t = throttle_open();
    char name[32];
    fails(t, THROTTLE_ADDRESS, "", "192.0.2.1", 50);
    for (int i = 0; i < 100000; i++) {
        snprintf(name, sizeof name, "%d@example.org", i);
        throttle_count(t, THROTTLE_MAIL, name, "");
    }
    assert_true(throttle_full(t, THROTTLE_ADDRESS, "", "192.0.2.1"));
    throttle_free(t);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(failures_are_counted_per_key), cmocka_unit_test(an_ipv6_network_is_one_address),
        cmocka_unit_test(the_table_forgets_the_harmless_first),
    };
    return cmocka_run_group_tests_name("throttle", tests, NULL, NULL);
}
