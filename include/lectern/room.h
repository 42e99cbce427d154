/* room.h - one live session: what is in it, what may happen, what happened, what its readers may see.
 *
 * The functional core. No I/O, no clock, no randomness, no memory beyond its own arena: time and identity are
 * arguments. One loop owns a room; nothing here is thread-safe. The same fold runs live, in the tests, under the
 * fuzzer and over the log:
 *
 *     command --room_check--> refusal, or the event to be stored
 *     event (stored, with its seq) --room_apply--> new state, dirty marks
 *     dirty marks --room_flush--> what changed for each tier of readers
 *
 * Words: a participant is a person's 53-bit id in this room; an actor is a participant with a role. The public tier
 * (attendees, stage) sees a window of the published questions; the staff tier (host and speaker pages) sees all.
 * Invariants (room_verify): seq grows by one per event; at most one question is on stage; ids are unique; the totals
 * equal a count; a snapshot plus later events equals a replay from zero.
 */
#ifndef LECTERN_ROOM_H
#define LECTERN_ROOM_H

#include "lectern/message.h"

struct room; /* opaque */

enum tier { TIER_PUBLIC, TIER_STAFF, TIER_COUNT };

struct room_limits {
    size_t bytes_max;         /* memory of one room; beyond it asking is refused as `full` */
    uint32_t questions_max;   /* questions a room holds; beyond it asking is refused as `full` */
    uint32_t window_popular;  /* the public window: most voted published questions (live, stage) … */
    uint32_t window_newest;   /* … and newest of them … */
    uint32_t window_answered; /* … and latest answered */
    ms_t edit_window_ms;      /* how long an asker may edit a live question; a vote or a review ends it sooner */
};
extern const struct room_limits room_limits_default; /* 16 MiB, 10,000, 100, 60, 40, 60 s */

/* A question with everything there is to know. `published`: it was live at some time, so attendees may know of it. */
struct question {
    uint64_t id; /* seq of its `asked` event */
    uint64_t asker;
    uint8_t state;  /* enum question_state */
    uint8_t reason; /* enum reason */
    bool published, anonymous, reply_private, edited;
    uint32_t votes;
    ms_t asked_at;
    ms_t state_at;    /* when it reached its state */
    ms_t answered_at; /* 0: not answered */
    struct str text;
    struct str original; /* text before the first edit by the host side; empty: unchanged */
    struct str name;
    struct str note;
    struct str reply;
};

/* A whole room at one seq, as persist reads it from the tables or room_export gives it. All slices are borrowed. */
struct room_image {
    uint64_t id;
    seq_t seq;
    uint8_t state; /* enum session_state */
    struct str code, title, description, event, timezone;
    ms_t starts_at, ends_at;
    int64_t policies[POLICY_COUNT];
    int64_t responses;
    const struct question *questions; /* ascending id */
    size_t question_count;
};

struct actor {
    uint64_t participant;
    enum role role;
};

/* An empty draft room with seq 0 and the initial policies. Copies `limits`. Never NULL (aborts without memory). */
struct room *room_new(uint64_t id, const struct room_limits *limits);
void room_free(struct room *room); /* NULL is fine */

/* Replace the room's contents by `image` (copied). Everything is dirty afterwards.
 * LECTERN_EFULL: beyond the limits, the room is unchanged. O(questions). */
LECTERN_MUSTCHECK int room_load(struct room *room, const struct room_image *image);

/* The room as an image. The slices and the question array are valid until the next change to the room. */
void room_export(struct room *room, struct room_image *out);

/* May `actor` do `command` now? REFUSAL_NONE, with *out filled with the event that would record it (kind, actor, at
 * and fields; seq stays 0; slices borrow from `command` and the room), or the refusal, with *out_detail the limit that
 * was met (0 if none) and *out untouched. Never changes the room. For a vote *out has an empty list of counts and for
 * feedback responses 0: the database fills them in. O(1), asking O(questions) when a question limit is set. */
LECTERN_MUSTCHECK enum refusal room_check(const struct room *room, struct actor actor, const struct command *command,
                                          ms_t now, struct room_event *out, int64_t *out_detail);

/* Fold one stored event into the room. Slices are copied.
 * 0; LECTERN_EOLD (seq already applied), LECTERN_EGAP (an earlier event is missing), LECTERN_EINVAL (it names a
 * question that does not exist, or a value out of range), LECTERN_EFULL: the room is unchanged. O(1) amortised. */
LECTERN_MUSTCHECK int room_apply(struct room *room, const struct room_event *event);

/* Check the invariants. NULL, or what is wrong (static text). For tests, the fuzzer and debug builds. O(questions). */
const char *room_verify(const struct room *room);

/* What changed for one tier since the last room_flush. */
struct tier_delta {
    bool info;                            /* the info record changed (policies, state, details, totals) */
    const struct question *const *changed; /* visible questions to send whole */
    size_t changed_count;
    const struct question *const *counted; /* visible questions of which only the votes changed */
    size_t counted_count;
    const uint64_t *gone; /* ids that changed or left the window and are not visible now */
    size_t gone_count;
    bool windowed; /* questions moved in or out of the window without an event of their own: a client that does not
                      hold exactly `from` cannot use this frame */
};
struct room_delta {
    seq_t from, to; /* covers the events in (from, to] */
    struct tier_delta tier[TIER_COUNT];
};

/* Is there anything to flush? O(1). */
bool room_is_dirty(const struct room *room);
/* Report the changes since the last call and forget them. Arrays are valid until the next change to the room.
 * O(changes), O(questions) when there are more published questions than the window holds. */
void room_flush(struct room *room, struct room_delta *out);

/* The questions visible to a tier as of the last room_flush, in id order: for snapshots. Valid until the next change.
 * O(questions). */
size_t room_visible(struct room *room, enum tier tier, const struct question *const **out);

/* One published list in order, for readers who page beyond the window: "popular", "newest" or "answered". Writes up to
 * `max` questions from `offset` into `out`, the list's length into *out_total; returns how many were written, or
 * LECTERN_EINVAL for an unknown list. O(questions log questions). */
LECTERN_MUSTCHECK int room_list(const struct room *room, struct str list, size_t offset, const struct question **out,
                                size_t max, size_t *out_total);

/* The questions of one asker in id order (any state). Writes up to `max`, returns how many. O(questions). */
size_t room_questions_of(const struct room *room, uint64_t participant, const struct question **out, size_t max);

/* A question as a reader of `tier` may see it; `reader` is a participant (0: nobody in particular), who sees more of
 * the own questions. Slices borrow from the room. O(1). */
void room_record(const struct room *room, const struct question *question, enum tier tier, uint64_t reader,
                 struct question_record *out);
/* The session as a reader of `tier` may see it. Borrows from the room. O(1). */
void room_info(const struct room *room, enum tier tier, struct info_record *out);

/* Queries, all O(1). */
uint64_t room_id(const struct room *room);
seq_t room_seq(const struct room *room);
enum session_state room_state(const struct room *room);
int64_t room_policy(const struct room *room, enum policy policy);
const struct question *room_question(const struct room *room, uint64_t id); /* NULL: none */
/* Is this role's page served while the session is in its present state? (Drafts are for the host side only.) */
bool room_may_enter(const struct room *room, enum role role);

#endif
