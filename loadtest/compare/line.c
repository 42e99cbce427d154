/* line.c - RFC 6455 from the client's side, for servers that send whole messages. */
#include "line.h"
#include "rfc6455.h"

#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#define FRAME_MAX (8u << 20)

static char memory[256 * 1024]; /* one loop, one read at a time */

bool line_open(struct line *line, const struct line_host *host, const struct sockaddr *address, socklen_t size)
{
    int on = 1;
    buf_init(&line->in, FRAME_MAX);
    buf_init(&line->stream, FRAME_MAX);
    line->fd = socket(address->sa_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (line->fd < 0)
        return false;
    setsockopt(line->fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    line->state = LINE_CONNECTING;
    struct epoll_event event = {.events = EPOLLOUT, .data.ptr = line};
    return (connect(line->fd, address, size) == 0 || errno == EINPROGRESS) &&
           epoll_ctl(host->poller, EPOLL_CTL_ADD, line->fd, &event) == 0;
}

void line_close(struct line *line)
{
    if (line->state == LINE_CLOSED)
        return;
    close(line->fd);
    buf_release(&line->in);
    buf_release(&line->stream);
    line->state = LINE_CLOSED;
    line->ready = false;
}

bool line_send_plain(struct line *line, struct str bytes)
{
    return send(line->fd, bytes.p, bytes.n, MSG_NOSIGNAL) == (ssize_t)bytes.n;
}

static bool send_frame(struct line *line, uint8_t first, struct str payload)
{
    uint8_t frame[2048];
    if (payload.n > sizeof frame - RFC6455_HEADER_MAX)
        return false;
    size_t n = rfc6455_frame(frame, first, payload, 0x88c3175a);
    return line_send_plain(line, (struct str){(const char *)frame, n});
}

bool line_send(struct line *line, bool text, struct str payload)
{
    return send_frame(line, text ? FIRST_TEXT : FIRST_BINARY, payload);
}

/* ---- reading ---- */

static void take_frame(struct line *line, uint8_t first, struct str payload, const struct line_host *host)
{
    if (first == FIRST_TEXT || first == FIRST_BINARY)
        host->received(host->owner, line, payload);
    else if (first == FIRST_PING)
        send_frame(line, FIRST_PONG, payload);
    else if (first != FIRST_PONG)
        host->ended(host->owner, line,
                    first == FIRST_CLOSE ? "the server closed it" : "a frame that no server should send");
}

static size_t take_answer(struct line *line, struct str bytes, const struct line_host *host)
{
    bool upgraded;
    size_t n = rfc6455_answer(bytes, &upgraded);
    if (n == 0)
        return 0;
    if (!upgraded) {
        host->ended(host->owner, line, "the upgrade was refused");
        return n;
    }
    line->state = LINE_OPEN;
    host->opened(host->owner, line);
    return n;
}

static size_t take_bytes(struct line *line, struct str bytes, const struct line_host *host)
{
    size_t done = 0;
    while (done < bytes.n && line->state != LINE_CLOSED) {
        struct str rest = {bytes.p + done, bytes.n - done}, payload;
        bool framed = line->state == LINE_OPEN;
        size_t n = framed ? rfc6455_next(rest, &payload) : take_answer(line, rest, host);
        if (n == 0)
            break;
        if (framed)
            take_frame(line, (uint8_t)rest.p[0], payload, host);
        done += n;
    }
    return done;
}

/* Put what is left of an earlier read before `bytes`, take what is whole, keep the rest. */
static void take(struct line *line, struct str bytes, const struct line_host *host)
{
    bool kept = line->in.len > 0;
    if (kept) {
        buf_put_str(&line->in, bytes);
        bytes = buf_str(&line->in);
    }
    size_t done = take_bytes(line, bytes, host);
    if (line->state == LINE_CLOSED)
        return;
    if (kept) {
        memmove(line->in.data, line->in.data + done, line->in.len - done);
        line->in.len -= done;
    } else if (done < bytes.n) {
        buf_put(&line->in, bytes.p + done, bytes.n - done);
    }
    if (line->in.failed)
        host->ended(host->owner, line, "a frame of many megabytes");
}

static void connected(struct line *line, const struct line_host *host)
{
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = line};
    int error = 0;
    socklen_t n = sizeof error;
    getsockopt(line->fd, SOL_SOCKET, SO_ERROR, &error, &n);
    if (error) {
        host->ended(host->owner, line, strerror(error));
        return;
    }
    epoll_ctl(host->poller, EPOLL_CTL_MOD, line->fd, &event);
    line->state = line->plain ? LINE_PLAIN : LINE_UPGRADING;
    if (line->plain)
        host->opened(host->owner, line);
    else if (!line_send_plain(line, host->request))
        host->ended(host->owner, line, "the request could not be sent");
}

size_t line_event(struct line *line, const struct line_host *host)
{
    if (line->state == LINE_CLOSED)
        return 0;
    if (line->state == LINE_CONNECTING) {
        connected(line, host);
        return 0;
    }
    ssize_t n = recv(line->fd, memory, sizeof memory, MSG_DONTWAIT);
    if (n < 0 && errno == EAGAIN)
        return 0;
    if (n <= 0) {
        host->ended(host->owner, line, n == 0 ? "the server hung up" : strerror(errno));
        return 0;
    }
    if (line->state != LINE_PLAIN)
        take(line, (struct str){memory, (size_t)n}, host);
    return (size_t)n;
}
