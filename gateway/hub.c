/* hub.c - the table of rooms, who comes and goes, and the way of a command into the log and back.
 *
 * A connection enters in three steps that may finish in any order: the code becomes a room, the room is loaded, the person
 * is looked up. hub_member_try runs after each and joins when all are done.
 */
#include "hub_internal.h"

#include <stdlib.h>

#include "lectern/text.h"
#include "log.h"

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

/* ---- commands ---- */

static void refuse(struct conn *conn, const struct command_id *id, enum refusal refusal, int64_t detail)
{
    metric_add(conn->worker->metrics, METRIC_commands_refused_total, 1);
    conn_send_message(conn, &(struct server_message){
                                .kind = SERVER_REFUSED,
                                .refused = { .id = *id, .refusal = (uint8_t)refusal, .detail = detail },
                            });
}

/* Check a command and hand it to the store. REFUSAL_NONE: an answer follows through `pending`. */
static enum refusal submit(struct hub *hub, struct hub_room *room, const struct actor_ref *actor,
                           const struct command *command, struct pending *waiting, int64_t *out_detail)
{
    struct actor who = { actor->participant, actor->role };
    struct room_event event;
    *out_detail = 0;
    enum refusal refusal = room_check(room->room, who, command, worker_now(hub->worker), &event, out_detail);
    if (refusal != REFUSAL_NONE)
        return refusal;
    struct buf body;
    buf_init(&body, 1u << 16);
    wire_encode_event_body(&body, &event);
    waiting->ticket = ++hub->last_ticket;
    struct store_command entry = {
        .ticket = waiting->ticket,
        .room_id = room->id,
        .actor = *actor,
        .command = command,
        .event = &event,
        .body = buf_str(&body),
    };
    int error = body.failed ? LECTERN_EINVAL : store_submit(hub->worker->store, &entry);
    buf_release(&body);
    if (error)
        return error == LECTERN_EFULL ? REFUSAL_UNAVAILABLE : REFUSAL_INTERNAL;
    struct pending *pending = must(malloc(sizeof *pending));
    *pending = *waiting;
    pending->next = hub->pending[pending->ticket % HUB_BUCKETS];
    hub->pending[pending->ticket % HUB_BUCKETS] = pending;
    hub->pending_count++;
    return REFUSAL_NONE;
}

void hub_command(struct conn *conn, const struct command *command, enum refusal refusal)
{
    struct hub_member *member = conn->member;
    int64_t detail = 0;
    metric_add(conn->worker->metrics, METRIC_commands_total, 1);
    if (refusal == REFUSAL_NONE && (!member || !member->joined))
        refusal = REFUSAL_UNAVAILABLE;
    if (refusal == REFUSAL_NONE) {
        struct actor_ref actor = { member->participant, member->account, (uint8_t)member->role };
        struct pending waiting = { .conn = conn->id, .id = command->id };
        refusal = submit(conn->worker->hub, member->room, &actor, command, &waiting, &detail);
    }
    if (refusal != REFUSAL_NONE)
        refuse(conn, &command->id, refusal, detail);
}

void hub_run_submission(struct hub *hub, struct hub_room *room, struct hub_submission *s)
{
    struct pending waiting = { .done = s->done, .arg = s->arg };
    struct hub_answer answer = { REFUSAL_UNAVAILABLE, 0, 0 };
    if (room && room->ready)
        answer.refusal = submit(hub, room, &s->actor, &s->command, &waiting, &answer.detail);
    if (answer.refusal != REFUSAL_NONE)
        s->done(s->arg, &answer);
    arena_release(&s->arena);
    free(s);
}

/* The slices of a command live in its message; a submission that waits needs its own. Encoding and decoding is the copy
 * that knows all commands. */
static bool copy_command(struct hub_submission *s, const struct command *command)
{
    struct client_message message = { .kind = CLIENT_COMMAND }, copy;
    enum refusal refusal;
    struct buf bytes;
    struct str kept;
    message.command = *command;
    buf_init(&bytes, 1u << 16);
    wire_encode_client(&bytes, WIRE_MSGPACK, &message);
    bool ok = !bytes.failed && arena_str(&s->arena, buf_str(&bytes), &kept) &&
              wire_decode_client(WIRE_MSGPACK, kept, &s->arena, &copy, &refusal) == 0 && refusal == REFUSAL_NONE;
    buf_release(&bytes);
    if (ok)
        s->command = copy.command;
    return ok;
}

void hub_submit(struct worker *worker, uint64_t id, const struct actor_ref *actor, const struct command *command,
                void (*done)(void *arg, const struct hub_answer *answer), void *arg)
{
    struct hub *hub = worker->hub;
    struct hub_submission *s = must(calloc(1, sizeof *s));
    *s = (struct hub_submission){ .actor = *actor, .done = done, .arg = arg };
    arena_init(&s->arena, 4096, 1u << 18);
    struct hub_room *room = copy_command(s, command) ? hub_room_get(hub, id) : NULL;
    if (!room || room->ready) {
        hub_run_submission(hub, room, s);
        return;
    }
    struct hub_submission **end = &room->submissions;
    while (*end)
        end = &(*end)->next;
    *end = s;
}

