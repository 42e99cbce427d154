/* exchange.c - one HTTP/1.1 answer: head, body in pieces as the socket takes them, or a stream from a pool thread. */
#include "exchange.h"

#include <stdlib.h>

#include "log.h"
#include "ws.h"

#define PIECE 32768
#define STREAM_ROOM (256 * 1024)
#define HEADERS_MAX 16384
#define BODY_DEADLINE_MS 15000 /* for the whole request body, however it trickles */
#define STUCK_MS 30000         /* an answer of which the client takes nothing for this long */

struct http_edge {
    struct worker *worker;
    struct http_exchange *all;
    uv_async_t async; /* a stream has something to write */
    uv_timer_t timer;
};

static const struct { int status; const char *text; } status_texts[] = {
    { 200, "OK" }, { 201, "Created" }, { 202, "Accepted" }, { 204, "No Content" }, { 302, "Found" },
    { 303, "See Other" }, { 304, "Not Modified" }, { 400, "Bad Request" }, { 401, "Unauthorized" },
    { 403, "Forbidden" }, { 404, "Not Found" }, { 405, "Method Not Allowed" }, { 408, "Request Timeout" },
    { 409, "Conflict" }, { 410, "Gone" }, { 411, "Length Required" }, { 413, "Content Too Large" },
    { 415, "Unsupported Media Type" }, { 422, "Unprocessable Content" }, { 429, "Too Many Requests" },
    { 500, "Internal Server Error" }, { 503, "Service Unavailable" },
};

static const char *status_text(int status)
{
    for (size_t i = 0; i < LECTERN_COUNT(status_texts); i++)
        if (status_texts[i].status == status)
            return status_texts[i].text;
    return "Status";
}

static void unref(struct http_exchange *exchange)
{
    if (__atomic_sub_fetch(&exchange->refs, 1, __ATOMIC_ACQ_REL) > 0)
        return;
    buf_release(&exchange->texts);
    buf_release(&exchange->body);
    buf_release(&exchange->headers);
    buf_release(&exchange->head);
    buf_release(&exchange->copy);
    buf_release(&exchange->pending);
    pthread_mutex_destroy(&exchange->lock);
    pthread_cond_destroy(&exchange->room);
    free(exchange);
}

struct http_exchange *exchange_new(struct worker *worker, struct lws *wsi)
{
    struct http_exchange *exchange = calloc(1, sizeof *exchange);
    if (!exchange)
        abort();
    exchange->refs = 1;
    exchange->worker = worker;
    exchange->wsi = wsi;
    exchange->since = worker_ticks(worker);
    buf_init(&exchange->texts, 65536);
    buf_init(&exchange->body, HTTP_BODY_MAX);
    buf_init(&exchange->headers, HEADERS_MAX);
    buf_init(&exchange->head, HEADERS_MAX * 2);
    buf_init(&exchange->copy, SIZE_MAX);
    buf_init(&exchange->pending, SIZE_MAX);
    pthread_mutex_init(&exchange->lock, NULL);
    pthread_cond_init(&exchange->room, NULL);
    struct http_edge *edge = worker->http;
    exchange->next = edge->all;
    exchange->link = &edge->all;
    if (edge->all)
        edge->all->link = &exchange->next;
    edge->all = exchange;
    metric_add(worker->metrics, METRIC_http_requests_total, 1);
    return exchange;
}

void exchange_detach(struct http_exchange *exchange)
{
    *exchange->link = exchange->next;
    if (exchange->next)
        exchange->next->link = exchange->link;
    exchange->wsi = NULL;
    pthread_mutex_lock(&exchange->lock);
    exchange->gone = true;
    pthread_cond_broadcast(&exchange->room);
    pthread_mutex_unlock(&exchange->lock);
    unref(exchange);
}

void exchange_dispatch(struct http_exchange *exchange)
{
    exchange->dispatched = true;
    exchange->request.body = buf_str(&exchange->body);
    __atomic_add_fetch(&exchange->refs, 1, __ATOMIC_RELAXED); /* the answerer's; given back by the answer */
    http_dispatch(exchange);
}

void exchange_refuse(struct http_exchange *exchange, int status)
{
    exchange->dispatched = true;
    exchange->close_after = true;
    __atomic_add_fetch(&exchange->refs, 1, __ATOMIC_RELAXED);
    http_respond(exchange, status, "text/plain; charset=utf-8", str_of(status_text(status)));
}

