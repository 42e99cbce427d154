/* member.h - one person in a room: applies every frame as the protocol says, and notices when it cannot.
 *
 * A member has at most `--window` commands under way, and keeps them until they are answered, over reconnects.
 */
#ifndef LOADTEST_MEMBER_H
#define LOADTEST_MEMBER_H

#include "client.h"
#include "load.h"

#define NO_CLOSING (-2)

struct member {
    struct client client;
    struct load *load;
    struct room *room;
    uint32_t number;
    char token[64];
    uint64_t participant;
    bool joined; /* welcome, and its snapshot or word that it is resumed */
    bool connected_before;
    bool measured; /* its screen counts: it was there before the others came, and reads as fast as it can */
    bool laggard;
    bool away;   /* left on purpose */
    bool listed; /* waits for reconnect_at or resend_at */
    unsigned attempts;
    struct view *view; /* NULL: nothing yet */
    uint64_t *voted;   /* ids voted for, as acknowledged */
    size_t voted_count, voted_capacity;
    uint32_t *pending; /* indices of the commands under way */
    size_t pending_count;
    uint64_t resend_at;    /* µs; 0: not waiting */
    uint64_t reconnect_at; /* µs; 0: not waiting */
    uint64_t connect_at;   /* µs; when the connection was begun */
    uint64_t lost_at;      /* µs; 0: not lost */
    int64_t closing_ms;    /* retry_ms of the `closing` message */
};

void member_init(struct member *member, struct load *load, uint32_t number);
void member_release(struct member *member);
void member_connect(struct member *member);
/* Reconnect or send again what is due; false: nothing is waiting any more. */
bool member_tick(struct member *member, uint64_t now);
/* Be ticked until this time (reconnect_at or resend_at) has come. */
void member_wait(struct member *member, uint64_t *field, uint64_t when);
/* Leave on purpose, and come back at this time (µs). */
void member_leave(struct member *member, uint64_t until);
/* Begin or end to read slowly; every second laggard does not read at all. */
void member_lag(struct member *member, bool lag);
seq_t member_seq(const struct member *member);

/* ---- commands.c ---- */

/* Send a new command: a vote on a question, or (0) a question. The member must be joined and have room for it. */
void member_command(struct member *member, uint64_t question, bool on);
bool member_has_voted(const struct member *member, uint64_t question);
/* Is a vote on this question under way? */
bool member_is_voting(const struct member *member, uint64_t question);
void member_acked(struct member *member, const struct command_id *id, seq_t seq);
void member_refused(struct member *member, const struct command_id *id, uint8_t refusal);
/* Send again what is under way: all of it, or what was refused for the moment. */
void member_send_pending(struct member *member, bool all);
void member_send(struct member *member, const struct client_message *message);

#endif
