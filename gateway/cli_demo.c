/* cli_demo.c - a live session to look at, made the honest way: every question and vote is a command through the store. */
#include <jansson.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <semaphore.h>
#include <time.h>
#include <stdio.h>
#include <stdlib.h>

#include "auth.h"
#include "cli.h"
#include "lectern/db.h"
#include "lectern/text.h"
#include "wire/wire.h"

#define DEMO_EMAIL "demo@example.org"
#define FIRST_VOTER 100u
#define VOTERS 23u /* as many as the most voted question has votes */

struct demo {
    struct db *db;
    struct store *store;
    struct room *room;
    struct arena arena;
    sem_t wake;
    seq_t seq;
    bool done, failed;
    uint64_t account;
    uint8_t key[32]; /* of this installation */
};

static const struct {
    const char *text, *name;
    int votes;
} questions[] = {
    { "How do you decide between one big PostgreSQL and several small ones?", "Ann", 23 },
    { "\xe5\x88\x86\xe5\xb8\x83\xe5\xbc\x8f\xe4\xba\x8b\xe5\x8a\xa1\xe5\x9c\xa8\xe5\xae\x9e\xe9\x99\x85\xe9\xa1\xb9\xe7\x9b\xae\xe4\xb8\xad\xe5\x80\xbc\xe5\xbe\x97\xe5\x90\x97\xef\xbc\x9f", "\xe6\x9d\x8e\xe9\x9b\xb7", 19 },
    { "What would you measure first when p99 latency doubles overnight?", "Tom\xc3\xa1s", 17 },
    { "\xe8\xbf\x9e\xe6\x8e\xa5\xe6\xb1\xa0\xe5\xba\x94\xe8\xaf\xa5\xe8\xae\xbe\xe5\xa4\x9a\xe5\xa4\xa7\xef\xbc\x9f", "", 15 },
    { "Is group commit still worth it on NVMe disks?", "", 12 },
    { "How do you test failover without waiting for a real outage?", "Mei", 11 },
    { "\xe6\x9c\x89\xe6\xb2\xa1\xe6\x9c\x89\xe6\x8e\xa8\xe8\x8d\x90\xe7\x9a\x84\xe4\xb9\xa6\xef\xbc\x9f", "\xe7\x8e\x8b\xe8\x8a\xb3", 9 },
    { "Will the slides be shared afterwards?", "Omar", 8 },
    { "Do you use logical replication for upgrades?", "", 6 },
    { "What is the largest table you would still not partition?", "Priya", 5 },
    { "\xe5\xa6\x82\xe4\xbd\x95\xe8\xaf\xb4\xe6\x9c\x8d\xe5\x9b\xa2\xe9\x98\x9f\xe5\x86\x99\xe6\x95\xb0\xe6\x8d\xae\xe5\xba\x93\xe6\xb5\x8b\xe8\xaf\x95\xef\xbc\x9f", "", 3 },
    { "Which monitoring query do you wish you had written earlier?", "Jo", 2 },
};

/* Secrets of the demo follow from the installation's key: the same each time it is run, and known to nobody else. */
static void demo_secret(const struct demo *demo, const char *purpose, char out[65])
{
    uint8_t full[32];
    unsigned n = sizeof full;
    char message[80];
    int length = snprintf(message, sizeof message, "demo %s", purpose);
    if (!HMAC(EVP_sha256(), demo->key, sizeof demo->key, (const unsigned char *)message, (size_t)length, full, &n))
        abort();
    for (size_t i = 0; i < sizeof full; i++)
        snprintf(out + 2 * i, 3, "%02x", full[i]);
}

static void wake(void *arg)
{
    sem_post(arg);
}

static void on_event(void *context, const struct store_event *row)
{
    struct demo *demo = context;
    struct room_event event = { .seq = row->seq, .at = row->at, .actor = row->actor, .kind = row->kind };
    arena_reset(&demo->arena);
    if (wire_decode_event_body(row->body, &demo->arena, &event) != 0 || room_apply(demo->room, &event) != 0)
        demo->failed = true;
}

static void on_result(void *context, const struct store_result *result)
{
    struct demo *demo = context;
    demo->seq = result->seq;
    demo->failed |= result->status != STORE_COMMITTED;
    demo->done = true;
}

static void on_batch_end(void *context, size_t commands)
{
    (void)context, (void)commands;
}

