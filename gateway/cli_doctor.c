/* cli_doctor.c - looks at everything the server needs before it is started, and says what to do about each fault. */
#include <errno.h>
#include <hiredis/hiredis.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "assets.h"
#include "cli.h"
#include "lectern/db.h"

#define REDIS_SECONDS 2
#define CLOCK_MS 2000 /* more than this and times on the pages look wrong */

/* One line; 1 when it is a fault. */
static int verdict(bool good, const char *what, const char *advice)
{
    printf("%-4s %s%s%s\n", good ? "ok" : "BAD", what, good ? "" : ": ", good ? "" : advice);
    return !good;
}

static int check_clock(struct db *db)
{
    struct buf row;
    struct timespec now;
    buf_init(&row, 64);
    int bad = 0;
    if (db_call(db, DB_CLOCK, 0, NULL, 0, &row) == LECTERN_OK) {
        buf_put_byte(&row, 0);
        clock_gettime(CLOCK_REALTIME, &now);
        int64_t here = (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
        int64_t apart = here - strtoll((const char *)row.data, NULL, 10);
        char advice[128];
        snprintf(advice, sizeof advice, "%" PRId64 " ms from the database's; run an NTP client on both", apart);
        bad = verdict(apart > -CLOCK_MS && apart < CLOCK_MS, "clock", advice);
    }
    buf_release(&row);
    return bad;
}

static int check_database(const struct config *config)
{
    int applied = 0, known = 0;
    if (!*config->database_url)
        return verdict(false, "PostgreSQL",
                       "database_url is not set: give DATABASE_URL, or database_url in the file named by --config");
    struct db *db = db_open(config->database_url, "lectern doctor");
    char advice[400];
    bool up = db_ping(db) == LECTERN_OK;
    snprintf(advice, sizeof advice, "%s; check database_url, and that the server runs and lets this user in",
             db_error(db));
    int bad = verdict(up, "PostgreSQL", advice);
    if (up) {
        bool read = db_migration_state(db, &applied, &known) == LECTERN_OK;
        bad += verdict(read && applied == known, "migrations",
                       read && applied > known ? "the database is newer than this program: install the newer version"
                                               : "some are missing: run lectern migrate");
        bad += check_clock(db);
    }
    db_close(db);
    return bad;
}

/* The user and password in redis://[user][:password@]host[:port], as texts to be freed. */
static redisReply *authenticate(redisContext *redis, const char *credentials, size_t n)
{
    const char *colon = memchr(credentials, ':', n);
    size_t user = colon ? (size_t)(colon - credentials) : n;
    const char *password = colon ? colon + 1 : "";
    size_t length = colon ? n - user - 1 : 0;
    if (user)
        return redisCommand(redis, "AUTH %b %b", credentials, user, password, length);
    return redisCommand(redis, "AUTH %b", password, length);
}

static redisContext *redis_connect(const char *url)
{
    const struct timeval patience = { REDIS_SECONDS, 0 };
    if (strncmp(url, "unix:", 5) == 0)
        return redisConnectUnixWithTimeout(url + 5, patience);
    const char *host = strncmp(url, "redis://", 8) == 0 ? url + 8 : url, *at = strrchr(host, '@');
    char name[256] = "";
    int port = 6379;
    if (sscanf(at ? at + 1 : host, "[%255[^]]]:%d", name, &port) < 1)
        sscanf(at ? at + 1 : host, "%255[^:/]:%d", name, &port);
    redisContext *redis = redisConnectWithTimeout(name, port, patience);
    if (redis && !redis->err && at)
        freeReplyObject(authenticate(redis, host, (size_t)(at - host)));
    return redis;
}

/* Connecting is not enough: a server that wants a password, or still loads, answers PING with an error. */
static int check_redis(const char *url, unsigned number)
{
    char what[32], advice[300];
    const struct timeval patience = { REDIS_SECONDS, 0 };
    redisContext *redis = redis_connect(url);
    redisReply *reply = NULL;
    if (redis && !redis->err && redisSetTimeout(redis, patience) == REDIS_OK)
        reply = redisCommand(redis, "PING");
    bool good = reply && reply->type == REDIS_REPLY_STATUS;
    const char *why = reply && reply->type == REDIS_REPLY_ERROR ? reply->str
                      : redis && *redis->errstr                 ? redis->errstr
                                                                : "no answer";
    snprintf(what, sizeof what, "Redis %u", number);
    snprintf(advice, sizeof advice, "%.200s; check redis_urls, and that the server runs", why);
    int bad = verdict(good, what, advice);
    if (reply)
        freeReplyObject(reply);
    if (redis)
        redisFree(redis);
    return bad;
}

static int check_all_redis(const char *urls)
{
    int bad = 0;
    unsigned number = 0;
    char *list = strdup(urls), *rest = list, *url;
    if (!list)
        abort();
    while ((url = strsep(&rest, " ")))
        if (*url)
            bad += check_redis(url, ++number);
    free(list);
    if (number == 0)
        printf("note redis_urls is empty: rooms still cross workers, but a quarter of a second late\n");
    return bad;
}

static int check_files(const struct config *config)
{
    struct rlimit files = { 0 };
    char advice[160];
    getrlimit(RLIMIT_NOFILE, &files);
    snprintf(advice, sizeof advice,
             "only %ju, and connections_max is %" PRId64 ": raise it (ulimit -n, LimitNOFILE=) or lower that",
             (uintmax_t)files.rlim_max, config->connections_max);
    bool enough = files.rlim_max == RLIM_INFINITY || (int64_t)files.rlim_max >= config->connections_max + 64;
    return verdict(enough, "file limit", advice);
}

static int check_pages(const struct config *config)
{
    char folder[PATH_MAX], index[PATH_MAX + 16] = "";
    if (assets_root(config->web_root, folder))
        snprintf(index, sizeof index, "%s/index.html", folder);
    return verdict(access(index, R_OK) == 0, "pages", "there is no index.html: build web/ and set web_root to its dist");
}

int cli_doctor(int argc, char **argv, const struct config *config)
{
    (void)argv;
    if (argc > 1) {
        fprintf(stderr, "lectern: doctor takes no arguments\n");
        return 1;
    }
    int bad = check_database(config) + check_all_redis(config->redis_urls) + check_files(config);
    return bad + check_pages(config) ? 1 : 0;
}
