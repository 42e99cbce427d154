/* fixture.h - a database of this run's own, a session in it, and stores with counted results. */
#ifndef TEST_PERSIST_FIXTURE_H
#define TEST_PERSIST_FIXTURE_H

#include <pthread.h>

#include "persist_internal.h"

enum { TICKETS_MAX = 8192, ROOM = 1 };

/* A store and what it answered, by ticket. */
struct client {
    struct store *store;
    pthread_mutex_t mutex;
    pthread_cond_t cond;
    bool woken;
    size_t submitted, answered;
    unsigned times[TICKETS_MAX]; /* results per ticket */
    struct store_result results[TICKETS_MAX];
    struct store_event last_event;
    size_t events;
};

bool database_create(void); /* false: no cluster to test with */
void database_drop(void);
const char *database_url(void);

bool database_socket(char *out, size_t size); /* the path of its socket; false: it listens on TCP */
const char *database_name(void);

/* Run SQL on the test's own connection; the first cell as text (valid until the next call). */
const char *sql(const char *text);
long long number(const char *text);
/* A fresh live session with id ROOM: all rows of earlier tests are gone. */
void room_reset(void);

struct client *client_open(uint32_t batch_max, int patience_ms);
struct client *client_open_at(const char *conninfo, uint32_t batch_max, int patience_ms);
void client_close(struct client *client);
/* Submit; the ticket is the number of commands before it. `participant` makes ids together with `id`. */
size_t submit(struct client *client, uint64_t participant, uint32_t id, struct command command, struct room_event event);
/* Wait until every submitted command has its result. */
void wait_all(struct client *client);
struct store_result ask(struct client *client, uint64_t participant, uint32_t id, const char *text);
size_t vote(struct client *client, uint64_t participant, uint32_t id, uint64_t question, bool on);
size_t move(struct client *client, uint32_t id, enum command_kind kind, uint64_t question, enum question_state state,
            const char *text);

#endif
