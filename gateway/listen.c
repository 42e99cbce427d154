/* listen.c - accept4 in a loop on a uv_poll, socket options, limits; the socket is then handed to libwebsockets. */
#include "listen.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "log.h"
#include "ws.h"

#define BACKLOG 4096
#define ACCEPTS_PER_TURN 64
#define UNACKED_MS 30000 /* TCP_USER_TIMEOUT: how long sent bytes may stay unacknowledged */
#define ADDRESS_BUCKETS 4096

struct address_count {
    struct address_count *next;
    char address[48];
    int64_t count;
};

struct listener {
    struct worker *worker;
    int fd, spare; /* the spare descriptor lets us turn a connection away when there are no more */
    uv_poll_t poll;
    struct address_count *buckets[ADDRESS_BUCKETS];
};

static bool address_of(const struct config *config, struct sockaddr_storage *out, socklen_t *length)
{
    *out = (struct sockaddr_storage){ 0 };
    struct sockaddr_in *four = (struct sockaddr_in *)out;
    struct sockaddr_in6 *six = (struct sockaddr_in6 *)out;
    if (inet_pton(AF_INET, config->listen, &four->sin_addr) == 1) {
        four->sin_family = AF_INET;
        four->sin_port = htons((uint16_t)config->port);
        *length = sizeof *four;
        return true;
    }
    if (inet_pton(AF_INET6, config->listen, &six->sin6_addr) == 1) {
        six->sin6_family = AF_INET6;
        six->sin6_port = htons((uint16_t)config->port);
        *length = sizeof *six;
        return true;
    }
    return false;
}

static int bind_socket(const struct config *config, bool share, char *error, size_t error_size)
{
    struct sockaddr_storage address;
    socklen_t length;
    const int on = 1, off = 0;
    if (!address_of(config, &address, &length)) {
        snprintf(error, error_size, "listen: \"%s\" is not an IPv4 or IPv6 address", config->listen);
        return -1;
    }
    int fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0) {
        snprintf(error, error_size, "cannot make a socket: %s", strerror(errno));
        return -1;
    }
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (share)
        setsockopt(fd, SOL_SOCKET, SO_REUSEPORT, &on, sizeof on);
    if (address.ss_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off);
    if (bind(fd, (struct sockaddr *)&address, length) != 0) {
        if (errno == EADDRINUSE)
            snprintf(error, error_size, "port %lld on %s is taken; stop what uses it, or set another port",
                     (long long)config->port, config->listen);
        else
            snprintf(error, error_size, "cannot listen on %s port %lld: %s", config->listen, (long long)config->port,
                     strerror(errno));
        close(fd);
        return -1;
    }
    return fd;
}

bool listen_probe(const struct config *config, char *error, size_t error_size)
{
    int fd = bind_socket(config, false, error, error_size);
    if (fd < 0)
        return false;
    close(fd);
    return true;
}

static struct address_count **address_slot(struct listener *listener, const char *address)
{
    uint32_t hash = 2166136261u;
    for (const char *p = address; *p; p++)
        hash = (hash ^ (unsigned char)*p) * 16777619u;
    struct address_count **slot = &listener->buckets[hash % ADDRESS_BUCKETS];
    while (*slot && strcmp((*slot)->address, address) != 0)
        slot = &(*slot)->next;
    return slot;
}

bool listen_count(struct listener *listener, const char *address, int change)
{
    if (!listener)
        return true; /* the end: nobody counts any more */
    struct address_count **slot = address_slot(listener, address), *entry = *slot;
    if (!entry) {
        if (change < 0)
            return true;
        entry = calloc(1, sizeof *entry);
        if (!entry)
            abort();
        snprintf(entry->address, sizeof entry->address, "%s", address);
        *slot = entry;
    }
    if (change > 0 && entry->count >= listener->worker->config->connections_per_address)
        return false;
    entry->count += change;
    if (entry->count <= 0) {
        *slot = entry->next;
        free(entry);
    }
    return true;
}

