/* call.c - the organizer queries of query.c: one text as the answer, or a stream of rows in constant memory. */
#include <stdio.h>
#include <stdlib.h>

#include "persist_internal.h"

enum { QUERY_PARAMS_MAX = 16, OID_INT8 = 20, OID_TEXT = 25 };

int db_call(struct db *db, enum db_query query, uint64_t account, const char *const *params, size_t count,
            struct buf *out)
{
    const char *values[QUERY_PARAMS_MAX];
    Oid types[QUERY_PARAMS_MAX];
    char id[24];
    if (count >= QUERY_PARAMS_MAX)
        return LECTERN_EINVAL;
    snprintf(id, sizeof(id), "%llu", (unsigned long long)account);
    values[0] = id;
    types[0] = OID_INT8;
    for (size_t i = 0; i < count; i++) {
        values[i + 1] = params[i];
        types[i + 1] = OID_TEXT;
    }
    PGresult *result;
    const char *sql = db_query_sql[query];
    bool reads = strncmp(sql, "SELECT", 6) == 0;
    int failure = db_exec_typed(db, reads, sql, (int)count + 1, types, values, false, &result);
    if (failure)
        return failure;
    if (PQntuples(result) == 0)
        failure = LECTERN_ENOTFOUND;
    else
        buf_put_str(out, result_str(result, 0, 0));
    PQclear(result);
    return failure;
}

/* COPY takes no parameters: write them into the statement as literals. */
static bool put_statement(struct db *db, struct buf *b, const char *sql, const char *account, const char *const *params,
                          size_t count)
{
    buf_put_str(b, STR("COPY ("));
    for (const char *p = sql; *p; p++) {
        char *end;
        unsigned long n = *p == '$' && p[1] >= '1' && p[1] <= '9' ? strtoul(p + 1, &end, 10) : 0;
        if (n == 0 || n > count + 1) {
            buf_put_byte(b, (uint8_t)*p);
            continue;
        }
        const char *value = n == 1 ? account : params[n - 2];
        char *literal = value ? PQescapeLiteral(db->conn, value, strlen(value)) : NULL;
        if (value && !literal)
            return false;
        buf_printf(b, "(%s)::%s", literal ? literal : "NULL", n == 1 ? "bigint" : "text");
        PQfreemem(literal);
        p = end - 1;
    }
    buf_put(b, ") TO STDOUT", sizeof(") TO STDOUT"));
    return !b->failed;
}

/* Undo COPY's text format in place: one column, so no tabs to split at. The row's newline stays. */
static size_t unescape(char *row, size_t n)
{
    static const char from[] = "bfnrtv", to[] = "\b\f\n\r\t\v";
    size_t out = 0;
    for (size_t i = 0; i < n; i++) {
        char c = row[i];
        if (c == '\\' && i + 1 < n) {
            c = row[++i];
            const char *found = strchr(from, c);
            if (found && c)
                c = to[found - from];
        }
        row[out++] = c;
    }
    return out;
}

static int stream_rows(struct db *db, bool (*each)(void *arg, struct str chunk), void *arg)
{
    bool any = false, stopped = false;
    char *row;
    int n;
    while ((n = PQgetCopyData(db->conn, &row, 0)) > 0) {
        any = true;
        size_t length = unescape(row, (size_t)n);
        if (!stopped && !each(arg, (struct str){ row, length })) {
            char ignored[256];
            PGcancel *cancel = PQgetCancel(db->conn);
            stopped = true;
            if (cancel)
                PQcancel(cancel, ignored, sizeof(ignored));
            PQfreeCancel(cancel);
        }
        PQfreemem(row);
    }
    int failure = any ? 0 : LECTERN_ENOTFOUND;
    for (PGresult *end; (end = PQgetResult(db->conn));) {
        if (PQresultStatus(end) == PGRES_COMMAND_OK || stopped)
            PQclear(end);
        else
            failure = db_failed(db, end);
    }
    return failure;
}

int db_stream(struct db *db, enum db_query query, uint64_t account, const char *const *params, size_t count,
              bool (*each)(void *arg, struct str chunk), void *arg)
{
    struct buf statement;
    char id[24];
    int failure = db_connect(db);
    if (failure)
        return failure;
    snprintf(id, sizeof(id), "%llu", (unsigned long long)account);
    buf_init(&statement, 1 << 20);
    if (!put_statement(db, &statement, db_query_sql[query], id, params, count)) {
        buf_release(&statement);
        snprintf(db->error, sizeof(db->error), "parameters cannot be written");
        return LECTERN_EINVAL;
    }
    PGresult *result = PQexec(db->conn, (const char *)statement.data);
    buf_release(&statement);
    if (PQresultStatus(result) != PGRES_COPY_OUT)
        return db_failed(db, result);
    PQclear(result);
    return stream_rows(db, each, arg);
}
