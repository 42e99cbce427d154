/* pool.h - a bounded pool of threads for what would hold up the loop, each with its own database connection.
 *
 * Two kinds of work, so that passwords and exports, which anybody on the web can ask for or read slowly, never keep people
 * from joining: slow jobs leave one thread alone, and fewer of them may wait.
 */
#ifndef GATEWAY_POOL_H
#define GATEWAY_POOL_H

#include "lectern/db.h"

struct pool;
struct worker;

/* Start `config->pool_threads` threads. Never NULL. */
struct pool *pool_open(struct worker *worker);
/* Finish the running jobs, cancel the waiting ones (their `done` runs with cancelled true), free all. */
void pool_close(struct pool *pool);

enum pool_kind {
    POOL_QUICK, /* one short query: joins, loading, the pull, rights */
    POOL_SLOW,  /* the API: passwords, reviews, exports */
    POOL_KIND_COUNT
};

/* Run `run(db, arg)` on a pool thread, then `done(arg, cancelled)` on the loop. LECTERN_EFULL: too many jobs wait, and
 * neither runs. Otherwise `done` runs exactly once, never before this call returns. Loop's thread only. */
LECTERN_MUSTCHECK int pool_submit(struct pool *pool, enum pool_kind kind, void (*run)(struct db *db, void *arg),
                                  void (*done)(void *arg, bool cancelled), void *arg);

#endif
