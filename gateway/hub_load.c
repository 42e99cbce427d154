/* hub_load.c - rooms from the database: found by code, loaded, kept up to date by the log, unloaded.
 *
 * The pull asks for all events after the position of every room in one query. It is the one mechanism that heals whatever
 * Redis did not bring: a lost message, a dropped subscription, a Redis that is down (D6).
 */
#include "hub_internal.h"

#include <stdlib.h>

#include "lectern/text.h"
#include "log.h"
#include "throttle.h"

#define PULL_ROWS 5000

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

/* ---- a code becomes a room ---- */

struct code_job {
    struct worker *worker;
    char code[LECTERN_CODE_LENGTH + 1];
    uint64_t conn, room;
    int error;
};

static void run_code(struct db *db, void *arg)
{
    struct code_job *job = arg;
    job->error = db_room_of_code(db, job->code, &job->room);
}

static void code_done(void *arg, bool cancelled)
{
    struct code_job *job = arg;
    struct conn *conn = cancelled ? NULL : conn_find(job->worker, job->conn);
    if (conn && job->error == LECTERN_ENOTFOUND) {
        throttle_count(job->worker->throttle, THROTTLE_CODE, "", conn->address);
        throttle_count(job->worker->throttle, THROTTLE_CODE_FLOOD, "", conn->address);
    }
    if (conn && conn->member && !conn->closing) {
        if (job->error == LECTERN_OK || job->error == LECTERN_ENOTFOUND)
            hub_code_found(conn, job->error ? 0 : job->room);
        else
            conn_close(conn, CLOSE_UNAVAILABLE);
    }
    free(job);
}

void hub_find_code(struct hub *hub, const char *code, uint64_t conn)
{
    struct code_job *job = must(calloc(1, sizeof *job));
    job->worker = hub->worker;
    job->conn = conn;
    memcpy(job->code, code, sizeof job->code);
    if (pool_submit(hub->worker->pool, POOL_QUICK, run_code, code_done, job) != 0) {
        job->error = LECTERN_EAWAY;
        code_done(job, false);
    }
}

/* ---- loading ---- */

struct load_job {
    struct worker *worker;
    uint64_t id;
    struct arena arena;
    struct room_image image;
    int error;
};

static void run_load(struct db *db, void *arg)
{
    struct load_job *job = arg;
    job->error = db_room_load(db, job->id, &job->arena, &job->image);
}

static void load_failed(struct hub *hub, struct hub_room *room, int error)
{
    log_line(LOG_WARN, "room not loaded", "room=%llu error=%d", (unsigned long long)room->id, error);
    enum close_reason reason = error == LECTERN_ENOTFOUND ? CLOSE_NO_SESSION : CLOSE_UNAVAILABLE;
    for (size_t i = 0; i < room->count; i++)
        conn_close(room->members[i]->conn, reason);
    while (room->submissions) {
        struct hub_submission *s = room->submissions;
        room->submissions = s->next;
        hub_run_submission(hub, NULL, s);
    }
}

static void load_done(void *arg, bool cancelled)
{
    struct load_job *job = arg;
    struct hub *hub = job->worker->hub;
    struct hub_room *room = hub ? hub_room_find(hub, job->id) : NULL;
    if (room && !cancelled) {
        struct room_delta delta;
        int error = job->error ? job->error : room_load(room->room, &job->image);
        room->loading = false;
        room->ready = error == LECTERN_OK;
        if (room->ready) {
            room_flush(room->room, &delta); /* nobody has seen anything yet: this is the first boundary */
            room->flushed = delta.to;
            hub_room_bind_code(hub, room);
            hub_pull(hub); /* what was committed since the image and told before we listened */
            for (size_t i = room->count; i-- > 0;)
                hub_member_try(room->members[i]);
            while (room->submissions) {
                struct hub_submission *s = room->submissions;
                room->submissions = s->next;
                hub_run_submission(hub, room, s);
            }
        } else {
            load_failed(hub, room, error);
        }
    }
    arena_release(&job->arena);
    free(job);
}

void hub_load(struct hub *hub, struct hub_room *room)
{
    struct load_job *job = must(calloc(1, sizeof *job));
    job->worker = hub->worker;
    job->id = room->id;
    arena_init(&job->arena, 65536, 64u << 20);
    room->loading = true;
    if (pool_submit(hub->worker->pool, POOL_QUICK, run_load, load_done, job) != 0) {
        room->loading = false; /* hub_unload_idle tries again */
        free(job);
    }
}

