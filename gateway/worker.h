/* worker.h - one worker process: one libuv loop, one store thread, a small pool. Everything else hangs off this struct.
 *
 * No mutable globals: the worker is passed down. Only the loop's thread touches it, except where a member says so.
 */
#ifndef GATEWAY_WORKER_H
#define GATEWAY_WORKER_H

#include <uv.h>

#include "auth.h"
#include "config.h"
#include "lectern/store.h"
#include "metrics.h"

struct lws_context;
struct lws_vhost;

struct worker {
    uv_loop_t loop;
    int index;
    uint64_t nonce; /* random, names this worker on the bus */
    char name[64];  /* host:pid, for presence samples and logs */
    const struct config *config;
    struct metrics *metrics;
    struct auth auth;
    struct store *store;
    struct pool *pool;
    struct hub *hub;
    struct bus *bus;
    struct assets *assets;
    struct conn_table *conns;
    struct http_edge *http;
    struct listener *listener;
    struct throttle *throttle; /* any thread */
    struct lws_context *lws;
    struct lws_vhost *vhost;
    int64_t sockets; /* open ones, HTTP and WebSocket */
    bool draining;
};

/* Run one worker until it is told to stop (SIGTERM drains, SIGINT too). Returns the exit status. */
int worker_run(const struct config *config, struct metrics *metrics, int index);

/* Unix time in ms, read once per loop turn; and a monotonic clock for intervals. */
ms_t worker_now(const struct worker *worker);
uint64_t worker_ticks(const struct worker *worker);

/* Is this worker able to serve (database up, not draining; without Redis it only is slower)? */
bool worker_is_ready(const struct worker *worker);

#endif
