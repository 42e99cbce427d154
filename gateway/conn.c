/* conn.c - connections: the table of ids, what leaves, and one timing wheel for all their deadlines. */
#include "conn_internal.h"

#include <stdlib.h>
#include <stdio.h>

#include "hub.h"
#include "log.h"
#include "ws.h"

#define SCRATCH_MAX (1u << 20)
#define CLOSE_PATIENCE_MS 5000 /* for the client to take our close frame and to close its side */

/* ---- the table of ids ---- */

static void table_grow(struct conn_table *table)
{
    size_t count = table->bucket_count ? table->bucket_count * 2 : 1024;
    struct edge_conn **buckets = calloc(count, sizeof *buckets);
    if (!buckets)
        abort();
    for (size_t i = 0; i < table->bucket_count; i++) {
        for (struct edge_conn *edge = table->buckets[i], *next; edge; edge = next) {
            next = edge->next_id;
            edge->next_id = buckets[edge->conn.id & (count - 1)];
            buckets[edge->conn.id & (count - 1)] = edge;
        }
    }
    free(table->buckets);
    table->buckets = buckets;
    table->bucket_count = count;
}

static void table_add(struct conn_table *table, struct edge_conn *edge)
{
    if (table->count >= table->bucket_count)
        table_grow(table);
    struct edge_conn **slot = &table->buckets[edge->conn.id & (table->bucket_count - 1)];
    edge->next_id = *slot;
    *slot = edge;
    table->count++;
}

static void table_remove(struct conn_table *table, struct edge_conn *edge)
{
    struct edge_conn **slot = &table->buckets[edge->conn.id & (table->bucket_count - 1)];
    while (*slot != edge)
        slot = &(*slot)->next_id;
    *slot = edge->next_id;
    table->count--;
}

struct conn *conn_find(struct worker *worker, uint64_t id)
{
    const struct conn_table *table = worker->conns;
    struct edge_conn *edge = table->bucket_count ? table->buckets[id & (table->bucket_count - 1)] : NULL;
    while (edge && edge->conn.id != id)
        edge = edge->next_id;
    return edge ? &edge->conn : NULL;
}

size_t conn_count(const struct worker *worker)
{
    return worker->conns->count;
}

/* ---- the wheel ---- */

static void wheel_remove(struct edge_conn *edge)
{
    if (!edge->link)
        return;
    *edge->link = edge->next;
    if (edge->next)
        edge->next->link = edge->link;
    edge->link = NULL;
}

static void wheel_put(struct edge_conn *edge, uint64_t in_ms)
{
    struct conn_table *table = edge->conn.worker->conns;
    uint64_t seconds = in_ms / 1000 + 1;
    if (seconds >= WHEEL_SLOTS)
        seconds = WHEEL_SLOTS - 1;
    wheel_remove(edge);
    struct edge_conn **slot = &table->wheel[(table->hand + seconds) % WHEEL_SLOTS];
    edge->next = *slot;
    edge->link = slot;
    if (*slot)
        (*slot)->link = &edge->next;
    *slot = edge;
}

