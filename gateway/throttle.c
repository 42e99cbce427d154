/* throttle.c - see throttle.h. A set-associative table: when a set is full the key with the fewest failures goes. */
#include "throttle.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "auth.h"

#define SETS 2048
#define WAYS 4

static const struct {
    int failures, seconds;
} limits[THROTTLE_KIND_COUNT] = {
    [THROTTLE_MAIL_HERE] = { 10, 900 }, [THROTTLE_MAIL] = { 100, 900 },     [THROTTLE_ADDRESS] = { 50, 900 },
    [THROTTLE_PASSWORD] = { 10, 900 },  [THROTTLE_CODE] = { 600, 60 },      [THROTTLE_CODE_FLOOD] = { 6000, 60 },
};

struct slot {
    uint64_t key; /* 0: free */
    enum throttle_kind kind;
    int failures;
    time_t since;
};

struct throttle {
    pthread_mutex_t lock;
    struct slot sets[SETS][WAYS];
};

static time_t seconds(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec;
}

/* What one subscriber has of IPv6 addresses is a /64 at least. */
static void network_of(const char *address, char out[INET6_ADDRSTRLEN])
{
    struct in6_addr six;
    snprintf(out, INET6_ADDRSTRLEN, "%.45s", address);
    if (inet_pton(AF_INET6, address, &six) != 1)
        return;
    memset(six.s6_addr + 8, 0, 8);
    inet_ntop(AF_INET6, &six, out, INET6_ADDRSTRLEN);
}

static uint64_t key_of(enum throttle_kind kind, const char *text, const char *address)
{
    char hash[65], network[INET6_ADDRSTRLEN], joined[400];
    network_of(address, network);
    int n = snprintf(joined, sizeof joined, "%d %s %s", (int)kind, network, text);
    for (int i = 0; i < n && i < (int)sizeof joined - 1; i++) /* as the database compares mail addresses */
        joined[i] = (char)tolower((unsigned char)joined[i]);
    auth_token_hash(str_of(joined), hash);
    hash[16] = '\0';
    uint64_t key = strtoull(hash, NULL, 16);
    return key ? key : 1;
}

static bool is_over(const struct slot *slot, time_t now)
{
    return !slot->key || now - slot->since >= limits[slot->kind].seconds;
}

/* The slot of a key, or NULL. */
static struct slot *find(struct throttle *throttle, uint64_t key, time_t now)
{
    struct slot *set = throttle->sets[key % SETS];
    for (int i = 0; i < WAYS; i++)
        if (set[i].key == key && !is_over(&set[i], now))
            return &set[i];
    return NULL;
}

static struct slot *make(struct throttle *throttle, uint64_t key, enum throttle_kind kind, time_t now)
{
    struct slot *set = throttle->sets[key % SETS], *least = &set[0];
    for (int i = 0; i < WAYS && !is_over(least, now); i++)
        if (is_over(&set[i], now) || set[i].failures < least->failures)
            least = &set[i];
    *least = (struct slot){ .key = key, .kind = kind, .since = now };
    return least;
}

bool throttle_full(struct throttle *throttle, enum throttle_kind kind, const char *text, const char *address)
{
    uint64_t key = key_of(kind, text, address);
    pthread_mutex_lock(&throttle->lock);
    const struct slot *slot = find(throttle, key, seconds());
    bool full = slot && slot->failures >= limits[kind].failures;
    pthread_mutex_unlock(&throttle->lock);
    return full;
}

void throttle_count(struct throttle *throttle, enum throttle_kind kind, const char *text, const char *address)
{
    uint64_t key = key_of(kind, text, address);
    time_t now = seconds();
    pthread_mutex_lock(&throttle->lock);
    struct slot *slot = find(throttle, key, now);
    if (!slot)
        slot = make(throttle, key, kind, now);
    slot->failures++;
    pthread_mutex_unlock(&throttle->lock);
}

struct throttle *throttle_open(void)
{
    struct throttle *throttle = calloc(1, sizeof *throttle);
    if (!throttle)
        abort();
    pthread_mutex_init(&throttle->lock, NULL);
    return throttle;
}

void throttle_free(struct throttle *throttle)
{
    pthread_mutex_destroy(&throttle->lock);
    free(throttle);
}
