/* test_hostile.c - bytes that nobody honest sends. Copies are exactly as long as the message, so that a sanitizer sees
 * any read beyond it. */
#include "support.h"

static struct arena arena;

static int set_up(void **state)
{
    (void)state;
    arena_init(&arena, ARENA_CHUNK, ARENA_MAX);
    return 0;
}

static int tear_down(void **state)
{
    (void)state;
    arena_release(&arena);
    return 0;
}

static int decode_client(enum wire_encoding e, const void *bytes, size_t n, struct client_message *out,
                         enum refusal *refusal)
{
    struct arena scratch;
    char *copy = malloc(n ? n : 1);
    memcpy(copy, bytes, n);
    arena_init(&scratch, ARENA_CHUNK, 1u << 16);
    int rc = wire_decode_client(e, (struct str){ copy, n }, &scratch, out, refusal);
    arena_release(&scratch);
    free(copy);
    return rc;
}

static int decode_server(enum wire_encoding e, const void *bytes, size_t n, struct server_message *out)
{
    struct arena scratch;
    char *copy = malloc(n ? n : 1);
    memcpy(copy, bytes, n);
    arena_init(&scratch, ARENA_CHUNK, 1u << 20);
    int rc = wire_decode_server(e, (struct str){ copy, n }, &scratch, out);
    arena_release(&scratch);
    free(copy);
    return rc;
}

/* Expect `rc`, and `refusal` when it is 0. */
static void client_says(enum wire_encoding e, struct str bytes, int rc, enum refusal refusal)
{
    struct client_message m;
    enum refusal got;
    int result = decode_client(e, bytes.p, bytes.n, &m, &got);
    if (result != rc || (rc == 0 && got != refusal))
        fail_msg("%.*s: %d %s", (int)bytes.n, bytes.p, result, word_of(&word_list_refusal, got));
    if (rc == 0 && refusal != REFUSAL_NONE) {
        assert_int_equal(m.kind, CLIENT_COMMAND);
        assert_int_equal(m.command.id.bytes[15], 0x0f);
    }
}

#define ID16 "\xc4\x10\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x01\x0f"
#define ID32 "\"0101010101010101010101010101010f\""

static void huge_headers(void **state)
{
    (void)state;
    static const struct str cases[] = {
        STR("\xdd\xff\xff\xff\xff"), STR("\xdf\xff\xff\xff\xff"), STR("\xdb\xff\xff\xff\xff"),
        STR("\xc6\xff\xff\xff\xff"), STR("\xc9\xff\xff\xff\xff"), STR("\xdc\xff\xff"),
        STR("\xde\xff\xff"),         STR("\x92\xdb\xff\xff\xff\xff""hello"), STR("\x92\xa4ping\xdd\xff\xff\xff\xff"),
        STR("\x92\xa4ping\xdd\x7f\xff\xff\xff\x01"), STR("\x92\xa4ping\xdf\x80\x00\x00\x01"),
        STR("\xc1"), STR("\x91\xc1"), STR(""),
    };
    for (size_t i = 0; i < LECTERN_COUNT(cases); i++)
        client_says(WIRE_MSGPACK, cases[i], LECTERN_EINVAL, REFUSAL_NONE);
}

static void depth_bombs(void **state)
{
    (void)state;
    char bomb[16384];
    memset(bomb, 0x91, sizeof(bomb));
    client_says(WIRE_MSGPACK, (struct str){ bomb, sizeof(bomb) }, LECTERN_EINVAL, REFUSAL_NONE);
    memset(bomb, '[', sizeof(bomb));
    client_says(WIRE_JSON, (struct str){ bomb, sizeof(bomb) }, LECTERN_EINVAL, REFUSAL_NONE);
    /* one level more than there may be, although an extra field would otherwise be ignored */
    client_says(WIRE_MSGPACK, STR("\x93\xa4ping\x01\x91\x91\x91\x90"), LECTERN_EINVAL, REFUSAL_NONE);
    client_says(WIRE_MSGPACK, STR("\x93\xa4ping\x01\x91\x91\x90"), 0, REFUSAL_NONE);
    client_says(WIRE_JSON, STR("[\"ping\",1,[[[[]]]]]"), LECTERN_EINVAL, REFUSAL_NONE);
    client_says(WIRE_JSON, STR("[\"ping\",1,[[[]]]]"), 0, REFUSAL_NONE);
}

