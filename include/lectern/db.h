/* db.h - everything asked of PostgreSQL that is not a command: one blocking connection, used by one pool thread.
 *
 * A call that finds its connection broken reconnects once and tries again if it only reads; otherwise it returns
 * LECTERN_EAWAY and the next call reconnects. All calls have a statement timeout. Errors are logged by the caller
 * with db_error(), which never holds user text.
 */
#ifndef LECTERN_DB_H
#define LECTERN_DB_H

#include "lectern/arena.h"
#include "lectern/buf.h"
#include "lectern/room.h"
#include "lectern/store.h"

struct db;

/* Does not connect yet. Never NULL. */
struct db *db_open(const char *conninfo, const char *application);
void db_close(struct db *db); /* NULL is fine */
/* What went wrong last, for the log. Valid until the next call. */
const char *db_error(const struct db *db);

/* 0 when the database answers. */
LECTERN_MUSTCHECK int db_ping(struct db *db);

/* ---- migrations ---- */

/* Apply what is missing, under an advisory lock so that several may start at once. `report` (may be NULL) is called
 * for each migration applied. LECTERN_EAWAY, or LECTERN_EINVAL when one fails (db_error says which) or the database is
 * newer than this program. */
LECTERN_MUSTCHECK int db_migrate(struct db *db, void (*report)(void *arg, const char *name), void *arg);
/* How many migrations are applied, and how many this program knows. */
LECTERN_MUSTCHECK int db_migration_state(struct db *db, int *out_applied, int *out_known);
/* The key that signs cookies and tokens: 32 random bytes made by the first migration, the same for all gateways. */
LECTERN_MUSTCHECK int db_secret(struct db *db, uint8_t out[32]);

/* ---- rooms ---- */

/* The room of a join code. LECTERN_ENOTFOUND. */
LECTERN_MUSTCHECK int db_room_of_code(struct db *db, const char *code, uint64_t *out_room);
/* The whole room from one REPEATABLE READ transaction; slices live in `arena`. LECTERN_ENOTFOUND, LECTERN_EFULL. */
LECTERN_MUSTCHECK int db_room_load(struct db *db, uint64_t room, struct arena *arena, struct room_image *out);

struct room_position {
    uint64_t room_id;
    seq_t held;
};
/* Events after the position of each room, ascending seq within a room, at most `limit` rows in all (the rest comes
 * with the next call). The callback's event is valid during the call. One query whatever `count` is. */
LECTERN_MUSTCHECK int db_events_after(struct db *db, const struct room_position *rooms, size_t count, size_t limit,
                                      void (*each)(void *arg, const struct store_event *event), void *arg);

/* ---- people: looked up and recorded in batches, never one by one ---- */

struct person {
    uint64_t room_id;
    uint64_t participant;
    uint64_t account;  /* 0: none; from a login (resolved before, see db_login) */
    uint64_t link;     /* 0: none; id of the role link in the signed grant cookie */
    bool attends;      /* record the visit (not for the stage page) */
    uint64_t login_check; /* unused by persist; the caller's */
};
struct person_answer {
    enum role role;            /* highest of account, link, attendee */
    const uint64_t *votes;     /* question ids voted for */
    size_t vote_count;
    bool has_feedback;
    struct feedback_record feedback;
};
/* Record visits (participant rows, with one statement) and look up role, votes and feedback of each person.
 * answers[i] belongs to people[i]; memory in `arena`. */
LECTERN_MUSTCHECK int db_people(struct db *db, const struct person *people, size_t count, struct arena *arena,
                                struct person_answer *answers);

/* What a connection's rights rest on, and what they are now. */
struct right {
    uint64_t room_id;
    char login[65]; /* SHA-256 of the login token in hexadecimal; "": none */
    uint64_t link;  /* 0: none */
    uint64_t account; /* out: 0 when the login is over */
    enum role role;   /* out */
};
/* Look up the rights of any number of connections again, with one statement. The list may hold 100,000. */
LECTERN_MUSTCHECK int db_rights(struct db *db, struct right *list, size_t count);

struct presence_sample {
    uint64_t room_id;
    uint32_t here; /* participants connected to this worker */
};
/* One point of the reach curve per room: `bucket` is the time of the sample rounded down to 10 s. Also raises
 * room.peak to `total` where it is higher. */
LECTERN_MUSTCHECK int db_presence(struct db *db, const char *worker, ms_t bucket, const struct presence_sample *samples,
                                  const uint32_t *totals, size_t count);

/* ---- organizer queries (persist/query.c) ---- */

/* One row of the query table (persist/tbl/query.h): named statements whose first parameter is the account asking
 * (0: nobody) and whose result is at most one row with one text column, usually JSON made by PostgreSQL. Who may see
 * or change what is decided in the statement, by joining membership. */
enum db_query {
#define LECTERN_ROW_QUERY(NAME) DB_##NAME,
#include "lectern/tbl/query.h"
    DB_QUERY_COUNT
#undef LECTERN_ROW_QUERY
};

/* Run one. `params` are texts, NULL for SQL NULL. 0 with the text appended to `out`; LECTERN_ENOTFOUND when there was
 * no row (it does not exist or is not this account's); LECTERN_EINVAL when a constraint refused the values (db_error
 * gives the constraint's name alone); LECTERN_EAWAY. */
LECTERN_MUSTCHECK int db_call(struct db *db, enum db_query query, uint64_t account, const char *const *params,
                              size_t count, struct buf *out);

/* Stream a query as text chunks (COPY TO STDOUT), for exports of any size in constant memory. `each` returns false to
 * stop early (the reader has gone). Same errors as db_call. */
LECTERN_MUSTCHECK int db_stream(struct db *db, enum db_query query, uint64_t account, const char *const *params,
                                size_t count, bool (*each)(void *arg, struct str chunk), void *arg);

#endif
