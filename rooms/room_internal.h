/* room_internal.h - the inside of a room, shared by the files of this folder and nobody else.
 *
 * Questions live in the room's arena; `entries` points at them in id order, and since ids only ever grow the index of
 * a question never changes: marks and the staged question are indices. Strings that are replaced stay in the arena as
 * `garbage` until room_compact copies what is still in use. */
#ifndef LECTERN_ROOM_INTERNAL_H
#define LECTERN_ROOM_INTERNAL_H

#include "lectern/arena.h"
#include "lectern/room.h"

#define ROOM_NONE UINT32_MAX
/* Several workers may accept questions at the same time: what was stored above questions_max is still applied. */
#define ROOM_HARD_MAX(max) ((size_t)(max) + (max) / 8 + 64)

/* Questions are refused when less than this part of the memory is left. Garbage is collected well before it could
 * fill that part, so that replies and edits go on in a full room. */
#define ROOM_KEPT_PART 8
#define ROOM_GARBAGE_PART 32

enum { MARK_VOTES = 1, MARK_WHOLE = 2 };

struct entry {
    struct question question; /* first: a question's address is its entry's */
    uint8_t marks;            /* changed since the last flush */
    bool shown;               /* in the public window as of the last flush */
    bool wanted;              /* scratch of the window */
};

struct totals {
    int64_t live, answered, pending, votes, responses;
};

struct room {
    uint64_t id;
    seq_t seq, flushed;
    struct room_limits limits;
    struct arena arena;
    size_t garbage;
    uint8_t state;
    struct str code, title, description, event, timezone;
    ms_t starts_at, ends_at;
    int64_t policies[POLICY_COUNT];

    struct entry **entries;
    size_t count, capacity;
    uint32_t staged; /* index, or ROOM_NONE */
    struct totals totals[TIER_COUNT];

    /* Since the last flush. */
    uint32_t *marked;
    size_t marked_count;
    bool info_changed, loaded;
    struct totals reported[TIER_COUNT];
    bool overflow; /* there were more published questions than the window holds */

    /* Results of flushes and queries: as long as `entries`. */
    const struct question **changed[TIER_COUNT], **counted[TIER_COUNT], **visible[TIER_COUNT], **scratch;
    uint64_t *gone[TIER_COUNT];
    struct question *exported;
    size_t exported_capacity;
};

/* room.c */
void *room_array(void *old, size_t count, size_t size); /* realloc that aborts without memory */
void room_reserve(struct room *room, size_t count);     /* all arrays hold `count` questions */
size_t room_space(const struct room *room);             /* bytes that strings may still take */
void room_compact(struct room *room);
uint32_t room_find(const struct room *room, uint64_t id); /* index, or ROOM_NONE */
struct entry *room_append(struct room *room);             /* the caller has checked room_space */
void room_count(struct room *room, const struct question *question, int sign);

/* window.c */
void room_mark(struct room *room, uint32_t index, uint8_t marks);
void room_mark_all(struct room *room);

static inline bool question_is_up(const struct question *question)
{
    return question->state == QUESTION_LIVE || question->state == QUESTION_STAGE;
}

static inline bool question_is_public(const struct question *question)
{
    return question->published && (question_is_up(question) || question->state == QUESTION_ANSWERED);
}

/* Keep the first `k` of `count` in the order `before` (unordered); with `sorted`, also in that order. */
void questions_select(const struct question **list, size_t count, size_t k,
                      bool (*before)(const struct question *a, const struct question *b), bool sorted);
bool before_by_votes(const struct question *a, const struct question *b);
bool before_by_answer(const struct question *a, const struct question *b);

#endif
