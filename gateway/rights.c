/* rights.c - a right that ends, ends on live connections too: within a second, on every machine, with or without Redis.
 *
 * Twice a second a worker asks the database, in one query, what the connections that showed a login or a role link may do
 * now. Whoever may do more or less than at hello is closed as role_changed, comes back, and gets what is left. This sees
 * every way in which a right ends (revoked, expired, signed out, a new password, an account disabled, a row changed by
 * hand) without anybody having to announce it. Attendees without a login, nearly everybody, cost nothing.
 */
#include "hub_internal.h"

#include <stdlib.h>

#define CHECK_MS 500

struct rights_job {
    struct rights *rights;
    struct right *list;
    uint64_t *conns;
    size_t count;
    int error;
};

struct rights {
    struct hub *hub;
    uv_timer_t timer;
    bool running, closed, timer_closed;
};

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

void rights_watch(struct hub *hub, struct hub_member *member)
{
    if (!member->account && !member->identity.link)
        return;
    member->next_trusted = hub->trusted;
    member->trusted = &hub->trusted;
    if (hub->trusted)
        hub->trusted->trusted = &member->next_trusted;
    hub->trusted = member;
}

void rights_forget(struct hub_member *member)
{
    if (!member->trusted)
        return;
    *member->trusted = member->next_trusted;
    if (member->next_trusted)
        member->next_trusted->trusted = member->trusted;
    member->trusted = NULL;
}

static void free_when_over(struct rights *rights)
{
    if (rights->timer_closed && !rights->running)
        free(rights);
}

static void run(struct db *db, void *arg)
{
    struct rights_job *job = arg;
    job->error = db_rights(db, job->list, job->count);
}

/* A database that is away takes nobody's rights; without it nothing can be done with them either. */
static void done(void *arg, bool cancelled)
{
    struct rights_job *job = arg;
    struct rights *rights = job->rights;
    rights->running = false;
    for (size_t i = 0; i < job->count && !cancelled && !job->error && !rights->closed; i++) {
        struct conn *conn = conn_find(rights->hub->worker, job->conns[i]);
        const struct hub_member *member = conn ? conn->member : NULL;
        if (member && (member->account != job->list[i].account || member->role != job->list[i].role))
            conn_close(conn, CLOSE_ROLE_CHANGED);
    }
    free(job->list);
    free(job->conns);
    free(job);
    free_when_over(rights);
}

static void on_timer(uv_timer_t *timer)
{
    struct rights *rights = timer->data;
    size_t count = 0;
    if (rights->running || !rights->hub->trusted)
        return;
    for (struct hub_member *m = rights->hub->trusted; m; m = m->next_trusted)
        count++;
    struct rights_job *job = must(calloc(1, sizeof *job));
    *job = (struct rights_job){ .rights = rights, .list = must(calloc(count, sizeof *job->list)),
                                .conns = must(calloc(count, sizeof *job->conns)) };
    for (struct hub_member *m = rights->hub->trusted; m; m = m->next_trusted) {
        struct right *right = &job->list[job->count];
        right->room_id = m->room->id;
        right->link = m->identity.link;
        if (m->account)
            memcpy(right->login, m->identity.login_hash, sizeof right->login);
        job->conns[job->count++] = m->conn->id;
    }
    rights->running = true;
    if (pool_submit(rights->hub->worker->pool, POOL_QUICK, run, done, job) != 0)
        done(job, true);
}

struct rights *rights_open(struct hub *hub)
{
    struct rights *rights = must(calloc(1, sizeof *rights));
    rights->hub = hub;
    uv_timer_init(&hub->worker->loop, &rights->timer);
    rights->timer.data = rights;
    uv_timer_start(&rights->timer, on_timer, CHECK_MS, CHECK_MS);
    return rights;
}

static void on_closed(uv_handle_t *handle)
{
    struct rights *rights = handle->data;
    rights->timer_closed = true;
    free_when_over(rights);
}

void rights_close(struct rights *rights)
{
    rights->closed = true;
    uv_close((uv_handle_t *)&rights->timer, on_closed);
}
