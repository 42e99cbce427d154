/* hub.c - the table of rooms, who comes and goes, what the bus brings, and the hub's own life.
 *
 * A connection enters in three steps that may finish in any order: the code becomes a room, the room is loaded, the person
 * is looked up. hub_member_try runs after each and joins when all are done.
 */
#include "hub_internal.h"

#include <stdlib.h>

#include "lectern/text.h"
#include "throttle.h"

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

struct hub_room *hub_room_find(struct hub *hub, uint64_t id)
{
    struct hub_room *room = hub->rooms[id % HUB_BUCKETS];
    while (room && room->id != id)
        room = room->next;
    return room;
}

struct hub_room *hub_room_get(struct hub *hub, uint64_t id)
{
    struct hub_room *room = hub_room_find(hub, id);
    if (room)
        return room;
    if (hub->room_count >= (size_t)hub->worker->config->rooms_max)
        return NULL;
    room = must(calloc(1, sizeof *room));
    room->id = id;
    room->room = room_new(id, &room_limits_default);
    room->empty_since = worker_ticks(hub->worker);
    room->next = hub->rooms[id % HUB_BUCKETS];
    hub->rooms[id % HUB_BUCKETS] = room;
    metric_set(hub->worker->metrics, METRIC_rooms, (int64_t)++hub->room_count);
    bus_join(hub->worker->bus, id); /* before the load, so that nothing falls between the two */
    hub_load(hub, room);
    return room;
}

/* ---- coming ---- */

static unsigned code_bucket(const char *code)
{
    unsigned hash = 5381;
    while (*code)
        hash = hash * 33 + (unsigned char)*code++;
    return hash % HUB_BUCKETS;
}

void hub_room_bind_code(struct hub *hub, struct hub_room *room)
{
    struct info_record info;
    room_info(room->room, TIER_STAFF, &info);
    if (room->code[0] || info.code.n >= sizeof room->code)
        return;
    memcpy(room->code, info.code.p, info.code.n);
    unsigned bucket = code_bucket(room->code);
    room->next_code = hub->codes[bucket];
    hub->codes[bucket] = room;
}

void hub_hello(struct conn *conn, const struct client_message *message)
{
    struct hub *hub = conn->worker->hub;
    char code[LECTERN_CODE_LENGTH + 1];
    if (!text_code_read(message->hello.code, code)) {
        conn_close(conn, CLOSE_NO_SESSION);
        return;
    }
    struct throttle *throttle = conn->worker->throttle;
    if (throttle_full(throttle, THROTTLE_CODE_FLOOD, "", conn->address)) {
        conn_close(conn, CLOSE_OVERLOAD);
        return;
    }
    struct hub_member *member = must(calloc(1, sizeof *member));
    member->conn = conn;
    member->page = message->hello.page;
    member->tier = member->page == PAGE_HOST || member->page == PAGE_SPEAKER ? TIER_STAFF : TIER_PUBLIC;
    member->held = message->hello.held;
    if (message->hello.token.n < sizeof member->token)
        memcpy(member->token, message->hello.token.p, message->hello.token.n);
    conn->member = member;
    for (struct hub_room *room = hub->codes[code_bucket(code)]; room; room = room->next_code) {
        if (strcmp(room->code, code) == 0) {
            hub_code_found(conn, room->id);
            return;
        }
    }
    if (throttle_full(throttle, THROTTLE_CODE, "", conn->address))
        conn_close(conn, CLOSE_OVERLOAD);
    else
        hub_find_code(hub, code, conn->id);
}

static void add_member(struct hub_room *room, struct hub_member *member)
{
    if (room->count == room->capacity) {
        room->capacity = room->capacity ? room->capacity * 2 : 8;
        room->members = must(realloc(room->members, room->capacity * sizeof *room->members));
    }
    member->room = room;
    member->index = room->count;
    room->members[room->count++] = member;
}

void hub_code_found(struct conn *conn, uint64_t id)
{
    struct hub_member *member = conn->member;
    struct hub *hub = conn->worker->hub;
    struct hub_room *room = id ? hub_room_get(hub, id) : NULL;
    if (!room) {
        conn_close(conn, id ? CLOSE_OVERLOAD : CLOSE_NO_SESSION);
        return;
    }
    add_member(room, member);
    struct str cookie = str_of(conn->cookie ? conn->cookie : "");
    auth_identify(&hub->worker->auth, cookie, str_of(member->token), id, &member->identity);
    member->token[0] = '\0';
    if (!member->identity.has_visitor) {
        auth_visitor_make(&hub->worker->auth, member->identity.visitor, member->token);
        member->identity.has_visitor = true;
    }
    people_ask(hub->people, member);
}

void hub_person_known(struct conn *conn, uint64_t account, uint64_t participant, const struct person_answer *answer)
{
    struct hub_member *member = conn->member;
    member->account = account;
    member->participant = participant;
    member->role = answer->role;
    member->votes = must(malloc((answer->vote_count + 1) * sizeof *member->votes));
    if (answer->vote_count)
        memcpy(member->votes, answer->votes, answer->vote_count * sizeof *member->votes);
    member->vote_count = answer->vote_count;
    member->has_feedback = answer->has_feedback;
    if (answer->has_feedback) {
        struct str text = answer->feedback.text, name = answer->feedback.name;
        member->feedback = answer->feedback;
        member->feedback_text = must(malloc(text.n + name.n + 1));
        memcpy(member->feedback_text, text.p ? text.p : "", text.n);
        memcpy(member->feedback_text + text.n, name.p ? name.p : "", name.n);
        member->feedback.text.p = member->feedback_text;
        member->feedback.name.p = member->feedback_text + text.n;
    }
    member->known = true;
    rights_watch(conn->worker->hub, member);
    hub_member_try(member);
}