static void set_options(int fd)
{
    const struct { int level, name, value; } options[] = {
        { IPPROTO_TCP, TCP_NODELAY, 1 },   { SOL_SOCKET, SO_KEEPALIVE, 1 },
        { IPPROTO_TCP, TCP_KEEPIDLE, 60 }, { IPPROTO_TCP, TCP_KEEPINTVL, 15 },
        { IPPROTO_TCP, TCP_KEEPCNT, 4 },   { IPPROTO_TCP, TCP_USER_TIMEOUT, UNACKED_MS },
    };
    for (size_t i = 0; i < LECTERN_COUNT(options); i++)
        setsockopt(fd, options[i].level, options[i].name, &options[i].value, sizeof options[i].value);
}

static void address_text(const struct sockaddr_storage *address, char out[48])
{
    const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
    const struct sockaddr_in *four = (const struct sockaddr_in *)address;
    if (address->ss_family == AF_INET6 && IN6_IS_ADDR_V4MAPPED(&six->sin6_addr))
        inet_ntop(AF_INET, &six->sin6_addr.s6_addr[12], out, 48);
    else if (address->ss_family == AF_INET6)
        inet_ntop(AF_INET6, &six->sin6_addr, out, 48);
    else
        inet_ntop(AF_INET, &four->sin_addr, out, 48);
}

static void accepted(struct listener *listener, int fd, const struct sockaddr_storage *peer)
{
    struct worker *worker = listener->worker;
    char address[48] = "";
    address_text(peer, address);
    bool room = ws_sockets(worker) < worker->config->connections_max;
    bool proxy = config_word_in(worker->config->trusted_proxies, address); /* it brings everybody, and limits them itself */
    if (!room || (!proxy && !listen_count(listener, address, 1))) {
        metric_add(worker->metrics, METRIC_accepts_refused_total, 1);
        close(fd);
        return;
    }
    metric_add(worker->metrics, METRIC_accepts_total, 1);
    set_options(fd);
    if (!ws_adopt(worker, fd, address) && !proxy) /* closes fd itself */
        listen_count(listener, address, -1);
}

/* No descriptor is left: give the spare one to the next in line and close it, else the loop would spin on it. */
static void turn_one_away(struct listener *listener)
{
    close(listener->spare);
    int fd = accept4(listener->fd, NULL, NULL, SOCK_CLOEXEC);
    if (fd >= 0)
        close(fd);
    listener->spare = dup(STDERR_FILENO);
    metric_add(listener->worker->metrics, METRIC_accepts_refused_total, 1);
}

static void on_readable(uv_poll_t *poll, int status, int events)
{
    struct listener *listener = poll->data;
    if (status < 0 || !(events & UV_READABLE))
        return;
    for (int i = 0; i < ACCEPTS_PER_TURN; i++) {
        struct sockaddr_storage peer;
        socklen_t length = sizeof peer;
        int fd = accept4(listener->fd, (struct sockaddr *)&peer, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd >= 0)
            accepted(listener, fd, &peer);
        else if (errno == EMFILE || errno == ENFILE)
            turn_one_away(listener);
        else if (errno != ECONNABORTED && errno != EINTR)
            return;
    }
}

struct listener *listen_open(struct worker *worker)
{
    char error[256];
    int fd = bind_socket(worker->config, true, error, sizeof error);
    if (fd < 0) {
        log_line(LOG_ERROR, "cannot listen", "error=%s", error);
        return NULL;
    }
    struct listener *listener = calloc(1, sizeof *listener);
    if (!listener)
        abort();
    listener->worker = worker;
    listener->fd = fd;
    listener->spare = dup(STDERR_FILENO);
    if (listen(fd, BACKLOG) != 0 || uv_poll_init(&worker->loop, &listener->poll, fd) != 0)
        abort();
    listener->poll.data = listener;
    uv_poll_start(&listener->poll, UV_READABLE, on_readable);
    return listener;
}

void listen_stop(struct listener *listener)
{
    if (listener->fd < 0)
        return;
    uv_poll_stop(&listener->poll);
    close(listener->fd);
    listener->fd = -1;
}

static void on_closed(uv_handle_t *handle)
{
    struct listener *listener = handle->data;
    for (size_t i = 0; i < ADDRESS_BUCKETS; i++) {
        for (struct address_count *entry = listener->buckets[i], *next; entry; entry = next) {
            next = entry->next;
            free(entry);
        }
    }
    free(listener);
}

void listen_close(struct listener *listener)
{
    listen_stop(listener);
    close(listener->spare);
    uv_close((uv_handle_t *)&listener->poll, on_closed);
}
