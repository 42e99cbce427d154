/* db.c - the blocking connection of a pool thread: connect, run, and say what went wrong without user text. */
#include <stdio.h>
#include <stdlib.h>

#include "persist_internal.h"

enum { CONNECT_MS = 5000 };

struct db *db_open(const char *conninfo, const char *application)
{
    struct db *db = calloc(1, sizeof(*db));
    if (!db || !(db->conninfo = strdup(conninfo)) || !(db->application = strdup(application)))
        abort();
    return db;
}

void db_close(struct db *db)
{
    if (!db)
        return;
    PQfinish(db->conn);
    free(db->conninfo);
    free(db->application);
    free(db);
}

const char *db_error(const struct db *db)
{
    return db->error;
}

int db_connect(struct db *db)
{
    if (pg_is_alive(db->conn))
        return 0;
    PQfinish(db->conn);
    db->conn = pg_connect(db->conninfo, db->application, CONNECT_MS);
    if (PQstatus(db->conn) == CONNECTION_OK) {
        PGresult *result = PQexec(db->conn, "SET statement_timeout = '30s'; SET timezone = 'UTC'; SET jit = off");
        bool ok = PQresultStatus(result) == PGRES_COMMAND_OK;
        PQclear(result);
        if (ok)
            return 0;
    }
    snprintf(db->error, sizeof(db->error), "cannot connect");
    PQfinish(db->conn);
    db->conn = NULL;
    return LECTERN_EAWAY;
}

int db_failed(struct db *db, PGresult *result)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
    bool value = state && (strncmp(state, "22", 2) == 0 || strncmp(state, "23", 2) == 0);
    if (value && constraint)
        snprintf(db->error, sizeof(db->error), "%s", constraint);
    else
        pg_describe(result, db->error, sizeof(db->error));
    PQclear(result);
    return value ? LECTERN_EINVAL : LECTERN_EAWAY;
}

int db_exec_typed(struct db *db, bool reads, const char *sql, int count, const Oid *types,
                  const char *const *params, bool binary, PGresult **out)
{
    for (int attempt = 0;; attempt++) {
        int failure = db_connect(db);
        if (failure)
            return failure;
        PGresult *result = PQexecParams(db->conn, sql, count, types, params, NULL, NULL, binary);
        ExecStatusType status = PQresultStatus(result);
        if (status == PGRES_COMMAND_OK || status == PGRES_TUPLES_OK) {
            *out = result;
            return 0;
        }
        if (attempt == 0 && reads && PQstatus(db->conn) == CONNECTION_BAD) {
            PQclear(result);
            continue;
        }
        return db_failed(db, result);
    }
}

int db_exec(struct db *db, bool reads, const char *sql, int count, const char *const *params, bool binary,
            PGresult **out)
{
    return db_exec_typed(db, reads, sql, count, NULL, params, binary, out);
}

int db_ping(struct db *db)
{
    PGresult *result;
    int failure = db_exec(db, DB_READS, "SELECT 1", 0, NULL, false, &result);
    if (!failure)
        PQclear(result);
    return failure;
}
