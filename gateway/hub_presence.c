/* hub_presence.c - how many people are here: counted per worker, told to the others at most once a second, summed.
 *
 * People are distinct participants with a connection that is not a stage page. A worker that falls silent is forgotten
 * after six seconds. Every ten seconds the counts go into the reach curve.
 */
#include "hub_internal.h"

#include <stdlib.h>

#define REFRESH_MS 2000
#define FORGET_MS 6000
#define SAMPLE_SECONDS 10

static void link_in(struct hub_room *room, struct hub_member *member)
{
    struct hub_member **head = &room->participants[member->participant % room->participant_buckets];
    member->next = *head;
    member->link = head;
    if (*head)
        (*head)->link = &member->next;
    *head = member;
}

static void grow(struct hub_room *room)
{
    free(room->participants);
    room->participant_buckets = room->participant_buckets ? room->participant_buckets * 4 + 1 : 17;
    room->participants = calloc(room->participant_buckets, sizeof(struct hub_member *));
    if (!room->participants)
        abort();
    for (size_t i = 0; i < room->count; i++) {
        if (room->members[i]->link)
            link_in(room, room->members[i]);
    }
}

static bool is_alone(const struct hub_room *room, const struct hub_member *member)
{
    const struct hub_member *m = room->participants[member->participant % room->participant_buckets];
    for (; m; m = m->next) {
        if (m != member && m->participant == member->participant && m->page != PAGE_STAGE)
            return false;
    }
    return true;
}

void hub_presence_join(struct hub_member *member)
{
    struct hub_room *room = member->room;
    if (member->link)
        return;
    if (room->count > room->participant_buckets)
        grow(room);
    room->people += member->page != PAGE_STAGE && is_alone(room, member);
    link_in(room, member);
}

void hub_presence_leave(struct hub_member *member)
{
    struct hub_room *room = member->room;
    if (!member->link)
        return;
    room->people -= member->page != PAGE_STAGE && is_alone(room, member);
    *member->link = member->next;
    if (member->next)
        member->next->link = member->link;
    member->link = NULL;
}

static uint32_t total(const struct hub_room *room, uint64_t now)
{
    uint32_t here = (uint32_t)room->people;
    for (const struct presence_entry *e = room->elsewhere; e < room->elsewhere + HUB_PRESENCE_WORKERS; e++)
        here += e->seen && now - e->seen < FORGET_MS ? e->here : 0;
    return here;
}

struct sampling {
    struct worker *worker;
    ms_t bucket;
    size_t count;
    struct presence_sample *samples;
    uint32_t *totals;
};

static void run_sampling(struct db *db, void *arg)
{
    struct sampling *s = arg;
    if (db_presence(db, s->worker->name, s->bucket, s->samples, s->totals, s->count) != 0)
        return; /* a point of the curve is missing, nothing else */
}

static void sampling_done(void *arg, bool cancelled)
{
    struct sampling *s = arg;
    (void)cancelled;
    free(s->samples);
    free(s->totals);
    free(s);
}

static void sample(struct hub *hub)
{
    struct sampling *s = calloc(1, sizeof *s);
    s->worker = hub->worker;
    s->bucket = worker_now(hub->worker) / 10000 * 10000;
    s->samples = calloc(hub->room_count + 1, sizeof *s->samples);
    s->totals = calloc(hub->room_count + 1, sizeof *s->totals);
    for (size_t i = 0; i < HUB_BUCKETS; i++) {
        for (struct hub_room *room = hub->rooms[i]; room; room = room->next) {
            if (!room->ready || (room->people == 0 && room->told_peak >= room->peak))
                continue;
            s->samples[s->count] = (struct presence_sample){ room->id, (uint32_t)room->people };
            s->totals[s->count++] = room->peak;
            room->told_peak = room->peak;
        }
    }
    if (s->count == 0 || pool_submit(hub->worker->pool, POOL_QUICK, run_sampling, sampling_done, s) != 0)
        sampling_done(s, true);
}

static void tell(struct hub *hub, struct hub_room *room, uint64_t now)
{
    uint32_t people = (uint32_t)room->people, here = total(room, now);
    if (people != room->published_here || (people && now - room->published_at >= REFRESH_MS)) {
        room->published_here = people;
        room->published_at = now;
        bus_publish(hub->worker->bus, &(struct bus_message){ .room_id = room->id,
                                                             .origin = hub->worker->nonce,
                                                             .is_presence = true,
                                                             .here = people });
    }
    if (here > room->peak)
        room->peak = here;
    if (here == room->told_here)
        return;
    room->told_here = here;
    hub_send_to_all(room, &(struct server_message){ .kind = SERVER_PRESENCE,
                                                    .presence = { .here = here, .peak = room->peak } });
}

void hub_presence_second(struct hub *hub)
{
    uint64_t now = worker_ticks(hub->worker);
    for (size_t i = 0; i < HUB_BUCKETS; i++) {
        for (struct hub_room *room = hub->rooms[i]; room; room = room->next) {
            if (room->ready)
                tell(hub, room, now);
        }
    }
    if (hub->seconds % SAMPLE_SECONDS == 0)
        sample(hub);
}
