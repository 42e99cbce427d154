/* view.h - what a member sees at one seq, shared by all who were shown the same.
 *
 * Each frame is decoded once and applied once: a frame remembers which view it was applied to and what came of it, and
 * views with the same contents are one. So checking ten thousand screens costs little more than checking one, and still
 * every member goes its own way through the frames that it received, and ends at a view of its own when that differs.
 */
#ifndef LOADTEST_VIEW_H
#define LOADTEST_VIEW_H

#include "lectern/arena.h"
#include "lectern/buf.h"
#include "wire/wire.h"

#define FRAME_SLOTS 256u
#define VIEWS_RECENT 4u

struct seen {
    uint64_t id;
    int64_t votes;
    uint64_t rest; /* hash of everything else that is shown */
    bool votable;
};

struct view {
    size_t users;
    seq_t seq;
    uint64_t info;     /* hash of the session record */
    uint64_t hash;     /* of everything */
    struct seen *seen; /* by id */
    size_t count, capacity;
};

/* The last few views of a room: a new one that equals one of them is that one. */
struct view_ring {
    struct view *views[VIEWS_RECENT];
    size_t next;
};

/* A message as it came, decoded, and (live, snapshot) what it made of the last view that it was applied to. */
struct frame {
    struct buf bytes;
    struct arena arena;
    struct server_message message;
    struct view *from, *to;
    const struct view_ring *room; /* whose views they are */
};

struct frames {
    struct frame slots[FRAME_SLOTS];
    struct frame own; /* the last message to one member alone */
};

void frames_init(struct frames *frames);
void frames_release(struct frames *frames);
/* The message in these bytes, decoded now or before; valid until the next call. NULL: it is none. */
struct frame *frames_decode(struct frames *frames, enum wire_encoding encoding, struct str payload);

void view_unref(struct view *view); /* NULL is fine */
void view_ring_release(struct view_ring *ring);

/* The view after a live frame or a snapshot; the caller owns a reference. *out_wrong says what is wrong with it: NULL
 * when nothing is. `view` may be NULL before a snapshot. */
struct view *view_after(struct view_ring *ring, struct view *view, struct frame *frame, const char **out_wrong);

const struct seen *view_find(const struct view *view, uint64_t question);

#endif
