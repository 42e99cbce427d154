/* connect.c - libpq connections that notice when the other side has gone, and errors without user text. */
#include <endian.h>
#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "persist_internal.h"

ms_t clock_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (ms_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

/* libpq takes the last value of a keyword, so our defaults stand before `dbname`, which is expanded. */
static PGconn *start(const char *conninfo, const char *application)
{
    const char *const keywords[] = { "keepalives_idle",  "keepalives_interval", "keepalives_count",
                                     "tcp_user_timeout", "connect_timeout",     "client_encoding",
                                     "dbname",           "application_name",    NULL };
    const char *const values[] = { "10", "5", "3", "15000", "5", "UTF8", conninfo, application, NULL };
    return PQconnectStartParams(keywords, values, 1);
}

PGconn *pg_connect(const char *conninfo, const char *application, int timeout_ms)
{
    PGconn *conn = start(conninfo, application);
    if (!conn)
        abort();
    ms_t end = clock_ms() + timeout_ms;
    PostgresPollingStatusType wanted = PGRES_POLLING_WRITING;
    while (PQstatus(conn) != CONNECTION_BAD && wanted != PGRES_POLLING_OK && wanted != PGRES_POLLING_FAILED) {
        struct pollfd fd = { PQsocket(conn), wanted == PGRES_POLLING_READING ? POLLIN : POLLOUT, 0 };
        ms_t left = end - clock_ms();
        int ready = left > 0 ? poll(&fd, 1, (int)left) : 0;
        if (ready < 0 && errno == EINTR)
            continue;
        if (ready <= 0) { /* too slow: the caller sees a connection that is not OK */
            break;
        }
        wanted = PQconnectPoll(conn);
    }
    return conn;
}

bool pg_is_alive(PGconn *conn)
{
    struct pollfd fd = { conn ? PQsocket(conn) : -1, POLLIN, 0 };
    return conn && PQstatus(conn) == CONNECTION_OK && poll(&fd, 1, 0) <= 0;
}

bool pg_is_passing(const char *sqlstate)
{
    static const char *const prefixes[] = { "08", "40", "53", "57P", "57014", "55P03", "25006", "25P0", "58" };
    if (!sqlstate)
        return true;
    for (size_t i = 0; i < LECTERN_COUNT(prefixes); i++)
        if (strncmp(sqlstate, prefixes[i], strlen(prefixes[i])) == 0)
            return true;
    return false;
}

void pg_describe(const PGresult *result, char *out, size_t size)
{
    const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *constraint = PQresultErrorField(result, PG_DIAG_CONSTRAINT_NAME);
    const char *table = PQresultErrorField(result, PG_DIAG_TABLE_NAME);
    snprintf(out, size, "sqlstate %s%s%s%s%s", state ? state : "none", constraint ? " constraint " : "",
             constraint ? constraint : "", table ? " table " : "", table ? table : "");
}

int64_t result_int64(const PGresult *result, int row, int column)
{
    uint64_t n;
    memcpy(&n, PQgetvalue(result, row, column), sizeof(n));
    return (int64_t)be64toh(n);
}

int32_t result_int32(const PGresult *result, int row, int column)
{
    uint32_t n;
    memcpy(&n, PQgetvalue(result, row, column), sizeof(n));
    return (int32_t)be32toh(n);
}

struct str result_str(const PGresult *result, int row, int column)
{
    return (struct str){ PQgetvalue(result, row, column), (size_t)PQgetlength(result, row, column) };
}
