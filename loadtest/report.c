/* report.c - the figures of a run. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "member.h"

struct shown_times {
    struct histogram each; /* from sending a command to each screen */
    struct histogram last; /* … and to the last one */
    uint64_t updates;      /* commands × the screens that showed them */
};

static int by_seq(const void *a, const void *b)
{
    const struct shown *x = a, *y = b;
    return x->seq < y->seq ? -1 : x->seq > y->seq;
}

/* The commands of room `r` whose time counts, sorted by seq. */
static size_t measured(const struct load *load, size_t r, struct shown *out)
{
    size_t count = 0;
    for (size_t i = 0; i < load->sent_count; i++) {
        const struct sent *sent = &load->sent[i];
        if (sent->seq && sent->measured && sent->at && sent->member % load->room_count == r)
            out[count++] = (struct shown){.seq = sent->seq, .at = sent->at};
    }
    qsort(out, count, sizeof(*out), by_seq);
    return count;
}

static struct shown_times *measure_screens(const struct load *load)
{
    struct shown_times *times = calloc(1, sizeof(*times));
    struct shown *commands = malloc((load->sent_count + 1) * sizeof(*commands));
    if (!times || !commands)
        abort();
    for (size_t r = 0; r < load->room_count; r++) {
        size_t count = measured(load, r, commands);
        screens_measure(&load->rooms[r].screens, commands, count, &times->each);
        for (size_t i = 0; i < count; i++) {
            times->updates += commands[i].screens;
            if (commands[i].last > commands[i].at)
                histogram_add(&times->last, commands[i].last - commands[i].at);
        }
    }
    free(commands);
    return times;
}

/* Of the whole seconds that were measured, the one with the fewest acks. */
static double worst_second(const struct load *load, double seconds)
{
    uint64_t worst = UINT64_MAX;
    for (size_t i = 0; i < (size_t)seconds && i < SECONDS_MAX; i++)
        worst = load->times.acks_by_second[i] < worst ? load->times.acks_by_second[i] : worst;
    return worst == UINT64_MAX ? 0 : (double)worst;
}

static double acks_in_time(const struct load *load)
{
    double sum = 0;
    for (size_t i = 0; i < SECONDS_MAX; i++)
        sum += (double)load->times.acks_by_second[i];
    return sum;
}

static double since_ms(uint64_t from, uint64_t to)
{
    return from && to > from ? (double)(to - from) / 1000 : 0;
}

/* How much of the time in which they could have come back the first tries took: 1 is all of it. */
static double spread_of(const struct times *times)
{
    double from = histogram_ms(&times->wait, 0.01), to = histogram_ms(&times->wait, 0.99);
    return times->window_us ? fmin((to - from) * 1000 / (double)times->window_us, 1)
                            : 0; /* a busy client may be late */
}

void report(struct load *load)
{
    const struct times *t = &load->times;
    struct shown_times *shown = measure_screens(load);
    double seconds = since_ms(load->measure_began, load->measure_ended) / 1000;
    const struct {
        const char *name;
        double value;
    } rows[] = {
        {"members", (double)load->options.members},
        {"rooms", (double)load->room_count},
        {"measured_s", seconds},
        {"votes", (double)load->n.votes},
        {"taken_back", (double)load->n.taken_back},
        {"asks", (double)load->n.asks},
        {"acked", (double)load->n.acked},
        {"refused", (double)load->n.refused},
        {"retried", (double)load->n.retried},
        {"acks_per_s", seconds > 0 ? acks_in_time(load) / seconds : 0},
        {"worst_second_acks", worst_second(load, seconds)},
        {"ack_p50_ms", histogram_ms(&t->ack, 0.5)},
        {"ack_p95_ms", histogram_ms(&t->ack, 0.95)},
        {"ack_p99_ms", histogram_ms(&t->ack, 0.99)},
        {"ack_max_ms", (double)t->ack.highest / 1000},
        {"screens", (double)shown->updates},
        {"screen_p50_ms", histogram_ms(&shown->each, 0.5)},
        {"screen_p95_ms", histogram_ms(&shown->each, 0.95)},
        {"screen_p99_ms", histogram_ms(&shown->each, 0.99)},
        {"screen_max_ms", (double)shown->each.highest / 1000},
        {"last_screen_p50_ms", histogram_ms(&shown->last, 0.5)},
        {"last_screen_p99_ms", histogram_ms(&shown->last, 0.99)},
        {"join_all_ms", since_ms(t->join_began, t->join_ended)},
        {"join_p50_ms", histogram_ms(&t->join, 0.5)},
        {"join_p99_ms", histogram_ms(&t->join, 0.99)},
        {"back_all_ms", since_ms(t->lost_first, t->back_last)},
        {"back_p50_ms", histogram_ms(&t->back, 0.5)},
        {"back_p99_ms", histogram_ms(&t->back, 0.99)},
        {"back_spread", spread_of(t)},
        {"back_window_ms", (double)t->window_us / 1000},
        {"frames", (double)load->n.frames},
        {"frames_per_s", seconds > 0 ? (double)(load->frames_after - load->frames_before) / seconds : 0},
        {"gaps", (double)load->n.gaps},
        {"snapshots", (double)load->n.snapshots},
        {"resumed", (double)load->n.resumed},
        {"reconnects", (double)load->n.reconnects},
        {"leaves", (double)load->n.leaves},
        {"seq", (double)member_seq(&load->members[0])},
        {"wrong", (double)load->n.wrong},
    };
    for (size_t i = 0; i < LECTERN_COUNT(rows); i++) {
        int digits = rows[i].value == floor(rows[i].value) ? 0 : 3;
        if (load->options.json)
            printf("%s\"%s\":%.*f", i ? "," : "{", rows[i].name, digits, rows[i].value);
        else
            printf("%-18s %12.*f\n", rows[i].name, digits, rows[i].value);
    }
    if (load->options.json)
        puts("}");
    free(shown);
}
