/* audience.h - the members of one server, who count what reaches them, and the one who speaks.
 *
 * Whatever the server, a message (or a change of a room) has a number: 1, 2, 3 … from when all members are there. A
 * member must receive them in order and without a hole; how it learns the numbers is the dialect's business.
 */
#ifndef COMPARE_AUDIENCE_H
#define COMPARE_AUDIENCE_H

#include "../histogram.h"
#include "line.h"

#define SENT_SLOTS 65536u

struct audience;

/* How one kind of server is spoken to. */
struct dialect {
    const char *name;
    const char *path, *subprotocol;
    bool posts; /* publishes by HTTP, on a connection of its own */
    void (*opened)(struct audience *audience, struct line *line);
    void (*received)(struct audience *audience, struct line *line, struct str payload);
    bool (*publish)(struct audience *audience, uint64_t number);
};

extern const struct dialect *const dialects[];
extern const struct dialect dialect_lectern; /* dialect_lectern.c; the others are in dialects.c */

struct counts {
    uint64_t published;
    uint64_t changes;  /* numbers received, all members together */
    uint64_t messages; /* that carried them: fewer when a server merges */
    uint64_t bytes;
};

struct audience {
    const struct dialect *dialect;
    struct line_host host;
    const char *server; /* host:port, for the Host header */
    const char *code;   /* Lectern: join code */
    size_t size;        /* bytes of a message, for those who send what they are given */
    struct line *lines; /* one more than `count`: the last posts */
    size_t count, opened, ready;
    struct counts n;
    uint64_t wrong;
    uint64_t sent_at[SENT_SLOTS]; /* ns, by number */
    uint64_t now;                 /* ns, when the bytes in hand were read */
    struct histogram latency;
};

/* The line has subscribed: what is published from now on must reach it. */
void audience_ready(struct audience *audience, struct line *line);
/* The line has received the numbers from `from` + 1 to `to`, in one message. */
void audience_delivered(struct audience *audience, struct line *line, uint64_t from, uint64_t to);
void audience_wrong(struct audience *audience, const char *format, ...) LECTERN_PRINTF(2, 3);

/* The message with this number: 16 digits and filling. */
struct str audience_message(const struct audience *audience, uint64_t number);
/* The same read back; the line has received it. */
void audience_heard(struct audience *audience, struct line *line, struct str message);

#endif
