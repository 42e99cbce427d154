/* ws.c - the one file that knows libwebsockets: a guest on our loop, its callbacks translated into conn_edge and exchange.
 *
 * What it must not do by itself is switched off here: no extensions, no validity pings, no timers of its own on the hot
 * path, HTTP/1.1 only. The library is only ever asked for WRITEABLE when a socket is behind.
 */
#include "ws.h"

#include <libwebsockets.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "conn_edge.h"
#include "exchange.h"
#include "listen.h"
#include "log.h"

_Static_assert(FRAME_HEADROOM >= LWS_PRE, "frames must be born with the library's headroom");

#define HEADER_MAX 8192
#define RX_BUFFER 1024
#define TX_PACKET 65536
#define HEADER_POOL 1024

/* Hangs on every socket from adoption to its end. */
struct socket_info {
    struct worker *worker;
    char address[48];
};

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

enum ws_written ws_write_frame(struct lws *wsi, struct frame *frame)
{
#ifdef LECTERN_OFFICIAL_WRITE
    unsigned char *payload = frame->memory + FRAME_HEADROOM + frame->header_length;
    return written(wsi, lws_write(wsi, payload, frame->payload_length, frame->text ? LWS_WRITE_TEXT : LWS_WRITE_BINARY));
#else
    return ws_write_bytes(wsi, frame_bytes(frame), frame_length(frame));
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

void ws_kill(struct lws *wsi)
{
    lws_set_timeout(wsi, PENDING_TIMEOUT_USER_OK, LWS_TO_KILL_ASYNC);
    lws_cancel_service(lws_get_context(wsi)); /* called from outside of the library it would not notice */
}

/* ---- requests ---- */

static size_t copy_header(struct lws *wsi, enum lws_token_indexes token, char *out, size_t size)
{
    int n = lws_hdr_copy(wsi, out, (int)size, token);
    if (n <= 0)
        out[0] = 0;
    return n > 0 ? (size_t)n : 0;
}

static size_t copy_custom(struct lws *wsi, const char *name, char *out, size_t size)
{
    int n = lws_hdr_custom_copy(wsi, out, (int)size, name, (int)strlen(name));
    if (n <= 0)
        out[0] = 0;
    return n > 0 ? (size_t)n : 0;
}

static const char *skip_http(const char *url)
{
    const char *at = strstr(url, "://");
    return at ? at + 3 : url;
}

static bool word_in(const char *list, const char *word)
{
    size_t n = strlen(word);
    for (const char *p = list; n && (p = strstr(p, word)); p += n)
        if ((p == list || p[-1] == ' ' || p[-1] == ',') && (p[n] == 0 || p[n] == ' ' || p[n] == ','))
            return true;
    return false;
}

static const char *peer_address(struct lws *wsi)
{
    const struct socket_info *info = lws_get_opaque_user_data(wsi);
    return info ? info->address : "";
}

/* The client's address: the last one a trusted proxy has added. */
static void client_address(struct lws *wsi, char out[48])
{
    char list[512];
    const struct config *config = worker_of(wsi)->config;
    snprintf(out, 48, "%s", peer_address(wsi));
    if (!word_in(config->trusted_proxies, out) || !copy_header(wsi, WSI_TOKEN_X_FORWARDED_FOR, list, sizeof list))
        return;
    char *last = strrchr(list, ',');
    last = last ? last + 1 : list;
    while (*last == ' ')
        last++;
    if (*last && last[strspn(last, "0123456789abcdefABCDEF.:")] == 0 && strlen(last) < 48)
        memcpy(out, last, strlen(last) + 1);
}

static bool client_is_secure(struct lws *wsi)
{
    char proto[16];
    const struct config *config = worker_of(wsi)->config;
    if (strncmp(config->public_url, "https://", 8) == 0)
        return true;
    return word_in(config->trusted_proxies, peer_address(wsi)) &&
           copy_custom(wsi, "x-forwarded-proto:", proto, sizeof proto) && strcasecmp(proto, "https") == 0;
}

static const struct { enum lws_token_indexes token; enum http_method method; } methods[] = {
    { WSI_TOKEN_GET_URI, HTTP_GET },     { WSI_TOKEN_HEAD_URI, HTTP_HEAD },     { WSI_TOKEN_POST_URI, HTTP_POST },
    { WSI_TOKEN_PATCH_URI, HTTP_PATCH }, { WSI_TOKEN_DELETE_URI, HTTP_DELETE },
};

static enum http_method method_of(struct lws *wsi)
{
    for (size_t i = 0; i < LECTERN_COUNT(methods); i++)
        if (lws_hdr_total_length(wsi, methods[i].token) > 0)
            return methods[i].method;
    return HTTP_OTHER;
}

/* All texts go into one buffer; the slices are pointed into it once it no longer moves. */
static void collect(struct http_exchange *exchange, struct str path)
{
    struct lws *wsi = exchange->wsi;
    struct http_request *request = &exchange->request;
    const struct { struct str *slice; enum lws_token_indexes token; } fields[] = {
        { &request->query, WSI_TOKEN_HTTP_URI_ARGS },
        { &request->host, WSI_TOKEN_HOST },
        { &request->cookie, WSI_TOKEN_HTTP_COOKIE },
        { &request->origin, WSI_TOKEN_ORIGIN },
        { &request->content_type, WSI_TOKEN_HTTP_CONTENT_TYPE },
        { &request->user_agent, WSI_TOKEN_HTTP_USER_AGENT },
        { &request->accept_encoding, WSI_TOKEN_HTTP_ACCEPT_ENCODING },
        { &request->if_none_match, WSI_TOKEN_HTTP_IF_NONE_MATCH },
    };
    char text[HEADER_MAX], address[48];
    struct str *slices[LECTERN_COUNT(fields) + 3];
    size_t count = 0;
#define KEEP(target, bytes, length) \
    (buf_put(&exchange->texts, bytes, length), (target)->n = (length), slices[count++] = (target))
    KEEP(&request->path, path.p, path.n);
    for (size_t i = 0; i < LECTERN_COUNT(fields); i++) {
        size_t n = copy_header(wsi, fields[i].token, text, sizeof text);
        KEEP(fields[i].slice, text, n);
    }
    size_t n = copy_custom(wsi, "x-lectern:", text, sizeof text);
    KEEP(&request->csrf, text, n);
    client_address(wsi, address);
    KEEP(&request->address, address, strlen(address));
#undef KEEP
    const char *at = (const char *)exchange->texts.data;
    for (size_t i = 0; i < count; i++) {
        slices[i]->p = at;
        at += slices[i]->n;
    }
    request->method = method_of(wsi);
    request->secure = client_is_secure(wsi);
}

/* What the request says about its body decides whether we wait for one. */
static void begin_request(struct http_exchange *exchange)
{
    struct lws *wsi = exchange->wsi;
    char length[24];
    enum http_method method = exchange->request.method;
    bool has_length = copy_header(wsi, WSI_TOKEN_HTTP_CONTENT_LENGTH, length, sizeof length) > 0;
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
        return 0;
    case EXCHANGE_MORE:
        lws_callback_on_writable(wsi);
        return 0;
    case EXCHANGE_FAILED:
        return -1;
    case EXCHANGE_DONE:
        break;
    }
    bool close_after = exchange->close_after;
    *slot = NULL;
    exchange_detach(exchange);
    return close_after || lws_http_transaction_completed(wsi) ? -1 : 0;
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
        collect(*slot, (struct str){ in, n });
        begin_request(*slot);
        lws_set_timeout(wsi, NO_PENDING_TIMEOUT, 0); /* our deadlines, not the library's */
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

static bool origin_is_ours(struct lws *wsi)
{
    char origin[512], host[256], own[600];
    const struct config *config = worker_of(wsi)->config;
    if (!copy_header(wsi, WSI_TOKEN_ORIGIN, origin, sizeof origin))
        return lws_hdr_total_length(wsi, WSI_TOKEN_ORIGIN) <= 0 && lws_hdr_total_length(wsi, WSI_TOKEN_HTTP_COOKIE) <= 0;
    copy_header(wsi, WSI_TOKEN_HOST, host, sizeof host);
    snprintf(own, sizeof own, "%s://%s", client_is_secure(wsi) ? "https" : "http", host);
    size_t public = (size_t)(skip_http(config->public_url) - config->public_url);
    public += strcspn(config->public_url + public, "/");
    return strcmp(origin, own) == 0 || word_in(config->allowed_origins, origin) ||
           (public && strlen(origin) == public && strncmp(origin, config->public_url, public) == 0);
}

static int filter_upgrade(struct lws *wsi)
{
    struct worker *worker = worker_of(wsi);
    char path[64];
    copy_header(wsi, WSI_TOKEN_GET_URI, path, sizeof path);
    int status = strcmp(path, "/ws") != 0 ? 404 : worker->draining ? 503 : !origin_is_ours(wsi) ? 403 : 0;
    if (status == 0)
        return 0;
    metric_add(worker->metrics, METRIC_upgrades_refused_total, 1);
    lws_return_http_status(wsi, (unsigned)status, NULL);
    return -1;
}

static struct conn *ws_established(struct lws *wsi)
{
    char cookie[HEADER_MAX], address[48];
    copy_header(wsi, WSI_TOKEN_HTTP_COOKIE, cookie, sizeof cookie);
    client_address(wsi, address);
    const struct lws_protocols *protocol = lws_get_protocol(wsi);
    return conn_opened(worker_of(wsi), wsi, (enum wire_encoding)protocol->id, cookie, address);
}

static int ws_writable(struct lws *wsi, struct conn *conn)
{
    uint8_t ping[LWS_PRE + 1];
    struct conn_turn turn = conn_writable(conn);
    if (turn.ping && lws_write(wsi, ping + LWS_PRE, 0, LWS_WRITE_PING) < 0)
        return -1;
    if (!turn.close)
        return 0;
    /* Our own close frame (RFC 6455 section 5.5.1): after raw writes libwebsockets ends the socket without one. */
    size_t n = strlen(turn.text);
    uint8_t bye[4 + 123] = { 0x88, (uint8_t)(2 + n), (uint8_t)(turn.code >> 8), (uint8_t)turn.code };
    memcpy(bye + 4, turn.text, n);
    ws_write_bytes(wsi, bye, 4 + n);
    return -1;
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
    info.max_http_header_data = HEADER_MAX;
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
