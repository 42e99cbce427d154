/* conn_internal.h - a connection's own parts, shared by conn.c (life, deadlines, out) and conn_in.c (in). */
#ifndef GATEWAY_CONN_INTERNAL_H
#define GATEWAY_CONN_INTERNAL_H

#include "conn_edge.h"

#define WHEEL_SLOTS 64 /* seconds; a deadline further away is looked at again on the way */

/* A connection with the parts that are nobody else's business. */
struct edge_conn {
    struct conn conn; /* first: the two are converted into each other */
    struct edge_conn *next_id;
    struct edge_conn *next, **link; /* the wheel's slot */
    struct buf message;
    bool said_hello, said_goodbye, ping_due;
    enum close_reason reason;
    uint64_t closing_since, pinged;
};

struct conn_table {
    struct worker *worker;
    struct edge_conn **buckets;
    size_t bucket_count, count;
    uint64_t last_id;
    struct edge_conn *wheel[WHEEL_SLOTS];
    unsigned hand;
    uv_timer_t timer;
    struct arena scratch;
    struct buf encoded;
};

static inline struct edge_conn *edge_of(struct conn *conn)
{
    return (struct edge_conn *)conn;
}

double conn_burst(const struct config *config); /* the budget of a connection that has been quiet */

#endif
