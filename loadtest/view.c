/* view.c - the cache of frames, and views made from views. */
#include "view.h"

#include <stdlib.h>

#define SCRATCH_MAX (32u << 20)
#define SCRATCH_CHUNK 4096u
#define FNV_START UINT64_C(14695981039346656037)

/* ---- hashes ---- */

static uint64_t hash_number(uint64_t hash, uint64_t number)
{
    hash = (hash ^ number) * UINT64_C(0x9e3779b97f4a7c15);
    return hash ^ hash >> 29;
}

static uint64_t hash_str(uint64_t hash, struct str s)
{
    uint64_t word;
    hash = hash_number(hash, s.n);
    for (; s.n >= 8; s.p += 8, s.n -= 8) {
        memcpy(&word, s.p, 8);
        hash = hash_number(hash, word);
    }
    word = 0;
    if (s.n)
        memcpy(&word, s.p, s.n);
    return hash_number(hash, word);
}

static uint64_t hash_question(const struct question_record *q)
{
    uint64_t hash = hash_number(FNV_START, q->state);
    hash = hash_str(hash_str(hash_str(hash, q->text), q->name), q->reply);
    return hash_number(hash_number(hash_number(hash, (uint64_t)q->asked_at), (uint64_t)q->state_at), q->edited);
}

static uint64_t hash_info(const struct info_record *info)
{
    uint64_t hash = hash_str(hash_str(FNV_START, info->code), info->title);
    for (size_t i = 0; i < info->policies.count; i++)
        hash = hash_number(hash, (uint64_t)info->policies.numbers[i]);
    hash = hash_number(hash_number(hash, info->state), (uint64_t)info->live);
    return hash_number(hash_number(hash, (uint64_t)info->answered), (uint64_t)info->votes);
}

static uint64_t hash_view(const struct view *view)
{
    uint64_t hash = hash_number(view->info, view->seq);
    for (size_t i = 0; i < view->count; i++) {
        const struct seen *s = &view->seen[i];
        hash = hash_number(hash_number(hash_number(hash, s->id), (uint64_t)s->votes), s->rest);
    }
    return hash;
}

/* ---- frames ---- */

static void frame_init(struct frame *frame)
{
    buf_init(&frame->bytes, SCRATCH_MAX);
    arena_init(&frame->arena, SCRATCH_CHUNK, SCRATCH_MAX);
    frame->from = frame->to = NULL;
}

static void frame_forget(struct frame *frame)
{
    buf_clear(&frame->bytes);
    arena_reset(&frame->arena);
    view_unref(frame->from);
    view_unref(frame->to);
    frame->from = frame->to = NULL;
}

void frames_init(struct frames *frames)
{
    for (size_t i = 0; i < FRAME_SLOTS; i++)
        frame_init(&frames->slots[i]);
    frame_init(&frames->own);
}

static void frame_release(struct frame *frame)
{
    frame_forget(frame);
    buf_release(&frame->bytes);
    arena_release(&frame->arena);
}

void frames_release(struct frames *frames)
{
    for (size_t i = 0; i < FRAME_SLOTS; i++)
        frame_release(&frames->slots[i]);
    frame_release(&frames->own);
}

/* Does it go to many? In both encodings the word begins at the third byte. */
static bool is_shared(struct str payload)
{
    static const char words[][4] = {"live", "snap", "pres"};
    for (size_t i = 0; i < LECTERN_COUNT(words); i++)
        if (payload.n > 6 && memcmp(payload.p + 2, words[i], 4) == 0)
            return true;
    return false;
}

struct frame *frames_decode(struct frames *frames, enum wire_encoding encoding, struct str payload)
{
    bool shared = is_shared(payload);
    struct frame *frame = shared ? &frames->slots[hash_str(FNV_START, payload) % FRAME_SLOTS] : &frames->own;
    if (shared && frame->bytes.len && str_equal(buf_str(&frame->bytes), payload))
        return frame;
    frame_forget(frame);
    buf_put_str(&frame->bytes, payload);
    if (!frame->bytes.failed &&
        wire_decode_server(encoding, buf_str(&frame->bytes), &frame->arena, &frame->message) == 0)
        return frame;
    frame_forget(frame);
    return NULL;
}

/* ---- views ---- */

static struct view *view_ref(struct view *view)
{
    if (view)
        view->users++;
    return view;
}

void view_unref(struct view *view)
{
    if (!view || --view->users > 0)
        return;
    free(view->seen);
    free(view);
}

