/* bench_store.c - acked votes per second through one store into one room. Not a test: run by hand against a throw-away
 * database, migrated here; insert session and room 1 (live) after a first run with 0 votes.
 * bench_store CONNINFO [votes [batch]] */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "lectern/db.h"

enum { ROOM = 1, PEOPLE_PER_QUESTION = 1000 };

struct waiter {
    pthread_mutex_t mutex;
    pthread_cond_t cond;
    bool woken;
    size_t committed, answered, batches;
};

static void wake(void *arg)
{
    struct waiter *w = arg;
    pthread_mutex_lock(&w->mutex);
    w->woken = true;
    pthread_cond_signal(&w->cond);
    pthread_mutex_unlock(&w->mutex);
}

static void wait_woken(struct waiter *w)
{
    pthread_mutex_lock(&w->mutex);
    while (!w->woken)
        pthread_cond_wait(&w->cond, &w->mutex);
    w->woken = false;
    pthread_mutex_unlock(&w->mutex);
}

static void on_event(void *context, const struct store_event *event)
{
    (void)context;
    (void)event;
}

static void on_result(void *context, const struct store_result *result)
{
    struct waiter *w = context;
    w->answered++;
    w->committed += result->status == STORE_COMMITTED;
}

static void on_batch_end(void *context, size_t commands)
{
    (void)commands;
    ((struct waiter *)context)->batches++;
}

static double seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

static int submit_one(struct store *store, size_t n, bool ask)
{
    struct command command = { .kind = ask ? COMMAND_ASK : COMMAND_VOTE };
    struct room_event event = { .kind = ask ? EVENT_ASKED : EVENT_VOTED };
    uint64_t id = n + 1;
    memcpy(command.id.bytes, &id, sizeof(id));
    if (ask) {
        event.asked.state = QUESTION_LIVE;
        event.asked.text = STR("Why?");
    } else {
        command.vote.question = n / PEOPLE_PER_QUESTION + 1;
        command.vote.on = true;
    }
    struct store_command c = { .ticket = n, .room_id = ROOM, .command = &command, .event = &event,
                               .actor = { ask ? 1 : 2 + n % PEOPLE_PER_QUESTION, 0, ROLE_ATTENDEE },
                               .body = STR("\x90") };
    return store_submit(store, &c);
}

static void run(struct store *store, struct waiter *w, size_t count, bool ask)
{
    const struct store_callbacks callbacks = { on_event, on_result, on_batch_end, w };
    w->committed = w->answered = w->batches = 0;
    for (size_t n = 0; w->answered < count;) {
        while (n < count && submit_one(store, n, ask) == 0)
            n++;
        if (store_poll(store, &callbacks) == 0)
            wait_woken(w);
    }
}

int main(int argc, char **argv)
{
    if (argc < 2)
        return 2;
    size_t votes = argc > 2 ? strtoul(argv[2], NULL, 10) : 200000;
    uint32_t batch = argc > 3 ? (uint32_t)strtoul(argv[3], NULL, 10) : 1000;
    struct db *db = db_open(argv[1], "bench");
    if (db_migrate(db, NULL, NULL) != 0) {
        fprintf(stderr, "%s\n", db_error(db));
        return 1;
    }
    db_close(db);
    struct waiter w = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, 0, 0, 0 };
    struct store_options options = { .conninfo = argv[1], .application = "bench", .queue_max = 4 * batch,
                                     .batch_max = batch, .patience_ms = 30000, .wake = wake, .wake_arg = &w };
    struct store *store = store_open(&options);
    if (!store)
        return 1;
    run(store, &w, (votes + PEOPLE_PER_QUESTION - 1) / PEOPLE_PER_QUESTION, true);
    double start = seconds();
    run(store, &w, votes, false);
    double took = seconds() - start;
    printf("%zu of %zu votes committed in %.2f s: %.0f/s, %zu batches, %.1f ms each\n", w.committed, votes, took,
           (double)w.committed / took, w.batches, 1000 * took / (double)w.batches);
    store_close(store);
    return w.committed == votes ? 0 : 1;
}
