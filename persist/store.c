/* store.c - the store's thread: gathers commands, has them committed, survives a database that goes away.
 *
 * Two queues and one mutex: `waiting` from the loop, `finished` to the loop. While a batch is being committed the next
 * one gathers; the thread holds the mutex only to exchange lists.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "persist_internal.h"

enum { BACKOFF_MIN_MS = 50, BACKOFF_MAX_MS = 1000, IDLE_CHECK_MS = 1000, CONNECT_MS = 5000 };

struct store {
    struct store_options options;
    char *conninfo, *application;
    pthread_t thread;
    pthread_mutex_t mutex;
    pthread_cond_t cond;
    /* under the mutex */
    struct entry *first, **last;
    struct batch *finished, **finished_last;
    bool closing;
    /* any thread */
    atomic_bool up;
    atomic_uint waiting;
    /* the thread's own */
    PGconn *conn;
    int backoff_ms;
};

static void say(struct store *s, bool trouble, const char *what, const char *detail)
{
    if (s->options.log)
        s->options.log(s->options.log_arg, trouble, what, detail);
}

/* Wait for a command, the end, or `ms`. Called with the mutex held. */
static void wait_some(struct store *s, int ms)
{
    struct timespec until;
    clock_gettime(CLOCK_MONOTONIC, &until);
    until.tv_sec += ms / 1000;
    until.tv_nsec += (long)(ms % 1000) * 1000000;
    if (until.tv_nsec >= 1000000000) {
        until.tv_sec++;
        until.tv_nsec -= 1000000000;
    }
    pthread_cond_timedwait(&s->cond, &s->mutex, &until);
}

/* ---- connection ---- */

static void disconnect(struct store *s)
{
    atomic_store(&s->up, false);
    if (s->conn)
        PQfinish(s->conn);
    s->conn = NULL;
}

/* Plans are made once, from arguments not seen yet and tables that may be empty: only index paths stay good. */
static bool set_up(struct store *s, char *error, size_t size)
{
    char sql[400];
    snprintf(sql, sizeof(sql), "SET synchronous_commit = on; SET plan_cache_mode = force_generic_plan;"
             "SET enable_seqscan = off; SET enable_mergejoin = off; SET jit = off; SET timezone = 'UTC';"
             "SET statement_timeout = %d; SET idle_in_transaction_session_timeout = %d",
             s->options.patience_ms > 0 ? s->options.patience_ms : 1000, 2 * s->options.patience_ms + 1000);
    PGresult *result = PQexec(s->conn, sql);
    bool ok = PQresultStatus(result) == PGRES_COMMAND_OK;
    if (!ok)
        pg_describe(result, error, size);
    PQclear(result);
    return ok && statements_prepare(s->conn, error, size) && PQenterPipelineMode(s->conn) &&
           PQsetnonblocking(s->conn, 1) == 0;
}

static bool connect_once(struct store *s)
{
    char error[200] = "no connection";
    int patience = s->options.patience_ms;
    s->conn = pg_connect(s->conninfo, s->application, patience < CONNECT_MS ? patience : CONNECT_MS);
    if (PQstatus(s->conn) == CONNECTION_OK && set_up(s, error, sizeof(error))) {
        atomic_store(&s->up, true);
        say(s, false, "store connected", "");
        return true;
    }
    say(s, true, "store cannot connect", error);
    disconnect(s);
    return false;
}

static void back_off(struct store *s)
{
    ms_t end = clock_ms() + s->backoff_ms;
    s->backoff_ms = 2 * s->backoff_ms > BACKOFF_MAX_MS ? BACKOFF_MAX_MS : 2 * s->backoff_ms;
    pthread_mutex_lock(&s->mutex);
    while (clock_ms() < end) /* commands arriving do not shorten the wait */
        wait_some(s, (int)(end - clock_ms()) + 1);
    pthread_mutex_unlock(&s->mutex);
}

/* ---- batches ---- */

