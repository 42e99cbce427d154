/* rooms.c - rooms as they are read: by code, whole, or the events that somebody has missed. */
#include <stdio.h>
#include <stdlib.h>

#include "persist_internal.h"

#define MS(at) "coalesce((extract(epoch FROM " at ") * 1000)::bigint, 0)"

int db_room_of_code(struct db *db, const char *code, uint64_t *out_room)
{
    PGresult *result;
    const char *params[] = { code };
    int failure = db_exec(db, DB_READS, "SELECT s.id FROM session s JOIN room r USING (id) WHERE s.code = $1", 1, params,
                          true, &result);
    if (failure)
        return failure;
    if (PQntuples(result) == 1)
        *out_room = (uint64_t)result_int64(result, 0, 0);
    else
        failure = LECTERN_ENOTFOUND;
    PQclear(result);
    return failure;
}

/* Copies one text cell; a full arena is remembered and reported once at the end. */
static struct str cell(const PGresult *result, int row, int column, struct arena *arena, bool *full)
{
    struct str out = { NULL, 0 };
    if (!arena_str(arena, result_str(result, row, column), &out))
        *full = true;
    return out;
}

static int load_room(struct db *db, const char *const *params, struct arena *arena, struct room_image *out)
{
    PGresult *r;
    bool full = false;
    int failure = db_exec(db, DB_WRITES,
        "SELECT r.id, r.seq, r.state::text, s.code, s.title, s.description, e.title, s.timezone, " MS("s.starts_at")
        ", " MS("s.ends_at") ", r.responses::bigint FROM room r JOIN session s USING (id) JOIN event e"
        " ON e.id = s.event_id WHERE r.id = $1::bigint", 1, params, true, &r);
    if (failure)
        return failure;
    if (PQntuples(r) == 0) {
        PQclear(r);
        return LECTERN_ENOTFOUND;
    }
    *out = (struct room_image){
        .id = (uint64_t)result_int64(r, 0, 0), .seq = (seq_t)result_int64(r, 0, 1),
        .state = (uint8_t)word_value(&word_list_session_state, result_str(r, 0, 2)),
        .code = cell(r, 0, 3, arena, &full), .title = cell(r, 0, 4, arena, &full),
        .description = cell(r, 0, 5, arena, &full), .event = cell(r, 0, 6, arena, &full),
        .timezone = cell(r, 0, 7, arena, &full), .starts_at = result_int64(r, 0, 8), .ends_at = result_int64(r, 0, 9),
        .responses = result_int64(r, 0, 10),
    };
    PQclear(r);
    return full ? LECTERN_EFULL : 0;
}

static int load_policies(struct db *db, const char *const *params, struct room_image *out)
{
    PGresult *r;
    for (unsigned i = 0; i < POLICY_COUNT; i++)
        out->policies[i] = policy_rows[i].initial;
    int failure = db_exec(db, DB_WRITES, "SELECT p.key, p.value::bigint FROM room, jsonb_each_text(policies) p"
                          " WHERE id = $1::bigint", 1, params, true, &r);
    if (failure)
        return failure;
    for (int row = 0; row < PQntuples(r); row++) {
        int policy = word_value(&word_list_policy, result_str(r, row, 0));
        if (policy >= 0)
            out->policies[policy] = result_int64(r, row, 1);
    }
    PQclear(r);
    return 0;
}

static void read_question(const PGresult *r, int row, struct arena *arena, bool *full, struct question *q)
{
    *q = (struct question){
        .id = (uint64_t)result_int64(r, row, 0), .asker = (uint64_t)result_int64(r, row, 1),
        .state = (uint8_t)word_value(&word_list_question_state, result_str(r, row, 2)),
        .reason = (uint8_t)word_value(&word_list_reason, result_str(r, row, 3)),
        .published = *PQgetvalue(r, row, 4), .anonymous = *PQgetvalue(r, row, 5),
        .reply_private = *PQgetvalue(r, row, 6), .edited = *PQgetvalue(r, row, 7),
        .votes = (uint32_t)result_int32(r, row, 8), .asked_at = result_int64(r, row, 9), .state_at = result_int64(r, row, 10),
        .answered_at = result_int64(r, row, 11), .text = cell(r, row, 12, arena, full),
        .original = cell(r, row, 13, arena, full), .name = cell(r, row, 14, arena, full),
        .note = cell(r, row, 15, arena, full), .reply = cell(r, row, 16, arena, full),
    };
}

