/* store.h - group commit: the one way a command becomes an event (D1, D2, D3).
 *
 * A store is a thread with its own PostgreSQL connection in pipeline mode. The loop submits commands that room_check
 * has accepted; while one batch commits the next one gathers, so the batch size follows the load and no timer is
 * needed. One transaction per batch:
 *
 *     lock the rooms, in id order → each command, guarded by the masks of tbl/command.h and by the ledger of command
 *     ids → votes of the whole batch as sets, counts and one `voted` event per room → commit
 *
 * A command that fails takes nobody with it: the batch is then repeated one command at a time. A connection lost
 * around COMMIT leaves the batch in doubt: it is repeated after reconnecting, and the ledger answers what had been
 * committed. Nothing is reported as committed that is not. The opposite can happen: a command is given up as
 * STORE_UNAVAILABLE while it is in doubt, and turns out to have been committed. Whoever sends the same id again learns it.
 */
#ifndef LECTERN_STORE_H
#define LECTERN_STORE_H

#include "lectern/message.h"

struct store;

/* A command on its way into the log. The store copies what it needs before store_submit returns. */
struct store_command {
    uint64_t ticket; /* the caller's; comes back in the result */
    uint64_t room_id;
    struct actor_ref {
        uint64_t participant;
        uint64_t account; /* 0: none */
        uint8_t role;
    } actor;
    const struct command *command;
    const struct room_event *event; /* from room_check */
    struct str body;                /* the event's body as stored; unused for vote and feedback (made in SQL) */
};

enum store_status {
    STORE_COMMITTED,  /* done now; its event is among the events of the same batch (a vote's is its room's) */
    STORE_REPEATED,   /* the ledger knows this id: seq is the first answer's */
    STORE_CONFLICT,   /* the guards refused: somebody else changed the room first */
    STORE_FAILED,     /* this command cannot be stored (an error of ours; logged) */
    STORE_UNAVAILABLE /* the database was away for longer than the patience. Not stored, or not known to be: the same id,
                         submitted again, is stored once, and gets the first answer if it had been (STORE_REPEATED) */
};

struct store_result {
    uint64_t ticket;
    enum store_status status;
    seq_t seq;
};

/* A committed event as a row. `body` is valid during the callback. */
struct store_event {
    uint64_t room_id;
    seq_t seq;
    ms_t at;
    uint64_t actor;
    uint8_t kind; /* enum event_kind */
    struct str body;
};

/* Called from store_poll, on the loop's thread: first all events of a batch (ascending seq within a room), then its
 * results. */
struct store_callbacks {
    void (*on_event)(void *context, const struct store_event *event);
    void (*on_result)(void *context, const struct store_result *result);
    void (*on_batch_end)(void *context, size_t commands);
    void *context;
};

struct store_options {
    const char *conninfo;    /* libpq connection string or URI */
    const char *application; /* application_name */
    uint32_t queue_max;      /* commands waiting; beyond it store_submit refuses */
    uint32_t batch_max;      /* commands per transaction */
    int patience_ms;         /* how long a command waits for a database that is away */
    void (*wake)(void *arg); /* called on the store's thread when store_poll has something to give */
    void *wake_arg;
    /* called on the store's thread; never with user text */
    void (*log)(void *arg, bool trouble, const char *what, const char *detail);
    void *log_arg;
};

/* Start the thread; it connects by itself, now or later. Copies `options`. NULL when no thread can be made. */
struct store *store_open(const struct store_options *options);

/* Hand in one command. LECTERN_EFULL: the queue is full (answer `unavailable`); otherwise 0 and exactly one result
 * follows, never before this call returns. Loop's thread only. */
LECTERN_MUSTCHECK int store_submit(struct store *store, const struct store_command *command);

/* Deliver everything that has finished. Loop's thread only. Returns how many results were delivered. */
size_t store_poll(struct store *store, const struct store_callbacks *callbacks);

/* Finish what was submitted (at most `patience_ms`), end the thread, free all. Undelivered results are dropped.
 * NULL is fine. */
void store_close(struct store *store);

/* Is the connection up? How many commands wait? Any thread. */
bool store_is_up(const struct store *store);
uint32_t store_waiting(const struct store *store);

#endif
