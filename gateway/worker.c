/* worker.c - puts one worker together, runs its loop, and takes it apart again in the opposite order. */
#include "worker.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#include "assets.h"
#include "bus.h"
#include "conn_edge.h"
#include "exchange.h"
#include "hub.h"
#include "lectern/db.h"
#include "listen.h"
#include "log.h"
#include "pool.h"
#include "throttle.h"
#include "ws.h"

#define LAG_MS 250
#define DRAIN_TURN_MS 50
#define FAREWELL_MS 3000 /* after the last close was asked for */
#define SECRET_RETRY_MIN_MS 100
#define SECRET_RETRY_MAX_MS 5000

/* The parts of a running worker that only this file knows. */
struct run {
    struct worker worker;
    uv_signal_t signals[2];
    uv_timer_t lag, drain;
    uint64_t lag_due, drain_began;
    size_t per_turn;
};

ms_t worker_now(const struct worker *worker)
{
    (void)worker;
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now); /* no system call: cheaper than keeping a copy fresh */
    return (ms_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

uint64_t worker_ticks(const struct worker *worker)
{
    return uv_now(&worker->loop);
}

bool worker_is_ready(const struct worker *worker)
{
    return !worker->draining && store_is_up(worker->store); /* without Redis rooms stay live, by the log (D6) */
}

static void on_store_log(void *arg, bool trouble, const char *what, const char *detail)
{
    (void)arg;
    log_line(trouble ? LOG_WARN : LOG_INFO, what, "detail=%s", detail ? detail : "");
}

/* ---- lag ---- */

static void on_lag(uv_timer_t *timer)
{
    struct run *run = timer->data;
    uint64_t now = uv_hrtime() / 1000000;
    int64_t lag = now > run->lag_due ? (int64_t)(now - run->lag_due) : 0;
    metric_set(run->worker.metrics, METRIC_loop_lag_ms, lag);
    metric_set(run->worker.metrics, METRIC_store_waiting, store_waiting(run->worker.store));
    metric_set(run->worker.metrics, METRIC_store_up, store_is_up(run->worker.store));
    run->lag_due = now + LAG_MS;
}

/* ---- drain ---- */

static void on_drain(uv_timer_t *timer)
{
    struct run *run = timer->data;
    struct worker *worker = &run->worker;
    uint64_t spent = worker_ticks(worker) - run->drain_began, limit = (uint64_t)worker->config->drain_ms;
    size_t left = conn_drain(worker, run->per_turn);
    if (left == 0 || spent >= limit + FAREWELL_MS)
        uv_stop(&worker->loop);
}

static void on_signal(uv_signal_t *handle, int number)
{
    struct run *run = handle->data;
    struct worker *worker = &run->worker;
    if (worker->draining)
        return;
    worker->draining = true;
    listen_stop(worker->listener);
    size_t count = conn_count(worker), turns = (size_t)worker->config->drain_ms / DRAIN_TURN_MS + 1;
    log_line(LOG_INFO, "draining", "signal=%d connections=%zu", number, count);
    run->per_turn = count / turns + 1;
    run->drain_began = worker_ticks(worker);
    uv_timer_start(&run->drain, on_drain, 0, DRAIN_TURN_MS);
}

/* ---- life ---- */

/* Wait until the database gives us the key. false: a signal to stop came first. */
static bool fetch_secret(struct worker *worker, const sigset_t *stop)
{
    struct db *db = db_open(worker->config->database_url, "lectern worker");
    int delay = SECRET_RETRY_MIN_MS;
    bool ok = false;
    while (!(ok = db_secret(db, worker->auth.key) == LECTERN_OK)) {
        log_line(LOG_WARN, "the database does not give the key yet", "again_ms=%d error=%s", delay, db_error(db));
        const struct timespec wait = { delay / 1000, (long)(delay % 1000) * 1000000 };
        if (sigtimedwait(stop, NULL, &wait) > 0)
            break;
        delay = delay * 2 < SECRET_RETRY_MAX_MS ? delay * 2 : SECRET_RETRY_MAX_MS;
    }
    db_close(db);
    worker->auth.secure = strncmp(worker->config->public_url, "https://", 8) == 0;
    return ok;
}

static void open_store(struct worker *worker)
{
    const struct config *config = worker->config;
    const struct store_options options = {
        .conninfo = config->database_url,
        .application = "lectern store",
        .queue_max = (uint32_t)config->queue_max,
        .batch_max = (uint32_t)config->batch_max,
        .patience_ms = (int)config->patience_ms,
        .wake = hub_store_wake,
        .wake_arg = worker,
        .log = on_store_log,
    };
    worker->store = store_open(&options);
    if (!worker->store)
        abort();
}

static bool open_parts(struct run *run)
{
    struct worker *worker = &run->worker;
    worker->assets = assets_open(worker->config->web_root);
    conn_table_open(worker);
    http_edge_open(worker);
    worker->throttle = throttle_open();
    worker->pool = pool_open(worker);
    worker->hub = hub_open(worker); /* before the store, whose thread wakes it */
    open_store(worker);
    worker->bus = bus_open(worker);
    if (!ws_open(worker))
        return false;
    worker->listener = listen_open(worker);
    return worker->listener != NULL;
}

static void start_handles(struct run *run)
{
    static const int numbers[] = { SIGTERM, SIGINT };
    for (size_t i = 0; i < LECTERN_COUNT(numbers); i++) {
        uv_signal_init(&run->worker.loop, &run->signals[i]);
        run->signals[i].data = run;
        uv_signal_start(&run->signals[i], on_signal, numbers[i]);
    }
    uv_timer_init(&run->worker.loop, &run->lag);
    uv_timer_init(&run->worker.loop, &run->drain);
    run->lag.data = run->drain.data = run;
    run->lag_due = uv_hrtime() / 1000000 + LAG_MS;
    uv_timer_start(&run->lag, on_lag, LAG_MS, LAG_MS);
}

static void close_own_handles(struct run *run)
{
    for (size_t i = 0; i < LECTERN_COUNT(run->signals); i++)
        uv_close((uv_handle_t *)&run->signals[i], NULL);
    uv_close((uv_handle_t *)&run->lag, NULL);
    uv_close((uv_handle_t *)&run->drain, NULL);
}

static void close_parts(struct run *run)
{
    struct worker *worker = &run->worker;
    ws_close(worker); /* first: its callbacks say goodbye to hub and exchanges */
    pool_close(worker->pool);
    bus_close(worker->bus);
    store_close(worker->store);
    hub_close(worker->hub);
    if (worker->listener)
        listen_close(worker->listener);
    worker->listener = NULL; /* sockets that end later are not counted any more */
    http_edge_stop(worker);
    conn_table_stop(worker);
    close_own_handles(run);
    uv_run(&worker->loop, UV_RUN_DEFAULT); /* until the last handle is closed */
    ws_free(worker);
    conn_table_free(worker);
    http_edge_free(worker);
    assets_free(worker->assets);
    throttle_free(worker->throttle);
}

static void name_worker(struct worker *worker)
{
    char host[40] = "host";
    gethostname(host, sizeof host - 1);
    snprintf(worker->name, sizeof worker->name, "%s:%d", host, (int)getpid());
    auth_random(&worker->nonce, sizeof worker->nonce);
}

static void setup_process(const struct config *config, int index, sigset_t *stop)
{
    char process[32];
    snprintf(process, sizeof process, "worker-%d", index);
    if (!log_setup(config->log_level, config->log_format, process))
        abort(); /* the master has accepted the same settings */
    sigemptyset(stop);
    sigaddset(stop, SIGTERM);
    sigaddset(stop, SIGINT);
}

int worker_run(const struct config *config, struct metrics *metrics, int index)
{
    sigset_t stop, all;
    setup_process(config, index, &stop);
    struct run *run = calloc(1, sizeof *run);
    if (!run)
        abort();
    struct worker *worker = &run->worker;
    metrics->worker = index;
    *worker = (struct worker){ .index = index, .config = config, .metrics = metrics };
    name_worker(worker);
    int status = 0;
    if (fetch_secret(worker, &stop)) { /* signals are still blocked, as the master left them */
        uv_loop_init(&worker->loop);
        start_handles(run);
        bool ok = open_parts(run);
        sigfillset(&all);
        sigprocmask(SIG_UNBLOCK, &all, NULL);
        if (ok) {
            log_line(LOG_INFO, "worker started", "index=%d pid=%d", index, (int)getpid());
            uv_run(&worker->loop, UV_RUN_DEFAULT);
            log_line(LOG_INFO, "worker ends", "connections=%zu", conn_count(worker));
        }
        status = ok ? 0 : 1;
        close_parts(run);
        uv_loop_close(&worker->loop);
    }
    free(run);
    metrics_close(metrics);
    return status;
}
