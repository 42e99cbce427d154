/* hub_flush.c - from dirty rooms to bytes: frames, rings, snapshots, and members who come back or fall behind (D5, D6).
 *
 * A frame covers (from, to] and is encoded once per tier and encoding. Members join at flush boundaries only, so that the
 * snapshot's seq is the next frame's `from`. Coming back and having been behind are the same thing: the frames of the ring
 * after the last seq that is known to have arrived, or else the snapshot.
 */
#include "hub_internal.h"

#include <stdlib.h>

#include "log.h"

#define TICK_MIN_MS 8
#define TICK_PER_FLUSH 3 /* a busy room takes a quarter of its worker's time at most */
#define SMOOTH 4         /* flushes that the measure of their length remembers */
#define AHEAD 4 /* members whose memory is fetched while the kernel works for this one */
#define FRAMES_AT_ONCE (CONN_QUEUE_MAX / 2)
#define HOST_PACE 10
#define READERLESS_MS 60000 /* a ring is kept going this long without readers */

/* The tick grows with how long a flush takes: so with the audience, and with whatever else keeps this core busy. */
static uint64_t tick_of(const struct hub *hub, const struct hub_room *room)
{
    uint64_t tick = TICK_MIN_MS + TICK_PER_FLUSH * (uint64_t)room->flush_us / 1000;
    uint64_t most = (uint64_t)hub->worker->config->tick_max_ms;
    return tick < most ? tick : most;
}

void hub_mark(struct hub *hub, struct hub_room *room)
{
    if (room->listed)
        return;
    if (hub->dirty_count == hub->dirty_capacity) {
        hub->dirty_capacity = hub->dirty_capacity ? hub->dirty_capacity * 2 : 64;
        hub->dirty = realloc(hub->dirty, hub->dirty_capacity * sizeof *hub->dirty);
        if (!hub->dirty)
            abort();
    }
    room->listed = true;
    room->due = room->flushed_at + tick_of(hub, room);
    hub->dirty[hub->dirty_count++] = room;
}

static void on_timer(uv_timer_t *timer)
{
    hub_flush_due(timer->data);
}

/* End of a loop turn, or the timer: flush what is due, set the timer for the next. */
void hub_flush_due(struct hub *hub)
{
    if (hub->dirty_count == 0)
        return;
    uint64_t now = worker_ticks(hub->worker), next = UINT64_MAX;
    size_t kept = 0, count = hub->dirty_count;
    for (size_t i = 0; i < count; i++) {
        struct hub_room *room = hub->dirty[i];
        if (room->due <= now) {
            room->listed = false;
            room->flushed_at = now;
            hub_flush_room(hub, room);
        } else {
            hub->dirty[kept++] = room;
            next = room->due < next ? room->due : next;
        }
    }
    hub->dirty_count = kept;
    if (kept)
        uv_timer_start(&hub->flush_timer, on_timer, next - now, 0);
}

/* ---- encoding ---- */

static struct frame *encode(struct hub *hub, enum wire_encoding encoding, const struct server_message *message)
{
    buf_clear(&hub->encoded);
    wire_encode_server(&hub->encoded, encoding, message);
    if (hub->encoded.failed)
        return NULL;
    return frame_new(buf_str(&hub->encoded), encoding);
}

/* Records of `count` questions in the scratch arena, as a reader of the tier sees them. */
static struct question_list records(struct hub *hub, const struct hub_room *room, const struct question *const *questions,
                                    size_t count, enum tier tier, uint64_t reader)
{
    struct question_record *list = count ? arena_alloc(&hub->scratch, count * sizeof *list) : NULL;
    if (count && !list)
        return (struct question_list){ 0 };
    for (size_t i = 0; i < count; i++)
        room_record(room->room, questions[i], tier, reader, &list[i]);
    return (struct question_list){ list, count };
}

