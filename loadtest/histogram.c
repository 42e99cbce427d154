/* histogram.c - buckets that double in width every HISTOGRAM_FINE steps. */
#include "histogram.h"

static unsigned bucket_of(uint64_t us)
{
    if (us < 2 * HISTOGRAM_FINE)
        return (unsigned)us;
    unsigned shift = 63u - (unsigned)__builtin_clzll(us) - 6u; /* leaves the top seven bits: 64 to 127 */
    unsigned bucket = shift * HISTOGRAM_FINE + (unsigned)(us >> shift);
    return bucket < HISTOGRAM_BUCKETS ? bucket : HISTOGRAM_BUCKETS - 1;
}

static uint64_t bucket_value(unsigned bucket)
{
    if (bucket < 2 * HISTOGRAM_FINE)
        return bucket;
    unsigned shift = bucket / HISTOGRAM_FINE - 1;
    return (uint64_t)(bucket - shift * HISTOGRAM_FINE) << shift;
}

void histogram_add_many(struct histogram *h, uint64_t us, uint64_t times)
{
    h->count += times;
    h->highest = us > h->highest ? us : h->highest;
    h->buckets[bucket_of(us)] += times;
}

void histogram_add(struct histogram *h, uint64_t us)
{
    histogram_add_many(h, us, 1);
}

double histogram_ms(const struct histogram *h, double part)
{
    uint64_t rank = (uint64_t)(part * (double)h->count), seen = 0;
    for (unsigned i = 0; h->count && i < HISTOGRAM_BUCKETS; i++) {
        seen += h->buckets[i];
        if (seen > rank || seen == h->count)
            return (double)bucket_value(i) / 1000.0;
    }
    return 0;
}