void view_ring_release(struct view_ring *ring)
{
    for (size_t i = 0; i < VIEWS_RECENT; i++)
        view_unref(ring->views[i]);
    *ring = (struct view_ring){0};
}

/* A new view with one user, a copy of `other` (NULL: empty) with room for `more` questions. */
static struct view *view_copy(const struct view *other, size_t more)
{
    struct view *view = calloc(1, sizeof(*view));
    size_t count = other ? other->count : 0;
    if (!view || !(view->seen = malloc((count + more + 1) * sizeof(*view->seen))))
        abort();
    view->users = 1;
    view->count = count;
    view->capacity = count + more;
    if (other) {
        memcpy(view->seen, other->seen, count * sizeof(*view->seen));
        view->info = other->info;
    }
    return view;
}

/* Where the question is, or belongs. */
static size_t place_of(const struct view *view, uint64_t id)
{
    size_t low = 0, high = view->count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (view->seen[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

const struct seen *view_find(const struct view *view, uint64_t question)
{
    size_t at = place_of(view, question);
    return at < view->count && view->seen[at].id == question ? &view->seen[at] : NULL;
}

static void apply_questions(struct view *view, struct question_list list)
{
    for (size_t i = 0; i < list.count; i++) {
        const struct question_record *q = &list.questions[i];
        size_t at = place_of(view, q->id);
        if (at == view->count || view->seen[at].id != q->id)
            memmove(&view->seen[at + 1], &view->seen[at], (view->count++ - at) * sizeof(*view->seen));
        bool votable = q->state == QUESTION_LIVE || q->state == QUESTION_STAGE;
        view->seen[at] = (struct seen){q->id, q->votes, hash_question(q), votable};
    }
}

static const char *apply_counts(struct view *view, struct id_list counts)
{
    const char *wrong = counts.count % 2 ? "counts are not pairs" : NULL;
    for (size_t i = 0; i + 1 < counts.count; i += 2) {
        size_t at = place_of(view, counts.ids[i]);
        if (at < view->count && view->seen[at].id == counts.ids[i])
            view->seen[at].votes = (int64_t)counts.ids[i + 1];
        else
            wrong = "a count of a question that was never shown";
    }
    return wrong;
}

static void apply_gone(struct view *view, struct id_list gone)
{
    for (size_t i = 0; i < gone.count; i++) {
        size_t at = place_of(view, gone.ids[i]);
        if (at < view->count && view->seen[at].id == gone.ids[i])
            memmove(&view->seen[at], &view->seen[at + 1], (--view->count - at) * sizeof(*view->seen));
    }
}

static struct view *view_make(const struct view *view, const struct server_message *m, const char **out_wrong)
{
    if (m->kind == SERVER_SNAPSHOT) {
        struct view *fresh = view_copy(NULL, m->snapshot.questions.count);
        fresh->seq = m->snapshot.seq;
        fresh->info = hash_info(m->snapshot.info);
        apply_questions(fresh, m->snapshot.questions);
        return fresh;
    }
    struct view *next = view_copy(view, m->live.questions.count);
    next->seq = m->live.to;
    if (m->live.info)
        next->info = hash_info(m->live.info);
    apply_questions(next, m->live.questions);
    *out_wrong = apply_counts(next, m->live.counts);
    apply_gone(next, m->live.gone);
    return next;
}

/* The view of the ring that equals `view`, which is then freed, or `view`, which is then of the ring too. */
static struct view *view_intern(struct view_ring *ring, struct view *view)
{
    view->hash = hash_view(view);
    for (size_t i = 0; i < VIEWS_RECENT; i++) {
        struct view *other = ring->views[i];
        if (other && other->seq == view->seq && other->hash == view->hash && other->count == view->count) {
            view_unref(view);
            return view_ref(other);
        }
    }
    view_unref(ring->views[ring->next]);
    ring->views[ring->next] = view_ref(view);
    ring->next = (ring->next + 1) % VIEWS_RECENT;
    return view;
}

struct view *view_after(struct view_ring *ring, struct view *view, struct frame *frame, const char **out_wrong)
{
    struct view *from = frame->message.kind == SERVER_SNAPSHOT ? NULL : view;
    *out_wrong = NULL;
    if (frame->to && frame->from == from && frame->room == ring)
        return view_ref(frame->to);
    struct view *next = view_intern(ring, view_make(from, &frame->message, out_wrong));
    view_unref(frame->from);
    view_unref(frame->to);
    frame->from = view_ref(from);
    frame->to = view_ref(next);
    frame->room = ring;
    return next;
}
