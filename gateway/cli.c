/* cli.c - `lectern <command>`: one table of commands; a plain sentence and status 1 when something is wrong. */
#include "cli.h"

#include <signal.h>
#include <stdio.h>
#include <sys/resource.h>

#include "lectern/db.h"
#include "listen.h"
#include "log.h"
#include "master.h"

#define FILES_MAX 1000000 /* libwebsockets keeps a table of this size, and turns beyond ten million into 2,560 */

static int cli_serve(int argc, char **argv, const struct config *config);
static int cli_migrate(int argc, char **argv, const struct config *config);

struct cli_command {
    const char *name;
    int (*run)(int argc, char **argv, const struct config *config);
    const char *usage, *text;
};

static const struct cli_command commands[] = {
    { "serve", cli_serve, "serve", "run the server" },
    { "migrate", cli_migrate, "migrate", "bring the database up to date" },
    { "user", cli_user, "user add --email ADDRESS --name NAME [--organization NAME [--role member|organizer|owner]]",
      "make an account; its password is the first line of standard input, or else one is made and printed" },
    { "setup-link", cli_setup_link, "setup-link [--url BASE]", "print the link that makes the first account" },
    { "demo", cli_demo, "demo [--url BASE]", "make a live session with questions to look at" },
    { "export", cli_export, "export CODE questions|votes|feedback|attendance [csv|json]",
      "write a session's data to standard output" },
    { "doctor", cli_doctor, "doctor", "check the settings, PostgreSQL, Redis, limits, clock and pages, and say what to do" },
};

static int fail(const char *text)
{
    fprintf(stderr, "lectern: %s\n", text);
    return 1;
}

static void raise_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    if (limit.rlim_max == RLIM_INFINITY || limit.rlim_max > FILES_MAX)
        limit.rlim_max = FILES_MAX;
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

/* What must be true before a worker is forked. The connection is closed again before the fork. */
static bool check_database(const struct config *config, char *error, size_t error_size)
{
    int applied = 0, known = 0;
    struct db *db = db_open(config->database_url, "lectern serve");
    int status = db_migration_state(db, &applied, &known);
    if (status == LECTERN_EAWAY)
        log_line(LOG_WARN, "the database does not answer; the workers keep trying", "error=%s", db_error(db));
    else if (status)
        snprintf(error, error_size, "the database cannot be used: %s", db_error(db));
    else if (applied < known)
        snprintf(error, error_size, "the database lacks %d of %d migrations: run lectern migrate", known - applied, known);
    else if (applied > known)
        snprintf(error, error_size, "the database was made by a newer version of Lectern: install that version");
    else
        status = LECTERN_OK;
    bool ok = status == LECTERN_EAWAY || (status == LECTERN_OK && applied == known);
    db_close(db);
    return ok;
}

static int cli_serve(int argc, char **argv, const struct config *config)
{
    char error[512] = "";
    if (argc > 1) {
        snprintf(error, sizeof error, "serve takes no argument \"%s\"", argv[1]);
        return fail(error);
    }
    if (!log_setup(config->log_level, config->log_format, "master"))
        return fail("log_level must be error, warn, info or debug, and log_format logfmt or json");
    if (!*config->database_url)
        return fail("database_url is not set: give DATABASE_URL, or database_url in the file named by --config");
    if (!listen_probe(config, error, sizeof error) || !check_database(config, error, sizeof error))
        return fail(error);
    raise_file_limit();
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0 && (int64_t)limit.rlim_cur < config->connections_max + 64) {
        snprintf(error, sizeof error,
                 "connections_max is %lld but this process may open only %lld files: raise the limit (ulimit -n, or "
                 "LimitNOFILE of the service), or lower connections_max",
                 (long long)config->connections_max, (long long)limit.rlim_cur);
        return fail(error);
    }
    signal(SIGPIPE, SIG_IGN);
    return master_run(config);
}

static void print_migration(void *arg, const char *name)
{
    int *count = arg;
    (*count)++;
    printf("applied %s\n", name);
}

static int cli_migrate(int argc, char **argv, const struct config *config)
{
    int count = 0, status = 0;
    (void)argv;
    if (argc > 1)
        return fail("migrate takes no arguments");
    if (!*config->database_url)
        return fail("database_url is not set: give DATABASE_URL, or database_url in the file named by --config");
    struct db *db = db_open(config->database_url, "lectern migrate");
    if (db_migrate(db, print_migration, &count) != 0) {
        fprintf(stderr, "lectern: the database could not be brought up to date: %s\n", db_error(db));
        status = 1;
    } else {
        printf("the database is up to date%s\n", count ? "" : "; nothing was missing");
    }
    db_close(db);
    return status;
}

static void print_usage(void)
{
    printf("Lectern %s: live questions and answers for events\n\nUsage: lectern COMMAND [--config FILE] [arguments]\n\n",
           LECTERN_VERSION);
    for (size_t i = 0; i < LECTERN_COUNT(commands); i++)
        printf("  %-12s %s\n", commands[i].name, commands[i].text);
    printf("  %-12s print the version\n  %-12s print a sample of the configuration file\n\n"
           "lectern COMMAND --help says more.\n", "version", "sample");
}

static int print_help(const struct cli_command *command)
{
    printf("Usage: lectern %s [--config FILE]\n\n%s.\n", command->usage, command->text);
    if (command->run == cli_serve) {
        printf("\nSettings, in the file named by --config as \"name = value\", or in the environment as LECTERN_NAME:\n\n");
        config_print_help(false);
    }
    return 0;
}

/* Take --config FILE (or --config=FILE) and --help out of the arguments. */
static bool take_options(int *argc, char **argv, const char **path, bool *help)
{
    int kept = 1;
    for (int i = 1; i < *argc; i++) {
        if (strcmp(argv[i], "--config") == 0) {
            if (i + 1 >= *argc)
                return false;
            *path = argv[++i];
        } else if (strncmp(argv[i], "--config=", 9) == 0) {
            *path = argv[i] + 9;
        } else if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
            *help = true;
        } else {
            argv[kept++] = argv[i];
        }
    }
    *argc = kept;
    argv[kept] = NULL;
    return true;
}

static int run_command(const struct cli_command *command, int argc, char **argv, const char *path)
{
    struct config config;
    char error[512];
    if (config_load(&config, path, error, sizeof error) != 0)
        return fail(error);
    int status = command->run(argc, argv, &config);
    config_release(&config);
    return status;
}

int cli_main(int argc, char **argv)
{
    const char *path = NULL;
    bool help = false;
    if (argc < 1 || !take_options(&argc, argv, &path, &help))
        return fail("--config needs a file");
    if (argc < 2) {
        print_usage();
        return help ? 0 : 1;
    }
    if (strcmp(argv[1], "version") == 0 || strcmp(argv[1], "--version") == 0) {
        printf("lectern %s\n", LECTERN_VERSION);
        return 0;
    }
    if (strcmp(argv[1], "sample") == 0) {
        config_print_help(true);
        return 0;
    }
    for (size_t i = 0; i < LECTERN_COUNT(commands); i++)
        if (strcmp(commands[i].name, argv[1]) == 0)
            return help ? print_help(&commands[i]) : run_command(&commands[i], argc - 1, argv + 1, path);
    fprintf(stderr, "lectern: there is no command \"%s\"; lectern --help lists them\n", argv[1]);
    return 1;
}
