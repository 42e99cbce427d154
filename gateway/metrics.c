/* metrics.c - the shared rows and their sums in the Prometheus text format. */
#include "metrics.h"

#include <stdlib.h>
#include <sys/mman.h>

struct metric_row {
    const char *name, *type, *text;
    bool gauge;
};
#define METRIC_IS_gauge true
#define METRIC_IS_counter false
#define ROW(name, type, text) { #name, #type, text, METRIC_IS_##type },
static const struct metric_row rows[METRIC_COUNT] = { LECTERN_METRICS(ROW) };

struct metrics *metrics_open(int workers)
{
    size_t size = sizeof(int64_t[METRIC_COUNT]) * (size_t)(workers + 1);
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    struct metrics *metrics = calloc(1, sizeof *metrics);
    if (memory == MAP_FAILED || !metrics)
        abort();
    *metrics = (struct metrics){ .worker = workers, .workers = workers, .rows = memory };
    return metrics;
}

void metrics_close(struct metrics *m)
{
    munmap(m->rows, sizeof(int64_t[METRIC_COUNT]) * (size_t)(m->workers + 1));
    free(m);
}

void metrics_forget(struct metrics *m, int worker)
{
    for (int i = 0; i < METRIC_COUNT; i++)
        if (rows[i].gauge)
            __atomic_store_n(&m->rows[worker][i], 0, __ATOMIC_RELAXED);
}

void metrics_print(const struct metrics *m, struct buf *out)
{
    for (int i = 0; i < METRIC_COUNT; i++) {
        int64_t sum = 0;
        for (int w = 0; w <= m->workers; w++)
            sum += __atomic_load_n(&m->rows[w][i], __ATOMIC_RELAXED);
        buf_printf(out, "# HELP lectern_%s %s\n# TYPE lectern_%s %s\nlectern_%s %lld\n", rows[i].name, rows[i].text,
                   rows[i].name, rows[i].type, rows[i].name, (long long)sum);
    }
}
