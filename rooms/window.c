/* window.c - what changed since the last flush, and which questions the public sees.
 *
 * While all published questions fit the window there is no window: only marked questions are looked at. Beyond it the
 * window is worked out anew at each flush, from the most voted, the newest, the latest answered and the one on stage. */
#include "room_internal.h"

void room_mark(struct room *room, uint32_t index, uint8_t marks)
{
    struct entry *entry = room->entries[index];
    if (!entry->marks)
        room->marked[room->marked_count++] = index;
    entry->marks |= marks;
}

void room_mark_all(struct room *room)
{
    for (size_t i = 0; i < room->count; i++)
        room_mark(room, (uint32_t)i, MARK_WHOLE);
}

bool before_by_votes(const struct question *a, const struct question *b)
{
    return a->votes != b->votes ? a->votes > b->votes : a->id < b->id;
}

bool before_by_answer(const struct question *a, const struct question *b)
{
    return a->answered_at != b->answered_at ? a->answered_at > b->answered_at : a->id > b->id;
}

/* A heap with the last in order at its root. */
static void sift(const struct question **heap, size_t count, size_t at,
                 bool (*before)(const struct question *a, const struct question *b))
{
    for (;;) {
        size_t last = at;
        for (size_t child = 2 * at + 1; child <= 2 * at + 2 && child < count; child++)
            if (before(heap[last], heap[child]))
                last = child;
        if (last == at)
            return;
        const struct question *moved = heap[at];
        heap[at] = heap[last];
        heap[last] = moved;
        at = last;
    }
}

void questions_select(const struct question **list, size_t count, size_t k,
                      bool (*before)(const struct question *a, const struct question *b), bool sorted)
{
    if (k > count)
        k = count;
    for (size_t i = k / 2; i-- > 0;)
        sift(list, k, i, before);
    for (size_t i = k; k > 0 && i < count; i++) {
        if (!before(list[i], list[0]))
            continue;
        list[0] = list[i];
        sift(list, k, 0, before);
    }
    for (size_t i = k; sorted && i-- > 1;) {
        const struct question *last = list[0];
        list[0] = list[i];
        list[i] = last;
        sift(list, i, 0, before);
    }
}

static struct entry *entry_of(const struct room *room, const struct question *question)
{
    return room->entries[room_find(room, question->id)];
}

/* The first `k` of the published questions that are up (or answered), marked as wanted. */
static void want(struct room *room, bool answered, size_t k,
                 bool (*before)(const struct question *a, const struct question *b))
{
    size_t count = 0;
    for (size_t i = 0; i < room->count; i++) {
        const struct question *question = &room->entries[i]->question;
        if (question_is_public(question) && question_is_up(question) != answered)
            room->scratch[count++] = question;
    }
    questions_select(room->scratch, count, k, before, false);
    for (size_t i = 0; i < count && i < k; i++)
        entry_of(room, room->scratch[i])->wanted = true;
}

static void want_window(struct room *room)
{
    for (size_t i = 0; i < room->count; i++)
        room->entries[i]->wanted = false;
    want(room, false, room->limits.window_popular, before_by_votes);
    want(room, true, room->limits.window_answered, before_by_answer);
    size_t newest = room->limits.window_newest;
    for (size_t i = room->count; newest > 0 && i-- > 0;) {
        if (!question_is_up(&room->entries[i]->question))
            continue;
        room->entries[i]->wanted = true;
        newest--;
    }
    if (room->staged != ROOM_NONE)
        room->entries[room->staged]->wanted = true;
}

static bool overflows(const struct room *room)
{
    const struct totals *totals = &room->totals[TIER_PUBLIC];
    return totals->live + totals->answered >
           (int64_t)room->limits.window_popular + room->limits.window_newest + room->limits.window_answered;
}

bool room_is_dirty(const struct room *room)
{
    return room->loaded || room->seq != room->flushed;
}

static void report_public(struct room *room, struct entry *entry, bool wanted, struct tier_delta *delta)
{
    const struct question *question = &entry->question;
    bool was = entry->shown;
    entry->shown = wanted;
    if (wanted && (!was || entry->marks & MARK_WHOLE)) {
        room->changed[TIER_PUBLIC][delta->changed_count++] = question;
        delta->windowed |= !was && !(entry->marks & MARK_WHOLE);
    } else if (wanted && entry->marks) {
        room->counted[TIER_PUBLIC][delta->counted_count++] = question;
    } else if (!wanted && (was || (entry->marks && question->published))) {
        room->gone[TIER_PUBLIC][delta->gone_count++] = question->id;
        delta->windowed |= was && !(entry->marks & MARK_WHOLE);
    }
}

static void flush_public(struct room *room, struct tier_delta *delta)
{
    bool overflow = overflows(room);
    if (!overflow && !room->overflow) {
        for (size_t i = 0; i < room->marked_count; i++) {
            struct entry *entry = room->entries[room->marked[i]];
            report_public(room, entry, question_is_public(&entry->question), delta);
        }
        return;
    }
    if (overflow)
        want_window(room);
    for (size_t i = 0; i < room->count; i++) {
        struct entry *entry = room->entries[i];
        report_public(room, entry, overflow ? entry->wanted : question_is_public(&entry->question), delta);
    }
    room->overflow = overflow;
}

static void flush_staff(struct room *room, struct tier_delta *delta)
{
    for (size_t i = 0; i < room->marked_count; i++) {
        const struct entry *entry = room->entries[room->marked[i]];
        if (entry->marks & MARK_WHOLE)
            room->changed[TIER_STAFF][delta->changed_count++] = &entry->question;
        else
            room->counted[TIER_STAFF][delta->counted_count++] = &entry->question;
    }
}

void room_flush(struct room *room, struct room_delta *out)
{
    *out = (struct room_delta){ .from = room->flushed, .to = room->seq };
    flush_public(room, &out->tier[TIER_PUBLIC]);
    flush_staff(room, &out->tier[TIER_STAFF]);
    for (int t = 0; t < TIER_COUNT; t++) {
        struct tier_delta *delta = &out->tier[t];
        delta->info = room->info_changed || memcmp(&room->totals[t], &room->reported[t], sizeof room->totals[t]) != 0;
        delta->changed = room->changed[t];
        delta->counted = room->counted[t];
        delta->gone = room->gone[t];
        room->reported[t] = room->totals[t];
    }
    for (size_t i = 0; i < room->marked_count; i++)
        room->entries[room->marked[i]]->marks = 0;
    room->marked_count = 0;
    room->info_changed = false;
    room->loaded = false;
    room->flushed = room->seq;
}

size_t room_visible(struct room *room, enum tier tier, const struct question *const **out)
{
    size_t count = 0;
    for (size_t i = 0; i < room->count; i++) {
        const struct entry *entry = room->entries[i];
        if (tier == TIER_STAFF ? entry->question.id <= room->flushed : entry->shown)
            room->visible[tier][count++] = &entry->question;
    }
    *out = room->visible[tier];
    return count;
}
