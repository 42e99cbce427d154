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
        free(screens->frames[i].later);
    free(screens->frames);
    *screens = (struct screens){ 0 };
}

static struct arrivals *frame_of(struct screens *screens, seq_t from, seq_t to, uint64_t now_us)
{
    for (size_t i = screens->count; i > 0 && i + 64 > screens->count; i--)
        if (screens->frames[i - 1].from == from && screens->frames[i - 1].to == to)
            return &screens->frames[i - 1];
    if (screens->count == screens->capacity)
        screens->frames = grow(screens->frames, &screens->capacity, sizeof(*screens->frames));
    screens->frames[screens->count] = (struct arrivals){ .from = from, .to = to, .first = now_us };
    return &screens->frames[screens->count++];
}

void screens_arrived(struct screens *screens, seq_t from, seq_t to, uint64_t now_us)
{
    struct arrivals *frame = frame_of(screens, from, to, now_us);
    if (frame->count == frame->capacity)
        frame->later = grow(frame->later, &frame->capacity, sizeof(*frame->later));
    frame->later[frame->count++] = (uint32_t)(now_us - frame->first);
}

void screens_measure(const struct screens *screens, seq_t seq, uint64_t sent_us, struct histogram *out)
{
    for (size_t i = 0; i < screens->count; i++) {
        const struct arrivals *frame = &screens->frames[i];
        if (seq <= frame->from || seq > frame->to)
            continue;
        for (size_t k = 0; k < frame->count; k++) {
            uint64_t at = frame->first + frame->later[k];
            histogram_add(out, at > sent_us ? at - sent_us : 0);
        }
    }
}
