/* metrics.h - counters and gauges in memory shared between master and workers; one row per worker, no locks. */
#ifndef GATEWAY_METRICS_H
#define GATEWAY_METRICS_H

#include "lectern/buf.h"
#include "lectern/tbl/metric.h"

#define LECTERN_ROW_METRIC(name, type, text) METRIC_##name,
enum metric { LECTERN_METRICS(LECTERN_ROW_METRIC) METRIC_COUNT };

struct metrics {
    int worker; /* the row this process writes */
    int workers;
    int64_t (*rows)[METRIC_COUNT]; /* shared */
};

/* Rows for `workers` workers (and one for the master), shared with processes forked later. Aborts without memory. */
struct metrics *metrics_open(int workers);
void metrics_close(struct metrics *m);
static inline void metric_add(struct metrics *m, enum metric metric, int64_t n)
{
    __atomic_fetch_add(&m->rows[m->worker][metric], n, __ATOMIC_RELAXED);
}
static inline void metric_set(struct metrics *m, enum metric metric, int64_t value)
{
    __atomic_store_n(&m->rows[m->worker][metric], value, __ATOMIC_RELAXED);
}
/* Forget the gauges of a worker that died. */
void metrics_forget(struct metrics *m, int worker);
/* The sums in the Prometheus text format. */
void metrics_print(const struct metrics *m, struct buf *out);

#endif
