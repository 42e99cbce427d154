/* test_base.c - bytes, memory, text and words. */
#include "support.h"

#include "lectern/arena.h"
#include "lectern/buf.h"
#include "lectern/text.h"

static const struct code_case {
    const char *typed, *code; /* NULL: cannot be read */
} code_cases[] = {
    { "ABC123", "ABC123" },
    { "abc123", "ABC123" },
    { " ab c-1 2-3 ", "ABC123" },
    /* full-width, the second with an ideographic space */
    { "\xEF\xBC\xA1\xEF\xBC\xA2\xEF\xBC\xA3\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x93", "ABC123" },
    { "\xEF\xBD\x81\xEF\xBD\x82\xEF\xBD\x83\xE3\x80\x80\xEF\xBC\x91\xEF\xBC\x92\xEF\xBC\x93", "ABC123" },
    { "oOiIlL", "001111" },
    { "uUvVxX", "VVVVXX" },
    { "ABC\xE2\x80\x93" "123", "ABC123" }, /* en dash */
    { "ABC\xEF\xBC\x8D" "123", "ABC123" }, /* full-width hyphen */
    { "ABC12", NULL },
    { "ABC1234", NULL },
    { "ABC12!", NULL },
    { "ABC12\xE4\xBD\xA0", NULL },
    { "ABC12\xEF\xBC", NULL },
    { "", NULL },
};

static void test_code_read(void **state)
{
    (void)state;
    for (size_t i = 0; i < LECTERN_COUNT(code_cases); i++) {
        char code[LECTERN_CODE_LENGTH + 1] = "before";
        bool read = text_code_read(str_of(code_cases[i].typed), code);
        if (read != (code_cases[i].code != NULL))
            fail_msg("\"%s\" was%s read", code_cases[i].typed, read ? "" : " not");
        assert_string_equal(code, read ? code_cases[i].code : "before");
    }
    char code[LECTERN_CODE_LENGTH + 1] = "";
    assert_false(text_code_read((struct str){ "ABC\0" "12", 6 }, code));
}

static void test_code_make(void **state)
{
    (void)state;
    char code[LECTERN_CODE_LENGTH + 1], again[LECTERN_CODE_LENGTH + 1];
    text_code_make(0, code);
    assert_string_equal(code, "000000");
    text_code_make((1u << 30) - 1, code);
    assert_string_equal(code, "ZZZZZZ");
    for (uint32_t random = 12345; random < (1u << 30); random = random * 3 + 1) {
        text_code_make(random, code);
        assert_true(text_code_read(str_of(code), again));
        assert_string_equal(code, again);
    }
}

static const struct text_case {
    struct str text;
    bool valid;
    size_t length;
} text_cases[] = {
    { { "", 0 }, true, 0 },
    { { "Why?", 4 }, true, 4 },
    { { "a\tb\nc", 5 }, true, 5 },
    { { "\xE4\xBD\xA0\xE5\xA5\xBD", 6 }, true, 2 },         /* two Chinese characters */
    { { "\xF0\x9F\x99\x82", 4 }, true, 1 },                 /* an emoji */
    { { "\xF4\x8F\xBF\xBF", 4 }, true, 1 },                 /* U+10FFFF */
    { { "a\0b", 3 }, false, 0 },                            /* NUL */
    { { "a\rb", 3 }, false, 0 },                            /* other control characters */
    { { "\x7F", 1 }, false, 0 },
    { { "\xC2\x85", 2 }, false, 0 },
    { { "\xC0\xAF", 2 }, false, 0 },                        /* overlong */
    { { "\xE0\x80\xAF", 3 }, false, 0 },
    { { "\xF0\x80\x80\xAF", 4 }, false, 0 },
    { { "\xED\xA0\x80", 3 }, false, 0 },                    /* a surrogate */
    { { "\xF4\x90\x80\x80", 4 }, false, 0 },                /* beyond U+10FFFF */
    { { "\xFF", 1 }, false, 0 },
    { { "\x80", 1 }, false, 0 },                            /* no lead byte */
    { { "\xE4\xBD", 2 }, false, 0 },                        /* cut short */
    { { "\xE4\x41\x41", 3 }, false, 0 },
};

static void test_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < LECTERN_COUNT(text_cases); i++) {
        if (text_is_valid(text_cases[i].text) != text_cases[i].valid)
            fail_msg("text case %zu: valid should be %d", i, text_cases[i].valid);
        if (text_cases[i].valid)
            assert_int_equal(text_length(text_cases[i].text), text_cases[i].length);
    }
}

static void assert_trim(const char *text, const char *expected)
{
    struct str trimmed = text_trim(str_of(text));
    assert_int_equal(trimmed.n, strlen(expected));
    assert_memory_equal(trimmed.p ? trimmed.p : "", expected, trimmed.n);
}

