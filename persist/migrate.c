/* migrate.c - bring the schema up to this program, one transaction per migration, one program at a time. */
#include <stdio.h>
#include <stdlib.h>

#include "persist_internal.h"

#define LOCK_KEY "7810203045"

static int run(struct db *db, const char *sql)
{
    PGresult *result = PQexec(db->conn, sql);
    ExecStatusType status = PQresultStatus(result);
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK)
        return db_failed(db, result);
    PQclear(result);
    return 0;
}

static bool knows(const char *name)
{
    for (size_t i = 0; i < migration_count; i++)
        if (strcmp(migrations[i].name, name) == 0)
            return true;
    return false;
}

static bool holds(const PGresult *applied, const char *name)
{
    for (int row = 0; row < PQntuples(applied); row++)
        if (strcmp(PQgetvalue(applied, row, 0), name) == 0)
            return true;
    return false;
}

static int apply(struct db *db, const struct migration *m)
{
    const char *params[] = { m->name };
    PGresult *result;
    int failure = run(db, "BEGIN");
    if (!failure)
        failure = run(db, m->sql);
    if (!failure)
        failure = db_exec(db, DB_WRITES, "INSERT INTO schema_migration (name) VALUES ($1)", 1, params, false, &result);
    if (!failure) {
        PQclear(result);
        failure = run(db, "COMMIT");
    }
    if (!failure)
        return 0;
    char why[256];
    snprintf(why, sizeof(why), "%s", db->error);
    PQclear(PQexec(db->conn, "ROLLBACK"));
    snprintf(db->error, sizeof(db->error), "%.40s: %.200s", m->name, why);
    return PQstatus(db->conn) == CONNECTION_OK ? LECTERN_EINVAL : LECTERN_EAWAY;
}

static int apply_missing(struct db *db, void (*report)(void *arg, const char *name), void *arg)
{
    PGresult *applied;
    int failure = run(db, "CREATE TABLE IF NOT EXISTS schema_migration"
                          " (name text PRIMARY KEY, applied_at timestamptz NOT NULL DEFAULT now())");
    if (!failure)
        failure = db_exec(db, DB_WRITES, "SELECT name FROM schema_migration", 0, NULL, false, &applied);
    if (failure)
        return failure;
    for (int row = 0; !failure && row < PQntuples(applied); row++) {
        if (knows(PQgetvalue(applied, row, 0)))
            continue;
        snprintf(db->error, sizeof(db->error), "the database is newer than this program");
        failure = LECTERN_EINVAL;
    }
    for (size_t i = 0; !failure && i < migration_count; i++) {
        if (holds(applied, migrations[i].name))
            continue;
        failure = apply(db, &migrations[i]);
        if (!failure && report)
            report(arg, migrations[i].name);
    }
    PQclear(applied);
    return failure;
}

int db_migrate(struct db *db, void (*report)(void *arg, const char *name), void *arg)
{
    int failure = db_connect(db);
    if (!failure)
        failure = run(db, "SET client_min_messages = warning; SET statement_timeout = 0");
    if (!failure)
        failure = run(db, "SELECT pg_advisory_lock(" LOCK_KEY ")");
    if (failure)
        return failure;
    failure = apply_missing(db, report, arg);
    PQfinish(db->conn); /* ends the lock and the settings with it */
    db->conn = NULL;
    return failure;
}

int db_migration_state(struct db *db, int *out_applied, int *out_known)
{
    PGresult *result;
    *out_applied = 0;
    *out_known = (int)migration_count;
    int failure = db_exec(db, DB_READS, "SELECT to_regclass('schema_migration') IS NOT NULL", 0, NULL, false, &result);
    if (failure)
        return failure;
    bool exists = *PQgetvalue(result, 0, 0) == 't';
    PQclear(result);
    if (!exists)
        return 0;
    failure = db_exec(db, DB_READS, "SELECT count(*) FROM schema_migration", 0, NULL, false, &result);
    if (failure)
        return failure;
    *out_applied = atoi(PQgetvalue(result, 0, 0));
    PQclear(result);
    return 0;
}

int db_secret(struct db *db, uint8_t out[32])
{
    PGresult *result;
    int failure = db_exec(db, DB_READS, "SELECT value FROM setting WHERE name = 'secret'", 0, NULL, true, &result);
    if (failure)
        return failure;
    if (PQntuples(result) == 1 && PQgetlength(result, 0, 0) >= 32)
        memcpy(out, PQgetvalue(result, 0, 0), 32);
    else
        failure = LECTERN_ENOTFOUND;
    PQclear(result);
    return failure;
}
