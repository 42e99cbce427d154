/* member.c - the client of PROTOCOL.md, with a judge in it. */
#include "member.h"

#include <stdio.h>
#include <stdlib.h>

#define RESEND_US 250000u
#define BACKOFF_MAX_MS 30000

static void on_open(struct client *client);
static void on_message(struct client *client, struct str payload);
static void on_end(struct client *client, int code);
static const struct client_hooks hooks = { on_open, on_message, on_end };

void member_init(struct member *member, struct load *load)
{
    client_init(&member->client, &hooks);
    member->load = load;
    member->closing_ms = -2;
}

void member_release(struct member *member)
{
    client_release(&member->client);
    free(member->seen);
    free(member->voted);
}

static void *room_for(void *memory, size_t count, size_t *capacity, size_t size)
{
    if (count < *capacity)
        return memory;
    *capacity = *capacity ? 2 * *capacity : 16;
    memory = realloc(memory, *capacity * size);
    if (!memory)
        abort();
    return memory;
}

static uint64_t hash_bytes(uint64_t hash, const void *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++)
        hash = (hash ^ ((const uint8_t *)bytes)[i]) * UINT64_C(1099511628211);
    return hash;
}

static uint64_t hash_str(uint64_t hash, struct str s)
{
    return hash_bytes(hash_bytes(hash, &s.n, sizeof(s.n)), s.p, s.n);
}

static uint64_t hash_number(uint64_t hash, int64_t number)
{
    return hash_bytes(hash, &number, sizeof(number));
}

static uint64_t hash_question(const struct question_record *q)
{
    uint64_t hash = hash_number(UINT64_C(14695981039346656037), q->state);
    hash = hash_str(hash_str(hash_str(hash, q->text), q->name), q->reply);
    return hash_number(hash_number(hash_number(hash, q->asked_at), q->state_at), q->edited);
}

static uint64_t hash_info(const struct info_record *info)
{
    uint64_t hash = hash_str(hash_str(UINT64_C(14695981039346656037), info->code), info->title);
    hash = hash_bytes(hash, info->policies.numbers, info->policies.count * sizeof(*info->policies.numbers));
    hash = hash_number(hash_number(hash, info->state), info->live);
    return hash_number(hash_number(hash, info->answered), info->votes);
}

uint64_t member_hash(const struct member *member)
{
    uint64_t hash = member->info;
    for (size_t i = 0; i < member->count; i++) {
        const struct seen *s = &member->seen[i];
        hash = hash_number(hash_number(hash_number(hash, (int64_t)s->id), s->votes), (int64_t)s->rest);
    }
    return hash;
}

/* ---- the state that the frames describe ---- */

