/* screens.h - when each change of a room reached each screen.
 *
 * The frame that shows a vote may arrive before its ack says which seq it has. So the arrivals of each frame are kept,
 * and joined with the commands at the end. Arrivals within RUN_US of each other are one run: ten thousand screens are
 * some hundred runs, and no time is wrong by more than that.
 */
#ifndef LOADTEST_SCREENS_H
#define LOADTEST_SCREENS_H

#include "histogram.h"
#include "lectern/base.h"

#define RUN_US 50u

struct arrival_run {
    uint32_t after; /* µs after the first arrival of the frame */
    uint32_t count;
};
struct arrivals {
    seq_t from, to;           /* a screen went from one seq to the other … */
    uint64_t first;           /* … first at this time (µs) … */
    struct arrival_run *runs; /* … and the others later */
    size_t count, capacity;
};
struct screens {
    struct arrivals *frames;
    size_t count, capacity;
};

/* A command, by the seq that it got. */
struct shown {
    seq_t seq;
    uint64_t at;      /* µs, when it was sent */
    uint64_t last;    /* µs, when the last screen showed it */
    uint64_t screens; /* how many screens */
};

void screens_release(struct screens *screens);
void screens_arrived(struct screens *screens, seq_t from, seq_t to, uint64_t now_us);
/* Fill `last` and `screens` of the commands, which are sorted by seq, and add the time to each screen. */
void screens_measure(const struct screens *screens, struct shown *commands, size_t count, struct histogram *out);

#endif
