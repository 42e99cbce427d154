/* batch.c - one transaction for many commands, in one round trip.
 *
 * Everything from BEGIN to COMMIT is sent before the first answer is read (pipeline mode, one sync point). The socket
 * does not block and is read while it is written: otherwise client and server could both wait for the other to read.
 */
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>

#include "persist_internal.h"

struct round {
    PGconn *conn;
    ms_t end;
    struct batch *batch;
    struct entry **entries;
    size_t count;
    struct entry **votes; /* the votes among them, in order */
    size_t vote_count;
    bool lost, refused;
    char *error;
    size_t error_size;
};

static bool pump(struct round *r)
{
    int more = PQflush(r->conn);
    ms_t left = r->end - clock_ms();
    struct pollfd fd = { PQsocket(r->conn), (short)(POLLIN | (more == 1 ? POLLOUT : 0)), 0 };
    int ready = more < 0 || left <= 0 ? -1 : poll(&fd, 1, (int)left);
    if (ready < 0 && more >= 0 && left > 0 && errno == EINTR)
        return true;
    if (ready <= 0)
        return false;
    return !(fd.revents & ~POLLOUT) || PQconsumeInput(r->conn);
}

/* The next result, or NULL (the end of a statement's results, or the connection has gone: r->lost). */
static PGresult *next(struct round *r)
{
    while (!r->lost && (PQflush(r->conn) == 1 || PQisBusy(r->conn)))
        r->lost = !pump(r);
    return r->lost ? NULL : PQgetResult(r->conn);
}

static void judge(struct round *r, const PGresult *result)
{
    ExecStatusType status = PQresultStatus(result);
    if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK || status == PGRES_PIPELINE_ABORTED)
        return;
    if (r->lost || r->refused)
        return;
    pg_describe(result, r->error, r->error_size);
    if (pg_is_passing(PQresultErrorField(result, PG_DIAG_SQLSTATE)))
        r->lost = true;
    else
        r->refused = true;
}

/* The one result of a statement; NULL when the round has failed. */
static PGresult *answer(struct round *r)
{
    PGresult *result = next(r);
    if (!result) {
        r->lost = true;
        return NULL;
    }
    judge(r, result);
    PGresult *end = r->lost ? NULL : next(r);
    if (end) {
        PQclear(end);
        r->lost = true;
    }
    if (PQresultStatus(result) == PGRES_TUPLES_OK || PQresultStatus(result) == PGRES_COMMAND_OK)
        return result;
    PQclear(result);
    return NULL;
}

/* ---- arrays as text ---- */

enum column { COLUMN_ROOM, COLUMN_QUESTION, COLUMN_PARTICIPANT, COLUMN_ID, COLUMN_ON, COLUMN_COUNT };

static void put_cell(struct buf *b, const struct entry *e, enum column column)
{
    char id[33];
    switch (column) {
    case COLUMN_ROOM:
        buf_printf(b, "%llu", (unsigned long long)e->room_id);
        break;
    case COLUMN_QUESTION:
        buf_printf(b, "%llu", (unsigned long long)e->question);
        break;
    case COLUMN_PARTICIPANT:
        buf_printf(b, "%llu", (unsigned long long)e->participant);
        break;
    case COLUMN_ID:
        command_id_text(&e->id, id);
        buf_put_str(b, str_of(id));
        break;
    default:
        buf_put_byte(b, e->on ? 't' : 'f');
    }
}

static void put_array(struct buf *b, struct entry *const *entries, size_t count, enum column column)
{
    buf_init(b, (size_t)1 << 30);
    buf_put_byte(b, '{');
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_put_byte(b, ',');
        put_cell(b, entries[i], column);
    }
    buf_put(b, "}", 2);
}

/* ---- sending ---- */

static bool send_lock(struct round *r)
{
    struct buf rooms;
    put_array(&rooms, r->entries, r->count, COLUMN_ROOM);
    const char *values[] = { (const char *)rooms.data };
    bool ok = PQsendQueryPrepared(r->conn, "lock", 1, values, NULL, NULL, 1);
    buf_release(&rooms);
    return ok;
}

static bool send_votes(struct round *r)
{
    struct buf arrays[COLUMN_COUNT];
    const char *values[COLUMN_COUNT + 2];
    char sessions[160], questions[160];
    for (unsigned i = 0; i < COLUMN_COUNT; i++) {
        put_array(&arrays[i], r->votes, r->vote_count, (enum column)i);
        values[i] = (const char *)arrays[i].data;
    }
    mask_literal(&word_list_session_state, command_rows[COMMAND_VOTE].sessions, sessions, sizeof(sessions));
    mask_literal(&word_list_question_state, command_rows[COMMAND_VOTE].questions, questions, sizeof(questions));
    values[COLUMN_COUNT] = sessions;
    values[COLUMN_COUNT + 1] = questions;
    bool ok = PQsendQueryPrepared(r->conn, "voted", COLUMN_COUNT + 2, values, NULL, NULL, 1);
    for (unsigned i = 0; i < COLUMN_COUNT; i++)
        buf_release(&arrays[i]);
    return ok;
}

static bool send_simple(struct round *r, const char *sql)
{
    return PQsendQueryParams(r->conn, sql, 0, NULL, NULL, NULL, NULL, 1);
}