static uint64_t remaining(uint64_t since, uint64_t span, uint64_t now)
{
    return now - since >= span ? 0 : span - (now - since);
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* Act on what is due; then come back when the next deadline is. */
static void check(struct edge_conn *edge, uint64_t now)
{
    struct conn *conn = &edge->conn;
    const struct config *config = conn->worker->config;
    uint64_t beat = (uint64_t)config->heartbeat_ms, silent = remaining(conn->last_heard, beat * 5 / 2, now);
    uint64_t ping = remaining(conn->last_heard > edge->pinged ? conn->last_heard : edge->pinged, beat, now);
    uint64_t hello = edge->said_hello ? UINT64_MAX : remaining(conn->opened, (uint64_t)config->hello_ms, now);
    uint64_t slow = conn->behind ? remaining(conn->behind_since, (uint64_t)config->slow_ms, now) : UINT64_MAX;
    if (conn->closing) {
        if (remaining(edge->closing_since, CLOSE_PATIENCE_MS, now) == 0)
            ws_kill(conn->wsi);
        wheel_put(edge, CLOSE_PATIENCE_MS);
        return;
    }
    if (hello == 0 || silent == 0 || slow == 0) {
        conn_close(conn, slow == 0 ? CLOSE_SLOW : silent == 0 ? CLOSE_SILENT : CLOSE_NO_HELLO);
        return;
    }
    if (ping == 0) {
        edge->ping_due = true;
        edge->pinged = now;
        ping = beat;
        ws_want_write(conn->wsi);
    }
    wheel_put(edge, smaller(smaller(hello, silent), smaller(slow, ping)));
}

static void on_second(uv_timer_t *timer)
{
    struct conn_table *table = timer->data;
    uint64_t now = worker_ticks(table->worker);
    table->hand = (table->hand + 1) % WHEEL_SLOTS;
    while (table->wheel[table->hand])
        check(table->wheel[table->hand], now); /* always moves it to another slot */
}

void conn_table_open(struct worker *worker)
{
    struct conn_table *table = calloc(1, sizeof *table);
    if (!table)
        abort();
    table->worker = worker;
    arena_init(&table->scratch, 16384, SCRATCH_MAX);
    buf_init(&table->encoded, SCRATCH_MAX);
    uv_timer_init(&worker->loop, &table->timer);
    table->timer.data = table;
    uv_timer_start(&table->timer, on_second, 1000, 1000);
    worker->conns = table;
}

void conn_table_stop(struct worker *worker)
{
    uv_close((uv_handle_t *)&worker->conns->timer, NULL);
}

void conn_table_free(struct worker *worker)
{
    arena_release(&worker->conns->scratch);
    buf_release(&worker->conns->encoded);
    free(worker->conns->buckets);
    free(worker->conns);
    worker->conns = NULL;
}

/* ---- coming and going ---- */

struct conn *conn_opened(struct worker *worker, struct lws *wsi, enum wire_encoding encoding, const char *cookie,
                         const char *address)
{
    struct edge_conn *edge = calloc(1, sizeof *edge);
    uint64_t now = worker_ticks(worker);
    if (!edge)
        abort();
    edge->conn = (struct conn){ .id = ++worker->conns->last_id, .worker = worker, .wsi = wsi, .fd = ws_fd(wsi),
                                .encoding = encoding, .last_heard = now, .opened = now, .budget_at = now,
                                .command_budget = conn_burst(worker->config), .pace = 1, .cookie = strdup(cookie) };
    if (!edge->conn.cookie)
        abort();
    snprintf(edge->conn.address, sizeof edge->conn.address, "%s", address);
    buf_init(&edge->message, (size_t)worker->config->message_max);
    table_add(worker->conns, edge);
    wheel_put(edge, smaller((uint64_t)worker->config->hello_ms, (uint64_t)worker->config->heartbeat_ms));
    metric_add(worker->metrics, METRIC_connections, 1);
    return &edge->conn;
}

static void set_behind(struct conn *conn, bool behind)
{
    if (conn->behind == behind)
        return;
    conn->behind = behind;
    metric_add(conn->worker->metrics, METRIC_behind, behind ? 1 : -1);
    if (!behind)
        return;
    metric_add(conn->worker->metrics, METRIC_behind_total, 1);
    conn->behind_since = worker_ticks(conn->worker);
    if (!conn->closing)
        wheel_put(edge_of(conn), 0);
    ws_want_write(conn->wsi);
}

void conn_closed(struct conn *conn)
{
    struct edge_conn *edge = edge_of(conn);
    conn->closing = true;
    hub_leave(conn);
    if (conn->behind)
        metric_add(conn->worker->metrics, METRIC_behind, -1);
    metric_add(conn->worker->metrics, METRIC_connections, -1);
    for (unsigned i = 0; i < conn->queued; i++)
        frame_unref(conn->queue[i]);
    free(conn->queue);
    wheel_remove(edge);
    table_remove(conn->worker->conns, edge);
    buf_release(&edge->message);
    free(conn->cookie);
    free(edge);
}

/* ---- out ---- */

/* Only while the library has nothing under way. The frame is the kernel's or libwebsockets' afterwards. false: the connection is lost. */
static bool write_frame(struct conn *conn, struct frame *frame)
{
    enum ws_written written = ws_write_frame(conn->wsi, conn->fd, frame);
    if (written == WS_FAILED) {
        conn->closing = true;
        edge_of(conn)->closing_since = worker_ticks(conn->worker);
        edge_of(conn)->reason = CLOSE_INTERNAL;
        ws_kill(conn->wsi);
        return false;
    }
    metric_add(conn->worker->metrics, METRIC_frames_total, 1);
    metric_add(conn->worker->metrics, METRIC_frame_bytes_total, (int64_t)frame_length(frame));
    if (written == WS_PART)
        set_behind(conn, true);
    return true;
}

bool conn_send_shared(struct conn *conn, struct frame *frame)
{
    if (conn->closing || conn->behind)
        return false;
    if (ws_is_partial(conn->wsi)) {
        set_behind(conn, true);
        return false;
    }
    return write_frame(conn, frame);
}

static void queue_frame(struct conn *conn, struct frame *frame)
{
    if (!conn->queue && !(conn->queue = calloc(CONN_QUEUE_MAX, sizeof *conn->queue)))
        abort();
    conn->queue[conn->queued++] = frame_ref(frame);
}

void conn_send(struct conn *conn, struct frame *frame)
{
    if (conn->closing)
        return;
    if (!conn->behind && ws_is_partial(conn->wsi))
        set_behind(conn, true);
    if (!conn->behind)
        write_frame(conn, frame);
    else if (conn->queued < CONN_QUEUE_MAX)
        queue_frame(conn, frame);
    else
        conn_close(conn, CLOSE_SLOW);
}

void conn_send_message(struct conn *conn, const struct server_message *message)
{
    struct buf *encoded = &conn->worker->conns->encoded;
    buf_clear(encoded);
    wire_encode_server(encoded, conn->encoding, message);
    if (encoded->failed) {
        log_line(LOG_ERROR, "a message is too large", "kind=%d", (int)message->kind);
        conn_close(conn, CLOSE_INTERNAL);
        return;
    }
    struct frame *frame = frame_new(buf_str(encoded), conn->encoding);
    conn_send(conn, frame);
    frame_unref(frame);
}

void conn_close(struct conn *conn, enum close_reason reason)
{
    struct edge_conn *edge = edge_of(conn);
    if (conn->closing)
        return;
    conn->closing = true;
    edge->closing_since = worker_ticks(conn->worker);
    edge->reason = reason;
    metric_add(conn->worker->metrics, METRIC_closed_total, 1);
    if (reason == CLOSE_SLOW)
        metric_add(conn->worker->metrics, METRIC_closed_slow_total, 1);
    wheel_put(edge, CLOSE_PATIENCE_MS);
    ws_want_write(conn->wsi); /* conn_writable says farewell, outside of whatever runs now */
}

static struct conn_turn farewell(struct conn *conn)
{
    struct edge_conn *edge = edge_of(conn);
    const struct close_row *row = &close_rows[edge->reason];
    struct server_message message = { .kind = SERVER_CLOSING };
    message.closing.reason = (uint8_t)edge->reason;
    message.closing.retry_ms = row->retry_ms;
    struct buf *encoded = &conn->worker->conns->encoded;
    buf_clear(encoded);
    wire_encode_server(encoded, conn->encoding, &message);
    struct frame *frame = frame_new(buf_str(encoded), conn->encoding);
    ws_write_frame(conn->wsi, conn->fd, frame);
    frame_unref(frame);
    edge->said_goodbye = true;
    return (struct conn_turn){ .close = true, .code = row->code, .text = row->text };
}

/* What waited while the connection was behind; stops when it falls behind again. */
static void flush_queue(struct conn *conn)
{
    unsigned sent = 0;
    if (conn->queued == 0)
        return;
    while (sent < conn->queued && !conn->behind && !conn->closing) {
        write_frame(conn, conn->queue[sent]);
        frame_unref(conn->queue[sent++]);
    }
    memmove(conn->queue, conn->queue + sent, (conn->queued - sent) * sizeof conn->queue[0]);
    conn->queued -= sent;
}

struct conn_turn conn_writable(struct conn *conn)
{
    struct edge_conn *edge = edge_of(conn);
    struct conn_turn turn = { 0 };
    if (ws_is_partial(conn->wsi)) {
        ws_want_write(conn->wsi);
        return turn;
    }
    if (conn->closing)
        return edge->said_goodbye ? (struct conn_turn){ .over = true } : farewell(conn);
    if (conn->behind) {
        set_behind(conn, false);
        flush_queue(conn);
        if (!conn->behind && !conn->closing && conn->member)
            hub_drained(conn);
    }
    if (edge->ping_due && !ws_is_partial(conn->wsi) && !conn->closing) {
        edge->ping_due = false;
        turn.ping = true;
    }
    return turn;
}

size_t conn_drain(struct worker *worker, size_t count)
{
    struct conn_table *table = worker->conns;
    for (size_t i = 0; i < table->bucket_count && count; i++) {
        for (struct edge_conn *edge = table->buckets[i]; edge && count; edge = edge->next_id) {
            if (!edge->conn.closing) {
                conn_close(&edge->conn, CLOSE_DRAIN);
                count--;
            }
        }
    }
    return table->count;
}
