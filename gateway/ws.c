/* ws.c - libwebsockets, which only the ws*.c files know: a guest on our loop, its callbacks translated into conn_edge and
 * exchange.
 *
 * What it must not do by itself is switched off here: no extensions, no validity pings, no timers of its own on the hot
 * path, HTTP/1.1 only. The library is only ever asked for WRITEABLE when a socket is behind.
 */
#include "ws_internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/socket.h>

#include "conn_edge.h"
#include "exchange.h"
#include "listen.h"
#include "log.h"

_Static_assert(FRAME_HEADROOM >= LWS_PRE, "frames must be born with the library's headroom");

#define RX_BUFFER 1024
#define TX_PACKET 65536
#define HEADER_POOL 1024
#define LINGER_SECONDS 3 /* for a client whose request was refused half-way */

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t n);
static int on_ws(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t n);

static const struct lws_protocols protocols[] = {
    { .name = "http", .callback = on_http, .per_session_data_size = sizeof(void *), .rx_buffer_size = RX_BUFFER,
      .tx_packet_size = TX_PACKET },
    { .name = "lectern.v1", .callback = on_ws, .per_session_data_size = sizeof(void *), .rx_buffer_size = RX_BUFFER,
      .id = WIRE_MSGPACK, .tx_packet_size = TX_PACKET },
    { .name = "lectern.v1.json", .callback = on_ws, .per_session_data_size = sizeof(void *),
      .rx_buffer_size = RX_BUFFER, .id = WIRE_JSON, .tx_packet_size = TX_PACKET },
    { .name = NULL },
};

static const lws_retry_bo_t no_validity = { .secs_since_valid_ping = 0, .secs_since_valid_hangup = 0 };

static struct worker *worker_of(struct lws *wsi)
{
    return lws_context_user(lws_get_context(wsi));
}

/* ---- writing ---- */

static enum ws_written written(struct lws *wsi, int result)
{
    if (result < 0)
        return WS_FAILED;
    return lws_partial_buffered(wsi) ? WS_PART : WS_WHOLE;
}

enum ws_written ws_write_bytes(struct lws *wsi, const void *bytes, size_t n)
{
    /* LWS_WRITE_HTTP hands the bytes on as they are and changes nothing in them */
    return written(wsi, lws_write(wsi, (unsigned char *)(uintptr_t)bytes, n, LWS_WRITE_HTTP));
}

int ws_fd(struct lws *wsi)
{
    return lws_get_socket_fd(wsi);
}

