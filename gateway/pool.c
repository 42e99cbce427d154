/* pool.c - two queues of jobs, some threads that run them, and one uv_async that brings the results back to the loop. */
#include "pool.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>

#include "worker.h"

static const unsigned waiting_max[POOL_KIND_COUNT] = { [POOL_QUICK] = 1024, [POOL_SLOW] = 256 };

struct job {
    struct job *next;
    void (*run)(struct db *db, void *arg);
    void (*done)(void *arg, bool cancelled);
    void *arg;
    enum pool_kind kind;
    bool cancelled;
};

struct job_list {
    struct job *first, **last;
    unsigned count;
};

struct pool {
    struct worker *worker;
    pthread_mutex_t lock;
    pthread_cond_t wake;
    struct job_list waiting[POOL_KIND_COUNT], finished;
    bool ending;
    uv_async_t async;
    unsigned threads, slow_running, slow_max;
    pthread_t thread[];
};

static void list_put(struct job_list *list, struct job *job)
{
    job->next = NULL;
    *list->last = job;
    list->last = &job->next;
    list->count++;
}

static struct job *list_take(struct job_list *list)
{
    struct job *job = list->first;
    if (job && !(list->first = job->next))
        list->last = &list->first;
    list->count -= job != NULL;
    return job;
}

/* What this thread does next; NULL: nothing that it may do now. Lock held. */
static struct job *next_job(struct pool *pool)
{
    struct job *job = list_take(&pool->waiting[POOL_QUICK]);
    if (!job && pool->slow_running < pool->slow_max)
        job = list_take(&pool->waiting[POOL_SLOW]);
    pool->slow_running += job && job->kind == POOL_SLOW;
    return job;
}

static void *pool_thread(void *arg)
{
    struct pool *pool = arg;
    struct db *db = db_open(pool->worker->config->database_url, "lectern pool");
    pthread_mutex_lock(&pool->lock);
    for (;;) {
        struct job *job = NULL;
        while (!pool->ending && !(job = next_job(pool)))
            pthread_cond_wait(&pool->wake, &pool->lock);
        if (!job)
            break;
        metric_add(pool->worker->metrics, METRIC_pool_waiting, -1);
        pthread_mutex_unlock(&pool->lock);
        job->run(db, job->arg);
        pthread_mutex_lock(&pool->lock);
        pool->slow_running -= job->kind == POOL_SLOW; /* this thread looks for the next one itself */
        list_put(&pool->finished, job);
        uv_async_send(&pool->async);
    }
    pthread_mutex_unlock(&pool->lock);
    db_close(db);
    return NULL;
}

static void deliver(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    struct job *job = pool->finished.first;
    pool->finished = (struct job_list){ NULL, &pool->finished.first, 0 };
    pthread_mutex_unlock(&pool->lock);
    while (job) {
        struct job *next = job->next;
        job->done(job->arg, job->cancelled);
        free(job);
        job = next;
    }
}

static void on_async(uv_async_t *async)
{
    deliver(async->data);
}

/* Threads of the pool leave the signals to the loop. */
static void start_threads(struct pool *pool, unsigned count)
{
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    for (unsigned i = 0; i < count; i++) {
        if (pthread_create(&pool->thread[i], NULL, pool_thread, pool) != 0)
            abort();
        pool->threads++;
    }
    pthread_sigmask(SIG_SETMASK, &before, NULL);
}

struct pool *pool_open(struct worker *worker)
{
    unsigned count = (unsigned)worker->config->pool_threads;
    struct pool *pool = calloc(1, sizeof *pool + count * sizeof pool->thread[0]);
    if (!pool)
        abort();
    pool->worker = worker;
    pool->slow_max = count - 1;
    for (int kind = 0; kind < POOL_KIND_COUNT; kind++)
        pool->waiting[kind].last = &pool->waiting[kind].first;
    pool->finished.last = &pool->finished.first;
    pthread_mutex_init(&pool->lock, NULL);
    pthread_cond_init(&pool->wake, NULL);
    if (uv_async_init(&worker->loop, &pool->async, on_async) != 0)
        abort();
    pool->async.data = pool;
    start_threads(pool, count);
    return pool;
}

int pool_submit(struct pool *pool, enum pool_kind kind, void (*run)(struct db *db, void *arg),
                void (*done)(void *arg, bool cancelled), void *arg)
{
    struct job *job = calloc(1, sizeof *job);
    if (!job)
        abort();
    *job = (struct job){ .run = run, .done = done, .arg = arg, .kind = kind };
    pthread_mutex_lock(&pool->lock);
    bool fits = !pool->ending && pool->waiting[kind].count < waiting_max[kind];
    if (fits) {
        list_put(&pool->waiting[kind], job);
        metric_add(pool->worker->metrics, METRIC_pool_waiting, 1);
        pthread_cond_signal(&pool->wake);
    }
    pthread_mutex_unlock(&pool->lock);
    if (!fits) {
        free(job);
        return LECTERN_EFULL;
    }
    return LECTERN_OK;
}

static void on_closed(uv_handle_t *handle)
{
    struct pool *pool = handle->data;
    pthread_mutex_destroy(&pool->lock);
    pthread_cond_destroy(&pool->wake);
    free(pool);
}

void pool_close(struct pool *pool)
{
    pthread_mutex_lock(&pool->lock);
    pool->ending = true;
    pthread_cond_broadcast(&pool->wake);
    pthread_mutex_unlock(&pool->lock);
    for (unsigned i = 0; i < pool->threads; i++)
        pthread_join(pool->thread[i], NULL);
    for (int kind = 0; kind < POOL_KIND_COUNT; kind++) {
        for (struct job *job; (job = list_take(&pool->waiting[kind]));) {
            job->cancelled = true;
            list_put(&pool->finished, job);
            metric_add(pool->worker->metrics, METRIC_pool_waiting, -1);
        }
    }
    deliver(pool);
    uv_close((uv_handle_t *)&pool->async, on_closed);
}