const struct http_request *http_request(const struct http_exchange *exchange)
{
    return &exchange->request;
}

struct worker *http_worker(const struct http_exchange *exchange)
{
    return exchange->worker;
}

void http_header(struct http_exchange *exchange, const char *name, const char *value)
{
    if (strpbrk(value, "\r\n")) /* never let a value begin a header of its own */
        return;
    buf_printf(&exchange->headers, "%s: %s\r\n", name, value);
}

static void begin(struct http_exchange *exchange, int status, const char *content_type)
{
    struct buf *head = &exchange->head;
    /* Browsers never do that, and the library does not get it right: answer, and let the client ask again. */
    if (exchange->wsi && !exchange->close_after && ws_has_more(exchange->wsi))
        exchange->has_next = exchange->close_after = true;
    if (status >= 500)
        metric_add(exchange->worker->metrics, METRIC_http_errors_total, 1);
    buf_printf(head, "HTTP/1.1 %d %s\r\n", status, status_text(status));
    if (content_type && *content_type && status != 304 && status != 204)
        buf_printf(head, "content-type: %s\r\n", content_type);
    if (exchange->close_after)
        buf_put_str(head, STR("connection: close\r\n"));
    http_security_headers(exchange, head);
    buf_put_str(head, buf_str(&exchange->headers));
    exchange->answered = true;
    exchange->since = worker_ticks(exchange->worker);
}

static void want_write(struct http_exchange *exchange)
{
    if (exchange->wsi) {
        ws_read(exchange->wsi, true);
        ws_want_write(exchange->wsi);
    }
}

static void respond(struct http_exchange *exchange, int status, const char *content_type, struct str body)
{
    begin(exchange, status, content_type);
    if (status != 304 && status != 204)
        buf_printf(&exchange->head, "content-length: %zu\r\n", body.n);
    buf_put_str(&exchange->head, STR("\r\n"));
    bool bodyless = exchange->request.method == HTTP_HEAD || status == 304 || status == 204;
    exchange->out = bodyless ? (struct str){ NULL, 0 } : body;
    if (exchange->head.failed) {
        log_line(LOG_ERROR, "the headers of an answer are too large", "status=%d", status);
        if (exchange->wsi)
            ws_kill(exchange->wsi);
    } else {
        want_write(exchange);
    }
    unref(exchange);
}

void http_respond(struct http_exchange *exchange, int status, const char *content_type, struct str body)
{
    buf_put_str(&exchange->copy, body);
    respond(exchange, status, content_type, buf_str(&exchange->copy));
}

void http_respond_static(struct http_exchange *exchange, int status, const char *content_type, struct str body)
{
    respond(exchange, status, content_type, body);
}

/* ---- streams ---- */

void http_stream_begin(struct http_exchange *exchange, int status, const char *content_type)
{
    exchange->streaming = true;
    begin(exchange, status, content_type);
    buf_put_str(&exchange->head, STR("transfer-encoding: chunked\r\n\r\n"));
    want_write(exchange);
}

bool http_stream_write(struct http_exchange *exchange, struct str chunk)
{
    if (chunk.n == 0)
        return true;
    pthread_mutex_lock(&exchange->lock);
    while (!exchange->gone && exchange->pending.len >= STREAM_ROOM)
        pthread_cond_wait(&exchange->room, &exchange->lock);
    bool there = !exchange->gone;
    if (there) {
        buf_printf(&exchange->pending, "%zx\r\n", chunk.n);
        buf_put_str(&exchange->pending, chunk);
        buf_put_str(&exchange->pending, STR("\r\n"));
        uv_async_send(&exchange->worker->http->async);
    }
    pthread_mutex_unlock(&exchange->lock);
    return there;
}

void http_stream_end(struct http_exchange *exchange)
{
    pthread_mutex_lock(&exchange->lock);
    exchange->ended = true;
    buf_put_str(&exchange->pending, STR("0\r\n\r\n"));
    if (!exchange->gone)
        uv_async_send(&exchange->worker->http->async);
    pthread_mutex_unlock(&exchange->lock);
    unref(exchange);
}

