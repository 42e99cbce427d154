/* member.c - the client of PROTOCOL.md, with a judge in it. */
#include "member.h"

#include <stdio.h>
#include <stdlib.h>

#define BACKOFF_MAX_MS 30000
#define LAGGARD_RECEIVE_BYTES 4096 /* SO_RCVBUF: else the kernel reads for it */
#define LAGGARD_PAUSE_US 500000u

static void on_open(struct client *client);
static void on_message(struct client *client, struct str payload);
static void on_end(struct client *client, int code);
static const struct client_hooks hooks = {on_open, on_message, on_end};

void member_init(struct member *member, struct load *load, uint32_t number)
{
    client_init(&member->client, &hooks);
    member->load = load;
    member->number = number;
    member->room = &load->rooms[number % load->room_count];
    if (number < load->room_count)
        member->room->first = member;
    member->laggard = number >= load->room_count && load->options.laggards > 0 &&
                      (double)(load_random(load) % 10000) < load->options.laggards * 100;
    member->measured = number < load->options.early && !member->laggard;
    member->client.receive_bytes = member->laggard ? LAGGARD_RECEIVE_BYTES : 0;
    member->closing_ms = NO_CLOSING;
}

void member_release(struct member *member)
{
    client_release(&member->client);
    view_unref(member->view);
    free(member->voted);
    free(member->pending);
}

seq_t member_seq(const struct member *member)
{
    return member->view ? member->view->seq : 0;
}

void member_wait(struct member *member, uint64_t *field, uint64_t when)
{
    *field = when;
    if (!member->listed)
        member->load->waiting[member->load->waiting_count++] = member;
    member->listed = true;
}

/* ---- being there ---- */

/* Live: for the first time, or again. */
static void join(struct member *member)
{
    struct load *load = member->load;
    if (member->joined)
        return;
    uint64_t now = now_us();
    member->joined = true;
    member->attempts = 0;
    load->joined++;
    if (member->lost_at) {
        histogram_add(&load->times.back, now - member->lost_at);
        load->times.back_last = now;
    } else {
        histogram_add(&load->times.join, now - member->connect_at);
    }
    if (!member->connected_before)
        load->times.join_ended = now;
    member->lost_at = 0;
    member_send_pending(member, true);
    if (member->laggard && load->acting)
        member_lag(member, true);
}

static void on_welcome(struct member *member, const struct server_message *m)
{
    struct str token = m->welcome.token;
    member->participant = m->welcome.participant;
    if (token.n >= sizeof(member->token))
        load_wrong(member->load, "a token of %zu bytes", token.n);
    else if (token.n)
        snprintf(member->token, sizeof(member->token), "%.*s", (int)token.n, token.p);
    if (m->welcome.resumed && !member->view)
        load_wrong(member->load, "resumed from nothing");
    if (m->welcome.resumed) {
        member->load->n.resumed++;
        join(member);
    }
}

static void show(struct member *member, struct frame *frame)
{
    const char *wrong;
    struct view *before = member->view;
    member->view = view_after(&member->room->views, before, frame, &wrong);
    if (wrong)
        load_wrong(member->load, "%s", wrong);
    if (member->joined && member->measured && before && member->view->seq > before->seq)
        screens_arrived(&member->room->screens, before->seq, member->view->seq, now_us());
    view_unref(before);
}

static void on_snapshot(struct member *member, struct frame *frame)
{
    seq_t held = member_seq(member), seq = frame->message.snapshot.seq;
    member->load->n.snapshots++;
    if (seq < held && !member->load->options.faults) /* another gateway may be a little behind */
        load_wrong(member->load, "a snapshot that goes back from %llu to %llu", (unsigned long long)held,
                   (unsigned long long)seq);
    show(member, frame);
    join(member);
}

static void on_live(struct member *member, struct frame *frame)
{
    seq_t held = member_seq(member), from = frame->message.live.from, to = frame->message.live.to;
    if (!member->joined)
        load_wrong(member->load, "a live frame before the snapshot");
    if (to < from)
        load_wrong(member->load, "a frame from %llu to %llu", (unsigned long long)from, (unsigned long long)to);
    if (to <= held)
        return;
    if (from > held) {
        member->load->n.gaps++;
        load_wrong(member->load, "a gap: held %llu, got (%llu, %llu]", (unsigned long long)held,
                   (unsigned long long)from, (unsigned long long)to);
        client_close(&member->client, 1000);
        return;
    }
    show(member, frame);
}

static void on_presence(struct member *member, const struct server_message *m)
{
    if (m->presence.here < 0 || m->presence.peak < m->presence.here)
        load_wrong(member->load, "presence: %lld here, %lld at most", (long long)m->presence.here,
                   (long long)m->presence.peak);
}

