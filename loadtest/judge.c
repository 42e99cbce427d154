/* judge.c - what is on the screens against what was acknowledged, and the final state for a comparison from outside. */
#include <stdio.h>
#include <stdlib.h>

#include "member.h"

/* Where the tally is, or belongs. */
static size_t place_of(const struct room *room, uint64_t id)
{
    size_t low = 0, high = room->tally_count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (room->tallies[middle].id < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

struct tally *judge_tally(struct room *room, uint64_t question)
{
    size_t at = place_of(room, question);
    if (at == room->tally_count || room->tallies[at].id != question) {
        room->tallies = load_room_for(room->tallies, room->tally_count, &room->tally_capacity, sizeof(*room->tallies));
        memmove(&room->tallies[at + 1], &room->tallies[at], (room->tally_count++ - at) * sizeof(*room->tallies));
        /* asked since acting began: no votes before; else it was not shown then, and nobody knows */
        room->tallies[at] = (struct tally){.id = question, .known = question > room->start};
    }
    return &room->tallies[at];
}

void judge_begin(struct load *load)
{
    for (size_t r = 0; r < load->room_count; r++) {
        struct room *room = &load->rooms[r];
        const struct view *view = room->first->view;
        room->start = view->seq;
        for (size_t i = 0; i < view->count; i++)
            *judge_tally(room, view->seen[i].id) = (struct tally){view->seen[i].id, view->seen[i].votes, true};
    }
}

bool judge_is_even(const struct load *load)
{
    for (size_t i = 0; i < (size_t)load->options.members; i++) {
        const struct member *member = &load->members[i];
        if (!member->connect_at) /* not told to join yet */
            continue;
        if (!member->joined || member->pending_count || member_seq(member) < member->room->most_acked ||
            member_seq(member) != member_seq(member->room->first))
            return false;
    }
    return true;
}

static void judge_member(struct load *load, size_t i)
{
    const struct member *member = &load->members[i], *first = member->room->first;
    if (member->pending_count)
        load_wrong(load, "member %zu never got an answer", i);
    if (member->view == first->view)
        return;
    if (member_seq(member) != member_seq(first))
        load_wrong(load, "member %zu is at seq %llu, the first of its room at %llu", i,
                   (unsigned long long)member_seq(member), (unsigned long long)member_seq(first));
    else if (member->view->hash != first->view->hash)
        load_wrong(load, "member %zu sees something else than the first of its room at seq %llu", i,
                   (unsigned long long)member_seq(member));
}

static void judge_room(struct load *load, struct room *room)
{
    const struct view *view = room->first->view;
    for (size_t i = 0; view && i < view->count; i++) {
        const struct tally *tally = judge_tally(room, view->seen[i].id);
        if (tally->known && tally->votes != view->seen[i].votes)
            load_wrong(load, "room %s: question %llu shows %lld votes, %lld were acknowledged", room->code,
                       (unsigned long long)tally->id, (long long)view->seen[i].votes, (long long)tally->votes);
    }
}

void judge_end(struct load *load)
{
    for (size_t i = 0; i < (size_t)load->options.members; i++)
        judge_member(load, i);
    for (size_t r = 0; r < load->room_count; r++)
        judge_room(load, &load->rooms[r]);
}

/* ---- the final state ---- */

static void dump_room(const struct load *load, const struct room *room, FILE *out)
{
    const struct view *view = room->first->view;
    fprintf(out, "room %s %llu %llu\n", room->code, (unsigned long long)member_seq(room->first),
            (unsigned long long)room->acked);
    for (size_t i = 0; view && i < view->count; i++)
        fprintf(out, "question %llu %lld\n", (unsigned long long)view->seen[i].id, (long long)view->seen[i].votes);
    for (size_t i = room->first->number; i < (size_t)load->options.members; i += load->room_count)
        for (size_t v = 0; v < load->members[i].voted_count; v++)
            fprintf(out, "vote %llu %llu\n", (unsigned long long)load->members[i].participant,
                    (unsigned long long)load->members[i].voted[v]);
}

void judge_dump(struct load *load, const char *path)
{
    FILE *out = fopen(path, "w");
    if (!out) {
        load_wrong(load, "cannot write %s", path);
        return;
    }
    for (size_t r = 0; r < load->room_count; r++) {
        dump_room(load, &load->rooms[r], out);
        for (size_t i = 0; i < load->sent_count; i++) {
            const struct sent *sent = &load->sent[i];
            if (!sent->question && sent->seq && sent->member % load->room_count == r)
                fprintf(out, "asked %llu\n", (unsigned long long)sent->seq);
        }
    }
    if (fclose(out))
        load_wrong(load, "cannot write %s", path);
}
