/* audience.c - lectern-audience: N members of one server, driven by lines on standard input, reporting as JSON lines.
 *
 *   lectern-audience --server lectern --port 8080 --code 7KQ2MX --members 1000 --size 100
 *
 *   (all are there)      {"members":1000,"wrong":0}
 *   steady RATE SECONDS  publish at a fixed rate; the figures when everything has reached everybody
 *   flood DEPTH SECONDS  publish as fast as it is delivered, DEPTH messages under way: what the server can do at most
 *
 * It ends with its standard input; exit status 1 when anything was wrong. While messages arrive it does not sleep
 * between them (--spin): a server that is slower than the client would otherwise pay for waking it up once per message,
 * and a faster one would not.
 */
#include "audience.h"
#include "rfc6455.h"

#include <arpa/inet.h>
#include <errno.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#define EVENTS 512
#define CONNECTING_MAX 64
#define PATIENCE_NS UINT64_C(60000000000)
#define POLL_NS UINT64_C(20000)
#define SECOND UINT64_C(1000000000)

struct options {
    const char *server, *port, *code, *members, *size, *spin;
};

static uint64_t now_ns(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (uint64_t)t.tv_sec * SECOND + (uint64_t)t.tv_nsec;
}

void audience_wrong(struct audience *audience, const char *format, ...)
{
    va_list args;
    if (audience->wrong++ >= 20)
        return;
    fprintf(stderr, "lectern-audience: %s: ", audience->dialect->name);
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
}

/* ---- what reaches the members ---- */

void audience_ready(struct audience *audience, struct line *line)
{
    if (!line->ready)
        audience->ready++;
    line->ready = true;
}

void audience_delivered(struct audience *audience, struct line *line, uint64_t from, uint64_t to)
{
    if (from != line->held || to <= from || to > audience->n.published) {
        audience_wrong(audience, "member %td held %llu and got %llu to %llu of %llu", line - audience->lines,
                       (unsigned long long)line->held, (unsigned long long)from, (unsigned long long)to,
                       (unsigned long long)audience->n.published);
        return;
    }
    uint64_t us =
        (audience->now - audience->sent_at[(from + 1) % SENT_SLOTS]) / 1000; /* of the oldest that it carries */
    line->held = to;
    audience->n.changes += to - from;
    audience->n.messages++;
    histogram_add(&audience->latency, us);
}

struct str audience_message(const struct audience *audience, uint64_t number)
{
    static char text[1024];
    int n = snprintf(text, sizeof text, "%016llx ", (unsigned long long)number);
    size_t size = audience->size < sizeof text ? audience->size : sizeof text;
    memset(text + n, 'x', sizeof text - (size_t)n);
    return (struct str){text, size};
}

void audience_heard(struct audience *audience, struct line *line, struct str message)
{
    char digits[17] = {0};
    memcpy(digits, message.p, message.n < 16 ? message.n : 16);
    uint64_t number = strtoull(digits, NULL, 16);
    audience->n.bytes += message.n;
    audience_delivered(audience, line, number - 1, number);
}

/* ---- the loop ---- */

static void on_opened(void *owner, struct line *line)
{
    struct audience *audience = owner;
    if (line->plain)
        audience_ready(audience, line);
    else if (audience->dialect->opened)
        audience->dialect->opened(audience, line);
}

static void on_received(void *owner, struct line *line, struct str payload)
{
    struct audience *audience = owner;
    audience->dialect->received(audience, line, payload);
}

static void on_ended(void *owner, struct line *line, const char *why)
{
    struct audience *audience = owner;
    audience_wrong(audience, "member %td: %s", line - audience->lines, why);
    line_close(line);
}

/* One turn: wait at most `ms`, take what is there. Returns whether anything was. */
static bool turn(struct audience *audience, int ms)
{
    struct epoll_event events[EVENTS];
    int count = epoll_wait(audience->host.poller, events, EVENTS, ms);
    for (int i = 0; i < count; i++) {
        if (i % 16 == 0)
            audience->now = now_ns();
        line_event(events[i].data.ptr, &audience->host);
    }
    return count > 0;
}

/* Take what comes until `until`, and until a burst that is under way is over. */
static void listen_until(struct audience *audience, uint64_t until, uint64_t spin)
{
    uint64_t last = 0;
    for (;;) {
        uint64_t now = now_ns();
        if (now >= until)
            return;
        bool awake = now - last < spin;
        if (turn(audience, awake ? 0 : (int)((until - now) / 1000000 + 1)))
            last = now_ns();
    }
}

