/* dialect_lectern.c - Lectern itself: the whole product. What is published is a vote, which goes through PostgreSQL;
 * what arrives is the `live` frame that shows it.
 *
 * A number is a vote of the room, counted from when everybody is there: a frame carries the room's votes in its session
 * record, and they only grow, since each member votes once for each question, and takes nothing back. Two votes that
 * were committed together come in one frame, as two numbers in one message. The room's own seqs must be gapless
 * besides.
 */
#include <stdio.h>
#include <stdlib.h>

#include "audience.h"
#include "wire/wire.h"

#define MESSAGE_MAX (4u << 20)
#define QUESTIONS_MAX 500

static struct {
    struct buf bytes; /* the message decoded last: the same one comes for every member */
    struct arena arena;
    struct server_message message;
    uint64_t questions[QUESTIONS_MAX];
    size_t question_count;
    uint64_t seq; /* when all were there; 0: nobody is yet */
    int64_t votes;
} room;

static const struct server_message *decode(struct str payload)
{
    if (room.bytes.len && str_equal(buf_str(&room.bytes), payload))
        return &room.message;
    if (!room.bytes.max) {
        buf_init(&room.bytes, MESSAGE_MAX);
        arena_init(&room.arena, 65536, MESSAGE_MAX);
    }
    buf_clear(&room.bytes);
    buf_put_str(&room.bytes, payload);
    arena_reset(&room.arena);
    if (!room.bytes.failed && wire_decode_server(WIRE_MSGPACK, buf_str(&room.bytes), &room.arena, &room.message) == 0)
        return &room.message;
    buf_clear(&room.bytes);
    return NULL;
}

static bool say(struct line *line, const struct client_message *message)
{
    struct buf out;
    buf_init(&out, 2048);
    wire_encode_client(&out, WIRE_MSGPACK, message);
    bool sent = line_send(line, false, buf_str(&out));
    buf_release(&out);
    return sent;
}

static void opened(struct audience *audience, struct line *line)
{
    struct client_message hello = {.kind = CLIENT_HELLO};
    hello.hello.code = str_of(audience->code);
    hello.hello.page = PAGE_ATTENDEE;
    hello.hello.token = STR("");
    if (!say(line, &hello))
        audience_wrong(audience, "hello could not be sent");
}

static void on_snapshot(struct audience *audience, struct line *line, const struct server_message *m)
{
    const struct question_list *list = &m->snapshot.questions;
    line->seq = m->snapshot.seq;
    if (room.seq && (m->snapshot.seq != room.seq || m->snapshot.info->votes != room.votes))
        audience_wrong(audience, "the room changes while people join");
    if (room.seq)
        return;
    room.seq = m->snapshot.seq;
    room.votes = m->snapshot.info->votes;
    for (size_t i = 0; i < list->count && room.question_count < QUESTIONS_MAX; i++)
        if (list->questions[i].state == QUESTION_LIVE)
            room.questions[room.question_count++] = list->questions[i].id;
}

static void on_live(struct audience *audience, struct line *line, const struct server_message *m, size_t size)
{
    if (m->live.from != line->seq)
        audience_wrong(audience, "a gap: held %llu, got (%llu, %llu]", (unsigned long long)line->seq,
                       (unsigned long long)m->live.from, (unsigned long long)m->live.to);
    line->seq = m->live.to;
    audience->n.bytes += size;
    if (m->live.info)
        audience_delivered(audience, line, line->held, (uint64_t)(m->live.info->votes - room.votes));
}

static void received(struct audience *audience, struct line *line, struct str payload)
{
    const struct server_message *m = decode(payload);
    if (!m) {
        audience_wrong(audience, "a message that cannot be read, of %zu bytes", payload.n);
        return;
    }
    switch (m->kind) {
    case SERVER_LIVE:
        on_live(audience, line, m, payload.n);
        break;
    case SERVER_SNAPSHOT:
        on_snapshot(audience, line, m);
        break;
    case SERVER_MINE: /* the last part of the view */
        audience_ready(audience, line);
        break;
    case SERVER_REFUSED:
        audience_wrong(audience, "a vote was refused: %s", word_of(&word_list_refusal, m->refused.refusal));
        break;
    case SERVER_CLOSING:
        audience_wrong(audience, "the gateway closes: %s", word_of(&word_list_close_reason, m->closing.reason));
        break;
    default:
        break;
    }
}

static bool publish(struct audience *audience, uint64_t number)
{
    struct line *line = &audience->lines[number % audience->count];
    struct client_message vote = {.kind = CLIENT_COMMAND};
    uint64_t id[2] = {number, audience->now};
    size_t question = number / audience->count;
    if (question >= room.question_count) {
        audience_wrong(audience, "everybody has voted for all %zu questions", room.question_count);
        return false;
    }
    vote.command.kind = COMMAND_VOTE;
    memcpy(vote.command.id.bytes, id, sizeof id);
    vote.command.vote.question = room.questions[question];
    vote.command.vote.on = true;
    return say(line, &vote);
}

const struct dialect dialect_lectern = {"lectern", "/ws", "lectern.v1", false, opened, received, publish};