static struct batch *batch_new(size_t capacity)
{
    struct batch *batch = calloc(1, sizeof(*batch));
    if (batch)
        batch->entries = malloc(capacity * sizeof(*batch->entries));
    if (!batch || !batch->entries)
        abort();
    arena_init(&batch->bodies, 4096, (size_t)1 << 32);
    return batch;
}

/* Take up to batch_max commands (only those out of patience when `expired`). NULL: none. Mutex held. */
static struct batch *take(struct store *s, bool expired)
{
    struct batch *batch = NULL;
    ms_t limit = clock_ms() - s->options.patience_ms;
    while (s->first && (!expired || s->first->submitted <= limit)) {
        struct entry *e = s->first;
        if (!batch)
            batch = batch_new(s->options.batch_max);
        if (batch->count == s->options.batch_max)
            break;
        s->first = e->next;
        if (!s->first)
            s->last = &s->first;
        batch->entries[batch->count++] = e;
    }
    return batch;
}

static void finish(struct store *s, struct batch *batch)
{
    atomic_fetch_sub(&s->waiting, (unsigned)batch->count);
    pthread_mutex_lock(&s->mutex);
    *s->finished_last = batch;
    s->finished_last = &batch->next;
    pthread_mutex_unlock(&s->mutex);
    if (s->options.wake)
        s->options.wake(s->options.wake_arg);
}

/* Give up on commands that have waited too long; true when none is left. One in doubt (the connection was lost around its
 * COMMIT) may have been committed although its answer says `unavailable`: only the ledger knows, and it cannot be asked.
 * The client sends it again with the same id, and gets the first answer; if it never does, the event still reaches every
 * room through the log. */
static bool expire(struct store *s, struct entry **entries, size_t count)
{
    ms_t limit = clock_ms() - s->options.patience_ms;
    bool all = true;
    for (size_t i = 0; i < count; i++) {
        if (!entries[i]->done && entries[i]->submitted <= limit) {
            entries[i]->done = true;
            entries[i]->status = STORE_UNAVAILABLE;
            entries[i]->seq = 0;
        }
        all = all && entries[i]->done;
    }
    return all;
}

static void expire_waiting(struct store *s)
{
    pthread_mutex_lock(&s->mutex);
    struct batch *batch = take(s, true);
    pthread_mutex_unlock(&s->mutex);
    if (!batch)
        return;
    for (size_t i = 0; i < batch->count; i++)
        batch->entries[i]->status = STORE_UNAVAILABLE;
    finish(s, batch);
}

static void settle(struct entry **entries, size_t count)
{
    for (size_t i = 0; i < count; i++)
        entries[i]->done = true;
}

/* Have the entries committed, through as many reconnects as their patience allows. false: a statement among them is
 * refused by the database and nothing is stored. */
static bool commit(struct store *s, struct batch *batch, struct entry **entries, size_t count)
{
    char error[200];
    while (!expire(s, entries, count)) {
        if (!s->conn && !connect_once(s)) {
            expire_waiting(s);
            back_off(s);
            continue;
        }
        struct entry **open = malloc(count * sizeof(*open));
        size_t n = 0;
        if (!open)
            abort();
        for (size_t i = 0; i < count; i++)
            if (!entries[i]->done)
                open[n++] = entries[i];
        enum outcome outcome = batch_transact(s->conn, batch, open, n, s->options.patience_ms, error, sizeof(error));
        if (outcome == OUTCOME_COMMITTED)
            settle(open, n);
        free(open);
        if (outcome == OUTCOME_COMMITTED) {
            s->backoff_ms = BACKOFF_MIN_MS;
            return true;
        }
        say(s, true, outcome == OUTCOME_LOST ? "batch repeated" : "batch refused", error);
        if (outcome == OUTCOME_REFUSED)
            return false;
        disconnect(s);
        back_off(s);
    }
    return true;
}

static void process(struct store *s, struct batch *batch)
{
    if (!commit(s, batch, batch->entries, batch->count)) {
        for (size_t i = 0; i < batch->count; i++) {
            struct entry *e = batch->entries[i];
            if (e->done || commit(s, batch, &e, 1))
                continue;
            say(s, true, "command failed", word_of(&word_list_event, e->kind));
            e->status = STORE_FAILED;
            e->seq = 0;
            e->done = true;
        }
    }
    finish(s, batch);
}

