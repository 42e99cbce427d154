/* ws.h - libwebsockets as the rest of the gateway sees it: sockets in, bytes out. ws.c alone includes its header. */
#ifndef GATEWAY_WS_H
#define GATEWAY_WS_H

#include "frame.h"
#include "worker.h"

struct lws;

/* The context (a guest on the worker's loop) and one virtual host without a listener. false: logged. */
LECTERN_MUSTCHECK bool ws_open(struct worker *worker);
/* End the context and every socket on it; the loop must run on until its handles are closed. */
void ws_close(struct worker *worker);
void ws_free(struct worker *worker); /* when the loop has run out */

/* Hand over an accepted socket; closes it when that fails. */
bool ws_adopt(struct worker *worker, int fd, const char *address);
int64_t ws_sockets(const struct worker *worker);

enum ws_written { WS_WHOLE, WS_PART, WS_FAILED }; /* WS_PART: libwebsockets keeps the rest and sends it */
enum ws_written ws_write_frame(struct lws *wsi, struct frame *frame);
enum ws_written ws_write_bytes(struct lws *wsi, const void *bytes, size_t n);
bool ws_is_partial(struct lws *wsi);
void ws_want_write(struct lws *wsi);
/* End the connection soon, not in this call. */
void ws_kill(struct lws *wsi);

#endif
