/* support.h - what every test of the rooms needs: cmocka, a room, commands by hand. */
#ifndef LECTERN_TESTS_ROOMS_SUPPORT_H
#define LECTERN_TESTS_ROOMS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <cmocka.h>

#include "lectern/room.h"

#define T0 INT64_C(1700000000000)
#define ATTENDEE(id) ((struct actor){ (id), ROLE_ATTENDEE })
#define HOST ((struct actor){ 1, ROLE_HOST })

/* Check and, when accepted, apply as the next event. The refusal, NONE when applied. */
static inline enum refusal act(struct room *room, struct actor actor, const struct command *command, ms_t now,
                               int64_t *detail)
{
    struct room_event event;
    enum refusal refusal = room_check(room, actor, command, now, &event, detail);
    if (refusal != REFUSAL_NONE)
        return refusal;
    event.seq = room_seq(room) + 1;
    assert_int_equal(room_apply(room, &event), LECTERN_OK);
    assert_null(room_verify(room));
    return REFUSAL_NONE;
}

static inline enum refusal do_now(struct room *room, struct actor actor, struct command command)
{
    int64_t detail;
    return act(room, actor, &command, T0, &detail);
}

static inline void set_policy(struct room *room, enum policy policy, int64_t value)
{
    struct command command = { .kind = COMMAND_POLICY, .policy = { policy, value } };
    assert_int_equal(do_now(room, HOST, command), REFUSAL_NONE);
}

static inline void set_votes(struct room *room, uint64_t question, uint64_t votes)
{
    uint64_t counts[] = { question, votes };
    struct room_event event = { .seq = room_seq(room) + 1, .at = T0, .kind = EVENT_VOTED };
    event.voted.counts = (struct id_list){ counts, 2 };
    assert_int_equal(room_apply(room, &event), LECTERN_OK);
}

/* A live room without review. */
static inline struct room *live_room(const struct room_limits *limits)
{
    struct room *room = room_new(7, limits);
    struct command open = { .kind = COMMAND_STATE, .state = { SESSION_LIVE } };
    assert_int_equal(do_now(room, HOST, open), REFUSAL_NONE);
    set_policy(room, POLICY_REVIEW, 0);
    return room;
}

static inline uint64_t ask(struct room *room, uint64_t asker, const char *text)
{
    struct command command = { .kind = COMMAND_ASK, .ask = { .text = str_of(text), .name = STR("Ada") } };
    assert_int_equal(do_now(room, ATTENDEE(asker), command), REFUSAL_NONE);
    return room_seq(room);
}

static inline enum refusal on_question(struct room *room, struct actor actor, enum command_kind kind, uint64_t question)
{
    return do_now(room, actor, (struct command){ .kind = kind, .question = question });
}

#endif
