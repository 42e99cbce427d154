/* cli_admin.c - the operator's commands that talk to the database: accounts, the set-up link, exports, the doctor. */
#include <errno.h>
#include <hiredis/hiredis.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "auth.h"
#include "cli.h"
#include "lectern/db.h"
#include "lectern/text.h"

/* The value after `name`, or `fallback`. */
static const char *option(int argc, char **argv, const char *name, const char *fallback)
{
    for (int i = 0; i + 1 < argc; i++) {
        if (strcmp(argv[i], name) == 0)
            return argv[i + 1];
    }
    return fallback;
}

static int fail(const char *what, const char *why)
{
    fprintf(stderr, "lectern: %s: %s\n", what, why);
    return 1;
}

/* The password from standard input when it is not a terminal, else a made one. */
static void take_password(char out[AUTH_TOKEN_TEXT], bool *made)
{
    *made = isatty(STDIN_FILENO) || !fgets(out, AUTH_TOKEN_TEXT, stdin) || out[strcspn(out, "\r\n")] == '\0' || !strcspn(out, "\r\n");
    out[strcspn(out, "\r\n")] = '\0';
    if (*made || !*out) {
        *made = true;
        auth_token_make(out);
        out[20] = '\0';
    }
}

int cli_user(int argc, char **argv, const struct config *config)
{
    const char *email = option(argc, argv, "--email", NULL), *name = option(argc, argv, "--name", NULL);
    if (!email || !name)
        return fail("user add", "--email and --name are needed");
    char password[AUTH_TOKEN_TEXT], hash[160];
    bool made;
    take_password(password, &made);
    if (text_length(str_of(password)) < 8)
        return fail("user add", "the password needs 8 characters or more");
    if (!auth_password_hash(str_of(password), hash))
        return fail("user add", "the password could not be hashed");
    const char *params[] = { email, name, hash, option(argc, argv, "--organization", NULL) };
    struct db *db = db_open(config->database_url, "lectern user");
    struct buf row;
    buf_init(&row, 65536);
    int error = db_call(db, DB_ACCOUNT_CREATE, 0, params, 4, &row);
    if (error)
        fail("user add", error == LECTERN_EINVAL ? "this email address has an account, or is not one" : db_error(db));
    else if (made)
        printf("password: %s\n", password);
    buf_release(&row);
    db_close(db);
    return error ? 1 : 0;
}

int cli_setup_link(int argc, char **argv, const struct config *config)
{
    char token[AUTH_TOKEN_TEXT], hash[65];
    struct db *db = db_open(config->database_url, "lectern setup-link");
    struct buf row;
    buf_init(&row, 4096);
    int error = db_call(db, DB_SETUP_NEEDED, 0, NULL, 0, &row);
    if (!error && !str_equal(buf_str(&row), STR("true"))) {
        printf("There is an account already: sign in at %s/organize\n", option(argc, argv, "--url", ""));
    } else if (!error) {
        auth_token_make(token);
        auth_token_hash(str_of(token), hash);
        error = db_call(db, DB_SETUP_TOKEN_SET, 0, (const char *[]){ hash, "604800" }, 2, &row);
        if (!error)
            printf("Set up the first account: %s/setup/%s\n", option(argc, argv, "--url", ""), token);
    }
    if (error)
        fail("setup-link", db_error(db));
    buf_release(&row);
    db_close(db);
    return error ? 1 : 0;
}

static bool print_chunk(void *arg, struct str chunk)
{
    return fwrite(chunk.p, 1, chunk.n, arg) == chunk.n;
}

