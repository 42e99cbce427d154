/* exchange.h - the inside of an HTTP exchange, between ws.c (which feeds it) and exchange.c (which answers it). */
#ifndef GATEWAY_EXCHANGE_H
#define GATEWAY_EXCHANGE_H

#include <pthread.h>

#include "http.h"
#include "worker.h"

struct lws;

struct http_exchange {
    int refs; /* atomic: the connection, the answerer, the list of streams */
    struct worker *worker;
    struct lws *wsi; /* NULL once the client has gone */
    struct http_request request;
    struct buf texts;  /* what the request's slices point into */
    size_t body_expected;
    struct buf body;
    struct buf headers; /* added by http_header */
    struct buf head;    /* status line and all headers, ready to be written */
    struct buf copy;    /* the answer's body, when it is ours */
    struct str out;     /* the answer's body */
    size_t sent;
    bool body_done, dispatched, answered, close_after, streaming, stream_ended, head_sent;
    bool has_next; /* the client did not wait for this answer with its next request */
    uint64_t since; /* of the last progress, for the deadlines */
    struct http_exchange *next, **link; /* all exchanges of the worker */

    pthread_mutex_t lock; /* for what follows: a stream's */
    pthread_cond_t room;
    struct buf pending;
    bool ended, gone;
};

void http_edge_open(struct worker *worker);
void http_edge_stop(struct worker *worker);
void http_edge_free(struct worker *worker);

struct http_exchange *exchange_new(struct worker *worker, struct lws *wsi);
/* The request (and its body) is complete. */
void exchange_dispatch(struct http_exchange *exchange);
/* Answer with a status of the edge's own, and close the connection afterwards. */
void exchange_refuse(struct http_exchange *exchange, int status);
/* The client has gone, or the answer is complete: the connection lets go of it. */
void exchange_detach(struct http_exchange *exchange);

enum exchange_turn { EXCHANGE_WAIT, EXCHANGE_MORE, EXCHANGE_DONE, EXCHANGE_FAILED };
/* The socket has room: write the next piece. */
enum exchange_turn exchange_writable(struct http_exchange *exchange);

/* http.c: the headers that every answer carries. */
void http_security_headers(const struct http_exchange *exchange, struct buf *out);

#endif
