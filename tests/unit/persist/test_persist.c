/* test_persist.c - the store and the queries against a real PostgreSQL. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "fixture.h"
#include "proxy.h"

static int before(void **state)
{
    (void)state;
    room_reset();
    return 0;
}

static void assert_log_gapless(void)
{
    assert_int_equal(number("SELECT count(*) FROM room WHERE seq <> (SELECT coalesce(max(seq), 0) FROM room_event)"
                            " OR seq <> (SELECT count(*) FROM room_event)"), 0);
}

static void migrating_twice_changes_nothing(void **state)
{
    (void)state;
    int applied, known;
    uint8_t first[32], second[32];
    struct db *db = db_open(database_url(), "test");
    assert_int_equal(db_secret(db, first), 0);
    assert_int_equal(db_migrate(db, NULL, NULL), 0);
    assert_int_equal(db_migration_state(db, &applied, &known), 0);
    assert_int_equal(applied, known);
    assert_int_equal(db_secret(db, second), 0);
    assert_memory_equal(first, second, 32);
    db_close(db);
}

static void a_schema_from_the_future_is_refused(void **state)
{
    (void)state;
    struct db *db = db_open(database_url(), "test");
    sql("INSERT INTO schema_migration (name) VALUES ('9999_later')");
    assert_int_equal(db_migrate(db, NULL, NULL), LECTERN_EINVAL);
    sql("DELETE FROM schema_migration WHERE name = '9999_later'");
    db_close(db);
}

static void words_are_the_same_in_sql(void **state)
{
    (void)state;
    const struct {
        const char *type;
        const struct word_list *words;
    } rows[] = { { "role", &word_list_role }, { "member_role", &word_list_member_role },
                 { "session_state", &word_list_session_state }, { "question_state", &word_list_question_state },
                 { "reason", &word_list_reason }, { "event_kind", &word_list_event } };
    for (size_t i = 0; i < LECTERN_COUNT(rows); i++) {
        char query[160], words[400];
        snprintf(query, sizeof(query), "SELECT enum_range(NULL::%s)", rows[i].type);
        mask_literal(rows[i].words, BIT(rows[i].words->count) - 1, words, sizeof(words));
        assert_string_equal(sql(query), words);
    }
}

static void a_question_goes_its_way(void **state)
{
    (void)state;
    struct client *c = client_open(100, 5000);
    uint64_t q = ask(c, 7, 1, "Why?").seq, other = ask(c, 8, 1, "When?").seq;
    struct { enum command_kind kind; uint64_t question; enum question_state to; const char *text, *check; } steps[] = {
        { COMMAND_APPROVE, q, QUESTION_LIVE, "Why not?", "original = 'Why?' AND edited AND published_at = state_at" },
        { COMMAND_APPROVE, other, QUESTION_LIVE, "", "original IS NULL AND NOT edited AND text = 'When?'" },
        { COMMAND_STAGE, other, QUESTION_STAGE, "", "staged_at IS NOT NULL" },
        { COMMAND_STAGE, q, QUESTION_STAGE, "", "(SELECT state FROM question WHERE id = 2) = 'live'" },
        { COMMAND_ANSWERED, q, QUESTION_ANSWERED, "", "answered_at = state_at" },
        { COMMAND_RESTORE, q, QUESTION_LIVE, "", "answered_at IS NULL" },
    };
    for (size_t i = 0; i < LECTERN_COUNT(steps); i++) {
        char query[300];
        size_t t = move(c, (uint32_t)(100 + i), steps[i].kind, steps[i].question, steps[i].to, steps[i].text);
        wait_all(c);
        assert_int_equal(c->results[t].status, STORE_COMMITTED);
        snprintf(query, sizeof(query), "SELECT count(*) FROM question WHERE id = %d AND state = '%s' AND (%s)",
                 (int)steps[i].question, word_of(&word_list_question_state, steps[i].to), steps[i].check);
        assert_int_equal(number(query), 1);
    }
    assert_log_gapless();
    client_close(c);
}

static void other_commands_change_their_rows(void **state)
{
    (void)state;
    struct client *c = client_open(100, 5000);
    uint64_t q = ask(c, 7, 1, "Why?").seq;
    struct command command = { .kind = COMMAND_REPLY, .question = q };
    struct room_event event = { .kind = EVENT_REPLIED };
    event.replied.question = q;
    event.replied.state = QUESTION_ANSWERED;
    event.replied.text = STR("Because");
    submit(c, 9, 10, command, event);
    command = (struct command){ .kind = COMMAND_EDIT, .question = q };
    event = (struct room_event){ .kind = EVENT_EDITED };
    size_t foreign = submit(c, 9, 11, command, event); /* not the asker's, and answered by now */
    command = (struct command){ .kind = COMMAND_POLICY };
    event = (struct room_event){ .kind = EVENT_POLICY };
    event.policy.policy = POLICY_QUESTION_LENGTH;
    event.policy.value = 77;
    submit(c, 9, 12, command, event);
    command = (struct command){ .kind = COMMAND_DETAILS };
    event = (struct room_event){ .kind = EVENT_DETAILS };
    event.details.title = STR("New");
    event.details.timezone = STR("Asia/Shanghai");
    event.details.ends_at = 1700000000123;
    submit(c, 9, 13, command, event);
    command = (struct command){ .kind = COMMAND_STATE };
    event = (struct room_event){ .kind = EVENT_STATE };
    event.state.state = SESSION_ENDED;
    submit(c, 9, 14, command, event);
    command = (struct command){ .kind = COMMAND_FEEDBACK };
    event = (struct room_event){ .kind = EVENT_FEEDBACK, .said = { .stars = 5, .recommend = -1 } };
    submit(c, 9, 15, command, event);
    submit(c, 9, 16, command, event);
    wait_all(c);
    assert_int_equal(c->results[foreign].status, STORE_CONFLICT);
    assert_int_equal(number("SELECT count(*) FROM question WHERE reply = 'Because' AND state = 'answered'"
                            " AND published_at IS NOT NULL AND answered_at = state_at"), 1);
    assert_int_equal(number("SELECT policies->'question_length' FROM room"), 77);
    assert_int_equal(number("SELECT count(*) FROM session WHERE title = 'New' AND starts_at IS NULL"
                            " AND ends_at = to_timestamp(1700000000.123)"), 1);
    assert_int_equal(number("SELECT count(*) FROM room WHERE state = 'ended' AND ended_at IS NOT NULL"
                            " AND responses = 1"), 1);
    assert_int_equal(number("SELECT count(*) FROM feedback WHERE stars = 5 AND recommend IS NULL"), 1);
    assert_string_equal(sql("SELECT body FROM room_event ORDER BY seq DESC LIMIT 1"), "\\x91ce00000001");
    assert_log_gapless();
    client_close(c);
}