/* Where the question is, or belongs. */
static size_t place_of(const struct member *member, uint64_t id)
{
    size_t low = 0, high = member->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (member->seen[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static struct seen *seen_find(const struct member *member, uint64_t id)
{
    size_t at = place_of(member, id);
    return at < member->count && member->seen[at].id == id ? &member->seen[at] : NULL;
}

static void apply_questions(struct member *member, struct question_list list)
{
    for (size_t i = 0; i < list.count; i++) {
        const struct question_record *q = &list.questions[i];
        size_t at = place_of(member, q->id);
        if (at == member->count || member->seen[at].id != q->id) {
            member->seen = room_for(member->seen, member->count, &member->capacity, sizeof(*member->seen));
            memmove(&member->seen[at + 1], &member->seen[at], (member->count++ - at) * sizeof(*member->seen));
        }
        bool votable = q->state == QUESTION_LIVE || q->state == QUESTION_STAGE;
        member->seen[at] = (struct seen){ q->id, q->votes, hash_question(q), votable };
    }
}

static void apply_counts(struct member *member, struct id_list counts)
{
    if (counts.count % 2)
        load_wrong(member->load, "counts are not pairs");
    for (size_t i = 0; i + 1 < counts.count; i += 2) {
        struct seen *seen = seen_find(member, counts.ids[i]);
        if (seen)
            seen->votes = (int64_t)counts.ids[i + 1];
        else
            load_wrong(member->load, "a count of question %llu, which was never shown",
                       (unsigned long long)counts.ids[i]);
    }
}

static void apply_gone(struct member *member, struct id_list gone)
{
    for (size_t i = 0; i < gone.count; i++) {
        struct seen *seen = seen_find(member, gone.ids[i]);
        if (seen)
            memmove(seen, seen + 1, (size_t)(&member->seen[member->count--] - (seen + 1)) * sizeof(*seen));
    }
}

/* The member has caught up with `to`. */
static void advance(struct member *member, seq_t to)
{
    if (member->joined && member->held > 0 && to > member->held)
        screens_arrived(&member->load->screens, member->held, to, now_us());
    member->held = to;
}

static void join(struct member *member)
{
    if (!member->joined)
        member->load->joined++;
    member->joined = true;
    member->attempts = 0;
}

/* ---- commands ---- */

static void send_message(struct member *member, const struct client_message *message)
{
    struct buf out;
    buf_init(&out, 65536);
    wire_encode_client(&out, member->load->options.encoding, message);
    client_send(&member->client, buf_str(&out));
    buf_release(&out);
}

static void send_pending(struct member *member)
{
    member->resend_at = 0;
    if (!member->pending || !member->joined)
        return;
    struct client_message message = { .kind = CLIENT_COMMAND };
    message.command = member->load->sent[member->pending - 1].command;
    send_message(member, &message);
}

void member_command(struct member *member, const struct command *command)
{
    struct load *load = member->load;
    load->sent = room_for(load->sent, load->sent_count, &load->sent_capacity, sizeof(*load->sent));
    struct sent *sent = &load->sent[load->sent_count++];
    *sent = (struct sent){ .member = member, .command = *command, .at = now_us() };
    uint64_t number = load->sent_count;
    memcpy(sent->command.id.bytes, &load->nonce, 8);
    memcpy(sent->command.id.bytes + 8, &number, 8);
    member->pending = load->sent_count;
    send_pending(member);
}

bool member_has_voted(const struct member *member, uint64_t question)
{
    for (size_t i = 0; i < member->voted_count; i++)
        if (member->voted[i] == question)
            return true;
    return false;
}

static void remember_vote(struct member *member, uint64_t question, bool on)
{
    if (on) {
        member->voted = room_for(member->voted, member->voted_count, &member->voted_capacity, sizeof(*member->voted));
        member->voted[member->voted_count++] = question;
        return;
    }
    for (size_t i = 0; i < member->voted_count; i++)
        if (member->voted[i] == question)
            member->voted[i] = member->voted[--member->voted_count];
}

/* The command that is answered; NULL when it is not this member's. */
static struct sent *answered(struct member *member, const struct command_id *id)
{
    struct load *load = member->load;
    uint64_t number;
    memcpy(&number, id->bytes + 8, 8);
    if (member->pending && number == member->pending && memcmp(id->bytes, &load->nonce, 8) == 0)
        return &load->sent[number - 1];
    /* after a reconnect the answer to each sending may come */
    if (number == 0 || number > load->sent_count || load->sent[number - 1].member != member ||
        !member->connected_before)
        load_wrong(load, "an answer to a command that was not asked");
    return NULL;
}

static void on_ack(struct member *member, const struct command_id *id, seq_t seq)
{
    struct sent *sent = answered(member, id);
    if (!sent)
        return;
    member->pending = 0;
    member->resend_at = 0;
    member->load->n.acked++;
    sent->seq = seq;
    histogram_add(member->load->ack_times, now_us() - sent->at);
    if (seq == 0)
        load_wrong(member->load, "an ack without a seq");
    if (sent->command.kind == COMMAND_VOTE)
        remember_vote(member, sent->command.vote.question, sent->command.vote.on);
}

static void on_refused(struct member *member, const struct command_id *id, uint8_t refusal)
{
    if (!answered(member, id))
        return;
    if (refusal_rows[refusal].retry) {
        member->load->n.retried++;
        member->resend_at = now_us() + RESEND_US;
        return;
    }
    member->pending = 0;
    if (member->load->n.refused++ == 0)
        fprintf(stderr, "lectern-load: refused: %s\n", word_of(&word_list_refusal, refusal));
}

/* ---- messages ---- */

static void on_welcome(struct member *member, const struct server_message *m)
{
    struct str token = m->welcome.token;
    if (token.n >= sizeof(member->token))
        load_wrong(member->load, "a token of %zu bytes", token.n);
    else if (token.n)
        snprintf(member->token, sizeof(member->token), "%.*s", (int)token.n, token.p);
    if (m->welcome.resumed && member->held == 0)
        load_wrong(member->load, "resumed from nothing");
    if (m->welcome.resumed) {
        member->load->n.resumed++;
        join(member);
        send_pending(member);
    }
}

static void on_snapshot(struct member *member, const struct server_message *m)
{
    member->load->n.snapshots++;
    if (m->snapshot.seq < member->held && !member->load->options.faults) /* another gateway may be a little behind */
        load_wrong(member->load, "a snapshot that goes back from %llu to %llu", (unsigned long long)member->held,
                   (unsigned long long)m->snapshot.seq);
    member->count = 0;
    member->info = hash_info(m->snapshot.info);
    apply_questions(member, m->snapshot.questions);
    advance(member, m->snapshot.seq);
    bool first = !member->joined;
    join(member);
    if (first)
        send_pending(member);
}

static void on_live(struct member *member, const struct server_message *m)
{
    if (!member->joined)
        load_wrong(member->load, "a live frame before the snapshot");
    if (m->live.to < m->live.from)
        load_wrong(member->load, "a frame from %llu to %llu", (unsigned long long)m->live.from,
                   (unsigned long long)m->live.to);
    if (m->live.to <= member->held)
        return;
    if (m->live.from > member->held) {
        member->load->n.gaps++;
        load_wrong(member->load, "a gap: held %llu, got (%llu, %llu]", (unsigned long long)member->held,
                   (unsigned long long)m->live.from, (unsigned long long)m->live.to);
        client_close(&member->client, 1000);
        return;
    }
    if (m->live.info)
        member->info = hash_info(m->live.info);
    apply_questions(member, m->live.questions);
    apply_counts(member, m->live.counts);
    apply_gone(member, m->live.gone);
    advance(member, m->live.to);
}

/* The message in these bytes, decoded now or before. NULL: it is none. */
static const struct server_message *decode(struct load *load, struct str payload)
{
    size_t key = payload.n + (payload.n ? (uint8_t)payload.p[payload.n - 1] + (uint8_t)payload.p[payload.n / 2] : 0);
    struct cached *slot = &load->cache[key % CACHE_SLOTS];
    if (slot->bytes.len && str_equal(buf_str(&slot->bytes), payload))
        return &slot->message;
    buf_clear(&slot->bytes);
    buf_put_str(&slot->bytes, payload);
    arena_reset(&slot->arena);
    if (!slot->bytes.failed && wire_decode_server(load->options.encoding, buf_str(&slot->bytes), &slot->arena,
                                                  &slot->message) == 0)
        return &slot->message;
    buf_clear(&slot->bytes);
    return NULL;
}

static void on_message(struct client *client, struct str payload)
{
    struct member *member = (struct member *)client; /* its first field */
    const struct server_message *m = decode(member->load, payload);
    member->load->n.frames++;
    if (!m) {
        load_wrong(member->load, "a message that cannot be read, of %zu bytes", payload.n);
        return;
    }
    switch (m->kind) {
    case SERVER_WELCOME:
        on_welcome(member, m);
        break;
    case SERVER_SNAPSHOT:
        on_snapshot(member, m);
        break;
    case SERVER_LIVE:
        on_live(member, m);
        break;
    case SERVER_ACK:
        on_ack(member, &m->ack.id, m->ack.seq);
        break;
    case SERVER_REFUSED:
        on_refused(member, &m->refused.id, m->refused.refusal);
        break;
    case SERVER_CLOSING:
        member->closing_ms = m->closing.retry_ms;
        break;
    case SERVER_PRESENCE:
        if (m->presence.here < 0 || m->presence.peak < m->presence.here)
            load_wrong(member->load, "presence: %lld here, %lld at most", (long long)m->presence.here,
                       (long long)m->presence.peak);
        break;
    default: /* about the member's own questions, or answers to what it never asks */
        break;
    }
}

/* ---- connection ---- */

void member_connect(struct member *member)
{
    struct load *load = member->load;
    member->reconnect_at = 0;
    member->closing_ms = -2;
    client_open(&member->client, load->loop, (const struct sockaddr *)&load->options.address, &load->request,
                load->options.encoding == WIRE_JSON);
}

static void on_open(struct client *client)
{
    struct member *member = (struct member *)client;
    struct client_message message = { .kind = CLIENT_HELLO };
    message.hello.code = str_of(member->load->options.code);
    message.hello.page = PAGE_ATTENDEE;
    message.hello.held = member->held;
    message.hello.token = str_of(member->token);
    send_message(member, &message);
}

static void on_end(struct client *client, int code)
{
    struct member *member = (struct member *)client;
    struct load *load = member->load;
    if (member->joined)
        load->joined--;
    member->joined = false;
    member->connected_before = true;
    if (load->ending)
        return;
    load->n.reconnects++;
    if (!load->options.faults)
        load_wrong(load, "a connection was closed: %d, retry %lld ms", code, (long long)member->closing_ms);
    if (member->closing_ms == -1 || code >= 4500) {
        load_wrong(load, "a connection was closed for good: %d", code);
        return;
    }
    unsigned doubled = member->attempts < 6 ? member->attempts : 6;
    int64_t limit = member->closing_ms >= 0 ? member->closing_ms : INT64_C(500) << doubled;
    member->attempts++;
    limit = limit < 1 ? 1 : limit > BACKOFF_MAX_MS ? BACKOFF_MAX_MS : limit;
    member->reconnect_at = now_us() + (uint64_t)(random() % limit) * 1000 + 1;
}

void member_tick(struct member *member, uint64_t now)
{
    if (member->reconnect_at && now >= member->reconnect_at)
        member_connect(member);
    if (member->resend_at && now >= member->resend_at)
        send_pending(member);
}
