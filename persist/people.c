/* people.c - who they are, that they came, what they voted for: one statement each for any number of people. */
#include <stdio.h>
#include <stdlib.h>

#include "persist_internal.h"

enum { PEOPLE_COLUMNS = 5 };

#define PEOPLE \
    "unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[]) WITH ORDINALITY" \
    " AS p (room_id, id, account_id, link_id, attends, n)"
/* What a role comes from, for a session s, an account a (found by the caller) and the id of a role link. */
#define ROLE \
    "greatest('attendee'::role, CASE WHEN m.role IN ('organizer', 'owner') THEN 'host'::role END, sr.role, l.role)"
#define ROLE_OF(LINK) \
    " JOIN event e ON e.id = s.event_id" \
    " LEFT JOIN membership m ON m.organization_id = e.organization_id AND m.account_id = a.id" \
    " LEFT JOIN session_role sr ON sr.session_id = s.id AND sr.account_id = a.id" \
    " LEFT JOIN role_link l ON l.id = " LINK " AND l.session_id = s.id AND l.revoked_at IS NULL" \
    " AND (l.expires_at IS NULL OR l.expires_at > now())"
/* The roles, for the answer and for the visit. An invented account or link gives nothing. */
#define ROLES \
    "known AS MATERIALIZED (SELECT p.n, p.room_id, p.id, a.id AS account_id, p.attends, " ROLE " AS role FROM " PEOPLE \
    " JOIN session s ON s.id = p.room_id JOIN room r ON r.id = s.id" \
    " LEFT JOIN account a ON a.id = p.account_id AND a.disabled_at IS NULL" ROLE_OF("p.link_id") ")"

static const char visits_and_roles[] =
    "WITH " ROLES ", visits AS (INSERT INTO participant AS p (room_id, id, account_id, role)"
    " SELECT DISTINCT ON (room_id, id) room_id, id, account_id, role FROM known WHERE attends = 1"
    " ORDER BY room_id, id, role DESC ON CONFLICT (room_id, id) DO UPDATE SET last_seen = now(), visits = p.visits + 1,"
    " account_id = coalesce(excluded.account_id, p.account_id), role = greatest(p.role, excluded.role))"
    " SELECT n, role::text FROM known";
static const char votes_of[] = "SELECT p.n, v.question_id FROM " PEOPLE
    " JOIN vote v ON v.room_id = p.room_id AND v.participant_id = p.id ORDER BY 1, 2";
static const char feedback_of[] =
    "SELECT p.n, coalesce(f.stars, 0)::bigint, coalesce(f.recommend, -1)::bigint, f.text, f.name FROM " PEOPLE
    " JOIN feedback f ON f.room_id = p.room_id AND f.participant_id = p.id";

static void put_column(struct buf *b, const struct person *people, size_t count, int column)
{
    buf_init(b, 1 << 24);
    for (size_t i = 0; i < count; i++) {
        const uint64_t cells[PEOPLE_COLUMNS] = { people[i].room_id, people[i].participant, people[i].account,
                                                 people[i].link, people[i].attends };
        buf_printf(b, "%c%llu", i ? ',' : '{', (unsigned long long)cells[column]);
    }
    buf_put(b, "}", 2);
}

static int read_roles(const PGresult *r, size_t count, struct arena *arena, struct person_answer *answers)
{
    (void)arena;
    for (int row = 0; row < PQntuples(r); row++) {
        size_t n = (size_t)result_int64(r, row, 0) - 1;
        int role = word_value(&word_list_role, result_str(r, row, 1));
        if (n < count && role >= 0)
            answers[n].role = (enum role)role;
    }
    return 0;
}

static int read_votes(const PGresult *r, size_t count, struct arena *arena, struct person_answer *answers)
{
    int rows = PQntuples(r);
    uint64_t *ids = rows ? arena_alloc(arena, (size_t)rows * sizeof(*ids)) : NULL;
    if (rows && !ids)
        return LECTERN_EFULL;
    for (int row = 0; row < rows; row++) {
        size_t n = (size_t)result_int64(r, row, 0) - 1;
        ids[row] = (uint64_t)result_int64(r, row, 1);
        if (n < count && answers[n].vote_count++ == 0)
            answers[n].votes = &ids[row];
    }
    return 0;
}

static int read_feedback(const PGresult *r, size_t count, struct arena *arena, struct person_answer *answers)
{
    for (int row = 0; row < PQntuples(r); row++) {
        size_t n = (size_t)result_int64(r, row, 0) - 1;
        if (n >= count)
            continue;
        struct feedback_record *f = &answers[n].feedback;
        answers[n].has_feedback = true;
        f->stars = result_int64(r, row, 1);
        f->recommend = result_int64(r, row, 2);
        if (!arena_str(arena, result_str(r, row, 3), &f->text) || !arena_str(arena, result_str(r, row, 4), &f->name))
            return LECTERN_EFULL;
    }
    return 0;
}