static void an_edit_loses_to_a_vote_and_a_review(void **state)
{
    (void)state;
    struct client *c = client_open(100, 5000);
    uint64_t voted = ask(c, 7, 1, "Why?").seq, reviewed = ask(c, 7, 2, "How?").seq;
    struct command command = { .kind = COMMAND_EDIT };
    struct room_event event = { .kind = EVENT_EDITED };
    event.edited.text = STR("Buy my book");
    sql("UPDATE question SET votes = votes + 1 WHERE id = (SELECT min(id) FROM question)");
    move(c, 3, COMMAND_APPROVE, reviewed, QUESTION_LIVE, "");
    wait_all(c);
    command.question = event.edited.question = voted;
    size_t first = submit(c, 7, 4, command, event);
    command.question = event.edited.question = reviewed;
    size_t second = submit(c, 7, 5, command, event);
    wait_all(c);
    assert_int_equal(c->results[first].status, STORE_CONFLICT);
    assert_int_equal(c->results[second].status, STORE_CONFLICT);
    assert_int_equal(number("SELECT count(*) FROM question WHERE text LIKE 'Buy%'"), 0);
    client_close(c);
}

/* A live question to vote on. */
static uint64_t live_question(struct client *c)
{
    uint64_t q = ask(c, 7, 1, "Why?").seq;
    move(c, 2, COMMAND_APPROVE, q, QUESTION_LIVE, "");
    wait_all(c);
    return q;
}