static void test_trim(void **state)
{
    (void)state;
    assert_trim("", "");
    assert_trim("  a b \n\t", "a b");
    assert_trim("\xE3\x80\x80\xE4\xBD\xA0\xE3\x80\x80", "\xE4\xBD\xA0"); /* ideographic spaces */
    assert_trim(" \xE3\x80\x80\xC2\xA0 ", "");
    assert_trim("\xE2\x80\x8B", ""); /* zero width space */
    assert_trim("\xE4\xBD\xA0", "\xE4\xBD\xA0");
    assert_true(text_is_line(STR("")) && text_is_line(STR("\xE4\xBD\xA0 a")));
    assert_false(text_is_line(STR("a\nb")) || text_is_line(STR("\ta")) || text_is_line(STR("a\xE2\x80\xA8")));
}

static void test_buf_limit(void **state)
{
    (void)state;
    struct buf b;
    buf_init(&b, 1000);
    for (int i = 0; i < 100; i++)
        buf_put_str(&b, STR("0123456789"));
    assert_false(b.failed);
    assert_int_equal(b.len, 1000);
    assert_true(b.capacity <= 1000);
    buf_put_byte(&b, 'x');
    assert_true(b.failed);
    assert_int_equal(b.len, 1000);
    buf_clear(&b);
    buf_printf(&b, "%0600d", 7); /* longer than the buffer on the stack */
    assert_false(b.failed);
    assert_int_equal(b.len, 600);
    assert_int_equal(b.data[599], '7');
    buf_printf(&b, "%0600d", 7);
    assert_true(b.failed);
    buf_clear(&b);
    buf_printf(&b, "%s-%d", "a", 5);
    size_t n;
    uint8_t *taken = buf_take(&b, &n);
    assert_int_equal(n, 3);
    assert_memory_equal(taken, "a-5", 3);
    free(taken);
    assert_null(buf_take(&b, &n));
    buf_release(&b);
}

static void test_arena_limit(void **state)
{
    (void)state;
    struct arena a;
    struct str copy = { 0 };
    arena_init(&a, 1024, 8192);
    assert_int_equal(a.used, 0);
    size_t pieces = 0;
    for (unsigned char *piece; (piece = arena_alloc(&a, 100)) != NULL; pieces++) {
        assert_int_equal((uintptr_t)piece % _Alignof(max_align_t), 0);
        for (int i = 0; i < 100; i++)
            assert_int_equal(piece[i], 0);
        memset(piece, 0xAA, 100);
        assert_true(a.used <= a.max);
    }
    assert_in_range(pieces, 50, 80);
    static const char wide[134] = { 'x' };
    assert_false(arena_str(&a, (struct str){ wide, sizeof wide }, &copy));
    assert_null(copy.p);
    assert_true(arena_str(&a, (struct str){ 0 }, &copy));
    arena_reset(&a);
    unsigned char *again = arena_alloc(&a, 100);
    assert_non_null(again);
    assert_int_equal(again[50], 0); /* zeroed though used before */
    assert_non_null(arena_alloc(&a, 4000)); /* larger than a chunk */
    assert_null(arena_alloc(&a, 8192));
    assert_null(arena_alloc(&a, SIZE_MAX));
    arena_release(&a);
    assert_int_equal(a.used, 0);
}

static void test_words(void **state)
{
    (void)state;
    for (unsigned i = 0; i < word_list_refusal.count; i++)
        assert_int_equal(word_value(&word_list_refusal, str_of(word_of(&word_list_refusal, i))), i);
    assert_int_equal(word_list_command.count, COMMAND_COUNT);
    assert_int_equal(word_list_event.count, EVENT_COUNT);
    assert_string_equal(word_of(&word_list_role, ROLE_HOST), "host");
    assert_string_equal(word_of(&word_list_role, ROLE_COUNT), "?");
    assert_int_equal(word_value(&word_list_question_state, STR("stage")), QUESTION_STAGE);
    assert_int_equal(word_value(&word_list_question_state, STR("stag")), -1);
    for (int p = 0; p < POLICY_COUNT; p++)
        assert_in_range(policy_rows[p].initial, policy_rows[p].low, policy_rows[p].high);
    assert_int_equal(close_rows[CLOSE_SLOW].code, 4001);
    assert_true(refusal_rows[REFUSAL_TOO_FAST].retry);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_code_read), cmocka_unit_test(test_code_make),   cmocka_unit_test(test_text),
        cmocka_unit_test(test_trim),      cmocka_unit_test(test_buf_limit),   cmocka_unit_test(test_arena_limit),
        cmocka_unit_test(test_words),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
