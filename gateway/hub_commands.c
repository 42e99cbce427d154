/* hub_commands.c - the way of a command into the log and back: checked, handed to the store, answered; and hub_event, the one
 * way in which an event happens, wherever it comes from.
 */
#include "hub_internal.h"

#include <stdlib.h>

#include "log.h"

static void *must(void *memory)
{
    if (!memory)
        abort();
    return memory;
}

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

void hub_store_ready(uv_async_t *async)
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
