/* fixture.c - see fixture.h. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <cmocka.h>

#include "fixture.h"

static char url[1024], name[64], cell[65536];
static PGconn *conn;

static PGconn *connect_to(const char *conninfo, const char *database)
{
    const char *const keywords[] = { "dbname", "dbname", NULL };
    const char *const values[] = { conninfo, database, NULL };
    return PQconnectdbParams(keywords, values, 1);
}

static bool admin(const char *verb, const char *rest)
{
    char text[128];
    PGconn *c = PQconnectdb(getenv("LECTERN_TEST_DATABASE_URL"));
    snprintf(text, sizeof(text), "%s %s %s", verb, name, rest);
    PGresult *r = PQexec(c, text);
    bool ok = PQresultStatus(r) == PGRES_COMMAND_OK;
    if (!ok)
        fprintf(stderr, "%s", PQerrorMessage(c));
    PQclear(r);
    PQfinish(c);
    return ok;
}

bool database_create(void)
{
    const char *cluster = getenv("LECTERN_TEST_DATABASE_URL");
    if (!cluster || !*cluster)
        return false;
    snprintf(name, sizeof(name), "lectern_test_%ld", (long)getpid());
    if (!admin("CREATE DATABASE", ""))
        exit(1);
    conn = connect_to(cluster, name);
    if (PQstatus(conn) != CONNECTION_OK)
        exit(1);
    snprintf(url, sizeof(url), "host='%s' port='%s' user='%s' password='%s' dbname='%s'", PQhost(conn), PQport(conn),
             PQuser(conn), PQpass(conn), name);
    return true;
}

void database_drop(void)
{
    PQfinish(conn);
    admin("DROP DATABASE IF EXISTS", "WITH (FORCE)");
}

const char *database_url(void)
{
    return url;
}

bool database_socket(char *out, size_t size)
{
    snprintf(out, size, "%s/.s.PGSQL.%s", PQhost(conn), PQport(conn));
    return out[0] == '/';
}

const char *database_name(void)
{
    return name;
}

const char *sql(const char *text)
{
    PGresult *r = PQexec(conn, text);
    ExecStatusType status = PQresultStatus(r);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        fail_msg("%s: %s", text, PQerrorMessage(conn));
    snprintf(cell, sizeof(cell), "%s", PQntuples(r) && PQnfields(r) ? PQgetvalue(r, 0, 0) : "");
    PQclear(r);
    return cell;
}

long long number(const char *text)
{
    return atoll(sql(text));
}

void room_reset(void)
{
    sql("TRUNCATE account, organization, event, session, room, room_event, command, participant, question, vote,"
        " feedback, presence_sample, role_link, session_role, membership, login RESTART IDENTITY CASCADE;"
        "INSERT INTO organization (name) VALUES ('Org');"
        "INSERT INTO account (email, name, password_hash) VALUES ('a@example.org', 'A', 'x'),"
        " ('b@example.org', 'B', 'x');"
        "INSERT INTO membership VALUES (1, 1, 'organizer'), (1, 2, 'member');"
        "INSERT INTO event (organization_id, title) VALUES (1, 'Event');"
        "INSERT INTO session (event_id, code, title) VALUES (1, 'ABC123', 'Session');"
        "INSERT INTO room (id, state) VALUES (1, 'live')");
}

static void woken(void *arg)
{
    struct client *c = arg;
    pthread_mutex_lock(&c->mutex);
    c->woken = true;
    pthread_cond_signal(&c->cond);
    pthread_mutex_unlock(&c->mutex);
}

struct client *client_open(uint32_t batch_max, int patience_ms)
{
    return client_open_at(url, batch_max, patience_ms);
}

struct client *client_open_at(const char *conninfo, uint32_t batch_max, int patience_ms)
{
    struct client *c = calloc(1, sizeof(*c));
    pthread_mutex_init(&c->mutex, NULL);
    pthread_cond_init(&c->cond, NULL);
    struct store_options options = { .conninfo = conninfo, .application = "test", .queue_max = TICKETS_MAX,
                                     .batch_max = batch_max, .patience_ms = patience_ms, .wake = woken,
                                     .wake_arg = c };
    c->store = store_open(&options);
    assert_non_null(c->store);
    return c;
}

void client_close(struct client *c)
{
    store_close(c->store);
    pthread_mutex_destroy(&c->mutex);
    pthread_cond_destroy(&c->cond);
    free(c);
}

size_t submit(struct client *c, uint64_t participant, uint32_t id, struct command command, struct room_event event)
{
    size_t ticket = c->submitted++;
    memcpy(command.id.bytes, &id, sizeof(id));
    struct store_command s = { .ticket = ticket, .room_id = ROOM, .actor = { participant, 0, ROLE_HOST },
                               .command = &command, .event = &event, .body = STR("\x90") };
    assert_true(ticket < TICKETS_MAX);
    assert_int_equal(store_submit(c->store, &s), 0);
    return ticket;
}

static void on_event(void *context, const struct store_event *event)
{
    struct client *c = context;
    c->last_event = *event;
    c->last_event.body = (struct str){ NULL, event->body.n };
    c->events++;
}

static void on_result(void *context, const struct store_result *result)
{
    struct client *c = context;
    c->results[result->ticket] = *result;
    c->times[result->ticket]++;
    c->answered++;
}

void wait_all(struct client *c)
{
    const struct store_callbacks callbacks = { on_event, on_result, NULL, c };
    while (store_poll(c->store, &callbacks), c->answered < c->submitted) {
        pthread_mutex_lock(&c->mutex);
        while (!c->woken)
            pthread_cond_wait(&c->cond, &c->mutex);
        c->woken = false;
        pthread_mutex_unlock(&c->mutex);
    }
}

struct store_result ask(struct client *c, uint64_t participant, uint32_t id, const char *text)
{
    struct command command = { .kind = COMMAND_ASK };
    struct room_event event = { .kind = EVENT_ASKED };
    event.asked.state = QUESTION_PENDING;
    event.asked.text = str_of(text);
    size_t ticket = submit(c, participant, id, command, event);
    wait_all(c);
    return c->results[ticket];
}

size_t vote(struct client *c, uint64_t participant, uint32_t id, uint64_t question, bool on)
{
    struct command command = { .kind = COMMAND_VOTE };
    struct room_event event = { .kind = EVENT_VOTED };
    command.vote.question = question;
    command.vote.on = on;
    return submit(c, participant, id, command, event);
}

size_t move(struct client *c, uint32_t id, enum command_kind kind, uint64_t question, enum question_state state,
            const char *text)
{
    struct command command = { .kind = kind, .question = question };
    struct room_event event = { .kind = EVENT_MOVED };
    event.moved.question = question;
    event.moved.state = (uint8_t)state;
    event.moved.text = str_of(text);
    return submit(c, 99, id, command, event);
}
