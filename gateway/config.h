/* config.h - the settings of include/lectern/tbl/config.h, read from a file and the environment. Immutable once loaded. */
#ifndef GATEWAY_CONFIG_H
#define GATEWAY_CONFIG_H

#include "lectern/base.h"
#include "lectern/tbl/config.h"

#define LECTERN_CONFIG_text(name) char *name;
#define LECTERN_CONFIG_number(name) int64_t name;
#define LECTERN_ROW_CONFIG(name, type, initial, low, high, unit, text) LECTERN_CONFIG_##type(name)
struct config { LECTERN_CONFIG(LECTERN_ROW_CONFIG) };

/* Defaults, then the file at `path` (NULL: none; lines `name = value`, # comments), then the environment. On a bad key
 * or value writes one plain line that says what to change into `error` and returns LECTERN_EINVAL. */
LECTERN_MUSTCHECK int config_load(struct config *config, const char *path, char *error, size_t error_size);
void config_release(struct config *config);
/* Print the reference of all keys (for --help, or as a sample file). */
void config_print_help(bool as_sample);

/* Is `word` one of a setting's words, which spaces or commas separate? */
bool config_word_in(const char *list, const char *word);

#endif
