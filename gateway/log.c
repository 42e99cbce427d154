/* log.c - one write(2) per line, so that lines of several processes and threads never mix. */
#include "log.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

#define LINE_MAX_BYTES 2048

static const char *const level_words[] = { "error", "warn", "info", "debug" };

/* Set before any thread is started, read-only afterwards. */
static struct {
    enum log_level level;
    bool json;
    char process[32];
} setup = { LOG_INFO, false, "lectern" };

bool log_setup(const char *level, const char *format, const char *process)
{
    bool json = strcmp(format, "json") == 0;
    if (!json && strcmp(format, "logfmt") != 0)
        return false;
    for (size_t i = 0; i < LECTERN_COUNT(level_words); i++) {
        if (strcmp(level_words[i], level) == 0) {
            setup.level = (enum log_level)i;
            setup.json = json;
            snprintf(setup.process, sizeof setup.process, "%s", process);
            return true;
        }
    }
    return false;
}

struct line {
    char text[LINE_MAX_BYTES];
    size_t n;
};

static void put(struct line *line, char c)
{
    if (line->n < sizeof line->text - 2) /* room for } and the newline */
        line->text[line->n++] = c;
}

static void put_text(struct line *line, const char *text)
{
    while (*text)
        put(line, *text++);
}

static void put_quoted(struct line *line, const char *text, size_t n)
{
    put(line, '"');
    for (size_t i = 0; i < n; i++) {
        unsigned char c = (unsigned char)text[i];
        if (line->n > sizeof line->text - 16)
            break;
        if (c == '"' || c == '\\') {
            put(line, '\\');
            put(line, (char)c);
        } else if (c < ' ' || c == 0x7f) {
            char escape[8];
            snprintf(escape, sizeof escape, "\\u%04x", c);
            put_text(line, escape);
        } else {
            put(line, (char)c);
        }
    }
    put(line, '"');
}

static bool is_plain(const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++)
        if ((unsigned char)text[i] <= ' ' || text[i] == '"' || text[i] == '=' || text[i] == '\\' || text[i] == 0x7f)
            return false;
    return n > 0;
}

static void put_pair(struct line *line, const char *key, size_t key_n, const char *value, size_t n)
{
    if (setup.json) {
        put(line, line->n == 1 ? ' ' : ',');
        put_quoted(line, key, key_n);
        put(line, ':');
        put_quoted(line, value, n);
        return;
    }
    if (line->n)
        put(line, ' ');
    for (size_t i = 0; i < key_n; i++)
        put(line, key[i]);
    put(line, '=');
    if (is_plain(value, n))
        for (size_t i = 0; i < n; i++)
            put(line, value[i]);
    else
        put_quoted(line, value, n);
}

/* The next " key=" at or after `from`: a value may hold spaces, and ends where the next key begins. */
static const char *next_key(const char *from)
{
    for (const char *p = strchr(from, ' '); p; p = strchr(p + 1, ' ')) {
        size_t n = strspn(p + 1, "abcdefghijklmnopqrstuvwxyz_0123456789");
        if (n && p[1 + n] == '=')
            return p;
    }
    return NULL;
}

static void put_pairs(struct line *line, const char *pairs)
{
    while (*pairs == ' ')
        pairs++;
    while (*pairs) {
        const char *equal = strchr(pairs, '=');
        if (!equal) {
            put_pair(line, "detail", 6, pairs, strlen(pairs));
            return;
        }
        const char *next = next_key(equal + 1), *end = next ? next : equal + strlen(equal);
        put_pair(line, pairs, (size_t)(equal - pairs), equal + 1, (size_t)(end - equal - 1));
        pairs = next ? next + 1 : end;
    }
}

void log_line(enum log_level level, const char *what, const char *pairs, ...)
{
    if (level > setup.level)
        return;
    char text[LINE_MAX_BYTES / 2], at[40], stamp[64];
    va_list list;
    va_start(list, pairs);
    vsnprintf(text, sizeof text, pairs, list);
    va_end(list);
    struct timespec now;
    struct tm utc;
    clock_gettime(CLOCK_REALTIME, &now);
    gmtime_r(&now.tv_sec, &utc);
    strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%S", &utc);
    snprintf(stamp, sizeof stamp, "%s.%03ldZ", at, now.tv_nsec / 1000000);
    struct line line = { .n = 0 };
    if (setup.json)
        put(&line, '{');
    put_pair(&line, "at", 2, stamp, strlen(stamp));
    put_pair(&line, "level", 5, level_words[level], strlen(level_words[level]));
    put_pair(&line, "process", 7, setup.process, strlen(setup.process));
    put_pair(&line, "what", 4, what, strlen(what));
    put_pairs(&line, text);
    if (setup.json)
        line.text[line.n++] = '}';
    line.text[line.n++] = '\n';
    ssize_t written = write(STDERR_FILENO, line.text, line.n);
    (void)written; /* nobody is left to be told */
}