enum ws_written ws_write_frame(struct lws *wsi, int fd, struct frame *frame)
{
#ifdef LECTERN_OFFICIAL_WRITE
    unsigned char *payload = frame->memory + FRAME_HEADROOM + frame->header_length;
    (void)fd;
    return written(wsi, lws_write(wsi, payload, frame->payload_length, frame->text ? LWS_WRITE_TEXT : LWS_WRITE_BINARY));
#else
    const uint8_t *bytes = frame_bytes(frame);
    size_t n = frame_length(frame);
    ssize_t sent = send(fd, bytes, n, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (sent == (ssize_t)n)
        return WS_WHOLE;
    if (sent < 0 && errno != EAGAIN && errno != EINTR)
        return WS_FAILED;
    size_t done = sent > 0 ? (size_t)sent : 0; /* the library keeps the rest, and asks for POLLOUT */
    return ws_write_bytes(wsi, bytes + done, n - done);
#endif
}

bool ws_is_partial(struct lws *wsi)
{
    return lws_partial_buffered(wsi) != 0;
}

void ws_want_write(struct lws *wsi)
{
    lws_callback_on_writable(wsi);
}

void ws_read(struct lws *wsi, bool on)
{
    lws_rx_flow_control(wsi, on);
}

bool ws_has_more(struct lws *wsi)
{
    char byte;
    return recv(lws_get_socket_fd(wsi), &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

void ws_kill(struct lws *wsi)
{
    lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
    lws_cancel_service(lws_get_context(wsi)); /* called from outside of the library it would not notice */
}

/* Our side is done. The socket stays until the client has closed its side (or patience ends): closed with bytes unread, it
 * would be reset, and the client might never see why. */
static void half_close(struct lws *wsi)
{
    shutdown(lws_get_socket_fd(wsi), SHUT_WR);
}

/* ---- requests ---- */

/* What the request says about its body decides whether we wait for one. */
static void begin_request(struct http_exchange *exchange)
{
    struct lws *wsi = exchange->wsi;
    char length[24];
    enum http_method method = exchange->request.method;
    bool has_length = ws_header(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH, length, sizeof length) > 0;
    char *end = NULL;
    unsigned long long n = has_length ? strtoull(length, &end, 10) : 0;
    if (has_length && (*end || length[0] < '0' || length[0] > '9'))
        exchange_refuse(exchange, 400);
    else if (n > HTTP_BODY_MAX)
        exchange_refuse(exchange, 413);
    else if (lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_TRANSFER_ENCODING) > 0)
        exchange_refuse(exchange, 411);
    else if (!has_length && (method == HTTP_POST || method == HTTP_PATCH))
        exchange_refuse(exchange, 411);
    else if (method == HTTP_OTHER)
        exchange_refuse(exchange, 405);
    else if (n == 0)
        exchange_dispatch(exchange);
    exchange->body_expected = (size_t)n;
}

static int http_write(struct lws *wsi, struct http_exchange **slot)
{
    struct http_exchange *exchange = *slot;
    if (!exchange)
        return 0;
    switch (exchange_writable(exchange)) {
    case EXCHANGE_WAIT:
        ws_read(wsi, false);
        return 0;
    case EXCHANGE_MORE:
        lws_callback_on_writable(wsi);
        return 0;
    case EXCHANGE_FAILED:
        return -1;
    case EXCHANGE_DONE:
        break;
    }
    bool close_after = exchange->close_after, read_rest = !exchange->has_next;
    *slot = NULL;
    exchange_detach(exchange);
    if (close_after) {
        half_close(wsi); /* what is left of a refused request is read and thrown away */
        ws_read(wsi, read_rest);
        lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LINGER_SECONDS);
        return 0;
    }
    return lws_http_transaction_completed(wsi) ? -1 : 0;
}

static void http_body(struct http_exchange *exchange, const void *bytes, size_t n)
{
    if (!exchange || exchange->dispatched)
        return;
    buf_put(&exchange->body, bytes, n);
    if (exchange->body.failed)
        exchange_refuse(exchange, 413);
}

static void socket_gone(struct lws *wsi)
{
    struct socket_info *info = lws_get_opaque_user_data(wsi);
    if (!info)
        return;
    info->worker->sockets--;
    listen_count(info->worker->listener, info->address, -1);
    lws_set_opaque_user_data(wsi, NULL);
    free(info);
}

static void drop_exchange(struct http_exchange **slot)
{
    if (slot && *slot) {
        struct http_exchange *exchange = *slot;
        *slot = NULL;
        exchange_detach(exchange);
    }
}

static int on_http(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t n)
{
    struct http_exchange **slot = user;
    switch (reason) {
    case LWS_CALLBACK_HTTP:
        drop_exchange(slot);
        *slot = exchange_new(worker_of(wsi), wsi);
        ws_collect(*slot, (struct str){ in, n });
        begin_request(*slot);
        lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0); /* our deadlines, not the library's */
        ws_read(wsi, !(*slot)->dispatched || (*slot)->answered);
        return 0;
    case LWS_CALLBACK_HTTP_BODY:
        http_body(*slot, in, n);
        return 0;
    case LWS_CALLBACK_HTTP_BODY_COMPLETION:
        if (!*slot || (*slot)->body_done)
            return -1; /* more bytes after the body: the library does not get pipelined requests right */
        (*slot)->body_done = true;
        if (!(*slot)->dispatched)
            exchange_dispatch(*slot);
        lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0);
        ws_read(wsi, (*slot)->answered);
        return 0;
    case LWS_CALLBACK_HTTP_WRITEABLE:
        return http_write(wsi, slot);
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION: /* an upgrade that names none of our protocols */
        lws_return_http_status(wsi, 400, NULL);
        return -1;
    case LWS_CALLBACK_CLOSED_HTTP:
        drop_exchange(slot);
        return 0;
    case LWS_CALLBACK_WSI_DESTROY:
        socket_gone(wsi);
        return 0;
    default:
        return 0;
    }
}

/* ---- WebSocket ---- */

static int filter_upgrade(struct lws *wsi)
{
    struct worker *worker = worker_of(wsi);
    char path[64];
    ws_header(wsi, WSI_TOKEN_GET_URI, path, sizeof path);
    int status = strcmp(path, "/ws") != 0 ? 404 : worker->draining ? 503 : !ws_may_upgrade(wsi) ? 403 : 0;
    if (status == 0)
        return 0;
    metric_add(worker->metrics, METRIC_upgrades_refused_total, 1);
    lws_return_http_status(wsi, (unsigned)status, NULL);
    return -1;
}

static struct conn *ws_established(struct lws *wsi)
{
    char cookie[WS_HEADER_MAX], address[48];
    ws_header(wsi, WSI_TOKEN_HTTP_COOKIE, cookie, sizeof cookie);
    ws_client_address(wsi, address);
    const struct lws_protocols *protocol = lws_get_protocol(wsi);
    return conn_opened(worker_of(wsi), wsi, (enum wire_encoding)protocol->id, cookie, address);
}

