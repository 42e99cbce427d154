/* test_auth.c - cookies and tokens that were forged, cut short or meant for another room are as if absent. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "auth.h"

#define ROOM UINT64_C(41)
#define LINK UINT64_C(7)

static const struct auth ours = { .key = { 1, 2, 3 } }, theirs = { .key = { 1, 2, 4 } };

static struct identity identify(const struct auth *auth, const char *cookie, const char *token, uint64_t room)
{
    struct identity identity;
    auth_identify(auth, str_of(cookie), str_of(token), room, &identity);
    return identity;
}

/* "name=value" of a Set-Cookie header. */
static void pair_of(struct buf *header, char out[256])
{
    buf_put_byte(header, 0);
    snprintf(out, 256, "%.*s", (int)strcspn((const char *)header->data, ";"), (const char *)header->data);
}

static void visitor_pair(const struct auth *auth, uint8_t visitor[16], char out[256])
{
    char token[AUTH_TOKEN_TEXT];
    struct buf header;
    buf_init(&header, 512);
    auth_visitor_make(auth, visitor, token);
    auth_cookie_visitor(auth, token, &header);
    pair_of(&header, out);
    buf_release(&header);
}

static void grant_pair(const struct auth *auth, uint64_t room, uint64_t link, char out[256])
{
    struct buf header;
    buf_init(&header, 512);
    auth_cookie_grant(auth, room, link, &header);
    pair_of(&header, out);
    buf_release(&header);
}

static void a_visitor_is_known_again(void **state)
{
    (void)state;
    uint8_t visitor[16];
    char pair[256], header[600], token[AUTH_TOKEN_TEXT];
    visitor_pair(&ours, visitor, pair);
    snprintf(header, sizeof header, "a=b; xlectern=1; %s; lectern_x=2", pair);
    struct identity identity = identify(&ours, header, "", 0);
    assert_true(identity.has_visitor);
    assert_memory_equal(identity.visitor, visitor, 16);
    assert_false(identity.has_login);

    auth_visitor_make(&ours, visitor, token);
    identity = identify(&ours, "", token, 0);
    assert_true(identity.has_visitor);
    assert_memory_equal(identity.visitor, visitor, 16);
}

/* Every single changed character, every shorter and a longer value. The last character of 43 carries four bits of the
 * token and two that mean nothing: there the values that differ in those two alone are the same token. */
static void a_changed_visitor_is_nobody(void **state)
{
    (void)state;
    uint8_t visitor[16];
    char token[AUTH_TOKEN_TEXT], changed[AUTH_TOKEN_TEXT + 1];
    auth_visitor_make(&ours, visitor, token);
    size_t n = strlen(token);
    assert_int_equal(n, 43);
    for (size_t i = 0; i + 1 < n; i++) {
        memcpy(changed, token, n + 1);
        changed[i] = token[i] == 'A' ? 'B' : 'A';
        assert_false(identify(&ours, "", changed, 0).has_visitor);
        changed[i] = '=';
        assert_false(identify(&ours, "", changed, 0).has_visitor);
        changed[i] = '\0';
        assert_false(identify(&ours, "", changed, 0).has_visitor);
    }
    snprintf(changed, sizeof changed, "%sA", token);
    assert_false(identify(&ours, "", changed, 0).has_visitor);
    assert_false(identify(&theirs, "", token, 0).has_visitor);
}

static void a_grant_is_for_its_room_and_link(void **state)
{
    (void)state;
    char pair[256], other[256], moved[512];
    grant_pair(&ours, ROOM, LINK, pair);
    assert_int_equal(identify(&ours, pair, "", ROOM).link, LINK);
    assert_int_equal(identify(&ours, pair, "", ROOM + 1).link, 0);
    assert_int_equal(identify(&ours, pair, "", 0).link, 0);
    assert_int_equal(identify(&theirs, pair, "", ROOM).link, 0);
    snprintf(moved, sizeof moved, "lectern_grant_%llu=%s", (unsigned long long)ROOM + 1, strchr(pair, '=') + 1);
    assert_int_equal(identify(&ours, moved, "", ROOM + 1).link, 0);
    pair[strlen(pair) - 1] = '\0';
    assert_int_equal(identify(&ours, pair, "", ROOM).link, 0);

    /* the link's number of one grant in front of the signature of another */
    grant_pair(&ours, ROOM, LINK, pair);
    grant_pair(&ours, ROOM, LINK + 1, other);
    size_t value = (size_t)(strchr(pair, '=') + 1 - pair);
    memcpy(other + value + 11, pair + value + 11, strlen(pair) - value - 11);
    assert_int_not_equal(identify(&ours, other, "", ROOM).link, LINK + 1);
}