static void too_many_elements(void **state)
{
    (void)state;
    struct buf b;
    for (int over = 0; over < 2; over++) {
        /* ["ping", 1, [0 …]]: three elements and the array itself are counted too */
        unsigned inner = WIRE_CLIENT_ELEMENTS_MAX - 4 + (unsigned)over;
        buf_init(&b, BUF_MAX);
        buf_put_str(&b, STR("\x93\xa4ping\x01\xdc"));
        buf_put_byte(&b, (uint8_t)(inner >> 8));
        buf_put_byte(&b, (uint8_t)inner);
        for (unsigned i = 0; i < inner; i++)
            buf_put_byte(&b, 0);
        client_says(WIRE_MSGPACK, buf_str(&b), over ? LECTERN_EINVAL : 0, REFUSAL_NONE);
        buf_release(&b);
    }
    buf_init(&b, BUF_MAX);
    buf_put_str(&b, STR("[\"ping\",1"));
    for (unsigned i = 0; i < WIRE_CLIENT_ELEMENTS_MAX; i++)
        buf_put_str(&b, STR(",0"));
    buf_put_byte(&b, ']');
    client_says(WIRE_JSON, buf_str(&b), LECTERN_EINVAL, REFUSAL_NONE);
    buf_release(&b);
}

struct client_case {
    struct str bytes;
    int rc;
    enum refusal refusal;
};

static void msgpack_shapes(void **state)
{
    (void)state;
    static const struct client_case cases[] = {
        { STR("\x94\xa4vote" ID16 "\x07\xc3"), 0, REFUSAL_NONE },
        { STR("\x95\xa4vote" ID16 "\x07\xc3\xc0"), 0, REFUSAL_NONE },               /* a field of a later version */
        { STR("\x95\xa4vote" ID16 "\x07\xc3\x81\x01\x93\x01\x02\x03"), 0, REFUSAL_NONE },
        { STR("\x94\xa4vote" ID16 "\xd3\0\0\0\0\0\0\0\x07\xc3"), 0, REFUSAL_NONE }, /* wider than needed */
        { STR("\x94\xa4vote\xd9\x20" "0101010101010101010101010101010f" "\x07\xc3"), 0, REFUSAL_NONE },
        { STR("\x93\xa4vote" ID16 "\x07"), 0, REFUSAL_MALFORMED },                  /* a field is missing */
        { STR("\x94\xa4vote" ID16 "\xff\xc3"), 0, REFUSAL_MALFORMED },              /* negative id */
        { STR("\x94\xa4vote" ID16 "\xcf\0\x20\0\0\0\0\0\0\xc3"), 0, REFUSAL_MALFORMED }, /* 2^53 */
        { STR("\x94\xa4vote" ID16 "\xcf\0\x1f\xff\xff\xff\xff\xff\xff\xc3"), 0, REFUSAL_NONE },
        { STR("\x94\xa4vote" ID16 "\xcb\x40\x1c\0\0\0\0\0\0\xc3"), 0, REFUSAL_MALFORMED }, /* 7.0 */
        { STR("\x94\xa4vote" ID16 "\x07\x01"), 0, REFUSAL_MALFORMED },              /* 1 is not true */
        { STR("\x94\xa4vote" ID16 "\x07\xc0"), 0, REFUSAL_MALFORMED },
        { STR("\x94\xa4veto" ID16 "\x07\xc3"), 0, REFUSAL_UNKNOWN_COMMAND },
        { STR("\x92\xa0" ID16), 0, REFUSAL_UNKNOWN_COMMAND },
        { STR("\x95\xa6reject" ID16 "\x07\xa5other"), LECTERN_EINVAL, REFUSAL_NONE },  /* short of an element */
        { STR("\x95\xa6reject" ID16 "\x07\xa7nothing\xa0"), 0, REFUSAL_MALFORMED }, /* no such reason */
        { STR("\x95\xa3""ask" ID16 "\xa2\xc3\x28\xa0\xc2"), 0, REFUSAL_MALFORMED },   /* bad continuation */
        { STR("\x95\xa3""ask" ID16 "\xa2\xc0\xaf\xa0\xc2"), 0, REFUSAL_MALFORMED },   /* overlong */
        { STR("\x95\xa3""ask" ID16 "\xa3\xed\xa0\x80\xa0\xc2"), 0, REFUSAL_MALFORMED }, /* surrogate */
        { STR("\x95\xa3""ask" ID16 "\xa4\xf4\x90\x80\x80\xa0\xc2"), 0, REFUSAL_MALFORMED }, /* above U+10FFFF */
        { STR("\x95\xa3""ask" ID16 "\xa1\xe4\xa0\xc2"), 0, REFUSAL_MALFORMED },       /* cut off */
        { STR("\x95\xa3""ask" ID16 "\xc4\x01x\xa0\xc2"), 0, REFUSAL_MALFORMED },      /* bytes are not text */
        { STR("\x95\xa3""ask" ID16 "\xa1\x01\xa0\xc2"), 0, REFUSAL_NONE },            /* for the rules to refuse */
        { STR("\x94\xa4vote\xc4\x01\x0f\x07\xc3"), LECTERN_EINVAL, REFUSAL_NONE },  /* id too short */
        { STR("\x91\xa4vote"), LECTERN_EINVAL, REFUSAL_NONE },
        { STR("\x92\x01" ID16), LECTERN_EINVAL, REFUSAL_NONE },                     /* the word is no text */
        { STR("\x90"), LECTERN_EINVAL, REFUSAL_NONE },
        { STR("\x07"), LECTERN_EINVAL, REFUSAL_NONE },
        { STR("\x80"), LECTERN_EINVAL, REFUSAL_NONE },
        { STR("\x92\xa4ping\xa1x"), LECTERN_EINVAL, REFUSAL_NONE },
        { STR("\x91\xa4ping"), LECTERN_EINVAL, REFUSAL_NONE },
    };
    for (size_t i = 0; i < LECTERN_COUNT(cases); i++)
        client_says(WIRE_MSGPACK, cases[i].bytes, cases[i].rc, cases[i].refusal);
}

