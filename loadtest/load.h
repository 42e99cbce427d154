/* load.h - what the parts of the load generator share: the rooms, the commands sent, the counters. */
#ifndef LOADTEST_LOAD_H
#define LOADTEST_LOAD_H

#include <uv.h>

#include "histogram.h"
#include "options.h"
#include "screens.h"
#include "view.h"

#define SECONDS_MAX 3600u

struct member;

/* What the votes of a question must come to: what there was before, and what has been acknowledged since. */
struct tally {
    uint64_t id;
    int64_t votes;
    bool known; /* what there was before */
};

struct room {
    const char *code;
    struct member *first; /* members are dealt out: every rooms-th from here on */
    struct view_ring views;
    struct screens screens;
    seq_t start;      /* seq when acting began */
    seq_t most_acked; /* highest seq of an ack */
    uint64_t acked;
    struct tally *tallies; /* by id */
    size_t tally_count, tally_capacity;
};

/* A command; its id is made of the run's nonce and its place in the list. */
struct sent {
    uint64_t question; /* 0: it asks one */
    uint64_t at;       /* µs, first sending; 0: its time does not count */
    seq_t seq;         /* 0: not acknowledged */
    uint32_t member;
    bool on, done, retry, measured;
};

struct counters {
    uint64_t frames, votes, taken_back, asks, acked, refused, retried, snapshots, resumed, gaps, reconnects, leaves,
        wrong;
};

/* Times that are added up as they come. */
struct times {
    struct histogram ack, join;
    struct histogram wait;           /* from losing a connection to the first try */
    struct histogram back;           /* from losing a connection to being live again */
    uint64_t window_us;              /* the longest that the first try after a loss could have waited */
    uint64_t join_began, join_ended; /* of those who join while the others act, or of all */
    uint64_t lost_first, back_last;
    uint64_t acks_by_second[SECONDS_MAX];
};

struct load {
    struct options options;
    uv_loop_t *loop;
    struct str request; /* of the upgrade */
    char *codes;        /* all of them, cut up */
    struct room *rooms;
    size_t room_count;
    struct member *members;
    size_t joined;
    struct member **waiting; /* who waits for a time */
    size_t waiting_count;
    struct sent *sent;
    size_t sent_count, sent_capacity;
    uint64_t nonce;
    struct frames frames;
    struct times times;
    struct counters n;
    bool acting, measuring;
    uint64_t act_began, measure_began, measure_ended;
    uint64_t frames_before, frames_after; /* n.frames at those two times */
    uint64_t random;
    uint64_t under_way; /* commands without an answer */
    bool ending;        /* connections end because we end them */
};

uint64_t now_us(void);

/* Something is not as it must be: counted, the first few are printed. */
void load_wrong(struct load *load, const char *format, ...) LECTERN_PRINTF(2, 3);

/* `memory` with room for one more element than `count`. */
void *load_room_for(void *memory, size_t count, size_t *capacity, size_t size);

/* From a generator of its own, started by --seed: 48 bits. */
uint64_t load_random(struct load *load);

/* An answer came: let somebody do something if something is due. */
void load_act(struct load *load);

/* ---- judge.c ---- */

struct tally *judge_tally(struct room *room, uint64_t question);
/* Acting begins: remember the votes there are. */
void judge_begin(struct load *load);
/* Nobody waits for an answer, everybody in a room is at the same seq, and that is not before any ack. */
bool judge_is_even(const struct load *load);
/* All screens are the same and show what was acknowledged; what is not so is complained about. */
void judge_end(struct load *load);
/* What must be in the database, for a comparison from outside. */
void judge_dump(struct load *load, const char *path);

/* ---- report.c ---- */

void report(struct load *load);

#endif
