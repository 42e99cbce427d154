/* line.h - one connection of the comparison's client: WebSocket over a non-blocking socket, as little as that takes.
 *
 * All servers are measured through the same lines, so that the client's share is the same for all of them.
 */
#ifndef COMPARE_LINE_H
#define COMPARE_LINE_H

#include <sys/socket.h>

#include "lectern/buf.h"

enum line_state {
    LINE_CLOSED,
    LINE_CONNECTING,
    LINE_UPGRADING,
    LINE_OPEN,
    LINE_PLAIN /* no WebSocket: HTTP requests */
};

struct line {
    int fd;
    enum line_state state;
    bool plain;        /* wanted: LINE_PLAIN */
    bool ready;        /* subscribed */
    uint64_t held;     /* the last number received, see audience.h */
    uint64_t seq;      /* Lectern's own */
    struct buf in;     /* the beginning of a WebSocket frame */
    struct buf stream; /* the beginning of a unit of the dialect, where those and WebSocket messages differ */
};

/* What all lines of a program share. */
struct line_host {
    void *owner;
    int poller;         /* epoll; its events point at the lines */
    struct str request; /* the whole upgrade, as HTTP */
    void (*opened)(void *owner, struct line *line);
    void (*received)(void *owner, struct line *line, struct str payload); /* one WebSocket message */
    void (*ended)(void *owner, struct line *line, const char *why);
};

bool line_open(struct line *line, const struct line_host *host, const struct sockaddr *address, socklen_t size);
/* Something has happened on it. Returns the bytes received. */
size_t line_event(struct line *line, const struct line_host *host);
/* One masked message. The kernel must take it whole: lines carry a few small messages a second. */
bool line_send(struct line *line, bool text, struct str payload);
bool line_send_plain(struct line *line, struct str bytes);
void line_close(struct line *line);

#endif