/* Take what the pool thread has left for us; it may go on while we write. */
static bool take_pending(struct http_exchange *exchange)
{
    pthread_mutex_lock(&exchange->lock);
    struct buf taken = exchange->copy;
    buf_clear(&taken);
    exchange->copy = exchange->pending;
    exchange->pending = taken;
    bool ended = exchange->ended;
    pthread_cond_broadcast(&exchange->room);
    pthread_mutex_unlock(&exchange->lock);
    exchange->out = buf_str(&exchange->copy);
    if (exchange->request.method == HTTP_HEAD)
        exchange->out.n = 0;
    exchange->sent = 0;
    return ended;
}

/* ---- writing ---- */

/* The end is noticed at once: a client may send its next request as soon as it has read this answer, and the library must
 * by then be waiting for one. */
static enum exchange_turn after_piece(enum ws_written written, struct http_exchange *exchange)
{
    if (written == WS_FAILED)
        return EXCHANGE_FAILED;
    exchange->since = worker_ticks(exchange->worker);
    bool all = exchange->sent >= exchange->out.n && (!exchange->streaming || exchange->stream_ended);
    bool complete = written == WS_WHOLE && all;
    return complete ? EXCHANGE_DONE : EXCHANGE_MORE;
}

enum exchange_turn exchange_writable(struct http_exchange *exchange)
{
    if (!exchange->answered)
        return EXCHANGE_WAIT;
    if (ws_is_partial(exchange->wsi))
        return exchange->has_next ? EXCHANGE_FAILED : EXCHANGE_MORE;
    if (!exchange->head_sent) {
        exchange->head_sent = true;
        if (exchange->out.n && exchange->head.len + exchange->out.n <= PIECE) { /* small: one segment */
            buf_put_str(&exchange->head, exchange->out);
            exchange->sent = exchange->head.failed ? 0 : exchange->out.n;
        }
        return after_piece(ws_write_bytes(exchange->wsi, exchange->head.data, exchange->head.len), exchange);
    }
    if (exchange->sent < exchange->out.n) {
        size_t n = exchange->out.n - exchange->sent;
        n = n < PIECE ? n : PIECE;
        const char *from = exchange->out.p + exchange->sent;
        exchange->sent += n;
        return after_piece(ws_write_bytes(exchange->wsi, from, n), exchange);
    }
    if (!exchange->streaming)
        return EXCHANGE_DONE;
    if (exchange->stream_ended)
        return EXCHANGE_DONE;
    exchange->stream_ended = take_pending(exchange);
    return exchange->out.n || exchange->stream_ended ? EXCHANGE_MORE : EXCHANGE_WAIT;
}

static void on_async(uv_async_t *async)
{
    struct http_edge *edge = async->data;
    for (struct http_exchange *exchange = edge->all; exchange; exchange = exchange->next)
        if (exchange->streaming)
            want_write(exchange);
}

/* Requests that do not end and answers that nobody takes. An answer that is still being made is not the client's fault. */
static void on_second(uv_timer_t *timer)
{
    struct http_edge *edge = timer->data;
    uint64_t now = worker_ticks(edge->worker);
    for (struct http_exchange *exchange = edge->all; exchange; exchange = exchange->next) {
        bool body_late = !exchange->dispatched && now - exchange->since >= BODY_DEADLINE_MS;
        bool stuck = exchange->answered && ws_is_partial(exchange->wsi) && now - exchange->since >= STUCK_MS;
        if (body_late || stuck)
            ws_kill(exchange->wsi);
    }
}

void http_edge_open(struct worker *worker)
{
    struct http_edge *edge = calloc(1, sizeof *edge);
    if (!edge)
        abort();
    edge->worker = worker;
    if (uv_async_init(&worker->loop, &edge->async, on_async) != 0)
        abort();
    edge->async.data = edge;
    uv_timer_init(&worker->loop, &edge->timer);
    edge->timer.data = edge;
    uv_timer_start(&edge->timer, on_second, 1000, 1000);
    worker->http = edge;
}

void http_edge_stop(struct worker *worker)
{
    uv_close((uv_handle_t *)&worker->http->async, NULL);
    uv_close((uv_handle_t *)&worker->http->timer, NULL);
}

void http_edge_free(struct worker *worker)
{
    free(worker->http);
    worker->http = NULL;
}
