/* ceiling.c - the least that a fan-out can cost: one thread, epoll, one send() per member and message, nothing else.
 *
 * What one member sends goes to all members, framed once. There is no room, no state, no memory of a message, no answer
 * to ping, no patience: a socket that cannot take a message whole is closed. No server that sends each member its own
 * bytes over TCP can spend less; how much more one spends is the price of everything it does besides.
 *
 *   ceiling PORT
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#define SOCKETS_MAX 65536
#define MESSAGE_MAX 4096
#define EVENTS 256

/* The clients of the comparison all send RFC 6455's example key: its answer needs no SHA-1. */
static const char upgraded[] = "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                               "Sec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n\r\n";

struct member {
    size_t place; /* in `members`, plus one; 0: not upgraded */
    size_t length;
    char *in; /* an unfinished request or frame */
};

static struct member by_fd[SOCKETS_MAX];
static int members[SOCKETS_MAX];
static size_t member_count;
static int poller, listener;

static void leave(int fd)
{
    struct member *member = &by_fd[fd];
    if (member->place) {
        int last = members[--member_count];
        members[member->place - 1] = last;
        by_fd[last].place = member->place;
    }
    free(member->in);
    *member = (struct member){0};
    close(fd);
}

static bool send_whole(int fd, const void *bytes, size_t n)
{
    return send(fd, bytes, n, MSG_NOSIGNAL | MSG_DONTWAIT) == (ssize_t)n;
}

static void send_to_all(const uint8_t *frame, size_t n)
{
    for (size_t i = member_count; i-- > 0;) {
        if (!send_whole(members[i], frame, n)) {
            fprintf(stderr, "ceiling: a member cannot keep up\n");
            leave(members[i]);
        }
    }
}

/* ---- what comes in ---- */

static size_t take_request(int fd)
{
    struct member *member = &by_fd[fd];
    if (!memmem(member->in, member->length, "\r\n\r\n", 4))
        return 0;
    members[member_count++] = fd;
    member->place = member_count;
    send_whole(fd, upgraded, sizeof upgraded - 1);
    return member->length;
}

/* Unmask one frame of a client, put the header of a server before it, and send it to all. Returns its size, 0: not
 * whole. */
static size_t take_frame(const uint8_t *in, size_t n)
{
    static uint8_t out[MESSAGE_MAX + 4];
    if (n < 6)
        return 0;
    size_t header = (in[1] & 0x7f) == 126 ? 4 : 2, size = header == 4 ? (size_t)in[2] << 8 | in[3] : in[1] & 0x7f;
    if (size > MESSAGE_MAX || n < header + 4 + size)
        return 0;
    memcpy(out, in, header);
    out[1] &= 0x7f;
    for (size_t i = 0; i < size; i++)
        out[header + i] = in[header + 4 + i] ^ in[header + (i & 3)];
    send_to_all(out, header + size);
    return header + 4 + size;
}

static void receive(int fd)
{
    struct member *member = &by_fd[fd];
    if (!member->in && !(member->in = malloc(MESSAGE_MAX + 16)))
        abort();
    ssize_t n = recv(fd, member->in + member->length, MESSAGE_MAX + 16 - member->length, MSG_DONTWAIT);
    if (n == 0 || (n < 0 && errno != EAGAIN)) {
        leave(fd);
        return;
    }
    member->length += n > 0 ? (size_t)n : 0;
    size_t taken;
    do {
        taken = member->place ? take_frame((uint8_t *)member->in, member->length) : take_request(fd);
        if (!by_fd[fd].in)
            return; /* it left while it was sent to */
        member->length -= taken;
        memmove(member->in, member->in + taken, member->length);
    } while (taken && member->length);
    if (member->length == 0) {
        free(member->in);
        member->in = NULL;
    }
}

static void take_sockets(void)
{
    int fd, on = 1;
    while ((fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        if (fd >= SOCKETS_MAX) {
            close(fd);
            continue;
        }
        setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        epoll_ctl(poller, EPOLL_CTL_ADD, fd, &(struct epoll_event){.events = EPOLLIN, .data.fd = fd});
    }
}

/* ---- the program ---- */

static void open_listener(uint16_t port)
{
    struct sockaddr_in address = {
        .sin_family = AF_INET, .sin_port = htons(port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    int on = 1;
    listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 4096)) {
        perror("ceiling");
        exit(1);
    }
    epoll_ctl(poller, EPOLL_CTL_ADD, listener, &(struct epoll_event){.events = EPOLLIN, .data.fd = listener});
}

int main(int argc, char **argv)
{
    struct rlimit files;
    struct epoll_event events[EVENTS];
    int port = argc == 2 ? atoi(argv[1]) : 0;
    if (port < 1 || port > 65535) {
        fprintf(stderr, "usage: ceiling PORT\n");
        return 2;
    }
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max < SOCKETS_MAX ? files.rlim_max : SOCKETS_MAX;
        setrlimit(RLIMIT_NOFILE, &files);
    }
    poller = epoll_create1(EPOLL_CLOEXEC);
    open_listener((uint16_t)port);
    for (;;) {
        int count = epoll_wait(poller, events, EVENTS, -1);
        for (int i = 0; i < count; i++) {
            if (events[i].data.fd == listener)
                take_sockets();
            else
                receive(events[i].data.fd);
        }
    }
}