int cli_export(int argc, char **argv, const struct config *config)
{
    static const struct {
        const char *kind, *format;
        enum db_query query;
    } kinds[] = {
        { "questions", "csv", DB_EXPORT_QUESTIONS_CSV },   { "questions", "json", DB_EXPORT_QUESTIONS_JSON },
        { "votes", "csv", DB_EXPORT_VOTES_CSV },           { "votes", "json", DB_EXPORT_VOTES_JSON },
        { "feedback", "csv", DB_EXPORT_FEEDBACK_CSV },     { "feedback", "json", DB_EXPORT_FEEDBACK_JSON },
        { "attendance", "csv", DB_EXPORT_ATTENDANCE_CSV }, { "attendance", "json", DB_EXPORT_ATTENDANCE_JSON },
    };
    char code[LECTERN_CODE_LENGTH + 1], id[24];
    if (argc < 4 || !text_code_read(str_of(argv[1]), code))
        return fail("export", "give a session's code, questions, votes, feedback or attendance, and csv or json");
    for (size_t i = 0; i < LECTERN_COUNT(kinds); i++) {
        if (strcmp(kinds[i].kind, argv[2]) != 0 || strcmp(kinds[i].format, argv[3]) != 0)
            continue;
        struct db *db = db_open(config->database_url, "lectern export");
        uint64_t room;
        int error = db_room_of_code(db, code, &room);
        if (!error) {
            snprintf(id, sizeof id, "%llu", (unsigned long long)room);
            error = db_stream(db, kinds[i].query, 0, (const char *[]){ id }, 1, print_chunk, stdout);
        }
        if (error)
            fail("export", error == LECTERN_ENOTFOUND ? "no session has this code" : db_error(db));
        db_close(db);
        return error ? 1 : 0;
    }
    return fail("export", "there are questions, votes, feedback and attendance, as csv or json");
}

/* ---- doctor ---- */

static int verdict(bool good, const char *what, const char *advice)
{
    printf("%-4s %s%s%s\n", good ? "ok" : "BAD", what, good ? "" : ": ", good ? "" : advice);
    return !good;
}

static int check_redis(const char *urls)
{
    int bad = 0;
    char *list = strdup(urls), *rest = list, *url;
    while ((url = strsep(&rest, " "))) {
        if (!*url)
            continue;
        struct timeval patience = { 2, 0 };
        redisContext *redis;
        if (strncmp(url, "unix:", 5) == 0) {
            redis = redisConnectUnixWithTimeout(url + 5, patience);
        } else {
            char host[256] = "";
            int port = 6379;
            const char *at = strchr(url, '@');
            sscanf(at ? at + 1 : strncmp(url, "redis://", 8) == 0 ? url + 8 : url, "%255[^:/]:%d", host, &port);
            redis = redisConnectWithTimeout(host, port, patience);
        }
        bad += verdict(redis && !redis->err, "Redis", "cannot be reached; check redis_urls, and that the server runs");
        if (redis)
            redisFree(redis);
    }
    free(list);
    return bad + verdict(*urls != '\0', "redis_urls", "is empty: rooms still cross workers, but a quarter of a second late");
}

int cli_doctor(int argc, char **argv, const struct config *config)
{
    (void)argc, (void)argv;
    struct rlimit files;
    struct db *db = db_open(config->database_url, "lectern doctor");
    int applied = 0, known = 0, bad = 0;
    bool up = db_ping(db) == 0;
    bad += verdict(up, "PostgreSQL", db_error(db));
    if (up) {
        bool read = db_migration_state(db, &applied, &known) == 0;
        bad += verdict(read && applied == known, "migrations", applied > known ? "the database is newer than this program: install the newer one"
                                                                                : "some are missing: run lectern migrate");
    }
    bad += check_redis(config->redis_urls);
    getrlimit(RLIMIT_NOFILE, &files);
    bad += verdict((int64_t)files.rlim_max >= config->connections_max + 200, "file limit",
                   "lower than connections_max needs: raise it (LimitNOFILE=) or lower connections_max");
    char index[4096];
    snprintf(index, sizeof index, "%s/index.html", config->web_root);
    bad += verdict(access(index, R_OK) == 0, "pages", "web_root has no index.html: build web/ and set web_root");
    db_close(db);
    return bad ? 1 : 0;
}
