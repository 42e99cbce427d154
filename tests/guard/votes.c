/* votes.c - N votes through the pure core: a check and an event each, a flush for every hundred. Run twice under
 * callgrind, with N and 2N, the difference is what N votes cost, in instructions.
 *
 *   guard_votes N
 */
#include <stdio.h>
#include <stdlib.h>

#include "lectern/room.h"

#define NOW INT64_C(1700000000000)
#define HOST ((struct actor){1, ROLE_HOST})

enum { QUESTIONS = 200, VOTES_PER_FLUSH = 100 };

static void must(bool right)
{
    if (right)
        return;
    fputs("guard_votes: the room refused\n", stderr);
    exit(1);
}

/* Check, and apply what comes of it as the next event. */
static void act(struct room *room, struct actor actor, struct command command)
{
    struct room_event event;
    int64_t detail;
    must(room_check(room, actor, &command, NOW, &event, &detail) == REFUSAL_NONE);
    event.seq = room_seq(room) + 1;
    must(room_apply(room, &event) == 0);
}

static struct room *live_room(uint64_t questions[QUESTIONS])
{
    struct room *room = room_new(7, &room_limits_default);
    act(room, HOST, (struct command){.kind = COMMAND_STATE, .state = {SESSION_LIVE}});
    act(room, HOST, (struct command){.kind = COMMAND_POLICY, .policy = {POLICY_REVIEW, 0}});
    for (uint64_t i = 0; i < QUESTIONS; i++) {
        struct command ask = {.kind = COMMAND_ASK, .ask = {.text = STR("Why?"), .name = STR("Ada")}};
        act(room, (struct actor){100 + i, ROLE_ATTENDEE}, ask);
        questions[i] = room_seq(room);
    }
    return room;
}

/* What the database makes of a vote is the absolute count. */
static void vote(struct room *room, uint64_t question, uint64_t count)
{
    struct command command = {.kind = COMMAND_VOTE, .vote = {question, true}};
    struct room_event event;
    uint64_t counts[] = {question, count};
    int64_t detail;
    must(room_check(room, (struct actor){5, ROLE_ATTENDEE}, &command, NOW, &event, &detail) == REFUSAL_NONE);
    event.seq = room_seq(room) + 1;
    event.voted.counts = (struct id_list){counts, 2};
    must(room_apply(room, &event) == 0);
}

int main(int argc, char **argv)
{
    uint64_t questions[QUESTIONS], n = argc == 2 ? strtoull(argv[1], NULL, 10) : 0;
    struct room *room = live_room(questions);
    struct room_delta delta;
    for (uint64_t i = 0; i < n; i++) {
        vote(room, questions[i * 7 % QUESTIONS], 1 + i / QUESTIONS);
        if (i % VOTES_PER_FLUSH == VOTES_PER_FLUSH - 1)
            room_flush(room, &delta);
    }
    must(room_seq(room) == 2 + QUESTIONS + n);
    room_free(room);
}
