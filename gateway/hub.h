/* hub.h - the rooms of this worker and the connections in them: commands in, events through, frames out.
 *
 *     ws.c ── hub_command ─► room_check ─► store_submit … store_poll ─► hub_event ─► room_apply ─► dirty ─► flush
 *                                          bus (Redis), log (pull) ─────► hub_event
 *
 * There is one code path for "an event happened": hub_event, wherever it came from. A dirty room flushes at once after a
 * quiet moment, else on its tick; a frame is encoded once per tier and encoding, kept in the room's ring for clients that
 * come back, and written to every member.
 */
#ifndef GATEWAY_HUB_H
#define GATEWAY_HUB_H

#include "conn.h"
#include "lectern/room.h"
#include "lectern/store.h"
#include "wire/wire.h"

struct hub;
struct worker;

/* Needs worker->store options' wake to call hub_store_wake (any thread). Never NULL. */
struct hub *hub_open(struct worker *worker);
void hub_close(struct hub *hub);
/* store_options.wake: schedules store_poll on the loop. arg is the hub's worker. */
void hub_store_wake(void *worker);

/* From the edge, on the loop's thread. */
void hub_hello(struct conn *conn, const struct client_message *hello);
void hub_command(struct conn *conn, const struct command *command, enum refusal refusal); /* refusal from the codec */
void hub_more(struct conn *conn, const struct client_message *more);
void hub_leave(struct conn *conn);   /* the connection is going; drop everything that points to it. O(1) */
void hub_drained(struct conn *conn); /* a connection that was behind has room again: bring it up to date */

/* From the bus. */
void hub_bus_message(struct worker *worker, const struct bus_message *message);
void hub_bus_state(struct worker *worker, bool up); /* the seq check goes from 2 s to 250 ms while down */

/* From the HTTP API: run a command as somebody who has been authorised to `role` in that room. `done` runs exactly
 * once, later, on the loop. */
struct hub_answer {
    enum refusal refusal;
    int64_t detail;
    seq_t seq;
};
void hub_submit(struct worker *worker, uint64_t room, const struct actor_ref *actor, const struct command *command,
                void (*done)(void *arg, const struct hub_answer *answer), void *arg);

size_t hub_rooms(const struct hub *hub);

#endif