static void *run(void *arg)
{
    struct store *s = arg;
    for (;;) {
        if (!s->conn && !connect_once(s)) {
            expire_waiting(s);
            back_off(s);
        }
        pthread_mutex_lock(&s->mutex);
        if (s->conn && !s->first && !s->closing)
            wait_some(s, IDLE_CHECK_MS);
        struct batch *batch = s->conn ? take(s, false) : NULL;
        bool over = s->closing && !s->first && !batch;
        pthread_mutex_unlock(&s->mutex);
        if (over)
            break;
        if (batch)
            process(s, batch);
        else if (s->conn && !pg_is_alive(s->conn))
            disconnect(s);
    }
    disconnect(s);
    return NULL;
}

/* ---- the loop's side ---- */

static char *copy_of(const char *text)
{
    char *copy = strdup(text ? text : "");
    if (!copy)
        abort();
    return copy;
}

static void release(struct store *s)
{
    pthread_mutex_destroy(&s->mutex);
    pthread_cond_destroy(&s->cond);
    free(s->conninfo);
    free(s->application);
    free(s);
}

struct store *store_open(const struct store_options *options)
{
    struct store *s = calloc(1, sizeof(*s));
    if (!s)
        return NULL;
    s->options = *options;
    s->conninfo = copy_of(options->conninfo);
    s->application = copy_of(options->application);
    s->options.conninfo = s->conninfo;
    s->options.application = s->application;
    s->last = &s->first;
    s->finished_last = &s->finished;
    s->backoff_ms = BACKOFF_MIN_MS;
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&s->cond, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&s->mutex, NULL);
    if (pthread_create(&s->thread, NULL, run, s) == 0)
        return s;
    release(s);
    return NULL;
}

int store_submit(struct store *store, const struct store_command *command)
{
    if (atomic_load(&store->waiting) >= store->options.queue_max)
        return LECTERN_EFULL;
    struct entry *entry = entry_new(command);
    if (!entry)
        return LECTERN_EFULL;
    atomic_fetch_add(&store->waiting, 1);
    pthread_mutex_lock(&store->mutex);
    bool was_empty = !store->first;
    *store->last = entry;
    store->last = &entry->next;
    pthread_mutex_unlock(&store->mutex);
    if (was_empty)
        pthread_cond_signal(&store->cond);
    return 0;
}

size_t store_poll(struct store *store, const struct store_callbacks *callbacks)
{
    size_t delivered = 0;
    pthread_mutex_lock(&store->mutex);
    struct batch *batch = store->finished;
    store->finished = NULL;
    store->finished_last = &store->finished;
    pthread_mutex_unlock(&store->mutex);
    while (batch) {
        for (size_t i = 0; i < batch->event_count; i++)
            callbacks->on_event(callbacks->context, &batch->events[i]);
        for (size_t i = 0; i < batch->count; i++) {
            const struct entry *e = batch->entries[i];
            struct store_result result = { e->ticket, e->status, e->seq };
            callbacks->on_result(callbacks->context, &result);
        }
        if (callbacks->on_batch_end)
            callbacks->on_batch_end(callbacks->context, batch->count);
        delivered += batch->count;
        struct batch *next = batch->next;
        batch_free(batch);
        batch = next;
    }
    return delivered;
}

void store_close(struct store *store)
{
    if (!store)
        return;
    pthread_mutex_lock(&store->mutex);
    store->closing = true;
    pthread_cond_signal(&store->cond);
    pthread_mutex_unlock(&store->mutex);
    pthread_join(store->thread, NULL);
    while (store->finished) {
        struct batch *next = store->finished->next;
        batch_free(store->finished);
        store->finished = next;
    }
    release(store);
}

bool store_is_up(const struct store *store)
{
    return atomic_load(&store->up);
}

uint32_t store_waiting(const struct store *store)
{
    return atomic_load(&store->waiting);
}