static struct server_message live_message(struct hub *hub, const struct hub_room *room, const struct room_delta *delta,
                                          enum tier tier, struct info_record *info)
{
    const struct tier_delta *d = &delta->tier[tier];
    uint64_t *counts = d->counted_count ? arena_alloc(&hub->scratch, d->counted_count * 2 * sizeof *counts) : NULL;
    for (size_t i = 0; counts && i < d->counted_count; i++) {
        counts[2 * i] = d->counted[i]->id;
        counts[2 * i + 1] = d->counted[i]->votes;
    }
    if (d->info)
        room_info(room->room, tier, info);
    return (struct server_message){
        .kind = SERVER_LIVE,
        .live = {
            .from = delta->from,
            .to = delta->to,
            .info = d->info ? info : NULL,
            .questions = records(hub, room, d->changed, d->changed_count, tier, 0),
            .counts = { counts, counts ? d->counted_count * 2 : 0 },
            .gone = { d->gone, d->gone_count },
        },
    };
}

static struct frame *snapshot(struct hub *hub, struct hub_room *room, enum tier tier, enum wire_encoding encoding)
{
    struct ring *ring = &room->rings[tier][encoding];
    if (ring->snapshot)
        return ring->snapshot;
    const struct question *const *visible;
    struct info_record info;
    arena_reset(&hub->scratch);
    size_t count = room_visible(room->room, tier, &visible);
    room_info(room->room, tier, &info);
    ring->snapshot = encode(hub, encoding, &(struct server_message){
                                               .kind = SERVER_SNAPSHOT,
                                               .snapshot = { .seq = room->flushed,
                                                             .info = &info,
                                                             .questions = records(hub, room, visible, count, tier, 0) } });
    metric_add(hub->worker->metrics, METRIC_snapshots_encoded_total, 1);
    return ring->snapshot;
}

/* ---- the ring ---- */

static struct ring_slot *slot_at(const struct hub *hub, const struct ring *ring, size_t i)
{
    return &ring->slots[(ring->first + i) % (size_t)hub->worker->config->ring_frames];
}

static void ring_clear(struct ring *ring, size_t capacity)
{
    for (; ring->count > 0; ring->count--) {
        frame_unref(ring->slots[ring->first].frame);
        ring->first = (ring->first + 1) % capacity;
    }
}

static void ring_add(struct hub *hub, struct ring *ring, struct ring_slot slot)
{
    size_t capacity = (size_t)hub->worker->config->ring_frames;
    if (!ring->slots && !(ring->slots = calloc(capacity, sizeof *ring->slots)))
        abort();
    if (ring->count == capacity) {
        frame_unref(ring->slots[ring->first].frame);
        ring->first = (ring->first + 1) % capacity;
        ring->count--;
    }
    *slot_at(hub, ring, ring->count++) = slot;
}

void hub_forget_frames(struct hub *hub, struct hub_room *room)
{
    size_t capacity = (size_t)hub->worker->config->ring_frames;
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        for (int encoding = 0; encoding < WIRE_ENCODING_COUNT; encoding++) {
            struct ring *ring = &room->rings[tier][encoding];
            ring_clear(ring, capacity);
            frame_unref(ring->snapshot);
            free(ring->slots);
            *ring = (struct ring){ .members = ring->members, .members_at = ring->members_at };
        }
    }
}

/* ---- flushing ---- */

static void flush_tier(struct hub *hub, struct hub_room *room, const struct room_delta *delta, enum tier tier,
                       enum wire_encoding encoding, struct frame **out)
{
    struct ring *ring = &room->rings[tier][encoding];
    uint64_t now = worker_ticks(hub->worker);
    *out = NULL;
    frame_unref(ring->snapshot);
    ring->snapshot = NULL;
    if (ring->members > 0)
        ring->members_at = now;
    if (ring->members == 0 && (!ring->slots || now - ring->members_at > READERLESS_MS)) {
        ring_clear(ring, (size_t)hub->worker->config->ring_frames);
        return;
    }
    struct info_record info;
    arena_reset(&hub->scratch);
    struct server_message message = live_message(hub, room, delta, tier, &info);
    *out = encode(hub, encoding, &message);
    if (!*out)
        log_line(LOG_ERROR, "frame too large", "room=%llu", (unsigned long long)room->id);
    else
        ring_add(hub, ring, (struct ring_slot){ delta->from, delta->to, delta->tier[tier].windowed, *out });
}