static void a_visitor_token_is_no_grant(void **state)
{
    (void)state;
    uint8_t visitor[16];
    char token[AUTH_TOKEN_TEXT], header[256];
    auth_visitor_make(&ours, visitor, token);
    for (size_t n = 0; n <= strlen(token); n++) {
        snprintf(header, sizeof header, "lectern_grant_%llu=%.*s", (unsigned long long)ROOM, (int)n, token);
        assert_int_equal(identify(&ours, header, "", ROOM).link, 0);
    }
}

static void participants_differ_by_room_and_kind(void **state)
{
    (void)state;
    struct identity one = { .has_visitor = true, .visitor = { 9 } }, two = { .has_visitor = true, .visitor = { 8 } };
    uint64_t id = auth_participant(&ours, &one, 0, ROOM);
    assert_true(id >= 1 && id <= LECTERN_ID_MAX);
    assert_int_equal(auth_participant(&ours, &one, 0, ROOM), id);
    assert_int_not_equal(auth_participant(&ours, &one, 0, ROOM + 1), id);
    assert_int_not_equal(auth_participant(&ours, &two, 0, ROOM), id);
    assert_int_not_equal(auth_participant(&theirs, &one, 0, ROOM), id);
    uint64_t account = auth_participant(&ours, &one, 9, ROOM);
    assert_int_not_equal(account, id);
    assert_int_equal(auth_participant(&ours, &two, 9, ROOM), account); /* the account counts, not the browser */
}

static void cookies_are_for_us_alone(void **state)
{
    (void)state;
    static const struct auth secure = { .key = { 1, 2, 3 }, .secure = true };
    struct buf header;
    buf_init(&header, 512);
    auth_cookie_login(&secure, "TOKEN", 30, &header);
    buf_put_byte(&header, 0);
    assert_string_equal((const char *)header.data,
                        "__Host-lectern_login=TOKEN; Path=/; Max-Age=2592000; HttpOnly; SameSite=Lax; Secure");
    buf_clear(&header);
    auth_cookie_login(&ours, "", 30, &header);
    buf_put_byte(&header, 0);
    assert_string_equal((const char *)header.data, "lectern_login=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    buf_release(&header);
    assert_true(identify(&secure, "__Host-lectern_login=TOKEN", "", 0).has_login);
    assert_false(identify(&secure, "lectern_login=TOKEN", "", 0).has_login); /* another host's could have set it */
    assert_false(identify(&ours, "lectern_login=", "", 0).has_login);
}

static void a_login_is_kept_as_its_hash(void **state)
{
    (void)state;
    struct identity identity = identify(&ours, "lectern_login=abc", "", 0);
    assert_string_equal(identity.login_hash, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    char one[AUTH_TOKEN_TEXT], two[AUTH_TOKEN_TEXT];
    auth_token_make(one);
    auth_token_make(two);
    assert_int_equal(strlen(one), 43);
    assert_string_not_equal(one, two);
}

static void passwords_are_checked(void **state)
{
    (void)state;
    char hash[160], again[160];
    assert_true(auth_password_hash(STR("correct horse battery"), hash));
    assert_true(auth_password_hash(STR("correct horse battery"), again));
    assert_string_not_equal(hash, again);
    assert_memory_equal(hash, "scrypt$15$8$3$", 14);
    assert_true(auth_password_check(STR("correct horse battery"), hash));
    assert_false(auth_password_check(STR("correct horse batterz"), hash));
    assert_false(auth_password_check(STR(""), hash));
    assert_false(auth_password_check(STR("correct horse battery"), NULL));
    hash[strlen(hash) - 2] ^= 1;
    assert_false(auth_password_check(STR("correct horse battery"), hash));
}

/* A stored hash that is damaged refuses everybody, and its cost cannot be more than ours by much. */
static void damaged_hashes_refuse(void **state)
{
    (void)state;
    static const char *const damaged[] = {
        "", "scrypt$", "scrypt$15$8$3$$",
        "scrypt$99$99$99$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "scrypt$15$8$3$AAAAAAAAAAAAAAAAAAAAAA$AAAA", "plain",
    };
    for (size_t i = 0; i < LECTERN_COUNT(damaged); i++)
        assert_false(auth_password_check(STR("x"), damaged[i]));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_visitor_is_known_again),
        cmocka_unit_test(a_changed_visitor_is_nobody),
        cmocka_unit_test(a_grant_is_for_its_room_and_link),
        cmocka_unit_test(a_visitor_token_is_no_grant),
        cmocka_unit_test(participants_differ_by_room_and_kind),
        cmocka_unit_test(cookies_are_for_us_alone),
        cmocka_unit_test(a_login_is_kept_as_its_hash),
        cmocka_unit_test(passwords_are_checked),
        cmocka_unit_test(damaged_hashes_refuse),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