static bool send_entry(struct round *r, const struct entry *e)
{
    const struct params *p = &e->params;
    return PQsendQueryPrepared(r->conn, word_of(&word_list_event, e->kind), p->count, p->values, p->lengths, p->formats,
                               1);
}

static bool send_all(struct round *r)
{
    bool ok = send_simple(r, "BEGIN") && send_lock(r);
    for (size_t i = 0; ok && i < r->count; i++)
        if (r->entries[i]->kind != EVENT_VOTED)
            ok = send_entry(r, r->entries[i]);
    if (ok && r->vote_count)
        ok = send_votes(r);
    return ok && send_simple(r, "COMMIT") && PQpipelineSync(r->conn);
}

/* ---- reading ---- */

static void add_event(struct round *r, uint64_t room, uint64_t actor, enum event_kind kind, seq_t seq, ms_t at,
                      struct str body)
{
    struct batch *b = r->batch;
    if (b->event_count == b->event_capacity) {
        b->event_capacity = b->event_capacity ? 2 * b->event_capacity : 16;
        b->events = realloc(b->events, b->event_capacity * sizeof(*b->events));
        if (!b->events)
            abort();
    }
    struct store_event event = { room, seq, at, actor, (uint8_t)kind, { NULL, 0 } };
    if (!arena_str(&b->bodies, body, &event.body))
        abort(); /* the arena has no limit to speak of */
    b->events[b->event_count++] = event;
}

static void read_entry(struct round *r, struct entry *e)
{
    PGresult *result = answer(r);
    if (!result)
        return;
    if (PQntuples(result) == 0) {
        e->status = STORE_CONFLICT;
    } else {
        bool repeated = *PQgetvalue(result, 0, 0) != 0;
        e->status = repeated ? STORE_REPEATED : STORE_COMMITTED;
        e->seq = (seq_t)result_int64(result, 0, 1);
        if (!repeated)
            add_event(r, e->room_id, e->participant, e->kind, e->seq, result_int64(result, 0, 2), result_str(result, 0, 3));
    }
    PQclear(result);
}

static void read_votes(struct round *r)
{
    static const enum store_status what[] = { STORE_COMMITTED, STORE_REPEATED, STORE_CONFLICT };
    PGresult *result = answer(r);
    if (!result)
        return;
    for (int row = 0; row < PQntuples(result); row++) {
        int64_t n = result_int64(result, row, 0);
        seq_t seq = (seq_t)result_int64(result, row, 2);
        if (n == 0) {
            add_event(r, (uint64_t)result_int64(result, row, 5), 0, EVENT_VOTED, seq, result_int64(result, row, 3),
                      result_str(result, row, 4));
            continue;
        }
        struct entry *e = r->votes[n - 1];
        e->status = what[result_int32(result, row, 1)];
        e->seq = e->status == STORE_CONFLICT ? 0 : seq;
    }
    PQclear(result);
}

static void read_sync(struct round *r)
{
    PGresult *result = next(r);
    if (PQresultStatus(result) != PGRES_PIPELINE_SYNC)
        r->lost = true;
    PQclear(result);
}

static void read_all(struct round *r)
{
    PQclear(answer(r)); /* BEGIN */
    PQclear(r->lost ? NULL : answer(r)); /* lock */
    for (size_t i = 0; !r->lost && i < r->count; i++)
        if (r->entries[i]->kind != EVENT_VOTED)
            read_entry(r, r->entries[i]);
    if (!r->lost && r->vote_count)
        read_votes(r);
    PQclear(r->lost ? NULL : answer(r)); /* COMMIT */
    if (!r->lost)
        read_sync(r);
}

static void roll_back(struct round *r)
{
    if (PQtransactionStatus(r->conn) == PQTRANS_IDLE)
        return;
    if (!send_simple(r, "ROLLBACK") || !PQpipelineSync(r->conn)) {
        r->lost = true;
        return;
    }
    PQclear(answer(r));
    if (!r->lost)
        read_sync(r);
}

enum outcome batch_transact(PGconn *conn, struct batch *batch, struct entry **entries, size_t count, int timeout_ms,
                            char *error, size_t size)
{
    struct round r = { .conn = conn, .end = clock_ms() + timeout_ms, .batch = batch, .entries = entries,
                       .count = count, .error = error, .error_size = size };
    size_t events = batch->event_count;
    r.votes = malloc(count * sizeof(*r.votes));
    if (!r.votes)
        abort();
    for (size_t i = 0; i < count; i++)
        if (entries[i]->kind == EVENT_VOTED)
            r.votes[r.vote_count++] = entries[i];
    snprintf(error, size, "connection lost");
    if (send_all(&r))
        read_all(&r);
    else
        r.lost = true;
    if (!r.lost && r.refused)
        roll_back(&r);
    free(r.votes);
    if (r.lost || r.refused)
        batch->event_count = events;
    return r.lost ? OUTCOME_LOST : r.refused ? OUTCOME_REFUSED : OUTCOME_COMMITTED;
}

void batch_free(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        entry_free(batch->entries[i]);
    free(batch->entries);
    free(batch->events);
    arena_release(&batch->bodies);
    free(batch);
}