/* Tell askers about their own questions: the public frame does not show what only they may see. */
static void send_own(struct hub *hub, struct hub_room *room, const struct room_delta *delta)
{
    const struct tier_delta *d = &delta->tier[TIER_STAFF];
    for (size_t i = 0; i < d->changed_count; i++) {
        const struct question *question = d->changed[i];
        for (struct hub_member *m = room->participants ? room->participants[question->asker % room->participant_buckets] : NULL;
             m; m = m->next) {
            if (m->participant != question->asker || !m->joined)
                continue;
            arena_reset(&hub->scratch);
            conn_send_message(m->conn, &(struct server_message){
                                           .kind = SERVER_OWN,
                                           .own.questions = records(hub, room, &question, 1, TIER_PUBLIC, m->participant) });
        }
    }
}

/* Between two flushes the memory of a thousand members has gone cold, and a system call waits for all loads before it: so
 * what the next members need is fetched while this one is written to. (In a function of its own gcc 12 takes it for one
 * without effect and drops it.) */
static void write_frames(struct hub_room *room, const struct room_delta *delta,
                         struct frame *const frames[TIER_COUNT][WIRE_ENCODING_COUNT])
{
    for (size_t i = 0; i < room->count; i++) {
        struct hub_member *member = room->members[i];
        if (i + 2 * AHEAD < room->count)
            __builtin_prefetch(room->members[i + 2 * AHEAD]);
        if (i + AHEAD < room->count)
            __builtin_prefetch(room->members[i + AHEAD]->conn);
        struct frame *frame = frames[member->tier][member->conn->encoding];
        if (!member->joined || member->conn->behind)
            continue;
        if (member->sent != delta->from || !frame) /* it was behind until just now: a frame would leave a gap */
            member->waiting = true;
        else if (conn_send_shared(member->conn, frame))
            member->sent = delta->to;
    }
}

void hub_flush_room(struct hub *hub, struct hub_room *room)
{
    struct room_delta delta;
    struct frame *frames[TIER_COUNT][WIRE_ENCODING_COUNT];
    uint64_t began = uv_hrtime();
    room_flush(room->room, &delta);
    room->flushed = delta.to;
    metric_add(hub->worker->metrics, METRIC_flushes_total, 1);
    for (int tier = 0; tier < TIER_COUNT; tier++) {
        for (int encoding = 0; encoding < WIRE_ENCODING_COUNT; encoding++)
            flush_tier(hub, room, &delta, (enum tier)tier, (enum wire_encoding)encoding, &frames[tier][encoding]);
    }
    write_frames(room, &delta, frames);
    send_own(hub, room, &delta);
    for (size_t i = 0; i < room->count; i++) {
        struct hub_member *member = room->members[i];
        if (member->waiting) {
            member->waiting = false;
            hub_serve(member);
        }
    }
    room->flush_us += ((int64_t)(uv_hrtime() - began) / 1000 - room->flush_us) / SMOOTH;
}

/* ---- joining, coming back, catching up ---- */

/* The first slot to send to somebody who holds `held`; ring->count: nothing is missing; -1: the ring cannot help. */
static ptrdiff_t missing_from(const struct hub *hub, const struct hub_room *room, const struct ring *ring, seq_t held)
{
    if (held == 0 || held > room->flushed)
        return -1;
    if (held == room->flushed)
        return (ptrdiff_t)ring->count;
    size_t i = 0;
    while (i < ring->count && slot_at(hub, ring, i)->to <= held)
        i++;
    if (i == ring->count || slot_at(hub, ring, i)->from > held || slot_at(hub, ring, ring->count - 1)->to != room->flushed)
        return -1;
    if (ring->count - i > FRAMES_AT_ONCE)
        return -1; /* one snapshot is less than so many frames */
    bool exact = slot_at(hub, ring, i)->from == held;
    for (size_t k = i; k < ring->count; k++) {
        if (k > i && slot_at(hub, ring, k)->from != slot_at(hub, ring, k - 1)->to)
            return -1;
        if (slot_at(hub, ring, k)->windowed && !exact)
            return -1;
    }
    return (ptrdiff_t)i;
}

/* Bring a member to the last flush: by the frames from slot `from` on, or (-1) by a snapshot. */
static void catch_up(struct hub *hub, struct hub_member *member, ptrdiff_t from)
{
    struct hub_room *room = member->room;
    struct ring *ring = &room->rings[member->tier][member->conn->encoding];
    if (from >= 0) {
        for (size_t i = (size_t)from; i < ring->count; i++)
            conn_send(member->conn, slot_at(hub, ring, i)->frame);
    } else {
        struct frame *frame = snapshot(hub, room, member->tier, member->conn->encoding);
        metric_add(hub->worker->metrics, METRIC_snapshots_total, 1);
        if (!frame) {
            conn_close(member->conn, CLOSE_INTERNAL);
            return;
        }
        conn_send(member->conn, frame);
    }
    member->sent = room->flushed;
}