static bool all_delivered(const struct audience *audience, uint64_t but)
{
    return audience->n.changes + but * audience->count >= audience->n.published * audience->count;
}

/* ---- what it is told to do ---- */

static void publish(struct audience *audience)
{
    uint64_t number = ++audience->n.published;
    audience->now = audience->sent_at[number % SENT_SLOTS] = now_ns();
    if (!audience->dialect->publish(audience, number))
        audience_wrong(audience, "message %llu could not be published", (unsigned long long)number);
}

static void settle(struct audience *audience, uint64_t spin)
{
    uint64_t until = now_ns() + PATIENCE_NS;
    while (!all_delivered(audience, 0) && now_ns() < until)
        listen_until(audience, now_ns() + POLL_NS, spin);
    for (size_t i = 0; i < audience->count; i++)
        if (audience->lines[i].held != audience->n.published)
            audience_wrong(audience, "member %zu has only %llu of %llu", i, (unsigned long long)audience->lines[i].held,
                           (unsigned long long)audience->n.published);
}

static void steady(struct audience *audience, double rate, uint64_t length, uint64_t spin)
{
    uint64_t began = now_ns(), i = 0;
    for (uint64_t due = began; due < began + length; due = began + (uint64_t)((double)++i * 1e9 / rate)) {
        listen_until(audience, due, spin);
        publish(audience);
    }
    listen_until(audience, began + length, spin);
    settle(audience, spin);
}

static void flood(struct audience *audience, uint64_t depth, uint64_t length, uint64_t spin)
{
    uint64_t until = now_ns() + length, heard = now_ns(), before = audience->n.changes;
    while (now_ns() < until && now_ns() - heard < PATIENCE_NS) {
        while (all_delivered(audience, depth - 1))
            publish(audience);
        listen_until(audience, now_ns() + POLL_NS, spin);
        if (audience->n.changes != before)
            heard = now_ns();
        before = audience->n.changes;
    }
    settle(audience, spin);
}

static void report(const struct audience *audience, const struct counts *before, uint64_t began)
{
    const struct histogram *h = &audience->latency;
    printf("{\"seconds\":%.6f,\"published\":%llu,\"changes\":%llu,\"messages\":%llu,\"bytes\":%llu,\"p50_ms\":%.3f,"
           "\"p95_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.3f,\"wrong\":%llu}\n",
           (double)(now_ns() - began) / 1e9, (unsigned long long)(audience->n.published - before->published),
           (unsigned long long)(audience->n.changes - before->changes),
           (unsigned long long)(audience->n.messages - before->messages),
           (unsigned long long)(audience->n.bytes - before->bytes), histogram_ms(h, 0.5), histogram_ms(h, 0.95),
           histogram_ms(h, 0.99), (double)h->highest / 1000, (unsigned long long)audience->wrong);
    fflush(stdout);
}

static bool obey(struct audience *audience, const char *order, uint64_t spin)
{
    char word[16];
    double how = 0, seconds = 0;
    struct counts before = audience->n;
    uint64_t began = now_ns();
    bool known = sscanf(order, "%15s %lf %lf", word, &how, &seconds) == 3 && how > 0;
    memset(&audience->latency, 0, sizeof audience->latency);
    if (known && strcmp(word, "steady") == 0)
        steady(audience, how, (uint64_t)(seconds * 1e9), spin);
    else if (known && strcmp(word, "flood") == 0)
        flood(audience, (uint64_t)how, (uint64_t)(seconds * 1e9), spin);
    else
        return false;
    report(audience, &before, began);
    return true;
}

/* Between orders the members only keep their connections alive. */
static void serve(struct audience *audience, uint64_t spin)
{
    char order[256];
    struct epoll_event event = {.events = EPOLLIN};
    int both = epoll_create1(EPOLL_CLOEXEC);
    event.data.fd = STDIN_FILENO;
    epoll_ctl(both, EPOLL_CTL_ADD, STDIN_FILENO, &event);
    event.data.fd = audience->host.poller;
    epoll_ctl(both, EPOLL_CTL_ADD, audience->host.poller, &event);
    for (;;) {
        if (epoll_wait(both, &event, 1, -1) < 1)
            continue;
        if (event.data.fd != STDIN_FILENO) {
            turn(audience, 0);
            continue;
        }
        if (!fgets(order, sizeof order, stdin))
            break;
        if (!obey(audience, order, spin))
            audience_wrong(audience, "not an order: %s", order);
    }
    close(both);
}

