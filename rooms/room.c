/* room.c - a room's life: made, loaded from an image, exported as one, verified, freed. */
#include "room_internal.h"

#include <stdlib.h>

#define CHUNK_MIN 1024
#define CHUNK_MAX (64 * 1024)

const struct room_limits room_limits_default = { 16 << 20, 10000, 100, 60, 40, 60000 };

void *room_array(void *old, size_t count, size_t size)
{
    void *array = realloc(old, count * size);
    if (!array)
        abort();
    return array;
}

void room_reserve(struct room *room, size_t count)
{
    if (count <= room->capacity)
        return;
    size_t capacity = room->capacity * 2 > count ? room->capacity * 2 : count;
    room->entries = room_array(room->entries, capacity, sizeof *room->entries);
    room->marked = room_array(room->marked, capacity, sizeof *room->marked);
    room->scratch = room_array(room->scratch, capacity, sizeof *room->scratch);
    for (int t = 0; t < TIER_COUNT; t++) {
        room->changed[t] = room_array(room->changed[t], capacity, sizeof *room->changed[t]);
        room->counted[t] = room_array(room->counted[t], capacity, sizeof *room->counted[t]);
        room->visible[t] = room_array(room->visible[t], capacity, sizeof *room->visible[t]);
        room->gone[t] = room_array(room->gone[t], capacity, sizeof *room->gone[t]);
    }
    room->capacity = capacity;
}

static void init_arena(struct arena *arena, const struct room_limits *limits)
{
    size_t chunk = limits->bytes_max / 64;
    chunk = chunk < CHUNK_MIN ? CHUNK_MIN : chunk > CHUNK_MAX ? CHUNK_MAX : chunk;
    arena_init(arena, chunk, limits->bytes_max);
}

struct room *room_new(uint64_t id, const struct room_limits *limits)
{
    struct room *room = room_array(NULL, 1, sizeof *room);
    *room = (struct room){ .id = id, .limits = *limits, .state = SESSION_DRAFT, .staged = ROOM_NONE };
    for (int p = 0; p < POLICY_COUNT; p++)
        room->policies[p] = policy_rows[p].initial;
    init_arena(&room->arena, limits);
    room_reserve(room, 16);
    return room;
}

void room_free(struct room *room)
{
    if (!room)
        return;
    arena_release(&room->arena);
    for (int t = 0; t < TIER_COUNT; t++) {
        free(room->changed[t]);
        free(room->counted[t]);
        free(room->visible[t]);
        free(room->gone[t]);
    }
    free(room->scratch);
    free(room->marked);
    free(room->entries);
    free(room->exported);
    free(room);
}

/* A piece may leave the rest of a chunk unused, so one chunk is kept out of the reckoning. */
size_t room_space(const struct room *room)
{
    size_t left = room->arena.max - room->arena.used;
    size_t kept = room->arena.chunk_size + 64;
    return left > kept ? left - kept : 0;
}

