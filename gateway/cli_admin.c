/* cli_admin.c - the operator's commands that talk to the database: accounts, the set-up link, exports. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "auth.h"
#include "cli.h"
#include "lectern/db.h"
#include "lectern/text.h"

/* The value after `name`, or `fallback`. */
static const char *option(int argc, char **argv, const char *name, const char *fallback)
{
    for (int i = 1; i + 1 < argc; i++) {
        if (strcmp(argv[i], name) == 0)
            return argv[i + 1];
    }
    return fallback;
}

static bool flag(int argc, char **argv, const char *name)
{
    for (int i = 1; i < argc; i++)
        if (strcmp(argv[i], name) == 0)
            return true;
    return false;
}

static int fail(const char *what, const char *why)
{
    fprintf(stderr, "lectern: %s: %s\n", what, why);
    return 1;
}

#define PASSWORD_SIZE 1026 /* the longest that the API takes, with its newline */

/* The first line of standard input, unless that is a terminal or empty: then one is made. false: a bad length. */
static bool take_password(char out[PASSWORD_SIZE], bool *made)
{
    *made = isatty(STDIN_FILENO) || !fgets(out, PASSWORD_SIZE, stdin);
    if (!*made) {
        out[strcspn(out, "\r\n")] = '\0';
        *made = *out == '\0';
    }
    if (*made) {
        auth_token_make(out);
        out[20] = '\0';
    }
    return text_length(str_of(out)) >= 8 && strlen(out) <= 1024;
}

/* user add --email ADDRESS --name NAME [--organization NAME [--role member|organizer|owner]] */
int cli_user(int argc, char **argv, const struct config *config)
{
    const char *email = option(argc, argv, "--email", NULL), *name = option(argc, argv, "--name", NULL);
    const char *role = option(argc, argv, "--role", NULL);
    char password[PASSWORD_SIZE], hash[160];
    bool made;
    if (argc < 2 || strcmp(argv[1], "add") != 0 || !email || !name)
        return fail("user", "say user add --email ADDRESS --name NAME [--organization NAME [--role ROLE]]");
    if (role && word_value(&word_list_member_role, str_of(role)) < 0)
        return fail("user add", "--role is member, organizer or owner");
    if (!take_password(password, &made))
        return fail("user add", "a password has 8 characters or more, and at most 1024 bytes");
    if (!auth_password_hash(str_of(password), hash))
        return fail("user add", "the password could not be hashed");
    const char *params[] = { email, name, hash, option(argc, argv, "--organization", NULL), role };
    struct db *db = db_open(config->database_url, "lectern user");
    struct buf row;
    buf_init(&row, 65536);
    int error = db_call(db, DB_ACCOUNT_CREATE, 0, params, 5, &row);
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
    const char *base = option(argc, argv, "--url", *config->public_url ? config->public_url : "http://localhost:8080");
    struct db *db = db_open(config->database_url, "lectern setup-link");
    struct buf row;
    buf_init(&row, 4096);
    int error = db_call(db, DB_SETUP_NEEDED, 0, NULL, 0, &row);
    if (!error && !str_equal(buf_str(&row), STR("true"))) {
        printf("There is an account already: sign in at %s/organize\n", base);
    } else if (!error) {
        auth_token_make(token);
        auth_token_hash(str_of(token), hash);
        error = db_call(db, DB_SETUP_TOKEN_SET, 0, (const char *[]){ hash, "604800" }, 2, &row);
        if (!error)
            printf("Set up the first account: %s/setup/%s\n", base, token);
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

/* export CODE questions|votes|feedback|attendance [csv|json|--json] */
int cli_export(int argc, char **argv, const struct config *config)
{
    static const struct {
        const char *kind;
        enum db_query csv, json;
    } kinds[] = {
        { "questions", DB_EXPORT_QUESTIONS_CSV, DB_EXPORT_QUESTIONS_JSON },
        { "votes", DB_EXPORT_VOTES_CSV, DB_EXPORT_VOTES_JSON },
        { "feedback", DB_EXPORT_FEEDBACK_CSV, DB_EXPORT_FEEDBACK_JSON },
        { "attendance", DB_EXPORT_ATTENDANCE_CSV, DB_EXPORT_ATTENDANCE_JSON },
    };
    char code[LECTERN_CODE_LENGTH + 1], id[24];
    bool json = flag(argc, argv, "--json") || flag(argc, argv, "json");
    size_t i = 0;
    if (argc < 3 || !text_code_read(str_of(argv[1]), code))
        return fail("export", "give a session's code, and questions, votes, feedback or attendance; then csv or json");
    while (i < LECTERN_COUNT(kinds) && strcmp(kinds[i].kind, argv[2]) != 0)
        i++;
    if (i == LECTERN_COUNT(kinds) || (argc > 3 && !json && !flag(argc, argv, "csv")))
        return fail("export", "there are questions, votes, feedback and attendance, as csv or json");
    struct db *db = db_open(config->database_url, "lectern export");
    uint64_t room;
    int error = db_room_of_code(db, code, &room);
    if (!error) {
        snprintf(id, sizeof id, "%llu", (unsigned long long)room);
        error = db_stream(db, json ? kinds[i].json : kinds[i].csv, 0, (const char *[]){ id }, 1, print_chunk, stdout);
    }
    bool written = fflush(stdout) == 0 && !ferror(stdout);
    if (error || !written)
        fail("export", error == LECTERN_ENOTFOUND ? "no session has this code" : error ? db_error(db)
                                                                                       : strerror(errno));
    db_close(db);
    return error || !written ? 1 : 0;
}
