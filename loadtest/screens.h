/* screens.h - when each change reached each screen.
 *
 * The frame that shows a vote may arrive before its ack says which seq it has. So the arrivals of each frame are kept,
 * four bytes each, and joined with the commands at the end.
 */
#ifndef LOADTEST_SCREENS_H
#define LOADTEST_SCREENS_H

#include "histogram.h"
#include "lectern/base.h"

struct arrivals {
    seq_t from, to; /* a screen went from one seq to the other … */
    uint64_t first; /* … first at this time (µs) … */
    uint32_t *later; /* … and then so many µs later */
    size_t count, capacity;
};
struct screens {
    struct arrivals *frames;
    size_t count, capacity;
};

void screens_release(struct screens *screens);
void screens_arrived(struct screens *screens, seq_t from, seq_t to, uint64_t now_us);
/* A command sent at `sent_us` got `seq`: add the time to each screen. */
void screens_measure(const struct screens *screens, seq_t seq, uint64_t sent_us, struct histogram *out);

#endif
