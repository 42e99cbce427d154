/* test_roundtrip.c - what is written can be read again, in both encodings, and is written as the document says. */
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

static void assert_same(const struct buf *a, const struct buf *b)
{
    assert_false(a->failed || b->failed);
    assert_int_equal(a->len, b->len);
    assert_memory_equal(a->data, b->data, a->len);
}

/* ---- layout: where the codec puts a field is where the compiler put it ---- */

static void check_layout(const struct wire_shape *shape, const size_t *offsets, size_t count)
{
    size_t end = 0;
    assert_int_equal(shape->count, count);
    for (size_t i = 0; i < count; i++)
        assert_int_equal(wire_place(&end, shape->fields[i].type), offsets[i]);
}

#define OFFSET(type, name) offsetof(struct members, name),
#define LAYOUT(shape, FIELDS) \
    { \
        struct members { FIELDS(LECTERN_MEMBER) }; \
        static const size_t offsets[] = { FIELDS(OFFSET) }; \
        check_layout(&(shape), offsets, LECTERN_COUNT(offsets)); \
    }

static void layout_is_the_compilers(void **state)
{
    (void)state;
#define CLIENT(NAME, word, FIELDS) LAYOUT(wire_client_shapes[CLIENT_##NAME], FIELDS)
    LECTERN_CLIENT_MESSAGES(CLIENT)
#define SERVER(NAME, word, FIELDS) LAYOUT(wire_server_shapes[SERVER_##NAME], FIELDS)
    LECTERN_SERVER_MESSAGES(SERVER)
#define COMMAND(NAME, word, roles, sessions, questions, FIELDS) LAYOUT(wire_command_shapes[COMMAND_##NAME], FIELDS)
    LECTERN_COMMANDS(COMMAND)
#define EVENT(NAME, word, FIELDS) LAYOUT(wire_event_shapes[EVENT_##NAME], FIELDS)
    LECTERN_EVENTS(EVENT)
    LAYOUT(wire_question_shape, LECTERN_RECORD_QUESTION)
    LAYOUT(wire_info_shape, LECTERN_RECORD_INFO)
    LAYOUT(wire_feedback_shape, LECTERN_RECORD_FEEDBACK)
}

/* ---- encode in `e`, decode, and encode in msgpack: the same bytes as msgpack of the original ---- */

static void client_round_trip(enum wire_encoding e, const struct client_message *m)
{
    struct buf wire, before, after;
    struct client_message read;
    enum refusal refusal;
    buf_init(&wire, BUF_MAX);
    buf_init(&before, BUF_MAX);
    buf_init(&after, BUF_MAX);
    wire_encode_client(&wire, e, m);
    wire_encode_client(&before, WIRE_MSGPACK, m);
    assert_int_equal(wire_decode_client(e, buf_str(&wire), &arena, &read, &refusal), 0);
    assert_int_equal(refusal, REFUSAL_NONE);
    assert_int_equal(read.kind, m->kind);
    wire_encode_client(&after, WIRE_MSGPACK, &read);
    assert_same(&before, &after);
    buf_release(&after);
    buf_release(&before);
    buf_release(&wire);
}

static void server_round_trip(enum wire_encoding e, const struct server_message *m)
{
    struct buf wire, before, after;
    struct server_message read;
    buf_init(&wire, BUF_MAX);
    buf_init(&before, BUF_MAX);
    buf_init(&after, BUF_MAX);
    wire_encode_server(&wire, e, m);
    wire_encode_server(&before, WIRE_MSGPACK, m);
    assert_int_equal(wire_decode_server(e, buf_str(&wire), &arena, &read), 0);
    assert_int_equal(read.kind, m->kind);
    wire_encode_server(&after, WIRE_MSGPACK, &read);
    assert_same(&before, &after);
    buf_release(&after);
    buf_release(&before);
    buf_release(&wire);
}

static void client_messages(void **state)
{
    (void)state;
    for (int e = 0; e < WIRE_ENCODING_COUNT; e++)
        for (int sample = 0; sample < SAMPLE_COUNT; sample++)
            for (size_t i = 0; i < CLIENT_SAMPLES; i++) {
                struct client_message m;
                sample_client(&arena, (enum sample)sample, i, &m);
                client_round_trip((enum wire_encoding)e, &m);
            }
}

static void server_messages(void **state)
{
    (void)state;
    for (int e = 0; e < WIRE_ENCODING_COUNT; e++)
        for (int sample = 0; sample < SAMPLE_COUNT; sample++)
            for (size_t i = 0; i < SERVER_COUNT; i++) {
                struct server_message m;
                sample_server(&arena, (enum sample)sample, i, &m);
                server_round_trip((enum wire_encoding)e, &m);
            }
}

