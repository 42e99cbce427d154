/* client.c - RFC 6455 from the client's side: upgrade, masking, frames, ping and close. */
#include "client.h"
#include "rfc6455.h"

#include <netinet/tcp.h>
#include <stdlib.h>

#define MESSAGE_MAX (32u << 20)
#define A_LITTLE 1024u      /* bytes that a slow reader takes at once */
#define KEEP_CAPACITY 4096u /* a larger buffer is given back once it is empty: ten thousand members have one each */

static char read_memory[256 * 1024]; /* one loop, one read at a time */

void client_init(struct client *client, const struct client_hooks *hooks)
{
    memset(client, 0, sizeof(*client));
    client->hooks = hooks;
    buf_init(&client->in, MESSAGE_MAX);
}

void client_release(struct client *client)
{
    buf_release(&client->in);
}

void client_request(struct buf *out, const char *host, const char *subprotocol)
{
    buf_printf(out,
               "GET /ws HTTP/1.1\r\nHost: %s\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
               "Sec-WebSocket-Key: " RFC6455_KEY "\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: %s\r\n\r\n",
               host, subprotocol);
}

/* ---- the end ---- */

static void on_closed(uv_handle_t *handle)
{
    struct client *client = handle->data;
    client->alive = client->upgraded = false;
    buf_clear(&client->in);
    client->hooks->on_end(client, client->close_code);
}

void client_close(struct client *client, int code)
{
    if (!client->alive || uv_is_closing((uv_handle_t *)&client->tcp))
        return;
    client->close_code = code;
    uv_close((uv_handle_t *)&client->tcp, on_closed);
}

/* ---- writing ---- */

struct late_write {
    uv_write_t request;
    char bytes[];
};

static void on_written(uv_write_t *request, int status)
{
    (void)status; /* a failed connection is noticed by its reader */
    free(request->data);
}

static void write_bytes(struct client *client, const void *bytes, size_t n)
{
    uv_buf_t now = uv_buf_init((char *)(uintptr_t)bytes, (unsigned)n);
    int written = uv_try_write((uv_stream_t *)&client->tcp, &now, 1);
    size_t done = written > 0 ? (size_t)written : 0;
    if (done == n)
        return;
    struct late_write *late = malloc(sizeof(*late) + n - done);
    if (!late)
        abort();
    memcpy(late->bytes, (const char *)bytes + done, n - done);
    late->request.data = late;
    uv_buf_t rest = uv_buf_init(late->bytes, (unsigned)(n - done));
    if (uv_write(&late->request, (uv_stream_t *)&client->tcp, &rest, 1, on_written))
        free(late);
}

static void send_frame(struct client *client, uint8_t first, struct str payload)
{
    uint8_t small[512],
        *frame = payload.n + RFC6455_HEADER_MAX <= sizeof(small) ? small : malloc(payload.n + RFC6455_HEADER_MAX);
    if (!frame)
        abort();
    write_bytes(client, frame, rfc6455_frame(frame, first, payload, (uint32_t)random()));
    if (frame != small)
        free(frame);
}

void client_send(struct client *client, struct str payload)
{
    if (client->alive && client->upgraded && !uv_is_closing((uv_handle_t *)&client->tcp))
        send_frame(client, client->text ? FIRST_TEXT : FIRST_BINARY, payload);
}

/* ---- reading ---- */

static void take_frame(struct client *client, uint8_t first, struct str payload)
{
    const uint8_t *p = (const uint8_t *)payload.p;
    switch (first) {
    case FIRST_TEXT:
    case FIRST_BINARY:
        if (client->text != (first == FIRST_TEXT))
            client_close(client, 1003);
        else
            client->hooks->on_message(client, payload);
        break;
    case FIRST_PING:
        send_frame(client, FIRST_PONG, payload);
        break;
    case FIRST_PONG:
        break;
    case FIRST_CLOSE:
        client_close(client, payload.n >= 2 ? p[0] << 8 | p[1] : 1005);
        break;
    default: /* fragments, reserved bits, unknown opcodes: the gateway sends none */
        client_close(client, 1002);
    }
}

/* Take the answer to the upgrade; returns its size, 0 when it is not whole yet. */
static size_t take_upgrade(struct client *client, struct str bytes)
{
    bool upgraded;
    size_t n = rfc6455_answer(bytes, &upgraded);
    if (n == 0)
        return 0;
    client->upgraded = upgraded;
    if (upgraded)
        client->hooks->on_open(client);
    else
        client_close(client, 1006);
    return n;
}