/* ---- the pull ---- */

struct pull_job {
    struct worker *worker;
    struct room_position *rooms;
    size_t count;
    struct arena arena;
    struct store_event *events;
    size_t event_count, capacity;
    int error;
};

static void keep_event(void *arg, const struct store_event *event)
{
    struct pull_job *job = arg;
    struct store_event kept = *event;
    if (!arena_str(&job->arena, event->body, &kept.body))
        return; /* the rest comes with the next pull */
    if (job->event_count == job->capacity) {
        job->capacity = job->capacity ? job->capacity * 2 : 64;
        job->events = must(realloc(job->events, job->capacity * sizeof *job->events));
    }
    job->events[job->event_count++] = kept;
}

static void run_pull(struct db *db, void *arg)
{
    struct pull_job *job = arg;
    job->error = db_events_after(db, job->rooms, job->count, PULL_ROWS, keep_event, job);
}

static void pull_done(void *arg, bool cancelled)
{
    struct pull_job *job = arg;
    struct hub *hub = cancelled ? NULL : job->worker->hub;
    if (hub) {
        hub->pulling = false;
        for (size_t i = 0; i < job->event_count; i++) {
            if (hub_event(hub, &job->events[i]) == LECTERN_OK)
                metric_add(hub->worker->metrics, METRIC_events_pulled_total, 1);
        }
        if (!job->error && (hub->pull_again || job->event_count >= PULL_ROWS))
            hub_pull(hub);
    }
    arena_release(&job->arena);
    free(job->events);
    free(job->rooms);
    free(job);
}

void hub_pull(struct hub *hub)
{
    hub->pull_again = hub->pulling;
    if (hub->pulling)
        return;
    hub->pulled_at = worker_ticks(hub->worker);
    struct pull_job *job = must(calloc(1, sizeof *job));
    job->worker = hub->worker;
    job->rooms = must(calloc(hub->room_count + 1, sizeof *job->rooms));
    arena_init(&job->arena, 16384, 64u << 20);
    for (size_t i = 0; i < HUB_BUCKETS; i++) {
        for (struct hub_room *room = hub->rooms[i]; room; room = room->next) {
            if (room->ready)
                job->rooms[job->count++] = (struct room_position){ room->id, room_seq(room->room) };
        }
    }
    hub->pulling = job->count > 0 && pool_submit(hub->worker->pool, POOL_QUICK, run_pull, pull_done, job) == 0;
    if (!hub->pulling)
        pull_done(job, true);
}

/* ---- unloading ---- */

void hub_room_free(struct hub *hub, struct hub_room *room)
{
    struct hub_room **link = &hub->rooms[room->id % HUB_BUCKETS];
    while (*link != room)
        link = &(*link)->next;
    *link = room->next;
    for (size_t i = 0; room->code[0] && i < HUB_BUCKETS; i++) {
        for (link = &hub->codes[i]; *link; link = &(*link)->next_code) {
            if (*link == room) {
                *link = room->next_code;
                break;
            }
        }
    }
    for (size_t i = 0; i < hub->dirty_count; i++) {
        if (hub->dirty[i] == room)
            hub->dirty[i--] = hub->dirty[--hub->dirty_count];
    }
    while (room->count > 0)
        hub_leave(room->members[0]->conn);
    if (!hub->closed)
        bus_leave(hub->worker->bus, room->id);
    metric_set(hub->worker->metrics, METRIC_rooms, (int64_t)--hub->room_count);
    while (room->submissions) {
        struct hub_submission *s = room->submissions;
        room->submissions = s->next;
        hub_run_submission(hub, NULL, s);
    }
    hub_forget_frames(hub, room);
    room_free(room->room);
    free(room->members);
    free(room->participants);
    free(room);
}

void hub_unload_idle(struct hub *hub)
{
    uint64_t now = worker_ticks(hub->worker);
    for (size_t i = 0; i < HUB_BUCKETS; i++) {
        for (struct hub_room *room = hub->rooms[i], *next; room; room = next) {
            next = room->next;
            bool idle = room->count == 0 && !room->submissions && !room->loading;
            if (idle && (!room->ready || now - room->empty_since >= (uint64_t)hub->worker->config->room_linger_ms))
                hub_room_free(hub, room);
            else if (!room->ready && !room->loading)
                hub_load(hub, room);
        }
    }
}