static void a_repeated_id_has_one_answer(void **state)
{
    (void)state;
    struct client *a = client_open(100, 5000), *b = client_open(100, 5000);
    struct command command = { .kind = COMMAND_ASK };
    struct room_event event = { .kind = EVENT_ASKED };
    event.asked.text = STR("Same");
    for (uint32_t id = 1; id <= 200; id++) {
        submit(a, 7, id, command, event);
        submit(b, 7, id, command, event);
    }
    wait_all(a);
    wait_all(b);
    assert_int_equal(number("SELECT count(*) FROM question"), 200);
    for (size_t i = 0; i < 200; i++) {
        assert_int_equal(a->results[i].seq, b->results[i].seq);
        assert_int_equal((a->results[i].status == STORE_COMMITTED) + (b->results[i].status == STORE_COMMITTED), 1);
        assert_int_equal((a->results[i].status == STORE_REPEATED) + (b->results[i].status == STORE_REPEATED), 1);
    }
    assert_log_gapless();
    client_close(a);
    client_close(b);
}

static void a_thousand_votes_of_one_person_are_one(void **state)
{
    (void)state;
    struct client *a = client_open(100, 5000), *b = client_open(100, 5000);
    uint64_t q = live_question(a);
    for (uint32_t id = 10; id < 510; id++) {
        vote(a, 5, id, q, true);
        vote(b, 5, id + 1000, q, true);
    }
    wait_all(a);
    wait_all(b);
    assert_int_equal(number("SELECT count(*) FROM vote"), 1);
    assert_int_equal(number("SELECT votes FROM question"), 1);
    assert_int_equal(number("SELECT count(*) FROM command"), 1002);
    assert_int_equal(number("SELECT count(*) FROM room_event WHERE kind = 'voted'"), 1);
    assert_string_equal(sql("SELECT body FROM room_event WHERE kind = 'voted'"),
                        "\\x91dd00000002cf0000000000000001ce00000001");
    assert_log_gapless();
    client_close(a);
    client_close(b);
}

/* Votes and command ids have no foreign key: the room takes them along. */
static void nothing_is_left_of_a_room_that_goes(void **state)
{
    (void)state;
    struct client *c = client_open(100, 5000);
    uint64_t q = live_question(c);
    vote(c, 5, 10, q, true);
    wait_all(c);
    sql("INSERT INTO vote VALUES (999, 1, 1)"); /* of another room */
    sql("DELETE FROM session");
    assert_int_equal(number("SELECT count(*) FROM vote"), 1);
    assert_int_equal(number("SELECT (SELECT count(*) FROM command) + (SELECT count(*) FROM question)"), 0);
    sql("DELETE FROM vote");
    client_close(c);
}

static void the_last_word_counts(void **state)
{
    (void)state;
    struct client *c = client_open(100, 5000);
    uint64_t q = live_question(c);
    const struct { uint32_t id; bool on; int votes; } rows[] = {
        { 10, true, 1 }, { 11, false, 0 }, { 10, true, 0 }, /* the old command again changes nothing */
        { 12, true, 1 }, { 13, true, 1 },
    };
    for (size_t i = 0; i < LECTERN_COUNT(rows); i++) {
        vote(c, 5, rows[i].id, q, rows[i].on);
        wait_all(c);
        assert_int_equal(number("SELECT votes FROM question"), rows[i].votes);
        assert_int_equal(number("SELECT count(*) FROM vote"), rows[i].votes);
    }
    /* One batch: the row locked from outside lets them gather. */
    sql("BEGIN");
    sql("SELECT FROM room FOR UPDATE");
    vote(c, 6, 20, q, true);
    for (uint32_t id = 21; id < 30; id++)
        vote(c, 6, id, q, id % 2);
    vote(c, 6, 20, q, true);
    size_t nowhere = vote(c, 6, 31, 9999, true);
    sql("COMMIT");
    wait_all(c);
    assert_int_equal(number("SELECT votes FROM question"), 2);
    assert_int_equal(c->results[nowhere].status, STORE_CONFLICT);
    assert_log_gapless();
    client_close(c);
}

