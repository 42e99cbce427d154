/* client.h - a WebSocket client on libuv, no more than the load generator needs: plain TCP, unfragmented messages. */
#ifndef LOADTEST_CLIENT_H
#define LOADTEST_CLIENT_H

#include <uv.h>

#include "lectern/buf.h"

struct client;

struct client_hooks {
    void (*on_open)(struct client *client); /* the upgrade has succeeded */
    void (*on_message)(struct client *client, struct str payload);
    void (*on_end)(struct client *client, int code); /* close code, 1006 without one; client_open may be called again */
};

struct client {
    uv_tcp_t tcp;
    uv_connect_t connecting;
    const struct client_hooks *hooks;
    struct buf in; /* an unfinished frame, or the answer to the upgrade */
    bool alive;    /* between client_open and on_end */
    bool upgraded;
    bool text;         /* frames are text (JSON) */
    bool paused, once; /* does not read; reads one time */
    int receive_bytes; /* SO_RCVBUF; 0: the kernel's */
    int close_code;
};

void client_init(struct client *client, const struct client_hooks *hooks);
void client_release(struct client *client);

/* Connect and upgrade at `request` (the whole HTTP request, borrowed for ever). on_end follows sooner or later. */
void client_open(struct client *client, uv_loop_t *loop, const struct sockaddr *address, const struct str *request,
                 bool text);
void client_send(struct client *client, struct str payload);
/* End it now; on_end follows. */
void client_close(struct client *client, int code);

/* Stop reading, or go on. */
void client_pause(struct client *client, bool paused);
/* Read a little, although paused. */
void client_read_once(struct client *client);

/* The request for ws://host/ws with a subprotocol, appended to `out`. */
void client_request(struct buf *out, const char *host, const char *subprotocol);

#endif