/* ---- the beginning and the end ---- */

static void join(struct audience *audience, const struct sockaddr_in *address)
{
    size_t wanted = audience->count + audience->dialect->posts;
    uint64_t until = now_ns() + PATIENCE_NS + wanted * 10000000;
    while (audience->ready < wanted && now_ns() < until && !audience->wrong) {
        while (audience->opened < wanted && audience->opened - audience->ready < CONNECTING_MAX) {
            struct line *line = &audience->lines[audience->opened];
            line->plain = audience->opened++ == audience->count;
            if (!line_open(line, &audience->host, (const struct sockaddr *)address, sizeof *address))
                audience_wrong(audience, "a connection could not be opened: %s", strerror(errno));
        }
        turn(audience, 100);
    }
    if (audience->ready < wanted)
        audience_wrong(audience, "only %zu of %zu are there", audience->ready, wanted);
    listen_until(audience, now_ns() + SECOND, 0);
    printf("{\"members\":%zu,\"wrong\":%llu}\n", audience->ready, (unsigned long long)audience->wrong);
    fflush(stdout);
}

static void write_request(struct buf *out, const struct audience *audience)
{
    const struct dialect *dialect = audience->dialect;
    buf_init(out, 4096);
    buf_printf(out,
               "GET %s HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
               "Sec-WebSocket-Key: " RFC6455_KEY "\r\nSec-WebSocket-Version: 13\r\n%s%s%s\r\n",
               dialect->path, audience->server, dialect->subprotocol ? "Sec-WebSocket-Protocol: " : "",
               dialect->subprotocol ? dialect->subprotocol : "", dialect->subprotocol ? "\r\n" : "");
}

static _Noreturn void usage(void)
{
    fputs("usage: lectern-audience --server ", stderr);
    for (size_t i = 0; dialects[i]; i++)
        fprintf(stderr, "%s%s", i ? "|" : "", dialects[i]->name);
    fputs(" --port PORT [--code CODE] [--members N] [--size BYTES] [--spin MICROSECONDS]\n", stderr);
    exit(2);
}

static void read_options(struct options *options, int argc, char **argv)
{
    const struct {
        const char *name;
        const char **at;
    } rows[] = {{"--server", &options->server},   {"--port", &options->port}, {"--code", &options->code},
                {"--members", &options->members}, {"--size", &options->size}, {"--spin", &options->spin}};
    for (int i = 1; i < argc; i += 2) {
        size_t r = 0;
        while (r < LECTERN_COUNT(rows) && strcmp(rows[r].name, argv[i]) != 0)
            r++;
        if (r == LECTERN_COUNT(rows) || i + 1 == argc)
            usage();
        *rows[r].at = argv[i + 1];
    }
}

int main(int argc, char **argv)
{
    static struct audience audience;
    static char server[64];
    struct options options = {.code = "", .members = "1000", .size = "100", .spin = "200"};
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    struct rlimit files;
    struct buf request;
    read_options(&options, argc, argv);
    for (size_t i = 0; options.server && dialects[i]; i++)
        if (strcmp(dialects[i]->name, options.server) == 0)
            audience.dialect = dialects[i];
    audience.count = strtoul(options.members, NULL, 10);
    audience.size = strtoul(options.size, NULL, 10);
    if (!audience.dialect || !options.port || !audience.count || audience.size < 17 || audience.size > 1024)
        usage();
    signal(SIGPIPE, SIG_IGN);
    if (getrlimit(RLIMIT_NOFILE, &files) == 0) {
        files.rlim_cur = files.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &files); /* if not, connecting fails and says so */
    }
    address.sin_port = htons((uint16_t)atoi(options.port));
    snprintf(server, sizeof server, "127.0.0.1:%s", options.port);
    audience.server = server;
    audience.code = options.code;
    write_request(&request, &audience);
    audience.host = (struct line_host){
        &audience, epoll_create1(EPOLL_CLOEXEC), buf_str(&request), on_opened, on_received, on_ended};
    audience.lines = calloc(audience.count + 1, sizeof *audience.lines);
    if (!audience.lines)
        abort();
    join(&audience, &address);
    if (!audience.wrong)
        serve(&audience, strtoull(options.spin, NULL, 10) * 1000);
    for (size_t i = 0; i <= audience.count; i++)
        line_close(&audience.lines[i]);
    free(audience.lines);
    buf_release(&request);
    return audience.wrong ? EXIT_FAILURE : EXIT_SUCCESS;
}
