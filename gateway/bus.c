/* bus.c - see bus.h. Connections are made by the timer only, never inside a callback of hiredis (it frees the context
 * after them), and a callback recognises its server by the context's data pointer and its message by the channel's name.
 */
#include "bus.h"

#include <stdio.h>
#include <stdlib.h>

#include "auth.h"
#include "hub.h"
#include "log.h"
#include "redis_uv.h"
#include "worker.h"

#define TICK_MS 100
#define ECHO_EVERY_MS 1000
#define ECHO_WITHIN_MS 3000
#define BACKOFF_MIN_MS 100
#define BACKOFF_MAX_MS 2000
#define MESSAGE_MAX (16u << 20)
#define SUBSCRIBE_AT_ONCE 256

struct server {
    struct bus *bus;
    char *host, *path, *user, *password;
    int port;
    uint64_t hash;
    redisAsyncContext *publisher, *subscriber;
    uint64_t connect_at, connected_at, backoff, echoed_at, sent_at;
    bool up;
};

struct bus {
    struct worker *worker;
    struct server *servers;
    size_t count;
    uint64_t *rooms; /* subscribed */
    size_t room_count, room_capacity;
    char control[64];
    uv_timer_t timer;
    struct buf encoded;
    struct arena scratch;
    bool up;
    uint64_t opened;
    bool told; /* whether it answers: the first change, or a warning after some seconds */
};

static uint64_t mix(uint64_t x)
{
    /* splitmix64's finalizer (Steele, Lea, Flood 2014) */
    x ^= x >> 30;
    x *= UINT64_C(0xbf58476d1ce4e5b9);
    x ^= x >> 27;
    x *= UINT64_C(0x94d049bb133111eb);
    return x ^ x >> 31;
}

/* Rendezvous hashing (Thaler and Ravishankar 1998): the server with the highest weight for this room. */
static struct server *server_of(struct bus *bus, uint64_t room)
{
    struct server *best = NULL;
    uint64_t most = 0;
    for (size_t i = 0; i < bus->count; i++) {
        uint64_t weight = mix(bus->servers[i].hash ^ mix(room));
        if (!best || weight > most) {
            best = &bus->servers[i];
            most = weight;
        }
    }
    return best;
}

static void report_state(struct bus *bus)
{
    bool up = bus->count > 0;
    int64_t servers = 0;
    for (size_t i = 0; i < bus->count; i++) {
        up = up && bus->servers[i].up;
        servers += bus->servers[i].up;
    }
    metric_set(bus->worker->metrics, METRIC_redis_up, servers);
    if (up == bus->up)
        return;
    bus->up = up;
    bus->told = true;
    log_line(up ? LOG_INFO : LOG_WARN, up ? "redis up" : "redis down", "servers=%zu", bus->count);
    if (bus->worker->hub)
        hub_bus_state(bus->worker, up);
}

/* ---- receiving ---- */

static void on_message(redisAsyncContext *context, void *data, void *privdata)
{
    struct server *server = context->data;
    const redisReply *reply = data;
    (void)privdata;
    if (!reply || !server || reply->type != REDIS_REPLY_ARRAY || reply->elements != 3 || strcmp(reply->element[0]->str, "message") != 0)
        return;
    struct bus *bus = server->bus;
    const redisReply *channel = reply->element[1], *body = reply->element[2];
    if (strcmp(channel->str, bus->control) == 0) {
        server->echoed_at = worker_ticks(bus->worker);
        if (!server->up) {
            server->up = true;
            server->backoff = 0;
            report_state(bus);
        }
        return;
    }
    struct bus_message message;
    arena_reset(&bus->scratch);
    metric_add(bus->worker->metrics, METRIC_redis_received_total, 1);
    if (wire_decode_bus((struct str){ body->str, body->len }, &bus->scratch, &message) != 0)
        log_line(LOG_WARN, "unreadable message from redis", "bytes=%zu", (size_t)body->len);
    else if (message.origin != bus->worker->nonce && bus->worker->hub)
        hub_bus_message(bus->worker, &message);
}

/* ---- connecting ---- */

static void on_disconnect(const redisAsyncContext *context, int status)
{
    struct server *server = context->data;
    (void)status;
    if (!server)
        return;
    if (server->publisher == context)
        server->publisher = NULL;
    if (server->subscriber == context)
        server->subscriber = NULL;
}

static void on_connect(const redisAsyncContext *context, int status)
{
    if (status != REDIS_OK)
        on_disconnect(context, status); /* hiredis frees it */
}

