/* language.h - the words of a scenario line and the values they stand for, both ways.
 *
 * Commands are read, events and records written, field by field from the tables of include/lectern/tbl, so a new field
 * needs nothing here. */
#ifndef LECTERN_TESTS_SCENARIOS_LANGUAGE_H
#define LECTERN_TESTS_SCENARIOS_LANGUAGE_H

#include "lectern/buf.h"
#include "lectern/room.h"

#define TOKENS_MAX 48
#define LABELS_MAX 256
#define PEOPLE_FIRST 1000 /* participants are numbered from here, so that they are never taken for questions */

/* Questions and people by the names that a scenario gives them. */
struct label {
    char name[32];
    uint64_t id;
    uint8_t role; /* of a person */
};
struct labels {
    struct label list[LABELS_MAX];
    size_t count;
};
struct label *label_named(struct labels *labels, const char *name);
const char *label_of(const struct labels *labels, uint64_t id); /* NULL: none */
bool label_add(struct labels *labels, const char *name, uint64_t id, uint8_t role);

/* Split a line in place: white space between tokens, double quotes around anything, # starts a comment. */
size_t tokens_split(char *line, char *tokens[TOKENS_MAX]);

/* tokens[0] is the command's word, then its fields in wire order; fields left out are empty. NULL, or what is wrong. */
const char *command_read(struct labels *labels, char **tokens, size_t count, struct command *out);

/* One line `field=value` for each field. */
void event_write(const struct labels *labels, const struct room_event *event, struct buf *out);
void question_write(const struct labels *labels, const struct question_record *record, struct buf *out);
void info_write(const struct labels *labels, const struct info_record *record, struct buf *out);
/* Is `expectation` (field=value) one of the lines? */
bool lines_have(const struct buf *lines, const char *expectation);

#endif