static void send_mine(struct hub *hub, struct hub_member *member)
{
    const struct question *own[256];
    arena_reset(&hub->scratch);
    size_t count = room_questions_of(member->room->room, member->participant, own, LECTERN_COUNT(own));
    conn_send_message(member->conn,
                      &(struct server_message){
                          .kind = SERVER_MINE,
                          .mine = { .questions = records(hub, member->room, own, count, TIER_PUBLIC, member->participant),
                                    .votes = { member->votes, member->vote_count },
                                    .feedback = member->has_feedback ? &member->feedback : NULL } });
    free(member->votes);
    free(member->feedback_text);
    member->votes = NULL;
    member->feedback_text = NULL;
    member->has_feedback = false;
}

void hub_serve(struct hub_member *member)
{
    struct conn *conn = member->conn;
    struct hub *hub = conn->worker->hub;
    struct hub_room *room = member->room;
    struct ring *ring = &room->rings[member->tier][conn->encoding];
    if (member->joined) { /* was behind */
        catch_up(hub, member, missing_from(hub, room, ring, member->sent));
        return;
    }
    member->joined = true;
    conn->pace = member->role >= ROLE_MODERATOR ? HOST_PACE : 1; /* a whole queue is approved at once */
    ring->members++;
    metric_add(hub->worker->metrics, METRIC_members, 1);
    metric_add(hub->worker->metrics, METRIC_hellos_total, 1);
    ptrdiff_t from = missing_from(hub, room, ring, member->held);
    metric_add(hub->worker->metrics, METRIC_resumes_total, from >= 0);
    conn_send_message(conn, &(struct server_message){
                                .kind = SERVER_WELCOME,
                                .welcome = { .role = (uint8_t)member->role,
                                             .page = (uint8_t)member->page,
                                             .participant = member->participant,
                                             .token = str_of(member->token),
                                             .now = worker_now(hub->worker),
                                             .heartbeat_ms = hub->worker->config->heartbeat_ms,
                                             .resumed = from >= 0 } });
    catch_up(hub, member, from);
    send_mine(hub, member);
    conn_send_message(conn, &(struct server_message){
                                .kind = SERVER_PRESENCE, .presence = { .here = room->told_here, .peak = room->peak } });
}

void hub_drained(struct conn *conn)
{
    struct hub_member *member = conn->member;
    if (!member || !member->joined || member->sent == member->room->flushed)
        return;
    if (room_is_dirty(member->room->room))
        member->waiting = true; /* the flush that is due serves it */
    else
        hub_serve(member);
}

void hub_more(struct conn *conn, const struct client_message *message)
{
    struct hub_member *member = conn->member;
    struct hub *hub = conn->worker->hub;
    const struct question *page[50];
    size_t total = 0;
    if (!member || !member->joined || message->more.offset < 0)
        return;
    int count = room_list(member->room->room, message->more.list, (size_t)message->more.offset, page, LECTERN_COUNT(page), &total);
    if (count < 0)
        return;
    arena_reset(&hub->scratch);
    conn_send_message(conn, &(struct server_message){
                                .kind = SERVER_MORE,
                                .more = { .list = message->more.list,
                                          .offset = message->more.offset,
                                          .total = (int64_t)total,
                                          .questions = records(hub, member->room, page, (size_t)count, member->tier, 0) } });
}

void hub_send_to_all(struct hub_room *room, const struct server_message *message)
{
    struct frame *frames[WIRE_ENCODING_COUNT] = { 0 };
    for (size_t i = 0; i < room->count; i++) {
        struct hub_member *member = room->members[i];
        struct frame **frame = &frames[member->conn->encoding];
        if (!member->joined || member->conn->behind)
            continue;
        if (!*frame)
            *frame = encode(member->conn->worker->hub, member->conn->encoding, message);
        if (*frame && !conn_send_shared(member->conn, *frame))
            continue; /* the next one will say it again */
    }
    for (int e = 0; e < WIRE_ENCODING_COUNT; e++)
        frame_unref(frames[e]);
}