static size_t take_bytes(struct client *client, struct str bytes)
{
    size_t done = 0;
    while (done < bytes.n && !uv_is_closing((uv_handle_t *)&client->tcp)) {
        struct str rest = {bytes.p + done, bytes.n - done}, payload;
        bool framed = client->upgraded;
        size_t n = framed ? rfc6455_next(rest, &payload) : take_upgrade(client, rest);
        if (n == 0)
            break;
        if (framed)
            take_frame(client, (uint8_t)rest.p[0], payload);
        done += n;
    }
    return done;
}

/* What is left of `bytes` is the beginning of a frame. */
static void keep_rest(struct client *client, struct str bytes, size_t done, bool kept)
{
    if (kept) {
        memmove(client->in.data, client->in.data + done, client->in.len - done);
        client->in.len -= done;
    } else if (done < bytes.n) {
        buf_put(&client->in, bytes.p + done, bytes.n - done);
    }
    if (client->in.len == 0 && client->in.capacity > KEEP_CAPACITY)
        buf_release(&client->in);
    if (client->in.failed)
        client_close(client, 1009);
}

static void on_read(uv_stream_t *stream, ssize_t n, const uv_buf_t *memory)
{
    struct client *client = stream->data;
    if (n < 0) {
        client_close(client, 1006);
        return;
    }
    struct str bytes = {memory->base, (size_t)n};
    bool kept = client->in.len > 0;
    if (kept) {
        buf_put_str(&client->in, bytes);
        bytes = buf_str(&client->in);
    }
    size_t done = take_bytes(client, bytes);
    keep_rest(client, bytes, done, kept);
    if (client->once && uv_is_active((uv_handle_t *)stream))
        uv_read_stop(stream);
    client->once = false;
}

static void on_memory(uv_handle_t *handle, size_t wanted, uv_buf_t *out)
{
    const struct client *client = handle->data;
    (void)wanted;
    *out = uv_buf_init(read_memory, client->once ? A_LITTLE : sizeof(read_memory));
}

static bool may_read(struct client *client)
{
    return client->alive && client->upgraded && !uv_is_closing((uv_handle_t *)&client->tcp);
}

void client_pause(struct client *client, bool paused)
{
    client->paused = paused;
    client->once = false;
    if (!may_read(client))
        return;
    if (paused)
        uv_read_stop((uv_stream_t *)&client->tcp);
    else
        uv_read_start((uv_stream_t *)&client->tcp, on_memory, on_read);
}

void client_read_once(struct client *client)
{
    if (!may_read(client) || !client->paused)
        return;
    client->once = true;
    uv_read_start((uv_stream_t *)&client->tcp, on_memory, on_read);
}

/* ---- the beginning ---- */

static void on_connected(uv_connect_t *request, int status)
{
    struct client *client = request->handle->data;
    const struct str *http = request->data;
    if (status < 0 || uv_read_start((uv_stream_t *)&client->tcp, on_memory, on_read)) {
        client_close(client, 1006);
        return;
    }
    write_bytes(client, http->p, http->n);
}

/* Like a telephone far away: little room, and segments as small as on a real network. Loopback's large ones would make
 * the kernel keep megabytes for the sender. */
static void be_small(struct client *client)
{
    const int segment = 1448;
    uv_os_fd_t fd;
    uv_recv_buffer_size((uv_handle_t *)&client->tcp, &client->receive_bytes);
    if (uv_fileno((uv_handle_t *)&client->tcp, &fd) == 0)
        setsockopt(fd, IPPROTO_TCP, TCP_MAXSEG, &segment, sizeof(segment));
}

void client_open(struct client *client, uv_loop_t *loop, const struct sockaddr *address, const struct str *request,
                 bool text)
{
    client->alive = true;
    client->text = text;
    client->paused = client->once = false;
    if (uv_tcp_init_ex(loop, &client->tcp, address->sa_family))
        abort(); /* no descriptors left: nothing this program could say would be true */
    client->tcp.data = client;
    if (client->receive_bytes)
        be_small(client);
    client->connecting.data = (void *)(uintptr_t)request;
    if (uv_tcp_connect(&client->connecting, &client->tcp, address, on_connected)) {
        client_close(client, 1006);
        return;
    }
    uv_tcp_nodelay(&client->tcp, 1);
}