static int load_questions(struct db *db, const char *const *params, struct arena *arena, struct room_image *out)
{
    PGresult *r;
    bool full = false;
    int failure = db_exec(db, DB_WRITES,
        "SELECT id, asker, state::text, reason::text, published_at IS NOT NULL, anonymous, reply_private, edited, votes, "
        MS("asked_at") ", " MS("state_at") ", " MS("answered_at") ", text, coalesce(original, ''), name, note, reply"
        " FROM question WHERE room_id = $1::bigint ORDER BY id", 1, params, true, &r);
    if (failure)
        return failure;
    int count = PQntuples(r);
    struct question *questions = count ? arena_alloc(arena, (size_t)count * sizeof(*questions)) : NULL;
    full = count && !questions;
    for (int row = 0; !full && row < count; row++)
        read_question(r, row, arena, &full, &questions[row]);
    out->questions = questions;
    out->question_count = (size_t)count;
    PQclear(r);
    return full ? LECTERN_EFULL : 0;
}

/* One statement of the transaction's frame, without a result to look at. */
static int frame(struct db *db, bool reads, const char *sql)
{
    PGresult *r;
    int failure = db_exec(db, reads, sql, 0, NULL, false, &r);
    if (!failure)
        PQclear(r);
    return failure;
}

static int load_once(struct db *db, const char *const *params, struct arena *arena, struct room_image *out)
{
    int failure = frame(db, DB_READS, "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY");
    if (failure)
        return failure;
    failure = load_room(db, params, arena, out);
    if (!failure)
        failure = load_policies(db, params, out);
    if (!failure)
        failure = load_questions(db, params, arena, out);
    if (PQstatus(db->conn) == CONNECTION_OK)
        PQclear(PQexec(db->conn, "ROLLBACK")); /* read only: nothing to commit */
    return failure;
}

int db_room_load(struct db *db, uint64_t room, struct arena *arena, struct room_image *out)
{
    char id[24];
    const char *params[] = { id };
    snprintf(id, sizeof(id), "%llu", (unsigned long long)room);
    int failure = load_once(db, params, arena, out);
    if (failure == LECTERN_EAWAY && !pg_is_alive(db->conn))
        failure = load_once(db, params, arena, out); /* from the start: one snapshot */
    return failure;
}

static void put_positions(const struct room_position *rooms, size_t count, struct buf *ids, struct buf *held)
{
    buf_init(ids, 1 << 24);
    buf_init(held, 1 << 24);
    for (size_t i = 0; i < count; i++) {
        buf_printf(ids, "%c%llu", i ? ',' : '{', (unsigned long long)rooms[i].room_id);
        buf_printf(held, "%c%llu", i ? ',' : '{', (unsigned long long)rooms[i].held);
    }
    buf_put(ids, "}", 2);
    buf_put(held, "}", 2);
}

int db_events_after(struct db *db, const struct room_position *rooms, size_t count, size_t limit,
                    void (*each)(void *arg, const struct store_event *event), void *arg)
{
    struct buf ids, held;
    char most[24];
    PGresult *r;
    if (count == 0)
        return 0;
    put_positions(rooms, count, &ids, &held);
    snprintf(most, sizeof(most), "%zu", limit);
    const char *params[] = { (const char *)ids.data, (const char *)held.data, most };
    int failure = db_exec(db, DB_READS,
        "SELECT e.room_id, e.seq, " MS("e.at") ", e.actor, e.kind::text, e.body"
        " FROM unnest($1::bigint[], $2::bigint[]) p (room_id, held) JOIN room r ON r.id = p.room_id AND r.seq > p.held"
        " CROSS JOIN LATERAL (SELECT * FROM room_event e WHERE e.room_id = p.room_id AND e.seq > p.held"
        " ORDER BY e.seq LIMIT $3::bigint) e ORDER BY e.room_id, e.seq LIMIT $3", 3, params, true, &r);
    buf_release(&ids);
    buf_release(&held);
    if (failure)
        return failure;
    for (int row = 0; row < PQntuples(r); row++) {
        struct store_event event = {
            (uint64_t)result_int64(r, row, 0), (seq_t)result_int64(r, row, 1), result_int64(r, row, 2),
            (uint64_t)result_int64(r, row, 3), (uint8_t)word_value(&word_list_event, result_str(r, row, 4)), result_str(r, row, 5),
        };
        each(arg, &event);
    }
    PQclear(r);
    return 0;
}