static void only_one_of_two_approvals_wins(void **state)
{
    (void)state;
    struct client *a = client_open(100, 5000), *b = client_open(100, 5000);
    uint64_t q = ask(a, 7, 1, "Why?").seq;
    move(a, 50, COMMAND_APPROVE, q, QUESTION_LIVE, "");
    move(b, 51, COMMAND_APPROVE, q, QUESTION_LIVE, "");
    wait_all(a);
    wait_all(b);
    enum store_status x = a->results[1].status, y = b->results[0].status;
    assert_int_equal((x == STORE_COMMITTED) + (y == STORE_COMMITTED), 1);
    assert_int_equal((x == STORE_CONFLICT) + (y == STORE_CONFLICT), 1);
    client_close(a);
    client_close(b);
}

static size_t go(struct client *c, uint64_t participant, uint32_t id, enum session_state to)
{
    struct command command = { .kind = COMMAND_STATE };
    struct room_event event = { .kind = EVENT_STATE };
    command.state.state = event.state.state = (uint8_t)to;
    return submit(c, participant, id, command, event);
}

/* Hosts whose screens are behind: what decides is the state in the database. */
static void a_session_goes_only_where_it_may(void **state)
{
    (void)state;
    struct client *a = client_open(100, 5000), *b = client_open(100, 5000);
    uint32_t id = 1;
    for (unsigned from = 0; from < SESSION_COUNT; from++) {
        for (unsigned to = 0; to < SESSION_COUNT; to++) {
            char set[80];
            snprintf(set, sizeof(set), "UPDATE room SET state = '%s'", word_of(&word_list_session_state, from));
            sql(set);
            size_t t = go(a, 7, id++, (enum session_state)to);
            wait_all(a);
            bool may = session_steps[from] & BIT(to);
            assert_int_equal(a->results[t].status, may ? STORE_COMMITTED : STORE_CONFLICT);
            assert_string_equal(sql("SELECT state FROM room"), word_of(&word_list_session_state, may ? to : from));
        }
    }
    sql("UPDATE room SET state = 'live'");
    size_t ends = go(a, 7, id++, SESSION_ENDED), pauses = go(b, 8, id++, SESSION_PAUSED);
    wait_all(a);
    wait_all(b);
    bool ended_first = b->results[pauses].status == STORE_CONFLICT;
    assert_int_equal(a->results[ends].status, STORE_COMMITTED); /* from live and from paused alike */
    assert_int_equal(number("SELECT count(*) FROM room_event WHERE kind = 'state' AND actor = 8"), ended_first ? 0 : 1);
    assert_string_equal(sql("SELECT state FROM room"), "ended");
    sql("UPDATE room SET state = 'scheduled'");
    ask(a, 7, id++, "Early?");
    size_t hides = go(b, 8, id++, SESSION_DRAFT);
    wait_all(b);
    assert_int_equal(b->results[hides].status, STORE_CONFLICT);
    assert_log_gapless();
    client_close(a);
    client_close(b);
}

static void a_bad_command_fails_alone(void **state)
{
    (void)state;
    const struct str bad[] = { { "a\0b", 3 }, { "\xff\xfe", 2 } };
    struct client *c = client_open(100, 5000);
    uint64_t q = live_question(c);
    for (uint32_t i = 0; i < LECTERN_COUNT(bad); i++) {
        sql("BEGIN");
        sql("SELECT FROM room FOR UPDATE");
        struct command command = { .kind = COMMAND_ASK };
        struct room_event event = { .kind = EVENT_ASKED };
        event.asked.text = STR("good");
        submit(c, 7, 100 + 10 * i, command, event);
        size_t first = submit(c, 7, 101 + 10 * i, command, event);
        event.asked.text = bad[i];
        size_t poison = submit(c, 7, 102 + 10 * i, command, event);
        size_t voted = vote(c, 20 + i, 103, q, true);
        sql("COMMIT");
        wait_all(c);
        assert_int_equal(c->results[first].status, STORE_COMMITTED);
        assert_int_equal(c->results[poison].status, STORE_FAILED);
        assert_int_equal(c->results[voted].status, STORE_COMMITTED);
    }
    assert_int_equal(number("SELECT count(*) FROM question WHERE text = 'good'"), 4);
    assert_int_equal(c->events, number("SELECT count(*) FROM room_event"));
    assert_log_gapless();
    client_close(c);
}