static void on_message(struct client *client, struct str payload)
{
    struct member *member = (struct member *)client; /* its first field */
    struct frame *frame = frames_decode(&member->load->frames, member->load->options.encoding, payload);
    member->load->n.frames++;
    if (!frame) {
        load_wrong(member->load, "a message that cannot be read, of %zu bytes", payload.n);
        return;
    }
    const struct server_message *m = &frame->message;
    switch (m->kind) {
    case SERVER_WELCOME:
        on_welcome(member, m);
        break;
    case SERVER_SNAPSHOT:
        on_snapshot(member, frame);
        break;
    case SERVER_LIVE:
        on_live(member, frame);
        break;
    case SERVER_ACK:
        member_acked(member, &m->ack.id, m->ack.seq);
        break;
    case SERVER_REFUSED:
        member_refused(member, &m->refused.id, m->refused.refusal);
        break;
    case SERVER_CLOSING:
        member->closing_ms = m->closing.retry_ms;
        break;
    case SERVER_PRESENCE:
        on_presence(member, m);
        break;
    default: /* about the member's own questions, or answers to what it never asks */
        break;
    }
}

/* ---- connection ---- */

void member_connect(struct member *member)
{
    struct load *load = member->load;
    uint64_t now = now_us();
    member->connect_at = now;
    if (member->lost_at && member->attempts == 1)
        histogram_add(&load->times.wait, now - member->lost_at);
    member->reconnect_at = 0;
    member->closing_ms = NO_CLOSING;
    client_open(&member->client, load->loop, (const struct sockaddr *)&load->options.address, &load->request,
                load->options.encoding == WIRE_JSON);
}

static void on_open(struct client *client)
{
    struct member *member = (struct member *)client;
    struct client_message message = {.kind = CLIENT_HELLO};
    message.hello.code = str_of(member->room->code);
    message.hello.page = PAGE_ATTENDEE;
    message.hello.held = member_seq(member);
    message.hello.token = str_of(member->token);
    member_send(member, &message);
}

/* How long to wait at most, as the protocol says. */
static uint64_t patience_us(struct member *member)
{
    unsigned doubled = member->attempts < 6 ? member->attempts : 6;
    int64_t limit = member->closing_ms >= 0 ? member->closing_ms : INT64_C(500) << doubled;
    limit = limit < 1 ? 1 : limit > BACKOFF_MAX_MS ? BACKOFF_MAX_MS : limit;
    return (uint64_t)limit * 1000;
}

static void come_back(struct member *member)
{
    struct times *times = &member->load->times;
    uint64_t now = now_us(), limit = patience_us(member);
    if (!member->lost_at) {
        member->lost_at = now;
        times->lost_first = times->lost_first ? times->lost_first : now;
        times->window_us = limit > times->window_us ? limit : times->window_us;
    }
    member->attempts++;
    member_wait(member, &member->reconnect_at, now + load_random(member->load) % limit + 1);
}

static void on_end(struct client *client, int code)
{
    struct member *member = (struct member *)client;
    struct load *load = member->load;
    if (member->joined)
        load->joined--;
    member->joined = false;
    member->connected_before = true;
    if (load->ending || member->away)
        return;
    load->n.reconnects++;
    if (!load->options.faults && !member->laggard)
        load_wrong(load, "a connection was closed: %d, retry %lld ms", code, (long long)member->closing_ms);
    if (member->closing_ms == -1 || code >= 4500) {
        load_wrong(load, "a connection was closed for good: %d", code);
        return;
    }
    come_back(member);
}

void member_leave(struct member *member, uint64_t until)
{
    if (!member->joined)
        return;
    member->away = true;
    member->load->n.leaves++;
    for (size_t i = 0; i < member->pending_count; i++)
        member->load->sent[member->pending[i]].at = 0; /* answered when it is back */
    client_close(&member->client, 1000);
    member_wait(member, &member->reconnect_at, until);
}

void member_lag(struct member *member, bool lag)
{
    bool reads = member->number % 2; /* a little now and then */
    client_pause(&member->client, lag);
    if (lag && reads)
        member_wait(member, &member->resend_at, now_us() + LAGGARD_PAUSE_US);
}

bool member_tick(struct member *member, uint64_t now)
{
    if (member->reconnect_at && now >= member->reconnect_at && !member->client.alive) {
        member->away = false;
        member_connect(member);
    }
    if (member->resend_at && now >= member->resend_at) {
        member->resend_at = 0;
        if (member->laggard && member->load->acting) {
            client_read_once(&member->client);
            member->resend_at = now + LAGGARD_PAUSE_US;
        }
        member_send_pending(member, false);
    }
    member->listed = member->reconnect_at || member->resend_at;
    return member->listed;
}
