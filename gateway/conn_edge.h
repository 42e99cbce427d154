/* conn_edge.h - what ws.c tells the connections, and the timing wheel they share. */
#ifndef GATEWAY_CONN_EDGE_H
#define GATEWAY_CONN_EDGE_H

#include "conn.h"
#include "worker.h"

void conn_table_open(struct worker *worker);
void conn_table_free(struct worker *worker);
void conn_table_stop(struct worker *worker); /* the wheel's timer */

struct conn *conn_opened(struct worker *worker, struct lws *wsi, enum wire_encoding encoding, const char *cookie,
                         const char *address);
/* The last word of libwebsockets about it; frees it. */
void conn_closed(struct conn *conn);
/* A piece of a message. */
void conn_received(struct conn *conn, const void *bytes, size_t n, bool first, bool final, bool binary);
void conn_heard(struct conn *conn);

struct conn_turn {
    bool ping;            /* send one now */
    bool close;           /* say goodbye, with this code and text */
    bool over;            /* it has been said: no more will be written */
    int code;
    const char *text;
};
/* The socket has room again. */
struct conn_turn conn_writable(struct conn *conn);

/* Close up to `count` connections that are not closing yet; returns how many remain. */
size_t conn_drain(struct worker *worker, size_t count);
size_t conn_count(const struct worker *worker);

#endif
