/* screens.c - arrivals by frame; members get the same frame at nearly the same time, so the last few are searched. */
#include "screens.h"

#include <stdlib.h>

static void *grow(void *memory, size_t *capacity, size_t size)
{
    *capacity = *capacity ? 2 * *capacity : 64;
    memory = realloc(memory, *capacity * size);
    if (!memory)
        abort();
    return memory;
}

void screens_release(struct screens *screens)
{
    for (size_t i = 0; i < screens->count; i++)
        free(screens->frames[i].runs);
    free(screens->frames);
    *screens = (struct screens){0};
}

static struct arrivals *frame_of(struct screens *screens, seq_t from, seq_t to, uint64_t now_us)
{
    for (size_t i = screens->count; i > 0 && i + 64 > screens->count; i--)
        if (screens->frames[i - 1].from == from && screens->frames[i - 1].to == to)
            return &screens->frames[i - 1];
    if (screens->count == screens->capacity)
        screens->frames = grow(screens->frames, &screens->capacity, sizeof(*screens->frames));
    screens->frames[screens->count] = (struct arrivals){.from = from, .to = to, .first = now_us};
    return &screens->frames[screens->count++];
}

void screens_arrived(struct screens *screens, seq_t from, seq_t to, uint64_t now_us)
{
    struct arrivals *frame = frame_of(screens, from, to, now_us);
    uint32_t after = (uint32_t)(now_us - frame->first);
    if (frame->count && after - frame->runs[frame->count - 1].after < RUN_US) {
        frame->runs[frame->count - 1].count++;
        return;
    }
    if (frame->count == frame->capacity)
        frame->runs = grow(frame->runs, &frame->capacity, sizeof(*frame->runs));
    frame->runs[frame->count++] = (struct arrival_run){after, 1};
}

/* The first command after `seq`. */
static size_t after_seq(const struct shown *commands, size_t count, seq_t seq)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (commands[middle].seq <= seq)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

void screens_measure(const struct screens *screens, struct shown *commands, size_t count, struct histogram *out)
{
    for (size_t i = 0; i < screens->count; i++) {
        const struct arrivals *frame = &screens->frames[i];
        size_t end = after_seq(commands, count, frame->to);
        for (size_t c = after_seq(commands, count, frame->from); c < end; c++) {
            struct shown *command = &commands[c];
            for (size_t k = 0; k < frame->count; k++) {
                uint64_t at = frame->first + frame->runs[k].after;
                histogram_add_many(out, at > command->at ? at - command->at : 0, frame->runs[k].count);
                command->screens += frame->runs[k].count;
                command->last = at > command->last ? at : command->last;
            }
        }
    }
}