static void a_killed_backend_loses_nothing(void **state)
{
    (void)state;
    struct client *c = client_open(50, 20000);
    uint64_t q = live_question(c);
    struct command command = { .kind = COMMAND_ASK };
    struct room_event event = { .kind = EVENT_ASKED };
    event.asked.text = STR("again");
    for (uint32_t i = 0; i < 3000; i++) {
        if (i % 2)
            vote(c, 1000 + i, i, q, true);
        else
            submit(c, 7, 10 + i, command, event);
        if (i % 300 == 299)
            sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'test'");
    }
    wait_all(c);
    for (size_t i = 2; i < c->submitted; i++) {
        assert_int_equal(c->times[i], 1);
        assert_true(c->results[i].status == STORE_COMMITTED || c->results[i].status == STORE_REPEATED);
    }
    assert_int_equal(number("SELECT count(*) FROM question"), 1501);
    assert_int_equal(number("SELECT votes FROM question WHERE id = 1"), 1500);
    assert_int_equal(number("SELECT count(*) FROM vote"), 1500);
    assert_int_equal(number("SELECT count(*) FROM command"), 3002);
    assert_log_gapless();
    client_close(c);
}

static void people_are_known(void **state)
{
    (void)state;
    struct client *c = client_open(100, 5000);
    uint64_t q = live_question(c);
    vote(c, 52, 1, q, true);
    wait_all(c);
    sql("INSERT INTO role_link (session_id, role, token_hash) VALUES (1, 'moderator', 'x');"
        "INSERT INTO role_link (session_id, role, token_hash, revoked_at) VALUES (1, 'cohost', 'y', now());"
        "INSERT INTO feedback (room_id, participant_id, stars, text) VALUES (1, 51, 4, 'fine')");
    const struct { struct person person; enum role role; } rows[] = {
        { { 1, 50, 0, 0, true, 0 }, ROLE_ATTENDEE }, { { 1, 51, 1, 0, true, 0 }, ROLE_HOST },
        { { 1, 52, 2, 0, true, 0 }, ROLE_ATTENDEE }, { { 1, 53, 0, 1, true, 0 }, ROLE_MODERATOR },
        { { 1, 54, 0, 2, false, 0 }, ROLE_ATTENDEE }, { { 77, 55, 1, 0, true, 0 }, ROLE_ATTENDEE },
    };
    struct person people[LECTERN_COUNT(rows)];
    struct person_answer answers[LECTERN_COUNT(rows)];
    struct arena arena;
    struct db *db = db_open(database_url(), "test");
    arena_init(&arena, 4096, 1 << 20);
    for (size_t i = 0; i < LECTERN_COUNT(rows); i++)
        people[i] = rows[i].person;
    assert_int_equal(db_people(db, people, LECTERN_COUNT(rows), &arena, answers), 0);
    assert_int_equal(db_people(db, people, LECTERN_COUNT(rows), &arena, answers), 0);
    for (size_t i = 0; i < LECTERN_COUNT(rows); i++)
        assert_int_equal(answers[i].role, rows[i].role);
    assert_true(answers[1].has_feedback && answers[1].feedback.stars == 4 && answers[1].feedback.recommend == -1);
    assert_true(str_equal(answers[1].feedback.text, STR("fine")));
    assert_int_equal(answers[2].vote_count, 1);
    assert_int_equal(answers[2].votes[0], q);
    assert_int_equal(number("SELECT count(*) FROM participant WHERE visits = 2"), 4);
    assert_int_equal(number("SELECT count(*) FROM participant"), 4);
    sql("INSERT INTO login (token_hash, account_id, expires_at) VALUES ('\\xab01', 1, now() + interval '1 day'),"
        " ('\\xab02', 1, now() - interval '1 s')");
    struct right rights[] = { { 1, "ab01", 0, 0, 0 }, { 1, "ab02", 0, 7, ROLE_HOST }, { 1, "", 1, 7, 0 }, { 1, "", 2, 7, 0 },
                              { 77, "ab01", 1, 7, 0 } };
    const struct { uint64_t account; enum role role; } now[] = {
        { 1, ROLE_HOST }, { 0, ROLE_ATTENDEE }, { 0, ROLE_MODERATOR }, { 0, ROLE_ATTENDEE }, { 0, ROLE_ATTENDEE },
    };
    assert_int_equal(db_rights(db, rights, LECTERN_COUNT(rights)), 0);
    for (size_t i = 0; i < LECTERN_COUNT(rights); i++) {
        assert_int_equal(rights[i].account, now[i].account);
        assert_int_equal(rights[i].role, now[i].role);
    }
    arena_release(&arena);
    db_close(db);
    client_close(c);
}

