/* persist_internal.h - what the files of persist share and nobody else sees. */
#ifndef LECTERN_PERSIST_INTERNAL_H
#define LECTERN_PERSIST_INTERNAL_H

#include <libpq-fe.h>

#include "lectern/arena.h"
#include "lectern/db.h"
#include "lectern/store.h"

/* Organizer queries (query.c): $1 is the account (bigint), the others are text. */
extern const char *const db_query_sql[DB_QUERY_COUNT];

/* Migrations in order, embedded by embed.cmake. */
struct migration {
    const char *name;
    const char *sql;
};
extern const struct migration migrations[];
extern const size_t migration_count;

/* ---- connect.c ---- */

/* Connect within `timeout_ms`, with keepalives and timeouts where `conninfo` says nothing. Never NULL: look at
 * PQstatus. */
PGconn *pg_connect(const char *conninfo, const char *application, int timeout_ms);
/* Is the idle connection still there? The server says nothing unasked but goodbye, some time before it closes; a changed
 * setting, the other thing it may say, is well worth a new connection. */
bool pg_is_alive(PGconn *conn);
/* Would the same transaction succeed later or elsewhere? NULL (the connection broke) is yes. */
bool pg_is_passing(const char *sqlstate);
/* What went wrong, without any user text: SQLSTATE and the constraint. */
void pg_describe(const PGresult *result, char *out, size_t size);
ms_t clock_ms(void); /* monotonic */

/* Numbers of a binary result, in network order. */
int64_t result_int64(const PGresult *result, int row, int column);
int32_t result_int32(const PGresult *result, int row, int column);
struct str result_str(const PGresult *result, int row, int column);

/* ---- statements.c ---- */

#define PARAMS_MAX 14

/* Parameters of one statement. Texts of people travel in binary format: their length counts, not a NUL. */
struct params {
    int count;
    const char *values[PARAMS_MAX];
    int lengths[PARAMS_MAX];
    int formats[PARAMS_MAX];
};

/* A command as the store keeps it. */
struct entry {
    struct entry *next;
    uint64_t ticket, room_id, participant, question;
    struct command_id id;
    enum event_kind kind; /* of the event that it makes: which statement */
    bool on;              /* a vote's */
    bool done;            /* status and seq are final */
    enum store_status status;
    seq_t seq;
    ms_t submitted;
    struct str body;
    struct params params; /* not for votes: they go as arrays */
    struct arena arena;
};

extern const char statement_lock[], statement_vote[];
/* The statement of each event kind; NULL for EVENT_VOTED. */
extern const char *const statement_of_event[EVENT_COUNT];

/* Copy a command and make its parameters. NULL: too large. */
struct entry *entry_new(const struct store_command *command);
void entry_free(struct entry *entry);
/* "{live,stage}" for the bits of a mask. */
void mask_literal(const struct word_list *words, uint32_t mask, char *out, size_t size);
void command_id_text(const struct command_id *id, char out[33]);
/* Prepare all statements on a fresh connection. */
bool statements_prepare(PGconn *conn, char *error, size_t size);

/* ---- batch.c ---- */

/* What one round of the store's thread has finished: handed to the loop whole. */
struct batch {
    struct batch *next;
    struct entry **entries;
    size_t count;
    struct store_event *events;
    size_t event_count, event_capacity;
    struct arena bodies;
};

enum outcome {
    OUTCOME_COMMITTED,
    OUTCOME_REFUSED, /* a statement failed and would fail again; rolled back */
    OUTCOME_LOST     /* the connection broke or the error passes: reconnect and repeat */
};

/* One transaction for `count` entries: fills their status and adds their events to the batch when it commits. */
enum outcome batch_transact(PGconn *conn, struct batch *batch, struct entry **entries, size_t count, int timeout_ms,
                            char *error, size_t size);
void batch_free(struct batch *batch);

/* ---- db.c ---- */

struct db {
    char *conninfo;
    char *application;
    PGconn *conn;
    char error[256];
};

#define DB_READS true
#define DB_WRITES false

/* Run a statement with text parameters. 0 with *out to be PQclear'ed, or the error. */
LECTERN_MUSTCHECK int db_exec(struct db *db, bool reads, const char *sql, int count, const char *const *params,
                              bool binary, PGresult **out);
/* The same with the types of the parameters given. */
LECTERN_MUSTCHECK int db_exec_typed(struct db *db, bool reads, const char *sql, int count, const Oid *types,
                                    const char *const *params, bool binary, PGresult **out);
/* Be connected. 0 or LECTERN_EAWAY. */
LECTERN_MUSTCHECK int db_connect(struct db *db);
/* Note a failed result (cleared here) in db->error and say which error it is. */
int db_failed(struct db *db, PGresult *result);

#endif