/* Run one command; its seq, 0 when it was refused. */
static seq_t run(struct demo *demo, uint64_t participant, enum role role, struct command command)
{
    struct room_event event;
    struct buf body;
    int64_t detail;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    auth_random(command.id.bytes, sizeof command.id.bytes);
    ms_t now_ms = (ms_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
    struct actor actor = { participant, role };
    if (demo->failed || room_check(demo->room, actor, &command, now_ms, &event, &detail) != 0)
        return 0;
    buf_init(&body, 65536);
    wire_encode_event_body(&body, &event);
    struct store_command entry = { .ticket = 1, .room_id = room_id(demo->room), .actor = { participant, 0, (uint8_t)role },
                                   .command = &command, .event = &event, .body = buf_str(&body) };
    demo->done = false;
    demo->failed = store_submit(demo->store, &entry) != 0;
    while (!demo->done && !demo->failed) {
        sem_wait(&demo->wake);
        store_poll(demo->store, &(struct store_callbacks){ on_event, on_result, on_batch_end, demo });
    }
    buf_release(&body);
    return demo->failed ? 0 : demo->seq;
}

static bool play(struct demo *demo)
{
    seq_t ids[LECTERN_COUNT(questions)];
    const uint64_t host = 1000;
    run(demo, host, ROLE_HOST, (struct command){ .kind = COMMAND_STATE, .state.state = SESSION_LIVE });
    for (size_t i = 0; i < LECTERN_COUNT(questions); i++) {
        ids[i] = run(demo, i + 1, ROLE_ATTENDEE, (struct command){ .kind = COMMAND_ASK,
                     .ask = { str_of(questions[i].text), str_of(questions[i].name), questions[i].name[0] == '\0' } });
        if (i + 2 >= LECTERN_COUNT(questions))
            continue; /* the last two wait for review */
        run(demo, host, ROLE_HOST, (struct command){ .kind = COMMAND_APPROVE, .approve.question = ids[i] });
        for (int v = 0; v < questions[i].votes; v++)
            run(demo, FIRST_VOTER + (uint64_t)v, ROLE_ATTENDEE, (struct command){ .kind = COMMAND_VOTE, .vote = { ids[i], true } });
    }
    run(demo, host, ROLE_HOST, (struct command){ .kind = COMMAND_REPLY, .reply = { ids[7], STR("Yes, on the event page tonight."), false } });
    run(demo, host, ROLE_HOST, (struct command){ .kind = COMMAND_ANSWERED, .answered.question = ids[5] });
    return run(demo, host, ROLE_HOST, (struct command){ .kind = COMMAND_STAGE, .stage.question = ids[0] }) != 0;
}

/* Run a query that answers with a JSON object; NULL when it failed. */
static json_t *query(struct demo *demo, enum db_query which, const char *const *params, size_t count)
{
    struct buf row;
    buf_init(&row, 1u << 20);
    json_t *object = NULL;
    if (db_call(demo->db, which, demo->account, params, count, &row) == 0)
        object = json_loadb((const char *)row.data, row.len, JSON_DECODE_ANY, NULL);
    buf_release(&row);
    return object;
}

static int64_t id_of(json_t *object, const char *key)
{
    int64_t id = json_integer_value(json_object_get(object, key));
    json_decref(object);
    return id;
}

/* The token is the same each time, so the link is made once and printed again. */
static void print_link(struct demo *demo, uint64_t session, const char *role, const char *base)
{
    char purpose[64], token[65], hash[65], id[24];
    snprintf(id, sizeof id, "%llu", (unsigned long long)session);
    snprintf(purpose, sizeof purpose, "link %s %s", id, role);
    demo_secret(demo, purpose, token);
    auth_token_hash(str_of(token), hash);
    json_decref(query(demo, DB_LINK_CREATE, (const char *[]){ id, role, "Demo", hash, NULL }, 5));
    printf("%s: %s/r/%s\n", strcmp(role, "cohost") == 0 ? "host" : role, base, token);
}

/* The demo's account: made, or found. `password` is what it has, or "" when somebody has changed it. false: neither. */
static bool find_account(struct demo *demo, char password[65])
{
    char hash[160];
    demo_secret(demo, "password", password);
    password[16] = '\0';
    json_t *account = query(demo, DB_ACCOUNT_BY_EMAIL, (const char *[]){ DEMO_EMAIL }, 1);
    const char *known = json_string_value(json_object_get(account, "password_hash"));
    if (known && !auth_password_check(str_of(password), known))
        password[0] = '\0';
    if (!account && auth_password_hash(str_of(password), hash))
        account = query(demo, DB_ACCOUNT_CREATE,
                        (const char *[]){ DEMO_EMAIL, "Demo", hash, "Demo community", NULL }, 5);
    demo->account = (uint64_t)id_of(account, "id");
    return demo->account != 0;
}

/* The session of an earlier run; 0 when there is none. */
static uint64_t find_session(struct demo *demo, char code[LECTERN_CODE_LENGTH + 1])
{
    json_t *session = query(demo, DB_SESSION_FIRST, NULL, 0);
    const char *text = json_string_value(json_object_get(session, "code"));
    snprintf(code, LECTERN_CODE_LENGTH + 1, "%s", text ? text : "");
    return (uint64_t)id_of(session, "id");
}

static uint64_t make_session(struct demo *demo, char code[LECTERN_CODE_LENGTH + 1])
{
    char text[24];
    uint32_t random;
    json_t *me = query(demo, DB_ACCOUNT_ME, NULL, 0);
    json_t *first = json_array_get(json_object_get(me, "organizations"), 0);
    snprintf(text, sizeof text, "%lld", (long long)json_integer_value(json_object_get(first, "id")));
    json_decref(me);
    int64_t event = id_of(query(demo, DB_EVENT_CREATE, (const char *[]){ text, "Database evening", "" }, 3), "id");
    auth_random(&random, sizeof random);
    text_code_make(random, code);
    snprintf(text, sizeof text, "%lld", (long long)event);
    return (uint64_t)id_of(query(demo, DB_SESSION_CREATE,
        (const char *[]){ text, code, "PostgreSQL at scale \xc2\xb7 \xe9\x97\xae\xe7\xad\x94", "", "", "",
                          "Asia/Shanghai", "{}" },
        8), "id");
}

/* Those who ask and vote have been there, as the gateway records it when they come. */
static bool let_in(struct demo *demo, uint64_t session)
{
    struct person people[LECTERN_COUNT(questions) + VOTERS];
    struct person_answer answers[LECTERN_COUNT(people)];
    for (size_t i = 0; i < LECTERN_COUNT(people); i++) {
        uint64_t participant = i < LECTERN_COUNT(questions) ? i + 1 : FIRST_VOTER + i - LECTERN_COUNT(questions);
        people[i] = (struct person){ .room_id = session, .participant = participant, .attends = true };
    }
    return db_people(demo->db, people, LECTERN_COUNT(people), &demo->arena, answers) == LECTERN_OK;
}

/* Load the room and let people ask and vote in it. */
static bool fill_session(struct demo *demo, const struct config *config, uint64_t id)
{
    struct room_image image;
    struct arena arena;
    arena_init(&arena, 65536, 16u << 20);
    sem_init(&demo->wake, 0, 0);
    demo->room = room_new(id, &room_limits_default);
    demo->store = store_open(&(struct store_options){
        .conninfo = config->database_url, .application = "lectern demo", .queue_max = 100, .batch_max = 100,
        .patience_ms = 8000, .wake = wake, .wake_arg = &demo->wake });
    bool ok = demo->store && db_room_load(demo->db, id, &arena, &image) == LECTERN_OK &&
              room_load(demo->room, &image) == LECTERN_OK && let_in(demo, id) && play(demo);
    store_close(demo->store);
    room_free(demo->room);
    arena_release(&arena);
    sem_destroy(&demo->wake);
    return ok;
}

int cli_demo(int argc, char **argv, const struct config *config)
{
    const char *base = *config->public_url ? config->public_url : "http://localhost:8080";
    for (int i = 1; i + 1 < argc; i++)
        base = strcmp(argv[i], "--url") == 0 ? argv[i + 1] : base;
    struct demo demo = { .db = db_open(config->database_url, "lectern demo") };
    char code[LECTERN_CODE_LENGTH + 1], password[65];
    arena_init(&demo.arena, 65536, 1u << 20);
    uint64_t id = 0;
    bool ok = db_secret(demo.db, demo.key) == LECTERN_OK && find_account(&demo, password);
    if (ok && !(id = find_session(&demo, code)))
        ok = (id = make_session(&demo, code)) && fill_session(&demo, config, id);
    if (ok) {
        printf("attendee: %s/s/%s\nstage: %s/s/%s/stage\n", base, code, base, code);
        print_link(&demo, id, "cohost", base);
        print_link(&demo, id, "speaker", base);
        printf("organizer: %s/organize\nemail: %s\npassword: %s\n", base, DEMO_EMAIL,
               *password ? password : "(changed since)");
    } else {
        fprintf(stderr, "lectern: demo: it could not be made (%s)\n", db_error(demo.db));
    }
    arena_release(&demo.arena);
    db_close(demo.db);
    return ok ? 0 : 1;
}