static void json_shapes(void **state)
{
    (void)state;
    static const struct client_case cases[] = {
        { STR(" [\"vote\" , " ID32 ", 7, true]\n"), 0, REFUSAL_NONE },
        { STR("[\"vote\"," ID32 ",7,true,{\"later\":[1]}]"), 0, REFUSAL_NONE },
        { STR("[\"vote\",\"0101010101010101010101010101010F\",7,true]"), 0, REFUSAL_NONE },
        { STR("[\"ask\"," ID32 ",\"[[[[[[,\\\"\\\\\",\"\",false]"), 0, REFUSAL_NONE }, /* brackets in a string */
        { STR("[\"ask\"," ID32 ",\"\\u0000\",\"\",false]"), 0, REFUSAL_NONE },          /* for the rules to refuse */
        { STR("[\"vote\"," ID32 ",7]"), 0, REFUSAL_MALFORMED },
        { STR("[\"vote\"," ID32 ",7.0,true]"), 0, REFUSAL_MALFORMED },
        { STR("[\"vote\"," ID32 ",-7,true]"), 0, REFUSAL_MALFORMED },
        { STR("[\"vote\"," ID32 ",9007199254740992,true]"), 0, REFUSAL_MALFORMED },
        { STR("[\"vote\"," ID32 ",9007199254740991,true]"), 0, REFUSAL_NONE },
        { STR("[\"vote\"," ID32 ",\"7\",true]"), 0, REFUSAL_MALFORMED },
        { STR("[\"vote\"," ID32 ",{},true]"), 0, REFUSAL_MALFORMED },
        { STR("[\"vote\"," ID32 ",7,null]"), 0, REFUSAL_MALFORMED },
        { STR("[\"veto\"," ID32 "]"), 0, REFUSAL_UNKNOWN_COMMAND },
        { STR("[\"vote\",\"01\",7,true]"), LECTERN_EINVAL, REFUSAL_NONE },
        { STR("[\"vote\",\"0101010101010101010101010101010g\",7,true]"), LECTERN_EINVAL, REFUSAL_NONE },
        { STR("[\"vote\"," ID32 ",7,true]x"), LECTERN_EINVAL, REFUSAL_NONE },
        { STR("[\"vote\"," ID32 ",7,true,{\"a\":1,\"a\":2}]"), LECTERN_EINVAL, REFUSAL_NONE },
        { STR("[\"ask\"," ID32 ",\"\xff\",\"\",false]"), LECTERN_EINVAL, REFUSAL_NONE },
        { STR("{\"vote\":1}"), LECTERN_EINVAL, REFUSAL_NONE },
        { STR("\"vote\""), LECTERN_EINVAL, REFUSAL_NONE },
        { STR("[]"), LECTERN_EINVAL, REFUSAL_NONE },
        { STR(""), LECTERN_EINVAL, REFUSAL_NONE },
        { STR("\"\\"), LECTERN_EINVAL, REFUSAL_NONE },
    };
    for (size_t i = 0; i < LECTERN_COUNT(cases); i++)
        client_says(WIRE_JSON, cases[i].bytes, cases[i].rc, cases[i].refusal);
}