uint32_t room_find(const struct room *room, uint64_t id)
{
    size_t low = 0, high = room->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (room->entries[middle]->question.id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low < room->count && room->entries[low]->question.id == id ? (uint32_t)low : ROOM_NONE;
}

struct entry *room_append(struct room *room)
{
    struct entry *entry = arena_alloc(&room->arena, sizeof *entry);
    if (!entry)
        return NULL;
    room_reserve(room, room->count + 1);
    room->entries[room->count++] = entry;
    return entry;
}

void room_count(struct room *room, const struct question *question, int sign)
{
    for (int t = 0; t < TIER_COUNT; t++) {
        if (t == TIER_PUBLIC && !question_is_public(question))
            continue;
        struct totals *totals = &room->totals[t];
        totals->live += sign * question_is_up(question);
        totals->answered += sign * (question->state == QUESTION_ANSWERED);
        totals->pending += sign * (question->state == QUESTION_PENDING);
        totals->votes += sign * (int64_t)question->votes;
    }
}

/* The strings of a question, and of a room, moved into another arena. */
static bool copy_question(struct arena *arena, const struct question *from, struct question *to)
{
    *to = *from;
    return arena_str(arena, from->text, &to->text) && arena_str(arena, from->original, &to->original) &&
           arena_str(arena, from->name, &to->name) && arena_str(arena, from->note, &to->note) &&
           arena_str(arena, from->reply, &to->reply);
}

static bool copy_details(struct arena *arena, struct room_image *image)
{
    return arena_str(arena, image->code, &image->code) && arena_str(arena, image->title, &image->title) &&
           arena_str(arena, image->description, &image->description) &&
           arena_str(arena, image->event, &image->event) && arena_str(arena, image->timezone, &image->timezone);
}

static void take_details(struct room *room, const struct room_image *image)
{
    room->code = image->code;
    room->title = image->title;
    room->description = image->description;
    room->event = image->event;
    room->timezone = image->timezone;
}

static void give_details(const struct room *room, struct room_image *out)
{
    *out = (struct room_image){
        .id = room->id,
        .seq = room->seq,
        .state = room->state,
        .code = room->code,
        .title = room->title,
        .description = room->description,
        .event = room->event,
        .timezone = room->timezone,
        .starts_at = room->starts_at,
        .ends_at = room->ends_at,
        .responses = room->totals[TIER_STAFF].responses,
    };
    memcpy(out->policies, room->policies, sizeof out->policies);
}

void room_compact(struct room *room)
{
    struct arena arena;
    init_arena(&arena, &room->limits);
    struct room_image details;
    give_details(room, &details);
    /* Everything fits: it is no more than what the old arena holds, except where chunks break differently. */
    bool fits = copy_details(&arena, &details);
    struct entry **entries = (struct entry **)room->scratch;
    for (size_t i = 0; fits && i < room->count; i++) {
        struct entry *entry = arena_alloc(&arena, sizeof *entry);
        fits = entry && copy_question(&arena, &room->entries[i]->question, &entry->question);
        if (!fits)
            break;
        entry->marks = room->entries[i]->marks;
        entry->shown = room->entries[i]->shown;
        entries[i] = entry;
    }
    room->garbage = 0;
    if (!fits) {
        arena_release(&arena);
        return;
    }
    memcpy(room->entries, entries, room->count * sizeof *entries);
    take_details(room, &details);
    arena_release(&room->arena);
    room->arena = arena;
}

static bool image_is_sound(const struct room_image *image)
{
    if (image->state >= SESSION_COUNT)
        return false;
    uint64_t before = 0;
    for (size_t i = 0; i < image->question_count; i++) {
        const struct question *question = &image->questions[i];
        if (question->id <= before || question->id > image->seq || question->state >= QUESTION_COUNT ||
            question->reason >= REASON_COUNT)
            return false;
        before = question->id;
    }
    return true;
}

/* Everything of `image` into the arena, the questions into `entries`. */
static bool copy_image(struct arena *arena, struct room_image *details, struct entry **entries)
{
    if (!copy_details(arena, details))
        return false;
    for (size_t i = 0; i < details->question_count; i++) {
        entries[i] = arena_alloc(arena, sizeof *entries[i]);
        if (!entries[i] || !copy_question(arena, &details->questions[i], &entries[i]->question))
            return false;
    }
    return true;
}

int room_load(struct room *room, const struct room_image *image)
{
    if (!image_is_sound(image))
        return LECTERN_EINVAL;
    if (image->question_count > ROOM_HARD_MAX(room->limits.questions_max))
        return LECTERN_EFULL;
    room_reserve(room, image->question_count);
    struct arena arena;
    init_arena(&arena, &room->limits);
    struct room_image details = *image;
    struct entry **entries = (struct entry **)room->scratch;
    if (!copy_image(&arena, &details, entries)) {
        arena_release(&arena);
        return LECTERN_EFULL;
    }
    arena_release(&room->arena);
    room->arena = arena;
    room->garbage = 0;
    take_details(room, &details);
    room->id = image->id;
    room->seq = image->seq;
    room->state = image->state;
    room->starts_at = image->starts_at;
    room->ends_at = image->ends_at;
    memcpy(room->policies, image->policies, sizeof room->policies);
    memcpy(room->entries, entries, image->question_count * sizeof *entries);
    room->count = image->question_count;
    room->staged = ROOM_NONE;
    memset(room->totals, 0, sizeof room->totals);
    room->totals[TIER_STAFF].responses = image->responses;
    for (size_t i = 0; i < room->count; i++) {
        room_count(room, &room->entries[i]->question, 1);
        if (room->entries[i]->question.state == QUESTION_STAGE)
            room->staged = (uint32_t)i;
    }
    room->marked_count = 0;
    room_mark_all(room);
    room->info_changed = true;
    room->loaded = true;
    room->flushed = 0; /* the next flush tells everything, whatever a reader holds */
    return LECTERN_OK;
}

void room_export(struct room *room, struct room_image *out)
{
    if (room->exported_capacity < room->count) {
        room->exported = room_array(room->exported, room->capacity, sizeof *room->exported);
        room->exported_capacity = room->capacity;
    }
    for (size_t i = 0; i < room->count; i++)
        room->exported[i] = room->entries[i]->question;
    give_details(room, out);
    out->questions = room->exported;
    out->question_count = room->count;
}

static bool totals_equal(const struct totals *a, const struct totals *b)
{
    return memcmp(a, b, sizeof *a) == 0;
}

static const char *verify_question(const struct room *room, size_t i)
{
    const struct question *question = &room->entries[i]->question;
    if (question->id == 0 || question->id > room->seq)
        return "a question's id is not the seq of an event";
    if (i > 0 && question->id <= room->entries[i - 1]->question.id)
        return "question ids do not ascend";
    if (question->state >= QUESTION_COUNT || question->reason >= REASON_COUNT)
        return "a question's state or reason is out of range";
    if (question_is_up(question) && !question->published)
        return "a question is live and was never published";
    if ((question->state == QUESTION_STAGE) != (room->staged == i))
        return "the staged question is not the one on stage";
    if ((question->state == QUESTION_ANSWERED) != (question->answered_at != 0))
        return "answered_at does not agree with the state";
    if (question->text.n == 0)
        return "a question has no text";
    if (question->reply_private && question->reply.n == 0)
        return "an empty reply is private";
    return NULL;
}

const char *room_verify(const struct room *room)
{
    struct room recount = { .entries = room->entries };
    recount.totals[TIER_STAFF].responses = room->totals[TIER_STAFF].responses;
    for (size_t i = 0; i < room->count; i++) {
        const char *wrong = verify_question(room, i);
        if (wrong)
            return wrong;
        room_count(&recount, &room->entries[i]->question, 1);
    }
    for (int t = 0; t < TIER_COUNT; t++)
        if (!totals_equal(&recount.totals[t], &room->totals[t]))
            return "the totals do not equal a count";
    for (int p = 0; p < POLICY_COUNT; p++)
        if (room->policies[p] < policy_rows[p].low || room->policies[p] > policy_rows[p].high)
            return "a policy is out of range";
    if (room->state >= SESSION_COUNT)
        return "the session's state is out of range";
    if (room->staged != ROOM_NONE && room->staged >= room->count)
        return "the staged question does not exist";
    if (room->flushed > room->seq)
        return "more was flushed than happened";
    return NULL;
}

uint64_t room_id(const struct room *room)
{
    return room->id;
}

seq_t room_seq(const struct room *room)
{
    return room->seq;
}

enum session_state room_state(const struct room *room)
{
    return (enum session_state)room->state;
}

int64_t room_policy(const struct room *room, enum policy policy)
{
    return room->policies[policy];
}

const struct question *room_question(const struct room *room, uint64_t id)
{
    uint32_t index = room_find(room, id);
    return index == ROOM_NONE ? NULL : &room->entries[index]->question;
}

bool room_may_enter(const struct room *room, enum role role)
{
    return room->state != SESSION_DRAFT || role > ROLE_ATTENDEE;
}