static redisAsyncContext *connect_one(struct server *server)
{
    redisAsyncContext *context = server->path ? redisAsyncConnectUnix(server->path) : redisAsyncConnect(server->host, server->port);
    if (!context)
        return NULL;
    if (context->err || redis_uv_attach(context, &server->bus->worker->loop) != 0) {
        redisAsyncFree(context);
        return NULL;
    }
    context->data = server;
    redisAsyncSetConnectCallback(context, on_connect);
    redisAsyncSetDisconnectCallback(context, on_disconnect);
    if (server->password && server->user)
        redisAsyncCommand(context, NULL, NULL, "AUTH %s %s", server->user, server->password);
    else if (server->password)
        redisAsyncCommand(context, NULL, NULL, "AUTH %s", server->password);
    return context;
}

static void drop(redisAsyncContext **context)
{
    redisAsyncContext *old = *context;
    *context = NULL;
    if (!old)
        return;
    old->data = NULL;
    redisAsyncFree(old);
}

static void subscribe(struct server *server, const uint64_t *rooms, size_t count)
{
    for (size_t i = 0; i < count && server->subscriber;) {
        char names[SUBSCRIBE_AT_ONCE][40];
        const char *argv[SUBSCRIBE_AT_ONCE + 1] = { "SUBSCRIBE" };
        int argc = 1;
        for (; i < count && argc <= SUBSCRIBE_AT_ONCE; i++) {
            if (server_of(server->bus, rooms[i]) != server)
                continue;
            snprintf(names[argc - 1], sizeof names[0], "lectern:room:%llu", (unsigned long long)rooms[i]);
            argv[argc] = names[argc - 1];
            argc++;
        }
        if (argc > 1)
            redisAsyncCommandArgv(server->subscriber, on_message, NULL, argc, argv, NULL);
    }
}

static void connect_both(struct server *server, uint64_t now)
{
    struct bus *bus = server->bus;
    uint64_t spread;
    auth_random(&spread, sizeof spread);
    server->backoff = server->backoff ? server->backoff * 2 : BACKOFF_MIN_MS;
    if (server->backoff > BACKOFF_MAX_MS)
        server->backoff = BACKOFF_MAX_MS;
    server->connect_at = now + server->backoff / 2 + spread % server->backoff;
    server->connected_at = server->echoed_at = now;
    server->sent_at = 0;
    server->publisher = connect_one(server);
    server->subscriber = connect_one(server);
    if (server->subscriber) /* never without a subscription: hiredis before 1.1 aborts when the last one ends */
        redisAsyncCommand(server->subscriber, on_message, NULL, "SUBSCRIBE %s", bus->control);
    subscribe(server, bus->rooms, bus->room_count);
}

static void watch(struct server *server, uint64_t now)
{
    bool broken = !server->publisher || !server->subscriber;
    if (!broken && now - server->echoed_at > ECHO_WITHIN_MS)
        broken = true;
    if (broken) {
        drop(&server->publisher);
        drop(&server->subscriber);
        if (server->up) {
            server->up = false;
            server->connect_at = now;
            report_state(server->bus);
        }
        if (now >= server->connect_at)
            connect_both(server, now);
        return;
    }
    if (now - server->sent_at >= (server->up ? ECHO_EVERY_MS : TICK_MS)) {
        server->sent_at = now;
        redisAsyncCommand(server->publisher, NULL, NULL, "PUBLISH %s 1", server->bus->control);
    }
}

static void on_timer(uv_timer_t *timer)
{
    struct bus *bus = timer->data;
    for (size_t i = 0; i < bus->count; i++)
        watch(&bus->servers[i], worker_ticks(bus->worker));
    if (!bus->told && bus->count && worker_ticks(bus->worker) - bus->opened > ECHO_WITHIN_MS) {
        bus->told = true;
        log_line(LOG_WARN, "redis does not answer: rooms cross workers by the database alone; lectern doctor says why",
                 "servers=%zu", bus->count);
    }
}

/* ---- addresses ---- */

static char *copy(const char *p, size_t n)
{
    char *text = strndup(p, n);
    if (!text)
        abort();
    return text;
}

