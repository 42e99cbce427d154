/* histogram.h - latencies in microseconds: fixed memory, about one per cent of error at any size. */
#ifndef LOADTEST_HISTOGRAM_H
#define LOADTEST_HISTOGRAM_H

#include <stdint.h>

#define HISTOGRAM_FINE 64u /* steps per power of two */
#define HISTOGRAM_BUCKETS (HISTOGRAM_FINE * 40u)

struct histogram {
    uint64_t count, highest;
    uint64_t buckets[HISTOGRAM_BUCKETS];
};

void histogram_add(struct histogram *h, uint64_t us);
void histogram_add_many(struct histogram *h, uint64_t us, uint64_t times);
/* The value below which `part` (0 to 1) of the samples are, in milliseconds; 0 without samples. */
double histogram_ms(const struct histogram *h, double part);

#endif