static bool may_read(const struct hub_member *member)
{
    static const enum role least[PAGE_COUNT] = { [PAGE_HOST] = ROLE_MODERATOR, [PAGE_SPEAKER] = ROLE_SPEAKER };
    return member->role >= least[member->page];
}

void hub_member_try(struct hub_member *member)
{
    if (member->joined || member->waiting || !member->known || !member->room->ready || member->conn->closing)
        return;
    if (!may_read(member)) {
        conn_close(member->conn, CLOSE_NOT_ALLOWED);
        return;
    }
    if (!room_may_enter(member->room->room, member->role)) {
        conn_close(member->conn, CLOSE_NO_SESSION);
        return;
    }
    hub_presence_join(member);
    if (room_is_dirty(member->room->room))
        member->waiting = true;
    else
        hub_serve(member);
}

void hub_leave(struct conn *conn)
{
    struct hub_member *member = conn->member;
    if (!member)
        return;
    conn->member = NULL;
    rights_forget(member);
    struct hub_room *room = member->room;
    if (room) {
        struct hub_member *last = room->members[--room->count];
        room->members[member->index] = last;
        last->index = member->index;
        hub_presence_leave(member);
        if (member->joined) {
            struct ring *ring = &room->rings[member->tier][conn->encoding];
            ring->members--;
            ring->members_at = worker_ticks(conn->worker);
            metric_add(conn->worker->metrics, METRIC_members, -1);
        }
        if (room->count == 0)
            room->empty_since = worker_ticks(conn->worker);
    }
    free(member->votes);
    free(member->feedback_text);
    free(member);
}

/* ---- the bus ---- */

void hub_bus_message(struct worker *worker, const struct bus_message *message)
{
    struct hub *hub = worker->hub;
    struct hub_room *room = hub_room_find(hub, message->room_id);
    if (!room)
        return;
    for (size_t i = 0; i < message->count; i++)
        hub_event(hub, &message->events[i]);
    if (!message->is_presence)
        return;
    struct presence_entry *oldest = &room->elsewhere[0];
    for (struct presence_entry *e = room->elsewhere; e < room->elsewhere + HUB_PRESENCE_WORKERS; e++) {
        if (e->origin == message->origin) {
            oldest = e;
            break;
        }
        if (e->seen < oldest->seen)
            oldest = e;
    }
    *oldest = (struct presence_entry){ message->origin, message->here, worker_ticks(worker) };
}

void hub_bus_state(struct worker *worker, bool up)
{
    worker->hub->bus_up = up;
    hub_pull(worker->hub); /* what was published while the subscription was away */
}

/* ---- life ---- */

static void on_check(uv_check_t *check)
{
    hub_flush_due(check->data);
}

static void on_second(uv_timer_t *timer)
{
    struct hub *hub = timer->data;
    hub->seconds++;
    metric_set(hub->worker->metrics, METRIC_store_up, hub->worker->store && store_is_up(hub->worker->store));
    hub_presence_second(hub);
    hub_unload_idle(hub);
    hub_flush_due(hub);
}

static void on_pull_timer(uv_timer_t *timer)
{
    struct hub *hub = timer->data;
    if (!hub->bus_up || worker_ticks(hub->worker) - hub->pulled_at >= 2000)
        hub_pull(hub);
}

struct hub *hub_open(struct worker *worker)
{
    struct hub *hub = must(calloc(1, sizeof *hub));
    hub->worker = worker;
    hub->people = people_open(hub);
    hub->rights = rights_open(hub);
    arena_init(&hub->scratch, 65536, 64u << 20);
    arena_init(&hub->batch_arena, 65536, 64u << 20);
    buf_init(&hub->encoded, HUB_FRAME_MAX);
    uv_async_init(&worker->loop, &hub->store_async, hub_store_ready);
    uv_check_init(&worker->loop, &hub->check);
    uv_timer_init(&worker->loop, &hub->flush_timer);
    uv_timer_init(&worker->loop, &hub->second_timer);
    uv_timer_init(&worker->loop, &hub->pull_timer);
    hub->store_async.data = hub->check.data = hub->flush_timer.data = hub->second_timer.data = hub->pull_timer.data = hub;
    hub->handles = 5;
    uv_check_start(&hub->check, on_check);
    uv_timer_start(&hub->second_timer, on_second, 1000, 1000);
    uv_timer_start(&hub->pull_timer, on_pull_timer, 250, 250);
    return hub;
}

static void on_handle_closed(uv_handle_t *handle)
{
    struct hub *hub = handle->data;
    if (--hub->handles > 0)
        return;
    arena_release(&hub->scratch);
    arena_release(&hub->batch_arena);
    buf_release(&hub->encoded);
    free(hub->batch);
    free(hub->dirty);
    free(hub);
}

void hub_close(struct hub *hub)
{
    if (!hub)
        return;
    hub->closed = true;
    hub->worker->hub = NULL;
    for (size_t i = 0; i < HUB_BUCKETS; i++) {
        while (hub->rooms[i])
            hub_room_free(hub, hub->rooms[i]);
        while (hub->pending[i]) {
            struct pending *next = hub->pending[i]->next;
            free(hub->pending[i]);
            hub->pending[i] = next;
        }
    }
    people_close(hub->people);
    rights_close(hub->rights);
    uv_close((uv_handle_t *)&hub->store_async, on_handle_closed);
    uv_close((uv_handle_t *)&hub->check, on_handle_closed);
    uv_close((uv_handle_t *)&hub->flush_timer, on_handle_closed);
    uv_close((uv_handle_t *)&hub->second_timer, on_handle_closed);
    uv_close((uv_handle_t *)&hub->pull_timer, on_handle_closed);
}

size_t hub_rooms(const struct hub *hub)
{
    return hub->room_count;
}