/* PostgreSQL was restarted: it has said goodbye to the connection, which waits to be read. */
static void a_write_after_a_restart_goes_through(void **state)
{
    (void)state;
    struct client *c = client_open(100, 5000);
    struct db *db = db_open(database_url(), "farewell");
    const struct presence_sample sample = { ROOM, 3 };
    const uint32_t total = 3;
    assert_int_equal(db_ping(db), 0);
    assert_int_equal(number("SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'farewell'"), 1);
    while (number("SELECT count(*) FROM pg_stat_activity WHERE application_name = 'farewell'") > 0)
        continue;
    assert_int_equal(db_presence(db, "w1", 1700000000000, &sample, &total, 1), 0);
    db_close(db);
    client_close(c);
}

static void count_event(void *arg, const struct store_event *event)
{
    seq_t *next = arg;
    assert_int_equal(event->seq, *next);
    ++*next;
}

static void rooms_are_read(void **state)
{
    (void)state;
    struct client *c = client_open(100, 5000);
    uint64_t q = live_question(c), room;
    struct db *db = db_open(database_url(), "test");
    struct arena arena;
    struct room_image image;
    seq_t next = 2;
    const struct room_position positions[] = { { ROOM, 1 }, { 999, 0 } };
    const struct presence_sample samples[] = { { ROOM, 3 }, { 999, 1 } };
    const uint32_t totals[] = { 9, 1 };
    arena_init(&arena, 4096, 1 << 20);
    vote(c, 5, 1, q, true);
    wait_all(c);
    assert_int_equal(db_room_of_code(db, "ABC123", &room), 0);
    assert_int_equal(room, ROOM);
    assert_int_equal(db_room_of_code(db, "ZZZZZZ", &room), LECTERN_ENOTFOUND);
    assert_int_equal(db_room_load(db, ROOM, &arena, &image), 0);
    assert_int_equal(image.seq, 3);
    assert_int_equal(image.question_count, 1);
    assert_int_equal(image.questions[0].votes, 1);
    assert_int_equal(image.questions[0].state, QUESTION_LIVE);
    assert_true(image.questions[0].published && str_equal(image.questions[0].text, STR("Why?")));
    assert_int_equal(image.policies[POLICY_QUESTION_LENGTH], 500);
    assert_int_equal(db_room_load(db, 999, &arena, &image), LECTERN_ENOTFOUND);
    assert_int_equal(db_events_after(db, positions, 2, 1, count_event, &next), 0);
    assert_int_equal(next, 3);
    next = 2;
    assert_int_equal(db_events_after(db, positions, 2, 100, count_event, &next), 0);
    assert_int_equal(next, 4);
    assert_int_equal(db_presence(db, "w1", 1700000000000, samples, totals, 2), 0);
    assert_int_equal(db_presence(db, "w1", 1700000000000, samples, totals, 2), 0);
    assert_int_equal(number("SELECT peak FROM room"), 9);
    assert_int_equal(number("SELECT sum(here) FROM presence_sample"), 3);
    arena_release(&arena);
    db_close(db);
    client_close(c);
}

