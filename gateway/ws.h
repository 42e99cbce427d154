/* ws.h - libwebsockets as the rest of the gateway sees it: sockets in, bytes out. Only ws*.c include its header. */
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
int ws_fd(struct lws *wsi);
/* Only while !ws_is_partial(wsi); `fd` is ws_fd(wsi). The bytes go to the socket past the library, which spares the cache
 * lines of its state: one system call. WS_FAILED: the connection is lost, ws_kill ends it. */
enum ws_written ws_write_frame(struct lws *wsi, int fd, struct frame *frame);
enum ws_written ws_write_bytes(struct lws *wsi, const void *bytes, size_t n);
bool ws_is_partial(struct lws *wsi);
void ws_want_write(struct lws *wsi);
/* An HTTP connection reads on, or leaves what comes in the kernel. Switched off while a request is being answered: with the
 * next one in its own buffer libwebsockets would look at it again and again. It is needed for writing, though. */
void ws_read(struct lws *wsi, bool on);
bool ws_has_more(struct lws *wsi); /* are there bytes in the kernel? */
/* End the connection soon, not in this call. */
void ws_kill(struct lws *wsi);

#endif