/* Every shorter part of a message, and every longer one, is refused as a whole. */
static void truncations_and_tails(void **state)
{
    (void)state;
    struct buf b;
    struct client_message c;
    struct server_message s;
    enum refusal refusal;
    buf_init(&b, BUF_MAX);
    for (int e = 0; e < WIRE_ENCODING_COUNT; e++) {
        for (size_t i = 0; i < CLIENT_SAMPLES; i++) {
            sample_client(&arena, SAMPLE_FULL, i, &c);
            buf_clear(&b);
            wire_encode_client(&b, (enum wire_encoding)e, &c);
            buf_put_byte(&b, ']');
            for (size_t n = 0; n <= b.len; n++)
                assert_int_equal(decode_client((enum wire_encoding)e, b.data, n, &c, &refusal),
                                 n == b.len - 1 ? 0 : LECTERN_EINVAL);
        }
        for (size_t i = 0; i < SERVER_COUNT; i++) {
            sample_server(&arena, SAMPLE_FULL, i, &s);
            buf_clear(&b);
            wire_encode_server(&b, (enum wire_encoding)e, &s);
            buf_put_byte(&b, ']');
            for (size_t n = 0; n <= b.len; n++)
                assert_int_equal(decode_server((enum wire_encoding)e, b.data, n, &s),
                                 n == b.len - 1 ? 0 : LECTERN_EINVAL);
        }
    }
    buf_release(&b);
}

/* Any byte of any message replaced by any other: an answer, or a refusal, and never more than that. What is accepted
 * can be written again. */
static void single_byte_changes(void **state)
{
    (void)state;
    struct buf b, again;
    struct client_message m, read;
    enum refusal refusal;
    size_t accepted = 0, rejected = 0;
    buf_init(&b, BUF_MAX);
    buf_init(&again, BUF_MAX);
    for (size_t i = 0; i < CLIENT_SAMPLES; i++) {
        sample_client(&arena, SAMPLE_FULL, i, &m);
        buf_clear(&b);
        wire_encode_client(&b, WIRE_MSGPACK, &m);
        for (size_t at = 0; at < b.len; at++) {
            uint8_t before = b.data[at];
            for (int value = 0; value < 256; value++) {
                b.data[at] = (uint8_t)value;
                arena_reset(&arena);
                if (wire_decode_client(WIRE_MSGPACK, buf_str(&b), &arena, &read, &refusal) || refusal) {
                    rejected++;
                    continue;
                }
                accepted++;
                buf_clear(&again);
                wire_encode_client(&again, WIRE_JSON, &read);
                assert_int_equal(wire_decode_client(WIRE_JSON, buf_str(&again), &arena, &read, &refusal), 0);
            }
            b.data[at] = before;
        }
    }
    assert_true(accepted > 1000 && rejected > 1000);
    buf_release(&again);
    buf_release(&b);
}

static void bodies_made_by_sql(void **state)
{
    (void)state;
    struct room_event voted = { .kind = EVENT_VOTED }, feedback = { .kind = EVENT_FEEDBACK };
    struct str body = STR("\x91\xdd\0\0\0\x04\xcf\0\0\0\0\0\0\0\x05\xce\0\0\0\x02\xcf\0\0\0\0\0\0\x01\x09\xce\0\0\0\0");
    assert_int_equal(wire_decode_event_body(body, &arena, &voted), 0);
    static const uint64_t counts[] = { 5, 2, 265, 0 };
    assert_int_equal(voted.voted.counts.count, 4);
    assert_memory_equal(voted.voted.counts.ids, counts, sizeof(counts));
    assert_int_equal(wire_decode_event_body(STR("\x91\xdd\0\0\0\0"), &arena, &voted), 0);
    assert_int_equal(voted.voted.counts.count, 0);
    assert_int_equal(wire_decode_event_body(STR("\x91\xce\0\0\x01\x02"), &arena, &feedback), 0);
    assert_int_equal(feedback.feedback.responses, 258);
    assert_int_equal(wire_decode_event_body(STR("\x91\xcf\0\0\0\0\0\0\x01\x02"), &arena, &feedback), 0);
    assert_int_equal(feedback.feedback.responses, 258);
    assert_int_equal(wire_decode_event_body(STR("\x90"), &arena, &voted), LECTERN_EINVAL);
    voted.kind = EVENT_COUNT;
    assert_int_equal(wire_decode_event_body(body, &arena, &voted), LECTERN_EINVAL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(huge_headers),
        cmocka_unit_test(depth_bombs),
        cmocka_unit_test(too_many_elements),
        cmocka_unit_test(msgpack_shapes),
        cmocka_unit_test(json_shapes),
        cmocka_unit_test(bodies_made_by_sql),
        cmocka_unit_test(single_byte_changes),
        cmocka_unit_test(truncations_and_tails),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