int db_people(struct db *db, const struct person *people, size_t count, struct arena *arena,
              struct person_answer *answers)
{
    static const struct {
        bool reads;
        const char *sql;
        int (*read)(const PGresult *r, size_t count, struct arena *arena, struct person_answer *answers);
    } steps[] = { { DB_WRITES, visits_and_roles, read_roles },
                  { DB_READS, votes_of, read_votes },
                  { DB_READS, feedback_of, read_feedback } };
    struct buf columns[PEOPLE_COLUMNS];
    const char *params[PEOPLE_COLUMNS];
    int failure = 0;
    memset(answers, 0, count * sizeof(*answers));
    if (count == 0)
        return 0;
    for (int i = 0; i < PEOPLE_COLUMNS; i++) {
        put_column(&columns[i], people, count, i);
        params[i] = (const char *)columns[i].data;
    }
    for (size_t i = 0; !failure && i < LECTERN_COUNT(steps); i++) {
        PGresult *result;
        failure = db_exec(db, steps[i].reads, steps[i].sql, PEOPLE_COLUMNS, params, true, &result);
        if (failure)
            break;
        failure = steps[i].read(result, count, arena, answers);
        PQclear(result);
    }
    for (int i = 0; i < PEOPLE_COLUMNS; i++)
        buf_release(&columns[i]);
    return failure;
}

/* The same rights by what a connection has shown: a login instead of the account that it was. */
static const char rights[] =
    "SELECT g.n, coalesce(a.id, 0)::bigint, " ROLE "::text"
    " FROM unnest($1::bigint[], $2::text[], $3::bigint[]) WITH ORDINALITY AS g (room_id, login, link_id, n)"
    " JOIN session s ON s.id = g.room_id"
    " LEFT JOIN login i ON i.token_hash = decode(g.login, 'hex') AND i.expires_at > now()"
    " LEFT JOIN account a ON a.id = i.account_id AND a.disabled_at IS NULL" ROLE_OF("g.link_id");

static void put_right(struct buf *b, const struct right *right, int column)
{
    if (column == 1)
        buf_printf(b, "\"%s\"", right->login);
    else
        buf_printf(b, "%llu", (unsigned long long)(column == 0 ? right->room_id : right->link));
}

int db_rights(struct db *db, struct right *list, size_t count)
{
    struct buf columns[3];
    const char *params[3];
    PGresult *r;
    if (count == 0)
        return 0;
    for (int c = 0; c < 3; c++) {
        buf_init(&columns[c], 1 << 24);
        for (size_t i = 0; i < count; i++) {
            buf_put_byte(&columns[c], i ? ',' : '{');
            put_right(&columns[c], &list[i], c);
        }
        buf_put(&columns[c], "}", 2);
        params[c] = (const char *)columns[c].data;
    }
    int failure = db_exec(db, DB_READS, rights, 3, params, true, &r);
    for (int c = 0; c < 3; c++)
        buf_release(&columns[c]);
    if (failure)
        return failure;
    for (size_t i = 0; i < count; i++) {
        list[i].account = 0;
        list[i].role = ROLE_ATTENDEE;
    }
    for (int row = 0; row < PQntuples(r); row++) {
        struct right *right = &list[result_int64(r, row, 0) - 1];
        right->account = (uint64_t)result_int64(r, row, 1);
        right->role = (enum role)word_value(&word_list_role, result_str(r, row, 2));
    }
    PQclear(r);
    return 0;
}

/* Room rows are locked in id order, as the store does. */
static const char presence[] =
    "WITH given AS (SELECT g.* FROM unnest($3::bigint[], $4::integer[], $5::integer[]) AS g (room_id, here, total)"
    " JOIN room r ON r.id = g.room_id), "
    "sampled AS (INSERT INTO presence_sample AS p (room_id, at, worker, here)"
    " SELECT room_id, to_timestamp($1::bigint / 1000.0), $2::text, max(here) FROM given GROUP BY room_id"
    " ON CONFLICT (room_id, at, worker) DO UPDATE SET here = greatest(p.here, excluded.here)), "
    "higher AS MATERIALIZED (SELECT r.id FROM room r WHERE r.id IN"
    " (SELECT room_id FROM given WHERE total > r.peak) ORDER BY r.id FOR UPDATE OF r) "
    "UPDATE room r SET peak = greatest(r.peak, g.total) FROM higher h"
    " JOIN (SELECT room_id, max(total) AS total FROM given GROUP BY room_id) g ON g.room_id = h.id WHERE r.id = h.id";

int db_presence(struct db *db, const char *worker, ms_t bucket, const struct presence_sample *samples,
                const uint32_t *totals, size_t count)
{
    struct buf columns[3];
    char at[24];
    PGresult *result;
    if (count == 0)
        return 0;
    for (size_t c = 0; c < LECTERN_COUNT(columns); c++) {
        buf_init(&columns[c], 1 << 24);
        for (size_t i = 0; i < count; i++) {
            uint64_t cell = c == 0 ? samples[i].room_id : c == 1 ? samples[i].here : totals[i];
            buf_printf(&columns[c], "%c%llu", i ? ',' : '{', (unsigned long long)cell);
        }
        buf_put(&columns[c], "}", 2);
    }
    snprintf(at, sizeof(at), "%lld", (long long)bucket);
    const char *params[] = { at, worker, (const char *)columns[0].data, (const char *)columns[1].data,
                             (const char *)columns[2].data };
    int failure = db_exec(db, DB_WRITES, presence, 5, params, false, &result);
    if (!failure)
        PQclear(result);
    for (size_t c = 0; c < LECTERN_COUNT(columns); c++)
        buf_release(&columns[c]);
    return failure;
}
