/* member.h - one person in the room: applies every frame as the protocol says, and notices when it cannot.
 *
 * A member has one command under way at most, and keeps it until it is answered, over reconnects.
 */
#ifndef LOADTEST_MEMBER_H
#define LOADTEST_MEMBER_H

#include "client.h"
#include "histogram.h"
#include "options.h"
#include "screens.h"

#define CACHE_SLOTS 32u

struct load;

struct seen {
    uint64_t id;
    int64_t votes;
    uint64_t rest; /* hash of everything else that is shown */
    bool votable;
};

struct member {
    struct client client;
    struct load *load;
    char token[128];
    bool joined; /* welcome, and its snapshot or word that it is resumed */
    bool connected_before;
    seq_t held;
    uint64_t info;     /* hash of the session record */
    struct seen *seen; /* by id */
    size_t count, capacity;
    uint64_t *voted; /* ids voted for, as acknowledged */
    size_t voted_count, voted_capacity;
    size_t pending;        /* index of the command under way, plus one; 0: none */
    uint64_t resend_at;    /* µs; 0: not waiting */
    uint64_t reconnect_at; /* µs; 0: not waiting */
    int64_t closing_ms;    /* retry_ms of the `closing` message; -2: none came */
    unsigned attempts;
};

struct sent {
    struct member *member;
    struct command command;
    uint64_t at; /* µs, first sending */
    seq_t seq;   /* 0: not acknowledged */
};

/* The same frame goes to everybody: it is decoded once, and recognised by its bytes. */
struct cached {
    struct buf bytes;
    struct arena arena;
    struct server_message message;
};

struct counters {
    uint64_t frames, votes, asks, acked, refused, retried, snapshots, resumed, gaps, reconnects, wrong;
};

struct load {
    struct options options;
    uv_loop_t *loop;
    struct str request; /* of the upgrade */
    struct member *members;
    size_t joined;
    struct sent *sent;
    size_t sent_count, sent_capacity;
    uint64_t nonce;
    struct cached cache[CACHE_SLOTS];
    struct screens screens;
    struct histogram *ack_times;
    struct counters n;
    bool ending; /* connections end because we end them */
};

uint64_t now_us(void);

/* Something is not as it must be: counted, the first few are printed. */
void load_wrong(struct load *load, const char *format, ...) LECTERN_PRINTF(2, 3);

void member_init(struct member *member, struct load *load);
void member_release(struct member *member);
void member_connect(struct member *member);
/* Reconnect or send again what is due. */
void member_tick(struct member *member, uint64_t now);
/* Send a new command; the member must be joined and have none under way. */
void member_command(struct member *member, const struct command *command);
bool member_has_voted(const struct member *member, uint64_t question);
/* Everything that the member sees, as one number. */
uint64_t member_hash(const struct member *member);

#endif
