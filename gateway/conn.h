/* conn.h - one WebSocket connection, as the rest of the gateway sees it.
 *
 * ws.c owns the libwebsockets side and calls hub_* (hub.h) when something arrives; the hub answers with conn_send. A
 * frame is written to the socket directly; when the socket does not take it whole the connection is `behind`: it gets
 * no further shared frames, the hub brings it up to date in hub_drained. Frames for this person alone (acks, own) wait in
 * a short queue. Late completions hold the id, never the pointer (conn_find).
 */
#ifndef GATEWAY_CONN_H
#define GATEWAY_CONN_H

#include "frame.h"
#include "lectern/message.h"

struct lws;
struct worker;
struct hub_member; /* hub's part */

#define CONN_QUEUE_MAX 64

struct conn {
    uint64_t id; /* never used again */
    struct worker *worker;
    struct lws *wsi;
    struct hub_member *member; /* NULL before hello and after hub_leave */
    int fd; /* of wsi */
    enum wire_encoding encoding;
    bool behind;
    bool closing; /* a frame for everybody reads nothing below: one cache line */
    char *cookie; /* Cookie header of the upgrade; NULL once hello has been answered */
    char address[48];
    uint64_t behind_since, last_heard, opened; /* worker_ticks, ms */
    double command_budget, pace;               /* token bucket, and how much faster than usual it fills */
    uint64_t budget_at;
    struct frame **queue; /* room for CONN_QUEUE_MAX personal frames that wait while behind; NULL: it never was */
    unsigned queued;
};

/* Write a frame that everybody gets. true: written, or left to the kernel/lws whole; false: the connection was or now is
 * behind or closing (the hub will be asked again by hub_drained). Takes no reference. One system call. */
bool conn_send_shared(struct conn *conn, struct frame *frame);
/* Write a frame for this person alone; waits in the queue while the connection is behind. A full queue closes: slow. */
void conn_send(struct conn *conn, struct frame *frame);
/* Encode and conn_send one message. */
void conn_send_message(struct conn *conn, const struct server_message *message);
/* The only way a connection is ended by us: `closing` message, close frame, end. Idempotent. hub_leave follows. */
void conn_close(struct conn *conn, enum close_reason reason);
/* The connection with this id, or NULL when it has gone. O(1). */
struct conn *conn_find(struct worker *worker, uint64_t id);

#endif
