/* config.c - settings: one table says name, type, default and range; file and environment go through the same parser. */
#include "config.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>

enum config_type { CONFIG_text, CONFIG_number };

struct config_row {
    const char *name;
    enum config_type type;
    size_t offset;
    const char *initial;
    int64_t low, high;
    const char *unit, *text;
};

#define ROW_text(initial) initial
#define ROW_number(initial) #initial
#define ROW(name, type, initial, low, high, unit, text) \
    { #name, CONFIG_##type, offsetof(struct config, name), ROW_##type(initial), low, high, unit, text },
static const struct config_row rows[] = { LECTERN_CONFIG(ROW) };

static const struct config_row *row_of(const char *name)
{
    for (size_t i = 0; i < LECTERN_COUNT(rows); i++)
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    return NULL;
}

static char **text_at(struct config *config, const struct config_row *row)
{
    return (char **)((char *)config + row->offset);
}

static int set_number(struct config *config, const struct config_row *row, const char *value, const char *where,
                      char *error, size_t error_size)
{
    char *end = NULL;
    errno = 0;
    long long number = strtoll(value, &end, 10);
    if (errno || end == value || *end || number < row->low || number > row->high) {
        snprintf(error, error_size, "%s: %s must be a number from %lld to %lld, not \"%s\"", where, row->name,
                 (long long)row->low, (long long)row->high, value);
        return LECTERN_EINVAL;
    }
    *(int64_t *)((char *)config + row->offset) = number;
    return LECTERN_OK;
}

static int set_value(struct config *config, const struct config_row *row, const char *value, const char *where,
                     char *error, size_t error_size)
{
    if (row->type == CONFIG_number)
        return set_number(config, row, value, where, error, error_size);
    for (const char *p = value; *p; p++) {
        if ((unsigned char)*p < ' ' || *p == 0x7f) { /* such a value could end up in a header */
            snprintf(error, error_size, "%s: %s holds a control character", where, row->name);
            return LECTERN_EINVAL;
        }
    }
    char **text = text_at(config, row);
    free(*text);
    *text = strdup(value);
    if (!*text)
        abort();
    return LECTERN_OK;
}

static char *trim(char *text)
{
    while (isspace((unsigned char)*text))
        text++;
    char *end = text + strlen(text);
    while (end > text && isspace((unsigned char)end[-1]))
        *--end = 0;
    return text;
}

static int read_line(struct config *config, char *line, const char *where, char *error, size_t error_size)
{
    char *name = trim(line);
    if (!*name || *name == '#')
        return LECTERN_OK;
    char *equal = strchr(name, '=');
    if (!equal) {
        snprintf(error, error_size, "%s: expected \"name = value\"", where);
        return LECTERN_EINVAL;
    }
    *equal = 0;
    name = trim(name);
    const struct config_row *row = row_of(name);
    if (!row) {
        snprintf(error, error_size, "%s: there is no setting \"%s\"; lectern serve --help lists them", where, name);
        return LECTERN_EINVAL;
    }
    char *value = trim(equal + 1);
    size_t n = strlen(value);
    if (n >= 2 && value[0] == '"' && value[n - 1] == '"') {
        value[n - 1] = 0;
        value++;
    }
    return set_value(config, row, value, where, error, error_size);
}

static int read_file(struct config *config, const char *path, char *error, size_t error_size)
{
    FILE *file = fopen(path, "re");
    if (!file) {
        snprintf(error, error_size, "cannot read the configuration file %s: %s", path, strerror(errno));
        return LECTERN_EINVAL;
    }
    char *line = NULL, where[512];
    size_t room = 0;
    int status = LECTERN_OK;
    for (int number = 1; status == LECTERN_OK && getline(&line, &room, file) >= 0; number++) {
        snprintf(where, sizeof where, "%s:%d", path, number);
        status = read_line(config, line, where, error, error_size);
    }
    free(line);
    fclose(file);
    return status;
}

static int read_environment(struct config *config, char *error, size_t error_size)
{
    for (size_t i = 0; i < LECTERN_COUNT(rows); i++) {
        char key[80] = "LECTERN_";
        size_t n = strlen(key);
        for (const char *p = rows[i].name; *p && n < sizeof key - 1; p++)
            key[n++] = (char)toupper((unsigned char)*p);
        key[n] = 0;
        const char *value = getenv(key), *where = key;
        if (!value && (strcmp(rows[i].name, "database_url") == 0 || strcmp(rows[i].name, "redis_urls") == 0))
            value = getenv(where = key + strlen("LECTERN_"));
        if (value) {
            int status = set_value(config, &rows[i], value, where, error, error_size);
            if (status)
                return status;
        }
    }
    return LECTERN_OK;
}

int config_load(struct config *config, const char *path, char *error, size_t error_size)
{
    *config = (struct config){ 0 };
    int status = LECTERN_OK;
    for (size_t i = 0; i < LECTERN_COUNT(rows) && status == LECTERN_OK; i++)
        status = set_value(config, &rows[i], rows[i].initial, "default", error, error_size);
    if (status == LECTERN_OK && path)
        status = read_file(config, path, error, error_size);
    if (status == LECTERN_OK)
        status = read_environment(config, error, error_size);
    if (status)
        config_release(config);
    return status;
}

void config_release(struct config *config)
{
    for (size_t i = 0; i < LECTERN_COUNT(rows); i++)
        if (rows[i].type == CONFIG_text)
            free(*text_at(config, &rows[i]));
    *config = (struct config){ 0 };
}

void config_print_help(bool as_sample)
{
    if (as_sample)
        printf("# Settings of Lectern. Each can also be given in the environment as LECTERN_NAME.\n");
    for (size_t i = 0; i < LECTERN_COUNT(rows); i++) {
        const struct config_row *row = &rows[i];
        char range[96] = "";
        if (row->type == CONFIG_number)
            snprintf(range, sizeof range, " (%lld to %lld%s%s)", (long long)row->low, (long long)row->high,
                     *row->unit ? " " : "", row->unit);
        if (as_sample)
            printf("\n# %s%s\n#%s = %s\n", row->text, range, row->name, row->initial);
        else
            printf("  %-24s %s%s; default: %s\n", row->name, row->text, range, *row->initial ? row->initial : "(empty)");
    }
}

bool config_word_in(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = list; n && (p = strstr(p, word)); p += n)
        if ((p == list || p[-1] == ' ' || p[-1] == ',') && (p[n] == 0 || p[n] == ' ' || p[n] == ','))
            return true;
    return false;
}
