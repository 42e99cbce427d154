/* proxy.c - see proxy.h. One thread, a few pairs of sockets. */
#include "proxy.h"

#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum { PAIRS = 8 };

struct proxy {
    struct sockaddr_un own, server;
    int listener;
    int pairs[PAIRS][2]; /* client, server; -1: free */
    atomic_bool swallow, over;
    pthread_t thread;
};

static void add_pair(struct proxy *p)
{
    int client = accept(p->listener, NULL, NULL), server = socket(AF_UNIX, SOCK_STREAM, 0);
    for (int i = 0; i < PAIRS; i++) {
        if (p->pairs[i][0] >= 0)
            continue;
        if (connect(server, (struct sockaddr *)&p->server, sizeof(p->server)) != 0)
            abort();
        p->pairs[i][0] = client;
        p->pairs[i][1] = server;
        return;
    }
    abort();
}

static void end_pair(int pair[2])
{
    close(pair[0]);
    close(pair[1]);
    pair[0] = pair[1] = -1;
}

/* Carry what has come from one side to the other. false: that side has closed. */
static bool carry(struct proxy *p, int pair[2], int from)
{
    char bytes[65536];
    ssize_t n = read(pair[from], bytes, sizeof(bytes));
    if (n <= 0)
        return false;
    if (from == 1 && atomic_load(&p->swallow))
        return true;
    return write(pair[1 - from], bytes, (size_t)n) == n;
}

static void *run(void *arg)
{
    struct proxy *p = arg;
    while (!atomic_load(&p->over)) {
        struct pollfd fds[1 + 2 * PAIRS] = { { p->listener, POLLIN, 0 } };
        for (int i = 0; i < 2 * PAIRS; i++)
            fds[1 + i] = (struct pollfd){ p->pairs[i / 2][i % 2], POLLIN, 0 };
        poll(fds, 1 + 2 * PAIRS, 20);
        for (int i = 0; i < 2 * PAIRS; i++)
            if (fds[1 + i].revents && p->pairs[i / 2][0] >= 0 && !carry(p, p->pairs[i / 2], i % 2))
                end_pair(p->pairs[i / 2]);
        if (fds[0].revents)
            add_pair(p);
    }
    return NULL;
}

struct proxy *proxy_open(const char *folder, const char *server)
{
    struct proxy *p = calloc(1, sizeof(*p));
    if (!p)
        abort();
    p->own.sun_family = p->server.sun_family = AF_UNIX;
    snprintf(p->own.sun_path, sizeof(p->own.sun_path), "%s/.s.PGSQL.5432", folder);
    snprintf(p->server.sun_path, sizeof(p->server.sun_path), "%s", server);
    for (int i = 0; i < PAIRS; i++)
        p->pairs[i][0] = p->pairs[i][1] = -1;
    p->listener = socket(AF_UNIX, SOCK_STREAM, 0);
    if (bind(p->listener, (struct sockaddr *)&p->own, sizeof(p->own)) != 0 || listen(p->listener, 8) != 0 ||
        pthread_create(&p->thread, NULL, run, p) != 0)
        abort();
    return p;
}

void proxy_swallow(struct proxy *proxy, bool on)
{
    atomic_store(&proxy->swallow, on);
}

void proxy_close(struct proxy *proxy)
{
    atomic_store(&proxy->over, true);
    pthread_join(proxy->thread, NULL);
    for (int i = 0; i < PAIRS; i++)
        if (proxy->pairs[i][0] >= 0)
            end_pair(proxy->pairs[i]);
    close(proxy->listener);
    unlink(proxy->own.sun_path);
    free(proxy);
}