/* ---- what the store has done ---- */

int hub_event(struct hub *hub, const struct store_event *row)
{
    struct hub_room *room = hub_room_find(hub, row->room_id);
    if (!room || !room->ready)
        return LECTERN_OK; /* the load brings it */
    struct room_event event = { .seq = row->seq, .at = row->at, .actor = row->actor, .kind = row->kind };
    arena_reset(&hub->scratch);
    int error = wire_decode_event_body(row->body, &hub->scratch, &event);
    if (!error)
        error = room_apply(room->room, &event);
    if (error == LECTERN_EGAP)
        hub_pull(hub);
    else if (error != LECTERN_OK && error != LECTERN_EOLD)
        log_line(LOG_ERROR, "event cannot be applied", "room=%llu seq=%llu error=%d", (unsigned long long)row->room_id,
                 (unsigned long long)row->seq, error);
    if (error == LECTERN_OK) {
        metric_add(hub->worker->metrics, METRIC_events_applied_total, 1);
        hub_mark(hub, room);
    }
    return error;
}

static void on_event(void *context, const struct store_event *event)
{
    struct hub *hub = context;
    hub_event(hub, event);
    if (hub->batch_count == hub->batch_capacity) {
        hub->batch_capacity = hub->batch_capacity ? hub->batch_capacity * 2 : 64;
        hub->batch = must(realloc(hub->batch, hub->batch_capacity * sizeof *hub->batch));
    }
    struct store_event kept = *event;
    if (arena_str(&hub->batch_arena, event->body, &kept.body))
        hub->batch[hub->batch_count++] = kept; /* else the others pull it */
}

static void on_result(void *context, const struct store_result *result)
{
    static const enum refusal refusals[] = {
        [STORE_COMMITTED] = REFUSAL_NONE,
        [STORE_REPEATED] = REFUSAL_NONE,
        [STORE_CONFLICT] = REFUSAL_CONFLICT,
        [STORE_FAILED] = REFUSAL_INTERNAL,
        [STORE_UNAVAILABLE] = REFUSAL_UNAVAILABLE,
    };
    struct hub *hub = context;
    struct pending **link = &hub->pending[result->ticket % HUB_BUCKETS];
    while (*link && (*link)->ticket != result->ticket)
        link = &(*link)->next;
    struct pending *pending = *link;
    if (!pending)
        return;
    *link = pending->next;
    hub->pending_count--;
    struct hub_answer answer = { refusals[result->status], 0, result->seq };
    struct conn *conn = pending->done ? NULL : conn_find(hub->worker, pending->conn);
    if (pending->done) {
        pending->done(pending->arg, &answer);
    } else if (conn && answer.refusal != REFUSAL_NONE) {
        refuse(conn, &pending->id, answer.refusal, 0);
    } else if (conn) {
        metric_add(hub->worker->metrics, METRIC_acks_total, 1);
        conn_send_message(conn, &(struct server_message){
                                    .kind = SERVER_ACK, .ack = { .id = pending->id, .seq = result->seq } });
    }
    free(pending);
}

static int by_room(const void *a, const void *b)
{
    const struct store_event *x = a, *y = b;
    if (x->room_id != y->room_id)
        return x->room_id < y->room_id ? -1 : 1;
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

static void on_batch_end(void *context, size_t commands)
{
    struct hub *hub = context;
    (void)commands;
    metric_add(hub->worker->metrics, METRIC_batches_total, 1);
    if (hub->batch_count > 1)
        qsort(hub->batch, hub->batch_count, sizeof *hub->batch, by_room);
    for (size_t i = 0, n; i < hub->batch_count; i += n) {
        for (n = 1; i + n < hub->batch_count && hub->batch[i + n].room_id == hub->batch[i].room_id;)
            n++;
        bus_publish(hub->worker->bus, &(struct bus_message){ .room_id = hub->batch[i].room_id,
                                                             .origin = hub->worker->nonce,
                                                             .events = &hub->batch[i],
                                                             .count = n });
    }
    hub->batch_count = 0;
    arena_reset(&hub->batch_arena);
}

static void on_store(uv_async_t *async)
{
    struct hub *hub = async->data;
    if (!hub->worker->store)
        return;
    store_poll(hub->worker->store, &(struct store_callbacks){ on_event, on_result, on_batch_end, hub });
    metric_set(hub->worker->metrics, METRIC_store_waiting, store_waiting(hub->worker->store));
}

void hub_store_wake(void *arg)
{
    struct worker *worker = arg;
    if (worker->hub)
        uv_async_send(&worker->hub->store_async);
}

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
    arena_init(&hub->scratch, 65536, 64u << 20);
    arena_init(&hub->batch_arena, 65536, 64u << 20);
    buf_init(&hub->encoded, HUB_FRAME_MAX);
    uv_async_init(&worker->loop, &hub->store_async, on_store);
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