/* redis://[user:password@]host[:port][/db] or unix:/path */
static void read_address(struct server *server, const char *url, size_t n)
{
    for (size_t i = 0; i < n; i++)
        server->hash = server->hash * 131 + (unsigned char)url[i];
    server->hash = mix(server->hash);
    if (n > 5 && strncmp(url, "unix:", 5) == 0) {
        size_t skip = n > 7 && strncmp(url + 5, "//", 2) == 0 ? 7 : 5;
        server->path = copy(url + skip, n - skip);
        return;
    }
    const char *p = n > 8 && strncmp(url, "redis://", 8) == 0 ? url + 8 : url, *end = url + n;
    const char *at = memchr(p, '@', (size_t)(end - p));
    if (at) {
        const char *colon = memchr(p, ':', (size_t)(at - p));
        if (colon && colon > p)
            server->user = copy(p, (size_t)(colon - p));
        if (colon)
            server->password = copy(colon + 1, (size_t)(at - colon - 1));
        p = at + 1;
    }
    const char *slash = memchr(p, '/', (size_t)(end - p));
    if (slash)
        end = slash; /* channels are the same in every database */
    const char *colon = memchr(p, ':', (size_t)(end - p));
    server->port = colon ? atoi(colon + 1) : 6379;
    server->host = copy(p, (size_t)((colon ? colon : end) - p));
}

struct bus *bus_open(struct worker *worker)
{
    struct bus *bus = calloc(1, sizeof *bus);
    if (!bus)
        abort();
    bus->worker = worker;
    bus->opened = worker_ticks(worker);
    buf_init(&bus->encoded, MESSAGE_MAX);
    arena_init(&bus->scratch, 65536, 64u << 20);
    snprintf(bus->control, sizeof bus->control, "lectern:worker:%016llx", (unsigned long long)worker->nonce);
    for (const char *p = worker->config->redis_urls; *p;) {
        size_t skip = strspn(p, " \t,"), n = strcspn(p + skip, " \t,");
        p += skip;
        if (n > 0) {
            bus->servers = realloc(bus->servers, (bus->count + 1) * sizeof *bus->servers);
            if (!bus->servers)
                abort();
            bus->servers[bus->count] = (struct server){ .bus = bus };
            read_address(&bus->servers[bus->count++], p, n);
        }
        p += n;
    }
    uv_timer_init(&worker->loop, &bus->timer);
    bus->timer.data = bus;
    uv_timer_start(&bus->timer, on_timer, 0, TICK_MS);
    return bus;
}

static void on_timer_closed(uv_handle_t *handle)
{
    struct bus *bus = handle->data;
    for (size_t i = 0; i < bus->count; i++) {
        struct server *server = &bus->servers[i];
        free(server->host);
        free(server->path);
        free(server->user);
        free(server->password);
    }
    free(bus->servers);
    free(bus->rooms);
    buf_release(&bus->encoded);
    arena_release(&bus->scratch);
    free(bus);
}

void bus_close(struct bus *bus)
{
    if (!bus)
        return;
    for (size_t i = 0; i < bus->count; i++) {
        drop(&bus->servers[i].publisher);
        drop(&bus->servers[i].subscriber);
    }
    bus->worker->bus = NULL;
    uv_close((uv_handle_t *)&bus->timer, on_timer_closed);
}

void bus_join(struct bus *bus, uint64_t room)
{
    if (bus->room_count == bus->room_capacity) {
        bus->room_capacity = bus->room_capacity ? bus->room_capacity * 2 : 64;
        bus->rooms = realloc(bus->rooms, bus->room_capacity * sizeof *bus->rooms);
        if (!bus->rooms)
            abort();
    }
    bus->rooms[bus->room_count++] = room;
    struct server *server = server_of(bus, room);
    if (server)
        subscribe(server, &room, 1);
}

void bus_leave(struct bus *bus, uint64_t room)
{
    if (!bus)
        return;
    for (size_t i = 0; i < bus->room_count; i++) {
        if (bus->rooms[i] == room)
            bus->rooms[i--] = bus->rooms[--bus->room_count];
    }
    struct server *server = server_of(bus, room);
    if (server && server->subscriber)
        redisAsyncCommand(server->subscriber, NULL, NULL, "UNSUBSCRIBE lectern:room:%llu", (unsigned long long)room);
}

void bus_publish(struct bus *bus, const struct bus_message *message)
{
    struct server *server = bus ? server_of(bus, message->room_id) : NULL;
    char channel[40];
    if (!server || !server->publisher || !server->up)
        return; /* the seq check carries it */
    buf_clear(&bus->encoded);
    wire_encode_bus(&bus->encoded, message);
    if (bus->encoded.failed)
        return;
    snprintf(channel, sizeof channel, "lectern:room:%llu", (unsigned long long)message->room_id);
    const char *argv[] = { "PUBLISH", channel, (const char *)bus->encoded.data };
    size_t lengths[] = { 7, strlen(channel), bus->encoded.len };
    redisAsyncCommandArgv(server->publisher, NULL, NULL, 3, argv, lengths);
    metric_add(bus->worker->metrics, METRIC_redis_published_total, 1);
}

bool bus_is_up(const struct bus *bus)
{
    return bus && bus->up;
}
