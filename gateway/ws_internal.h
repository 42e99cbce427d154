/* ws_internal.h - the inside of the edge, shared by ws.c (callbacks, sockets) and ws_headers.c (what a request says). */
#ifndef GATEWAY_WS_INTERNAL_H
#define GATEWAY_WS_INTERNAL_H

#include <libwebsockets.h>

#include "exchange.h"
#include "ws.h"

#define WS_HEADER_MAX 8192

/* Hangs on every socket from adoption to its end. */
struct socket_info {
    struct worker *worker;
    char address[48];
};

/* A header's value with a NUL, "" when there is none or it does not fit; its length. */
size_t ws_header(struct lws *wsi, enum lws_token_indexes token, char *out, size_t size);
/* The client's address: the last one a trusted proxy has added. */
void ws_client_address(struct lws *wsi, char out[48]);
/* Fill in the request of an exchange. */
void ws_collect(struct http_exchange *exchange, struct str path);
/* May this page, or program, open a WebSocket? */
bool ws_may_upgrade(struct lws *wsi);

#endif