static void an_absent_database_is_unavailable(void **state)
{
    (void)state;
    struct client *c = client_open_at("host=/nonexistent dbname=none", 10, 200);
    vote(c, 5, 1, 1, true);
    vote(c, 5, 2, 1, true);
    wait_all(c);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(c->results[i].status, STORE_UNAVAILABLE);
    assert_false(store_is_up(c->store));
    assert_int_equal(store_waiting(c->store), 0);
    vote(c, 5, 3, 1, true);
    client_close(c); /* returns: patience ends */
}

/* The answer to COMMIT is lost: `unavailable` is said of a command that is in the log. Sent again it gets the first answer. */
static void a_command_in_doubt_is_answered_when_it_comes_again(void **state)
{
    (void)state;
    char server[200], folder[] = "/tmp/lectern-proxy-XXXXXX", conninfo[400];
    if (!database_socket(server, sizeof(server)) || !mkdtemp(folder))
        skip();
    struct proxy *proxy = proxy_open(folder, server);
    snprintf(conninfo, sizeof(conninfo), "host='%s' port=5432 user='%s' dbname='%s'", folder, sql("SELECT current_user"),
             database_name());
    struct client *c = client_open_at(conninfo, 10, 1000);
    assert_int_equal(ask(c, 7, 1, "Before").status, STORE_COMMITTED);
    proxy_swallow(proxy, true);
    assert_int_equal(ask(c, 7, 2, "In doubt").status, STORE_UNAVAILABLE);
    assert_int_equal(number("SELECT count(*) FROM question WHERE text = 'In doubt'"), 1);
    proxy_swallow(proxy, false);
    struct store_result again = ask(c, 7, 2, "In doubt");
    while (again.status == STORE_UNAVAILABLE) /* still reconnecting */
        again = ask(c, 7, 2, "In doubt");
    assert_int_equal(again.status, STORE_REPEATED);
    assert_int_equal(again.seq, number("SELECT id FROM question WHERE text = 'In doubt'"));
    assert_int_equal(number("SELECT count(*) FROM question WHERE text = 'In doubt'"), 1);
    assert_log_gapless();
    client_close(c);
    proxy_close(proxy);
    rmdir(folder);
}

int main(void)
{
    if (!database_create()) {
        printf("LECTERN_TEST_DATABASE_URL is not set: skipped\n");
        return 77;
    }
    struct db *db = db_open(database_url(), "test");
    if (db_migrate(db, NULL, NULL) != 0) {
        fprintf(stderr, "migrate: %s\n", db_error(db));
        return 1;
    }
    db_close(db);
#define TEST(f) cmocka_unit_test_setup(f, before)
    const struct CMUnitTest tests[] = {
        TEST(migrating_twice_changes_nothing), TEST(a_schema_from_the_future_is_refused),
        TEST(words_are_the_same_in_sql), TEST(a_question_goes_its_way), TEST(other_commands_change_their_rows), TEST(an_edit_loses_to_a_vote_and_a_review),
        TEST(a_repeated_id_has_one_answer), TEST(a_thousand_votes_of_one_person_are_one), TEST(the_last_word_counts),
        TEST(nothing_is_left_of_a_room_that_goes),
        TEST(only_one_of_two_approvals_wins), TEST(a_session_goes_only_where_it_may), TEST(a_bad_command_fails_alone), TEST(a_killed_backend_loses_nothing),
        TEST(people_are_known), TEST(rooms_are_read), TEST(a_write_after_a_restart_goes_through), TEST(an_absent_database_is_unavailable),
        TEST(a_command_in_doubt_is_answered_when_it_comes_again),
    };
    int failures = cmocka_run_group_tests_name("persist", tests, NULL, NULL);
    database_drop();
    return failures;
}