static void event_bodies(void **state)
{
    (void)state;
    for (size_t i = 0; i < 2 * (size_t)EVENT_COUNT; i++) {
        struct room_event event, read = { .kind = (enum event_kind)(i / 2) };
        struct buf before, after;
        buf_init(&before, BUF_MAX);
        buf_init(&after, BUF_MAX);
        sample_event(&arena, (enum sample)(i % 2), i / 2, &event);
        wire_encode_event_body(&before, &event);
        assert_int_equal(wire_decode_event_body(buf_str(&before), &arena, &read), 0);
        wire_encode_event_body(&after, &read);
        assert_same(&before, &after);
        buf_release(&after);
        buf_release(&before);
    }
}

/* ---- the bytes themselves ---- */

static void vote_is_written_as_documented(void **state)
{
    (void)state;
    struct client_message m = { .kind = CLIENT_COMMAND, .command = { .kind = COMMAND_VOTE, .vote = { 300, true } } };
    memset(m.command.id.bytes, 0xab, sizeof(m.command.id.bytes));
    struct buf out;
    buf_init(&out, BUF_MAX);
    wire_encode_client(&out, WIRE_MSGPACK, &m);
    static const char packed[] = "\x94\xa4vote\xc4\x10\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab\xab"
                                 "\xcd\x01\x2c\xc3";
    assert_int_equal(out.len, sizeof(packed) - 1);
    assert_memory_equal(out.data, packed, out.len);
    buf_clear(&out);
    wire_encode_client(&out, WIRE_JSON, &m);
    static const char json[] = "[\"vote\",\"abababababababababababababababab\",300,true]";
    assert_int_equal(out.len, sizeof(json) - 1);
    assert_memory_equal(out.data, json, out.len);
    buf_release(&out);
}

static void live_is_written_as_documented(void **state)
{
    (void)state;
    const uint64_t counts[] = { 7, 41 }, gone[] = { 9 };
    struct server_message m = { .kind = SERVER_LIVE };
    m.live.from = 11;
    m.live.to = 14;
    m.live.counts = (struct id_list){ counts, 2 };
    m.live.gone = (struct id_list){ gone, 1 };
    struct buf out;
    buf_init(&out, BUF_MAX);
    wire_encode_server(&out, WIRE_JSON, &m);
    buf_put_byte(&out, 0);
    assert_string_equal((const char *)out.data, "[\"live\",11,14,null,[],[7,41],[9]]");
    buf_release(&out);
}

static void overflow_is_noticed(void **state)
{
    (void)state;
    for (int e = 0; e < WIRE_ENCODING_COUNT; e++) {
        struct server_message m;
        struct buf out;
        buf_init(&out, 64);
        sample_server(&arena, SAMPLE_FULL, SERVER_SNAPSHOT, &m);
        wire_encode_server(&out, (enum wire_encoding)e, &m);
        assert_true(out.failed);
        buf_release(&out);
    }
}

static void scratch_limit_is_noticed(void **state)
{
    (void)state;
    struct arena small;
    struct server_message m, read;
    struct buf out;
    arena_init(&small, 128, 256);
    buf_init(&out, BUF_MAX);
    sample_server(&arena, SAMPLE_FULL, SERVER_SNAPSHOT, &m);
    for (int e = 0; e < WIRE_ENCODING_COUNT; e++) {
        buf_clear(&out);
        wire_encode_server(&out, (enum wire_encoding)e, &m);
        assert_int_equal(wire_decode_server((enum wire_encoding)e, buf_str(&out), &small, &read), LECTERN_EFULL);
    }
    buf_release(&out);
    arena_release(&small);
}

static void bus_messages(void **state)
{
    (void)state;
    const struct store_event events[] = {
        { 12, 1, 1700000000000, LECTERN_ID_MAX, EVENT_ASKED, STR("\x94") },
        { 12, 2, 1700000000001, 0, EVENT_VOTED, STR("\x91\x90") },
    };
    const struct bus_message m = { 12, UINT64_MAX, false, 3, events, 2 };
    struct bus_message read;
    struct buf out;
    buf_init(&out, BUF_MAX);
    wire_encode_bus(&out, &m);
    assert_int_equal(wire_decode_bus(buf_str(&out), &arena, &read), 0);
    assert_true(read.room_id == 12 && read.origin == UINT64_MAX && !read.is_presence && read.here == 3);
    assert_int_equal(read.count, 2);
    for (size_t i = 0; i < 2; i++) {
        assert_true(read.events[i].room_id == 12 && read.events[i].seq == events[i].seq);
        assert_true(read.events[i].at == events[i].at && read.events[i].actor == events[i].actor);
        assert_true(read.events[i].kind == events[i].kind && str_equal(read.events[i].body, events[i].body));
    }
    for (size_t n = 0; n < out.len; n++)
        assert_int_equal(wire_decode_bus((struct str){ (const char *)out.data, n }, &arena, &read), LECTERN_EINVAL);
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(layout_is_the_compilers),
        cmocka_unit_test(client_messages),
        cmocka_unit_test(server_messages),
        cmocka_unit_test(event_bodies),
        cmocka_unit_test(vote_is_written_as_documented),
        cmocka_unit_test(live_is_written_as_documented),
        cmocka_unit_test(overflow_is_noticed),
        cmocka_unit_test(scratch_limit_is_noticed),
        cmocka_unit_test(bus_messages),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