static int ws_writable(struct lws *wsi, struct conn *conn)
{
    uint8_t ping[LWS_PRE + 1] = { [LWS_PRE] = '.' }; /* an empty pong would not be told to us */
    struct conn_turn turn = conn_writable(conn);
    if (turn.ping && lws_write(wsi, ping + LWS_PRE, 1, LWS_WRITE_PING) < 0)
        return -1;
    if (turn.over)
        half_close(wsi);
    if (!turn.close)
        return 0;
    /* Our own close frame (RFC 6455 section 5.5.1): after raw writes libwebsockets ends the socket without one. */
    size_t n = strlen(turn.text);
    uint8_t bye[4 + 123] = { 0x88, (uint8_t)(2 + n), (uint8_t)(turn.code >> 8), (uint8_t)turn.code };
    memcpy(bye + 4, turn.text, n);
    switch (ws_write_bytes(wsi, bye, 4 + n)) {
    case WS_FAILED:
        return -1;
    case WS_PART:
        ws_want_write(wsi);
        return 0;
    case WS_WHOLE:
        half_close(wsi);
    }
    return 0;
}

static int on_ws(struct lws *wsi, enum lws_callback_reasons reason, void *user, void *in, size_t n)
{
    struct conn **slot = user;
    switch (reason) {
    case LWS_CALLBACK_FILTER_PROTOCOL_CONNECTION:
        return filter_upgrade(wsi);
    case LWS_CALLBACK_ESTABLISHED:
        *slot = ws_established(wsi);
        return 0;
    case LWS_CALLBACK_RECEIVE:
        if (*slot)
            conn_received(*slot, in, n, lws_is_first_fragment(wsi), lws_is_final_fragment(wsi),
                          lws_frame_is_binary(wsi));
        return 0;
    case LWS_CALLBACK_RECEIVE_PONG:
        if (*slot)
            conn_heard(*slot);
        return 0;
    case LWS_CALLBACK_WS_PEER_INITIATED_CLOSE:
        return *slot && (*slot)->closing ? -1 : 0; /* it answers our close: nothing more to say */
    case LWS_CALLBACK_SERVER_WRITEABLE:
        return *slot ? ws_writable(wsi, *slot) : 0;
    case LWS_CALLBACK_CLOSED:
        if (*slot)
            conn_closed(*slot);
        *slot = NULL;
        return 0;
    default:
        return 0;
    }
}

/* ---- sockets and the context ---- */

int64_t ws_sockets(const struct worker *worker)
{
    return worker->sockets;
}

bool ws_adopt(struct worker *worker, int fd, const char *address)
{
    struct lws *wsi = lws_adopt_socket_vhost(worker->vhost, fd);
    if (!wsi)
        return false;
    struct socket_info *info = calloc(1, sizeof *info);
    if (!info)
        abort();
    info->worker = worker;
    snprintf(info->address, sizeof info->address, "%s", address);
    lws_set_opaque_user_data(wsi, info);
    worker->sockets++;
    return true;
}

static void on_lws_log(int level, const char *line)
{
    size_t n = strcspn(line, "\n");
    log_line(level & LLL_ERR ? LOG_WARN : LOG_DEBUG, "libwebsockets", "detail=%.*s", (int)n, line);
}

static void count_handle(uv_handle_t *handle, void *arg)
{
    (void)handle;
    ++*(size_t *)arg;
}

static size_t loop_handles(struct worker *worker)
{
    size_t count = 0;
    uv_walk(&worker->loop, count_handle, &count);
    return count;
}

bool ws_open(struct worker *worker)
{
    size_t handles = loop_handles(worker);
    void *loops[] = { &worker->loop };
    struct lws_context_creation_info info = { 0 };
    lws_set_log_level(LLL_ERR | LLL_WARN, on_lws_log);
    info.port = CONTEXT_PORT_NO_LISTEN;
    info.protocols = protocols;
    info.options = LWS_SERVER_OPTION_LIBUV | LWS_SERVER_OPTION_EXPLICIT_VHOSTS |
                   LWS_SERVER_OPTION_SKIP_SERVER_CANONICAL_NAME;
    info.foreign_loops = loops;
    info.retry_and_idle_policy = &no_validity;
    info.max_http_header_pool = HEADER_POOL;
    info.max_http_header_data = WS_HEADER_MAX;
    info.pt_serv_buf_size = TX_PACKET;
    info.timeout_secs = 15;
    info.keepalive_timeout = 30;
    info.user = worker;
    info.gid = (gid_t)-1;
    info.uid = (uid_t)-1;
    worker->lws = lws_create_context(&info);
    info.vhost_name = "lectern";
    worker->vhost = worker->lws ? lws_create_vhost(worker->lws, &info) : NULL;
    /* without its libuv plugin the library may fall back to a loop of its own, which would never run */
    bool on_uv = worker->vhost && loop_handles(worker) > handles;
    if (!on_uv)
        log_line(LOG_ERROR, "libwebsockets does not run on libuv", "hint=%s", "is libwebsockets-evlib-uv installed?");
    return on_uv;
}

void ws_close(struct worker *worker)
{
    if (worker->lws)
        lws_context_destroy(worker->lws);
}

/* On a loop that is not its own the library frees the rest only when it is asked again, with all handles closed. */
void ws_free(struct worker *worker)
{
    if (worker->lws)
        lws_context_destroy(worker->lws);
    worker->lws = NULL;
}
